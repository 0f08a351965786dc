# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Something befalls the active central server of a call center at work, and nothing is lost.

How many seconds it takes is a matter of ``make benchmark-failover``: here nobody waits longer than
a caller would.
"""

from __future__ import annotations

import json

import pytest

from tests.lab import cluster, failover, load
from tests.lab.failover import Outcome
from tests.lab.faults import FAULTS, SHORT, Fault

pytestmark = pytest.mark.fault


def _case(fault: Fault) -> pytest.param:  # type: ignore[valid-type]
    marks = [pytest.mark.short] if fault.name in SHORT else []
    return pytest.param(fault, id=fault.name, marks=marks)


@pytest.fixture(scope="module", params=[_case(fault) for fault in FAULTS])
def case(request: pytest.FixtureRequest) -> tuple[Fault, Outcome]:
    """A fault, and what was seen of it."""
    fault: Fault = request.param
    outcome = failover.observe(fault)
    print(json.dumps({"fault": fault.name, **outcome.seconds}))
    return fault, outcome


def test_exactly_one_server_is_active(case: tuple[Fault, Outcome]) -> None:
    fault, outcome = case
    active = outcome.roles.only()
    assert active, outcome.roles
    if fault.moves:
        assert active == cluster.other(outcome.active)
    # Nor does anything change when the other one is back.
    assert outcome.final_roles == outcome.roles


def test_never_two_databases_were_written(case: tuple[Fault, Outcome]) -> None:
    """Both were looked at all the time: an open database that nobody saw would prove nothing."""
    fault, outcome = case
    assert all(outcome.written[name] for name in {outcome.active, *outcome.roles.active})
    assert outcome.seconds["both_writable"] == 0 or fault.wakes


def test_new_call_reaches_an_agent(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.new_call


def test_waiting_callers_are_served_before_newcomers(case: tuple[Fault, Outcome]) -> None:
    fault, outcome = case
    if fault.cuts_off:
        # They cannot be served while their gateway is not heard.
        assert outcome.first_served | outcome.later_served == outcome.waiting | outcome.later
        return
    assert outcome.first_served == outcome.waiting
    assert outcome.later_served == outcome.later


def test_waiting_callers_keep_the_time_that_they_have_waited(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    for number, (again, seconds) in outcome.waited.items():
        if again:
            assert seconds >= int(outcome.waited_before) - 1, number


def test_nobody_is_cut_off(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.lost == []


def test_talking_callers_hear_and_are_heard(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert len(outcome.packets) == len(load.TALKING) - 1
    assert min(outcome.packets.values()) > 0.8
    assert min(outcome.speech.values()) > 0.8


def test_call_that_rang_at_a_seat_is_answered(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.retried


def test_agents_who_talk_are_not_rung(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.busy_rung == []


def test_agent_who_hung_up_gets_the_next_caller(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.freed_rung


def test_callers_who_have_gone_ring_nobody(case: tuple[Fault, Outcome]) -> None:
    """Neither one who hung up meanwhile nor one whose agent did."""
    _fault, outcome = case
    assert outcome.gone_rung == []


def test_agents_keep_their_status(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    before, after = outcome.statuses
    assert after == before


def test_no_phone_registers_anew(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    before, after = outcome.contacts
    assert after == before
    assert outcome.registers in {0, None}


def test_databases_are_equal_in_the_end(case: tuple[Fault, Outcome]) -> None:
    _fault, outcome = case
    assert outcome.differences == []
