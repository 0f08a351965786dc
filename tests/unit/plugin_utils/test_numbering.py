# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAHDI's numbers of spans and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cards import CATALOGUE, Card
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.circuits import TrunkGroup
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateway_variables import (
    gateway_entries,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.numbering import (
    PluggedCircuit,
    PortNumbers,
    gateway_spans,
    number_ports,
    number_trunk_groups,
    voice_channels,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import (
    UnplannableError,
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Options = dict[str, Any]

D_CHANNEL = {"t1": 24, "e1": 16, "j1": 24}
"""ANSI T1.403 and ITU-T G.704."""
SLOTS = {"t1": 24, "e1": 31, "j1": 24}
MODELS = ["TE122", "TE220", "TE420", "TE820", "T400P", "E400P", "TDM2400P", "TDM410P"]
GROUPS = read_network(
    {
        "trunk_groups": {
            "pri_t1": {"type": "pri", "line": "t1", "circuits": 9},
            "pri_e1": {"type": "pri", "line": "e1", "circuits": 9},
            "pri_j1": {"type": "pri", "line": "j1", "circuits": 9, "timing": False},
            "nfas": {"type": "pri", "line": "t1", "circuits": 8, "nfas": 4},
            "lone": {"type": "pri", "line": "e1", "circuits": 9, "nfas": 3, "nfas_backup": False},
            "tie": {"type": "cas", "line": "t1", "circuits": 9},
            "r2": {"type": "cas", "line": "e1", "circuits": 9},
            "bank": {"type": "channel_bank", "line": "t1", "circuits": 9},
            "pots": {"type": "analog", "circuits": 40},
            "floor": {"type": "station", "extensions": "3001-3040"},
        }
    }
).trunk_groups
CIRCUITS = [
    PluggedCircuit(name, group, position)
    for group in GROUPS
    for position, name in enumerate(group.circuits)
]
NUMBERS = number_trunk_groups(GROUPS, {})

racks = st.lists(st.none() | st.sampled_from(MODELS), max_size=5).map(
    lambda models: tuple(
        Card(slot, CATALOGUE[model], ("fxo", "fxs", None, "fxo", "fxo", "fxs"))
        for slot, model in enumerate(models, 1)
        if model
    )
)
lines = st.frozensets(st.sampled_from(list(SLOTS)))


@st.composite
def plugged_cards(
    draw: st.DrawFn,
) -> tuple[tuple[Card, ...], frozenset[str], dict[str, PluggedCircuit]]:
    """Cards, the lines of the whole network, and a circuit that fits in some of the ports."""
    cards = draw(racks)
    used = draw(lines)
    waiting = draw(st.permutations(CIRCUITS))
    plugged = {}
    for card in cards:
        for port, accepts in enumerate(card.accepts(), 1):
            fitting = (
                circuit
                for circuit in waiting
                if circuit.group.kind in accepts
                and (circuit.group.line is None or circuit.group.line in used)
            )
            if (circuit := next(fitting, None)) and draw(st.booleans()):
                plugged[f"gw1/{card.slot}/{port}"] = circuit
                waiting.remove(circuit)
    return cards, used, plugged


def spans_of(
    cards: Iterable[Card], used: frozenset[str], plugged: dict[str, PluggedCircuit]
) -> list[Options]:
    cards = tuple(cards)
    by_slot = {card.slot: card for card in cards}
    return gateway_spans("gw1", number_ports(cards, used), by_slot, plugged, NUMBERS)


def channels_of(ranges: str) -> list[int]:
    channels: list[int] = []
    for part in ranges.split(","):
        first, last = part.split("-")
        channels += range(int(first), int(last) + 1)
    return channels


def without_order(span: Options) -> Options:
    """Without what counts the spans in use; nothing else may change because of other circuits."""
    bundle = {"nfas": {**span["nfas"], "trunkgroup": None}} if "nfas" in span else {}
    return {**span, **bundle, "timing": None}


@pytest.mark.parametrize(
    ("models", "used", "expected"),
    [
        ([], [], []),
        # 4 x T1: D-channels 24, 48, 72, 96.
        (["TE420"], ["t1"], [(1, 1, 1, 1), (1, 2, 2, 25), (1, 3, 3, 49), (1, 4, 4, 73)]),
        # 4 x E1: D-channels 16, 47, 78, 109.
        (["TE420"], ["e1"], [(1, 1, 1, 1), (1, 2, 2, 32), (1, 3, 3, 63), (1, 4, 4, 94)]),
        # A port that could become an E1 keeps room for it; a card that cannot does not.
        (["TE220"], ["t1", "e1"], [(1, 1, 1, 1), (1, 2, 2, 32)]),
        (["T100P", "TE122"], ["t1", "e1"], [(1, 1, 1, 1), (2, 1, 2, 25)]),
        (["E100P", "TE122"], ["t1"], [(1, 1, 1, 1), (2, 1, 2, 25)]),
        # An analog card is one span, in its place among the others.
        (["TDM2400P", "TE122"], ["t1"], [(1, 1, 1, 1), (2, 1, 2, 25)]),
        (["TDM410P", "TE122", "TDM800P"], [], [(1, 1, 1, 1), (2, 1, 2, 5), (3, 1, 3, 29)]),
        ([None, "TE122"], [], [(2, 1, 1, 1)]),
    ],
)
def test_ports(
    models: list[str | None], used: list[str], expected: list[tuple[int, int, int, int]]
) -> None:
    cards = [Card(slot, CATALOGUE[model]) for slot, model in enumerate(models, 1) if model]
    found = number_ports(cards, frozenset(used))
    assert [(one.slot, one.port, one.span, one.first_channel) for one in found] == expected
    assert [one.analog for one in found] == [
        bool(card.model.analog_ports) for card in cards for each in range(card.model.spans or 1)
    ]


@pytest.mark.parametrize(
    ("first", "slots", "without", "ranges"),
    [
        (1, 24, 24, "1-23"),
        (73, 24, 24, "73-95"),
        (1, 24, None, "1-24"),
        (1, 31, 16, "1-15,17-31"),
        (94, 31, 16, "94-108,110-124"),
        (32, 31, None, "32-62"),
    ],
)
def test_voice_channels(first: int, slots: int, without: int | None, ranges: str) -> None:
    assert voice_channels(first, slots, without) == ranges


@given(racks, lines)
def test_ports_do_not_overlap(cards: tuple[Card, ...], used: frozenset[str]) -> None:
    found = number_ports(cards, used)
    assert [one.span for one in found] == list(range(1, len(found) + 1))
    by_slot = {card.slot: card.model for card in cards}
    end = 1
    for one in found:
        assert one.first_channel == end
        model = by_slot[one.slot]
        widest = max((SLOTS[line] for line in model.lines & used), default=24)
        end += model.analog_ports if one.analog else widest


@given(plugged_cards())
def test_channels(
    rack: tuple[tuple[Card, ...], frozenset[str], dict[str, PluggedCircuit]],
) -> None:
    """Every circuit is there; no channel is there twice; signalling is where the standards say."""
    taken: list[int] = []
    carried = []
    for span in spans_of(*rack):
        first = span["first_channel"]
        if span["line"] == "analog":
            for port in span["ports"]:
                carried.append(f"gw1/{span['slot']}/{port['port']}")
                taken.append(port["channel"])
                assert port["channel"] == first + port["port"] - 1
                assert port["signalling"] == {"fxo": "fxs_ks", "fxs": "fxo_ks"}[port["kind"]]
                assert port.get("extension") == {"station": port["circuit"][-4:]}.get(port["type"])
            continue
        carried.append(f"gw1/{span['slot']}/{span['port']}")
        voice = channels_of(span["voice_channels"])
        taken += voice
        d_channel = first + D_CHANNEL[span["line"]] - 1
        own_d_channel = span["type"] == "pri" and span.get("nfas", {}).get("d_channel") != "none"
        assert span["d_channel"] == (d_channel if own_d_channel else None)
        # An E1 with CAS signals in slot 16; a T1 robs bits, and all of its slots carry calls.
        silent = own_d_channel or (span["type"] != "pri" and span["line"] == "e1")
        everything = range(first, first + SLOTS[span["line"]])
        assert voice == [one for one in everything if not (silent and one == d_channel)]
        if own_d_channel:
            taken.append(d_channel)
        assert span["channels"] == len(everything)
        assert ("switchtype" in span) == (span["type"] == "pri")
    assert len(taken) == len(set(taken))
    assert carried == [
        place
        for card in rack[0]
        for port in range(1, (card.model.spans or card.model.analog_ports) + 1)
        if (place := f"gw1/{card.slot}/{port}") in rack[2]
    ]


@given(plugged_cards())
def test_timing(rack: tuple[tuple[Card, ...], frozenset[str], dict[str, PluggedCircuit]]) -> None:
    """Each card counts the lines of the telephone company; a channel bank listens to the gateway.

    No number is above that of the card's ports, which its driver would take for 0.
    """
    ports = {card.slot: card.model.spans for card in rack[0]}
    order: dict[int, list[int]] = {}
    for span in spans_of(*rack):
        if span["line"] == "analog":
            continue
        assert span["timing"] <= ports[span["slot"]]
        if span["trunk_group"] in {"bank", "pri_j1"}:
            assert span["timing"] == 0
        else:
            order.setdefault(span["slot"], []).append(span["timing"])
    for found in order.values():
        assert found == list(range(1, len(found) + 1))


def test_timing_of_a_second_card() -> None:
    group, bank = GROUPS[0], next(group for group in GROUPS if group.name == "bank")
    cards = (Card(1, CATALOGUE["TE220"]), Card(2, CATALOGUE["TE420"]), Card(3, CATALOGUE["TE122"]))
    plugged = {
        f"gw1/{place}": PluggedCircuit(group.circuits[position], group, position)
        for position, place in enumerate(("1/1", "1/2", "2/1", "2/3", "2/4", "3/1"))
    }
    plugged["gw1/2/2"] = PluggedCircuit(bank.circuits[0], bank, 0)
    spans = spans_of(cards, frozenset(["t1"]), plugged)
    assert [span["timing"] for span in spans] == [1, 2, 1, 0, 2, 3, 1]


@given(plugged_cards(), st.data())
def test_other_circuits_do_not_matter(
    rack: tuple[tuple[Card, ...], frozenset[str], dict[str, PluggedCircuit]], data: st.DataObject
) -> None:
    cards, used, plugged = rack
    fewer = {spot: one for spot, one in plugged.items() if data.draw(st.booleans())}
    everything = {(span["slot"], span.get("port")): span for span in spans_of(cards, used, plugged)}
    for span in spans_of(cards, used, fewer):
        known = everything[span["slot"], span.get("port")]
        if span["line"] == "analog":
            assert {**span, "ports": known["ports"]} == known
            assert all(port in known["ports"] for port in span["ports"])
        else:
            assert without_order(span) == without_order(known)


def nfas(*positions: int, name: str = "nfas", slot: int = 1) -> dict[str, PluggedCircuit]:
    """Circuits of an NFAS group at these positions, in the ports of a card."""
    (group,) = (group for group in GROUPS if group.name == name)
    return {
        f"gw1/{slot}/{port}": PluggedCircuit(group.circuits[position], group, position)
        for port, position in enumerate(positions, 1)
    }


def test_nfas() -> None:
    cards = (Card(1, CATALOGUE["TE420"]), Card(2, CATALOGUE["TE420"]))
    plugged = {**nfas(5, 4, 6, 7), **nfas(0, 1, 2, 3, slot=2)}
    found = [
        (*span["nfas"].values(), span["d_channel"], span["voice_channels"])
        for span in spans_of(cards, frozenset(["t1"]), plugged)
    ]
    assert found == [
        (1, 1, "backup", 24, "1-23"),
        (1, 0, "primary", 48, "25-47"),
        (1, 2, "none", None, "49-72"),
        (1, 3, "none", None, "73-96"),
        (2, 0, "primary", 120, "97-119"),
        (2, 1, "backup", 144, "121-143"),
        (2, 2, "none", None, "145-168"),
        (2, 3, "none", None, "169-192"),
    ]


def test_nfas_without_a_backup() -> None:
    cards = (Card(1, CATALOGUE["TE420"]),)
    spans = spans_of(cards, frozenset(["e1"]), nfas(0, 1, 2, name="lone"))
    assert [(span["nfas"]["d_channel"], span["voice_channels"]) for span in spans] == [
        ("primary", "1-15,17-31"),
        ("none", "32-62"),
        ("none", "63-93"),
    ]


def test_span_of_a_pri() -> None:
    (span,) = spans_of(
        (Card(1, CATALOGUE["TE122"]), Card(3, CATALOGUE["TE220"])),
        frozenset(["e1"]),
        {"gw1/3/2": PluggedCircuit("pri_e1-1", GROUPS[1], 0)},
    )
    assert span == {
        "span": 3,
        "slot": 3,
        "port": 2,
        "line": "e1",
        "first_channel": 63,
        "channels": 31,
        "timing": 1,
        "lbo": 0,
        "framing": "ccs",
        "coding": "hdb3",
        "crc4": True,
        "circuit": "pri_e1-1",
        "trunk_group": "pri_e1",
        "group": NUMBERS["pri_e1"],
        "type": "pri",
        "signalling": "pri_cpe",
        "voice_channels": "63-77,79-93",
        "d_channel": 78,
        "switchtype": "euroisdn",
    }


def test_ports_without_a_circuit_are_left_out() -> None:
    cards = (Card(1, CATALOGUE["TE420"]), Card(2, CATALOGUE["TDM2400P"], ("fxo",)))
    assert spans_of(cards, frozenset(["t1"]), {}) == []
    assert number_ports(cards, frozenset(["t1"]))[-1] == PortNumbers(2, 1, 5, 97, 24, analog=True)


group_names = st.lists(st.from_regex("[a-d][0-9]?", fullmatch=True), unique=True, max_size=20)


def trunk_groups(names: Iterable[str]) -> list[TrunkGroup]:
    return [TrunkGroup(name, "analog", (f"{name}-1",)) for name in names]


@given(group_names, group_names, st.randoms())
def test_numbers_of_trunk_groups_are_kept(
    before: list[str],
    after: list[str],
    random: Any,  # noqa: ANN401 Hypothesis' own
) -> None:
    old = number_trunk_groups(trunk_groups(before), {})
    new = number_trunk_groups(trunk_groups(after), old)
    assert set(new) == set(after)
    assert len(set(new.values())) == len(new)
    assert all(1 <= number <= 63 for number in new.values())
    assert all(new[name] == old[name] for name in after if name in old)
    assert number_trunk_groups(trunk_groups(after), new) == new
    random.shuffle(after)
    assert number_trunk_groups(trunk_groups(after), old) == new


def test_numbers_of_trunk_groups() -> None:
    groups = [*trunk_groups(["b", "a10", "a2"]), TrunkGroup("s", "sip", ("s-1",))]
    assert number_trunk_groups(groups, {}) == {"a2": 1, "a10": 2, "b": 3}
    assert number_trunk_groups(groups, {"b": 1, "gone": 2}) == {"a2": 2, "a10": 3, "b": 1}
    many = trunk_groups(f"g{number}" for number in range(63))
    assert sorted(number_trunk_groups(many, {"g7": 63}).values()) == list(range(1, 64))


kinds_of_groups = st.sampled_from(
    [
        {"type": "pri", "line": "t1"},
        {"type": "cas", "line": "t1"},
        {"type": "channel_bank", "line": "t1"},
        {"type": "pri", "line": "e1"},
        {"type": "analog"},
        {"type": "sip", "host": "192.0.2.10"},
    ]
)


@given(
    st.lists(kinds_of_groups, min_size=1, max_size=4),
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
    kinds_of_groups,
)
def test_a_new_circuit_or_group_changes_no_number(
    kinds: list[Options], counts: list[int], added: Options
) -> None:
    """Of circuits that are plugged in; the first E1 line of all alone makes room for others."""
    options: Options = {
        f"g{number}": {**kind, "circuits": count}
        for number, (kind, count) in enumerate(zip(kinds, counts, strict=False))
    }
    used = {kind.get("line") for kind in kinds}
    servers = {f"gw{number}": {"cards": ["TE420", "TDM410P", "TE220"]} for number in range(1, 5)}

    def known(lock: Options, numbers: Options) -> tuple[Options, Options]:
        """Places, and what is not to change: all that is known of a circuit or a group."""
        network = read_network({"trunk_groups": options, "gateways": servers})
        names = number_trunk_groups(network.trunk_groups, numbers)
        best = plan(network, lock)
        circuits = {
            circuit["circuit"]: (entry.name, span["span"], without_order(circuit))
            for entry in gateway_entries(network, best, names)
            for span in entry.variables["dahdi_spans"]
            for circuit in span.get("ports", [span])
        }
        return dict(best.places), {**circuits, **names}

    try:
        places, before = known({}, {})
        options["g0"] = {**options["g0"], "circuits": counts[0] + 1}
        if added.get("line") in used | {None}:
            options["a0"] = added
        later, after = known(places, {name: before[name] for name in options if name in before})
    except UnplannableError:
        return
    assert {circuit: later[circuit] for circuit in places} == places
    assert {key: after[key] for key in before} == before
