# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of queues."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_options import (
    NO_LIMIT,
    OPTIONS,
    STRATEGIES,
    Whole,
    option_problems,
    read_queue,
    read_queues,
    reference,
    settings,
    values,
)

RANGES = [option for option in OPTIONS if isinstance(option.kind, Whole)]
GOOD: dict[str, Any] = {
    "strategy": "leastrecent",
    "weight": "2",
    "members": "1001-1003",
    "number": 7,
    "music": "jazz",
    "announce_position": True,
    "announce_hold_time": "once",
    "periodic_announcement": ["queue-periodic-announce", "custom/offer"],
    "penalty_limits": {0: 0, "20": 5},
}


def test_good_queues() -> None:
    assert option_problems({"sales": GOOD, "plain": {}, "none": None}, ["jazz"]) == []
    assert option_problems({name: {"strategy": name} for name in STRATEGIES}) == []


def test_defaults_are_good() -> None:
    defaults = {option.name: option.default for option in OPTIONS}
    assert option_problems({"sales": defaults}) == []
    assert read_queue("sales", {}) == read_queue("sales", None) == read_queue("sales", defaults)


@pytest.mark.parametrize(
    ("options", "rest"),
    [
        ("rrmemory", "'rrmemory' is no mapping of options, write for example "),
        ({"stratgy": "random"}, "stratgy: unknown option, did you mean 'strategy'."),
        ({"strategy": "robin"}, "strategy: 'robin' is not known, choose rrmemory, "),
        ({"ring_seconds": 0}, "ring_seconds: '0' is no whole number from 1 to 300."),
        ({"announce_position": "often"}, "announce_position: 'often' is neither true nor false."),
        (
            {"periodic_announcement": ["queue-thank"]},
            "periodic_announcement: 'queue-thank' is no prompt of Debian, did you mean "
            "'queue-thankyou'.",
        ),
        (
            {"periodic_announcement": "queue-thankyou"},
            "periodic_announcement: 'queue-thankyou' is no list, write [one, two].",
        ),
        (
            {"music": "jazy"},
            "music: 'jazy' is not declared in asterisk_music, did you mean 'jazz'.",
        ),
        (
            {"penalty_limits": {20: 5}},
            "penalty_limits: says nothing of the beginning, add 0 and a penalty.",
        ),
        (
            {"penalty_limits": {0: 5, 100: 7, 20: 5}},
            "penalty_limits: 20: 5 asks no more agents than 5 before, write a higher one.",
        ),
        ({"penalty_limits": [5]}, "penalty_limits: '[5]' is no mapping, "),
        ({"penalty_limits": {"soon": 5}}, "penalty_limits: soon: 'soon' is no whole number "),
    ],
)
def test_sentences(options: object, rest: str) -> None:
    (problem,) = option_problems({"sales": options}, ["jazz"])
    assert problem.startswith(f"central_queues: sales: {rest}")


def test_one_sentence_for_each_wrong_option() -> None:
    wrong = {"weight": "heavy", "retry_seconds": -1, "strategy": "random"}
    assert len(option_problems({"sales": wrong, "support": wrong})) == 4


@given(st.sampled_from(RANGES), st.integers(-10, 100_000))
def test_ranges(option: Any, number: int) -> None:  # noqa: ANN401 - an option with a range
    problems = option_problems({"sales": {option.name: number}})
    assert (problems == []) == (option.kind.least <= number <= option.kind.most)
    if not problems and option.key:
        assert settings(read_queue("sales", {option.name: number}))[option.key] in {
            str(number),
            "0",
        }


def test_settings() -> None:
    assert settings(read_queue("sales", {})) == {
        "strategy": "rrmemory",
        "weight": "0",
        "timeout": "15",
        "retry": "1",
        "penaltymemberslimit": "0",
        "servicelevel": "20",
        "musicclass": "default",
        "announce-position": "no",
        "announce-holdtime": "no",
        "announce-frequency": "0",
        "periodic-announce-frequency": "0",
    }
    found = settings(read_queue("sales", GOOD))
    assert found["announce-position"] == "yes"
    assert found["announce-holdtime"] == "once"
    assert found["announce-frequency"] == "60"
    assert found["periodic-announce"] == "queue-periodic-announce,custom/offer"
    assert found["periodic-announce-frequency"] == "60"


def test_penalties() -> None:
    """A caller who comes from a queue with limits does not bring them along."""
    limited, plain = values(read_queues({"sales": GOOD, "plain": {}}))
    assert (limited["first_penalty"], limited["penalty_changes"]) == (0, [(20, 5)])
    assert limited["settings"]["defaultrule"] == "sales"
    assert (plain["first_penalty"], plain["penalty_changes"]) == (NO_LIMIT, [])
    assert "defaultrule" not in plain["settings"]
    (alone,) = values(read_queues({"plain": {}}))
    assert alone["first_penalty"] is None


@given(
    st.dictionaries(st.integers(1, 1000), st.integers(1, 1000), max_size=5).map(
        lambda limits: {0: 0, **limits}
    )
)
def test_limits_widen_or_are_refused(limits: dict[int, int]) -> None:
    penalties = [limits[seconds] for seconds in sorted(limits)]
    widen = penalties == sorted(set(penalties))
    assert (option_problems({"sales": {"penalty_limits": limits}}) == []) == widen


def test_reference_has_every_option() -> None:
    rows = list(reference())
    assert [row.split("`")[1] for row in rows[2:]] == [option.name for option in OPTIONS]
    assert len({row.count(" | ") for row in rows[2:]}) == 1
