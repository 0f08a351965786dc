# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls out: which numbers may be dialled, on which trunk groups, by which seats."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from .accounts import Account
from .dial_patterns import NUMBER, covering_patterns, matches, shortest
from .menus import NAME, NAME_RULE
from .sentences import nearest_option, unknown_options

OPTIONS = ("trunk_groups", "strip", "prefix", "class", "caller_id", "blocked")
"""What a pattern of ``central_outgoing`` may say."""
EMERGENCY_OPTIONS = ("trunk_groups", "caller_id")
"""What a number of ``central_emergency`` may say."""
EXTENSION = "{extension}"
"""Stands for the extension of the caller in a caller id."""

_TRUNK_GROUP = re.compile(r"[A-Za-z0-9_]+")
"""What the gateways take for the name of a trunk group."""
_EMERGENCY = re.compile(r"[0-9]{2,8}")
_CALLER_ID = re.compile(r"\+?[0-9]{2,15}")
_CODE = re.compile(r"\*[0-9]{1,4}")


@dataclass(frozen=True)
class NumberPlan:
    """What may be dialled, and what surrounds it."""

    outgoing: Mapping[Any, object]
    """``central_outgoing``."""
    gateways: Sequence[Mapping[str, Any]] = ()
    """``central_gateways``."""
    accounts: Sequence[Account] = ()
    others: Collection[Any] = ()
    """Extensions that are no seats': mailboxes and conference rooms."""
    emergency: Mapping[Any, object] = field(default_factory=dict)
    """``central_emergency``."""
    caller_id: str = ""
    """``central_caller_id``."""
    withhold_code: str = ""
    """``central_withhold_code``."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Name and code of what agents dial."""

    @property
    def trunk_groups(self) -> set[str]:
        """On which calls can go out."""
        return {str(name) for one in self.gateways for name in one.get("trunk_groups") or []}

    @property
    def classes(self) -> set[str]:
        """Of which there are calls."""
        ways = [way for way in self.outgoing.values() if isinstance(way, Mapping)]
        return {str(way["class"]) for way in ways if way.get("class")}


class Caller(TypedDict):
    """Seats that may dial the same and show themselves alike."""

    patterns: list[str]
    """Patterns that take exactly their extensions."""
    classes: list[str] | None
    """Classes of calls that they may dial; None for all."""
    caller_id: str


def callers(accounts: Iterable[Account], caller_id: str) -> list[Caller]:
    """The seats that differ from what holds for all: every call, shown as ``caller_id``.

    It is a number, with EXTENSION in it or not; without one the extension is shown.
    """
    usual = caller_id or EXTENSION
    alike: dict[tuple[tuple[str, ...] | None, str], list[str]] = {}
    for account in accounts:
        if account.phone:
            key = (account.outgoing_classes, account.caller_id or usual)
            alike.setdefault(key, []).append(account.extension)
    alike.pop((None, usual), None)
    return [
        {
            "patterns": covering_patterns(extensions),
            "classes": None if classes is None else list(classes),
            "caller_id": shown,
        }
        for (classes, shown), extensions in alike.items()
    ]


def outgoing_problems(plan: NumberPlan) -> list[str]:
    """Sentences that say what is wrong with the calls out."""
    problems = []
    for pattern, way in plan.outgoing.items():
        problems += _pattern_problems(str(pattern), plan)
        problems += _way_problems(f"central_outgoing: {pattern}", str(pattern), way, plan)
    for number, way in plan.emergency.items():
        problems += _emergency_problems(str(number), way, plan)
    problems += _caller_id_problems("central_caller_id", plan.caller_id)
    problems += _code_problems(plan)
    for account in plan.accounts:
        problems += _account_problems(account, plan)
    return problems


def sent_out(patterns: Iterable[object], what: str, number: str) -> list[str]:
    """Sentences on the patterns of calls out that would take those for ``what`` at ``number``."""
    return [
        f"central_outgoing: {pattern} would send calls for {what} out, choose a pattern that no "
        "extension matches, such as _9XXX."
        for pattern in map(str, patterns)
        if matches(pattern, number)
    ]


def _pattern_problems(pattern: str, plan: NumberPlan) -> list[str]:
    if not NUMBER.fullmatch(pattern):
        return [
            f"central_outgoing: '{pattern}' is neither a telephone number nor a pattern such as "
            "_9X."
        ]
    for account in plan.accounts:
        if found := sent_out([pattern], f"the extension {account.extension}", account.extension):
            return found
    return [
        f"central_outgoing: {pattern} would take the emergency number {number}, choose a pattern "
        "that it does not match, such as one with more digits."
        for number in map(str, plan.emergency)
        if matches(pattern, number)
    ]


def _way_problems(where: str, pattern: str, way: object, plan: NumberPlan) -> list[str]:
    if not isinstance(way, Mapping):
        return [f"{where}: '{way}' is no mapping, write for example {{trunk_groups: [carrier_a]}}."]
    problems = unknown_options(where, way, OPTIONS)
    blocked = way.get("blocked", False)
    if not isinstance(blocked, bool):
        problems.append(f"{where}: blocked '{blocked}' is neither true nor false.")
    elif blocked:
        return problems + [
            f"{where}: it is blocked, so that {option} has no effect: remove one of the two."
            for option in OPTIONS
            if option in way and option != "blocked"
        ]
    problems += _trunk_group_problems(where, way.get("trunk_groups"), plan.trunk_groups)
    problems += _number_problems(where, pattern, way)
    name = way.get("class")
    if name is not None and not NAME.fullmatch(str(name)):
        problems.append(f"{where}: class '{name}' is no name, {NAME_RULE}.")
    return problems + _caller_id_problems(f"{where}: caller_id", way.get("caller_id"))


def _number_problems(where: str, pattern: str, way: Mapping[Any, object]) -> list[str]:
    problems = []
    strip = way.get("strip", 0)
    if not str(strip).isdecimal():
        problems.append(f"{where}: strip '{strip}' is not a number, use 0 or more.")
    elif NUMBER.fullmatch(pattern) and int(str(strip)) >= shortest(pattern):
        problems.append(
            f"{where}: strip {strip} would leave nothing of a number of {shortest(pattern)} "
            "digits, use less."
        )
    prefix = str(way.get("prefix") or "")
    if not re.fullmatch(r"[0-9+*#]*", prefix):
        problems.append(
            f"{where}: prefix '{prefix}' has other characters than digits, '+', '*' and '#'."
        )
    return problems


def _emergency_problems(number: str, way: object, plan: NumberPlan) -> list[str]:
    where = f"central_emergency: {number}"
    if not _EMERGENCY.fullmatch(number):
        return [
            f"central_emergency: '{number}' is no emergency number, use two to eight digits, in "
            "quotes if the first one is 0."
        ]
    if any(account.extension == number for account in plan.accounts):
        return [f"{where} is the extension of a seat too, give the seat another one."]
    if number in map(str, plan.others):
        return [f"{where} is a mailbox or conference room too, give that another extension."]
    if not isinstance(way, Mapping):
        return [f"{where}: '{way}' is no mapping, write for example {{trunk_groups: [carrier_a]}}."]
    return [
        *unknown_options(where, way, EMERGENCY_OPTIONS),
        *_trunk_group_problems(where, way.get("trunk_groups"), plan.trunk_groups),
        *_caller_id_problems(f"{where}: caller_id", way.get("caller_id")),
    ]


def _trunk_group_problems(where: str, groups: object, known: set[str]) -> list[str]:
    if not isinstance(groups, list) or not groups:
        return [f"{where}: trunk_groups is no list of names, write for example [carrier_a]."]
    problems = [
        f"{where}: no gateway can call out on a trunk group '{group}', "
        f"{nearest_option(str(group), known)}."
        for group in groups
        if str(group) not in known
    ]
    return problems + [
        f"{where}: a trunk group for calls out cannot be called '{group}', give its circuits a "
        "trunk_group of letters, digits and '_'."
        for group in groups
        if str(group) in known and not _TRUNK_GROUP.fullmatch(str(group))
    ]


def _caller_id_problems(where: str, caller_id: object, extension: str = "1001") -> list[str]:
    if caller_id is None or caller_id == "":
        return []
    if _CALLER_ID.fullmatch(str(caller_id).replace(EXTENSION, extension)):
        return []
    return [
        f"{where} '{caller_id}' is no telephone number, use up to 15 digits, with '+' in front of "
        "a country code."
    ]


def _code_problems(plan: NumberPlan) -> list[str]:
    code = plan.withhold_code
    if not code:
        return []
    if not _CODE.fullmatch(code):
        return [f"central_withhold_code: '{code}' is no code, use '*' and one to four digits."]
    return [
        f"central_withhold_code: {code} and {other}, which phones dial for {name}, begin alike, so "
        "that what follows a code could not be told from it: choose another one."
        for name, other in plan.codes.items()
        if code.startswith(other) or other.startswith(code)
    ]


def _account_problems(account: Account, plan: NumberPlan) -> list[str]:
    where = f"central_accounts: extension {account.extension}"
    if not account.phone:
        return [
            f"{where}: {option} has no effect without a phone, set it for the phones at which the "
            "agent logs in."
            for option, value in (
                ("outgoing_classes", account.outgoing_classes),
                ("caller_id", account.caller_id or None),
            )
            if value is not None
        ]
    problems = [
        f"{where}: outgoing_classes: no calls of central_outgoing have the class '{name}', "
        f"{nearest_option(name, plan.classes)}."
        for name in account.outgoing_classes or ()
        if name not in plan.classes
    ]
    return problems + _caller_id_problems(
        f"{where}: caller_id", account.caller_id, account.extension
    )
