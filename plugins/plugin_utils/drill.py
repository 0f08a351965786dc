# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fail-over drill measured, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FAULTS = {
    "asterisk_killed": "Asterisk of {} was killed",
    "asterisk_frozen": "Asterisk of {} was frozen",
    "database_killed": "MariaDB of {} was killed",
}
"""Name of a fault -> sentence."""

_TRUNK = "PJSIP/central-"


@dataclass(frozen=True)
class Moment:
    """What was up at one time."""

    active: str
    """The server that has the address; empty if none or both."""
    callers: frozenset[str]
    """Channels of the gateways to the outside, each with the name of the gateway."""
    phones: int | None
    """Registered ones; None when the database did not say."""
    agents: Mapping[str, int]
    """How many have each status."""


def moment(central: Mapping[str, Any], gateways: Mapping[str, Any]) -> Moment:
    """Of the answers of central_info of each central server and asterisk_status of each gateway."""
    told = {name: answer for name, answer in central.items() if "database" in answer}
    holders = [name for name, answer in told.items() if answer["holds_address"]]
    active = holders[0] if len(holders) == 1 else ""
    database = told[active]["database"] if active else {}
    return Moment(
        active=active,
        callers=frozenset(
            f"{gateway} {channel['name']}"
            for gateway, answer in gateways.items()
            for channel in answer.get("channels", [])
            if not channel["name"].startswith((_TRUNK, "Local/"))
        ),
        phones=database.get("registered"),
        agents=database.get("agents", {}),
    )


def drill_table(
    fault: str,
    before: Moment,
    after: Moment,
    watch: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Lines of the table.

    ``watch`` is the answer of sip_watch, ``history`` the promotions of the server that is active
    now which began after the fault.
    """
    lines = ["SECONDS  WHAT"]
    lines += [_line(seconds, what) for seconds, what in _events(fault, before, after, watch)]
    for record in history:
        if record.get("verb") != "promote":
            continue
        lines += ["", f"Promotion of {after.active}: {float(record['seconds']):.2f} s"]
        lines += [
            _line(float(step["seconds"]), step["step"] + _failure(step))
            for step in record.get("steps", [])
        ]
    return [*lines, "", *_comparison(before, after)]


def _failure(step: Mapping[str, Any]) -> str:
    return f" (failed: {step['failed']})" if step.get("failed") else ""


def _line(seconds: float, what: str) -> str:
    return f"{seconds:7.2f}  {what}"


def _events(
    fault: str, before: Moment, after: Moment, watch: Mapping[str, Any]
) -> list[tuple[float, str]]:
    """What happened, counted from the first question that nobody answered."""
    outages = watch.get("outages", [])
    happened = FAULTS[fault].format(before.active)
    if not outages:
        return [(0.0, f"{happened}, and not one question of {watch['questions']} was unanswered")]
    start = float(outages[0]["began"])
    events = [(0.0, f"{happened}: first question that nobody answered")]
    events += [
        (float(moved) - start, "the floating address moved")
        for moved in watch.get("moves", [])
        if float(moved) >= start
    ]
    for number, outage in enumerate(outages):
        if number:
            events.append((float(outage["began"]) - start, "silent again"))
        if outage["ended"] is not None:
            where = f" by {after.active}" if after.active and number == len(outages) - 1 else ""
            events.append((float(outage["ended"]) - start, f"SIP is answered{where}"))
    events.sort(key=lambda event: event[0])
    if outages[-1]["ended"] is None:
        events.append((float(outages[-1]["began"]) - start, "SIP was never answered again"))
    return events


def _comparison(before: Moment, after: Moment) -> list[str]:
    kept = before.callers & after.callers
    rows = [
        ("active server", before.active or "?", after.active or "?"),
        (
            "callers at the gateways",
            str(len(before.callers)),
            f"{len(kept)} of them, {len(after.callers - before.callers)} new",
        ),
        ("registered phones", _shown(before.phones), _shown(after.phones)),
    ]
    rows += [
        (f"agents {status}", str(before.agents.get(status, 0)), str(after.agents.get(status, 0)))
        for status in sorted({*before.agents, *after.agents})
    ]
    widths = [max(len(row[column]) for row in [*rows, _HEAD]) for column in range(2)]
    return [
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}".rstrip() for row in [_HEAD, *rows]
    ]


_HEAD = ("", "BEFORE", "AFTER")


def _shown(count: int | None) -> str:
    return "?" if count is None else str(count)


def drill_problems(confirm: object, fault: str) -> list[str]:
    """Sentences about why there is no drill."""
    if fault not in FAULTS:
        return [f"drill_fault: '{fault}' is unknown, choose from {', '.join(FAULTS)}."]
    if str(confirm).strip().lower() not in ("yes", "true"):
        return [
            "A drill breaks the active server on purpose, so that calls may be lost: choose a "
            "maintenance window, then confirm with -e drill_confirm=yes."
        ]
    return []


def promotions_between(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """Promotions of all servers that were not yet known before."""
    return [
        record
        for name, answer in after.items()
        for record in answer.get("history", [])
        if record not in before.get(name, {}).get("history", [])
    ]
