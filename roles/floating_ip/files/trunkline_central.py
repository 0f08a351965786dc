# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides with the witnesses whether this central server is the active one, and makes it so.

It holds the lease of most voters or asks for it, starts promotion and demotion, tells keepalived
whether the floating address may be here, and tells gateways who is active. What is to be done is
decided in central_state.py and lease.py.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import watchdog
from address import FloatingAddress
from central_state import Action, State, Step, View, decide
from database import read_database
from database_gate import DatabaseGate
from electorate import Electorate
from orphans import Orphans
from probes import (
    Database,
    asterisk_probe,
    database_probe,
    keepalived_probe,
    queues_probe,
)
from settings import (
    FORCED,
    GIVE,
    GIVE_IT,
    OUTDATED,
    PREPARED,
    RUN,
    SERVES,
    STATE,
    Settings,
    gives,
    is_forced,
    read_settings,
    write,
)

FAULT = RUN / "fault"
"""For keepalived: 0 where the floating address may be, 1 where not."""
TERM = RUN / "term"
"""Term of office of an active server, for a program that is started again."""

ASK_SECONDS = 0.15
"""Between two questions to the voters."""
TELL_SECONDS = 0.5
"""Between two notices to the gateways, and two states written."""
UNWILLING_SECONDS = 10.0
"""How long a server that gave the lease away leaves it to the other one."""
START_SECONDS = 2.0
"""How long a started server looks whether another one is active."""
FIRST_LOOK_SECONDS = 2.5
"""How long the database of a started server may think; systemd's watchdog waits for 3."""
STALE_SECONDS = 12.0
"""The same for one whose database does not follow: the other one may have newer rows."""
OUTDATED_SECONDS = 120.0
"""The same for one that knows it has: after a power cut the other one may start more slowly."""
FOLLOW_SECONDS = 0.5
"""How long the database may think about whether it follows: the lease does not wait."""
ASK_AGAIN_SECONDS = 1.0
"""Between two looks whether it follows, where it has to be known."""
LOOK_SECONDS = 10.0
"""Between two looks whether it follows the other one, which serves."""
CLOSE_AGAIN_SECONDS = 10.0
"""Between two attempts to close a database that somebody has opened on the spare."""
AGAIN_SECONDS = 5.0
"""How long the voters wait for this program when it reads its configuration again."""


class Central:
    """This server."""

    def __init__(self, settings: Settings) -> None:
        """Starts to watch Asterisk and the database."""
        self._settings = settings
        self._electorate = Electorate(settings)
        self._floating = FloatingAddress(settings.floating_address)
        self._database = Database(settings.host, settings.database_password)
        self._gate = DatabaseGate()
        self._probes = (
            asterisk_probe(settings.address, self._served_address),
            queues_probe(),
            database_probe(self._database),
            keepalived_probe(),
        )
        self._orphans = Orphans(settings)
        self._state, self._since = State.SPARE, time.time()
        self._verb = ""
        self._step: subprocess.Popen[bytes] | None = None
        self._again = False
        now = time.monotonic()
        self._asked = self._told = 0.0
        self._closed = -CLOSE_AGAIN_SECONDS
        self._other_served = -STALE_SECONDS
        self._succeeds = False
        """Whether the other server was the last active one that was seen."""
        self._looked = -LOOK_SECONDS
        self._patient_until = 0.0
        self._willing_from = now + START_SECONDS
        watchdog.pet()
        database = read_database(FIRST_LOOK_SECONDS)
        watchdog.pet()
        if database.writable:
            self._willing_from = now
            self._resume()
        elif SERVES.exists():
            # It was interrupted while it gave the lease away, or let go of it.
            self._start("demote")
        elif not database.follows and settings.peers:
            patience = OUTDATED_SECONDS if OUTDATED.exists() else STALE_SECONDS
            self._willing_from = self._patient_until = now + patience
        for probe in self._probes:
            probe.start()

    def _served_address(self) -> str:
        """The floating address, if callers come here."""
        served = self._state is State.ACTIVE and self._floating.here
        return self._settings.floating_address if served else ""

    def _resume(self) -> None:
        """Goes on serving, if this program was only started again and the lease is still there."""
        if not TERM.exists():
            return
        self._electorate.term = TERM.read_text(encoding="ascii")
        for _attempt in range(5):
            self._electorate.ask(holds=True)
            self._electorate.listen(ASK_SECONDS)
            if self._electorate.candidate.holds(time.monotonic()):
                self._change(State.ACTIVE)
                return
        self._change(State.CLOSING)

    def run(self) -> None:
        """Works for ever."""
        while True:
            self._electorate.listen(0.05)
            self._advance(time.monotonic())
            # Nobody would know of a promotion that goes on.
            settled = self._state in (State.SPARE, State.ACTIVE) and not gives()
            if self._again and settled and not self._works():
                self._start_again()
            watchdog.pet()

    def _advance(self, now: float) -> None:
        candidate = self._electorate.candidate
        if candidate.holder(now) in self._settings.peers:
            self._other_served = now
            self._succeeds = True
            if now - self._looked > LOOK_SECONDS:
                self._looked = now
                self._note_whether_outdated()
        complaints = self.complaints()
        state, action = decide(
            View(
                state=self._state,
                holds=candidate.holds(now),
                free=candidate.may_ask(now),
                healthy=not complaints,
                willing=self._willing(now, healthy=not complaints),
                step=self._progress(),
            )
        )
        changed = state is not self._state
        if changed:
            self._change(state)
        if action is Action.PROMOTE:
            self._start("promote", *(["--fence"] if self._succeeds else []))
        elif action is Action.DEMOTE:
            self._give_up()
            self._start("demote")
        elif self._database_was_started_anew():
            self._start("reopen")
        elif self._database_was_opened_by_others(now):
            self._closed = now
            self._start("demote")
        self._show_keepalived(now)
        if now - self._asked >= ASK_SECONDS:
            self._asked = now
            self._speak_to_voters(now, action)
        if changed or now - self._told >= TELL_SECONDS:
            self._told = now
            self._tell(now, complaints)

    def complaints(self) -> list[str]:
        """Why this server cannot serve callers."""
        watched = (*self._probes, self._floating)
        return [complaint for one in watched if (complaint := one.complaint())]

    def _database_was_started_anew(self) -> bool:
        """Whether it has to be opened again: it starts read-only, until somebody knows better."""
        return (
            self._state is State.ACTIVE  # So it holds the lease.
            and self._database.read_only
            and not gives()
            and not self._works()
        )

    def _database_was_opened_by_others(self, now: float) -> bool:
        """Whether it can be written although another server has the lease."""
        return (
            self._state is State.SPARE
            and self._database.open
            and self._electorate.candidate.holder(now) in self._settings.peers
            and now - self._closed > CLOSE_AGAIN_SECONDS
            and not self._works()
        )

    def _note_whether_outdated(self) -> None:
        if self._state is not State.SPARE:
            return
        database = read_database(FOLLOW_SECONDS)
        with contextlib.suppress(OSError):  # The disk may be full.
            if database.follows:
                OUTDATED.unlink(missing_ok=True)
            elif database.answers:
                OUTDATED.touch()

    def _willing(self, now: float, *, healthy: bool) -> bool:
        if GIVE.exists():
            given_away = GIVE.read_text(encoding="ascii") == GIVE_IT
            GIVE.unlink()
            self._willing_from = now + (UNWILLING_SECONDS if given_away else 0.0)
            if not given_away:
                # That one had all rows and has written none.
                self._other_served = -STALE_SECONDS
        if self._state is State.SPARE and is_forced():
            self._willing_from = min(now, self._willing_from)
            self._patient_until = 0.0
        asks = healthy and self._state is State.SPARE and now >= self._willing_from
        if asks and self._lacks_rows(now):
            self._willing_from = now + ASK_AGAIN_SECONDS
        return now >= self._willing_from

    def _lacks_rows(self, now: float) -> bool:
        """Whether the other server has served lately and this one does not follow it.

        It may be back in a moment, with newer rows.
        """
        free = self._electorate.candidate.may_ask(now)
        if not free or now - self._other_served > STALE_SECONDS:
            return False
        if is_forced() or read_database(FOLLOW_SECONDS).follows:
            self._other_served = -STALE_SECONDS
            self._patient_until = 0.0
            return False
        self._patient_until = self._other_served + STALE_SECONDS
        return True

    def _speak_to_voters(self, now: float, action: Action) -> None:
        if action in (Action.ASK, Action.PROMOTE):
            self._electorate.ask(holds=self._electorate.candidate.holds(now))
            return
        if self._state is State.SPARE and self._electorate.candidate.votes(now):
            # Too few. They are given back, and next time both servers do not ask at once.
            self._electorate.give_up()
            self._willing_from = max(self._willing_from, now + random.uniform(0.0, 0.5))  # noqa: S311
        self._electorate.look()

    def _give_up(self) -> None:
        """Closes the database first: the other server opens its own as soon as it has the lease."""
        # A promotion would open the database again.
        self._end_step()
        show_keepalived(may_hold=False)
        self._gate.close()
        TERM.unlink(missing_ok=True)
        self._electorate.give_up()

    def _show_keepalived(self, now: float) -> None:
        serves = self._state in (State.PROMOTING, State.ACTIVE)
        may_hold = serves and self._electorate.candidate.holds(now)
        show_keepalived(may_hold=may_hold)
        self._floating.look(wanted=may_hold)

    def _change(self, state: State) -> None:
        why = " ".join(self.complaints())
        print(f"{self._state} -> {state}" + (f": {why}" if why else ""), flush=True)
        self._state, self._since = state, time.time()
        self._database.serves = state is State.ACTIVE
        if state is State.ACTIVE:
            self._gate.prepare()
            self._succeeds = False
            write(TERM, self._electorate.term)
            with contextlib.suppress(OSError):  # The disk may be read-only.
                for done in (PREPARED, FORCED, OUTDATED):
                    done.unlink(missing_ok=True)
            for probe in self._probes:
                probe.forget()
            self._orphans.watch()
        else:
            self._orphans.leave()

    def _start(self, verb: str, *options: str) -> None:
        self._end_step()
        program = Path(__file__).with_name("trunkline_promotion.py")
        self._verb = verb
        self._step = subprocess.Popen([sys.executable, str(program), verb, *options])

    def _end_step(self) -> None:
        if self._step is not None and self._works():
            self._step.kill()
            self._step.wait()

    def _works(self) -> bool:
        """Whether a step is running."""
        return self._step is not None and self._step.poll() is None

    def _progress(self) -> Step:
        """Of the step that belongs to the state."""
        wanted = "promote" if self._state is State.PROMOTING else "demote"
        if self._step is None or self._verb != wanted:
            return Step.NONE
        code = self._step.poll()
        if code is None:
            return Step.RUNNING
        return Step.FAILED if code else Step.DONE

    def _tell(self, now: float, complaints: list[str]) -> None:
        """Tells gateways and whoever reads the state."""
        candidate = self._electorate.candidate
        cut_off = self._electorate.is_cut_off(now)
        if self._state is State.ACTIVE:
            self._electorate.tell_gateways()
        state = {
            "host": self._settings.host,
            "state": self._state,
            "healthy": not complaints,
            "reasons": complaints,
            "votes": len(candidate.votes(now)),
            "voters": len(self._settings.voters),
            "missing": candidate.missing(now),
            "cut_off": cut_off,
            "would_serve": not (complaints or cut_off or OUTDATED.exists()),
            "holder": candidate.holder(now),
            "since": self._since,
            "patient_seconds": round(max(0.0, self._patient_until - now), 1),
            "talking": sorted(self._orphans.talking),
            "time": time.time(),
        }
        write(STATE, json.dumps(state) + "\n")

    def again(self) -> None:
        """Starts with fresh configuration and program as soon as there is nothing to be done."""
        self._again = True

    def _start_again(self) -> None:
        """The voters wait for it."""
        if self._electorate.candidate.holds(time.monotonic()):
            self._electorate.ask(holds=True, seconds=AGAIN_SECONDS)
        self._electorate.close()
        # It is ignored until the new program knows what to do with it.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606

    def stop(self) -> None:
        """Leaves the lease to the other server."""
        if self._state in (State.PROMOTING, State.ACTIVE):
            self._give_up()
        show_keepalived(may_hold=False)
        sys.exit(0)


def show_keepalived(*, may_hold: bool) -> None:
    """Tells keepalived, which watches the file: it must stay the same one."""
    text = "0" if may_hold else "1"
    if not FAULT.exists() or FAULT.read_text(encoding="ascii") != text:
        FAULT.write_text(text, encoding="ascii")


def main() -> None:
    """Runs until it is told to stop."""
    RUN.mkdir(exist_ok=True)
    central = Central(read_settings())
    signal.signal(signal.SIGHUP, lambda *_: central.again())
    signal.signal(signal.SIGTERM, lambda *_: central.stop())
    central.run()


if __name__ == "__main__":
    main()
