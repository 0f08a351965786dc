# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Closes the database of this host before another server opens its own."""

from __future__ import annotations

import contextlib
import subprocess
import time

import pymysql

CLOSE_SECONDS = 0.3
"""How long it may take to become read-only when another server waits for it."""
SOCKET = "/run/mysqld/mysqld.sock"


class DatabaseGate:
    """As root, over a connection that is kept: a busy host takes a second to start a program."""

    def __init__(self, seconds: float = CLOSE_SECONDS) -> None:
        """Connects when it is prepared or needed; ``seconds`` is how long it may take to close."""
        self._seconds = seconds
        self._connection: pymysql.connections.Connection | None = None

    def prepare(self) -> None:
        """Connects, so that to close takes a millisecond."""
        with contextlib.suppress(pymysql.MySQLError, OSError):
            self._connect()

    def close(self) -> bool:
        """Makes it read-only; one that does not answer in time is killed, and starts read-only.

        Whether it goes on running.
        """
        began = time.monotonic()
        # It may have been started anew since, or have ended a connection that was idle for hours.
        while time.monotonic() - began < self._seconds:
            try:
                with self._connect().cursor() as cursor:
                    cursor.execute("SET GLOBAL read_only = 1")
            except (pymysql.MySQLError, OSError):
                if self._connection is None:  # Nobody listens there.
                    break
                self._forget()
            else:
                return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["systemctl", "kill", "--signal=KILL", "mariadb.service"], check=False, timeout=1
            )
        return False

    def _connect(self) -> pymysql.connections.Connection:
        if self._connection is None:
            self._connection = pymysql.connect(
                unix_socket=SOCKET,
                user="root",
                connect_timeout=self._seconds,
                read_timeout=self._seconds,
                write_timeout=self._seconds,
                autocommit=True,
            )
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(pymysql.MySQLError, OSError):
                self._connection.close()
            self._connection = None
