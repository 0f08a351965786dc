# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the sentences that tell a user what to mend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.sentences import nearest


@pytest.mark.parametrize(
    ("name", "known", "remedy"),
    [
        ("salse", ["support", "sales"], "did you mean 'sales'"),
        ("sale", {"sales": {}}, "did you mean 'sales'"),
        ("xyz", ["support", "sales"], "declare it there"),
        ("sales", [], "declare it there"),
    ],
)
def test_nearest(name: str, known: list[str], remedy: str) -> None:
    assert nearest(name, known) == remedy


@given(st.text(), st.lists(st.text()))
def test_only_what_is_known_is_meant(name: str, known: list[str]) -> None:
    remedy = nearest(name, known)
    assert remedy == "declare it there" or remedy in {f"did you mean '{one}'" for one in known}
