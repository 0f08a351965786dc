# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences that say why there is no plan."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateways import Gateway
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.plan_reasons import (
    kind_name,
    no_place_reason,
    shortage_reason,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import (
    UnplannableError,
    plan,
)

Options = dict[str, Any]

DIGITAL = ["TE122", "TE220", "TE420", "TE820", "TDM2400P"]


def gateways(count: int, *cards: str) -> Options:
    return {f"gw{number}": {"cards": list(cards)} for number in range(1, count + 1)}


def t1(circuits: int, **options: object) -> Options:
    return {"type": "pri", "line": "t1", "circuits": circuits, **options}


def reasons(trunk_groups: Options, servers: Options, **options: object) -> list[str]:
    network = read_network({"trunk_groups": trunk_groups, "gateways": servers, **options})
    with pytest.raises(UnplannableError) as caught:
        plan(network)
    assert str(caught.value) == " ".join(caught.value.reasons)
    return list(caught.value.reasons)


ELSEWHERE = ", or let other gateways take them (gateways, exclude, pins)."


@pytest.mark.parametrize(
    ("trunk_groups", "servers", "sentence"),
    [
        (
            {"a": t1(12)},
            gateways(2, "TE420"),
            "12 T1 PRIs (a) need 3 gateways at 4 each; gw1 and gw2 offer 8 ports: add 1 gateway.",
        ),
        (
            {"a": t1(8)},
            gateways(2, "TE220"),
            "8 T1 PRIs (a) need 2 gateways at 4 each; gw1 and gw2 offer 4 ports: add 1 gateway or "
            "4 ports.",
        ),
        (
            {"a": t1(2)},
            gateways(1, "TE122"),
            "2 T1 PRIs (a) need 1 gateway at 4 each; gw1 offers 1 port: add 1 gateway or 1 port.",
        ),
        # The other four ports of an 8-span card stay dark, and so does a card beside a full one.
        (
            {"a": t1(5)},
            gateways(1, "TE820"),
            "5 T1 PRIs (a) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway.",
        ),
        # 24 analog ports count as a span.
        (
            {"a": t1(4)},
            gateways(1, "TE420", "TDM2400P"),
            "4 T1 PRIs (a) need 1 gateway at 4 each; gw1 offers 3 ports: add 1 gateway.",
        ),
        (
            {"a": t1(21)},
            gateways(5, "TE420"),
            "21 T1 PRIs (a) need 6 gateways at 4 each; gw1, gw2, gw3 and 2 more gateways offer 20 "
            "ports: add 1 gateway.",
        ),
        (
            {"a": t1(1)},
            {},
            "1 T1 PRI (a) needs 1 port, and no gateway that may take it has a free one: add 1 "
            "port.",
        ),
        (
            {"a": t1(2)},
            gateways(1, "TDM2400P"),
            "2 T1 PRIs (a) need 2 ports, and no gateway that may take them has a free one: add 2 "
            "ports.",
        ),
        (
            {"a": t1(3), "b": {"type": "pri", "line": "e1", "circuits": 3}},
            gateways(1, "TE420"),
            "6 E1/T1 PRIs (a and b) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway.",
        ),
        (
            {"a": t1(3), "b": {"type": "cas", "line": "t1", "circuits": 2}},
            gateways(1, "TE420"),
            "5 T1 lines (a and b) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway.",
        ),
        (
            {"pots": {"type": "analog", "circuits": 30}},
            gateways(1, "TDM2400P"),
            "30 analog lines (pots) need 30 FXO ports; gw1 offers 24 FXO ports: add 6 FXO ports.",
        ),
        (
            {"floor": {"type": "station", "extensions": "3001"}},
            gateways(1, "TDM2400P"),
            "1 analog telephone (floor) needs 1 FXS port, and no gateway that may take it has a "
            "free one: add 1 FXS port.",
        ),
        # All that compete for the ports, not only the first that finds none.
        (
            {name: {"type": "analog", "circuits": 10} for name in "abc"},
            gateways(1, "TDM800P"),
            "30 analog lines (a, b and c) need 30 FXO ports; gw1 offers 8 FXO ports: add 22 FXO "
            "ports.",
        ),
        (
            {"a": t1(6, gateways=["gw1"]), "b": t1(4, gateways=["gw1", "gw2"]), "c": t1(5)},
            gateways(2, "TE420"),
            "6 T1 PRIs (a) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway"
            + ELSEWHERE,
        ),
        (
            {"a": t1(5, gateways=["gw1"]), "b": t1(1)},
            gateways(2, "TE420"),
            "5 T1 PRIs (a) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway"
            + ELSEWHERE,
        ),
        (
            {"a": t1(5, pins=dict.fromkeys(range(1, 6), "gw1"))},
            gateways(2, "TE420"),
            "5 T1 PRIs (a) need 2 gateways at 4 each; gw1 offers 4 ports: add 1 gateway"
            + ELSEWHERE,
        ),
        (
            {"a": t1(2, exclude=["gw1"])},
            gateways(1, "TE420"),
            "2 T1 PRIs (a) need 2 ports, and no gateway that may take them has a free one: add 2 "
            "ports" + ELSEWHERE,
        ),
        (
            {"b": {"type": "sip", "host": "192.0.2.10", "circuits": 2}},
            {},
            "2 SIP circuits (b) need a gateway, and there is none that may take them: add one.",
        ),
        (
            {"a": t1(2, pins={1: "gw1/1/1", 2: "gw1/1/1"})},
            gateways(1, "TE420"),
            "trunk_groups: a: pins: a-2: another circuit is pinned to gw1/1/1: choose one.",
        ),
        (
            {"a": t1(1, pins={1: "gw1/1/1"}, exclude=["gw1"])},
            gateways(2, "TE420"),
            "trunk_groups: a: pins: a-1: gw1 is not among the gateways that may take the group: "
            "choose another one, or change gateways or exclude.",
        ),
        (
            {"a": t1(1, pins={1: "gw1/1/1"})},
            gateways(1, "TDM2400P"),
            "trunk_groups: a: pins: a-1: gw1/1/1 is no port for a T1: choose one that takes it "
            "and is not dark.",
        ),
        (
            {"a": t1(1, pins={1: "gw1/1/2"})},
            {"gw1": {"cards": [{"model": "TE420", "dark": [2]}]}},
            "trunk_groups: a: pins: a-1: gw1/1/2 is no port for a T1: choose one that takes it "
            "and is not dark.",
        ),
        (
            {"a": t1(5, pins={number: f"gw1/1/{number}" for number in range(1, 6)})},
            gateways(2, "TE820"),
            "gw1: more circuits are pinned to its ports than the 4 spans it may carry, cards of "
            "24 analog ports included: pin some to another gateway.",
        ),
        (
            {"a": t1(2, nfas=2, pins={1: "gw1", 2: "gw2"})},
            gateways(2, "TE420"),
            "trunk_groups: a: pins: a-1, a-2 share a D-channel and cannot be on different "
            "gateways: pin them to one.",
        ),
    ],
)
def test_reason(trunk_groups: Options, servers: Options, sentence: str) -> None:
    assert reasons(trunk_groups, servers) == [sentence]


def test_all_reasons_at_once() -> None:
    groups = {"a": t1(5), "pots": {"type": "analog"}, "b": {"type": "sip", "host": "192.0.2.10"}}
    kinds = [reason.split(" (")[0] for reason in reasons(groups, gateways(1, "TE420"))]
    assert kinds == ["5 T1 PRIs", "1 analog line"]


def test_lines_that_switch_together() -> None:
    groups = {
        "a": t1(1, pins={1: "gw1/1/1"}),
        "b": {"type": "pri", "line": "e1", "pins": {1: "gw1/1/2"}},
    }
    models = {"D410P": {"spans": 4, "together": True}}
    assert reasons(groups, gateways(2, "D410P"), card_models=models) == [
        "gw1: E1 and T1 circuits are pinned to a card whose ports switch together: pin some of "
        "them to another card."
    ]


NO_PLACE = (
    "find no place: an NFAS group needs all its ports on one gateway, and a card whose ports "
    "switch together takes one kind of line; add a gateway, or lift a pin or an exclusion."
)


def test_ports_enough_but_not_on_one_gateway() -> None:
    assert reasons({"a": t1(4, nfas=4)}, gateways(4, "TE122")) == [f"The circuits of a {NO_PLACE}"]


def test_ports_enough_but_not_on_one_card() -> None:
    groups = {"a": t1(1), "b": {"type": "pri", "line": "e1"}}
    models = {"D410P": {"spans": 4, "together": True}}
    assert reasons(groups, gateways(1, "D410P"), card_models=models) == [
        f"The circuits of a and b {NO_PLACE}"
    ]


def test_many_trunk_groups() -> None:
    network = read_network({"trunk_groups": {f"a{number}": t1(1) for number in range(6)}})
    assert shortage_reason(network.trunk_groups, 6, [Gateway("gw1")], 4, 0) == (
        "6 T1 PRIs (a0, a1, a2 and 3 more trunk groups) need 2 gateways at 4 each; gw1 offers 4 "
        "ports: add 1 gateway."
    )
    assert "The circuits of a0, a1, a2 and 3 more trunk groups find" in no_place_reason(
        network.trunk_groups
    )


def test_every_kind_has_a_name() -> None:
    assert [kind_name(kind) for kind in ("t1", "e1", "j1", "fxo", "fxs", "sip")] == [
        *("a T1", "an E1", "a J1", "an analog line", "an analog telephone", "a SIP circuit")
    ]


@given(st.integers(1, 40), st.lists(st.lists(st.sampled_from(DIGITAL), max_size=3), max_size=5))
def test_what_is_to_be_added_suffices(circuits: int, cards: list[list[str]]) -> None:
    """And one gateway less does not."""
    servers: Options = {f"gw{number}": {"cards": one} for number, one in enumerate(cards, 1)}
    groups = {"a": t1(circuits)}
    try:
        plan(read_network({"trunk_groups": groups, "gateways": servers}))
    except UnplannableError as error:
        (reason,) = error.reasons
    else:
        return
    found = re.search(r": add (?:(\d+) gateways?)?(?: or )?(?:(\d+) ports?)?\.$", reason)
    assert found is not None
    more, ports = [int(number or 0) for number in found.groups()]
    assert more or ports
    more = more or -(-ports // 4)

    def with_more(count: int) -> Options:
        added = {f"new{number}": {"cards": ["TE420"]} for number in range(count)}
        return {"trunk_groups": groups, "gateways": {**servers, **added}}

    plan(read_network(with_more(more)))
    with pytest.raises(UnplannableError):
        plan(read_network(with_more(more - 1)))
