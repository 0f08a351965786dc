# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of seats to the public network: who may dial what, over which gateway, shown as whom."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.lab import cluster, subscribers
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, heard, voice

from .test_calls import reach_menu
from .test_ivr import call, said

LOCAL = "5551234"
ABROAD = "44123456"
EMERGENCY = "112"
OUTWARD = "5550196"
"""A queue that nobody serves and that leads outside."""
CALLER = "5559001"
"""The telephone of the telephone company's, which answers by itself."""
LINES = 4
"""Two at each gateway."""
ADDRESSES = [cluster.address(gateway) for gateway in cluster.GATEWAYS]


@pytest.fixture(scope="module", autouse=True)
def _supervisor_is_registered() -> None:
    cluster.switch_on("supervisor", {"1100"})


@pytest.fixture
def supervisor() -> Iterator[Telephone]:
    """The telephone of seat 1100, which may dial everything but what is blocked."""
    with cluster.telephone("supervisor") as telephone:
        yield telephone


class Carrier:
    """The calls that it got since the start."""

    def __init__(self) -> None:
        self._before = len(subscribers.calls())

    def calls(self) -> list[subscribers.Call]:
        return subscribers.calls()[self._before :]

    def call(self) -> subscribers.Call:
        (only,) = self.calls()
        return only


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


def dial(telephone: Telephone, number: str) -> None:
    telephone.forget()
    telephone.dial(number, cluster.address("vip"))


def connect(telephone: Telephone, number: str, seconds: float = 10) -> None:
    dial(telephone, number)
    telephone.wait("CALL_ESTABLISHED", seconds)


def let_lines_go() -> None:
    """A line that was freed for an emergency call is kept for that for a moment."""
    time.sleep(3)


def take_all_lines(telephone: Telephone, code: str) -> None:
    let_lines_go()
    for line in range(LINES):
        connect(telephone, f"{code}55512{line:02}")


def closed_calls(telephone: Telephone) -> int:
    """Calls that have ended since the last number was dialled."""
    time.sleep(0.5)
    telephone.command("listcalls")  # Takes in what has happened.
    return sum(event.get("type") == "CALL_CLOSED" for _moment, event in telephone.events)


def test_subscriber_and_agent_talk_past_the_central_server(
    agent: Telephone, carrier: Carrier
) -> None:
    connect(agent, f"9{LOCAL}")
    with cluster.RtpCounter(cluster.active()) as central:
        time.sleep(1)
        assert central.during(4) == cluster.Packets(0, 0)
    agent.hangup()
    time.sleep(0.5)
    # The subscriber says what he hears.
    echo = cluster.recording("agent", "dec")[-4 * SAMPLE_RATE : -SAMPLE_RATE // 2]
    assert heard(voice("agent"), echo) >= 0.6
    call = carrier.call()
    assert (call.number, call.caller, call.private) == (LOCAL, "5551001", False)


@pytest.mark.parametrize(
    ("dialled", "number", "caller"),
    [(f"9{LOCAL}", LOCAL, "5550100"), (f"90{ABROAD}", ABROAD, "+15550100")],
)
def test_number_of_the_call_center_or_of_the_way_out_is_shown(
    supervisor: Telephone, carrier: Carrier, dialled: str, number: str, caller: str
) -> None:
    connect(supervisor, dialled)
    call = carrier.call()
    assert (call.number, call.caller, call.private) == (number, caller, False)


def test_number_is_withheld_from_the_subscriber_but_not_from_the_carrier(
    supervisor: Telephone, carrier: Carrier
) -> None:
    connect(supervisor, f"*319{LOCAL}")
    call = carrier.call()
    assert (call.number, call.caller) == (LOCAL, "anonymous")
    assert (call.asserted, call.private) == ("5550100", True)


def test_class_that_the_seat_may_not_dial(agent: Telephone, carrier: Carrier) -> None:
    dial(agent, f"90{ABROAD}")
    assert "403" in agent.wait("CALL_CLOSED")["param"]
    assert carrier.calls() == []


def test_transferred_caller_calls_out_as_the_seat(
    caller: Telephone, agent: Telephone, carrier: Carrier
) -> None:
    for number in (f"90{ABROAD}", f"9{LOCAL}"):
        agent.forget()
        reach_menu(caller)
        caller.press("2")
        agent.wait("CALL_INCOMING")
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        time.sleep(0.5)
        agent.command("transfer", f"sip:{number}@{cluster.address('vip')}")
        agent.wait("CALL_CLOSED")
        time.sleep(2)
        caller.hangup()
        cluster.wait_for_no_calls()
    call = carrier.call()
    assert (call.number, call.caller) == (LOCAL, "5551001")


def test_blocked_number(supervisor: Telephone, carrier: Carrier) -> None:
    dial(supervisor, "99005551234")
    assert "403" in supervisor.wait("CALL_CLOSED")["param"]
    assert carrier.calls() == []


@pytest.mark.parametrize("dialled", [EMERGENCY, f"90{EMERGENCY}", f"*31{EMERGENCY}"])
def test_every_seat_may_call_for_help_and_shows_a_number(
    agent: Telephone, carrier: Carrier, dialled: str
) -> None:
    connect(agent, dialled)
    call = carrier.call()
    assert (call.number, call.caller, call.private) == (EMERGENCY, "5550199", False)


def test_gateways_share_the_calls_and_a_call_for_help_makes_room(
    agent: Telephone, carrier: Carrier
) -> None:
    for line in range(LINES):
        connect(agent, f"955512{line:02}")
        counts = Counter(call.gateway for call in carrier.calls())
        assert max(counts.values()) - min(counts[address] for address in ADDRESSES) <= 1
    dial(agent, f"9{LOCAL}")
    assert "503" in agent.wait("CALL_CLOSED")["param"]
    assert len(carrier.calls()) == LINES
    for _line in range(LINES):
        connect(agent, EMERGENCY)
        assert carrier.calls()[-1].number == EMERGENCY
        assert closed_calls(agent) == 1
    # Nobody who has called for help is cut off: the carrier is asked for more.
    connect(agent, EMERGENCY)
    assert closed_calls(agent) == 0
    assert sum(cluster.calls(gateway) for gateway in cluster.GATEWAYS) == LINES + 1


def test_full_gateway_hands_the_call_on(agent: Telephone, carrier: Carrier) -> None:
    let_lines_go()
    for full, free in (cluster.GATEWAYS, reversed(cluster.GATEWAYS)):
        # As if it kept its last line for an emergency call, for ever.
        cluster.asterisk(full, "dialplan set global RESERVED_outside 4000000000")
        try:
            connect(agent, f"9{LOCAL}")
        finally:
            cluster.asterisk(full, "dialplan set global RESERVED_outside 0")
        assert carrier.calls()[-1].gateway == cluster.address(free)
        agent.hangup()
        cluster.wait_for_no_calls()


def test_full_trunk_group_leads_to_the_next_one(
    caller: Telephone, agent: Telephone, carrier: Carrier
) -> None:
    take_all_lines(agent, "8")
    assert len(carrier.calls()) == LINES
    caller.forget()
    connect(agent, f"8{CALLER}")
    caller.wait("CALL_ESTABLISHED")
    assert len(carrier.calls()) == LINES
    assert any(
        "PJSIP/circuit-telco-" in cluster.asterisk(gateway, "core show channels concise")
        for gateway in cluster.GATEWAYS
    )


def test_caller_whom_a_queue_leads_outside_gets_there(caller: Telephone, carrier: Carrier) -> None:
    call(caller, OUTWARD)
    caller.wait("CALL_ESTABLISHED")
    cluster.wait_until("the subscriber is called", lambda: bool(carrier.calls()))
    with cluster.RtpCounter(cluster.active()) as central:
        time.sleep(2)
        assert central.during(3) == cluster.Packets(0, 0)
    call_out = carrier.call()
    assert call_out.number == "5551299"
    # The subscriber says what he hears.
    caller.hangup()
    time.sleep(0.5)
    echo = cluster.recording("caller", "dec")[-2 * SAMPLE_RATE : -SAMPLE_RATE // 2]
    assert heard(voice("caller"), echo) >= 0.6


def test_caller_whom_a_queue_leads_outside_hears_that_nobody_is_there(
    caller: Telephone, agent: Telephone, carrier: Carrier
) -> None:
    take_all_lines(agent, "9")
    call(caller, OUTWARD)
    caller.wait("CALL_CLOSED", 10)
    time.sleep(0.5)
    assert said("en/vm-nobodyavail")
    assert len(carrier.calls()) == LINES


def probe(gateway: str) -> str:
    """What the active server knows of a gateway: ``Avail``, ``Unavail`` or nothing yet."""
    text = cluster.asterisk(cluster.active(), "pjsip show contacts")
    found = re.search(rf"probe-{gateway}/\S+ +\S+ +(\w+)", text)
    return found[1] if found else ""


@pytest.fixture
def frozen_gateway() -> Iterator[str]:
    """A gateway that does not answer, as the active server knows."""
    name = cluster.GATEWAYS[0]
    gateway = cluster.host(name)
    gateway.check_output("systemctl kill --signal=STOP asterisk")
    try:
        cluster.wait_until("it is missed", lambda: probe(name) == "Unavail", 15)
        yield name
    finally:
        gateway.check_output("systemctl kill --signal=CONT asterisk")
        cluster.wait_until("it is back", lambda: probe(name) == "Avail", 15)


def test_dead_gateway_is_passed_over_at_once(
    agent: Telephone, carrier: Carrier, frozen_gateway: str
) -> None:
    for line in range(LINES // 2):
        connect(agent, f"955512{line:02}", seconds=3)
    assert cluster.address(frozen_gateway) not in {call.gateway for call in carrier.calls()}
    agent.command("hangupall", "all")


IN_ITS_NAME = """
table inet lab_name {
  counter sent {}
  chain output {
    type filter hook output priority -400
    ip saddr %s counter name sent
  }
}
"""


def test_spare_says_nothing_in_the_name_of_the_active_server() -> None:
    spare = cluster.host(cluster.spare())
    spare.check_output("printf %%s %s | nft -f -", IN_ITS_NAME % cluster.address("vip"))
    try:
        time.sleep(4)  # It asks the gateways every two seconds whether they are alive.
        answer = json.loads(spare.check_output("nft -j list counters table inet lab_name"))
    finally:
        spare.check_output("nft delete table inet lab_name")
    (sent,) = [item["counter"]["packets"] for item in answer["nftables"] if "counter" in item]
    assert sent == 0
