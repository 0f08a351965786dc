# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways out and plain telephones."""

from __future__ import annotations

from typing import Any

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import (
    gateway_lines,
    station_addresses,
    station_problems,
    stations,
    trunk_groups,
)

PRI: dict[str, Any] = {
    "span": 1,
    "line": "t1",
    "circuit": "carrier_a-1",
    "trunk_group": "carrier_a",
    "group": 2,
    "type": "pri",
    "signalling": "pri_cpe",
    "switchtype": "national",
    "voice_channels": "1-23",
}
PHONE: dict[str, Any] = {
    "span": 2,
    "line": "analog",
    "ports": [
        {
            "port": 1,
            "channel": 25,
            "kind": "fxs",
            "circuit": "floor-2001",
            "trunk_group": "floor",
            "group": 3,
            "type": "station",
            "signalling": "fxo_ks",
            "extension": "2001",
        }
    ],
}
SIP = {"name": "sip_b-1", "trunk_group": "sip_b", "channels": 7}
HOSTS: dict[str, dict[str, Any]] = {
    "gw1": {
        "ansible_host": "192.0.2.11",
        "dahdi_spans": [PRI, PHONE],
        "gateway_circuits": [SIP],
    },
    "gw2": {"ansible_host": "192.0.2.12"},
    "gw3": {"ansible_host": "192.0.2.13", "dahdi_spans": [{"span": 1}]},
}
GATEWAYS = gateway_lines(list(HOSTS), HOSTS)


def test_gateways() -> None:
    """Whatever is wrong with the spans of gw3 is the business of that gateway."""
    assert GATEWAYS == [
        {
            "name": "gw1",
            "address": "192.0.2.11",
            "trunk_groups": ["carrier_a", "sip_b"],
            "stations": ["2001"],
        },
        {"name": "gw2", "address": "192.0.2.12", "trunk_groups": [], "stations": []},
        {"name": "gw3", "address": "192.0.2.13", "trunk_groups": [], "stations": []},
    ]
    assert station_addresses(GATEWAYS) == {"2001": "192.0.2.11"}
    assert station_addresses([{"name": "gw1", "address": "192.0.2.11"}]) == {}


def test_trunk_groups() -> None:
    assert trunk_groups([PRI, PHONE], [SIP]) == {
        "carrier_a": {"group": 2, "circuits": []},
        "sip_b": {"group": None, "circuits": [{"name": "sip_b-1", "channels": 7}]},
    }
    assert stations([PRI, PHONE]) == {"2001": "25"}


def test_circuit_of_no_trunk_group_is_one_by_itself() -> None:
    """What is wrong with a circuit is the business of its gateway."""
    assert trunk_groups([], [{"name": "telco"}, {"host": "192.0.2.10"}, "telco"]) == {
        "telco": {"group": None, "circuits": [{"name": "telco", "channels": 30}]}
    }


def test_telephone_without_account() -> None:
    assert station_problems(GATEWAYS, ["1001", "2001"]) == []
    assert station_problems(GATEWAYS, ["1001"]) == [
        "central_accounts: the telephone 2001 at gw1 has no account, declare it or remove it from "
        "extensions of its trunk group."
    ]
