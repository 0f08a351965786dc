# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether calls go worse than before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.watch import (
    FEWEST,
    deaf_gateways,
    too_many,
    watch_problems,
)

counts = st.integers(0, 2000)


def sample(traffic: dict[str, int] | None = None, **more: object) -> dict[str, Any]:
    usual = {
        "calls": 100,
        "failed": 1,
        "entered": 50,
        "connected": 48,
        "abandoned": 2,
        "seconds": 900,
    }
    return {
        "state": {"state": "active", "healthy": True, "reasons": []},
        "holds_address": True,
        "asterisk_starts": "1",
        "database": {"registered": 200, "traffic": {**usual, **(traffic or {})}},
        **more,
    }


@given(counts, counts)
def test_as_before_is_no_problem(bad: int, good: int) -> None:
    assert not too_many(bad, bad + good, bad, bad + good)


@given(counts, counts, counts, counts)
def test_more_failures_are_never_better(bad: int, good: int, bad_now: int, good_now: int) -> None:
    if too_many(bad, bad + good, bad_now, bad_now + good_now):
        assert bad_now >= FEWEST
        assert too_many(bad, bad + good, bad_now + 1, bad_now + 1 + good_now)


@given(counts)
def test_all_calls_failing_is_noticed(good: int) -> None:
    assert too_many(0, good, FEWEST, FEWEST)


def test_nobody_calls_at_night() -> None:
    quiet = sample(traffic={"calls": 0, "failed": 0, "entered": 0, "abandoned": 0, "seconds": 140})
    assert watch_problems(sample(), [quiet]) == []
    assert watch_problems(quiet, [quiet]) == []


def test_good_server_stays() -> None:
    assert watch_problems(sample(), [sample(), sample()]) == []
    assert watch_problems(sample(), []) == []


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (
            sample(traffic={"calls": 0, "failed": 0, "entered": 0, "abandoned": 0, "seconds": 150}),
            "No caller has reached a queue, 8 were expected.",
        ),
        (
            sample(traffic={"connected": 0, "seconds": 150}),
            "No caller has reached an agent, 8 were expected.",
        ),
        (
            sample(traffic={"failed": 30}),
            "30 of 100 calls failed, before it were 1 of 100.",
        ),
        (
            sample(traffic={"abandoned": 20}),
            "20 of 50 callers gave up in the queue, before it were 2 of 50.",
        ),
        (sample(asterisk_starts="2"), "Its Asterisk started again by itself."),
        (sample(holds_address=False), "It did not stay active."),
        (
            sample(state={"state": "active", "healthy": False, "reasons": ["It is ill."]}),
            "It is not healthy: It is ill.",
        ),
        (
            sample(database={"registered": 100, "traffic": {}}),
            "Only 100 of 200 phones are registered.",
        ),
    ],
)
def test_bad_server(bad: dict[str, Any], sentence: str) -> None:
    assert watch_problems(sample(), [sample(), bad]) == [sentence]


def trunks(**states: str) -> dict[str, list[dict[str, str]]]:
    """What gateways say of their endpoints; an empty state is no answer."""
    return {
        name: [{"name": "central", "state": state}, {"name": "circuit-a", "state": "unavailable"}]
        if state
        else []
        for name, state in states.items()
    }


UP, DOWN, SILENT = "not in use", "unavailable", ""


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([UP], False),
        ([UP, DOWN], False),
        ([UP, UP, DOWN], False),
        ([UP, DOWN, DOWN], True),
        ([UP, DOWN, DOWN, UP], False),
        ([UP, SILENT, SILENT], False),
        ([DOWN, DOWN, DOWN], False),
        ([SILENT, DOWN, DOWN], False),
        (["in use", UP, DOWN, DOWN], True),
    ],
)
def test_gateway_that_lost_the_server(states: list[str], told: bool) -> None:
    looks = [trunks(gw1=state, gw2=UP) for state in states]
    assert deaf_gateways(looks) == (["gw1 cannot call it."] if told else [])


def test_all_gateways_that_lost_the_server() -> None:
    looks = [trunks(gw1=state, gw2=state) for state in (UP, DOWN, DOWN)]
    assert deaf_gateways(looks) == ["gw1, gw2 cannot call it."]
