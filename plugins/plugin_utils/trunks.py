# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways out: which gateway carries which trunk group, and where plain telephones are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from .cluster import Peer, peers
from .dahdi_channels import Line, Span, lines_of


class SipCircuit(TypedDict):
    """A SIP circuit of a trunk group."""

    name: str
    channels: int


class TrunkGroup(TypedDict):
    """How a gateway calls out on a trunk group."""

    group: int | None
    """chan_dahdi's number of the circuits with cables; None if there are none."""
    circuits: list[SipCircuit]


class GatewayLines(Peer):
    """A gateway as the central server sees it."""

    trunk_groups: list[str]
    """On which calls can go out."""
    stations: list[str]
    """Extensions of its plain telephones."""


def trunk_groups(spans: Iterable[Span], circuits: Iterable[object]) -> dict[str, TrunkGroup]:
    """The trunk groups on which a gateway can call out.

    ``circuits`` is the variable ``gateway_circuits``; one without a trunk group is one by itself.
    """
    groups: dict[str, TrunkGroup] = {}
    for line in _lines(spans):
        if not line.is_telephone:
            groups[line.trunk_group] = {"group": line.group, "circuits": []}
    for circuit in circuits:
        if not isinstance(circuit, Mapping) or "name" not in circuit:
            continue  # What is wrong with it says the argument specification of the role.
        name = str(circuit.get("trunk_group") or circuit["name"])
        group = groups.setdefault(name, {"group": None, "circuits": []})
        group["circuits"].append(
            {"name": str(circuit["name"]), "channels": circuit.get("channels", 30)}
        )
    return dict(sorted(groups.items()))


def stations(spans: Iterable[Span]) -> dict[str, str]:
    """Extension -> channel of the plain telephones of a gateway."""
    return {
        extension: str(channel)
        for line in _lines(spans)
        for channel, extension in line.telephones.items()
    }


def _lines(spans: Iterable[Span]) -> list[Line]:
    try:
        return list(lines_of(spans))
    except (KeyError, TypeError, ValueError):
        return []  # What is wrong with them says ``line_problems``.


def gateway_lines(
    names: Sequence[str], hostvars: Mapping[str, Mapping[str, Any]]
) -> list[GatewayLines]:
    """The gateways ``names`` with their addresses, trunk groups and telephones."""
    lines: list[GatewayLines] = []
    for peer in peers(names, hostvars):
        variables = hostvars[peer["name"]]
        spans = variables.get("dahdi_spans") or []
        circuits = variables.get("gateway_circuits") or []
        lines.append(
            {
                **peer,
                "trunk_groups": list(trunk_groups(spans, circuits)),
                "stations": sorted(stations(spans)),
            }
        )
    return lines


def station_addresses(gateways: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Extension -> address of the gateway with the telephone."""
    return {
        str(extension): str(gateway["address"])
        for gateway in gateways
        for extension in gateway.get("stations") or []
    }


def station_problems(gateways: Iterable[Mapping[str, Any]], extensions: Iterable[str]) -> list[str]:
    """Sentences that say which plain telephones are none of the ``extensions`` with an account."""
    seats = frozenset(extensions)
    return [
        f"central_accounts: the telephone {extension} at {gateway['name']} has no account, declare "
        "it or remove it from extensions of its trunk group."
        for gateway in gateways
        for extension in gateway.get("stations") or []
        if str(extension) not in seats
    ]
