# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_status
short_description: What the Asterisk of a host is doing
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Asks the running Asterisk over its manager interface; changes nothing.
attributes:
  check_mode:
    description: The module only reads.
    support: full
  diff_mode:
    description: The module only reads.
    support: none
"""

EXAMPLES = r"""
- name: The state of Asterisk is known
  trunkline.callcenter.asterisk_status:
  register: asterisk
"""

RETURN = r"""
running:
  description: Whether Asterisk answers.
  type: bool
  returned: success
reason:
  description: Why it does not answer; empty if it does.
  type: str
  returned: success
version:
  description: Version of Asterisk.
  type: str
  returned: when it answers
channels:
  description:
    - Channels that are up, with C(name), C(state), C(application), C(bridge) and C(seconds).
  type: list
  elements: dict
  returned: when it answers
endpoints:
  description: SIP endpoints with C(name) and C(state).
  type: list
  elements: dict
  returned: when it answers
queues:
  description:
    - Queues with C(name), C(waiting), C(longest_wait), C(answered), C(abandoned) and C(members).
  type: list
  elements: dict
  returned: when it answers
spans:
  description:
    - DAHDI's spans with C(span) and C(alarm), which is empty, C(red), C(blue), C(yellow),
      C(loopback), C(not open), C(unconfigured), C(recovering) or C(unknown).
  type: list
  elements: dict
  returned: when it answers
dahdi_channels:
  description:
    - Channels that Asterisk knows of C(chan_dahdi.conf), with C(channel) (the number), C(name)
      (of the call, empty if there is none) and C(alarm).
  type: list
  elements: dict
  returned: when it answers
d_channels:
  description: D-channels of PRIs with C(span), C(channel), C(up) and C(active), false for a backup.
  type: list
  elements: dict
  returned: when it answers
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import AmiError, connect
from ansible_collections.trunkline.callcenter.plugins.module_utils.asterisk_state import (
    asterisk_state,
)


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    try:
        with connect() as ami:
            state = asterisk_state(ami.action)
    except AmiError as error:
        module.exit_json(changed=False, running=False, reason=str(error))
    module.exit_json(changed=False, running=True, reason="", **state)


if __name__ == "__main__":
    main()
