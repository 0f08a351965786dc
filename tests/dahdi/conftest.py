# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A telephone and the status for the tests, and what the servers logged when a test failed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone


@pytest.fixture(scope="session", autouse=True)
def _agent_is_registered() -> None:
    """The telephone was switched on before there was a registrar."""
    cluster.switch_on("agent", {"1001"})


@pytest.fixture
def agent() -> Iterator[Telephone]:
    """The telephone of seat 1001, answered by hand."""
    with cluster.telephone("agent") as telephone:
        yield telephone
    guest.hang_up()
    cluster.wait_for_no_calls(15)


@pytest.fixture
def status(tmp_path: Path) -> Any:  # noqa: ANN401 a function
    """Asks for the state of the call center."""

    def ask(inventory: Path = cluster.INVENTORY) -> dict[str, Any]:
        file = tmp_path / "status.json"
        # An emulated processor takes its time.
        options = f"status_json={file} status_seconds=60"
        done = cluster.playbook("status", "-e", options, inventory=inventory)
        assert done.returncode == 0, done.stdout[-2000:]
        answer: dict[str, Any] = json.loads(file.read_text())
        return answer

    return ask


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        # A guest that does not answer is a fault of its own.
        with contextlib.suppress(RuntimeError):
            for name in (*cluster.GATEWAYS, *cluster.CENTRAL):
                log = cluster.host(name).run("tail -n 60 /var/log/asterisk/full.log").stdout
                report.sections.append((f"log of {name}", log))
            kernel = cluster.host(guest.GUEST).run("dmesg | tail -n 20").stdout
            report.sections.append(("kernel of the guest", kernel))
    return report
