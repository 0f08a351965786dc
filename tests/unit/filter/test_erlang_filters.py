# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of Erlang B and C, and the playbook of docs/sizing.md that uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import (
    erlang_b_blocking,
    erlang_b_traffic,
    erlang_c_mean_wait,
    erlang_c_service_level,
    erlang_c_wait_probability,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parents[3]
PACKAGE = "ansible_collections.trunkline.callcenter.plugins.filter"
PAGE = (CHECKOUT / "docs" / "sizing.md").read_text(encoding="utf-8")
FILTERS: dict[str, tuple[tuple[Any, ...], float]] = {
    "erlang_b_blocking": ((10, 18), erlang_b_blocking(10, 18)),
    "erlang_b_trunks": ((10, 0.01), 18),
    "erlang_b_traffic": ((18, 0.01), erlang_b_traffic(18, 0.01)),
    "erlang_c_wait_probability": ((10, 14), erlang_c_wait_probability(10, 14)),
    "erlang_c_mean_wait": ((10, 14, 180), erlang_c_mean_wait(10, 14, 180)),
    "erlang_c_service_level": ((10, 14, 180, 20), erlang_c_service_level(10, 14, 180, 20)),
    "erlang_c_agents": ((10, 180, 0.95, 30), 15),
}


def load(name: str) -> Callable[..., Any]:
    """The only filter of the file of that name."""
    filters = import_module(f"{PACKAGE}.{name}").FilterModule().filters()
    assert [*filters] == [name]
    function: Callable[..., Any] = filters[name]
    return function


def documentation(name: str) -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load(import_module(f"{PACKAGE}.{name}").DOCUMENTATION)
    return described


def arguments(name: str) -> list[str]:
    positional: str = documentation(name)["positional"]
    return positional.split(", ")


def test_every_filter_is_tested() -> None:
    files = (CHECKOUT / "plugins" / "filter").glob("erlang_*.py")
    assert sorted(FILTERS) == sorted(path.stem for path in files)


@pytest.mark.parametrize("name", FILTERS)
def test_result(name: str) -> None:
    (value, *others), expected = FILTERS[name]
    assert load(name)(value, *others) == expected
    named = dict(zip(arguments(name), others, strict=True))
    assert load(name)(value, **named) == expected


@pytest.mark.parametrize("name", FILTERS)
def test_documentation(name: str) -> None:
    described = documentation(name)
    assert described["name"] == name
    assert [*described["options"]] == ["_input", *arguments(name)]
    returned = yaml.safe_load(import_module(f"{PACKAGE}.{name}").RETURN)["_value"]["type"]
    assert type(FILTERS[name][1]).__name__ == returned


def test_defaults() -> None:
    agents = load("erlang_c_agents")
    options = documentation("erlang_c_agents")["options"]
    defaults = {name: option["default"] for name, option in options.items() if "default" in option}
    assert defaults == {"service_level": 0.8, "answer_seconds": 20}
    assert agents(10, 180) == agents(10, 180, **defaults) == 14


@pytest.mark.parametrize("name", FILTERS)
def test_error(name: str) -> None:
    _value, *others = FILTERS[name][0]
    with pytest.raises(AnsibleFilterError, match=r"'many' is not a (whole )?number"):
        load(name)("many", *others)
    (value, *_others), _expected = FILTERS[name]
    for position in range(len(others)):
        changed = [*others[:position], "many", *others[position + 1 :]]
        with pytest.raises(AnsibleFilterError) as error:
            load(name)(value, *changed)
        assert str(error.value).startswith(f"{arguments(name)[position]}: 'many' is not a ")


def test_examples_run(tmp_path: Path) -> None:
    """Every filter's own example, and bad input, in a real playbook."""
    tasks = [
        task
        for name in FILTERS
        for task in yaml.safe_load(import_module(f"{PACKAGE}.{name}").EXAMPLES)
    ]
    bad = "{{ 75 | trunkline.callcenter.erlang_c_mean_wait(75, 180) }}"
    tasks.append({"ansible.builtin.debug": {"msg": bad}, "ignore_errors": True})
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    *messages, error = run(tmp_path / "play.yml")
    assert messages == [
        pytest.approx(0.0070727, abs=5e-8),
        91,
        pytest.approx(1531.1, abs=0.05),
        pytest.approx(0.3261, abs=5e-5),
        pytest.approx(8.385, abs=5e-4),
        pytest.approx(0.8502, abs=5e-5),
        82,
    ]
    assert "agents: 75 do not keep up with 75 erlangs and the queue grows without bound" in error


@pytest.mark.parametrize(("column", "options"), [(0, ()), (1, ("-e", "calls=3840"))])
def test_playbook_of_the_page(tmp_path: Path, column: int, options: tuple[str, ...]) -> None:
    playbook = re.search(r"^```yaml\n(# sizing\.yml\n.+?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert playbook
    (tmp_path / "sizing.yml").write_text(playbook[1], encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \| .+ \|$", PAGE, re.MULTILINE)
    assert run(tmp_path / "sizing.yml", *options) == [
        {name: yaml.safe_load(numbers[column]) for name, *numbers in rows}
    ]


def run(playbook: Path, *options: str) -> list[Any]:
    """The messages of the tasks of a playbook."""
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            *("--inventory", "localhost,", *options),
            str(playbook),
        ],
        cwd=CHECKOUT,
        env={
            **{name: value for name, value in os.environ.items() if "ANSIBLE" not in name},
            "ANSIBLE_HOME": str(playbook.parent),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=600,
        check=True,
    )
    (play,) = json.loads(done.stdout)["plays"]
    return [task["hosts"]["localhost"]["msg"] for task in play["tasks"]]
