# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conference rooms, and what can be wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.conferences import (
    conference_problems,
)

numbers = st.from_regex("[0-9]{1,8}", fullmatch=True)


@given(st.sets(numbers), st.sets(numbers), st.sets(numbers))
def test_a_room_of_its_own_or_a_sentence(
    rooms: set[str], taken: set[str], outgoing: set[str]
) -> None:
    problems = conference_problems(dict.fromkeys(sorted(rooms)), taken, outgoing)
    assert len(problems) == len(rooms & taken) + len(rooms & outgoing)


@given(numbers, st.from_regex("[0-9]{1,10}", fullmatch=True))
def test_good_rooms(number: str, pin: str) -> None:
    assert conference_problems({number: {"pin": pin}}, [], ["_+X."]) == []


@pytest.mark.parametrize(
    ("number", "options", "sentence"),
    [
        ("board", {}, "central_conferences: 'board' is no extension, use up to 8 digits."),
        (
            "8500",
            "4711",
            "central_conferences: 8500: '4711' is no mapping, write for example {pin: '4711'}.",
        ),
        (
            "8500",
            {"pni": "1"},
            "central_conferences: 8500: unknown option 'pni', did you mean 'pin'.",
        ),
        (
            "8500",
            {"pin": 4711},
            "central_conferences: 8500: pin is no number in quotes, write 1 to 10 digits such as "
            "'4711'.",
        ),
    ],
)
def test_problem(number: str, options: object, sentence: str) -> None:
    assert conference_problems({number: options}, [], []) == [sentence]
