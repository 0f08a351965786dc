# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""People change the active server, roll out changes and drill, while callers talk and wait."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cluster.test_calls import talk
from tests.lab import cluster
from tests.lab.callers import Callers
from tests.lab.faults import HANDOVER, prepare
from tests.lab.load import Answers
from tests.lab.telephone import Telephone

pytestmark = pytest.mark.usefixtures("phone_is_on")

Done = subprocess.CompletedProcess[str]


def run(name: str, *arguments: str) -> Done:
    """A playbook on the lab."""
    return cluster.playbook(name, *arguments)


def told(done: Done, sentence: str) -> bool:
    """Whether it said so; lines may be broken anywhere."""
    return " ".join(sentence.split()) in " ".join(done.stdout.split())


def succeeded(done: Done) -> Done:
    assert done.returncode == 0, done.stdout[-6000:]
    return done


def writable() -> set[str]:
    query = "mariadb -N -B -e 'SELECT @@global.read_only'"
    return {name for name in cluster.CENTRAL if cluster.host(name).check_output(query) == "0"}


def asterisk_started(server: str) -> str:
    query = "systemctl show -p ExecMainStartTimestampMonotonic,NRestarts asterisk"
    output: str = cluster.host(server).check_output(query)
    return output


def starts_of_asterisk() -> dict[str, str]:
    """By central server. They stay the same where nothing was changed."""
    return {name: asterisk_started(name) for name in cluster.CENTRAL}


def follows(server: str) -> bool:
    replica = cluster.host(server).check_output("mariadb -E -e 'SHOW REPLICA STATUS'")
    return "Slave_IO_Running: Yes" in replica and "Slave_SQL_Running: Yes" in replica


def assert_good(active: str) -> None:
    """That server serves, the other one is its spare."""
    assert cluster.active() == active
    assert writable() == {active}
    assert follows(cluster.other(active))


@pytest.mark.ends_well
def test_check_mode_says_what_would_happen(active: str) -> None:
    spare = cluster.other(active)
    before = starts_of_asterisk()
    done = succeeded(cluster.switch(spare, "--check"))
    assert told(
        done, f"{spare} becomes active and gets {cluster.address('vip')} from {active}, which"
    )
    assert starts_of_asterisk() == before
    assert_good(active)


@pytest.mark.ends_well
def test_check_mode_of_a_rollout_and_of_a_drill(active: str) -> None:
    spare = cluster.other(active)
    before = starts_of_asterisk()
    change = '{"central_ring_seconds": 17}'
    done = succeeded(run("rollout", "--check", "--diff", "-e", change))
    assert told(done, f"what would change on {spare} is shown.")
    assert ",17)" in done.stdout
    done = succeeded(run("drill", "--check", "-e", "drill_confirm=yes"))
    assert told(done, f"{spare} has to take over")
    assert starts_of_asterisk() == before
    assert_good(active)


@pytest.mark.ends_well
def test_there_and_back_while_people_call(active: str) -> None:
    spare = cluster.other(active)
    seats = {str(number) for number in range(1101, 1161)}
    cluster.switch_on("seats", seats)
    try:
        with Callers("gw1", calls=20, seconds=150) as one, Callers("gw2", 20, seconds=150) as two:
            cluster.wait_until("they talk", lambda: cluster.calls(active) >= 40)
            succeeded(cluster.switch(spare))
            assert_good(spare)
            # The second run is a mistake, or the same one after an interruption.
            again = succeeded(run("failover"))
            assert told(again, f"The switch is done: {spare} became active")
            assert_good(spare)
            succeeded(run("failback"))
            assert_good(active)
            twice = succeeded(run("failback"))
            assert told(twice, f"The way back is done: {active} became active")
            assert_good(active)
            assert one.all_succeeded(seconds=180)
            assert two.all_succeeded(seconds=60)
    finally:
        cluster.host("phones").check_output("systemctl stop baresip@seats")


@pytest.mark.ends_well
def test_conversation_survives_and_a_new_call_goes_through(
    active: str, caller: Telephone, agent: Telephone
) -> None:
    spare = cluster.other(active)
    talk(caller, agent)
    succeeded(cluster.switch(spare))
    with pytest.raises(TimeoutError):
        caller.wait("CALL_CLOSED", seconds=1)
    caller.hangup()
    agent.wait("CALL_CLOSED", seconds=5)
    caller.forget()
    agent.forget()
    talk(caller, agent)
    succeeded(cluster.switch(active))
    agent.hangup()
    # Its gateway notices that the phone is silent.
    caller.wait("CALL_CLOSED", seconds=30)
    caller.forget()
    agent.forget()
    succeeded(cluster.switch(spare))
    talk(caller, agent, "gw2")
    done = succeeded(cluster.switch(spare))
    assert told(done, f"{spare} is active already, nothing is changed.")


@pytest.mark.ends_well
def test_interrupted_before_the_address_is_given(active: str) -> None:
    spare = cluster.other(active)
    prepare(spare)
    started = asterisk_started(spare)
    succeeded(cluster.switch(spare))
    assert_good(spare)
    # It was not made ready once more.
    assert asterisk_started(spare) == started


@pytest.mark.ends_well
def test_interrupted_after_the_address_was_given(active: str) -> None:
    spare = cluster.other(active)
    prepare(spare)
    assert give(active)["active"] == spare
    cluster.wait_until("it is its spare", lambda: follows(active))
    time.sleep(3)
    done = succeeded(run("failover"))
    assert told(done, f"The switch is done: {spare} became active")
    assert_good(spare)


def refused(sentence: str, *arguments: str) -> None:
    """A switch ends with that sentence, and nothing is changed."""
    before = starts_of_asterisk()
    was_writable = writable()
    done = cluster.switch(cluster.spare(), *arguments)
    assert done.returncode != 0
    assert told(done, sentence), done.stdout[-3000:]
    assert starts_of_asterisk() == before
    assert writable() == was_writable


def test_spare_is_ill(active: str) -> None:
    spare = cluster.other(active)
    cluster.host(spare).check_output("systemctl kill --signal=STOP asterisk")
    time.sleep(3)
    refused(f"{spare}, the spare, is not healthy and would not take over: ")
    refused(f"{spare}, the spare, is not healthy", "-e", "failover_force=true")
    assert cluster.active() == active


@pytest.mark.ends_well
def test_spare_is_behind(active: str) -> None:
    spare = cluster.other(active)
    cluster.host(spare).check_output("mariadb -e 'STOP SLAVE SQL_THREAD'")
    refused(f"The database of {spare} has stopped to follow {active}")
    refused(f"The database of {spare} has stopped to follow {active}", "--check")
    done = succeeded(cluster.switch(spare, "-e", "failover_force=true"))
    assert told(done, "Passed over: ")
    assert cluster.active() == spare
    assert writable() == {spare}
    # The former one is filled before it serves again.
    done = succeeded(run("failback", "--check"))
    assert told(done, f"{active} does not follow {spare} and is filled from it first.")
    assert writable() == {spare}
    succeeded(run("failback"))
    assert_good(active)


@pytest.mark.ends_well
def test_former_server_is_filled_while_people_call(active: str) -> None:
    spare = cluster.other(active)
    cluster.give_up_address(active)
    cluster.host(active).check_output("systemctl start trunkline-central")
    with (
        cluster.room_full_of_seats(),
        Answers("gw2") as answers,
        Callers("gw1", calls=20, seconds=120) as talking,
        ThreadPoolExecutor() as pool,
    ):
        cluster.wait_until("they talk", lambda: cluster.calls(spare) >= 20)
        began = time.time()
        filling = pool.submit(run, "site", "--limit", "central")
        rounds = 0
        while not filling.done():
            with Callers("gw2", calls=5, seconds=2) as newcomers:
                assert newcomers.all_succeeded(30)
            rounds += 1
        succeeded(filling.result())
        silent = answers.longest_silence(began)
        print(f"{5 * rounds} new calls; the address was silent for {silent:.2f} s at most")
        assert talking.all_succeeded(200)
    assert_good(spare)


def give(active: str) -> dict[str, str]:
    """What the active server says of giving the address to its spare."""
    output = cluster.host(active).run(f"{HANDOVER} give").stdout
    answer: dict[str, str] = json.loads(output)
    return answer


@pytest.mark.ends_well
def test_interrupted_filling_goes_on(active: str) -> None:
    """A server that is not filled completely calls itself ill: no reason not to fill it."""
    cluster.give_up_address(active)
    former = cluster.host(active)
    former.check_output("touch /var/lib/trunkline/seed.cnf")
    former.check_output("systemctl start trunkline-central")
    ill = "The database is not filled completely"
    cluster.wait_until("it is ill", lambda: ill in " ".join(cluster.state(active)["reasons"]))
    done = succeeded(run("failback"))
    assert told(done, f"{active} does not follow {cluster.other(active)} and is filled from it")
    assert_good(active)


@pytest.mark.ends_well
def test_switch_waits_for_the_last_rows(active: str) -> None:
    """Longer than a database may otherwise be closed."""
    spare = cluster.other(active)
    prepare(spare)
    cluster.host(spare).check_output("mariadb -e 'STOP SLAVE SQL_THREAD'")
    cluster.host(spare).check_output(
        "systemd-run --quiet --on-active=3 mariadb -e 'START SLAVE SQL_THREAD'"
    )
    cluster.sql("INSERT INTO queue_log (callid, event) VALUES ('last', 'LAB')")
    assert give(active)["active"] == spare
    cluster.wait_until("it is its spare", lambda: follows(active))
    assert_good(spare)
    assert cluster.sql("SELECT event FROM queue_log WHERE callid = 'last'") == [["LAB"]]


@pytest.mark.ends_well
def test_switch_is_taken_back_if_the_last_rows_do_not_come(active: str) -> None:
    spare = cluster.other(active)
    started = asterisk_started(active)
    cluster.host(spare).check_output("mariadb -e 'STOP SLAVE SQL_THREAD'")
    cluster.sql("INSERT INTO queue_log (callid, event) VALUES ('never', 'LAB')")
    problem = give(active)["problem"]
    assert problem.startswith(f"{spare} has not applied the last transactions within 5 s")
    assert problem.endswith(f"{active} serves on.")
    cluster.host(spare).check_output("mariadb -e 'START SLAVE SQL_THREAD'")
    time.sleep(3)
    assert_good(active)
    assert asterisk_started(active) == started


@pytest.mark.ends_well
def test_what_only_the_former_server_wrote_is_kept(active: str, tmp_path: Path) -> None:
    spare, alone = cluster.other(active), f"alone-{uuid.uuid4().hex}"
    cluster.host(spare).check_output("mariadb -e 'STOP SLAVE IO_THREAD'")
    cluster.sql(f"INSERT INTO queue_log (callid, event) VALUES ('{alone}', 'LAB')")  # noqa: S608
    done = succeeded(cluster.switch(spare, "-e", "failover_force=true"))
    assert told(done, "Passed over: ")
    done = succeeded(run("failback"))
    assert told(done, "are kept in /var/lib/trunkline/diverged-")
    assert_good(active)
    assert cluster.sql(f"SELECT * FROM queue_log WHERE callid = '{alone}'") == []  # noqa: S608
    file = cluster.host(active).check_output(f"grep -l {alone} /var/lib/trunkline/diverged-*.sql")
    answer = tmp_path / "status.json"
    succeeded(run("status", "-e", f"status_json={answer}"))
    (host,) = (one for one in json.loads(answer.read_text())["hosts"] if one["name"] == active)
    assert file in {one["file"] for one in host["diverged"]}


FILTER = """
table inet lab_silence {
  chain input {
    type filter hook input priority 10
    %s
  }
}
"""
"""Of nft; the fixture ``active`` takes it away."""
UNREACHABLE = FILTER % "tcp dport 22 reject with tcp reset"


@pytest.mark.ends_well
def test_active_server_cannot_be_reached(active: str) -> None:
    """The remedy is named, and what can be told of the other one is not lost."""
    host = cluster.host(active)
    host.check_output(
        "systemd-run --quiet --on-active=30 nft delete table inet lab_silence"
        " && printf %%s %s | nft -f -",
        UNREACHABLE,
    )
    done = run("failover")
    cluster.wait_until("it can be reached", lambda: cluster.reachable(active), 40)
    assert done.returncode != 0
    spare, address = cluster.other(active), cluster.address("vip")
    assert told(done, f"{active} cannot be reached and {spare} does not have {address}:")
    assert_good(active)


@pytest.mark.ends_well
def test_only_one_server_is_asked(active: str) -> None:
    refused(
        f"{cluster.other(active)} was not asked, and both central servers have to be: run the "
        "playbook without --limit.",
        "--limit",
        f"{active},localhost",
    )


def test_difference_is_shown(active: str) -> None:
    spare = cluster.other(active)
    cluster.host(spare).check_output(
        "printf '[jazz]\\nmode = files\\ndirectory = /tmp\\n' >>/etc/asterisk/musiconhold.conf"
    )
    done = succeeded(cluster.switch(spare, "--check"))
    assert told(done, "The configuration of both servers differs:")
    assert told(done, "+[jazz]") or told(done, "-[jazz]")


def assert_stopped_at_the_spare(done: Done, active: str, started: str) -> None:
    """The active server has noticed nothing."""
    assert done.returncode != 0
    spare = cluster.other(active)
    assert told(done, f"The change fails on {spare}, the spare, at"), done.stdout[-3000:]
    assert told(done, f"{active} was not touched and serves")
    assert cluster.active() == active
    assert asterisk_started(active) == started


@pytest.fixture
def package_that_does_not_start(active: str) -> Iterator[None]:
    """Of Asterisk, on the spare; what runs was started before."""
    spare = cluster.host(cluster.other(active))
    drop_in = "/etc/systemd/system/asterisk.service.d/lab-broken.conf"
    broken = "[Service]\\nExecStartPre=/bin/false\\n"
    spare.check_output(f"printf '{broken}' >{drop_in} && systemctl daemon-reload")
    yield
    spare.check_output(f"rm {drop_in} && systemctl daemon-reload; systemctl restart asterisk")


@pytest.mark.usefixtures("package_that_does_not_start")
def test_asterisk_that_does_not_start_stops_at_the_spare(active: str) -> None:
    started = asterisk_started(active)
    assert_stopped_at_the_spare(run("rollout"), active, started)


@pytest.fixture(params=["app_queue", "pbx_config"])
def package_without_a_module(active: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """Of Asterisk, on the spare: no queues, or no dialplan."""
    spare = cluster.host(cluster.other(active))
    path = spare.check_output(f"find /usr/lib -name {request.param}.so").strip()
    spare.check_output(f"mv {path} /root/lab-module")
    yield
    spare.check_output(f"mv /root/lab-module {path}; systemctl restart asterisk")


@pytest.mark.usefixtures("package_without_a_module")
def test_asterisk_without_queues_or_dialplan_stops_at_the_spare(active: str) -> None:
    started = asterisk_started(active)
    assert_stopped_at_the_spare(run("rollout"), active, started)


BROKEN = {
    "codec": {"asterisk_codecs": ["ulaw"]},
    "music": {"asterisk_music": {"default": "/var/lib/lab-music"}},
}


@pytest.fixture
def music_that_cannot_be_played() -> Iterator[None]:
    for server in cluster.CENTRAL:
        cluster.host(server).check_output("install -D /dev/null /var/lib/lab-music/silence.wav")
    yield
    for server in cluster.CENTRAL:
        cluster.host(server).check_output("rm -r /var/lib/lab-music")


@pytest.mark.usefixtures("music_that_cannot_be_played")
@pytest.mark.parametrize("name", BROKEN)
def test_bad_change_stops_at_the_spare(active: str, name: str) -> None:
    started = asterisk_started(active)
    done = run("rollout", "-e", json.dumps(BROKEN[name]))
    assert_stopped_at_the_spare(done, active, started)


GOOD = {"central_ring_seconds": 17, "rollout_watch_seconds": 10}


def assert_rolled_out(done: Done, spare: str) -> None:
    """Both have the good change, and have changed places."""
    active = cluster.other(spare)
    assert told(done, f"{spare} is active with the change, {active} has it too and is its spare.")
    assert_good(spare)
    for name in cluster.CENTRAL:
        assert ",17)" in cluster.host(name).file("/etc/asterisk/extensions.conf").content_string


def test_good_change_reaches_both(active: str) -> None:
    change = GOOD | {"rollout_upgrade": True}
    done = succeeded(run("rollout", "-e", json.dumps(change)))
    assert_rolled_out(done, cluster.other(active))


def test_change_that_was_mended_is_tried_again(active: str) -> None:
    """A bad one may have left an Asterisk that does not run and a database that follows nobody."""
    spare = cluster.other(active)
    host = cluster.host(spare)
    assert run("rollout", "-e", json.dumps(BROKEN["codec"])).returncode != 0
    host.check_output("mariadb -e 'STOP SLAVE; RESET SLAVE ALL'; systemctl stop asterisk")
    cluster.wait_until("it is ill", lambda: not cluster.state(spare)["healthy"], 30)
    refused(f"{spare}, the spare, is not healthy")
    done = succeeded(run("rollout", "-e", json.dumps(GOOD)))
    assert told(done, f"{spare} does not follow {active} and is filled from it.")
    assert_rolled_out(done, spare)


SILENCE = FILTER % "udp sport 10000-19999 drop"
DEAFNESS = FILTER % "iif != lo tcp dport 3306 reject"
CLOSED_DOOR = FILTER % "iif != lo udp dport 5060 drop"


def roll_out(moment: Callable[[], bool], damage: Callable[[], object]) -> Done:
    """A change, at a moment of which something breaks."""
    stop = threading.Event()

    def break_it() -> None:
        while not stop.is_set():
            if moment():
                damage()
                return
            time.sleep(0.1)

    breaker = threading.Thread(target=break_it)
    breaker.start()
    try:
        return run("rollout", "-e", "rollout_watch_seconds=30")
    finally:
        stop.set()
        breaker.join()


def spoil(server: str, rules: str) -> Done:
    """A change that spoils the spare as soon as it is active: packets are dropped."""
    host = cluster.host(server)
    return roll_out(
        lambda: cluster.address("vip") in host.interface("eth0").addresses,
        lambda: host.check_output("printf %%s %s | nft -f -", rules),
    )


def test_change_after_which_nobody_can_follow_is_taken_back(active: str) -> None:
    spare = cluster.other(active)
    done = spoil(spare, DEAFNESS)
    assert done.returncode != 0
    # It is seen at the end of the switch, or a little later.
    assert told(done, f"{spare} was active with the change and did not "), done.stdout[-6000:]
    assert told(done, f"{active} does not follow") or told(done, f"The database of {active} has")
    assert told(done, f"{active} serves again, without the change")
    assert cluster.active() == active
    assert writable() == {active}


@pytest.mark.parametrize(
    ("rules", "problem"), [(SILENCE, "The caller of a"), (CLOSED_DOOR, "gw1, gw2 cannot call it.")]
)
def test_change_that_only_breaks_the_active_server_is_taken_back(
    active: str, rules: str, problem: str
) -> None:
    spare = cluster.other(active)
    done = spoil(spare, rules)
    assert done.returncode != 0
    assert told(done, f"{spare} was active with the change and did not serve well: {problem}")
    assert_good(active)
    # It is not a fail-over that anybody wants to undo.
    back = run("failback")
    assert told(back, f"The way back is done: {active} became active")


def test_server_that_took_over_during_a_rollout_keeps_what_it_has(active: str) -> None:
    spare = cluster.other(active)
    prepared = cluster.host(spare).file("/run/trunkline/prepared")
    done = roll_out(
        lambda: prepared.exists,
        lambda: cluster.host(active).check_output("systemctl kill --signal=KILL asterisk"),
    )
    assert done.returncode != 0
    assert told(done, f"{active} failed meanwhile and {spare} took over by itself, with the change")
    assert cluster.active() == spare
    assert writable() == {spare}


@pytest.mark.ends_well
@pytest.mark.parametrize("fault", ["asterisk_killed", "asterisk_frozen", "database_killed"])
def test_drill(active: str, fault: str) -> None:
    done = succeeded(run("drill", "-e", f"drill_confirm=yes drill_fault={fault} drill_seconds=40"))
    print(done.stdout)
    assert re.search(r"\d\.\d\d  ", done.stdout)
    assert told(done, "registered phones")
    assert_good(active)


@pytest.mark.ends_well
def test_drill_stays_if_it_has_to(active: str) -> None:
    spare = cluster.other(active)
    variables = {
        "drill_confirm": "yes",
        "drill_fault": "asterisk_frozen",
        "drill_seconds": 40,
        "drill_back": False,
    }
    done = succeeded(run("drill", "-e", json.dumps(variables)))
    assert told(done, f"SIP is answered by {spare}")
    assert cluster.active() == spare
    assert writable() == {spare}
    succeeded(run("failback"))
    assert_good(active)
