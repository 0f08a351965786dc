# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to change at DAHDI so that its spans are as the plan has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

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

UNUSED = "Unconfigured"
"""What sysfs shows for a channel that has no such word."""

CANCELLER = "echo canceller"
HIDDEN = ("timing", CANCELLER)
"""What the kernel does not tell of a span, or not always: it is noted when it is set."""

SOFTWARE_CANCELLERS = ("mg2", "kb1", "sec", "sec2", "jpah", "oslec")
"""Those of DAHDI. One on the card takes their place by itself and has a name of its own."""


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
    canceller: str = ""
    """Software echo canceller of its channels, ``none``, or empty where that cannot be told."""
    starts_card: bool = False
    """Whether its driver starts all lines of the card anew with any of them."""

    @property
    def numbers(self) -> Numbers:
        """Its numbers now."""
        return Numbers(self.span, self.first_channel, self.last_channel)


@dataclass(frozen=True)
class Numbers:
    """The numbers of a span and of its channels."""

    span: int
    first_channel: int
    last_channel: int

    def clash(self, other: Numbers) -> bool:
        """Whether two spans cannot be there at the same time."""
        return self.span == other.span or (
            self.first_channel <= other.last_channel and other.first_channel <= self.last_channel
        )

    def among(self, channels: Iterable[int]) -> list[int]:
        """Those of ``channels`` that are its own."""
        return [one for one in sorted(channels) if self.first_channel <= one <= self.last_channel]


@dataclass(frozen=True)
class Change:
    """One span to be taken down (``before``) and set up (``after``), one of which may be None."""

    device: str
    port: int
    before: Numbers | None
    after: Numbers | None
    why: str
    circuits: tuple[str, ...] = ()
    whole_card: bool = False
    """Whether the driver starts the card anew, with all of its lines."""
    in_place: bool = False
    """Whether the span stays: DAHDI only has to read ``system.conf`` again."""
    disturbs: tuple[Numbers, ...] = ()
    """Other spans of the card in which it can be heard."""

    @property
    def span(self) -> int:
        """The number by which the user knows it."""
        numbers = self.after or self.before
        return numbers.span if numbers else 0

    @property
    def sentence(self) -> str:
        """For the user."""
        verb = "is taken down"
        if self.after:
            verb = "is set up again" if self.before else "is set up"
        if self.in_place:
            verb = "is reconfigured in place"
        lines = f" ({', '.join(self.circuits)})" if self.circuits else ""
        return f"Span {self.span}{lines} {verb}: {self.why}."


def note(settings: Mapping[str, Any]) -> dict[str, str]:
    """Where a span is, and what of its settings the kernel does not tell."""
    timing, _comma, _line = str(settings["line"]).partition(",")
    cancellers = [text for word, text in settings["channels"] if word == "echocanceller"]
    canceller, _comma, _channels = "".join(cancellers).partition(",")
    bundle = settings["bundle"]
    return {
        "device": str(settings["device"]),
        "bundle": "" if bundle is None else str(bundle),
        **dict(zip(HIDDEN, (timing, canceller or "none"), strict=True)),
    }


def find_changes(
    wanted: Iterable[Mapping[str, Any]],
    actual: Iterable[ActualSpan],
    devices: Mapping[str, str],
    notes: Mapping[str, Mapping[str, str]],
) -> list[Change]:
    """Changes in the order in which they are made: first what goes, then what comes.

    ``wanted`` are settings as of ``dahdi_settings.span_settings``, ``devices`` has the path of each
    present device by every name it may have in these. ``notes`` has the ``note`` of what each span
    was last given: on the devices that it names, and those with a wanted span, nothing but the
    wanted spans may be. Spans of other devices are not touched.
    """
    wanted = sorted(wanted, key=lambda one: int(one["span"]))
    by_port = {(span.device, span.port): span for span in actual}
    additions: list[Change] = []
    kept: set[tuple[str, int]] = set()
    own = {devices[one["device"]] for one in notes.values() if one["device"] in devices}
    for settings in wanted:
        device = devices.get(settings["device"])
        if device is None:
            continue
        place = (device, int(settings["port"]))
        own.add(device)
        kept.add(place)
        present = by_port.get(place)
        shown, hidden = "it was not assigned", ""
        if present is not None:
            shown = next(_shown_differences(settings, present), "")
            noted = notes.get(str(settings["span"]), {})
            told = {CANCELLER: present.canceller} if present.canceller else {}
            hidden = next(_hidden_differences(settings, {**noted, **told}), "")
        if why := shown or hidden:
            change = _set_up(settings, place, present, why)
            additions.append(replace(change, in_place=not shown))
    removals = [
        Change(*place, span.numbers, None, "the plan has no circuit there")
        for place, span in sorted(by_port.items())
        if span.device in own and place not in kept
    ]
    changes = _card_by_card(removals + additions, wanted, by_port, devices)
    return [replace(change, disturbs=_disturbed(change, by_port.values())) for change in changes]


def _set_up(
    settings: Mapping[str, Any], place: tuple[str, int], present: ActualSpan | None, why: str
) -> Change:
    """The change that gives the port at ``place`` its settings, in place of a ``present`` span."""
    before = present.numbers if present else None
    return Change(*place, before, numbers_of(settings), why, tuple(settings["circuits"]))


def _disturbed(change: Change, actual: Iterable[ActualSpan]) -> tuple[Numbers, ...]:
    return tuple(
        span.numbers
        for span in actual
        if span.starts_card
        and change.after
        and span.device == change.device
        and span.port != change.port
    )


def _card_by_card(
    changes: list[Change],
    wanted: Iterable[Mapping[str, Any]],
    by_port: Mapping[tuple[str, int], ActualSpan],
    devices: Mapping[str, str],
) -> list[Change]:
    """A driver that switches a line between T1 and E1 resets its card: all lines come along."""
    switched = {
        devices[settings["device"]]
        for settings in wanted
        if settings["device"] in devices
        and (present := by_port.get((devices[settings["device"]], int(settings["port"]))))
        and settings["type"]
        and settings["type"] != present.type
    }
    if not switched:
        return changes
    known = {(change.device, change.port) for change in changes}
    for settings in wanted:
        device = devices.get(settings["device"])
        place = (str(device), int(settings["port"]))
        if device in switched and place in by_port and place not in known:
            why = "its card starts anew, as another line of it is switched between T1 and E1"
            changes.append(_set_up(settings, place, by_port[place], why))
    return [
        replace(change, whole_card=True, in_place=False) if change.device in switched else change
        for change in changes
    ]


def numbers_of(settings: Mapping[str, Any]) -> Numbers:
    """The numbers that the settings of a span give it."""
    return Numbers(
        int(settings["span"]), int(settings["first_channel"]), int(settings["last_channel"])
    )


def _shown_differences(settings: Mapping[str, Any], present: ActualSpan) -> Iterator[str]:
    """What differs, in the words of a telephony engineer."""
    if settings["type"] and settings["type"] != present.type:
        yield f"its line was {present.type} and becomes {settings['type']}"
    numbers = numbers_of(settings)
    if numbers != present.numbers:
        yield (
            f"its port was span {present.span} from channel {present.first_channel} and becomes "
            f"span {numbers.span} from channel {numbers.first_channel}"
        )
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


def _hidden_differences(settings: Mapping[str, Any], noted: Mapping[str, str]) -> Iterator[str]:
    """The same of what the kernel may not tell, as far as it is known."""
    for name, wanted in note(settings).items():
        if name in HIDDEN and noted.get(name, wanted) != wanted:
            yield f"its {name} was {noted[name]} and becomes {wanted}"


def _signalling_differences(
    channels: Iterable[tuple[str, str]], present: Mapping[int, str]
) -> Iterator[str]:
    wanted = {
        channel: SIGNALLING[word]
        for word, ranges in channels
        if word in SIGNALLING
        for channel in expand_channels(ranges.partition(":")[0])
    }
    for channel in sorted(wanted.keys() | present.keys()):
        was, becomes = present.get(channel, "missing"), wanted.get(channel, UNUSED)
        if was != becomes:
            yield f"channel {channel} was {was} and becomes {becomes}"


def waiting_changes(changes: Iterable[Change], talking: Iterable[int]) -> dict[Change, str]:
    """Changes that would cut a call, or need numbers of a span that waits, and why each waits.

    ``talking`` are the channels that have a call.
    """
    changes, talking = list(changes), set(talking)
    waiting: dict[Change, str] = {}
    for change in changes:
        if change.before and (channels := change.before.among(talking)):
            waiting[change] = f"people talk on its channels {', '.join(map(str, channels))}"
        elif others := [other for other in change.disturbs if other.among(talking)]:
            waiting[change] = f"people talk on span {others[0].span} of the same card"
    return with_blocked(changes, waiting)


def with_blocked(changes: Iterable[Change], waiting: Mapping[Change, str]) -> dict[Change, str]:
    """``waiting``, and those of ``changes`` that cannot be made before, with the reason of each."""
    changes, waiting = list(changes), dict(waiting)
    while blocked := _blocked(changes, waiting):
        waiting |= blocked
    return waiting


def _blocked(changes: Iterable[Change], waiting: Iterable[Change]) -> dict[Change, str]:
    held = [change.before for change in waiting if change.before]
    cards = {change.device: change for change in waiting if change.whole_card}
    return {
        change: f"people talk on span {cards[change.device].span} of the same card"
        for change in changes
        if change not in waiting and change.whole_card and change.device in cards
    } or {
        change: f"it needs numbers that span {clash.span} keeps meanwhile"
        for change in changes
        if change not in waiting and change.after
        for clash in held
        if change.after.clash(clash)
    }


def with_bundles(
    talking: Iterable[int],
    wanted: Iterable[Mapping[str, Any]],
    actual: Iterable[ActualSpan],
    notes: Mapping[str, Mapping[str, str]],
) -> set[int]:
    """``talking``, and a channel of each span whose D-channel carries one of these calls (NFAS).

    Bundles count as they are to be and, by the ``notes``, as they were: a span that leaves one may
    have carried its D-channel.
    """
    busy = set(talking)
    spans = [(("new", note(one)["bundle"]), numbers_of(one)) for one in wanted]
    spans += [
        (("old", notes.get(str(span.span), {}).get("bundle", "")), span.numbers) for span in actual
    ]
    carrying = {bundle for bundle, numbers in spans if bundle[1] and numbers.among(busy)}
    return busy | {numbers.first_channel for bundle, numbers in spans if bundle in carrying}
