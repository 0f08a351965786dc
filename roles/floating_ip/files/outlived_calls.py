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

LAST = """
SELECT callid, queuename, agent, event, data1, TIMESTAMPDIFF(SECOND, time, NOW(6)),
  time < FROM_UNIXTIME(%s)
FROM queue_log
WHERE agent = (SELECT IF(name = '', CONCAT('PJSIP/', phone), name) FROM agents WHERE phone = %s)
  AND event IN ('CONNECT', 'COMPLETECALLER', 'COMPLETEAGENT', 'BLINDTRANSFER', 'ATTENDEDTRANSFER')
  AND time > NOW() - INTERVAL 4 HOUR
ORDER BY id DESC LIMIT 1
"""
"""The last conversation of an agent; waited and talked are seconds."""
PLACE = """
SELECT data3 FROM queue_log WHERE callid = %s AND queuename = %s AND event = 'ENTERQUEUE'
ORDER BY id DESC LIMIT 1
"""
"""Of a caller when he came."""
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


def end_call(cursor: pymysql.cursors.Cursor, phone: str, wrapup_seconds: Mapping[str, int]) -> bool:
    """A phone has ended what it did; ``wrapup_seconds`` are by the name of the queue.

    Whether that was a call of a queue. Nobody knows who hung up: the caller, says the queue log.
    """
    cursor.execute(LAST, (promoted_at(), phone))
    row = cursor.fetchone()
    if row is None:
        return False
    call, queue, agent, event, waited, talked, outlived = row
    if event != "CONNECT" or not outlived:
        return False
    cursor.execute(PLACE, (call, queue))
    place = (cursor.fetchone() or ("",))[0]
    cursor.execute(ENDED, (call, queue, agent, waited, talked, place))
    if seconds := wrapup_seconds.get(queue, 0):
        cursor.execute(WRAPUP, (seconds, phone))
    return True
