# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks many witnesses at once."""

from __future__ import annotations

import secrets
import select
import socket
import time
from collections.abc import Iterable

from witness_messages import PORT, Message, pack, unpack


def ask_all(
    addresses: Iterable[str], message: Message, secret: str, seconds: float, port: int = PORT
) -> dict[str, Message]:
    """Address of each witness that answered within ``seconds``, and its answer."""
    wanted = set(addresses)
    answers: dict[str, Message] = {}
    token = secrets.token_hex(8)
    deadline = time.monotonic() + seconds
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        datagram = pack({**message, "asked": token}, secret)
        for address in wanted:
            try:
                sock.sendto(datagram, (address, port))
            except OSError:
                continue  # No way there: it will not answer.
        while wanted - answers.keys() and (left := deadline - time.monotonic()) > 0:
            if not select.select([sock], [], [], left)[0]:
                break
            try:
                content, (sender, _port) = sock.recvfrom(65535)
            except OSError:
                continue
            answer = unpack(content, secret)
            if answer and answer.get("asked") == token and sender in wanted:
                answers[sender] = answer
    return answers
