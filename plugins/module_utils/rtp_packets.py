# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Audio packets (RFC 3550) with something in them that can be recognised again.

No server of the call center decodes audio, so that every frame has to arrive as it was sent.
"""

from __future__ import annotations

import hashlib
import struct

from .sip_messages import CODECS

FRAME_SAMPLES = 160
"""Timestamp units of 20 ms: 8 kHz, for G.722 too (RFC 3551 section 4.5.2)."""


def frame(speaker: str, codec: str) -> bytes:
    """20 ms of what a speaker says: not to be confused with another speaker's, or with music."""
    size = CODECS[codec].frame_bytes
    return hashlib.shake_128(f"{speaker}/{codec}".encode()).digest(size)


class Sender:
    """One stream of packets."""

    def __init__(self, speaker: str, codec: str, ssrc: int) -> None:
        """Of what ``speaker`` says."""
        self._payload_type = CODECS[codec].payload_type
        self._frame = frame(speaker, codec)
        self._ssrc = ssrc
        self._number = 0

    def packet(self) -> bytes:
        """The next packet."""
        header = struct.pack(
            "!BBHII",
            0x80,
            self._payload_type,
            self._number & 0xFFFF,
            self._number * FRAME_SAMPLES & 0xFFFFFFFF,
            self._ssrc,
        )
        self._number += 1
        return header + self._frame


def payload(data: bytes) -> bytes:
    """The audio of a packet; empty when it is none."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return b""
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        if len(data) < start + 4:
            return b""
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if data[0] & 0x20 else 0)
    return data[start:end]
