# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends the call of a telephone whose server is dead (RFC 3261 sections 12.2 and 15)."""

from __future__ import annotations

import re
import secrets
import socket
from typing import NamedTuple

ITEMS = ("call-id", "target_uri", "local_uri", "local_tag", "remote_uri", "remote_tag")
"""Of Asterisk's CHANNEL(pjsip,...), in the order of Dialog."""

SEQUENCE = 1_000_000_000
"""No server counts so far; a CSeq has to be less than 2**31."""
ATTEMPTS = 3
SECONDS = 0.3
"""How long an answer may take."""

_TARGET = re.compile(r"sip:(?:[^@]*@)?([\w.-]+)(?::(\d+))?(?:;.*)?", re.IGNORECASE)


class Dialog(NamedTuple):
    """A call between a server, the local side, and a telephone, the remote one."""

    call_id: str
    target: str
    """URI of the telephone."""
    local_uri: str
    local_tag: str
    remote_uri: str
    remote_tag: str


def address(target: str) -> tuple[str, int] | None:
    """Host and port of a SIP URI; None if it is none, or no one for UDP."""
    found = _TARGET.fullmatch(target)
    if not found or re.search(r"transport=(?!udp)", target, re.IGNORECASE):
        return None
    return found[1], int(found[2] or 5060)


def bye(dialog: Dialog, here: tuple[str, int]) -> bytes:
    """The request by which the server, at ``here``, hangs up."""
    lines = [
        f"BYE {dialog.target} SIP/2.0",
        f"Via: SIP/2.0/UDP {here[0]}:{here[1]};branch=z9hG4bK{secrets.token_hex(8)};rport",
        "Max-Forwards: 5",
        f"From: <{dialog.local_uri}>;tag={dialog.local_tag}",
        f"To: <{dialog.remote_uri}>;tag={dialog.remote_tag}",
        f"Call-ID: {dialog.call_id}",
        f"CSeq: {SEQUENCE} BYE",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def hang_up(dialog: Dialog, source: str) -> bool:
    """Whether the telephone has answered a BYE from the address ``source``."""
    there = address(dialog.target)
    if there is None:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(SECONDS)
        try:
            sock.bind((source, 0))
            sock.connect(there)
        except OSError:
            return False
        request = bye(dialog, sock.getsockname())
        for _attempt in range(ATTEMPTS):
            try:
                sock.send(request)
                if sock.recv(4096).startswith(b"SIP/2.0 "):
                    return True
            except OSError:
                continue
    return False
