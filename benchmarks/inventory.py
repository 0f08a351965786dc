# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time of ``ansible-inventory --list`` with the plugin pstn, and of the planner alone.

``PYTHONPATH=.collections:. .venv/bin/python benchmarks/inventory.py [GATEWAYS ...]``, see
docs/benchmarks.md. Seconds are those of the processor, so that what else the machine does counts
little; all that is compared takes turns besides.
"""

from __future__ import annotations

import json
import marshal
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.trunkline.callcenter.benchmarks import planning
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    lock_of,
    render_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring

CHECKOUT = Path(__file__).parents[1]
SIZES = (10, 100, 2_500)
ROUNDS = 4
TURNS = 3
"""Runs of every source in a round; the slow one, yaml, runs once."""
CIRCUITS_EACH = 4
PRI_GROUPS = 11
GOALS = {"yaml": 0.12, "floor": 1.2}
"""What the time of pstn over that of others may be, at GOAL_SIZE gateways."""
GOAL_SIZE = 2_500

Listing = dict[str, Any]
"""What ``ansible-inventory --list`` prints."""


@dataclass
class Source:
    """An inventory file and the plugin that reads it."""

    name: str
    plugin: str
    path: Path
    processor: list[float] = field(default_factory=list)
    """Seconds of every run."""
    wall: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return statistics.median(self.processor)


def callcenter(gateways: int) -> str:
    """Eleven trunk groups of PRIs that fill all ports but those of a twelfth, which is SIP."""
    sip, rest = divmod(gateways * CIRCUITS_EACH, PRI_GROUPS + 1)
    pri, more = divmod(sip * PRI_GROUPS + rest, PRI_GROUPS)
    groups = [
        f"  carrier_{chr(ord('a') + number)}: "
        f"{{type: pri, line: t1, circuits: {pri + (number < more)}}}"
        for number in range(PRI_GROUPS)
    ]
    return "\n".join(
        (
            "plugin: trunkline.callcenter.pstn",
            "trunk_groups:",
            *groups,
            f"  sip_b: {{type: sip, host: 192.0.2.10, circuits: {sip}}}",
            "gateways:",
            f"  gw[1:{gateways}]: {{cards: [TE420]}}\n",
        )
    )


def listing(source: Source) -> Listing:
    """Runs ``ansible-inventory --list``; the source remembers how long it took."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    settings |= {
        "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"),
        "ANSIBLE_INVENTORY_ENABLED": source.plugin,
        "ANSIBLE_INVENTORY_PLUGINS": str(CHECKOUT / "benchmarks" / "inventory_plugins"),
    }
    program = Path(sys.executable).with_name("ansible-inventory")
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [program, "-i", source.path, "--list"],
        cwd=source.path.parent,
        env=settings,
        capture_output=True,
        check=False,
    )
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    if done.returncode or done.stderr:
        sys.exit(f"{source.path}: ansible-inventory says\n{done.stderr.decode()[-2000:]}")
    source.processor.append(
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )
    source.wall.append(ended - started)
    found: Listing = json.loads(done.stdout, object_hook=_without_marks)
    return found


def _without_marks(value: dict[str, object]) -> object:
    """Ansible marks text that is no template, which is all that is not from its own YAML."""
    return value.get("__ansible_unsafe", value)


def write_lock(path: Path, variables: Mapping[str, Any]) -> None:
    """The cabling lock that playbooks/plan.yml would write."""
    wirings = (read_wiring(host["pstn_wiring"]) for host in variables.values())
    numbers = next(iter(variables.values()))["pstn_trunk_groups"]
    path.write_text(render_lock(lock_of(wirings, numbers)))


def write_yaml(path: Path, variables: Mapping[str, Any], groups: Mapping[str, list[str]]) -> None:
    """The finished inventory for Ansible's own plugin: variables where a host comes first."""
    known: set[str] = set()
    inventory: dict[str, dict[str, dict[str, object]]] = {}
    for group, hosts in groups.items():
        members = {host: None if host in known else variables[host] for host in hosts}
        inventory[group] = {"hosts": members}
        known.update(hosts)
    path.write_text(yaml.dump(inventory, Dumper=yaml.CSafeDumper, sort_keys=False))


def write_floor(path: Path, variables: Mapping[str, Any], groups: Mapping[str, list[str]]) -> None:
    """The finished inventory in the order in which the plugin ready_made needs it."""
    groups_of: dict[str, list[str]] = {}
    for group, hosts in groups.items():
        for host in hosts:
            groups_of.setdefault(host, []).append(group)
    ready = [(host, variables[host], groups_of[host]) for host in groups["gateways"]]
    path.write_bytes(marshal.dumps((list(groups), ready)))


def prepare(directory: Path, gateways: int) -> list[Source]:
    """The same inventory for four readers."""
    sources = [
        Source("pstn", "auto", directory / "pstn" / "callcenter.pstn.yml"),
        Source("floor", "ready_made", directory / "floor" / "callcenter.ready"),
        Source("pstn, no lock yet", "auto", directory / "new" / "callcenter.pstn.yml"),
        Source("yaml", "ansible.builtin.yaml", directory / "yaml" / "callcenter.yml"),
    ]
    locked, floor, new, by_yaml = (source.path for source in sources)
    for path in (locked, floor, new, by_yaml):
        path.parent.mkdir()
    locked.write_text(callcenter(gateways))
    new.write_text(callcenter(gateways))
    finished = listing(sources[0])
    variables = finished["_meta"]["hostvars"]
    groups = {
        name: finished[name]["hosts"] for name in finished["all"]["children"] if name != "ungrouped"
    }
    write_lock(locked.with_name("cabling.txt"), variables)
    write_yaml(by_yaml, variables, groups)
    write_floor(floor, variables, groups)
    _comparable(finished)
    for source in sources:
        if _comparable(listing(source)) != finished:
            sys.exit(f"{source.name} says something else than pstn")
        source.processor.clear()
        source.wall.clear()
    return sources


def _comparable(found: Listing) -> Listing:
    """What has to be the same from every source: all but the place of the lock."""
    for host in found["_meta"]["hostvars"].values():
        host.pop("pstn_lock")
    return found


def measure(gateways: int) -> list[Source]:
    with tempfile.TemporaryDirectory() as directory:
        sources = prepare(Path(directory), gateways)
        *quick, slow = sources
        for _round in range(ROUNDS):
            for source in (*quick * TURNS, slow):
                listing(source)
            seconds = ", ".join(f"{source.name} {source.processor[-1]:.2f}" for source in sources)
            print(f"{gateways} gateways: {seconds}", file=sys.stderr)
    return sources


def rows(sizes: Sequence[int], measured: Sequence[Sequence[Source]]) -> Iterator[list[str]]:
    """For every size and source its time, how it grew, and the ratio of pstn to it."""
    for number, (gateways, sources) in enumerate(zip(sizes, measured, strict=True)):
        pstn = sources[0]
        for position, source in enumerate(sources):
            each = ""
            if number:
                less = measured[number - 1][position].seconds
                each = f"{1000 * (source.seconds - less) / (gateways - sizes[number - 1]):.2f}"
            goal = GOALS.get(source.name) if gateways == GOAL_SIZE else None
            yield [
                f"{gateways} gateways, {source.name}",
                f"{source.seconds:.2f}",
                f"{min(source.processor):.2f}",
                f"{statistics.median(source.wall):.2f}",
                each,
                f"{pstn.seconds / source.seconds:.3f}",
                f"{min(pstn.processor) / min(source.processor):.3f}",
                "" if goal is None else f"<= {goal}",
            ]


def main() -> None:
    sizes = sorted(int(size) for size in sys.argv[1:]) or SIZES
    measured = [measure(gateways) for gateways in sizes]
    planning.print_table(
        (
            "ansible-inventory --list",
            "s",
            "least s",
            "wall s",
            "ms per gateway more",
            "pstn over it",
            "of least s",
            "goal",
        ),
        list(rows(sizes, measured)),
    )
    planning.main()


if __name__ == "__main__":
    main()
