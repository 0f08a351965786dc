# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephony cards: models, their ports, and what each port accepts.

Port counts are those of the drivers (dahdi-linux: wct4xxp, wcte43x, wcte13xp, wcte12xp, wcte11xp,
wctdm24xxp, wcaxx, wctdm). Of these, all digital ones but wcte11xp set T1, E1 or J1 for each port
(``set_spantype``); the TE110P of wcte11xp is T1 or E1 by a jumper. Models that switch all ports
together can be declared by the user. HA8 and HB8 are their analog ports: with a BRI module their
driver counts spans in another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .lines import LINES

MODULES = ("fxo", "fxs")
"""Analog modules: FXO takes a line of the telephone company, FXS takes a telephone."""

NOTHING: frozenset[str] = frozenset()
"""What a place without a module accepts."""

UNIT_PORTS = 24
"""Analog ports that count as much as one span: those of a TDM2400 or of a channel bank."""


@dataclass(frozen=True)
class CardModel:
    """What can be bought. A model is either digital (``spans``) or analog (``analog_ports``)."""

    name: str
    spans: int = 0
    lines: frozenset[str] = frozenset(LINES)
    """Lines that a digital port can be switched to."""
    together: bool = False
    """Whether all ports of the card are the same line."""
    analog_ports: int = 0
    module_ports: int = 1
    """Ports of one analog module."""

    @property
    def module_places(self) -> int:
        """Analog modules that fit on the card."""
        return self.analog_ports // self.module_ports


@dataclass(frozen=True)
class Card:
    """A card in a gateway."""

    slot: int
    """Place in the gateway's list of cards, from 1."""
    model: CardModel
    modules: tuple[str | None, ...] = ()
    """Analog modules in their order, None where there is none."""
    dark: frozenset[int] = frozenset()
    """Ports that must not be used, from 1."""

    def accepts(self) -> tuple[frozenset[str], ...]:
        """For every port the circuits it takes: lines (t1, e1, j1), fxo or fxs; dark: nothing."""
        if self.model.spans:
            ports = [self.model.lines] * self.model.spans
        else:
            ports = [
                NOTHING if module is None else frozenset((module,))
                for module in self.modules
                for each in range(self.model.module_ports)
            ]
        if self.dark:
            ports = [
                NOTHING if number in self.dark else port for number, port in enumerate(ports, 1)
            ]
        return tuple(ports)


def _catalogue() -> dict[str, CardModel]:
    t1, e1 = frozenset(("t1",)), frozenset(("e1",))
    digital = {
        1: ("TE120P", "TE121", "TE122", "TE131", "TE132", "TE133", "TE134"),
        2: (
            *("TE205P", "TE207P", "TE210P", "TE212P", "TE220", "TE220B"),
            *("TE235", "TE235B", "TE236", "TE236B"),
        ),
        4: (
            *("TE405P", "TE407P", "TE410P", "TE412P", "TE420", "TE420B"),
            *("TE435", "TE435B", "TE436", "TE436B"),
        ),
        8: ("TE820", "TE820B"),
    }
    models = [CardModel(name, spans=spans) for spans, names in digital.items() for name in names]
    models += [
        CardModel("TE110P", spans=1, lines=t1 | e1),
        CardModel("T100P", spans=1, lines=t1),
        CardModel("E100P", spans=1, lines=e1),
        CardModel("T400P", spans=4, lines=t1),
        CardModel("E400P", spans=4, lines=e1),
    ]
    analog = {
        (24, 4): ("TDM2400P", "AEX2400"),
        (8, 4): ("TDM800P", "AEX800", "HA8", "HB8", "A8A", "A8B"),
        (4, 1): ("TDM400P", "TDM410P", "AEX410", "A4A", "A4B"),
    }
    models += [
        CardModel(name, analog_ports=ports, module_ports=per_module)
        for (ports, per_module), names in analog.items()
        for name in names
    ]
    return {model.name: model for model in models}


CATALOGUE: Mapping[str, CardModel] = _catalogue()
"""Digium's cards by their names."""
