# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: callcenter_service
short_description: A service runs with its present configuration
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Enables and starts a service, and restarts it when one of the given files is newer than it.
  - Lets systemd read its own configuration again where that changed.
  - While Asterisk has calls up it does not restart, but warns in every run until it was possible.
options:
  name:
    description: Name of the service.
    type: str
    required: true
  files:
    description: Files, or directories of files, that only a restart puts into effect.
    type: list
    elements: path
    default: []
  with_calls:
    description: Whether a restart may cut calls.
    type: bool
    default: false
attributes:
  check_mode:
    description: Reports the start or restart without doing it.
    support: full
  diff_mode:
    description: Shows the state of the service.
    support: full
"""

EXAMPLES = r"""
- name: Asterisk runs
  trunkline.callcenter.callcenter_service:
    name: asterisk
    files: [/etc/asterisk/modules.conf]
"""

RETURN = r"""
restart_pending:
  description: Whether a restart is needed but calls are up.
  type: bool
  returned: success
newer_files:
  description: Files that the running service has not read yet.
  type: list
  elements: str
  returned: success
"""

import re
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule


def properties(module: AnsibleModule, name: str) -> dict[str, str]:
    """What systemd knows of the service."""
    names = "ActiveState,ExecMainStartTimestampMonotonic,NeedDaemonReload,UnitFileState"
    _rc, out, _err = module.run_command(["systemctl", "show", name, "-p", names])
    return dict(line.split("=", 1) for line in out.splitlines() if "=" in line)


def started_at(known: dict[str, str]) -> float | None:
    """Seconds since the epoch at which the service was started; None if it does not run."""
    if known.get("ActiveState") not in ("active", "reloading"):
        return None
    # The wall-clock time that systemd prints has whole seconds only.
    since_boot = int(known["ExecMainStartTimestampMonotonic"]) / 1e6
    return time.time() - time.clock_gettime(time.CLOCK_MONOTONIC) + since_boot


def calls_up(module: AnsibleModule) -> int | None:
    """Number of calls; None when Asterisk runs but does not say."""
    if started_at(properties(module, "asterisk")) is None:
        return 0
    _rc, out, _err = module.run_command(["asterisk", "-rx", "core show channels count"])
    found = re.search(r"(\d+) active call", out)
    return int(found[1]) if found else None


def control(module: AnsibleModule, *words: str) -> None:
    """Calls systemctl; fails with the end of the service's journal."""
    rc, _out, err = module.run_command(["systemctl", *words])
    if rc:
        _rc, journal, _err = module.run_command(
            ["journalctl", "-u", words[-1], "-n", "20", "--no-pager", "-o", "cat"]
        )
        module.fail_json(msg=f"systemctl {' '.join(words)} failed: {err.strip()}\n{journal}")


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "files": {"type": "list", "elements": "path", "default": []},
            "with_calls": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    name = module.params["name"]
    known = properties(module, name)
    since = started_at(known)
    enabled = known.get("UnitFileState") == "enabled"
    newer = [
        path
        for path in module.params["files"]
        if since is not None and Path(path).exists() and Path(path).stat().st_mtime > since
    ]
    pending = False
    if newer and not module.params["with_calls"] and (calls := calls_up(module)) != 0:
        pending = True
        reason = (
            "it does not say whether calls are up" if calls is None else f"{calls} calls are up"
        )
        module.warn(
            f"{name} keeps running with an older {', '.join(newer)} as {reason}: run the playbook "
            "again when no call is up, or allow the restart with asterisk_restart_with_calls."
        )
    start = since is None or (bool(newer) and not pending)
    if not module.check_mode:
        if known.get("NeedDaemonReload") == "yes":
            control(module, "daemon-reload")
        if not enabled:
            control(module, "enable", name)
        if start:
            control(module, "start" if since is None else "restart", name)
    old = "stopped" if since is None else f"running, newer files: {', '.join(newer) or 'none'}"
    new = "running, newer files: none" if start else old
    before = f"{old}, {'enabled' if enabled else 'disabled'}\n"
    after = f"{new}, enabled\n"
    module.exit_json(
        changed=start or not enabled,
        restart_pending=pending,
        newer_files=newer,
        diff={"before": before, "after": after},
    )


if __name__ == "__main__":
    main()
