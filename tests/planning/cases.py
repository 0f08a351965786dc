# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small networks to plan, with what is plugged in already: random ones and nasty ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cards import (
    CATALOGUE,
    MODULES,
    Card,
    CardModel,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.circuits import Pin, TrunkGroup
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateways import Gateway, Limits
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.lines import LINES
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.telephone_network import (
    TelephoneNetwork,
)

from .measure import allows, gateway_of, span_limit

MODELS: Mapping[str, CardModel] = {
    **CATALOGUE,
    "OLD2": CardModel("OLD2", spans=2, together=True),
    "OLD4": CardModel("OLD4", spans=4, together=True),
    "MIX4": CardModel("MIX4", spans=4, lines=frozenset(("t1", "e1")), together=True),
    "EURO2": CardModel("EURO2", spans=2, lines=frozenset(("e1",)), together=True),
}
"""Digium's cards, and some whose ports are switched together."""

DIGITAL = ("TE820", "TE420", "T400P", "E400P", "TE220", "TE131", "OLD2", "OLD4", "MIX4", "EURO2")
ANALOG = ("TDM2400P", "TDM800P", "TDM410P")
TYPES = {"fxo": "analog", "fxs": "station", "sip": "sip"}
"""Types of the groups that are not digital, by their kind."""


@dataclass(frozen=True)
class Case:
    """A question to the planner."""

    network: TelephoneNetwork
    wired: Mapping[str, str] = field(default_factory=dict)
    rebalance: bool = False

    def shuffled(self, seed: int) -> Case:
        """The same in another order."""
        random = Random(seed)  # noqa: S311

        groups, gateways = self.network.trunk_groups, self.network.gateways
        network = TelephoneNetwork(
            tuple(random.sample(groups, len(groups))), tuple(random.sample(gateways, len(gateways)))
        )
        wired = dict(random.sample([*self.wired.items()], len(self.wired)))
        return Case(network, wired, self.rebalance)


def trunk_group(name: str, kind: str, count: int, nfas: int = 1) -> TrunkGroup:
    """Circuits are called ``name-1`` and so on."""
    return TrunkGroup(
        name=name,
        type="pri" if kind in LINES else TYPES[kind],
        circuits=tuple(f"{name}-{number}" for number in range(1, count + 1)),
        line=kind if kind in LINES else None,
        channels=LINES[kind].pri_channels if kind in LINES else 1,
        nfas=nfas,
    )


def gateway(name: str, *models: str, spans: int = 4) -> Gateway:
    """With analog cards full of FXO modules."""
    cards = []
    for slot, model in enumerate((MODELS[name] for name in models), 1):
        cards.append(Card(slot, model, ("fxo",) * model.module_places))
    return Gateway(name, tuple(cards), limits=Limits(spans=spans))


def random_case(seed: int) -> Case:
    """The same for the same seed."""
    maker = _Maker(Random(seed))  # noqa: S311
    network = maker.network()
    if maker.chance(0.4):
        network = maker.crammed(network)
    wired: dict[str, str] = {}
    if maker.chance(0.85):
        wired = maker.cable(network)
        for change in maker.random.choices(maker.changes, k=maker.random.randint(0, 5)):
            network = change(network)
        if maker.chance(0.2):
            wired = maker.muddle(wired)
    return Case(network, wired, rebalance=maker.chance(0.3))


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        # Few models and kinds in one network, so that they compete.
        self.digital = random.sample(DIGITAL, random.randint(1, 3))
        self.analog = random.sample(ANALOG, random.randint(1, 2))
        self.digital_share = random.choice((0.0, 0.6, 0.8, 1.0, 1.0))
        self.fewest_cards, self.most_cards = random.choice(((0, 2), (0, 3), (1, 2), (1, 3)))
        self.changes: Sequence[Callable[[TelephoneNetwork], TelephoneNetwork]] = (
            self.more_circuits,
            self.more_circuits,
            self.fewer_circuits,
            self.fewer_circuits,
            self.new_group,
            self.new_group,
            self.restricted_group,
            self.other_line,
            self.other_bundles,
            self.no_group,
            self.new_gateway,
            self.no_gateway,
            self.no_card,
            self.other_card,
            self.lower_limit,
            self.more_dark,
        )

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # New things.

    def network(self) -> TelephoneNetwork:
        gateways = [self.gateway(f"gw{number}") for number in range(1, self.random.randint(2, 6))]
        if self.chance(0.9) and not any(one.cards for one in gateways):
            gateways[0] = replace(gateways[0], cards=(self.card(1), self.card(2)))
        network = TelephoneNetwork((), tuple(gateways))
        fill = self.random.choice((0.2, 0.4, 0.5, 0.7, 1.0))
        for _each in range(self.random.randint(1, 5)):
            network = self.new_group(network, fill)
        return network

    def gateway(self, name: str) -> Gateway:
        cards = tuple(
            self.card(slot + 1)
            for slot in range(self.random.randint(self.fewest_cards, self.most_cards))
        )
        return Gateway(name, cards, limits=Limits(self.random.choice((4, 4, 4, 4, 3, 2, 1))))

    def card(self, slot: int) -> Card:
        digital = self.chance(self.digital_share)
        model = MODELS[self.random.choice(self.digital if digital else self.analog)]
        modules = self.random.choices((*MODULES, None), (5, 4, 1), k=model.module_places)
        card = Card(slot, model, tuple(modules))
        return self.darkened(card) if self.chance(0.2) else card

    def darkened(self, card: Card) -> Card:
        ports = range(1, len(card.accepts()) + 1)
        return replace(card, dark=card.dark | {port for port in ports if self.chance(0.3)})

    def new_group(self, network: TelephoneNetwork, fill: float = 0.6) -> TelephoneNetwork:
        """With a group of a kind for which there mostly is room."""
        room = self.room(network)
        kinds = [
            "sip",
            *(kind for kind in sorted(room) if room[kind] > 0),
            *(kind for kind in sorted(LINES) if room[kind] > 0),
        ]
        if self.chance(0.03):
            kinds = ["t1", "e1", "j1", "fxo", "fxs"]
        kind = self.random.choice(kinds)
        nfas = self.random.choice((1, 1, 1, 2, 3, 4)) if kind in ("t1", "j1") else 1
        most = 7 if kind == "sip" else max(1, min(30, round(room[kind] * fill)))
        count = max(1, self.random.randint(1, most) // nfas) * nfas
        numbers = [int(group.name[1:]) for group in network.trunk_groups]
        group = trunk_group(f"g{max(numbers, default=0) + 1}", kind, count, nfas)
        if self.chance(0.35):
            group = self.restricted(network, group)
        return replace(network, trunk_groups=(*network.trunk_groups, group))

    def room(self, network: TelephoneNetwork) -> Counter[str]:
        """For every kind the ports that no group needs, as far as these numbers tell."""
        room: Counter[str] = Counter()
        for one in network.gateways:
            here = Counter(kind for card in one.cards for port in card.accepts() for kind in port)
            for kind, ports in here.items():
                room[kind] += min(ports, span_limit(one)) if kind in LINES else ports
        for group in network.trunk_groups:
            for kind in LINES if group.kind in LINES else (group.kind,):
                room[kind] -= len(group.circuits)
        return room

    def restricted(self, network: TelephoneNetwork, group: TrunkGroup) -> TrunkGroup:
        """To some gateways or ports."""
        names = [one.name for one in network.gateways]
        some = frozenset(self.random.sample(names, self.random.randint(1, len(names))))
        way = self.random.random()
        if way < 0.35:
            return replace(group, gateways=some)
        if way < 0.6:
            return replace(group, exclude=some if self.chance(0.05) else some - {names[0]})
        pins = dict(group.pins)
        for circuit in self.random.sample(group.circuits, min(len(group.circuits), 3)):
            if pin := self.pin(network, group):
                pins[circuit] = pin
        return replace(group, pins=pins)

    def pin(self, network: TelephoneNetwork, group: TrunkGroup) -> Pin | None:
        """Where the circuit can be, mostly."""
        ports = [
            Pin(one.name, card.slot, port)
            for one in network.gateways
            for card in one.cards
            for port, accepts in enumerate(card.accepts(), 1)
            if (group.kind in accepts and allows(group, one.name)) or self.chance(0.003)
        ]
        if group.kind == "sip":
            ports = [Pin(one.name) for one in network.gateways if allows(group, one.name)]
        if not ports:
            return None
        pin = self.random.choice(ports)
        return Pin(pin.gateway) if self.chance(0.5) else pin

    def crammed(self, network: TelephoneNetwork) -> TelephoneNetwork:
        """With more groups, but of all groups only what somebody found room for."""
        for _each in range(self.random.randint(0, 3)):
            network = self.new_group(network, 1.5)
        cabled = self.cable(network)
        groups = [
            _with_circuits(group, [one for one in group.circuits if one in cabled])
            for group in network.trunk_groups
        ]
        some = tuple(group for group in groups if group.circuits)
        return replace(network, trunk_groups=some or network.trunk_groups[:1])

    # What was plugged in before.

    def cable(self, network: TelephoneNetwork) -> dict[str, str]:
        """Somebody plugged in what fitted, in no particular order."""
        cabling = _Cabling(network)
        bundles = [
            (group, group.circuits[first : first + group.nfas])
            for group in network.trunk_groups
            for first in range(0, len(group.circuits), group.nfas)
        ]
        self.random.shuffle(bundles)
        tidy = self.chance(0.5)
        for group, bundle in bundles:
            names = [one.name for one in network.gateways if allows(group, one.name)]
            self.random.shuffle(names)
            if tidy:
                names.sort(key=lambda name: cabling.counts[group.name, name])
            next((name for name in names if cabling.plug_in(group, bundle, name, self.random)), "")
        return cabling.places

    def muddle(self, wired: Mapping[str, str]) -> dict[str, str]:
        """Somebody changed the lock by hand."""
        circuits, places = list(wired), list(wired.values())
        if len(circuits) > 1:
            one, other = self.random.sample(range(len(circuits)), 2)
            places[one], places[other] = places[other], places[one]
        muddled = dict(zip(circuits, places, strict=True))
        if circuits and self.chance(0.3):
            muddled[self.random.choice(circuits)] = self.random.choice(("gw0/1/1", "gw1/9/9"))
        return muddled

    # What changed since.

    def with_group(
        self, network: TelephoneNetwork, change: Callable[[TrunkGroup], TrunkGroup]
    ) -> TelephoneNetwork:
        groups = list(network.trunk_groups)
        if groups:
            position = self.random.randrange(len(groups))
            groups[position] = change(groups[position])
        return replace(network, trunk_groups=tuple(groups))

    def with_gateway(
        self, network: TelephoneNetwork, change: Callable[[Gateway], Gateway]
    ) -> TelephoneNetwork:
        gateways = list(network.gateways)
        position = self.random.randrange(len(gateways))
        gateways[position] = change(gateways[position])
        return replace(network, gateways=tuple(gateways))

    def more_circuits(self, network: TelephoneNetwork) -> TelephoneNetwork:
        def change(group: TrunkGroup) -> TrunkGroup:
            last = int(group.circuits[-1].split("-")[1])
            new = [f"{group.name}-{last + 1 + more}" for more in range(group.nfas)]
            return replace(group, circuits=(*group.circuits, *new))

        for _each in range(self.random.randint(1, 2)):
            network = self.with_group(network, change)
        return network

    def fewer_circuits(self, network: TelephoneNetwork) -> TelephoneNetwork:
        def change(group: TrunkGroup) -> TrunkGroup:
            bundles = len(group.circuits) // group.nfas
            stay = self.random.randint(max(1, bundles - 2), bundles) * group.nfas
            kept = set(self.random.sample(group.circuits, stay))
            return _with_circuits(group, [one for one in group.circuits if one in kept])

        return self.with_group(network, change)

    def restricted_group(self, network: TelephoneNetwork) -> TelephoneNetwork:
        return self.with_group(network, lambda group: self.restricted(network, group))

    def other_line(self, network: TelephoneNetwork) -> TelephoneNetwork:
        def change(group: TrunkGroup) -> TrunkGroup:
            if group.line is None:
                return group
            return replace(group, line=self.random.choice([*LINES]))

        return self.with_group(network, change)

    def other_bundles(self, network: TelephoneNetwork) -> TelephoneNetwork:
        def change(group: TrunkGroup) -> TrunkGroup:
            sizes = [size for size in (1, 2, 3, 4) if len(group.circuits) % size == 0]
            if group.line is None:
                return group
            return replace(group, nfas=self.random.choice(sizes))

        return self.with_group(network, change)

    def no_group(self, network: TelephoneNetwork) -> TelephoneNetwork:
        if len(network.trunk_groups) == 1:
            return network
        gone = self.random.choice(network.trunk_groups)
        kept = tuple(group for group in network.trunk_groups if group is not gone)
        return replace(network, trunk_groups=kept)

    def new_gateway(self, network: TelephoneNetwork) -> TelephoneNetwork:
        if len(network.gateways) > 4 or any(one.name == "gw6" for one in network.gateways):
            return network
        return replace(network, gateways=(*network.gateways, self.gateway("gw6")))

    def no_gateway(self, network: TelephoneNetwork) -> TelephoneNetwork:
        """Without a gateway that no group names."""
        named = {pin.gateway for group in network.trunk_groups for pin in group.pins.values()}
        for group in network.trunk_groups:
            named |= group.exclude | (group.gateways or set())
        free = [one for one in network.gateways if one.name not in named]
        if not free or len(network.gateways) == 1:
            return network
        gone = self.random.choice(free)
        kept = tuple(one for one in network.gateways if one is not gone)
        return replace(network, gateways=kept)

    def no_card(self, network: TelephoneNetwork) -> TelephoneNetwork:
        """Without a card; those behind it take the next slot."""

        def change(one: Gateway) -> Gateway:
            cards = list(one.cards)
            if cards:
                cards.pop(self.random.randrange(len(cards)))
            slots = tuple(replace(card, slot=slot) for slot, card in enumerate(cards, 1))
            return replace(one, cards=slots)

        return self.with_gateway(network, change)

    def other_card(self, network: TelephoneNetwork) -> TelephoneNetwork:
        def change(one: Gateway) -> Gateway:
            slot = self.random.randint(1, len(one.cards) + 1)
            return replace(one, cards=(*one.cards[: slot - 1], self.card(slot), *one.cards[slot:]))

        return self.with_gateway(network, change)

    def lower_limit(self, network: TelephoneNetwork) -> TelephoneNetwork:
        return self.with_gateway(
            network,
            lambda one: replace(
                one, limits=Limits(max(1, one.limits.spans - self.random.randint(1, 2)))
            ),
        )

    def more_dark(self, network: TelephoneNetwork) -> TelephoneNetwork:
        return self.with_gateway(
            network,
            lambda one: replace(one, cards=tuple(self.darkened(card) for card in one.cards)),
        )


def _with_circuits(group: TrunkGroup, circuits: Sequence[str]) -> TrunkGroup:
    pins = {name: pin for name, pin in group.pins.items() if name in circuits}
    return replace(group, circuits=tuple(circuits), pins=pins)


class _Cabling:
    """Cables that break no rule."""

    def __init__(self, network: TelephoneNetwork) -> None:
        self.places: dict[str, str] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        """Circuits of a group on a gateway."""
        self.spans = {one.name: span_limit(one) for one in network.gateways}
        self.cards = {
            f"{one.name}/{card.slot}": card for one in network.gateways for card in one.cards
        }
        self.lines: dict[str, str] = {}
        """Of the first circuit of a card."""

    def plug_in(self, group: TrunkGroup, bundle: Sequence[str], name: str, random: Random) -> bool:
        """Plug the whole bundle into the gateway, if there is room."""
        free = {f"{name}/sip"} if group.kind == "sip" else set(self.free(group.kind, name))
        if group.kind in LINES and self.spans[name] < len(bundle):
            return False
        chosen: dict[str, str] = {}
        for circuit in bundle:
            pin = group.pins.get(circuit)
            fitting = sorted(
                place
                for place in free
                if pin is None
                or (pin.gateway == name and pin.slot is None)
                or place == f"{pin.gateway}/{pin.slot}/{pin.port}"
            )
            if not fitting:
                return False
            chosen[circuit] = random.choice(fitting)
            if group.kind != "sip":
                free.remove(chosen[circuit])
        for place in chosen.values():
            self.lines.setdefault(place.rpartition("/")[0], group.kind)
        self.places |= chosen
        self.counts[group.name, name] += len(bundle)
        if group.kind in LINES:
            self.spans[name] -= len(bundle)
        return True

    def free(self, kind: str, name: str) -> Iterable[str]:
        """Ports of the gateway that take such a circuit."""
        taken = set(self.places.values())
        for slot, card in self.cards.items():
            if gateway_of(slot) != name:
                continue
            pure = not card.model.together or self.lines.get(slot, kind) == kind
            for port, accepts in enumerate(card.accepts(), 1):
                if pure and kind in accepts and f"{slot}/{port}" not in taken:
                    yield f"{slot}/{port}"


def _lock(group: str, *places: str) -> dict[str, str]:
    return {f"{group}-{number}": place for number, place in enumerate(places, 1)}


def _case(
    gateways: Sequence[Gateway], groups: Sequence[TrunkGroup], *locks: Mapping[str, str]
) -> Case:
    wired = {circuit: place for lock in locks for circuit, place in lock.items()}
    return Case(TelephoneNetwork(tuple(groups), tuple(gateways)), wired)


NASTY: Mapping[str, tuple[Case, tuple[int, int, int] | None]] = {
    "nothing to plan": (_case([], []), (0, 0, 0)),
    "a group without a gateway": (_case([], [trunk_group("a", "sip", 1)]), None),
    "two lines fill two cards": (
        _case(
            [gateway("gw1", "OLD2", "OLD2")], [trunk_group("a", "t1", 2), trunk_group("b", "e1", 2)]
        ),
        (0, 0, 8),
    ),
    "two lines do not fit on two cards": (
        _case(
            [gateway("gw1", "OLD2", "OLD2")], [trunk_group("a", "t1", 3), trunk_group("b", "e1", 1)]
        ),
        None,
    ),
    "two lines on one card": (
        _case([gateway("gw1", "OLD4")], [trunk_group("a", "t1", 1), trunk_group("b", "e1", 1)]),
        None,
    ),
    "a card is emptied for another line": (
        # Both T1 have to share a card before an E1 finds one.
        _case(
            [gateway("gw1", "OLD2", "OLD2")],
            [trunk_group("a", "t1", 2), trunk_group("b", "e1", 1)],
            _lock("a", "gw1/1/1", "gw1/2/1"),
        ),
        (1, 0, 5),
    ),
    "the card with fewer lines is emptied": (
        _case(
            [gateway("gw1", "OLD4"), gateway("gw2", "MIX4")],
            [trunk_group("a", "t1", 3), trunk_group("b", "e1", 1)],
            _lock("a", "gw1/1/1", "gw2/1/1", "gw2/1/2"),
        ),
        (1, 1, 10),
    ),
    "an E1 wants the port of a T1": (
        # The T1 moves to the card that takes only T1.
        _case(
            [gateway("gw1", "TE220", "T400P", spans=3)],
            [trunk_group("a", "t1", 1), trunk_group("b", "e1", 2)],
            _lock("a", "gw1/1/2"),
        ),
        (1, 0, 5),
    ),
    "two swap": (
        _case(
            [gateway("gw1", "TE131"), gateway("gw2", "TE131")],
            [
                replace(trunk_group("a", "t1", 1), gateways=frozenset(("gw2",))),
                replace(trunk_group("b", "t1", 1), exclude=frozenset(("gw2",))),
            ],
            _lock("a", "gw1/1/1"),
            _lock("b", "gw2/1/1"),
        ),
        (2, 0, 2),
    ),
    "a chain of three": (
        # c may be on gw1 only, where a is; a on gw1 and gw2, where b is; only b may go to gw3.
        _case(
            [gateway("gw1", "TE131"), gateway("gw2", "TE131"), gateway("gw3", "TE131")],
            [
                replace(trunk_group("a", "t1", 1), exclude=frozenset(("gw3",))),
                replace(trunk_group("b", "t1", 1), exclude=frozenset(("gw1",))),
                replace(trunk_group("c", "t1", 1), gateways=frozenset(("gw1",))),
            ],
            _lock("a", "gw1/1/1"),
            _lock("b", "gw2/1/1"),
        ),
        (2, 0, 3),
    ),
    "a group goes away for another": (
        _case(
            [gateway("gw1", "TE220"), gateway("gw2", "TE420")],
            [
                trunk_group("a", "t1", 2),
                replace(trunk_group("b", "t1", 2), gateways=frozenset(("gw1",))),
            ],
            _lock("a", "gw1/1/1", "gw1/1/2"),
        ),
        (2, 1, 8),
    ),
    "the other group goes, as it is smaller": (
        _case(
            [gateway("gw1", "TE420", spans=3), gateway("gw2", "TE420", spans=2)],
            [
                trunk_group("a", "t1", 2),
                trunk_group("b", "t1", 1),
                replace(trunk_group("c", "t1", 1), gateways=frozenset(("gw1",))),
            ],
            _lock("a", "gw1/1/1", "gw1/1/2"),
            _lock("b", "gw1/1/3"),
        ),
        (1, 0, 4),
    ),
    "a bundle wants a gap": (
        # Two spans are free, on two gateways.
        _case(
            [gateway("gw1", "TE420", spans=2), gateway("gw2", "TE420", spans=2)],
            [trunk_group("a", "t1", 2), trunk_group("n", "t1", 2, 2)],
            _lock("a", "gw1/1/1", "gw2/1/1"),
        ),
        (1, 2, 8),
    ),
    "bundles that fit by their number only": (
        _case([gateway("gw1", "TE420"), gateway("gw2", "TE420")], [trunk_group("n", "t1", 6, 3)]),
        (0, 0, 18),
    ),
    "bundles too long": (
        _case(
            [gateway("gw1", "TE420"), gateway("gw2", "TE420", spans=3), gateway("gw3", "TE131")],
            [trunk_group("n", "t1", 8, 4)],
        ),
        None,
    ),
    "bundles against bundles": (
        # As many spans as circuits, but beside each three one is left over.
        _case(
            [gateway("gw1", "TE820"), gateway("gw2", "TE820"), gateway("gw3", "TE820")],
            [trunk_group("n", "t1", 6, 3), trunk_group("m", "t1", 6, 2)],
        ),
        None,
    ),
    "every span is needed": (
        # 23 of 23, where the bundle of three has to find the gateway with three.
        _case(
            [
                gateway("gw1", "OLD2", "TE820"),
                gateway("gw2", "TE820", "MIX4", "OLD2", "OLD2"),
                gateway("gw3", "MIX4", "TE820", "OLD2"),
                gateway("gw4", "OLD4"),
                gateway("gw5", "MIX4", "TE820", "TE820"),
                gateway("gw6", "TE820", "OLD2", "TE820", "OLD4", spans=3),
            ],
            [
                trunk_group("n", "j1", 3, 3),
                trunk_group("m", "j1", 12, 2),
                trunk_group("a", "e1", 1),
                trunk_group("b", "e1", 4),
                trunk_group("c", "e1", 3),
            ],
            {
                "m-2": "gw1/2/6",
                "m-3": "gw3/2/6",
                "m-4": "gw3/2/5",
                "m-5": "gw1/sip",
                "m-6": "gw6/1/1",
            },
            {"m-10": "gw4/1/4", "a-1": "gw2/1/3", "b-2": "gw5/1/1", "b-3": "gw2/1/8"},
        ),
        (1, 8, 49),
    ),
    "a torn bundle": (
        # One of each bundle moves.
        _case(
            [gateway("gw1", "TE220"), gateway("gw2", "TE220")],
            [trunk_group("n", "t1", 4, 2)],
            _lock("n", "gw1/1/1", "gw2/1/1", "gw1/1/2", "gw2/1/2"),
        ),
        (2, 0, 8),
    ),
    "bundles over several cards": (
        _case(
            [gateway("gw1", "TE131", "OLD2", "TE131"), gateway("gw2", "TE220")],
            [trunk_group("n", "t1", 3, 3), trunk_group("b", "e1", 1)],
            _lock("b", "gw1/2/2"),
        ),
        (1, 1, 10),
    ),
    "a pin takes the port": (
        _case(
            [gateway("gw1", "TE220")],
            [replace(trunk_group("a", "t1", 2), pins={"a-2": Pin("gw1", 1, 1)})],
            _lock("a", "gw1/1/1"),
        ),
        (1, 0, 4),
    ),
    "two pins, one port": (
        _case(
            [gateway("gw1", "TE220")],
            [
                replace(
                    trunk_group("a", "t1", 2), pins=dict.fromkeys(["a-1", "a-2"], Pin("gw1", 1, 1))
                )
            ],
        ),
        None,
    ),
    "pins tear a bundle": (
        _case(
            [gateway("gw1", "TE220"), gateway("gw2", "TE220")],
            [replace(trunk_group("n", "t1", 2, 2), pins={"n-1": Pin("gw1"), "n-2": Pin("gw2")})],
        ),
        None,
    ),
    "pins of two lines on one card": (
        _case(
            [gateway("gw1", "OLD2", "OLD2")],
            [
                replace(trunk_group("a", "t1", 1), pins={"a-1": Pin("gw1", 1, 1)}),
                replace(trunk_group("b", "e1", 1), pins={"b-1": Pin("gw1", 1, 2)}),
            ],
        ),
        None,
    ),
    "analog cards use up the spans": (
        _case(
            [gateway("gw1", "TDM2400P", "TDM2400P", "TE420"), gateway("gw2", "TDM2400P", "TE420")],
            [trunk_group("a", "t1", 5), trunk_group("p", "fxo", 72)],
        ),
        (0, 12**2, 48**2 + 24**2 + 13),
    ),
    "analog cards used up the spans": (
        _case(
            [gateway("gw1", "TDM2400P", "TDM2400P", "TE420"), gateway("gw2", "TDM2400P", "TE420")],
            [trunk_group("a", "t1", 6)],
        ),
        None,
    ),
    "more analog than the limit": (
        _case([gateway("gw1", "TDM2400P", "TDM2400P", spans=1)], [trunk_group("p", "fxo", 48)]),
        (0, 0, 48**2),
    ),
    "a SIP trunk was a T1": (
        _case([gateway("gw1", "TE220")], [trunk_group("s", "sip", 1)], _lock("s", "gw1/1/1")),
        (1, 0, 1),
    ),
    "a fair share that only one group can have": (
        # Two gateways for each, but room for one of them only.
        _case(
            [gateway("gw1", "TE420", spans=3), gateway("gw2", "TE420", spans=1)],
            [trunk_group("a", "t1", 2), trunk_group("b", "t1", 2)],
        ),
        (0, 1, 6),
    ),
}
"""Made by hand, each with moves, excess and squares of the best plan, or None if there is none."""
