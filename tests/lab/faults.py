# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can befall the active central server: each as a context that is undone afterwards.

The lab's hosts are containers, so a host loses its power when its container is killed, freezes when
it is paused, and loses its network when its port of the bridge is taken out.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from . import cluster

DATA = "/var/lib/mariadb"
FREE_MEGABYTES = 48
"""What the small disk has left besides the data."""


@dataclass(frozen=True)
class Fault:
    """Strikes the active server, whose name it gets. Its context is the moment of the fault."""

    name: str
    what: str
    """For people."""
    strike: Callable[[str], AbstractContextManager[float]]
    before: Callable[[], AbstractContextManager[None]] = nullcontext
    """What has to be prepared while nobody calls."""
    cuts_off: tuple[str, ...] = ()
    """Gateways whose callers nobody can serve while it lasts."""
    outage: bool = True
    """Whether callers can notice it."""
    moves: bool = True
    """Whether the other server has to be active afterwards."""
    wakes: bool = False
    """Whether the server goes on where it was, until its watchdog fires: see docs/operation.md."""


def _at(name: str, command: str) -> float:
    """Runs a command of a host. Returns the moment at which it began."""
    output: str = cluster.host(name).check_output(f"date +%s.%N; {command}")
    return float(output.split(maxsplit=1)[0])


@contextmanager
def asterisk_killed(active: str) -> Iterator[float]:
    yield _at(active, "systemctl kill --signal=KILL asterisk")


@contextmanager
def asterisk_hung(active: str) -> Iterator[float]:
    try:
        yield _at(active, "systemctl kill --signal=STOP asterisk")
    finally:
        cluster.console(active, "systemctl kill --signal=CONT asterisk")


@contextmanager
def asterisk_dies_again_and_again(active: str) -> Iterator[float]:
    loop = "while :; do pkill -KILL -x asterisk; sleep 0.7; done"
    try:
        yield _at(active, f"systemd-run --quiet --unit=lab-loop sh -c '{loop}'")
    finally:
        cluster.console(active, "systemctl stop lab-loop")
        cluster.console(active, "systemctl reset-failed asterisk; systemctl start asterisk")


@contextmanager
def database_killed(active: str) -> Iterator[float]:
    yield _at(active, "systemctl kill --signal=KILL mariadb")


@contextmanager
def database_hung(active: str) -> Iterator[float]:
    try:
        yield _at(active, "systemctl kill --signal=STOP mariadb")
    finally:
        cluster.console(active, "systemctl kill --signal=CONT mariadb")


@contextmanager
def disk_full(active: str) -> Iterator[float]:
    """Of the database."""
    filler = f"{DATA}/lab-filler"
    try:
        fill = f"dd if=/dev/zero of={filler} oflag=append conv=notrunc"
        # The last page too: a transaction is small.
        cluster.host(active).run(f"{fill} bs=1M; {fill} bs=4k")
        yield time.time()
    finally:
        cluster.console(active, f"rm -f {filler}")


@contextmanager
def small_disk() -> Iterator[None]:
    """Gives the data of the spare a small file system of their own, and makes it active."""
    name = cluster.spare()
    spare = cluster.host(name)
    used = int(spare.check_output(f"du -sm {DATA}").split()[0])
    spare.check_output(
        f"set -e; systemctl stop mariadb; mkdir -p /mnt/lab; "
        f"mount -t tmpfs -o size={used + FREE_MEGABYTES}m lab /mnt/lab; "
        f"cp -a {DATA}/. /mnt/lab/; mount --bind /mnt/lab {DATA}; systemctl start mariadb"
    )
    try:
        cluster.wait_until("the spare follows", lambda: cluster.follows(name))
        prepare(name)
        give(cluster.other(name))
        yield
    finally:
        cluster.console(
            name,
            f"systemctl stop mariadb; umount {DATA} && find {DATA} -mindepth 1 -delete "
            f"&& cp -a /mnt/lab/. {DATA}/ && umount /mnt/lab; systemctl start mariadb",
        )


@contextmanager
def power_loss(active: str) -> Iterator[float]:
    moment = time.time()
    cluster.on_machine("podman", "kill", "--signal=KILL", cluster.container(active))
    try:
        yield moment
    finally:
        power_on(active)


@contextmanager
def power_loss_of_both(active: str) -> Iterator[float]:
    """The former spare comes back first."""
    spare = cluster.other(active)
    moment = time.time()
    cluster.on_machine("podman", "kill", "--signal=KILL", *map(cluster.container, (spare, active)))
    time.sleep(5)
    try:
        power_on(spare)
        yield moment
    finally:
        power_on(active)


def power_on(name: str) -> None:
    """Starts a host, and waits until it can be reached."""
    cluster.forget_connection(name)
    cluster.on_machine("podman", "start", cluster.container(name))
    cluster.wait_until("it answers", lambda: cluster.reachable(name), 60)


@contextmanager
def frozen(active: str) -> Iterator[float]:
    moment = time.time()
    cluster.on_machine("podman", "pause", cluster.container(active))
    try:
        yield moment
    finally:
        cluster.on_machine("podman", "unpause", cluster.container(active))


@contextmanager
def cut_off(active: str) -> Iterator[float]:
    """Nobody reaches it, though its network card sees a link."""
    index = int(cluster.console(active, "cat /sys/class/net/eth0/iflink"))
    links = cluster.on_machine("ip", "-o", "link", "show", "type", "veth").splitlines()
    (port,) = (line for line in links if line.startswith(f"{index}:"))
    words = port.replace("@", " ").split()
    name, bridge = words[1], words[words.index("master") + 1]
    moment = time.time()
    cluster.on_machine("ip", "link", "set", name, "nomaster")
    try:
        yield moment
    finally:
        cluster.on_machine("ip", "link", "set", name, "master", bridge)


def cut_from(*others: str) -> Callable[[str], AbstractContextManager[float]]:
    """Packets between the active server and these hosts are lost; ``other`` is the spare."""

    @contextmanager
    def cut(active: str) -> Iterator[float]:
        names = [cluster.other(active) if name == "other" else name for name in others]
        addresses = ", ".join(map(cluster.address, names))
        rules = f"""
table ip lab_cut {{
  chain input {{ type filter hook input priority -500; ip saddr {{ {addresses} }} drop; }}
  chain output {{ type filter hook output priority -500; ip daddr {{ {addresses} }} drop; }}
}}
"""
        try:
            yield _at(active, f"echo '{rules}' | nft -f -")
        finally:
            cluster.console(active, "nft delete table ip lab_cut")

    return cut


@contextmanager
def planned_switch(active: str) -> Iterator[float]:
    """Its moment is the one at which the playbook began."""
    moment = time.time()
    done = cluster.switch(cluster.other(active))
    assert done.returncode == 0, done.stdout[-3000:]
    yield moment


@contextmanager
def switch_to_a_broken_spare(active: str) -> Iterator[float]:
    """It is refused, and nothing happens."""
    spare = cluster.other(active)
    with asterisk_hung(spare) as moment:
        time.sleep(3)
        done = cluster.switch(spare)
        assert done.returncode != 0, "the switch was not refused"
        yield moment


HANDOVER = "python3 /usr/local/lib/trunkline/trunkline_handover.py"


def prepare(spare: str) -> None:
    """The first half of a switch."""
    cluster.host(spare).check_output(f"{HANDOVER} prepare")


def give(active: str) -> None:
    """The second half."""
    cluster.host(active).check_output(f"{HANDOVER} give")


def _dies_during_switch(active: str, victim: str) -> Iterator[float]:
    """Power loss when the active server has closed its database already."""
    prepare(cluster.other(active))
    closed = "mariadb -N -B -e 'SELECT @@global.read_only'"
    giving = subprocess.Popen([*cluster.ssh_command(active), f"{HANDOVER} give"])
    deadline = time.monotonic() + 10
    while giving.poll() is None and cluster.console(active, closed).strip() != "1":
        assert time.monotonic() < deadline, "the active server gives nothing"
    try:
        with power_loss(victim) as moment:
            yield moment
    finally:
        giving.kill()
        giving.wait()


@contextmanager
def active_dies_during_switch(active: str) -> Iterator[float]:
    yield from _dies_during_switch(active, active)


@contextmanager
def spare_dies_during_switch(active: str) -> Iterator[float]:
    yield from _dies_during_switch(active, cluster.other(active))


SHORT = ("power_loss",)
"""What every change is tried with."""

FAULTS = (
    Fault("asterisk_killed", "Asterisk is killed", asterisk_killed, moves=False),
    Fault("asterisk_hung", "Asterisk hangs (SIGSTOP)", asterisk_hung),
    Fault("asterisk_restart_loop", "Asterisk dies every second", asterisk_dies_again_and_again),
    Fault("database_killed", "MariaDB is killed", database_killed, moves=False),
    Fault("database_hung", "MariaDB hangs (SIGSTOP)", database_hung),
    Fault("disk_full", "disk of the database is full", disk_full, before=small_disk),
    Fault("power_loss", "power loss", power_loss),
    Fault("frozen", "host freezes", frozen, wakes=True),
    Fault("cut_off", "network cut to everything", cut_off),
    Fault(
        "cut_between_the_central_servers",
        "network cut between the central servers",
        cut_from("other"),
        outage=False,
        moves=False,
    ),
    Fault(
        "cut_from_half_of_the_gateways",
        "network cut to half of the gateways",
        cut_from(*cluster.GATEWAYS[: len(cluster.GATEWAYS) // 2]),
        cuts_off=cluster.GATEWAYS[: len(cluster.GATEWAYS) // 2],
        outage=False,
        moves=False,
    ),
    Fault("power_loss_of_both", "power loss of both, the spare comes back", power_loss_of_both),
    Fault("planned_switch", "planned switch", planned_switch),
    Fault(
        "switch_to_a_broken_spare",
        "planned switch to a broken spare",
        switch_to_a_broken_spare,
        outage=False,
        moves=False,
    ),
    Fault(
        "active_dies_during_switch",
        "power loss of the active server during a switch",
        active_dies_during_switch,
    ),
    Fault(
        "spare_dies_during_switch",
        "power loss of the spare during a switch",
        spare_dies_during_switch,
        moves=False,
    ),
)
