# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time of a run of site.yml that changes nothing, over gathering facts from the same hosts.

``make benchmark`` runs it on the lab, which has to be up and built. Prints the ratio of each round
and the median; the goal is at most 12.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time

from tests.lab import cluster

ROUNDS = 3
HOSTS = "gateways:central"


def seconds(*command: str) -> tuple[float, str]:
    """Duration and output of a successful command, run in the checkout."""
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=cluster.CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - started, done.stdout


def main() -> None:
    """Measures both in turn, so that the machine's other work hits both."""
    ratios = []
    for _round in range(ROUNDS):
        facts, _out = seconds(
            "ansible", "-i", "inventories/lab", HOSTS, "-m", "ansible.builtin.setup"
        )
        site, out = seconds("ansible-playbook", "-i", "inventories/lab", "playbooks/site.yml")
        changed = sum(map(int, re.findall(r"changed=(\d+)", out)))
        if changed:
            sys.exit(f"site.yml changed {changed} tasks: run it once more before the benchmark")
        ratios.append(site / facts)
        print(json.dumps({"facts_s": round(facts, 1), "site_s": round(site, 1)}), flush=True)
    print(json.dumps({"site_over_facts": round(statistics.median(ratios), 1), "goal": 12}))


if __name__ == "__main__":
    main()
