# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IVR of a gateway: numbers lead to menus, digits lead to targets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .dial_patterns import NUMBER
from .sentences import nearest

TARGETS = ("queue", "extension", "menu", "announcement")
"""What a digit, an unanswered menu or closing time may lead to."""

_MENU_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TIME = "([01]?[0-9]|2[0-3]):[0-5][0-9]"
_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_DATE = "(0?[1-9]|[12][0-9]|3[01])"
_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_HOURS = re.compile(
    rf"(\*|{_TIME}-{_TIME}),(\*|{_DAY}(-{_DAY})?),(\*|{_DATE}(-{_DATE})?),(\*|{_MONTH}(-{_MONTH})?)"
)
_KEYS = tuple("0123456789*#")
_LISTS = ("hours", "announcement", "prompt")
_COUNTS = ("seconds", "tries")
_OPTIONS = (*_LISTS, *_COUNTS, "digits", "otherwise", "closed")
_DECLARED_IN = {"menu": "gateway_menus", "queue": "central_queues"}


def menu_problems(
    menus: Mapping[str, object],
    numbers: Mapping[str, object],
    queues: Iterable[str],
) -> list[str]:
    """Sentences that say what is wrong with the menus and the numbers that lead to them."""
    known = {"menu": list(menus), "queue": list(queues)}
    problems = []
    for name, menu in menus.items():
        where = f"gateway_menus: {name}"
        if not _MENU_NAME.fullmatch(str(name)):
            problems.append(
                f"{where}: no menu name, use a lower-case letter followed by up to 39 letters, "
                "digits, '-' or '_'."
            )
        if isinstance(menu, Mapping):
            problems += _option_problems(where, menu) + _way_problems(where, menu, known)
        else:
            problems.append(f"{where}: leads nowhere, give it digits or otherwise.")
    for number, menu_name in numbers.items():
        if not NUMBER.fullmatch(str(number)):
            problems.append(
                f"gateway_numbers: '{number}' is neither a telephone number nor a pattern such as "
                "_55501XX."
            )
        if menu_name not in known["menu"]:
            problems.append(
                f"gateway_numbers: {number}: menu '{menu_name}' is not declared in gateway_menus, "
                f"{nearest(str(menu_name), known['menu'])}."
            )
    return problems


def _option_problems(where: str, menu: Mapping[str, object]) -> list[str]:
    problems = []
    for option, value in menu.items():
        if option not in _OPTIONS:
            problems.append(
                f"{where}: unknown option '{option}', use one of {', '.join(_OPTIONS)}."
            )
        elif option in _LISTS and not isinstance(value, list):
            problems.append(f"{where}: {option}: '{value}' is no list, write [{value}].")
        elif option in _COUNTS and not re.fullmatch("[1-9][0-9]*", str(value)):
            problems.append(f"{where}: {option}: '{value}' is not a number, use 1 or more.")
    hours = menu.get("hours")
    problems += [
        f"{where}: hours: '{line}' is not times,weekdays,days,months, write for example "
        "'8:00-18:00,mon-fri,*,*'."
        for line in (hours if isinstance(hours, list) else [])
        if not _HOURS.fullmatch(str(line))
    ]
    return problems


def _way_problems(
    where: str, menu: Mapping[str, object], known: Mapping[str, list[str]]
) -> list[str]:
    digits = menu.get("digits") or {}
    if not digits and not menu.get("otherwise"):
        return [f"{where}: leads nowhere, give it digits or otherwise."]
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
        problems += _target_problems(f"{where}: digit {digit}", target, known)
    for option in ("otherwise", "closed"):
        if menu.get(option):
            problems += _target_problems(f"{where}: {option}", menu[option], known)
    return problems


def _target_problems(where: str, target: object, known: Mapping[str, list[str]]) -> list[str]:
    if not isinstance(target, Mapping) or len(target) != 1:
        return [f"{where}: needs exactly one target, one of {', '.join(TARGETS)}."]
    kind, value = next(iter(target.items()))
    if kind not in TARGETS:
        return [f"{where}: unknown target '{kind}', use one of {', '.join(TARGETS)}."]
    if kind in known and value not in known[kind]:
        return [
            f"{where}: {kind} '{value}' is not declared in {_DECLARED_IN[kind]}, "
            f"{nearest(str(value), known[kind])}."
        ]
    if kind == "extension" and not str(value).isdigit():
        return [f"{where}: extension '{value}' is not a number, give one such as '1001'."]
    return []
