# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Erlang B and Erlang C."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import (
    LIMIT,
    erlang_b_blocking,
    erlang_b_traffic,
    erlang_b_trunks,
    erlang_c_agents,
    erlang_c_mean_wait,
    erlang_c_service_level,
    erlang_c_wait_probability,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ERLANGS = "give erlangs: calls per hour times seconds of a call divided by 3600"
CALLS = "give how many calls the lines carry at the same time"
AGENTS = "give how many agents answer calls"
HANDLING = "give how long a call keeps an agent busy"
ANSWER = "give within how many seconds calls shall be answered"

traffics = st.floats(0, 500)
some_traffics = st.floats(0.001, 500)
exact_traffics = st.fractions(Fraction(1, 100), 60, max_denominator=100)
counts = st.integers(0, 600)
shares = st.floats(1e-9, 1 - 1e-9)
seconds = st.floats(0.1, 10_000)


def exact_blocking(traffic: Fraction, trunks: int) -> Fraction:
    """Erlang B as Erlang wrote it in 1917."""
    states = [traffic**n / math.factorial(n) for n in range(trunks + 1)]
    return states[-1] / sum(states)


def exact_wait_probability(traffic: Fraction, agents: int) -> Fraction:
    """Erlang C as Erlang wrote it in 1917."""
    states = [traffic**n / math.factorial(n) for n in range(agents)]
    waiting = traffic**agents / math.factorial(agents) * agents / (agents - traffic)
    return waiting / (sum(states) + waiting)


@pytest.mark.parametrize(
    ("trunks", "blocking", "traffic"),
    [
        # Any printed table of Erlang B has these.
        (1, 0.01, 0.0101),
        (2, 0.01, 0.153),
        (5, 0.01, 1.36),
        (10, 0.01, 4.46),
        (15, 0.01, 8.108),
        (20, 0.01, 12.0),
        (24, 0.01, 15.3),
        (30, 0.01, 20.3),
        (50, 0.01, 37.9),
        (100, 0.01, 84.1),
        (10, 0.001, 3.09),
        (10, 0.05, 6.22),
        (30, 0.02, 21.9),
    ],
)
def test_table_of_erlang_b(trunks: int, blocking: float, traffic: float) -> None:
    found = erlang_b_traffic(trunks, blocking)
    digits = len(str(traffic).replace(".", "").lstrip("0"))
    assert float(f"{found:.{digits}g}") == traffic
    assert erlang_b_blocking(found, trunks) == pytest.approx(blocking, rel=1e-12)


@pytest.mark.parametrize(
    ("traffic", "blocking", "trunks"),
    [(0, 0.01, 0), (0.01, 0.01, 1), (1, 0.01, 5), (10, 0.01, 18), (33.333, 0.01, 45)],
)
def test_trunks(traffic: float, blocking: float, trunks: int) -> None:
    assert erlang_b_trunks(traffic, blocking) == trunks


def test_example_of_erlang_c() -> None:
    """200 calls per hour of 180 s: the example that tutorials on call centers calculate."""
    assert erlang_c_agents(10, 180, 0.8, 20) == 14
    assert erlang_c_agents(120, 180) == erlang_c_agents(120, 180, 0.8, 20)
    assert erlang_c_agents(120, 180) < erlang_c_agents(120, 180, 0.81, 20)
    assert erlang_c_agents(120, 180) < erlang_c_agents(120, 180, 0.8, 19)
    assert erlang_c_wait_probability(10, 14) == pytest.approx(0.174, abs=5e-4)
    assert erlang_c_service_level(10, 14, 180, 20) == pytest.approx(0.888, abs=5e-4)
    assert erlang_c_mean_wait(10, 14, 180) == pytest.approx(7.8, abs=0.05)


@given(exact_traffics, st.integers(0, 80))
def test_blocking_is_that_of_the_direct_formula(traffic: Fraction, trunks: int) -> None:
    exact = float(exact_blocking(traffic, trunks))
    assert erlang_b_blocking(float(traffic), trunks) == pytest.approx(exact, rel=1e-13, abs=1e-300)


@given(exact_traffics, st.integers(1, 80))
def test_waiting_is_that_of_the_direct_formula(traffic: Fraction, agents: int) -> None:
    assume(agents > traffic)
    exact = float(exact_wait_probability(traffic, agents))
    found = erlang_c_wait_probability(float(traffic), agents)
    assert found == pytest.approx(exact, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("trunks", [9_000, 10_000, 10_100, 10_500])
def test_large_traffic_is_exact(trunks: int) -> None:
    """Against the direct formula with 50 digits."""
    with localcontext(prec=50):
        term = total = Decimal(1)
        for n in range(trunks, 0, -1):
            term *= Decimal(n) / 10_000
            total += term
        exact = float(1 / total)
    assert erlang_b_blocking(10_000, trunks) == pytest.approx(exact, rel=1e-12)


def test_large_traffic_needs_little_more_than_itself() -> None:
    assert erlang_b_trunks(10_000, 0.01) == 9970
    assert erlang_b_trunks(erlang_b_traffic(10_000, 0.01), 0.01) == 10_000
    assert erlang_c_agents(10_000, 180, 0.8, 20) == 10_013
    assert erlang_c_agents(LIMIT, 180, 0.8, 20) == LIMIT + 15


@given(some_traffics, counts)
def test_more_trunks_block_less(traffic: float, trunks: int) -> None:
    less, more = erlang_b_blocking(traffic, trunks + 1), erlang_b_blocking(traffic, trunks)
    assert 0 <= less <= more <= 1
    assert less < more or more == 0


@given(traffics, traffics, counts)
def test_more_traffic_is_blocked_more(one: float, other: float, trunks: int) -> None:
    low, high = sorted((one, other))
    less, more = erlang_b_blocking(low, trunks), erlang_b_blocking(high, trunks)
    assert less <= more or less == pytest.approx(more, rel=1e-12)


@given(traffics, shares)
def test_trunks_are_the_fewest(traffic: float, blocking: float) -> None:
    trunks = erlang_b_trunks(traffic, blocking)
    assert erlang_b_blocking(traffic, trunks) <= blocking
    assert trunks == 0 or erlang_b_blocking(traffic, trunks - 1) > blocking


@given(st.integers(1, 200), shares)
def test_traffic_is_the_largest(trunks: int, blocking: float) -> None:
    traffic = erlang_b_traffic(trunks, blocking)
    if traffic <= LIMIT / 2:
        assert erlang_b_blocking(traffic, trunks) <= blocking
        assert erlang_b_blocking(traffic * (1 + 1e-6), trunks) > blocking * (1 - 1e-12)
        assert erlang_b_trunks(traffic, blocking) <= trunks
        assert erlang_b_trunks(traffic * 1.01, blocking) >= trunks


@given(some_traffics, counts)
def test_who_waits_is_not_fewer_than_who_is_blocked(traffic: float, agents: int) -> None:
    waits = erlang_c_wait_probability(traffic, agents)
    assert erlang_b_blocking(traffic, agents) <= waits <= 1
    assert (waits == 1) == (agents <= traffic) or waits == pytest.approx(1)


@given(some_traffics, st.integers(1, 600), seconds, seconds)
def test_more_agents_answer_sooner(
    traffic: float, more: int, handling: float, answer: float
) -> None:
    agents = math.floor(traffic) + more
    few, many = (erlang_c_wait_probability(traffic, n) for n in (agents, agents + 1))
    assert many < few or few == many == 0
    few, many = (erlang_c_mean_wait(traffic, n, handling) for n in (agents, agents + 1))
    assert 0 <= many < few < math.inf or few == many == 0
    few, many = (erlang_c_service_level(traffic, n, handling, answer) for n in (agents, agents + 1))
    assert 0 <= few <= many <= 1


@given(some_traffics, st.integers(1, 600), seconds)
def test_service_level_and_waiting_agree(traffic: float, more: int, handling: float) -> None:
    agents = math.floor(traffic) + more
    waits = erlang_c_wait_probability(traffic, agents)
    # Nobody who waits is answered at once.
    at_once = erlang_c_service_level(traffic, agents, handling, 0)
    assert at_once == pytest.approx(1 - waits)
    # The mean wait of those who wait is the time after which 1/e of them still waits.
    mean = erlang_c_mean_wait(traffic, agents, handling)
    if waits > 1e-9 and mean / waits <= LIMIT:
        later = erlang_c_service_level(traffic, agents, handling, mean / waits)
        assert 1 - later == pytest.approx(waits / math.e, abs=1e-12)


@given(traffics, seconds, shares, st.floats(0, 10_000))
def test_agents_are_the_fewest(
    traffic: float, handling: float, level: float, answer: float
) -> None:
    agents = erlang_c_agents(traffic, handling, level, answer)
    assert agents > traffic or agents == traffic == 0
    assert erlang_c_service_level(traffic, agents, handling, answer) >= level
    assert agents == 0 or erlang_c_service_level(traffic, agents - 1, handling, answer) < level


@given(st.floats(0, LIMIT, exclude_min=True), st.floats(0, LIMIT, exclude_min=True))
def test_a_single_agent(traffic: float, handling: float) -> None:
    """What a textbook says about one server: blocking A / (1 + A), waiting A."""
    assert erlang_b_blocking(traffic, 1) == pytest.approx(traffic / (1 + traffic))
    assert erlang_c_wait_probability(traffic, 1) == pytest.approx(min(1, traffic))
    if traffic < 1:
        wait = erlang_c_mean_wait(traffic, 1, handling)
        assert wait == pytest.approx(traffic * handling / (1 - traffic))


@given(counts, seconds, st.floats(0, 10_000))
def test_no_traffic(count: int, handling: float, answer: float) -> None:
    assert erlang_b_blocking(0, count) == 0
    assert erlang_c_wait_probability(0, count) == 0
    assert erlang_c_mean_wait(0, count, handling) == 0
    assert erlang_c_service_level(0, count, handling, answer) == 1


def test_no_trunks() -> None:
    assert erlang_b_blocking(0.1, 0) == 1
    assert erlang_b_traffic(0, 0.5) == 0
    assert erlang_c_wait_probability(0.1, 0) == 1


@pytest.mark.parametrize(("traffic", "agents"), [(75, 75), (75, 74), (0.5, 0), (10_000, 9_999)])
def test_queue_without_bound(traffic: float, agents: int) -> None:
    assert erlang_c_wait_probability(traffic, agents) == 1
    assert erlang_c_service_level(traffic, agents, 180, 1000) == 0
    with pytest.raises(ValueError, match="queue") as error:
        erlang_c_mean_wait(traffic, agents, 180)
    assert str(error.value) == (
        f"agents: {agents} do not keep up with {traffic} erlangs and the queue grows without "
        f"bound, use {math.floor(traffic) + 1} or more."
    )
    assert erlang_c_mean_wait(traffic, math.floor(traffic) + 1, 180) > 0


@pytest.mark.parametrize("traffic", [5e-324, 1e-300, 0.5, 1, 10_000, LIMIT])
@pytest.mark.parametrize("more", [0, 1, 100, 2000])
def test_extremes_are_finite(traffic: float, more: int) -> None:
    count = min(math.floor(traffic) + more, LIMIT)
    results = [
        erlang_b_blocking(traffic, count),
        erlang_c_wait_probability(traffic, count),
        erlang_c_service_level(traffic, count, 5e-324, LIMIT),
        erlang_c_service_level(traffic, count, LIMIT, 5e-324),
    ]
    if count > traffic:
        results.append(erlang_c_mean_wait(traffic, count, LIMIT) / (traffic + 1) / LIMIT)
    assert all(0 <= result <= 1 for result in results)


@pytest.mark.parametrize("blocking", [5e-324, 1e-300, 1e-9, 1 - 1e-16])
@pytest.mark.parametrize("trunks", [1, 1000])
def test_extreme_blocking(trunks: int, blocking: float) -> None:
    traffic = erlang_b_traffic(trunks, blocking)
    assert 0 < traffic < math.inf
    if traffic <= LIMIT:
        assert erlang_b_trunks(traffic, blocking) == trunks


def test_numbers_may_be_texts() -> None:
    texts: Any = ("10", "18", "0.01", "180", "14.0", "0.8", "20")
    ten, eighteen, percent, handling, fourteen, level, twenty = texts
    assert erlang_b_blocking(ten, eighteen) == erlang_b_blocking(10, 18)
    assert erlang_b_trunks(ten, percent) == 18
    assert erlang_b_traffic(eighteen, percent) == erlang_b_traffic(18, 0.01)
    assert erlang_c_wait_probability(ten, fourteen) == erlang_c_wait_probability(10, 14)
    assert erlang_c_mean_wait(ten, fourteen, handling) == erlang_c_mean_wait(10, 14, 180)
    assert erlang_c_agents(ten, handling, level, twenty) == 14


NUMBERS: tuple[object, ...] = (
    -1,
    -1e-9,
    True,
    False,
    None,
    "",
    "many",
    "nan",
    "inf",
    [],
    {},
    math.nan,
    math.inf,
    -math.inf,
    LIMIT + 1,
    10**400,
)
IMPOSSIBLE: list[tuple[Callable[..., object], dict[str, Any], str, tuple[object, ...], str]] = [
    (
        erlang_b_blocking,
        {"traffic": 10, "trunks": 18},
        "traffic",
        NUMBERS,
        f"is not a number from 0 to 1,000,000, {ERLANGS}.",
    ),
    (
        erlang_b_blocking,
        {"traffic": 10, "trunks": 18},
        "trunks",
        (*NUMBERS, 17.5, "17.5"),
        f"is not a whole number from 0 to 1,000,000, {CALLS}.",
    ),
    (
        erlang_b_trunks,
        {"traffic": 10, "blocking": 0.01},
        "traffic",
        NUMBERS,
        f"is not a number from 0 to 1,000,000, {ERLANGS}.",
    ),
    *(
        (
            function,
            values,
            "blocking",
            (*NUMBERS, 0, 1, "1", 1.0),
            "is not a share between 0 and 1, write 0.01 for 1 %.",
        )
        for function, values in (
            (erlang_b_trunks, {"traffic": 10, "blocking": 0.01}),
            (erlang_b_traffic, {"trunks": 18, "blocking": 0.01}),
        )
    ),
    (
        erlang_b_traffic,
        {"trunks": 18, "blocking": 0.01},
        "trunks",
        (*NUMBERS, 0.5),
        f"is not a whole number from 0 to 1,000,000, {CALLS}.",
    ),
    *(
        (function, values, option, impossible, sentence)
        for function, values in (
            (erlang_c_wait_probability, {"traffic": 10, "agents": 14}),
            (erlang_c_mean_wait, {"traffic": 10, "agents": 14, "handling_seconds": 180}),
            (
                erlang_c_service_level,
                {"traffic": 10, "agents": 14, "handling_seconds": 180, "answer_seconds": 20},
            ),
            (
                erlang_c_agents,
                {
                    "traffic": 10,
                    "handling_seconds": 180,
                    "answer_seconds": 20,
                    "service_level": 0.8,
                },
            ),
        )
        for option, impossible, sentence in (
            ("traffic", NUMBERS, f"is not a number from 0 to 1,000,000, {ERLANGS}."),
            ("agents", (*NUMBERS, 0.5), f"is not a whole number from 0 to 1,000,000, {AGENTS}."),
            (
                "handling_seconds",
                (*NUMBERS, 0, "0"),
                f"is not a number above 0 and up to 1,000,000, {HANDLING}.",
            ),
            ("answer_seconds", NUMBERS, f"is not a number from 0 to 1,000,000, {ANSWER}."),
            (
                "service_level",
                (*NUMBERS, 0, 1, 80),
                "is not a share between 0 and 1, write 0.8 for 80 %.",
            ),
        )
        if option in values
    ),
]


@pytest.mark.parametrize(
    ("function", "values", "option", "impossible", "sentence"),
    [pytest.param(*case, id=f"{case[0].__name__}-{case[2]}") for case in IMPOSSIBLE],
)
def test_impossible(
    function: Callable[..., object],
    values: dict[str, Any],
    option: str,
    impossible: tuple[object, ...],
    sentence: str,
) -> None:
    function(**values)
    for value in impossible:
        with pytest.raises(ValueError, match=option) as error:
            function(**{**values, option: value})
        assert str(error.value) == f"{option}: '{value}' {sentence}"
