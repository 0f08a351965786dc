# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call center at work: callers and agents in every state in which a fault can find them.

Callers talk, wait, listen to the menu, ring at a seat. Agents are ready, not ready, in wrap-up,
away for a reason, busy, logged out. Callers are SIPp and one baresip, the phones are baresip.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from . import cluster
from .callers import Callers
from .telephone import Telephone

SALES, SUPPORT, SKILLED = "5550186", "5550187", "5550194"
"""Numbers that lead to these queues at once."""
SUPERVISOR = "5550188"
MENU = "5550100"

TALKING = ("1101", "1102", "1103", "1104")
"""Seats of the queue sales who are ready, and have a caller each."""
FREE = "1151"
"""The ready seat of the queue skilled."""
LATER = tuple(str(seat) for seat in range(1120, 1130))
"""Seats of the queue sales who are ready later."""
ABSENT = {
    "1105": "status = 'Aux', reason = 'Lunch'",
    "1106": "status = 'Wrapup', ends = UTC_TIMESTAMP() + INTERVAL 1 HOUR",
    "1107": "status = 'Busy'",
    "1108": "phone = NULL",
}
CALLER_OF_THE_LAB = "5559001"

REGISTRATION_SECONDS = 80
"""A phone that is switched on registers again after this time at the earliest."""


@dataclass(frozen=True)
class Ring:
    """A call that reached a seat."""

    moment: float
    seat: str
    caller: str
    call: str
    """As baresip names it."""


@dataclass(frozen=True)
class Conversation:
    """Packets of a caller who talks, so far: what his gateway passed on to either side."""

    moment: float
    packets: tuple[int, ...]


def rings(phone: Telephone, since: float = 0) -> list[Ring]:
    """What has rung at the seats of a phone since then.

    A phone that answers by itself does not tell of the ring, but of the conversation.
    """
    found: dict[str, Ring] = {}
    for moment, event in phone.history("CALL_INCOMING", "CALL_ESTABLISHED"):
        seat = re.search(r"sip:(\d+)@", event.get("accountaor", ""))
        caller = re.search(r"sip:\+?(\d+)@", event.get("peeruri", ""))
        if seat and caller and event.get("direction") == "incoming":
            call = event["id"]
            found.setdefault(call, Ring(moment, seat[1], caller[1], call))
    return [ring for ring in found.values() if ring.moment >= since]


def statuses() -> dict[str, list[list[str]]]:
    """What the agents do, by table."""
    return {
        "agents": cluster.sql(
            "SELECT number, phone, status, reason, ends FROM agents ORDER BY number"
        ),
        "agent_queues": cluster.sql(
            "SELECT agent, queue_name, active FROM agent_queues ORDER BY agent, queue_name"
        ),
    }


def set_agent(number: str, what: str) -> None:
    """Changes columns of an agent."""
    cluster.sql(f"UPDATE agents SET {what} WHERE number = '{number}'")  # noqa: S608 no input


def contacts() -> list[list[str]]:
    """Where the phones are. The call of a phone that had to register anew is another one."""
    return cluster.sql("SELECT endpoint, uri, call_id FROM ps_contacts ORDER BY endpoint, uri")


def waiting(queue: str) -> int:
    """Number of callers who wait in a queue."""
    found = re.search(
        rf"^{queue} +has (\d+) calls",
        cluster.asterisk(cluster.active(), f"queue show {queue}"),
        re.MULTILINE,
    )
    return int(found[1]) if found else 0


def channels(server: str) -> list[list[str]]:
    """Fields of every channel of a server."""
    shown = cluster.asterisk(server, "core show channels concise")
    return [line.split("!") for line in shown.splitlines() if line.count("!") >= 13]


def waited() -> dict[str, tuple[int, int]]:
    """Of callers in the queue sales: whether they were here before, and the seconds they bring."""
    server = cluster.active()
    found = {}
    for fields in channels(server):
        if fields[5] == "Queue" and fields[6].startswith("sales"):
            shown = cluster.asterisk(server, f"core show channel {fields[0]}")
            again, seconds = (
                re.search(rf"^{name}=(\d+)", shown, re.MULTILINE) for name in ("AGAIN", "WAITED")
            )
            if again and seconds:
                found[fields[7].lstrip("+")] = int(again[1]), int(seconds[1])
    return found


def callers_of_the_gateways() -> Counter[str]:
    """Numbers of everybody whom a gateway holds, and how often."""
    return Counter(
        fields[7].lstrip("+")
        for gateway in cluster.GATEWAYS
        for fields in channels(gateway)
        if fields[0].startswith("PJSIP/circuit-telco-")
    )


def conversations() -> dict[str, Conversation]:
    """Of each caller who talks."""
    found = {}
    for gateway in cluster.GATEWAYS:
        legs = cluster.audio_legs(gateway)
        moment = time.time()
        for fields in channels(gateway):
            both = [leg for leg in legs if leg.bridge and fields[12].startswith(leg.bridge)]
            if fields[0].startswith("PJSIP/circuit-telco-") and len(both) == 2:
                # Asterisk counts what it received anew when SIPp repeats its voice.
                sent = tuple(leg.sent for leg in both)
                found[fields[7].lstrip("+")] = Conversation(moment, sent)
    return found


class Listeners(Callers):
    """They are in no hurry to press a key."""

    menu_seconds = 12


class Load:
    """Use it with ``with``: leaving hangs up everything and makes the agents ready again."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        first, second = cluster.GATEWAYS[0], cluster.GATEWAYS[-1]
        self.talkers = [
            Callers(first, 2, 900, SALES, series=1),
            Callers(second, 2, 900, SALES, series=2),
        ]
        self.waiters = [
            Callers(first, 3, 900, SALES, series=3),
            Callers(second, 2, 900, SALES, series=4),
        ]
        self.impatient = Callers(first, 1, 900, SALES, series=5)
        """Hangs up while nobody serves him."""
        self.ringing = Callers(second, 1, 900, SUPPORT, series=6)
        self.listeners = [
            Listeners(first, 1, 900, MENU, series=7),
            Listeners(second, 1, 900, MENU, series=8),
        ]
        self.newcomers = Callers(second, 2, 900, SALES, series=9)

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def _begin(self) -> None:
        cluster.wait_for_no_calls(15)
        enter = self._stack.enter_context
        self._stack.callback(cluster.everybody_is_ready)
        cluster.switch_on("agent", {"1001"})
        cluster.switch_on("supervisor", {"1100"})
        enter(cluster.room_full_of_seats())
        self.switched_on = time.time()
        self.agent = enter(cluster.telephone("agent"))
        self.supervisor = enter(cluster.telephone("supervisor"))
        self.seats = enter(cluster.telephone("seats"))
        self.caller = enter(cluster.telephone("caller"))
        cluster.sql("UPDATE agents SET status = 'NotReady' WHERE number BETWEEN '1105' AND '1160'")
        for seat, what in {**ABSENT, FREE: "status = 'Ready'"}.items():
            set_agent(seat, what)
        cluster.sql(
            "UPDATE agent_queues SET active = 0 "
            "WHERE queue_name = 'sales' AND agent IN ('1001', '1151', '1152')"
        )
        # One conversation is recorded at both ends.
        self.caller.dial(SUPERVISOR, cluster.address(cluster.GATEWAYS[0]))
        self.supervisor.wait("CALL_ESTABLISHED")
        self.recorded = time.time()
        for callers in self.talkers:
            enter(callers)
        cluster.wait_until("four talk", lambda: len(self.talking()) == len(TALKING))
        for callers in (*self.waiters, self.impatient):
            enter(callers)
        cluster.wait_until("six wait", lambda: waiting("sales") == 6)
        self.waiting_since = time.time()

    def ring(self) -> None:
        """Callers arrive in the menu, and then one who rings at a seat."""
        for callers in self.listeners:
            self._stack.enter_context(callers)
        self.agent.forget()
        self._stack.enter_context(self.ringing)
        self.agent.wait("CALL_INCOMING", 20)

    def arrive(self) -> None:
        """Callers arrive who have to wait for others."""
        self._stack.enter_context(self.newcomers)

    def talking(self) -> dict[str, Ring]:
        """By caller: his first seat of the queue sales."""
        return {ring.caller: ring for ring in reversed(rings(self.seats)) if ring.seat in TALKING}

    @staticmethod
    def numbers(groups: Iterable[Callers]) -> set[str]:
        """Of these callers."""
        return {number for group in groups for number in group.numbers}


class Answers:
    """Asks the floating address for an answer to SIP all the time, from a gateway."""

    _PROGRAM = """
import json, select, socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((sys.argv[1], 5060))
here = "%s:%d" % sock.getsockname()
number, sent, answered, next_one = 0, {}, [], time.time()
print("ready", flush=True)
while True:
    readable = select.select([sock, sys.stdin], [], [], max(0, next_one - time.time()))[0]
    if sys.stdin in readable:
        break
    if sock in readable:
        try:
            lines = sock.recv(4096).decode().split("\\r\\n")
        except OSError:
            continue
        for line in lines:
            if line.startswith("CSeq:") and lines[0].startswith("SIP/2.0 2"):
                asked = sent.pop(int(line.split()[1]), None)
                if asked:
                    answered.append(asked)
    if time.time() >= next_one:
        next_one += 0.05
        number += 1
        sent[number] = time.time()
        try:
            sock.send(("\\r\\n".join([
                "OPTIONS sip:%s SIP/2.0" % sys.argv[1],
                "Via: SIP/2.0/UDP %s;branch=z9hG4bKlab%d" % (here, number),
                "Max-Forwards: 5", "From: <sip:lab@%s>;tag=lab%d" % (here, number),
                "To: <sip:%s>" % sys.argv[1], "Call-ID: lab%d@%s" % (number, here),
                "CSeq: %d OPTIONS" % number, "Content-Length: 0", "", ""])).encode())
        except OSError:
            pass
# Only now: a full pipe would keep it from asking.
print(*answered)
"""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway

    def __enter__(self) -> Self:
        cluster.host(self._gateway).check_output(
            "printf %%s %s >/run/lab-answers.py", self._PROGRAM
        )
        self._running = subprocess.Popen(
            [
                *cluster.ssh_command(self._gateway),
                f"exec python3 /run/lab-answers.py {cluster.address('vip')}",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._running.stdout is not None
        assert self._running.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_error: object) -> None:
        self._running.kill()
        self._running.communicate()

    def longest_silence(self, since: float) -> float:
        """Seconds between two answers since then; ends the asking."""
        output, _errors = self._running.communicate("end\n", timeout=10)
        answered = [float(line) for line in output.split() if float(line) >= since]
        moments = [since, *answered, time.time()]
        return max(later - earlier for earlier, later in itertools.pairwise(moments))


class Registrations:
    """Counts the REGISTERs that the phones send."""

    _RULES = """
table ip lab_registrations {
  counter sent {}
  chain output {
    type filter hook output priority -400
    udp dport 5060 @th,64,32 0x52454749 counter name sent
  }
}
"""

    def __enter__(self) -> Self:
        self._phones = cluster.host("phones")
        self._phones.run("nft delete table ip lab_registrations 2>/dev/null")
        self._phones.check_output("printf %%s %s | nft -f -", self._RULES)
        return self

    def __exit__(self, *_error: object) -> None:
        self._phones.run("nft delete table ip lab_registrations")

    def read(self) -> int:
        """Since the start."""
        answer = json.loads(
            self._phones.check_output("nft -j list counters table ip lab_registrations")
        )
        packets: int = next(
            item["counter"]["packets"] for item in answer["nftables"] if "counter" in item
        )
        return packets
