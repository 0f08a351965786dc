# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening hours in the dialplan."""

from __future__ import annotations

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.hours_dialplan import (
    hours_contexts,
    hours_problems,
)


def test_conditions_of_a_year_come_first() -> None:
    calendar = {"mon-fri": "8:00-18:00", "12-25": "closed", "2027-03-29": "closed"}
    text = hours_contexts({"office": calendar}, "Europe/Madrid")
    asked = [line.partition(",")[2] for line in text.splitlines() if "GotoIfTime(" in line]
    assert asked == [
        "GotoIfTime(*,*,29,mar,Europe/Madrid?closed,1)",
        "GotoIfTime(*,*,25,dec,Europe/Madrid?closed,1)",
        "GotoIfTime(8:00-17:59,mon-fri,*,*,Europe/Madrid?open,1)",
    ]
    assert text.index("29,mar") < text.index("exten => every,1,NoOp()") < text.index("25,dec")


def test_each_has_a_context_of_its_own() -> None:
    text = hours_contexts({"a": {"mon": "closed"}, "b": {"tue": "8:00-9:00"}})
    assert [line for line in text.splitlines() if line.startswith("[")] == [
        "[hours-a]",
        "[hours-b]",
    ]
    assert "STRFTIME(${EPOCH},,%Y)" in text
    assert hours_contexts({}) == ""


def test_problems() -> None:
    assert (
        hours_problems({"office": {"mon": "8:00-9:00"}}, "Europe/Madrid", ["Europe/Madrid"]) == []
    )
    assert len(hours_problems({"Office": {}, "shop": {"mon": "8-18"}}, "CET-1", ["UTC"])) == 3
