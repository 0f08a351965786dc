# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""1500 calls an hour at 200 seats, then more until something is full.

``make benchmark-load`` runs it on the lab that ``make demo`` left running. Prints a line for each
rate of calls.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.lab import cluster

SEATS = {"seats": range(1101, 1161), "hall": [*range(1002, 1100), *range(1161, 1201)]}
"""Telephones that answer by themselves. With 1001 and the supervisor's 1100 all seats have one."""
REFERENCE = 1500
"""Calls in an hour."""
MINUTES = 10.0
TALK_SECONDS = 180
SHORT_TALK_SECONDS = 5
"""Of the rates above, where setting calls up is the work."""
LINES = 1000
"""Channels of each circuit: not the lines are to be measured."""
SERVICES = ("asterisk", "mariadb")
SIPP = Path(cluster.CHECKOUT, "molecule/shared/files/sipp/caller.xml")


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
        f"systemctl show -p CPUUsageNSec -p MemoryCurrent {' '.join(SERVICES)}"
    )
    pairs = [line.split("=") for line in shown.split()]
    totals = {
        key: sum(int(value) for this, value in pairs if this == key and value.isdigit())
        for key in ("CPUUsageNSec", "MemoryCurrent")
    }
    return Use(totals["CPUUsageNSec"] / 1e9, totals["MemoryCurrent"] // 2**20)


def queue_events() -> list[tuple[str, str]]:
    """Event and first datum of what happened to callers in queues."""
    rows = cluster.sql(
        "SELECT event, data1 FROM queue_log WHERE event IN ('CONNECT', 'ABANDON') ORDER BY id"
    )
    return [(row[0], row[1]) for row in rows]


def queries() -> int:
    """Statements that the active database has answered so far."""
    return int(cluster.sql("SHOW GLOBAL STATUS LIKE 'Questions'")[0][1])


class RandomCallers:
    """Callers of one gateway who arrive at random, independently of each other, and then talk.

    So many moments, each anywhere within the time, are a Poisson process of which the number of
    calls is known.
    """

    def __init__(self, gateway: str, calls: int, seconds: float, talk_seconds: float) -> None:
        self._telco = cluster.host("telco")
        self._unit = f"load-{gateway}"
        self._statistics = f"/var/lib/baresip/{self._unit}.csv"
        arrive = f'<pause distribution="uniform" min="1" max="{int(seconds * 1000)}"/>'
        talk = f'<pause distribution="exponential" mean="{int(talk_seconds * 1000)}"/>'
        self._scenario = (
            SIPP.read_text(encoding="utf-8")
            .replace("<send", f"{arrive}\n  <send", 1)
            .replace("<pause/>", talk)
        )
        port, audio = {"gw1": (5300, 30000), "gw2": (5400, 45000)}[gateway]
        address = cluster.address("telco")
        self._command = (
            f"systemd-run --quiet --unit={self._unit} --remain-after-exit "
            "-p WorkingDirectory=/var/lib/baresip -p LimitNOFILE=65536 "
            f"sipp -sf /etc/sipp/{self._unit}.xml -s 5550100 -i {address} -p {port} -mi {address} "
            f"-min_rtp_port {audio} -max_rtp_port {audio + 14999} "
            f"-m {calls} -l {calls} -r {calls} -nostdin -nd -trace_stat -stf {self._statistics} "
            f"-fd 5 {cluster.address(gateway)}:5060"
        )

    def __enter__(self) -> Self:
        self._telco.run(f"systemctl stop {self._unit}; systemctl reset-failed {self._unit}")
        self._telco.check_output(
            f"rm -f {self._statistics}; printf %%s %s >/etc/sipp/{self._unit}.xml", self._scenario
        )
        self._telco.check_output(self._command)
        return self

    def __exit__(self, *_error: object) -> None:
        for _signal in range(2):  # The second one lets SIPp hang up.
            self._telco.run(f"systemctl kill --signal=USR1 {self._unit}.service")
            time.sleep(0.5)
        self._telco.run(f"systemctl stop {self._unit}.service")

    def running(self) -> bool:
        """Whether calls are left."""
        state = self._telco.check_output(f"systemctl show -p SubState --value {self._unit}.service")
        return str(state) == "running"

    def failed(self) -> int:
        """Calls that ended otherwise than the scenario says."""
        text = self._telco.check_output(f"cat {self._statistics}")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        return int(rows[-1]["FailedCall(C)"])


def load(calls_an_hour: int, minutes: float, talk_seconds: float) -> int:
    """Places calls at that rate and prints what they cost. Returns how many were lost."""
    hosts = [*cluster.GATEWAYS, *cluster.CENTRAL]
    each = round(calls_an_hour * minutes / 60 / len(cluster.GATEWAYS))
    calls = each * len(cluster.GATEWAYS)
    known = len(queue_events())
    before, asked, started = {name: use(name) for name in hosts}, queries(), time.monotonic()
    with ExitStack() as stack:
        rtp = stack.enter_context(cluster.RtpCounter(cluster.active()))
        callers = [
            stack.enter_context(RandomCallers(name, each, minutes * 60, talk_seconds))
            for name in cluster.GATEWAYS
        ]
        most = 0
        while any(one.running() for one in callers):
            most = max(most, cluster.calls(cluster.active()))
            time.sleep(5)
        seconds = time.monotonic() - started
        packets = rtp.read()
        failed = sum(one.failed() for one in callers)
    after = {name: use(name) for name in hosts}
    happened = queue_events()[known:]
    abandoned = sum(event == "ABANDON" for event, _datum in happened)
    waits = [int(datum) for event, datum in happened if event == "CONNECT"]
    print(
        json.dumps(
            {
                "calls_an_hour": calls_an_hour,
                "calls": calls,
                "lost": failed,
                "abandoned": abandoned,
                "most_at_once": most,
                "longest_wait_s": max(waits, default=None),
                "cpu_percent": {
                    name: percent(before[name], after[name], seconds) for name in hosts
                },
                "memory_mb": {name: after[name].memory_mb for name in hosts},
                "rtp_packets_per_call": round((packets.received + packets.sent) / calls, 1),
                "queries_per_call": round((queries() - asked) / calls, 1),
            }
        ),
        flush=True,
    )
    cluster.wait_for_no_calls(60)
    return failed + abandoned


def lines(*extra: str) -> None:
    """Sets the gateways up, with other variables where ``extra`` says so."""
    done = cluster.playbook("site", "--limit", "gateways", *extra)
    if done.returncode:
        sys.exit(done.stdout[-2000:])


def main() -> None:
    """The reference load, then twice as much each time until calls are lost."""
    circuit = {"name": "telco", "host": cluster.address("telco"), "channels": LINES}
    lines("-e", json.dumps({"gateway_circuits": [circuit]}))
    for name, extensions in SEATS.items():
        cluster.switch_on(name, {str(extension) for extension in extensions})
    # Otherwise one caller rings the telephone that is answered by hand.
    cluster.sql("UPDATE agents SET status = 'NotReady' WHERE number = '1001'")
    try:
        rate = REFERENCE
        lost = load(rate, MINUTES, TALK_SECONDS)
        while not lost:
            rate *= 2
            lost = load(rate, 1, SHORT_TALK_SECONDS)
    finally:
        cluster.sql("UPDATE agents SET status = 'Ready' WHERE number = '1001'")
        for name in SEATS:
            cluster.host("phones").run(f"systemctl stop baresip@{name}")
        lines()


if __name__ == "__main__":
    main()
