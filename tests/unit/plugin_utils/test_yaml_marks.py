# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of options in a YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import OptionError
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.yaml_marks import (
    broken_line,
    check_keys,
    compose,
    line_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = """\
---
plugin: x
gateways:
  gw1: {cards: [TE420,
    TE122]}
  "gw2":
    cards:
      - TE420

      - model: TDM800P
        dark: [1]
  gw3: &same
    site: north
  1: *same
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), None),
        (("plugin",), 2),
        (("nothing",), None),
        (("gateways",), 3),
        (("gateways", "gw1"), 4),
        (("gateways", "gw1", "cards", 0), 4),
        (("gateways", "gw1", "cards", 1), 5),
        (("gateways", "gw1", "site"), 4),
        (("gateways", "gw2", "cards", 1, "dark"), 11),
        (("gateways", "gw2", "cards", 1, "dark", 0), 11),
        (("gateways", "gw2", "cards", 7), 7),
        (("gateways", "gw9", "cards"), 3),
        (("gateways", "1"), 14),
        (("gateways", "1", "site"), 13),
        (("plugin", "x", 0), 2),
    ],
)
def test_line(path: Sequence[str | int], line: int | None) -> None:
    assert line_of(compose(TEXT), path) == line


def test_text_without_nodes() -> None:
    for text in ("", "# nothing", "a: [1", "\0", "\ud800", "a: 1\n---\nb: 2", "[" * 5000):
        assert compose(text) is None
    assert line_of(None, ("plugin",)) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1", None),
        ("", None),
        ("a: 1\nb: [1\nc: 2\n", 3),
        ("a: 1\n\tb: 1\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 'x\n", 2),
        ("\0", None),
        ("\ud800", None),
    ],
)
def test_broken_line(text: str, line: int | None) -> None:
    assert broken_line(text) == line


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", "a: is there twice, in lines 1 and 3: remove or rename one."),
        ("a: 1\n'a': 3", "a: is there twice, in lines 1 and 2: remove or rename one."),
        (
            "a:\n  - b: 1\n  - {c: 1, d: 2,\n     c: 3}",
            "a: 2: c: is there twice, in lines 3 and 4: remove or rename one.",
        ),
        ("1: a\n1: b", "1: is there twice, in lines 1 and 2: remove or rename one."),
        ("[a, b]", "the file is no mapping, write 'option: value' lines."),
        ("hello", "the file is no mapping, write 'option: value' lines."),
        ("a: &x [*x]", "a: 1: an alias stands for itself: write the value."),
        ("a: &x {b: {c: *x}}", "a: b: c: an alias stands for itself: write the value."),
        (f"a: {'[' * 1500}{']' * 1500}", "the file is nested too deeply."),
    ],
)
def test_bad_keys(text: str, sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        check_keys(compose(text))
    assert str(caught.value) == sentence


def test_good_keys() -> None:
    check_keys(compose(TEXT))
    check_keys(compose("a: {b: 1}\nc: {b: 2}\n? [x]\n: 1\n? [x]\n: 1"))
    check_keys(compose("a: &x {b: 1}\nc: {<<: *x, d: 1}"))


def test_aliases_of_aliases() -> None:
    """A few lines that would be a billion values."""
    lines = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 9)]
    check_keys(compose("\n".join(["a0: &a0 {b: 1}", *lines[:4]])))
    with pytest.raises(OptionError) as caught:
        check_keys(compose("\n".join(["a0: &a0 {b: 1}", *lines])))
    assert str(caught.value) == "a6: aliases make more than 1000000 values of it: use fewer."


@given(st.text(st.sampled_from("ab:[]{},&*-? \n\t'\"1!|>#%"), max_size=40))
def test_any_text(text: str) -> None:
    root = compose(text)
    if root is None:
        assert broken_line(text) in {None, *range(1, text.count("\n") + 3)}
        return
    assert broken_line(text) is None
    assert line_of(root, ("a", 0, "b")) in {None, *range(1, text.count("\n") + 2)}
    try:
        check_keys(root)
    except OptionError as error:
        sentence = str(error)
    else:
        return
    assert sentence.isprintable()
