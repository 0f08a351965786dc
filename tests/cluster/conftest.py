# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephones for the tests, and what the servers logged when a test failed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.lab import cluster
from tests.lab.telephone import Telephone


@pytest.fixture(autouse=True)
def _nobody_is_left_of_the_test_before() -> None:
    """A caller who still waits would take an agent of this test."""
    cluster.wait_for_no_calls()


@pytest.fixture
def caller() -> Iterator[Telephone]:
    """A telephone of the public network."""
    with cluster.telephone("caller") as telephone:
        yield telephone


@pytest.fixture(scope="session", autouse=True)
def _agent_is_registered() -> None:
    """The telephone was switched on before there was a registrar."""
    cluster.switch_on("agent", {"1001"})


@pytest.fixture
def agent() -> Iterator[Telephone]:
    """The telephone of seat 1001, answered by hand."""
    with cluster.telephone("agent") as telephone:
        yield telephone


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for name in (*cluster.GATEWAYS, *cluster.CENTRAL):
            log = cluster.host(name).run("tail -n 40 /var/log/asterisk/full.log").stdout
            report.sections.append((f"log of {name}", log))
    return report
