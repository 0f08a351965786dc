# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory file of the telephone lines: from plain data to a telephone network."""

from __future__ import annotations

from collections.abc import Mapping

from .circuits import TrunkGroup
from .gateway_options import read_card_models, read_gateways, read_limits
from .gateways import Gateway, Limits
from .reading import OptionError
from .telephone_network import TelephoneNetwork
from .trunk_group_options import read_trunk_groups

OPTIONS = ("trunk_groups", "gateways", "card_models", "limits", "traffic")
"""Options of the file that make the telephone network."""

MOST_NUMBERED_GROUPS = 63
"""chan_dahdi knows the groups 0 to 63; 0 is where a channel without a group would be."""


def read_network(data: Mapping[str, object]) -> TelephoneNetwork:
    """The network that ``data`` describes. Raises ``OptionError`` with one sentence."""
    limits = read_limits(("limits",), data.get("limits"), Limits())
    models = read_card_models(data.get("card_models"))
    gateways = read_gateways(data.get("gateways"), models, limits)
    names = frozenset(gateway.name for gateway in gateways)
    groups = read_trunk_groups(data.get("trunk_groups"), names)
    _check_pins(groups, {gateway.name: gateway for gateway in gateways})
    numbered = [group for group in groups if group.type != "sip"]
    if len(numbered) > MOST_NUMBERED_GROUPS:
        raise OptionError(
            ("trunk_groups",),
            f"{len(numbered)} trunk groups need cards, chan_dahdi knows {MOST_NUMBERED_GROUPS}: "
            "put circuits of one carrier into one group.",
        )
    return TelephoneNetwork(groups, gateways)


def _check_pins(groups: tuple[TrunkGroup, ...], gateways: Mapping[str, Gateway]) -> None:
    """Pins name ports that exist; whether they can be used is the planner's question."""
    for group in groups:
        for circuit, pin in group.pins.items():
            if pin.slot is None or pin.port is None:
                continue
            path = ("trunk_groups", group.name, "pins", circuit)
            cards = {card.slot: card for card in gateways[pin.gateway].cards}
            card = cards.get(pin.slot)
            if card is None:
                raise OptionError(path, f"{pin.gateway} has no card {pin.slot}.")
            ports = card.model.spans or card.model.analog_ports
            if pin.port > ports:
                raise OptionError(
                    path,
                    f"card {pin.slot} of {pin.gateway} is a {card.model.name} with {ports} ports, "
                    f"it has no port {pin.port}.",
                )
