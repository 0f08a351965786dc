# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planned switch: the spare is prepared, then the active server gives the lease to it.

Prints one JSON object. With exit status 1 it is {"problem": SENTENCE}, which says who serves if the
other server does.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterator

from database import REPLICATION, DatabaseError, peer_sql, sql
from settings import (
    GIVE,
    GIVE_IT,
    GIVING,
    PREPARED,
    RUN,
    SERVES,
    STATE,
    TAKE_IT,
    Settings,
    read_settings,
    write,
)
from sip_options import answers

LOCK_FILE = RUN / "handover.lock"
ASTERISK_SECONDS = 30.0
APPLY_SECONDS = 5
"""How long the spare may need for the last transactions."""
TAKE_SECONDS = 8.0
"""How long it may need to become active."""
STATE_SECONDS = 5.0
"""An older state says that the service which writes it is dead."""


class HandoverError(Exception):
    """Why it cannot be done, a sentence."""


def read_state() -> dict[str, object]:
    """What the service of this host says of itself. Raises HandoverError."""
    try:
        state = json.loads(STATE.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HandoverError(f"trunkline-central.service has never written {STATE}.") from error
    if not isinstance(state, dict) or time.time() - float(state["time"]) > STATE_SECONDS:
        raise HandoverError("trunkline-central.service does not run, start it first.")
    return state


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of two people who want the same the second one waits, and finds it done."""
    RUN.mkdir(exist_ok=True)
    with LOCK_FILE.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@one_at_a_time()
def prepare(settings: Settings) -> dict[str, object]:
    """Restarts the idle Asterisk, which then knows all contacts."""
    # Its state is written twice a second, the file when a promotion begins.
    if read_state()["state"] != "spare" or SERVES.exists():
        raise HandoverError(f"{settings.host} is not the spare, prepare the other server.")
    began = time.monotonic()
    try:
        subprocess.run(
            ["systemctl", "restart", "asterisk.service"], check=True, capture_output=True
        )
    except subprocess.CalledProcessError as error:
        raise HandoverError(
            f"The Asterisk of {settings.host} does not start, see journalctl -u asterisk."
        ) from error
    while not answers(settings.address, 0.3):
        if time.monotonic() - began > ASTERISK_SECONDS:
            raise HandoverError(
                f"The Asterisk of {settings.host} does not answer SIP after its restart, see "
                "journalctl -u asterisk."
            )
        time.sleep(0.1)
    PREPARED.touch()
    return {"prepared": True, "seconds": round(time.monotonic() - began, 2)}


def on_peer(address: str, statement: str) -> str:
    """Answer of the database of the other server. Raises HandoverError."""
    try:
        return peer_sql(address, statement, APPLY_SECONDS + 3)
    except DatabaseError as error:
        raise HandoverError(f"The database of {address} does not answer: {error}.") from error


@one_at_a_time()
def give(settings: Settings) -> dict[str, object]:
    """Gives the lease to the other server; takes it back if that does not become active."""
    if read_state()["state"] != "active":
        raise HandoverError(f"{settings.host} is not active, it has nothing to give.")
    if len(settings.peers) != 1:
        raise HandoverError(f"{settings.host} has no spare to give the address to.")
    ((name, address),) = settings.peers.items()
    on_peer(address, "SELECT 1")
    began = time.monotonic()
    GIVING.touch()
    try:
        sql("SET GLOBAL read_only = 1", 5.0)
        wait_for_last_rows(name, address)
        write(GIVE, GIVE_IT)
        wait_for_other(name, address)
    except (HandoverError, DatabaseError) as error:
        take_back()
        serves = read_state()["state"] == "active"
        raise HandoverError(
            f"{error} {settings.host} serves on." if serves else str(error)
        ) from error
    finally:
        GIVING.unlink(missing_ok=True)
    seconds = round(time.monotonic() - began, 2)
    try:
        follow(address)
    except (DatabaseError, OSError, KeyError) as error:
        raise HandoverError(
            f"{name} is active, but {settings.host} does not follow it: {error}"
        ) from error
    return {"active": name, "seconds": seconds}


def wait_for_last_rows(name: str, address: str) -> None:
    """Until the other server has all that was written here. Raises HandoverError."""
    position = sql("SELECT @@global.gtid_binlog_pos")
    if on_peer(address, f"SELECT MASTER_GTID_WAIT('{position}', {APPLY_SECONDS})") != "0":
        raise HandoverError(
            f"{name} has not applied the last transactions within {APPLY_SECONDS} s, see its SHOW "
            "REPLICA STATUS."
        )


def wait_for_other(name: str, address: str) -> None:
    """Until the other server holds the lease and writes to its database. Raises HandoverError.

    One that holds the lease has it, even if nobody can ask its database.
    """
    deadline = time.monotonic() + TAKE_SECONDS
    while time.monotonic() < deadline:
        # One question may fail while the other server is busy with it.
        with contextlib.suppress(HandoverError):
            writable = on_peer(address, "SELECT @@global.read_only") == "0"
            if writable and read_state()["holder"] == name:
                return
        time.sleep(0.1)
    if read_state()["holder"] == name:
        return
    raise HandoverError(f"{name} did not become active within {TAKE_SECONDS:.0f} s.")


def take_back() -> None:
    """Serves again."""
    write(GIVE, TAKE_IT)
    if read_state()["state"] == "active":
        sql("SET GLOBAL read_only = 0")


def follow(primary: str) -> None:
    """Replicates from the new active server: this one has nothing that the other has not."""
    options = dict(
        line.split(" = ", 1)
        for line in REPLICATION.read_text(encoding="utf-8").splitlines()
        if " = " in line
    )
    sql(
        "SET GLOBAL gtid_slave_pos = @@global.gtid_binlog_pos; "
        f"CHANGE MASTER TO MASTER_HOST = '{primary}', MASTER_USER = '{options['user']}', "
        f"MASTER_PASSWORD = '{options['password']}', MASTER_USE_GTID = slave_pos, "
        "MASTER_CONNECT_RETRY = 1; START SLAVE"
    )


def main() -> None:
    """Does what the first argument says."""
    settings = read_settings()
    verbs = {
        "prepare": lambda: prepare(settings),
        "give": lambda: give(settings),
        "status": read_state,
    }
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(f"usage: trunkline_handover.py {'|'.join(verbs)}")
    try:
        result = verbs[sys.argv[1]]()
    except (HandoverError, DatabaseError) as error:
        print(json.dumps({"problem": str(error)}))
        sys.exit(1)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
