# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    Account,
    expand_accounts,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dial_patterns import (
    NUMBER,
    matches,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.outgoing import (
    NumberPlan,
    callers,
    outgoing_problems,
)

GATEWAYS: list[dict[str, Any]] = [
    {"name": "gw1", "trunk_groups": ["carrier_a", "sip_b", "sip-c"]},
    {"name": "gw2"},
]
SEATS = [Account("1001", "Agent"), Account("2001", "Agent")]
WAY = {"trunk_groups": ["sip_b"]}
WHERE = "central_outgoing: _9X.: "


def problems(outgoing: dict[Any, object], **options: object) -> list[str]:
    surroundings: dict[str, Any] = {"accounts": SEATS, **options}
    return outgoing_problems(NumberPlan(outgoing, GATEWAYS, **surroundings))


@pytest.mark.parametrize(
    "outgoing",
    [
        {},
        {"_9X.": {"trunk_groups": ["carrier_a", "sip_b"], "strip": 1}},
        {112: {"trunk_groups": ["carrier_a"], "prefix": "+49"}},
        {"_9X.": {**WAY, "class": "local", "caller_id": "+1555{extension}", "blocked": False}},
        {"_9X.": {"blocked": True}},
    ],
)
def test_good(outgoing: dict[object, object]) -> None:
    assert problems(outgoing) == []


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
        (
            {"_9X.": {**WAY, "blocked": "perhaps"}},
            f"{WHERE}blocked 'perhaps' is neither true nor false.",
        ),
        (
            {"_9X.": {**WAY, "blocked": True}},
            f"{WHERE}it is blocked, so that trunk_groups has no effect: remove one of the two.",
        ),
        (
            {"_9X.": {**WAY, "class": "Local"}},
            f"{WHERE}class 'Local' is no name, use a lower-case letter followed by up to 39 "
            "letters, digits, '-' or '_'.",
        ),
        (
            {"_9X.": {**WAY, "caller_id": "555-0100"}},
            f"{WHERE}caller_id '555-0100' is no telephone number, use up to 15 digits, with '+' in "
            "front of a country code.",
        ),
    ],
)
def test_bad(outgoing: dict[object, object], sentence: str) -> None:
    assert problems(outgoing) == [sentence]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"emergency": {911: WAY}},
            "central_outgoing: _9X. would take the emergency number 911, choose a pattern that it "
            "does not match, such as one with more digits.",
        ),
        (
            {"emergency": {"1l2": WAY}},
            "central_emergency: '1l2' is no emergency number, use two to eight digits, in quotes "
            "if the first one is 0.",
        ),
        (
            {"emergency": {0: WAY}},
            "central_emergency: '0' is no emergency number, use two to eight digits, in quotes if "
            "the first one is 0.",
        ),
        (
            {"emergency": {"1001": WAY}},
            "central_emergency: 1001 is the extension of a seat too, give the seat another one.",
        ),
        (
            {"emergency": {"8000": WAY}, "others": [8000]},
            "central_emergency: 8000 is a mailbox or conference room too, give that another "
            "extension.",
        ),
        (
            {"emergency": {"112": ["sip_b"]}},
            "central_emergency: 112: '['sip_b']' is no mapping, write for example {trunk_groups: "
            "[carrier_a]}.",
        ),
        (
            {"emergency": {"112": {**WAY, "strip": 1}}},
            "central_emergency: 112: unknown option 'strip', choose from caller_id, trunk_groups.",
        ),
        (
            {"emergency": {"112": {"trunk_groups": ["sip_d"]}}},
            "central_emergency: 112: no gateway can call out on a trunk group 'sip_d', did you "
            "mean 'sip_b'.",
        ),
        (
            {"emergency": {"112": {**WAY, "caller_id": "me"}}},
            "central_emergency: 112: caller_id 'me' is no telephone number, use up to 15 digits, "
            "with '+' in front of a country code.",
        ),
        (
            {"caller_id": "none"},
            "central_caller_id 'none' is no telephone number, use up to 15 digits, with '+' in "
            "front of a country code.",
        ),
        (
            {"withhold_code": "31"},
            "central_withhold_code: '31' is no code, use '*' and one to four digits.",
        ),
        (
            {"withhold_code": "*4", "codes": {"login": "*40"}},
            "central_withhold_code: *4 and *40, which phones dial for login, begin alike, so that "
            "what follows a code could not be told from it: choose another one.",
        ),
        (
            {"accounts": [Account("1001", "A", outgoing_classes=("nationl",))]},
            "central_accounts: extension 1001: outgoing_classes: no calls of central_outgoing have "
            "the class 'nationl', did you mean 'national'.",
        ),
        (
            {"accounts": [Account("1001", "A", caller_id="55501{extension}9999999")]},
            "central_accounts: extension 1001: caller_id '55501{extension}9999999' is no telephone "
            "number, use up to 15 digits, with '+' in front of a country code.",
        ),
        (
            {"accounts": [Account("5001", "A", phone=False, outgoing_classes=())]},
            "central_accounts: extension 5001: outgoing_classes has no effect without a phone, set "
            "it for the phones at which the agent logs in.",
        ),
    ],
)
def test_bad_surroundings(options: dict[str, Any], sentence: str) -> None:
    assert problems({"_9X.": {**WAY, "class": "national"}}, **options) == [sentence]


@given(st.from_regex(NUMBER, fullmatch=True), st.from_regex(r"[0-9]{2,8}", fullmatch=True))
def test_no_pattern_takes_an_emergency_number(pattern: str, number: str) -> None:
    found = problems({pattern: WAY}, emergency={number: WAY}, accounts=[])
    assert any("emergency number" in sentence for sentence in found) == matches(pattern, number)


CLASSES = st.none() | st.lists(st.sampled_from(["local", "national"]), unique=True)


@given(
    st.dictionaries(
        st.integers(100, 120),
        st.tuples(CLASSES, st.sampled_from(["", "5550100", "555{extension}"])),
        max_size=8,
    ),
    st.sampled_from(["", "5550100"]),
)
def test_every_seat_has_its_own_rights(
    seats: dict[int, tuple[list[str] | None, str]], usual: str
) -> None:
    entries: list[dict[str, object]] = [
        {"extensions": str(extension), "outgoing_classes": classes, "caller_id": caller_id}
        for extension, (classes, caller_id) in seats.items()
    ]
    found = callers(expand_accounts(entries), usual)
    for extension in map(str, range(100, 121)):
        hits = [
            (caller["classes"], caller["caller_id"])
            for caller in found
            for pattern in caller["patterns"]
            if matches(pattern, extension)
        ]
        classes, caller_id = seats.get(int(extension), (None, ""))
        own = (classes, caller_id or usual or "{extension}")
        is_usual = own == (None, usual or "{extension}")
        assert hits == ([] if is_usual else [own])


def test_who_has_no_phone_calls_from_another() -> None:
    assert callers([Account("5001", "A", phone=False, outgoing_classes=())], "") == []
