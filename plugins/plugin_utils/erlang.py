# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many lines and how many agents a telephone traffic needs.

Traffic is measured in erlangs: calls per hour times seconds of a call, divided by 3600. Calls
arrive independently of each other (a Poisson process).

Erlang B is for lines: a call that finds all of them busy is lost. Erlang C is for agents: a call
that finds all of them busy waits until one is free, however long that takes. Erlang C also assumes
that the time of a call is distributed exponentially.

Sources: A. K. Erlang, "Solution of some Problems in the Theory of Probabilities of Significance in
Automatic Telephone Exchanges", 1917; ITU-D Study Group 2, "Teletraffic Engineering Handbook", the
chapters about Erlang's loss system and delay systems; ITU-T E.501 about offered traffic, and E.520,
which takes the number of circuits from Erlang B with a blocking of 1 % in the mean busy hour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

LIMIT = 1_000_000
"""The largest number of erlangs, trunks, agents or seconds: more are a slip of the pen."""

_ERLANGS = "give erlangs: calls per hour times seconds of a call divided by 3600"
_CALLS = "give how many calls the lines carry at the same time"
_AGENTS = "give how many agents answer calls"
_HANDLING = "give how long a call keeps an agent busy"
_ANSWER = "give within how many seconds calls shall be answered"


def erlang_b_blocking(traffic: float, trunks: int) -> float:
    """The share of calls, from 0 to 1, that find all ``trunks`` busy and are lost.

    ``traffic`` is offered, in erlangs. Without traffic nobody is blocked, not even without trunks.
    Raises ValueError with one sentence when a value is not a number from 0 to 1,000,000.
    """
    return _blocking(_traffic(traffic), read_whole("trunks", trunks, _CALLS))


def erlang_b_trunks(traffic: float, blocking: float) -> int:
    """The smallest number of trunks that block at most the share ``blocking`` of the calls.

    ``traffic`` is offered, in erlangs; ``blocking`` lies between 0 and 1, 0.01 being 1 %.
    Raises ValueError with one sentence when a value is impossible.
    """
    allowed = read_share("blocking", blocking, "write 0.01 for 1 %")
    blockings = _blockings(_traffic(traffic))
    return next(trunks for trunks, blocked in enumerate(blockings) if blocked <= allowed)


def erlang_b_traffic(trunks: int, blocking: float) -> float:
    """The largest traffic, in erlangs, of which ``trunks`` block at most the share ``blocking``.

    ``blocking`` lies between 0 and 1, 0.01 being 1 %.
    Raises ValueError with one sentence when a value is impossible.
    """
    count = read_whole("trunks", trunks, _CALLS)
    allowed = read_share("blocking", blocking, "write 0.01 for 1 %")
    # What is not blocked is carried, and each trunk carries at most one erlang.
    low, high = 0.0, count / (1 - allowed)
    while low < (middle := (low + high) / 2) < high:
        if _blocking(middle, count) <= allowed:
            low = middle
        else:
            high = middle
    return low


def erlang_c_wait_probability(traffic: float, agents: int) -> float:
    """The share of calls, from 0 to 1, that find all ``agents`` busy and wait.

    ``traffic`` is offered, in erlangs. All calls wait when the agents do not keep up with it.
    Raises ValueError with one sentence when a value is not a number from 0 to 1,000,000.
    """
    load, count = _traffic(traffic), read_whole("agents", agents, _AGENTS)
    return _wait_probability(load, count, _blocking(load, count))


def erlang_c_mean_wait(traffic: float, agents: int, handling_seconds: float) -> float:
    """Seconds that a call waits on average; calls that do not wait count as 0.

    ``traffic`` is offered, in erlangs; ``handling_seconds`` is how long a call keeps an agent busy,
    wrap-up included. Raises ValueError with one sentence when a value is impossible, or when the
    agents do not keep up with the traffic, as waiting has no average then.
    """
    load, count = _traffic(traffic), read_whole("agents", agents, _AGENTS)
    seconds = read_number("handling_seconds", handling_seconds, _HANDLING, positive=True)
    if not load:
        return 0.0
    if count <= load:
        raise ValueError(
            f"agents: {count} do not keep up with {load:.12g} erlangs and the queue grows without "
            f"bound, use {math.floor(load) + 1} or more."
        )
    return _wait_probability(load, count, _blocking(load, count)) * seconds / (count - load)


def erlang_c_service_level(
    traffic: float, agents: int, handling_seconds: float, answer_seconds: float
) -> float:
    """The share of calls, from 0 to 1, that an agent answers within ``answer_seconds``.

    ``traffic`` is offered, in erlangs; ``handling_seconds`` is how long a call keeps an agent busy,
    wrap-up included. The share is 0 when the agents do not keep up with the traffic.
    Raises ValueError with one sentence when a value is impossible.
    """
    load, count = _traffic(traffic), read_whole("agents", agents, _AGENTS)
    patience = _patience(handling_seconds, answer_seconds)
    return _service_level(load, count, _blocking(load, count), patience)


def erlang_c_agents(
    traffic: float,
    handling_seconds: float,
    service_level: float = 0.8,
    answer_seconds: float = 20.0,
) -> int:
    """The smallest number of agents who answer enough calls soon enough.

    ``traffic`` is offered, in erlangs; ``handling_seconds`` is how long a call keeps an agent busy,
    wrap-up included; ``service_level`` is the share of calls, between 0 and 1, that shall be
    answered within ``answer_seconds``, 0.8 being 80 %.
    Raises ValueError with one sentence when a value is impossible.
    """
    load = _traffic(traffic)
    patience = _patience(handling_seconds, answer_seconds)
    wanted = read_share("service_level", service_level, "write 0.8 for 80 %")
    return next(
        agents
        for agents, blocked in enumerate(_blockings(load))
        if _service_level(load, agents, blocked, patience) >= wanted
    )


def read_number(option: str, value: object, remedy: str, *, positive: bool = False) -> float:
    """``value`` as a number from 0 (with ``positive``: above it) to 1,000,000; a text may hold it.

    Raises ValueError with one sentence that names ``option`` and ends with ``remedy``.
    """
    number = _float(value)
    if 0 < number <= LIMIT or (number == 0 and not positive):
        return number
    numbers = "above 0 and up to" if positive else "from 0 to"
    raise ValueError(f"{option}: '{value}' is not a number {numbers} {LIMIT:,}, {remedy}.")


def read_whole(option: str, value: object, remedy: str) -> int:
    """``value`` as a whole number from 0 to 1,000,000; a text may hold it.

    Raises ValueError with one sentence that names ``option`` and ends with ``remedy``.
    """
    number = _float(value)
    if 0 <= number <= LIMIT and number.is_integer():
        return int(number)
    raise ValueError(f"{option}: '{value}' is not a whole number from 0 to {LIMIT:,}, {remedy}.")


def read_share(option: str, value: object, remedy: str) -> float:
    """``value`` as a number between 0 and 1, neither of the two; a text may hold it.

    Raises ValueError with one sentence that names ``option`` and ends with ``remedy``.
    """
    number = _float(value)
    if 0 < number < 1:
        return number
    raise ValueError(f"{option}: '{value}' is not a share between 0 and 1, {remedy}.")


def _float(value: object) -> float:
    """``value`` as it is, or NaN when it is no number: no comparison with that is true."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return math.nan
    try:
        return float(value)
    except (OverflowError, ValueError):
        return math.nan


def _traffic(value: object) -> float:
    return read_number("traffic", value, _ERLANGS)


def _patience(handling_seconds: object, answer_seconds: object) -> float:
    """Seconds within which calls shall be answered, as a multiple of the seconds of a call."""
    handling = read_number("handling_seconds", handling_seconds, _HANDLING, positive=True)
    return read_number("answer_seconds", answer_seconds, _ANSWER) / handling


def _blockings(traffic: float) -> Iterator[float]:
    """Erlang B of 0, 1, 2, ... trunks, without end.

    The recurrence B(n) = A B(n-1) / (n + A B(n-1)) needs neither factorials nor powers, which would
    overflow, and subtracts nothing: an error of rounding becomes smaller with each step.
    """
    blocked = 1.0 if traffic else 0.0
    yield blocked
    trunks = 0
    while True:
        trunks += 1
        offered = traffic * blocked
        blocked = offered / (trunks + offered)
        yield blocked


def _blocking(traffic: float, trunks: int) -> float:
    return next(islice(_blockings(traffic), trunks, None))


def _wait_probability(traffic: float, agents: int, blocked: float) -> float:
    """Erlang C from Erlang B: C = n B / (n - A (1 - B)), arranged so that it stays exact."""
    if agents <= traffic:
        return 1.0 if traffic else 0.0
    return min(1.0, blocked / ((agents - traffic + traffic * blocked) / agents))


def _service_level(traffic: float, agents: int, blocked: float, patience: float) -> float:
    if agents <= traffic:
        return 0.0 if traffic else 1.0
    still_waiting = math.exp(-(agents - traffic) * patience)
    return 1.0 - _wait_probability(traffic, agents, blocked) * still_waiting
