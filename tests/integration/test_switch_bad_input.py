# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks that change the active server end in one sentence before anything is changed.

Here the hosts are this machine, which is no central server and holds no floating address: an
inventory of the wrong call center. What only servers can show is tried in the lab.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[2]
CHANGING = re.compile(
    r"^TASK \[(?!Gathering|Filters are loaded|Hosts, addresses|There are hosts|Somebody is ready|"
    r"State of the server|It is known which|Servers may change|Server does not).*$",
    re.MULTILINE,
)
UGLY = re.compile(r"Traceback|rror rendering|is undefined|object has no")
ELSEWHERE = (
    "Neither central1 nor central2 has the floating address 192.0.2.20: name with -i the inventory "
    "of this call center."
)
UNCONFIRMED = (
    "A drill breaks the active server on purpose, so that calls may be lost: choose a maintenance "
    "window, then confirm with -e drill_confirm=yes."
)
UNKNOWN_FAULT = (
    "drill_fault: 'earthquake' is unknown, choose from asterisk_killed, asterisk_frozen, "
    "database_killed."
)
ONE_SERVER = (
    "The group central has only central1: a switch needs two, the active server and its hot spare."
)


def run(directory: Path, name: str, hosts: int, *arguments: str) -> tuple[int, str]:
    """Exit status and output of a playbook, with as many central servers."""
    central = {f"central{number}": f"192.0.2.2{number}" for number in range(1, hosts + 1)}
    inventory: dict[str, Any] = {
        "all": {
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": sys.executable,
                "callcenter_secret": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
                "callcenter_spare": False,
                "callcenter_phone_networks": ["192.0.2.0/24"],
                "floating_ip_address": "192.0.2.20",
            }
        },
        "gateways": {"hosts": {"gw1": {"asterisk_address": "192.0.2.11"}}},
        "central": {
            "hosts": {name: {"asterisk_address": address} for name, address in central.items()}
        },
    }
    (directory / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            *("--inventory", str(directory / "hosts.yml")),
            f"playbooks/{name}.yml",
            *arguments,
        ],
        cwd=CHECKOUT,
        env={
            **{key: value for key, value in os.environ.items() if "ANSIBLE" not in key},
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_HOME": str(directory),
            "ANSIBLE_NOCOLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("name", "hosts", "arguments", "sentence"),
    [
        ("failover", 2, (), ELSEWHERE),
        ("failover", 2, ("--check",), ELSEWHERE),
        ("failover", 2, ("-e", "failover_force=true"), ELSEWHERE),
        (
            "failover",
            2,
            ("-e", "failover_to=central3"),
            "failover_to: 'central3' is no central server, choose central1 or central2.",
        ),
        ("failover", 1, (), ONE_SERVER),
        ("failback", 2, (), ELSEWHERE),
        ("failback", 1, (), ONE_SERVER),
        ("rollout", 2, (), ELSEWHERE),
        ("rollout", 1, (), ONE_SERVER),
        ("drill", 2, (), UNCONFIRMED),
        ("drill", 2, ("-e", "drill_confirm=no"), UNCONFIRMED),
        ("drill", 2, ("-e", "drill_confirm=yes drill_fault=earthquake"), UNKNOWN_FAULT),
        ("drill", 2, ("-e", "drill_confirm=yes"), ELSEWHERE),
        (
            "failover",
            0,
            (),
            "The group central has no host: add two, the active server and its hot spare.",
        ),
    ],
)
def test_one_sentence_and_nothing_changed(
    tmp_path: Path, name: str, hosts: int, arguments: tuple[str, ...], sentence: str
) -> None:
    code, output = run(tmp_path, name, hosts, *arguments)
    assert code != 0
    told = set()
    for match in re.finditer(r"^(?:fatal|failed): \[.+?\].* => (?={)", output, re.MULTILINE):
        result, _end = json.JSONDecoder().raw_decode(output[match.end() :])
        told.add(result.get("msg", ""))
    assert told == {sentence}, output
    assert not CHANGING.search(output), output
    assert not UGLY.search(output), output
    assert not re.search(r"changed=[1-9]", output), output
