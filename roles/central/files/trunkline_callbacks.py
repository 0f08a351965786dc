# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets those who want to be called back wait in their queue, as calls that nobody holds.

Each is a row of the table callbacks. A call from here into the queue keeps the place; when an agent
answers, the dialplan calls the customer and writes into the row what became of it. What a dead
Asterisk leaves is begun anew, also by the other central server: only the one whose database can
be written does anything.
"""

from __future__ import annotations

import contextlib
import sys
import time
from typing import NamedTuple

import ami
import pymysql
from queue_places import call_back_of, call_name, live, place
from trunkline_database import Database

SECONDS = 0.5
"""Between two looks at the rows."""
REPAIR_SECONDS = 2.0
"""Until Asterisk or the database is asked again after it did not answer."""
LOST_SECONDS = 5
"""After which a row that says that there is a call has to have one."""

DUE = """
SELECT id, queue_name, number,
  -- As [arrive] of the dialplan has it for callers who come again.
  IF(again AND priority < 1000000,
    1000000 + priority * 10000 + LEAST(TIMESTAMPDIFF(SECOND, joined, UTC_TIMESTAMP()), 9999),
    priority),
  TIMESTAMPDIFF(SECOND, joined, UTC_TIMESTAMP()), TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires)
FROM callbacks
WHERE state = 'waiting' AND next_try <= UTC_TIMESTAMP() AND expires > UTC_TIMESTAMP()
ORDER BY joined
"""
QUEUED = """
SELECT id, TIMESTAMPDIFF(SECOND, joined, UTC_TIMESTAMP()) FROM callbacks WHERE state = 'queued'
"""
UNDER_WAY = """
SELECT id FROM callbacks
WHERE state IN ('queued', 'calling') AND changed_at < UTC_TIMESTAMP(6) - INTERVAL 5 SECOND
"""
EXPIRE = """
UPDATE callbacks SET state = 'expired', changed_at = UTC_TIMESTAMP(6)
WHERE state = 'waiting' AND expires <= UTC_TIMESTAMP()
"""
CLAIM = """
UPDATE callbacks SET state = 'queued', changed_at = UTC_TIMESTAMP(6)
WHERE id = %s AND state = 'waiting'
"""
LOST = """
UPDATE callbacks SET state = 'waiting', again = 1, changed_at = UTC_TIMESTAMP(6)
WHERE id = %s AND state IN ('queued', 'calling')
"""


class Wish(NamedTuple):
    """A row of DUE."""

    call_back: int
    queue: str
    number: str
    priority: int
    waited: int
    """Seconds."""
    left: int
    """Seconds for which it is valid."""


class Rows(Database):
    """The call-backs in the database of this server."""

    def active(self) -> bool:
        """Whether this server is the active one."""
        return self.read("SELECT @@global.read_only") == [(0,)]

    def due(self) -> list[Wish]:
        """Those that have no call yet, longest wait first."""
        return [Wish(*row) for row in self.read(DUE)]

    def queued(self) -> dict[int, int]:
        """Those in a queue and the seconds for which they have waited."""
        return dict(self.read(QUEUED))

    def under_way(self) -> set[int]:
        """Those that should have a call."""
        return {call_back for (call_back,) in self.read(UNDER_WAY)}


def enter(asterisk: ami.Ami, rows: Rows, wish: Wish, codecs: str) -> None:
    """Puts who is to be called into the queue."""
    if rows.write(CLAIM, wish.call_back) != 1:
        return
    entries = asterisk.action("QueueStatus", Queue=wish.queue)
    variables = {
        "CALL_BACK": wish.call_back,
        "QUEUE": wish.queue,
        "NUMBER": wish.number,
        "QUEUE_PRIO": wish.priority,
        "PLACE": place(entries, rows.queued(), wish.priority, wish.waited),
        "SECONDS": wish.left,
    }
    name = call_name(wish.call_back, time.time())
    asterisk.action(
        "Originate",
        Channel=f"Local/{wish.queue}@call-back-queue",
        ChannelId=name,
        OtherChannelId=f"{name}-queue",
        Context="call-back-customer",
        Exten="s",
        Priority="1",
        CallerID=f'"Call back" <{wish.number}>',
        Codecs=codecs,
        # The queue lets it go before.
        Timeout=str((wish.left + 60) * 1000),
        Variable=",".join(f"{key}={value}" for key, value in variables.items()),
        Async="true",
    )


def withdraw(asterisk: ami.Ami) -> None:
    """Ends the calls into queues of a server that is active no more; the other one begins anew."""
    for channel in asterisk.action("CoreShowChannels"):
        if call_back_of(channel.get("Uniqueid", "")) is not None:
            with contextlib.suppress(ami.AmiError):  # Its other half has taken it along.
                asterisk.action("Hangup", Channel=channel["Channel"])


def follow(codecs: str) -> None:
    """Keeps calls as the rows are, until Asterisk or the database fails."""
    rows = Rows()
    try:
        with ami.connect() as asterisk:
            looked = 0.0
            active = True
            while True:
                was_active, active = active, rows.active()
                if was_active and not active:
                    withdraw(asterisk)
                if active:
                    if time.monotonic() - looked > LOST_SECONDS:
                        looked = time.monotonic()
                        rows.write(EXPIRE)
                        under_way = rows.under_way()
                        if under_way:
                            for lost in under_way - live(asterisk.action("CoreShowChannels")):
                                rows.write(LOST, lost)
                    for wish in rows.due():
                        enter(asterisk, rows, wish, codecs)
                asterisk.action("Ping")
                time.sleep(SECONDS)
    finally:
        rows.close()


def main() -> None:
    """Runs for ever."""
    while True:
        try:
            follow(sys.argv[1])
        except (ami.AmiError, pymysql.MySQLError, OSError) as error:
            print(error, file=sys.stderr, flush=True)
        time.sleep(REPAIR_SECONDS)


if __name__ == "__main__":
    main()
