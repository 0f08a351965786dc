# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conversations that outlived the central server which had connected them.

The new active server does not know them, but the gateways do. While a gateway reports one, the
phone has a row in the table orphans, and queues do not ring it. When it ends, the phone is told: it
does not notice that the other side has hung up.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Mapping

import ami
import pymysql
from outlived_calls import end_call
from settings import Settings
from sip_dialog import Dialog, hang_up
from witness_client import ask_all
from witness_messages import TALKING_SECONDS, phones_talking

SECONDS = 0.5
"""Between two questions to the gateways."""
FORGET_SECONDS = 60.0
"""After so long without an answer of its gateway nobody waits for the end of a conversation."""

UNHEARD = ""
"""Stands for the phones of a gateway that has not answered since the promotion."""

FORGET_PHONE = "DELETE FROM orphans WHERE gateway = %s AND phone = %s"
FORGET_GATEWAY = "DELETE FROM orphans WHERE gateway = %s"
FORGET_DIALOGS = "DELETE FROM dialogs WHERE outlived AND phone = %s"
TAKE_DOWN = "INSERT IGNORE INTO orphans (gateway, phone) VALUES (%s, %s)"
OUTLIVED = "UPDATE dialogs SET outlived = 1"
DIALOGS = """
SELECT call_id, target, local_uri, local_tag, remote_uri, remote_tag
FROM dialogs WHERE phone = %s AND outlived
"""
"""Of a phone that no gateway reports any more: it may have had calls through two."""
UNREPORTED = """
SELECT phone, COUNT(*) FROM dialogs WHERE outlived AND phone NOT IN (SELECT phone FROM orphans)
GROUP BY phone
"""
"""Phones whose conversation ended while no central server served, or that spoke with a seat."""
ENDED = """
DELETE FROM dialogs WHERE outlived AND phone NOT IN (SELECT phone FROM orphans)
"""


def connect(settings: Settings) -> pymysql.connections.Connection:
    """The database of this host, which has to be writable. Raises pymysql.MySQLError."""
    return pymysql.connect(
        host="127.0.0.1",
        user="asterisk",
        password=settings.database_password,
        database="asterisk",
        connect_timeout=2,
        read_timeout=5,
        autocommit=True,
    )


def conversations(settings: Settings) -> dict[str, set[str]]:
    """Address of each gateway and the phones that talk with it."""
    message = {"kind": "talking"}
    return phones_talking(
        ask_all(
            settings.gateways.values(), message, settings.secret, TALKING_SECONDS, settings.port
        )
    )


def remember(settings: Settings, talking: dict[str, set[str]]) -> None:
    """Takes down who is talking, by address of the gateway. Raises pymysql.MySQLError."""
    unheard = {gateway: {UNHEARD} for gateway in settings.gateways.values()}
    rows = [(gateway, phone) for gateway, phones in (unheard | talking).items() for phone in phones]
    with connect(settings) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM orphans")
        cursor.executemany(TAKE_DOWN, rows)
        cursor.execute(OUTLIVED)


class Orphans:
    """Watches them until the last one has ended."""

    def __init__(self, settings: Settings) -> None:
        """Nobody is watched at first."""
        self._settings = settings
        self._watches = threading.Event()
        self.talking: set[str] = set()
        """Phones in such conversations."""
        threading.Thread(target=self._run, daemon=True).start()

    def watch(self) -> None:
        """Looks for them, after a promotion."""
        self._watches.set()

    def leave(self) -> None:
        """Leaves them to the server that is active now."""
        self._watches.clear()

    def _run(self) -> None:
        while True:
            self._watches.wait()
            try:
                self._follow()
            except (ami.AmiError, pymysql.MySQLError, OSError) as error:
                print(error, file=sys.stderr, flush=True)
                time.sleep(1.0)
            else:
                self._watches.clear()

    def _follow(self) -> None:
        heard: dict[str, float] = {}
        """When each gateway has answered last."""
        with connect(self._settings) as connection, connection.cursor() as cursor:
            while self._watches.is_set():
                cursor.execute("SELECT gateway, phone FROM orphans")
                rows = cursor.fetchall()
                phones = {phone for _gateway, phone in rows}
                self.talking = phones - {UNHEARD}
                if UNHEARD not in phones:
                    self._end_unreported(connection)
                if not rows:
                    return
                known = conversations(self._settings)
                now = time.monotonic()
                heard |= dict.fromkeys(known, now)
                silent = {
                    gateway
                    for gateway, _phone in rows
                    if now - heard.setdefault(gateway, now) > FORGET_SECONDS
                }
                self._end(connection, rows, known)
                for gateway in silent:
                    # Its conversations may go on: without their dialogs nobody hangs up.
                    connection.begin()
                    cursor.execute(FORGET_GATEWAY, (gateway,))
                    cursor.execute(ENDED)
                    connection.commit()
                    look_at_members(cursor)
                time.sleep(SECONDS)

    def _end(
        self,
        connection: pymysql.connections.Connection,
        rows: Iterable[tuple[str, str]],
        known: Mapping[str, set[str]],
    ) -> None:
        """Ends the conversations that their gateways do not report any more."""
        late = [
            (gateway, phone)
            for gateway, unheard in rows
            if unheard == UNHEARD
            for phone in known.get(gateway, ())
        ]
        ended = [
            (gateway, phone) for gateway, phone in rows if phone not in known.get(gateway, {phone})
        ]
        with connection.cursor() as cursor:
            cursor.executemany(TAKE_DOWN, late)
            for gateway, phone in ended:
                # Wrap-up begins in the moment in which the phone is free.
                connection.begin()
                cursor.execute(FORGET_PHONE, (gateway, phone))
                cursor.execute("SELECT * FROM orphans WHERE phone = %s", (phone,))
                if not cursor.fetchall():
                    end_call(cursor, phone, self._settings.wrapup_seconds)
                    self._hang_up(cursor, phone)
                    cursor.execute(FORGET_DIALOGS, (phone,))
                connection.commit()
            if ended:
                look_at_members(cursor)

    def _end_unreported(self, connection: pymysql.connections.Connection) -> None:
        """Calls of queues that ended while no server served; the gateways told what goes on."""
        with connection.cursor() as cursor:
            cursor.execute(UNREPORTED)
            phones = cursor.fetchall()
            for phone, calls in phones:
                connection.begin()
                # Of two calls nobody knows which one it was: an agent may consult a colleague.
                if end_call(cursor, phone, self._settings.wrapup_seconds) and calls == 1:
                    self._hang_up(cursor, phone)
                cursor.execute(FORGET_DIALOGS, (phone,))
                connection.commit()
            if phones:
                look_at_members(cursor)

    def _hang_up(self, cursor: pymysql.cursors.Cursor, phone: str) -> None:
        cursor.execute(DIALOGS, (phone,))
        for row in cursor.fetchall():
            # A phone that does not answer must not hold up the others.
            threading.Thread(
                target=hang_up, args=(Dialog(*row), self._settings.floating_address), daemon=True
            ).start()


def look_at_members(cursor: pymysql.cursors.Cursor) -> None:
    """Lets the queues of Asterisk read their members again."""
    cursor.execute("SELECT DISTINCT queue_name FROM agent_queues")
    with ami.connect() as asterisk:
        for (queue,) in cursor.fetchall():
            asterisk.action("Getvar", Variable=f"QUEUE_MEMBER({queue},logged)")
