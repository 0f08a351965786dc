# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory variables and groups of the gateways, from the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cards import NOTHING, Card
from .gateways import Gateway
from .lines import LINES
from .numbering import PluggedCircuit, PortNumbers, gateway_spans, number_ports
from .planner import Plan
from .telephone_network import TelephoneNetwork
from .wiring import place, sip_place

Variables = dict[str, Any]


@dataclass(frozen=True)
class GatewayEntry:
    """A gateway as the inventory has it."""

    name: str
    variables: Variables
    groups: tuple[str, ...]


def gateway_entries(
    network: TelephoneNetwork, plan: Plan, trunk_groups: Mapping[str, int]
) -> list[GatewayEntry]:
    """Every gateway in the order of the network.

    Variables: ``pstn_wiring`` (see ``wiring``), ``dahdi_spans`` (see ``numbering``),
    ``gateway_circuits`` (SIP circuits for the role ``gateway``), ``pstn_trunk_groups`` (numbers
    for ``group=``), ``pstn_numbers`` (telephone numbers of the trunk groups here). Groups:
    ``gateways``, ``site_NAME``, ``trunk_group_NAME``, ``line_KIND``.
    """
    return _Builder(network, plan, trunk_groups).entries()


class _Builder:
    def __init__(
        self, network: TelephoneNetwork, plan: Plan, trunk_groups: Mapping[str, int]
    ) -> None:
        self.network = network
        self.trunk_groups = dict(trunk_groups)
        self.plugged: dict[str, PluggedCircuit] = {}
        self.sip: dict[str, list[PluggedCircuit]] = {}
        self.lines = frozenset(
            group.line for group in network.trunk_groups if group.line and group.circuits
        )
        self.numbered: dict[tuple[Card, ...], list[PortNumbers]] = {}
        for group in network.trunk_groups:
            for position, name in enumerate(group.circuits):
                circuit = PluggedCircuit(name, group, position)
                spot = plan.places[name]
                if group.kind == "sip":
                    self.sip.setdefault(spot, []).append(circuit)
                else:
                    self.plugged[spot] = circuit

    def entries(self) -> list[GatewayEntry]:
        return [self.entry(gateway) for gateway in self.network.gateways]

    def entry(self, gateway: Gateway) -> GatewayEntry:
        numbered = self.numbered.get(gateway.cards)
        if numbered is None:
            numbered = self.numbered[gateway.cards] = number_ports(gateway.cards, self.lines)
        cards = {card.slot: card for card in gateway.cards}
        spans = gateway_spans(gateway.name, numbered, cards, self.plugged, self.trunk_groups)
        sip = sorted(
            self.sip.get(sip_place(gateway.name), ()),
            key=lambda circuit: (circuit.group.name, circuit.position),
        )
        here: dict[str, str] = {}
        wiring = {
            "gateway": gateway.name,
            "site": gateway.site,
            "cards": [
                {**self.card(gateway.name, card, here), **first_numbers(numbered, card.slot)}
                for card in gateway.cards
            ],
            "sip": [
                {
                    "circuit": circuit.name,
                    "trunk_group": circuit.group.name,
                    "channels": circuit.group.channels,
                }
                for circuit in sip
            ],
        }
        for circuit in sip:
            here[circuit.group.name] = "sip"
        variables: Variables = {
            **gateway.variables,
            "pstn_wiring": wiring,
            "pstn_trunk_groups": self.trunk_groups,
            "dahdi_spans": spans,
            "gateway_circuits": [
                {
                    "name": circuit.name,
                    "trunk_group": circuit.group.name,
                    "type": "sip",
                    "host": circuit.group.host,
                    "port": circuit.group.port,
                    "channels": circuit.group.channels,
                }
                for circuit in sip
            ],
        }
        if numbers := {
            group.name: list(group.numbers)
            for group in self.network.trunk_groups
            if group.numbers and group.name in here
        }:
            variables["pstn_numbers"] = numbers
        groups = ["gateways"]
        if gateway.site is not None:
            groups.append(f"site_{gateway.site.replace('-', '_')}")
        groups += [f"trunk_group_{name}" for name in here]
        groups += [f"line_{kind}" for kind in dict.fromkeys(here.values())]
        return GatewayEntry(gateway.name, variables, tuple(groups))

    def card(self, gateway: str, card: Card, here: dict[str, str]) -> Variables:
        """A card of ``pstn_wiring``; its trunk groups are noted in ``here`` with their line."""
        accepted = card.accepts()
        plugged = [
            self.plugged.get(place(gateway, card.slot, number))
            for number in range(1, len(accepted) + 1)
        ]
        lines = self.lines & card.model.lines or card.model.lines
        if card.model.spans and card.model.together:
            lines = frozenset(circuit.group.kind for circuit in plugged if circuit) or lines
        digital = min(lines, key=_line_order)
        ports = []
        for number, (accepts, circuit) in enumerate(zip(accepted, plugged, strict=True), 1):
            if circuit is not None:
                group = circuit.group
                here[group.name] = group.line or group.type
                ports.append(
                    {
                        "port": number,
                        "kind": group.kind,
                        "circuit": circuit.name,
                        "trunk_group": group.name,
                        "channels": group.circuit_channels(circuit.position),
                    }
                )
                continue
            port: Variables = {"port": number, "kind": self.idle_kind(card, number, digital)}
            port.update(circuit=None, trunk_group=None, channels=0)
            if accepts == NOTHING and number in card.dark:
                port["dark"] = True
            ports.append(port)
        return {"slot": card.slot, "model": card.model.name, "ports": ports}

    @staticmethod
    def idle_kind(card: Card, port: int, digital: str) -> str:
        """What a port without a circuit is."""
        if card.model.spans:
            return digital
        return card.modules[(port - 1) // card.model.module_ports] or "empty"


def _line_order(line: str) -> int:
    return list(LINES).index(line)


def first_numbers(numbered: Sequence[PortNumbers], slot: int) -> Variables:
    """Where DAHDI's numbers of a card begin; those of its ports follow each other."""
    first = next(number for number in numbered if number.slot == slot)
    return {"span": first.span, "first_channel": first.first_channel, "width": first.width}


def circuit_groups(network: TelephoneNetwork) -> dict[str, str]:
    """The trunk group of every circuit."""
    return {circuit: group.name for group in network.trunk_groups for circuit in group.circuits}


def has_cables(network: TelephoneNetwork) -> bool:
    """Whether anything has to be plugged in."""
    return any(group.circuits and group.type != "sip" for group in network.trunk_groups)
