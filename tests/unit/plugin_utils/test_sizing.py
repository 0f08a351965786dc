# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether lines and seats suffice."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import (
    erlang_b_blocking,
    erlang_c_service_level,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.sizing import (
    Traffic,
    read_traffic,
    size,
    traffic_warnings,
)

PAGE = (Path(__file__).parents[3] / "docs" / "sizing.md").read_text(encoding="utf-8")
OPTIONS = (
    "calls_per_hour, talk_seconds, wrapup_seconds, menu_seconds, blocking, seats, service_level, "
    "answer_seconds"
)
EXAMPLE = "write for example {calls_per_hour: 1500, talk_seconds: 180}"
GOOD: dict[Any, Any] = {"calls_per_hour": 1500, "talk_seconds": 180}

traffics = st.builds(
    Traffic,
    calls_per_hour=st.floats(0, 10_000),
    talk_seconds=st.floats(1, 600),
    wrapup_seconds=st.floats(0, 120),
    menu_seconds=st.floats(0, 120),
    blocking=st.floats(0.0001, 0.5),
    seats=st.none() | st.integers(0, 2000),
    service_level=st.floats(0.1, 0.999),
    answer_seconds=st.floats(0, 120),
)


def test_defaults() -> None:
    assert read_traffic(GOOD) == Traffic(
        calls_per_hour=1500.0,
        talk_seconds=180.0,
        wrapup_seconds=0.0,
        menu_seconds=0.0,
        blocking=0.01,
        seats=None,
        service_level=0.8,
        answer_seconds=20.0,
    )


def test_all_options() -> None:
    values = {
        "calls_per_hour": "1500",
        "talk_seconds": 180.5,
        "wrapup_seconds": 20,
        "menu_seconds": 30,
        "blocking": "0.001",
        "seats": 200.0,
        "service_level": 0.9,
        "answer_seconds": 0,
    }
    assert read_traffic(values) == Traffic(1500.0, 180.5, 20.0, 30.0, 0.001, 200, 0.9, 0.0)
    assert [*values] == [field.name for field in dataclasses.fields(Traffic)]


@given(traffics)
def test_traffic_as_it_is_written(traffic: Traffic) -> None:
    assert read_traffic(yaml.safe_load(yaml.safe_dump(dataclasses.asdict(traffic)))) == traffic


def test_traffic_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_traffic(GOOD).seats = 1  # type: ignore[misc]


@pytest.mark.parametrize("value", [None, 1500, "1500", [GOOD], True])
def test_no_mapping(value: object) -> None:
    with pytest.raises(ValueError, match="mapping") as error:
        read_traffic(value)
    assert str(error.value) == f"traffic: '{value}' is no mapping of options, {EXAMPLE}."


@pytest.mark.parametrize(
    ("option", "remedy"),
    [
        ("calls_per_hours", "did you mean 'calls_per_hour'"),
        ("talk", "use one of " + OPTIONS),
        ("seat", "did you mean 'seats'"),
        (1, "use one of " + OPTIONS),
        (None, "use one of " + OPTIONS),
    ],
)
def test_unknown_option(option: object, remedy: str) -> None:
    with pytest.raises(ValueError, match="unknown") as error:
        read_traffic({**GOOD, option: 1})
    assert str(error.value) == f"traffic: unknown option '{option}', {remedy}."


@pytest.mark.parametrize("option", GOOD)
def test_missing_option(option: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != option}
    for mapping in (without, {**without, option: None}):
        with pytest.raises(ValueError, match="missing") as error:
            read_traffic(mapping)
        assert str(error.value) == f"traffic: {option} is missing, {EXAMPLE}."


NUMBERS: tuple[object, ...] = (
    -1,
    True,
    False,
    "many",
    "",
    math.nan,
    math.inf,
    "nan",
    "-inf",
    [],
    1_000_001,
)
FROM_0 = "is not a number from 0 to 1,000,000"


@pytest.mark.parametrize(
    ("option", "also", "sentence"),
    [
        ("calls_per_hour", (), f"{FROM_0}, give the calls of the busiest hour."),
        (
            "talk_seconds",
            (0, 0.0),
            "is not a number above 0 and up to 1,000,000, give how long a conversation lasts on "
            "average.",
        ),
        (
            "wrapup_seconds",
            (),
            f"{FROM_0}, give how long an agent is busy after a call on average.",
        ),
        ("menu_seconds", (), f"{FROM_0}, give how long a caller listens to menus on average."),
        ("blocking", (0, 1, "1 %"), "is not a share between 0 and 1, write 0.01 for 1 %."),
        (
            "seats",
            (0.5,),
            "is not a whole number from 0 to 1,000,000, give how many agents there are at most.",
        ),
        ("service_level", (0, 1, 80), "is not a share between 0 and 1, write 0.8 for 80 %."),
        (
            "answer_seconds",
            ("20 s",),
            f"{FROM_0}, give within how many seconds calls shall be answered.",
        ),
    ],
)
def test_impossible_value(option: str, also: tuple[object, ...], sentence: str) -> None:
    for value in (*NUMBERS, *also):
        with pytest.raises(ValueError, match=option) as error:
            read_traffic({**GOOD, option: value})
        assert str(error.value) == f"traffic: {option}: '{value}' {sentence}"


@pytest.mark.parametrize(
    ("values", "calls"),
    [
        ({"calls_per_hour": 1e6, "talk_seconds": 4000}, "1000000 calls per hour of 4000 s"),
        ({"talk_seconds": 1e6, "wrapup_seconds": 0.5}, "1500 calls per hour of 1000000.5 s"),
        ({"calls_per_hour": 1e6, "menu_seconds": 3500}, "1000000 calls per hour of 3680 s"),
    ],
)
def test_too_much(values: dict[str, Any], calls: str) -> None:
    with pytest.raises(ValueError, match="beyond") as error:
        read_traffic({**GOOD, **values})
    assert str(error.value) == (
        f"traffic: {calls} are beyond 1,000,000 seconds or erlangs, correct calls_per_hour or the "
        "seconds."
    )


def test_largest() -> None:
    traffic = read_traffic({"calls_per_hour": 1e6, "talk_seconds": 3580})
    assert size(traffic).channels > 980_000


def test_size() -> None:
    """1500 calls per hour of 180 s, the numbers by other means: docs/sizing.md."""
    need = size(read_traffic(GOOD))
    assert need.agent_load == 75
    assert need.agents == 82
    assert need.mean_wait_seconds == pytest.approx(8.385, abs=5e-4)
    assert need.line_seconds == need.mean_wait_seconds + 180
    assert need.trunk_load == pytest.approx(1500 * 188.385 / 3600, abs=5e-4)
    assert need.channels == 95


def test_who_is_kept_busy() -> None:
    """Wrap-up keeps the agent but no line, a menu the line but no agent."""
    plain = size(read_traffic(GOOD))
    menu = size(read_traffic({**GOOD, "menu_seconds": 30}))
    assert (menu.agent_load, menu.agents) == (plain.agent_load, plain.agents)
    assert menu.mean_wait_seconds == plain.mean_wait_seconds
    assert menu.trunk_load == pytest.approx(plain.trunk_load + 12.5)
    assert menu.channels == 108
    wrapup = size(read_traffic({**GOOD, "wrapup_seconds": 24}))
    assert wrapup.agent_load == pytest.approx(85)
    assert wrapup.agents == 92
    assert wrapup.line_seconds == pytest.approx(180 + wrapup.mean_wait_seconds)


@given(traffics)
def test_size_is_what_is_wanted(traffic: Traffic) -> None:
    need = size(traffic)
    answered = erlang_c_service_level(
        need.agent_load, need.agents, traffic.handling_seconds, traffic.answer_seconds
    )
    assert answered >= traffic.service_level
    assert erlang_b_blocking(need.trunk_load, need.channels) <= traffic.blocking
    assert need.line_seconds >= traffic.talk_seconds + traffic.menu_seconds
    assert size(dataclasses.replace(traffic, seats=None)) == need


@given(traffics)
def test_no_warning_when_all_suffices(traffic: Traffic) -> None:
    need = size(traffic)
    enough = dataclasses.replace(traffic, seats=need.agents)
    assert traffic_warnings(enough, need.channels) == []
    assert traffic_warnings(dataclasses.replace(traffic, seats=None), need.channels) == []


@given(traffics, st.integers(0, 2000))
def test_remedy_of_a_warning_suffices(traffic: Traffic, channels: int) -> None:
    warnings = traffic_warnings(traffic, channels)
    need = size(traffic)
    few_seats = traffic.seats is not None and traffic.seats < need.agents
    assert len(warnings) == few_seats + (channels < need.channels)
    if few_seats:
        mended = (traffic.seats or 0) + added(warnings.pop(0))
        assert mended == need.agents
    if warnings:
        assert channels + added(warnings[0]) == need.channels


def added(warning: str) -> int:
    match = re.search(r": add at least (\d+)\.$", warning)
    assert match, warning
    return int(match[1])


def test_no_calls() -> None:
    traffic = read_traffic({"calls_per_hour": 0, "talk_seconds": 180, "seats": 0})
    assert traffic_warnings(traffic, 0) == []
    assert size(traffic).line_seconds == 180


@pytest.mark.parametrize("seats", [0, 70, 75])
def test_queue_without_bound(seats: int) -> None:
    assert traffic_warnings(read_traffic({**GOOD, "seats": seats}), 95) == [
        "traffic: 1500 calls per hour of 180 s (talk and wrap-up) keep 75 agents busy without a "
        f"pause, with {seats} seats the queue grows without bound: add at least {82 - seats}."
    ]


@pytest.mark.parametrize(("seats", "share"), [(76, "22.4 %"), (78, "54 %"), (81, "79.9 %")])
def test_few_seats(seats: int, share: str) -> None:
    """81 seats answer 79.99 %, which is not shown as 80 %."""
    assert traffic_warnings(read_traffic({**GOOD, "seats": seats}), 95) == [
        "traffic: 1500 calls per hour of 180 s (talk and wrap-up) need 82 agents to answer 80 % "
        f"within 20 s, {seats} seats answer {share}: add at least {82 - seats}."
    ]


def test_few_channels() -> None:
    traffic = {**GOOD, "wrapup_seconds": 20.25, "menu_seconds": 0.04, "blocking": 0.07}
    assert traffic_warnings(read_traffic(traffic), 60) == [
        "traffic: 1500 calls per hour of 191.5 s (menu 0, queue 11.4, talk 180) need 82 channels "
        "for a blocking of 7 %, the trunk groups have 60: add at least 22."
    ]


def test_seats_and_channels() -> None:
    seats, channels = traffic_warnings(read_traffic({**GOOD, "seats": 80}), 92)
    assert seats.endswith("80 seats answer 73.4 %: add at least 2.")
    assert channels.endswith("the trunk groups have 92: add at least 3.")


@pytest.mark.parametrize("channels", [-1, 0.5, math.nan, True, None, "many"])
def test_impossible_channels(channels: float) -> None:
    with pytest.raises(ValueError, match="channels") as error:
        traffic_warnings(read_traffic(GOOD), channels)  # type: ignore[arg-type]
    assert str(error.value) == (
        f"channels: '{channels}' is not a whole number from 0 to 1,000,000, give how many calls "
        "the lines carry at the same time."
    )


def test_endless_waiting() -> None:
    mapping = {
        "calls_per_hour": 3600 * 75,
        "talk_seconds": 1 - 1e-9,
        "service_level": 1e-12,
        "answer_seconds": 1000,
    }
    with pytest.raises(ValueError, match="wait") as error:
        size(read_traffic(mapping))
    assert str(error.value) == (
        "traffic: 270000 calls per hour of 13333333.7 s, of which they wait 13333332.7 s, are "
        "beyond 1,000,000 erlangs, correct calls_per_hour or the seconds or raise service_level."
    )


def test_page() -> None:
    """What docs/sizing.md says about the inventory."""
    example = re.search(r"^traffic: \{.+\}$", PAGE, re.MULTILINE)
    warning = re.search(r"^traffic: \d.+$", PAGE, re.MULTILINE)
    assert example
    assert warning
    traffic = read_traffic(yaml.safe_load(example[0])["traffic"])
    assert traffic_warnings(traffic, 4 * 23) == [warning[0]]
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]* ?)\| [^|]+\|$", PAGE, re.MULTILINE)
    defaults = {
        field.name: "" if field.default in {dataclasses.MISSING, None} else f"{field.default:g}"
        for field in dataclasses.fields(Traffic)
    }
    assert {name: value.strip() for name, value in rows} == defaults
