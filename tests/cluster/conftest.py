# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephones for the tests, and what the servers logged when a test failed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import derive_password
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


@pytest.fixture
def supervisor() -> Iterator[Telephone]:
    """The telephone of the supervisor, seat 1100, who is in no queue."""
    with cluster.telephone("supervisor") as telephone:
        yield telephone


@pytest.fixture
def room_full_of_agents() -> Iterator[None]:
    """Sixty more seats that answer by themselves."""
    with cluster.room_full_of_seats():
        # Otherwise one caller rings the telephone that is answered by hand.
        cluster.sql("UPDATE agents SET status = 'NotReady' WHERE number = '1001'")
        yield
        cluster.sql("UPDATE agents SET status = 'Ready' WHERE number = '1001'")


@pytest.fixture
def before() -> int:
    """Where the history of the agents ends, when nobody talks any more."""
    talking = "SELECT number FROM agents WHERE talking"
    cluster.wait_until("talks are over", lambda: cluster.sql(talking) == [], 5)
    ((last,),) = cluster.sql("SELECT COALESCE(MAX(id), 0) FROM agent_log")
    return int(last)


@pytest.fixture
def follows_afterwards() -> Iterator[str]:
    """The active server. Afterwards it follows the new one, as it wrote nothing meanwhile."""
    former = cluster.active()
    yield former
    password = derive_password(cluster.secret(), "database/replicator")
    cluster.host(former).check_output(
        "mariadb -e %s",
        "SET GLOBAL gtid_slave_pos = @@global.gtid_binlog_pos; "
        f"CHANGE MASTER TO MASTER_HOST = '{cluster.address(cluster.other(former))}', "
        f"MASTER_USER = 'replicator', MASTER_PASSWORD = '{password}', "
        "MASTER_USE_GTID = slave_pos; START SLAVE",
    )
    cluster.host(former).check_output("systemctl start trunkline-central")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        report.sections.extend(cluster.logs(40))
    return report
