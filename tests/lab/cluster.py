# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of the lab, as tests and the demo use them."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import testinfra
import yaml
from testinfra.host import Host

from .telephone import Telephone
from .voice import Sound, read_wav

CHECKOUT = Path(__file__).parents[2]
INVENTORY = CHECKOUT / os.environ.get("LAB_INVENTORY", "inventories/lab")
CENTRAL = tuple(os.environ.get("LAB_CENTRAL", "central1 central2").split())
GATEWAYS = tuple(os.environ.get("LAB_GATEWAYS", "gw1 gw2").split())

_PREFIX = os.environ.get("LAB_SUBNET", "10.77.0.0/24").removesuffix(".0/24")
_NUMBERS = {
    "gw1": 11,
    "gw2": 12,
    "vip": 20,
    "central1": 21,
    "central2": 22,
    "phones": 50,
    "telco": 100,
}

_TELEPHONES = {
    "caller": ("telco", 4444),
    "agent": ("phones", 4444),
    "seats": ("phones", 4445),
    "supervisor": ("phones", 4446),
    "hall": ("phones", 4447),
}


def address(name: str) -> str:
    """Address of a host of the lab; ``vip`` is the floating one."""
    return f"{_PREFIX}.{_NUMBERS[name]}"


_SSH_OPTIONS = (
    "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "
    # The connections that Ansible keeps, and lets go of when a host does not answer: see
    # inventories/lab/group_vars/all/connection.yml. A command on a connection of its own takes ten
    # times as long.
    f"-o ControlPath={Path.home()}/.ansible/cp/{os.environ.get('LAB_NAME', 'lab')}-%h "
    "-o ServerAliveInterval=5 -o ServerAliveCountMax=3 -o ConnectTimeout=5"
)


def _key() -> str:
    return str(CHECKOUT / ".cache" / "lab" / os.environ.get("LAB_NAME", "lab") / "id_ed25519")


@cache
def host(name: str) -> Host:
    """A host of the lab, reached by ssh."""
    found: Host = testinfra.get_host(
        f"ssh://root@{address(name)}", ssh_identity_file=_key(), ssh_extra_args=_SSH_OPTIONS
    )
    return found


def ssh_command(name: str) -> list[str]:
    """Words of an ssh command to a host of the lab."""
    return ["ssh", "-i", _key(), *_SSH_OPTIONS.split(), f"root@{address(name)}"]


def container(name: str) -> str:
    """The container that a host of the lab is."""
    return f"{os.environ.get('LAB_NAME', 'lab')}-{name}"


def on_machine(*command: str) -> str:
    """Output of a command of the machine below the lab, as root. Raises CalledProcessError."""
    done = subprocess.run(
        [*([] if os.geteuid() == 0 else ["sudo"]), *command],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def console(name: str, command: str) -> str:
    """Output of a shell command of a host, without its network; empty if the host is dead."""
    with suppress(subprocess.SubprocessError):
        return on_machine("podman", "exec", container(name), "sh", "-c", f"{command}; true")
    return ""


def forget_connection(name: str) -> None:
    """Ends the shared connection to a host, which may be dead after a restart of the host."""
    words = ssh_command(name)
    subprocess.run([*words[:-1], "-O", "exit", words[-1]], capture_output=True, check=False)


def active() -> str:
    """Name of the central server that holds the floating address. A dead one does not."""
    holders = []
    for name in CENTRAL:
        with suppress(RuntimeError):
            if address("vip") in host(name).interface("eth0").addresses:
                holders.append(name)
    assert len(holders) == 1, f"the floating address is held by {holders or 'nobody'}"
    return holders[0]


@dataclass(frozen=True)
class Roles:
    """What the central servers are: usually the same single one holds, writes and serves."""

    holders: tuple[str, ...]
    """Who has the floating address."""
    writers: tuple[str, ...]
    """Whose database is writable."""
    active: tuple[str, ...]
    """Who takes itself for active."""

    def only(self) -> str:
        """The only active server; empty if there is none, or more than one."""
        if len(self.holders) == 1 and self.holders == self.writers == self.active:
            return self.holders[0]
        return ""


def roles() -> Roles:
    """Asks every central server on the host itself, as it may take itself for active in vain.

    A dead or frozen one, or a database that does not answer, is nothing.
    """
    question = (
        "ip -o -4 address show dev eth0; "
        'timeout 3 mariadb -N -B -e \'SELECT IF(@@global.read_only = 0, "writable", "")\'; '
        # An older file was left by a service that is dead.
        "find /run/trunkline/state.json -newermt '5 seconds ago' -exec cat {} +"
    )
    said = {name: console(name, question) for name in CENTRAL}

    def who(words: str) -> tuple[str, ...]:
        return tuple(name for name, text in said.items() if words in text)

    return Roles(who(f" {address('vip')}/"), who("writable"), who('"state": "active"'))


def settle(seconds: float) -> str:
    """Waits until exactly one server is active, and stays it. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    before, steady = "", 0
    while steady < 3:
        now = roles()
        steady = steady + 1 if now.only() and now.only() == before else 0
        before = now.only()
        if steady < 3 and time.monotonic() > deadline:
            raise TimeoutError(f"not one active server after {seconds} s: {now}")
        time.sleep(0.5)
    return before


def reachable(name: str) -> bool:
    """Whether a host has booted and answers."""
    with suppress(RuntimeError):
        state = host(name).run("systemctl is-system-running").stdout.strip()
        return state in {"running", "degraded"}
    return False


def follows(name: str) -> bool:
    """Whether the database of a central server follows the other one without delay."""
    state = host(name).run("mariadb -E -e 'SHOW REPLICA STATUS'").stdout
    return all(
        f"{key}: {value}\n" in state
        for key, value in (
            ("Master_Host", address(other(name))),
            ("Slave_IO_Running", "Yes"),
            ("Slave_SQL_Running", "Yes"),
            ("Seconds_Behind_Master", "0"),
        )
    )


def differences() -> list[str]:
    """Tables of which the two databases have different rows."""
    rows = sql("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
    # That one changes several times a second.
    tables = [name for name, _type in rows if name != "heartbeats"]
    query = f"CHECKSUM TABLE {', '.join(tables)} EXTENDED"
    first, second = (
        host(name).check_output("mariadb -N -B asterisk -e %s", query).splitlines()
        for name in CENTRAL
    )
    return [mine.split()[0] for mine, his in zip(first, second, strict=True) if mine != his]


def spare() -> str:
    """Name of the other central server."""
    return other(active())


def other(central: str) -> str:
    """Name of the central server beside that one."""
    return next(name for name in CENTRAL if name != central)


def logs(lines: int) -> list[tuple[str, str]]:
    """Headings, and the last lines of every server's log; not of those that cannot be reached."""
    found = []
    for name in (*GATEWAYS, *CENTRAL):
        with suppress(RuntimeError):
            text = host(name).run(f"tail -n {lines} /var/log/asterisk/full.log").stdout
            found.append((f"log of {name}", text))
    return found


def asterisk(name: str, command: str) -> str:
    """Output of a command of Asterisk's console."""
    output: str = host(name).check_output("asterisk -rx %s", command)
    return output


def calls(name: str) -> int:
    """Number of calls that Asterisk has up."""
    found = re.search(r"(\d+) active call", asterisk(name, "core show channels count"))
    assert found
    return int(found[1])


def wait_for_no_calls(seconds: float = 5.0) -> None:
    """Until no server has a call up any more."""
    deadline = time.monotonic() + seconds
    while busy := [name for name in (*GATEWAYS, *CENTRAL) if calls(name)]:
        assert time.monotonic() < deadline, f"{busy} still have calls up"
        time.sleep(0.2)


def wait_until(what: str, condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for a condition. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.5)


def sql(statement: str) -> list[list[str]]:
    """Rows of the active database."""
    output: str = host(active()).check_output("mariadb -N -B asterisk -e %s", statement)
    return [line.split("\t") for line in output.splitlines()]


def registered() -> set[str]:
    """Extensions of the seats that have a telephone now."""
    rows = sql("SELECT endpoint FROM ps_contacts WHERE expiration_time > UNIX_TIMESTAMP()")
    return {extension for (extension,) in rows}


def switch_on(name: str, seats: set[str]) -> None:
    """Switches telephones of seats off and on, and waits until all have registered."""
    where, _port = _TELEPHONES[name]
    host(where).check_output(f"systemctl restart baresip@{name}")
    deadline = time.monotonic() + 30
    while missing := seats - registered():
        assert time.monotonic() < deadline, f"{sorted(missing)} have not registered"
        time.sleep(0.5)


@contextmanager
def room_full_of_seats() -> Iterator[set[str]]:
    """Switches on sixty more seats, 1101-1160, that answer by themselves."""
    extensions = {str(extension) for extension in range(1101, 1161)}
    switch_on("seats", extensions)
    try:
        yield extensions
    finally:
        host("phones").check_output("systemctl stop baresip@seats")
        # Nobody rings at a phone that is switched off.
        sql("DELETE FROM ps_contacts WHERE endpoint BETWEEN '1101' AND '1160'")


def everybody_is_ready() -> None:
    """The agents are again as the inventory made them."""
    sql(
        "UPDATE agents SET phone = NULL WHERE phone <> number; "
        "UPDATE agents SET status = 'Ready', reason = '', ends = NULL, "
        "phone = IF(has_phone, number, NULL); "
        "UPDATE agent_queues SET active = 1; UPDATE agent_pins SET failures = 0"
    )


def telephone(name: str) -> Telephone:
    """A telephone of the lab, with empty recordings."""
    where, port = _TELEPHONES[name]
    host(where).check_output(f"rm -f /var/lib/baresip/{name}/*")
    return Telephone(address(where), port)


def recording(name: str, direction: str, *, first: bool = False) -> Sound:
    """What a telephone heard (``dec``) or said (``enc``) in its last call, or in the first one."""
    where, _port = _TELEPHONES[name]
    order = "" if first else "-t"
    files = host(where).check_output(f"ls {order} /var/lib/baresip/{name}/*-{direction}.wav")
    return read_wav(fetch(host(where), files.split()[0]))


def fetch(source: Host, path: str) -> io.BytesIO:
    """A binary file of a host."""
    text = source.check_output("base64 --wrap=0 %s", path)
    return io.BytesIO(base64.b64decode(text))


@dataclass(frozen=True)
class Packets:
    """Packets that a host received and sent."""

    received: int
    sent: int

    def __sub__(self, before: Packets) -> Packets:
        return Packets(self.received - before.received, self.sent - before.sent)


class RtpCounter:
    """Counts the RTP packets (even ports of Asterisk's range) that enter and leave a host."""

    _RULES = """
define rtp = 10000-19999
table inet lab_rtp {
  counter received {}
  counter sent {}
  chain input {
    type filter hook input priority -400
    udp dport $rtp udp dport & 1 == 0 counter name received
  }
  chain output {
    type filter hook output priority -400
    udp sport $rtp udp sport & 1 == 0 counter name sent
  }
}
"""

    def __init__(self, name: str) -> None:
        self._host = host(name)

    def __enter__(self) -> Self:
        self._host.check_output("nft delete table inet lab_rtp 2>/dev/null || true")
        self._host.check_output("printf %%s %s | nft -f -", self._RULES)
        return self

    def __exit__(self, *_error: object) -> None:
        self._host.check_output("nft delete table inet lab_rtp")

    def read(self) -> Packets:
        """Packets since the start."""
        answer = json.loads(self._host.check_output("nft -j list counters table inet lab_rtp"))
        found = {
            item["counter"]["name"]: item["counter"]["packets"]
            for item in answer["nftables"]
            if "counter" in item
        }
        return Packets(found["received"], found["sent"])

    def during(self, seconds: float) -> Packets:
        """Packets within the next seconds."""
        before = self.read()
        time.sleep(seconds)
        return self.read() - before


@dataclass(frozen=True)
class Leg:
    """Audio of one channel of a gateway or a central server."""

    channel: str
    """Its name, as far as Asterisk prints it."""
    bridge: str
    """The conversation that it belongs to; empty while it belongs to none."""
    received: int
    """Packets so far."""
    sent: int


def audio_legs(name: str) -> list[Leg]:
    """Each leg of each call of a gateway or a central server."""
    lines = asterisk(name, "pjsip show channelstats").splitlines()
    legs = []
    for line in lines:
        # The first column is blank for who is in no conversation.
        found = re.match(r" +([0-9a-f]{8})? +(\S+) +\d\d:\d\d:\d\d +\S+ (.*)", line)
        if found:
            numbers = found[3].split()
            legs.append(Leg(found[2], found[1] or "", int(numbers[0]), int(numbers[4])))
    return legs


def secret() -> str:
    """The secret of the lab."""
    file = INVENTORY / "group_vars/all/secrets.yml"
    text: str = yaml.safe_load(file.read_text(encoding="utf-8"))["callcenter_secret"]
    return text


def give_up_address(former: str) -> None:
    """The other central server takes over from this one."""
    host(former).check_output("systemctl stop trunkline-central")
    wait_until("the other one is active", lambda: state(other(former))["state"] == "active", 20)


def state(central: str) -> dict[str, Any]:
    """What the service says that decides who is active."""
    found: dict[str, Any] = json.loads(
        host(central).file("/run/trunkline/state.json").content_string
    )
    return found


def switch(to: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A planned switch that is not taken for the repetition of one of some minutes ago."""
    return playbook("failover", "-e", f"failover_to={to}", *arguments)


def playbook(
    name: str, *arguments: str, inventory: Path = INVENTORY
) -> subprocess.CompletedProcess[str]:
    """Runs a playbook of the collection on the lab, in the checkout.

    The scenario's own variables, in the file that LAB_VARIABLES names, are those of each run.
    """
    if own := os.environ.get("LAB_VARIABLES"):
        arguments = ("-e", f"@{own}", *arguments)
    environment = {key: value for key, value in os.environ.items() if key != "ANSIBLE_CONFIG"}
    return subprocess.run(
        ["ansible-playbook", "-i", str(inventory), f"playbooks/{name}.yml", *arguments],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """All that a playbook said, in one line: it breaks its lines anywhere."""
    return " ".join(f"{done.stdout} {done.stderr}".split())
