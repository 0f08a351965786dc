# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Legs between a gateway and the central server."""

from __future__ import annotations

from ansible_collections.trunkline.callcenter.plugins.module_utils.central_legs import (
    Leg,
    central_channels,
    comforted,
    read_leg,
    talking,
    waiting,
)

CENTRAL = "192.0.2.20"
PHONE = "192.0.2.50"


def leg(  # noqa: PLR0913
    name: str, number: str, audio: str, *, caller: bool = True, up: bool = True, seat: str = ""
) -> Leg:
    event = {
        "Channel": f"PJSIP/central-{name}",
        "Application": "AppDial" if caller else "Dial",
        "ChannelStateDesc": "Up" if up else "Ring",
        "CallerIDNum": number,
    }
    return read_leg(event, audio and f"{audio}:10000", seat)


LEGS = [
    leg("1", "1001", PHONE),
    leg("2", "queue-sales", CENTRAL),
    leg("3", "queue-sales", "", up=False),
    leg("4", "5550100", PHONE, caller=False, seat="1002"),
    leg("5", "5550101", CENTRAL, caller=False, seat="1003"),
    leg("6", "<unknown>", PHONE),
    leg("7", "1004", PHONE, seat="1301"),
    # A caller from abroad in a conference.
    leg("8", "", PHONE, caller=False, seat="33123456789"),
]


def test_who_talks_without_the_central_server() -> None:
    assert talking(LEGS, CENTRAL) == {"1001", "1002", "1004", "1301"}


def test_who_needs_it() -> None:
    expected = ["PJSIP/central-2", "PJSIP/central-3"]
    assert waiting(LEGS, CENTRAL) == expected
    # Whoever waits dials again before those who are being connected.
    assert waiting(reversed(LEGS), CENTRAL) == expected


def test_call_that_no_server_has_heard_needs_one() -> None:
    event = {"Channel": "PJSIP/central-7", "Application": "", "ChannelStateDesc": "Down"}
    assert waiting([read_leg(event, "", "")], CENTRAL) == ["PJSIP/central-7"]


def test_other_channels_are_passed_over() -> None:
    events = [{"Response": "Success"}, {"Channel": "PJSIP/circuit-a-1"}, {"Channel": "DAHDI/1-1"}]
    assert central_channels([*events, {"Channel": "PJSIP/central-1"}]) == [
        {"Channel": "PJSIP/central-1"}
    ]


def test_who_is_told_that_nobody_serves() -> None:
    caller = {
        "Channel": "DAHDI/1-1",
        "Context": "to-central",
        "Application": "Playback",
        "ApplicationData": "queue-periodic-announce",
    }
    others = [
        {"Response": "Success"},
        {**caller, "ApplicationData": "vm-nobodyavail"},
        {**caller, "Application": "MusicOnHold"},
        {**caller, "Context": "menu-main"},
    ]
    assert comforted([*others, caller]) == ["DAHDI/1-1"]
