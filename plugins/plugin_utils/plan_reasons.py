# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sentences that say why circuits find no place, and what to add."""

from __future__ import annotations

from collections.abc import Sequence

from .circuits import TrunkGroup
from .gateways import MAX_SPANS, Gateway
from .reading import listed

_KIND_NAMES = {
    "t1": "a T1",
    "e1": "an E1",
    "j1": "a J1",
    "fxo": "an analog line",
    "fxs": "an analog telephone",
    "sip": "a SIP circuit",
}


def kind_name(kind: str) -> str:
    """The kind of a circuit with its article."""
    return _KIND_NAMES[kind]


def no_place_reason(groups: Sequence[TrunkGroup], *, certain: bool = True) -> str:
    """The ports would suffice, but not in the way the circuits need them.

    Not ``certain`` when the search was ended before it had tried everything.
    """
    search = "find no place" if certain else "found no place in a search that took too long"
    return (
        f"The circuits of {_names(groups, 'trunk groups')} {search}: an NFAS group "
        "needs all its ports on one gateway, and a card whose ports switch together takes one kind "
        "of line; add a gateway, or lift a pin or an exclusion."
    )


def shortage_reason(
    groups: Sequence[TrunkGroup], units: int, gateways: Sequence[Gateway], ports: int, more: int
) -> str:
    """``units`` circuits of ``groups`` compete for the ``ports`` of ``gateways``.

    ``more`` spans could be lit on these gateways if they had cards for them.
    """
    what = f"{units} {_circuits(groups, units)} ({_names(groups, 'trunk groups')})"
    digital = groups[0].line is not None
    missing = max(1, units - ports)
    wanted = _ports(groups, missing)
    verb, them = ("needs", "it") if units == 1 else ("need", "them")
    bound = any(group.gateways is not None or group.exclude or group.pins for group in groups)
    more_gateways = f", or let other gateways take {them} (gateways, exclude, pins)" * bound
    if groups[0].kind == "sip":
        return (
            f"{what} {verb} a gateway, and there is none that may take {them}: add one"
            f"{more_gateways}."
        )
    if not ports:
        return (
            f"{what} {verb} {_ports(groups, units)}, and no gateway that may take {them} has a "
            f"free one: add {wanted}{more_gateways}."
        )
    need, remedies = _ports(groups, units), [wanted]
    if digital:
        need = f"{_gateways(units)} at {MAX_SPANS} each"
        # More ports in a gateway that is at its limit would stay dark.
        remedies = [_gateways(missing), *(remedies if more >= missing else [])]
    offer = "offers" if len(gateways) == 1 else "offer"
    have = f"{_names(gateways, 'gateways')} {offer} {_ports(groups, ports)}"
    return f"{what} {verb} {need}; {have}: add {' or '.join(remedies)}{more_gateways}."


def _circuits(groups: Sequence[TrunkGroup], units: int) -> str:
    kinds = sorted({group.kind for group in groups})
    noun = {"fxo": "analog line", "fxs": "analog telephone", "sip": "SIP circuit"}.get(
        kinds[0], "/".join(kind.upper() for kind in kinds) + " line"
    )
    if all(group.type == "pri" for group in groups):
        noun = noun.replace(" line", " PRI")
    return _plural(noun, units)


def _ports(groups: Sequence[TrunkGroup], count: int) -> str:
    kind = "" if groups[0].line is not None else f"{groups[0].kind.upper()} "
    return f"{count} {kind}{_plural('port', count)}"


def _gateways(units: int) -> str:
    count = -(-units // MAX_SPANS)
    return f"{count} {_plural('gateway', count)}"


def _names(named: Sequence[Gateway | TrunkGroup], what: str) -> str:
    names = [one.name for one in named]
    if len(names) > 4:
        names = [*names[:3], f"{len(names) - 3} more {what}"]
    return listed(names)


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
