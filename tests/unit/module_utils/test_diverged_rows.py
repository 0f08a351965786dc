# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database server wrote after another one had taken over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.diverged_rows import (
    Gtid,
    Transaction,
    in_words,
    knows,
    logs_after,
    matters,
    own_transactions,
    parse_position,
)

BINLOG = Path(__file__).parents[1] / "fixtures" / "diverged.binlog"
"""In the form that mariadb-binlog 11.8 prints: of server 1, which had received 0-2-20 of server 2.

Written by hand.
"""
IGNORE = ("dialogs", "heartbeats", "orphans")

numbers = st.integers(1, 5)
gtids = st.builds(Gtid, st.integers(0, 1), st.integers(1, 2), st.integers(1, 30))


def read(fork: str, server: int = 1) -> list[Transaction]:
    lines = BINLOG.read_text(encoding="utf-8").splitlines(keepends=True)
    return list(own_transactions(lines, parse_position(fork), server, "asterisk"))


def test_own_rows_after_the_fork() -> None:
    transactions = [one for one in read("0-2-20") if matters(one, IGNORE)]
    rows: Counter[str] = sum((one.rows for one in transactions), Counter())
    assert rows == {"cdr": 5, "new_table": 2}
    assert sum(one.statement for one in transactions) == 2


def test_every_line_is_a_comment() -> None:
    """A file that somebody feeds to the database must do nothing."""
    lines = [line for one in read("0-2-20") for line in one.lines]
    assert lines
    assert all(line.startswith("#") for line in lines)


def test_statements_can_be_found() -> None:
    lines = [line for one in read("0-2-20") for line in one.lines]
    assert "#Q> UPDATE cdr SET src='c' WHERE id=1" in lines
    assert "#Q> CREATE TABLE new_table (x INT)" in lines


def test_rows_of_the_other_server_are_not_its_own() -> None:
    assert {one.gtid.server for one in read("0-1-1")} == {1}
    (received,) = read("0-1-1", server=2)
    assert received.gtid == Gtid(0, 2, 20)
    assert received.rows == {"cdr": 1}


def test_nothing_after_the_last_transaction() -> None:
    last = read("0-1-1")[-1].gtid.number
    assert read(f"0-1-{last}") == []
    assert len(read(f"0-1-{last - 1}")) == 1


def test_rows_of_another_database_have_its_name() -> None:
    lines = BINLOG.read_text(encoding="utf-8").splitlines()
    transactions = own_transactions(lines, parse_position("0-2-20"), 1, "other")
    assert all(name.startswith("asterisk.") for one in transactions for name in one.rows)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", []),
        ("0-1-100", [Gtid(0, 1, 100)]),
        ("0-1-100,\n1-2-3", [Gtid(0, 1, 100), Gtid(1, 2, 3)]),
    ],
)
def test_position(text: str, position: list[Gtid]) -> None:
    assert parse_position(text) == position


@pytest.mark.parametrize("text", ["100", "0-1", "0-1-100-2", "a-b-c", "0-1-100;0-2-3"])
def test_bad_position(text: str) -> None:
    with pytest.raises(ValueError, match="is no GTID, such as 0-1-100"):
        parse_position(text)


@pytest.mark.parametrize(
    ("state", "fork", "known"),
    [
        ("0-1-105,0-2-50", "0-1-100", True),
        ("0-1-100", "0-1-100", True),
        ("0-1-99", "0-1-100", False),
        # What it knows of another server says nothing of this one.
        ("0-2-300", "0-1-100", False),
        ("0-1-105", "0-1-100,1-1-7", False),
        ("", "0-1-100", False),
        ("0-1-105", "", False),
    ],
)
def test_history_in_common(state: str, fork: str, known: bool) -> None:
    assert knows(parse_position(state), parse_position(fork)) is known


LOGS = [("binlog.1", ""), ("binlog.2", "0-1-50"), ("binlog.3", "0-1-100,0-2-20")]


@pytest.mark.parametrize(
    ("fork", "first"),
    [("0-1-49", 0), ("0-1-50", 1), ("0-1-99", 1), ("0-1-100", 2), ("0-2-500", 2), ("", 0)],
)
def test_logs_that_are_read(fork: str, first: int) -> None:
    assert logs_after(LOGS, parse_position(fork)) == [name for name, _begin in LOGS[first:]]


def test_log_that_is_gone() -> None:
    assert logs_after(LOGS[1:], parse_position("0-1-49")) == []
    assert logs_after([], parse_position("0-1-49")) == []


@given(st.lists(numbers, min_size=1, max_size=8), numbers, st.data())
def test_no_transaction_is_overlooked(sizes: list[int], fork: int, data: st.DataObject) -> None:
    """Every transaction after the fork is in one of the logs that are read, if none is gone."""
    begins = [sum(sizes[:index]) for index in range(len(sizes))]
    logs = [(f"log.{index}", f"0-1-{begin}" if begin else "") for index, begin in enumerate(begins)]
    purged = data.draw(st.integers(0, len(logs) - 1))
    names = logs_after(logs[purged:], [Gtid(0, 1, fork)])
    wanted = {
        f"log.{index}"
        for index, begin in enumerate(begins)
        if begin + sizes[index] > fork  # Its last transaction came after the fork.
    }
    assert wanted <= set(names) if names else begins[purged] > fork


@given(st.lists(gtids, max_size=6), st.lists(gtids, min_size=1, max_size=2))
def test_a_server_that_has_passed_the_fork_passes_it_for_ever(
    state: list[Gtid], fork: list[Gtid]
) -> None:
    later = [*state, *(Gtid(one.domain, one.server, one.number + 1) for one in state)]
    assert knows([*state, *fork], fork)
    if knows(state, fork):
        assert knows(later, fork)


@pytest.mark.parametrize(
    ("rows", "statement", "kept"),
    [
        ({"heartbeats": 2}, False, False),
        ({"heartbeats": 2, "orphans": 1}, False, False),
        ({"heartbeats": 2, "cdr": 1}, False, True),
        ({}, False, False),
        ({}, True, True),
    ],
)
def test_what_matters(rows: dict[str, int], statement: bool, kept: bool) -> None:
    transaction = Transaction(Gtid(0, 1, 1), "", Counter(rows), [], statement)
    assert matters(transaction, IGNORE) is kept


@pytest.mark.parametrize(
    ("rows", "statements", "words"),
    [
        ({}, 0, ""),
        ({"cdr": 1}, 0, "1 row of cdr"),
        ({"cdr": 1, "ps_contacts": 3}, 0, "3 rows of ps_contacts, 1 of cdr"),
        ({"b": 2, "a": 2}, 1, "2 rows of a, 2 of b, 1 statement about tables"),
        ({}, 2, "2 statements about tables"),
    ],
)
def test_in_words(rows: dict[str, int], statements: int, words: str) -> None:
    assert in_words(rows, statements) == words
