# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exit status 0 when the Asterisk of this host answers OPTIONS (RFC 3261 section 11)."""

from __future__ import annotations

import secrets
import socket
import sys
import time
from pathlib import Path

PORT = 5070
ANSWER_SECONDS = 0.8
GRACE_FILE = Path("/run/trunkline-promoting")
GRACE_SECONDS = 15.0


def request(address: str, local: tuple[str, int]) -> bytes:
    """The OPTIONS request, from ``local`` to ``address``."""
    token = secrets.token_hex(8)
    here = f"{local[0]}:{local[1]}"
    lines = [
        f"OPTIONS sip:health@{address}:{PORT} SIP/2.0",
        f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{token};rport",
        "Max-Forwards: 5",
        f"From: <sip:health@{here}>;tag={token}",
        f"To: <sip:health@{address}>",
        f"Call-ID: {token}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answers(address: str) -> bool:
    """Whether a final 2xx response comes in time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(ANSWER_SECONDS)
        sock.connect((address, PORT))
        try:
            sock.send(request(address, sock.getsockname()))
            return sock.recv(4096).startswith(b"SIP/2.0 2")
        except OSError:
            return False


def promoting() -> bool:
    """Whether a promotion restarts Asterisk just now: its silence is no fault then."""
    try:
        return time.time() - GRACE_FILE.stat().st_mtime < GRACE_SECONDS
    except OSError:
        return False


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: trunkline_health.py ADDRESS")
    sys.exit(0 if promoting() or answers(sys.argv[1]) else 1)
