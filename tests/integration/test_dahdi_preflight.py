# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that does not fit the server ends in one sentence; here the server has no card at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.tests.integration.test_bad_input import PRI

CHECKOUT = Path(__file__).parents[2]
CARD = {
    "slot": 1,
    "model": "TE420",
    "ports": [{"port": port, "kind": "t1", "circuit": f"a-{port}"} for port in range(1, 5)],
}


PORT = {"port": 2, "channel": 2, "kind": "fxo", "circuit": "seat-1", "signalling": "fxo_ks"}
STATION_ON_AN_FXO_PORT = {"slot": 1, "span": 1, "line": "analog", "ports": [PORT]}


def run(directory: Path, variables: dict[str, Any], entry_point: str) -> str:
    """Output of the role, in check mode."""
    role = {"name": "trunkline.callcenter.dahdi", "tasks_from": entry_point}
    tasks = [
        {"ansible.builtin.setup": {"gather_subset": ["!all", "min"]}},
        {"ansible.builtin.include_role": role},
    ]
    play = [{"hosts": "gw1", "gather_facts": False, "tasks": tasks}]
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory = {"all": {"hosts": {"gw1": {**local, **variables}}}}
    (directory / "hosts.json").write_text(json.dumps(inventory))
    (directory / "play.json").write_text(json.dumps(play))
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "ansible-playbook"),
            *("-i", "hosts.json", "--check", "play.json"),
        ],
        cwd=directory,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".collections"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 2}, done.stdout + done.stderr
    return done.stdout


def preflight(directory: Path, variables: dict[str, Any]) -> list[str]:
    """What the role says about the variables, before anything is changed."""
    decoder = json.JSONDecoder()
    output = run(directory, variables, "preflight")
    marker = "fatal: [gw1]: FAILED! => "
    return [str(decoder.raw_decode(part)[0]["msg"]) for part in output.split(marker)[1:]]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"dahdi_cards": [CARD]},
            "Slot 1 is a TE420 in the plan, and no such card is in the server: put it in, or take "
            "it out of cards.",
        ),
        (
            {"dahdi_cards": [CARD], "dahdi_devices": {"1": "@Board_ID_Switch_0"}},
            "Slot 1 is a TE420 in the plan, and no such card is in the server: put it in, or take "
            "it out of cards.",
        ),
        (
            {"dahdi_spans": [{**PRI, "framing": "ccs"}]},
            "dahdi_spans: span 1 (a-1): framing 'ccs' is impossible on a PRI over T1, use esf or "
            "d4.",
        ),
        (
            {"dahdi_spans": [{**PRI, "coding": "hdb3"}]},
            "dahdi_spans: span 1 (a-1): coding 'hdb3' is impossible on a PRI over T1, use b8zs or "
            "ami.",
        ),
        (
            {"dahdi_spans": [STATION_ON_AN_FXO_PORT]},
            "dahdi_spans: port 2 of slot 1 (seat-1): signalling 'fxo_ks' does not drive an FXO "
            "port, use fxs_ks, fxs_ls or fxs_gs.",
        ),
        (
            {"dahdi_devices": {"2": "0000:03:08.0"}},
            "dahdi_devices: slot 2 is in no plan, which has the slots none: correct the number.",
        ),
        (
            {"dahdi_echo_canceller": "mg3"},
            "Validation of arguments failed:\nvalue of dahdi_echo_canceller must be one of: mg2, "
            "kb1, sec, sec2, jpah, oslec, none, got: mg3",
        ),
        (
            {"dahdi_tone_zone": "gb"},
            "Validation of arguments failed:\nvalue of dahdi_tone_zone must be one of: ae, ar, at, "
            "au, be, bg, br, ch, cl, cn, cr, cz, de, dk, ee, es, fi, fr, gr, hu, il, in, it, jp, "
            "lt, mo, mx, my, nl, no, nz, pa, ph, pl, pt, ru, se, sg, th, tr, tw, uk, us, us-old, "
            "ve, za, got: gb",
        ),
    ],
)
def test_plan_that_does_not_fit(tmp_path: Path, variables: dict[str, Any], sentence: str) -> None:
    assert preflight(tmp_path, variables) == [sentence]


def test_gateway_that_never_had_a_card_gets_nothing(tmp_path: Path) -> None:
    recap = run(tmp_path, {}, "main").splitlines()[-2]
    assert "changed=0" in recap
    assert "failed=0" in recap
