# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cabling sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_drawing import marks
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_figures import (
    Load,
    percent,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_sheet import (
    cabling_sheet,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import (
    SipCircuit,
    WiredCard,
    WiredPort,
    Wiring,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

CHANNELS = {"t1": 23, "e1": 30, "j1": 23, "fxo": 1, "fxs": 1}
GROUPS = [f"group_{number}" for number in range(1, 41)]
CARDS = {"TE420": ("t1", "e1"), "TE820": ("j1",), "TDM2400P": ("fxo", "fxs"), "TDM400P": ("fxo",)}
SIZES = {"TE420": 4, "TE820": 8, "TDM2400P": 24, "TDM400P": 4}
STATES = ("used", "free", "used", "dark", "used", "empty", "used")
NASTY = "</text><script>alert('x')</script>&amp;\"\N{RIGHT-TO-LEFT OVERRIDE}\0"
SEEN = NASTY.replace("\N{RIGHT-TO-LEFT OVERRIDE}\0", "\N{REPLACEMENT CHARACTER}" * 2)


@st.composite
def wirings(draw: st.DrawFn) -> list[Wiring]:
    names = draw(st.lists(st.integers(1, 99), unique=True, max_size=5))
    return [
        Wiring(
            f"gw{name}",
            tuple(draw(card(name, slot)) for slot in range(1, draw(st.integers(0, 3)) + 1)),
            tuple(
                SipCircuit(f"sip-{name}-{number}", draw(st.sampled_from(GROUPS)), 30)
                for number in range(draw(st.integers(0, 5)))
            ),
            draw(st.sampled_from([None, "north", "south"])),
        )
        for name in names
    ]


@st.composite
def card(draw: st.DrawFn, gateway: int, slot: int) -> WiredCard:
    model = draw(st.sampled_from(sorted(CARDS)))
    ports = []
    for number, byte in enumerate(draw(st.binary(min_size=SIZES[model], max_size=SIZES[model])), 1):
        kind = CARDS[model][byte % len(CARDS[model])]
        match STATES[byte % len(STATES)]:
            case "used":
                name, group = f"c-{gateway}-{slot}-{number}", GROUPS[byte % len(GROUPS)]
                ports.append(WiredPort(number, kind, name, group, CHANNELS[kind]))
            case "empty":
                ports.append(WiredPort(number, "empty"))
            case state:
                ports.append(WiredPort(number, kind, dark=state == "dark"))
    return WiredCard(slot, model, tuple(ports))


def page_of(gateways: Sequence[Wiring], title: str = "Cabling") -> ET.Element:
    """Fails where the page is not well-formed."""
    page = cabling_sheet(gateways, title)
    return ET.fromstring(page)  # noqa: S314 the page is our own


def with_class(page: ET.Element, name: str) -> Iterator[ET.Element]:
    return (each for each in page.iter() if name in each.get("class", "").split())


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def table(element: ET.Element) -> list[list[str]]:
    """Rows below the head."""
    return [
        [text_of(cell) for cell in row]
        for body in element.iter("tbody")
        for row in body
        if len(row) > 1
    ]


def drawn_names(page: ET.Element) -> list[str]:
    return [
        text_of(name)
        for gateway in with_class(page, "gateway")
        for name in with_class(gateway, "name")
    ]


def listed_names(page: ET.Element) -> list[str]:
    return [text_of(name) for index in with_class(page, "index") for name in index.iter("b")]


def circuits_of(gateways: Sequence[Wiring]) -> list[tuple[str, str, str, int]]:
    """Gateway, name, trunk group and channels of all circuits."""
    return [
        (gateway.gateway, str(port.circuit), str(port.trunk_group), port.channels)
        for gateway in gateways
        for each in gateway.cards
        for port in each.ports
        if port.circuit is not None
    ] + [
        (gateway.gateway, one.circuit, one.trunk_group, one.channels)
        for gateway in gateways
        for one in gateway.sip
    ]


def one_card(*names: str) -> list[Wiring]:
    """A gateway with the named circuits in an analog card."""
    ports = tuple(WiredPort(number, "fxo", name, "a", 1) for number, name in enumerate(names, 1))
    rest = tuple(WiredPort(number, "fxo") for number in range(len(names) + 1, 25))
    return [Wiring("gw1", (WiredCard(1, "TDM2400P", ports + rest),))]


@given(wirings())
def test_every_port_is_drawn_once(gateways: list[Wiring]) -> None:
    page = page_of(gateways)
    places = [
        f"{gateway.gateway}/{each.slot}/{port.number}"
        for gateway in gateways
        for each in gateway.cards
        for port in each.ports
    ]
    ids = [str(each.get("id")) for each in page.iter("g") if each.get("id")]
    assert sorted(ids) == sorted(places)
    drawn = [
        port for gateway in with_class(page, "gateway") for port in with_class(gateway, "port")
    ]
    assert len(drawn) == len(places)


@given(wirings())
def test_every_circuit_is_drawn_once_and_listed_once(gateways: list[Wiring]) -> None:
    page = page_of(gateways)
    names = sorted(name for gateway, name, group, channels in circuits_of(gateways))
    assert sorted(drawn_names(page)) == names
    assert sorted(listed_names(page)) == names


@given(wirings())
def test_circuit_is_drawn_in_its_port(gateways: list[Wiring]) -> None:
    drawn = {
        str(port.get("id")): [text_of(name) for name in with_class(port, "name")]
        for port in page_of(gateways).iter("g")
        if port.get("id")
    }
    for gateway in gateways:
        for each in gateway.cards:
            for port in each.ports:
                names = [] if port.circuit is None else [port.circuit]
                assert drawn[f"{gateway.gateway}/{each.slot}/{port.number}"] == names


@given(wirings())
def test_states(gateways: list[Wiring]) -> None:
    page = page_of(gateways)
    ports = [port for gateway in gateways for each in gateway.cards for port in each.ports]
    drawn = Counter(
        port.get("class", "").split()[1]
        for gateway in with_class(page, "gateway")
        for port in with_class(gateway, "port")
    )
    assert drawn == Counter(
        "used"
        if port.circuit is not None
        else "dark"
        if port.dark
        else "empty"
        if port.kind == "empty"
        else "free"
        for port in ports
    )


@given(wirings())
def test_loss(gateways: list[Wiring]) -> None:
    page = page_of(gateways)
    circuits = circuits_of(gateways)
    drawn = {str(each.get("id")): each for each in with_class(page, "gateway")}
    assert sorted(drawn) == sorted(f"gateway/{each.gateway}" for each in gateways)
    for gateway in gateways:
        lost: dict[str, list[str]] = {}
        mine = [one for one in circuits if one[0] == gateway.gateway]
        for group in {one[2] for one in mine}:
            part = [one for one in mine if one[2] == group]
            whole = [one for one in circuits if one[2] == group]
            lost[group] = loss(part, whole)
        if len({one[2] for one in circuits}) > 1 and mine:
            lost["all trunk groups"] = loss(mine, circuits)
        (rows,) = [
            table(each) for each in with_class(drawn[f"gateway/{gateway.gateway}"], "loss")
        ] or [[]]
        assert {row[1]: row[2:] for row in rows} == lost
        assert len(rows) == len(lost)


def loss(
    part: list[tuple[str, str, str, int]], whole: list[tuple[str, str, str, int]]
) -> list[str]:
    channels, of = sum(one[3] for one in part), sum(one[3] for one in whole)
    share = percent(Load(len(part), channels), Load(len(whole), of))
    return [f"{len(part)} of {len(whole)}", f"{channels} of {of}", share]


@given(wirings())
def test_trunk_groups(gateways: list[Wiring]) -> None:
    circuits = circuits_of(gateways)
    rows = [row for each in with_class(page_of(gateways), "groups") for row in table(each)]
    assert sorted(row[1] for row in rows) == sorted({one[2] for one in circuits})
    for mark, group, line, count, channels, gateway_count, worst, share in rows:
        whole = [one for one in circuits if one[2] == group]
        names = {one[0] for one in whole}
        parts = {name: [one for one in whole if one[0] == name] for name in names}
        most = max(sum(one[3] for one in part) for part in parts.values())
        assert mark
        assert line
        assert (int(count), int(channels)) == (len(whole), sum(one[3] for one in whole))
        assert int(gateway_count) == len(names)
        first = worst.split(" (")[0].split(":")[0]
        assert sum(one[3] for one in parts[first]) == most
        assert worst.endswith(
            f": {len(parts[first])} of {len(whole)} circuit{'s'[: len(whole) > 1]}"
        )
        assert share == loss(parts[first], whole)[2]


@given(wirings())
def test_overview(gateways: list[Wiring]) -> None:
    """Gateways x trunk groups, in blocks: the circuits of every pair."""
    page = page_of(gateways)
    circuits = circuits_of(gateways)
    groups = [row[1] for each in with_class(page, "groups") for row in table(each)]
    codes = [row[0] for each in with_class(page, "groups") for row in table(each)]
    seen: Counter[tuple[str, str]] = Counter()
    for block in (each for view in with_class(page, "overview") for each in view):
        columns = [text_of(head) for head in block.iter("th")][2:-1]
        for row in table(block):
            assert int(row[-1]) == sum(one[3] for one in circuits if one[0] == row[1])
            for code, cell in zip(columns, row[2:-1], strict=True):
                seen[row[1], groups[codes.index(code)]] += 0 if cell == "·" else int(cell)
    assert +seen == Counter((one[0], one[2]) for one in circuits)
    assert len(set(codes)) == len(groups)


@given(wirings())
def test_links_lead_somewhere(gateways: list[Wiring]) -> None:
    page = page_of(gateways)
    ids = Counter(str(each.get("id")) for each in page.iter() if each.get("id"))
    assert set(ids.values()) <= {1}
    for link in page.iter("a"):
        assert unquote(link.get("href", "")).removeprefix("#") in ids


@given(wirings(), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(gateways: list[Wiring], random: Random) -> None:
    assert cabling_sheet(shuffled(gateways, random)) == cabling_sheet(gateways)


def shuffled(gateways: Sequence[Wiring], random: Random) -> list[Wiring]:
    return [
        replace(
            gateway,
            sip=tuple(random.sample(gateway.sip, len(gateway.sip))),
            cards=tuple(
                replace(each, ports=tuple(random.sample(each.ports, len(each.ports))))
                for each in random.sample(gateway.cards, len(gateway.cards))
            ),
        )
        for gateway in random.sample(gateways, len(gateways))
    ]


def test_gateways_are_ordered_by_site_and_number() -> None:
    gateways = [Wiring("gw10"), Wiring("gw9"), Wiring("gw1", site="north"), Wiring("gw2", site="b")]
    drawn = [str(each.get("id")) for each in with_class(page_of(gateways), "gateway")]
    assert drawn == ["gateway/gw9", "gateway/gw10", "gateway/gw2", "gateway/gw1"]


@pytest.mark.parametrize(
    "build",
    [
        lambda: [Wiring(NASTY)],
        lambda: [Wiring("gw1", site=NASTY)],
        lambda: [Wiring("gw1", (WiredCard(1, NASTY, ()),))],
        lambda: [Wiring("gw1", (WiredCard(1, "TE420", (WiredPort(1, NASTY),)),))],
        lambda: [Wiring("gw1", (WiredCard(1, "TE420", (WiredPort(1, "t1", NASTY, NASTY, 23),)),))],
        lambda: one_card(NASTY),
        lambda: [Wiring("gw1", sip=(SipCircuit(NASTY, NASTY, 30),))],
    ],
)
def test_names_are_only_text(build: Callable[[], list[Wiring]]) -> None:
    page = page_of(build(), NASTY)
    assert not list(page.iter("script"))
    assert text_of(next(page.iter("h1"))) == SEEN
    assert text_of(next(page.iter("title"))) == SEEN
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text_of(page)


@given(st.text(), st.text(min_size=1))
def test_any_name(name: str, group: str) -> None:
    port = WiredPort(1, "t1", name, group, 23)
    page = page_of([Wiring(name, (WiredCard(1, name, (port,)),), (), group)], name)
    assert len(drawn_names(page)) == 1


def test_page_needs_nothing_else() -> None:
    page = cabling_sheet(one_card("a"))
    for text in ("<script", "http", "src=", "@import", "<link"):
        assert text not in page
    assert page.count("url(") == page.count("url(#")


@given(st.text("abcdefgh-_0123456789", min_size=1, max_size=80))
def test_name_fits_its_port(name: str) -> None:
    """In one or two lines, whole or without its middle."""
    page = page_of(one_card(name))
    (text,) = [each for box in with_class(page, "gateway") for each in with_class(box, "name")]
    lines = [text_of(line) for line in text] or [text_of(text)]
    assert len(lines) <= 2
    assert max(map(len, lines)) * float(text.get("font-size", "0")) * 0.61 <= 60
    drawn = "".join(lines)
    head, *tail = drawn.split("…")
    assert (drawn == name and not tail) or (name.startswith(head) and name.endswith(tail[0]))
    assert tail or len(name) <= 26
    assert listed_names(page) == [name]


def test_long_name_keeps_both_ends() -> None:
    page = page_of(one_card("the_longest_name_that_a_carrier_ever_gave-17"))
    (name,) = drawn_names(page)
    assert name.startswith("the_longest")
    assert name.endswith("gave-17")


def test_modules() -> None:
    kinds = ["fxo"] * 4 + ["fxs"] * 4 + ["empty"] * 12 + ["fxo"] * 3 + ["fxs"]
    ports = tuple(WiredPort(number, kind) for number, kind in enumerate(kinds, 1))
    (box,) = with_class(page_of([Wiring("gw1", (WiredCard(2, "TDM2400P", ports),))]), "gateway")
    titles = [text_of(each) for each in with_class(box, "kind")]
    assert titles == ["FXO", "FXS", "no module", "no module", "no module", "FXO + FXS"]


def test_circuit_is_never_hidden() -> None:
    """Not by a dark port, a missing module or a missing trunk group."""
    ports = (
        WiredPort(1, "t1", "a", "x", 23, dark=True),
        WiredPort(2, "empty", "b", "x", 1),
        WiredPort(3, "t1", "c", None, 23),
    )
    page = page_of([Wiring("gw1", (WiredCard(1, "TE420", ports),))])
    assert drawn_names(page) == ["a", "b", "c"]
    (rows,) = (table(each) for each in with_class(page, "loss"))
    assert [row[1:3] for row in rows] == [
        ["(none)", "1 of 1"],
        ["x", "2 of 2"],
        ["all trunk groups", "3 of 3"],
    ]


def test_nothing_at_all() -> None:
    page = page_of([])
    assert [text_of(fact) for fact in with_class(page, "facts")] == ["0gateways0circuits0channels"]
    assert not list(with_class(page, "gateway"))


def test_marks() -> None:
    """Letters tell all trunk groups apart, colours and hatches the first 32."""
    made = list(marks(str(number) for number in range(1000)).values())
    assert [made[number].code for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert len({mark.code for mark in made}) == 1000
    assert len({(mark.colour, mark.hatch) for mark in made[:32]}) == 32


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0 %"),
        (0, 5, "0 %"),
        (1, 1000, "< 1 %"),
        (1, 3, "33 %"),
        (2, 3, "67 %"),
        (999, 1000, "99 %"),
        (5, 5, "100 %"),
    ],
)
def test_percent(part: int, whole: int, text: str) -> None:
    assert percent(Load(1, part), Load(1, whole)) == text
