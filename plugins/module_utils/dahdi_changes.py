# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change at DAHDI so that its spans are as the plan has them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .channel_ranges import expand_channels

SIGNALLING = {
    "bchan": "Clear",
    "dchan": "HDLCFCS",
    "e&m": "E&M",
    "e&me1": "E&M-E1",
    "cas": "CAS",
    **{
        f"{side}{start}": f"{side}{start}".upper()
        for side in ("fxs", "fxo")
        for start in ("ks", "ls", "gs")
    },
}
"""Word of ``system.conf`` -> what sysfs shows for such a channel (dahdi-base.c, sigstr)."""


@dataclass(frozen=True)
class ActualSpan:
    """A span as the kernel has it."""

    span: int
    device: str
    """Path of its DAHDI device below /sys/devices."""
    port: int
    type: str
    first_channel: int
    last_channel: int
    line: frozenset[str] = frozenset()
    """Framing, coding and CRC4 as words of ``system.conf``."""
    lbo: int = 0
    signalling: Mapping[int, str] = field(default_factory=dict)
    """Channel -> what sysfs shows."""


@dataclass(frozen=True)
class Change:
    """One span to be taken down, and to be set up again unless it is only removed."""

    kind: Literal["add", "renew", "remove"]
    span: int
    device: str
    port: int
    first_channel: int
    last_channel: int
    why: str
    circuits: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """For the user."""
        verb = {"add": "is set up", "renew": "is set up again", "remove": "is taken down"}[
            self.kind
        ]
        lines = f" ({', '.join(self.circuits)})" if self.circuits else ""
        return f"Span {self.span}{lines} {verb}: {self.why}."


def digest(settings: Mapping[str, Any]) -> str:
    """What tells two settings of a span apart; a circuit's name is nothing to DAHDI."""
    told = {key: value for key, value in settings.items() if key != "circuits"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def find_changes(
    wanted: Iterable[Mapping[str, Any]],
    actual: Iterable[ActualSpan],
    devices: Mapping[str, str],
    applied: Mapping[str, str],
) -> list[Change]:
    """Changes in the order in which they are made: first what goes, then what comes.

    ``wanted`` are settings as of ``dahdi_settings.span_settings``, ``devices`` has the path of each
    present device by every name it may have in these, ``applied`` the digest of what each span was
    last given, as far as that is known: the kernel does not tell the order of timing sources nor
    the echo canceller. Spans of other devices are not touched.
    """
    by_port = {(span.device, span.port): span for span in actual}
    additions: list[Change] = []
    kept: set[tuple[str, int]] = set()
    ours: set[str] = set()
    for settings in sorted(wanted, key=lambda one: int(one["span"])):
        device = devices.get(settings["device"])
        if device is None:
            continue
        place = (device, int(settings["port"]))
        ours.add(device)
        kept.add(place)
        present = by_port.get(place)
        if present is None:
            additions.append(_change("add", settings, device, "it was not assigned"))
        elif why := _difference(settings, present, applied.get(str(settings["span"]))):
            additions.append(_change("renew", settings, device, why))
    removals = [
        Change(
            "remove",
            span.span,
            span.device,
            span.port,
            span.first_channel,
            span.last_channel,
            "the plan has no circuit there",
        )
        for place, span in sorted(by_port.items())
        if span.device in ours and place not in kept
    ]
    return removals + additions


def _change(
    kind: Literal["add", "renew"], settings: Mapping[str, Any], device: str, why: str
) -> Change:
    return Change(
        kind,
        int(settings["span"]),
        device,
        int(settings["port"]),
        int(settings["first_channel"]),
        int(settings["last_channel"]),
        why,
        tuple(settings["circuits"]),
    )


def _difference(settings: Mapping[str, Any], present: ActualSpan, applied: str | None) -> str:
    """What differs first, in the words of a telephony engineer; empty if nothing does."""
    return next(_differences(settings, present, applied), "")


def _differences(
    settings: Mapping[str, Any], present: ActualSpan, applied: str | None
) -> Iterator[str]:
    numbers = (int(settings["span"]), int(settings["first_channel"]))
    if numbers != (present.span, present.first_channel):
        yield (
            f"its port was span {present.span} from channel {present.first_channel} and becomes "
            f"span {numbers[0]} from channel {numbers[1]}"
        )
    if settings["type"] and settings["type"] != present.type:
        yield f"its line was {present.type} and becomes {settings['type']}"
    if settings["line"]:
        _timing, lbo, *line = str(settings["line"]).split(",")
        if frozenset(line) != present.line:
            yield (
                f"framing and coding were {'/'.join(sorted(present.line)) or 'not set'} and become "
                f"{'/'.join(sorted(line))}"
            )
        if int(lbo) != present.lbo:
            yield f"line build-out was {present.lbo} and becomes {lbo}"
    yield from _signalling_differences(settings["channels"], present.signalling)
    if applied is not None and applied != digest(settings):
        yield "its timing or echo canceller changed"


def _signalling_differences(
    channels: Iterable[tuple[str, str]], present: Mapping[int, str]
) -> Iterator[str]:
    for word, ranges in channels:
        wanted = SIGNALLING.get(word)
        for channel in expand_channels(ranges.partition(":")[0]) if wanted else ():
            shown = present.get(channel, "missing")
            if shown != wanted:
                yield f"channel {channel} was {shown} and becomes {wanted}"


def interrupted(changes: Iterable[Change], talking: Iterable[int]) -> dict[int, list[int]]:
    """Span -> its channels in a call, of the spans that would be taken down."""
    busy = sorted(talking)
    found = {
        change.span: [
            channel for channel in busy if change.first_channel <= channel <= change.last_channel
        ]
        for change in changes
    }
    return {span: channels for span, channels in found.items() if channels}
