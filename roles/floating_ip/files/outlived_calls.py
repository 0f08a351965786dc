# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a queue's call that outlived the central server which had connected it.

That server would have written it into the queue log and begun the agent's wrap-up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pymysql
from settings import FORK

BEGUN = """
SELECT begun.callid, begun.queuename, begun.agent, begun.data1,
  TIMESTAMPDIFF(SECOND, begun.time, NOW(6)), entered.data3
FROM queue_log AS begun
JOIN queue_log AS entered
  ON entered.callid = begun.callid AND entered.queuename = begun.queuename
  AND entered.event = 'ENTERQUEUE'
WHERE begun.agent = %(agent)s AND begun.event = 'CONNECT'
  AND begun.time < FROM_UNIXTIME(%(promoted)s)
  AND begun.time > FROM_UNIXTIME(%(promoted)s) - INTERVAL 12 HOUR
  AND NOT EXISTS (
    SELECT * FROM queue_log AS later
    WHERE later.agent = begun.agent AND later.id > begun.id AND later.time >= begun.time
      AND later.event IN
        ('CONNECT', 'COMPLETECALLER', 'COMPLETEAGENT', 'BLINDTRANSFER', 'ATTENDEDTRANSFER')
  )
ORDER BY begun.id DESC, entered.id DESC LIMIT 1
"""
"""Call, queue, agent, seconds waited, seconds talked and place of the call the agent was in."""
ENDED = """
INSERT INTO queue_log (time, callid, queuename, agent, event, data1, data2, data3)
VALUES (NOW(6), %s, %s, %s, 'COMPLETECALLER', %s, %s, %s)
"""
WRAPUP = """
UPDATE agents
SET status = 'Wrapup', reason = '', ends = UTC_TIMESTAMP() + INTERVAL %s SECOND, talking = 0,
  changed_by = '', changed_at = UTC_TIMESTAMP(6)
WHERE phone = %s AND (status = 'Ready' OR ends IS NOT NULL)
"""
"""Who has chosen another status during the call keeps it."""


def promoted_at() -> float:
    """When this server became active, seconds since the epoch; 0 if that is unknown."""
    try:
        return float(json.loads(FORK.read_text(encoding="utf-8"))["time"])
    except (OSError, ValueError, KeyError):
        return 0.0


def end_call(cursor: pymysql.cursors.Cursor, phone: str, wrapup_seconds: Mapping[str, int]) -> None:
    """A phone has ended what it did; ``wrapup_seconds`` are by the name of the queue.

    Nobody knows who hung up: the caller, says the queue log.
    """
    cursor.execute(BEGUN, {"agent": f"PJSIP/{phone}", "promoted": promoted_at()})
    row = cursor.fetchone()
    if row is None:
        return  # It was no call of a queue.
    call, queue, agent, waited, talked, place = row
    cursor.execute(ENDED, (call, queue, agent, waited, talked, place))
    if seconds := wrapup_seconds.get(queue, 0):
        cursor.execute(WRAPUP, (seconds, phone))
