# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the values of an inventory file; one sentence says what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from .sentences import nearest_option

Path = tuple[str | int, ...]
"""Way to an option from the top of the file: keys, and positions from 0."""

Value = TypeVar("Value")

_WHOLE = re.compile(r"[0-9]{1,9}")


class OptionError(ValueError):
    """A wrong option. ``path`` says where, the text says all of it."""

    def __init__(self, path: Path, problem: str) -> None:
        """``problem`` is the rest of the sentence."""
        shown_path = [str(part + 1) if isinstance(part, int) else one_line(part) for part in path]
        super().__init__(": ".join([*shown_path, problem]))
        self.path = path


def one_line(text: str, most: int = 60) -> str:
    """A text as a sentence shows it: printable, and no more than the beginning of a long one."""
    start = text if len(text) <= most else f"{text[: most - 3]}..."
    return "".join(letter if letter.isprintable() else "?" for letter in start)


def shown(value: object) -> str:
    """A value as a sentence shows it."""
    if value is None:
        return "nothing"
    try:
        text = str(value)
    except ValueError:  # Python writes no integer of more than 4300 digits
        return "a number that is too long"
    return f"'{one_line(text, 58)}'"


def mapping(
    path: Path, value: object, known: Collection[str] | None = None
) -> Mapping[str, object]:
    """A mapping whose keys are ``known`` (None = any text); no value is an empty mapping."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise OptionError(path, f"{shown(value)} is no mapping, write 'option: value' lines.")
    for key in value:
        if not isinstance(key, str):
            raise OptionError(path, f"the key {shown(key)} is no text, put it in quotes.")
        if known is not None and key not in known:
            raise OptionError((*path, key), f"unknown option, {nearest_option(key, known)}.")
    return value


def sequence(path: Path, value: object) -> Sequence[object]:
    """A list."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return value
    raise OptionError(path, f"{shown(value)} is no list, write [one, two].")


def whole(path: Path, value: object, least: int, most: int) -> int:
    """A whole number; text that is one will do."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise OptionError(path, f"{shown(value)} is no whole number from {least} to {most}.")
    return int(value)


def switch(path: Path, value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise OptionError(path, f"{shown(value)} is neither true nor false.")


def choice(path: Path, value: object, choices: Sequence[str]) -> str:
    """One of the ``choices``."""
    if isinstance(value, str) and value in choices:
        return str(value)
    raise OptionError(path, f"{shown(value)} is not known, choose {listed(choices, 'or')}.")


def name(path: Path, value: object, pattern: re.Pattern[str], what: str) -> str:
    """A name that matches ``pattern``; a number will do. ``what`` is the rule, after "write"."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if text is None or not pattern.fullmatch(text):
        raise OptionError(path, f"{shown(value)} is no name, write {what}.")
    return text


def optional(
    options: Mapping[str, object],
    path: Path,
    key: str,
    reader: Callable[[Path, object], Value],
    default: Value,
) -> Value:
    """What ``reader`` makes of the option; the default if it is missing or null."""
    value = options.get(key)
    return default if value is None else reader((*path, key), value)


def listed(names: Sequence[str], word: str = "and") -> str:
    """``a, b and c``."""
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))
