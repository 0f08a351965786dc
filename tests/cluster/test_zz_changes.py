# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changing the seats while calls are up. Runs last: it changes the cluster, and puts it back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.telephone import Telephone

from .test_calls import talk

SEATS = {
    "central_accounts": [
        {"extensions": "1002-1200,!1102", "queues": ["sales"]},
        {"extensions": "2001", "name": "New agent", "queues": ["sales"]},
    ]
}


@pytest.fixture
def as_before() -> Iterator[None]:
    """The inventory's own seats afterwards."""
    yield
    done = cluster.playbook("site", "--limit", "central")
    assert done.returncode == 0, done.stdout[-2000:]
    # A seat that comes back is free again once its phone registers anew.
    cluster.host("phones").check_output("systemctl restart baresip@agent")


def started() -> dict[str, str]:
    """When the Asterisk of each central server was started."""
    query = "systemctl show -p ExecMainStartTimestamp --value asterisk"
    return {name: cluster.host(name).check_output(query) for name in cluster.CENTRAL}


@pytest.mark.usefixtures("as_before")
def test_seats_come_and_go_without_touching_calls(caller: Telephone, agent: Telephone) -> None:
    talk(caller, agent)
    before = started()
    done = cluster.playbook("site", "--limit", "central", "-e", json.dumps(SEATS))
    assert done.returncode == 0, done.stdout[-2000:]
    assert started() == before
    with pytest.raises(TimeoutError):
        caller.wait("CALL_CLOSED", seconds=0.5)
    active = cluster.active()
    assert cluster.calls(active) == 1
    members = cluster.asterisk(active, "queue show sales")
    assert "PJSIP/2001" in members
    assert "PJSIP/1102" not in members
    # The removed seat is talking: its call goes on, and ends as every other.
    assert "PJSIP/1001" not in members
    agent.hangup()
    caller.wait("CALL_CLOSED", seconds=4)
    cluster.wait_for_no_calls()
    endpoints = cluster.asterisk(active, "pjsip show endpoint 1102")
    assert "Unable to find object 1102" in endpoints
    spare_rows = cluster.host(cluster.spare()).check_output(
        "mariadb -N -B asterisk -e \"SELECT id FROM ps_endpoints WHERE id IN ('1102', '2001')\""
    )
    assert spare_rows == "2001"
