# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which server may serve, besides what the faults show."""

from __future__ import annotations

import time

from tests.lab import cluster

from .test_playbooks import asterisk_started, refused, writable


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
    cluster.sql("DELETE FROM queue_log WHERE callid = 'received'")


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


def test_former_server_is_fenced(active: str) -> None:
    """By a command of the user, before the database is opened."""
    spare = cluster.other(active)
    settings, mark = "/etc/trunkline/central.json", "/var/lib/trunkline/lab-fenced"
    cluster.host(spare).check_output(
        f"""sed -i 's|"fence_command": \\[\\]|"fence_command": ["touch", "{mark}"]|' {settings}"""
        f" && grep -q lab-fenced {settings} && rm -f {mark}"
    )
    cluster.host(active).check_output("systemctl kill --signal=KILL asterisk")
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    cluster.host(spare).check_output(f"rm {mark}")


def test_asterisk_whose_queues_do_not_answer_counts_as_dead(active: str) -> None:
    """As where they wait for each other's locks. It still answers SIP."""
    spare = cluster.other(active)
    output = cluster.asterisk(active, "module unload app_queue.so")
    assert "Unloaded" in output, output
    cluster.wait_until("the other one is active", lambda: writable() == {spare})
    assert cluster.settle(20) == spare
    # It was started again, and is fit to be the spare.
    assert "app_queue.so" in cluster.asterisk(active, "module show like app_queue")
