# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a call center: their addresses and what must be true of them together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import TypedDict


class Peer(TypedDict):
    """A host as its peers see it."""

    name: str
    """Name in the inventory."""
    address: str
    """IPv4 address for SIP, RTP, the database and VRRP."""


def host_address(name: str, variables: Mapping[str, object]) -> str:
    """``asterisk_address`` of a host, else its ``ansible_host``.

    Raises ValueError with one sentence when that is not an IPv4 address.
    """
    option = "asterisk_address" if variables.get("asterisk_address") else "ansible_host"
    value = str(variables.get(option) or name)
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError(
            f"{name}: {option} '{value}' is not an IPv4 address, set asterisk_address to the one "
            "that the other servers and the phones reach."
        ) from None


def peers(names: Sequence[str], hostvars: Mapping[str, Mapping[str, object]]) -> list[Peer]:
    """The hosts ``names`` with their addresses, in the order given."""
    return [{"name": name, "address": host_address(name, hostvars[name])} for name in names]


MOST_GATEWAYS = 9
"""So many gateways vote at most: more make no majority safer."""


def voters(gateways: Sequence[Peer], central: Sequence[Peer]) -> list[Peer]:
    """The hosts that vote on which central server is active: an odd number, so that halves differ.

    Gateways vote and both central servers do; the last central server has no vote where the number
    would be even. A central server does not vote for the other one when that reaches fewer than
    half of the gateways and it would serve them itself (trunkline_witness.py).
    """
    chosen = [
        Peer(name=host["name"], address=host["address"])
        for host in (*gateways[:MOST_GATEWAYS], *central)
    ]
    return chosen if len(chosen) % 2 else chosen[:-1]


def cluster_problems(
    gateways: Sequence[str], central: Sequence[str], spare: bool = True
) -> list[str]:
    """Sentences that say which hosts a call center lacks."""
    problems = []
    if not gateways:
        problems.append(
            "The group gateways has no host: add at least one, as the telephone lines end there."
        )
    if not central:
        problems.append(
            "The group central has no host: add two, the active server and its hot spare."
        )
    elif len(central) > 2:
        problems.append(
            f"The group central has {len(central)} hosts ({', '.join(central)}): keep two, the "
            "active server and its hot spare."
        )
    elif spare and len(central) < 2:
        problems.append(
            f"callcenter_spare is true but the group central has only one host ({central[0]}): add "
            "the hot spare or set callcenter_spare to false."
        )
    both = sorted(set(gateways) & set(central))
    problems += [f"{name} is in both groups gateways and central: keep it in one." for name in both]
    return problems


def address_problems(
    names: Sequence[str],
    hostvars: Mapping[str, Mapping[str, object]],
    floating: object,
    phone_networks: object,
) -> list[str]:
    """Sentences that say which addresses of an inventory are missing, wrong or used twice.

    ``floating`` is floating_ip_address, ``phone_networks`` callcenter_phone_networks (a list of
    addresses and networks in CIDR notation), as the user wrote them.
    """
    problems: list[str] = []
    owners: dict[str, str] = {}
    for name in dict.fromkeys(names):
        try:
            address = host_address(name, hostvars[name])
        except ValueError as error:
            problems.append(str(error))
            continue
        if address in owners:
            problems.append(
                f"{name}: {address} is the address of {owners[address]} too, give each its own."
            )
        owners.setdefault(address, name)
    if not floating:
        problems.append(
            "floating_ip_address is not set: choose a free address in the network of the central "
            "servers."
        )
    elif str(floating) in owners:
        problems.append(
            f"floating_ip_address: {floating} is the own address of {owners[str(floating)]}, "
            "choose a free one inside the network."
        )
    return problems + _phone_network_problems(phone_networks)


def _phone_network_problems(phone_networks: object) -> list[str]:
    if not isinstance(phone_networks, list) or not phone_networks:
        return [
            "callcenter_phone_networks is not a list of networks: name those from which phones "
            "register, for example [192.0.2.0/24]."
        ]
    return [
        f"callcenter_phone_networks: '{network}' is neither an IPv4 address nor a network such as "
        "192.0.2.0/24, correct it."
        for network in phone_networks
        if not _is_network(str(network))
    ]


def _is_network(text: str) -> bool:
    try:
        ipaddress.IPv4Network(text)
    except ValueError:
        return False
    # The notation with a netmask is right too, but nft does not know it.
    return re.fullmatch(r"[\d.]+(/\d{1,2})?", text) is not None


def floating_ip_problems(address: str, network: str, members: Sequence[Peer]) -> list[str]:
    """Why ``address`` cannot float between ``members`` on ``network`` (CIDR), in sentences."""
    try:
        floating = ipaddress.IPv4Address(address)
    except ValueError:
        return [
            f"floating_ip_address: '{address}' is not an IPv4 address, give one like 192.0.2.20."
        ]
    net = ipaddress.IPv4Network(network, strict=False)
    if floating not in net:
        return [
            f"floating_ip_address: {floating} is outside the network {net} of the interface, "
            "choose a free address inside it."
        ]
    if floating in (net.network_address, net.broadcast_address) and net.prefixlen < 31:
        return [
            f"floating_ip_address: {floating} is the network or broadcast address of {net}, "
            "choose a free address inside it."
        ]
    return [
        f"floating_ip_address: {floating} is the own address of {member['name']}, choose a free "
        "one inside the network."
        for member in members
        if ipaddress.IPv4Address(member["address"]) == floating
    ]
