# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where callers go whom no agent of a queue serves, and what they hear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from . import reading
from .debian_prompts import DEBIAN_PROMPTS
from .dial_patterns import matches
from .reading import OptionError, Path, shown
from .sentences import nearest

TARGETS = ("queue", "extension", "number", "announcement")
"""Kinds of targets."""

OWN_SOUND = re.compile(r"custom/[A-Za-z0-9_/-]+")
"""Names of recordings that are put on the central servers by other means."""

_DIALLED = re.compile(r"[0-9+*#]+")


@dataclass(frozen=True)
class Target:
    """Where a caller goes."""

    kind: str
    """One of TARGETS."""
    name: str = ""
    """Of the queue, or a number."""
    sounds: tuple[str, ...] = ()
    """Of the announcement."""


NOBODY = Target("announcement", sounds=("vm-nobodyavail",))
"""Where nothing else is said."""


@dataclass(frozen=True)
class Surroundings:
    """What queues may name."""

    queues: Collection[str] = ()
    extensions: Collection[str] = ()
    """Seats with phones, and mailboxes; empty if unknown."""
    outgoing: Collection[str] = ()
    """Numbers and patterns that phones may dial."""
    hours: Collection[str] = ()


def read_sounds(path: Path, value: object) -> list[str]:
    """A list of sounds, each a prompt of Debian or an own recording."""
    sounds = [str(sound) for sound in reading.sequence(path, value)]
    known = DEBIAN_PROMPTS["en"]
    for sound in sounds:
        if sound not in known and not OWN_SOUND.fullmatch(sound):
            remedy = nearest(sound, known, "write custom/NAME for a recording of yours")
            raise OptionError(path, f"{shown(sound)} is no prompt of Debian, {remedy}.")
    return sounds


def read_target(path: Path, value: object) -> Target:
    """A target such as ``{queue: support}``. Raises OptionError with one sentence."""
    given = value if isinstance(value, Mapping) else {}
    if len(given) != 1 or next(iter(given)) not in TARGETS:
        raise OptionError(
            path, f"needs exactly one target, one of {reading.listed(TARGETS, 'and')}."
        )
    ((kind, name),) = given.items()
    if kind == "announcement":
        sounds = read_sounds((*path, kind), name)
        if not sounds:
            raise OptionError((*path, kind), "has no sounds, write for example [vm-goodbye].")
        return Target(kind, sounds=tuple(sounds))
    if kind != "queue" and not _DIALLED.fullmatch(str(name)):
        raise OptionError((*path, kind), f"{shown(name)} is no number, write one such as '1001'.")
    return Target(kind, name=str(name))


def target_problem(path: Path, target: Target, around: Surroundings) -> str:
    """One sentence about a target that is not there; empty if it is."""
    where = ": ".join([*map(str, path), target.kind])
    name = target.name
    if target.kind == "queue" and name not in around.queues:
        return (
            f"{where}: {shown(name)} is not declared in central_queues, "
            f"{nearest(name, around.queues)}."
        )
    if target.kind == "extension" and around.extensions and name not in around.extensions:
        return (
            f"{where}: {shown(name)} is neither a seat with a phone in central_accounts nor one "
            f"of central_mailboxes, {nearest(name, around.extensions)}."
        )
    if target.kind == "number" and not any(matches(each, name) for each in around.outgoing):
        return (
            f"{where}: no pattern of central_outgoing takes {shown(name)}, write the number as a "
            "phone dials it or add a pattern."
        )
    return ""


def circles(ways: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Sentences about queues (name -> queues to which it leads) that lead round in a circle."""
    told: set[str] = set()
    for start in ways:
        way = _way_back(ways, [start])
        if way and not told & set(way):
            told |= set(way)
            yield (
                f"central_queues: {start}: a caller whom nobody serves would go round for ever "
                f"({' - '.join([*way, start])}): let one of them lead to an extension, a number or "
                "an announcement."
            )


def _way_back(ways: Mapping[str, Collection[str]], way: list[str]) -> list[str]:
    """The queues from the first one on the way back to it; [] if there is none."""
    for following in ways.get(way[-1], ()):
        if following == way[0]:
            return way
        if following not in way and (found := _way_back(ways, [*way, following])):
            return found
    return []
