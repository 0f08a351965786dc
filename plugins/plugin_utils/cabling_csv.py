# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cabling as a table for spreadsheets: one row per port and per SIP circuit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from .cabling_figures import in_order, port_state
from .wiring import Wiring

COLUMNS = (
    "gateway",
    "site",
    "card",
    "model",
    "port",
    "kind",
    "circuit",
    "trunk_group",
    "channels",
    "state",
)

_FORMULA = re.compile("'*[=+@\t\r\n-]")
"""How a cell begins that a spreadsheet may compute.

A name with an apostrophe of its own gets another one, so that no two names have the same cell.
"""


def cabling_csv(wirings: Sequence[Wiring]) -> str:
    """CSV as RFC 4180 describes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for wiring in in_order(wirings):
        writer.writerows(_rows(wiring))
    return text.getvalue()


def _rows(wiring: Wiring) -> Iterator[tuple[str | int, ...]]:
    where = (_text(wiring.gateway), _text(wiring.site))
    for card in wiring.cards:
        for port in card.ports:
            yield (
                *where,
                card.slot,
                _text(card.model),
                port.number,
                _text(port.kind),
                _text(port.circuit),
                _text(port.trunk_group),
                port.channels,
                port_state(port),
            )
    for one in wiring.sip:
        circuit = (_text(one.circuit), _text(one.trunk_group))
        yield (*where, "", "", "", "sip", *circuit, one.channels, "used")


def _text(value: str | None) -> str:
    """A cell with text: an apostrophe keeps a spreadsheet from computing it."""
    if value is None:
        return ""
    return f"'{value}" if _FORMULA.match(value) else value
