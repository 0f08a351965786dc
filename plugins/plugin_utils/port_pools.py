# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports that are alike to the planner: those of a gateway that accept the same circuits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

from .cards import Card
from .circuits import TrunkGroup
from .gateways import Gateway
from .lines import LINES
from .placement import Pool
from .plan_reasons import kind_name
from .reading import listed
from .wiring import place, sip_place


@dataclass
class PortPools:
    """All ports of one class; pools and gateways are called by their positions."""

    gateways: Sequence[Gateway]
    pools: list[Pool] = field(default_factory=list)
    ports: list[list[str]] = field(default_factory=list)
    """Places of each pool, in the order of slots and ports; the one of SIP circuits takes many."""
    pool_of: dict[str, int] = field(default_factory=dict)
    """The pool of each place that is neither dark nor taken."""
    limits: list[int] = field(default_factory=list)
    """Circuits that each gateway may take."""

    def pool_for(self, spot: str, kind: str) -> int | None:
        """The pool of a place, if it takes that kind of circuit."""
        pool = self.pool_of.get(spot)
        return pool if pool is not None and kind in self.pools[pool].kinds else None

    def able(self, kind: str) -> set[int]:
        """Gateways that can take a circuit of that kind."""
        return {
            pool.gateway for pool in self.pools if kind in pool.kinds and self.limits[pool.gateway]
        }

    def take(self, spot: str) -> None:
        """Reserves a port for good."""
        pool = self.pool_of.pop(spot)
        self.ports[pool].remove(spot)
        self.limits[self.pools[pool].gateway] -= 1
        self.pools[pool] = replace(self.pools[pool], ports=len(self.ports[pool]))

    def switch(self, pool: int, kinds: frozenset[str]) -> None:
        """Fixes what a card whose ports switch together takes."""
        self.pools[pool] = replace(self.pools[pool], kinds=kinds, together=False)

    def free(self, pool: int, taken: Collection[str]) -> Iterator[str]:
        """The places of a pool that are not taken."""
        spots = self.ports[pool]
        if "sip" in self.pools[pool].kinds:
            return repeat(spots[0])
        return (spot for spot in spots if spot not in taken)

    def add(self, pool: Pool, spots: list[str]) -> None:
        """Adds a pool with its places."""
        number = len(self.pools)
        self.pools.append(pool)
        self.ports.append(spots)
        for spot in spots:
            self.pool_of[spot] = number


def sip_pools(gateways: Sequence[Gateway], circuits: int) -> PortPools:
    """Every gateway takes any number of SIP circuits."""
    pools = PortPools(gateways, limits=[circuits] * len(gateways))
    for number, gateway in enumerate(gateways):
        spot = sip_place(gateway.name)
        pools.add(Pool(number, frozenset(("sip",)), circuits), [spot])
    return pools


def card_pools(gateways: Sequence[Gateway], demanded: frozenset[str]) -> PortPools:
    """The ports that accept one of the demanded kinds."""
    pools = PortPools(gateways)
    layouts: dict[tuple[Card, ...], list[_Layout]] = {}
    digital = not demanded.isdisjoint(LINES)
    for number, gateway in enumerate(gateways):
        layout = layouts.get(gateway.cards)
        if layout is None:
            layout = layouts[gateway.cards] = _layouts(gateway.cards, demanded)
        total = 0
        for alike in layout:
            spots = [gateway.name + suffix for suffix in alike.suffixes]
            pools.add(Pool(number, alike.kinds, len(spots), alike.together), spots)
            total += len(spots)
        pools.limits.append(min(total, max(0, gateway.span_limit)) if digital else total)
    return pools


def pin_problems(
    pools: PortPools, groups: Sequence[TrunkGroup], allowed: Sequence[frozenset[str]]
) -> tuple[dict[str, str], list[str]]:
    """Takes the ports that the user has chosen: place of each such circuit, and what is wrong.

    ``allowed`` has for each group the gateways that may take it.
    """
    taken: dict[str, str] = {}
    lines: dict[int, set[str]] = {}
    problems = []
    for group, names in zip(groups, allowed, strict=True):
        for circuit, pin in group.pins.items():
            where = f"trunk_groups: {group.name}: pins: {circuit}"
            if pin.gateway not in names:
                problems.append(
                    f"{where}: {pin.gateway} is not among the gateways that may take the group: "
                    "choose another one, or change gateways or exclude."
                )
                continue
            if pin.slot is None or pin.port is None:
                continue
            spot = place(pin.gateway, pin.slot, pin.port)
            pool = pools.pool_for(spot, group.kind)
            if spot in taken.values():
                problems.append(f"{where}: another circuit is pinned to {spot}: choose one.")
            elif pool is None:
                problems.append(
                    f"{where}: {spot} is no port for {kind_name(group.kind)}: choose one that "
                    "takes it and is not dark."
                )
            else:
                taken[circuit] = spot
                lines.setdefault(pool, set()).add(group.kind)
                pools.take(spot)
    return taken, problems + _switch_problems(pools, lines) + _limit_problems(pools)


def _switch_problems(pools: PortPools, lines: dict[int, set[str]]) -> list[str]:
    problems = []
    for pool, kinds in lines.items():
        if not pools.pools[pool].together:
            continue
        pools.switch(pool, frozenset(kinds))
        if len(kinds) > 1:
            name = pools.gateways[pools.pools[pool].gateway].name
            problems.append(
                f"{name}: {listed(sorted(kind.upper() for kind in kinds))} circuits are pinned to "
                "a card whose ports switch together: pin some of them to another card."
            )
    return problems


def _limit_problems(pools: PortPools) -> list[str]:
    return [
        f"{gateway.name}: more circuits are pinned to its ports than the "
        f"{gateway.limits.spans} spans it may carry, cards of 24 analog ports included: pin "
        "some to another gateway."
        for gateway, limit in zip(pools.gateways, pools.limits, strict=True)
        if limit < 0
    ]


@dataclass(frozen=True)
class _Layout:
    kinds: frozenset[str]
    together: bool
    suffixes: list[str]
    """Slot and port of each place, as ``/2/3``."""


def _layouts(cards: Sequence[Card], demanded: frozenset[str]) -> list[_Layout]:
    layouts: dict[tuple[int, frozenset[str]], _Layout] = {}
    for card in cards:
        for port, accepts in enumerate(card.accepts(), 1):
            if kinds := accepts & demanded:
                together = card.model.together and len(kinds) > 1
                alike = layouts.setdefault(
                    (card.slot if together else 0, kinds), _Layout(kinds, together, [])
                )
                alike.suffixes.append(f"/{card.slot}/{port}")
    return list(layouts.values())
