# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two parties of a test call, as far as they have to decide something.

They get the messages that arrive and leave those that are to be sent; whoever uses them has the
sockets and the clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from .sip_messages import (
    CODECS,
    Address,
    SipMessage,
    audio,
    branch,
    description,
    response,
    uri,
    write,
)

MUSIC_PACKETS = 20
"""Of 50 in a second; fewer are no music."""
MUSIC_FRAMES = 5
"""So many different ones are no silence."""
HEARD_PACKETS = 20


@dataclass
class Party:
    """One end of a call."""

    user: str
    sip: Address
    rtp: Address
    codecs: Sequence[str]
    outgoing: list[bytes] = field(default_factory=list)
    """Messages to be sent to the server."""
    audio_to: Address | None = None
    """Where the other side wants to hear."""
    codec: str = ""
    ended: bool = False
    _tag: str = field(default_factory=lambda: secrets.token_hex(4))
    _version: int = 0

    @property
    def contact(self) -> str:
        """Where it is reached."""
        return f"sip:{self.user}@{self.sip[0]}:{self.sip[1]}"

    def receive(self, message: SipMessage) -> None:
        """Something arrived."""
        raise NotImplementedError

    def _describe(self) -> str:
        self._version += 1
        return description(self.rtp, self.codecs, self._version)

    def _read_audio(self, body: str) -> bool:
        """Whether there is a codec that both sides know."""
        wanted = audio(body)
        if wanted is None:
            return False
        place, types = wanted
        common = [name for name in self.codecs if CODECS[name].payload_type in types]
        if not common:
            return False
        self.audio_to, self.codec = place, common[0]
        return True

    def _answer(self, request: SipMessage) -> None:
        """A request within the call."""
        body = ""
        status = "200 OK"
        if request.method == "ACK":
            # It has the answer to an offer of this side.
            self._read_audio(request.body)
            return
        if request.method == "BYE":
            self.ended = True
        elif request.method in ("INVITE", "UPDATE") and (
            request.body or request.method == "INVITE"
        ):
            if request.body and not self._read_audio(request.body):
                status = "488 Not Acceptable Here"
            else:
                body = self._describe()
        self.outgoing.append(response(request, status, self._tag, self.contact, body))


@dataclass
class Caller(Party):
    """Who calls."""

    ringing: bool = False
    answered: bool = False
    refusal: str = ""
    """Status line; empty if it was not refused."""
    _call: str = field(default_factory=lambda: secrets.token_hex(8))
    _target: str = ""
    _to: str = ""
    _sequence: int = 1
    _branch: str = ""

    def call(self, target: str) -> None:
        """Invites."""
        self._target, self._to = target, f"<{target}>"
        self._branch = branch()
        self.outgoing.append(self._request("INVITE", self._describe()))

    def hang_up(self) -> None:
        """Ends the call, or the attempt."""
        if self.ended or self.refusal:
            return
        if self.answered:
            self._branch = branch()
            self._sequence += 1
            self.outgoing.append(self._request("BYE"))
        else:
            self.outgoing.append(self._request("CANCEL"))

    def receive(self, message: SipMessage) -> None:
        """Something arrived."""
        if message.first("call-id") != self._call:
            return
        if not message.status:
            self._answer(message)
        elif message.method == "INVITE":
            self._on_answer(message)
        elif message.method == "BYE":
            self.ended = True

    def _on_answer(self, message: SipMessage) -> None:
        if message.status < 200:
            self.ringing = self.ringing or message.status > 100
        elif message.status < 300:
            if not self.answered:
                self.answered = True
                self._to = message.first("to")
                self._target = uri(message.first("contact")) or self._target
                if not self._read_audio(message.body):
                    self.refusal = "488 no common codec"
            self._branch = branch()
            self.outgoing.append(self._request("ACK"))
        else:
            self.refusal = self.refusal or message.start.removeprefix("SIP/2.0 ")
            self._to = message.first("to")
            self.outgoing.append(self._request("ACK"))

    def _request(self, method: str, body: str = "") -> bytes:
        here = f"{self.sip[0]}:{self.sip[1]}"
        # An ACK has the number of its INVITE, even after other requests.
        number = 1 if method in ("INVITE", "ACK", "CANCEL") else self._sequence
        headers = [
            ("Via", f"SIP/2.0/UDP {here};branch={self._branch};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<{self.contact}>;tag={self._tag}"),
            ("To", self._to),
            ("Call-ID", self._call),
            ("CSeq", f"{number} {method}"),
            ("Contact", f"<{self.contact}>"),
        ]
        return write(f"{method} {self._target} SIP/2.0", headers, body)


@dataclass
class Agent(Party):
    """Who is called."""

    rings: bool = False
    answered: bool = False
    _invitation: SipMessage | None = None

    def receive(self, message: SipMessage) -> None:
        """Something arrived."""
        if message.status:
            return
        if message.method == "INVITE" and not message.to_tag:
            if self._invitation is None:
                self._invitation = message
                self.rings = True
            if not self.answered and message.first("call-id") == self._call:
                self.outgoing.append(response(message, "180 Ringing", self._tag, self.contact))
            return
        if message.method == "CANCEL":
            self.outgoing.append(response(message, "200 OK", self._tag))
            if self._invitation is not None and not self.answered:
                self.outgoing.append(
                    response(self._invitation, "487 Request Terminated", self._tag)
                )
            self.ended = True
            return
        self._answer(message)

    def pick_up(self) -> bool:
        """Answers; whether there is a codec that both know."""
        if self._invitation is None or self.answered:
            return self.answered
        if self._invitation.body and not self._read_audio(self._invitation.body):
            self.outgoing.append(
                response(self._invitation, "488 Not Acceptable Here", self._tag, self.contact)
            )
            return False
        self.answered = True
        self.outgoing.append(
            response(self._invitation, "200 OK", self._tag, self.contact, self._describe())
        )
        return True

    @property
    def _call(self) -> str:
        return self._invitation.first("call-id") if self._invitation is not None else ""


@dataclass
class Observations:
    """What was seen and heard of one call."""

    answered: bool = False
    refusal: str = ""
    music_packets: int = 0
    music_frames: int = 0
    """Different ones."""
    rang: bool = False
    queue: str = ""
    """What Asterisk says of the queue whose agent did not ring."""
    agent_answered: bool = False
    caller_heard: int = 0
    """Packets of the agent."""
    agent_heard: int = 0
    """Packets of the caller."""
    direct: bool = False
    """Whether both were told each other's address for the audio."""
    agent_ended: bool = False
    seconds: float = 0.0


def problems(seen: Observations, codecs: Sequence[str]) -> list[str]:
    """Sentences that say what went wrong; what follows from it is left out."""
    if seen.refusal:
        offered = ", ".join(codecs)
        return [f"A test call that offers {offered} was refused: {seen.refusal}."]
    if not seen.answered:
        return ["A test call was not answered."]
    found = []
    if seen.music_packets < MUSIC_PACKETS or seen.music_frames < MUSIC_FRAMES:
        found.append("The caller of a test call heard no music while waiting in the queue.")
    if not seen.rang:
        return [
            *found,
            "The agent of a test call was not rung by the queue"
            + (f", of which Asterisk says: {seen.queue}" if seen.queue else "."),
        ]
    if not seen.agent_answered:
        return [
            *found,
            f"The agent of a test call, who knows {', '.join(codecs)}, was offered no codec of "
            "these.",
        ]
    if seen.caller_heard < HEARD_PACKETS:
        found.append("The caller of a test call did not hear the agent.")
    if seen.agent_heard < HEARD_PACKETS:
        found.append("The agent of a test call did not hear the caller.")
    if not seen.direct:
        found.append("The audio of a test call kept passing through the server.")
    if not seen.agent_ended:
        found.append("The agent of a test call was still connected after the caller had hung up.")
    return found
