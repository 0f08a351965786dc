# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain telephone at a gateway is busy while it is in a call of its own.

The lab has no card: entries in the dialplan of gw1 stand for the telephone of seat 1301, whose
calls take the way of [from-stations]. It is the only agent of the queue plain.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.telephone import Telephone

from .test_agent_status import history
from .test_ivr import DIRECT, call

PLAIN = "5550198"
LAB_TELEPHONE = (
    "extension 1301,1,Answer() into stations",
    "extension 1301,2,Wait(60) into stations",
    "extension _[*0-9].,1,Set(CALLERID(num)=1301) into lab-station",
    "extension _[*0-9].,2,Set(_SEAT=1301) into lab-station",
    "extension _[*0-9].,3,Dial(PJSIP/seat-${EXTEN}@central) into lab-station",
)


@pytest.fixture(scope="module", autouse=True)
def _gw1_has_a_plain_telephone() -> Iterator[None]:
    # The lab is built with it: molecule/default/plain_telephone.yml.
    assert cluster.sql("SELECT phone FROM stations") == [["1301"]]
    for line in LAB_TELEPHONE:
        cluster.asterisk("gw1", f"dialplan add {line} replace")
    cluster.asterisk("gw1", "module load res_clioriginate.so")
    yield
    cluster.asterisk("gw1", "module unload res_clioriginate.so")
    cluster.asterisk("gw1", "dialplan remove context lab-station")
    for priority in (2, 1):
        cluster.asterisk("gw1", f"dialplan remove extension 1301@stations {priority}")


@pytest.fixture(autouse=True)
def _telephone_is_put_down() -> Iterator[None]:
    yield
    put_down()
    cluster.wait_for_no_calls()


def lift_and_dial(number: str) -> None:
    cluster.asterisk("gw1", f"channel originate Local/{number}@lab-station application Wait 60")


def put_down() -> None:
    for line in cluster.asterisk("gw1", "core show channels concise").splitlines():
        name = line.split("!")[0]
        if name.startswith("Local/"):
            cluster.asterisk("gw1", f"channel request hangup {name}")


def is_rung(seconds: float) -> bool:
    """Whether the queue rings the telephone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if "!stations!1301!" in cluster.asterisk("gw1", "core show channels concise"):
            return True
        time.sleep(0.2)
    return False


def state(server: str = "") -> str:
    shown = cluster.asterisk(server or cluster.active(), "queue show plain")
    (line,) = [line for line in shown.splitlines() if "PJSIP/1301" in line]
    return line


def test_queue_rings_a_plain_telephone_only_while_it_is_put_down(
    caller: Telephone, agent: Telephone
) -> None:
    cluster.wait_until("the telephone is there", lambda: "Not in use" in state(), 40)
    ((last,),) = cluster.sql("SELECT COALESCE(MAX(id), 0) FROM agent_log")
    lift_and_dial("1001")
    agent.wait("CALL_INCOMING")
    assert "In use" in state()
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    call(caller, PLAIN)
    assert not is_rung(4)
    agent.hangup()
    assert is_rung(4)
    caller.hangup()
    cluster.wait_for_no_calls()
    cluster.wait_until("it is free again", lambda: "Not in use" in state(), 5)
    rang = cluster.sql(
        "SELECT event FROM queue_log WHERE queuename = 'plain' AND agent = 'Agent 1301' "
        "ORDER BY id DESC LIMIT 3"
    )
    assert ["RINGNOANSWER"] not in rang

    def talks() -> list[tuple[str, ...]]:
        return [change for change in history(int(last)) if change[0] == "1301"]

    cluster.wait_until("it is noted", lambda: len(talks()) >= 2, 3)
    assert talks()[:2] == [("1301", "Busy", "call", ""), ("1301", "Ready", "", "")]


def test_plain_telephone_picks_up(caller: Telephone, agent: Telephone) -> None:
    caller.dial(DIRECT, cluster.address("gw1"))
    agent.wait("CALL_INCOMING")
    lift_and_dial("*81001")
    agent.wait("CALL_CLOSED", 5)
    caller.wait("CALL_ESTABLISHED", 5)


def test_seat_that_calls_a_busy_plain_telephone_is_told_so(
    agent: Telephone, supervisor: Telephone
) -> None:
    lift_and_dial("1100")
    supervisor.wait("CALL_ESTABLISHED")
    agent.dial("1301", cluster.address("vip"))
    assert "486" in agent.wait("CALL_CLOSED")["param"]


def test_plain_telephone_dials_the_codes(caller: Telephone) -> None:
    def status() -> list[list[str]]:
        return cluster.sql("SELECT status FROM agents WHERE number = '1301'")

    for code, expected, rings in (("*42", "NotReady", False), ("*41", "Ready", True)):
        lift_and_dial(code)
        cluster.wait_until(f"{expected}", lambda: status() == [[expected]], 5)  # noqa: B023
        cluster.wait_until("the code is done", lambda: cluster.calls("gw1") == 0, 10)
        call(caller, PLAIN)
        assert is_rung(4) == rings
        caller.hangup()
        cluster.wait_for_no_calls()


@pytest.fixture
def remembered_as_busy() -> Iterator[None]:
    """Both servers take the telephone for busy."""
    for name in cluster.CENTRAL:
        cluster.asterisk(name, "devstate change Custom:station-1301 INUSE")
    yield
    for name in cluster.CENTRAL:
        cluster.asterisk(name, "devstate change Custom:station-1301 INVALID")


@pytest.mark.usefixtures("remembered_as_busy")
def test_restart_forgets_that_a_plain_telephone_was_busy() -> None:
    cluster.wait_until("it is busy", lambda: "In use" in state(), 5)
    spare = cluster.spare()
    cluster.host(spare).check_output("systemctl restart asterisk")
    free = re.compile("'Custom:station-1301' +State: 'INVALID'")
    cluster.wait_until(
        "it is free",
        lambda: bool(free.search(cluster.host(spare).run("asterisk -rx 'devstate list'").stdout)),
    )
    assert "from hint:" in state(spare)
    assert "Invalid" not in state(spare)


def test_queue_does_not_ring_a_plain_telephone_that_talks_on_after_a_fail_over(
    caller: Telephone, supervisor: Telephone, follows_afterwards: str
) -> None:
    lift_and_dial("1100")
    supervisor.wait("CALL_ESTABLISHED")
    time.sleep(1)
    cluster.give_up_address(follows_afterwards)
    orphans = "SELECT phone FROM orphans ORDER BY phone"
    cluster.wait_until("the witness tells", lambda: cluster.sql(orphans) == [["1100"], ["1301"]], 5)
    call(caller, PLAIN)
    assert not is_rung(4)
    put_down()
    assert is_rung(6)
    assert cluster.sql(orphans) == []
