# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a technician does, step by step, so that the cables become what the plan says.

A cable is only moved into a port that is free at that moment. Where circuits change places in a
circle, one of them is unplugged first and plugged last, and it is chosen so that not two circuits
of one trunk group are down at the same time, if the circle allows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .cabling_lock import CablingLock
from .natural_order import natural_key

_SENTENCES = {
    ("nowhere", "port"): "Plug {circuit} into {destination}.",
    ("nowhere", "sip"): "Let the carrier send {circuit} to {destination}.",
    ("port", "nowhere"): "Unplug {circuit} from {source}, it is cancelled.",
    ("port", "port"): "Move {circuit} from {source} to {destination}.",
    ("port", "sip"): "Unplug {circuit} from {source} and let the carrier send it to {destination}.",
    ("sip", "nowhere"): "Let the carrier send {circuit} to {source} no longer, it is cancelled.",
    (
        "sip",
        "port",
    ): "Plug {circuit} into {destination}, it no longer comes over SIP to {source}.",
    ("sip", "sip"): "Let the carrier send {circuit} to {destination} instead of {source}.",
}
"""By where the circuit is and where it comes."""


@dataclass(frozen=True)
class Step:
    """One thing to do. A new circuit has no source, a cancelled one no destination."""

    action: Literal["unplug", "plug", "move"]
    circuit: str
    source: str | None = None
    destination: str | None = None


def is_sip(place: str) -> bool:
    """Whether circuits in this place have no cable."""
    return place.endswith("/sip")


def work_order(old: CablingLock, new: CablingLock, groups: Mapping[str, str]) -> list[Step]:
    """The steps from the old lock to the new one; ``groups`` has the trunk group of circuits."""
    cancelled = [circuit for circuit in old.places if circuit not in new.places]
    moved = [
        circuit for circuit, place in old.places.items() if new.places.get(circuit, place) != place
    ]
    added = [circuit for circuit in new.places if circuit not in old.places]
    return [
        *(Step("unplug", one, source=old.places[one]) for one in _sorted(cancelled, old.places)),
        *_moves(_sorted(moved, old.places), old.places, new.places, groups),
        *(Step("plug", one, destination=new.places[one]) for one in _sorted(added, new.places)),
    ]


def sentences(steps: Sequence[Step]) -> list[str]:
    """The steps as numbered sentences."""
    plugged_later = {step.circuit for step in steps if step.action == "plug"}
    return [
        f"{number}. {_sentence(step, step.circuit in plugged_later)}"
        for number, step in enumerate(steps, 1)
    ]


def worst_outage(steps: Sequence[Step], groups: Mapping[str, str]) -> dict[str, int]:
    """How many circuits of each trunk group are down at the same time, at worst.

    New circuits and cancelled ones carry no calls and do not count.
    """
    worst = dict.fromkeys(groups.values(), 0)
    down: Counter[str] = Counter()
    unplugged = {step.circuit for step in steps if step.action == "unplug"}
    carrying = {step.circuit for step in steps if step.action == "move"} | {
        step.circuit for step in steps if step.action == "plug" and step.circuit in unplugged
    }
    for step in steps:
        if step.circuit in carrying:
            group = groups[step.circuit]
            down[group] += step.action != "plug"
            worst[group] = max(worst[group], down[group])
            down[group] -= step.action != "unplug"
    return worst


def _sorted(circuits: Iterable[str], places: Mapping[str, str]) -> list[str]:
    """One gateway after the other, so that nobody walks more than needed."""
    return sorted(circuits, key=lambda one: (natural_key(places[one]), natural_key(one)))


def _moves(
    circuits: Sequence[str],
    old: Mapping[str, str],
    new: Mapping[str, str],
    groups: Mapping[str, str],
) -> Iterator[Step]:
    in_port = {old[circuit]: circuit for circuit in circuits if not is_sip(old[circuit])}
    done: set[str] = set()
    sizes = Counter(groups.values())
    for circuit in circuits:
        chain = []
        blocked: str | None = circuit
        while blocked is not None and blocked not in done:
            done.add(blocked)
            chain.append(blocked)
            blocked = in_port.get(new[blocked])
        if chain and blocked == chain[0]:
            yield from _circle(chain, old, new, groups, sizes)
        else:
            for one in reversed(chain):
                yield Step("move", one, old[one], new[one])


def _circle(
    chain: Sequence[str],
    old: Mapping[str, str],
    new: Mapping[str, str],
    groups: Mapping[str, str],
    sizes: Mapping[str, int],
) -> Iterator[Step]:
    """Each circuit of the chain goes into the port of the next, the last into that of the first.

    The circuit that is unplugged is down while all others move: best the only one of its trunk
    group here, and one of a large group, which can do without it.
    """
    here = Counter(groups[circuit] for circuit in chain)
    first = min(
        chain,
        key=lambda one: (here[groups[one]] > 1, -sizes[groups[one]], natural_key(one)),
    )
    at = chain.index(first)
    yield Step("unplug", first, source=old[first])
    for one in reversed([*chain[at + 1 :], *chain[:at]]):
        yield Step("move", one, old[one], new[one])
    yield Step("plug", first, destination=new[first])


def _sentence(step: Step, plugged_later: bool) -> str:
    if plugged_later and step.source is not None:
        words = "Unplug {circuit} from {source}, a later step says where to plug it."
    else:
        words = _SENTENCES[_kind(step.source), _kind(step.destination)]
    return words.format(
        circuit=step.circuit,
        source=_spoken(step.source),
        destination=_spoken(step.destination),
    )


def _spoken(place: str | None) -> str:
    """A place as it is read out, ``gw1/2/3`` as ``gw1, card 2, port 3``."""
    if place is None:
        return "nowhere"
    gateway, *port = place.split("/")
    return gateway if is_sip(place) else f"{gateway}, card {port[0]}, port {port[1]}"


def _kind(place: str | None) -> str:
    if place is None:
        return "nowhere"
    return "sip" if is_sip(place) else "port"
