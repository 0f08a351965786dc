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
  devices:
    description:
      - Devices whose other spans are taken down, as C(assigned-spans.conf) names them.
      - Those with a span in O(spans) are among them anyway.
    type: list
    elements: str
    default: []
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
    devices: "{{ plan.slots | map(attribute='device') | list }}"
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
    waiting_changes,
    with_bundles,
)

SYSFS = Path("/sys")
APPLIED = Path("/var/lib/dahdi-trunkline.json")
"""What each span was last given. A reboot gives it what the files say, which is the same."""
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


def read_applied() -> dict[str, str]:
    """Digest of what each span was last given; empty where nobody knows."""
    try:
        applied: dict[str, str] = json.loads(APPLIED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
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
            self.wanted,
            actual_spans(SYSFS),
            device_names(SYSFS),
            read_applied(),
            self.module.params["devices"],
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Takes down and sets up; fails with the words of DAHDI's tools."""
        changes = list(changes)
        for change in changes:
            if change.before:
                # Asterisk notices, and lets go of the channels.
                self.write(Path(change.device) / "unassign_span", str(change.port))
        coming = [change for change in changes if change.after]
        devices = sorted({change.device for change in coming})
        said = [self.run("dahdi_span_types", "set", device) for device in devices]
        said += [self.run("dahdi_span_assignments", "add", device) for device in devices]
        self.remember(changes)
        # udev configures a span as soon as it is there, and lets Asterisk take its channels.
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while (late := self.unsettled(coming)) and time.monotonic() < deadline:
            time.sleep(0.3)
        for new in [change.after for change in late if change.after]:
            channels = f"{new.first_channel}-{new.last_channel}"
            said.append(self.run("dahdi_cfg", "-S", str(new.span), "-C", channels))
        if late := self.unsettled(coming):
            self.module.fail_json(
                msg=f"{late[0].sentence} DAHDI did not do it: {' '.join(filter(None, said))}"
            )

    def unsettled(self, coming: Iterable[Change]) -> list[Change]:
        """Those of ``coming`` that still differ."""
        spans = {change.span for change in coming}
        return [change for change in self.changes() if change.span in spans]

    def remember(self, changes: Iterable[Change] = ()) -> None:
        """Notes what the spans have now; those that wait keep their old note."""
        renewed = {change.span for change in changes}
        notes = read_applied()
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
            "devices": {"type": "list", "elements": "str", "default": []},
            "with_calls": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    spans = Spans(module)
    changes = spans.changes()
    waiting: dict[Change, str] = {}
    if changes:
        try:
            talking = with_bundles(talking_channels(), spans.wanted)
        except AmiError as error:
            module.fail_json(
                msg=f"Asterisk does not say on which lines people talk ({error}): mend it, or stop "
                "it, and run the playbook again."
            )
        waiting = waiting_changes(changes, talking)
    for change, why in waiting.items():
        module.warn(
            f"{change.sentence} Its calls are cut, as dahdi_with_calls allows: {why}."
            if module.params["with_calls"]
            else f"{change.sentence} It waits, as {why}: run the playbook again when no call is up "
            "there, or allow to cut calls with dahdi_with_calls."
        )
    if module.params["with_calls"]:
        waiting = {}
    now = [change for change in changes if change not in waiting]
    if not module.check_mode:
        if now:
            spans.apply(now)
        else:
            spans.remember()
    present = device_names(SYSFS)
    module.exit_json(
        changed=bool(now),
        changes=[change.sentence for change in now],
        pending=[change.sentence for change in waiting],
        missing=[
            settings["span"]
            for settings in spans.wanted
            if settings["circuits"] and settings["device"] not in present
        ],
        diff={
            "before": "".join(f"{change.sentence}\n" for change in now),
            "after": "".join(f"Span {change.span} is as planned.\n" for change in now),
        },
    )


if __name__ == "__main__":
    main()
