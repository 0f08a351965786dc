# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts, call center, telephones, one call."""

from __future__ import annotations

import sys
import time

from .build import BuildError, run_playbook
from .story import tell

STEPS = (
    ("Six bare Debian hosts start", "molecule/shared/create.yml"),
    ("Voices say what callers will hear", "molecule/shared/recordings.yml"),
    ("A secret is made, from which every password follows", "playbooks/secrets.yml"),
    ("Gateways and central servers are built", "playbooks/site.yml"),
    ("Telephones are plugged in", "molecule/shared/equipment.yml"),
)

HINTS = """
The call center keeps running. What to try next:

  make lab-shell                                    a shell that reaches its hosts; in it:
    ansible-playbook playbooks/status.yml           what every host, line, queue and agent does
    ansible-playbook playbooks/site.yml             run it again: nothing changes
    ansible-playbook playbooks/site.yml --check --diff   after you edited {inventory}
  make lab-down                                     removes it all
"""


def main() -> int:
    """Runs the demo; the exit status."""
    started = time.monotonic()
    try:
        for number, (what, playbook) in enumerate(STEPS, start=1):
            run_playbook(f"[{number}/{len(STEPS)}] {what}", playbook)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print("\nA customer calls 5550100.\n")
    good = tell()
    print(
        f"\nFrom the start of the demo to the end of the call: {time.monotonic() - started:.0f} s"
    )
    print(HINTS.format(inventory="inventories/lab/group_vars/all/callcenter.yml"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
