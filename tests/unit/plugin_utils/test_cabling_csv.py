# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cabling as a table."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_csv import cabling_csv
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import (
    SipCircuit,
    WiredCard,
    WiredPort,
    Wiring,
)

HEADER = "gateway,site,card,model,port,kind,circuit,trunk_group,channels,state"

names = st.text(min_size=1, max_size=8) | st.text("'=+-@\t\r\n,;\"a", min_size=1, max_size=5)
ports = st.lists(
    st.builds(
        WiredPort,
        st.integers(1, 24),
        st.sampled_from(["t1", "e1", "j1", "fxo", "fxs", "empty"]),
        st.none() | names,
        st.none() | names,
        st.integers(0, 31),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda port: port.number,
).map(lambda each: tuple(sorted(each, key=lambda port: port.number)))
cards = st.lists(
    st.builds(WiredCard, st.integers(1, 9), names, ports),
    max_size=3,
    unique_by=lambda card: card.slot,
).map(lambda each: tuple(sorted(each, key=lambda card: card.slot)))
sip = st.lists(
    st.builds(SipCircuit, names, names, st.integers(0, 99)),
    max_size=3,
    unique_by=lambda one: one.circuit,
).map(tuple)
gateways = st.builds(Wiring, names, cards, sip, st.none() | names)

THREE = Wiring(
    "gw1",
    (
        WiredCard(
            1,
            "TE420",
            (
                WiredPort(1, "t1", "carrier_a-1", "carrier_a", 23),
                WiredPort(2, "t1"),
                WiredPort(3, "t1", dark=True),
            ),
        ),
        WiredCard(2, "TDM400P", (WiredPort(1, "empty"), WiredPort(2, "fxs", "desk", "desks", 1))),
    ),
    (SipCircuit("sip_b-1", "sip_b", 30),),
    "north",
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def unguarded(cell: str) -> str:
    return cell[1:] if re.match("'+[=+@\t\r\n-]", cell) else cell


def test_rows() -> None:
    assert cabling_csv([THREE]).split("\r\n") == [
        HEADER,
        "gw1,north,1,TE420,1,t1,carrier_a-1,carrier_a,23,used",
        "gw1,north,1,TE420,2,t1,,,0,free",
        "gw1,north,1,TE420,3,t1,,,0,dark",
        "gw1,north,2,TDM400P,1,empty,,,0,empty",
        "gw1,north,2,TDM400P,2,fxs,desk,desks,1,used",
        "gw1,north,,,,sip,sip_b-1,sip_b,30,used",
        "",
    ]


def test_order() -> None:
    """By site and number, whatever the order of the input."""
    many = [
        replace(THREE, gateway=name, site=site)
        for name, site in (("gw10", None), ("gw9", None), ("gw1", "south"), ("gw2", "north"))
    ]
    text = cabling_csv(many)
    assert list(dict.fromkeys(row["gateway"] for row in rows_of(text))) == [
        "gw9",
        "gw10",
        "gw2",
        "gw1",
    ]
    assert cabling_csv(many[::-1]) == text
    mirrored = replace(
        THREE, cards=tuple(replace(card, ports=card.ports[::-1]) for card in THREE.cards[::-1])
    )
    assert cabling_csv([mirrored]) == cabling_csv([THREE])


def test_nothing() -> None:
    assert cabling_csv([]) == f"{HEADER}\r\n"


@given(gateways)
def test_round_trip(wiring: Wiring) -> None:
    """Every port and every SIP circuit, once, and nothing of a name is lost."""
    found = [
        {column: unguarded(cell) for column, cell in row.items()}
        for row in rows_of(cabling_csv([wiring]))
    ]
    where = {"gateway": wiring.gateway, "site": wiring.site or ""}
    wired = [
        {
            **where,
            "card": str(card.slot),
            "model": card.model,
            "port": str(port.number),
            "kind": port.kind,
            "circuit": port.circuit or "",
            "trunk_group": port.trunk_group or "",
            "channels": str(port.channels),
        }
        for card in wiring.cards
        for port in card.ports
    ]
    network = [
        {
            **where,
            "card": "",
            "model": "",
            "port": "",
            "kind": "sip",
            "circuit": one.circuit,
            "trunk_group": one.trunk_group,
            "channels": str(one.channels),
        }
        for one in wiring.sip
    ]
    states = [row.pop("state") for row in found]
    assert found[: len(wired)] == wired
    assert sorted(found[len(wired) :], key=lambda row: row["circuit"]) == sorted(
        network, key=lambda row: row["circuit"]
    )
    assert set(states) <= {"used", "free", "dark", "empty"}


@given(gateways)
def test_no_cell_is_a_formula(wiring: Wiring) -> None:
    for row in rows_of(cabling_csv([wiring])):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("carrier_a-1", "carrier_a-1"),
        ("a=1", "a=1"),
    ],
)
def test_guard(name: str, cell: str) -> None:
    (row,) = rows_of(cabling_csv([Wiring("gw1", sip=(SipCircuit(name, "a", 1),))]))
    assert row["circuit"] == cell
