# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Circuits with cables as chan_dahdi reads them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.channel_ranges import (
    expand_channels,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_channels import (
    ChanDahdi,
    Exchange,
    chan_dahdi,
    first_number,
    line_problems,
    lines_of,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateway_variables import (
    gateway_entries,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.numbering import (
    number_trunk_groups,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import plan
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunk_group_options import (
    SWITCHTYPES,
)

Spans = list[dict[str, Any]]
NUMBERS: dict[str, list[object]] = {"pots": ["_55501XX", "5550198-5550199"], "carrier": [5550100]}
MENUS: dict[object, object] = {"_55501XX": "welcome"}
R2 = {"variant": "br", "max_ani": 10, "max_dnis": 4}


def planned(trunk_groups: dict[str, Any], cards: list[Any]) -> Spans:
    """Spans as the inventory plugin has them."""
    network = read_network(
        {
            "trunk_groups": trunk_groups,
            "gateways": {"gw1": {"ansible_host": "192.0.2.11", "cards": cards}},
        }
    )
    groups = number_trunk_groups(network.trunk_groups, {})
    (gateway,) = gateway_entries(network, plan(network), groups)
    spans: Spans = gateway.variables["dahdi_spans"]
    return spans


def slide(conf: ChanDahdi) -> dict[int, dict[str, Any]]:
    """What chan_dahdi makes of it: options hold until they are set again, variables by name."""
    now: dict[str, Any] = {"variables": {}}
    channels = {}
    for section in conf["sections"]:
        for name, value in section["options"]:
            if name == "setvar":
                variable, _equals, content = value.partition("=")
                now["variables"] = {**now["variables"], variable: content}
            else:
                now[name] = value
        for channel in expand_channels(section["channels"]):
            channels[channel] = dict(now)
    return channels


GROUPS: dict[str, Any] = {
    "carrier": {"type": "pri", "line": "t1", "circuits": 1, "switchtype": "5ess"},
    "office": {"type": "pri", "line": "t1", "circuits": 1, "signalling": "pri_net"},
    "tie": {"type": "cas", "line": "t1", "circuits": 1},
    "bank": {"type": "channel_bank", "line": "t1", "circuits": 1, "signalling": "fxo_ks"},
    "pots": {"type": "analog", "circuits": 2},
    "floor": {"type": "station", "extensions": "2001-2002"},
}
CARDS = ["TE420", {"model": "TDM410P", "modules": ["fxo", "fxo", "fxs", "fxs"]}]


def test_every_kind_of_circuit() -> None:
    channels = slide(chan_dahdi(planned(GROUPS, CARDS), NUMBERS, Exchange()))
    by_circuit = {one["variables"]["CIRCUIT"]: one for one in channels.values()}
    pri, office, tie = by_circuit["carrier-1"], by_circuit["office-1"], by_circuit["tie-1"]
    bank, pots, phone = by_circuit["bank-1"], by_circuit["pots-1"], by_circuit["floor-2001"]
    assert (pri["signalling"], pri["switchtype"]) == ("pri_cpe", "5ess")
    assert (office["signalling"], office["switchtype"]) == ("pri_net", "national")
    assert (tie["signalling"], tie["context"]) == ("em_w", "from-circuits")
    assert (bank["signalling"], bank["context"]) == ("fxo_ks", "from-stations")
    assert (pots["signalling"], pots["context"], pots["busydetect"]) == (
        "fxs_ks",
        "from-circuits",
        "yes",
    )
    assert (phone["context"], phone["callerid"]) == ("from-stations", "<2001>")
    assert [one["variables"]["DIALLED"] for one in (pri, pots, phone)] == ["", "5550198", ""]
    assert len({one["group"] for one in by_circuit.values()}) == len(GROUPS)
    assert {one["busydetect"] for one in (pri, office, tie, bank, phone)} == {"no"}


def test_telephones_of_a_channel_bank() -> None:
    bank = {"type": "channel_bank", "line": "t1", "extensions": "2001-2026"}
    first, second = lines_of(planned({"bank": bank}, ["TE420"]))
    assert (first.telephones[1], first.telephones[24], len(first.telephones)) == (
        "2001",
        "2024",
        24,
    )
    assert second.telephones == {25: "2025", 26: "2026"}
    channels = slide(chan_dahdi(planned({"bank": bank}, ["TE420"]), {}, Exchange()))
    assert set(channels) == set(range(1, 49))
    assert [channels[number]["callerid"] for number in (24, 26, 27, 48)] == [
        "<2024>",
        "<2026>",
        "asreceived",
        "asreceived",
    ]
    assert {one["context"] for one in channels.values()} == {"from-stations"}


def test_telephones_of_an_e1_channel_bank_skip_its_signalling() -> None:
    bank = {"type": "channel_bank", "line": "e1", "extensions": "2001-2030"}
    (line,) = lines_of(planned({"bank": bank}, ["TE420"]))
    assert (line.telephones[15], line.telephones[17]) == ("2015", "2016")


def test_nfas() -> None:
    groups = {"n": {"type": "pri", "line": "t1", "circuits": 4, "nfas": 4}}
    conf = chan_dahdi(planned(groups, ["TE420"]), {}, Exchange())
    assert conf["trunkgroups"] == [
        ("trunkgroup", "1,24,48"),
        ("spanmap", "1,1,0"),
        ("spanmap", "2,1,1"),
        ("spanmap", "3,1,2"),
        ("spanmap", "4,1,3"),
    ]
    assert [section["channels"] for section in conf["sections"]] == [
        "1-23",
        "25-47",
        "49-72",
        "73-96",
    ]


def test_options_of_pris_are_of_pris() -> None:
    wanted = {"nationalprefix": "0", "overlapdial": None, "pridialplan": "unknown"}
    conf = chan_dahdi(planned(GROUPS, CARDS), {}, Exchange(pri=wanted))
    for channel in slide(conf).values():
        if channel["signalling"] in {"pri_cpe", "pri_net"}:
            assert (channel["nationalprefix"], channel["pridialplan"]) == ("0", "unknown")
        assert "overlapdial" not in channel
    others = [dict(section["options"]) for section in conf["sections"]]
    assert all(
        ("nationalprefix" in one) == (one["signalling"] in {"pri_cpe", "pri_net"}) for one in others
    )


def test_r2() -> None:
    groups = {"r2": {"type": "cas", "line": "e1"}, "a": {"type": "pri", "line": "e1"}}
    conf = chan_dahdi(planned(groups, ["TE220"]), {}, Exchange(mfcr2=R2))
    options = {section["circuit"]: dict(section["options"]) for section in conf["sections"]}
    assert options["r2-1"]["signalling"] == "mfcr2"
    assert options["r2-1"]["mfcr2_variant"] == "br"
    assert "mfcr2_variant" not in options["a-1"]
    assert {section["channels"] for section in conf["sections"]} == {"1-15,17-31", "32-46,48-62"}


@pytest.mark.parametrize("polarity", [True, False])
def test_polarity_is_of_analog_lines(polarity: bool) -> None:
    for channel in slide(
        chan_dahdi(planned(GROUPS, CARDS), {}, Exchange(polarity=polarity))
    ).values():
        watched = polarity and channel["signalling"] == "fxs_ks"
        assert channel["hanguponpolarityswitch"] == ("yes" if watched else "no")
        assert channel["answeronpolarityswitch"] == channel["hanguponpolarityswitch"]


@given(st.permutations(planned(GROUPS, CARDS)), st.booleans())
def test_a_channel_does_not_depend_on_the_circuit_above(spans: Spans, polarity: bool) -> None:
    together = slide(chan_dahdi(spans, NUMBERS, Exchange(polarity=polarity)))
    alone = {
        channel: options
        for span in spans
        for channel, options in slide(
            chan_dahdi([span], NUMBERS, Exchange(polarity=polarity))
        ).items()
    }
    assert set(together) == set(alone)
    for channel, options in alone.items():
        # Whatever else slides on is of no signalling but a PRI's own.
        assert options.items() <= together[channel].items()


@pytest.mark.parametrize(
    ("numbers", "first"),
    [
        (["5550100"], "5550100"),
        ([5550100], "5550100"),
        (["+4930123"], "+4930123"),
        (["_55501XX", "5550100-5550199"], "5550100"),
        (["_55501XX"], None),
        (["555-01X"], None),
        ([], None),
    ],
)
def test_first_number(numbers: list[object], first: str | None) -> None:
    assert first_number(numbers) == first


def test_good_spans() -> None:
    assert line_problems(planned(GROUPS, CARDS), NUMBERS, MENUS) == []
    assert line_problems([], {}, {}) == []
    assert len(list(lines_of(planned(GROUPS, CARDS)))) == 8


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"switchtype": "nationl"},
            "dahdi_spans: span 1 (a-1): switchtype 'nationl' is unknown, did you mean 'national'.",
        ),
        (
            {"switchtype": "?"},
            "dahdi_spans: span 1 (a-1): switchtype '?' is unknown, choose from "
            f"{', '.join(sorted(SWITCHTYPES))}.",
        ),
        (
            {"signalling": "em_w"},
            "dahdi_spans: span 1 (a-1): signalling 'em_w' is none of a PRI, use pri_cpe or, if "
            "this gateway plays the network, pri_net.",
        ),
        (
            {"group": 64},
            "dahdi_spans: span 1 (a-1): group 64 is not between 1 and 63, correct the number of "
            "the trunk group a.",
        ),
        (
            {"circuit": "a;1"},
            "dahdi_spans: span 1 (a;1): the name of the circuit has other characters than "
            "letters, digits, '_', '.', ':', '+' and '-': rename it.",
        ),
        (
            {"voice_channels": "all"},
            "dahdi_spans: span 1 (a-1): 'all' are no channels, write for example 1-15,17-31.",
        ),
        (
            {"voice_channels": "1-25"},
            "dahdi_spans: channel 25 belongs to both a-1 and a-2, correct first_channel of one of "
            "them.",
        ),
        ({"circuit": "a-2"}, "dahdi_spans: the circuit a-2 is there twice, rename one of them."),
    ],
)
def test_bad_span(changes: dict[str, Any], sentence: str) -> None:
    first, second = planned({"a": {"type": "pri", "line": "t1", "circuits": 2}}, ["TE220"])
    assert line_problems([{**first, **changes}, second], {}, {}) == [sentence]


def test_impossible_framing() -> None:
    (span,) = planned({"a": {"type": "pri", "line": "t1"}}, ["TE122"])
    (problem,) = line_problems([{**span, "framing": "ccs"}], {}, {})
    assert "framing 'ccs' is impossible" in problem


@pytest.mark.parametrize("key", ["span", "circuit", "framing", "switchtype", "voice_channels"])
def test_missing_key(key: str) -> None:
    (span,) = planned({"a": {"type": "pri", "line": "t1"}}, ["TE122"])
    del span[key]
    where = "?" if key == "span" else "1"
    assert line_problems([span], {}, {}) == [
        f"dahdi_spans: span {where}: {key} is missing, let the inventory plugin write it."
    ]


def test_no_span() -> None:
    assert line_problems(["x"], {}, {}) == [
        "dahdi_spans: 'x' is no span, let the inventory plugin write them."
    ]
    assert line_problems([{"span": 1, "line": "analog", "ports": 4}], {}, {}) == [
        "dahdi_spans: span 1: ports is no list, let the inventory plugin write it."
    ]


def test_analog_lines_lead_somewhere() -> None:
    spans = planned({"pots": {"type": "analog", "circuits": 3}}, ["TDM2400P"])
    assert line_problems(spans, {}, MENUS) == [
        "trunk_groups: pots: calls on pots-1 and its like do not say which number was dialled, "
        'give the group one with numbers, for example numbers: ["5550100"].'
    ]
    assert line_problems(spans, {"pots": ["5550200"]}, MENUS) == [
        "gateway_numbers: 5550200 is the number of the lines of pots and leads to no menu, add it, "
        "for example '5550200: welcome'."
    ]
    assert line_problems(spans, NUMBERS, MENUS) == []
