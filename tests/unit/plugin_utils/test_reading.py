# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of an inventory file."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import (
    OptionError,
    choice,
    listed,
    mapping,
    name,
    one_line,
    optional,
    sequence,
    shown,
    switch,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import Path

PATH: Path = ("gateways", "gw1", "cards", 0)
WHERE = "gateways: gw1: cards: 1: "
NAME = re.compile("[a-z]+")
NOT_WHOLE = [0, 5, -1, 1.0, True, "5", "1.0", "one", "-1", " 1", "²", [1], "9" * 30]
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=5,
)
READERS: list[Callable[[Path, object], object]] = [
    mapping,
    partial(mapping, known=("spans", "lines")),
    sequence,
    partial(whole, least=0, most=4),
    switch,
    partial(choice, choices=("t1", "e1")),
    partial(name, pattern=NAME, what="letters"),
]


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (mapping, None, {}),
        (mapping, {"a": 1}, {"a": 1}),
        (partial(mapping, known=("a",)), {"a": 1}, {"a": 1}),
        (sequence, (1, 2), (1, 2)),
        (sequence, [], []),
        (partial(whole, least=0, most=4), 4, 4),
        (partial(whole, least=0, most=4), "0", 0),
        (switch, False, False),
        (partial(choice, choices=("t1", "e1")), "e1", "e1"),
        (partial(name, pattern=re.compile("[0-9]+"), what="digits"), 12, "12"),
    ],
)
def test_good(reader: Callable[[Path, object], object], value: object, read: object) -> None:
    assert reader(PATH, value) == read


@pytest.mark.parametrize(
    ("reader", "value", "sentence"),
    [
        (mapping, [1], "'[1]' is no mapping, write 'option: value' lines."),
        (mapping, "a: b", "'a: b' is no mapping, write 'option: value' lines."),
        (mapping, {1: 2}, "the key '1' is no text, put it in quotes."),
        (mapping, {None: 2}, "the key nothing is no text, put it in quotes."),
        (
            partial(mapping, known=("spans", "lines")),
            {"span": 2},
            "span: unknown option, did you mean 'spans'.",
        ),
        (
            partial(mapping, known=("spans", "lines")),
            {"x": 2},
            "x: unknown option, choose from lines, spans.",
        ),
        *(
            (sequence, value, f"'{value}' is no list, write [one, two].")
            for value in ("gw1", {"a": 1}, 7)
        ),
        (sequence, None, "nothing is no list, write [one, two]."),
        *(
            (
                partial(whole, least=1, most=4),
                value,
                f"'{value}' is no whole number from 1 to 4.",
            )
            for value in NOT_WHOLE
        ),
        (partial(whole, least=1, most=4), None, "nothing is no whole number from 1 to 4."),
        *(
            (switch, value, f"'{value}' is neither true nor false.")
            for value in ("yes", "true", 1, 0)
        ),
        *(
            (
                partial(choice, choices=("t1", "e1", "j1")),
                value,
                f"'{value}' is not known, choose t1, e1 or j1.",
            )
            for value in ("T1", "", 1, ["t1"])
        ),
        *(
            (
                partial(name, pattern=NAME, what="small letters"),
                value,
                f"'{value}' is no name, write small letters.",
            )
            for value in ("A", "", 12, True, 1.5, ["a"])
        ),
        (
            partial(name, pattern=NAME, what="small letters"),
            "a\nb\x07\u200b",
            "'a?b??' is no name, write small letters.",
        ),
    ],
)
def test_bad(reader: Callable[[Path, object], object], value: object, sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        reader(PATH, value)
    assert str(caught.value) == WHERE + sentence
    assert caught.value.path[: len(PATH)] == PATH


@given(st.sampled_from(READERS), anything)
def test_anything(reader: Callable[[Path, object], object], value: object) -> None:
    try:
        reader(PATH, value)
    except OptionError as error:
        sentence = str(error)
    else:
        return
    assert sentence.isprintable()
    assert len(sentence) < 250


def test_optional() -> None:
    four = partial(whole, least=0, most=4)
    assert optional({"spans": 2}, PATH, "spans", four, 4) == 2
    assert optional({"spans": None}, PATH, "spans", four, 4) == 4
    assert optional({}, PATH, "spans", four, 4) == 4
    with pytest.raises(OptionError, match="cards: 1: spans: '9' is no whole number"):
        optional({"spans": 9}, PATH, "spans", four, 4)


@given(st.text())
def test_one_line(text: str) -> None:
    assert one_line(text, 20).isprintable()
    assert len(one_line(text, 20)) == min(len(text), 20)
    assert len(shown(text)) <= 60
    if len(text) <= 20 and text.isprintable():
        assert one_line(text, 20) == text


def test_long_values_are_cut() -> None:
    assert shown("x" * 58) == f"'{'x' * 58}'"
    assert shown("x" * 59) == f"'{'x' * 55}...'"
    assert shown(10**5000) == "a number that is too long"
    with pytest.raises(OptionError) as caught:
        raise OptionError(("a\n", "b" * 100, 4), "is wrong.")
    assert str(caught.value) == f"a?: {'b' * 57}...: 5: is wrong."


def test_listed() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert listed([]) == ""
