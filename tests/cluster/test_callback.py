# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Callers who want to be called back keep their place, and are called as the number plan allows.

The queue later has one agent, seat 1153, which answers by itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.lab import cluster, subscribers
from tests.lab.callers import Callers
from tests.lab.telephone import Telephone

from .test_ivr import call, hang_up

LATER = "5550197"
KEY = "2"
CALLER = "5559001"
"""The number that the caller shows."""
OTHER = "5551277"
ABROAD = "01234567"

WISH = """
INSERT INTO callbacks (queue_name, number, joined, next_try, expires, changed_at)
VALUES ('later', '%s', UTC_TIMESTAMP() - INTERVAL 1 MINUTE, UTC_TIMESTAMP(),
  UTC_TIMESTAMP() + INTERVAL 1 HOUR, UTC_TIMESTAMP(6))
"""
FIVE_TODAY = """
INSERT INTO callbacks (queue_name, number, joined, state, next_try, expires, changed_at)
SELECT 'later', '%s', UTC_TIMESTAMP(), 'failed', UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP()
FROM seq_1_to_5
"""
LOG = """
SELECT event, agent, callid LIKE 'call-back-%' FROM queue_log
WHERE queuename = 'later' AND (agent <> 'NONE' OR event = 'CALLBACK') ORDER BY id DESC LIMIT 3
"""


def rows() -> list[list[str]]:
    """Number, state and tries of all call-backs."""
    return cluster.sql("SELECT number, state, tries FROM callbacks ORDER BY id")


def states() -> list[str]:
    return [state for _number, state, _tries in rows()]


def waiting() -> list[str]:
    """Channels in the queue, in their order."""
    shown = cluster.asterisk(cluster.active(), "queue show later")
    return re.findall(r"^ +\d+\. (\S+?)-[0-9a-f]+(?:;2)? \(wait", shown, re.MULTILINE)


def wish(number: str) -> None:
    """A call-back for somebody who has waited for a minute."""
    cluster.sql(WISH % number)


def wait_for_prompt(application: str, data: str) -> None:
    """Until the caller hears it."""

    def is_heard() -> bool:
        shown = cluster.asterisk(cluster.active(), "core show channels concise")
        return any(
            fields[5:6] == [application] and data in fields[6]
            for fields in (line.split("!") for line in shown.splitlines())
        )

    cluster.wait_until(f"{application}({data})", is_heard, 15)


def seats_that_talk_outside() -> set[str]:
    """Of whom the gateways know."""
    found = set()
    for gateway in cluster.GATEWAYS:
        for line in cluster.asterisk(gateway, "core show channels concise").splitlines():
            shown = cluster.asterisk(gateway, f"core show channel {line.split('!')[0]}")
            found |= set(re.findall(r"^SEAT=(\d+)$", shown, re.MULTILINE))
    return found


def switch_off_the_agent() -> None:
    cluster.host("phones").check_output("systemctl stop baresip@seats")
    # Nobody rings at a phone that is switched off.
    cluster.sql("DELETE FROM ps_contacts WHERE endpoint BETWEEN '1101' AND '1160'")


@pytest.fixture(autouse=True)
def _nobody_is_to_be_called() -> Iterator[None]:
    switch_off_the_agent()
    cluster.sql("DELETE FROM callbacks")
    yield
    cluster.sql("DELETE FROM callbacks")
    switch_off_the_agent()
    cluster.asterisk(cluster.active(), "channel request hangup all")


def test_caller_is_called_in_his_turn(caller: Telephone) -> None:
    before = len(subscribers.calls())
    call(caller, LATER)
    cluster.wait_until("he waits", lambda: waiting() == ["PJSIP/gateway-gw1"], 5)
    # Places go by whole seconds.
    time.sleep(2)
    with Callers("gw2", calls=1, seconds=60, number=LATER):
        cluster.wait_until("another one comes", lambda: len(waiting()) == 2, 6)
        caller.press(KEY)
        caller.wait("CALL_CLOSED", 30)
        assert rows()[0][0] == CALLER
        cluster.wait_until("he keeps his place", lambda: len(waiting()) == 2, 5)
        assert waiting() == ["Local/later@call-back-queue", "PJSIP/gateway-gw2"]
        assert states() == ["queued"]
        cluster.switch_on("seats", {"1153"})
        cluster.wait_until("he is called", lambda: states() == ["done"], 10)
        assert waiting() == ["PJSIP/gateway-gw2"]
    (found,) = subscribers.calls()[before:]
    assert (found.number, found.caller) == (CALLER, "5550100")
    with cluster.RtpCounter(cluster.active()) as central:
        time.sleep(1)
        assert central.during(3) == cluster.Packets(0, 0)
    # Whom a new active server must not ring.
    assert "1153" in seats_that_talk_outside()
    with cluster.telephone("seats") as seats:
        seats.command("hangupall", "all")
    cluster.wait_for_no_calls()
    assert cluster.sql(LOG) == [
        # The customer's own call, once it is connected to the agent.
        ["COMPLETEAGENT", "Agent 1153", "0"],
        ["CONNECT", "Agent 1153", "1"],
        ["CALLBACK", "NONE", "0"],
    ]


def test_another_number_is_typed_and_some_are_refused(caller: Telephone) -> None:
    call(caller, LATER)
    cluster.wait_until("he waits", lambda: len(waiting()) == 1, 5)
    caller.press(KEY)
    wait_for_prompt("Read", "KEY")
    caller.press("2")
    for number in ("112", ABROAD):
        wait_for_prompt("Read", "NUMBER")
        time.sleep(1)
        caller.press(f"{number}#")
        wait_for_prompt("Playback", "check-number")
        assert rows() == []
    wait_for_prompt("Read", "NUMBER")
    time.sleep(1)
    caller.press(f"{OTHER}#")
    wait_for_prompt("Read", "KEY")
    caller.press("1")
    caller.wait("CALL_CLOSED", 10)
    assert [number for number, _state, _tries in rows()] == [OTHER]


def test_who_has_been_called_too_often_waits_on_where_he_was(caller: Telephone) -> None:
    cluster.sql(FIVE_TODAY % CALLER)
    call(caller, LATER)
    cluster.wait_until("he waits", lambda: len(waiting()) == 1, 5)
    with Callers("gw2", calls=1, seconds=60, number=LATER):
        cluster.wait_until("another one comes", lambda: len(waiting()) == 2, 6)
        caller.press(KEY)
        wait_for_prompt("Read", "KEY")
        caller.press("1")
        cluster.wait_until(
            "he is where he was",
            lambda: waiting() == ["PJSIP/gateway-gw1", "PJSIP/gateway-gw2"],
            10,
        )
    assert states() == ["failed"] * 5
    hang_up(caller)


def test_customer_who_is_not_there_is_called_again_and_then_no_more() -> None:
    telco = cluster.host("telco")
    telco.check_output("systemctl stop subscribers")
    try:
        wish(OTHER)
        cluster.wait_until("it is his turn soon", lambda: states() == ["queued"], 5)
        cluster.switch_on("seats", {"1153"})
        cluster.wait_until("nobody answers", lambda: rows() == [[OTHER, "waiting", "1"]], 20)
        ((seconds,),) = cluster.sql(
            "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), next_try) FROM callbacks"
        )
        assert 40 <= int(seconds) <= 60
        cluster.sql("UPDATE callbacks SET next_try = UTC_TIMESTAMP()")
        cluster.wait_until("he is given up", lambda: rows() == [[OTHER, "failed", "2"]], 20)
        wish("112")
        cluster.wait_until("it is not called", lambda: states()[1:] == ["failed"], 5)
        assert rows()[1] == ["112", "failed", "0"]
    finally:
        telco.check_output("systemctl start subscribers")


def test_place_outlives_asterisk_and_promotion(follows_afterwards: str) -> None:
    before = len(subscribers.calls())
    wish(OTHER)
    cluster.wait_until("it is in the queue", lambda: len(waiting()) == 1, 5)
    cluster.host(follows_afterwards).check_output("systemctl restart asterisk")
    cluster.wait_until("it is in the queue again", lambda: len(waiting()) == 1, 25)
    cluster.give_up_address(follows_afterwards)
    cluster.wait_until("it is in the queue of the other server", lambda: len(waiting()) == 1, 25)
    cluster.switch_on("seats", {"1153"})
    cluster.wait_until("the customer is called", lambda: states() == ["done"], 15)
    assert [found.number for found in subscribers.calls()[before:]] == [OTHER]
    # One whose registration was due while nobody answered tries again only after a while.
    for telephone, seat in {"agent": "1001", "supervisor": "1100"}.items():
        cluster.switch_on(telephone, {seat})
