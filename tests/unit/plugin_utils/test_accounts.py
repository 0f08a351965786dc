# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seats of the call center."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    MOST_ACCOUNTS,
    account_extensions,
    account_problems,
    expand_accounts,
    expand_extensions,
    queue_members,
)

QUEUES: dict[str, object] = {"sales": {}, "support": None}


def render(numbers: set[int], width: int) -> str:
    """The shortest text that names ``numbers``."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(
        f"{run[0]:0{width}}" if len(run) == 1 else f"{run[0]:0{width}}-{run[-1]:0{width}}"
        for run in parts
    )


@pytest.mark.parametrize(
    ("text", "extensions"),
    [
        ("1001", ["1001"]),
        (1001, ["1001"]),
        ("1001-1003", ["1001", "1002", "1003"]),
        (" 1001 - 1002 , 2000 ", ["1001", "1002", "2000"]),
        ("1001-1004,!1002", ["1001", "1003", "1004"]),
        ("1001-1004,!1002-1003", ["1001", "1004"]),
        ("1001,!1001", []),
        ("1001,!1001,1001", ["1001"]),
        ("1001,!2000", ["1001"]),
        ("001-003", ["001", "002", "003"]),
        ("0099-0101", ["0099", "0100", "0101"]),
        ("1,01", ["1", "01"]),
        ("1002,1001,1002", ["1002", "1001"]),
        ("10000000", ["10000000"]),
    ],
)
def test_extensions(text: object, extensions: list[str]) -> None:
    assert expand_extensions(text) == extensions


@pytest.mark.parametrize("text", ["", "abc", "1001-", "-5", "1001--1005", "10 01", "1001,", None])
def test_no_extension(text: object) -> None:
    with pytest.raises(ValueError, match="neither a number nor a range, write for example") as told:
        expand_extensions(text)
    assert f"extensions '{text}'" in str(told.value)


@pytest.mark.parametrize("text", ["1-100", "01-1", "123456789", "123456789-123456790"])
def test_digits_of_a_range(text: str) -> None:
    with pytest.raises(ValueError, match="need the same number of digits, at most 8"):
        expand_extensions(text)


@pytest.mark.parametrize("text", ["1002-1001", f"00001-{MOST_ACCOUNTS + 1:05}"])
def test_direction_and_length_of_a_range(text: str) -> None:
    with pytest.raises(ValueError, match="must go upwards and name at most 10000 extensions"):
        expand_extensions(text)


def test_longest_range() -> None:
    assert len(expand_extensions(f"00001-{MOST_ACCOUNTS:05}")) == MOST_ACCOUNTS


@given(st.sets(st.integers(0, 999), min_size=1), st.integers(3, 6))
def test_rendered_set_comes_back(numbers: set[int], width: int) -> None:
    assert expand_extensions(render(numbers, width)) == [f"{n:0{width}}" for n in sorted(numbers)]


@given(st.sets(st.integers(0, 99), min_size=1), st.sets(st.integers(0, 99), min_size=1))
def test_exclusion_is_difference(numbers: set[int], without: set[int]) -> None:
    text = f"{render(numbers, 2)},!{render(without, 2).replace(',', ',!')}"
    assert expand_extensions(text) == [f"{n:02}" for n in sorted(numbers - without)]


@given(
    st.lists(st.integers(0, 999), unique=True, min_size=1, max_size=20).flatmap(
        lambda numbers: st.tuples(st.just(numbers), st.permutations(numbers))
    )
)
def test_order_of_entries_does_not_matter(orders: tuple[list[int], list[int]]) -> None:
    first, second = (
        [{"extensions": f"{number:03}", "queues": ["sales"]} for number in order]
        for order in orders
    )
    assert expand_accounts(first) == expand_accounts(second)
    assert [account.extension for account in expand_accounts(first)] == sorted(
        f"{number:03}" for number in orders[0]
    )


@pytest.mark.parametrize(
    ("queues", "memberships"),
    [
        (None, {}),
        ([], {}),
        ("sales", {"sales": 0}),
        (["sales", "support"], {"sales": 0, "support": 0}),
        ({"sales": 3, "support": "1"}, {"sales": 3, "support": 1}),
    ],
)
def test_queues_of_a_seat(queues: object, memberships: dict[str, int]) -> None:
    (account,) = expand_accounts([{"extensions": 1001, "queues": queues}])
    assert account.queues == memberships


def test_names() -> None:
    named, unnamed = expand_accounts(
        [{"extensions": "1", "name": "Seat {extension} of {extension}"}, {"extensions": "2"}]
    )
    assert (named.name, unnamed.name) == ("Seat 1 of 1", "Agent 2")


def test_extensions_of_accounts() -> None:
    assert account_extensions([{"extensions": "2-3"}, {"extensions": 1}]) == ["1", "2", "3"]


@pytest.mark.parametrize("entries", [None, {"extensions": "1"}, [1], [{"extensions": "x"}], "1"])
def test_wrong_accounts_have_no_extensions(entries: object) -> None:
    assert account_extensions(entries) == []


def test_members() -> None:
    accounts = expand_accounts(
        [
            {"extensions": "1-2", "queues": {"sales": 5}},
            {"extensions": "3", "queues": ["support"]},
        ]
    )
    queues = {"sales": {"members": "2-3"}, "support": None}
    assert queue_members(accounts, queues) == {
        ("sales", "1"): 5,
        ("sales", "2"): 5,
        ("sales", "3"): 0,
        ("support", "3"): 0,
    }


def test_good_accounts() -> None:
    queues: dict[str, object] = {
        "sales": {"strategy": "rrmemory"},
        "support": {"members": "1001"},
        "empty": None,
    }
    assert account_problems([{"extensions": "1001-1002", "queues": ["sales"]}], queues) == []


@pytest.mark.parametrize(
    ("entry", "queues", "sentence"),
    [
        (
            {"extensions": "10x"},
            QUEUES,
            "central_accounts: extensions '10x': '10x' is neither a number nor a range, write for "
            "example '1001-1200,!1013'.",
        ),
        (
            {"extensions": "1001", "name": 'A "B"'},
            QUEUES,
            "central_accounts: extension 1001: name 'A \"B\"' may not contain quotes, angle "
            "brackets, semicolons or line breaks, as it goes into a SIP header.",
        ),
        (
            {"extensions": "1001", "queues": ["salse"]},
            QUEUES,
            "central_accounts: queue 'salse' is not declared in central_queues, did you mean "
            "'sales'.",
        ),
        (
            {"extensions": "1001", "queues": ["xyz"]},
            QUEUES,
            "central_accounts: queue 'xyz' is not declared in central_queues, declare it there.",
        ),
        (
            {"extensions": "1001", "queues": 7},
            QUEUES,
            "central_accounts: queues '7' is neither a list of names nor a mapping of name and "
            "penalty, write for example [sales].",
        ),
        (
            {"extensions": "1001", "outgoing_classes": "local"},
            QUEUES,
            "central_accounts: outgoing_classes 'local' is no list of names, write for example "
            "[national].",
        ),
        *(
            (
                {"extensions": "1001", "queues": {"sales": penalty}},
                QUEUES,
                f"central_accounts: queues: sales: penalty '{penalty}' is not a number, use 0 or "
                "more; 0 is asked first.",
            )
            for penalty in ("high", None, -1, 1.5, True)
        ),
        (
            {"extensions": "1001"},
            {"Sales!": {}},
            "central_queues: 'Sales!' is no queue name, use a lower-case letter followed by up to "
            "39 letters, digits, '-' or '_'.",
        ),
        (
            {"extensions": "1001"},
            {"sales": {"members": "1001,1009"}},
            "central_queues: sales: member 1009 has no account, declare it in central_accounts or "
            "remove it.",
        ),
        (
            {"extensions": "1001"},
            {"sales": {"members": "all"}},
            "central_queues: sales: members: extensions 'all': 'all' is neither a number nor a "
            "range, write for example '1001-1200,!1013'.",
        ),
    ],
)
def test_sentences(entry: dict[str, object], queues: dict[str, object], sentence: str) -> None:
    assert account_problems([entry], queues) == [sentence]


@pytest.mark.parametrize("forbidden", list('"<>;\r\n'))
def test_name_that_breaks_the_header(forbidden: str) -> None:
    (problem,) = account_problems([{"extensions": "1001", "name": f"A{forbidden}B"}], {})
    assert "may not contain" in problem


def test_repeated_extension() -> None:
    entries = [{"extensions": "1001-1010"}, {"extensions": "1005"}]
    assert account_problems(entries, {}) == [
        "central_accounts: extension 1005 is declared twice, remove it from one of the entries "
        "(for example with '!1005')."
    ]


def test_every_unknown_queue_once() -> None:
    entries = [{"extensions": "1-9", "queues": ["b", "a"]}]
    assert [problem.split("'")[1] for problem in account_problems(entries, {})] == ["a", "b"]


@pytest.mark.parametrize(("value", "truth"), [(True, True), ("no", False), (None, True)])
def test_phone(value: object, truth: bool) -> None:
    (account,) = expand_accounts([{"extensions": "1001", "phone": value}])
    assert (account.phone, account.supervisor) == (truth, False)


def test_supervisor_is_a_truth_value() -> None:
    assert account_problems([{"extensions": "1001", "supervisor": "perhaps"}], {}) == [
        "central_accounts: extensions 1001: supervisor 'perhaps' is neither true nor false."
    ]
