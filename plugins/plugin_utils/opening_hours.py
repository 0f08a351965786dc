# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening hours: calendars of weekdays and dates, and Asterisk's conditions for them.

A calendar is a mapping of days to times. A date decides alone about its day:

    mon-fri: 8:00-12:00, 13:00-18:00
    sat: 9:00-13:00
    12-24: 9:00-13:00               # every year
    12-25 to 12-26: closed
    2027-03-29: closed              # this year only
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from .reading import OptionError, Path, mapping, sequence, shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DAY_MINUTES = 24 * 60
_WEEK = re.compile(rf"({'|'.join(WEEKDAYS)})(?:-({'|'.join(WEEKDAYS)}))?")
_DATE = r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})"
_DATES = re.compile(rf"{_DATE}(?: to {_DATE})?")
_TIMES = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_LEAP_YEAR = 2000
"""A year that has every day of a calendar."""

Interval = tuple[int, int]
"""Minutes of a day: the first one, and the first one after it."""


@dataclass(frozen=True)
class DateSpan:
    """Days from ``first`` to ``last``, (month, day); every year, or in one only."""

    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]

    def has(self, date: dt.date) -> bool:
        """Whether the date is one of them."""
        return self.year in {None, date.year} and self.first <= (date.month, date.day) <= self.last

    def days(self) -> set[tuple[int, int]]:
        """All of them as (month, day)."""
        first = dt.date(self.year or _LEAP_YEAR, *self.first)
        last = dt.date(self.year or _LEAP_YEAR, *self.last)
        dates = (first + dt.timedelta(days) for days in range((last - first).days + 1))
        return {(date.month, date.day) for date in dates}


@dataclass(frozen=True)
class Entry:
    """One line of a calendar."""

    days: str
    """As it is written."""
    weekdays: tuple[tuple[int, int], ...]
    """Ranges of weekdays from 0, Monday; the last one may come before the first."""
    dates: tuple[DateSpan, ...]
    open: tuple[Interval, ...]
    """Empty: closed."""


Calendar = tuple[Entry, ...]


@dataclass(frozen=True)
class Condition:
    """A condition of GotoIfTime, and whether it is open when it holds."""

    times: str = "*"
    weekdays: str = "*"
    days: str = "*"
    months: str = "*"
    opens: bool = True
    year: int | None = None
    """GotoIfTime knows no years: this one has to be asked for apart."""

    @property
    def spec(self) -> str:
        """As GotoIfTime takes it, without the time zone."""
        return f"{self.times},{self.weekdays},{self.days},{self.months}"


def read_calendar(path: Path, value: object) -> Calendar:
    """The calendar that is written as ``value``. Raises OptionError with one sentence."""
    if isinstance(value, Mapping):
        value = {str(days): times for days, times in value.items()}  # YAML reads a whole date
    entries = tuple(
        _entry((*path, days), days, times) for days, times in mapping(path, value).items()
    )
    if not entries:
        raise OptionError(path, "has no days, write for example 'mon-fri: 8:00-18:00'.")
    _refuse_twice(path, entries)
    return entries


def is_open(calendar: Calendar, moment: dt.datetime) -> bool:
    """Whether it is open at this moment of the call center's time zone."""
    minute = moment.hour * 60 + moment.minute
    entries = [
        entry for entry in calendar if any(span.has(moment.date()) for span in entry.dates)
    ] or [entry for entry in calendar if moment.weekday() in _weekdays(entry)]
    return any(first <= minute < end for entry in entries for first, end in entry.open)


def conditions(calendar: Calendar) -> list[Condition]:
    """Conditions in the order in which they are asked; when none holds it is closed."""
    return [*_of_dates(calendar), *_of_weekdays(calendar)]


def _of_dates(calendar: Calendar) -> Iterator[Condition]:
    for entry in calendar:
        pieces = [(span.year, *piece) for span in entry.dates for piece in _months(span)]
        for year, days, months in pieces:
            for interval in entry.open:
                yield Condition(_clock(interval), "*", days, months, year=year)
        for year, days, months in pieces:
            yield Condition("*", "*", days, months, opens=False, year=year)


def _of_weekdays(calendar: Calendar) -> Iterator[Condition]:
    for entry in calendar:
        for first, last in entry.weekdays:
            name = WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
            for interval in entry.open:
                yield Condition(_clock(interval), name)


def _months(span: DateSpan) -> Iterator[tuple[str, str]]:
    """Days and months for GotoIfTime, which pairs every day with every month."""
    (first_month, first_day), (last_month, last_day) = span.first, span.last
    if first_month == last_month:
        yield _range(first_day, last_day), MONTHS[first_month - 1]
        return
    yield _range(first_day, 31), MONTHS[first_month - 1]
    between = MONTHS[first_month : last_month - 1]
    if between:
        yield "*", "-".join(dict.fromkeys((between[0], between[-1])))
    yield _range(1, last_day), MONTHS[last_month - 1]


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _clock(interval: Interval) -> str:
    """GotoIfTime counts the last minute in."""
    first, end = interval
    if interval == (0, _DAY_MINUTES):
        return "*"
    return f"{first // 60}:{first % 60:02}-{(end - 1) // 60}:{(end - 1) % 60:02}"


def _weekdays(entry: Entry) -> set[int]:
    return {
        (first + step) % 7
        for first, last in entry.weekdays
        for step in range((last - first) % 7 + 1)
    }


def _entry(path: Path, days: str, times: object) -> Entry:
    weekdays, dates = _days(path, days)
    return Entry(days, weekdays, dates, _open(path, times))


def _days(path: Path, text: str) -> tuple[tuple[tuple[int, int], ...], tuple[DateSpan, ...]]:
    weekdays: list[tuple[int, int]] = []
    dates: list[DateSpan] = []
    for part in (part.strip() for part in text.split(",")):
        if week := _WEEK.fullmatch(part):
            weekdays.append((WEEKDAYS.index(week[1]), WEEKDAYS.index(week[2] or week[1])))
        elif match := _DATES.fullmatch(part):
            dates += _spans(path, part, *match.groups())
        else:
            raise OptionError(
                path,
                f"{shown(part)} is neither a weekday nor a date, write for example mon-fri, 12-24 "
                "(month-day), 2027-03-29 or '12-25 to 12-26'.",
            )
    if weekdays and dates:
        raise OptionError(path, "weekdays and dates need a line each, as a date comes first.")
    return tuple(weekdays), tuple(dates)


def _spans(path: Path, text: str, *parts: str | None) -> Iterator[DateSpan]:
    year, month, day, *rest = (int(part) if part else None for part in parts)
    last_year, last_month, last_day = rest if rest[1] else (year, month, day)
    if (year is None) != (last_year is None):
        raise OptionError(path, f"{shown(text)} needs the year at both ends or at none.")
    try:
        first = dt.date(year or _LEAP_YEAR, month or 0, day or 0)
        last = dt.date(last_year or _LEAP_YEAR, last_month or 0, last_day or 0)
    except ValueError:
        raise OptionError(path, f"{shown(text)}: there is no such day in any calendar.") from None
    ends = (first.month, first.day), (last.month, last.day)
    if year is None:
        if first <= last:
            yield DateSpan(None, *ends)
        else:  # over New Year
            yield DateSpan(None, ends[0], (12, 31))
            yield DateSpan(None, (1, 1), ends[1])
        return
    if first > last:
        raise OptionError(path, f"{shown(text)} ends before it begins, turn it round.")
    for each in range(first.year, last.year + 1):
        yield DateSpan(
            each,
            ends[0] if each == first.year else (1, 1),
            ends[1] if each == last.year else (12, 31),
        )


def _open(path: Path, times: object) -> tuple[Interval, ...]:
    parts = times.split(",") if isinstance(times, str) else sequence(path, times)
    if [str(part).strip() for part in parts] == ["closed"]:
        return ()
    intervals = sorted(_interval(path, str(part).strip()) for part in parts)
    for before, after in pairwise(intervals):
        if after[0] < before[1]:
            raise OptionError(path, f"{_written(before)} and {_written(after)} overlap, join them.")
    return tuple(intervals)


def _interval(path: Path, text: str) -> Interval:
    match = _TIMES.fullmatch(text)
    if not match:
        raise OptionError(
            path, f"{shown(text)} are no hours, write for example 8:00-18:00, or closed."
        )
    first_hour, first_minute, end_hour, end_minute = map(int, match.groups())
    first, end = first_hour * 60 + first_minute, end_hour * 60 + end_minute
    if max(first_minute, end_minute) > 59 or max(first, end) > _DAY_MINUTES:
        raise OptionError(path, f"{shown(text)}: a day goes from 0:00 to 24:00, correct it.")
    if first >= end:
        raise OptionError(
            path,
            f"{shown(text)} ends before it begins, write hours over midnight on two days: up to "
            "24:00, and from 0:00 on the next.",
        )
    return first, end


def _written(interval: Interval) -> str:
    return "-".join(f"{minute // 60}:{minute % 60:02}" for minute in interval)


def _refuse_twice(path: Path, calendar: Calendar) -> None:
    for one, other in combinations(calendar, 2):
        if _days_in_common(one, other):
            raise OptionError(
                path, f"{one.days} and {other.days} have a day in common, which dates may not."
            )
        for day in sorted(_weekdays(one) & _weekdays(other)):
            if _clash(one.open, other.open):
                raise OptionError(
                    path,
                    f"{one.days} and {other.days} overlap on {WEEKDAYS[day]}, change one of them.",
                )


def _days_in_common(one: Entry, other: Entry) -> bool:
    return any(
        (first.year == second.year or None in {first.year, second.year})
        and first.days() & second.days()
        for first in one.dates
        for second in other.dates
    )


def _clash(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> bool:
    """Whether hours of the same weekday overlap, or one line says that it is closed."""
    return not (one and other) or any(
        max(first[0], second[0]) < min(first[1], second[1]) for first in one for second in other
    )
