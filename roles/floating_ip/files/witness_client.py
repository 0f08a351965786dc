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

REPEAT_SECONDS = 0.2
"""A datagram may be lost: who has not answered is asked again."""


def ask_all(
    addresses: Iterable[str], message: Message, secret: str, seconds: float, port: int = PORT
) -> dict[str, Message]:
    """Address of each witness that answered within ``seconds``, and its answer."""
    wanted = set(addresses)
    answers: dict[str, Message] = {}
    token = secrets.token_hex(8)
    datagram = pack({**message, "asked": token}, secret)
    due = time.monotonic()
    deadline = due + seconds
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        while (silent := wanted - answers.keys()) and (now := time.monotonic()) < deadline:
            if now >= due:
                _post(sock, datagram, [(address, port) for address in silent])
                due = now + REPEAT_SECONDS
            if not select.select([sock], [], [], max(0.0, min(due, deadline) - now))[0]:
                continue
            try:
                content, (sender, _port) = sock.recvfrom(65535)
            except OSError:
                continue
            answer = unpack(content, secret)
            if answer and answer.get("asked") == token and sender in wanted:
                answers[sender] = answer
    return answers


def _post(sock: socket.socket, datagram: bytes, addresses: Iterable[tuple[str, int]]) -> None:
    for address in addresses:
        try:
            sock.sendto(datagram, address)
        except OSError:
            continue  # No way there: it will not answer.
