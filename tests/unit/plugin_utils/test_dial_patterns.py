# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asterisk's patterns of telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dial_patterns import (
    NUMBER,
    covering_patterns,
    leads,
    matches,
    patterns_of,
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


@given(st.sets(st.from_regex(r"[0-9]{1,4}", fullmatch=True)), st.integers(0, 9999))
def test_patterns_cover_exactly_the_numbers(numbers: set[str], other: int) -> None:
    patterns = covering_patterns(numbers)
    assert len(set(patterns)) == len(patterns)
    for number in numbers | {str(other)}:
        taken = sum(matches(pattern, number) for pattern in patterns)
        assert taken == (number in numbers)


def test_patterns_of_many_numbers_are_few() -> None:
    assert covering_patterns(map(str, range(1001, 1201))) == ["1200", "_100Z", "_10ZX", "_11XX"]
    assert covering_patterns(map(str, range(2000, 10000))) == ["_NXXX"]
    assert covering_patterns([]) == []


@pytest.mark.parametrize(
    ("entry", "patterns"),
    [
        ("5550100", ["5550100"]),
        ("_55501XX", ["_55501XX"]),
        ("5550100-5550199", ["_55501XX"]),
        ("+4930-+4932", ["_+493[012]"]),
        ("007-010", ["010", "_00[789]"]),
        ("5550100-5550100", ["5550100"]),
        ("0000-9999", ["_XXXX"]),
        ("5550199-5550100", []),
        ("99-100", []),
        ("+4930-4932", []),
        ("00000-10000", []),
        ("default", []),
        ("", []),
    ],
)
def test_patterns_of(entry: str, patterns: list[str]) -> None:
    assert patterns_of(entry) == patterns


@pytest.mark.parametrize(
    ("entry", "found"),
    [("default", True), ("5550100-5550199", True), ("_5550[01]XX", True), ("5550200", False)],
)
def test_leads(entry: str, found: bool) -> None:
    assert leads(entry, "5550150") is found
