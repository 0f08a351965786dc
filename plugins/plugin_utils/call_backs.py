# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queues whose callers need not wait: they are called back when it is their turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import reading
from .dial_patterns import NUMBER, may_begin
from .menus import NAME, NAME_RULE
from .queue_targets import read_sounds
from .reading import OptionError, Path, mapping, shown
from .sentences import nearest_option

SOUNDS = {
    "number": ["vm-num-i-have"],
    "choose": ["vm-tocallnum", "vm-calldiffnum"],
    "type": ["vm-enter-num-to-call"],
    "wrong": ["check-number-dial-again"],
    "accepted": ["auth-thankyou", "vm-goodbye"],
    "wait": ["one-moment-please"],
}
"""What callers hear."""

CallBack = dict[str, Any]
"""All options of the call-backs of a queue, by name."""


@dataclass(frozen=True)
class Option:
    """An option of ``call_back``."""

    name: str
    values: str
    read: Callable[[Path, object], Any]
    default: Any
    meaning: str


def _key(path: Path, value: object) -> str:
    key = "" if isinstance(value, bool) else str(value)
    if not re.fullmatch(r"[0-9*#]", key):
        raise OptionError(path, f"{shown(value)} is no key of a telephone, write one such as '1'.")
    return key


def _prefix(path: Path, value: object) -> str:
    # Other characters would lead to codes of phones.
    if not re.fullmatch(r"[0-9]{0,8}", str(value)):
        raise OptionError(path, f"{shown(value)} is no prefix, write up to 8 digits such as '9'.")
    return str(value)


def _caller_id(path: Path, value: object) -> str:
    if value != "" and not re.fullmatch(r"\+?[0-9]{2,15}", str(value)):
        raise OptionError(
            path,
            f"{shown(value)} is no telephone number, write up to 15 digits, with '+' in front of "
            "a country code.",
        )
    return str(value)


def _classes(path: Path, value: object) -> list[str]:
    rule = NAME_RULE.removeprefix("use ")
    return [reading.name(path, name, NAME, rule) for name in reading.sequence(path, value)]


def _sounds(path: Path, value: object) -> dict[str, list[str]]:
    given = mapping(path, value, SOUNDS)
    for name, sounds in given.items():
        if not read_sounds((*path, name), sounds):
            raise OptionError((*path, name), "has no sounds, write for example [vm-goodbye].")
    return SOUNDS | {name: read_sounds((*path, name), sounds) for name, sounds in given.items()}


def _whole(least: int, most: int) -> Callable[[Path, object], int]:
    return lambda path, value: reading.whole(path, value, least, most)


OPTIONS = (
    Option(
        "digit",
        "0 to 9, `*`, `#`",
        _key,
        None,
        "What callers press while they wait. Tell them, with a recording of yours in "
        "`periodic_announcement`.",
    ),
    Option(
        "prefix",
        "digits",
        _prefix,
        "",
        "What a phone dials before the number of a customer, as `central_outgoing` has it.",
    ),
    Option(
        "outgoing_classes",
        "list of names",
        _classes,
        [],
        "Classes of `central_outgoing` that are called. None by default: only numbers for which "
        "nobody needs a class.",
    ),
    Option(
        "caller_id",
        "telephone number",
        _caller_id,
        "",
        "The number that customers see; else that of the pattern or `central_caller_id`. One of "
        "the three has to be there.",
    ),
    Option(
        "other_number",
        "`true`, `false`",
        reading.switch,
        True,
        "Whether callers may type another number than the one from which they call.",
    ),
    Option(
        "tries", "1 to 10", _whole(1, 10), 3, "How often a customer is called who is not there."
    ),
    Option("retry_minutes", "1 to 240", _whole(1, 240), 10, "How long after the last try."),
    Option(
        "valid_minutes",
        "5 to 2880",
        _whole(5, 2880),
        240,
        "Who has not been reached so long after the wish is called no more.",
    ),
    Option(
        "maximum",
        "1 to 1000",
        _whole(1, 1000),
        50,
        "With so many open call-backs of the queue callers have to wait themselves.",
    ),
    Option("sounds", "lists of sounds", _sounds, {}, "What callers hear, see below."),
)

_BY_NAME = {option.name: option for option in OPTIONS}


class CallBacks:
    """The kind of the option ``call_back``."""

    values = "options, see [below](#call-back)"

    def read(self, path: Path, value: object) -> CallBack | None:
        """All options; None without any. Raises OptionError with one sentence."""
        if value == "":
            return None
        given = mapping(path, value, _BY_NAME)
        if given.get("digit") is None:
            raise OptionError(path, "says no digit, add one such as digit: 1.")
        return {
            option.name: reading.optional(
                given, path, option.name, option.read, option.read(path, option.default)
            )
            if option.default is not None
            else option.read((*path, option.name), given[option.name])
            for option in OPTIONS
        }


def call_back_problems(
    call_backs: Mapping[str, CallBack | None], outgoing: Mapping[str, object], caller_id: str
) -> list[str]:
    """Sentences on queues whose callers could not be called, by name of the queue."""
    return [
        problem
        for name, call_back in call_backs.items()
        if call_back
        for problem in _problems(
            f"central_queues: {name}: call_back", call_back, outgoing, caller_id
        )
    ]


def _problems(
    where: str, call_back: CallBack, outgoing: Mapping[str, object], caller_id: str
) -> Iterator[str]:
    ways = {str(pattern): way for pattern, way in outgoing.items() if isinstance(way, Mapping)}
    known = {str(way["class"]) for way in ways.values() if way.get("class")}
    wrong = [name for name in call_back["outgoing_classes"] if name not in known]
    for name in wrong:
        yield (
            f"{where}: outgoing_classes: no calls of central_outgoing have the class '{name}', "
            f"{nearest_option(name, known)}."
        )
    patterns = [
        pattern
        for pattern, way in ways.items()
        if NUMBER.fullmatch(pattern) and may_be_called(way, call_back["outgoing_classes"])
    ]
    if not wrong and not any(may_begin(pattern, call_back["prefix"]) for pattern in patterns):
        yield (
            f"{where}: no pattern of central_outgoing that it may call takes a number after the "
            f"prefix '{call_back['prefix']}', write the prefix that phones dial or name the class "
            "in outgoing_classes."
        )
    if not call_back["caller_id"] and not caller_id:
        yield (
            f"{where}: customers would see no number, add caller_id here or set central_caller_id."
        )


def may_be_called(way: Mapping[Any, Any], classes: list[str]) -> bool:
    """Whether a call-back may go where a pattern of ``central_outgoing`` leads."""
    return not way.get("blocked") and (not way.get("class") or str(way["class"]) in classes)


def reference() -> Iterator[str]:
    """Rows of a Markdown table of all options."""
    yield "| option | value | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for option in OPTIONS:
        default = str(option.default).lower() if option.default not in (None, "", [], {}) else ""
        shown_default = f"`{default}`" if default else ""
        yield f"| `{option.name}` | {option.values} | {shown_default} | {option.meaning} |"
