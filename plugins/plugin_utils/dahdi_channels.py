# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Circuits with cables in Asterisk: what ``chan_dahdi.conf`` says about each of them.

Its options slide: they hold for all channels below until they are set again. So each circuit sets
all that may differ, and its channels do not depend on the circuit above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from ansible_collections.trunkline.callcenter.plugins.module_utils.channel_ranges import (
    expand_channels,
)

from .dahdi_settings import settings_problems
from .dial_patterns import leads
from .sentences import nearest_option
from .trunk_group_options import SWITCHTYPES

Span = Mapping[str, Any]
"""See ``numbering.gateway_spans``."""

_KEYS = ("span", "slot", "line", "first_channel", "channels")
_CIRCUIT_KEYS = ("circuit", "trunk_group", "group", "type", "signalling")
_DIGITAL_KEYS = ("framing", "coding", "crc4", "timing", "lbo", "voice_channels", "d_channel")
_ANALOG_KEYS = ("port", "channel", "kind")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,59}")
MOST_GROUP = 63
"""Groups of chan_dahdi are bits of 64, and 0 is what a channel without one would have."""


class Section(TypedDict):
    """A circuit of ``chan_dahdi.conf``."""

    circuit: str
    options: list[tuple[str, str]]
    """In their order; names may repeat."""
    channels: str


class ChanDahdi(TypedDict):
    """``chan_dahdi.conf``."""

    trunkgroups: list[tuple[str, str]]
    """Lines of the section for PRIs that share a D-channel (NFAS)."""
    sections: list[Section]


@dataclass(frozen=True)
class Line:
    """A circuit with its cable in a port."""

    circuit: str
    trunk_group: str
    group: int
    type: str
    signalling: str
    channels: str
    span: int
    switchtype: str | None = None
    extensions: tuple[str, ...] = ()
    """Of the telephones at its first channels, channel by channel."""

    @property
    def telephones(self) -> dict[int, str]:
        """Channel and extension of each telephone that is a seat."""
        channels = expand_channels(self.channels) if self.extensions else ()
        return dict(zip(channels, self.extensions, strict=False))

    @property
    def is_telephone(self) -> bool:
        """Whether telephones are at the other end: a port is driven as the opposite of them."""
        return self.signalling.startswith("fxo_")

    @property
    def brings_number(self) -> bool:
        """Whether a call on it says which number was dialled; a line of an exchange does not."""
        return not self.is_telephone and not self.signalling.startswith("fxs_")


def lines_of(spans: Iterable[Span]) -> Iterator[Line]:
    """The circuits of ``spans``, in their order."""
    for span in spans:
        for entry in span["ports"] if span["line"] == "analog" else [span]:
            yield Line(
                circuit=str(entry["circuit"]),
                trunk_group=str(entry["trunk_group"]),
                group=int(entry["group"]),
                type=str(entry["type"]),
                signalling=str(entry["signalling"]),
                channels=str(entry["channel"] if "channel" in entry else entry["voice_channels"]),
                span=int(span["span"]),
                switchtype=entry.get("switchtype"),
                extensions=_extensions(entry),
            )


def _extensions(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Of an analog port its ``extension``, of a channel bank its ``extensions``."""
    one = entry.get("extension")
    return tuple(str(each) for each in ([one] if one else entry.get("extensions") or ()))


@dataclass(frozen=True)
class Exchange:
    """How the exchange at the other end of the lines works."""

    polarity: bool = False
    """It reverses the polarity of analog lines when the called party answers and at the end."""
    pri: Mapping[str, object] = field(default_factory=dict)
    """Options of PRIs by their names in ``chan_dahdi.conf``; what is None is left out."""
    mfcr2: Mapping[str, object] = field(default_factory=dict)
    """What follows ``mfcr2_`` in the names of options, and their values."""


def chan_dahdi(
    spans: Sequence[Span], numbers: Mapping[str, Sequence[object]], exchange: Exchange
) -> ChanDahdi:
    """``chan_dahdi.conf`` of a gateway. ``numbers`` are the telephone numbers of trunk groups."""
    return {
        "trunkgroups": _trunkgroups(spans),
        "sections": [
            {
                "circuit": line.circuit,
                "options": [*_options(line, numbers, exchange), ("callerid", caller)],
                "channels": channels,
            }
            for line in lines_of(spans)
            for caller, channels in _callers(line)
        ],
    }


def _callers(line: Line) -> Iterator[tuple[str, str]]:
    """Who calls on which channels."""
    for channel, extension in line.telephones.items():
        yield f"<{extension}>", str(channel)
    if not line.extensions:
        yield "asreceived", line.channels
    elif others := set(expand_channels(line.channels)) - set(line.telephones):
        yield "asreceived", ",".join(map(str, sorted(others)))


def _options(
    line: Line, numbers: Mapping[str, Sequence[object]], exchange: Exchange
) -> list[tuple[str, str]]:
    loop = line.signalling.startswith("fxs_")
    dialled = first_number(numbers.get(line.trunk_group, ())) if loop else None
    return [
        ("context", "from-stations" if line.is_telephone else "from-circuits"),
        ("group", str(line.group)),
        *([("switchtype", line.switchtype)] if line.switchtype else []),
        ("signalling", line.signalling),
        *_options_of_signalling(line, exchange),
        ("busydetect", _yes(loop)),
        ("answeronpolarityswitch", _yes(loop and exchange.polarity)),
        ("hanguponpolarityswitch", _yes(loop and exchange.polarity)),
        ("setvar", f"CIRCUIT={line.circuit}"),
        ("setvar", f"DIALLED={dialled or ''}"),
    ]


def _options_of_signalling(line: Line, exchange: Exchange) -> list[tuple[str, str]]:
    if line.signalling == "mfcr2":
        return [(f"mfcr2_{name}", str(value)) for name, value in exchange.mfcr2.items()]
    if line.type == "pri":
        return [(name, str(one)) for name, one in exchange.pri.items() if one is not None]
    return []


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _trunkgroups(spans: Iterable[Span]) -> list[tuple[str, str]]:
    bundles: dict[int, list[Span]] = {}
    for span in spans:
        if span.get("nfas"):
            bundles.setdefault(int(span["nfas"]["trunkgroup"]), []).append(span)
    lines = []
    for number, members in sorted(bundles.items()):
        members.sort(key=lambda span: int(span["nfas"]["logical_span"]))
        d_channels = [str(span["d_channel"]) for span in members if span["d_channel"] is not None]
        lines.append(("trunkgroup", ",".join([str(number), *d_channels])))
        lines += [
            ("spanmap", f"{span['span']},{number},{span['nfas']['logical_span']}")
            for span in members
        ]
    return lines


def first_number(numbers: Iterable[object]) -> str | None:
    """The first telephone number of a trunk group; of a range its first one."""
    for entry in numbers:
        first, _dash, last = str(entry).partition("-")
        if re.fullmatch(r"\+?\d+", first) and (not last or last.isdecimal()):
            return first
    return None


def line_problems(
    spans: Sequence[object],
    trunk_group_numbers: Mapping[str, Sequence[object]],
    menu_numbers: Iterable[object],
) -> list[str]:
    """Sentences that say what is wrong with the spans of a gateway and where their calls go.

    ``menu_numbers`` are the keys of ``gateway_numbers``.
    """
    problems = [problem for span in spans for problem in _missing_keys(span)]
    if problems:
        return problems
    known = [span for span in spans if isinstance(span, Mapping)]
    problems = settings_problems(known)
    lines = list(lines_of(known))
    for line in lines:
        problems += _line_problems(line)
    problems += _twice(lines)
    told = set()
    for line in lines:
        if line.signalling.startswith("fxs_") and line.trunk_group not in told:
            told.add(line.trunk_group)
            problems += _way_problems(line, trunk_group_numbers, menu_numbers)
    return problems


def _missing_keys(span: object) -> list[str]:
    if not isinstance(span, Mapping):
        return [f"dahdi_spans: '{span}' is no span, let the inventory plugin write them."]
    where = f"dahdi_spans: span {span.get('span', '?')}"
    if span.get("line") == "analog":
        ports = span.get("ports")
        if not isinstance(ports, list) or not all(isinstance(port, Mapping) for port in ports):
            return [f"{where}: ports is no list, let the inventory plugin write it."]
        wanted = [(span, _KEYS), *((port, (*_CIRCUIT_KEYS, *_ANALOG_KEYS)) for port in ports)]
    else:
        keys = (*_KEYS, *_CIRCUIT_KEYS, *_DIGITAL_KEYS)
        wanted = [(span, (*keys, "switchtype") if span.get("type") == "pri" else keys)]
    missing = [key for entry, keys in wanted for key in keys if key not in entry]
    return [f"{where}: {key} is missing, let the inventory plugin write it." for key in missing[:1]]


def _line_problems(line: Line) -> list[str]:
    where = f"dahdi_spans: span {line.span} ({line.circuit})"
    problems = []
    if not _NAME.fullmatch(line.circuit):
        problems.append(
            f"{where}: the name of the circuit has other characters than letters, digits, '_', "
            "'.', ':', '+' and '-': rename it."
        )
    if line.type == "pri" and line.switchtype not in SWITCHTYPES:
        remedy = nearest_option(str(line.switchtype), SWITCHTYPES)
        problems.append(f"{where}: switchtype '{line.switchtype}' is unknown, {remedy}.")
    if line.type == "pri" and line.signalling not in {"pri_cpe", "pri_net"}:
        problems.append(
            f"{where}: signalling '{line.signalling}' is none of a PRI, use pri_cpe or, if this "
            "gateway plays the network, pri_net."
        )
    if not 0 < line.group <= MOST_GROUP:
        problems.append(
            f"{where}: group {line.group} is not between 1 and {MOST_GROUP}, correct the number of "
            f"the trunk group {line.trunk_group}."
        )
    try:
        expand_channels(line.channels)
    except ValueError as error:
        problems.append(f"{where}: {error}")
    return problems


def _twice(lines: Iterable[Line]) -> list[str]:
    owners: dict[int | str, str] = {}
    problems = []
    for line in lines:
        if line.circuit in owners:
            problems.append(
                f"dahdi_spans: the circuit {line.circuit} is there twice, rename one of them."
            )
        owners[line.circuit] = line.circuit
        try:
            channels = expand_channels(line.channels)
        except ValueError:  # Has been said.
            continue
        if clash := next((number for number in channels if number in owners), None):
            problems.append(
                f"dahdi_spans: channel {clash} belongs to both {owners[clash]} and {line.circuit}, "
                "correct first_channel of one of them."
            )
        owners |= dict.fromkeys(channels, line.circuit)
    return problems


def _way_problems(
    line: Line,
    trunk_group_numbers: Mapping[str, Sequence[object]],
    menu_numbers: Iterable[object],
) -> list[str]:
    number = first_number(trunk_group_numbers.get(line.trunk_group, ()))
    if number is None:
        return [
            f"trunk_groups: {line.trunk_group}: calls on {line.circuit} and its like do not say "
            "which number was dialled, give the group one with numbers, for example "
            'numbers: ["5550100"].'
        ]
    if not any(leads(str(entry), number) for entry in menu_numbers):
        return [
            f"gateway_numbers: {number} is the number of the lines of {line.trunk_group} and leads "
            f"to no menu, add it, for example '{number}: welcome'."
        ]
    return []
