# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which gateway takes how many circuits of which trunk group.

The planner states the question with streams (circuits that are alike) and pools (ports that are
alike). The answer is sought in two steps: ``fill`` keeps every cable where it is and spreads new
circuits like water, and knows whether nothing can be better; only where it does not know,
``exact_placement`` searches.

What counts, in this order: circuits that have to move, then ``excess`` (squares of the circuits
that a gateway carries above its fair share of a trunk group), then ``squares`` (of all shares, the
finer evenness). To rebalance, excess comes before moves.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stream:
    """Circuits of one trunk group that may go the same ways."""

    group: int
    kind: str
    units: int
    gateways: tuple[int, ...]
    """Gateways that may take them, ascending."""
    locked: Mapping[int, int] = field(default_factory=dict)
    """Circuits that are plugged into a pool now and may stay there."""
    bundle: int = 0
    """NFAS: the units share a gateway and count as so many circuits; 0 = each goes its own way."""
    pinned: bool = False
    """The share of the gateway is in ``Question.base`` already."""


@dataclass(frozen=True)
class Pool:
    """Free or used ports of one gateway that accept the same kinds."""

    gateway: int
    kinds: frozenset[str]
    ports: int
    together: bool = False
    """All ports that are used are of one kind."""


@dataclass(frozen=True)
class Question:
    """What is to be placed where."""

    streams: Sequence[Stream]
    pools: Sequence[Pool]
    limits: Sequence[int]
    """Units that a gateway may take."""
    fair: Sequence[int]
    """Circuits of a trunk group that any gateway may lose."""
    base: Sequence[Mapping[int, int]]
    """For each trunk group the circuits that a gateway has for certain."""
    load: Sequence[int]
    """Channels that a gateway carries from elsewhere."""
    weight: int = 1
    """Channels of a unit, for an even load."""
    rebalance: bool = False


@dataclass(frozen=True)
class Answer:
    """For each stream the units in each pool."""

    flows: tuple[dict[int, int], ...]
    proven: bool
    """Whether it is known that no better answer exists."""


class ShortageError(Exception):
    """More units than ports."""

    def __init__(self, streams: Sequence[int], gateways: Sequence[int], ports: int) -> None:
        """The streams that compete, the only gateways they may use, and what these offer."""
        super().__init__(f"{len(streams)} streams compete for {ports} ports")
        self.streams = streams
        self.gateways = gateways
        self.ports = ports


class NoPlaceError(Exception):
    """Ports enough, but not as NFAS groups and cards that switch together need them."""

    def __init__(self, *, certain: bool) -> None:
        """Not ``certain`` when the search was ended before it had tried everything."""
        super().__init__("no place" if certain else "no place was found")
        self.certain = certain


@dataclass
class Filling:
    """A partial or whole answer."""

    flows: list[dict[int, int]]
    complete: bool
    proven: bool


def excess(count: int, fair: int) -> int:
    """What it costs that a gateway carries more circuits of a trunk group than its fair share."""
    return max(0, count - fair) ** 2


def fill(question: Question) -> Filling:
    """Keeps all cables and spreads the rest; complete and proven in all but unusual cases."""
    return _Fill(question).run()


@dataclass(frozen=True)
class _Kept:
    """What is left when all cables stay that may."""

    free: Sequence[int]
    ports: Sequence[int]
    counts: Sequence[Mapping[int, int]]


class _Fill:
    def __init__(self, question: Question) -> None:
        self.question = question
        self.free = list(question.limits)
        self.load = list(question.load)
        self.ports = [pool.ports for pool in question.pools]
        self.flows: list[dict[int, int]] = [{} for each in question.streams]
        self.counts = [dict(base) for base in question.base]
        self.unsure = any(pool.together for pool in question.pools)
        self.pool_of: dict[tuple[int, str], int] = {}
        for number, pool in enumerate(question.pools):
            for kind in pool.kinds:
                if self.pool_of.setdefault((pool.gateway, kind), number) != number:
                    self.unsure = True

    def run(self) -> Filling:
        """First cables that are plugged in, then NFAS groups, then the others, large ones first."""
        streams = self.question.streams
        missing = [self.keep(number) for number in range(len(streams))]
        kept = _Kept(self.free[:], self.ports[:], [dict(count) for count in self.counts])
        complete = True
        for number in sorted(
            (number for number, units in enumerate(missing) if units),
            key=lambda number: (
                not streams[number].pinned,
                not streams[number].bundle,
                -missing[number],
                number,
            ),
        ):
            place = self.place_bundle if streams[number].bundle else self.spread
            complete = place(number, missing[number]) and complete
        proven = complete and not self.unsure and self.is_optimal(missing, kept)
        return Filling(self.flows, complete, proven)

    def keep(self, number: int) -> int:
        """Leaves plugged cables of a stream in place; how many units are still to be placed."""
        stream = self.question.streams[number]
        left = stream.units
        locked = stream.locked
        if stream.bundle and locked:
            by_gateway: dict[int, int] = {}
            for pool, units in locked.items():
                gateway = self.question.pools[pool].gateway
                by_gateway[gateway] = by_gateway.get(gateway, 0) + units
            if len(by_gateway) > 1:
                self.unsure = True
            best = max(by_gateway, key=lambda gateway: (by_gateway[gateway], -gateway))
            locked = {
                pool: units
                for pool, units in locked.items()
                if self.question.pools[pool].gateway == best
            }
        for pool, units in locked.items():
            gateway = self.question.pools[pool].gateway
            kept = min(units, self.free[gateway], self.ports[pool])
            if kept < units:
                self.unsure = True
            if kept:
                self.put(number, pool, kept)
                left -= kept
        return left

    def put(self, number: int, pool: int, units: int) -> None:
        stream = self.question.streams[number]
        gateway = self.question.pools[pool].gateway
        flow = self.flows[number]
        if not stream.pinned:
            counts = self.counts[stream.group]
            # An NFAS group counts as a whole, with its first unit.
            share = (0 if flow else stream.bundle) if stream.bundle else units
            counts[gateway] = counts.get(gateway, 0) + share
        flow[pool] = flow.get(pool, 0) + units
        self.free[gateway] -= units
        self.ports[pool] -= units
        self.load[gateway] += units * self.question.weight

    def room(self, number: int, gateway: int) -> tuple[int, int]:
        """Pool of the gateway that takes the stream (-1 = none), and the units it has room for."""
        pool = self.pool_of.get((gateway, self.question.streams[number].kind), -1)
        return pool, 0 if pool < 0 else min(self.free[gateway], self.ports[pool])

    def place_bundle(self, number: int, units: int) -> bool:
        """Puts an NFAS group where the fewest of its trunk group are; whether there is room."""
        stream = self.question.streams[number]
        flow = self.flows[number]
        gateways = [self.question.pools[next(iter(flow))].gateway] if flow else stream.gateways
        counts = self.counts[stream.group]
        choices = []
        for gateway in gateways:
            pool, room = self.room(number, gateway)
            if room >= units:
                choices.append((counts.get(gateway, 0), self.load[gateway], gateway, pool))
        if choices:
            self.put(number, min(choices)[3], units)
        return bool(choices)

    def spread(self, number: int, units: int) -> bool:
        """Gives each unit to the gateway with the fewest of its trunk group; whether all fit."""
        stream = self.question.streams[number]
        counts = self.counts[stream.group]
        heap = []
        for gateway in stream.gateways:
            pool, room = self.room(number, gateway)
            if room:
                heap.append((counts.get(gateway, 0), self.load[gateway], gateway, pool))
        heapq.heapify(heap)
        weight = self.question.weight
        while units and heap:
            count, load, gateway, pool = heap[0]
            self.put(number, pool, 1)
            units -= 1
            if self.free[gateway] and self.ports[pool]:
                heapq.heapreplace(heap, (count + 1, load + weight, gateway, pool))
            else:
                heapq.heappop(heap)
        return not units

    def is_optimal(self, missing: Sequence[int], kept: _Kept) -> bool:
        """Whether no trunk group could do better if all ports that are left were its own."""
        if self.question.rebalance and not self.spread_is_least():
            return False
        grown = {
            stream.group
            for stream, units in zip(self.question.streams, missing, strict=True)
            if units
        }
        return all(self.evenness(group) == self.alone(group, missing, kept) for group in grown)

    def evenness(self, group: int) -> tuple[int, int]:
        return _evenness(self.counts[group], self.question.fair[group])

    def alone(
        self,
        group: int,
        missing: Sequence[int],
        kept: _Kept,
    ) -> tuple[int, int]:
        """The best excess and squares of a group if all ports that are left were its own."""
        counts = dict(kept.counts[group])
        for number, stream in enumerate(self.question.streams):
            if stream.group != group or not missing[number] or stream.pinned:
                continue
            step = stream.bundle or 1
            if stream.bundle and missing[number] < stream.units:
                continue  # its gateway is known, and counted
            heap = []
            for gateway in stream.gateways:
                pool = self.pool_of.get((gateway, stream.kind), -1)
                room = 0 if pool < 0 else min(kept.free[gateway], kept.ports[pool])
                if room >= (stream.units if stream.bundle else 1):
                    heap.append((counts.get(gateway, 0), gateway, room if not stream.bundle else 1))
            heapq.heapify(heap)
            left = 1 if stream.bundle else missing[number]
            while left and heap:
                left -= 1
                count, gateway, room = heap[0]
                counts[gateway] = count + step
                if room > 1:
                    heapq.heapreplace(heap, (count + step, gateway, room - 1))
                else:
                    heapq.heappop(heap)
        return _evenness(counts, self.question.fair[group])

    def spread_is_least(self) -> bool:
        """Whether no gateway carries more than a fair share: then no cable moves to rebalance."""
        return not any(self.evenness(group)[0] for group in range(len(self.counts)))


def _evenness(counts: Mapping[int, int], fair: int) -> tuple[int, int]:
    values = counts.values()
    return sum(excess(count, fair) for count in values), sum(count * count for count in values)
