# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of names with numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.natural_order import natural_key


def test_names() -> None:
    names = ["gw1", "gw2", "gw10", "gw10-b", "north1-gw2", "north1-gw10", "north2-gw1", "south"]
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names


@given(st.integers(0, 10**18), st.integers(0, 10**18), st.sampled_from(["gw", "a-", "1x", ""]))
def test_numbers_count(one: int, other: int, prefix: str) -> None:
    keys = natural_key(f"{prefix}{one}"), natural_key(f"{prefix}{other}")
    assert (keys[0] < keys[1]) == (one < other)


@given(st.text("019a-", max_size=5), st.text("019a-", max_size=5))
def test_order_is_total(one: str, other: str) -> None:
    assert (natural_key(one) == natural_key(other)) == (one == other)


@given(st.text())
def test_any_text(name: str) -> None:
    assert natural_key(name)[1] == name
