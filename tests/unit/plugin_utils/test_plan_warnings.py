# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user should know of a plan that is possible."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.plan_warnings import (
    plan_warnings,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import Plan, plan
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.sizing import read_traffic

NETWORK = read_network(
    {
        "trunk_groups": {"a": {"type": "pri", "line": "t1", "circuits": 4}},
        "gateways": {"gw1": {"cards": ["TE420"]}, "gw2": {"cards": ["TE420"]}},
    }
)
WIRED = {"a-1": "gw1/1/1", "a-2": "gw1/1/2", "a-3": "gw2/1/1", "a-4": "gw2/1/2"}
SEE = "playbooks/plan.yml shows what to do."


def without(*circuits: str) -> dict[str, str]:
    return {circuit: place for circuit, place in WIRED.items() if circuit not in circuits}


@pytest.mark.parametrize(
    ("wired", "sentences"),
    [
        (WIRED, []),
        # No lock yet: everything is new, and the playbook will say so.
        ({}, []),
        (without("a-4"), [f"a-4 is not in the cabling lock yet: {SEE}"]),
        (without("a-1", "a-4"), [f"a-1 and a-4 are not in the cabling lock yet: {SEE}"]),
        (
            without("a-1", "a-3", "a-4"),
            [f"a-1, a-3 and 1 more are not in the cabling lock yet: {SEE}"],
        ),
        (
            {**WIRED, "b-1": "gw1/1/3"},
            [f"b-1 is in the cabling lock but no longer in a trunk group: {SEE}"],
        ),
        (
            {**WIRED, "a-4": "gw9/1/1"},
            [f"a-4 is to be plugged in elsewhere than the cabling lock says: {SEE}"],
        ),
        (
            {**without("a-1"), "a-4": "gw1/7/1", "b-1": "gw1/1/3"},
            [
                f"a-4 is to be plugged in elsewhere than the cabling lock says: {SEE}",
                f"a-1 is not in the cabling lock yet: {SEE}",
                f"b-1 is in the cabling lock but no longer in a trunk group: {SEE}",
            ],
        ),
    ],
)
def test_cables(wired: dict[str, str], sentences: list[str]) -> None:
    assert plan_warnings(NETWORK, plan(NETWORK, wired), wired, None) == sentences


def test_search_that_was_ended() -> None:
    assert plan_warnings(NETWORK, Plan(WIRED, proven=False), WIRED, None) == [
        "The search for the best plan was ended; one with fewer moves or a better spread may exist."
    ]


def test_cards_without_a_driver() -> None:
    cards = {
        "gw1": {"cards": ["TE420", "TDM410P", "TDM400P"]},
        "gw2": {"cards": ["T400P"]},
        "gw3": {"cards": ["TDM410P", "E100P", "TDM410P"]},
    }
    own = {"E100P": {"spans": 1}}
    network = read_network({"trunk_groups": {}, "gateways": cards, "card_models": own})
    assert plan_warnings(network, Plan({}), {}, None) == [
        "DAHDI of Debian 14 has no driver for the T400P of gw2: replace the card.",
        "DAHDI of Debian 14 has no driver for the TDM410P of gw1 and 1 more: install "
        "osmocom-dahdi-dkms and dahdi-source there, or replace the card.",
    ]


def test_traffic() -> None:
    enough = read_traffic({"calls_per_hour": 100, "talk_seconds": 180})
    assert plan_warnings(NETWORK, plan(NETWORK, WIRED), WIRED, enough) == []
    more = read_traffic({"calls_per_hour": 1500, "talk_seconds": 180, "seats": 70})
    seats, lines = plan_warnings(NETWORK, plan(NETWORK, WIRED), WIRED, more)
    assert "70 seats" in seats
    assert "the trunk groups have 92" in lines
