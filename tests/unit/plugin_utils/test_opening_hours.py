# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening hours, and the conditions of GotoIfTime that are made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.opening_hours import (
    MONTHS,
    WEEKDAYS,
    Condition,
    conditions,
    is_open,
    read_calendar,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import OptionError

OFFICE = {
    "mon-fri": "8:00-12:00, 13:00-18:00",
    "sat": ["9:00-13:00"],
    "12-24": "9:00-13:00",
    "12-25 to 12-26": "closed",
    "12-31 to 01-02": "closed",
    dt.date(2027, 3, 29): "closed",
    "2027-07-15 to 2027-09-03": "0:00-24:00",
}


def holds(condition: Condition, moment: dt.datetime) -> bool:
    """What GotoIfTime decides: both ends of a range count in, ranges of names may go round."""

    def within(text: str, value: int, names: Sequence[str] = ()) -> bool:
        if text == "*":
            return True
        first, last = (names.index(end) if names else int(end) for end in (text.split("-") * 2)[:2])
        return first <= value <= last if first <= last else value >= first or value <= last

    times = condition.times
    if times != "*":
        minutes = [
            int(hour) * 60 + int(minute)
            for hour, minute in (end.split(":") for end in times.split("-"))
        ]
        if not minutes[0] <= moment.hour * 60 + moment.minute <= minutes[1]:
            return False
    return (
        condition.year in {None, moment.year}
        and within(condition.weekdays, moment.weekday(), WEEKDAYS)
        and within(condition.days, moment.day)
        and within(condition.months, moment.month - 1, MONTHS)
    )


def asterisk_says(asked: list[Condition], moment: dt.datetime) -> bool:
    """What a dialplan does that asks those of the year first."""
    asked = sorted(asked, key=lambda condition: condition.year is None)
    return next((each.opens for each in asked if holds(each, moment)), False)


MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2029, 12, 31))  # noqa: DTZ001
TIMES = st.lists(st.integers(0, 24 * 12), min_size=2, max_size=6, unique=True).map(
    lambda ends: ", ".join(
        f"{a // 12}:{a % 12 * 5:02}-{b // 12}:{b % 12 * 5:02}"
        for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)
    )
)
LINES = st.one_of(
    st.sampled_from(WEEKDAYS),
    st.tuples(st.sampled_from(WEEKDAYS), st.sampled_from(WEEKDAYS)).map("-".join),
    st.tuples(st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)), st.integers(0, 500)).map(
        lambda span: f"{span[0]} to {span[0] + dt.timedelta(span[1])}"
    ),
    st.tuples(MOMENTS, MOMENTS).map(lambda ends: f"{ends[0]:%m-%d} to {ends[1]:%m-%d}"),
    MOMENTS.map(lambda moment: f"{moment:%m-%d}"),
)


@given(st.dictionaries(LINES, TIMES | st.just("closed"), min_size=1, max_size=5), MOMENTS)
def test_conditions_say_what_the_calendar_says(
    written: dict[str, str], moment: dt.datetime
) -> None:
    try:
        calendar = read_calendar(("x",), written)
    except OptionError:
        return  # two lines that contradict each other
    assert asterisk_says(conditions(calendar), moment) is is_open(calendar, moment)


@given(MOMENTS)
def test_conditions_of_the_office(moment: dt.datetime) -> None:
    calendar = read_calendar(("office",), OFFICE)
    assert asterisk_says(conditions(calendar), moment) is is_open(calendar, moment)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-06-01 07:59", False),  # a Monday
        ("2026-06-01 08:00", True),
        ("2026-06-01 11:59", True),
        ("2026-06-01 12:00", False),
        ("2026-06-01 17:59", True),
        ("2026-06-01 18:00", False),
        ("2026-06-06 12:59", True),
        ("2026-06-07 12:00", False),
        ("2026-12-24 09:00", True),
        ("2026-12-24 15:00", False),
        ("2026-12-25 10:00", False),
        ("2027-12-31 10:00", False),
        ("2028-01-02 12:00", False),
        ("2028-01-03 10:00", True),
        ("2027-03-29 10:00", False),
        ("2028-03-29 10:00", True),
        ("2027-08-22 03:00", True),  # a Sunday
        ("2027-09-03 23:59", True),
        ("2027-09-04 23:59", False),
    ],
)
def test_office(moment: str, opened: bool) -> None:
    calendar = read_calendar(("office",), OFFICE)
    assert is_open(calendar, dt.datetime.fromisoformat(moment)) is opened


def test_what_gotoiftime_gets() -> None:
    written = {
        "fri-mon": "8:00-18:00, 20:30-24:00",
        "02-27 to 04-02": "closed",
        "06-15 to 09-01": "0:00-24:00",
    }
    asked = conditions(read_calendar(("x",), written))
    assert [(condition.spec, condition.opens) for condition in asked] == [
        ("*,*,27-31,feb", False),
        ("*,*,*,mar", False),
        ("*,*,1-2,apr", False),
        *(
            (f"*,*,{dates}", opens)
            for opens in (True, False)
            for dates in ("15-31,jun", "*,jul-aug", "1,sep")
        ),
        ("8:00-17:59,fri-mon,*,*", True),
        ("20:30-23:59,fri-mon,*,*", True),
    ]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (None, "x: has no days, write for example 'mon-fri: 8:00-18:00'."),
        ({}, "x: has no days, write for example 'mon-fri: 8:00-18:00'."),
        ("8-18", "x: '8-18' is no mapping, write 'option: value' lines."),
        *(
            (
                {days: "closed"},
                f"x: {days}: '{days}' is neither a weekday nor a date, write for example mon-fri, "
                "12-24 (month-day), 2027-03-29 or '12-25 to 12-26'.",
            )
            for days in ("monday", "Mon", "mon to fri", "24.12.", "12-24-26", "*")
        ),
        *(
            ({days: "closed"}, f"x: {days}: '{days}': there is no such day in any calendar.")
            for days in ("02-30", "13-01", "00-10", "2027-02-29", "12-24 to 12-32")
        ),
        (
            {"mon, 12-24": "closed"},
            "x: mon, 12-24: weekdays and dates need a line each, as a date comes first.",
        ),
        (
            {"2027-01-02 to 01-03": "closed"},
            "x: 2027-01-02 to 01-03: '2027-01-02 to 01-03' needs the year at both ends or at none.",
        ),
        (
            {"2027-01-02 to 2027-01-01": "closed"},
            "x: 2027-01-02 to 2027-01-01: '2027-01-02 to 2027-01-01' ends before it begins, turn "
            "it round.",
        ),
        *(
            (
                {"mon": times},
                f"x: mon: {shown} are no hours, write for example 8:00-18:00, or closed.",
            )
            for times, shown in (
                ("8-18", "'8-18'"),
                ("", "''"),
                ("closed, 8:00-9:00", "'closed'"),
                ([480], "'480'"),
                ("8:00", "'8:00'"),
            )
        ),
        ({"mon": 480}, "x: mon: '480' is no list, write [one, two]."),
        *(
            (
                {"mon": times},
                f"x: mon: '{times}': a day goes from 0:00 to 24:00, correct it.",
            )
            for times in ("8:00-24:01", "8:60-9:00", "25:00-26:00")
        ),
        *(
            (
                {"mon": times},
                f"x: mon: '{times}' ends before it begins, write hours over midnight on two days: "
                "up to 24:00, and from 0:00 on the next.",
            )
            for times in ("22:00-6:00", "8:00-8:00")
        ),
        (
            {"mon": "8:00-12:00, 11:00-18:00"},
            "x: mon: 8:00-12:00 and 11:00-18:00 overlap, join them.",
        ),
        (
            {"mon-fri": "8:00-18:00", "fri": "17:00-20:00"},
            "x: mon-fri and fri overlap on fri, change one of them.",
        ),
        (
            {"mon-fri": "8:00-18:00", "wed": "closed"},
            "x: mon-fri and wed overlap on wed, change one of them.",
        ),
        (
            {"12-24 to 12-26": "closed", "2027-12-24": "8:00-9:00"},
            "x: 12-24 to 12-26 and 2027-12-24 have a day in common, which dates may not.",
        ),
    ],
)
def test_bad_calendar(written: object, sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_calendar(("x",), written)
    assert str(caught.value) == sentence


def test_lines_that_go_together() -> None:
    written = {"mon-fri": "8:00-12:00", "fri, mon": "12:00-14:00", "2027-01-01": "closed"}
    read_calendar(("x",), {**written, "2028-01-01": "closed", "sun": "closed"})
