# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Agents say what they do, and only who is ready is rung.

The queue support has one agent, seat 1001, and wrap-up.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import (
    derive_password,
    derive_pin,
)
from tests.lab import cluster, sip
from tests.lab.telephone import Telephone
from tests.lab.voice import heard, read_wav

from .test_calls import reach_menu
from .test_direct_media import hand_over

WRAPUP_SECONDS = 6
"""Of the queue support in the lab."""

Change = tuple[str, str, str, str]
"""Agent, status, reason and who changed it, as the history has it."""


def status() -> str:
    """Status and reason of agent 1001; LoggedOut without a phone."""
    ((found,),) = cluster.sql(
        "SELECT IF(phone IS NULL, 'LoggedOut', CONCAT_WS(' ', status, NULLIF(reason, ''))) "
        "FROM agents WHERE number = '1001'"
    )
    return found


def wait_for(expected: str, seconds: float = 3.0) -> None:
    """Until agent 1001 has that status."""
    deadline = time.monotonic() + seconds
    while (now := status()) != expected:
        assert time.monotonic() < deadline, f"the agent is {now}"
        time.sleep(0.2)


def changes(since: int) -> list[Change]:
    """What the history has told since then, but for talks that begin."""
    return [change for change in history(since) if change[2] != "call"]


def history(since: int) -> list[Change]:
    """All that the history has told since then."""
    rows = cluster.sql("SELECT id, agent, status, reason, changed_by FROM agent_log ORDER BY id")
    return [(agent, state, reason, by) for at, agent, state, reason, by in rows if int(at) > since]


def dial(phone: Telephone, code: str) -> None:
    """The code is dialled, and its prompt spoken."""
    phone.forget()
    phone.dial(code, cluster.address("vip"))
    phone.wait("CALL_ESTABLISHED")
    # The queue may ring in the same moment.
    phone.forget(phone.wait("CALL_CLOSED", seconds=20))


def is_rung(phone: Telephone, seconds: float) -> bool:
    try:
        phone.wait("CALL_INCOMING", seconds)
    except TimeoutError:
        return False
    return True


def call_support(caller: Telephone) -> None:
    reach_menu(caller)
    caller.press("3")


@pytest.fixture(autouse=True)
def _everybody_is_ready() -> Iterator[None]:
    """Others find the agents as the inventory made them."""
    yield
    cluster.everybody_is_ready()


def test_only_who_is_ready_is_rung(caller: Telephone, agent: Telephone, before: int) -> None:
    dial(agent, "*42")
    call_support(caller)
    assert not is_rung(agent, 1.5)
    for code, expected in (("*43", "Wrapup"), ("*44", "Busy"), ("*49", "LoggedOut")):
        dial(agent, code)
        assert status() == expected
        assert not is_rung(agent, 1.5), expected
    dial(agent, "*40")
    assert is_rung(agent, 4)
    agent.hangup()
    dial(agent, "*452")
    assert not is_rung(agent, 1.5)
    members = cluster.asterisk(cluster.active(), "queue show support")
    assert re.search(r"PJSIP/1001\D.*paused:Aux: Lunch", members)
    dial(agent, "*41")
    assert is_rung(agent, 4)
    assert changes(before) == [
        ("1001", "NotReady", "", "1001"),
        ("1001", "Wrapup", "", "1001"),
        ("1001", "Busy", "", "1001"),
        ("1001", "LoggedOut", "", "1001"),
        ("1001", "Ready", "", "1001"),
        ("1001", "Aux", "Lunch", "1001"),
        ("1001", "Ready", "", "1001"),
    ]


def test_prompt_says_what_became_of_a_code(agent: Telephone, before: int) -> None:
    """A mistake changes nothing, and here everybody is ready already."""
    server = cluster.host(cluster.active())
    for code, sound in (
        ("*41", "activated"),
        ("*459", "pm-invalid-option"),
        ("*42*1101", "feature-not-avail-line"),
    ):
        dial(agent, code)
        time.sleep(0.3)
        path = server.check_output(
            f"find -L /usr/share/asterisk/sounds -name {sound}.wav -print -quit"
        )
        prompt = read_wav(cluster.fetch(server, path))
        assert heard(prompt, cluster.recording("agent", "dec"), window=0.5) >= 0.6, code
    assert changes(before) == []


def test_one_queue_is_left_and_joined_alone(agent: Telephone, before: int) -> None:
    dial(agent, "*492")
    members = "SELECT queue_name FROM queue_members WHERE interface = 'PJSIP/1001'"
    assert cluster.sql(members) == [["sales"]]
    dial(agent, "*491")
    assert status() == "LoggedOut"
    dial(agent, "*402")
    assert cluster.sql(members) == [["support"]]
    assert [change[1] for change in changes(before)] == [
        *("LoggedOut", "LoggedOut", "LoggedOut", "Ready", "LoggedIn"),
    ]


def test_wrapup_begins_by_itself(caller: Telephone, agent: Telephone, before: int) -> None:
    call_support(caller)
    assert is_rung(agent, 5)
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    agent.hangup()
    wait_for("Wrapup")
    caller.wait("CALL_CLOSED")
    caller.forget()
    agent.forget()
    started = time.monotonic()
    # Prolonged: it would have ended meanwhile.
    dial(agent, "*43")
    call_support(caller)
    assert not is_rung(agent, started + WRAPUP_SECONDS + 1.5 - time.monotonic())
    assert status() == "Wrapup"
    # Ended: the caller who waited is rung through at once, and the next wrap-up ends by itself.
    dial(agent, "*41")
    assert is_rung(agent, 3)
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    caller.hangup()
    agent.wait("CALL_CLOSED")
    wait_for("Wrapup")
    wait_for("Ready", WRAPUP_SECONDS + 2)
    assert changes(before) == [
        ("1001", "Wrapup", "", ""),
        ("1001", "Wrapup", "", "1001"),
        ("1001", "Ready", "", "1001"),
        ("1001", "Wrapup", "", ""),
        ("1001", "Ready", "", ""),
    ]


def test_wrapup_begins_when_the_caller_was_handed_over(
    caller: Telephone, agent: Telephone, supervisor: Telephone, before: int
) -> None:
    """The call goes on without the agent."""
    call_support(caller)
    assert is_rung(agent, 5)
    agent.accept()
    hand_over(agent, supervisor, "1100")
    wait_for("Wrapup")
    wait_for("Ready", WRAPUP_SECONDS + 2)
    assert cluster.calls(cluster.active()) == 1
    assert [change[1] for change in changes(before)] == ["Wrapup", "Ready"]


def is_lit(lamp: str) -> bool:
    shown = cluster.asterisk(cluster.active(), "devstate list")
    return re.search(rf"'Custom:{lamp}'\s+State: 'INUSE'", shown) is not None


@pytest.mark.parametrize("dialled", ["1100", "95551234"])
def test_busy_shows_by_itself_and_lamps_tell(
    caller: Telephone, agent: Telephone, before: int, dialled: str
) -> None:
    """A call to a seat or to the outside, of which no queue knows."""
    password = derive_password(cluster.secret(), "sip/1001")
    cluster.wait_until("the lamp tells it", lambda: is_lit("Ready-1001"), 5)

    def watch(code: str) -> list[str]:
        return sip.watch_lamp("phones", "1001", password, f"{code}*1001", 16)

    with ThreadPoolExecutor() as pool:
        busy, ready, away = (pool.submit(watch, code) for code in ("*44", "*41", "*452"))
        time.sleep(1.5)
        agent.dial(dialled, cluster.address("vip"))
        agent.wait("CALL_ESTABLISHED")
        agent.forget()
        call_support(caller)
        assert not is_rung(agent, 3)
        agent.hangup()
        assert is_rung(agent, 4)
        agent.hangup()
        dial(agent, "*452")
        assert busy.result()[:3] == ["terminated", "confirmed", "terminated"]
        assert ready.result() == ["confirmed", "terminated"]
        assert away.result() == ["terminated", "confirmed"]
    assert [change for change in history(before) if change[0] == "1001"] == [
        ("1001", "Busy", "call", ""),
        ("1001", "Ready", "", ""),
        ("1001", "Aux", "Lunch", "1001"),
    ]


def test_busy_lamp_is_that_of_the_agent_not_of_the_phone(
    agent: Telephone, supervisor: Telephone
) -> None:
    """5001 talks at the phone of the supervisor, who is logged out."""
    password = derive_password(cluster.secret(), "sip/1001")
    log_in(supervisor, "5001", derive_pin(cluster.secret(), "5001"))
    supervisor.wait("CALL_CLOSED")
    with ThreadPoolExecutor() as pool:
        guest, owner = (
            pool.submit(sip.watch_lamp, "phones", "1001", password, f"*44*{number}", 8)
            for number in ("5001", "1100")
        )
        time.sleep(1.5)
        agent.dial("1100", cluster.address("vip"))
        agent.wait("CALL_ESTABLISHED")
        time.sleep(2)
        agent.hangup()
        assert guest.result() == ["terminated", "confirmed", "terminated"]
        assert owner.result() == ["terminated"]


def test_supervisor_sets_the_status_of_others(supervisor: Telephone, before: int) -> None:
    dial(supervisor, "*42*1001")
    dial(supervisor, "*49*1001")
    # A supervisor in no queue has no status.
    dial(supervisor, "*42")
    assert changes(before) == [
        ("1001", "NotReady", "", "1100"),
        ("1001", "LoggedOut", "", "1100"),
    ]


def log_in(phone: Telephone, agent: str, *attempts: str) -> None:
    """Each attempt is a PIN that is typed when it is asked for."""
    phone.forget()
    phone.dial(f"*40*{agent}", cluster.address("vip"))
    phone.wait("CALL_ESTABLISHED")
    for pin in attempts:
        time.sleep(1)
        phone.press(f"{pin}#")


def test_agent_without_a_phone_logs_in_at_any(supervisor: Telephone, before: int) -> None:
    pin = derive_pin(cluster.secret(), "5001")
    # More attempts are not asked for.
    log_in(supervisor, "5001", "1", "2", "3")
    supervisor.wait("CALL_CLOSED")
    # After too many wrong ones the right one is refused for a while.
    cluster.sql(
        "UPDATE agent_pins SET failures = 10, failed_at = UTC_TIMESTAMP() - INTERVAL 5 MINUTE "
        "WHERE agent = '5001'"
    )
    log_in(supervisor, "5001", pin)
    time.sleep(1)
    supervisor.hangup()
    supervisor.wait("CALL_CLOSED")
    assert changes(before) == []
    # Trying does not make the time longer.
    assert cluster.sql(
        "SELECT failures, failed_at < UTC_TIMESTAMP() - INTERVAL 4 MINUTE FROM agent_pins "
        "WHERE agent = '5001'"
    ) == [["10", "1"]]
    cluster.sql("UPDATE agent_pins SET failures = 0")
    log_in(supervisor, "5001", "1", pin)
    supervisor.wait("CALL_CLOSED")
    assert changes(before) == [
        ("1100", "LoggedOut", "", "1100"),
        ("5001", "Ready", "", "1100"),
    ]
    assert cluster.sql("SELECT membername FROM queue_members WHERE interface = 'PJSIP/1100'") == [
        ["Agent 5001"]
    ]
    # Who forgot to log out is not there any more when the owner of the phone is back.
    dial(supervisor, "*40")
    assert changes(before)[2:] == [
        ("5001", "LoggedOut", "", "1100"),
        ("1100", "Ready", "", "1100"),
    ]


def test_status_outlives_restart_and_promotion(
    caller: Telephone, agent: Telephone, follows_afterwards: str
) -> None:
    dial(agent, "*452")
    cluster.host(follows_afterwards).check_output("systemctl restart asterisk")
    time.sleep(2)
    call_support(caller)
    assert not is_rung(agent, 3)
    caller.hangup()
    cluster.give_up_address(follows_afterwards)
    assert status() == "Aux Lunch"
    call_support(caller)
    assert not is_rung(agent, 3)
    dial(agent, "*41")
    assert is_rung(agent, 4)
