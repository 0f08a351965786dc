# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The planner against plans that are known to be the best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from math import prod

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import (
    Plan,
    UnplannableError,
    plan,
)
from ansible_collections.trunkline.callcenter.tests.planning.cases import NASTY, Case, random_case
from ansible_collections.trunkline.callcenter.tests.planning.exact import best_score
from ansible_collections.trunkline.callcenter.tests.planning.measure import (
    Score,
    measure,
    violations,
)

SEEDS = 2000
CHUNK = 100
BRUTE_SEEDS = 1000
BRUTE_PLANS = 400
"""Networks with more ways to plug everything in are left out."""

UNPROVEN = {("every span is needed", True)}
"""Nasty cases, and whether to rebalance, where the planner ends its search with the best plan but
does not know that it is."""

chunks = pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))


@cache
def best(seed: int) -> Score | None:
    case = random_case(seed)
    return best_score(case.network, case.wired, rebalance=case.rebalance)


def planned(case: Case) -> Plan | None:
    try:
        return plan(case.network, case.wired, rebalance=case.rebalance)
    except UnplannableError as error:
        if not error.reasons:
            raise
        return None


def faults(case: Case, expected: Score | None) -> Iterator[object]:
    """What is wrong with the answer to the case."""
    answer = planned(case)
    if answer is None:
        if expected is not None:
            yield f"no plan, but there is one with {expected}"
        return
    if expected is None:
        yield f"impossible plan {answer.places}"
        return
    yield from violations(case.network, answer.places)
    score = measure(case.network, case.wired, answer.places)
    if score != expected:
        yield f"{score}, best is {expected}"
    if len(answer.moved) != score.moves:
        yield f"{score}, but told are {answer.moved}"
    if not answer.proven:
        yield "not proven"


@chunks
def test_optimal(first: int) -> None:
    found = {
        seed: list(faults(random_case(seed), best(seed))) for seed in range(first, first + CHUNK)
    }
    assert {seed: wrong for seed, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("rebalance", [False, True])
def test_nasty(name: str, rebalance: bool) -> None:
    case = Case(NASTY[name][0].network, NASTY[name][0].wired, rebalance)
    score = best_score(case.network, case.wired, rebalance=rebalance)
    if not rebalance:
        assert score == NASTY[name][1]
    unproven = (name, rebalance) in UNPROVEN
    assert list(faults(case, score)) == (["not proven"] if unproven else [])


@chunks
def test_order_does_not_matter(first: int) -> None:
    def places(case: Case) -> Mapping[str, str] | None:
        answer = planned(case)
        return None if answer is None else answer.places

    differing = [
        seed
        for seed in range(first, first + CHUNK)
        if places(case := random_case(seed)) != places(case.shuffled(seed))
    ]
    assert differing == []


@chunks
def test_a_plan_stays(first: int) -> None:
    """Planned again around its own result; to rebalance only what was planned so."""
    changing = []
    for seed in range(first, first + CHUNK):
        case = random_case(seed)
        if answer := planned(case):
            for rebalance in sorted({False, case.rebalance}):
                again = planned(Case(case.network, answer.places, rebalance))
                if again is None or again.places != answer.places or again.moved:
                    changing.append((seed, rebalance))
    assert changing == []


def test_random_cases_are_of_all_sorts() -> None:
    scores = [best(seed) for seed in range(SEEDS)]
    cases = [random_case(seed) for seed in range(SEEDS)]
    feasible = [
        (case, score) for case, score in zip(cases, scores, strict=True) if score is not None
    ]
    sorts = {
        "impossible": scores.count(None),
        "feasible": len(feasible),
        "moves": sum(score.moves > 0 for _case, score in feasible),
        "excess": sum(score.excess > 0 for _case, score in feasible),
        "rebalance": sum(case.rebalance for case, _score in feasible),
        "nothing wired": sum(not case.wired for case, _score in feasible),
        "bundles": sum(
            any(group.nfas > 1 for group in case.network.trunk_groups) for case, _score in feasible
        ),
        "cards of one line": sum(
            any(card.model.together for one in case.network.gateways for card in one.cards)
            for case, _score in feasible
        ),
        "pins": sum(
            any(group.pins for group in case.network.trunk_groups) for case, _score in feasible
        ),
    }
    print(", ".join(f"{sort} {count / SEEDS:.0%}" for sort, count in sorts.items()))
    assert {sort: count for sort, count in sorts.items() if count < SEEDS / 10} == {}


def all_plans(case: Case) -> list[dict[str, str]]:
    """Every way to put circuits where they fit, whether it is right or not; [] if they are many."""
    network = case.network
    places = {
        circuit: [f"{one.name}/sip" for one in network.gateways if group.kind == "sip"]
        + [
            f"{one.name}/{card.slot}/{port}"
            for one in network.gateways
            for card in one.cards
            for port, accepts in enumerate(card.accepts(), 1)
            if group.kind in accepts
        ]
        for group in network.trunk_groups
        for circuit in group.circuits
    }
    if not 1 < prod(map(len, places.values())) <= BRUTE_PLANS:
        return []
    return [dict(zip(places, chosen, strict=True)) for chosen in product(*places.values())]


def test_best_score_is_that_of_the_best_of_all_plans() -> None:
    feasible = moves = 0
    for seed in range(BRUTE_SEEDS):
        case = random_case(seed)
        if plans := all_plans(case):
            right = [places for places in plans if not violations(case.network, places)]
            scores = [measure(case.network, case.wired, places) for places in right]
            least = min(
                scores, key=lambda score: score.ranked(rebalance=case.rebalance), default=None
            )
            assert best(seed) == least, seed
            feasible += least is not None
            moves += least is not None and least.moves > 0
    assert feasible >= 100
    assert moves >= 20
