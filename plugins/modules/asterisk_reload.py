# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: asterisk_reload
short_description: Lets Asterisk read changed configuration without touching calls
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Reloads modules of the running Asterisk on its console.
  - Where Asterisk does not run there is nothing to do, as it reads everything when it starts.
  - A module that waits for a restart to be loaded is passed over for the same reason.
options:
  modules:
    description: Names of the modules, such as C(pbx_config) or C(app_queue).
    type: list
    elements: str
    required: true
attributes:
  check_mode:
    description: Reports the reload without doing it.
    support: full
  diff_mode:
    description: A reload has no difference to show.
    support: none
"""

EXAMPLES = r"""
- name: The dialplan is read again
  trunkline.callcenter.asterisk_reload:
    modules: [pbx_config]
"""

RETURN = r"""
running:
  description: Whether Asterisk runs and was asked.
  type: bool
  returned: success
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

CONTROL_SOCKET = Path("/run/asterisk/asterisk.ctl")


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={"modules": {"type": "list", "elements": "str", "required": True}},
        supports_check_mode=True,
    )
    if not CONTROL_SOCKET.exists():
        module.exit_json(changed=False, running=False)
    for name in [] if module.check_mode else module.params["modules"]:
        # The console works even where the manager interface has yet to learn a new password.
        _rc, out, err = module.run_command(["asterisk", "-rx", f"module reload {name}"])
        if "reloaded successfully" not in out and "No such module" not in out:
            module.fail_json(msg=f"Asterisk did not reload {name}: {out.strip()} {err.strip()}")
    module.exit_json(changed=True, running=True)


if __name__ == "__main__":
    main()
