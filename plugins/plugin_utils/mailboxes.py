# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mailboxes: those of seats and those that several people share."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .accounts import Account, expand_extensions, extension_problem
from .outgoing import sent_out
from .sentences import unknown_options

MAILBOX_CONTEXT = "default"
"""app_voicemail's context of all mailboxes."""

MAILBOX_OPTIONS = ("name", "email", "seats")
"""What a mailbox of ``central_mailboxes`` may say."""

_NAME = re.compile(r'[^"<>;\r\n]{1,80}')
_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_WORD = re.compile(r'[^"\r\n]+')
"""What can be in quotes in msmtp's configuration."""


@dataclass(frozen=True)
class Mailbox:
    """Where messages are kept."""

    number: str
    """The extension, which is also what its owners type."""
    name: str
    """Who it is, for e-mails."""
    email: str
    """Where new messages are sent, too; empty for nowhere."""
    seats: tuple[str, ...]
    """Extensions whose lamps it lights."""


def all_mailboxes(accounts: Iterable[Account], shared: Mapping[str, object]) -> list[Mailbox]:
    """Mailboxes of seats, then those of ``central_mailboxes``."""
    own = [
        Mailbox(account.extension, account.name, account.email, (account.extension,))
        for account in accounts
        if account.voicemail
    ]
    return own + [_shared(str(number), options) for number, options in shared.items()]


def lamps(accounts: Iterable[Account], shared: Mapping[str, object]) -> dict[str, str]:
    """Extension -> mailboxes that light its lamp, as a phone's account names them."""
    boxes: dict[str, list[str]] = {}
    for mailbox in all_mailboxes(accounts, shared):
        for seat in mailbox.seats:
            boxes.setdefault(seat, []).append(f"{mailbox.number}@{MAILBOX_CONTEXT}")
    return {seat: ",".join(numbers) for seat, numbers in boxes.items()}


def mailbox_problems(
    shared: Mapping[str, object], accounts: Iterable[Account], outgoing: Collection[object]
) -> list[str]:
    """Sentences that say what is wrong with the mailboxes; ``outgoing`` are its patterns."""
    problems = []
    seats = {account.extension: account for account in accounts}
    for seat in seats.values():
        where = f"central_accounts: extension {seat.extension}"
        if seat.voicemail and not seat.phone:
            problems.append(
                f"{where}: voicemail needs a phone that can be called, declare a mailbox of that "
                "kind in central_mailboxes."
            )
        if seat.email and not seat.voicemail:
            problems.append(
                f"{where}: email '{seat.email}' would get nothing, add voicemail: true or remove "
                "it."
            )
        problems += _email_problems(where, seat.email)
    for number, options in shared.items():
        problems += _shared_problems(str(number), options, seats)
        if str(number) in seats:
            problems.append(
                f"central_mailboxes: {number} is a seat, write voicemail: true there or choose "
                "another extension."
            )
        problems += sent_out(outgoing, f"the mailbox {number}", str(number))
    return problems


def smtp_problems(
    smtp: Mapping[str, object], shared: Mapping[str, object], accounts: Iterable[Account]
) -> list[str]:
    """Sentences that say why e-mails of these mailboxes could not be sent by ``central_smtp``."""
    host, sender, user, password = (
        str(smtp.get(option) or "") for option in ("host", "from", "user", "password")
    )
    problems = [
        f"central_smtp: host is not set, but the mailbox {mailbox.number} has an e-mail address: "
        "name the mail server or remove email."
        for mailbox in all_mailboxes(accounts, shared)
        if mailbox.email and not host
    ][:1]
    if host and not _EMAIL.fullmatch(sender):
        problems.append(
            f"central_smtp: from '{sender}' is no address, write the sender of the e-mails, for "
            "example voicemail@example.com."
        )
    if bool(user) != bool(password):
        problems.append(
            "central_smtp: user and password belong together, set both or none of them."
        )
    elif user and not (_WORD.fullmatch(user) and _WORD.fullmatch(password)):
        problems.append(
            "central_smtp: user and password may not contain quotes or line breaks, choose others."
        )
    return problems


def _shared(number: str, options: object) -> Mailbox:
    known = options if isinstance(options, Mapping) else {}
    seats = known.get("seats")
    return Mailbox(
        number,
        str(known.get("name") or f"Mailbox {number}"),
        str(known.get("email") or ""),
        tuple(expand_extensions(seats)) if seats else (),
    )


def _shared_problems(number: str, options: object, seats: Collection[str]) -> list[str]:
    where = f"central_mailboxes: {number}"
    if problem := extension_problem("central_mailboxes", number):
        return [problem]
    if not isinstance(options, Mapping | None):
        return [f"{where}: '{options}' is no mapping, write for example {{name: Service}}."]
    problems = unknown_options(where, options or (), MAILBOX_OPTIONS)
    try:
        mailbox = _shared(number, options)
    except ValueError as error:
        return [*problems, f"{where}: seats: {error}"]
    problems += [
        f"{where}: seat {seat} has no account, declare it in central_accounts or remove it."
        for seat in mailbox.seats
        if seat not in seats
    ]
    if not _NAME.fullmatch(mailbox.name):
        problems.append(
            f"{where}: name '{mailbox.name}' may not be longer than 80 characters nor contain "
            "quotes, angle brackets, semicolons or line breaks, as it goes into an e-mail."
        )
    return problems + _email_problems(where, mailbox.email)


def _email_problems(where: str, email: str) -> list[str]:
    if not email or _EMAIL.fullmatch(email):
        return []
    return [f"{where}: email '{email}' is no address, write for example service@example.com."]
