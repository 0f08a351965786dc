# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A while of the day, written beforehand, played by callers (SIPp), and what the books say of it.

Every caller has a number of his own, so that each row of the queue log and of the call detail
records can be compared with what he did.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from . import cluster
from .callers import SCENARIO, Ports, Sipp

GIVE_UP, LISTEN = 0.08, 0.05
"""Shares of the callers who hang up before they are served, or in the menu."""
LATE_SECONDS = 2
"""By which a call may be longer or shorter in the books."""


@dataclass(frozen=True)
class Record:
    """A call detail record."""

    dialled: str
    served: bool
    """Whether a seat was called."""
    disposition: str
    seconds: int
    """With an answer."""


@dataclass(frozen=True)
class Books:
    """What was written of a caller."""

    events: tuple[str, ...]
    """Of the queue log, in their order."""
    records: tuple[Record, ...]


NOTHING = Books((), ())


@dataclass(frozen=True)
class Story:
    """What a caller does, besides when and for how long."""

    number: str
    """That he dials."""
    events: tuple[str, ...]
    queue: str
    """That he reaches; empty if none."""
    served: bool


SERVED = Story("5550186", ("ENTERQUEUE", "CONNECT", "COMPLETECALLER"), "sales", served=True)
GIVES_UP = Story("5550187", ("ENTERQUEUE", "ABANDON"), "support", served=False)
LISTENS = Story("5550100", (), "", served=False)


@dataclass(frozen=True)
class Call:
    """A call as it was written beforehand; times in milliseconds."""

    caller: str
    story: Story
    arrives: int
    stays: int

    def books(self) -> Books:
        """What has to be written of it."""
        if not self.story.queue:
            return NOTHING
        dialled, seconds = f"queue-{self.story.queue}", round(self.stays / 1000)
        return Books(self.story.events, (Record(dialled, self.story.served, "ANSWERED", seconds),))


def write(calls: int, seconds: float, talk_seconds: float, seed: int = 1) -> list[Call]:
    """That many calls within that time.

    They arrive at random and independently of each other, as in a Poisson process of which the
    number of calls is known. Who is served talks for an exponentially distributed time, at most
    four times as long as the mean.
    """
    dice = random.Random(seed)  # noqa: S311
    return [_call(dice, f"556{number:05d}", seconds, talk_seconds) for number in range(calls)]


def _call(dice: random.Random, caller: str, seconds: float, talk_seconds: float) -> Call:
    arrives, kind = int(dice.uniform(0, seconds) * 1000), dice.random()
    if kind < GIVE_UP:
        return Call(caller, GIVES_UP, arrives, dice.randint(2000, 15000))
    if kind < GIVE_UP + LISTEN:
        return Call(caller, LISTENS, arrives, dice.randint(500, 2500))
    talks = min(dice.expovariate(1 / talk_seconds), 4 * talk_seconds)
    return Call(caller, SERVED, arrives, 1500 + int(talks * 1000))


class Performance(Sipp):
    """Plays the calls of one gateway."""

    _PORTS: ClassVar = {"gw1": Ports(5300, 30000, 44999), "gw2": Ports(5400, 45000, 59999)}
    _DIRECTIONS = """<nop><action>
    <assignstr assign_to="a" value="[field2]"/><todouble assign_to="arrives" variable="a"/>
    <assignstr assign_to="s" value="[field3]"/><todouble assign_to="stays" variable="s"/>
  </action></nop>
  <pause variable="arrives"/>
  <send"""

    def __init__(self, gateway: str, calls: list[Call]) -> None:
        unit = f"script-{gateway}"
        self._statistics = f"/var/lib/baresip/{unit}-statistics.csv"
        scenario = SCENARIO.replace("55590[call_number]", "[field0]")
        scenario = scenario.replace("[service]", "[field1]")
        # Nobody presses a key.
        scenario = re.sub("<pause milliseconds.*\n.*play_dtmf.*\n *<pause/>", "<pause/>", scenario)
        scenario = scenario.replace("<pause/>", '<pause variable="stays"/>')
        scenario = scenario.replace("<send", self._DIRECTIONS, 1)
        rows = [f"{c.caller};{c.story.number};{c.arrives};{c.stays}" for c in calls]
        super().__init__(
            unit,
            gateway,
            self._PORTS[gateway],
            {"xml": scenario, "csv": "\n".join(["SEQUENTIAL", *rows, ""])},
            f"-inf /etc/sipp/{unit}.csv -m {len(calls)} -l {len(calls)} -r {len(calls)} "
            f"-trace_stat -stf {self._statistics} -fd 5",
        )

    def __enter__(self) -> Self:
        self._telco.check_output(f"rm -f {self._statistics}")
        return super().__enter__()

    def failed(self) -> int:
        """Calls that ended otherwise than was written."""
        text = self._telco.check_output(f"cat {self._statistics}")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        return int(rows[-1]["FailedCall(C)"])


@contextmanager
def performed(calls: list[Call]) -> Iterator[list[Performance]]:
    """Plays the calls, in turn over all gateways."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(Performance(gateway, calls[number :: len(cluster.GATEWAYS)]))
            for number, gateway in enumerate(cluster.GATEWAYS)
        ]


def forget() -> None:
    """Takes the callers of all scripts out of the books."""
    cluster.sql(
        "DELETE FROM queue_log WHERE callid IN ("
        "SELECT callid FROM (SELECT callid FROM queue_log "
        "WHERE event = 'ENTERQUEUE' AND data2 LIKE '556_____') AS scripted); "
        "DELETE FROM cdr WHERE src LIKE '556_____'"
    )


def read() -> dict[str, Books]:
    """What the books say, by caller."""
    events: dict[str, list[str]] = defaultdict(list)
    for caller, event in cluster.sql(
        "SELECT entered.data2, log.event FROM queue_log AS log "
        "JOIN queue_log AS entered ON entered.callid = log.callid "
        "AND entered.event = 'ENTERQUEUE' AND entered.data2 LIKE '556_____' "
        "WHERE log.event <> 'DID' ORDER BY log.id"
    ):
        events[caller].append(event)
    records: dict[str, list[Record]] = defaultdict(list)
    for caller, dialled, channel, disposition, seconds in cluster.sql(
        "SELECT src, dst, dstchannel, disposition, billsec FROM cdr "
        "WHERE src LIKE '556_____' ORDER BY id"
    ):
        records[caller].append(Record(dialled, bool(channel), disposition, int(seconds)))
    return {
        caller: Books(tuple(events[caller]), tuple(records[caller]))
        for caller in {*events, *records}
    }


def _same(written: Books, read_: Books) -> bool:
    if written.events != read_.events or len(written.records) != len(read_.records):
        return False
    return all(
        replace(one, seconds=two.seconds) == two and abs(one.seconds - two.seconds) <= LATE_SECONDS
        for one, two in zip(written.records, read_.records, strict=True)
    )


def differences(calls: list[Call]) -> list[str]:
    """Callers of whom the books say something else than what they did, one sentence each."""
    wanted, found = {call.caller: call.books() for call in calls}, read()
    pairs = {
        caller: (wanted.get(caller, NOTHING), found.get(caller, NOTHING))
        for caller in sorted({*wanted, *found})
    }
    return [
        f"{caller}: {written} was written, the books say {there}"
        for caller, (written, there) in pairs.items()
        if not _same(written, there)
    ]
