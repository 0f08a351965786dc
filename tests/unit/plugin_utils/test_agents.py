# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feature codes of the agents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.agents import (
    CODES,
    PROMPTS,
    agent_codes,
    agent_problems,
    sound_problems,
)

CHECKOUT = Path(__file__).parents[3]


def test_usual_codes_are_fit() -> None:
    assert agent_problems({}, {1: "Break", "2": "Lunch"}, {"sales": {"number": 1}, "b": None}) == []


@given(
    st.dictionaries(st.sampled_from(sorted(CODES)), st.sampled_from(["*7", "", None]), max_size=1)
)
def test_codes_of_the_inventory_come_first(codes: dict[str, object]) -> None:
    known = agent_codes(codes)
    for name in CODES:
        if name not in codes:
            assert known[name] == CODES[name]
        elif codes[name]:
            assert known[name] == codes[name]
        else:
            assert name not in known


@pytest.mark.parametrize(
    ("codes", "reasons", "queues", "sentence"),
    [
        (
            {"redy": "*41"},
            {},
            {},
            "central_agent_codes: there is no code 'redy', did you mean 'ready'.",
        ),
        (
            {"ready": "41"},
            {},
            {},
            "central_agent_codes: ready: '41' is no code, use '*' and one to four digits.",
        ),
        (
            {"ready": "*4"},
            {},
            {},
            "central_agent_codes: login *40 and ready *4 begin alike, so that what follows a code "
            "could not be told from it: choose another one.",
        ),
        ({}, {0: "Tea"}, {}, "central_aux_reasons: '0' is not a number from 1 to 99."),
        (
            {},
            {1: "Tea; biscuits"},
            {},
            "central_aux_reasons: 1: 'Tea; biscuits' is no name of a reason, use up to 40 letters, "
            "digits, '-', '_' and spaces.",
        ),
        (
            {},
            {1: "Tea", 2: "Tea"},
            {},
            "central_aux_reasons: 'Tea' has two numbers, give each reason one.",
        ),
        (
            {},
            {},
            {"sales": {"number": "one"}},
            "central_queues: sales: number 'one' is not one of one to four digits.",
        ),
        (
            {},
            {},
            {"sales": {"number": 1}, "support": {"number": "1"}},
            "central_queues: sales and support have the same number 1, give each its own.",
        ),
    ],
)
def test_problem(
    codes: dict[str, Any], reasons: dict[Any, Any], queues: dict[str, Any], sentence: str
) -> None:
    assert agent_problems(codes, reasons, queues)[0] == sentence


def test_prompts_are_those_of_the_role() -> None:
    text = (CHECKOUT / "roles/central/vars/main.yml").read_text(encoding="utf-8")
    assert sorted(re.findall(r"'([\w-]+)': \[", text)) == sorted(PROMPTS)


def test_sounds() -> None:
    assert sound_problems({"Ready": ["custom/ready", "beep"]}, ["beep"]) == []
    assert sound_problems({"Raedy": ["beep"], "Busy": "beep", "Aux": []}, ["custom/no.wav"]) == [
        "central_agent_prompts: there is no prompt 'Raedy', did you mean 'Ready'.",
        "central_agent_prompts: Busy: 'beep' is no list, write [one, two].",
        "central_agent_prompts: Aux has no sounds, write for example [beep].",
        "central_refusal: 'custom/no.wav' is no prompt of Debian, write custom/NAME for a "
        "recording of yours.",
    ]
