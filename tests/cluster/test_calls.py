# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls from the public network to a seat: who rings, who hears what, which way the audio takes."""

from __future__ import annotations

import time

import pytest

from tests.lab import cluster, sip
from tests.lab.callers import Callers
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, heard, read_wav, voice

NUMBER = "5550100"
MENU_SECONDS = 3.0
"""Until the menu has said its announcement."""


def reach_menu(caller: Telephone, gateway: str = "gw1") -> None:
    """The caller is connected and listens to the menu."""
    caller.dial(NUMBER, cluster.address(gateway))
    caller.wait("CALL_ESTABLISHED")
    time.sleep(MENU_SECONDS)


def talk(caller: Telephone, agent: Telephone, gateway: str = "gw1") -> None:
    """The caller chose the queue, and the agent answered."""
    reach_menu(caller, gateway)
    caller.press("1")
    agent.wait("CALL_INCOMING")
    agent.accept()
    agent.wait("CALL_ESTABLISHED")


@pytest.mark.parametrize("gateway", cluster.GATEWAYS)
def test_agent_and_caller_hear_each_other(
    caller: Telephone, agent: Telephone, gateway: str
) -> None:
    talk(caller, agent, gateway)
    time.sleep(6)
    caller.hangup()
    agent.wait("CALL_CLOSED")
    time.sleep(0.5)
    last_seconds = slice(-5 * SAMPLE_RATE, -SAMPLE_RATE // 2)
    assert heard(voice("caller"), cluster.recording("agent", "dec")[last_seconds]) == 1.0
    assert heard(voice("agent"), cluster.recording("caller", "dec")[last_seconds]) == 1.0
    # The comparison itself can tell voices apart.
    assert heard(voice("caller"), cluster.recording("caller", "dec")[last_seconds]) == 0.0


def test_no_rtp_passes_the_central_server_in_a_conversation(
    caller: Telephone, agent: Telephone
) -> None:
    with cluster.RtpCounter(cluster.active()) as central, cluster.RtpCounter("gw1") as gateway:
        talk(caller, agent)
        time.sleep(1)
        before = gateway.read()
        assert central.during(5) == cluster.Packets(0, 0)
        flowing = gateway.read() - before
    # 50 packets a second in each direction on each of the two legs: the counters do count.
    assert flowing.received > 400
    assert flowing.sent > 400


@pytest.mark.parametrize("side", ["caller", "agent"])
def test_both_legs_end_when_either_side_hangs_up(
    caller: Telephone, agent: Telephone, side: str
) -> None:
    talk(caller, agent)
    ends, follows = (caller, agent) if side == "caller" else (agent, caller)
    ends.hangup()
    follows.wait("CALL_CLOSED")
    cluster.wait_for_no_calls()


def test_waiting_caller_hears_music(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("1")
    agent.wait("CALL_INCOMING")
    time.sleep(5)
    caller.hangup()
    agent.wait("CALL_CLOSED")
    time.sleep(0.5)
    heard_while_waiting = cluster.recording("caller", "dec")[-4 * SAMPLE_RATE : -SAMPLE_RATE // 2]
    server = cluster.host(cluster.active())
    titles = server.check_output("ls /usr/share/asterisk/moh/*.wav").split()
    music = (read_wav(cluster.fetch(server, title)) for title in titles)
    assert any(heard(title, heard_while_waiting) >= 0.6 for title in music)


def test_digit_leads_to_a_seat(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("2")
    with cluster.RtpCounter(cluster.active()) as central:
        event = agent.wait("CALL_INCOMING")
        assert "5559001" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        time.sleep(1)
        assert central.during(3) == cluster.Packets(0, 0)


def test_without_a_digit_the_menu_asks_again_and_then_leads_on(
    caller: Telephone, agent: Telephone
) -> None:
    reach_menu(caller)
    agent.wait("CALL_INCOMING", seconds=30)


def test_unknown_number_is_refused(caller: Telephone) -> None:
    caller.dial("5559999", cluster.address("gw1"))
    assert "404" in caller.wait("CALL_CLOSED")["param"]


@pytest.mark.parametrize(
    ("host", "target", "port"), [("telco", "gw1", 5060), ("central1", "central1", 5070)]
)
def test_call_without_the_agreed_codec_is_refused(host: str, target: str, port: int) -> None:
    """Nobody translates: neither a gateway nor a central server loads another codec."""
    user = NUMBER if target == "gw1" else "health"
    offer = [
        *("v=0", "o=x 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"),
        *("m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""),
    ]
    answer = sip.final_answer(host, (target, port), "INVITE", user, "\r\n".join(offer))
    assert answer.startswith("SIP/2.0 488 ")


def test_seat_that_declines_is_not_rung_again(caller: Telephone, agent: Telephone) -> None:
    reach_menu(caller)
    caller.press("2")
    agent.wait("CALL_INCOMING")
    agent.forget()
    agent.hangup()
    agent.wait("CALL_CLOSED")
    with pytest.raises(TimeoutError):
        agent.wait("CALL_INCOMING", seconds=4)


def test_busy_seat_is_not_rung(caller: Telephone, agent: Telephone) -> None:
    talk(caller, agent)
    agent.forget()
    with Callers("gw2", calls=1, seconds=30):
        time.sleep(MENU_SECONDS + 5)
        assert cluster.calls("gw2") == 1, "the second caller does not wait"
        with pytest.raises(TimeoutError):
            agent.wait("CALL_INCOMING", seconds=1)
        caller.hangup()
        agent.wait("CALL_INCOMING")
