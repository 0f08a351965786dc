# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trunk groups as a user writes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import partial

from .accounts import expand_extensions
from .circuits import DIGITAL_TYPES, TYPES, Pin, TrunkGroup
from .lines import LINES
from .reading import (
    OptionError,
    Path,
    choice,
    listed,
    mapping,
    name,
    one_line,
    optional,
    sequence,
    shown,
    switch,
    whole,
)
from .sentences import nearest_option

MOST_CIRCUITS = 100_000
"""Circuits of one trunk group; more are a slip of the keyboard."""

SWITCHTYPES = ("national", "ni1", "dms100", "4ess", "5ess", "euroisdn", "qsig")
"""PRI dialects of chan_dahdi."""

_PLACEMENT = ("type", "circuits", "gateways", "exclude", "pins", "numbers")
_SPAN = ("line", "signalling", "framing", "coding", "crc4", "lbo", "timing")
_OPTIONS = {
    "pri": (*_PLACEMENT, *_SPAN, "switchtype", "nfas", "nfas_backup"),
    "cas": (*_PLACEMENT, *_SPAN),
    "channel_bank": (*_PLACEMENT, *_SPAN, "extensions"),
    "analog": (*_PLACEMENT, "signalling"),
    "station": (*_PLACEMENT, "signalling", "extensions"),
    "sip": (*_PLACEMENT, "host", "port", "channels"),
}
_ANY_OPTION = frozenset(option for options in _OPTIONS.values() for option in options)
_LOOP_TO_OFFICE = ("fxs_ks", "fxs_ls", "fxs_gs")
_LOOP_TO_PHONE = ("fxo_ks", "fxo_ls", "fxo_gs")
_ROBBED_BIT = ("em_w", "em", "featd", "featdmf", "featb")
_SIGNALLING = {
    "pri": ("pri_cpe", "pri_net"),
    "analog": _LOOP_TO_OFFICE,
    "station": _LOOP_TO_PHONE,
    "channel_bank": (*_LOOP_TO_OFFICE, *_LOOP_TO_PHONE, *_ROBBED_BIT),
    "cas": (*_ROBBED_BIT, *_LOOP_TO_OFFICE, *_LOOP_TO_PHONE),
}
"""chan_dahdi's signallings, the usual one first. A port is driven as the opposite of what it is."""
_E1_SIGNALLING = _SIGNALLING | {
    "channel_bank": (*_LOOP_TO_OFFICE, *_LOOP_TO_PHONE, "em_e1"),
    "cas": ("mfcr2", "em_e1", *_LOOP_TO_OFFICE, *_LOOP_TO_PHONE),
}
"""An E1 has no bits to rob: time slot 16 carries the signalling (ITU-T G.732)."""

GROUP_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_GROUP_NAME_RULE = "a letter followed by up to 39 letters, digits or '_'"
_CIRCUIT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,59}")
_CIRCUIT_NAME_RULE = "up to 60 letters, digits, '_', '.', ':', '+' or '-'"
_HOST = re.compile(r"[A-Za-z0-9_.:\[\]-]{1,253}")
_NUMBER = re.compile(r"[0-9+*#XZN.!_\[\]-]{1,40}")


def read_trunk_groups(value: object, gateways: Collection[str]) -> tuple[TrunkGroup, ...]:
    """All trunk groups. Raises ``OptionError``."""
    path: Path = ("trunk_groups",)
    groups = tuple(
        _read_group((*path, key), key, options, gateways)
        for key, options in mapping(path, value).items()
    )
    owners: dict[str, str] = {}
    for group in groups:
        for circuit in group.circuits:
            owner = owners.setdefault(circuit, group.name)
            if owner != group.name:
                raise OptionError(
                    (*path, group.name, "circuits"),
                    f"'{circuit}' is a circuit of {owner} too: rename one of them.",
                )
    return groups


def _read_group(path: Path, key: str, value: object, gateways: Collection[str]) -> TrunkGroup:
    group_name = name(path, key, GROUP_NAME, _GROUP_NAME_RULE)
    options = mapping(path, value)
    if options.get("type") is None:
        raise OptionError(path, f"type is missing, choose {listed(TYPES, 'or')}.")
    kind = choice((*path, "type"), options["type"], TYPES)
    for option in options:
        if option not in _OPTIONS[kind] and option in _ANY_OPTION:
            raise OptionError(
                (*path, option), f"a group of type {kind} has no such option: remove this line."
            )
    mapping(path, value, _OPTIONS[kind])
    line = _read_line(path, kind, options)
    nfas = optional(options, path, "nfas", partial(whole, least=1, most=4), 1)
    channels = _read_channels(path, kind, line, options)
    extensions = _read_extensions(path, options)
    circuits = _read_circuits(path, group_name, options, extensions, channels)
    if len(circuits) % nfas:
        raise OptionError(
            (*path, "nfas"),
            f"{len(circuits)} circuits are no multiple of {nfas}, the size of an NFAS group.",
        )
    named = partial(_gateway_names, known=gateways)
    return TrunkGroup(
        name=group_name,
        type=kind,
        circuits=circuits,
        line=line,
        channels=channels,
        nfas=nfas,
        nfas_backup=optional(options, path, "nfas_backup", switch, True),
        gateways=None
        if options.get("gateways") is None
        else named((*path, "gateways"), options["gateways"]),
        exclude=optional(options, path, "exclude", named, frozenset()),
        pins=_read_pins(path, group_name, circuits, options, gateways),
        signalling=_read_signalling(path, kind, line, options),
        switchtype=_read_switchtype(path, kind, line, options),
        framing=_read_framing(path, kind, line, options),
        coding=_read_coding(path, line, options),
        crc4=_read_crc4(path, kind, line, options),
        lbo=optional(options, path, "lbo", partial(whole, least=0, most=7), 0),
        timing=optional(options, path, "timing", switch, _far_end_has_clock(kind, options)),
        host=_read_host(path, kind, options),
        port=optional(options, path, "port", partial(whole, least=1, most=65535), 5060)
        if kind == "sip"
        else None,
        numbers=optional(options, path, "numbers", _read_numbers, ()),
        extensions=extensions,
    )


def _far_end_has_clock(kind: str, options: Mapping[str, object]) -> bool:
    """A carrier has one; a channel bank and a PRI of which we are the network take ours."""
    return kind in {"pri", "cas"} and options.get("signalling") != "pri_net"


def _read_line(path: Path, kind: str, options: Mapping[str, object]) -> str | None:
    if kind not in DIGITAL_TYPES:
        return None
    if options.get("line") is None:
        raise OptionError(path, f"line is missing, choose {listed(tuple(LINES), 'or')}.")
    return choice((*path, "line"), options["line"], tuple(LINES))


def _read_extensions(path: Path, options: Mapping[str, object]) -> tuple[str, ...]:
    value = options.get("extensions")
    if value is None:
        return ()
    try:
        return tuple(expand_extensions(value))
    except ValueError as error:
        raise OptionError(path, one_line(str(error), 400)) from error


def _read_circuits(
    path: Path,
    group: str,
    options: Mapping[str, object],
    extensions: tuple[str, ...],
    channels: int,
) -> tuple[str, ...]:
    """A number gives names such as ``carrier_a-1``; a list gives the carrier's own names."""
    path = (*path, "circuits")
    value = options.get("circuits")
    if extensions and channels == 1:
        if value is not None and value != len(extensions):
            raise OptionError(
                path,
                f"{shown(value)} does not go with {len(extensions)} extensions: remove it.",
            )
        return tuple(f"{group}-{extension}" for extension in extensions)
    needed = -(-len(extensions) // channels)
    if value is None:
        value = needed or 1
    if isinstance(value, list | tuple):
        names = tuple(
            name((*path, number), one, _CIRCUIT_NAME, _CIRCUIT_NAME_RULE)
            for number, one in enumerate(value)
        )
        if twice := sorted({one for one in names if names.count(one) > 1})[:1]:
            raise OptionError(path, f"'{twice[0]}' is there twice: remove or rename one.")
    else:
        count = whole(path, value, 0, MOST_CIRCUITS)
        names = tuple([f"{group}-{number}" for number in range(1, count + 1)])
    if len(names) < needed:
        raise OptionError(
            path,
            f"{len(names)} with {channels} telephones each are too few for {len(extensions)} "
            f"extensions, {needed} are needed.",
        )
    return names


def _read_channels(path: Path, kind: str, line: str | None, options: Mapping[str, object]) -> int:
    if line is not None:
        return LINES[line].pri_channels if kind == "pri" else LINES[line].cas_channels
    return (
        optional(options, path, "channels", partial(whole, least=1, most=10_000), 30)
        if kind == "sip"
        else 1
    )


def _gateway_names(path: Path, value: object, known: Collection[str]) -> frozenset[str]:
    names = sequence(path, value)
    for one in names:
        _known_gateway(path, one, known)
    return frozenset(str(one) for one in names)


def _known_gateway(path: Path, value: object, known: Collection[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise OptionError(
            path, f"{shown(value)} is no gateway, {nearest_option(str(value), known)}."
        )
    return str(value)


def _read_pins(
    path: Path,
    group: str,
    circuits: tuple[str, ...],
    options: Mapping[str, object],
    gateways: Collection[str],
) -> dict[str, Pin]:
    path = (*path, "pins")
    value = options.get("pins")
    if not isinstance(value, Mapping | None):
        raise OptionError(path, f"{shown(value)} is no mapping, write 'circuit: gateway' lines.")
    known = frozenset(circuits)
    pins: dict[str, Pin] = {}
    for key, where in (value or {}).items():
        text = str(key)
        circuit = text if text in known else f"{group}-{text}"
        if circuit not in known or isinstance(key, bool):
            raise OptionError(
                (*path, text), f"{group} has no such circuit, {nearest_option(text, known)}."
            )
        if circuit in pins:
            raise OptionError((*path, text), f"{circuit} is pinned twice: remove one line.")
        pins[circuit] = _read_pin((*path, text), where, gateways)
    return pins


def _read_pin(path: Path, value: object, gateways: Collection[str]) -> Pin:
    if not isinstance(value, str):
        raise OptionError(path, f"{shown(value)} is no gateway and no port.")
    gateway, *rest = value.split("/")
    known = _known_gateway(path, gateway, gateways)
    if not rest:
        return Pin(known)
    if len(rest) != 2 or not all(re.fullmatch("[1-9][0-9]{0,3}", one) for one in rest):
        raise OptionError(
            path,
            f"{shown(value)} is no port, write {known} or {known}/CARD/PORT such as {known}/1/3.",
        )
    return Pin(known, int(rest[0]), int(rest[1]))


def _read_signalling(
    path: Path, kind: str, line: str | None, options: Mapping[str, object]
) -> str | None:
    if kind == "sip":
        return None
    choices = (_E1_SIGNALLING if line == "e1" else _SIGNALLING)[kind]
    if options.get("extensions") is not None:
        # A line with extensions leads to telephones.
        choices = _LOOP_TO_PHONE
    return optional(options, path, "signalling", partial(choice, choices=choices), choices[0])


def _read_switchtype(
    path: Path, kind: str, line: str | None, options: Mapping[str, object]
) -> str | None:
    if kind != "pri":
        return None
    usual = "euroisdn" if line == "e1" else "national"
    return optional(options, path, "switchtype", partial(choice, choices=SWITCHTYPES), usual)


def _read_framing(
    path: Path, kind: str, line: str | None, options: Mapping[str, object]
) -> str | None:
    if line is None:
        return None
    choices = LINES[line].pri_framings if kind == "pri" else LINES[line].cas_framings
    return optional(options, path, "framing", partial(choice, choices=choices), choices[0])


def _read_coding(path: Path, line: str | None, options: Mapping[str, object]) -> str | None:
    if line is None:
        return None
    choices = LINES[line].codings
    return optional(options, path, "coding", partial(choice, choices=choices), choices[0])


def _read_crc4(path: Path, kind: str, line: str | None, options: Mapping[str, object]) -> bool:
    crc4 = optional(options, path, "crc4", switch, kind == "pri" and line == "e1")
    if crc4 and line != "e1":
        raise OptionError((*path, "crc4"), "only an E1 has it (ITU-T G.704): remove this line.")
    return crc4


def _read_host(path: Path, kind: str, options: Mapping[str, object]) -> str | None:
    if kind != "sip":
        return None
    if options.get("host") is None:
        raise OptionError(path, "host is missing, give the address of the carrier.")
    value = options["host"]
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise OptionError((*path, "host"), f"{shown(value)} is no address of a carrier.")
    return str(value)


def _read_numbers(path: Path, value: object) -> tuple[str, ...]:
    return tuple(
        name((*path, position), one, _NUMBER, "a telephone number, a range or a pattern")
        for position, one in enumerate(sequence(path, value))
    )
