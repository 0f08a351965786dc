# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages between central servers and witnesses: one UDP datagram each, JSON, signed.

A datagram is the HMAC-SHA256 (RFC 2104) of its JSON in hexadecimal digits, a space and the JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

PORT = 5072
"""UDP port of a witness."""
TALKING_SECONDS = 0.4
"""After which nobody waits for an answer who is talking."""

Message = dict[str, Any]


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


def pack(message: Message, secret: str) -> bytes:
    """The datagram of a message."""
    body = json.dumps(message, separators=(",", ":"), sort_keys=True).encode()
    return _signature(body, secret) + b" " + body


def unpack(datagram: bytes, secret: str) -> Message | None:
    """The message of a datagram; None when nobody who knows the secret wrote it."""
    signature, _space, body = datagram.partition(b" ")
    if not hmac.compare_digest(signature, _signature(body, secret)):
        return None
    message = json.loads(body)
    return message if isinstance(message, dict) else None


def phones_talking(answers: Mapping[str, Message]) -> dict[str, set[str]]:
    """Address of each gateway that knows it, and the phones with which it has conversations.

    ``answers`` are those to messages of the kind "talking".
    """
    return {
        address: set(answer.get("talking", []))
        for address, answer in answers.items()
        if answer.get("known")
    }
