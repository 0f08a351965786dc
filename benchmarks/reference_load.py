# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""1500 calls an hour at 200 seats, then more until something is full.

``make benchmark-load`` runs it on the lab that ``make demo`` left running; the script of calls
(tests/lab/script.py) is compared with the queue log and the call detail records row by row. Prints
a line for each rate of calls.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from tests.lab import cluster, script

SEATS = {"seats": range(1101, 1161), "hall": [*range(1002, 1100), *range(1161, 1201)]}
"""Telephones that answer by themselves. With 1001 and the supervisor's 1100 all seats have one."""
REFERENCE = 1500
"""Calls in an hour."""
TALK_SECONDS = 180
SHORT_TALK_SECONDS = 5
"""Of the rates above, where setting calls up is the work."""
LINES = 1000
"""Channels of each circuit: not the lines are to be measured."""
SERVICES = ("asterisk", "mariadb")
PROCESSES = ("asterisk", "mariadbd")
IDLE_SECONDS = 20
"""For which the database is watched while nobody calls."""
SHOWN = 10
"""Callers who are named, of those whom the books tell of otherwise."""


@dataclass(frozen=True)
class Use:
    """What a host has used."""

    cpu_seconds: float
    memory_mb: int


def percent(before: Use, after: Use, seconds: float) -> float:
    """Processor time as a share of one core."""
    return round(100 * (after.cpu_seconds - before.cpu_seconds) / seconds, 1)


def use(name: str) -> Use:
    """What the services of a host have used so far, and the memory that they have now."""
    shown = cluster.host(name).check_output(
        f"systemctl show -p CPUUsageNSec {' '.join(SERVICES)}; ps -C {','.join(PROCESSES)} -o rss="
    )
    # "[not set]" of a service that this host does not have.
    spent = re.findall(r"^CPUUsageNSec=(\d+)$", shown, re.MULTILINE)
    resident = re.findall(r"^ *(\d+)$", shown, re.MULTILINE)
    return Use(sum(map(int, spent)) / 1e9, sum(map(int, resident)) // 1024)


class Conversations:
    """Whose audio passes the active server. What it sent before them was music."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], int] = {}

    def look(self) -> None:
        """Notes the counts of those that are going on."""
        for leg in cluster.audio_legs(cluster.active()):
            if leg.bridge:
                # Names of channels are cut off there, and alone not unique.
                name, packets = (leg.bridge, leg.channel), leg.received + leg.sent
                self._first.setdefault(name, packets)
                self._last[name] = packets

    def packets(self) -> int:
        """Of all conversations between two looks."""
        return sum(self._last.values()) - sum(self._first.values())


def waits() -> list[int]:
    """Seconds that callers waited for their agent."""
    rows = cluster.sql("SELECT data1 FROM queue_log WHERE event = 'CONNECT' ORDER BY id")
    return [int(row[0]) for row in rows]


def queries() -> int:
    """Statements that the active database has answered so far."""
    return int(cluster.sql("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1])


def idle_queries() -> float:
    """Statements that the active database answers in a second while nobody calls."""
    before = queries()
    time.sleep(IDLE_SECONDS)
    return (queries() - before) / IDLE_SECONDS


def load(calls_an_hour: int, minutes: float, talk_seconds: float, idle: float) -> int:
    """Plays a script of that many calls and prints what they cost, beside ``idle`` queries.

    Returns how many callers were lost, or are told of otherwise in the books.
    """
    hosts = [*cluster.GATEWAYS, *cluster.CENTRAL]
    calls = script.write(round(calls_an_hour * minutes / 60), minutes * 60, talk_seconds)
    script.forget()
    known = len(waits())
    before, asked, started = {name: use(name) for name in hosts}, queries(), time.monotonic()
    active = cluster.active()
    with cluster.RtpCounter(active) as rtp, script.performed(calls, SEATS) as performances:
        most, conversations = 0, Conversations()
        while any(one.running() for one in performances):
            # One that is being replaced does not answer.
            with suppress(AssertionError, RuntimeError):
                most = max(most, cluster.calls(cluster.active()))
                conversations.look()
            time.sleep(5)
        seconds = time.monotonic() - started
        packets = rtp.read()
        failed = sum(one.failed() for one in performances)
    after = {name: use(name) for name in hosts}
    questions = queries() - asked - idle * seconds
    cluster.wait_for_no_calls(60)
    time.sleep(2)  # The last rows.
    differences = script.differences(calls)
    print(
        json.dumps(
            {
                "calls_an_hour": calls_an_hour,
                "calls": len(calls),
                "lost": failed,
                "told_otherwise": len(differences),
                "failed_over": cluster.settle(60) != active,
                "most_at_once": most,
                "longest_wait_s": max(waits()[known:], default=None),
                "cpu_percent": {
                    name: percent(before[name], after[name], seconds) for name in hosts
                },
                "memory_mb": {name: after[name].memory_mb for name in hosts},
                "rtp_packets_of_conversations": conversations.packets(),
                "rtp_packets_per_call": round((packets.received + packets.sent) / len(calls), 1),
                "queries_idle_per_second": round(idle, 1),
                "queries_per_call": round(questions / len(calls), 1),
            }
        ),
        flush=True,
    )
    for difference in differences[:SHOWN]:
        print(difference, file=sys.stderr, flush=True)
    return failed + len(differences)


def lines(*extra: str) -> None:
    """Sets the gateways up, with other variables where ``extra`` says so."""
    done = cluster.playbook("site", "--limit", "gateways", *extra)
    if done.returncode:
        sys.exit(done.stdout[-2000:])


def main() -> None:
    """The reference load, then twice as much each time until calls are lost."""
    parser = argparse.ArgumentParser(description="Places calls at the reference rate, then more.")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the reference load")
    minutes = parser.parse_args().minutes
    circuit = {"name": "telco", "host": cluster.address("telco"), "channels": LINES}
    lines("-e", json.dumps({"gateway_circuits": [circuit]}))
    for name, extensions in SEATS.items():
        cluster.switch_on(name, {str(extension) for extension in extensions})
    # Otherwise one caller rings the telephone that is answered by hand.
    cluster.sql("UPDATE agents SET status = 'NotReady' WHERE number = '1001'")
    try:
        rate, idle = REFERENCE, idle_queries()
        lost = load(rate, minutes, TALK_SECONDS, idle)
        while not lost:
            rate *= 2
            lost = load(rate, 1, SHORT_TALK_SECONDS, idle)
    finally:
        cluster.sql("UPDATE agents SET status = 'Ready' WHERE number = '1001'")
        for name in SEATS:
            cluster.host("phones").run(f"systemctl stop baresip@{name}")
        lines()


if __name__ == "__main__":
    main()
