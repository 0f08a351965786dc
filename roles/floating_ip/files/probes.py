# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks Asterisk and the database of this host again and again whether callers can be served."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import ami
import pymysql
from pymysql.constants import ER
from settings import RUN, SEED, gives
from sip_options import FLOATING_PORT, answers

FAILURES = 3
"""So many in a row are no accident."""
STOP_SECONDS = 15.0
"""How long a service that somebody restarts may be silent."""


def stopping(service: str) -> Path:
    """The file that systemd writes before it stops a service."""
    return RUN / f"{service}-stopping"


def restarts(service: str) -> bool:
    """Whether somebody restarts it just now."""
    try:
        return time.time() - stopping(service).stat().st_mtime < STOP_SECONDS
    except OSError:
        return False


class Probe(threading.Thread):
    """Repeats a question in the background."""

    def __init__(
        self, service: str, question: Callable[[], str], interval: float, longest: float
    ) -> None:
        """Asks every ``interval`` seconds; the answer, which may take ``longest``, is a complaint.

        An empty one is none.
        """
        super().__init__(daemon=True)
        self._service, self._question = service, question
        self._interval, self._longest = interval, longest
        self._well = self._asked = time.monotonic()
        # Nothing is known at first.
        self._failures = FAILURES
        self._complaint = f"{service} has not answered"

    def run(self) -> None:
        """Asks for ever."""
        while True:
            complaint = self._question()
            self._asked = time.monotonic()
            if complaint:
                self._failures += 1
                self._complaint = complaint
            else:
                self._well, self._failures = self._asked, 0
            time.sleep(self._interval)

    def forget(self) -> None:
        """What was is no sign of what is, after a promotion."""
        stopping(self._service).unlink(missing_ok=True)
        self._well, self._failures = time.monotonic(), 0

    def complaint(self) -> str:
        """Why callers cannot be served, a sentence; empty when they can."""
        if restarts(self._service):
            return ""
        now = time.monotonic()
        if now - self._asked > FAILURES * (self._interval + self._longest):
            return f"{self._service} leaves a question open since {now - self._asked:.1f} s."
        if self._failures >= FAILURES:
            return f"{self._complaint} since {now - self._well:.1f} s."
        return ""


def asterisk_probe(address: str, served: Callable[[], str]) -> Probe:
    """Whether Asterisk answers SIP, also at the floating address if ``served`` returns it."""

    def question() -> str:
        if not answers(address, 0.3):
            return "Asterisk does not answer SIP"
        floating = served()
        if floating and not answers(floating, 0.3, FLOATING_PORT, address):
            return f"Asterisk does not answer SIP at {floating}"
        return ""

    return Probe("asterisk", question, 0.15, 0.6)


class Queues:
    """The queues of Asterisk: where their locks hang, it may go on to answer SIP."""

    SECONDS = 2.0

    def __init__(self) -> None:
        """Connects when it is asked."""
        self._session: ami.Ami | None = None

    def question(self) -> str:
        """Why they cannot be used."""
        try:
            if self._session is None:
                self._session = ami.connect(self.SECONDS)
            # It looks at each of them, and lists none of that name.
            self._session.action("QueueSummary", Queue="-")
        except (ami.AmiError, OSError) as error:
            if self._session is not None:
                self._session.close()
                self._session = None
            return f"Asterisk does not answer for its queues ({error})"
        return ""


def queues_probe() -> Probe:
    """Whether callers can be put into queues."""
    return Probe("asterisk", Queues().question, 1.0, Queues.SECONDS)


class Database:
    """The database of this host, as Asterisk sees it."""

    SECONDS = 0.8

    def __init__(self, host: str, password: str) -> None:
        """``host`` is the name under which the active server writes that it lives."""
        self._host, self._password = host, password
        self._connection: pymysql.connections.Connection | None = None
        self.serves = False
        """Whether this server is the active one, which has to be able to write."""
        self.read_only = False
        """Whether it may not, as after every start of the database."""
        self.open = False
        """Whether it could be written although this server does not serve."""

    def question(self) -> str:
        """Why it cannot be used."""
        self.read_only = self.open = False
        writes = self.serves and not gives()
        if not self.serves and SEED.exists():
            return "The database is not filled completely"
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection.cursor() as cursor:
                if writes:
                    cursor.execute(
                        "REPLACE INTO heartbeats (host, beat) VALUES (%s, UTC_TIMESTAMP(6))",
                        (self._host,),
                    )
                else:
                    cursor.execute("SELECT COUNT(*) FROM heartbeats")
                    # By itself: beside COUNT(*) MariaDB 11.8 says 0 whatever it is.
                    cursor.execute("SELECT @@global.read_only")
                    self.open = not self.serves and cursor.fetchall() == ((0,),)
        except (pymysql.MySQLError, OSError) as error:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self.read_only = writes and error.args[:1] == (ER.OPTION_PREVENTS_STATEMENT,)
            verb = "written" if writes else "read"
            return f"The database cannot be {verb} ({error.args[-1] if error.args else error})"
        return ""

    def _connect(self) -> pymysql.connections.Connection:
        # Not root: it may write to a read-only database.
        return pymysql.connect(
            host="127.0.0.1",
            user="asterisk",
            password=self._password,
            database="asterisk",
            connect_timeout=1,
            read_timeout=self.SECONDS,
            write_timeout=self.SECONDS,
            autocommit=True,
        )


def database_probe(database: Database) -> Probe:
    """Whether the database can be used."""
    return Probe("mariadb", database.question, 0.3, Database.SECONDS)


def keepalived_probe() -> Probe:
    """Whether keepalived runs, without which the floating address cannot come here."""

    def question() -> str:
        for path in (Path("/run/keepalived.pid"), Path("/run/keepalived/keepalived.pid")):
            try:
                pid = int(path.read_text(encoding="ascii"))
            except (OSError, ValueError):
                continue
            if Path(f"/proc/{pid}").exists():
                return ""
        return "keepalived does not run"

    return Probe("keepalived", question, 0.3, 0.1)
