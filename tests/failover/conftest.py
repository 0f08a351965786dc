# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The active server, telephones, and what the servers logged when a test failed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from tests.lab import cluster, failover
from tests.lab.telephone import Telephone


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # The tests only look at what was seen while the fixture was set up: later the logs are others.
    if report.failed and call.when == "setup":
        report.sections.extend(cluster.logs(200))
    return report


@pytest.fixture
def active(request: pytest.FixtureRequest) -> Iterator[str]:
    """The active server. Whatever the test left is put in order."""
    yield cluster.active()
    for name in cluster.CENTRAL:
        cluster.host(name).run("systemctl kill --signal=CONT asterisk")
        cluster.host(name).run("nft delete table inet lab_silence")
    if request.node.get_closest_marker("ends_well"):
        failover.mend()
        return
    done = cluster.playbook("site", "--limit", "central", "-e", "database_reseed=true")
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.fixture
def caller() -> Iterator[Telephone]:
    """A telephone of the public network."""
    with cluster.telephone("caller") as telephone:
        yield telephone


@pytest.fixture(scope="module")
def phone_is_on() -> None:
    """That of seat 1001."""
    cluster.switch_on("agent", {"1001"})


@pytest.fixture
def agent(phone_is_on: None) -> Iterator[Telephone]:  # noqa: ARG001 it has to be on before
    """The telephone of seat 1001."""
    with cluster.telephone("agent") as telephone:
        yield telephone
