# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a queue: one table for the checks, for queues.conf and for docs/queues.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Protocol

from . import reading
from .call_backs import CallBacks
from .menus import NAME, NAME_RULE
from .queue_targets import (
    NOBODY,
    Surroundings,
    Target,
    circles,
    read_sounds,
    read_target,
    target_problem,
)
from .reading import OptionError, Path, mapping, shown
from .sentences import nearest

HIGHEST_PENALTY = 1000

NO_LIMIT = 2**31 - 1
"""What app_queue takes for no limit of the penalty."""

_ONCE_A_DAY = 86_400


class Kind(Protocol):
    """What values an option takes."""

    @property
    def values(self) -> str:
        """For the reader of the documentation."""

    def read(self, path: Path, value: object) -> Any:  # noqa: ANN401 - of any type
        """The value. Raises OptionError with one sentence."""


@dataclass(frozen=True)
class Whole:
    """A whole number."""

    least: int
    most: int

    @property
    def values(self) -> str:
        return f"{self.least} to {self.most}"

    def read(self, path: Path, value: object) -> int:
        return reading.whole(path, value, self.least, self.most)


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    choices: Sequence[str]

    @property
    def values(self) -> str:
        return ", ".join(f"`{choice}`" for choice in self.choices)

    def read(self, path: Path, value: object) -> str:
        return reading.choice(path, value, self.choices)


@dataclass(frozen=True)
class Switch:
    """Whether it is so."""

    values: str = "`true`, `false`"

    def read(self, path: Path, value: object) -> bool:
        return reading.switch(path, value)


@dataclass(frozen=True)
class Sounds:
    """Prompts of Debian or own recordings."""

    values: str = "list of sounds"

    def read(self, path: Path, value: object) -> list[str]:
        return read_sounds(path, value)


@dataclass(frozen=True)
class Name:
    """The name of what another variable declares."""

    values: str = "name"

    def read(self, path: Path, value: object) -> str:
        return reading.name(path, value, NAME, NAME_RULE.removeprefix("use ")) if value else ""


@dataclass(frozen=True)
class Goal:
    """Where callers go."""

    values: str = "target"

    def read(self, path: Path, value: object) -> Target | None:
        return read_target(path, value) if value != "" else None


@dataclass(frozen=True)
class Limits:
    """Seconds that a caller has waited, and the highest penalty of the agents who are asked."""

    values: str = "seconds and penalty"

    def read(self, path: Path, value: object) -> list[tuple[int, int]]:
        if isinstance(value, Mapping):
            value = {str(seconds): penalty for seconds, penalty in value.items()}
        limits = sorted(
            (
                reading.whole((*path, seconds), seconds, 0, _ONCE_A_DAY),
                reading.whole((*path, seconds), penalty, 0, HIGHEST_PENALTY),
            )
            for seconds, penalty in mapping(path, value).items()
        )
        if limits and limits[0][0] != 0:
            raise OptionError(path, "says nothing of the beginning, add 0 and a penalty.")
        for (_before, lower), (seconds, higher) in pairwise(limits):
            if higher <= lower:
                raise OptionError(
                    (*path, str(seconds)),
                    f"{higher} asks no more agents than {lower} before, write a higher one.",
                )
        return limits


@dataclass(frozen=True)
class Elsewhere:
    """What another module reads."""

    values: str

    def read(self, path: Path, value: object) -> object:  # noqa: ARG002 - as all others
        return value


@dataclass(frozen=True)
class Option:
    """An option of a queue."""

    name: str
    kind: Kind
    default: Any
    meaning: str
    key: str = ""
    """In queues.conf; empty for what the dialplan does."""


STRATEGIES = (
    "rrmemory",
    "leastrecent",
    "fewestcalls",
    "ringall",
    "random",
    "linear",
    "rrordered",
    "wrandom",
)
"""How app_queue chooses among its members."""

OPTIONS = (
    Option(
        "strategy",
        Choice(STRATEGIES),
        "rrmemory",
        "Whom to ring next. `rrmemory` goes round, so that work is shared out and one phone rings "
        "at a time.",
        "strategy",
    ),
    Option(
        "weight",
        Whole(0, 100),
        0,
        "An agent in several queues gets the callers of the queue with the higher weight first.",
        "weight",
    ),
    Option(
        "members",
        Elsewhere("extensions"),
        "",
        "Further agents, such as `1001-1010,!1004`, beside those whose accounts name the queue.",
    ),
    Option(
        "number",
        Elsewhere("1 to 4 digits"),
        "",
        "What follows a code to log in to this queue alone, see [agents](agents.md).",
    ),
    Option(
        "ring_seconds",
        Whole(1, 300),
        15,
        "How long an agent is rung, three to four rings; then it is the next one's turn.",
        "timeout",
    ),
    Option(
        "retry_seconds",
        Whole(1, 60),
        1,
        "How long to wait before agents are rung again. An agent who becomes free is noticed after "
        "that.",
        "retry",
    ),
    Option(
        "wrapup_seconds",
        Whole(0, 3600),
        0,
        "How long an agent is left alone after a call. The agent can end it, see "
        "[agents](agents.md).",
    ),
    Option(
        "hours",
        Name(),
        "",
        "Opening hours in `gateway_hours`, see [the IVR](ivr.md#hours). Who came in time is served "
        "also afterwards.",
    ),
    Option("closed", Goal(), "", "Where callers go outside of the hours."),
    Option(
        "maximum_callers",
        Whole(0, 10_000),
        0,
        "More callers do not come in, they go to `full`. 0 is no limit, as lines limit them too.",
        "maxlen",
    ),
    Option("full", Goal(), "", "Where callers go when the queue is full."),
    Option(
        "maximum_wait_seconds",
        Whole(0, _ONCE_A_DAY),
        0,
        "Who has waited so long goes to `timed_out`. 0 is no limit: who waits longest is served "
        "first.",
    ),
    Option("timed_out", Goal(), "", "Where callers go who have waited so long."),
    Option(
        "call_back",
        CallBacks(),
        "",
        "Callers need not wait: who presses a key is called when it is his turn.",
    ),
    Option(
        "empty",
        Goal(),
        "",
        "Where callers go while no agent is logged in at a phone that is on, and all who wait when "
        "the last one logs out. Agents on a break count as there. Without it callers wait.",
    ),
    Option(
        "penalty_limits",
        Limits(),
        {},
        "Skills: `{0: 0, 20: 5, 60: 10}` asks agents with penalty 0 alone at first, those up to 5 "
        "after 20 s and those up to 10 after a minute. Without it everybody is asked, the lowest "
        "penalty that is free first.",
    ),
    Option(
        "penalty_members_limit",
        Whole(0, 1000),
        0,
        "With so few agents or fewer, penalties do not count.",
        "penaltymemberslimit",
    ),
    Option(
        "service_level_seconds",
        Whole(1, 3600),
        20,
        "Calls answered within are good ones in the statistics; 80 % in 20 s is the usual goal.",
        "servicelevel",
    ),
    Option(
        "music",
        Name(),
        "default",
        "What callers hear while they wait, a name in `asterisk_music` or `default`.",
        "musicclass",
    ),
    Option(
        "announce_position",
        Switch(),
        False,
        "Whether callers are told their position. Off, as nobody is connected during an "
        "announcement.",
        "announce-position",
    ),
    Option(
        "announce_hold_time",
        Choice(("never", "once", "always")),
        "never",
        "Whether callers are told how long it may take; under a minute nothing is said.",
        "announce-holdtime",
    ),
    Option(
        "announce_seconds",
        Whole(15, 3600),
        60,
        "How often both are told. A new position is told at once, but not within 15 s.",
        "announce-frequency",
    ),
    Option(
        "periodic_announcement",
        Sounds(),
        [],
        "Said to callers who wait, one sound at a time and in turn.",
        "periodic-announce",
    ),
    Option(
        "periodic_seconds",
        Whole(10, 3600),
        60,
        "How often it is said.",
        "periodic-announce-frequency",
    ),
)

_BY_NAME = {option.name: option for option in OPTIONS}

Queue = dict[str, Any]
"""All options of a queue, by name."""


@dataclass(frozen=True)
class Reason:
    """Why no agent serves a caller."""

    name: str
    """The option with the target."""
    status: str
    """QUEUESTATUS of app_queue; empty if it is not asked."""
    limit: str = ""
    """The option without which it does not happen."""
    example: str = ""
    """Of the limit."""


REASONS = (
    Reason("full", "FULL", "maximum_callers", "50"),
    Reason("timed_out", "TIMEOUT", "maximum_wait_seconds", "300"),
    Reason("empty", "LEAVEEMPTY"),
    Reason("closed", "", "hours", "office"),
)


def queue_problems(
    queues: Mapping[str, object], around: Surroundings, music: Collection[str] = ()
) -> list[str]:
    """Sentences that say what is wrong with the queues and where they lead."""
    problems = option_problems(queues, music)
    if problems:
        return problems
    complete = read_queues(queues)
    for name, queue in complete.items():
        problems += _reason_problems(name, queue, around)
    return problems or list(
        circles(
            {
                name: [way["target"].name for way in ways(queue) if way["target"].kind == "queue"]
                for name, queue in complete.items()
            }
        )
    )


def ways(queue: Queue) -> list[dict[str, Any]]:
    """Reasons for which callers leave a queue that nobody serves, with their targets."""
    return [
        {"reason": reason.name, "status": reason.status, "target": queue[reason.name] or NOBODY}
        for reason in REASONS
        if queue[reason.limit or reason.name]
    ]


def option_problems(queues: Mapping[str, object], music: Collection[str] = ()) -> list[str]:
    """Sentences that say what is wrong with the options of the queues, one for each option."""
    problems = []
    for name, options in queues.items():
        path = ("central_queues", str(name))
        if not isinstance(options, Mapping | None):
            problems.append(
                f"central_queues: {name}: '{options}' is no mapping of options, write for example "
                "{strategy: rrmemory}."
            )
            continue
        for option, value in (options or {}).items():
            problem = _problem(path, str(option), value)
            if problem:
                problems.append(problem)
        problems += _music_problems(str(name), options or {}, music)
    return problems


def read_queue(name: str, options: object) -> Queue:
    """A queue with all of its options. Raises OptionError with one sentence."""
    path = ("central_queues", name)
    given = mapping(path, options, _BY_NAME)
    found = {}
    for option in OPTIONS:
        value = given.get(option.name)
        value = option.default if value is None else value
        found[option.name] = option.kind.read((*path, option.name), value)
    return found


def read_queues(queues: Mapping[str, object]) -> dict[str, Queue]:
    """All queues that are declared. Raises OptionError with one sentence."""
    return {str(name): read_queue(str(name), options) for name, options in queues.items()}


def values(queues: Mapping[str, Queue]) -> list[dict[str, Any]]:
    """The queues as templates take them."""
    limited = any(queue["penalty_limits"] for queue in queues.values())
    return [
        {
            **queue,
            "name": name,
            "settings": settings(queue)
            | ({"defaultrule": name} if queue["penalty_limits"] else {})
            | ({"context": f"call-back-{name}"} if queue["call_back"] else {}),
            "penalty_changes": queue["penalty_limits"][1:],
            "first_penalty": _first_penalty(queue) if limited else None,
            "ways": [{**way, "target": asdict(way["target"])} for way in ways(queue)],
        }
        for name, queue in queues.items()
    ]


def settings(queue: Queue) -> dict[str, str]:
    """Key -> value in queues.conf."""
    written = {option.key: _written(queue[option.name]) for option in OPTIONS if option.key}
    written["announce-holdtime"] = {"never": "no", "once": "once", "always": "yes"}[
        queue["announce_hold_time"]
    ]
    if not queue["announce_position"] and queue["announce_hold_time"] == "never":
        written["announce-frequency"] = "0"
    # Nobody is left: who has a phone that is off may be on the way back.
    written["leavewhenempty"] = "invalid" if queue["empty"] else "no"
    if not queue["periodic_announcement"]:
        written["periodic-announce-frequency"] = "0"
        del written["periodic-announce"]
    return written


def reference() -> Iterator[str]:
    """Rows of a Markdown table of all options."""
    yield "| option | value | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for option in OPTIONS:
        default = str(option.default).lower() if option.default not in ("", [], {}) else ""
        shown_default = f"`{default}`" if default else ""
        yield f"| `{option.name}` | {option.kind.values} | {shown_default} | {option.meaning} |"


def _problem(path: Path, option: str, value: object) -> str:
    try:
        known = mapping(path, {option: value}, _BY_NAME)
        reading.optional(known, path, option, _BY_NAME[option].kind.read, None)
    except OptionError as error:
        return str(error)
    return ""


def _reason_problems(name: str, queue: Queue, around: Surroundings) -> Iterator[str]:
    for reason in REASONS:
        path = ("central_queues", name, reason.name)
        target = queue[reason.name]
        if reason.name == "closed" and queue["hours"] and queue["hours"] not in around.hours:
            yield (
                f"central_queues: {name}: hours: {shown(queue['hours'])} is not declared in "
                f"gateway_hours, {nearest(queue['hours'], around.hours)}."
            )
        if target and reason.limit and not queue[reason.limit]:
            yield (
                f"central_queues: {name}: {reason.name}: this never happens without "
                f"{reason.limit}, add it, for example {reason.limit}: {reason.example}."
            )
        elif target and (problem := target_problem(path, target, around)):
            yield problem


def _music_problems(
    name: str, options: Mapping[str, object], music: Collection[str]
) -> Iterator[str]:
    wanted = options.get("music") or "default"
    if isinstance(wanted, str) and wanted not in {"default", *music}:
        yield (
            f"central_queues: {name}: music: {shown(wanted)} is not declared in asterisk_music, "
            f"{nearest(str(wanted), ['default', *music])}."
        )


def _first_penalty(queue: Queue) -> int:
    """Of a caller who has just come, who may bring the limit of another queue along."""
    limits = queue["penalty_limits"]
    return int(limits[0][1]) if limits else NO_LIMIT


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
