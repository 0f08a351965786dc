# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on the servers, and what does not."""

from __future__ import annotations

import re
import time

import pytest

from tests.lab import cluster

SERVERS = (*cluster.GATEWAYS, *cluster.CENTRAL)

SERVICES = [(server, name) for server in SERVERS for name in ("asterisk", "trunkline-witness")] + [
    (server, service)
    for server in cluster.CENTRAL
    for service in (
        "mariadb",
        "keepalived",
        "trunkline-agents",
        "trunkline-callbacks",
        "trunkline-central",
    )
]


@pytest.mark.parametrize(("server", "service"), SERVICES)
def test_service_runs_and_comes_back_after_a_reboot(server: str, service: str) -> None:
    unit = cluster.host(server).service(service)
    assert unit.is_running
    assert unit.is_enabled


@pytest.mark.parametrize("server", SERVERS)
def test_asterisk_listens_for_sip_and_local_management_only(server: str) -> None:
    sockets = cluster.host(server).check_output("ss -H -lntup | grep asterisk").splitlines()
    listening = {tuple(line.split()[i] for i in (0, 4)) for line in sockets}
    fixed = {entry for entry in listening if int(entry[1].rpartition(":")[2]) < 10000}
    sip = {("udp", f"{cluster.address(server)}:5060")}
    if server in cluster.CENTRAL:
        sip = {
            ("udp", f"{cluster.address('vip')}:5060"),
            ("udp", f"{cluster.address(server)}:5070"),
        }
    assert fixed == {*sip, ("tcp", "127.0.0.1:5038")}


@pytest.mark.parametrize("server", SERVERS)
def test_asterisk_is_sandboxed(server: str) -> None:
    report = cluster.host(server).check_output("systemd-analyze security asterisk --no-pager")
    exposure = re.search(r"exposure level for asterisk.service: ([\d.]+)", report)
    assert exposure
    assert float(exposure[1]) < 2.0
    process = cluster.host(server).process.get(comm="asterisk")
    assert process.user == "asterisk"
    status = cluster.host(server).file(f"/proc/{process.pid}/status").content_string
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    # A real-time process, without the right to become one.
    assert "SCHED_RR" in cluster.host(server).check_output(f"chrt -p {process.pid}")


@pytest.mark.parametrize("server", SERVERS)
def test_only_the_agreed_codec_is_loaded(server: str) -> None:
    assert re.findall(
        r"^codec_\w+", cluster.asterisk(server, "module show like codec_"), re.MULTILINE
    ) == ["codec_alaw"]
    # Whatever could be translated would be in this table.
    formats = re.search(
        r"^ +(\w.*)$", cluster.asterisk(server, "core show translation"), re.MULTILINE
    )
    assert formats
    table = cluster.asterisk(server, "core show translation").strip().splitlines()
    assert {line.split()[0] for line in table[3:]} == {"alaw", "slin8"}


@pytest.mark.parametrize("server", SERVERS)
def test_nothing_of_the_stock_dialplan_is_left(server: str) -> None:
    contexts = set(re.findall(r"Context '([\w-]+)'", cluster.asterisk(server, "dialplan show")))
    expected = {"from-gateways", "from-phones", "seat", "seats", "ended", "health"}
    expected |= {"arrive", "priority-callers", "hours-always", "hours-never", "hours-holidays"}
    expected |= {"agent-codes", "agent", "agent-talks", "agent-wrapup", "phone-codes", "mailbox"}
    expected |= {"emergency", "outgoing", "caller", "callers", "may-dial", "refused"}
    expected |= {"trunk-groups", "gateways", "gateway-headers", "language"}
    expected |= {"call-back", "call-back-queue", "call-back-customer", "call-back-answered"}
    expected |= {"call-back-agent"}
    expected |= {"call-back-settings", "call-back-later", "call-back-may-later"}
    expected |= {"stations", "station-hung-up"}
    if server in cluster.GATEWAYS:
        expected = {
            "from-circuits",
            "arrive",
            "hours-always",
            "hours-never",
            "hours-holidays",
            "menu-welcome",
            "menu-front_desk",
            "menu-more",
            "seats",
            "to-central",
            "central-headers",
            "central-gone",
        }
        expected |= {"from-central", "stations", "trunk-groups", "room"}
        expected |= {"dial-circuit", "carrier-headers", "dial"}
    assert contexts == expected


def test_one_database_is_writable_and_the_other_follows_it() -> None:
    active, spare = cluster.active(), cluster.spare()
    query = "mariadb -N -B -e 'SELECT @@global.read_only'"
    assert cluster.host(active).check_output(query) == "0"
    assert cluster.host(spare).check_output(query) == "1"
    replica = cluster.host(spare).check_output("mariadb -E -e 'SHOW REPLICA STATUS'")
    for line in ("Slave_IO_Running: Yes", "Slave_SQL_Running: Yes", "Seconds_Behind_Master: 0"):
        assert line in replica
    assert f"Master_Host: {cluster.address(active)}" in replica


def test_the_spare_has_every_row_of_the_active_server() -> None:
    count = "mariadb -N -B -e 'CHECKSUM TABLE asterisk.{} EXTENDED'"
    phones = ("ps_endpoints", "ps_auths", "ps_aors", "ps_contacts")
    for table in (*phones, "agents", "agent_queues", "agent_pins", "agent_log", "callbacks"):
        answers = {cluster.host(name).check_output(count.format(table)) for name in cluster.CENTRAL}
        assert len(answers) == 1, f"{table} differs"


def test_no_password_of_a_phone_is_in_the_database() -> None:
    accounts = cluster.host("phones").file("/etc/baresip/agent/accounts").content_string
    password = re.search(r"auth_pass=(\w+)", accounts)
    assert password
    dump = cluster.host(cluster.active()).check_output("mariadb-dump asterisk")
    assert "md5_cred" in dump
    assert password[1] not in dump


def test_one_server_holds_the_lease_of_all_witnesses() -> None:
    active = cluster.active()
    for name in cluster.CENTRAL:
        state = cluster.state(name)
        assert state["state"] == ("active" if name == active else "spare")
        assert (state["healthy"], state["reasons"]) == (True, [])
        assert state["holder"] == active
        assert state["missing"] == []


@pytest.mark.parametrize("service", ["asterisk", "mariadb"])
def test_a_frozen_service_is_noticed(service: str) -> None:
    name = cluster.spare()
    spare = cluster.host(name)
    spare.check_output("systemctl kill --signal=STOP %s", service)
    try:
        cluster.wait_until("it is noticed", lambda: not cluster.state(name)["healthy"], 20)
    finally:
        spare.check_output("systemctl kill --signal=CONT %s", service)
    cluster.wait_until("it is well again", lambda: cluster.state(name)["healthy"], 20)


def test_a_restart_on_purpose_is_no_reason_for_a_fail_over() -> None:
    name = cluster.active()
    for service in ("asterisk", "mariadb", "trunkline-witness"):
        cluster.host(name).check_output("systemctl restart %s", service)
        time.sleep(3)
        assert cluster.active() == name
    cluster.host(name).check_output("systemctl reload trunkline-central")
    # Longer than anybody is patient with a service that is started again.
    time.sleep(17)
    assert cluster.active() == name
    assert cluster.state(name)["reasons"] == []
    assert cluster.state(name)["state"] == "active"


def test_an_address_that_stays_without_the_lease_is_taken_away(follows_afterwards: str) -> None:
    """Of a keepalived that hangs."""
    former = follows_afterwards
    cluster.host(former).check_output(
        "systemctl kill --signal=STOP keepalived; printf give >/run/trunkline/give"
    )
    other = cluster.other(former)
    cluster.wait_until("the other one serves", lambda: cluster.roles().only() == other, 30)
    assert cluster.host(former).service("keepalived").is_running
