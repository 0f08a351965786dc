# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long something did not answer, of questions asked again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Question:
    """One question."""

    asked: float
    """Seconds since the first one."""
    answered: bool


@dataclass(frozen=True)
class Outage:
    """Questions in a row that nobody answered."""

    began: float
    """When the first of them was asked."""
    ended: float | None
    """When the first one after them was asked that was answered; None if there was none."""


def outages(questions: Iterable[Question]) -> list[Outage]:
    """All of them, in order."""
    found: list[Outage] = []
    began: float | None = None
    for question in questions:
        if question.answered and began is not None:
            found.append(Outage(began, question.asked))
            began = None
        elif not question.answered and began is None:
            began = question.asked
    if began is not None:
        found.append(Outage(began, None))
    return found


def changes(seen: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """When a value changed, and to what; the first value and missing ones are no change."""
    known = [(moment, value) for moment, value in seen if value]
    return [after for before, after in pairwise(known) if before[1] != after[1]]


def hardware_address(table: str, address: str) -> str:
    """The one of an IPv4 address in the text of /proc/net/arp; empty if it is not there."""
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) >= 4 and words[0] == address and words[3] != "00:00:00:00:00:00":
            return words[3]
    return ""
