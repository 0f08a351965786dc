# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephone numbers and Asterisk's patterns for them, such as ``_55501XX``."""

from __future__ import annotations

import re
from collections.abc import Iterable

NUMBER = re.compile(r"\+?\d+|_[0-9XZN\[+][0-9XZN.!\[\]+-]*")
"""A telephone number or a pattern."""

MOST_NUMBERS = 10_000
"""Numbers of one range; a longer one is a slip of the keyboard."""

OTHER_NUMBERS = "default"
"""Stands for all numbers that no other entry takes."""

_RANGE = re.compile(r"(\+?)(\d+)-(\+?)(\d+)")
_CLASSES = {"0123456789": "X", "123456789": "Z", "23456789": "N"}
_PARTS = re.compile(r"\[[^]]*\]|.")
_LETTERS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "!": ".*", "-": ""}
"""Asterisk passes over the dash, which people write to read a number more easily."""


def matches(pattern: str, number: str) -> bool:
    """Whether Asterisk takes ``number`` for a call to ``pattern``."""
    if not pattern.startswith("_"):
        return pattern == number
    expression = "".join(_expression(part) for part in _PARTS.findall(pattern[1:]))
    try:
        return re.fullmatch(expression, number) is not None
    except re.error:
        return False


def _expression(part: str) -> str:
    if len(part) == 1:
        return _LETTERS.get(part, re.escape(part))
    # Python keeps these two for operators on sets.
    inside = part[1:-1].replace("[", r"\[").replace("--", r"-\-")
    return f"[{inside}]"


def shortest(pattern: str) -> int:
    """Digits that a number has at least to be taken by ``pattern``."""
    if not pattern.startswith("_"):
        return len(pattern)
    return sum(part not in {"!", "-"} for part in _PARTS.findall(pattern[1:]))


def may_begin(pattern: str, prefix: str) -> bool:
    """Whether ``pattern`` takes a number that goes on after ``prefix``."""
    if not pattern.startswith("_"):
        return pattern.startswith(prefix) and pattern != prefix
    parts = [part for part in _PARTS.findall(pattern[1:]) if part != "-"]
    for digit in prefix:
        if not parts:
            return False
        part = parts[0]
        if part in {".", "!"}:
            return True
        if not matches(f"_{part}", digit):
            return False
        parts.pop(0)
    return bool(parts)


def patterns_of(entry: str) -> list[str]:
    """Patterns and numbers for what an inventory writes: a number, a pattern or a range of numbers.

    Nothing for anything else, such as a range that goes downwards.
    """
    match = _RANGE.fullmatch(entry)
    if not match:
        return [entry] if NUMBER.fullmatch(entry) else []
    first, last = match[2], match[4]
    if match[1] != match[3] or len(first) != len(last):
        return []
    numbers = range(int(first), min(int(last) + 1, int(first) + MOST_NUMBERS + 1))
    if len(numbers) > MOST_NUMBERS:
        return []
    return covering_patterns(f"{match[1]}{number:0{len(first)}}" for number in numbers)


def leads(entry: str, number: str) -> bool:
    """Whether calls to ``number`` may be those that ``entry`` of ``gateway_numbers`` is for."""
    return entry == OTHER_NUMBERS or any(matches(each, number) for each in patterns_of(entry))


def covering_patterns(numbers: Iterable[str]) -> list[str]:
    """Patterns that take exactly these numbers, each of them once."""
    found = _covering(frozenset(numbers))
    return sorted(body if NUMBER.fullmatch(body) else f"_{body}" for body in found)


def _covering(numbers: frozenset[str]) -> list[str]:
    if not numbers - {""}:
        return [""] if numbers else []
    ends: dict[str, set[str]] = {}
    for number in numbers - {""}:
        ends.setdefault(number[0], set()).add(number[1:])
    alike: dict[frozenset[str], str] = {}
    for key in sorted(ends):
        rest = frozenset(ends[key])
        alike[rest] = alike.get(rest, "") + key
    found = [_class(keys) + pattern for rest, keys in alike.items() for pattern in _covering(rest)]
    return ([""] if "" in numbers else []) + found


def _class(keys: str) -> str:
    return keys if len(keys) == 1 else _CLASSES.get(keys, f"[{keys}]")
