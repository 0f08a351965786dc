# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the call center, from what the lab's hosts really answered.

``fixtures/status.json`` has the variables of each host as the filter sees them: of two gateways and
two central servers while a call was up, of ``gw3``, which did not exist, and of ``central3``, which
was frozen.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.status import (
    WIDTH,
    Status,
    read_status,
    status_table,
)

FIXTURE = json.loads(
    (Path(__file__).parent / "fixtures" / "status.json").read_text(encoding="utf-8")
)
TIME = "2026-11-23 07:30:00 UTC"
GATEWAYS = ["gw1", "gw2"]
CENTRAL = ["central1", "central2"]

Hosts = dict[str, dict[str, Any]]


@pytest.fixture
def hosts() -> Hosts:
    answers: Hosts = copy.deepcopy(FIXTURE)
    lease(answers, "central1", state="active", votes=3)
    lease(answers, "central2")
    return answers


def lease(hosts: Hosts, name: str, **changes: object) -> None:
    """What trunkline_handover.py prints on ``name``: a healthy spare, but for the ``changes``."""
    said = {
        "host": name,
        "state": "spare",
        "healthy": True,
        "reasons": [],
        "votes": 0,
        "voters": 3,
        "missing": [],
        "holder": "central1",
        "since": 1790000000.1,
        "talking": [],
        "time": 1790000060.3,
        **changes,
    }
    hosts[name]["_status_lease"] = {"rc": 0, "stdout": json.dumps(said), "stderr": ""}


def read(
    hosts: Hosts, gateways: list[str] | None = None, central: list[str] | None = None
) -> Status:
    return read_status(gateways or GATEWAYS, central or CENTRAL, hosts, TIME)


def problems(status: Status) -> list[str]:
    return [problem["problem"] for problem in status["problems"]]


def endpoint(hosts: Hosts, host: str, name: str) -> dict[str, Any]:
    endpoints: list[dict[str, Any]] = hosts[host]["_status_asterisk"]["endpoints"]
    return next(one for one in endpoints if one["name"] == name)


def channel(name: str, bridge: str = "") -> dict[str, Any]:
    return {"name": name, "state": "up", "application": "", "bridge": bridge, "seconds": 1}


def member(state: str = "not in use", **changes: object) -> dict[str, Any]:
    return {
        "interface": "PJSIP/1001",
        "name": "Agent 1001",
        "state": state,
        "in_call": False,
        "paused": False,
        "reason": "",
        **changes,
    }


def replica(hosts: Hosts) -> dict[str, Any]:
    rows: list[dict[str, Any]] = hosts["central2"]["_status_database"]["query_result"][1]
    return rows[0]


def fall_silent(hosts: Hosts, name: str) -> None:
    """``name`` answers as the host that does not exist."""
    for question in ("_status_network", "_status_asterisk", "_status_database"):
        hosts[name][question] = copy.deepcopy(hosts["gw3"][question])
    hosts[name].pop("_status_lease", None)


def hold_address(hosts: Hosts, name: str, holds: bool = True) -> None:
    own = [hosts[name]["ansible_host"]]
    hosts[name]["_status_network"]["ansible_facts"]["ansible_all_ipv4_addresses"] = (
        [*own, hosts[name]["floating_ip_address"]] if holds else own
    )


def make_writable(hosts: Hosts, name: str, writable: int = 1) -> None:
    hosts[name]["_status_database"]["query_result"] = [[{"writable": writable}], []]


def test_a_call_is_up(hosts: Hosts) -> None:
    assert status_table(read(hosts)) == GOLDEN_CALL


def test_dead_hosts(hosts: Hosts) -> None:
    status = read(hosts, [*GATEWAYS, "gw3"], ["central1", "central3"])
    assert status_table(status) == GOLDEN_DEAD
    assert [host["role"] for host in status["hosts"]] == ["active", "central", *["gateway"] * 3]


def test_two_active_servers(hosts: Hosts) -> None:
    hold_address(hosts, "central2")
    make_writable(hosts, "central2")
    status = read(hosts)
    assert status_table(status) == GOLDEN_TWO
    assert status["floating_ip"]["holders"] == CENTRAL
    assert status["source"] == "central1"


def test_of_two_active_servers_the_one_that_writes_is_asked(hosts: Hosts) -> None:
    hold_address(hosts, "central2")
    make_writable(hosts, "central1", 0)
    make_writable(hosts, "central2")
    assert read(hosts)["source"] == "central2"


def test_active_server_dead(hosts: Hosts) -> None:
    fall_silent(hosts, "central1")
    for gateway in GATEWAYS:
        endpoint(hosts, gateway, "central")["state"] = "unavailable"
    status = read(hosts)
    assert problems(status) == [
        "central1 cannot be reached: connect to host 10.77.0.99 port 22: No route to host.",
        "No central server (except perhaps central1) holds the floating address 10.77.0.20: "
        "callers reach no agent.",
    ]
    assert set(status["calls"].values()) == {None}
    assert status_table(status).endswith("are unknown: no active server answers")


def test_active_server_dead_for_this_controller_only(hosts: Hosts) -> None:
    fall_silent(hosts, "central1")
    assert problems(read(hosts)) == [
        "central1 cannot be reached: connect to host 10.77.0.99 port 22: No route to host."
    ]


def test_address_held_by_nobody(hosts: Hosts) -> None:
    hold_address(hosts, "central1", holds=False)
    lease(hosts, "central1", holder="")
    lease(hosts, "central2", holder="")
    endpoint(hosts, "gw1", "central")["state"] = "unavailable"
    # That the trunk is down follows from it.
    assert problems(read(hosts)) == [
        "No central server holds the floating address 10.77.0.20: callers reach no agent."
    ]


def test_hosts_left_out_are_no_problem(hosts: Hosts) -> None:
    for name in ("central1", *GATEWAYS):
        for question in (
            "_status_network",
            "_status_asterisk",
            "_status_database",
            "_status_lease",
        ):
            hosts[name].pop(question, None)
    status = read(hosts)
    assert not status["problems"]
    assert [host["state"] for host in status["hosts"]] == ["not asked", "up", *["not asked"] * 2]


def test_asterisk_down(hosts: Hosts) -> None:
    hosts["gw1"]["_status_asterisk"] = {
        "changed": False,
        "running": False,
        "reason": "no answer at 127.0.0.1:5038: [Errno 111] Connection refused",
    }
    hosts["gw2"]["_status_asterisk"] = hosts["central3"]["_status_network"]
    status = read(hosts)
    assert problems(status) == [
        "Asterisk of gw1 does not answer: no answer at 127.0.0.1:5038: [Errno 111] Connection "
        "refused.",
        "Asterisk of gw2 does not answer: Timed out after 15 second(s).",
    ]
    assert {host["trunk"] for host in status["hosts"] if host["role"] == "gateway"} == {"unknown"}
    assert "gw1      up     down      ?" in status_table(status)


def test_trunk_down(hosts: Hosts) -> None:
    endpoint(hosts, "gw1", "central")["state"] = "unavailable"
    assert problems(read(hosts)) == [
        "The trunk of gw1 to 10.77.0.20 is down: callers there reach no agent."
    ]


def test_trunk_not_configured(hosts: Hosts) -> None:
    hosts["gw1"]["_status_asterisk"]["endpoints"] = []
    assert problems(read(hosts)) == [
        "The trunk of gw1 to 10.77.0.20 is down: callers there reach no agent.",
        "gw1: Asterisk does not know the circuits telco.",
    ]


def test_circuits(hosts: Hosts) -> None:
    answer = hosts["gw1"]["_status_asterisk"]
    hosts["gw1"]["gateway_circuits"] = [
        {"name": "a-1", "host": "192.0.2.1", "channels": 23},
        {"name": "b", "host": "192.0.2.2"},
        {"name": "c", "host": "192.0.2.3", "channels": 5},
        {"name": "d", "channels": 23},
    ]
    answer["endpoints"] += [
        {"name": "circuit-a-1", "state": "in use"},
        {"name": "circuit-b", "state": "unavailable"},
    ]
    answer["channels"] = [
        channel("PJSIP/circuit-a-1-0000000a"),
        channel("PJSIP/circuit-a-1-0000000b"),
        channel("PJSIP/central-0000000c"),
    ]
    status = read(hosts, ["gw1"])
    assert [
        (circuit["name"], circuit["state"], circuit["calls"], circuit["channels"])
        for circuit in status["circuits"]
    ] == [
        ("a-1", "up", 2, 23),
        ("b", "down", 0, 30),
        ("c", "missing", 0, 5),
        ("d", "unknown", None, 23),
    ]
    assert problems(status) == [
        "gw1: 1 of 4 circuits down: b.",
        "gw1: Asterisk does not know the circuits c.",
    ]
    assert "1/4   2/81  b down, c missing, a-1 2/23, d ?/23" in status_table(status)


def test_many_circuits_down_are_one_problem(hosts: Hosts) -> None:
    circuits = [{"name": f"pots-{number}", "host": "192.0.2.1"} for number in range(1, 21)]
    hosts["gw1"]["gateway_circuits"] = circuits
    hosts["gw1"]["_status_asterisk"]["endpoints"] += [
        {"name": f"circuit-{circuit['name']}", "state": "unavailable"} for circuit in circuits
    ]
    assert problems(read(hosts)) == [
        "gw1: 20 of 20 circuits down: pots-1, pots-2, pots-3, pots-4, pots-5, pots-6 and 14 more."
    ]


def test_no_database_writable(hosts: Hosts) -> None:
    make_writable(hosts, "central1", 0)
    assert problems(read(hosts)) == [
        "No database is writable: phones cannot register, agents cannot log in.",
        "The database of central1 gets no changes: it is read-only and follows no server.",
    ]


def test_database_of_the_spare_writable(hosts: Hosts) -> None:
    make_writable(hosts, "central1", 0)
    make_writable(hosts, "central2")
    assert problems(read(hosts)) == [
        "central1 is active, but its database is read-only and that of central2 writable."
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"Slave_IO_Running": "Connecting", "Last_IO_Error": "error connecting to master"},
            "The database of central2 gets no changes from central1: error connecting to master.",
        ),
        (
            {"Slave_SQL_Running": "No", "Last_SQL_Error": "Duplicate entry '7' for key 'PRIMARY'"},
            "The database of central2 gets no changes from central1: Duplicate entry '7' for key "
            "'PRIMARY'.",
        ),
        (
            {"Slave_IO_Running": "No", "Slave_SQL_Running": "No", "Seconds_Behind_Master": None},
            "The database of central2 gets no changes from central1: Slave_SQL_Running is No.",
        ),
        (
            {"Seconds_Behind_Master": 11},
            "The database of central2 is 11 s behind central1: a fail-over now would lose what "
            "happened since.",
        ),
        ({"Seconds_Behind_Master": 10}, ""),
    ],
)
def test_replication(hosts: Hosts, changes: dict[str, Any], problem: str) -> None:
    replica(hosts).update(changes)
    assert problems(read(hosts)) == ([problem] if problem else [])


def test_database_follows_a_stranger(hosts: Hosts) -> None:
    replica(hosts)["Master_Host"] = "192.0.2.1"
    assert "follows 192.0.2.1, 0 s behind" in status_table(read(hosts))


def test_database_down(hosts: Hosts) -> None:
    hosts["central2"]["_status_database"] = {
        "failed": False,
        "msg": "unable to connect to database, check login_user and login_password are correct or "
        '/root/.my.cnf has the credentials. Exception message: (2003, "Can\'t connect")',
    }
    assert problems(read(hosts)) == [
        'The database of central2 does not answer: (2003, "Can\'t connect").'
    ]


def test_database_not_asked_is_not_said_to_be_down(hosts: Hosts) -> None:
    hosts["central2"]["_status_asterisk"] = hosts["central3"]["_status_network"]
    del hosts["central2"]["_status_database"]
    del hosts["central2"]["_status_lease"]
    assert problems(read(hosts)) == [
        "Asterisk of central2 does not answer: Timed out after 15 second(s)."
    ]


@pytest.mark.parametrize(
    ("agent", "state"),
    [
        (member(), "free"),
        (member(paused=True), "paused"),
        (member("in use"), "talking"),
        (member("on hold", paused=True), "talking"),
        (member(in_call=True), "talking"),
        (member("ringing"), "ringing"),
        (member("unavailable", paused=True), "unavailable"),
        (member("invalid"), "unavailable"),
        (member("unknown"), "unavailable"),
    ],
)
def test_each_agent_is_counted_once(hosts: Hosts, agent: dict[str, Any], state: str) -> None:
    hosts["central1"]["_status_asterisk"]["queues"][0]["members"] = [agent]
    agents = read(hosts)["queues"][0]["agents"]
    counts = {
        key: value for key, value in agents.items() if key not in {"members", "pause_reasons"}
    }
    assert agents["members"] == 1
    assert [key for key, value in counts.items() if value] == [state]


@pytest.mark.parametrize(
    ("states", "ringing", "talking"),
    [(["ringing"], 1, 0), (["ringing", "up"], 0, 1), (["up"], 0, 1), ([], 0, 1)],
)
def test_a_phone_that_takes_one_call_is_busy_while_it_rings(
    hosts: Hosts, states: list[str], ringing: int, talking: int
) -> None:
    answer = hosts["central1"]["_status_asterisk"]
    answer["queues"][0]["members"] = [member("busy")]
    answer["channels"] = [
        {**channel(f"PJSIP/1001-0000001{number}"), "state": state}
        for number, state in enumerate(states)
    ]
    agents = read(hosts)["queues"][0]["agents"]
    assert (agents["ringing"], agents["talking"]) == (ringing, talking)


def test_nobody_to_answer(hosts: Hosts) -> None:
    queue = hosts["central1"]["_status_asterisk"]["queues"][0]
    queue.update(waiting=3, longest_wait=75)
    queue["members"] = [
        member("unavailable"),
        member(paused=True, reason="Lunch"),
        member(paused=True),
    ]
    status = read(hosts)
    assert problems(status) == [
        "Queue sales: 3 callers waiting and nobody to answer: every agent is paused or unavailable."
    ]
    assert status["queues"][0]["agents"]["pause_reasons"] == {"Lunch": 1, "no reason": 1}
    table = status_table(status)
    assert "sales        3     1:15" in table
    assert "\n  paused: Lunch 1, no reason 1\n" in table
    assert "3 waiting, the longest for 1:15" in table


def test_conversations_that_outlived_a_fail_over(hosts: Hosts) -> None:
    hosts["central1"]["_status_asterisk"]["channels"] = []
    hosts["central1"]["_status_asterisk"]["queues"][0]["waiting"] = 1
    # Three calls are bridged, one of them waits; the fourth hears the menu.
    hosts["gw1"]["_status_asterisk"]["channels"] = [
        *(channel(f"PJSIP/circuit-telco-0000000{number}", f"b{number}") for number in range(3)),
        *(channel(f"PJSIP/central-0000001{number}", f"b{number}") for number in range(3)),
        channel("PJSIP/circuit-telco-00000003"),
    ]
    hosts["gw2"]["_status_asterisk"]["channels"] = []
    assert read(hosts)["calls"]["talking"] == 2


def test_phones_that_talk_since_before_a_fail_over(hosts: Hosts) -> None:
    lease(hosts, "central1", state="active", votes=3, talking=["1001", "1004"])
    status = read(hosts)
    assert status["calls"]["outlived"] == 2
    assert status["problems"] == []
    assert "Calls  1 talking (2 of them since before a fail-over), 0 waiting" in status_table(
        status
    )


@pytest.mark.parametrize(
    ("reasons", "journal"),
    [
        (["Asterisk does not answer SIP since 3.0 s."], "journalctl -u asterisk"),
        (["asterisk leaves a question open since 3.0 s."], "journalctl -u asterisk"),
        (["keepalived does not run since 3.0 s."], "journalctl -u keepalived"),
        (
            [
                "The database cannot be read (timed out) since 1.2 s.",
                "keepalived does not run since 9.0 s.",
            ],
            "journalctl -u mariadb -u keepalived",
        ),
        (["Nobody knows."], "journalctl -u trunkline-central"),
    ],
)
def test_spare_that_could_not_take_over(hosts: Hosts, reasons: list[str], journal: str) -> None:
    lease(hosts, "central2", healthy=False, reasons=reasons)
    assert read(hosts)["problems"] == [
        {
            "hosts": ["central2"],
            "problem": f"central2 could not take over: {' '.join(reasons)}",
            "remedy": f"Read '{journal}' there.",
        }
    ]


def test_active_server_that_gives_up(hosts: Hosts) -> None:
    reasons = ["The database cannot be written (disk full) since 1.0 s."]
    lease(hosts, "central1", state="closing", healthy=False, reasons=reasons, holder="")
    status = read(hosts)
    assert problems(status) == [f"central1 cannot serve callers: {reasons[0]}"]
    assert "central1  closing  up     22.10.1   -      10.77.0.20" in status_table(status)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            {"rc": 1, "stdout": '{"problem": "trunkline-central.service does not run."}'},
            "trunkline-central.service does not run",
        ),
        (
            {
                "rc": 2,
                "stdout": "",
                "stderr": "Warning\npython3: can't open file "
                "'/usr/local/lib/trunkline/trunkline_handover.py'\n",
            },
            "python3: can't open file '/usr/local/lib/trunkline/trunkline_handover.py'",
        ),
        ({"rc": 0, "stdout": "{", "stderr": "half an answer"}, "half an answer"),
        ({"failed": True, "msg": "Timed out after 15 second(s)."}, "Timed out after 15 second(s)"),
    ],
)
def test_server_without_a_lease_of_its_own(
    hosts: Hosts, answer: dict[str, Any], reason: str
) -> None:
    hosts["central2"]["_status_lease"] = answer
    status = read(hosts)
    assert problems(status) == [f"central2 can neither be active nor take over: {reason}."]
    assert "central2  spare   up     22.10.1   ?      -" in status_table(status)


def test_witnesses_that_are_not_heard(hosts: Hosts) -> None:
    """Those that both servers miss are one problem."""
    lease(hosts, "central1", state="active", votes=2, missing=["gw2"])
    lease(hosts, "central2", missing=["gw2"])
    status = read(hosts)
    assert problems(status) == [
        "central1 and central2 cannot hear gw2: 2 of 3 witnesses are left and 2 needed."
    ]
    assert "central1  active  up     22.10.1   2/3    10.77.0.20" in status_table(status)
    lease(hosts, "central2", missing=["central1", "gw1"])
    assert problems(read(hosts)) == [
        "central1 cannot hear gw2: 2 of 3 witnesses are left and 2 needed.",
        "central2 cannot hear central1 and gw1: 1 of 3 witnesses are left and 2 needed, so that it "
        "cannot be active.",
    ]


def test_lease_without_the_address(hosts: Hosts) -> None:
    hold_address(hosts, "central1", holds=False)
    assert problems(read(hosts)) == [
        "central1 holds the lease, but not the floating address 10.77.0.20: callers reach no agent."
    ]
    hold_address(hosts, "central2")
    problem, *_effects = read(hosts)["problems"]
    assert problem["problem"] == (
        "central1 holds the lease, but not the floating address 10.77.0.20, which central2 has: "
        "callers reach no agent."
    )
    assert problem["hosts"] == CENTRAL


def test_files_of_a_former_active_server(hosts: Hosts) -> None:
    one = "/var/lib/trunkline/diverged-20261126T010203Z.sql"
    two = "/var/lib/trunkline/diverged-20261127T010203Z.sql"
    written = "; written here after 0-1-100, unknown to the active server"
    hosts["central2"]["_status_diverged"] = {
        "rc": 2,
        "stdout_lines": [f"{one}:-- 3 rows of ps_contacts, 1 of cdr{written}"],
    }
    status = read(hosts)
    assert status["hosts"][1]["diverged"] == [
        {"file": one, "kept": "3 rows of ps_contacts, 1 of cdr"}
    ]
    assert problems(status) == [
        "central2 alone had 3 rows of ps_contacts, 1 of cdr when another server took over: see its "
        f"file {one}."
    ]
    hosts["central2"]["_status_diverged"]["stdout_lines"].append(f"{two}:-- 1 row of cdr{written}")
    assert problems(read(hosts)) == [
        "central2 alone had 1 row of cdr when another server took over: see its file "
        f"{two}, and 1 older file."
    ]
    hosts["central2"]["_status_diverged"] = {"rc": 2, "stdout_lines": []}
    assert read(hosts)["problems"] == []


names = st.sampled_from(["central1", "central2", "gw1", "gw2"])


@given(
    said=st.fixed_dictionaries(
        {
            "state": st.sampled_from(["active", "promoting", "spare", "closing"]),
            "healthy": st.booleans(),
            "reasons": st.lists(st.text(max_size=300), max_size=3),
            "votes": st.integers(0, 3),
            "missing": st.lists(names, unique=True, max_size=3),
            "holder": st.one_of(st.just(""), names),
            "talking": st.lists(st.sampled_from(["1001", "1002"]), unique=True),
        }
    ),
    server=st.sampled_from(CENTRAL),
    holders=st.lists(st.sampled_from(CENTRAL), unique=True),
    writable=st.lists(st.sampled_from(CENTRAL), unique=True),
)
def test_whatever_a_server_says_fits_the_screen(
    said: dict[str, object], server: str, holders: list[str], writable: list[str]
) -> None:
    answers: Hosts = copy.deepcopy(FIXTURE)
    for name in CENTRAL:
        lease(answers, name)
        hold_address(answers, name, name in holders)
        make_writable(answers, name, int(name in writable))
    lease(answers, server, **said)
    status = read(answers)
    # Paths are not broken and may be longer than a line.
    lines = [line for line in status_table(status).splitlines() if "/" not in line]
    assert max(map(len, lines)) <= WIDTH
    for problem in status["problems"]:
        assert problem["hosts"]
        assert problem["remedy"].endswith(".")
    assert json.loads(json.dumps(status)) == status
    if not said["healthy"]:
        assert any(server in problem["hosts"] for problem in status["problems"])


def test_conversations_between_seats(hosts: Hosts) -> None:
    for gateway in GATEWAYS:
        hosts[gateway]["_status_asterisk"]["channels"] = []
    hosts["central1"]["_status_asterisk"]["channels"] = [
        channel("PJSIP/1001-00000001", "b"),
        channel("PJSIP/1002-00000002", "b"),
        channel("PJSIP/1003-00000003"),
        channel("PJSIP/1004-00000004", "alone"),
    ]
    assert read(hosts)["calls"]["talking"] == 1


def thread(hosts: Hosts) -> Status:
    """The five servers of the thread, with 12 PRIs, 200 seats and all that makes lines long."""
    hosts["gw3"] = copy.deepcopy(hosts["gw2"])
    for number, gateway in enumerate(("gw1", "gw2", "gw3")):
        circuits = [
            {"name": f"carrier_a-{4 * number + port}", "host": "192.0.2.1", "channels": 23}
            for port in range(1, 5)
        ]
        hosts[gateway]["gateway_circuits"] = circuits
        answer = hosts[gateway]["_status_asterisk"]
        answer["endpoints"] += [
            {"name": f"circuit-{circuit['name']}", "state": "in use"} for circuit in circuits
        ]
        answer["channels"] = [
            channel(f"PJSIP/circuit-{circuit['name']}-{call:08x}", f"{circuit['name']}.{call}")
            for circuit in circuits
            for call in range(12)
        ]
    queue = hosts["central1"]["_status_asterisk"]["queues"][0]
    states = ["not in use"] * 40 + ["in use"] * 120 + ["ringing"] * 6 + ["unavailable"] * 4
    queue.update(waiting=24, longest_wait=192)
    queue["members"] = [member(state) for state in states] + [
        member(paused=True, reason=reason) for reason in ["Lunch"] * 20 + ["Wrapup"] * 10
    ]
    for account in hosts["central1"]["_status_asterisk"]["endpoints"]:
        account["state"] = "not in use"
    return read(hosts, ["gw1", "gw2", "gw3"])


def test_the_call_center_of_the_thread_is_one_screen(hosts: Hosts) -> None:
    table = status_table(thread(hosts))
    assert table == GOLDEN_THREAD
    assert len(table.splitlines()) <= 24


def test_many_gateways(hosts: Hosts) -> None:
    names = [f"gateway-{number:04}.callcenter.example" for number in range(2500)]
    hosts |= {name: hosts["gw3"] if "9" in name else hosts["gw1"] for name in names}
    table = status_table(read(hosts, names))
    lines = table.splitlines()
    dead = sum("9" in name for name in names)
    assert len(lines) < 80
    assert max(map(len, lines)) <= WIDTH
    assert f"and {2500 - 16} more, {dead - 16} of them with problems" in lines
    assert f"- and {dead - 16} more" in lines


def test_many_queues(hosts: Hosts) -> None:
    queue = hosts["central1"]["_status_asterisk"]["queues"][0]
    hosts["central1"]["_status_asterisk"]["queues"] = [
        {**queue, "name": f"queue{number}", "waiting": number, "members": [member()]}
        for number in range(30)
    ]
    lines = status_table(read(hosts)).splitlines()
    assert "and 14 more with fewer callers waiting" in lines
    assert sum(line.startswith("queue") for line in lines) == 16


def test_long_names_fit(hosts: Hosts) -> None:
    queue = hosts["central1"]["_status_asterisk"]["queues"][0]
    queue.update(name="q" * 40, waiting=10_000, longest_wait=60_000)
    queue["members"] = [member(paused=True, reason="r" * 20 + str(number)) for number in range(9)]
    assert max(map(len, status_table(read(hosts)).splitlines())) <= WIDTH


def test_long_reasons_are_cut(hosts: Hosts) -> None:
    hosts["gw1"]["_status_network"] = {"unreachable": True, "msg": "Task failed: " + "x" * 500}
    status = read(hosts)
    assert status["hosts"][2]["reason"] == "x" * 117 + "..."
    assert max(map(len, status_table(status).splitlines())) <= WIDTH


def test_status_is_plain_data(hosts: Hosts) -> None:
    status = thread(hosts)
    assert json.loads(json.dumps(status)) == status


def test_no_hosts() -> None:
    status = read_status([], [], {}, TIME)
    assert status["hosts"] == []
    assert status_table(status).startswith("Call center at")


PRIS = [
    {
        "span": number,
        "line": "t1",
        "circuit": f"a-{number}",
        "trunk_group": "a",
        "group": 1,
        "type": "pri",
        "signalling": "pri_cpe",
        "switchtype": "national",
        "voice_channels": f"{24 * number - 23}-{24 * number - 1}",
        "d_channel": 24 * number,
    }
    for number in (1, 2)
]


def analog_port(channel: int, **changes: object) -> dict[str, Any]:
    return {
        "port": channel - 48,
        "channel": channel,
        "kind": "fxo",
        "circuit": f"pots-{channel}",
        "trunk_group": "pots",
        "group": 2,
        "type": "analog",
        "signalling": "fxs_ks",
        **changes,
    }


@pytest.fixture
def cables(hosts: Hosts) -> Hosts:
    """gw1 has two PRIs, an analog line and a telephone; all is well and two calls are up."""
    telephone = {"type": "station", "signalling": "fxo_ks", "extension": "2001"}
    ports = [analog_port(49), analog_port(50, **telephone)]
    hosts["gw1"]["dahdi_spans"] = [
        *copy.deepcopy(PRIS),
        {"span": 3, "line": "analog", "ports": ports},
    ]
    answer = hosts["gw1"]["_status_asterisk"]
    names = {1: "DAHDI/i1/5550123-1", 50: "DAHDI/50-1"}
    answer["dahdi_channels"] = [
        {"channel": channel, "name": names.get(channel, ""), "alarm": ""}
        for channel in (*range(1, 24), *range(25, 48), 49, 50)
    ]
    answer["spans"] = [{"span": span, "alarm": ""} for span in (1, 2, 3)]
    answer["d_channels"] = [
        {"span": span, "channel": 24 * span, "up": True, "active": True} for span in (1, 2)
    ]
    answer["channels"] = [channel(name, "bridge") for name in names.values()]
    return hosts


def cable_states(status: Status) -> dict[str, tuple[str, int | None, str, str | None]]:
    return {
        one["name"]: (one["state"], one["calls"], one["alarm"], one["d_channel"])
        for one in status["circuits"]
        if one["name"] != "telco"
    }


def test_cables(cables: Hosts) -> None:
    """The telephone is a seat, neither a circuit nor a conversation of its own."""
    status = read(cables, ["gw1"])
    assert cable_states(status) == {
        "a-1": ("up", 1, "", "up"),
        "a-2": ("up", 0, "", "up"),
        "pots-49": ("up", 0, "", None),
    }
    assert [circuit["channels"] for circuit in status["circuits"]] == [60, 23, 23, 1]
    assert status["problems"] == []
    assert status["calls"]["talking"] == 1
    assert "a-1 1/23" in status_table(status)


@pytest.mark.parametrize(
    ("alarm", "meaning"),
    [
        ("red", "no signal arrives (red alarm)"),
        ("yellow", "the other end does not hear us (yellow alarm)"),
        ("blue", "the equipment at the other end has lost its own line (blue alarm)"),
        ("loopback", "the line is looped back for a test"),
        ("recovering", "the signal has come back and is being watched"),
        ("not open", "the span is not open"),
        ("unconfigured", "the span is not configured"),
        ("unknown", "the alarm is unknown"),
    ],
)
def test_span_alarm(cables: Hosts, alarm: str, meaning: str) -> None:
    answer = cables["gw1"]["_status_asterisk"]
    answer["spans"][1]["alarm"] = alarm
    answer["d_channels"][1]["up"] = False
    status = read(cables, ["gw1"])
    assert cable_states(status)["a-2"] == ("down", 0, alarm, "down")
    assert problems(status) == [f"gw1: 1 of 4 circuits down, {meaning}: a-2."]
    assert f"a-2 {alarm}" in status_table(status)


def test_analog_line_without_battery(cables: Hosts) -> None:
    cables["gw1"]["_status_asterisk"]["dahdi_channels"][-2]["alarm"] = "red"
    status = read(cables, ["gw1"])
    assert cable_states(status)["pots-49"] == ("down", 0, "red", None)
    assert problems(status) == [
        "gw1: 1 of 4 circuits down, no signal arrives (red alarm): pots-49."
    ]


def test_d_channel_down(cables: Hosts) -> None:
    cables["gw1"]["_status_asterisk"]["d_channels"][0]["up"] = False
    status = read(cables, ["gw1"])
    assert cable_states(status)["a-1"] == ("down", 1, "", "down")
    assert problems(status) == [
        "gw1: 1 of 4 circuits down, the line is there but its D-channel is not: a-1."
    ]


def test_backup_d_channel(cables: Hosts) -> None:
    """As long as one of two D-channels is up both PRIs carry calls."""
    answer = cables["gw1"]["_status_asterisk"]
    for number, span in enumerate(cables["gw1"]["dahdi_spans"][:2]):
        span["nfas"] = {"trunkgroup": 1, "logical_span": number, "d_channel": "any"}
    answer["d_channels"][1]["active"] = False
    states = cable_states(read(cables, ["gw1"]))
    assert (states["a-1"][3], states["a-2"][3]) == ("up", "standby")
    answer["d_channels"][0] = {"span": 1, "channel": 24, "up": False, "active": False}
    answer["d_channels"][1]["active"] = True
    status = read(cables, ["gw1"])
    assert cable_states(status)["a-1"] == ("up", 1, "", "down")
    assert status["problems"] == []


def test_shared_d_channel(cables: Hosts) -> None:
    answer = cables["gw1"]["_status_asterisk"]
    for number, span in enumerate(cables["gw1"]["dahdi_spans"][:2]):
        span["nfas"] = {"trunkgroup": 1, "logical_span": number, "d_channel": "any"}
    cables["gw1"]["dahdi_spans"][1]["d_channel"] = None
    assert cable_states(read(cables, ["gw1"]))["a-2"] == ("up", 0, "", "up")
    answer["d_channels"] = []
    assert problems(read(cables, ["gw1"])) == [
        "gw1: 2 of 4 circuits down, the line is there but its D-channel is not: a-1 and a-2."
    ]


def test_circuits_that_asterisk_does_not_know(cables: Hosts) -> None:
    cables["gw1"]["_status_asterisk"]["dahdi_channels"] = []
    assert problems(read(cables, ["gw1"])) == [
        "gw1: Asterisk does not know the circuits a-1, a-2 and pots-49."
    ]


def test_cables_of_a_dead_gateway(cables: Hosts) -> None:
    fall_silent(cables, "gw1")
    assert set(cable_states(read(cables, ["gw1"])).values()) == {("unknown", None, "", None)}


GOLDEN_CALL = """\
Call center at 2026-11-23 07:30:00 UTC

No problems

CENTRAL   ROLE    STATE  ASTERISK  LEASE  FLOATING IP  DATABASE
central1  active  up     22.10.1   3/3    10.77.0.20   writable
central2  spare   up     22.10.1   -      -            follows central1, 0 s behind

GATEWAY  STATE  ASTERISK  TRUNK  CIRCUITS  CALLS  CALLS OF EACH CIRCUIT
gw1      up     22.10.1   up          1/1   0/60  telco 0/60
gw2      up     22.10.1   up          1/1   1/60  telco 1/60

QUEUE  WAITING  LONGEST  AGENTS  FREE  TALKING  RINGING  PAUSED  OFFLINE
sales        0        -     200     0        1        0       0      199

Calls  1 talking, 0 waiting
Seats  1 of 200 phones registered"""

GOLDEN_DEAD = """\
Call center at 2026-11-23 07:30:00 UTC

Problems
- central3 cannot be reached: Timed out after 15 second(s). Check its power and network,
  then that ssh lets you in.
- gw3 cannot be reached: connect to host 10.77.0.99 port 22: No route to host. Check its
  power and network, then that ssh lets you in.

CENTRAL   ROLE    STATE        ASTERISK  LEASE  FLOATING IP  DATABASE
central1  active  up           22.10.1   3/3    10.77.0.20   writable
central3  ?       unreachable  ?         ?      ?            ?

GATEWAY  STATE        ASTERISK  TRUNK  CIRCUITS  CALLS  CALLS OF EACH CIRCUIT
gw1      up           22.10.1   up          1/1   0/60  telco 0/60
gw2      up           22.10.1   up          1/1   1/60  telco 1/60
gw3      unreachable  ?         ?           ?/1   ?/60  telco ?/60

QUEUE  WAITING  LONGEST  AGENTS  FREE  TALKING  RINGING  PAUSED  OFFLINE
sales        0        -     200     0        1        0       0      199

Calls  1 talking, 0 waiting
Seats  1 of 200 phones registered"""

GOLDEN_TWO = """\
Call center at 2026-11-23 07:30:00 UTC

Problems
- central1 and central2 both hold the floating address 10.77.0.20: phones reach now one, now
  the other. central1 holds the lease: restart keepalived.service on central2, and read
  'journalctl -u keepalived' there.
- The databases of central1 and central2 are both writable and drift apart. central1 holds
  the lease: run 'python3 /usr/local/lib/trunkline/trunkline_promotion.py demote' on
  central2, then site.yml, which keeps what only that server has in a file.

CENTRAL   ROLE    STATE  ASTERISK  LEASE  FLOATING IP  DATABASE
central1  active  up     22.10.1   3/3    10.77.0.20   writable
central2  active  up     22.10.1   -      10.77.0.20   writable

GATEWAY  STATE  ASTERISK  TRUNK  CIRCUITS  CALLS  CALLS OF EACH CIRCUIT
gw1      up     22.10.1   up          1/1   0/60  telco 0/60
gw2      up     22.10.1   up          1/1   1/60  telco 1/60

QUEUE  WAITING  LONGEST  AGENTS  FREE  TALKING  RINGING  PAUSED  OFFLINE
sales        0        -     200     0        1        0       0      199

Calls  1 talking, 0 waiting
Seats  1 of 200 phones registered"""

GOLDEN_THREAD = """\
Call center at 2026-11-23 07:30:00 UTC

No problems

CENTRAL   ROLE    STATE  ASTERISK  LEASE  FLOATING IP  DATABASE
central1  active  up     22.10.1   3/3    10.77.0.20   writable
central2  spare   up     22.10.1   -      -            follows central1, 0 s behind

GATEWAY  STATE  ASTERISK  TRUNK  CIRCUITS  CALLS  CALLS OF EACH CIRCUIT
gw1      up     22.10.1   up          4/4  48/92  carrier_a-1 12/23, carrier_a-2 12/23,
                                                  carrier_a-3 12/23, carrier_a-4 12/23
gw2      up     22.10.1   up          4/4  48/92  carrier_a-5 12/23, carrier_a-6 12/23,
                                                  carrier_a-7 12/23, carrier_a-8 12/23
gw3      up     22.10.1   up          4/4  48/92  carrier_a-9 12/23, carrier_a-10 12/23,
                                                  carrier_a-11 12/23, carrier_a-12 12/23

QUEUE  WAITING  LONGEST  AGENTS  FREE  TALKING  RINGING  PAUSED  OFFLINE
sales       24     3:12     200    40      120        6      30        4
  paused: Lunch 20, Wrapup 10

Calls  120 talking, 24 waiting, the longest for 3:12
Seats  200 of 200 phones registered"""
