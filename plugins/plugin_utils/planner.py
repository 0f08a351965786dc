# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which circuit goes into which port of which card of which gateway.

Hard rules: a port takes only what it accepts; a gateway lights no more spans than its limit (see
``gateways``); the circuits of an NFAS group share a gateway; pins, exclusions and dark ports are
honoured. Then, in this order: the fewest cables move, every trunk group is spread so that no
gateway carries more than its fair share of it (ceil(circuits / gateways that can take them)),
channels are even. The order of the input does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from .circuits import TrunkGroup
from .exact_placement import exact_placement
from .natural_order import natural_key
from .placement import NoPlaceError, Pool, Question, ShortageError, Stream, fill
from .plan_reasons import no_place_reason, shortage_reason
from .port_pools import PortPools, card_pools, pin_problems, sip_pools
from .telephone_network import TelephoneNetwork

CLASSES = (
    frozenset(("t1", "e1", "j1")),
    frozenset(("fxo",)),
    frozenset(("fxs",)),
    frozenset(("sip",)),
)
"""Kinds that compete for the same ports; each class is planned by itself."""


class UnplannableError(ValueError):
    """No plan exists. ``reasons`` are sentences that say why, and what to add."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """All reasons."""
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Plan:
    """The place of every circuit."""

    places: Mapping[str, str]
    """Circuit to place, see ``wiring.place``; in the order of trunk groups and circuits."""
    moved: tuple[str, ...] = ()
    """Circuits that are plugged in elsewhere now."""
    proven: bool = True
    """Whether it is known that no better plan exists."""


def plan(
    network: TelephoneNetwork, wired: Mapping[str, str] | None = None, *, rebalance: bool = False
) -> Plan:
    """The best plan around the cables that are plugged in: ``wired`` maps circuit to place.

    With ``rebalance`` the fair share comes before the fewest moves. Raises ``UnplannableError``.
    """
    wired = wired or {}
    planner = _Planner(network, wired, rebalance=rebalance)
    for kinds in CLASSES:
        planner.place_class(kinds)
    if planner.reasons:
        raise UnplannableError(planner.reasons)
    placed = planner.places
    places = {
        circuit: placed[circuit] for group in network.trunk_groups for circuit in group.circuits
    }
    moved = tuple(circuit for circuit, was in wired.items() if places.get(circuit, was) != was)
    return Plan(places, moved, planner.proven)


@dataclass
class _Streams:
    """The circuits of one class, and what gateways have of them for certain."""

    streams: list[Stream] = field(default_factory=list)
    circuits: list[list[str]] = field(default_factory=list)
    """Circuits of each stream, in their order."""
    base: list[dict[int, int]] = field(default_factory=list)

    def count(self, group: int, gateway: int, circuits: int) -> None:
        base = self.base[group]
        base[gateway] = base.get(gateway, 0) + circuits


class _Planner:
    def __init__(
        self, network: TelephoneNetwork, wired: Mapping[str, str], *, rebalance: bool
    ) -> None:
        self.gateways = sorted(network.gateways, key=lambda gateway: natural_key(gateway.name))
        self.groups = sorted(network.trunk_groups, key=lambda group: natural_key(group.name))
        self.index = {gateway.name: number for number, gateway in enumerate(self.gateways)}
        self.wired = wired
        self.rebalance = rebalance
        self.places: dict[str, str] = {}
        self.load = [0] * len(self.gateways)
        self.reasons: list[str] = []
        self.proven = True

    def place_class(self, kinds: frozenset[str]) -> None:
        """Plans the trunk groups whose kind is one of ``kinds``."""
        groups = [group for group in self.groups if group.kind in kinds and group.circuits]
        if not groups:
            return
        demanded = frozenset(group.kind for group in groups)
        pools = (
            sip_pools(self.gateways, sum(len(group.circuits) for group in groups))
            if "sip" in demanded
            else card_pools(self.gateways, demanded)
        )
        known = len(self.reasons)
        allowed = [self.allowed(group) for group in groups]
        fair = _fair_shares(pools, groups, allowed)
        names = [frozenset(self.gateways[number].name for number in one) for one in allowed]
        pinned, problems = pin_problems(pools, groups, names)
        self.places.update(pinned)
        streams = _Streams(base=[{} for group in groups])
        for number, group in enumerate(groups):
            self.add_streams(streams, pools, number, group, allowed[number])
        self.reasons += problems
        if len(self.reasons) > known:
            return
        question = Question(
            streams=streams.streams,
            pools=pools.pools,
            limits=pools.limits,
            fair=fair,
            base=streams.base,
            load=self.load,
            weight=groups[0].channels,
            rebalance=self.rebalance,
        )
        try:
            self.plug_in(streams, pools, self.answer(question))
        except ShortageError as shortage:
            self.reasons.append(self.shortage_reason(groups, streams, pools, shortage))
            return
        except NoPlaceError as error:
            self.reasons.append(no_place_reason(groups, certain=error.certain))
            return
        for group in groups:
            for position, circuit in enumerate(group.circuits):
                gateway = self.places[circuit].split("/", 1)[0]
                self.load[self.index[gateway]] += group.circuit_channels(position)

    def allowed(self, group: TrunkGroup) -> tuple[int, ...]:
        """Gateways that may take the group's circuits, by position."""
        names = self.index if group.gateways is None else group.gateways
        return tuple(
            sorted(
                self.index[name]
                for name in names
                if name in self.index and name not in group.exclude
            )
        )

    def add_streams(
        self,
        streams: _Streams,
        pools: PortPools,
        number: int,
        group: TrunkGroup,
        allowed: tuple[int, ...],
    ) -> None:
        """Circuits of a group by the ways they may go; those with a place need none."""
        template = Stream(number, group.kind, 0, allowed)
        if group.nfas > 1:
            for first in range(0, len(group.circuits), group.nfas):
                bundle = group.circuits[first : first + group.nfas]
                self.add_bundle(streams, pools, template, group, bundle)
            return
        pinned: dict[int, list[str]] = {}
        for circuit, pin in group.pins.items():
            gateway = self.index[pin.gateway]
            streams.count(number, gateway, 1)
            if circuit not in self.places:
                pinned.setdefault(gateway, []).append(circuit)
        for gateway, circuits in sorted(pinned.items()):
            here = replace(template, gateways=(gateway,), pinned=True)
            self.add_stream(streams, pools, here, circuits)
        rest = [circuit for circuit in group.circuits if circuit not in group.pins]
        self.add_stream(streams, pools, template, rest)

    def add_bundle(
        self,
        streams: _Streams,
        pools: PortPools,
        template: Stream,
        group: TrunkGroup,
        bundle: Sequence[str],
    ) -> None:
        """An NFAS group: one gateway, wherever one of its circuits is pinned."""
        homes = sorted(
            {self.index[group.pins[circuit].gateway] for circuit in bundle if circuit in group.pins}
        )
        if len(homes) > 1:
            self.reasons.append(
                f"trunk_groups: {group.name}: pins: {', '.join(bundle)} share a D-channel and "
                "cannot be on different gateways: pin them to one."
            )
        rest = [circuit for circuit in bundle if circuit not in self.places]
        if not rest:
            streams.count(template.group, homes[0], len(bundle))
            return
        gateways = tuple(homes[:1]) or template.gateways
        stream = replace(template, gateways=gateways, bundle=len(bundle))
        self.add_stream(streams, pools, stream, rest)

    def add_stream(
        self, streams: _Streams, pools: PortPools, template: Stream, circuits: list[str]
    ) -> None:
        """A stream of these circuits, with what of them may stay where it is."""
        if not circuits:
            return
        locked: dict[int, int] = {}
        may = frozenset(template.gateways) if self.wired else ()
        for circuit in circuits if self.wired else ():
            pool = pools.pool_for(self.wired.get(circuit, ""), template.kind)
            if pool is not None and pools.pools[pool].gateway in may:
                locked[pool] = locked.get(pool, 0) + 1
        streams.streams.append(replace(template, units=len(circuits), locked=locked))
        streams.circuits.append(circuits)

    def answer(self, question: Question) -> Sequence[Mapping[int, int]]:
        """For each stream the circuits in each pool."""
        filling = fill(question)
        if filling.proven:
            return filling.flows
        answer = exact_placement(question, filling.flows)
        self.proven = self.proven and answer.proven
        return answer.flows

    def plug_in(
        self, streams: _Streams, pools: PortPools, flows: Sequence[Mapping[int, int]]
    ) -> None:
        """Gives circuits their ports: first those that stay, then the others what is left."""
        left = [dict(flow) for flow in flows]
        for stream, units in enumerate(left):
            if streams.streams[stream].locked:
                self.stay(streams.circuits[stream], pools, units)
        taken = set(self.places.values())
        free: dict[int, Iterator[str]] = {}
        for stream, units in enumerate(left):
            waiting = (
                circuit for circuit in streams.circuits[stream] if circuit not in self.places
            )
            for pool in sorted(units):
                spots = free.setdefault(pool, pools.free(pool, taken))
                for circuit in islice(waiting, units[pool]):
                    self.places[circuit] = next(spots)

    def stay(self, circuits: Sequence[str], pools: PortPools, units: dict[int, int]) -> None:
        """Leaves circuits where they are, as many as the answer has in each pool."""
        for circuit in circuits:
            spot = self.wired.get(circuit, "")
            pool = pools.pool_of.get(spot, -1)
            if units.get(pool):
                units[pool] -= 1
                self.places[circuit] = spot

    def shortage_reason(
        self,
        groups: Sequence[TrunkGroup],
        streams: _Streams,
        pools: PortPools,
        shortage: ShortageError,
    ) -> str:
        """Why a class cannot be placed, and what to add."""
        found, full = _competitors(streams.streams, pools, shortage.streams)
        short = [groups[number] for number in sorted({stream.group for stream in found})]
        units = sum(stream.units for stream in found)
        have: dict[int, int] = {}
        for pool in full:
            have[pool.gateway] = have.get(pool.gateway, 0) + pool.ports
        ports = sum(min(count, pools.limits[number]) for number, count in have.items())
        if ports >= units:
            return no_place_reason(short or groups)
        gateways = [self.gateways[number] for number in sorted(have)]
        more = sum(
            max(0, self.gateways[number].span_limit - pools.limits[number]) for number in have
        )
        return shortage_reason(short, units, gateways, ports, more)


def _competitors(
    streams: Sequence[Stream], pools: PortPools, short: Sequence[int]
) -> tuple[list[Stream], list[Pool]]:
    """The streams that are short of ports or could only go where these may, and all these pools."""
    ways = [
        {
            number
            for number, pool in enumerate(pools.pools)
            if stream.kind in pool.kinds and pool.gateway in gateways
        }
        for stream in streams
        for gateways in [frozenset(stream.gateways)]
    ]
    full = set[int]().union(*(ways[number] for number in short))
    found = [
        stream
        for number, stream in enumerate(streams)
        if number in short or (ways[number] and ways[number] <= full)
    ]
    return found, [pools.pools[number] for number in sorted(full)]


def _fair_shares(
    pools: PortPools, groups: Sequence[TrunkGroup], allowed: Sequence[tuple[int, ...]]
) -> list[int]:
    """For each group the circuits that the loss of one gateway may cost."""
    able = {kind: pools.able(kind) for kind in {group.kind for group in groups}}
    return [
        -(-len(group.circuits) // max(1, len(able[group.kind].intersection(numbers))))
        for group, numbers in zip(groups, allowed, strict=True)
    ]
