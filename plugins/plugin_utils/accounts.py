# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seats of the call center: from a few lines of inventory data to SIP accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ansible_collections.trunkline.callcenter.plugins.module_utils.central_legs import (
    LONGEST_EXTENSION,
)

from .sentences import nearest

MOST_ACCOUNTS = 10_000
"""Accounts of one entry; a longer range is a slip of the keyboard."""

_RANGE = re.compile(r"(!?)\s*(\d+)(?:\s*-\s*(\d+))?")
_QUEUE_NAME = re.compile(r"(?!general$)[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Account:
    """One SIP account (a seat)."""

    extension: str
    """Digits; also the SIP user name."""
    name: str
    """Shown to the called party."""
    queues: Mapping[str, int] = field(default_factory=dict)
    """Name of a queue -> penalty of the member (0 is asked first)."""
    phone: bool = True
    """Whether it has a phone of its own; else the extension is only the number of an agent."""
    supervisor: bool = False
    """Whether it may set the status of other agents."""
    outgoing_classes: tuple[str, ...] | None = None
    """Classes of calls out that it may dial; None for all."""
    caller_id: str = ""
    """Number that it shows outside; ``{extension}`` stands for its extension."""
    voicemail: bool = False
    """Whether it has a mailbox."""
    email: str = ""
    """Where new messages are sent, too."""


def extension_problem(option: str, number: str) -> str:
    """One sentence if a key of a variable is no extension; empty if it is one."""
    if re.fullmatch(rf"[0-9]{{1,{LONGEST_EXTENSION}}}", number):
        return ""
    return f"{option}: '{number}' is no extension, use up to {LONGEST_EXTENSION} digits."


def expand_extensions(text: object) -> list[str]:
    """Extensions that ``text`` names, in its order: ``"1001-1004,!1003,1010"``.

    ``!`` leaves an extension or a range out again. Leading zeros are kept ("001-003").
    Raises ValueError with one sentence on anything else.
    """
    chosen: dict[str, None] = {}
    for part in str(text).split(","):
        match = _RANGE.fullmatch(part.strip())
        if not match:
            raise ValueError(
                f"extensions '{text}': '{part.strip()}' is neither a number nor a range, "
                "write for example '1001-1200,!1013'."
            )
        without, first, last = match[1], match[2], match[3] or match[2]
        if len(first) != len(last) or len(first) > LONGEST_EXTENSION:
            raise ValueError(
                f"extensions '{text}': both ends of '{part.strip()}' need the same number of "
                f"digits, at most {LONGEST_EXTENSION}."
            )
        if not 0 <= int(last) - int(first) < MOST_ACCOUNTS:
            raise ValueError(
                f"extensions '{text}': '{part.strip()}' must go upwards and name at most "
                f"{MOST_ACCOUNTS} extensions."
            )
        for number in range(int(first), int(last) + 1):
            extension = str(number).zfill(len(first))
            if without:
                chosen.pop(extension, None)
            else:
                chosen[extension] = None
    return list(chosen)


def expand_accounts(entries: Iterable[Mapping[str, object]]) -> list[Account]:
    """Accounts of all ``entries``, sorted by extension.

    An entry is ``{extensions: "1001-1200", name: "Agent {extension}", queues: [sales]}``;
    ``queues`` is a list of names or a mapping of name -> penalty. Raises ValueError on a bad or
    repeated extension.
    """
    accounts: dict[str, Account] = {}
    for entry in entries:
        for extension in expand_extensions(entry.get("extensions")):
            if extension in accounts:
                raise ValueError(
                    f"central_accounts: extension {extension} is declared twice, remove it from "
                    f"one of the entries (for example with '!{extension}')."
                )
            name, email = (
                str(entry.get(option) or usual).replace("{extension}", extension)
                for option, usual in (("name", "Agent {extension}"), ("email", ""))
            )
            accounts[extension] = Account(
                extension=extension,
                name=name,
                queues=_memberships(entry.get("queues")),
                phone=_truth(entry, "phone", default=True),
                supervisor=_truth(entry, "supervisor", default=False),
                outgoing_classes=_classes(entry.get("outgoing_classes")),
                caller_id=str(entry.get("caller_id") or ""),
                voicemail=_truth(entry, "voicemail", default=False),
                email=email,
            )
    return sorted(accounts.values(), key=lambda account: account.extension)


def account_extensions(entries: object) -> list[str]:
    """Extensions of all ``entries``; none if they are wrong, which ``account_problems`` tells."""
    try:
        return [account.extension for account in expand_accounts(entries)]  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        return []


def account_problems(
    entries: Sequence[Mapping[str, object]], queues: Mapping[str, object]
) -> list[str]:
    """Sentences that say what is wrong with the accounts and the members of the queues."""
    problems = [
        f"central_queues: '{name}' is no queue name, use a lower-case letter followed by up to 39 "
        "letters, digits, '-' or '_'."
        for name in queues
        if not _QUEUE_NAME.fullmatch(str(name))
    ]
    try:
        accounts = expand_accounts(entries)
    except ValueError as error:
        return [*problems, _named(str(error))]
    problems += [
        f"central_accounts: extension {account.extension}: name '{account.name}' may not contain "
        "quotes, angle brackets, semicolons or line breaks, as it goes into a SIP header."
        for account in accounts
        if re.search(r'["<>;\r\n]', account.name)
    ]
    unknown = {name for account in accounts for name in account.queues if name not in queues}
    problems += [
        f"central_accounts: queue '{name}' is not declared in central_queues, "
        f"{nearest(name, queues)}."
        for name in sorted(unknown)
    ]
    problems += _member_problems(queues, {account.extension for account in accounts})
    return problems


def queue_members(
    accounts: Iterable[Account], queues: Mapping[str, object]
) -> dict[tuple[str, str], int]:
    """(queue, extension) -> penalty, from the accounts' ``queues`` and the queues' ``members``."""
    members = {
        (queue, account.extension): penalty
        for account in accounts
        for queue, penalty in account.queues.items()
    }
    for queue, options in queues.items():
        for extension in _extra_members(options):
            members.setdefault((queue, extension), 0)
    return members


def _member_problems(queues: Mapping[str, object], extensions: set[str]) -> list[str]:
    problems = []
    for queue, options in queues.items():
        try:
            members = _extra_members(options)
        except ValueError as error:
            problems.append(f"central_queues: {queue}: members: {error}")
            continue
        problems += [
            f"central_queues: {queue}: member {extension} has no account, declare it in "
            "central_accounts or remove it."
            for extension in members
            if extension not in extensions
        ]
    return problems


def _extra_members(options: object) -> list[str]:
    members = options.get("members") if isinstance(options, Mapping) else None
    return expand_extensions(members) if members else []


def _truth(entry: Mapping[str, object], option: str, default: bool) -> bool:
    value = entry.get(option)
    if value is None:
        return default
    if str(value).lower() in {"true", "yes", "on", "1"}:
        return True
    if str(value).lower() in {"false", "no", "off", "0"}:
        return False
    raise ValueError(
        f"central_accounts: extensions {entry.get('extensions')}: {option} '{value}' is neither "
        "true nor false."
    )


def _classes(classes: object) -> tuple[str, ...] | None:
    if classes is None:
        return None
    if isinstance(classes, Sequence) and not isinstance(classes, str):
        return tuple(dict.fromkeys(str(name) for name in classes))
    raise ValueError(
        f"central_accounts: outgoing_classes '{classes}' is no list of names, write for example "
        "[national]."
    )


def _memberships(queues: object) -> dict[str, int]:
    if queues is None:
        return {}
    if isinstance(queues, str):
        return {queues: 0}
    if isinstance(queues, Mapping):
        return {str(name): _penalty(name, penalty) for name, penalty in queues.items()}
    if isinstance(queues, Iterable):
        return {str(name): 0 for name in queues}
    raise ValueError(
        f"central_accounts: queues '{queues}' is neither a list of names nor a mapping of name and "
        "penalty, write for example [sales]."
    )


def _penalty(queue: object, penalty: object) -> int:
    if str(penalty).isdecimal():
        return int(str(penalty))
    raise ValueError(
        f"central_accounts: queues: {queue}: penalty '{penalty}' is not a number, use 0 or more; 0 "
        "is asked first."
    )


def _named(sentence: str) -> str:
    return sentence if sentence.startswith("central_accounts") else f"central_accounts: {sentence}"
