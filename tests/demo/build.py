# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks with one line of progress instead of their whole output."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.lab import cluster

LOG = cluster.CHECKOUT / ".cache" / "demo.log"


class BuildError(Exception):
    """A playbook failed; the text says which and shows the end of its output."""


def run_playbook(what: str, playbook: str) -> None:
    """Runs a playbook on the lab; shows the present task, and in the end how long it took.

    Raises BuildError when it fails. The whole output is appended to LOG.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    command = ["ansible-playbook", "-i", "inventories/lab", playbook]
    started = time.monotonic()
    output: list[str] = []
    _show(what)
    with (
        LOG.open("a") as log,
        subprocess.Popen(
            command,
            cwd=cluster.CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            output.append(line)
            if task := re.match(r"TASK \[(?:[\w.]+ : )?(.+)\] \*", line):
                _show(f"{what}: {task[1]}")
    if process.returncode:
        _show("")
        raise BuildError(
            f"{what}: failed\n\n{''.join(output[-40:])}\nEverything is in {_log_name()}"
        )
    _show("")
    print(f"{what} ({time.monotonic() - started:.0f} s)", flush=True)


def _log_name() -> Path:
    return LOG.relative_to(cluster.CHECKOUT)


def _show(text: str) -> None:
    """Replaces the line of progress; where nobody watches, nothing is shown."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{text[:width]}", end="", flush=True)
