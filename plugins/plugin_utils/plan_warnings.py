# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user should know of a plan that is possible."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_catalogue import (
    packages_for,
)

from .cards import CATALOGUE
from .planner import Plan
from .sizing import Traffic, traffic_warnings
from .telephone_network import TelephoneNetwork

REMEDY = "playbooks/plan.yml shows what to do"
SYSTEM = ("14", "forky")
MODELS = frozenset(CATALOGUE.values())


def plan_warnings(
    network: TelephoneNetwork, plan: Plan, wired: Mapping[str, str], traffic: Traffic | None
) -> list[str]:
    """Sentences: cables that are elsewhere than planned, what else does not do."""
    warnings = [*_cable_warnings(plan, wired), *_card_warnings(network)]
    if not plan.proven:
        warnings.append(
            "The search for the best plan was ended; one with fewer moves or a better spread may "
            "exist."
        )
    if traffic is not None:
        warnings += traffic_warnings(traffic, network.channels)
    return warnings


def _cable_warnings(plan: Plan, wired: Mapping[str, str]) -> list[str]:
    if not wired:
        return []
    new = [circuit for circuit in plan.places if circuit not in wired]
    gone = [circuit for circuit in wired if circuit not in plan.places]
    return [
        f"{_circuits(circuits)} {state}: {REMEDY}."
        for circuits, state in (
            (list(plan.moved), "to be plugged in elsewhere than the cabling lock says"),
            (new, "not in the cabling lock yet"),
            (gone, "in the cabling lock but no longer in a trunk group"),
        )
        if circuits
    ]


def _card_warnings(network: TelephoneNetwork) -> list[str]:
    """Cards for which the supported system has no driver."""
    places: dict[str, list[str]] = {}
    for gateway in network.gateways:
        # What the user has described under a name of ours is another card.
        for name in {card.model.name for card in gateway.cards if card.model in MODELS}:
            places.setdefault(name, []).append(gateway.name)
    return [
        f"DAHDI of Debian {SYSTEM[0]} has no driver for the {name} of {names[0]}"
        f"{f' and {len(names) - 1} more' if len(names) > 1 else ''}: "
        + ("install osmocom-dahdi-dkms and dahdi-source there, or " * ("osmocom" in packages))
        + "replace the card."
        for name, names in sorted(places.items())
        if SYSTEM[1] not in (packages := packages_for(name))
    ]


def _circuits(names: list[str]) -> str:
    """``a is``, ``a and b are`` or ``a, b and 7 more are``."""
    if len(names) == 1:
        return f"{names[0]} is"
    if len(names) == 2:
        return f"{names[0]} and {names[1]} are"
    return f"{names[0]}, {names[1]} and {len(names) - 2} more are"
