# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The legs from a gateway to the central server: who is talking, who is waiting.

While two people talk, audio goes straight to the phone; a caller who waits hears the music of the
central server. Where the audio goes therefore tells them apart, without asking that server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFIX = "PJSIP/central-"
"""Names of these channels begin so."""
HELD = "to-central"
"""Context of a gateway's dialplan in which callers are held and central servers dialled."""
ANNOUNCEMENT = "queue-periodic-announce"
"""What they hear there while no central server serves."""
LONGEST_EXTENSION = 8
"""Digits; longer numbers are telephone numbers, not seats."""


@dataclass(frozen=True)
class Leg:
    """A channel between gateway and central server."""

    channel: str
    from_gateway: bool
    """Whether a caller of the telephone network caused it."""
    answered: bool
    number: str
    """Who is at the other end, as the central server told."""
    audio: str
    """Address to which the gateway sends audio, without port; empty if it sends none."""
    seat: str = ""
    """Who called, of a call from a seat; a plain telephone is one of this gateway."""


def central_channels(messages: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The events about these channels in the answer to the AMI action CoreShowChannels."""
    return [message for message in messages if message.get("Channel", "").startswith(PREFIX)]


def answered(event: Mapping[str, str]) -> bool:
    """Whether the other side has answered, by an event of CoreShowChannels."""
    return event.get("ChannelStateDesc", "") == "Up"


def read_leg(event: Mapping[str, str], audio: str, seat: str) -> Leg:
    """A leg of an event of CoreShowChannels and the values of two variables.

    ``audio`` is CHANNEL(rtp,dest), ADDRESS:PORT; ``seat`` is SEAT.
    """
    # Of a call to which no server has answered anything Asterisk does not tell the application.
    dialled = event.get("Application", "") == "AppDial" or event.get("ChannelStateDesc") == "Down"
    return Leg(
        channel=event["Channel"],
        from_gateway=dialled,
        answered=answered(event),
        number=event.get("CallerIDNum", ""),
        audio=audio.rpartition(":")[0],
        seat=seat,
    )


def talking(legs: Iterable[Leg], central: str) -> set[str]:
    """Phones in conversations that need no central server; ``central`` is the floating address."""
    phones = set()
    for leg in legs:
        if leg.answered and leg.audio not in ("", central):
            phones |= {leg.seat, leg.number if leg.from_gateway else ""}
    # A caller from outside can be the seat of a leg: in a conference, or led outside by a queue.
    return {phone for phone in phones if phone.isdecimal() and len(phone) <= LONGEST_EXTENSION}


def waiting(legs: Iterable[Leg], central: str) -> list[str]:
    """Channels of callers whom only a central server can help: they wait or are being connected.

    Who waits comes first.
    """
    lost = [
        leg for leg in legs if leg.from_gateway and (not leg.answered or leg.audio in ("", central))
    ]
    return [leg.channel for leg in sorted(lost, key=lambda leg: not leg.answered)]


def comforted(messages: Iterable[Mapping[str, str]]) -> list[str]:
    """Channels of callers who are told that nobody serves, in the answer to CoreShowChannels."""
    return [
        message["Channel"]
        for message in messages
        if message.get("Context") == HELD
        and (message["Application"], message["ApplicationData"]) == ("Playback", ANNOUNCEMENT)
    ]
