# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The digital lines that a span can be: time slots, D-channel, framing and coding.

T1: ANSI T1.403, 24 time slots, PRI D-channel in the last one (ANSI T1.408, ITU-T Q.931). E1: ITU-T
G.703/G.704, 31 usable time slots, D-channel or CAS signalling in slot 16 (ITU-T G.732). J1: TTC
JT-G704, slots as T1. The words for framing and coding are those of DAHDI's ``system.conf``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A kind of digital line. The first framing and coding are the usual ones of a PRI."""

    name: str
    slots: int
    """Time slots that DAHDI gives to the span's channels."""
    d_channel: int
    """Time slot of the D-channel, and of the signalling of an E1 with CAS; from 1."""
    pri_framings: tuple[str, ...]
    cas_framings: tuple[str, ...]
    codings: tuple[str, ...]
    pri_channels: int
    """Calls that a PRI carries."""
    cas_channels: int
    """Calls that a line with channel-associated signalling carries."""


LINES = {
    "t1": Line("t1", 24, 24, ("esf", "d4"), ("esf", "d4"), ("b8zs", "ami"), 23, 24),
    "e1": Line("e1", 31, 16, ("ccs",), ("cas",), ("hdb3", "ami"), 30, 30),
    "j1": Line("j1", 24, 24, ("esf", "d4"), ("esf", "d4"), ("b8zs", "ami"), 23, 24),
}
"""Every kind of digital line by its name."""
