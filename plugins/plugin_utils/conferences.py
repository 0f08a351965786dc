# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conference rooms, which gateways mix."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .accounts import extension_problem
from .outgoing import sent_out
from .sentences import unknown_options

CONFERENCE_OPTIONS = ("pin",)
"""What a room of ``central_conferences`` may say."""

_PIN = re.compile(r"[0-9]{1,10}")


def conference_problems(
    conferences: Mapping[str, object], taken: Collection[str], outgoing: Collection[object]
) -> list[str]:
    """Sentences that say what is wrong with the rooms.

    ``taken`` are the extensions of seats and mailboxes, ``outgoing`` the patterns of calls out.
    """
    problems = []
    for number, options in conferences.items():
        problems += _room_problems(str(number), options)
        if str(number) in taken:
            problems.append(
                f"central_conferences: {number} is the extension of a seat or mailbox, choose "
                "another one."
            )
        problems += sent_out(outgoing, f"the conference {number}", str(number))
    return problems


def _room_problems(number: str, options: object) -> list[str]:
    where = f"central_conferences: {number}"
    if problem := extension_problem("central_conferences", number):
        return [problem]
    if not isinstance(options, Mapping | None):
        return [f"{where}: '{options}' is no mapping, write for example {{pin: '4711'}}."]
    problems = unknown_options(where, options or (), CONFERENCE_OPTIONS)
    pin = (options or {}).get("pin")
    if pin is not None and not (isinstance(pin, str) and _PIN.fullmatch(pin)):
        problems.append(
            f"{where}: pin is no number in quotes, write 1 to 10 digits such as '4711'."
        )
    return problems
