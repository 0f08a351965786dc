# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a fail-over drill."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.drill import (
    FAULTS,
    drill_problems,
    drill_table,
    moment,
    promotions_between,
)

PROMOTION = {
    "verb": "promote",
    "began": 1000.0,
    "seconds": 0.91,
    "steps": [
        {"step": "open the database", "seconds": 0.02, "failed": ""},
        {"step": "start Asterisk", "seconds": 0.61, "failed": "no such unit"},
    ],
}


def up(active: str, phones: int, *callers: str) -> tuple[dict[str, Any], dict[str, Any]]:
    central = {
        name: {
            "holds_address": name == active,
            "history": [],
            "database": {"registered": phones, "agents": {"Ready": phones}},
        }
        for name in ("central1", "central2")
    }
    channels = [{"name": name} for name in (*callers, "PJSIP/central-1", "Local/x@y;1")]
    return central, {"gw1": {"channels": channels}, "gw2": {}}


def test_table() -> None:
    watch = {
        "questions": 100,
        "outages": [{"began": 2.0, "ended": 4.5}],
        "moves": [3.1],
    }
    lines = drill_table(
        "asterisk_killed",
        moment(*up("central1", 60, "PJSIP/telco-1", "PJSIP/telco-2")),
        moment(*up("central2", 60, "PJSIP/telco-1", "PJSIP/telco-3", "PJSIP/telco-4")),
        watch,
        [{**PROMOTION, "verb": "demote"}, PROMOTION],
    )
    assert lines == [
        "SECONDS  WHAT",
        "   0.00  Asterisk of central1 was killed: first question that nobody answered",
        "   1.10  the floating address moved",
        "   2.50  SIP is answered by central2",
        "",
        "Promotion of central2: 0.91 s",
        "   0.02  open the database",
        "   0.61  start Asterisk (failed: no such unit)",
        "",
        "                         BEFORE    AFTER",
        "active server            central1  central2",
        "callers at the gateways  2         1 of them, 2 new",
        "registered phones        60        60",
        "agents Ready             60        60",
    ]


def test_nothing_was_noticed() -> None:
    before = moment(*up("central1", 60))
    watch = {"questions": 100, "outages": [], "moves": []}
    assert drill_table("database_killed", before, before, watch, [])[1] == (
        "   0.00  MariaDB of central1 was killed, and not one question of 100 was unanswered"
    )


def test_nobody_took_over() -> None:
    watch = {"questions": 100, "outages": [{"began": 2.0, "ended": None}], "moves": []}
    before = moment(*up("central1", 60))
    lines = drill_table("asterisk_frozen", before, moment({"central1": {}}, {}), watch, [])
    assert lines[2] == "   0.00  SIP was never answered again"
    assert "active server            central1  ?" in lines


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 10)), max_size=4),
    st.lists(st.floats(0, 60), max_size=3),
    st.sampled_from(list(FAULTS)),
)
def test_events_are_in_order(
    gaps: list[tuple[float, float]], moves: list[float], fault: str
) -> None:
    began, outages = 0.0, []
    for pause, length in gaps:
        began += pause
        outages.append({"began": began, "ended": began + length})
        began += length
    watch = {"questions": 600, "outages": outages, "moves": moves}
    lines = drill_table(fault, moment(*up("central1", 1)), moment(*up("central2", 1)), watch, [])
    events = lines[1 : lines.index("")]
    seconds = [float(line.split()[0]) for line in events]
    assert seconds == sorted(seconds)
    assert seconds[0] == 0
    assert sum("is answered" in line for line in events) == len(outages)


def test_only_new_promotions_count() -> None:
    before = {"central1": {"history": [PROMOTION]}, "central2": {"history": []}}
    new = {**PROMOTION, "began": 2000.0}
    after = {"central1": {"history": [PROMOTION]}, "central2": {"history": [new]}}
    assert promotions_between(before, after) == [new]


@pytest.mark.parametrize("confirm", ["yes", "Yes", "true", True])
def test_confirmed(confirm: object) -> None:
    assert drill_problems(confirm, "asterisk_killed") == []


def test_refused() -> None:
    assert drill_problems("", "asterisk_killed") == [
        "A drill breaks the active server on purpose, so that calls may be lost: choose a "
        "maintenance window, then confirm with -e drill_confirm=yes."
    ]
    assert drill_problems("yes", "earthquake") == [
        "drill_fault: 'earthquake' is unknown, choose from asterisk_killed, asterisk_frozen, "
        "database_killed."
    ]
