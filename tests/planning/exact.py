# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The best score that any plan of a network has, from a constraint solver.

The model counts: how many circuits of a batch are on a spot. A batch is circuits between which no
rule makes a difference, a spot is ports between which none does. That is exact: the circuits that
are certain to have one port of a spot (pinned to it, or left where they were) have different ports,
and as many ports as circuits are left for the others, in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cards import Card
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.circuits import Pin, TrunkGroup
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.lines import LINES
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.telephone_network import (
    TelephoneNetwork,
)

from .measure import Score, allows, fair_share, span_limit

total = cp_model.LinearExpr.sum


@dataclass(frozen=True, eq=False)
class Spot:
    """Ports of one card that take the same circuits; or all the SIP trunks of a gateway."""

    gateway: str
    accepts: frozenset[str]
    places: frozenset[str]
    card: Card | None = None


@dataclass(frozen=True, eq=False)
class Batch:
    """Circuits of one group, in one NFAS bundle if it has any, with the same pin if they have."""

    group: TrunkGroup
    bundle: int
    pin: Pin | None
    circuits: list[str] = field(default_factory=list)

    def fits(self, spot: Spot) -> bool:
        """Whether a circuit of the batch may be on the spot."""
        return (
            self.group.kind in spot.accepts
            and allows(self.group, spot.gateway)
            and (self.pin is None or self.pin.gateway == spot.gateway)
            and (self.port is None or self.port in spot.places)
        )

    @property
    def port(self) -> str | None:
        """The only port that is right, if it is pinned."""
        if self.pin is None or self.pin.slot is None:
            return None
        return f"{self.pin.gateway}/{self.pin.slot}/{self.pin.port}"


def best_score(
    network: TelephoneNetwork, wired: Mapping[str, str], *, rebalance: bool = False
) -> Score | None:
    """Of the best plan; None if there is no plan."""
    return _Model(network, wired).solve(rebalance=rebalance)


def _spots(network: TelephoneNetwork) -> Iterator[Spot]:
    for gateway in network.gateways:
        yield Spot(gateway.name, frozenset(("sip",)), frozenset((f"{gateway.name}/sip",)))
        for card in gateway.cards:
            alike = defaultdict(set)
            for number, accepts in enumerate(card.accepts(), 1):
                alike[accepts].add(f"{gateway.name}/{card.slot}/{number}")
            for accepts, places in alike.items():
                yield Spot(gateway.name, accepts, frozenset(places), card)


def _batches(network: TelephoneNetwork) -> Iterator[Batch]:
    for group in network.trunk_groups:
        batches: dict[tuple[int, Pin | None], Batch] = {}
        for position, circuit in enumerate(group.circuits):
            bundle = position // group.nfas if group.nfas > 1 else 0
            pin = group.pins.get(circuit)
            batch = batches.setdefault((bundle, pin), Batch(group, bundle, pin))
            batch.circuits.append(circuit)
        yield from batches.values()


class _Model:
    def __init__(self, network: TelephoneNetwork, wired: Mapping[str, str]) -> None:
        self.network = network
        self.model = cp_model.CpModel()
        self.spots = list(_spots(network))
        self.batches = list(_batches(network))
        self.counts = {
            (batch, spot): self.model.new_int_var(0, len(batch.circuits), "")
            for batch in self.batches
            for spot in self.spots
            if batch.fits(spot)
        }
        self.place_all()
        self.light_few_spans()
        self.keep_cards_pure()
        self.keep_bundles_whole()
        self.moves = self.leave_cables(wired)
        self.excess, self.squares = self.spread()

    def place_all(self) -> None:
        for batch in self.batches:
            counts = [count for (one, _spot), count in self.counts.items() if one is batch]
            self.model.add(total(counts) == len(batch.circuits))
        for spot in self.spots:
            if spot.card is not None:
                counts = [count for (_batch, one), count in self.counts.items() if one is spot]
                self.model.add(total(counts) <= len(spot.places))

    def light_few_spans(self) -> None:
        for gateway in self.network.gateways:
            spans = [
                count
                for (batch, spot), count in self.counts.items()
                if spot.gateway == gateway.name and batch.group.kind in LINES
            ]
            self.model.add(total(spans) <= span_limit(gateway))

    def keep_cards_pure(self) -> None:
        for spot in self.spots:
            if spot.card is not None and spot.card.model.together:
                is_line = {line: self.model.new_bool_var("") for line in LINES}
                self.model.add_at_most_one(is_line.values())
                for (batch, one), count in self.counts.items():
                    if one is spot:
                        allowed = len(spot.places) * is_line[batch.group.kind]
                        self.model.add(count <= allowed)

    def keep_bundles_whole(self) -> None:
        for group in self.network.trunk_groups:
            if group.nfas == 1:
                continue
            for bundle in range(len(group.circuits) // group.nfas):
                for gateway in self.network.gateways:
                    counts = [
                        count
                        for (batch, spot), count in self.counts.items()
                        if batch.group is group and batch.bundle == bundle
                        if spot.gateway == gateway.name
                    ]
                    here = self.model.new_bool_var("")
                    self.model.add(total(counts) == group.nfas * here)

    def leave_cables(self, wired: Mapping[str, str]) -> cp_model.LinearExprT:
        """How many circuits move."""
        moves: list[cp_model.LinearExprT] = []
        claims: dict[str, list[cp_model.LinearExprT]] = defaultdict(list)
        staying: dict[tuple[Batch, Spot], list[cp_model.LinearExprT]] = defaultdict(list)
        spot_of = {place: spot for spot in self.spots for place in spot.places}
        for batch in self.batches:
            for circuit in batch.circuits:
                if batch.port is not None:
                    claims[batch.port].append(1)
                if circuit not in wired:
                    continue
                place = wired[circuit]
                spot = spot_of.get(place)
                if spot is None or not batch.fits(spot) or batch.port not in (None, place):
                    moves.append(1)
                    continue
                stays = self.model.new_bool_var("")
                moves.append(1 - stays)
                staying[batch, spot].append(stays)
                if spot.card is not None and batch.port is None:
                    claims[place].append(stays)
        for key, all_stays in staying.items():
            self.model.add(total(all_stays) <= self.counts[key])
        for one_port in claims.values():
            self.model.add(total(one_port) <= 1)
        return total(moves)

    def spread(self) -> tuple[cp_model.LinearExprT, cp_model.LinearExprT]:
        """Excess and squares."""
        excess, squares = [], []
        for group in self.network.trunk_groups:
            fair, most = fair_share(self.network, group), len(group.circuits)
            for gateway in self.network.gateways:
                count = total(
                    [
                        count
                        for (batch, spot), count in self.counts.items()
                        if batch.group is group and spot.gateway == gateway.name
                    ]
                )
                squares.append(self.square(count, most))
                if fair < most:
                    beyond = self.model.new_int_var(0, most - fair, "")
                    self.model.add(beyond >= count - fair)
                    excess.append(self.square(beyond, most - fair))
        return total(excess), total(squares)

    def square(self, number: cp_model.LinearExprT, most: int) -> cp_model.IntVar:
        """At least the square of the number; as little as that where it is minimized.

        The lines through neighbouring points of the parabola are all below its other whole points.
        """
        square = self.model.new_int_var(0, most**2, "")
        for low in range(most):
            self.model.add(square >= (2 * low + 1) * number - low * (low + 1))
        return square

    def solve(self, *, rebalance: bool) -> Score | None:
        """Lexicographic, as one sum whose weights keep the three apart."""
        beyond = 1 + sum(len(group.circuits) ** 2 for group in self.network.trunk_groups)
        weights = [beyond, beyond**2, 1] if rebalance else [beyond**2, beyond, 1]
        terms = [self.moves, self.excess, self.squares]
        self.model.minimize(cp_model.LinearExpr.weighted_sum(terms, weights))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise RuntimeError(solver.status_name(status))
        return Score(*(solver.value(term) for term in terms))
