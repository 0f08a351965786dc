# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which telephones talk: those in a bridge of Asterisk, where they meet whom they talk to.

A telephone that rings, dials a code or listens to the mailbox is in none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

REPORTS = "Event: Bridge(Enter|Leave)"
"""What Asterisk has to report, a regular expression."""

AgentRow: TypeAlias = "tuple[str, str | None, bool]"
"""Number, phone and whether the agent talks, as the database has it."""

_PHONE = re.compile(r"PJSIP/(\d+)-[0-9a-f]+")
_GATEWAY = re.compile(r"PJSIP/gateway-.*")
_STATION = re.compile(r"seat-(\d+)")
"""The account of a call that a plain telephone makes, which comes in the name of its gateway."""


class Talks:
    """The telephones that talk now."""

    def __init__(self, channels: Iterable[Mapping[str, str]]) -> None:
        """``channels`` are the answer to CoreShowChannels."""
        self._calls: dict[str, tuple[str, str]] = {}
        """Uniqueid -> channel and extension."""
        for channel in channels:
            if channel.get("BridgeId"):
                self._enter(channel)

    def _enter(self, channel: Mapping[str, str]) -> None:
        name = channel.get("Channel", "")
        found = _PHONE.fullmatch(name)
        if not found and _GATEWAY.fullmatch(name):
            found = _STATION.fullmatch(channel.get("AccountCode", ""))
        if found:
            self._calls[channel.get("Uniqueid", "")] = name, found[1]

    def report(self, event: Mapping[str, str]) -> None:
        """Takes in an event; others than those of bridges change nothing."""
        if event.get("Event") == "BridgeEnter":
            self._enter(event)
        elif event.get("Event") == "BridgeLeave":
            self._calls.pop(event.get("Uniqueid", ""), None)

    def phones(self) -> set[str]:
        """Extensions of the telephones."""
        return {phone for _name, phone in self._calls.values()}

    def channels(self) -> dict[str, str]:
        """Channel of each call of a telephone that speaks to this server itself -> extension."""
        return {name: phone for name, phone in self._calls.values() if _PHONE.fullmatch(name)}


def talk_changes(
    agents: Iterable[AgentRow], now: Collection[str], before: Collection[str]
) -> dict[str, bool]:
    """Number of an agent -> whether he talks, for those whose row says otherwise.

    A telephone that talked at the last look, ``before``, counts as talking: its call may begin
    wrap-up, which ends the talk in the row too.
    """
    changes = {}
    for number, phone, talking in agents:
        if phone in now and not talking:
            changes[number] = True
        elif talking and phone not in now and phone not in before:
            changes[number] = False
    return changes
