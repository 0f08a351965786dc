# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database of this host, as root sees it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

REPLICATION = Path("/etc/trunkline/replication.cnf")
"""User and password with which the central servers read from each other."""


class DatabaseError(Exception):
    """The database does not answer or refuses; the text is its own."""


@dataclass(frozen=True)
class DatabaseState:
    """What a central server has to know of it."""

    answers: bool
    writable: bool
    follows: bool
    """Whether it applies what another one writes; that one need not be there at the moment."""


def sql(statement: str, seconds: float = 10.0) -> str:
    """Answer of the database of this host, without the names of columns. Raises DatabaseError."""
    return _ask(["-N"], statement, seconds)


def peer_sql(address: str, statement: str, seconds: float) -> str:
    """The same of the database of the other server. Raises DatabaseError."""
    return _ask(["-N", "-h", address], statement, seconds, REPLICATION)


def read_replica(seconds: float) -> dict[str, str]:
    """How it replicates another one, by column; empty if it does not. Raises DatabaseError."""
    return _replica(_ask([], "SHOW ALL SLAVES STATUS", seconds).splitlines())


def _replica(lines: list[str]) -> dict[str, str]:
    names, values = [*(line.split("\t") for line in lines), [], []][:2]
    return dict(zip(names, values, strict=False))  # Those at the end may be empty.


def _ask(
    options: list[str], statement: str, seconds: float, credentials: Path | None = None
) -> str:
    # It has to be the first one.
    login = [f"--defaults-extra-file={credentials}"] if credentials else []
    try:
        done = subprocess.run(
            ["mariadb", *login, "-B", *options],
            input=statement,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise DatabaseError(error.stderr.strip()) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DatabaseError(str(error)) from error
    return done.stdout.strip()


def read_database(seconds: float = 3.0) -> DatabaseState:
    """What it says; one that is silent for so long is neither writable nor follows."""
    try:
        _name, read_only, *replica = _ask(
            [], "SELECT @@global.read_only; SHOW ALL SLAVES STATUS", seconds
        ).splitlines()
    except (DatabaseError, ValueError):
        return DatabaseState(answers=False, writable=False, follows=False)
    row = _replica(replica)
    # Where the other one is dead it tries to connect.
    follows = row.get("Slave_SQL_Running") == "Yes" and row["Slave_IO_Running"] != "No"
    return DatabaseState(answers=True, writable=read_only == "0", follows=follows)
