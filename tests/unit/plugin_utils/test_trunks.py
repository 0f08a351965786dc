# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways out and plain telephones."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import (
    gateway_lines,
    outgoing_problems,
    station_addresses,
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
SIP = {"circuit": "sip_b-1", "trunk_group": "sip_b", "channels": 30}
HOSTS: dict[str, dict[str, Any]] = {
    "gw1": {
        "ansible_host": "192.0.2.11",
        "dahdi_spans": [PRI, PHONE],
        "pstn_wiring": {"sip": [SIP]},
    },
    "gw2": {"ansible_host": "192.0.2.12"},
    "gw3": {"ansible_host": "192.0.2.13", "dahdi_spans": [{"span": 1}]},
}
GATEWAYS = gateway_lines(list(HOSTS), HOSTS)
SEATS = ["1001", "2001"]
WHERE = "central_outgoing: _9X.: "


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
        "sip_b": {"group": None, "circuits": [{"name": "sip_b-1", "channels": 30}]},
    }
    assert stations([PRI, PHONE]) == {"2001": "25"}


@pytest.mark.parametrize(
    "outgoing",
    [
        {},
        {"_9X.": {"trunk_groups": ["carrier_a", "sip_b"], "strip": 1}},
        {112: {"trunk_groups": ["carrier_a"], "prefix": "+49"}},
    ],
)
def test_good(outgoing: dict[object, object]) -> None:
    assert outgoing_problems(outgoing, GATEWAYS, SEATS) == []


@pytest.mark.parametrize(
    ("outgoing", "sentence"),
    [
        (
            {"9x": {"trunk_groups": ["sip_b"]}},
            "central_outgoing: '9x' is neither a telephone number nor a pattern such as _9X.",
        ),
        (
            {"_1XX!": {"trunk_groups": ["sip_b"]}},
            "central_outgoing: _1XX! would send calls for the extension 1001 out, choose a pattern "
            "that no extension matches, such as _9XXX.",
        ),
        (
            {"_9X.": "sip_b"},
            f"{WHERE}'sip_b' is no mapping, write for example {{trunk_groups: [carrier_a]}}.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "stripp": 1}},
            f"{WHERE}unknown option 'stripp', did you mean 'strip'.",
        ),
        ({"_9X.": {}}, f"{WHERE}trunk_groups is no list of names, write for example [carrier_a]."),
        (
            {"_9X.": {"trunk_groups": ["carrier_b"]}},
            f"{WHERE}no gateway can call out on a trunk group 'carrier_b', did you mean "
            "'carrier_a'.",
        ),
        (
            {"_9X.": {"trunk_groups": ["floor"]}},
            f"{WHERE}no gateway can call out on a trunk group 'floor', choose from carrier_a, "
            "sip_b.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "strip": "one"}},
            f"{WHERE}strip 'one' is not a number, use 0 or more.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "strip": 3}},
            f"{WHERE}strip 3 would leave nothing of a number of 3 digits, use less.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "prefix": "a"}},
            f"{WHERE}prefix 'a' has other characters than digits, '+', '*' and '#'.",
        ),
    ],
)
def test_bad(outgoing: dict[object, object], sentence: str) -> None:
    assert outgoing_problems(outgoing, GATEWAYS, SEATS) == [sentence]


def test_telephone_without_account() -> None:
    assert outgoing_problems({}, GATEWAYS, ["1001"]) == [
        "central_accounts: the telephone 2001 at gw1 has no account, declare it or remove it from "
        "extensions of its trunk group."
    ]
