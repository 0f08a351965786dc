# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conference rooms, which gateways mix."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from .accounts import LONGEST_EXTENSION
from .dial_patterns import matches
from .sentences import nearest_option

CONFERENCE_OPTIONS = ("pin",)
"""What a room of ``central_conferences`` may say."""

_NUMBER = re.compile(rf"[0-9]{{1,{LONGEST_EXTENSION}}}")
_PIN = re.compile(r"[0-9]{1,10}")


def conference_problems(
    conferences: Mapping[str, object], taken: Collection[str], outgoing: Iterable[object]
) -> list[str]:
    """Sentences that say what is wrong with the rooms.

    ``taken`` are the extensions of seats and mailboxes, ``outgoing`` the patterns of calls out.
    """
    patterns = [str(pattern) for pattern in outgoing]
    problems = []
    for number, options in conferences.items():
        problems += _room_problems(str(number), options)
        if str(number) in taken:
            problems.append(
                f"central_conferences: {number} is the extension of a seat or mailbox, choose "
                "another one."
            )
        problems += [
            f"central_outgoing: {pattern} would send calls for the conference {number} out, choose "
            "a pattern that no extension matches, such as _9XXX."
            for pattern in patterns
            if matches(pattern, str(number))
        ]
    return problems


def _room_problems(number: str, options: object) -> list[str]:
    where = f"central_conferences: {number}"
    if not _NUMBER.fullmatch(number):
        return [
            f"central_conferences: '{number}' is no extension, use up to {LONGEST_EXTENSION} "
            "digits."
        ]
    if not isinstance(options, Mapping | None):
        return [f"{where}: '{options}' is no mapping, write for example {{pin: '4711'}}."]
    problems = [
        f"{where}: unknown option '{option}', {nearest_option(str(option), CONFERENCE_OPTIONS)}."
        for option in options or {}
        if option not in CONFERENCE_OPTIONS
    ]
    pin = (options or {}).get("pin")
    if pin is not None and not (isinstance(pin, str) and _PIN.fullmatch(pin)):
        problems.append(
            f"{where}: pin is no number in quotes, write 1 to 10 digits such as '4711'."
        )
    return problems
