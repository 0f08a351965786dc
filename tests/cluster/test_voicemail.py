# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A message is in the database, its lamp is lit, and both outlive the central server.

The phone of seat 1201, which has a mailbox, is off; 8000 is a mailbox that it shares.
"""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import (
    derive_password,
    derive_pin,
)
from tests.lab import cluster, mail, sip
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, Sound, heard, read_wav, voice

from .test_ivr import FRONT_DESK, RECORDING_SECONDS, call, hang_up

MESSAGE_SECONDS = 8
"""Longer than a gateway bears a silent leg."""


@pytest.fixture(autouse=True)
def _no_messages_are_left() -> Iterator[None]:
    yield
    cluster.sql("DELETE FROM voicemail_messages")


def messages(mailbox: str) -> list[Sound]:
    rows = cluster.sql(
        "SELECT REPLACE(TO_BASE64(recording), CHAR(10), '') FROM voicemail_messages "  # noqa: S608
        f"WHERE mailboxuser = '{mailbox}' AND dir LIKE '%/INBOX' ORDER BY msgnum"
    )
    return [read_wav(io.BytesIO(base64.b64decode(text))) for (text,) in rows]


def changes(states: list[str]) -> list[str]:
    """Without repetitions: a phone may be told twice."""
    return [state for at, state in enumerate(states) if states[at - 1 : at] != [state]]


def test_message_and_lamp_outlive_the_central_server(
    caller: Telephone, supervisor: Telephone, follows_afterwards: str
) -> None:
    password = derive_password(cluster.secret(), "sip/1201")

    def lamp(seconds: float) -> list[str]:
        return changes(sip.watch_messages("phones", "1201", password, seconds))

    with ThreadPoolExecutor() as pool:
        lit = pool.submit(lamp, 20)
        mailed = pool.submit(mail.next_mail, "telco", 40)
        call(caller, FRONT_DESK)
        time.sleep(RECORDING_SECONDS + 0.5)
        caller.press("8000")
        time.sleep(2)
        caller.press("#")
        time.sleep(MESSAGE_SECONDS + 1)
        hang_up(caller)
        cluster.wait_until("the message is there", lambda: len(messages("8000")) == 1, 5)
        assert lit.result() == ["no", "yes"]
        text = mailed.result()
    assert "service@example.com" in text
    assert "audio/x-wav" in text.lower()
    (message,) = messages("8000")
    assert len(message) >= (MESSAGE_SECONDS - 1) * SAMPLE_RATE
    assert heard(voice("caller"), message) >= 0.8

    cluster.give_up_address(follows_afterwards)
    with ThreadPoolExecutor() as pool:
        lit = pool.submit(lamp, 25)
        supervisor.dial("*98", cluster.address("vip"))
        supervisor.wait("CALL_ESTABLISHED")
        for keys in ("8000#", derive_pin(cluster.secret(), "voicemail/8000") + "#", "1"):
            time.sleep(1)
            supervisor.press(keys)
        time.sleep(12)  # First it is said when the message was left.
        supervisor.press("7")
        time.sleep(1)
        supervisor.hangup()
        cluster.wait_for_no_calls()
        assert lit.result() == ["yes", "no"]
    assert messages("8000") == []
    time.sleep(0.5)
    played = cluster.recording("supervisor", "dec")
    assert max(heard(message, played[at:][:SAMPLE_RATE]) for at in range(0, len(played), 4000)) == 1


def test_seat_that_is_gone_takes_a_message(agent: Telephone) -> None:
    with cluster.RtpCounter(cluster.active()) as central:
        agent.dial("1201", cluster.address("vip"))
        agent.wait("CALL_ESTABLISHED")
        time.sleep(2)
        agent.press("#")
        time.sleep(2)
        assert central.during(2).received > 80
        agent.hangup()
    cluster.wait_until("the message is there", lambda: len(messages("1201")) == 1, 5)
    (message,) = messages("1201")
    assert heard(voice("agent"), message) >= 0.5


def test_queue_that_nobody_serves_takes_a_message(caller: Telephone) -> None:
    call(caller, "5550199")
    time.sleep(2)
    caller.press("#")
    time.sleep(MESSAGE_SECONDS)
    hang_up(caller)
    cluster.wait_until("the message is there", lambda: len(messages("8000")) == 1, 5)
    (message,) = messages("8000")
    assert heard(voice("caller"), message) >= 0.8
