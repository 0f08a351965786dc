# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The best placement by minimum-cost flow and, for what no flow can say, branch and bound.

Circuits flow from their stream through a pool and its gateway to the sink. All costs are convex,
so that a flow without a negative cycle in its residual graph is the cheapest (Ahuja, Magnanti,
Orlin: Network Flows, 1993, sections 9.6 and 14.4). A flow knows neither that the circuits of an
NFAS group stay together nor that some cards switch all ports at once: where it breaks one of these
rules, the possibilities are searched, each with the flow as its bound.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .placement import Answer, NoPlaceError, Question, ShortageError, excess

SEARCH_LIMIT = 4_000_000
"""Arcs looked at by the search before it is content with the best answer so far."""

Marginal = Callable[[int], int]
"""Cost of the unit that comes on top of so many units."""


@dataclass(frozen=True)
class Weights:
    """Costs of one move, excess, square and load; each is more than all that follow together."""

    move: int
    excess: int
    square: int
    load: int


def weights(question: Question) -> Weights:
    """Weights that make the order of the goals strict."""
    units = sum(stream.units for stream in question.streams)
    units += sum(sum(base.values()) for base in question.base)
    load = sum(question.load) + units * question.weight
    square = (load + 1) ** 2
    above = square * (units + 1) ** 2
    if question.rebalance:
        return Weights(above, above * (units + 1), square, 1)
    return Weights(above * (units + 1) ** 2, above, square, 1)


@dataclass
class Arc:
    """From node to node; ``pool`` for an arc that leaves a stream."""

    tail: int
    head: int
    capacity: int
    marginal: Marginal
    stream: int = -1
    pool: int = -1


def _free(units: int) -> int:
    return 0 * units


class Network:
    """The flow network: streams, (stream, gateway) pairs where needed, pools, gateways, sink."""

    def __init__(self, question: Question) -> None:
        """Builds nodes and arcs."""
        self.question = question
        self.weights = weights(question)
        self.arcs: list[Arc] = []
        self.entry: dict[tuple[int, int], list[int]] = {}
        """For (stream, pool) the arcs that a unit takes from the stream to the sink."""
        pools, streams = question.pools, question.streams
        self.first_pool = len(streams)
        first_gateway = self.first_pool + len(pools)
        self.sink = first_gateway + len(question.limits)
        self.nodes = self.sink + 1
        out = [
            self.add(Arc(self.first_pool + number, first_gateway + pool.gateway, pool.ports, _free))
            for number, pool in enumerate(pools)
        ]
        to_sink = [
            self.add(Arc(first_gateway + gateway, self.sink, limit, self.loading(gateway)))
            for gateway, limit in enumerate(question.limits)
        ]
        by_gateway: dict[tuple[int, str], list[int]] = {}
        for number, pool in enumerate(pools):
            for kind in pool.kinds:
                by_gateway.setdefault((pool.gateway, kind), []).append(number)
        for number, stream in enumerate(streams):
            for gateway in stream.gateways:
                choices = by_gateway.get((gateway, stream.kind), [])
                sharing = _free if stream.bundle or stream.pinned else self.sharing(number, gateway)
                if len(choices) > 1:
                    pair = self.nodes
                    self.nodes += 1
                    first = self.add(Arc(number, pair, stream.units, sharing))
                    for pool_number in choices:
                        keep = self.keeping(number, pool_number, _free)
                        second = self.add(
                            Arc(
                                pair,
                                self.first_pool + pool_number,
                                stream.units,
                                keep,
                                number,
                                pool_number,
                            )
                        )
                        self.entry[number, pool_number] = [
                            first,
                            second,
                            out[pool_number],
                            to_sink[gateway],
                        ]
                elif choices:
                    pool_number = choices[0]
                    keep = self.keeping(number, pool_number, sharing)
                    only = self.add(
                        Arc(
                            number,
                            self.first_pool + pool_number,
                            stream.units,
                            keep,
                            number,
                            pool_number,
                        )
                    )
                    self.entry[number, pool_number] = [only, out[pool_number], to_sink[gateway]]
        self.leaving: list[list[int]] = [[] for each in range(self.nodes)]
        self.entering: list[list[int]] = [[] for each in range(self.nodes)]
        for index, arc in enumerate(self.arcs):
            self.leaving[arc.tail].append(index)
            self.entering[arc.head].append(index)

    def add(self, arc: Arc) -> int:
        """The number of the new arc."""
        self.arcs.append(arc)
        return len(self.arcs) - 1

    def loading(self, gateway: int) -> Marginal:
        """Squares of the channels, for an even load."""
        step, start = self.question.weight, self.question.load[gateway]
        return lambda units: self.weights.load * step * (2 * (start + units * step) + step)

    def sharing(self, stream: int, gateway: int) -> Marginal:
        """Excess and squares of the circuits that a gateway has of one trunk group."""
        group = self.question.streams[stream].group
        return self.share(group, self.question.base[group].get(gateway, 0), 1)

    def share(self, group: int, base: int, step: int) -> Marginal:
        """The same for ``step`` circuits at a time on top of ``base``."""
        fair, weight = self.question.fair[group], self.weights

        def marginal(units: int) -> int:
            low = base + units * step
            high = low + step
            return weight.excess * (excess(high, fair) - excess(low, fair)) + weight.square * (
                high * high - low * low
            )

        return marginal

    def keeping(self, stream: int, pool: int, other: Marginal) -> Marginal:
        """A cable that stays saves a move."""
        locked = self.question.streams[stream].locked.get(pool, 0)
        if not locked:
            return other
        saved = self.weights.move
        return lambda units: other(units) - (saved if units < locked else 0)


@dataclass
class State:
    """What the search has decided, and the flow under these decisions."""

    flow: list[int]
    homes: dict[int, int] = field(default_factory=dict)
    """Gateway of an NFAS group, by its stream."""
    modes: dict[int, str] = field(default_factory=dict)
    """Line of a card that switches all ports together, by its pool."""
    closed: frozenset[int] = frozenset()
    """Arcs that the decisions forbid."""

    def child(self) -> State:
        return State(self.flow[:], dict(self.homes), dict(self.modes), self.closed)


def exact_placement(question: Question, start: Sequence[dict[int, int]]) -> Answer:
    """The best answer, sought from a partial one.

    Raises ``ShortageError`` if there are too few ports, ``NoPlaceError`` if they do not fit.
    """
    return _Search(Network(question), start).run()


class _Search:
    def __init__(self, network: Network, start: Sequence[dict[int, int]]) -> None:
        self.network = network
        self.question = network.question
        self.start = start
        self.bundles = [
            number for number, stream in enumerate(self.question.streams) if stream.bundle
        ]
        self.best: tuple[int, State] | None = None
        self.looked = 0

    def run(self) -> Answer:
        root = State([0] * len(self.network.arcs))
        for stream, flow in enumerate(self.start):
            for pool, units in flow.items():
                self.push(root, stream, pool, units)
        self.solve(root)  # where even the flow finds no way, its shortage says best why
        # Few departures from the likeliest choice first: one wrong choice costs little time then.
        waiting = [(0, 0, root)]
        added = 0
        while waiting and self.looked < SEARCH_LIMIT:
            departures, _number, state = heapq.heappop(waiting)
            try:
                self.solve(state)
            except ShortageError:
                continue
            bound = self.cost(state)
            if self.best is not None and bound + self.bundle_bound(state) >= self.best[0]:
                continue
            for rank, child in enumerate(self.branches(state, bound)):
                added += 1
                heapq.heappush(waiting, (departures + rank, -added, child))
        if self.best is None:
            raise NoPlaceError(certain=not waiting)
        return Answer(self.flows(self.best[1]), proven=not waiting)

    def push(self, state: State, stream: int, pool: int, units: int) -> None:
        for arc in self.network.entry[stream, pool]:
            state.flow[arc] += units

    def flows(self, state: State) -> tuple[dict[int, int], ...]:
        flows: tuple[dict[int, int], ...] = tuple({} for each in self.question.streams)
        for index, arc in enumerate(self.network.arcs):
            if arc.stream >= 0 and state.flow[index]:
                flows[arc.stream][arc.pool] = state.flow[index]
        return flows

    def cost(self, state: State) -> int:
        """Cost of the flow; NFAS groups' shares are not in it."""
        return sum(
            sum(arc.marginal(unit) for unit in range(state.flow[index]))
            for index, arc in enumerate(self.network.arcs)
            if state.flow[index]
        )

    def bundle_counts(self, homes: dict[int, int]) -> dict[int, dict[int, int]]:
        counts = {
            self.question.streams[number].group: dict(
                self.question.base[self.question.streams[number].group]
            )
            for number in self.bundles
        }
        for number, gateway in homes.items():
            stream = self.question.streams[number]
            counts[stream.group][gateway] = counts[stream.group].get(gateway, 0) + stream.bundle
        return counts

    def shares(self, homes: dict[int, int]) -> int:
        """Cost of the shares that NFAS groups have of the gateways."""
        total = 0
        for group, counts in self.bundle_counts(homes).items():
            for gateway, count in counts.items():
                base = self.question.base[group].get(gateway, 0)
                if count > base:
                    total += self.network.share(group, base, count - base)(0)
        return total

    def bundle_bound(self, state: State) -> int:
        """The least that the shares of NFAS groups can cost in the end, were all ports free."""
        if not self.bundles:
            return 0
        counts = self.bundle_counts(state.homes)
        total = self.shares(state.homes)
        for number in self.bundles:
            if number not in state.homes:
                stream = self.question.streams[number]
                group = counts[stream.group]
                gateway = min(stream.gateways, key=lambda one: group.get(one, 0))
                low = group.get(gateway, 0)
                total += self.network.share(stream.group, low, stream.bundle)(0)
                group[gateway] = low + stream.bundle
        return total

    def branches(self, state: State, bound: int) -> list[State]:
        """Ways to go on; none where the state is an answer by itself, which is remembered."""
        for number in self.bundles:
            if number not in state.homes:
                return self.homes(state, number)
        flows = self.flows(state)
        used: dict[int, set[str]] = {}
        for stream, flow in zip(self.question.streams, flows, strict=True):
            for pool in flow:
                if self.question.pools[pool].together:
                    used.setdefault(pool, set()).add(stream.kind)
        for pool, kinds in sorted(used.items()):
            if len(kinds) > 1:
                # Those in use first; another one may still be right.
                choices = sorted(kinds) + sorted(self.question.pools[pool].kinds - kinds)
                return [self.switched(state, pool, kind) for kind in choices]
        total = bound + self.shares(state.homes)
        if self.best is None or total < self.best[0]:
            self.best = (total, state)
        return []

    def homes(self, state: State, number: int) -> list[State]:
        """Every gateway that an NFAS group may go to, the likeliest first; alike ones once."""
        streams, pools = self.question.streams, self.question.pools
        here: dict[int, int] = {}
        for pool, units in self.flows(state)[number].items():
            here[pools[pool].gateway] = here.get(pools[pool].gateway, 0) + units
        # NFAS groups that are alike may be exchanged: only one order of them is tried.
        alike = {
            other
            for other in self.bundles
            if other not in state.homes and streams[other] == streams[number]
        }
        ways = [
            (index, arc)
            for index, arc in enumerate(self.network.arcs)
            if arc.stream in alike and index not in state.closed
        ]
        open_to = {pools[arc.pool].gateway for index, arc in ways if arc.stream == number}
        counts = self.bundle_counts(state.homes)[streams[number].group]
        children = []
        for gateway in sorted(
            open_to, key=lambda one: (-here.get(one, 0), counts.get(one, 0), one)
        ):
            child = state.child()
            child.homes[number] = gateway
            self.close(
                child,
                (
                    index
                    for index, arc in ways
                    if pools[arc.pool].gateway < gateway
                    or (arc.stream == number and pools[arc.pool].gateway != gateway)
                ),
            )
            children.append(child)
        return children

    def switched(self, state: State, pool: int, kind: str) -> State:
        child = state.child()
        child.modes[pool] = kind
        self.close(
            child,
            (
                index
                for index, arc in enumerate(self.network.arcs)
                if arc.pool == pool and self.question.streams[arc.stream].kind != kind
            ),
        )
        return child

    def close(self, state: State, arcs: Iterable[int]) -> None:
        closed = set(arcs)
        state.closed |= closed
        for index in closed:
            if units := state.flow[index]:
                arc = self.network.arcs[index]
                self.push(state, arc.stream, arc.pool, -units)

    def solve(self, state: State) -> None:
        """Brings every unit to the sink, then takes the cheapest way."""
        arcs, flow = self.network.arcs, state.flow
        out = [0] * len(self.question.streams)
        for index, arc in enumerate(arcs):
            if arc.tail < self.network.first_pool:
                out[arc.tail] += flow[index]
        for number, stream in enumerate(self.question.streams):
            while out[number] < stream.units:
                self.augment(state, number)
                out[number] += 1
        while self.improve(state):
            pass

    def augment(self, state: State, stream: int) -> None:
        """One more unit of a stream reaches the sink."""
        arcs, flow, closed = self.network.arcs, state.flow, state.closed
        came: dict[int, tuple[int, int]] = {stream: (-1, 0)}
        queue = deque([stream])
        while queue:
            node = queue.popleft()
            if node == self.network.sink:
                break
            for index in self.network.leaving[node]:
                head = arcs[index].head
                if head not in came and index not in closed and flow[index] < arcs[index].capacity:
                    came[head] = (index, 1)
                    queue.append(head)
            for index in self.network.entering[node]:
                tail = arcs[index].tail
                if tail not in came and flow[index]:
                    came[tail] = (index, -1)
                    queue.append(tail)
        self.looked += len(came)
        if self.network.sink not in came:
            raise self.shortage(came)
        node = self.network.sink
        while node != stream:
            index, sign = came[node]
            flow[index] += sign
            node = arcs[index].tail if sign > 0 else arcs[index].head

    def shortage(self, came: dict[int, tuple[int, int]]) -> ShortageError:
        """The streams that have reached only full gateways (the minimum cut)."""
        streams = sorted(node for node in came if node < self.network.first_pool)
        pools = sorted(
            node - self.network.first_pool
            for node in came
            if self.network.first_pool <= node < self.network.first_pool + len(self.question.pools)
        )
        by_gateway: dict[int, int] = {}
        for number in pools:
            pool = self.question.pools[number]
            by_gateway[pool.gateway] = by_gateway.get(pool.gateway, 0) + pool.ports
        ports = sum(
            min(count, self.question.limits[gateway]) for gateway, count in by_gateway.items()
        )
        return ShortageError(streams, sorted(by_gateway), ports)

    def improve(self, state: State) -> bool:
        """Cancels negative cycles of the residual graph (Bellman-Ford); whether there was one."""
        arcs, flow, closed = self.network.arcs, state.flow, state.closed
        residual: list[tuple[int, int, int, int, int]] = []
        for index, arc in enumerate(arcs):
            units = flow[index]
            if units < arc.capacity and index not in closed:
                residual.append((arc.tail, arc.head, arc.marginal(units), index, 1))
            if units:
                residual.append((arc.head, arc.tail, -arc.marginal(units - 1), index, -1))
        distance = [0] * self.network.nodes
        came: list[tuple[int, int, int] | None] = [None] * self.network.nodes
        changed = True
        while changed:
            changed = False
            for tail, head, cost, index, sign in residual:
                if distance[tail] + cost < distance[head]:
                    distance[head] = distance[tail] + cost
                    came[head] = (tail, index, sign)
                    changed = True
            self.looked += len(residual)
            if changed and (cycles := _cycles(came)):
                for cycle in cycles:
                    for index, sign in cycle:
                        flow[index] += sign
                return True
        return False


def _cycles(came: Sequence[tuple[int, int, int] | None]) -> list[list[tuple[int, int]]]:
    """The cycles among the predecessors; any such cycle is negative, and no two share a node."""
    colour = [0] * len(came)
    cycles = []
    for start in range(len(came)):
        node, mark = start, start + 1
        while colour[node] == 0:
            colour[node] = mark
            step = came[node]
            if step is None:
                break
            node = step[0]
        else:
            if colour[node] == mark:
                cycle, first = [], node
                while True:
                    step = came[node]
                    if step is None:  # not on a cycle
                        break
                    cycle.append((step[1], step[2]))
                    node = step[0]
                    if node == first:
                        cycles.append(cycle)
                        break
    return cycles
