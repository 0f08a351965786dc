# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gateways: cards, and how many spans they may carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cards import UNIT_PORTS, Card

MAX_SPANS = 4
"""PRIs on one server, "about 100 channels"; an analog card of 24 ports counts as one of them."""

MAX_ANALOG_CARDS = 4
"""TDM2400 or AEX2400 cards in one server."""


@dataclass(frozen=True)
class Limits:
    """How much a gateway may carry; never more than these defaults."""

    spans: int = MAX_SPANS
    analog_cards: int = MAX_ANALOG_CARDS


@dataclass(frozen=True)
class Gateway:
    """One server with lines."""

    name: str
    cards: tuple[Card, ...] = ()
    site: str | None = None
    limits: Limits = Limits()
    variables: Mapping[str, object] = field(default_factory=dict)
    """Host variables, handed on as they are."""

    @property
    def analog_ports(self) -> int:
        """Ports of all analog cards, whether they have modules or not."""
        return sum(card.model.analog_ports for card in self.cards)

    @property
    def span_limit(self) -> int:
        """Spans that it may light beside its analog cards; negative when those are too many."""
        return self.limits.spans - self.analog_ports // UNIT_PORTS
