# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways out: which gateway carries which trunk group, and where plain telephones are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from .cluster import Peer, peers
from .dahdi_channels import Line, Span, lines_of
from .dial_patterns import NUMBER, matches, shortest
from .sentences import nearest_option

OUTGOING_OPTIONS = ("trunk_groups", "strip", "prefix")
"""What a pattern of ``central_outgoing`` may say."""


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


def trunk_groups(spans: Iterable[Span], sip: Iterable[Mapping[str, Any]]) -> dict[str, TrunkGroup]:
    """The trunk groups on which a gateway can call out.

    ``sip`` is that key of ``pstn_wiring``.
    """
    groups: dict[str, TrunkGroup] = {}
    for line in _lines(spans):
        if not line.is_telephone:
            groups[line.trunk_group] = {"group": line.group, "circuits": []}
    for circuit in sip:
        group = groups.setdefault(str(circuit["trunk_group"]), {"group": None, "circuits": []})
        group["circuits"].append(
            {"name": str(circuit["circuit"]), "channels": int(circuit["channels"])}
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
        wiring = variables.get("pstn_wiring") or {}
        lines.append(
            {
                **peer,
                "trunk_groups": list(trunk_groups(spans, wiring.get("sip") or [])),
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


def outgoing_problems(
    outgoing: Mapping[Any, object],
    gateways: Sequence[Mapping[str, Any]],
    extensions: Sequence[str],
) -> list[str]:
    """Sentences that say what is wrong with the ways out and with the plain telephones.

    ``extensions`` are those that have an account.
    """
    known = {str(group) for gateway in gateways for group in gateway.get("trunk_groups") or []}
    problems = []
    for pattern, way in outgoing.items():
        problems += _pattern_problems(str(pattern), extensions)
        problems += _way_problems(str(pattern), way, known)
    seats = frozenset(extensions)
    problems += [
        f"central_accounts: the telephone {extension} at {gateway['name']} has no account, declare "
        "it or remove it from extensions of its trunk group."
        for gateway in gateways
        for extension in gateway.get("stations") or []
        if str(extension) not in seats
    ]
    return problems


def _pattern_problems(pattern: str, extensions: Iterable[str]) -> list[str]:
    if not NUMBER.fullmatch(pattern):
        return [
            f"central_outgoing: '{pattern}' is neither a telephone number nor a pattern such as "
            "_9X."
        ]
    if seat := next((one for one in extensions if matches(pattern, one)), None):
        return [
            f"central_outgoing: {pattern} would send calls for the extension {seat} out, choose a "
            "pattern that no extension matches, such as _9XXX."
        ]
    return []


def _way_problems(pattern: str, way: object, known: set[str]) -> list[str]:
    where = f"central_outgoing: {pattern}"
    if not isinstance(way, Mapping):
        return [f"{where}: '{way}' is no mapping, write for example {{trunk_groups: [carrier_a]}}."]
    problems = [
        f"{where}: unknown option '{option}', {nearest_option(str(option), OUTGOING_OPTIONS)}."
        for option in way
        if option not in OUTGOING_OPTIONS
    ]
    groups = way.get("trunk_groups")
    if not isinstance(groups, list) or not groups:
        problems.append(
            f"{where}: trunk_groups is no list of names, write for example [carrier_a]."
        )
        groups = []
    problems += [
        f"{where}: no gateway can call out on a trunk group '{group}', "
        f"{nearest_option(str(group), known)}."
        for group in groups
        if str(group) not in known
    ]
    strip = way.get("strip", 0)
    if not str(strip).isdecimal():
        problems.append(f"{where}: strip '{strip}' is not a number, use 0 or more.")
    elif NUMBER.fullmatch(pattern) and int(strip) >= shortest(pattern):
        problems.append(
            f"{where}: strip {strip} would leave nothing of a number of {shortest(pattern)} "
            "digits, use less."
        )
    prefix = str(way.get("prefix") or "")
    if not re.fullmatch(r"[0-9+*#]*", prefix):
        problems.append(
            f"{where}: prefix '{prefix}' has other characters than digits, '+', '*' and '#'."
        )
    return problems
