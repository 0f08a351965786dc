# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long callers notice that something befell the active central server.

``make benchmark-failover`` lets each fault happen several times on the lab that ``make demo`` left
running, while people call. Prints a line for each run, and then the table of docs/failover.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys

from tests.lab import failover
from tests.lab.failover import Outcome
from tests.lab.faults import FAULTS

COLUMNS = {
    "new_call": "new call rings",
    "waiting_call": "waiting caller rings",
    "address_silent": "address silent",
}


def losses(outcome: Outcome) -> dict[str, int]:
    """What must be none of."""
    before, after = outcome.statuses
    return {
        "calls_cut": len(outcome.lost),
        "waiting_lost": len(outcome.waiting - outcome.first_served - outcome.later_served),
        "overtaken": len(outcome.waiting - outcome.first_served),
        "registered_anew": outcome.registers or 0,
        "states_lost": sum(one != other for one, other in zip_rows(before, after)),
        "busy_rung": len(outcome.busy_rung),
    }


def zip_rows(
    before: dict[str, list[list[str]]], after: dict[str, list[list[str]]]
) -> list[tuple[list[str], list[str]]]:
    """Each row of each table, then and now."""
    return [pair for table in before for pair in zip(before[table], after[table], strict=True)]


def spread(values: list[float]) -> str:
    """Least, middle and greatest value."""
    if not values:
        return "-"
    middle = statistics.median(values)
    return f"{min(values):.1f} / {middle:.1f} / {max(values):.1f}"


def main() -> None:
    """Runs the chosen faults in turn, so that the machine's other work hits all of them."""
    parser = argparse.ArgumentParser(description="Measures faults of the active central server.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("faults", nargs="*", metavar="FAULT")
    arguments = parser.parse_args()
    known = {fault.name: fault for fault in FAULTS}
    if unknown := set(arguments.faults) - set(known):
        sys.exit(f"{', '.join(sorted(unknown))}: no such fault; there are {', '.join(known)}")
    chosen = [known[name] for name in arguments.faults or known]
    seconds: dict[str, dict[str, list[float]]] = {
        fault.name: {column: [] for column in COLUMNS} for fault in chosen
    }
    lost: dict[str, dict[str, int]] = {fault.name: {} for fault in chosen}
    for number in range(1, arguments.runs + 1):
        for fault in chosen:
            outcome = failover.observe(fault)
            measured = {key: value and round(value, 2) for key, value in outcome.seconds.items()}
            found = losses(outcome)
            print(json.dumps({"fault": fault.name, "run": number, **measured, **found}), flush=True)
            for column in COLUMNS:
                if (value := outcome.seconds.get(column)) is not None:
                    seconds[fault.name][column].append(value)
            for key, count in found.items():
                lost[fault.name][key] = lost[fault.name].get(key, 0) + count
    print(
        f"\n| seconds: least / median / most of {arguments.runs} "
        f"| {' | '.join(COLUMNS.values())} | lost |"
    )
    print("| --- |" + " --- |" * (len(COLUMNS) + 1))
    for fault in chosen:
        cells = [spread(seconds[fault.name][column]) for column in COLUMNS]
        counts = ", ".join(f"{key} {count}" for key, count in lost[fault.name].items() if count)
        print(f"| {' | '.join([fault.what, *cells, counts or 'nothing'])} |")


if __name__ == "__main__":
    main()
