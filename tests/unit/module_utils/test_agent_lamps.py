# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lamps of the agents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.agent_lamps import (
    changes,
    lit_before,
    lit_lamps,
)

lamps = st.sets(st.sampled_from(["Custom:Ready-1001", "Custom:Aux-1001", "Custom:Aux Tea-1002"]))


def test_lamps_of_an_agent() -> None:
    assert lit_lamps("1001", True, "Ready", "") == {"Custom:LoggedIn-1001", "Custom:Ready-1001"}
    assert lit_lamps("1001", True, "Aux", "Tea") == {
        "Custom:LoggedIn-1001",
        "Custom:Aux-1001",
        "Custom:Aux Tea-1001",
    }
    assert lit_lamps("1001", False, "Aux", "Tea") == {"Custom:LoggedOut-1001"}


def test_who_talks_is_busy_whatever_the_status() -> None:
    assert lit_lamps("1001", True, "Ready", "", talking=True) == {
        "Custom:LoggedIn-1001",
        "Custom:Ready-1001",
        "Custom:Busy-1001",
    }
    assert lit_lamps("1001", False, "Ready", "", talking=True) == {"Custom:LoggedOut-1001"}


@given(lamps, lamps)
def test_changes_lead_from_one_picture_to_the_other(before: set[str], after: set[str]) -> None:
    picture = set(before)
    for lamp, state in changes(before, after).items():
        if state == "INUSE":
            assert lamp not in picture
            picture.add(lamp)
        else:
            picture.remove(lamp)
    assert picture == after


def test_what_asterisk_remembers() -> None:
    assert lit_before(
        [
            {"Response": "Success"},
            {"Device": "Custom:Ready-1001", "State": "INUSE"},
            {"Device": "Custom:Busy-1001", "State": "NOT_INUSE"},
            {"Device": "PJSIP/1001", "State": "INUSE"},
            {"Device": "Custom:station-1301", "State": "INUSE"},
        ]
    ) == {"Custom:Ready-1001"}
