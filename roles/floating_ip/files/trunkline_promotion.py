# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes this central server the active one, or its hot spare.

keepalived calls it; it is safe to call again. A running Asterisk never learns the contacts that
phones registered elsewhere, so promotion restarts the idle one: it then reads them all from the
database, and no phone has to register again.
"""

from __future__ import annotations

import fcntl
import pathlib
import subprocess
import sys
import syslog
import time

GRACE_FILE = pathlib.Path("/run/trunkline-promoting")
LOCK_FILE = pathlib.Path("/run/trunkline-promotion.lock")


DATABASE_SECONDS = 60.0
"""How long a promotion waits for a database that is still starting, as after a power cut."""


def run(*command: str) -> str:
    """Output of a command; a failure is logged and gives an empty string."""
    started = time.monotonic()
    output = ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        output, outcome = done.stdout.strip(), "done"
    except subprocess.CalledProcessError as error:
        outcome = f"failed: {error.stderr.strip()}"
    except (OSError, subprocess.TimeoutExpired) as error:
        outcome = f"failed: {error}"
    syslog.syslog(f"{' '.join(command)}: {outcome} after {time.monotonic() - started:.2f} s")
    return output


def sql(statement: str) -> str:
    """Answer of the local database."""
    return run("mariadb", "-N", "-B", "-e", statement)


def open_database() -> None:
    """Makes the database writable as soon as it answers."""
    deadline = time.monotonic() + DATABASE_SECONDS
    while sql("SET GLOBAL read_only = 0; SELECT @@global.read_only") != "0":
        if time.monotonic() > deadline:
            syslog.syslog(syslog.LOG_ERR, "the database cannot be made writable")
            return
        time.sleep(0.2)


def promote() -> None:
    """Database writable, Asterisk with all contacts, in the order that takes the least time."""
    if sql("SELECT @@global.read_only") == "0":
        syslog.syslog("already active")
        return
    GRACE_FILE.touch()
    try:
        # The idle Asterisk goes first: it must not take calls and then be restarted.
        run("systemctl", "kill", "--signal=KILL", "asterisk.service")
        open_database()
        # Stopping the replication may hang for seconds on a dead primary.
        subprocess.Popen(
            ["mariadb", "-e", "STOP SLAVE; RESET SLAVE ALL"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        run("systemctl", "restart", "asterisk.service")
    finally:
        GRACE_FILE.unlink(missing_ok=True)


def demote() -> None:
    """Database read-only: what is written here would be lost."""
    if sql("SELECT @@global.read_only") == "0":
        sql("SET GLOBAL read_only = 1")


def main() -> None:
    """Runs one change of state at a time."""
    steps = {"promote": promote, "demote": demote}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        sys.exit("usage: trunkline_promotion.py promote|demote")
    syslog.openlog("trunkline-promotion", syslog.LOG_PID, syslog.LOG_DAEMON)
    with LOCK_FILE.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.monotonic()
        steps[sys.argv[1]]()
        syslog.syslog(f"{sys.argv[1]} finished after {time.monotonic() - started:.2f} s")


if __name__ == "__main__":
    main()
