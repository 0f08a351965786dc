# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is plugged in where: the ports of a gateway and the circuits in them.

The inventory plugin gives every gateway its wiring as the host variable ``pstn_wiring``; the
cabling sheet, the work order and the check against the cabling lock read it. As a variable it is a
mapping::

    gateway: gw1
    site: north                       # or null
    cards:
      - slot: 1                       # place in the gateway's list of cards, from 1
        model: TE420
        span: 1                       # DAHDI's number of its first span, the others follow
        first_channel: 1              # of that span
        width: 24                     # channels from one span to the next
        ports:
          - {port: 1, kind: t1, circuit: carrier_a-1, trunk_group: carrier_a, channels: 23}
          - {port: 2, kind: t1, circuit: null, trunk_group: null, channels: 0}
          - {port: 3, kind: t1, circuit: null, trunk_group: null, channels: 0, dark: true}
    sip:                              # circuits without a cable
      - {circuit: sip_b-1, trunk_group: sip_b, channels: 30}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WiredPort:
    """One port. ``kind`` is t1, e1, j1, fxo, fxs or empty (no module); dark is never to be used."""

    number: int
    kind: str
    circuit: str | None = None
    trunk_group: str | None = None
    channels: int = 0
    dark: bool = False


@dataclass(frozen=True)
class WiredCard:
    """One card in its slot."""

    slot: int
    model: str
    ports: tuple[WiredPort, ...]


@dataclass(frozen=True)
class SipCircuit:
    """A circuit that reaches the gateway over the network."""

    circuit: str
    trunk_group: str
    channels: int


@dataclass(frozen=True)
class Wiring:
    """One gateway."""

    gateway: str
    cards: tuple[WiredCard, ...] = ()
    sip: tuple[SipCircuit, ...] = ()
    site: str | None = None

    @property
    def channels(self) -> int:
        """Calls that the gateway's circuits carry at the same time."""
        wired = sum(port.channels for card in self.cards for port in card.ports)
        return wired + sum(circuit.channels for circuit in self.sip)

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Each circuit as (place, circuit, trunk group); places are ``gw1/2/3`` or ``gw1/sip``."""
        for card in self.cards:
            for port in card.ports:
                if port.circuit is not None and port.trunk_group is not None:
                    yield (
                        place(self.gateway, card.slot, port.number),
                        port.circuit,
                        port.trunk_group,
                    )
        for circuit in self.sip:
            yield sip_place(self.gateway), circuit.circuit, circuit.trunk_group


def place(gateway: str, slot: int, port: int) -> str:
    """Name of a port: gateway, slot of the card and port, both from 1."""
    return f"{gateway}/{slot}/{port}"


def sip_place(gateway: str) -> str:
    """Name of the place of circuits that need no cable."""
    return f"{gateway}/sip"


def read_wiring(variable: Mapping[str, Any]) -> Wiring:
    """The wiring of a host variable ``pstn_wiring``."""
    return Wiring(
        gateway=str(variable["gateway"]),
        site=None if variable.get("site") is None else str(variable["site"]),
        cards=tuple(
            WiredCard(
                slot=int(card["slot"]),
                model=str(card["model"]),
                ports=tuple(
                    WiredPort(
                        number=int(port["port"]),
                        kind=str(port["kind"]),
                        circuit=port.get("circuit"),
                        trunk_group=port.get("trunk_group"),
                        channels=int(port.get("channels", 0)),
                        dark=bool(port.get("dark", False)),
                    )
                    for port in card["ports"]
                ),
            )
            for card in variable["cards"]
        ),
        sip=tuple(
            SipCircuit(str(one["circuit"]), str(one["trunk_group"]), int(one["channels"]))
            for one in variable["sip"]
        ),
    )
