# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vote of this host on which central server serves; on a gateway also the keeper of callers.

When another central server has become the active one, it lets the callers who waited at the former
one dial again at once. Those who talk need no central server and notice nothing.
"""

from __future__ import annotations

import contextlib
import json
import math
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import ami
from central_legs import (
    HELD,
    Leg,
    answered,
    central_channels,
    comforted,
    read_leg,
    talking,
    waiting,
)
from lease import CutOff, Voter, would_serve
from witness_messages import TALKING_SECONDS, Message, pack, unpack

CONFIGURATION = Path("/etc/trunkline/witness.json")
STATE = Path("/run/trunkline/state.json")
"""What a central server says of itself."""
DIAL_AGAIN = {"Context": HELD, "Exten": "held", "Priority": "dial"}
QUALIFY_SECONDS = 1.0
"""How long the gateway's Asterisk may take to see that a central server answers again."""

Address = tuple[str, int]


@dataclass(frozen=True)
class Configuration:
    """What the file says."""

    host: str
    address: str
    port: int
    secret: str
    lease_seconds: float
    floating_address: str
    keeps_callers: bool
    """Whether this host is a gateway."""


@dataclass
class Witness:
    """Answers the central servers."""

    configuration: Configuration
    voter: Voter
    cut_off: CutOff = field(default_factory=CutOff)
    term: str = field(default="")
    """Term of office of the active server that was heard last."""

    def answer(self, message: Message) -> Message | None:
        """What is answered to a message, if anything."""
        now = time.monotonic()
        kind, host, term = (str(message.get(key, "")) for key in ("kind", "host", "term"))
        lent = 0.0
        if kind == "ask":
            holds, seconds = bool(message.get("holds")), float(message.get("seconds", 0.0))
            cut_off = self.cut_off.note(host, now, cut_off=bool(message.get("cut_off")))
            if not (cut_off and self._knows_better(host)):
                lent = self.voter.ask(host, term, now, holds=holds, seconds=seconds)
        elif kind == "give up":
            self.voter.give_up(host, term, now)
        elif kind == "active":
            self._heard_active(term)
            return None
        answer: Message = {
            "witness": self.configuration.host,
            "asked": message.get("asked"),
            "kind": kind,
            "granted": lent > 0,
            "seconds": lent,
            "holder": self.voter.lease(now).holder,
        }
        if kind == "talking":
            phones = self._talking()
            answer |= {"known": phones is not None, "talking": phones or []}
        return answer

    def _knows_better(self, host: str) -> bool:
        """Whether this host is the other central server, and would serve the gateways."""
        if host == self.configuration.host or self.configuration.keeps_callers:
            return False
        try:
            state = json.loads(STATE.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return would_serve(state, time.time())

    def _talking(self) -> list[str] | None:
        """Phones in conversations with this gateway; None if its Asterisk does not say."""
        if not self.configuration.keeps_callers:
            return []
        try:
            with ami.connect(timeout=0.3) as asterisk:
                legs = read_legs(asterisk, time.monotonic() + TALKING_SECONDS)
                return sorted(talking(legs, self.configuration.floating_address))
        except ami.AmiError as error:
            print(error, file=sys.stderr, flush=True)
            return None

    def _heard_active(self, term: str) -> None:
        former, self.term = self.term, term
        if former not in ("", term) and self.configuration.keeps_callers:
            # Votes must go on meanwhile.
            threading.Thread(
                target=release_waiting, args=[self.configuration.floating_address], daemon=True
            ).start()


def read_legs(asterisk: ami.Ami, deadline: float = math.inf) -> list[Leg]:
    """The legs to the central server.

    Raises AmiError when that takes until the deadline, or Asterisk falls silent: half of them would
    be taken for all.
    """
    legs = []
    for event in central_channels(asterisk.action("CoreShowChannels")):
        if time.monotonic() > deadline:
            raise ami.AmiError("Asterisk takes too long to say who is talking.")
        try:
            # Asterisk refuses to answer where there is no audio yet.
            audio, seat = (
                asterisk.value(variable, event["Channel"]) if answered(event) else ""
                for variable in ("CHANNEL(rtp,dest)", "SEAT")
            )
        except ami.RefusedError:
            continue  # It has ended meanwhile.
        legs.append(read_leg(event, audio, seat))
    return legs


def release_waiting(floating_address: str) -> None:
    """Lets the callers who waited at the former active server, or for another one, dial again."""
    began = time.monotonic()
    try:
        with ami.connect() as asterisk:
            # Asterisk dials no server that it takes for dead.
            asterisk.action("PJSIPQualify", Endpoint="central")
            while not reachable(asterisk) and time.monotonic() - began < QUALIFY_SECONDS:
                time.sleep(0.05)
            channels = waiting(read_legs(asterisk), floating_address)
            for channel in channels:
                # It may have ended meanwhile.
                with contextlib.suppress(ami.RefusedError):
                    asterisk.action("Setvar", Channel=channel, Variable="LOST", Value="1")
                    asterisk.action("Hangup", Channel=channel)
            # Others would be served first, who do not happen to listen to it.
            for channel in comforted(asterisk.action("CoreShowChannels")):
                channels.append(channel)
                with contextlib.suppress(ami.RefusedError):
                    asterisk.action("Redirect", Channel=channel, **DIAL_AGAIN)
    except ami.AmiError as error:
        print(error, file=sys.stderr, flush=True)
        return
    seconds = time.monotonic() - began
    print(f"{len(channels)} callers dial the new active server after {seconds:.2f} s", flush=True)


def reachable(asterisk: ami.Ami) -> bool:
    """Whether Asterisk takes the central server for alive."""
    state = asterisk.value("DEVICE_STATE(PJSIP/central)")
    return state not in ("UNAVAILABLE", "INVALID", "UNKNOWN")


class Talking:
    """Answers who is talking, each question in a thread: votes must go on meanwhile."""

    def __init__(self, witness: Witness, sock: socket.socket) -> None:
        """Nobody has asked."""
        self._witness, self._sock = witness, sock
        self._asked: set[str] = set()

    def ask(self, message: Message, sender: Address) -> None:
        """A question; one that is repeated while it is being answered is no other one."""
        asked = str(message.get("asked"))
        if asked not in self._asked:
            self._asked.add(asked)
            arguments = (asked, message, sender)
            threading.Thread(target=self._answer, args=arguments, daemon=True).start()

    def _answer(self, asked: str, message: Message, sender: Address) -> None:
        try:
            reply(self._witness, self._sock, message, sender)
        finally:
            self._asked.discard(asked)


def reply(witness: Witness, sock: socket.socket, message: Message, sender: Address) -> None:
    """Answers a message, if it wants an answer."""
    if answer := witness.answer(message):
        sock.sendto(pack(answer, witness.configuration.secret), sender)


def main() -> None:
    """Answers for ever."""
    configuration = Configuration(**json.loads(CONFIGURATION.read_text(encoding="utf-8")))
    witness = Witness(configuration, Voter(configuration.lease_seconds, time.monotonic()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((configuration.address, configuration.port))
        who_talks = Talking(witness, sock)
        while True:
            datagram, sender = sock.recvfrom(65535)
            message = unpack(datagram, configuration.secret)
            if message and message.get("kind") == "talking":
                who_talks.ask(message, sender)
            elif message:
                reply(witness, sock, message, sender)


if __name__ == "__main__":
    main()
