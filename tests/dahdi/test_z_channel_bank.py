# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two lines of a running gateway become channel banks, of telephones and of an exchange's lines."""

from __future__ import annotations

import re
import time

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import MENU_SECONDS, NUMBER, end_of

EXCHANGE_LINE = 3
EXCHANGE_CHANNELS = range(563, 587)
"""Of the telephone company."""
REWIRED = cluster.CHECKOUT / "molecule" / "dahdi" / "rewired"


def test_lines_become_channel_banks_and_the_others_are_left_alone() -> None:
    cluster.wait_for_no_calls(15)
    # First: a line whose other end is still a PRI looks as if all its channels rang.
    guest.telco_follows(REWIRED)
    # A span that is set up again is another object of the kernel.
    others = "stat --format %i /sys/bus/dahdi_spans/devices/span-[12]/"
    before = guest.run(others)
    done = cluster.playbook("site", inventory=REWIRED)
    assert done.returncode == 0, done.stdout[-3000:]
    assert guest.run(others) == before
    guest.wait_for_d_channels(2)
    assert guest.run("grep -c FXSKS /proc/dahdi/3").strip() == "24"
    assert guest.run("grep -c FXOKS /proc/dahdi/4").strip() == "24"


def telephone_has_a_call() -> bool:
    return "DAHDI/73-" in cluster.asterisk("gw1", "core show channels concise")


def is_rung(seconds: float) -> bool:
    """Whether the queue has the telephone rung that is not in a call."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if telephone_has_a_call():
            return True
        time.sleep(0.5)
    return False


def test_queue_rings_a_plain_telephone() -> None:
    with guest.Call(NUMBER, keys="3", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until("the telephone is lifted", telephone_has_a_call)
        nothing = cluster.Packets(0, 0)
        with cluster.RtpCounter(cluster.active()) as central:
            cluster.wait_until("audio is direct", lambda: central.during(1) == nothing, 10)
            assert central.during(8) == nothing
        time.sleep(2)
        guest.hang_up()
    # Both say the tone.
    assert guest.is_tone(call.heard()[-24000:-4000])
    assert guest.is_tone(guest.heard_by(guest.TELEPHONE)[-24000:-4000])


def test_plain_telephone_calls_a_seat(agent: Telephone) -> None:
    with guest.Call("1001", line=4):
        event = agent.wait("CALL_INCOMING", seconds=30)
        assert "1301" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")


def test_plain_telephone_dials_the_codes() -> None:
    status = "SELECT status FROM agents WHERE number = '1301'"
    for code, expected, rings in (("*42", "NotReady", False), ("*41", "Ready", True)):
        cluster.wait_for_no_calls(15)
        with guest.Call(code, line=4):
            cluster.wait_until(code, lambda: cluster.sql(status) == [[expected]])  # noqa: B023
        cluster.wait_for_no_calls(15)
        with guest.Call(NUMBER, keys="3", pause=MENU_SECONDS, line=1):
            assert is_rung(MENU_SECONDS + 10) == rings


def test_queue_does_not_ring_a_plain_telephone_in_a_call_of_its_own(agent: Telephone) -> None:
    tried = "SELECT COUNT(*) FROM queue_log WHERE agent = 'Agent 1301' AND event LIKE 'RING%'"
    before = cluster.sql(tried)
    with guest.Call("1001", line=4):
        agent.wait("CALL_INCOMING", seconds=30)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        with guest.Call(NUMBER, keys="3", pause=MENU_SECONDS, line=1):
            time.sleep(MENU_SECONDS + 10)
            members = cluster.asterisk(cluster.active(), "queue show plain")
            assert re.search(r"PJSIP/1301\D.*In use", members)
            assert cluster.sql(tried) == before


def test_line_of_an_exchange_brings_who_calls_and_when_they_hang_up(agent: Telephone) -> None:
    """Caller id between the rings (Bell 202), and the current that ends with the call."""
    with guest.Call("", caller="5559001", keys="2", pause=MENU_SECONDS, line=EXCHANGE_LINE):
        event = agent.wait("CALL_INCOMING", seconds=45)
        assert "5559001" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        time.sleep(6)
        guest.hang_up()
        agent.wait("CALL_CLOSED", seconds=10)
    cluster.wait_for_no_calls(15)
    assert guest.is_tone(end_of(cluster.recording("agent", "dec")))


def test_call_goes_out_over_a_line_of_an_exchange(agent: Telephone) -> None:
    agent.dial(f"7{guest.SPEAKS}", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    cluster.wait_until("the subscriber is reached", telco_is_in_a_call)
    agent.hangup()
    cluster.wait_for_no_calls(15)
    cluster.wait_until("the line is free", lambda: not telco_is_in_a_call())


def test_busy_tone_ends_the_call_of_a_line_of_an_exchange(agent: Telephone) -> None:
    agent.dial(f"7{guest.GONE}", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    cluster.wait_until("the subscriber is reached", telco_is_in_a_call)
    agent.wait("CALL_CLOSED", seconds=30)
    cluster.wait_until("the line is free", lambda: not telco_is_in_a_call())


def telco_is_in_a_call() -> bool:
    """Whether a call from the gateway has found its subscriber."""
    channels = guest.telco("core show channels concise")
    found = re.findall(r"^DAHDI/(\d+)-.*!Up!", channels, re.MULTILINE)
    return any(int(channel) in EXCHANGE_CHANNELS for channel in found)
