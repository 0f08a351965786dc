# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In what two central servers differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.server_comparison import (
    MOST_LINES,
    difference,
    differing,
)

NAMES = ("central1", "central2")
names = st.sampled_from(["/etc/a.conf", "/etc/b.conf", "package asterisk"])
digests = st.dictionaries(names, st.sampled_from("12"))


@given(digests, digests)
def test_only_what_differs_is_named(first: dict[str, str], second: dict[str, str]) -> None:
    found = differing(first, second)
    assert found == differing(second, first)
    assert (found == []) is (first == second)
    lines = difference(NAMES, (first, second), ({}, {}))
    assert len(lines) == len(found)
    assert all(line.startswith(name) for line, name in zip(lines, found, strict=True))


def test_lines() -> None:
    assert difference(
        NAMES,
        (
            {"/a": "1", "/b": "1", "/c": "1", "package asterisk": "22.1"},
            {"/a": "2", "/b": "2", "package asterisk": "22.2"},
        ),
        (
            {"/a": "one\ntwo\n", "/b": "secret = (secret)\n"},
            {"/a": "one\nthree\n", "/b": "secret = (secret)\n"},
        ),
    ) == [
        "--- central1:/a",
        "+++ central2:/a",
        "@@ -2 +2 @@",
        "-two",
        "+three",
        "/b: a password differs",
        "/c: only on central1",
        "package asterisk: central1 22.1, central2 22.2",
    ]


def test_long_difference_is_cut() -> None:
    texts = ({"/a": "one\n" * 100}, {"/a": "two\n" * 100})
    lines = difference(NAMES, ({"/a": "1"}, {"/a": "2"}), texts)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "... and 163 lines more"
