# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the lines and the seats of a call center suffice for its traffic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .erlang import (
    LIMIT,
    erlang_b_trunks,
    erlang_c_agents,
    erlang_c_mean_wait,
    erlang_c_service_level,
    read_number,
    read_share,
    read_whole,
)
from .sentences import nearest


@dataclass(frozen=True)
class Traffic:
    """What callers bring in the busiest hour, and how they shall be served."""

    calls_per_hour: float
    talk_seconds: float
    """How long caller and agent talk, on average."""
    wrapup_seconds: float = 0.0
    """How long the agent is busy after a call, when its line is free again."""
    menu_seconds: float = 0.0
    """How long a caller listens to menus before the queue."""
    blocking: float = 0.01
    """The share of calls that may find all lines busy."""
    seats: int | None = None
    """How many agents there are at most, if that shall be checked."""
    service_level: float = 0.8
    """The share of calls that is answered within ``answer_seconds`` in the queue."""
    answer_seconds: float = 20.0

    @property
    def handling_seconds(self) -> float:
        """How long a call keeps an agent busy."""
        return self.talk_seconds + self.wrapup_seconds

    @property
    def agent_load(self) -> float:
        """Offered to the agents, in erlangs: so many are busy on average."""
        return self.erlangs(self.handling_seconds)

    def erlangs(self, seconds: float) -> float:
        """The load of something that each call keeps busy for ``seconds``."""
        return self.calls_per_hour * seconds / 3600


@dataclass(frozen=True)
class Sizing:
    """What a traffic needs. The lines are sized for callers who find ``agents`` at work."""

    agent_load: float
    """Offered to the agents, in erlangs."""
    agents: int
    """How many the service level needs."""
    mean_wait_seconds: float
    """How long a call waits in the queue, on average over all calls."""
    line_seconds: float
    """How long a call holds a line: menu, queue and talk."""
    trunk_load: float
    """Offered to the lines, in erlangs."""
    channels: int
    """How many the blocking needs; one carries one call."""


_EXAMPLE = "write for example {calls_per_hour: 1500, talk_seconds: 180}"
_READERS: dict[str, Callable[[str, object], float]] = {
    "calls_per_hour": partial(read_number, remedy="give the calls of the busiest hour"),
    "talk_seconds": partial(
        read_number, remedy="give how long a conversation lasts on average", positive=True
    ),
    "wrapup_seconds": partial(
        read_number, remedy="give how long an agent is busy after a call on average"
    ),
    "menu_seconds": partial(
        read_number, remedy="give how long a caller listens to menus on average"
    ),
    "blocking": partial(read_share, remedy="write 0.01 for 1 %"),
    "seats": partial(read_whole, remedy="give how many agents there are at most"),
    "service_level": partial(read_share, remedy="write 0.8 for 80 %"),
    "answer_seconds": partial(
        read_number, remedy="give within how many seconds calls shall be answered"
    ),
}


def read_traffic(mapping: object) -> Traffic:
    """The option ``traffic`` as a user wrote it: a mapping with the fields of Traffic.

    A number may be written as a text; an empty value is the same as none.
    Raises ValueError with one sentence when an option is unknown, missing or impossible.
    """
    if not isinstance(mapping, Mapping):
        raise ValueError(  # noqa: TRY004 callers show every mistake in the inventory the same way
            f"traffic: '{mapping}' is no mapping of options, {_EXAMPLE}."
        )
    for option in mapping:
        if option not in _READERS:
            hint = nearest(str(option), _READERS)
            if "did you mean" not in hint:
                hint = f"use one of {', '.join(_READERS)}"
            raise ValueError(f"traffic: unknown option '{option}', {hint}.")
    values: dict[str, Any] = {
        option: read(f"traffic: {option}", mapping[option])
        for option, read in _READERS.items()
        if mapping.get(option) is not None
    }
    for option in ("calls_per_hour", "talk_seconds"):
        if option not in values:
            raise ValueError(f"traffic: {option} is missing, {_EXAMPLE}.")
    traffic = Traffic(**values)
    seconds = traffic.menu_seconds + traffic.handling_seconds
    if max(seconds, traffic.erlangs(seconds)) > LIMIT:
        raise ValueError(
            f"{_calls(traffic, seconds)} are beyond {LIMIT:,} seconds or erlangs, correct "
            "calls_per_hour or the seconds."
        )
    return traffic


def size(traffic: Traffic) -> Sizing:
    """How many agents and channels ``traffic`` needs, whatever ``seats`` says.

    A caller who waits holds a line: the lines carry menu, queue and talk, the agents talk and
    wrap-up. Raises ValueError with one sentence when callers would wait too long for any line.
    """
    load, handling = traffic.agent_load, traffic.handling_seconds
    agents = erlang_c_agents(load, handling, traffic.service_level, traffic.answer_seconds)
    wait = erlang_c_mean_wait(load, agents, handling)
    line_seconds = traffic.menu_seconds + wait + traffic.talk_seconds
    trunk_load = traffic.erlangs(line_seconds)
    if trunk_load > LIMIT:
        raise ValueError(
            f"{_calls(traffic, line_seconds)}, of which they wait {_plain(wait)} s, are beyond "
            f"{LIMIT:,} erlangs, correct calls_per_hour or the seconds or raise service_level."
        )
    return Sizing(
        agent_load=load,
        agents=agents,
        mean_wait_seconds=wait,
        line_seconds=line_seconds,
        trunk_load=trunk_load,
        channels=erlang_b_trunks(trunk_load, traffic.blocking),
    )


def traffic_warnings(traffic: Traffic, channels: int) -> list[str]:
    """Sentences that say what does not suffice for ``traffic``: seats, ``channels`` of all lines.

    Raises ValueError with one sentence when ``channels`` is no such number, and as size() does.
    """
    have = read_whole("channels", channels, "give how many calls the lines carry at the same time")
    need = size(traffic)
    warnings = _seat_warnings(traffic, need.agents)
    if have < need.channels:
        warnings.append(
            f"{_calls(traffic, need.line_seconds)} (menu {_plain(traffic.menu_seconds)}, queue "
            f"{_plain(need.mean_wait_seconds)}, talk {_plain(traffic.talk_seconds)}) need "
            f"{need.channels} channels for a blocking of {_percent(traffic.blocking)}, the trunk "
            f"groups have {have}: add at least {need.channels - have}."
        )
    return warnings


def _seat_warnings(traffic: Traffic, agents: int) -> list[str]:
    seats, handling = traffic.seats, traffic.handling_seconds
    if seats is None or seats >= agents:
        return []
    calls = f"{_calls(traffic, handling)} (talk and wrap-up)"
    if seats <= traffic.agent_load:
        return [
            f"{calls} keep {_plain(traffic.agent_load)} agents busy without a pause, with {seats} "
            f"seats the queue grows without bound: add at least {agents - seats}."
        ]
    answered = erlang_c_service_level(traffic.agent_load, seats, handling, traffic.answer_seconds)
    # Rounded down: what is too little must not look like enough.
    share = math.floor(1000 * answered) / 1000
    return [
        f"{calls} need {agents} agents to answer {_percent(traffic.service_level)} within "
        f"{_plain(traffic.answer_seconds)} s, {seats} seats answer {_percent(share)}: add at least "
        f"{agents - seats}."
    ]


def _calls(traffic: Traffic, seconds: float) -> str:
    return f"traffic: {_plain(traffic.calls_per_hour)} calls per hour of {_plain(seconds)} s"


def _plain(number: float) -> str:
    return f"{round(number, 1):.12g}"


def _percent(share: float) -> str:
    return f"{100 * share:.12g} %"
