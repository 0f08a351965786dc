# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What leaves the audio of a call direct and what does not: the table of docs/internal_calls.md."""

from __future__ import annotations

import queue
import time

import pytest

from tests.lab import cluster
from tests.lab.events import Events
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, heard, voice

from .test_calls import reach_menu, talk
from .test_ivr import FRONT_DESK, RECORDING_SECONDS, call

SECONDS = 2.0
"""How long packets are counted."""
FLOWING = 40 * SECONDS
"""Packets of one direction of a leg, of which there are 50 a second."""


def assert_direct(central: cluster.RtpCounter, gateway: cluster.RtpCounter | None = None) -> None:
    """Nothing passes the central server, while the gateway, if there is one, carries the voices."""
    time.sleep(1)
    before = gateway.read() if gateway else cluster.Packets(0, 0)
    assert central.during(SECONDS) == cluster.Packets(0, 0)
    if gateway:
        flowing = gateway.read() - before
        assert flowing.received > FLOWING
        assert flowing.sent > FLOWING


def test_call_between_seats(agent: Telephone) -> None:
    with cluster.RtpCounter(cluster.active()) as central:
        agent.dial("1100", cluster.address("vip"))
        agent.wait("CALL_ESTABLISHED")
        assert_direct(central)
    agent.hangup()
    agent.wait("CALL_CLOSED")
    time.sleep(0.5)
    assert heard(voice("agent"), cluster.recording("agent", "dec")[-2 * SAMPLE_RATE :]) >= 0.5


def test_hold_brings_music_and_resuming_is_direct_again(
    caller: Telephone, agent: Telephone
) -> None:
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        reach_menu(caller)
        caller.press("1")
        agent.wait("CALL_INCOMING")
        assert central.during(SECONDS).sent > FLOWING, "who waits hears music"
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        assert_direct(central, gateway)
        agent.command("hold")
        time.sleep(1)
        assert central.during(SECONDS).sent > FLOWING
        # Longer than a gateway bears a silent leg.
        time.sleep(4)
        agent.command("resume")
        assert_direct(central, gateway)
    with pytest.raises(TimeoutError):
        caller.wait("CALL_CLOSED", seconds=0.1)


def test_transfer(caller: Telephone, agent: Telephone, supervisor: Telephone) -> None:
    """By REFER, to a telephone that rings longer than a gateway bears a silent leg."""
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        call(caller, FRONT_DESK)
        time.sleep(RECORDING_SECONDS + 0.5)
        caller.press("1100")
        supervisor.wait("CALL_ESTABLISHED")
        time.sleep(1)
        supervisor.command("transfer", f"sip:1001@{cluster.address('vip')}")
        agent.wait("CALL_INCOMING")
        time.sleep(6)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        assert_direct(central, gateway)
        assert cluster.calls(cluster.active()) == 1, "the first seat is still in the call"
    caller.hangup()
    agent.wait("CALL_CLOSED")
    time.sleep(0.5)
    assert heard(voice("caller"), cluster.recording("agent", "dec")[-2 * SAMPLE_RATE :]) >= 0.5


def hand_over(agent: Telephone, other: Telephone, extension: str) -> None:
    """The agent, in a call, asks somebody else first and then leaves the caller to him."""
    with Events(cluster.active(), queue.Queue()) as events:
        first = agent.wait("CALL_ESTABLISHED")["id"]
        agent.command("hold")
        agent.forget()
        agent.dial(extension, cluster.address("vip"))
        second = agent.wait("CALL_ESTABLISHED")["id"]
        other.wait("CALL_ESTABLISHED")
        time.sleep(1)
        target = f"sip:{extension}@{cluster.address('vip')}?{events.replaces(second)}"
        agent.transfer(first, target)
        cluster.wait_until(
            "the agent is out of both calls", lambda: len(agent.history("CALL_CLOSED")) == 2, 5
        )


def test_announced_transfer(caller: Telephone, agent: Telephone, supervisor: Telephone) -> None:
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        talk(caller, agent)
        hand_over(agent, supervisor, "1100")
        assert_direct(central, gateway)
        assert cluster.calls(cluster.active()) == 1, "the first seat is still in the call"
    caller.hangup()
    supervisor.wait("CALL_CLOSED")
    time.sleep(0.5)
    assert heard(voice("caller"), cluster.recording("supervisor", "dec")[-2 * SAMPLE_RATE :]) >= 0.5


def test_pickup(caller: Telephone, agent: Telephone, supervisor: Telephone) -> None:
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        reach_menu(caller)
        caller.press("2")
        agent.wait("CALL_INCOMING")
        supervisor.dial("*81001", cluster.address("vip"))
        supervisor.wait("CALL_ESTABLISHED")
        agent.wait("CALL_CLOSED")
        assert_direct(central, gateway)
    caller.hangup()
    supervisor.wait("CALL_CLOSED")


def test_conference(agent: Telephone, supervisor: Telephone) -> None:
    """A gateway mixes, the central server hears nothing of it."""
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        for phone in (agent, supervisor):
            phone.dial("8500", cluster.address("vip"))
            phone.wait("CALL_ESTABLISHED")
        time.sleep(4)
        assert_direct(central, gateway)
    supervisor.hangup()
    agent.hangup()
    agent.wait("CALL_CLOSED")
    time.sleep(0.5)
    # The others say what this phone says, but never it itself.
    assert heard(voice("agent"), cluster.recording("agent", "dec")[-2 * SAMPLE_RATE :]) >= 0.5
