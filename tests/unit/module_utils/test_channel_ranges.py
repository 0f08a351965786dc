# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels of DAHDI's files are written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.channel_ranges import (
    expand_channels,
)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 30)), min_size=1, max_size=5))
def test_ranges_are_written_out(ranges: list[tuple[int, int]]) -> None:
    text = ",".join(f"{first}-{first + more}" if more else str(first) for first, more in ranges)
    assert expand_channels(text) == [
        number for first, more in ranges for number in range(first, first + more + 1)
    ]


@pytest.mark.parametrize("text", ["1-", "", "1,,2", "a-b", "1-2-3", " 1"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"are no channels, write for example 1-15,17-31\."):
        expand_channels(text)
