# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who talks, from what Asterisk reports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.agent_talks import (
    Talks,
    talk_changes,
)

phones = st.sampled_from(["1001", "1002", "1003"])


def report(what: str, channel: str, uniqueid: str) -> dict[str, str]:
    return {"Event": what, "Channel": channel, "Uniqueid": uniqueid}


def test_who_is_in_a_bridge_talks() -> None:
    talks = Talks(
        [
            {"Channel": "PJSIP/1001-0000000a", "Uniqueid": "1.1", "BridgeId": "b-1"},
            {"Channel": "PJSIP/1002-0000000b", "Uniqueid": "1.2", "BridgeId": ""},
            {"Channel": "PJSIP/gateway-gw1-0000000c", "Uniqueid": "1.3", "BridgeId": "b-1"},
        ]
    )
    assert talks.phones() == {"1001"}
    assert talks.channels() == {"PJSIP/1001-0000000a": "1001"}
    talks.report(report("BridgeEnter", "PJSIP/1002-0000000b", "1.2"))
    talks.report(report("BridgeEnter", "Local/1003@seats-0000000d;1", "1.4"))
    talks.report(report("BridgeLeave", "PJSIP/gateway-gw1-0000000c", "1.3"))
    talks.report({"Event": "Newchannel", "Channel": "PJSIP/1003-0000000e", "Uniqueid": "1.5"})
    talks.report({})
    assert talks.phones() == {"1001", "1002"}


def test_plain_telephone_calls_in_the_name_of_its_gateway() -> None:
    talks = Talks([])
    talks.report(report("BridgeEnter", "PJSIP/gateway-gw1-0000000a", "1.1"))
    own = report("BridgeEnter", "PJSIP/gateway-gw1-0000000b", "1.2") | {"AccountCode": "seat-1301"}
    talks.report(own)
    # Whom it calls inherits its account.
    other = report("BridgeEnter", "PJSIP/1001-0000000c", "1.3") | {"AccountCode": "seat-1301"}
    talks.report(other)
    assert talks.phones() == {"1001", "1301"}
    assert talks.channels() == {"PJSIP/1001-0000000c": "1001"}, "its gateway can hang up itself"
    talks.report(own | {"Event": "BridgeLeave"})
    assert talks.phones() == {"1001"}


def test_of_two_calls_one_is_enough() -> None:
    """An announced transfer: the second call begins before the first one ends."""
    talks = Talks([])
    talks.report(report("BridgeEnter", "PJSIP/1001-0000000a", "1.1"))
    talks.report(report("BridgeEnter", "PJSIP/1001-0000000b", "1.2"))
    talks.report(report("BridgeLeave", "PJSIP/1001-0000000a", "1.1"))
    assert talks.phones() == {"1001"}
    talks.report(report("BridgeLeave", "PJSIP/1001-0000000b", "1.2"))
    assert talks.phones() == set()


@given(st.dictionaries(phones, st.booleans()), st.lists(st.sets(phones), min_size=3, max_size=8))
def test_rows_follow_at_the_second_look(start: dict[str, bool], looks: list[set[str]]) -> None:
    noted = dict(start)
    before = looks[0]
    for now in [*looks, looks[-1], looks[-1]]:
        rows = [(number, number, talks) for number, talks in noted.items()]
        changes = talk_changes(rows, now, before)
        assert all(noted[number] != talks for number, talks in changes.items())
        noted |= changes
        assert all(noted[number] for number in noted if number in now)
        before = now
    assert noted == {number: number in looks[-1] for number in start}


def test_wrap_up_has_ended_the_talk_already() -> None:
    """What the call itself noted as it ended is not taken back."""
    assert talk_changes([("5001", "1001", False)], set(), {"1001"}) == {}
    assert talk_changes([("5001", "1001", True)], set(), {"1001"}) == {}
    assert talk_changes([("5001", "1001", True)], set(), set()) == {"5001": False}
    assert talk_changes([("5001", None, True)], {"1001"}, {"1001"}) == {"5001": False}
