# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""DAHDI's numbers for the ports of a gateway: spans and channels.

Every digital port and every analog card is a span, counted over the slots whether it is used or
not: a number belongs to a port, and neither a new circuit nor a dead card that stays in the file
changes it. Where E1 lines are in use somewhere, each port that could become one reserves 31
channels; ``assigned-spans.conf`` allows such gaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cards import Card
from .circuits import TrunkGroup
from .lines import LINES
from .natural_order import natural_key
from .wiring import place

Span = dict[str, Any]
"""One span as the roles ``dahdi`` and ``gateway`` read it, see ``gateway_spans``."""


@dataclass(frozen=True)
class PortNumbers:
    """Where a port is in DAHDI's numbering."""

    slot: int
    port: int
    """From 1; the first one of an analog card's span."""
    span: int
    first_channel: int
    width: int
    """Channels that are reserved for it."""
    analog: bool


@dataclass(frozen=True)
class PluggedCircuit:
    """A circuit in a port."""

    name: str
    group: TrunkGroup
    position: int
    """Of the circuit in its group, from 0."""


def number_ports(cards: Iterable[Card], lines: frozenset[str]) -> list[PortNumbers]:
    """Spans of a gateway in their order; ``lines`` are those that the whole network uses."""
    numbers = []
    span, channel = 1, 1
    for card in cards:
        if card.model.analog_ports:
            ports = card.model.analog_ports
            numbers.append(PortNumbers(card.slot, 1, span, channel, ports, analog=True))
            span, channel = span + 1, channel + ports
        width = max((LINES[line].slots for line in card.model.lines & lines), default=24)
        for port in range(1, card.model.spans + 1):
            numbers.append(PortNumbers(card.slot, port, span, channel, width, analog=False))
            span, channel = span + 1, channel + width
    return numbers


def number_trunk_groups(groups: Iterable[TrunkGroup], known: Mapping[str, int]) -> dict[str, int]:
    """chan_dahdi's ``group=`` of each trunk group with cables; ``known`` numbers are kept."""
    names = sorted((group.name for group in groups if group.kind != "sip"), key=natural_key)
    numbers = {name: known[name] for name in names if name in known}
    used = set(numbers.values())
    free = (number for number in range(1, 64) if number not in used)
    for name in names:
        if name not in numbers:
            numbers[name] = next(free)
    return {name: numbers[name] for name in names}


def gateway_spans(
    gateway: str,
    numbered: Sequence[PortNumbers],
    cards: Mapping[int, Card],
    plugged: Mapping[str, PluggedCircuit],
    trunk_groups: Mapping[str, int],
) -> list[Span]:
    """The spans that carry something, in their order.

    A digital span has ``span``, ``slot``, ``port``, ``line``, ``first_channel``, ``channels``,
    ``timing`` (1 = its card's best source, 0 = never), ``lbo``, ``framing``, ``coding``, ``crc4``,
    ``circuit``, ``trunk_group``, ``group``, ``type``, ``signalling``, ``voice_channels`` (ranges
    such as ``1-15,17-31``), ``d_channel`` (or null), a PRI also ``switchtype`` and, when it shares
    a D-channel, ``nfas`` with ``trunkgroup``, ``logical_span`` and ``d_channel`` (primary, backup
    or none), a channel bank with telephones ``extensions``, those of its first channels. An analog
    span has ``line: analog`` and ``ports``: ``port``, ``channel``, ``kind``, ``signalling`` (the
    opposite of the port's kind), ``circuit``, ``trunk_group``, ``group``, ``type``, a telephone
    also ``extension``.

    Each card has a clock of its own and counts its sources from 1: wct4xxp (t4_spanconfig) and
    wcte43x (t43x_spanconfig) take a number above that of the card's ports for 0, tor2 fails, and
    cards with one port ask only whether it is 0. Between cards there is nothing to order: DAHDI's
    core (dahdi-base.c, __dahdi_find_master_span) takes its ticks from the first span without an
    alarm, whatever its number.
    """
    spans = []
    sources: Counter[int] = Counter()
    bundles: dict[tuple[str, int], int] = {}
    for number in numbered:
        if number.analog:
            if ports := _analog_ports(gateway, number, cards[number.slot], plugged, trunk_groups):
                spans.append(
                    {
                        "span": number.span,
                        "slot": number.slot,
                        "line": "analog",
                        "first_channel": number.first_channel,
                        "channels": cards[number.slot].model.analog_ports,
                        "ports": ports,
                    }
                )
            continue
        circuit = plugged.get(place(gateway, number.slot, number.port))
        if circuit is None:
            continue
        span = _digital_span(number, circuit, trunk_groups)
        if circuit.group.timing:
            sources[number.slot] += 1
            span["timing"] = sources[number.slot]
        if circuit.group.nfas > 1:
            bundle = (circuit.group.name, circuit.position // circuit.group.nfas)
            span["nfas"] = {
                "trunkgroup": bundles.setdefault(bundle, len(bundles) + 1),
                "logical_span": circuit.position % circuit.group.nfas,
                "d_channel": _nfas_d_channel(circuit),
            }
        spans.append(span)
    return spans


def _nfas_d_channel(circuit: PluggedCircuit) -> str:
    if not circuit.group.has_d_channel(circuit.position):
        return "none"
    return "backup" if circuit.position % circuit.group.nfas else "primary"


def _digital_span(
    number: PortNumbers, circuit: PluggedCircuit, trunk_groups: Mapping[str, int]
) -> Span:
    group = circuit.group
    line = LINES[group.line or "t1"]
    first = number.first_channel
    signalled = group.has_d_channel(circuit.position) or (group.type != "pri" and line.name == "e1")
    span: Span = {
        "span": number.span,
        "slot": number.slot,
        "port": number.port,
        "line": line.name,
        "first_channel": first,
        "channels": line.slots,
        "timing": 0,
        "lbo": group.lbo,
        "framing": group.framing,
        "coding": group.coding,
        "crc4": group.crc4,
        "circuit": circuit.name,
        "trunk_group": group.name,
        "group": trunk_groups[group.name],
        "type": group.type,
        "signalling": group.signalling,
        "voice_channels": voice_channels(first, line.slots, line.d_channel if signalled else None),
        "d_channel": first + line.d_channel - 1 if signalled and group.type == "pri" else None,
    }
    if group.type == "pri":
        span["switchtype"] = group.switchtype
    if extensions := group.circuit_extensions(circuit.position):
        span["extensions"] = list(extensions)
    return span


def voice_channels(first: int, slots: int, without: int | None) -> str:
    """Ranges of the channels that carry calls: all time slots but ``without`` (from 1)."""
    last = first + slots - 1
    if without is None:
        return f"{first}-{last}"
    if without == slots:
        return f"{first}-{last - 1}"
    return f"{first}-{first + without - 2},{first + without}-{last}"


def _analog_ports(
    gateway: str,
    number: PortNumbers,
    card: Card,
    plugged: Mapping[str, PluggedCircuit],
    trunk_groups: Mapping[str, int],
) -> list[Span]:
    ports = []
    for port in range(1, card.model.analog_ports + 1):
        circuit = plugged.get(place(gateway, number.slot, port))
        if circuit is None:
            continue
        entry = {
            "port": port,
            "channel": number.first_channel + port - 1,
            "kind": circuit.group.kind,
            "signalling": circuit.group.signalling,
            "circuit": circuit.name,
            "trunk_group": circuit.group.name,
            "group": trunk_groups[circuit.group.name],
            "type": circuit.group.type,
        }
        if circuit.group.extensions:
            [entry["extension"]] = circuit.group.circuit_extensions(circuit.position)
        ports.append(entry)
    return ports
