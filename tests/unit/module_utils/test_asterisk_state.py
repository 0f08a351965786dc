# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of an Asterisk, from answers that a real one gave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import (
    AmiError,
    Message,
    parse_message,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.asterisk_state import (
    asterisk_state,
)

NOT_LOADED = (
    "Response: Error\nMessage: Invalid/unknown command: {}. Use Action: ListCommands to show "
    "available commands.\n"
)
FIXTURES = Path(__file__).parent.parent / "fixtures"


class Asterisk:
    """Answers as recorded, and remembers what it was asked."""

    def __init__(self, name: str) -> None:
        content = (FIXTURES / f"{name}.ami").read_text(encoding="utf-8")
        _header, *parts = re.split(r"^### (\w+)\n", content, flags=re.MULTILINE)
        self.answers = dict(zip(parts[::2], parts[1::2], strict=True))
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask(self, action: str, **headers: str) -> list[Message]:
        """As ``Ami.action`` does with these bytes."""
        self.asked.append((action, headers))
        messages = [
            parse_message(block.splitlines())
            for block in self.answers.get(action, NOT_LOADED.format(action))
            .strip("\n")
            .split("\n\n")
        ]
        if messages[0]["Response"] == "Error":
            raise AmiError(f"the action {action} was refused: {messages[0]['Message']}")
        return [one for one in messages if one.get("EventList") != "Complete"]

    def replace(self, action: str, old: str, new: str) -> None:
        assert old in self.answers[action]
        self.answers[action] = self.answers[action].replace(old, new)


@pytest.fixture
def central() -> Asterisk:
    return Asterisk("central")


def test_central(central: Asterisk) -> None:
    assert asterisk_state(central.ask) == {
        "version": "22.10.1+dfsg+~cs6.17.60671434-1",
        "channels": [
            {
                "name": f"Local/queue-sales@from-gateways-00000000;{number}",
                "state": "up",
                "application": application,
                "bridge": "",
                "seconds": 4,
            }
            for number, application in ((1, "Wait"), (2, "Queue"))
        ],
        "endpoints": [
            {"name": "1001", "state": "unavailable"},
            {"name": "1002", "state": "unavailable"},
            {"name": "gw1", "state": "not in use"},
            {"name": "gw2", "state": "not in use"},
            {"name": "health", "state": "unavailable"},
        ],
        "queues": [
            {
                "name": "sales",
                "waiting": 1,
                "longest_wait": 4,
                "answered": 0,
                "abandoned": 0,
                "members": [
                    {
                        "interface": "PJSIP/1014",
                        "name": "Agent 1014",
                        "state": "unavailable",
                        "in_call": False,
                        "paused": False,
                        "reason": "",
                    },
                    {
                        "interface": "PJSIP/1001",
                        "name": "Agent 1001",
                        "state": "unavailable",
                        "in_call": False,
                        "paused": True,
                        "reason": "lunch",
                    },
                    {
                        "interface": "Local/health@health/n",
                        "name": "Helper",
                        "state": "not in use",
                        "in_call": False,
                        "paused": False,
                        "reason": "",
                    },
                ],
            }
        ],
        "spans": [],
        "dahdi_channels": [],
        "d_channels": [],
    }


def test_gateway() -> None:
    """It has no queues: the module that would answer is not loaded."""
    state = asterisk_state(Asterisk("gateway").ask)
    assert state["queues"] == []
    assert state["channels"] == []
    assert state["endpoints"] == [
        {"name": "central", "state": "not in use"},
        {"name": "circuit-telco", "state": "unavailable"},
    ]


def test_members_are_read_before_they_are_listed(central: Asterisk) -> None:
    asterisk_state(central.ask)
    queues = [one for one in central.asked if one[0] in {"QueueStatus", "Getvar"}]
    assert queues == [
        ("QueueStatus", {}),
        ("Getvar", {"Variable": "QUEUE_MEMBER(sales,logged)"}),
        ("QueueStatus", {}),
    ]


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("0", "unknown"),
        ("1", "not in use"),
        ("2", "in use"),
        ("3", "busy"),
        ("4", "invalid"),
        ("5", "unavailable"),
        ("6", "ringing"),
        ("7", "ringing"),
        ("8", "on hold"),
        ("99", "unknown"),
    ],
)
def test_member_states(central: Asterisk, number: str, state: str) -> None:
    central.replace("QueueStatus", "Status: 1\n", f"Status: {number}\n")
    (queue,) = asterisk_state(central.ask)["queues"]
    assert queue["members"][-1]["state"] == state


def test_member_in_a_call(central: Asterisk) -> None:
    central.replace("QueueStatus", "InCall: 0", "InCall: 1")
    (queue,) = asterisk_state(central.ask)["queues"]
    assert all(member["in_call"] for member in queue["members"])


def test_long_call(central: Asterisk) -> None:
    central.replace("CoreShowChannels", "00:00:04", "27:01:05")
    assert {one["seconds"] for one in asterisk_state(central.ask)["channels"]} == {97265}


def test_longest_of_two_waits(central: Asterisk) -> None:
    entry = central.answers["QueueStatus"].partition("Event: QueueEntry")[2].partition("\n\n")[0]
    first = f"Event: QueueEntry{entry}"
    second = first.replace("Wait: 4", "Wait: 3").replace("Position: 1", "Position: 2")
    central.replace("QueueStatus", first, f"{first}\n\n{second}")
    (queue,) = asterisk_state(central.ask)["queues"]
    assert queue["longest_wait"] == 4


def test_no_endpoints(central: Asterisk) -> None:
    """An empty list is an error of the protocol."""
    central.answers["PJSIPShowEndpoints"] = "Response: Error\nMessage: No endpoints found\n"
    assert asterisk_state(central.ask)["endpoints"] == []


def test_real_refusal(central: Asterisk) -> None:
    central.answers["CoreShowChannels"] = "Response: Error\nMessage: Permission denied\n"
    with pytest.raises(AmiError, match="Permission denied"):
        asterisk_state(central.ask)


def test_cables() -> None:
    state = asterisk_state(Asterisk("cables").ask)
    assert state["spans"] == [
        {"span": 1, "alarm": ""},
        {"span": 2, "alarm": "red"},
        {"span": 3, "alarm": ""},
    ]
    assert state["dahdi_channels"] == [
        {"channel": 1, "name": "DAHDI/i1/5550123-1", "alarm": ""},
        {"channel": 2, "name": "", "alarm": ""},
        {"channel": 25, "name": "", "alarm": "red"},
        {"channel": 49, "name": "DAHDI/49-1", "alarm": ""},
    ]
    assert state["d_channels"] == [
        {"span": 1, "channel": 24, "up": True, "active": True},
        {"span": 2, "channel": 48, "up": False, "active": True},
    ]


@pytest.mark.parametrize(
    ("alarms", "alarm"),
    [
        ("OK", ""),
        ("RED", "red"),
        ("YEL", "yellow"),
        ("BLU", "blue"),
        ("BLU/RED", "red"),
        ("YEL/REC", "yellow"),
        ("LB", "loopback"),
        ("REC", "recovering"),
        ("NOP", "not open"),
        ("UUU", "unknown"),
        ("UNCONFIGURED", "unconfigured"),
        ("", "unknown"),
    ],
)
def test_span_alarms(alarms: str, alarm: str) -> None:
    asterisk = Asterisk("cables")
    asterisk.replace("DAHDIShowStatus", "Alarms: OK", f"Alarms: {alarms}")
    assert asterisk_state(asterisk.ask)["spans"][0]["alarm"] == alarm


def test_no_driver() -> None:
    """chan_dahdi is loaded and there is no /dev/dahdi."""
    asterisk = Asterisk("cables")
    asterisk.answers["DAHDIShowStatus"] = "Response: Error\nMessage: No DAHDI detected\n"
    assert asterisk_state(asterisk.ask)["spans"] == []
