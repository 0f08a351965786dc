# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes while calls are up. Runs last: it changes the cluster, and puts it back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import cluster
from tests.lab.telephone import Telephone
from tests.lab.voice import heard, voice, write_wav

from .test_calls import talk

SEATS = {
    "central_accounts": [
        {"extensions": "1002-1200,!1102,!1103", "queues": ["sales"]},
        {"extensions": "1103", "queues": ["support"]},
        {"extensions": "1201"},
        {"extensions": "1301", "queues": ["plain"]},
        {"extensions": "5001-5002", "queues": ["sales"], "phone": False},
        {"extensions": "2001-2050", "name": "New agent", "queues": ["sales"]},
    ]
}


MENUS = {
    "gateway_numbers": {"5550100": "welcome", "default": {"announcement": ["new"]}},
    "gateway_menus": {"welcome": {"otherwise": {"queue": "sales"}}},
}
RECORDINGS = "/usr/local/share/trunkline/recordings"


def accounts(server: str, *extensions: str) -> set[str]:
    """Those of the seats that Asterisk can reach in the database."""
    shown = {one: cluster.asterisk(server, f"pjsip show endpoint {one}") for one in extensions}
    return {one for one, text in shown.items() if "Unable to find object" not in text}


def started() -> dict[str, str]:
    """When the Asterisk of each central server was started."""
    query = "systemctl show -p ExecMainStartTimestamp --value asterisk"
    return {name: cluster.host(name).check_output(query) for name in cluster.CENTRAL}


def recordings(gateway: str) -> list[str]:
    found = cluster.host(gateway).check_output(f"cd {RECORDINGS} && find . -type f | sort")
    return [str(name) for name in found.split()]


def pjsip_reloads(gateway: str) -> int:
    """How often lines and trunk were read again."""
    log = cluster.host(gateway).file("/var/log/asterisk/messages.log").content_string
    return str(log).count("Type 'system' is not reloadable")


def untouched() -> tuple[dict[str, str], dict[str, int]]:
    """What does not change while calls go on."""
    return started(), {gateway: pjsip_reloads(gateway) for gateway in cluster.GATEWAYS}


@pytest.fixture
def as_before() -> Iterator[None]:
    """The inventory's own seats, menus and recordings afterwards."""
    before = recordings("gw1")
    yield
    for group in ("central", "gateways"):
        done = cluster.playbook("site", "--limit", group)
        assert done.returncode == 0, done.stdout[-2000:]
    assert {gateway: recordings(gateway) for gateway in cluster.GATEWAYS} == dict.fromkeys(
        cluster.GATEWAYS, before
    )
    # A seat that comes back is free again once its phone registers anew.
    cluster.host("phones").check_output("systemctl restart baresip@agent")


@pytest.mark.usefixtures("as_before")
def test_seats_menus_and_recordings_change_without_touching_calls(
    caller: Telephone, agent: Telephone, tmp_path: Path
) -> None:
    # A guest sits at a phone that will be gone.
    cluster.sql(
        "UPDATE agents SET phone = NULL WHERE number = '1102'; "
        "UPDATE agents SET phone = '1102' WHERE number = '5001'"
    )
    write_wav(tmp_path / "new.wav", voice("new", 4))
    talk(caller, agent)
    ((last,),) = cluster.sql("SELECT MAX(id) FROM agent_log")
    before = untouched()
    changes = {**SEATS, **MENUS, "gateway_recordings": str(tmp_path)}
    done = cluster.playbook("site", "-e", json.dumps(changes))
    assert done.returncode == 0, done.stdout[-2000:]
    assert untouched() == before
    with pytest.raises(TimeoutError):
        caller.wait("CALL_CLOSED", seconds=0.5)
    assert cluster.calls(cluster.active()) == 1
    queues_have_their_new_members()
    agents_have_come_and_gone(last)
    assert [recordings(gateway) for gateway in cluster.GATEWAYS] == [["./new.wav"]] * 2

    # The removed seat is talking: its call goes on, and ends as every other.
    agent.hangup()
    caller.wait("CALL_CLOSED", seconds=4)
    cluster.wait_for_no_calls()
    cluster.wait_until(
        "both servers have forgotten them",
        lambda: all(accounts(one, "1001", "1102", "2050") == {"2050"} for one in cluster.CENTRAL),
    )
    contacts = cluster.sql("SELECT endpoint FROM ps_contacts WHERE endpoint IN ('1001', '1102')")
    assert contacts == []

    # A number that nobody has: now there is an answer.
    caller.forget()
    caller.dial("5559999", cluster.address("gw2"))
    caller.wait("CALL_ESTABLISHED")
    caller.wait("CALL_CLOSED")
    time.sleep(0.5)
    assert heard(voice("new", 4), cluster.recording("caller", "dec")) >= 0.5


def queues_have_their_new_members() -> None:
    active = cluster.active()
    members = cluster.asterisk(active, "queue show sales")
    assert members.count("New agent") == 50
    assert "PJSIP/1001" not in members
    assert "PJSIP/1102" not in members
    assert "PJSIP/1103" not in members
    assert "PJSIP/1103" in cluster.asterisk(active, "queue show support")


def agents_have_come_and_gone(last: str) -> None:
    """What the history says since that entry."""
    changed = "agent IN ('1102', '1103', '2050', '5001')"
    assert cluster.sql(
        "SELECT agent, COALESCE(queue_name, ''), status, reason FROM agent_log "  # noqa: S608
        f"WHERE id > {last} AND {changed} ORDER BY agent, queue_name"
    ) == [
        ["1102", "", "LoggedOut", "removed"],
        ["1103", "sales", "LoggedOut", "removed"],
        ["1103", "support", "LoggedIn", ""],
        ["2050", "", "Ready", ""],
        ["2050", "sales", "LoggedIn", ""],
        ["5001", "", "LoggedOut", ""],
    ]
