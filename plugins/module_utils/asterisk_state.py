# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of an Asterisk from the answers of its manager interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .ami import AmiError, Message

Ask = Callable[..., list[Message]]
"""Action and headers -> response and events."""

MEMBER_STATES = {
    "0": "unknown",
    "1": "not in use",
    "2": "in use",
    "3": "busy",
    "4": "invalid",
    "5": "unavailable",
    "6": "ringing",
    "7": "ringing",
    "8": "on hold",
}
"""Device states of include/asterisk/devicestate.h, as QueueMember prints them."""

TEST_QUEUE = "trunkline-test"
"""Of test calls, no queue of the call center."""

SPAN_ALARMS = {
    "RED": "red",
    "BLU": "blue",
    "YEL": "yellow",
    "LB": "loopback",
    "NOP": "not open",
    "UNCONFIGURED": "unconfigured",
    "UUU": "unknown",
    "REC": "recovering",
}
"""Alarms of a span as DAHDIShowStatus prints them, the one that explains most first."""

CHANNEL_ALARMS = {
    "Red Alarm": "red",
    "Blue Alarm": "blue",
    "Yellow Alarm": "yellow",
    "Loopback": "loopback",
    "Not Open": "not open",
    "Recovering": "recovering",
    "No Alarm": "",
    "None": "",
}
"""Alarms of a channel as DAHDIShowChannels prints them."""


def asterisk_state(ask: Ask) -> dict[str, Any]:
    """Version, channels, endpoints, queues and what is known of DAHDI's spans and channels."""
    queues = _queues(_events(ask, "QueueStatus"))
    if queues:
        read_members(ask, [queue["name"] for queue in queues])
        queues = _queues(_events(ask, "QueueStatus"))
    return {
        "version": ask("CoreSettings")[0].get("AsteriskVersion", ""),
        "channels": [_channel(event) for event in _events(ask, "CoreShowChannels")],
        "endpoints": [
            {"name": event["ObjectName"], "state": event.get("DeviceState", "").lower()}
            for event in _events(ask, "PJSIPShowEndpoints")
        ],
        "queues": queues,
        "spans": [
            {"span": int(event["Span"]), "alarm": _span_alarm(event.get("Alarms", ""))}
            for event in _events(ask, "DAHDIShowStatus")
        ],
        "dahdi_channels": [
            {
                "channel": int(event["DAHDIChannel"]),
                "name": event.get("Channel", ""),
                "alarm": CHANNEL_ALARMS.get(event.get("Alarm", ""), "unknown"),
            }
            for event in _events(ask, "DAHDIShowChannels")
        ],
        "d_channels": [
            {
                "span": int(event["Span"]),
                "channel": int(event["DChannel"]),
                "up": event.get("Up") == "Yes" and event.get("Alarm") != "Yes",
                "active": event.get("Active") == "Yes",
            }
            for event in _events(ask, "PRIShowSpans")
        ],
    }


def _span_alarm(text: str) -> str:
    present = set(text.split("/"))
    return next(
        (alarm for word, alarm in SPAN_ALARMS.items() if word in present),
        "" if text == "OK" else "unknown",
    )


def read_members(ask: Ask, queues: list[str]) -> None:
    """Lets Asterisk read the members of ``queues`` from the database.

    Otherwise it does so only when a caller joins.
    """
    for queue in queues:
        ask("Getvar", Variable=f"QUEUE_MEMBER({queue},logged)")


def _events(ask: Ask, action: str) -> list[Message]:
    # An empty list, or the module that would answer not being loaded, is an error of the protocol.
    try:
        return ask(action)[1:]
    except AmiError as error:
        if "No " in str(error) or "Invalid/unknown command" in str(error):
            return []
        raise


def _channel(event: Message) -> dict[str, Any]:
    hours, minutes, seconds = (event.get("Duration") or "0:0:0").split(":")
    return {
        "name": event.get("Channel", ""),
        "state": event.get("ChannelStateDesc", "").lower(),
        "application": event.get("Application", ""),
        "bridge": event.get("BridgeId", ""),
        "seconds": int(hours) * 3600 + int(minutes) * 60 + int(seconds),
    }


def _queues(events: list[Message]) -> list[dict[str, Any]]:
    queues: dict[str, dict[str, Any]] = {}
    for event in events:
        kind = event.get("Event")
        if event.get("Queue") == TEST_QUEUE:
            continue
        if kind == "QueueParams":
            queues[event["Queue"]] = {
                "name": event["Queue"],
                "waiting": int(event.get("Calls", 0)),
                "longest_wait": 0,
                "answered": int(event.get("Completed", 0)),
                "abandoned": int(event.get("Abandoned", 0)),
                "members": [],
            }
        elif kind == "QueueMember":
            queues[event["Queue"]]["members"].append(
                {
                    "interface": event.get("Location") or event.get("Interface", ""),
                    "name": event.get("Name") or event.get("MemberName", ""),
                    "state": MEMBER_STATES.get(event.get("Status", ""), "unknown"),
                    "in_call": event.get("InCall") == "1",
                    "paused": event.get("Paused") == "1",
                    "reason": event.get("PausedReason", ""),
                }
            )
        elif kind == "QueueEntry":
            queue = queues[event["Queue"]]
            queue["longest_wait"] = max(queue["longest_wait"], int(event.get("Wait", 0)))
    return list(queues.values())
