# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a server answers OPTIONS (RFC 3261 section 11)."""

from __future__ import annotations

import secrets
import socket

PORT = 5070
"""Where a central server answers at its own address, whoever has the floating one."""
FLOATING_PORT = 5060
"""Where callers and phones find the active one, at the floating address."""


def request(address: str, port: int, local: tuple[str, int]) -> bytes:
    """The OPTIONS request, from ``local`` to ``address``."""
    token = secrets.token_hex(8)
    here = f"{local[0]}:{local[1]}"
    lines = [
        f"OPTIONS sip:health@{address}:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{token};rport",
        "Max-Forwards: 5",
        f"From: <sip:health@{here}>;tag={token}",
        f"To: <sip:health@{address}>",
        f"Call-ID: {token}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answers(address: str, seconds: float, port: int = PORT, source: str = "") -> bool:
    """Whether a final 2xx response comes within ``seconds``, asked from the address ``source``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(seconds)
        try:
            sock.bind((source, 0))
            sock.connect((address, port))
            sock.send(request(address, port, sock.getsockname()))
            return sock.recv(4096).startswith(b"SIP/2.0 2")
        except OSError:
            return False
