# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dahdi_spans
short_description: The spans of a server run as its plan has them
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares the spans of the running DAHDI with the plan.
  - Sets up again only those that differ, each alone.
  - The files in C(/etc/dahdi) have to be written before, as DAHDI's own tools read them.
  - A span on which people talk is left alone, with a warning in every run, until no call is up
    there or O(with_calls) allows it.
  - Spans of devices that are in no setting are not touched, those of a device that is gone are
    named.
options:
  spans:
    description:
      - Settings of each span as the filter P(trunkline.callcenter.dahdi_plan#filter) returns them.
    type: list
    elements: dict
    required: true
  with_calls:
    description: Whether calls may be cut.
    type: bool
    default: false
attributes:
  check_mode:
    description: Reports the changes without making them.
    support: full
  diff_mode:
    description: Shows what is wrong with each span.
    support: full
"""

EXAMPLES = r"""
- name: Spans run as planned
  trunkline.callcenter.dahdi_spans:
    spans: "{{ plan.spans }}"
"""

RETURN = r"""
changes:
  description: A sentence for each span that was changed, or would be.
  type: list
  elements: str
  returned: success
pending:
  description: A sentence for each span that waits until nobody talks on it.
  type: list
  elements: str
  returned: success
missing:
  description: Spans whose card is gone.
  type: list
  elements: int
  returned: success
"""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import AmiError, connect
from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_cards import (
    actual_spans,
    device_names,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_changes import (
    Change,
    digest,
    find_changes,
    interrupted,
)

SYSFS = Path("/sys")
APPLIED = Path("/run/trunkline-dahdi.json")
"""What each span was last given; gone with a reboot, which applies the files."""
SYSTEM_CONF = Path("/etc/dahdi/system.conf")
SECONDS_TO_SETTLE = 10.0


def talking_channels() -> list[int]:
    """DAHDI channels of Asterisk that have a call."""
    if not Path("/run/asterisk/asterisk.ctl").exists():
        return []
    with connect() as ami:
        try:
            channels = ami.action("DAHDIShowChannels")[1:]
        except AmiError as error:
            # An Asterisk without chan_dahdi has no such action, and holds no channel.
            if "Invalid/unknown command" in str(error):
                return []
            raise
    return [
        int(channel["DAHDIChannel"])
        for channel in channels
        if channel.get("Channel") and channel.get("DAHDIChannel", "").isdigit()
    ]


def read_applied(spans: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Digest of what each span was last given; without a span of which nobody knows."""
    try:
        applied: dict[str, str] = json.loads(APPLIED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # Files that are newer than the boot may not be what the boot has applied.
        boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        newer = SYSTEM_CONF.exists() and SYSTEM_CONF.stat().st_mtime > boot
        return {str(settings["span"]): "" for settings in spans} if newer else {}
    return applied


class Spans:
    """The spans of this server and the way to change them."""

    def __init__(self, module: AnsibleModule) -> None:
        """``module`` has the settings of the spans and runs the commands."""
        self.module = module
        self.wanted: list[dict[str, Any]] = module.params["spans"]

    def changes(self) -> list[Change]:
        """What differs now."""
        return find_changes(
            self.wanted, actual_spans(SYSFS), device_names(SYSFS), read_applied(self.wanted)
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Takes down and sets up; fails with the words of DAHDI's tools."""
        changes = list(changes)
        for change in changes:
            if change.kind != "add":
                # Asterisk notices, and lets go of the channels.
                self.write(Path(change.device) / "unassign_span", str(change.port))
        coming = [change for change in changes if change.kind != "remove"]
        devices = sorted({change.device for change in coming})
        said = [self.run("dahdi_span_types", "set", device) for device in devices]
        said += [self.run("dahdi_span_assignments", "add", device) for device in devices]
        self.remember(changes)
        # udev configures a span as soon as it is there.
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while (late := self.unsettled(coming)) and time.monotonic() < deadline:
            time.sleep(0.3)
        for change in late:
            channels = f"{change.first_channel}-{change.last_channel}"
            said.append(self.run("dahdi_cfg", "-S", str(change.span), "-C", channels))
        if late := self.unsettled(coming):
            self.module.fail_json(
                msg=f"{late[0].sentence} DAHDI did not do it: {' '.join(filter(None, said))}"
            )
        if Path("/run/asterisk/asterisk.ctl").exists():
            for change in coming:
                create = f"dahdi create channels {change.first_channel} {change.last_channel}"
                self.module.run_command(["asterisk", "-rx", create])

    def unsettled(self, coming: Iterable[Change]) -> list[Change]:
        """Those of ``coming`` that still differ."""
        spans = {change.span for change in coming}
        return [change for change in self.changes() if change.span in spans]

    def remember(self, changes: Iterable[Change] = ()) -> None:
        """Notes what the spans have now; those that wait keep their old note."""
        renewed = {change.span for change in changes}
        notes = read_applied(self.wanted)
        for settings in self.wanted:
            if settings["span"] in renewed or str(settings["span"]) not in notes:
                notes[str(settings["span"])] = digest(settings)
        text = json.dumps(notes, sort_keys=True)
        if not APPLIED.exists() or APPLIED.read_text(encoding="utf-8") != text:
            APPLIED.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> str:
        """What a command has to say."""
        _rc, out, err = self.module.run_command(list(command))
        return f"{out} {err}".strip()

    def write(self, path: Path, text: str) -> None:
        """Writes to sysfs."""
        try:
            path.write_text(text, encoding="ascii")
        except OSError as error:
            self.module.fail_json(msg=f"The kernel refused '{text}' for {path}: {error.strerror}")


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "spans": {"type": "list", "elements": "dict", "required": True},
            "with_calls": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    spans = Spans(module)
    changes = spans.changes()
    waiting: list[Change] = []
    if changes and not module.params["with_calls"]:
        try:
            busy = interrupted(changes, talking_channels())
        except AmiError as error:
            module.fail_json(
                msg=f"Asterisk does not say on which lines people talk ({error}): mend it, or "
                "allow to cut calls with dahdi_with_calls."
            )
        waiting = [change for change in changes if change.span in busy]
        for change in waiting:
            module.warn(
                f"{change.sentence} It waits, as people talk on its channels "
                f"{', '.join(map(str, busy[change.span]))}: run the playbook again when no call is "
                "up there, or allow to cut them with dahdi_with_calls."
            )
    now = [change for change in changes if change not in waiting]
    if not module.check_mode:
        if now:
            spans.apply(now)
        spans.remember(now)
    present = device_names(SYSFS)
    module.exit_json(
        changed=bool(now),
        changes=[change.sentence for change in now],
        pending=[change.sentence for change in waiting],
        missing=[
            settings["span"] for settings in spans.wanted if settings["device"] not in present
        ],
        diff={
            "before": "".join(f"{change.sentence}\n" for change in now),
            "after": "".join(f"Span {change.span} is as planned.\n" for change in now),
        },
    )


if __name__ == "__main__":
    main()
