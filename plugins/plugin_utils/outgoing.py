# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls out: which numbers may be dialled, on which trunk groups, by which seats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .dial_patterns import NUMBER, matches, shortest
from .sentences import nearest_option

OPTIONS = ("trunk_groups", "strip", "prefix")
"""What a pattern of ``central_outgoing`` may say."""

_TRUNK_GROUP = re.compile(r"[A-Za-z0-9_]+")
"""What the gateways take for the name of a trunk group."""


def outgoing_problems(
    outgoing: Mapping[Any, object],
    gateways: Sequence[Mapping[str, Any]],
    extensions: Sequence[str],
) -> list[str]:
    """Sentences that say what is wrong with the ways out.

    ``extensions`` are those that have an account.
    """
    known = {str(group) for gateway in gateways for group in gateway.get("trunk_groups") or []}
    problems = []
    for pattern, way in outgoing.items():
        problems += _pattern_problems(str(pattern), extensions)
        problems += _way_problems(str(pattern), way, known)
    return problems


def _pattern_problems(pattern: str, extensions: Iterable[str]) -> list[str]:
    if not NUMBER.fullmatch(pattern):
        return [
            f"central_outgoing: '{pattern}' is neither a telephone number nor a pattern such as "
            "_9X."
        ]
    if seat := next((one for one in extensions if matches(pattern, one)), None):
        return [
            f"central_outgoing: {pattern} would send calls for the extension {seat} out, choose a "
            "pattern that no extension matches, such as _9XXX."
        ]
    return []


def _way_problems(pattern: str, way: object, known: set[str]) -> list[str]:
    where = f"central_outgoing: {pattern}"
    if not isinstance(way, Mapping):
        return [f"{where}: '{way}' is no mapping, write for example {{trunk_groups: [carrier_a]}}."]
    problems = _unknown_options(where, way, OPTIONS)
    problems += _trunk_group_problems(where, way.get("trunk_groups"), known)
    strip = way.get("strip", 0)
    if not str(strip).isdecimal():
        problems.append(f"{where}: strip '{strip}' is not a number, use 0 or more.")
    elif NUMBER.fullmatch(pattern) and int(strip) >= shortest(pattern):
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


def _unknown_options(where: str, way: Mapping[Any, object], options: Iterable[str]) -> list[str]:
    return [
        f"{where}: unknown option '{option}', {nearest_option(str(option), options)}."
        for option in way
        if option not in options
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
