# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What DAHDI has to be told about each span: the lines of its ``system.conf`` and the rest.

Words are those of ``dahdi_cfg``: a channel is driven as the opposite of what its port is, so that
an FXO port gets FXS signalling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .dahdi_slots import IdlePort, PlannedCard, Slots
from .lines import LINES

Settings = dict[str, Any]
"""See ``span_settings``."""

R2_IDLE_BITS = "1101"
"""ABCD bits of an idle channel with MFC/R2 signalling (ITU-T Q.421, as OpenR2 wants them)."""

_CHANNEL_WORDS = {
    **dict.fromkeys(("em", "em_w", "featd", "featdmf", "featb"), "e&m"),
    "em_e1": "e&me1",
    "mfcr2": "cas",
    **{f"{side}_{start}": side + start for side in ("fxs", "fxo") for start in ("ks", "ls", "gs")},
}
"""chan_dahdi's signalling -> word of ``system.conf``."""

_LINE_WORDS = {"e&m": ("t1", "j1"), "e&me1": ("e1",), "cas": ("e1",)}
"""Word of ``system.conf`` -> the only lines whose drivers take it (t4_chan_set_sigcap)."""


def span_settings(
    planned: Iterable[PlannedCard],
    spans: Iterable[Mapping[str, Any]],
    slots: Slots,
    echo: str,
    dead: Collection[str] = (),
) -> list[Settings]:
    """Settings of every span of the plan whose slot has, or once had, a card.

    The channels of ``dead`` circuits are left alone. Ports without a circuit get their number too,
    and nothing else: wct4xxp and wcte43x start a card only when all of its spans have one.

    Each has ``span``, ``device`` (key of the card in ``assigned-spans.conf``), ``port``, ``type``
    (T1, E1, J1, empty for analog ones), ``first_channel``, ``last_channel``, ``circuits``,
    ``bundle`` (number of the PRIs that share a D-channel with it, or None), ``line`` (what follows
    ``span=N,``; empty for analog ones) and ``channels``: lists of a word of ``system.conf`` and its
    argument, such as ``bchan`` and ``1-23``.
    """
    settings = [
        _settings(span, key, echo, dead)
        for span in spans
        if (key := slots.key(int(span["slot"]))) is not None
    ]
    settings += [
        _idle_settings(port, key)
        for card in planned
        if (key := slots.key(card.slot)) is not None
        for port in card.idle
    ]
    return sorted(settings, key=lambda one: int(one["span"]))


def _idle_settings(port: IdlePort, device: str) -> Settings:
    return {
        "span": port.span,
        "device": device,
        "port": port.number,
        "first_channel": port.first_channel,
        "last_channel": port.first_channel + LINES[port.kind].slots - 1,
        "type": port.kind.upper(),
        "circuits": [],
        "bundle": None,
        "line": "",
        "channels": [],
    }


def settings_problems(spans: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sentences about spans that DAHDI could not be told of; the inventory plugin makes none."""
    problems = []
    for span in spans:
        if span["line"] == "analog":
            problems += _analog_problems(span)
            continue
        name = f"dahdi_spans: span {span['span']} ({span['circuit']})"
        line = LINES.get(str(span["line"]))
        if line is None:
            problems.append(
                f"{name}: line '{span['line']}' is unknown, use one of {', '.join(LINES)}."
            )
            continue
        pri = span["type"] == "pri"
        framings = line.pri_framings if pri else line.cas_framings
        for option, allowed in (("framing", framings), ("coding", line.codings)):
            if span[option] not in allowed:
                problems.append(
                    f"{name}: {option} '{span[option]}' is impossible on "
                    f"{'a PRI' if pri else 'a line with CAS'} over {line.name.upper()}, use "
                    f"{' or '.join(allowed)}."
                )
        if span["crc4"] and line.name != "e1":
            problems.append(f"{name}: crc4 is for E1 lines only, remove it.")
        if not pri and span["signalling"] not in _CHANNEL_WORDS:
            problems.append(
                f"{name}: signalling '{span['signalling']}' cannot be set with DAHDI's tools, use "
                f"one of {', '.join(_CHANNEL_WORDS)}."
            )
        elif not pri and line.name not in _lines_of(span["signalling"]):
            problems.append(
                f"{name}: signalling '{span['signalling']}' is impossible on "
                f"{line.name.upper()}, use one of "
                f"{', '.join(one for one in _CHANNEL_WORDS if line.name in _lines_of(one))}."
            )
    return problems


def _lines_of(signalling: str) -> tuple[str, ...]:
    """Lines over which it is possible."""
    return _LINE_WORDS.get(_CHANNEL_WORDS[signalling], tuple(LINES))


def _analog_problems(span: Mapping[str, Any]) -> list[str]:
    return [
        f"dahdi_spans: port {port['port']} of slot {span['slot']} ({port['circuit']}): signalling "
        f"'{port['signalling']}' does not drive an {port['kind'].upper()} port, use "
        f"{_opposite(port['kind'])}_ks, {_opposite(port['kind'])}_ls or "
        f"{_opposite(port['kind'])}_gs."
        for port in span["ports"]
        if not str(port["signalling"]).startswith(_opposite(port["kind"]) + "_")
    ]


@dataclass(frozen=True)
class WrongModule:
    """An analog port of the plan at which another module is, or none."""

    circuit: str
    port: str
    """Its number and its card, for sentences."""
    slot: int
    wanted: str
    there: str

    @property
    def problem(self) -> str:
        """What the user has to mend."""
        return (
            f"{self.port} {'is an ' + self.there + ' port' if self.there else 'has no module'}, "
            f"but the plan has the {self.wanted} circuit {self.circuit} there: correct modules of "
            f"slot {self.slot}, or change the module."
        )

    @property
    def loss(self) -> str:
        """The same where there was a module once."""
        return (
            f"{self.port} has lost its module: down is {self.circuit}. Nothing else changes; put "
            f"an {self.wanted} module there, or take it out of modules of slot {self.slot}."
        )


def wrong_modules(
    spans: Iterable[Mapping[str, Any]], slots: Slots, populated: Mapping[str, Mapping[str, str]]
) -> Iterator[WrongModule]:
    """Analog ports whose module is not the planned one.

    ``populated`` has for the address of a card its ports (from 1) and their kind, as far as the
    driver tells; a card without its driver is not judged.
    """
    for span in spans:
        card = slots.cards.get(int(span["slot"]))
        kinds = populated.get(card.address, {}) if card else {}
        if card is None or span["line"] != "analog" or not kinds:
            continue
        for port in span["ports"]:
            there = kinds.get(str(port["port"]), "")
            if there != port["kind"]:
                yield WrongModule(
                    circuit=str(port["circuit"]),
                    port=f"Port {port['port']} of {card.shown}",
                    slot=int(span["slot"]),
                    wanted=str(port["kind"]).upper(),
                    there=there.upper(),
                )


def jumper_problems(
    spans: Iterable[Mapping[str, Any]], slots: Slots, lines: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Sentences about ports that are another line than the planned one by a jumper of their card.

    ``lines`` has for the address of such a card its ports (from 1) and their lines, as far as the
    driver tells.
    """
    problems = []
    for span in spans:
        card = slots.cards.get(int(span["slot"]))
        there = lines.get(card.address, {}).get(str(span.get("port", 1))) if card else None
        planned = str(span["line"]).upper()
        if card and there and there != planned:
            problems.append(
                f"Port {span['port']} of {card.shown} is set to {there}, but the plan has the "
                f"{planned} circuit {span['circuit']} there: set the card's jumper to {planned}, "
                "or correct line of the trunk group."
            )
    return problems


def _opposite(kind: str) -> str:
    return {"fxo": "fxs", "fxs": "fxo"}[kind]


def _settings(span: Mapping[str, Any], device: str, echo: str, dead: Collection[str]) -> Settings:
    first = int(span["first_channel"])
    settings: Settings = {
        "span": int(span["span"]),
        "device": device,
        "port": int(span.get("port", 1)),
        "first_channel": first,
        "last_channel": first + int(span["channels"]) - 1,
        "bundle": (span.get("nfas") or {}).get("trunkgroup"),
    }
    if span["line"] == "analog":
        alive = [port for port in span["ports"] if port["circuit"] not in dead]
        settings |= {
            "type": "",
            "circuits": [port["circuit"] for port in span["ports"]],
            "line": "",
            "channels": [
                [_CHANNEL_WORDS[port["signalling"]], str(port["channel"])] for port in alive
            ],
        }
        voice = ",".join(str(port["channel"]) for port in alive)
    else:
        words = [str(span[key]) for key in ("timing", "lbo", "framing", "coding")]
        voice = str(span["voice_channels"])
        settings |= {
            "type": str(span["line"]).upper(),
            "circuits": [span["circuit"]],
            "line": ",".join([*words, *(["crc4"] if span["crc4"] else [])]),
            "channels": _digital_channels(span, voice),
        }
    if echo != "none" and voice:
        settings["channels"].append(["echocanceller", f"{echo},{voice}"])
    return settings


def _digital_channels(span: Mapping[str, Any], voice: str) -> list[list[str]]:
    if span["type"] == "pri":
        signalling = [] if span["d_channel"] is None else [["dchan", str(span["d_channel"])]]
        return [["bchan", voice], *signalling]
    word = _CHANNEL_WORDS[span["signalling"]]
    return [[word, f"{voice}:{R2_IDLE_BITS}" if word == "cas" else voice]]
