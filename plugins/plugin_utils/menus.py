# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IVR of a gateway as its inventory has it: numbers and menus, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from .caller_priorities import read_priority
from .dial_patterns import OTHER_NUMBERS, patterns_of
from .prompts import LANGUAGE
from .reading import OptionError
from .sentences import nearest, unknown_options

TARGETS = ("queue", "extension", "menu", "announcement")
"""What a number, a digit, an unanswered menu or closing time may lead to."""

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
"""Name of a menu or of opening hours: it becomes part of a context's name."""
NAME_RULE = "use a lower-case letter followed by up to 39 letters, digits, '-' or '_'"

_KEYS = tuple("0123456789*#")
_LISTS = ("announcement", "prompt", "invalid_announcement")
_COUNTS = ("seconds", "tries")
_WAYS = ("otherwise", "invalid", "closed")
_OPTIONS = (*_LISTS, *_COUNTS, "digits", "extensions", *_WAYS, "hours", "language")
_NUMBER_OPTIONS = ("hours", "closed", "language", "priority")
_DECLARED_IN = {
    "menu": "gateway_menus",
    "queue": "central_queues",
    "extension": "central_accounts",
}


@dataclass(frozen=True)
class Surroundings:
    """What menus and numbers may name."""

    queues: Collection[str] = ()
    extensions: Collection[str] = ()
    """Empty if unknown."""
    hours: Collection[str] = ()
    menus: Collection[str] = ()

    def declared(self, kind: str) -> Collection[str] | None:
        """Names of that kind; None if there is no list of them."""
        if kind == "extension":
            return self.extensions or None
        return {"queue": self.queues, "menu": self.menus}.get(kind)


def menu_problems(
    menus: Mapping[str, object], numbers: Mapping[str, object], around: Surroundings
) -> list[str]:
    """Sentences that say what is wrong with the menus and the numbers that lead to them."""
    around = replace(around, menus=list(menus))
    problems = []
    for name, menu in menus.items():
        where = f"gateway_menus: {name}"
        if not NAME.fullmatch(str(name)):
            problems.append(f"{where}: no menu name, {NAME_RULE}.")
        if not isinstance(menu, Mapping) or not (
            menu.get("digits") or menu.get("otherwise") or menu.get("extensions")
        ):
            problems.append(f"{where}: leads nowhere, give it digits or otherwise.")
        else:
            problems += _option_problems(where, menu, around)
            problems += _way_problems(where, menu, around)
    problems += _number_problems(numbers, around)
    return problems or _circles(menus)


def _option_problems(where: str, menu: Mapping[str, object], around: Surroundings) -> list[str]:
    problems = unknown_options(where, menu, _OPTIONS)
    for option in _LISTS:
        if option in menu and not isinstance(menu[option], list):
            value = menu[option]
            problems.append(f"{where}: {option}: '{value}' is no list, write [{value}].")
    problems += [
        f"{where}: {option}: '{menu[option]}' is not a number, use 1 or more."
        for option in _COUNTS
        if option in menu and not re.fullmatch("[1-9][0-9]*", str(menu[option]))
    ]
    if not isinstance(menu.get("extensions", False), bool):
        problems.append(f"{where}: extensions: '{menu['extensions']}' is neither true nor false.")
    return problems + _common_problems(where, menu, around)


def _common_problems(where: str, entry: Mapping[str, object], around: Surroundings) -> list[str]:
    """Of the options that menus and numbers share."""
    problems = []
    hours, language = entry.get("hours"), entry.get("language")
    if isinstance(hours, list | Mapping):
        problems.append(
            f"{where}: hours: '{hours}' is no name, declare the hours in gateway_hours, for "
            "example office: {mon-fri: 8:00-18:00}, and write hours: office."
        )
    elif hours is not None and hours not in around.hours:
        problems.append(
            f"{where}: hours: '{hours}' is not declared in gateway_hours, "
            f"{nearest(str(hours), around.hours)}."
        )
    if "closed" in entry and hours is None:
        problems.append(f"{where}: closed: there are no hours, add the name of some as hours.")
    if language is not None and not LANGUAGE.fullmatch(str(language)):
        problems.append(
            f"{where}: language: '{language}' is no language, write one such as es or pt_BR."
        )
    return problems


def _way_problems(where: str, menu: Mapping[str, object], around: Surroundings) -> list[str]:
    digits = menu.get("digits") or {}
    problems = []
    if not isinstance(digits, Mapping):
        problems.append(
            f"{where}: digits: '{digits}' is no mapping of keys and targets, write for example "
            "{'1': {queue: sales}}."
        )
        digits = {}
    for digit, target in digits.items():
        if str(digit) not in _KEYS:
            problems.append(
                f"{where}: digits: '{digit}' is no key of a telephone, use one of 0 to 9, * and #."
            )
        problems += _target_problems(f"{where}: digit {digit}", target, around)
    for option in _WAYS:
        if menu.get(option):
            problems += _target_problems(f"{where}: {option}", menu[option], around)
    if menu.get("extensions") is True:
        problems += _clashes(where, [str(digit) for digit in digits], around.extensions)
    return problems


def _clashes(where: str, digits: Sequence[str], extensions: Collection[str]) -> list[str]:
    """Asterisk would wait for the rest of an extension after the digit."""
    if not extensions:
        return [f"{where}: extensions: there is no seat to dial, declare it in central_accounts."]
    begun = ((digit, next((e for e in extensions if e.startswith(digit)), "")) for digit in digits)
    return [
        f"{where}: digit {digit} is the beginning of the extension {extension}, which can be "
        "dialled here too: choose another digit or remove extensions: true."
        for digit, extension in begun
        if extension
    ]


def _target_problems(
    where: str, target: object, around: Surroundings, options: Collection[str] = ("language",)
) -> list[str]:
    kinds = [key for key in target if key not in options] if isinstance(target, Mapping) else []
    if not isinstance(target, Mapping) or len(kinds) != 1:
        return [f"{where}: needs exactly one target, one of {', '.join(TARGETS)}."]
    kind, value = kinds[0], target[kinds[0]]
    if kind not in TARGETS:
        return [f"{where}: unknown target '{kind}', use one of {', '.join(TARGETS)}."]
    if kind == "extension":
        if not str(value).isdigit():
            return [f"{where}: extension '{value}' is not a number, give one such as '1001'."]
        value = str(value)
    problems = _common_problems(where, target, around)
    if kind == "announcement" and not (value and isinstance(value, str | list)):
        problems.append(
            f"{where}: announcement: '{value}' are no sounds, write for example [hello]."
        )
    declared = around.declared(kind)
    if declared is not None and value not in declared:
        problems.append(
            f"{where}: {kind} '{value}' is not declared in {_DECLARED_IN[kind]}, "
            f"{nearest(str(value), declared)}."
        )
    return problems


def _number_problems(numbers: Mapping[str, object], around: Surroundings) -> list[str]:
    problems = []
    for number, entry in numbers.items():
        where = f"gateway_numbers: {number}"
        if number != OTHER_NUMBERS and not patterns_of(str(number)):
            problems.append(
                f"gateway_numbers: '{number}' is neither a telephone number nor a pattern such as "
                "_55501XX nor a range such as 5550100-5550199."
            )
        if isinstance(entry, Mapping):
            problems += _target_problems(where, entry, around, _NUMBER_OPTIONS)
            problems += _priority_problems(str(number), entry.get("priority"))
            if entry.get("closed"):
                problems += _target_problems(f"{where}: closed", entry["closed"], around)
        elif entry not in around.menus:
            problems.append(
                f"{where}: menu '{entry}' is not declared in gateway_menus, "
                f"{nearest(str(entry), around.menus)}."
            )
    problems += [
        f"gateway_numbers: {one} and {other} have numbers in common, make one of them smaller."
        for one, other in combinations(map(str, numbers), 2)
        if _same_numbers(one, other)
    ]
    return problems


def _priority_problems(number: str, priority: object) -> list[str]:
    try:
        read_priority(("gateway_numbers", number, "priority"), priority or 0)
    except OptionError as error:
        return [str(error)]
    return []


def _same_numbers(one: str, other: str) -> bool:
    """A number or a pattern inside of a range is an exception from it; two ranges are a slip."""
    if set(patterns_of(one)) & set(patterns_of(other)):
        return True
    ends = [
        number.split("-") for number in (one, other) if number[:1] != "_" and patterns_of(number)
    ]
    if [len(pair) for pair in ends] != [2, 2] or len(ends[0][0]) != len(ends[1][0]):
        return False
    return max(first for first, _last in ends) <= min(last for _first, last in ends)


def _circles(menus: Mapping[str, object]) -> list[str]:
    """Menus which a caller who presses nothing would never leave."""
    problems = []
    told: set[str] = set()
    for start in map(str, menus):
        way = _way_back(menus, [start])
        if way and not told & set(way):
            told |= set(way)
            problems.append(
                f"gateway_menus: {start}: a caller who presses nothing would go round for ever "
                f"({' - '.join([*way, start])}): let one of them lead to a queue, an extension or "
                "an announcement."
            )
    return problems


def _way_back(menus: Mapping[str, object], way: list[str]) -> list[str]:
    """The menus from the first one on the way back to it, without a key pressed; [] if none."""
    for following in _without_a_key(menus[way[-1]]):
        if following == way[0]:
            return way
        if following not in way and (found := _way_back(menus, [*way, following])):
            return found
    return []


def _without_a_key(menu: object) -> list[str]:
    targets = (
        [menu.get(option) for option in ("otherwise", "closed")]
        if isinstance(menu, Mapping)
        else []
    )
    return [
        str(target["menu"])
        for target in targets
        if isinstance(target, Mapping) and "menu" in target
    ]
