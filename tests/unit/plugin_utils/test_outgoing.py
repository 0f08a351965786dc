# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls out."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.outgoing import (
    outgoing_problems,
)

GATEWAYS: list[dict[str, Any]] = [
    {"name": "gw1", "trunk_groups": ["carrier_a", "sip_b", "sip-c"]},
    {"name": "gw2"},
]
SEATS = ["1001", "2001"]
WHERE = "central_outgoing: _9X.: "


@pytest.mark.parametrize(
    "outgoing",
    [
        {},
        {"_9X.": {"trunk_groups": ["carrier_a", "sip_b"], "strip": 1}},
        {112: {"trunk_groups": ["carrier_a"], "prefix": "+49"}},
    ],
)
def test_good(outgoing: dict[object, object]) -> None:
    assert outgoing_problems(outgoing, GATEWAYS, SEATS) == []


@pytest.mark.parametrize(
    ("outgoing", "sentence"),
    [
        (
            {"9x": {"trunk_groups": ["sip_b"]}},
            "central_outgoing: '9x' is neither a telephone number nor a pattern such as _9X.",
        ),
        (
            {"_1XX!": {"trunk_groups": ["sip_b"]}},
            "central_outgoing: _1XX! would send calls for the extension 1001 out, choose a pattern "
            "that no extension matches, such as _9XXX.",
        ),
        (
            {"_9X.": "sip_b"},
            f"{WHERE}'sip_b' is no mapping, write for example {{trunk_groups: [carrier_a]}}.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "stripp": 1}},
            f"{WHERE}unknown option 'stripp', did you mean 'strip'.",
        ),
        ({"_9X.": {}}, f"{WHERE}trunk_groups is no list of names, write for example [carrier_a]."),
        (
            {"_9X.": {"trunk_groups": ["carrier_b"]}},
            f"{WHERE}no gateway can call out on a trunk group 'carrier_b', did you mean "
            "'carrier_a'.",
        ),
        (
            {"_9X.": {"trunk_groups": ["floor"]}},
            f"{WHERE}no gateway can call out on a trunk group 'floor', choose from carrier_a, "
            "sip-c, sip_b.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip-c"]}},
            f"{WHERE}a trunk group for calls out cannot be called 'sip-c', give its circuits a "
            "trunk_group of letters, digits and '_'.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "strip": "one"}},
            f"{WHERE}strip 'one' is not a number, use 0 or more.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "strip": 3}},
            f"{WHERE}strip 3 would leave nothing of a number of 3 digits, use less.",
        ),
        (
            {"_9X.": {"trunk_groups": ["sip_b"], "prefix": "a"}},
            f"{WHERE}prefix 'a' has other characters than digits, '+', '*' and '#'.",
        ),
    ],
)
def test_bad(outgoing: dict[object, object], sentence: str) -> None:
    assert outgoing_problems(outgoing, GATEWAYS, SEATS) == [sentence]
