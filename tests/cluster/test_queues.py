# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a queue sends callers whom nobody serves, who comes first, and whom it rings when."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.callers import Callers, SilentCallers
from tests.lab.telephone import Telephone

from .test_ivr import FRONT_DESK, RECORDING_SECONDS, call, hang_up, said

PATIENT = "5550190"
PATIENT_FIRST = "5550191"
"""The same queue with priority 10."""
HASTY = "5550192"
UNMANNED = "5550193"
SKILLED = "5550194"
SHUT = "5550195"
HASTY_SECONDS = 3
SILENCE_SECONDS = 13
"""A central server ends the leg of a gateway that is silent for less."""
SKILLED_SECONDS = 5
"""After which the agent with the higher penalty is asked."""


@pytest.fixture(scope="module")
def _supervisor_is_registered() -> None:
    """Other tests forget seats whose numbers begin like this one's."""
    cluster.switch_on("supervisor", {"1100"})


@pytest.fixture
def supervisor(_supervisor_is_registered: None) -> Iterator[Telephone]:
    """Seat 1100, which is in no queue and answers by itself: callers go there in the end."""
    with cluster.telephone("supervisor") as telephone:
        yield telephone


@pytest.fixture
def two_agents() -> Iterator[None]:
    """Seats 1151 and 1152, which answer by themselves, among others."""
    with cluster.room_full_of_seats():
        yield


def priorities() -> list[int]:
    """Of the callers who wait in the queue patient, in their order."""
    shown = cluster.asterisk(cluster.active(), "queue show patient")
    return [int(priority) for priority in re.findall(r"prio: (\d+)", shown)]


def served() -> list[str]:
    """Who has answered callers of the queue skilled so far."""
    rows = cluster.sql(
        "SELECT agent FROM queue_log WHERE queuename = 'skilled' AND event = 'CONNECT' ORDER BY id"
    )
    return [agent for (agent,) in rows]


def test_higher_priority_comes_first_and_a_full_queue_sends_on(
    caller: Telephone, supervisor: Telephone
) -> None:
    with Callers("gw2", calls=2, seconds=30, number=PATIENT):
        cluster.wait_until("two wait", lambda: priorities() == [5, 0], 6)
        call(caller, PATIENT_FIRST)
        cluster.wait_until("the third is first", lambda: priorities() == [10, 5, 0], 4)
        with Callers("gw1", calls=1, seconds=10, number=PATIENT):
            supervisor.wait("CALL_ESTABLISHED", 6)
            assert priorities() == [10, 5, 0]
    time.sleep(1)
    hang_up(caller)
    assert said("en/queue-youarenext")


@pytest.mark.parametrize(("number", "seconds"), [(UNMANNED, 0), (HASTY, HASTY_SECONDS)])
def test_nobody_is_logged_in_or_the_caller_has_waited_too_long(
    caller: Telephone, supervisor: Telephone, number: str, seconds: int
) -> None:
    started = time.monotonic()
    call(caller, number)
    supervisor.wait("CALL_ESTABLISHED", seconds + 5)
    assert time.monotonic() - started >= seconds - 1


@pytest.fixture
def _agent_on_a_break() -> Iterator[None]:
    """Seat 1001 is the only agent of the queue unmanned."""
    cluster.sql(
        "INSERT INTO agent_queues (agent, queue_name) VALUES ('1001', 'unmanned'); "
        "UPDATE agents SET status = 'Aux', reason = 'Break' WHERE number = '1001'"
    )
    yield
    cluster.sql("DELETE FROM agent_queues WHERE queue_name = 'unmanned'")
    cluster.everybody_is_ready()


@pytest.mark.usefixtures("_agent_on_a_break")
def test_who_waits_goes_on_when_the_last_agent_logs_out(
    caller: Telephone, supervisor: Telephone
) -> None:
    call(caller, UNMANNED)
    time.sleep(3)
    assert "1. PJSIP/gateway-gw1" in cluster.asterisk(cluster.active(), "queue show unmanned")
    cluster.sql("UPDATE agents SET phone = NULL WHERE number = '1001'")
    supervisor.wait("CALL_ESTABLISHED", 10)


def test_caller_from_whom_no_audio_comes_waits_on() -> None:
    def arrivals() -> int:
        rows = cluster.sql(
            "SELECT COUNT(*) FROM queue_log WHERE queuename = 'patient' AND event = 'ENTERQUEUE'"
        )
        return int(rows[0][0])

    before = arrivals()
    with SilentCallers("gw1", calls=1, seconds=60, number=PATIENT):
        cluster.wait_until("he waits", lambda: len(priorities()) == 1, 6)
        time.sleep(SILENCE_SECONDS)
        assert len(priorities()) == 1
        assert arrivals() == before + 1


def test_queue_speaks_the_language_that_the_caller_chose(caller: Telephone) -> None:
    call(caller, FRONT_DESK)
    time.sleep(RECORDING_SECONDS + 0.5)
    caller.press("4")
    cluster.wait_until("he waits", lambda: len(priorities()) == 1, 6)
    time.sleep(4)
    hang_up(caller)
    assert said("es/queue-youarenext")
    assert not said("en/queue-youarenext")


def test_closed_queue_says_so(caller: Telephone) -> None:
    call(caller, SHUT)
    caller.wait("CALL_CLOSED", 10)
    time.sleep(0.5)
    assert said("en/ss-noservice")


@pytest.mark.usefixtures("two_agents")
def test_higher_penalty_is_asked_later(caller: Telephone) -> None:
    before = len(served())
    with Callers("gw2", calls=1, seconds=30, number=SKILLED):
        cluster.wait_until("the skilled one talks", lambda: len(served()) > before, 6)
        started = time.monotonic()
        call(caller, SKILLED)
        cluster.wait_until("the other one talks", lambda: len(served()) > before + 1, 15)
        assert time.monotonic() - started >= SKILLED_SECONDS - 1
        assert served()[before:] == ["Agent 1151", "Agent 1152"]
