# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a central server says to the witnesses, and what they answer."""

from __future__ import annotations

import secrets
import select
import socket
import time
from collections.abc import Iterable

from lease import Candidate
from settings import Settings
from witness_messages import Message, pack, unpack


class Electorate:
    """The voters, as one central server sees them."""

    def __init__(self, settings: Settings) -> None:
        """Opens a socket for them."""
        self.candidate = Candidate(settings.voters, settings.lease_seconds)
        self.term = secrets.token_hex(8)
        """Term of office in which this server is, or which it asks for."""
        self._settings = settings
        self._names = {address: name for name, address in settings.voters.items()}
        self._open: dict[str, float] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((settings.address, 0))

    def close(self) -> None:
        """Closes the socket."""
        self._socket.close()

    def look(self) -> None:
        """Asks to whom they have lent."""
        self._question({"kind": "look"})

    def ask(self, *, holds: bool, seconds: float = 0.0) -> None:
        """Asks for the lease; who holds it may ask for more ``seconds`` than usual."""
        cut_off = self.is_cut_off(time.monotonic())
        self._question({"kind": "ask", "holds": holds, "seconds": seconds, "cut_off": cut_off})

    def is_cut_off(self, now: float) -> bool:
        """Whether this server reaches fewer than half of the gateways."""
        return self.candidate.is_cut_off(self._settings.gateways, now)

    def give_up(self) -> None:
        """Gives all votes back. The next term is another one."""
        self.candidate.gave_up()
        self._open.clear()
        self._post({"kind": "give up"}, self._settings.voters.values())
        self.term = secrets.token_hex(8)

    def tell_gateways(self) -> None:
        """Says that this server is active."""
        self._post({"kind": "active"}, self._settings.gateways.values())

    def listen(self, seconds: float) -> None:
        """Takes in answers for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._socket], [], [], left)[0]:
                return
            try:
                datagram, (address, _port) = self._socket.recvfrom(65535)
            except OSError:
                continue  # A voter is not there.
            name = self._names.get(address)
            answer = unpack(datagram, self._settings.secret)
            if name and answer and (asked := self._open.get(str(answer.get("asked")))):
                self.candidate.heard(name, str(answer.get("holder", "")), asked)
                if answer.get("kind") == "ask":
                    lent = float(answer.get("seconds", self._settings.lease_seconds))
                    self.candidate.voted(name, asked, lent if answer.get("granted") else 0.0)

    def _question(self, message: Message) -> None:
        now = time.monotonic()
        token = secrets.token_hex(8)
        recent = now - self._settings.lease_seconds
        self._open = {key: value for key, value in self._open.items() if value > recent}
        self._open[token] = now
        self._post({**message, "asked": token}, self._settings.voters.values())

    def _post(self, message: Message, addresses: Iterable[str]) -> None:
        signed = {**message, "host": self._settings.host, "term": self.term}
        datagram = pack(signed, self._settings.secret)
        for address in addresses:
            try:
                self._socket.sendto(datagram, (address, self._settings.port))
            except OSError:
                continue  # No way there: it does not answer.
