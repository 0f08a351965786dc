# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory says of a gateway."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateway_variables import (
    GatewayEntry,
    circuit_groups,
    gateway_entries,
    has_cables,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.numbering import (
    number_trunk_groups,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import plan
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring

Options = dict[str, Any]

PRI: Options = {"type": "pri", "line": "t1"}
SIP: Options = {"type": "sip", "host": "192.0.2.10", "channels": 7}


def entries(trunk_groups: Options, gateways: Options, **options: object) -> list[GatewayEntry]:
    network = read_network({"trunk_groups": trunk_groups, "gateways": gateways, **options})
    numbers = number_trunk_groups(network.trunk_groups, {})
    return gateway_entries(network, plan(network), numbers)


def entry(trunk_groups: Options, *cards: object, **options: object) -> GatewayEntry:
    """The only gateway."""
    (found,) = entries(trunk_groups, {"gw1": {"cards": list(cards)}}, **options)
    return found


def kinds(found: GatewayEntry) -> list[list[str]]:
    """Kind of every port of every card."""
    return [
        [port["kind"] for port in card["ports"]] for card in found.variables["pstn_wiring"]["cards"]
    ]


def test_gateway_without_lines() -> None:
    assert entry({}) == GatewayEntry(
        "gw1",
        {
            "pstn_wiring": {"gateway": "gw1", "site": None, "cards": [], "sip": []},
            "pstn_trunk_groups": {},
            "dahdi_spans": [],
            "gateway_circuits": [],
        },
        ("gateways",),
    )


def test_order_and_groups() -> None:
    first, second = entries(
        {
            "b": {**PRI, "pins": {1: "gw10"}},
            "a": {"type": "station", "pins": {1: "gw10"}},
            "s": {**SIP, "gateways": ["gw2"]},
        },
        {
            "gw10": {"cards": ["TE122", {"model": "TDM800P", "modules": ["fxs"]}]},
            "gw2": {"site": "south-2"},
        },
    )
    assert (first.name, first.groups) == (
        "gw10",
        ("gateways", "trunk_group_b", "trunk_group_a", "line_t1", "line_station"),
    )
    assert (second.name, second.groups) == (
        "gw2",
        ("gateways", "site_south_2", "trunk_group_s", "line_sip"),
    )
    assert second.variables["pstn_wiring"]["site"] == "south-2"


def test_sip() -> None:
    trunk_groups = {"b": {**SIP, "port": 5061}, "a": {**SIP, "circuits": 2}}
    variables = entry(trunk_groups).variables
    assert variables["gateway_circuits"] == [
        {
            "name": name,
            "trunk_group": name[0],
            "type": "sip",
            "host": "192.0.2.10",
            "port": port,
            "channels": 7,
        }
        for name, port in (("a-1", 5060), ("a-2", 5060), ("b-1", 5061))
    ]
    assert variables["pstn_wiring"]["sip"] == [
        {"circuit": name, "trunk_group": name[0], "channels": 7} for name in ("a-1", "a-2", "b-1")
    ]
    assert variables["pstn_trunk_groups"] == {}


def test_numbers_of_the_trunk_groups_that_are_here() -> None:
    first, second = entries(
        {
            "a": {**PRI, "numbers": ["5550100-5550199"], "gateways": ["gw1"]},
            "b": {**SIP, "numbers": ["5550200", "_55503XX"], "gateways": ["gw1"]},
            "c": {**PRI, "gateways": ["gw2"]},
        },
        {"gw1": {"cards": ["TE122"]}, "gw2": {"cards": ["TE122"]}},
    )
    assert first.variables["pstn_numbers"] == {
        "a": ["5550100-5550199"],
        "b": ["5550200", "_55503XX"],
    }
    assert "pstn_numbers" not in second.variables
    assert second.variables["pstn_trunk_groups"] == {"a": 1, "c": 2}


def test_variables_of_the_user() -> None:
    (found,) = entries(
        {}, {"gw1": {"ansible_host": "192.0.2.11", "vars": {"dahdi_spans": 1, "x": 2}}}
    )
    assert found.variables["ansible_host"] == "192.0.2.11"
    assert found.variables["x"] == 2
    assert found.variables["dahdi_spans"] == []


@pytest.mark.parametrize(
    ("trunk_groups", "cards", "expected"),
    [
        ({}, ["TE220"], ["t1", "t1"]),
        ({}, ["E100P"], ["e1"]),
        ({"a": {"type": "analog"}}, ["TDM410P"], ["fxo"] * 4),
        (
            {},
            [{"model": "TDM410P", "modules": ["fxs", None, "fxo"]}],
            ["fxs", "empty", "fxo", "empty"],
        ),
        ({"a": {**PRI, "line": "e1"}}, ["TE220"], ["e1", "e1"]),
        ({"a": {**PRI, "line": "j1"}}, ["TE220"], ["j1", "j1"]),
        ({"a": PRI, "b": {**PRI, "line": "e1"}}, ["TE420"], ["t1", "e1", "t1", "t1"]),
    ],
)
def test_kinds_of_ports(trunk_groups: Options, cards: list[object], expected: list[str]) -> None:
    assert kinds(entry(trunk_groups, *cards)) == [expected]


def test_idle_ports_of_a_card_that_switches_together() -> None:
    models = {"D410P": {"spans": 4, "together": True}}
    groups = {"a": {**PRI, "pins": {1: "gw1/1/2"}}, "b": {**PRI, "line": "e1", "circuits": 2}}
    found = entry(groups, "D410P", "D410P", "D410P", card_models=models)
    assert kinds(found) == [["t1"] * 4, ["e1"] * 4, ["t1"] * 4]


def test_dark_ports() -> None:
    card = {"model": "TDM800P", "modules": ["fxo"], "dark": [1, 8]}
    wiring = entry({"a": {"type": "analog"}}, card).variables["pstn_wiring"]
    first, second, *_others, last = wiring["cards"][0]["ports"]
    nothing = {"circuit": None, "trunk_group": None, "channels": 0, "dark": True}
    assert first == {"port": 1, "kind": "fxo", **nothing}
    assert last == {"port": 8, "kind": "empty", **nothing}
    assert second == {
        "port": 2,
        "kind": "fxo",
        "circuit": "a-1",
        "trunk_group": "a",
        "channels": 1,
    }


def test_wiring_can_be_read() -> None:
    groups = {"a": {**PRI, "circuits": 4, "nfas": 4}, "s": SIP}
    variables = entry(groups, "TE435").variables
    wiring = read_wiring(variables["pstn_wiring"])
    assert list(wiring.places()) == [
        *((f"gw1/1/{number}", f"a-{number}", "a") for number in range(1, 5)),
        ("gw1/sip", "s-1", "s"),
    ]
    assert wiring.channels == 23 + 23 + 24 + 24 + 7


def test_what_the_playbooks_ask() -> None:
    network = read_network({"trunk_groups": {"a": {**PRI, "circuits": 2}, "s": SIP}})
    assert circuit_groups(network) == {"a-1": "a", "a-2": "a", "s-1": "s"}
    assert has_cables(network)
    assert not has_cables(read_network({"trunk_groups": {"s": SIP, "a": {**PRI, "circuits": 0}}}))
