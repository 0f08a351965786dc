# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cabling lock: a text file that says which circuit is plugged in where.

It records what people did with their hands, so that a new plan is made around it and no assignment
changes unseen::

    # Cabling: which circuit is plugged in where.
    cabling 1
    trunk_group 1 carrier_a
    trunk_group 2 sip_b
    gw1/1/1 carrier_a-1
    gw1/1/2 carrier_a-4
    gw1/sip sip_b-1
    end 3

The number behind ``cabling`` is the version of the format, ``trunk_group`` pins the number by which
DAHDI knows a group of lines, and ``end`` counts the circuits, so that a file of which only a part
was written is noticed. Lines above it that are empty or begin with # say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .natural_order import natural_key
from .wiring import Wiring

GROUP_NUMBERS = range(1, 64)
"""DAHDI knows 64 groups; 0 is where it puts channels of which nobody said a group."""

_VERSION = "1"
_HEADER = (
    "# Cabling: which circuit is plugged in where. Written by playbooks/plan.yml, which also says "
    "what to change."
)
_RESTORE = "restore the file from your version control or a backup"
_PORT = re.compile("[1-9][0-9]{0,3}/[1-9][0-9]{0,3}")
_NUMBERS = {str(number): number for number in GROUP_NUMBERS}


class LockError(ValueError):
    """A text that is no cabling lock: one sentence with the line and the remedy."""

    def __init__(self, line: int, problem: str) -> None:
        """Problem of the line; the first line is 1."""
        super().__init__(f"line {line}: {problem}.")
        self.line = line


@dataclass(frozen=True)
class CablingLock:
    """Where each circuit is, and the number of each trunk group."""

    places: Mapping[str, str] = field(default_factory=dict)
    """Circuit -> place, such as ``gw1/2/3`` or ``gw1/sip``."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Trunk group -> its number, one of GROUP_NUMBERS."""


def lock_of(wirings: Iterable[Wiring], numbers: Mapping[str, int]) -> CablingLock:
    """The lock for these gateways; ``numbers`` has the number of each trunk group.

    Raises ValueError if they do not fit together, so that what is written can be read.
    """
    places: dict[str, str] = {}
    for wiring in wirings:
        for place, circuit, _group in wiring.places():
            if circuit in places:
                raise ValueError(f"{circuit} is in {places[circuit]} and in {place}")
            places[circuit] = place
    lock = CablingLock(places, {name: int(number) for name, number in numbers.items()})
    if read_lock(render_lock(lock)) != lock:
        raise ValueError("a name contains a blank or begins with #")
    return lock


def read_lock(text: str) -> CablingLock:
    """The lock that the text describes; raises LockError if it does not describe one."""
    lines = text.rstrip().split("\n")
    last = lines.pop().split()
    end = len(lines) + 1
    if not last:
        raise LockError(end, f"the file is empty, {_RESTORE}")
    if last[0] != "end" or len(last) != 2:
        raise LockError(end, f"the file stops here and not with 'end NUMBER', {_RESTORE}")
    rows = (
        (index, words)
        for index, line in enumerate(lines, 1)
        if (words := line.split()) and words[0][0] != "#"
    )
    _check_version(*next(rows, (end, last)))
    reader = _Reader()
    reader.read(rows)
    count = len(reader.places)
    if last[1] != str(count):
        raise LockError(
            end,
            f"'{_shown(last)}' but the lines above have {count} circuits, {_RESTORE}, or correct "
            "the number if you changed them yourself",
        )
    return CablingLock(reader.places, reader.numbers)


def render_lock(lock: CablingLock) -> str:
    """The text of the lock, the same for equal locks."""
    groups = sorted((number, name) for name, number in lock.numbers.items())
    # A blank comes before everything that a name may contain: gw1 comes before gw1-b.
    places = sorted(
        lock.places.items(),
        key=lambda item: (natural_key(item[1].replace("/", " ")), natural_key(item[0])),
    )
    return "\n".join(
        (
            _HEADER,
            f"cabling {_VERSION}",
            *(f"trunk_group {number} {name}" for number, name in groups),
            *(f"{place} {circuit}" for circuit, place in places),
            f"end {len(places)}\n",
        )
    )


class _Reader:
    """The lines between the first and the last."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self._circuits: dict[str, str] = {}
        self._ports = {"sip"}  # what was found to be right behind the name of a gateway

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        places, circuits, ports = self.places, self._circuits, self._ports
        for index, words in rows:
            place = words[0]
            gateway, _slash, port = place.partition("/")
            if port not in ports and _PORT.fullmatch(port):
                ports.add(port)
            if len(words) == 2 and port in ports and gateway and "/" not in words[1]:
                circuit = words[1]
                if circuit in places or circuits.setdefault(place, circuit) != circuit:
                    self._check_place(index, place, circuit)
                places[circuit] = place
            elif len(words) == 3 and place == "trunk_group" and "/" not in words[2]:
                self._add_number(index, words[1], words[2])
            else:
                raise LockError(
                    index,
                    f"'{_shown(words)}' is neither PLACE CIRCUIT nor trunk_group NUMBER NAME, "
                    f"correct it or {_RESTORE}",
                )

    def _check_place(self, index: int, place: str, circuit: str) -> None:
        if circuit in self.places:
            raise LockError(
                index,
                f"{circuit} is in {place} and above in {self.places[circuit]}, delete the line "
                "that is not true and count one less in the last line",
            )
        if not place.endswith("/sip"):
            raise LockError(
                index,
                f"{circuit} and above {self._circuits[place]} are both in {place}, correct the "
                "line that is not true",
            )

    def _add_number(self, index: int, word: str, name: str) -> None:
        number = _NUMBERS.get(word)
        if number is None:
            raise LockError(
                index,
                f"'{_shown([word])}' is no number of a trunk group, use a free one of "
                f"{GROUP_NUMBERS[0]} to {GROUP_NUMBERS[-1]}",
            )
        for other, used in self.numbers.items():
            if other == name:
                raise LockError(
                    index,
                    f"trunk group {name} has the number {number} and above {used}, delete the line "
                    "that is not true",
                )
            if used == number:
                raise LockError(
                    index,
                    f"trunk group {name} has the number {number} of {other}, give it a free one",
                )
        self.numbers[name] = number


def _check_version(index: int, words: list[str]) -> None:
    if words[0] != "cabling" or len(words) != 2:
        raise LockError(
            index,
            f"'{_shown(words)}' where a cabling lock has 'cabling {_VERSION}', {_RESTORE}",
        )
    if words[1] != _VERSION:
        raise LockError(
            index,
            f"'{_shown(words)}' is a format that is not known here, install the version of the "
            "collection that wrote the file",
        )


def _shown(words: list[str]) -> str:
    """Of a broken file no more than fits into a sentence."""
    line = " ".join(words)
    shown = "".join(letter if letter.isprintable() else "?" for letter in line[:50])
    return shown + ("..." if len(line) > 50 else "")
