# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is not a phone, a gateway or a carrier gets nothing."""

from __future__ import annotations

import json

import pytest

from tests.lab import cluster, sip
from tests.lab.telephone import Telephone

from .test_calls import talk


def dropped(server: str) -> int:
    """Packets that the packet filter of a server refused."""
    rules = json.loads(
        cluster.host(server).check_output("nft -j list chain inet trunkline_sip sip")
    )["nftables"]
    counters = [
        expression["counter"]["packets"]
        for item in rules
        for expression in item.get("rule", {}).get("expr", [])
        if "counter" in expression
    ]
    assert len(counters) == 1
    return int(counters[0])


@pytest.mark.parametrize("method", ["INVITE", "REGISTER", "OPTIONS"])
@pytest.mark.parametrize("gateway", cluster.GATEWAYS)
def test_gateway_is_silent_to_strangers(gateway: str, method: str) -> None:
    before = dropped(gateway)
    assert sip.final_answer("phones", (gateway, 5060), method) == "silence"
    assert dropped(gateway) > before
    assert cluster.calls(gateway) == 0


@pytest.mark.parametrize("method", ["INVITE", "REGISTER", "OPTIONS"])
def test_central_server_is_silent_to_strangers(method: str) -> None:
    before = dropped(cluster.active())
    assert sip.final_answer("telco", ("vip", 5060), method) == "silence"
    assert dropped(cluster.active()) > before


def test_the_request_of_these_tests_is_one_that_friends_get_an_answer_to() -> None:
    assert sip.final_answer("telco", ("gw1", 5060), "OPTIONS").startswith("SIP/2.0 ")
    assert sip.final_answer("phones", ("vip", 5060), "REGISTER") == "SIP/2.0 401 Unauthorized"


def test_seat_with_a_wrong_password_is_refused() -> None:
    # From a phone's address, but without credentials: challenged, never served.
    assert sip.final_answer("phones", ("vip", 5060), "INVITE") == "SIP/2.0 401 Unauthorized"
    assert cluster.calls(cluster.active()) == 0


@pytest.mark.parametrize("server", cluster.CENTRAL)
def test_database_is_closed_to_all_but_its_peers(server: str) -> None:
    stranger = cluster.host("phones").run(
        "python3 -c 'import socket, sys;"
        " print(socket.create_connection((sys.argv[1], 3306), 2).recv(200))' %s",
        cluster.address(server),
    )
    assert "is not allowed to connect" in stranger.stdout


def test_packet_filter_is_renewed_while_people_talk(caller: Telephone, agent: Telephone) -> None:
    servers = (*cluster.GATEWAYS, *cluster.CENTRAL)
    started = "systemctl show -p ExecMainStartTimestampMonotonic --value asterisk"
    before = {server: cluster.host(server).check_output(started) for server in servers}
    talk(caller, agent)
    for server in servers:
        cluster.host(server).check_output("systemctl restart trunkline-sip-filter")
    with pytest.raises(TimeoutError):
        caller.wait("CALL_CLOSED", seconds=2)
    assert {server: cluster.host(server).check_output(started) for server in servers} == before


def test_asterisk_does_not_start_without_its_packet_filter() -> None:
    """On a server that nobody needs."""
    spare = cluster.host(cluster.spare())
    nft = "/usr/sbin/nft"
    spare.check_output("systemctl stop trunkline-sip-filter")
    spare.check_output(f"mv {nft} {nft}.away")
    try:
        assert spare.run("systemctl restart asterisk").rc != 0
    finally:
        spare.check_output(f"mv {nft}.away {nft}")
    spare.check_output("systemctl reset-failed asterisk trunkline-sip-filter")
    spare.check_output("systemctl restart asterisk")
    cluster.wait_until("it can take over", lambda: cluster.settle(30) == cluster.active())
