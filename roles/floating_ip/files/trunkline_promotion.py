# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes this central server the active one, or its hot spare.

trunkline_central.py calls it; it is safe to call again. A running Asterisk never learns the
contacts that phones registered elsewhere, so promotion restarts the idle one: it then reads them
all from the database, and no phone has to register again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import subprocess
import sys
import syslog
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pymysql
from database import DatabaseError, peer_sql, read_database, read_replica, sql
from database_gate import DatabaseGate
from orphans import conversations, remember
from settings import FORK, KEPT, PREPARED, RUN, SERVES, Settings, read_settings, write
from sip_options import answers

LOCK_FILE = RUN / "promotion.lock"
HISTORY = KEPT / "promotions.jsonl"

ASTERISK = "asterisk.service"

DATABASE_SECONDS = 60.0
"""How long a promotion waits for a database that is still starting, as after a power cut."""
ASTERISK_SECONDS = 30.0
APPLY_SECONDS = 2
CLOSE_SECONDS = 1.0
"""How long the database may take for what is being written."""
PREPARED_SECONDS = 40.0
"""Not longer: phones that register afterwards are unknown to it."""
PEER_SECONDS = 1.0
"""How long the other server may take to say that its database is closed."""
FENCE_SECONDS = 10.0


class StepError(Exception):
    """A step failed; the text says why."""


class Protocol:
    """The steps of one run, in the journal and in the history of this host."""

    def __init__(self, verb: str) -> None:
        """Begins."""
        self._verb = verb
        self._began, self._clock = time.time(), time.monotonic()
        self._steps: list[dict[str, str | float]] = []

    def step(self, name: str, action: Callable[[], object]) -> bool:
        """Does it; whether it went well."""
        started = time.monotonic()
        failed = ""
        try:
            action()
        except (DatabaseError, StepError) as error:
            failed = str(error)
        seconds = round(time.monotonic() - started, 3)
        self._steps.append({"step": name, "seconds": seconds, "failed": failed})
        outcome = f"failed: {failed}" if failed else "done"
        syslog.syslog(f"{self._verb}: {name}: {outcome} after {seconds:.2f} s")
        return not failed

    def end(self, *, went_well: bool) -> None:
        """Writes the history, if there was anything to be done."""
        if not self._steps:
            return
        seconds = round(time.monotonic() - self._clock, 3)
        syslog.syslog(f"{self._verb} finished after {seconds:.2f} s")
        record = {
            "verb": self._verb,
            "began": self._began,
            "seconds": seconds,
            "failed": not went_well,
            "steps": self._steps,
        }
        # A disk that is full is no reason to undo it.
        with contextlib.suppress(OSError), HISTORY.open("a", encoding="utf-8") as history:
            history.write(json.dumps(record) + "\n")


def systemctl(*words: str, seconds: float = ASTERISK_SECONDS) -> None:
    """Calls systemctl. Raises StepError."""
    command(["systemctl", *words], seconds)


def command(words: list[str], seconds: float) -> None:
    """Runs it. Raises StepError."""
    try:
        subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=True)
    except subprocess.CalledProcessError as error:
        raise StepError(error.stderr.strip() or f"exit status {error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(str(error)) from error


def is_prepared() -> bool:
    """Whether the idle Asterisk was started a moment ago, for a planned switch."""
    try:
        return time.time() - PREPARED.stat().st_mtime < PREPARED_SECONDS
    except OSError:
        return False


def is_closed(address: str) -> bool:
    """Whether the other server lives and has closed its database."""
    try:
        return peer_sql(address, "SELECT @@global.read_only", PEER_SECONDS) == "1"
    except DatabaseError:
        return False


def open_database() -> None:
    """Makes the database writable as soon as it answers, and takes down what it has by then."""
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            position = sql("SELECT @@global.gtid_slave_pos")
            # An older position is as good: site.yml keeps more of the former active server then.
            with contextlib.suppress(OSError):
                write(FORK, json.dumps({"position": position, "time": time.time()}) + "\n")
            sql("SET GLOBAL read_only = 0")
        except DatabaseError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def apply_received() -> None:
    """Waits for the rows that the former primary knows to be here, but which no query sees yet."""
    replica = read_replica(3.0)
    position = replica.get("Gtid_IO_Pos", "")
    if not position:
        return
    if replica["Slave_SQL_Running"] != "Yes":
        raise StepError(f"replication was stopped, rows up to {position} may be missing")
    wait = f"SELECT MASTER_GTID_WAIT('{position}', {APPLY_SECONDS})"
    if sql(wait, APPLY_SECONDS + 2.0) != "0":
        raise StepError(f"{position} is not applied within {APPLY_SECONDS} s")


def leave_primary() -> None:
    """Ends the replication, in the background: on a dead primary that may take seconds."""
    subprocess.Popen(
        ["mariadb", "-e", "STOP SLAVE; RESET SLAVE ALL"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def note(settings: Settings, talking: dict[str, set[str]]) -> None:
    """Queues must not ring phones of conversations that this server does not know."""
    try:
        remember(settings, talking)
    except (pymysql.MySQLError, OSError) as error:
        raise StepError(str(error)) from error


def kill_asterisk() -> None:
    """It stays down: one that systemd starts by itself could not be restarted until it is up."""
    systemctl("kill", "--signal=KILL", ASTERISK)
    systemctl("stop", ASTERISK)


def wait_for_asterisk(address: str) -> None:
    """Until it answers SIP. Raises StepError."""
    deadline = time.monotonic() + ASTERISK_SECONDS
    while not answers(address, 0.2):
        if time.monotonic() > deadline:
            raise StepError(f"it does not answer SIP within {ASTERISK_SECONDS:.0f} s")
        time.sleep(0.02)


def promote(protocol: Protocol, *, fences: bool = False) -> bool:
    """Database writable, Asterisk with all contacts, in the order that takes the least time.

    ``fences``: another server was the active one before.
    """
    settings = read_settings()
    if SERVES.exists() and read_database().writable:
        return protocol.step("nothing to be done: the database is writable", lambda: None)
    SERVES.touch()
    with ThreadPoolExecutor() as background:
        talking = background.submit(conversations, settings)
        prepared = is_prepared()
        # Who says that it has let go need not be switched off.
        if fences and settings.fence_command and not all(map(is_closed, settings.peers.values())):
            protocol.step("fence", lambda: command(settings.fence_command, FENCE_SECONDS))
        if not prepared:
            # The idle Asterisk goes first: it must not take calls and then be restarted.
            protocol.step("kill the idle Asterisk", kill_asterisk)
        protocol.step("apply what was received", apply_received)
        if not protocol.step("open the database", open_database):
            return False
        protocol.step("leave the former primary", leave_primary)
        # It takes its time; who is still talking is needed by its queues only.
        start = None if prepared else background.submit(systemctl, "start", ASTERISK)
        protocol.step("note who is still talking", lambda: note(settings, talking.result()))
        if start and not protocol.step("start Asterisk", start.result):
            return False
    return protocol.step("wait for Asterisk", lambda: wait_for_asterisk(settings.address))


def reopen(protocol: Protocol) -> bool:
    """Database of the active server writable again, which somebody has started anew."""
    return protocol.step("open the database", lambda: sql("SET GLOBAL read_only = 0", 1.0))


def close_database() -> None:
    """Makes it read-only, with time for what is being written. A dead one is started again."""
    if not DatabaseGate(CLOSE_SECONDS).close():
        systemctl("--no-block", "restart", "mariadb.service")


def demote(protocol: Protocol) -> bool:
    """Database read-only: what is written here would be lost. Asterisk lets go of its calls.

    It is killed: were it stopped, it would end conversations that go on without it.
    """
    if not SERVES.exists() and not read_database().writable:
        return True
    protocol.step("close the database", close_database)
    protocol.step("kill Asterisk", lambda: systemctl("kill", "--signal=KILL", ASTERISK))
    protocol.step("start the idle Asterisk", lambda: systemctl("--no-block", "restart", ASTERISK))
    SERVES.unlink(missing_ok=True)
    return True


def main() -> None:
    """Runs one change of state at a time."""
    steps: dict[str, Callable[[Protocol], bool]] = {
        "promote": promote,
        "promote --fence": partial(promote, fences=True),
        "reopen": reopen,
        "demote": demote,
    }
    wanted = " ".join(sys.argv[1:])
    if wanted not in steps:
        sys.exit("usage: trunkline_promotion.py promote [--fence]|reopen|demote")
    verb = sys.argv[1]
    syslog.openlog("trunkline-promotion", syslog.LOG_PID, syslog.LOG_DAEMON)
    RUN.mkdir(exist_ok=True)
    KEPT.mkdir(mode=0o700, exist_ok=True)
    with LOCK_FILE.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        protocol = Protocol(verb)
        went_well = steps[wanted](protocol)
        protocol.end(went_well=went_well)
    sys.exit(0 if went_well else 1)


if __name__ == "__main__":
    main()
