# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a database server wrote after another one had taken over, from its binary log.

A position is a list of GTIDs, DOMAIN-SERVER-NUMBER each: the last transaction of a domain. The
number grows with every transaction of the domain, whichever server wrote it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_HEADER = re.compile(r"#(\d{6} [ \d]\d:\d\d:\d\d) server id \d+ .*\sGTID (\d+-\d+-\d+)\b")
"""Begin of a transaction in the output of mariadb-binlog, with the time of the host."""
_ROW = re.compile(r"### (?:INSERT INTO|UPDATE|DELETE FROM) `(.+)`\.`(.+)`")
_ANSWERED = ("#Q> ", "### ")
"""The statement that was executed, and the rows that it changed."""
_SETTINGS = ("#", "/*!", "SET ", "DELIMITER ", "START TRANSACTION", "COMMIT", "BINLOG ", "use ")


class Gtid(NamedTuple):
    """A transaction."""

    domain: int
    server: int
    number: int


@dataclass
class Transaction:
    """A transaction that is kept."""

    gtid: Gtid
    time: str
    rows: Counter[str] = field(default_factory=Counter)
    """Changed rows of each table."""
    lines: list[str] = field(default_factory=list)
    """Its statements and rows, SQL comments all of them."""
    statement: bool = False
    """Whether it is one that changes no rows but the tables themselves."""


def parse_position(text: str) -> list[Gtid]:
    """The GTIDs of a position. Raises ValueError."""
    gtids: list[Gtid] = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        if not re.fullmatch(r"\d+-\d+-\d+", word):
            raise ValueError(f"'{word}' is no GTID, such as 0-1-100")
        gtids.append(Gtid(*map(int, word.split("-"))))
    return gtids


def knows(state: Iterable[Gtid], fork: Collection[Gtid]) -> bool:
    """Whether a server with this ``state``, all that it wrote and received, has passed ``fork``.

    Only then are the histories of the two servers the same one up to there.
    """
    last: dict[tuple[int, int], int] = {}
    for gtid in state:
        key = gtid.domain, gtid.server
        last[key] = max(gtid.number, last.get(key, 0))
    return bool(fork) and all(last.get((one.domain, one.server), 0) >= one.number for one in fork)


def logs_after(logs: Sequence[tuple[str, str]], fork: Collection[Gtid]) -> list[str]:
    """Those of the binary logs that hold all that came after ``fork``; none when one is gone.

    ``logs`` are names and the position at the begin of each, the oldest first.
    """
    numbers = {gtid.domain: gtid.number for gtid in fork}
    for index in reversed(range(len(logs))):
        begin = parse_position(logs[index][1])
        if all(gtid.number <= numbers.get(gtid.domain, 0) for gtid in begin):
            return [name for name, _begin in logs[index:]]
    return []


def own_transactions(
    lines: Iterable[str], fork: Collection[Gtid], server: int, database: str
) -> Iterator[Transaction]:
    """What ``server`` wrote after ``fork``.

    ``lines`` are those of mariadb-binlog --verbose --base64-output=decode-rows. Tables of
    ``database`` are named without it.
    """
    numbers = {gtid.domain: gtid.number for gtid in fork}
    transaction: Transaction | None = None
    for raw in lines:
        line = raw.rstrip("\n")
        if match := _HEADER.match(line):
            if transaction:
                yield transaction
            gtid = Gtid(*map(int, match[2].split("-")))
            own = gtid.server == server and gtid.number > numbers.get(gtid.domain, 0)
            statement = " ddl" in line
            transaction = Transaction(gtid, match[1], statement=statement) if own else None
        elif transaction and line.startswith(_ANSWERED):
            transaction.lines.append(line)
            if match := _ROW.fullmatch(line):
                name = match[2] if match[1] == database else f"{match[1]}.{match[2]}"
                transaction.rows[name] += 1
        elif transaction and transaction.statement and not line.startswith(_SETTINGS):
            transaction.lines.append(f"#Q> {line}")
    if transaction:
        yield transaction


def matters(transaction: Transaction, ignore: Collection[str]) -> bool:
    """Whether it changed something else than tables to be ignored."""
    return transaction.statement or bool(set(transaction.rows) - set(ignore))


def in_words(rows: Mapping[str, int], statements: int = 0) -> str:
    """``3 rows of ps_contacts, 1 of cdr``."""
    ordered = sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    words = [f"{count} of {table}" for table, count in ordered]
    if words:
        count = ordered[0][1]
        words[0] = words[0].replace(" of ", f" row{'' if count == 1 else 's'} of ", 1)
    if statements:
        words.append(f"{statements} statement{'' if statements == 1 else 's'} about tables")
    return ", ".join(words)
