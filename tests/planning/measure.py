# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a plan: how good it is, and which rules it breaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.circuits import TrunkGroup
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateways import Gateway
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.lines import LINES
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.telephone_network import (
    TelephoneNetwork,
)


class Score(NamedTuple):
    """Less is better."""

    moves: int
    """Circuits of the old wiring that are plugged in elsewhere."""
    excess: int
    """What gateways have beyond the fair share of a group, squared, of all groups."""
    squares: int
    """What gateways have of a group, squared, of all groups."""

    def ranked(self, *, rebalance: bool) -> tuple[int, int, int]:
        """The three, the most important first."""
        if rebalance:
            return self.excess, self.moves, self.squares
        return self.moves, self.excess, self.squares


def span_limit(gateway: Gateway) -> int:
    """Digital spans that the gateway may light."""
    return max(0, gateway.span_limit)


def allows(group: TrunkGroup, gateway: str) -> bool:
    """Whether the group's options let its circuits be on the gateway."""
    return gateway not in group.exclude and (group.gateways is None or gateway in group.gateways)


def fair_share(network: TelephoneNetwork, group: TrunkGroup) -> int:
    """What each gateway that can take circuits of the group gets of them, rounded up."""
    able = [
        gateway
        for gateway in network.gateways
        if allows(group, gateway.name)
        and (
            group.kind == "sip"
            or any(group.kind in port for card in gateway.cards for port in card.accepts())
        )
        and (group.kind not in LINES or span_limit(gateway) >= 1)
    ]
    return -(-len(group.circuits) // max(1, len(able)))


def measure(
    network: TelephoneNetwork, wired: Mapping[str, str], places: Mapping[str, str]
) -> Score:
    """How good the plan is around the old wiring."""
    excess = squares = 0
    for group in network.trunk_groups:
        fair = fair_share(network, group)
        for count in Counter(gateway_of(places[name]) for name in group.circuits).values():
            excess += max(0, count - fair) ** 2
            squares += count**2
    moves = sum(
        wired[name] != places[name]
        for group in network.trunk_groups
        for name in group.circuits
        if name in wired
    )
    return Score(moves, excess, squares)


def gateway_of(place: str) -> str:
    """Of ``gw1/2/3`` or ``gw1/sip`` the gateway."""
    return place.partition("/")[0]


def violations(network: TelephoneNetwork, places: Mapping[str, str]) -> list[str]:
    """Every rule that the plan breaks."""
    circuits = [name for group in network.trunk_groups for name in group.circuits]
    if sorted(circuits) != sorted(places):
        return [f"circuits {sorted(circuits)}, but places for {sorted(places)}"]
    return [
        *_misplaced(network, places),
        *_taken_twice(places),
        *_too_many_spans(network, places),
        *_mixed_cards(network, places),
        *_torn_bundles(network, places),
    ]


def _ports(network: TelephoneNetwork) -> dict[str, frozenset[str]]:
    """Every place where a cable ends, and what it accepts."""
    return {
        f"{gateway.name}/{card.slot}/{number}": accepts
        for gateway in network.gateways
        for card in gateway.cards
        for number, accepts in enumerate(card.accepts(), 1)
    }


def _kinds(network: TelephoneNetwork) -> dict[str, str]:
    return {name: group.kind for group in network.trunk_groups for name in group.circuits}


def _misplaced(network: TelephoneNetwork, places: Mapping[str, str]) -> Iterator[str]:
    accepting = dict(_ports(network))
    accepting |= {f"{gateway.name}/sip": frozenset(("sip",)) for gateway in network.gateways}
    for group in network.trunk_groups:
        for name in group.circuits:
            place = places[name]
            if group.kind not in accepting.get(place, ()):
                yield f"{name}: {place} does not take {group.kind}"
            if not allows(group, gateway_of(place)):
                yield f"{name}: {place} is on a gateway that is not allowed"
            if pin := group.pins.get(name):
                if gateway_of(place) != pin.gateway:
                    yield f"{name}: {place} is not on {pin.gateway}"
                if pin.slot is not None and place != f"{pin.gateway}/{pin.slot}/{pin.port}":
                    yield f"{name}: {place} is not port {pin.slot}/{pin.port}"


def _taken_twice(places: Mapping[str, str]) -> Iterator[str]:
    for place, count in Counter(places.values()).items():
        if count > 1 and not place.endswith("/sip"):
            yield f"{place} has {count} circuits"


def _too_many_spans(network: TelephoneNetwork, places: Mapping[str, str]) -> Iterator[str]:
    kinds = _kinds(network)
    lit = Counter(gateway_of(place) for name, place in places.items() if kinds[name] in LINES)
    for gateway in network.gateways:
        if lit[gateway.name] > span_limit(gateway):
            yield f"{gateway.name} lights {lit[gateway.name]} spans"


def _mixed_cards(network: TelephoneNetwork, places: Mapping[str, str]) -> Iterator[str]:
    kinds = _kinds(network)
    used = defaultdict(set)
    for name, place in places.items():
        used[place.rpartition("/")[0]].add(kinds[name])
    for gateway in network.gateways:
        for card in gateway.cards:
            if card.model.together and len(used[f"{gateway.name}/{card.slot}"]) > 1:
                yield f"card {card.slot} of {gateway.name} has several kinds of lines"


def _torn_bundles(network: TelephoneNetwork, places: Mapping[str, str]) -> Iterator[str]:
    for group in network.trunk_groups:
        for first in range(0, len(group.circuits), group.nfas):
            bundle = group.circuits[first : first + group.nfas]
            if len({gateway_of(places[name]) for name in bundle}) > 1:
                yield f"{', '.join(bundle)} are not on one gateway"
