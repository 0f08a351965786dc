# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which lamps tell the status of an agent. A lamp is a device state of Asterisk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_STATION = "Custom:station-"
"""No lamp, but whether a plain telephone is busy: the dialplan writes it."""


def lit_lamps(
    number: str, logged_in: bool, status: str, reason: str, *, talking: bool = False
) -> set[str]:
    """The device states of an agent that are in use."""
    if not logged_in:
        return {f"Custom:LoggedOut-{number}"}
    lamps = {"LoggedIn", status, f"{status} {reason}".strip()} | ({"Busy"} if talking else set())
    return {f"Custom:{lamp}-{number}" for lamp in lamps}


def changes(before: Iterable[str], after: Iterable[str]) -> dict[str, str]:
    """Device state -> its new value."""
    old, new = set(before), set(after)
    return dict.fromkeys(sorted(old - new), "NOT_INUSE") | dict.fromkeys(sorted(new - old), "INUSE")


def lit_before(messages: Iterable[Mapping[str, str]]) -> set[str]:
    """Lamps that Asterisk remembers, from the answer to DeviceStateList."""
    return {
        message["Device"]
        for message in messages
        if message.get("Device", "").startswith("Custom:")
        and not message["Device"].startswith(_STATION)
        and message.get("State") == "INUSE"
    }
