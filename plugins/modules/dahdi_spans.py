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
  - Sets up again only those that differ, each alone, or reconfigures them in place where that is
    enough.
  - The files in C(/etc/dahdi) have to be written before, as DAHDI's own tools read them.
  - A span on which people talk is left alone, with a warning in every run, until no call is up
    there or O(with_calls) allows it. That is looked at again before each span is changed.
  - Spans that it once set up are taken down when they are in no setting any more.
  - Spans of other devices are not touched, those of a device that is gone are named.
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
from collections.abc import Iterable, Mapping
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
    Numbers,
    find_changes,
    note,
    waiting_changes,
    with_blocked,
    with_bundles,
)

SYSFS = Path("/sys")
NOTES = Path("/var/lib/dahdi-trunkline.json")
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


def read_notes() -> dict[str, dict[str, str]]:
    """Span and the note of what it was last given; empty where nobody knows."""
    try:
        notes = json.loads(NOTES.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # What another version wrote is as good as nothing.
    return {span: one for span, one in dict(notes).items() if isinstance(one, dict)}


class Spans:
    """The spans of this server and the way to change them."""

    def __init__(self, module: AnsibleModule) -> None:
        """``module`` has the settings of the spans and runs the commands."""
        self.module = module
        self.wanted: list[dict[str, Any]] = module.params["spans"]
        self.waiting: dict[Change, str] = {}
        """Changes that are not made yet, and why."""

    def changes(self) -> list[Change]:
        """What differs now."""
        return find_changes(self.wanted, actual_spans(SYSFS), device_names(SYSFS), read_notes())

    def busy(self, changes: Iterable[Change]) -> dict[Change, str]:
        """Those of ``changes`` that would cut a call now, and why each has to wait."""
        try:
            talking = talking_channels()
        except AmiError as error:
            self.module.fail_json(
                msg=f"Asterisk does not say on which lines people talk ({error}): mend it, or stop "
                "it, and run the playbook again."
            )
        bundled = with_bundles(talking, self.wanted, actual_spans(SYSFS), read_notes())
        return waiting_changes(changes, bundled)

    def warn(self, changes: Mapping[Change, str]) -> None:
        """Names changes that cut calls, or wait."""
        for change, why in changes.items():
            self.module.warn(
                f"{change.sentence} Its calls are cut, as dahdi_with_calls allows: {why}."
                if self.module.params["with_calls"]
                else f"{change.sentence} It waits, as {why}: run the playbook again when no call "
                "is up there, or allow to cut calls with dahdi_with_calls."
            )

    def is_free(self, change: Change) -> bool:
        """Whether a change can still be made; a call may have come meanwhile."""
        # What takes down a whole card has begun with its first line.
        if not (self.module.params["with_calls"] or change.whole_card):
            self.waiting |= self.busy([change])
        return change not in self.waiting

    def apply(self, changes: Iterable[Change]) -> None:
        """Makes the changes; fails with the words of DAHDI's tools."""
        changes = list(changes)
        for change in changes:
            if change.in_place and change.after and self.is_free(change):
                status, said = self.configure(change.after)
                if status:
                    self.refuse(change, said)
        renewed = [change for change in changes if not change.in_place]
        for change in renewed:
            if change.before and self.is_free(change):
                # Asterisk notices, and lets go of the channels.
                self.write(Path(change.device) / "unassign_span", str(change.port))
        self.waiting = with_blocked(renewed, self.waiting)
        coming = [change for change in renewed if change.after and change not in self.waiting]
        answers = [
            self.run(tool, action, device)[1]
            for tool, action in (("dahdi_span_types", "set"), ("dahdi_span_assignments", "add"))
            for device in sorted({change.device for change in coming})
        ]
        self.remember(change for change in changes if change not in self.waiting)
        # udev configures a span as soon as it is there, and lets Asterisk take its channels.
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while (late := self.unsettled(coming)) and time.monotonic() < deadline:
            time.sleep(0.3)
        answers += [self.configure(change.after)[1] for change in late if change.after]
        if late := self.unsettled(coming):
            self.refuse(late[0], *answers)

    def unsettled(self, coming: Iterable[Change]) -> list[Change]:
        """Those of ``coming`` that still differ."""
        spans = {change.span for change in coming}
        return [change for change in self.changes() if change.span in spans]

    def remember(self, changes: Iterable[Change]) -> None:
        """Notes what the spans have now; those that wait keep their old note."""
        renewed = {change.span for change in changes}
        kept = {str(change.before.span) for change in self.waiting if change.before}
        old = read_notes()
        notes = {span: one for span, one in old.items() if span in kept}
        for settings in self.wanted:
            span, fresh = str(settings["span"]), note(settings)
            known = span in old and settings["span"] not in renewed
            # A bundle lasts until the last of its spans has left it.
            bundle = old.get(span, fresh) if self.waiting else fresh
            notes[span] = (old[span] if known else fresh) | {"bundle": bundle.get("bundle", "")}
        if notes != old:
            NOTES.write_text(json.dumps(notes, sort_keys=True), encoding="utf-8")

    def configure(self, numbers: Numbers) -> tuple[int, str]:
        """Lets DAHDI read what ``system.conf`` says of a span."""
        channels = f"{numbers.first_channel}-{numbers.last_channel}"
        return self.run("dahdi_cfg", "-S", str(numbers.span), "-C", channels)

    def refuse(self, change: Change, *said: str) -> None:
        """Fails, as DAHDI did not do it."""
        self.module.fail_json(
            msg=f"{change.sentence} DAHDI did not do it: {' '.join(filter(None, said))}"
        )

    def run(self, *command: str) -> tuple[int, str]:
        """Status of a command, and what it has to say."""
        status, out, err = self.module.run_command(list(command))
        return status, f"{out} {err}".strip()

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
    cut = spans.busy(changes) if changes else {}
    if not module.params["with_calls"]:
        spans.waiting = cut
    now = [change for change in changes if change not in spans.waiting]
    spans.warn(cut)
    if not module.check_mode:
        if now:
            spans.apply(now)
            spans.warn({change: why for change, why in spans.waiting.items() if change not in cut})
        else:
            spans.remember(now)
    now = [change for change in now if change not in spans.waiting]
    present = device_names(SYSFS)
    module.exit_json(
        changed=bool(now),
        changes=[change.sentence for change in now],
        pending=[change.sentence for change in spans.waiting],
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
