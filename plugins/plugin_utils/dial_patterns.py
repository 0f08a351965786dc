# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephone numbers and Asterisk's patterns for them, such as ``_55501XX``."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\+?\d+|_[0-9XZN\[+][0-9XZN.!\[\]+-]*")
"""A telephone number or a pattern."""

_PARTS = re.compile(r"\[[^]]*\]|.")
_LETTERS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "!": ".*", "-": ""}
"""Asterisk passes over the dash, which people write to read a number more easily."""


def matches(pattern: str, number: str) -> bool:
    """Whether Asterisk takes ``number`` for a call to ``pattern``."""
    if not pattern.startswith("_"):
        return pattern == number
    expression = "".join(
        part if len(part) > 1 else _LETTERS.get(part, re.escape(part))
        for part in _PARTS.findall(pattern[1:])
    )
    try:
        return re.fullmatch(expression, number) is not None
    except re.error:
        return False


def shortest(pattern: str) -> int:
    """Digits that a number has at least to be taken by ``pattern``."""
    if not pattern.startswith("_"):
        return len(pattern)
    return sum(part not in {"!", "-"} for part in _PARTS.findall(pattern[1:]))
