# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which card of a server is which slot of the plan.

The plan counts cards, a server has them at PCI addresses. On the first run the cards are taken in
the order of their addresses; from then on ``/etc/dahdi/assigned-spans.conf`` remembers them, so
that a card that died leaves its slot, and its span numbers, empty instead of handing them to the
next card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .cards import CATALOGUE
from .lines import LINES

OURS = ("ready", "waiting", "refused")
"""States of a card, as ``dahdi_card_info`` has them, that DAHDI has a driver for."""

NOT_SERVED = {"bri": "BRI lines", "transcoder": "transcoders", "usb": "Astribanks"}
"""Kinds of cards that DAHDI drives, and no role uses."""

_REMEMBERED = re.compile(r"^# slot (\d+): \S+ is (\S+)$", re.MULTILINE)

_ADDRESS = re.compile(r"/.*|[0-9a-f.]*:[0-9a-f.:]*", re.IGNORECASE)
"""Names of cards that are known without their drivers: addresses and paths."""


@dataclass(frozen=True)
class PlannedPort:
    """A port of the plan that has a circuit."""

    number: int
    circuit: str


@dataclass(frozen=True)
class IdlePort:
    """A digital port of the plan that has no circuit, with the numbers that are kept for it."""

    number: int
    kind: str
    span: int
    first_channel: int


@dataclass(frozen=True)
class PlannedCard:
    """A slot of the plan."""

    slot: int
    model: str
    ports: int
    analog: bool
    used: tuple[PlannedPort, ...] = ()
    idle: tuple[IdlePort, ...] = ()

    @property
    def circuits(self) -> str:
        """Names of its circuits, for sentences."""
        names = [port.circuit for port in self.used]
        if len(names) > 4:
            names = [*names[:3], f"{len(names) - 3} more"]
        return ", ".join(names) or "no circuit"


@dataclass(frozen=True)
class FoundCard:
    """A card of the server, as ``dahdi_card_info`` reports it."""

    address: str
    device: str
    """Its name in DAHDI's files: where it is, which is known without its driver too."""
    state: str
    models: tuple[str, ...]
    model: str | None
    type: str
    kind: str | None
    ports: int | None
    location: str | None
    hardware_id: str | None
    advice: str

    @property
    def digital(self) -> bool:
        """Whether it has T1, E1 or J1 ports."""
        return self.kind == "digital"

    @property
    def analog(self) -> bool:
        """Whether it has ports for analog lines and telephones."""
        return self.kind in {"analog", "hybrid"}

    @property
    def shown(self) -> str:
        """For sentences."""
        return f"{self.model or ' or '.join(self.models) or self.type} at {self.address}"

    def is_another(self, card: PlannedCard) -> bool:
        """Whether it is surely another model than that of the plan."""
        return card.model in CATALOGUE and card.model not in self.models and not self.misfit(card)

    def is_named(self, name: str) -> bool:
        """Whether ``name`` is its address, its serial number, or ``@`` and its location."""
        place = "@" + re.sub(r"[^a-zA-Z0-9/:.-]", "_", self.location) if self.location else ""
        return name in {self.address, self.device, self.hardware_id, place}

    def misfit(self, card: PlannedCard) -> str:
        """Why it cannot be that card of the plan; empty if it can."""
        if not (self.analog if card.analog else self.digital):
            return f"has no {'analog' if card.analog else 'digital'} ports"
        if self.ports is None:
            return "" if card.model in self.models else "is another model"
        most = max((port.number for port in card.used), default=0)
        if most > self.ports:
            return f"has {self.ports} ports and the plan uses port {most}"
        # A model that the user has described is known by its ports alone; with another one of so
        # many ports all lines work.
        same = card.model in self.models or card.ports == self.ports
        return "" if same else f"has {self.ports} ports instead of {card.ports}"


@dataclass(frozen=True)
class Slots:
    """The outcome."""

    cards: Mapping[int, FoundCard] = field(default_factory=dict)
    """Slot -> card that is there."""
    missing: Mapping[int, str] = field(default_factory=dict)
    """Slot -> key of the card that was there once."""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    """Those of the warnings that name circuits without a working card."""
    untold: tuple[FoundCard, ...] = ()
    """Cards without a slot whose drivers have to tell first whether the user names them."""

    def key(self, slot: int) -> str | None:
        """Name of the slot's card in DAHDI's files."""
        return self.cards[slot].device if slot in self.cards else self.missing.get(slot)


def remembered_slots(assigned_spans: str) -> dict[int, str]:
    """Slot -> key of its card, from the text of ``assigned-spans.conf``."""
    return {int(slot): key for slot, key in _REMEMBERED.findall(assigned_spans)}


def read_planned(cards: Iterable[Mapping[str, Any]]) -> list[PlannedCard]:
    """Slots from ``pstn_wiring.cards``."""
    return [
        PlannedCard(
            slot=int(card["slot"]),
            model=str(card["model"]),
            ports=len(card["ports"]),
            analog=any(port["kind"] in {"fxo", "fxs", "empty"} for port in card["ports"]),
            used=tuple(
                PlannedPort(int(port["port"]), str(port["circuit"]))
                for port in card["ports"]
                if port.get("circuit") is not None
            ),
            idle=tuple(_idle_ports(card)),
        )
        for card in cards
    ]


def _idle_ports(card: Mapping[str, Any]) -> Iterator[IdlePort]:
    if "span" not in card:  # A plan of somebody else, who numbers what is used.
        return
    for port in card["ports"]:
        if port.get("circuit") is None and port["kind"] in LINES:
            number = int(port["port"])
            yield IdlePort(
                number,
                str(port["kind"]),
                int(card["span"]) + number - 1,
                int(card["first_channel"]) + (number - 1) * int(card["width"]),
            )


def read_found(cards: Iterable[Mapping[str, Any]]) -> list[FoundCard]:
    """Cards from the answer of ``dahdi_card_info``, in the order of their addresses."""
    return [
        FoundCard(
            address=str(card["address"]),
            device=str(card["device"] or ""),
            state=str(card["state"]),
            models=tuple(card["models"]),
            model=card["model"],
            type=str(card["type"] or card["id"]),
            kind=card["kind"],
            ports=card["ports"],
            location=card["location"],
            hardware_id=card["hardware_id"],
            advice=str(card["advice"]),
        )
        for card in cards
    ]


def match_slots(
    planned: Sequence[PlannedCard],
    found: Sequence[FoundCard],
    remembered: Mapping[int, str],
    wanted: Mapping[int, str] | None = None,
    ignored: Iterable[str] = (),
) -> Slots:
    """The card of every slot.

    ``wanted`` are cards that the user names for a slot (see ``FoundCard.is_named``), ``ignored``
    patterns of addresses that are none of ours. Problems name what has to be mended before
    anything is changed; a card that died is a warning, as all others go on.

    Only its driver tells a card's location and serial number. While a card that such a name may
    mean has no driver, the slots are those that are likely, and cards without one are no problem:
    once the drivers run, the answer to the same question is the final one.
    """
    return _Matcher(planned, found, remembered, wanted or {}, tuple(ignored)).match()


class _Matcher:
    def __init__(
        self,
        planned: Sequence[PlannedCard],
        found: Sequence[FoundCard],
        remembered: Mapping[int, str],
        wanted: Mapping[int, str],
        ignored: tuple[str, ...],
    ) -> None:
        ours = [
            card
            for card in found
            if not any(fnmatchcase(card.address, pattern) for pattern in ignored)
        ]
        self.planned = planned
        self.useless = [card for card in ours if card.state not in OURS]
        driven = [card for card in ours if card.state in OURS]
        self.free = [card for card in driven if card.digital or card.analog]
        self.not_served = [card for card in driven if card.kind in NOT_SERVED]
        self.remembered = remembered
        self.wanted = wanted
        self.cards: dict[int, FoundCard] = {}
        self.missing: dict[int, str] = {}
        self.open: set[int] = set()
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def match(self) -> Slots:
        slots = [card.slot for card in self.planned]
        for slot in sorted(set(self.wanted) - set(slots)):
            self.problems.append(
                f"dahdi_devices: slot {slot} is in no plan, which has the slots "
                f"{', '.join(map(str, slots)) or 'none'}: correct the number."
            )
        for card in self.planned:
            self.take_named(card)
        for card in self.planned:
            if card.slot not in self.cards:
                self.judge_name(card)
        # Before new slots take cards: a moved card must not become another slot's.
        if not self.open:
            self.ask_whether_moved()
        if not self.problems:
            self.take_new()
        if not self.problems and not self.open:
            self.leftovers()
        down = [
            f"The {card.model} of slot {card.slot} is gone ({self.missing[card.slot]}): down are "
            f"{card.circuits}. Nothing else changes its numbers; put a card of this model back."
            for card in self.planned
            if card.slot in self.missing
        ]
        down += self.refused()
        self.warnings += down
        self.warnings += [
            f"Slot {card.slot} is a {card.model} in the plan, but {found.shown} is there, which "
            "has as many ports: name the model that is there in cards and run playbooks/plan.yml, "
            "or put the planned card back."
            for card in self.planned
            if card.slot not in self.open
            and (found := self.cards.get(card.slot))
            and found.is_another(card)
        ]
        self.warnings += [f"{card.shown} is not used: {card.advice}" for card in self.useless]
        self.warnings += [
            f"{card.shown} is not used, as no role serves {NOT_SERVED[str(card.kind)]}: take it "
            "out, or name its address in dahdi_ignored_devices."
            for card in self.not_served
        ]
        return Slots(
            cards=self.cards,
            missing=self.missing,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            down=tuple(down),
            untold=tuple(
                found
                for found in self.free
                if any(
                    self.may_tell(card, found) for card in self.planned if card.slot in self.open
                )
            ),
        )

    def take_named(self, card: PlannedCard) -> None:
        """The card that the user or the last run names for the slot."""
        name = self.wanted.get(card.slot) or self.remembered.get(card.slot)
        if found := self.find(card, name):
            self.take(card, found)

    def find(self, card: PlannedCard, name: str | None) -> FoundCard | None:
        """The card of that name, if it can be the slot's."""
        # What once worked is the slot's card, even if its driver has left DAHDI.
        once = self.useless if card.slot in self.remembered else []
        cards = (found for found in (*self.free, *once) if name and found.is_named(name))
        return next(cards, None)

    def take(self, card: PlannedCard, found: FoundCard) -> None:
        """Makes a card the slot's."""
        (self.free if found in self.free else self.useless).remove(found)
        self.cards[card.slot] = found
        if why := found.misfit(card):
            self.problems.append(
                f"Slot {card.slot} is a {card.model} in the plan, but {found.shown} {why}: "
                "name the model that is there in cards, or put the planned card back."
            )

    def judge_name(self, card: PlannedCard) -> None:
        """A slot for which no card has the name that the user or the last run gives."""
        wanted, remembered = self.wanted.get(card.slot) or None, self.remembered.get(card.slot)
        once = self.find(card, remembered)
        told_by_driver = wanted is not None and not _ADDRESS.fullmatch(wanted)
        if told_by_driver and any(self.may_tell(card, found) for found in self.free):
            self.open.add(card.slot)
        if once and told_by_driver and self.stays(card, once):
            self.take(card, once)
        elif card.slot in self.open:
            return
        elif wanted is not None and (remembered is None or self.is_there(remembered)):
            self.no_such_name(card, wanted)
        elif remembered is not None:
            self.miss(card, remembered)

    def stays(self, card: PlannedCard, once: FoundCard) -> bool:
        """Whether a slot keeps its card although that has not told the name of the user's."""
        return not once.misfit(card) if card.slot in self.open else once.state != "ready"

    def miss(self, card: PlannedCard, remembered: str) -> None:
        """The card of a slot is gone, unless the user has given it to another slot."""
        self.missing[card.slot] = remembered
        for slot, found in self.cards.items():
            if found.is_named(remembered):
                self.problems.append(
                    f"dahdi_devices: {found.shown} is given to slot {slot} and was that of slot "
                    f"{card.slot}: name the card of slot {card.slot} too."
                )

    def is_there(self, name: str) -> bool:
        """Whether the card of that name is there, in another slot or in none."""
        return any(found.is_named(name) for found in (*self.free, *self.cards.values()))

    @staticmethod
    def may_tell(card: PlannedCard, found: FoundCard) -> bool:
        """Whether a card that can be the slot's has yet to tell its names."""
        return found.state == "waiting" and not found.misfit(card)

    def no_such_name(self, card: PlannedCard, name: str) -> None:
        """Says that the user's name is that of no card, and why one may not have told it."""
        if not self.free:
            self.nothing_fits(card)
            return
        silent = [
            f"It may be {found.shown}, which does not work. {found.advice}"
            for found in self.free
            if found.state == "refused" and not found.misfit(card)
        ]
        sentence = (
            f"dahdi_devices: slot {card.slot}: there is no usable card '{name}', found are "
            f"{self.names(self.free)}: name one of these by its address."
        )
        self.problems.append(" ".join([sentence, *silent]))

    def refused(self) -> list[str]:
        """Cards that their driver does not take: one that never worked is a mistake to mend."""
        down = []
        for card in self.planned:
            found = self.cards.get(card.slot)
            if found is None or found.state in {"ready", "waiting"}:
                continue
            does_not_work = f"The {card.model} of slot {card.slot} does not work ({found.shown})"
            remembered = self.remembered.get(card.slot)
            if remembered and found.is_named(remembered):
                down.append(
                    f"{does_not_work}: down are {card.circuits}. {found.advice} Nothing else "
                    "changes its numbers."
                )
            else:
                self.problems.append(f"{does_not_work}. {found.advice}")
        return down

    def take_new(self) -> None:
        """Cards for the slots that never had one: others of as many ports come after the models."""
        new = [
            card
            for card in self.planned
            if card.slot not in self.cards and card.slot not in self.missing
        ]
        for same_model in (True, False):
            for card in new:
                if card.slot not in self.cards:
                    self.take_first(card, same_model=same_model)
        for card in new:
            if card.slot in self.cards:
                continue
            if card.slot in self.remembered:
                self.miss(card, self.remembered[card.slot])
            else:
                self.nothing_fits(card)

    def take_first(self, card: PlannedCard, *, same_model: bool) -> None:
        """The first card that is left for a slot."""
        for found in self.free:
            if card.slot in self.open and not self.may_tell(card, found):
                continue
            if not found.misfit(card) and (card.model in found.models or not same_model):
                self.free.remove(found)
                self.cards[card.slot] = found
                return

    def nothing_fits(self, card: PlannedCard) -> None:
        """Says why none of the cards that are left is that of a slot."""
        reasons = [f"{found.shown} {found.misfit(card)}" for found in self.free]
        reasons += [f"{found.shown}: {found.advice}" for found in self.useless]
        self.problems.append(
            f"Slot {card.slot} is a {card.model} in the plan, and no such card is in the server"
            f"{' (' + '; '.join(reasons) + ')' if reasons else ''}: put it in, or take it out of "
            "cards."
        )

    def ask_whether_moved(self) -> None:
        """Cards that are gone, and some like them at other places: only people know."""
        moved: list[tuple[PlannedCard, FoundCard]] = []
        left = list(self.free)
        for card in self.planned:
            fits = [found for found in left if not found.misfit(card)]
            if card.slot in self.missing and fits:
                left.remove(fits[0])
                moved.append((card, fits[0]))
        if not moved:
            return
        gone = " and ".join(
            f"the {card.model} of slot {card.slot} is gone ({self.missing[card.slot]})"
            for card, _found in moved
        )
        devices = ", ".join(f'"{card.slot}": "{found.address}"' for card, found in moved)
        one = len(moved) == 1
        self.problems.append(
            f"{gone[0].upper()}{gone[1:]}, and {self.names(found for _card, found in moved)} "
            f"{'is' if one else 'are'} new: if {'it is to be that slot' if one else 'they moved'}, "
            f"run again for this gateway alone with -e '{{\"dahdi_devices\": {{{devices}}}}}'."
        )

    def leftovers(self) -> None:
        """Cards that nobody planned; where no card is, they may be left from other times."""
        sentences = self.problems if self.planned else self.warnings
        sentences += [
            f"{found.shown} is in no slot of the plan: add it to cards, or name its address in "
            "dahdi_ignored_devices."
            for found in self.free
        ]

    @staticmethod
    def names(cards: Iterable[FoundCard]) -> str:
        return ", ".join(card.shown for card in cards) or "none"
