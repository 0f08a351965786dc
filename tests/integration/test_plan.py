# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``plan.yml`` shows what to move, and believes that it was moved only when somebody says so.

The inventory is a plain one whose variables are what the inventory plugin would set.
"""

from __future__ import annotations

import os
import re
import select
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    read_lock,
    render_lock,
)

CHECKOUT = Path(__file__).parents[2]
UGLY = re.compile(r"Traceback|rror rendering|caused by|is undefined|object has no|Sub-Event")
QUESTION = "Are the cables as the work order says? yes/no"
CONFIRMED = ("--extra-vars", "plan_confirm=true")
DENIED = ("--extra-vars", "plan_confirm=false")
FIRST_ORDER = [
    "1. Plug carrier_a-1 into gw1, card 1, port 1.",
    "2. Plug carrier_a-2 into gw1, card 1, port 2.",
    "3. Plug carrier_a-3 into gw2, card 1, port 1.",
    "4. Let the carrier send sip_b-1 to gw2.",
]
FIRST_LOCK = """\
cabling 1
trunk_group 1 carrier_a
trunk_group 2 sip_b
gw1/1/1 carrier_a-1
gw1/1/2 carrier_a-2
gw2/1/1 carrier_a-3
gw2/sip sip_b-1
end 4
"""


@dataclass(frozen=True)
class Run:
    """What ``ansible-playbook`` did."""

    code: int
    output: str

    @property
    def steps(self) -> list[str]:
        return re.findall(r"^ +- (\d+\. .+)$", self.output, re.MULTILINE)

    @property
    def failed(self) -> set[str]:
        return set(re.findall(r"^(\S+) .* failed=[1-9]", self.output, re.MULTILINE))

    @property
    def changed(self) -> int:
        (count,) = re.findall(r"^localhost .* changed=(\d+) ", self.output, re.MULTILINE)
        return int(count)

    @property
    def added(self) -> list[str]:
        """Lines that a diff shows as new ones."""
        return re.findall(r"^\+(?!\+\+ )(.+)$", self.output, re.MULTILINE)

    @property
    def words(self) -> str:
        """The output without the lines' ends, as Ansible breaks sentences."""
        return " ".join(self.output.split())


def read(directory: Path) -> dict[str, str]:
    files = directory.iterdir() if directory.is_dir() else ()
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def converse(process: subprocess.Popen[bytes], answer: str | None) -> str:
    """All output of the process, which gets the answer when it has asked its question."""
    assert process.stdout
    output = b""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if select.select([process.stdout], [], [], 0.5)[0]:
            read_now = os.read(process.stdout.fileno(), 65536)
            if not read_now:
                return output.decode()
            output += read_now
        elif answer is not None and process.stdin and QUESTION.encode() in output:
            # Once more if need be: Ansible throws away what was typed shortly after it asked.
            process.stdin.write(f"{answer}\n".encode())
            process.stdin.flush()
    raise TimeoutError(output.decode())


class Directory:
    """An inventory and what is written beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path / "inventory" / "cabling.txt"
        self.lock.parent.mkdir()
        self.plan(gw1=["carrier_a-1", "carrier_a-2"], gw2=["carrier_a-3", None], sip="gw2")

    def plan(self, sip: str, **gateways: list[str | None]) -> None:
        hosts: dict[str, Any] = {
            gateway: {
                "pstn_wiring": {
                    "gateway": gateway,
                    "site": None,
                    "cards": [{"slot": 1, "model": "TE220", "ports": self._ports(circuits)}],
                    "sip": [{"circuit": "sip_b-1", "trunk_group": "sip_b", "channels": 30}]
                    if gateway == sip
                    else [],
                }
            }
            for gateway, circuits in gateways.items()
        }
        hosts["without_lines"] = None
        variables = {
            "pstn_lock": str(self.lock),
            "pstn_trunk_groups": {"sip_b": 2, "carrier_a": 1},
        }
        self.write({"gateways": {"hosts": hosts, "vars": variables}})

    def write(self, inventory: dict[str, Any]) -> None:
        file = self.lock.parent / "hosts.yml"
        file.write_text(yaml.safe_dump(inventory), encoding="utf-8")

    def check(self) -> Run:
        """The check that comes before gateways are changed."""
        play = {
            "hosts": "gateways",
            "gather_facts": False,
            "connection": "local",
            "tasks": [
                {"ansible.builtin.import_tasks": f"{CHECKOUT}/playbooks/tasks/cabling.yml"},
            ],
        }
        playbook = self.path / "check.yml"
        playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
        return self.run(playbook=str(playbook))

    def run(
        self, *options: str, answer: str | None = None, playbook: str = "playbooks/plan.yml"
    ) -> Run:
        """One run; with an answer on a terminal."""
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            *("--inventory", str(self.lock.parent)),
            *options,
            playbook,
        ]
        if answer is not None:
            command = ["script", "--quiet", "--return", "--command", shlex.join(command)]
            command.append("/dev/null")
        with subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={
                **{name: value for name, value in os.environ.items() if "ANSIBLE" not in name},
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
                "ANSIBLE_HOME": str(self.path),
                "ANSIBLE_NOCOLOR": "1",
                "COLUMNS": "80",
            },
            stdin=subprocess.DEVNULL if answer is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                output = converse(process, answer)
            except TimeoutError:
                process.kill()
                raise
        text = output.replace("\r", "")
        assert not UGLY.search(text), text
        return Run(process.returncode, text)

    @property
    def cabled(self) -> str:
        """The lock without its first line, a comment."""
        return self.lock.read_text(encoding="utf-8").partition("\n")[2]

    @property
    def files(self) -> dict[str, str]:
        """What was written into the inventory."""
        files = read(self.lock.parent)
        del files["hosts.yml"]
        return files

    @property
    def drawings(self) -> dict[str, str]:
        return read(self.path / "inventory-cabling")

    @staticmethod
    def _ports(circuits: list[str | None]) -> list[dict[str, Any]]:
        return [
            {
                "port": number,
                "kind": "t1",
                "circuit": circuit,
                "trunk_group": circuit and "carrier_a",
                "channels": 23 if circuit else 0,
            }
            for number, circuit in enumerate(circuits, 1)
        ]


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return Directory(tmp_path)


@pytest.fixture
def cabled(directory: Directory) -> Directory:
    """With the first plan carried out."""
    directory.lock.write_text(render_lock(read_lock(FIRST_LOCK)), encoding="utf-8")
    return directory


def test_first_plan_without_a_terminal(directory: Directory) -> None:
    run = directory.run()
    assert run.code == 0, run.output
    assert run.steps == FIRST_ORDER
    assert set(directory.drawings) == {"cabling.html", "cabling.csv"}
    assert all("carrier_a-3" in text for text in directory.drawings.values())
    assert f"{directory.lock} is not written: move them" in run.words
    assert run.changed == 2
    again = directory.run(*DENIED)
    assert again.code == 0, again.output
    assert again.changed == 0
    assert again.steps == FIRST_ORDER
    assert QUESTION not in again.output
    assert not directory.lock.exists()


def test_confirmed_then_unchanged(directory: Directory) -> None:
    run = directory.run(*CONFIRMED, "--diff")
    assert run.code == 0, run.output
    assert run.steps == FIRST_ORDER
    assert directory.cabled == FIRST_LOCK
    assert "\n".join(run.added).endswith(FIRST_LOCK.strip())
    assert "is not written" not in run.words
    files = directory.files, directory.drawings
    assert set(directory.files) == {"cabling.txt"}
    for options in ((), ("--check",)):
        again = directory.run(*options)
        assert again.code == 0, again.output
        assert again.changed == 0
        assert again.steps == []
        assert f"All cables are as {directory.lock} has them" in again.words
        assert "is not written" not in again.words
        assert (directory.files, directory.drawings) == files


@pytest.mark.parametrize(("answer", "confirms"), [("yes", True), ("", False)])
def test_answer(directory: Directory, answer: str, confirms: bool) -> None:
    run = directory.run(answer=answer)
    assert run.code == 0, run.output
    assert QUESTION in run.output
    assert directory.lock.exists() == confirms
    assert ("is not written" in run.words) == (not confirms)


def test_moved_circuits(cabled: Directory) -> None:
    before = cabled.files
    cabled.plan(gw1=["carrier_a-1", "carrier_a-4"], gw2=["carrier_a-2", "carrier_a-3"], sip="gw1")
    order = [
        "1. Move carrier_a-3 from gw2, card 1, port 1 to gw2, card 1, port 2.",
        "2. Move carrier_a-2 from gw1, card 1, port 2 to gw2, card 1, port 1.",
        "3. Let the carrier send sip_b-1 to gw1 instead of gw2.",
        "4. Plug carrier_a-4 into gw1, card 1, port 2.",
    ]
    check = cabled.run("--check", "--diff", *CONFIRMED)
    assert check.code == 0, check.output
    assert check.steps == order
    assert "gw2/1/1 carrier_a-2" in check.added
    assert cabled.files == before
    assert cabled.drawings == {}
    run = cabled.run(*CONFIRMED)
    assert run.code == 0, run.output
    assert run.steps == order
    assert "carrier_a-4" in cabled.drawings["cabling.csv"]
    assert cabled.cabled == (
        "cabling 1\ntrunk_group 1 carrier_a\ntrunk_group 2 sip_b\ngw1/1/1 carrier_a-1\n"
        "gw1/1/2 carrier_a-4\ngw1/sip sip_b-1\ngw2/1/1 carrier_a-2\ngw2/1/2 carrier_a-3\nend 5\n"
    )


def test_check_mode_asks_nothing_and_writes_nothing(directory: Directory) -> None:
    run = directory.run("--check", "--diff")
    assert run.code == 0, run.output
    assert run.steps == FIRST_ORDER
    assert "\n".join(run.added).endswith(FIRST_LOCK.strip())
    assert QUESTION not in run.output
    assert directory.files == directory.drawings == {}


def test_only_other_lines_of_the_lock_change(cabled: Directory) -> None:
    text = cabled.lock.read_text(encoding="utf-8").replace("group 2 sip", "group 7 sip")
    cabled.lock.write_text(text, encoding="utf-8")
    run = cabled.run(*CONFIRMED)
    assert run.code == 0, run.output
    assert "No cable has to be moved" in run.words
    assert cabled.cabled == FIRST_LOCK


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), (FIRST_LOCK.replace("gw2/1/1", "gw1/1/1"), 6)],
)
def test_broken_lock_is_kept(directory: Directory, text: str, line: int) -> None:
    directory.lock.write_text(text, encoding="utf-8")
    run = directory.run(*CONFIRMED)
    assert run.code != 0
    assert f"cabling lock {directory.lock}: line {line}: " in run.words
    assert directory.files == {directory.lock.name: text}
    assert directory.drawings == {}


def test_other_directory(directory: Directory) -> None:
    place = directory.path / "drawings"
    run = directory.run(*DENIED, "--extra-vars", f"plan_directory={place}")
    assert run.code == 0, run.output
    assert set(read(place)) == {"cabling.html", "cabling.csv"}
    assert directory.files == directory.drawings == {}


@pytest.mark.parametrize("place", [".", "drawings", "link"])
def test_drawings_are_not_taken_for_hosts(directory: Directory, place: str) -> None:
    if place == "link":
        here = directory.path / place
        here.symlink_to(directory.lock.parent)
    else:
        here = directory.lock.parent / place
    run = directory.run(*CONFIRMED, "--extra-vars", f"plan_directory={here}")
    assert run.code != 0
    assert f"plan_directory: {here} is in an inventory directory, where" in run.words
    assert directory.files == {}


def test_inventory_without_a_plan(directory: Directory) -> None:
    directory.write({"gateways": {"hosts": {"gw1": None}}})
    run = directory.run(*CONFIRMED)
    assert run.code != 0
    assert "The inventory plans no cables: name one with -i" in run.words
    assert directory.files == {}


def test_inventory_with_two_locks(directory: Directory) -> None:
    wiring: dict[str, Any] = {"gateway": "gw1", "site": None, "cards": [], "sip": []}
    directory.write(
        {
            "gateways": {
                "vars": {"pstn_wiring": wiring, "pstn_trunk_groups": {}},
                "hosts": {"gw1": {"pstn_lock": "/a/one"}, "gw2": {"pstn_lock": "/b/two"}},
            }
        }
    )
    run = directory.run(*CONFIRMED)
    assert run.code != 0
    assert "several cabling locks (/a/one, /b/two): name with -i" in run.words


def test_gateways_wait_for_their_cables(directory: Directory) -> None:
    missing = directory.check()
    assert missing.failed == {"gw1", "gw2"}
    assert "2 circuits to be plugged in: run playbooks/plan.yml first" in missing.words
    directory.lock.write_text(render_lock(read_lock(FIRST_LOCK)), encoding="utf-8")
    good = directory.check()
    assert good.code == 0, good.output
    assert good.failed == set()
    directory.plan(gw1=["carrier_a-1", "carrier_a-2"], gw2=[None, "carrier_a-3"], sip="gw2")
    differs = directory.check()
    assert differs.failed == {"gw2"}
    assert "in 1 circuit (carrier_a-3 belongs into card 1, port 2): run" in differs.words
