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
    queue_problems,
    read_queue,
    read_queues,
    reference,
    settings,
    values,
    ways,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_targets import (
    NOBODY,
    TARGETS,
    Surroundings,
    Target,
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
        (
            {"hours": {"mon": "8:00-9:00"}},
            "hours: '{'mon': '8:00-9:00'}' is no name, write a lower-case letter followed by ",
        ),
        ({"music": ["jazz"]}, "music: '['jazz']' is no name, write a lower-case letter "),
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
        "maxlen": "0",
        "leavewhenempty": "no",
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


AROUND = Surroundings(["sales", "support"], ["1001", "1002"], ["_9X."], ["office"])


@pytest.mark.parametrize(
    ("options", "rest"),
    [
        (
            {"full": {"queue": "support"}},
            "full: this never happens without maximum_callers, add it, for example "
            "maximum_callers: 50.",
        ),
        (
            {"hours": "offic"},
            "hours: 'offic' is not declared in gateway_hours, did you mean 'office'.",
        ),
        ({"closed": {"queue": "support"}}, "closed: this never happens without hours, add it, "),
        ({"timed_out": {"queue": "support"}}, "timed_out: this never happens without "),
        (
            {"empty": {"queue": "suport"}},
            "empty: queue: 'suport' is not declared in central_queues, did you mean 'support'.",
        ),
        (
            {"empty": {"extension": 1003}},
            "empty: extension: '1003' is neither a seat with a phone in "
            "central_accounts nor one of central_mailboxes, did you mean ",
        ),
        (
            {"empty": {"number": "5550000"}},
            "empty: number: no pattern of central_outgoing takes '5550000', write the number as a "
            "phone dials it or add a pattern.",
        ),
        ({"empty": {"number": "nine"}}, "empty: number: 'nine' is no number, "),
        (
            {"empty": {"announcement": ["vm-goodby"]}},
            "empty: announcement: 'vm-goodby' is no prompt of Debian, did you mean 'vm-goodbye'.",
        ),
        ({"empty": {"announcement": []}}, "empty: announcement: has no sounds, write for "),
        ({"empty": "support"}, "empty: needs exactly one target, one of queue, extension, "),
        ({"empty": {"queue": "a", "number": "1"}}, "empty: needs exactly one target, one of "),
        (
            {"empty": {"queue": "sales"}},
            "a caller whom nobody serves would go round for ever (sales - sales): let one of them "
            "lead to an extension, a number or an announcement.",
        ),
    ],
)
def test_sentences_of_targets(options: object, rest: str) -> None:
    (problem,) = queue_problems({"sales": options, "support": {}}, AROUND)
    assert problem.startswith(f"central_queues: sales: {rest}")


def test_good_targets() -> None:
    queues = {
        "sales": {
            "hours": "office",
            "maximum_callers": 5,
            "full": {"queue": "support"},
            "maximum_wait_seconds": 60,
            "timed_out": {"extension": 1001},
            "empty": {"number": "95550100"},
        },
        "support": {"empty": {"announcement": ["vm-goodbye", "custom/bye"]}},
    }
    assert queue_problems(queues, AROUND) == []
    found = {way["reason"]: way["target"] for way in ways(read_queue("sales", queues["sales"]))}
    assert found == {
        "full": Target("queue", "support"),
        "timed_out": Target("extension", "1001"),
        "empty": Target("number", "95550100"),
        "closed": NOBODY,
    }
    assert {target.kind for target in found.values()} == set(TARGETS)
    limits = read_queue("sales", {"maximum_callers": 5})
    assert ways(limits) == [{"reason": "full", "status": "FULL", "target": NOBODY}]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_no_caller_goes_round_for_ever(pairs: list[tuple[int, int]]) -> None:
    """Either a queue is told to lead round, or every way ends."""
    following = dict(pairs)
    queues: dict[str, Any] = {f"q{number}": {} for number in range(6)}
    for one, other in following.items():
        queues[f"q{one}"] = {"empty": {"queue": f"q{other}"}}
    ends = True
    for start in following:
        at, steps = start, 0
        while at in following and steps < 10:
            at, steps = following[at], steps + 1
        ends = ends and steps < 10
    assert (queue_problems(queues, Surroundings(list(queues))) == []) == ends


def test_reference_has_every_option() -> None:
    rows = list(reference())
    assert [row.split("`")[1] for row in rows[2:]] == [option.name for option in OPTIONS]
    assert len({row.count(" | ") for row in rows[2:]}) == 1
