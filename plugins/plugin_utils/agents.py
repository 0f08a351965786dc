# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Feature codes of the agents: what they dial to log in and to set their status."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from .queue_targets import read_sounds
from .reading import OptionError
from .sentences import nearest_option

CODES = {
    "login": "*40",
    "ready": "*41",
    "not_ready": "*42",
    "wrapup": "*43",
    "busy": "*44",
    "aux": "*45",
    "logout": "*49",
}
"""Codes that an inventory need not name. Asterisk's own codes of analog telephones are not among
them (chan_dahdi: *0, *60, *67, *69, *70, *72, *73, *78, *79, *82)."""

OTHER_CODES = {"*8": "pickup", "*97": "the own mailbox", "*98": "any mailbox"}
"""Codes of all seats, which agents' codes leave alone."""

PROMPTS = (
    *("Ready", "NotReady", "Wrapup", "Busy", "Aux", "login", "logout"),
    *("ask_agent", "ask_pin", "reason", "no-agent", "invalid", "wrong-pin", "failed"),
)
"""What phones hear when they dial a code."""

_CODE = re.compile(r"\*[0-9]{1,4}")
_REASON_NUMBER = re.compile(r"[1-9][0-9]?")
_REASON = re.compile(r"\w[\w -]{0,39}")
_QUEUE_NUMBER = re.compile(r"[0-9]{1,4}")


def agent_codes(codes: Mapping[str, object]) -> dict[str, str]:
    """All codes, those of the inventory instead of the usual ones; an empty one is switched off."""
    return {name: str(code) for name, code in {**CODES, **codes}.items() if code}


def agent_problems(
    codes: Mapping[str, object], reasons: Mapping[object, object], queues: Mapping[str, object]
) -> list[str]:
    """Sentences that say what is wrong with codes, reasons and the numbers of queues."""
    return _code_problems(codes) + _reason_problems(reasons) + _queue_problems(queues)


def sound_problems(prompts: Mapping[str, object], refusal: object) -> list[str]:
    """Sentences that say what is wrong with ``central_agent_prompts`` and ``central_refusal``."""
    problems = [
        f"central_agent_prompts: there is no prompt '{name}', {nearest_option(str(name), PROMPTS)}."
        for name in prompts
        if name not in PROMPTS
    ]
    wanted: dict[tuple[str, ...], object] = {
        ("central_agent_prompts", str(name)): sounds for name, sounds in prompts.items()
    }
    wanted["central_refusal",] = refusal
    for path, sounds in wanted.items():
        try:
            read = read_sounds(path, sounds)
        except OptionError as error:
            problems.append(str(error))
        else:
            if not read:
                problems.append(f"{': '.join(path)} has no sounds, write for example [beep].")
    return problems


def _code_problems(codes: Mapping[str, object]) -> list[str]:
    problems = [
        f"central_agent_codes: there is no code '{name}', {nearest_option(str(name), CODES)}."
        for name in codes
        if name not in CODES
    ]
    known = {name: code for name, code in agent_codes(codes).items() if name in CODES}
    wrong = {name for name, code in known.items() if not _CODE.fullmatch(code)}
    problems += [
        f"central_agent_codes: {name}: '{known[name]}' is no code, use '*' and one to four digits."
        for name in known
        if name in wrong
    ]
    problems += [
        f"central_agent_codes: {one} {known[one]} and {other} {known[other]} begin alike, so that "
        "what follows a code could not be told from it: choose another one."
        for one, other in itertools.combinations([name for name in known if name not in wrong], 2)
        if known[one].startswith(known[other]) or known[other].startswith(known[one])
    ]
    for name in [name for name in known if name not in wrong]:
        alike = (
            f"central_agent_codes: {name} {known[name]} and {code}, the code of {meaning}, begin "
            "alike: choose another one."
            for code, meaning in OTHER_CODES.items()
            if known[name].startswith(code) or code.startswith(known[name])
        )
        problems += itertools.islice(alike, 1)
    return problems


def _reason_problems(reasons: Mapping[object, object]) -> list[str]:
    problems = []
    for number, reason in reasons.items():
        if not _REASON_NUMBER.fullmatch(str(number)):
            problems.append(f"central_aux_reasons: '{number}' is not a number from 1 to 99.")
        if not _REASON.fullmatch(str(reason)):
            problems.append(
                f"central_aux_reasons: {number}: '{reason}' is no name of a reason, use up to 40 "
                "letters, digits, '-', '_' and spaces."
            )
    names = [str(reason) for reason in reasons.values()]
    problems += [
        f"central_aux_reasons: '{name}' has two numbers, give each reason one."
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    return problems


def _queue_problems(queues: Mapping[str, object]) -> list[str]:
    problems = []
    owners: dict[str, str] = {}
    for queue, options in queues.items():
        if not isinstance(options, Mapping) or options.get("number") is None:
            continue
        number = str(options["number"])
        if not _QUEUE_NUMBER.fullmatch(number):
            problems.append(
                f"central_queues: {queue}: number '{number}' is not one of one to four digits."
            )
        if number in owners:
            problems.append(
                f"central_queues: {owners[number]} and {queue} have the same number {number}, give "
                "each its own."
            )
        owners[number] = queue
    return problems
