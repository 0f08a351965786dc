# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time and moves of the planner alone, see docs/benchmarks.md.

``PYTHONPATH=.collections:. .venv/bin/python benchmarks/planning.py``. Seconds are those of the
processor, so that what else the machine does counts little.
"""

from __future__ import annotations

import gc
import resource
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import (
    read_network,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import (
    Plan,
    UnplannableError,
    plan,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.telephone_network import (
    TelephoneNetwork,
)

ROUNDS = 7
CIRCUITS = (1_000, 10_000, 40_000)
GOALS = {10_000: 0.2}
"""Seconds for so many circuits."""
PORTS = 4
"""Of every gateway."""
GROUPS = 10
AWKWARD_GATEWAYS = (100, 1_000)
PATIENCE = 60
"""Seconds until a plan is given up."""
MEMORY = 4 << 30
"""Bytes that this program may use."""
LOST = "gw7"

Options = Mapping[str, object]
Wired = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """One question to the planner."""

    name: str
    network: TelephoneNetwork
    wired: Wired = field(default_factory=dict)
    rebalance: bool = False
    least: int = 0
    """No plan can move fewer circuits."""


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    seconds: float
    outcome: str
    plan: Plan | None = None

    def moves(self, case: Case) -> str:
        return "" if self.plan is None else f"{len(self.plan.moved)} / {case.least}"


class TooSlowError(Exception):
    """The planner took longer than PATIENCE."""


def pri(circuits: int, line: str = "t1", **options: object) -> Options:
    return {"type": "pri", "line": line, "circuits": circuits, **options}


def network(
    groups: Mapping[str, Options], gateways: int, *cards: str, lost: str = ""
) -> TelephoneNetwork:
    """So many equal gateways, without the lost one."""
    names = [f"gw{number}" for number in range(1, gateways + 1)]
    switching = {"spans": PORTS, "lines": ["t1", "e1"], "together": True}
    return read_network(
        {
            "card_models": {"D410P": switching},
            "trunk_groups": groups,
            "gateways": {
                name: {"cards": list(cards or ("TE420",))} for name in names if name != lost
            },
        }
    )


def usual_cases(circuits: int) -> Iterator[Case]:
    """A network with 1 % of spare gateways, and what happens to it."""
    gateways = circuits // PORTS * 101 // 100
    groups = {f"carrier_{number}": pri(circuits // GROUPS) for number in range(GROUPS)}
    full = network(groups, gateways)
    wired = plan(full).places
    yield Case("fresh", full)
    sip = {"type": "sip", "host": "192.0.2.10", "circuits": circuits // GROUPS}
    yield Case("one group SIP", network({**groups, "carrier_0": sip}, gateways))
    yield Case("unchanged", full, wired)
    yield Case("gateway added", network(groups, gateways + 1), wired)
    yield _lost("gateway lost", network(groups, gateways, lost=LOST), wired)
    more = {**groups, "new": pri(circuits // 200)}
    yield Case("group added", network(more, gateways), wired)


def _lost(name: str, left: TelephoneNetwork, wired: Wired) -> Case:
    """A gateway is gone: its circuits move, and others that make room for an NFAS group."""
    used = Counter(place.split("/")[0] for place in wired.values())
    room = max(PORTS - used[gateway.name] for gateway in left.gateways)
    bundle = max(
        group.nfas
        for group in left.trunk_groups
        if any(wired[circuit].startswith(f"{LOST}/") for circuit in group.circuits)
    )
    least = used[LOST] + max(0, bundle - room)
    return Case(name, left, wired, least=least)


def awkward_cases(gateways: int) -> Iterator[Case]:
    """What the quick fill cannot answer, or whose answer it cannot prove to be the best."""
    half = [f"gw{number}" for number in range(1, gateways // 2 + 1)]
    competing = {"a": pri(3 * gateways), "b": pri(gateways, exclude=half)}
    yield Case("exclusions, all ports needed", network(competing, gateways))
    two_kinds = _t1_and_e1(gateways * 12 // 5)
    yield Case("cards for T1 beside cards for both", network(two_kinds, gateways, "T400P", "TE420"))
    yield _rebalanced(gateways)
    for name, circuits in (("1/4", gateways), ("1/2", 2 * gateways), ("3/4", 3 * gateways)):
        groups = _t1_and_e1(circuits)
        yield from _with_changes(f"cards switch together, {name} used", groups, gateways, "D410P")
    for size in (2, 3, 4):
        groups = {name: pri(gateways) for name in ("a", "b")}
        groups["nfas"] = pri(gateways // size * size, nfas=size)
        yield from _with_changes(f"NFAS of {size}, 3/4 used", groups, gateways)


def _t1_and_e1(circuits: int) -> dict[str, Options]:
    return {f"c{number}": pri(circuits // 8, ("t1", "e1")[number % 2]) for number in range(8)}


def _rebalanced(gateways: int) -> Case:
    """Five gateways have two circuits of each of three groups, until ten more gateways come."""
    groups = {f"c{number}": pri(gateways + 5) for number in range(3)}
    wired = plan(network(groups, gateways)).places
    more = network(groups, gateways + 10)
    return Case("10 gateways added, rebalance", more, wired, rebalance=True, least=3 * 5)


def _with_changes(
    name: str, groups: Mapping[str, Options], gateways: int, *cards: str
) -> Iterator[Case]:
    """Without a lock; if that can be planned, unchanged and with one gateway less."""
    full = network(groups, gateways, *cards)
    yield Case(name, full)
    found = attempt(Case(name, full)).plan
    if found is not None:
        yield Case(f"{name}, unchanged", full, found.places)
        left = network(groups, gateways, *cards, lost=LOST)
        yield _lost(f"{name}, gateway lost", left, found.places)


def attempt(case: Case) -> Result:
    """Plans, but not for ever."""
    found = None
    gc.collect()
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        found = plan(case.network, case.wired, rebalance=case.rebalance)
        outcome = "proven" if found.proven else "not proven"
    except UnplannableError:
        outcome = "UNPLANNABLE"
    except TooSlowError:
        outcome = "GIVEN UP"
    except MemoryError:
        outcome = "OUT OF MEMORY"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return Result(time.process_time() - started, outcome, found)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown; all columns but the first one are numbers."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, ["-" * width for width in widths], *rows):
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def measure_usual() -> None:
    """Every case in every round, so that a busy moment of the machine hits all."""
    cases = [list(usual_cases(circuits)) for circuits in CIRCUITS]
    rounds = [[[attempt(case) for case in some] for some in cases] for each in range(ROUNDS)]
    rows = []
    medians: list[list[float]] = []
    for size, circuits in enumerate(CIRCUITS):
        medians.append([])
        for number, case in enumerate(cases[size]):
            times = [results[size][number].seconds for results in rounds]
            last = rounds[-1][size][number]
            medians[size].append(statistics.median(times))
            growth = medians[size][number] / medians[size - 1][number] if size else 0
            rows.append(
                (
                    f"{circuits} circuits, {case.name}",
                    f"{medians[size][number]:.3f}",
                    f"{min(times):.3f}",
                    f"< {GOALS[circuits]}" if circuits in GOALS else "",
                    f"{growth:.1f} for {circuits / CIRCUITS[size - 1]:.0f}" if size else "",
                    last.moves(case),
                    last.outcome,
                )
            )
    print_table(("planning", "s", "least s", "goal", "grew by", "moves / least", "plan"), rows)


def measure_awkward() -> None:
    rows = []
    for gateways in AWKWARD_GATEWAYS:
        for case in awkward_cases(gateways):
            result = attempt(case)
            row = (
                f"{gateways} gateways, {case.name}",
                f"{result.seconds:.2f}",
                result.moves(case),
                result.outcome,
            )
            print(*row, file=sys.stderr)
            rows.append(row)
    print_table(("awkward planning", "s", "moves / least", "plan"), rows)


def main() -> None:
    signal.signal(signal.SIGVTALRM, _too_slow)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    measure_usual()
    measure_awkward()


if __name__ == "__main__":
    main()
