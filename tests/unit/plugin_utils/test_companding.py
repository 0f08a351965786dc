# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The codec of a call center follows from its lines."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.companding import codecs


@pytest.mark.parametrize(
    ("lines", "codec"),
    [
        ([], "alaw"),
        (["t1"], "ulaw"),
        (["j1"], "ulaw"),
        (["analog"], "ulaw"),
        (["t1", "analog", "t1"], "ulaw"),
        (["e1"], "alaw"),
        (["e1", "analog"], "alaw"),
        (["t1", "e1"], "alaw"),
    ],
)
def test_codec_is_the_law_of_the_lines(lines: list[str], codec: str) -> None:
    assert codecs({"line": line, "span": 1} for line in lines) == [codec]
