# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Priorities of callers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.caller_priorities import (
    HIGHEST_PRIORITY,
    caller_priorities,
    caller_priority_problems,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dial_patterns import matches


@given(st.integers(0, 990), st.integers(0, 9), st.integers(0, HIGHEST_PRIORITY))
def test_callers_of_a_range_have_its_priority(first: int, more: int, priority: int) -> None:
    callers = {f"{first:03}-{first + more:03}": priority}
    assert caller_priority_problems(callers) == []
    found = caller_priorities(callers)
    for number in (first, first + more, first + more + 1):
        taken = [each for pattern, each in found.items() if matches(pattern, f"c{number:03}")]
        assert taken == ([priority] if number <= first + more else [])


def test_patterns() -> None:
    assert caller_priorities({"_0800X.": 5, "+34910": "7", "1001": 1}) == {
        "_c0800X.": 5,
        "c+34910": 7,
        "c1001": 1,
    }


@pytest.mark.parametrize(
    ("callers", "sentence"),
    [
        (
            {"Bob": 5},
            "central_priority_callers: 'Bob' is neither a telephone number nor a pattern such as "
            "_0123X. nor a range such as 5550100-5550199.",
        ),
        (
            {"5551234": 100},
            "central_priority_callers: 5551234: '100' is no whole number from 0 to 99.",
        ),
    ],
)
def test_sentences(callers: dict[str, object], sentence: str) -> None:
    assert caller_priority_problems(callers) == [sentence]
