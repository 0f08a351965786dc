# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call-backs of queues."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.call_backs import (
    OPTIONS,
    SOUNDS,
    call_back_problems,
    may_be_called,
    reference,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dial_patterns import (
    matches,
    may_begin,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_options import (
    option_problems,
    read_queue,
    values,
)

OUTGOING: dict[str, Any] = {
    "_9NXXXXXX": {"trunk_groups": ["a"], "strip": 1, "class": "local"},
    "_8X.": {"trunk_groups": ["a"]},
    "_9900X.": {"blocked": True},
}


def problems(call_back: dict[str, Any], caller_id: str = "5550100") -> list[str]:
    queue = read_queue("sales", {"call_back": {"digit": 1, **call_back}})
    return call_back_problems({"sales": queue["call_back"]}, OUTGOING, caller_id)


def test_good_call_backs() -> None:
    assert problems({"prefix": 9, "outgoing_classes": ["local"]}) == []
    assert problems({"prefix": "8"}) == []
    assert problems({"caller_id": "+15550100"}, caller_id="") == []
    assert call_back_problems({"sales": None}, {}, "") == []


def test_a_key_is_enough() -> None:
    queue = read_queue("sales", {"call_back": {"digit": "*"}})
    defaults = {option.name: option.default for option in OPTIONS}
    assert queue["call_back"] == {**defaults, "digit": "*", "sounds": SOUNDS}
    assert read_queue("sales", {})["call_back"] is None
    assert read_queue("sales", {"call_back": None})["call_back"] is None
    with_key, without = values({"sales": queue, "support": read_queue("support", {})})
    assert with_key["settings"]["context"] == "call-back-sales"
    assert "context" not in without["settings"]


@pytest.mark.parametrize(
    ("call_back", "rest"),
    [
        ({}, "says no digit, add one such as digit: 1."),
        (1, "'1' is no mapping, "),
        ({"digit": 12}, "digit: '12' is no key of a telephone, write one such as '1'."),
        ({"digit": True}, "digit: 'True' is no key of a telephone, "),
        ({"digit": 1, "digt": 1}, "digt: unknown option, did you mean 'digit'."),
        ({"digit": 1, "prefix": "*31"}, "prefix: '*31' is no prefix, write up to 8 digits "),
        ({"digit": 1, "tries": 0}, "tries: '0' is no whole number from 1 to 10."),
        ({"digit": 1, "caller_id": "sales"}, "caller_id: 'sales' is no telephone number, write "),
        ({"digit": 1, "other_number": "no"}, "other_number: 'no' is neither true nor false."),
        ({"digit": 1, "outgoing_classes": "local"}, "outgoing_classes: 'local' is no list, "),
        (
            {"digit": 1, "sounds": {"accepted": ["vm-goodby"]}},
            "sounds: accepted: 'vm-goodby' is no prompt of Debian, did you mean 'vm-goodbye'.",
        ),
        ({"digit": 1, "sounds": {"wait": []}}, "sounds: wait: has no sounds, write for example "),
    ],
)
def test_sentences(call_back: object, rest: str) -> None:
    (problem,) = option_problems({"sales": {"call_back": call_back}})
    assert problem.startswith(f"central_queues: sales: call_back: {rest}")


@pytest.mark.parametrize(
    ("call_back", "rest"),
    [
        (
            {"prefix": 9, "outgoing_classes": ["lokal"]},
            "outgoing_classes: no calls of central_outgoing have the class 'lokal', did you mean "
            "'local'.",
        ),
        (
            {"prefix": 9},
            "no pattern of central_outgoing that it may call takes a number after the prefix '9', "
            "write the prefix that phones dial or name the class in outgoing_classes.",
        ),
    ],
)
def test_sentences_of_what_may_be_called(call_back: dict[str, Any], rest: str) -> None:
    assert problems(call_back) == [f"central_queues: sales: call_back: {rest}"]


def test_customers_see_a_number() -> None:
    (problem,) = problems({"prefix": 8}, caller_id="")
    assert problem.endswith("would see no number, add caller_id here or set central_caller_id.")


@given(st.from_regex(r"_?[0-9XZN]{1,8}[.!]?", fullmatch=True), st.from_regex(r"[0-9]{1,8}"))
def test_a_number_that_is_taken_begins_with_its_prefix(pattern: str, number: str) -> None:
    number = number.strip()
    if pattern.startswith("_") or pattern.isdecimal():
        for length in range(len(number)):
            if matches(pattern, number):
                assert may_begin(pattern, number[:length])


@given(
    st.lists(st.sampled_from(["local", "abroad"])),
    st.sampled_from(["", "local", "abroad"]),
    st.booleans(),
)
def test_only_named_classes_and_never_what_is_blocked(
    classes: list[str], wanted: str, blocked: bool
) -> None:
    way = {"class": wanted, "blocked": blocked}
    assert may_be_called(way, classes) == (not blocked and (not wanted or wanted in classes))


def test_reference_has_every_option() -> None:
    rows = list(reference())
    assert [row.split("`")[1] for row in rows[2:]] == [option.name for option in OPTIONS]
