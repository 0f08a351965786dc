# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephony cards and what their ports accept."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cards import (
    CATALOGUE,
    NOTHING,
    Card,
    CardModel,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateways import Gateway, Limits

ANY = frozenset(("t1", "e1", "j1"))
FXO, FXS = frozenset(("fxo",)), frozenset(("fxs",))


@pytest.mark.parametrize(
    ("model", "spans", "lines"),
    [
        *((name, 1, ANY) for name in ("TE120P", "TE121", "TE122", "TE131", "TE134")),
        *((name, 2, ANY) for name in ("TE205P", "TE210P", "TE220", "TE235", "TE236")),
        *((name, 4, ANY) for name in ("TE405P", "TE412P", "TE420B", "TE435", "TE436")),
        ("TE820", 8, ANY),
        ("TE110P", 1, {"t1", "e1"}),
        ("T100P", 1, {"t1"}),
        ("E100P", 1, {"e1"}),
        ("T400P", 4, {"t1"}),
        ("E400P", 4, {"e1"}),
    ],
)
def test_digital_cards(model: str, spans: int, lines: frozenset[str]) -> None:
    card = Card(1, CATALOGUE[model])
    assert card.accepts() == (lines,) * spans
    assert card.model.analog_ports == 0
    assert not card.model.together


@pytest.mark.parametrize(
    ("model", "ports", "modules"),
    [
        ("TDM2400P", 24, 6),
        ("AEX2400", 24, 6),
        ("TDM800P", 8, 2),
        ("A8B", 8, 2),
        ("HA8", 8, 2),
        ("TDM410P", 4, 4),
        ("TDM400P", 4, 4),
        ("A4A", 4, 4),
    ],
)
def test_analog_cards(model: str, ports: int, modules: int) -> None:
    found = CATALOGUE[model]
    assert (found.analog_ports, found.module_places, found.spans) == (ports, modules, 0)


def test_a_model_is_digital_or_analog() -> None:
    for name, model in CATALOGUE.items():
        assert model.name == name
        assert bool(model.spans) != bool(model.analog_ports)
        assert model.analog_ports % model.module_ports == 0


def test_modules() -> None:
    card = Card(1, CATALOGUE["TDM800P"], ("fxs", None), frozenset({2, 7}))
    assert card.accepts() == (FXS, NOTHING, FXS, FXS, *[NOTHING] * 4)
    card = Card(1, CATALOGUE["TDM410P"], ("fxo", "fxs", None, "fxo"))
    assert card.accepts() == (FXO, FXS, NOTHING, FXO)


def test_dark_ports() -> None:
    assert Card(1, CATALOGUE["TE220"], dark=frozenset({1})).accepts() == (NOTHING, ANY)


@pytest.mark.parametrize(
    ("cards", "limits", "span_limit"),
    [
        ((), Limits(), 4),
        (("TE820",), Limits(), 4),
        (("TDM2400P",), Limits(), 3),
        (("TDM2400P",) * 4, Limits(), 0),
        (("TDM2400P",) * 5, Limits(), -1),
        # Small cards count when they have the ports of a large one together.
        (("TDM410P",), Limits(), 4),
        (("TDM800P",) * 2, Limits(), 4),
        (("TDM800P",) * 3, Limits(), 3),
        (("TDM800P",) * 4, Limits(), 3),
        (("TDM2400P",), Limits(spans=1), 0),
        ((), Limits(spans=0), 0),
    ],
)
def test_spans_beside_analog_cards(cards: tuple[str, ...], limits: Limits, span_limit: int) -> None:
    installed = tuple(Card(slot, CATALOGUE[name]) for slot, name in enumerate(cards, 1))
    assert Gateway("gw1", installed, limits=limits).span_limit == span_limit


def test_model_of_a_user() -> None:
    model = CardModel("D410P", spans=4, lines=frozenset(("t1", "e1")), together=True)
    assert Card(2, model).accepts() == (frozenset(("t1", "e1")),) * 4
