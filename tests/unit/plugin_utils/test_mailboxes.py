# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mailboxes, and what can be wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import Account
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.mailboxes import (
    all_mailboxes,
    mailbox_problems,
    smtp_problems,
)

ADA = Account("1001", "Ada", voicemail=True, email="ada@example.com")
BOB = Account("1002", "Bob")
numbers = st.from_regex("[0-9]{1,8}", fullmatch=True)


@given(st.dictionaries(numbers, st.booleans()), st.sets(numbers), st.sets(numbers))
def test_every_mailbox_once_or_a_sentence(
    seats: dict[str, bool], shared: set[str], outgoing: set[str]
) -> None:
    accounts = [Account(number, number, voicemail=has) for number, has in seats.items()]
    boxes: dict[str, object] = dict.fromkeys(sorted(shared))
    found = [box.number for box in all_mailboxes(accounts, boxes)]
    assert sorted(found) == sorted([*(one for one in seats if seats[one]), *shared])
    problems = mailbox_problems(boxes, accounts, outgoing)
    assert len(problems) == len(shared & set(seats)) + len(shared & outgoing)
    if not problems:
        assert len(set(found)) == len(found)


def test_good_mailboxes() -> None:
    boxes = {"8000": {"name": "Service", "email": "service@example.com"}, "8001": None}
    smtp = {"host": "mail.example.com", "from": "voicemail@example.com"}
    assert mailbox_problems(boxes, [ADA, BOB], ["_9X."]) == []
    assert smtp_problems(smtp, boxes, [ADA]) == []
    assert smtp_problems({**smtp, "user": "me", "password": "p w"}, boxes, [ADA]) == []
    assert smtp_problems({}, {"8001": None}, [BOB]) == []


@pytest.mark.parametrize(
    ("boxes", "account", "sentence"),
    [
        (
            {"1001": None},
            ADA,
            "central_mailboxes: 1001 is a seat, write voicemail: true there or choose another "
            "extension.",
        ),
        (
            {"sales": None},
            BOB,
            "central_mailboxes: 'sales' is no extension, use up to 8 digits.",
        ),
        (
            {"8000": "Service"},
            BOB,
            "central_mailboxes: 8000: 'Service' is no mapping, write for example {name: Service}.",
        ),
        (
            {"8000": {"mail": "a@example.com"}},
            BOB,
            "central_mailboxes: 8000: unknown option 'mail', did you mean 'email'.",
        ),
        (
            {"8000": {"seats": "1001-1002"}},
            BOB,
            "central_mailboxes: 8000: seat 1001 has no account, declare it in central_accounts or "
            "remove it.",
        ),
        (
            {"8000": {"seats": "all"}},
            BOB,
            "central_mailboxes: 8000: seats: extensions 'all': 'all' is neither a number nor a "
            "range, write for example '1001-1200,!1013'.",
        ),
        (
            {"8000": {"name": "A;B"}},
            BOB,
            "central_mailboxes: 8000: name 'A;B' may not be longer than 80 characters nor contain "
            "quotes, angle brackets, semicolons or line breaks, as it goes into an e-mail.",
        ),
        (
            {"8000": {"email": "service"}},
            BOB,
            "central_mailboxes: 8000: email 'service' is no address, write for example "
            "service@example.com.",
        ),
        (
            {"9000": None},
            BOB,
            "central_outgoing: _9X. would send calls for the mailbox 9000 out, choose a pattern "
            "that no extension matches, such as _9XXX.",
        ),
        (
            {},
            Account("5001", "Dan", phone=False, voicemail=True),
            "central_accounts: extension 5001: voicemail needs a phone that can be called, declare "
            "a mailbox of that kind in central_mailboxes.",
        ),
        (
            {},
            Account("1003", "Eve", email="eve@example.com"),
            "central_accounts: extension 1003: email 'eve@example.com' would get nothing, add "
            "voicemail: true or remove it.",
        ),
        (
            {},
            Account("1003", "Eve", voicemail=True, email="eve|all@example.com"),
            "central_accounts: extension 1003: email 'eve|all@example.com' is no address, write "
            "for example service@example.com.",
        ),
    ],
)
def test_problem(boxes: dict[str, object], account: Account, sentence: str) -> None:
    assert mailbox_problems(boxes, [account], ["_9X."]) == [sentence]


@pytest.mark.parametrize(
    ("smtp", "sentence"),
    [
        (
            {},
            "central_smtp: host is not set, but the mailbox 1001 has an e-mail address: name the "
            "mail server or remove email.",
        ),
        (
            {"host": "mail", "from": "voicemail"},
            "central_smtp: from 'voicemail' is no address, write the sender of the e-mails, for "
            "example voicemail@example.com.",
        ),
        (
            {"host": "mail", "from": "a@b.c", "user": "me"},
            "central_smtp: user and password belong together, set both or none of them.",
        ),
        (
            {"host": "mail", "from": "a@b.c", "user": "me", "password": 'p"w'},
            "central_smtp: user and password may not contain quotes or line breaks, choose others.",
        ),
    ],
)
def test_smtp_problem(smtp: dict[str, Any], sentence: str) -> None:
    assert smtp_problems(smtp, {}, [ADA]) == [sentence]
