# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's patterns of telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dial_patterns import (
    NUMBER,
    matches,
    shortest,
)


@pytest.mark.parametrize(
    ("pattern", "number", "taken"),
    [
        ("5550100", "5550100", True),
        ("5550100", "55501000", False),
        ("_55501XX", "5550199", True),
        ("_55501XX", "555019", False),
        ("_NXX", "199", False),
        ("_NXX", "211", True),
        ("_Z1", "01", False),
        ("_9.", "9", False),
        ("_9.", "9123", True),
        ("_9!", "9", True),
        ("_+49X!", "+4930", True),
        ("_[12-4]X", "35", True),
        ("_[12-4]X", "55", False),
        ("_555-01XX", "5550100", True),
        ("_[5-1]X", "31", False),
        ("_[", "[", True),
    ],
)
def test_matches(pattern: str, number: str, taken: bool) -> None:
    assert matches(pattern, number) is taken


@given(st.from_regex(NUMBER, fullmatch=True), st.from_regex(r"\+?[0-9]{1,12}", fullmatch=True))
def test_no_number_shorter_than_the_shortest(pattern: str, number: str) -> None:
    if matches(pattern, number):
        assert len(number) >= shortest(pattern)


@given(st.from_regex(r"[0-9]{1,12}", fullmatch=True))
def test_a_number_is_a_pattern_of_its_own(number: str) -> None:
    assert matches(number, number)
    assert matches(f"_{number}", number)
    assert matches("_" + "X" * len(number), number)
    assert shortest(f"_{number}!") == len(number)
