# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison of the plan with the cabling lock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    CablingLock,
    lock_of,
    render_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_problems import (
    cabling_problems,
    lock_problem,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import (
    SipCircuit,
    WiredCard,
    WiredPort,
    Wiring,
)

PATH = "inventories/x/cabling.txt"
REMEDY = "run playbooks/plan.yml, move the cables as it says and confirm."
CIRCUITS = [f"a-{number}" for number in range(1, 9)]

assignments = st.permutations([*CIRCUITS, None, None]).map(
    lambda ports: [gateway("gw1", *ports[:4], sip=("b-1",)), gateway("gw2", *ports[4:8])]
)


def gateway(name: str, *circuits: str | None, sip: tuple[str, ...] = ()) -> Wiring:
    ports = (
        WiredPort(number, "t1", circuit, circuit and "a", 23)
        for number, circuit in enumerate(circuits, 1)
    )
    return Wiring(
        name,
        (WiredCard(1, "TE420", tuple(ports)),) if circuits else (),
        tuple(SipCircuit(circuit, "b", 30) for circuit in sip),
    )


def lock(**places: str) -> str:
    return render_lock(CablingLock({name.replace("_", "-"): at for name, at in places.items()}))


def problem(wiring: Wiring, text: str | None) -> str:
    problems = cabling_problems([wiring], text, PATH)
    assert set(problems) <= {"gw1"}
    return problems.get("gw1", "")


@given(assignments)
def test_as_planned(wirings: list[Wiring]) -> None:
    assert cabling_problems(wirings, render_lock(lock_of(wirings, {})), PATH) == {}


@given(assignments, assignments)
def test_gateways_that_differ(plan: list[Wiring], cabled: list[Wiring]) -> None:
    problems = cabling_problems(plan, render_lock(lock_of(cabled, {})), PATH)
    differing = [
        one.gateway
        for one, other in zip(plan, cabled, strict=True)
        if set(one.places()) != set(other.places())
    ]
    assert sorted(problems) == differing
    for gateway_name, sentence in problems.items():
        assert sentence.startswith(f"{gateway_name}: the plan differs from the cabling lock {PATH}")
        assert sentence.endswith(f": {REMEDY}")
        assert sentence.count("belongs") <= 3


@given(assignments, assignments)
def test_the_others_need_not_be_known(plan: list[Wiring], cabled: list[Wiring]) -> None:
    text = render_lock(lock_of(cabled, {}))
    together = cabling_problems(plan, text, PATH)
    alone: dict[str, str] = {}
    for wiring in plan:
        alone |= cabling_problems([wiring], text, PATH)
    assert alone == together


@pytest.mark.parametrize(
    ("wiring", "text", "difference"),
    [
        (
            gateway("gw1", "a-1", "a-2"),
            lock(a_1="gw1/1/1"),
            "1 circuit (a-2 belongs into card 1, port 2)",
        ),
        (
            gateway("gw1", "a-1", "a-2"),
            lock(a_1="gw1/1/1", a_2="gw2/1/1"),
            "1 circuit (a-2 belongs into card 1, port 2)",
        ),
        (
            gateway("gw1", "a-1"),
            lock(a_1="gw1/1/1", a_2="gw1/2/3"),
            "1 circuit (a-2 no longer belongs into card 2, port 3)",
        ),
        (
            gateway("gw1"),
            lock(b_1="gw1/sip"),
            "1 circuit (b-1 no longer belongs to this gateway)",
        ),
        (
            gateway("gw1", sip=("b-1", "b-2")),
            lock(b_1="gw1/sip", b_2="gw2/sip"),
            "1 circuit (b-2 belongs to this gateway)",
        ),
        (
            gateway("gw1", "a-1", "a-2"),
            lock(a_1="gw1/1/2", a_2="gw1/1/1"),
            "2 circuits (a-1 belongs into card 1, port 1; a-2 belongs into card 1, port 2)",
        ),
        (
            gateway("gw1", "a-1", "a-2", "a-3"),
            lock(),
            "3 circuits (a-1 belongs into card 1, port 1; a-2 belongs into card 1, port 2; a-3 "
            "belongs into card 1, port 3)",
        ),
        (
            gateway("gw1", "a-10", "a-2", "a-3", "a-4", "a-5"),
            lock(),
            "5 circuits (a-2 belongs into card 1, port 2; a-3 belongs into card 1, port 3; a-4 "
            "belongs into card 1, port 4; and 2 more)",
        ),
    ],
)
def test_difference(wiring: Wiring, text: str, difference: str) -> None:
    assert problem(wiring, text) == (
        f"gw1: the plan differs from the cabling lock {PATH} in {difference}: {REMEDY}"
    )


@pytest.mark.parametrize(
    ("circuits", "count"), [(["a-1"], "1 circuit"), (["a-1", "a-2"], "2 circuits")]
)
def test_missing_lock(circuits: list[str], count: str) -> None:
    assert problem(gateway("gw1", *circuits), None) == (
        f"gw1: there is no cabling lock {PATH} yet and {count} to be plugged in: run "
        "playbooks/plan.yml first, plug the cables as it says and confirm."
    )


@pytest.mark.parametrize("text", ["", "half a line", lock(a_1="gw1/1/1")[:-3]])
def test_broken_lock(text: str) -> None:
    sentence = lock_problem(text, PATH)
    assert sentence.startswith(f"cabling lock {PATH}: line ")
    assert problem(gateway("gw1", "a-1"), text) == f"gw1: {sentence}"


@pytest.mark.parametrize("text", [None, "", lock(a_1="gw2/1/1")])
def test_gateway_without_circuits(text: str | None) -> None:
    assert problem(gateway("gw1", None, None), text) == ""
    assert problem(gateway("gw1"), text) == ""


def test_good_lock() -> None:
    assert lock_problem(lock(a_1="gw1/1/1"), PATH) == ""
