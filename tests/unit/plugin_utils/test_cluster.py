# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hosts of a call center together."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import (
    cluster_problems,
    floating_ip_problems,
    host_address,
    peers,
    voters,
)

networks = st.builds(
    lambda address, prefix: ipaddress.IPv4Network((int(address), prefix), strict=False),
    st.ip_addresses(v=4),
    st.integers(8, 30),
)


def host(network: ipaddress.IPv4Network, data: st.DataObject) -> ipaddress.IPv4Address:
    """A usable address of ``network``."""
    return network[data.draw(st.integers(1, network.num_addresses - 2))]


@given(st.ip_addresses(v=4), st.ip_addresses(v=4))
def test_address(own: ipaddress.IPv4Address, other: ipaddress.IPv4Address) -> None:
    assert host_address(str(own), {}) == str(own)
    assert host_address("gw1", {"ansible_host": str(own)}) == str(own)
    variables = {"ansible_host": str(other), "asterisk_address": str(own)}
    assert host_address("gw1", variables) == str(own)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "ansible_host 'gw1'"),
        ({"ansible_host": "gw1.example"}, "ansible_host 'gw1.example'"),
        ({"asterisk_address": "2001:db8::1"}, "asterisk_address '2001:db8::1'"),
        ({"ansible_host": "192.0.2.1", "asterisk_address": "x"}, "asterisk_address 'x'"),
    ],
)
def test_no_address(variables: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match="is not an IPv4 address") as error:
        host_address("gw1", variables)
    assert str(error.value) == (
        f"gw1: {told} is not an IPv4 address, set asterisk_address to the one that the other "
        "servers and the phones reach."
    )


@given(st.permutations(["a", "b", "c"]))
def test_peers_keep_their_order(names: list[str]) -> None:
    hostvars = {name: {"ansible_host": f"192.0.2.{number}"} for number, name in enumerate("abc", 1)}
    assert peers(names, hostvars) == [
        {"name": name, "address": hostvars[name]["ansible_host"]} for name in names
    ]


@pytest.mark.parametrize(
    ("gateways", "central", "spare"),
    [(["gw1"], ["a", "b"], True), (["gw1", "gw2"], ["a", "b"], False), (["gw1"], ["a"], False)],
)
def test_hosts_enough(gateways: list[str], central: list[str], spare: bool) -> None:
    assert cluster_problems(gateways, central, spare) == []


@pytest.mark.parametrize(
    ("gateways", "central", "sentence"),
    [
        (
            [],
            ["a", "b"],
            "The group gateways has no host: add at least one, as the telephone lines end there.",
        ),
        (
            ["gw1"],
            [],
            "The group central has no host: add two, the active server and its hot spare.",
        ),
        (
            ["gw1"],
            ["a"],
            "callcenter_spare is true but the group central has only one host (a): add the hot "
            "spare or set callcenter_spare to false.",
        ),
        (
            ["gw1"],
            ["a", "b", "c"],
            "The group central has 3 hosts (a, b, c): keep two, the active server and its hot "
            "spare.",
        ),
        (
            ["gw1", "a"],
            ["a", "b"],
            "a is in both groups gateways and central: keep it in one.",
        ),
    ],
)
def test_hosts_missing(gateways: list[str], central: list[str], sentence: str) -> None:
    assert cluster_problems(gateways, central) == [sentence]


def test_every_problem_is_told() -> None:
    assert len(cluster_problems([], [])) == 2
    assert len(cluster_problems(["a", "b"], ["b", "a"])) == 2


@given(networks, st.data())
def test_address_inside(network: ipaddress.IPv4Network, data: st.DataObject) -> None:
    own, floating = host(network, data), host(network, data)
    problems = floating_ip_problems(
        str(floating),
        f"{own}/{network.prefixlen}",
        [{"name": "central1", "address": str(own)}],
    )
    if own == floating:
        assert problems == [
            f"floating_ip_address: {own} is the own address of central1, choose a free one inside "
            "the network."
        ]
    else:
        assert problems == []


@given(networks, st.ip_addresses(v=4))
def test_address_outside(network: ipaddress.IPv4Network, floating: ipaddress.IPv4Address) -> None:
    assume(not network.network_address <= floating <= network.broadcast_address)
    assert floating_ip_problems(str(floating), str(network), []) == [
        f"floating_ip_address: {floating} is outside the network {network} of the interface, "
        "choose a free address inside it."
    ]


@given(networks)
def test_ends_of_a_network(network: ipaddress.IPv4Network) -> None:
    for end in (network.network_address, network.broadcast_address):
        assert floating_ip_problems(str(end), str(network), []) == [
            f"floating_ip_address: {end} is the network or broadcast address of {network}, "
            "choose a free address inside it."
        ]


def test_link_of_two() -> None:
    """RFC 3021: both addresses of a /31 are hosts."""
    assert floating_ip_problems("192.0.2.0", "192.0.2.1/31", []) == []


@pytest.mark.parametrize("address", ["", "central", "192.0.2.256", "192.0.2.1/24", "2001:db8::1"])
def test_no_floating_address(address: str) -> None:
    assert floating_ip_problems(address, "192.0.2.0/24", []) == [
        f"floating_ip_address: '{address}' is not an IPv4 address, give one like 192.0.2.20."
    ]


@given(st.integers(1, 30), st.integers(1, 2))
def test_an_odd_number_votes(gateways: int, central: int) -> None:
    hosts = {f"gw{i}": {"ansible_host": f"192.0.2.{i}"} for i in range(1, gateways + 1)}
    servers = {f"central{i}": {"ansible_host": f"192.0.2.{100 + i}"} for i in range(1, central + 1)}
    chosen = voters(peers(list(hosts), hosts), peers(list(servers), servers))
    names = [host["name"] for host in chosen]
    assert len(names) % 2 == 1
    assert len(names) >= min(gateways, 9)
    assert set(names) <= {*hosts, *servers}


def test_one_lost_host_leaves_a_majority() -> None:
    """Of two gateways and two central servers, whichever it is."""
    hosts = {"gw1": {"ansible_host": "192.0.2.11"}, "gw2": {"ansible_host": "192.0.2.12"}}
    central = {"c1": {"ansible_host": "192.0.2.21"}, "c2": {"ansible_host": "192.0.2.22"}}
    chosen = voters(peers(list(hosts), hosts), peers(list(central), central))
    assert [host["name"] for host in chosen] == ["gw1", "gw2", "c1"]
