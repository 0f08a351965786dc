# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which server may serve, besides what the faults show."""

from __future__ import annotations

import time

import pytest

from tests.lab import cluster
from tests.lab.faults import power_loss, power_on
from tests.lab.telephone import Telephone

from .test_playbooks import asterisk_started, refused, run, told, writable

SUPPORT = "5550187"
"""Straight to the queue with wrap-up."""


def test_spare_that_is_not_filled_does_not_take_over(active: str) -> None:
    """It has half of the rows, and the others would be dropped with the former server's."""
    spare = cluster.other(active)
    cluster.host(spare).check_output("touch /var/lib/trunkline/seed.cnf")
    time.sleep(3)
    refused(f"{spare}, the spare, is not healthy and would not take over: The database is not")
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    time.sleep(1)
    assert cluster.settle(20) == active
    assert writable() == {active}


def test_server_that_lacks_rows_leaves_it_to_the_other(active: str) -> None:
    """After a fail-over nobody has filled it yet."""
    spare = cluster.other(active)
    cluster.give_up_address(active)
    cluster.host(active).check_output("systemctl start trunkline-central")
    # Longer than a server waits that was just started.
    time.sleep(15)
    started = asterisk_started(spare)
    cluster.host(spare).check_output("systemctl kill --signal=KILL asterisk")
    time.sleep(1)
    assert cluster.settle(20) == spare
    assert asterisk_started(spare) != started
    # Unless somebody says so.
    done = cluster.switch(active, "-e", "failover_force=true")
    assert done.returncode == 0, done.stdout[-3000:]
    assert writable() == {active}


@pytest.mark.parametrize("thread", ["SQL_THREAD", "IO_THREAD"])
def test_spare_that_stopped_to_follow_leaves_it_to_the_other(active: str, thread: str) -> None:
    """It is configured to follow, but lacks rows all the same."""
    spare = cluster.other(active)
    cluster.host(spare).check_output(f"mariadb -e 'STOP REPLICA {thread}'")
    started = asterisk_started(active)
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    time.sleep(1)
    assert cluster.settle(20) == active
    assert asterisk_started(active) != started


def test_after_a_power_cut_the_one_with_older_rows_waits(active: str) -> None:
    """It knows that the other one served after it."""
    newer = cluster.other(active)
    cluster.give_up_address(active)
    older = cluster.host(active)
    older.check_output("systemctl start trunkline-central")
    outdated = "test -e /var/lib/trunkline/outdated"
    cluster.wait_until("it knows", lambda: older.run(outdated).rc == 0)
    cluster.on_machine("podman", "kill", "--signal=KILL", *map(cluster.container, cluster.CENTRAL))
    try:
        power_on(active)
        # Longer than a server waits that does not know.
        time.sleep(25)
        state = cluster.state(active)
        assert (state["state"], state["healthy"]) == ("spare", True)
        assert state["patient_seconds"] > 60
    finally:
        power_on(newer)
    assert cluster.settle(60) == newer


def test_conversation_whose_gateway_answers_late(
    active: str, caller: Telephone, agent: Telephone
) -> None:
    """It outlives the server like any other one, and its end is noted."""
    spare, gateway = cluster.other(active), cluster.host("gw1")
    caller.dial(SUPPORT, cluster.address("gw1"))
    agent.wait("CALL_INCOMING")
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    orphans = "SELECT CONCAT(gateway, '/', phone) FROM orphans"
    gateway.check_output("systemctl kill --signal=STOP trunkline-witness")
    try:
        cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
        cluster.wait_until("the other one is active", lambda: writable() == {spare})
        time.sleep(1)
        assert cluster.sql(orphans) == [[f"{cluster.address('gw1')}/"]]
    finally:
        gateway.check_output("systemctl kill --signal=CONT trunkline-witness")
    told = [[f"{cluster.address('gw1')}/1001"]]
    cluster.wait_until("the gateway tells", lambda: cluster.sql(orphans) == told, 5)
    caller.hangup()
    agent.wait("CALL_CLOSED", seconds=5)
    status = "SELECT status FROM agents WHERE number = '1001'"
    cluster.wait_until("wrap-up begins", lambda: cluster.sql(status) == [["Wrapup"]], 3)
    events = "SELECT event, data2 >= 1 FROM queue_log WHERE agent = 'Agent 1001'"
    assert cluster.sql(f"{events} AND callid <> 'REALTIME' ORDER BY id DESC LIMIT 2") == [
        ["COMPLETECALLER", "1"],
        ["CONNECT", "0"],
    ]
    cluster.wait_until("wrap-up ends", lambda: cluster.sql(status) == [["Ready"]], 15)


def test_nobody_serves(active: str) -> None:
    """Whoever wants to switch is told why."""
    for name in cluster.CENTRAL:
        cluster.host(name).check_output("systemctl stop trunkline-central")
    # Longer than a state is believed.
    time.sleep(6)
    done = run("failover")
    assert done.returncode != 0
    sentence = f"Neither central1 nor central2 has the floating address {cluster.address('vip')}, "
    silent = "central1: trunkline-central.service has been silent for"
    assert told(done, f"{sentence} and callers are not served. {silent}"), done.stdout[-3000:]
    cluster.host(active).check_output("systemctl start trunkline-central")
    assert cluster.settle(30) == active


def test_received_rows_are_applied_before_it_serves(active: str) -> None:
    """The former active server knew that they are safe there."""
    spare = cluster.other(active)
    hold_up = "SET sql_log_bin = 0; LOCK TABLES queue_log WRITE; SELECT SLEEP(3)"
    cluster.host(spare).check_output(
        "systemd-run --quiet mariadb asterisk -e %s && sleep 0.3", hold_up
    )
    row = "INSERT INTO queue_log (callid, event) VALUES ('received', 'LAB')"
    cluster.host(active).check_output("mariadb asterisk -e %s", "; ".join([row] * 20))
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    count = "SELECT COUNT(*) FROM queue_log WHERE callid = 'received'"
    assert cluster.sql(count) == [["20"]]
    # Its Asterisk was not started by systemd meanwhile, and not waited for in vain.
    assert cluster.settle(15) == spare
    cluster.sql("DELETE FROM queue_log WHERE callid = 'received'")


@pytest.mark.ends_well
def test_database_of_the_spare_that_somebody_opened_is_closed(active: str) -> None:
    """Otherwise both would be written."""
    spare = cluster.other(active)
    cluster.host(spare).check_output("mariadb -e 'SET GLOBAL read_only = 0'")
    cluster.wait_until("it is closed", lambda: writable() == {active})
    # Once.
    time.sleep(1)
    done = demotions(spare)
    time.sleep(2)
    assert demotions(spare) == done


def demotions(server: str) -> int:
    """How often it was made the spare."""
    count = cluster.host(server).check_output("grep -c demote /var/lib/trunkline/promotions.jsonl")
    return int(count)


FENCED = "/var/lib/trunkline/lab-fenced"
PREPARED = "/run/trunkline/prepared"
PROMOTION = "python3 /usr/local/lib/trunkline/trunkline_promotion.py"


def fence(server: str) -> None:
    """Gives a server a command that fences."""
    settings = "/etc/trunkline/central.json"
    cluster.host(server).check_output(
        f"""sed -i 's|"fence_command": \\[\\]|"fence_command": ["touch", "{FENCED}"]|' {settings}"""
        f" && grep -q lab-fenced {settings} && rm -f {FENCED}"
    )


@pytest.mark.ends_well
def test_program_that_fences_is_missing(active: str) -> None:
    """Somebody hears of it before it is needed."""
    started = asterisk_started(active)
    done = run("site", "--limit", "central", "-e", '{"floating_ip_fence_command": ["/srv/fence"]}')
    assert done.returncode != 0
    assert told(
        done, f"floating_ip_fence_command: {active} has no program /srv/fence that can be run: put"
    )
    assert asterisk_started(active) == started


def test_former_server_is_fenced(active: str) -> None:
    """By a command of the user, before the database is opened."""
    spare = cluster.other(active)
    fence(spare)
    with power_loss(active):
        cluster.wait_until(
            "the other one is active", lambda: cluster.state(spare)["state"] == "active"
        )
        cluster.host(spare).check_output(f"rm {FENCED}")


def test_former_server_that_lets_go_is_not_fenced(active: str) -> None:
    """It is needed as the next spare."""
    spare = cluster.other(active)
    fence(spare)
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    cluster.host(spare).check_output(f"test ! -e {FENCED}")


def test_spare_is_not_fenced(active: str) -> None:
    """By a server that comes back to its own place."""
    spare = cluster.other(active)
    cluster.host(spare).check_output("systemctl stop trunkline-central")
    fence(active)
    started = asterisk_started(active)
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    cluster.wait_until("it was started again", lambda: asterisk_started(active) != started, 20)
    assert cluster.settle(30) == active
    cluster.host(active).check_output(f"test ! -e {FENCED}")
    cluster.host(spare).check_output("systemctl start trunkline-central")


def test_prepared_server_fences_one_that_did_not_close_its_database(active: str) -> None:
    """That one has frozen before it could give the lease."""
    spare = cluster.other(active)
    for name in cluster.CENTRAL:
        cluster.host(name).check_output("systemctl stop trunkline-central")
    for read_only, fenced in ((0, "test -e"), (1, "test ! -e")):
        fence(spare)
        cluster.host(active).check_output(f"mariadb -e 'SET GLOBAL read_only = {read_only}'")
        cluster.host(spare).check_output(f"touch {PREPARED} && {PROMOTION} promote --fence")
        cluster.host(spare).check_output(f"{fenced} {FENCED} && {PROMOTION} demote")
    for name in cluster.CENTRAL:
        cluster.host(name).check_output("systemctl start trunkline-central")
    assert cluster.settle(60) in cluster.CENTRAL


def test_caller_hangs_up_before_another_server_is_ready(
    active: str, caller: Telephone, agent: Telephone
) -> None:
    """His gateway does not know of the call any more, and the agent's phone not of its end."""
    spare = cluster.other(active)
    caller.dial(SUPPORT, cluster.address("gw1"))
    agent.wait("CALL_INCOMING")
    agent.accept()
    agent.wait("CALL_ESTABLISHED")
    time.sleep(1)
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    caller.hangup()
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    agent.wait("CALL_CLOSED", seconds=10)
    status = "SELECT status FROM agents WHERE number = '1001'"
    cluster.wait_until("wrap-up begins", lambda: cluster.sql(status) == [["Wrapup"]], 3)
    events = "SELECT event FROM queue_log WHERE agent = 'Agent 1001' AND callid <> 'REALTIME'"
    assert cluster.sql(f"{events} ORDER BY id DESC LIMIT 2") == [["COMPLETECALLER"], ["CONNECT"]]
    cluster.wait_until("wrap-up ends", lambda: cluster.sql(status) == [["Ready"]], 15)


def twice(server: str, verb: str) -> None:
    """Runs the program two times at once; both have to succeed."""
    program = f"{PROMOTION} {verb}"
    cluster.host(server).check_output(
        "bash -c %s", f"{program} & one=$!; {program} & two=$!; wait $one && wait $two"
    )


def test_promotions_at_the_same_time(active: str) -> None:
    """The second one finds that nothing is to be done, and a demotion waits for its turn."""
    spare = cluster.other(active)
    for name in cluster.CENTRAL:
        cluster.host(name).check_output("systemctl stop trunkline-central")
    twice(spare, "promote")
    assert writable() == {spare}
    cluster.host(spare).check_output(
        "tail -n 2 /var/lib/trunkline/promotions.jsonl | head -n 1 | grep -q 'start Asterisk'"
    )
    cluster.host(spare).check_output(
        "tail -n 1 /var/lib/trunkline/promotions.jsonl | grep -q 'nothing to be done'"
    )
    twice(spare, "demote")
    assert writable() == set()
    for name in cluster.CENTRAL:
        cluster.host(name).check_output("systemctl start trunkline-central")
    assert cluster.settle(60) in cluster.CENTRAL


def test_asterisk_whose_queues_do_not_answer_counts_as_dead(active: str) -> None:
    """As where they wait for each other's locks. It still answers SIP."""
    spare = cluster.other(active)
    output = cluster.asterisk(active, "module unload app_queue.so")
    assert "Unloaded" in output, output
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    assert cluster.settle(20) == spare
    # It was started again, and is fit to be the spare.
    assert "app_queue.so" in cluster.asterisk(active, "module show like app_queue")
