# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DAHDI is told follows from the plan of every example inventory."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.module_utils.channel_ranges import (
    expand_channels,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_changes import (
    SIGNALLING,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_settings import (
    Settings,
    settings_problems,
    span_settings,
    wrong_modules,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_slots import (
    FoundCard,
    Slots,
    read_planned,
)

GOLDEN = Path(__file__).parents[2] / "integration" / "golden"
EXAMPLES = sorted(path.name for path in GOLDEN.glob("*.json"))


def plans(name: str) -> list[list[dict[str, Any]]]:
    """The spans of every gateway of an example."""
    hosts = json.loads((GOLDEN / name).read_text())["_meta"]["hostvars"]
    return [variables["dahdi_spans"] for variables in hosts.values()]


def slots_of(spans: list[dict[str, Any]]) -> Slots:
    return Slots(missing={span["slot"]: f"card-{span['slot']}" for span in spans})


def settings_of(spans: list[dict[str, Any]], echo: str = "mg2") -> list[Settings]:
    return span_settings([], spans, slots_of(spans), echo)


def span(**other: object) -> dict[str, Any]:
    return {
        "span": 3,
        "slot": 1,
        "port": 3,
        "line": "t1",
        "first_channel": 49,
        "channels": 24,
        "timing": 1,
        "lbo": 0,
        "framing": "esf",
        "coding": "b8zs",
        "crc4": False,
        "circuit": "line-3",
        "type": "pri",
        "signalling": "pri_cpe",
        "voice_channels": "49-71",
        "d_channel": 72,
        **other,
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_can_be_told(name: str) -> None:
    for spans in plans(name):
        assert settings_problems(spans) == []
        for settings in settings_of(spans):
            told: list[int] = []
            for word, argument in settings["channels"]:
                if word == "echocanceller":
                    continue
                assert word in SIGNALLING
                told += expand_channels(argument.partition(":")[0])
            # Each channel once, and none that is another span's.
            assert len(told) == len(set(told))
            assert set(told) <= set(range(settings["first_channel"], settings["last_channel"] + 1))


def test_pri() -> None:
    (settings,) = settings_of([span()])
    assert settings == {
        "span": 3,
        "device": "card-1",
        "port": 3,
        "type": "T1",
        "first_channel": 49,
        "last_channel": 72,
        "circuits": ["line-3"],
        "bundle": None,
        "line": "1,0,esf,b8zs",
        "channels": [["bchan", "49-71"], ["dchan", "72"], ["echocanceller", "mg2,49-71"]],
    }


@pytest.mark.parametrize(
    ("options", "line", "channels"),
    [
        (
            {"line": "e1", "channels": 31, "framing": "ccs", "coding": "hdb3", "crc4": True}
            | {"first_channel": 1, "voice_channels": "1-15,17-31", "d_channel": 16},
            "1,0,ccs,hdb3,crc4",
            [["bchan", "1-15,17-31"], ["dchan", "16"]],
        ),
        ({"d_channel": None, "voice_channels": "49-72"}, "1,0,esf,b8zs", [["bchan", "49-72"]]),
        (
            {"type": "channel_bank", "signalling": "fxo_ks", "voice_channels": "49-72"},
            "1,0,esf,b8zs",
            [["fxoks", "49-72"]],
        ),
        (
            {"type": "cas", "signalling": "em_w", "voice_channels": "49-72", "timing": 0, "lbo": 2},
            "0,2,esf,b8zs",
            [["e&m", "49-72"]],
        ),
        (
            {"type": "cas", "signalling": "mfcr2", "line": "e1", "framing": "cas", "coding": "hdb3"}
            | {"voice_channels": "49-63,65-79", "channels": 31},
            "1,0,cas,hdb3",
            [["cas", "49-63,65-79:1101"]],
        ),
    ],
)
def test_lines_of_system_conf(
    options: dict[str, Any], line: str, channels: list[list[str]]
) -> None:
    assert settings_problems([span(**options)]) == []
    (settings,) = settings_of([span(**options)], echo="none")
    assert (settings["line"], settings["channels"]) == (line, channels)


def analog(kind: str, signalling: str) -> dict[str, Any]:
    port = {"port": 2, "channel": 98, "kind": kind, "signalling": signalling, "circuit": "pots-1"}
    return {
        "span": 5,
        "slot": 2,
        "line": "analog",
        "first_channel": 97,
        "channels": 24,
        "ports": [port],
    }


@pytest.mark.parametrize(
    ("kind", "signalling", "word"), [("fxo", "fxs_ks", "fxsks"), ("fxs", "fxo_ls", "fxols")]
)
def test_analog_port_is_driven_as_its_opposite(kind: str, signalling: str, word: str) -> None:
    spans = [analog(kind, signalling)]
    assert settings_problems(spans) == []
    (settings,) = settings_of(spans)
    assert settings["type"] == settings["line"] == ""
    assert settings["channels"] == [[word, "98"], ["echocanceller", "mg2,98"]]


def test_span_without_a_card_is_left_out() -> None:
    assert span_settings([], [span()], Slots(), "mg2") == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (span(framing="ccs"), "framing 'ccs' is impossible on a PRI over T1, use esf or d4."),
        (span(coding="hdb3"), "coding 'hdb3' is impossible on a PRI over T1, use b8zs or ami."),
        (span(line="t3"), "line 't3' is unknown, use one of t1, e1, j1."),
        (span(crc4=True), "crc4 is for E1 lines only, remove it."),
        (
            span(type="cas", line="e1", signalling="em", framing="cas", coding="hdb3"),
            "signalling 'em' is impossible on E1, use one of em_e1, mfcr2, fxs_ks",
        ),
        (span(type="cas", signalling="em_e1"), "signalling 'em_e1' is impossible on T1, use one"),
        (span(type="cas", signalling="sf"), "signalling 'sf' cannot be set with DAHDI's tools"),
        (analog("fxo", "fxo_ks"), "signalling 'fxo_ks' does not drive an FXO port, use fxs_ks"),
    ],
)
def test_problem_names_span_value_and_remedy(wrong: dict[str, Any], sentence: str) -> None:
    (problem,) = settings_problems([wrong])
    assert sentence in problem
    assert problem.startswith("dahdi_spans: ")


@pytest.mark.parametrize(
    ("populated", "sentence"),
    [
        (
            {"2": "fxs"},
            "Port 2 of TDM2400P at 0000:03:08.0 is an FXS port, but the plan has the FXO",
        ),
        (
            {"1": "fxo"},
            "Port 2 of TDM2400P at 0000:03:08.0 has no module, but the plan has the FXO",
        ),
        ({"2": "fxo"}, ""),
        ({}, ""),
    ],
)
def test_module_of_an_analog_card(populated: dict[str, str], sentence: str) -> None:
    card = FoundCard(
        *("0000:03:08.0", "/sys/devices/x", "ready", ("TDM2400P",), "TDM2400P", "", "analog"),
        *(24, None, None, ""),
    )
    wrong = list(
        wrong_modules([analog("fxo", "fxs_ks")], Slots(cards={2: card}), {card.address: populated})
    )
    assert len(wrong) == bool(sentence)
    assert sentence in "".join(module.problem for module in wrong)


def test_telephone_at_a_port_for_lines() -> None:
    card = FoundCard(
        *("0000:03:08.0", "/sys/devices/x", "ready", ("TDM2400P",), "TDM2400P", "", "analog"),
        *(24, None, None, ""),
    )
    (module,) = wrong_modules(
        [analog("fxs", "fxo_ks")], Slots(cards={2: card}), {card.address: {"2": "fxo"}}
    )
    assert module.problem == (
        "Port 2 of TDM2400P at 0000:03:08.0 is an FXO port, but the plan has the FXS circuit "
        "pots-1 there: correct modules of slot 2, or change the module."
    )


def test_port_without_a_circuit_gets_its_number_and_nothing_else() -> None:
    """The driver wct4xxp starts a card only when all of its spans have one."""
    ports = [
        {"port": port, "kind": "t1", "circuit": "line-3" if port == 3 else None}
        for port in range(1, 5)
    ]
    card = {"slot": 1, "model": "TE410P", "span": 1, "first_channel": 1, "width": 31}
    planned = read_planned([{**card, "ports": ports}])
    plan = span_settings(planned, [span()], slots_of([span()]), "mg2")
    assert [(one["span"], one["port"], one["first_channel"], one["circuits"]) for one in plan] == [
        (1, 1, 1, []),
        (2, 2, 32, []),
        (3, 3, 49, ["line-3"]),
        (4, 4, 94, []),
    ]
    assert {(one["type"], one["line"], len(one["channels"])) for one in plan} == {
        ("T1", "", 0),
        ("T1", "1,0,esf,b8zs", 3),
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_numbers_of_all_ports_of_an_example(name: str) -> None:
    hosts = json.loads((GOLDEN / name).read_text())["_meta"]["hostvars"]
    for variables in hosts.values():
        cards = variables["pstn_wiring"]["cards"]
        spans = variables["dahdi_spans"]
        slots = Slots(missing={card["slot"]: f"card-{card['slot']}" for card in cards})
        plan = span_settings(read_planned(cards), spans, slots, "mg2")
        numbers = [one["span"] for one in plan]
        assert len(numbers) == len(set(numbers))
        assert {span["span"] for span in spans} <= set(numbers)
        taken = [(one["first_channel"], one["last_channel"]) for one in plan]
        assert all(first[1] < second[0] for first, second in pairwise(taken))
