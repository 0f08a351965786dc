# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queue log and call detail records say of each call what really happened to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.lab import cluster
from tests.lab.telephone import Telephone

from .test_agent_status import call_support, history
from .test_calls import reach_menu, talk
from .test_direct_media import hand_over

Event = tuple[str, str, str]
"""Queue, agent and what happened, as in queue_log."""
Record = tuple[str, str, str, str]
"""Caller, dialled number, called seat and disposition, as in cdr."""

CALLER, SEAT = "5559001", "1001"
ENTERED = ("sales", "NONE", "ENTERQUEUE")
CONNECTED = ("sales", "Agent 1001", "CONNECT")


def caller_hangs_up(caller: Telephone, agent: Telephone) -> None:
    talk(caller, agent)
    time.sleep(1)
    caller.hangup()


def agent_hangs_up(caller: Telephone, agent: Telephone) -> None:
    talk(caller, agent)
    time.sleep(1)  # Who ends the call while the audio is still moving counts as the caller.
    agent.hangup()


def caller_gives_up(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("1")
    agent.wait("CALL_INCOMING")
    caller.hangup()


def seat_is_called(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("2")
    agent.wait("CALL_INCOMING")
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    caller.hangup()


def seat_declines(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("2")
    agent.wait("CALL_INCOMING")
    agent.hangup()
    time.sleep(1)
    caller.hangup()


def seat_calls_supervisor(_caller: Telephone, agent: Telephone) -> None:
    agent.dial("1100", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED")
    agent.hangup()


Story = tuple[Callable[[Telephone, Telephone], None], list[Event], list[Record]]

STORIES: list[Story] = [
    (
        caller_hangs_up,
        [ENTERED, CONNECTED, ("sales", "Agent 1001", "COMPLETECALLER")],
        [(CALLER, "queue-sales", SEAT, "ANSWERED")],
    ),
    (
        agent_hangs_up,
        [ENTERED, CONNECTED, ("sales", "Agent 1001", "COMPLETEAGENT")],
        [(CALLER, "queue-sales", SEAT, "ANSWERED")],
    ),
    (
        caller_gives_up,
        [ENTERED, ("sales", "Agent 1001", "RINGCANCELED"), ("sales", "NONE", "ABANDON")],
        [(CALLER, "queue-sales", SEAT, "NO ANSWER")],
    ),
    (seat_is_called, [], [(CALLER, "1001", SEAT, "ANSWERED")]),
    (
        seat_declines,
        [],
        # The second one: what became of the caller afterwards.
        [(CALLER, "1001", SEAT, "BUSY"), (CALLER, "1001", "", "BUSY")],
    ),
    (seat_calls_supervisor, [], [("1001", "1100", "1100", "ANSWERED")]),
]


class Books:
    """What has been written since the start."""

    def __init__(self) -> None:
        # What was written of the call before arrives a moment after its end.
        time.sleep(1)
        self._events, self._records = len(self._all_events()), len(self._all_records())

    def events(self) -> list[Event]:
        return self._all_events()[self._events :]

    def records(self) -> list[Record]:
        return self._all_records()[self._records :]

    @staticmethod
    def _all_events() -> list[Event]:
        rows = cluster.sql(
            "SELECT queuename, agent, event FROM queue_log WHERE callid <> 'REALTIME' ORDER BY id"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    @staticmethod
    def _all_records() -> list[Record]:
        rows = cluster.sql(
            "SELECT src, dst, REGEXP_SUBSTR(dstchannel, '(?<=PJSIP/)[0-9]+'), disposition "
            "FROM cdr ORDER BY id"
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


@pytest.mark.parametrize(
    ("happens", "events", "records"), STORIES, ids=[story[0].__name__ for story in STORIES]
)
def test_books_say_what_happened(
    caller: Telephone,
    agent: Telephone,
    happens: Callable[[Telephone, Telephone], None],
    events: list[Event],
    records: list[Record],
) -> None:
    books = Books()
    happens(caller, agent)
    cluster.wait_for_no_calls()
    cluster.wait_until("the records are there", lambda: len(books.records()) >= len(records), 5)
    assert books.events() == events
    assert books.records() == records


@pytest.fixture
def last(before: int) -> Iterator[int]:
    """Where the history of the agents ends; afterwards they are ready again."""
    yield before
    cluster.everybody_is_ready()


def test_transfer_without_announcement(
    caller: Telephone, agent: Telephone, supervisor: Telephone, last: int
) -> None:
    books = Books()
    talk(caller, agent)
    time.sleep(1)
    supervisor.forget()
    agent.command("transfer", f"sip:1100@{cluster.address('vip')}")
    supervisor.wait("CALL_ESTABLISHED")
    time.sleep(2)
    caller.hangup()
    cluster.wait_for_no_calls()
    cluster.wait_until("the records are there", lambda: len(books.records()) >= 2, 5)
    assert books.events() == [ENTERED, CONNECTED, ("sales", "Agent 1001", "BLINDTRANSFER")]
    # The record of the first talk has the number to which the caller was sent, too.
    assert books.records() == [
        (CALLER, "1100", SEAT, "ANSWERED"),
        (CALLER, "1100", "1100", "ANSWERED"),
    ]
    cluster.wait_until("the history is there", lambda: len(history(last)) >= 4, 5)
    # The second one answers by himself, within the second in which the first one's talk ends.
    assert sorted(history(last)) == [
        ("1001", "Busy", "call", ""),
        ("1001", "Ready", "", ""),
        ("1100", "Busy", "call", ""),
        ("1100", "Ready", "", ""),
    ]


def test_transfer_after_an_announcement(
    caller: Telephone, agent: Telephone, supervisor: Telephone, last: int
) -> None:
    books = Books()
    talk(caller, agent)
    hand_over(agent, supervisor, "1100")
    time.sleep(1)
    caller.hangup()
    cluster.wait_for_no_calls()
    cluster.wait_until("the history is there", lambda: len(history(last)) >= 4, 5)
    assert books.events() == [ENTERED, CONNECTED, ("sales", "Agent 1001", "ATTENDEDTRANSFER")]
    assert history(last) == [
        ("1001", "Busy", "call", ""),
        ("1100", "Busy", "call", ""),
        ("1001", "Ready", "", ""),
        ("1100", "Ready", "", ""),
    ]


def test_pickup_of_a_call_of_a_queue(
    caller: Telephone, agent: Telephone, supervisor: Telephone, last: int
) -> None:
    """The queue takes it for answered by the agent whom it rang, the history does not."""
    books = Books()
    call_support(caller)
    agent.wait("CALL_INCOMING")
    supervisor.dial("*81001", cluster.address("vip"))
    supervisor.wait("CALL_ESTABLISHED")
    time.sleep(2)
    caller.hangup()
    cluster.wait_for_no_calls()
    cluster.wait_until("wrap-up is over", lambda: len(history(last)) >= 3, 10)
    assert [event[1:] for event in books.events()] == [
        ("NONE", "ENTERQUEUE"),
        ("Agent 1001", "CONNECT"),
        ("Agent 1001", "COMPLETECALLER"),
    ]
    assert history(last) == [
        ("1100", "Busy", "call", ""),
        ("1100", "Wrapup", "", ""),
        ("1100", "Ready", "", ""),
    ]
