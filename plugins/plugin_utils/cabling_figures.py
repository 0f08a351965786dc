# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the cabling adds up to: circuits and channels, and what is lost with a gateway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .natural_order import natural_key
from .wiring import WiredPort, Wiring, place, sip_place

PortState = Literal["used", "free", "dark", "empty"]

UNGROUPED = "(none)"
"""Stands for the trunk group of a circuit that has none."""


@dataclass(frozen=True)
class Circuit:
    """A circuit where it ends."""

    name: str
    trunk_group: str
    kind: str
    """Kind of the port, or ``sip``."""
    channels: int
    place: str


@dataclass(frozen=True)
class Load:
    """How much some circuits carry."""

    circuits: int = 0
    channels: int = 0

    def __add__(self, other: Load) -> Load:
        """Both together."""
        return Load(self.circuits + other.circuits, self.channels + other.channels)


NOTHING = Load()


@dataclass(frozen=True)
class TrunkGroup:
    """The circuits of a trunk group, on all gateways."""

    name: str
    kinds: tuple[str, ...]
    total: Load
    gateways: int
    worst: Load
    """The most that is lost with a single gateway."""
    worst_gateways: tuple[str, ...]


@dataclass(frozen=True)
class Cabling:
    """All gateways in the order of the sheet, and their sums."""

    gateways: tuple[Wiring, ...]
    loads: tuple[Mapping[str, Load], ...]
    """For each gateway: trunk group -> what the gateway carries of it."""
    trunk_groups: Mapping[str, TrunkGroup]
    total: Load
    ports: Mapping[PortState, int]


def port_state(port: WiredPort) -> PortState:
    """What a technician may do with a port. A circuit is never hidden, wherever it has been put."""
    if port.circuit is not None:
        return "used"
    if port.dark:
        return "dark"
    return "empty" if port.kind == "empty" else "free"


def in_order(wirings: Sequence[Wiring]) -> list[Wiring]:
    """By site, then by name: the pages of a site stay together. Cards and ports by number."""
    return sorted(
        (
            replace(
                wiring,
                cards=tuple(
                    replace(card, ports=tuple(sorted(card.ports, key=lambda port: port.number)))
                    for card in sorted(wiring.cards, key=lambda card: card.slot)
                ),
                sip=tuple(sorted(wiring.sip, key=lambda one: natural_key(one.circuit))),
            )
            for wiring in wirings
        ),
        key=lambda wiring: (natural_key(wiring.site or ""), natural_key(wiring.gateway)),
    )


def circuits(wiring: Wiring) -> Iterator[Circuit]:
    """The circuits of a gateway, in the order of its ports, those without a cable last."""
    for card in wiring.cards:
        for port in card.ports:
            if port.circuit is not None:
                yield Circuit(
                    port.circuit,
                    port.trunk_group or UNGROUPED,
                    port.kind,
                    port.channels,
                    place(wiring.gateway, card.slot, port.number),
                )
    for one in wiring.sip:
        yield Circuit(one.circuit, one.trunk_group, "sip", one.channels, sip_place(wiring.gateway))


def survey(wirings: Sequence[Wiring]) -> Cabling:
    """The sums of a cabling."""
    gateways = in_order(wirings)
    kinds: dict[str, set[str]] = {}
    loads: list[dict[str, Load]] = []
    for wiring in gateways:
        load: dict[str, Load] = {}
        for circuit in circuits(wiring):
            group = circuit.trunk_group
            load[group] = load.get(group, NOTHING) + Load(1, circuit.channels)
            kinds.setdefault(group, set()).add(circuit.kind)
        loads.append(load)
    names = [wiring.gateway for wiring in gateways]
    return Cabling(
        gateways=tuple(gateways),
        loads=tuple(loads),
        trunk_groups=_trunk_groups(names, loads, kinds),
        total=sum((sum(load.values(), NOTHING) for load in loads), NOTHING),
        ports=Counter(
            port_state(port) for wiring in gateways for card in wiring.cards for port in card.ports
        ),
    )


def _trunk_groups(
    names: Sequence[str], loads: Sequence[Mapping[str, Load]], kinds: Mapping[str, set[str]]
) -> dict[str, TrunkGroup]:
    carriers: dict[str, list[tuple[str, Load]]] = {group: [] for group in kinds}
    for name, load in zip(names, loads, strict=True):
        for group, carried in load.items():
            carriers[group].append((name, carried))
    groups = {}
    for group in sorted(kinds, key=natural_key):
        worst = max(
            (carried for name, carried in carriers[group]),
            key=lambda load: (load.channels, load.circuits),
        )
        groups[group] = TrunkGroup(
            name=group,
            kinds=tuple(sorted(kinds[group])),
            total=sum((carried for name, carried in carriers[group]), NOTHING),
            gateways=len(carriers[group]),
            worst=worst,
            worst_gateways=tuple(name for name, carried in carriers[group] if carried == worst),
        )
    return groups


def percent(part: Load, whole: Load) -> str:
    """Share of the channels. 0 % means none and 100 % means all."""
    if not part.channels:
        return "0 %"
    if part.channels == whole.channels:
        return "100 %"
    share = round(100 * part.channels / whole.channels)
    return "< 1 %" if share < 1 else f"{min(share, 99)} %"
