# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example of the inventory plugin's documentation, run by ``ansible-inventory``.

The expected output is in ``golden/``. After a change that is meant, write it anew and read the
difference::

    PYTHONPATH=.collections .venv/bin/python tests/integration/test_pstn_examples.py
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.tests.integration.pstn_inventory import (
    EXAMPLES,
    ansible_inventory,
    plain,
)

GOLDEN = Path(__file__).with_name("golden")
LOCK = "/inventory/cabling.txt"


def listed(directory: Path, name: str) -> dict[str, Any]:
    """What ``ansible-inventory --list`` says of an example."""
    path = directory / name
    path.write_text(EXAMPLES[name], encoding="utf-8")
    run = ansible_inventory(directory, "--inventory", str(path), "--list", GW1_ADDRESS="192.0.2.99")
    assert (run.returncode, run.stderr) == (0, "")
    found = plain(json.loads(run.stdout))
    assert isinstance(found, dict)
    for variables in found["_meta"]["hostvars"].values():
        assert variables["pstn_lock"] == str(directory.resolve() / "cabling.txt")
        variables["pstn_lock"] = LOCK
    return found


def rendered(value: object, indent: str = "") -> str:
    """JSON, with what is short in one line."""
    line = json.dumps(value, sort_keys=True)
    if len(indent) + len(line) <= 230 or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + " "
    if isinstance(value, list):
        parts = [rendered(one, inner) for one in value]
        start, end = "[]"
    else:
        parts = [f"{json.dumps(key)}: {rendered(one, inner)}" for key, one in sorted(value.items())]
        start, end = "{}"
    return "".join([start, "\n", ",\n".join(inner + part for part in parts), "\n", indent, end])


def test_every_example_has_a_name() -> None:
    assert len(EXAMPLES) == 6
    assert {f"{name}.json" for name in EXAMPLES} == {path.name for path in GOLDEN.iterdir()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_list(tmp_path: Path, name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert listed(tmp_path, name) == golden


def test_graph_and_host(tmp_path: Path) -> None:
    name = "sip.pstn.yml"
    path = tmp_path / name
    path.write_text(EXAMPLES[name], encoding="utf-8")
    graph = ansible_inventory(tmp_path, "--inventory", str(path), "--graph")
    assert (graph.returncode, graph.stderr) == (0, "")
    hosts = ["  |  |--gw1", "  |  |--gw2"]
    assert graph.stdout.splitlines() == [
        "@all:",
        "  |--@ungrouped:",
        *(
            line
            for group in (
                *("gateways", "trunk_group_carrier_a", "trunk_group_sip_b", "line_t1", "line_sip"),
                "spans_1",
            )
            for line in (f"  |--@{group}:", *hosts)
        ),
    ]
    host = ansible_inventory(tmp_path, "--inventory", str(path), "--host", "gw2")
    assert (host.returncode, host.stderr) == (0, "")
    golden = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert plain(json.loads(host.stdout)) == {
        **golden["_meta"]["hostvars"]["gw2"],
        "pstn_lock": str(tmp_path.resolve() / "cabling.txt"),
    }


if __name__ == "__main__":
    for example in EXAMPLES:
        with tempfile.TemporaryDirectory() as scratch:
            text = rendered(listed(Path(scratch), example)) + "\n"
        GOLDEN.joinpath(f"{example}.json").write_text(text, encoding="utf-8")
