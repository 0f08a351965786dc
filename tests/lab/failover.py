# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a call center at work when something befalls the active central server."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from . import cluster, load
from .faults import Fault
from .load import Load, Ring
from .telephone import Telephone
from .voice import LONGEST_SPEECH, SAMPLE_RATE, Sound, heard, voice
from .write_access import Spans, WriteAccess, shared

PATIENCE = 60.0
"""Seconds within which everything has to be well again: longer no caller would wait."""
LASTS = 10.0
"""Seconds after which a network that callers need is mended."""
SPEECH_SECONDS = 12
"""Of the recorded conversation that are listened to."""


NOBODY = cluster.Roles((), (), ())


@dataclass
class Outcome:
    """What was seen."""

    active: str
    """Before."""
    moment: float = 0
    """Of the fault."""
    seconds: dict[str, float | None] = field(default_factory=dict)
    """What was measured; None where nothing was to be seen."""

    roles: cluster.Roles = NOBODY
    """Of the servers while the fault lasted."""
    final_roles: cluster.Roles = NOBODY
    """After it was over."""
    written: dict[str, Spans] = field(default_factory=dict)
    """By server: when its database could be written."""
    statuses: list[dict[str, list[list[str]]]] = field(default_factory=list)
    """What the agents did before and after."""
    contacts: list[list[list[str]]] = field(default_factory=list)
    """Where the phones were before and after."""
    registers: int | None = None
    """REGISTERs of phones until the seat rang; None if they were due anyway."""

    waiting: set[str] = field(default_factory=set)
    """Numbers of the callers who waited."""
    waited: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What each of them brought along when he came back, see load.waited()."""
    waited_before: float = 0
    """Seconds that they had waited at least."""
    first_served: set[str] = field(default_factory=set)
    """Who reached an agent before anybody came later."""
    later: set[str] = field(default_factory=set)
    """Numbers of those who came later."""
    later_served: set[str] = field(default_factory=set)

    retried: bool = False
    """Whether the caller who rang at a seat talks in the end."""
    new_call: bool = False
    """Whether a call made during the fault reached an agent."""
    busy_rung: list[Ring] = field(default_factory=list)
    """Calls that reached seats with a caller."""
    freed_rung: bool = False
    """Whether the agent who hung up meanwhile got another caller."""
    gone_rung: list[Ring] = field(default_factory=list)
    """Calls of callers who had gone or had had their conversation."""

    packets: dict[str, float] = field(default_factory=dict)
    """By caller who talks: the least part of the packets that came in any direction."""
    speech: dict[str, float] = field(default_factory=dict)
    """The part of the recorded conversation that each side heard."""
    lost: list[str] = field(default_factory=list)
    """Callers whom no gateway holds any more, though they did not hang up."""
    differences: list[str] = field(default_factory=list)
    """Tables that differ at last."""


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether that happens. A server that is just being replaced cannot be asked."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(AssertionError, RuntimeError):
            if condition():
                return True
        time.sleep(0.3)
    return False


def observe(fault: Fault) -> Outcome:
    """Puts the call center to work, lets the fault happen, and looks."""
    mend()
    with ExitStack() as prepared:
        prepared.enter_context(fault.before())
        with ExitStack() as stack:
            outcome = _Observation(fault, stack).outcome
        mend()
        outcome.differences = settled_differences()
    return outcome


class _Observation:
    """One run."""

    def __init__(self, fault: Fault, stack: ExitStack) -> None:
        self._fault = fault
        access = stack.enter_context(WriteAccess())
        self._work = work = stack.enter_context(Load())
        answers = stack.enter_context(load.Answers(cluster.GATEWAYS[-1]))
        self._registrations = stack.enter_context(load.Registrations())
        self._packets = load.conversations()
        self._talking = work.talking()
        # His agent hangs up while nobody hears it.
        self._finished = next(r for r in self._talking.values() if r.seat == load.TALKING[-1])
        self._registered = self._registrations.read()
        self.outcome = Outcome(
            active=cluster.active(), statuses=[load.statuses()], contacts=[load.contacts()]
        )
        work.ring()
        with ExitStack() as lasting:
            self.outcome.moment = lasting.enter_context(fault.strike(self.outcome.active))
            self._heard_again = self.outcome.moment
            self._act(lasting)
            self._wait_for_rings()
            self._see_that_it_works_again()
            self._serve()
            self._look_at_conversations()
        with suppress(TimeoutError):
            cluster.settle(PATIENCE)
        self.outcome.final_roles = cluster.roles()
        self.outcome.written = access.spans()
        self.outcome.seconds["both_writable"] = shared(*self.outcome.written.values())
        lost = self._expected() - load.callers_of_the_gateways()
        self.outcome.lost = sorted(lost.elements())
        self._listen()
        self.outcome.seconds["address_silent"] = answers.longest_silence(self.outcome.moment)

    def _act(self, lasting: ExitStack) -> None:
        """What people do meanwhile."""
        self._work.caller.dial(load.SKILLED, cluster.address(cluster.GATEWAYS[-1]))
        self._work.seats.hangup(self._finished.call)
        self._work.impatient.hang_up()
        if self._fault.cuts_off:
            time.sleep(LASTS)
            self.outcome.roles = cluster.roles()
            lasting.close()
            # What was said meanwhile is said again every four seconds (RFC 3261 section 17.1.2.2).
            time.sleep(5)
            self._heard_again = time.time()

    def _first_ring(self, phone: Telephone, seat: str) -> Ring | None:
        rings = load.rings(phone, self.outcome.moment)
        return next((ring for ring in rings if ring.seat == seat), None)

    def _wait_for_rings(self) -> None:
        """Nobody touches anything until an agent is rung for each of the two callers."""
        work, outcome = self._work, self.outcome
        _within(PATIENCE, lambda: self._first_ring(work.seats, load.FREE) is not None)
        if self._fault.outage:
            _within(PATIENCE, lambda: self._first_ring(work.agent, "1001") is not None)
        new, waiting = self._first_ring(work.seats, load.FREE), self._first_ring(work.agent, "1001")
        outcome.new_call = new is not None
        outcome.seconds = {
            "new_call": new.moment - outcome.moment if new else None,
            "waiting_call": waiting.moment - outcome.moment if waiting else None,
        }
        if time.time() < work.switched_on + load.REGISTRATION_SECONDS:
            outcome.registers = self._registrations.read() - self._registered

    def _see_that_it_works_again(self) -> None:
        outcome = self.outcome
        outcome.seconds["moved"] = float(cluster.settle(PATIENCE) != outcome.active)
        if not self._fault.cuts_off:
            outcome.roles = cluster.roles()
        outcome.statuses.append(load.statuses())
        outcome.contacts.append(load.contacts())
        outcome.retried = _within(PATIENCE, self._answer)

    def _answer(self) -> bool:
        """Whether the agent who is rung talks. A queue does not ring without end."""
        agent = self._work.agent
        agent.accept(load.rings(agent)[-1].call)
        with suppress(TimeoutError):
            return bool(agent.wait("CALL_ESTABLISHED", 3))
        return False

    def _served(self) -> set[str]:
        """Callers of the queue sales who reached an agent since the fault."""
        rings = load.rings(self._work.seats, self.outcome.moment)
        return {ring.caller for ring in rings if ring.seat != load.FREE}

    def _serve(self) -> None:
        """Others arrive, and then as many agents become ready as callers waited, and the rest."""
        work, outcome = self._work, self.outcome
        outcome.waiting = work.numbers(work.waiters)
        outcome.later = work.numbers([*work.listeners, work.newcomers])
        outcome.waited_before = outcome.moment - work.waiting_since
        work.arrive()
        everybody = len(outcome.waiting | outcome.later)
        _within(PATIENCE, lambda: load.waiting("sales") + len(self._served()) >= everybody)
        outcome.waited = {
            number: brought
            for number, brought in load.waited().items()
            if number in outcome.waiting
        }
        freed = self._finished.seat
        _within(PATIENCE, lambda: self._first_ring(work.seats, freed) is not None)
        agents = list(load.LATER)
        while len(self._served()) < len(outcome.waiting) and agents:
            self._serve_one(agents.pop(0))
        time.sleep(1)
        outcome.first_served = self._served()
        # All the rest: some callers may have been served in vain.
        for agent in agents:
            load.set_agent(agent, "status = 'Ready'")
        _within(PATIENCE, lambda: len(self._served()) >= everybody)
        outcome.later_served = self._served() - outcome.first_served

        rings = load.rings(work.seats, outcome.moment)
        outcome.freed_rung = any(ring.seat == freed for ring in rings)
        outcome.busy_rung = [r for r in rings if r.seat in load.TALKING and r.seat != freed]
        # A server cannot know who has gone while it does not hear their gateway.
        outcome.gone_rung = [
            ring
            for ring in rings
            if ring.caller in self._gone() and ring.moment > self._heard_again
        ]

    def _serve_one(self, agent: str) -> None:
        """An agent becomes ready, and is rung.

        Where several are free at the same moment, app_queue lets as many callers try as it counts,
        and one further behind may be the quicker one.
        """
        before = len(self._served())
        load.set_agent(agent, "status = 'Ready'")
        _within(PATIENCE, lambda: len(self._served()) > before)

    def _look_at_conversations(self) -> None:
        for number, now in load.conversations().items():
            if number in self._packets and number in self._talking:
                before = self._packets[number]
                least = min(
                    later - earlier
                    for earlier, later in zip(before.packets, now.packets, strict=True)
                )
                self.outcome.packets[number] = least / (50 * (now.moment - before.moment))

    def _listen(self) -> None:
        """A recording is complete when its call has ended."""
        for phone in (self._work.caller, self._work.supervisor):
            phone.command("hangupall", "all")
        time.sleep(1)
        self.outcome.speech = {
            "supervisor": _heard_lately("caller", cluster.recording("supervisor", "dec")),
            "caller": _heard_lately("agent", cluster.recording("caller", "dec", first=True)),
        }

    def _gone(self) -> set[str]:
        """Who hung up, and who was hung up on."""
        return {*self._work.impatient.numbers, self._finished.caller}

    def _expected(self) -> Counter[str]:
        """Whom the gateways hold in the end."""
        work = self._work
        groups = [*work.talkers, *work.waiters, *work.listeners, work.ringing, work.newcomers]
        # The caller with a telephone has two calls.
        return Counter(work.numbers(groups) - self._gone()) + Counter({load.CALLER_OF_THE_LAB: 2})


def _heard_lately(name: str, recording: Sound) -> float:
    """Which part of the last seconds of a recording is this voice, which speaks from its start."""
    spoken, heard_ones = len(recording), SPEECH_SECONDS * SAMPLE_RATE
    about = voice(name, LONGEST_SPEECH)[max(0, spoken - 2 * heard_ones) : spoken + heard_ones]
    return heard(about, recording[-heard_ones:])


def mend() -> None:
    """Both servers follow each other again, as the operator sees to it."""
    active = cluster.settle(PATIENCE)
    other = cluster.other(active)
    # Replication that was only interrupted goes on by itself, once that is noticed.
    state = cluster.host(other).run("mariadb -E -e 'SHOW REPLICA STATUS'").stdout
    seconds = 30 if f"Master_Host: {cluster.address(active)}\n" in state else 0.5
    if not _within(seconds, lambda: cluster.follows(other)):
        done = cluster.playbook("site", "--limit", "central", "-e", "database_reseed=true")
        assert done.returncode == 0, done.stdout[-3000:]
    cluster.wait_until("the spare follows", lambda: cluster.follows(other), PATIENCE)


def settled_differences() -> list[str]:
    """Tables that differ, once the last change had time to arrive."""
    _within(5, lambda: not cluster.differences())
    return cluster.differences()
