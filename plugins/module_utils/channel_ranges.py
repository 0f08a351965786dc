# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Channels as DAHDI's files write them: ``1-15,17-31``."""

from __future__ import annotations

import re

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def expand_channels(text: str) -> list[int]:
    """Channels that ``text`` names, in its order. Raises ValueError with one sentence."""
    numbers: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if not match:
            raise ValueError(f"'{text}' are no channels, write for example 1-15,17-31.")
        numbers += range(int(match[1]), int(match[2] or match[1]) + 1)
    return numbers
