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
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from . import cluster
from .callers import SCENARIO, Ports, Sipp

GIVE_UP, LISTEN, DIRECT, HUNG_UP_ON = 0.08, 0.05, 0.05, 0.1
"""Shares of the callers who hang up before they are served, or in the menu, who key the extension
of a seat there, and whose agent hangs up first."""
LATE_SECONDS = 2
"""By which a call may be longer or shorter in the books."""
DIRECT_SEATS = tuple(str(number) for number in range(1156, 1161))
"""Seats that no queue rings meanwhile: whoever keys their extension reaches them."""
MENU_SECONDS, KEYS_SECONDS = 3, 0.3
"""Until a key can be pressed, and from the last one until the seat answers."""


@dataclass(frozen=True)
class Event:
    """A row of the queue log."""

    name: str
    queue: str
    agent: str
    """NONE where it is about no agent."""
    at: float
    """In seconds since any moment."""
    waited: int | None = None
    """Seconds, where the row says so."""
    talked: int | None = None


@dataclass(frozen=True)
class Record:
    """A call detail record."""

    dialled: str
    seat: str
    """That was called; empty if none."""
    disposition: str
    seconds: int
    answered_seconds: int


@dataclass(frozen=True)
class Books:
    """What was written of a caller."""

    events: tuple[Event, ...] = ()
    """Of the queue log, in their order."""
    records: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Story:
    """What a caller does, besides when and for how long."""

    number: str
    """That he dials."""
    events: tuple[str, ...] = ()
    queue: str = ""
    """That he reaches; empty if none."""
    keys: bool = False
    """Whether he keys the extension of a seat."""
    agent_ends: bool = False
    """Whether the agent hangs up first."""


SERVED = Story("5550186", ("ENTERQUEUE", "CONNECT", "COMPLETECALLER"), "sales")
IS_HUNG_UP_ON = Story(
    "5550186", ("ENTERQUEUE", "CONNECT", "COMPLETEAGENT"), "sales", agent_ends=True
)
GIVES_UP = Story("5550187", ("ENTERQUEUE", "ABANDON"), "support")
LISTENS = Story("5550100")
KEYS = Story("5550180", keys=True)


@dataclass(frozen=True)
class Call:
    """A call as it was written beforehand; times in milliseconds."""

    caller: str
    story: Story
    arrives: int
    stays: int
    """Until he hangs up; after the keys, or until his agent hangs up who talks so long."""
    seat: str = ""
    """Whose extension he keys."""

    @property
    def seconds(self) -> float:
        """How long the central server has to do with him, as far as he decides it."""
        return self.stays / 1000 - (KEYS_SECONDS if self.story.keys else 0)

    def differences(self, books: Books, members: Members) -> Iterator[str]:
        """What the books say otherwise, a few words each."""
        names = tuple(event.name for event in books.events)
        dialled = [self.seat] if self.seat else [f"queue-{self.story.queue}"] * bool(names)
        if names != self.story.events:
            yield f"{self.story.events} happened, there are {names}"
        elif [record.dialled for record in books.records] != dialled:
            yield f"{dialled} was dialled, there are {books.records}"
        else:
            for record in books.records:
                yield from self._of_record(record)
                yield from self._of_events(books.events, record, members)

    def _of_record(self, record: Record) -> Iterator[str]:
        if record.disposition != "ANSWERED" or (self.seat and record.seat != self.seat):
            yield f"not answered by {self.seat or 'the queue'}: {record}"
        if not self.story.agent_ends:
            yield from _seconds("length of the call", self.seconds, record.answered_seconds)
        # Queues answer at once, and seats that are called here too.
        yield from _seconds("length with ringing", record.answered_seconds, record.seconds)

    def _of_events(
        self, events: tuple[Event, ...], record: Record, members: Members
    ) -> Iterator[str]:
        if not events:
            return
        if wrong := {event.queue for event in events} - {self.story.queue}:
            yield f"he was in {self.story.queue}, not in {wrong}"
        entered, last = events[0], events[-1]
        if last.name == "ABANDON":
            yield from _seconds("waiting", self.seconds, last.waited)
            return
        connected = events[1]
        seat = members.get((self.story.queue, connected.agent))
        if seat is None or seat != record.seat or last.agent != connected.agent:
            yield f"{connected.agent} at {seat} was connected, {last.agent} at {record.seat} ended"
        yield from _seconds("waiting in the end", connected.waited or 0, last.waited)
        talked = last.talked or 0
        yield from _seconds("waiting", connected.at - entered.at, connected.waited)
        yield from _seconds("talking", last.at - connected.at, last.talked)
        yield from _seconds("all of it", record.answered_seconds, (last.waited or 0) + talked)
        if self.story.agent_ends:
            yield from _seconds("talking until the agent hung up", self.seconds, last.talked)


Members = Mapping[tuple[str, str], str]
"""Queue and name of an agent -> the seat at which he is."""


def _seconds(what: str, really: float, written: int | None) -> Iterator[str]:
    if written is None or abs(really - written) > LATE_SECONDS:
        yield f"{what}: {really:.1f} s, not {written} s"


def write(calls: int, seconds: float, talk_seconds: float, seed: int = 1) -> list[Call]:
    """That many calls within that time.

    They arrive at random and independently of each other, as in a Poisson process of which the
    number of calls is known. Who is served talks for an exponentially distributed time, at most
    four times as long as the mean.
    """
    dice = random.Random(seed)  # noqa: S311
    written = [_call(dice, f"556{number:05d}", seconds, talk_seconds) for number in range(calls)]
    return list(_with_seats(written))


def _call(dice: random.Random, caller: str, seconds: float, talk_seconds: float) -> Call:
    arrives, kind = int(dice.uniform(0, seconds) * 1000), dice.random()
    for share, story, least, most in (
        (GIVE_UP, GIVES_UP, 2000, 15000),
        (LISTEN, LISTENS, 500, 2500),
        (DIRECT, KEYS, 5000, 15000),
    ):
        if kind < share:
            return Call(caller, story, arrives, dice.randint(least, most))
        kind -= share
    talks = min(dice.expovariate(1 / talk_seconds), 4 * talk_seconds)
    story = IS_HUNG_UP_ON if kind < HUNG_UP_ON else SERVED
    return Call(caller, story, arrives, 2500 + int(talks * 1000))


def _with_seats(calls: list[Call]) -> Iterator[Call]:
    """Who keys an extension finds the seat free; who would not finds the queue."""
    free = dict.fromkeys(DIRECT_SEATS, 0)
    for call in sorted(calls, key=lambda call: call.arrives):
        seat = min(free, key=lambda one: free[one])
        if not call.story.keys:
            yield call
        elif free[seat] > call.arrives:
            yield replace(call, story=SERVED)
        else:
            free[seat] = call.arrives + call.stays + MENU_SECONDS * 1000 + 5000
            yield replace(call, seat=seat)


_WAYS = """<label id="1"/>
  <nop next="2" test="caller_ends"/>
  <recv request="BYE"/>
  <send next="3">
    <![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
    ]]>
  </send>
  <label id="2"/>
  <pause variable="stays"/>"""
"""Who is hung up on waits for it."""


_KEY = SCENARIO[SCENARIO.index("  <!-- A key") : SCENARIO.index("  <pause/>")]
"""How the caller of the scenario presses a key."""


class Performance(Sipp):
    """Plays the calls of one gateway."""

    _PORTS: ClassVar = {"gw1": Ports(5300, 30000, 44999), "gw2": Ports(5400, 45000, 59999)}
    _DIRECTIONS = """<nop><action>
    <assignstr assign_to="a" value="[field2]"/><todouble assign_to="arrives" variable="a"/>
    <assignstr assign_to="s" value="[field3]"/><todouble assign_to="stays" variable="s"/>
    <assignstr assign_to="e" value="[field4]"/><todouble assign_to="ends" variable="e"/>
    <test assign_to="caller_ends" variable="ends" compare="equal" value="0"/>
    <assignstr assign_to="k" value="[field5]"/><todouble assign_to="seat" variable="k"/>
    <test assign_to="presses_nothing" variable="seat" compare="equal" value="0"/>
  </action></nop>
  <pause variable="arrives"/>
  <send"""

    def __init__(self, gateway: str, calls: list[Call]) -> None:
        unit = f"script-{gateway}"
        self._statistics = f"/var/lib/baresip/{unit}-statistics.csv"
        keys = (
            _KEY.replace("Signal=1", f"Signal=[field{6 + number}]").replace(
                "2 INFO", f"{2 + number} INFO"
            )
            + '  <pause milliseconds="300"/>\n'
            for number in range(len(DIRECT_SEATS[0]))
        )
        scenario = SCENARIO.replace(_KEY, "".join(keys))
        scenario = scenario.replace("55590[call_number]", "[field0]")
        scenario = scenario.replace("[service]", "[field1]")
        scenario = scenario.replace(
            '<pause milliseconds="3000"/>',
            f'<nop next="1" test="presses_nothing"/>\n  <pause milliseconds="{MENU_SECONDS}000"/>',
        )
        scenario = scenario.replace("<pause/>", _WAYS).replace("<send", self._DIRECTIONS, 1)
        scenario = scenario.replace("</scenario>", '  <label id="3"/>\n  <nop/>\n</scenario>')
        rows = [
            f"{c.caller};{c.story.number};{c.arrives};{c.stays};{int(c.story.agent_ends)};"
            f"{c.seat or 0};{';'.join(c.seat or '0000')}"
            for c in calls
        ]
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


class Agents(threading.Thread):
    """Hang up on those callers on whom the script has them hang up. Use it with ``with``."""

    def __init__(self, phones: Iterable[str], calls: Iterable[Call]) -> None:
        super().__init__(daemon=True)
        self._seconds = {call.caller: call.seconds for call in calls if call.story.agent_ends}
        self._phones = [cluster.telephone(name) for name in phones]
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self.join()
        for phone in self._phones:
            phone.close()

    def run(self) -> None:
        """Until the end of the performance."""
        done: set[str] = set()
        while not self._over.wait(0.2):
            for phone in self._phones:
                for since, event in phone.history("CALL_ESTABLISHED"):
                    caller = re.search(r"556\d{5}", event["peeruri"])
                    seconds = self._seconds.get(caller[0]) if caller else None
                    if seconds is None or event["id"] in done or time.time() < since + seconds:
                        continue
                    done.add(event["id"])
                    phone.hangup(event["id"])


@contextmanager
def performed(calls: list[Call], phones: Iterable[str] = ("seats",)) -> Iterator[list[Performance]]:
    """Plays the calls, in turn over all gateways; ``phones`` are who answers."""
    numbers = f"number IN ({','.join(DIRECT_SEATS)})"
    cluster.sql(f"UPDATE agents SET status = 'NotReady' WHERE {numbers}")  # noqa: S608
    try:
        with Agents(phones, calls), ExitStack() as stack:
            yield [
                stack.enter_context(Performance(gateway, calls[number :: len(cluster.GATEWAYS)]))
                for number, gateway in enumerate(cluster.GATEWAYS)
            ]
    finally:
        cluster.sql(f"UPDATE agents SET status = 'Ready' WHERE {numbers}")  # noqa: S608


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
    events: dict[str, list[Event]] = defaultdict(list)
    for caller, *row in cluster.sql(
        "SELECT entered.data2, log.event, log.queuename, log.agent, "
        "TIMESTAMPDIFF(MICROSECOND, '2020-01-01', log.time), log.data1, log.data2, log.data3 "
        "FROM queue_log AS log "
        "JOIN queue_log AS entered ON entered.callid = log.callid "
        "AND entered.event = 'ENTERQUEUE' AND entered.data2 LIKE '556_____' "
        "WHERE log.event <> 'DID' ORDER BY log.id"
    ):
        events[caller].append(_event(*row))
    records: dict[str, list[Record]] = defaultdict(list)
    for caller, dialled, seat, disposition, seconds, answered in cluster.sql(
        "SELECT src, dst, REGEXP_SUBSTR(dstchannel, '(?<=PJSIP/)[0-9]+'), disposition, duration, "
        "billsec FROM cdr WHERE src LIKE '556_____' ORDER BY id"
    ):
        records[caller].append(Record(dialled, seat, disposition, int(seconds), int(answered)))
    return {
        caller: Books(tuple(events[caller]), tuple(records[caller]))
        for caller in {*events, *records}
    }


def _event(name: str, queue: str, agent: str, microseconds: str, *data: str) -> Event:
    waited = {"CONNECT": 0, "COMPLETECALLER": 0, "COMPLETEAGENT": 0, "ABANDON": 2}.get(name)
    return Event(
        name,
        queue,
        agent,
        int(microseconds) / 1e6,
        None if waited is None else int(data[waited]),
        int(data[1]) if name.startswith("COMPLETE") else None,
    )


def differences(calls: list[Call]) -> list[str]:
    """Callers of whom the books say something else than what they did, one sentence each."""
    members = {
        (queue, agent): seat.removeprefix("PJSIP/")
        for queue, agent, seat in cluster.sql(
            "SELECT queue_name, membername, interface FROM queue_members"
        )
    }
    found = read()
    known = {call.caller for call in calls}
    return [
        *(f"{caller}: nobody of the script" for caller in found if caller not in known),
        *(
            f"{call.caller}: {difference}"
            for call in calls
            for difference in call.differences(found.get(call.caller, Books()), members)
        ),
    ]
