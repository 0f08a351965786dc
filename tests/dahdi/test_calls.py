# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls over PRIs: Q.931 in both directions, caller id, keys, causes, and audio from end to end."""

from __future__ import annotations

import time

import pytest

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, Sound, heard, voice

NUMBER = "5550100"
LOUNGE = "5550102"
"""Number of a menu where callers can wait."""
MENU_SECONDS = 4.0
"""Until the menu listens to keys: its announcement takes time, and the guest is slow."""


def dial(agent: Telephone, number: str) -> None:
    """The agent calls a subscriber."""
    agent.dial(f"9{number}", cluster.address("vip"))


def call_goes_out_over_the_other_gateway(agent: Telephone) -> None:
    """The way out over any line, when those of this gateway cannot be used."""
    agent.dial(f"8{guest.SPEAKS}", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    assert "circuit-sip_b-1" in cluster.asterisk("gw2", "core show channels concise")
    agent.hangup()


def end_of(sound: Sound, seconds: int = 5) -> Sound:
    """The last seconds of a recording, but for the half in which somebody hangs up."""
    return sound[-seconds * SAMPLE_RATE : -SAMPLE_RATE // 2]


def call_comes_in(agent: Telephone, line: int) -> None:
    """A subscriber calls over a line, and the menu leads him to the agent."""
    with guest.Call(NUMBER, caller="5559001", keys="2", pause=MENU_SECONDS, line=line):
        event = agent.wait("CALL_INCOMING", seconds=30)
        assert "5559001" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        assert f"DAHDI/i{line}/" in cluster.asterisk("gw1", "core show channels concise")


@pytest.mark.parametrize("line", range(1, 5))
def test_call_comes_in_on_every_line(agent: Telephone, line: int) -> None:
    call_comes_in(agent, line)


def test_caller_and_agent_hear_each_other(agent: Telephone) -> None:
    with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS) as call:
        agent.wait("CALL_INCOMING", seconds=30)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        with cluster.RtpCounter(cluster.active()) as central:
            time.sleep(1)
            assert central.during(5) == cluster.Packets(0, 0)
        agent.hangup()
        time.sleep(1)
        guest.hang_up()
        assert guest.is_tone(end_of(cluster.recording("agent", "dec")))
        assert heard(voice("agent"), end_of(call.heard())) >= 0.5


def test_call_goes_out(agent: Telephone) -> None:
    dial(agent, guest.SPEAKS)
    agent.wait("CALL_ESTABLISHED", seconds=20)
    assert "1 active call" in guest.telco("core show channels")


def test_agent_and_called_subscriber_hear_each_other(agent: Telephone) -> None:
    dial(agent, guest.SPEAKS)
    agent.wait("CALL_ESTABLISHED", seconds=20)
    time.sleep(7)
    agent.hangup()
    time.sleep(1)
    assert guest.is_tone(end_of(cluster.recording("agent", "dec")))
    assert heard(voice("agent"), end_of(guest.heard_by(guest.SPEAKS))) >= 0.5


def test_keys_of_the_agent_arrive(agent: Telephone) -> None:
    dial(agent, guest.KEYS)
    agent.wait("CALL_ESTABLISHED", seconds=20)
    time.sleep(1)
    agent.press("159")
    time.sleep(12)
    assert guest.keys_pressed() == "159"


@pytest.mark.parametrize(
    ("dialled", "number", "presentation"),
    [
        (f"9{guest.CALLER}", "1001", "allowed"),
        # The telephone company gets the number, and shows it to nobody.
        (f"*319{guest.CALLER}", "1001", "prohib"),
        ("*31112", "5550199", "allowed"),
    ],
)
def test_number_is_shown_or_withheld(
    agent: Telephone, dialled: str, number: str, presentation: str
) -> None:
    guest.forget_caller()
    agent.dial(dialled, cluster.address("vip"))
    agent.wait("CALL_CLOSED", seconds=20)
    shown, how = guest.caller_shown()
    assert (shown, how.partition("_")[0]) == (number, presentation)


@pytest.mark.parametrize(("number", "answer"), [(guest.BUSY, "486"), (guest.UNALLOCATED, "404")])
def test_cause_of_the_network_reaches_the_agent(agent: Telephone, number: str, answer: str) -> None:
    dial(agent, number)
    assert answer in agent.wait("CALL_CLOSED", seconds=20)["param"]


def test_subscriber_who_does_not_answer_rings(agent: Telephone) -> None:
    dial(agent, guest.NO_ANSWER)
    agent.wait("CALL_RINGING", seconds=20)
    with pytest.raises(TimeoutError):
        agent.wait("CALL_ESTABLISHED", seconds=3)
    agent.hangup()


@pytest.mark.parametrize("side", ["subscriber", "agent"])
def test_both_legs_end_when_either_side_hangs_up(agent: Telephone, side: str) -> None:
    with guest.Call(NUMBER, keys="2", pause=MENU_SECONDS):
        agent.wait("CALL_INCOMING", seconds=30)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        if side == "agent":
            agent.hangup()
        else:
            guest.hang_up()
            agent.wait("CALL_CLOSED")
        cluster.wait_for_no_calls(15)
        cluster.wait_until(
            "the line is free", lambda: "0 active calls" in guest.telco("core show channels")
        )


def test_unknown_number_is_refused() -> None:
    with guest.Call("5559999") as call:
        cluster.wait_until("the call is refused", call.failed)


def test_all_channels_of_four_t1(agent: Telephone) -> None:
    use_all_channels(agent, 4 * 23)


def use_all_channels(agent: Telephone, channels: int) -> None:
    """Signalling only: the emulated processors cannot keep so many voices apart."""
    with guest.crowd(LOUNGE, channels):
        cluster.wait_until(
            "all callers are connected", lambda: cluster.calls("gw1") >= channels, seconds=120
        )
        assert f"{channels} active calls" in guest.telco("core show channels")
        dial(agent, guest.SPEAKS)
        assert "503" in agent.wait("CALL_CLOSED", seconds=20)["param"]
        agent.forget()
        call_goes_out_over_the_other_gateway(agent)
    cluster.wait_for_no_calls(60)
