# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two central servers may change places: every answer that they can give."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.switch import (
    FRESH_SECONDS,
    Plan,
    Wish,
    outcome_problems,
    plan,
)

ADDRESSES = {"central1": "192.0.2.21", "central2": "192.0.2.22"}
NOW = 1_800_000_000.0


def wish(**more: object) -> Wish:
    options: dict[str, Any] = dict(more)
    return Wish("192.0.2.20", ADDRESSES, **options)


def promotion(began: float) -> dict[str, Any]:
    return {"verb": "promote", "began": began, "seconds": 1.0, "steps": []}


def server(active: bool, follows: str = "") -> dict[str, Any]:
    """What a good server says of itself."""
    return {
        "time": NOW,
        "state": {
            "state": "active" if active else "spare",
            "healthy": True,
            "reasons": [],
            "votes": 3 if active else 0,
            "voters": 3,
            "missing": [],
            "since": NOW - 100_000,
            "time": NOW - 0.3,
        },
        "holds_address": active,
        "history": [],
        "failbacks": [],
        "database": {
            "answers": True,
            "reason": "",
            "writable": active,
            "follows": follows,
            "runs": bool(follows),
            "broken": False,
            "behind": 0 if follows else None,
            "error": "",
        },
    }


def good() -> dict[str, dict[str, Any]]:
    """Central1 is active, central2 follows it."""
    return {"central1": server(True), "central2": server(False, "192.0.2.21")}


def changed(**paths: object) -> dict[str, dict[str, Any]]:
    """Good answers but for ``server__part__key=value``."""
    answers = copy.deepcopy(good())
    for path, value in paths.items():
        *way, last = path.split("__")
        place: dict[str, Any] = answers
        for key in way:
            place = place[key]
        place[last] = value
    return answers


def test_good_servers_change_places() -> None:
    assert plan(good(), wish()) == {
        "todo": "switch",
        "sentence": "central2 becomes active and gets 192.0.2.20 from central1, which becomes the "
        "spare.",
        "active": "central1",
        "spare": "central2",
        "prepared": False,
        "reseed": False,
        "forced": False,
        "passed_over": [],
    }


@pytest.mark.parametrize(("age", "prepared"), [(10, True), (19, True), (70, False)])
def test_prepared_a_moment_ago(age: float, prepared: bool) -> None:
    assert plan(changed(central2__prepared_seconds=age), wish())["prepared"] is prepared


LOST: dict[str, tuple[dict[str, Any], str]] = {
    "behind": (
        {"central2__database__behind": 7},
        "The database of central2 is 7 s behind central1: wait until it has caught up.",
    ),
    "behind for an unknown time": (
        {"central2__database__behind": None},
        "The database of central2 is an unknown time behind central1: wait until it has caught up.",
    ),
    "stopped": (
        {"central2__database__runs": False},
        "The database of central2 has stopped to follow central1 (it was stopped): check the "
        "network between them, or say START REPLICA to it.",
    ),
    "broken": (
        {
            "central2__database__runs": False,
            "central2__database__broken": True,
            "central2__database__error": "error 1236",
        },
        "The database of central2 has stopped to follow central1 (error 1236): fill it with "
        "playbooks/site.yml --limit central -e database_reseed=true first.",
    ),
    "follows nobody": (
        {"central2__database__follows": ""},
        "The database of central2 does not follow central1: fill it with playbooks/site.yml "
        "--limit central first.",
    ),
    "follows another": (
        {"central2__database__follows": "192.0.2.99"},
        "The database of central2 follows 192.0.2.99 and not central1 (192.0.2.21): fill it with "
        "playbooks/site.yml --limit central first.",
    ),
    "database silent": (
        {"central2__database__answers": False, "central2__database__reason": "timed out"},
        "The database of central2 does not answer (timed out): see journalctl -u mariadb there.",
    ),
    "active read-only": (
        {"central1__database__writable": False},
        "The database of central1, the active server, is read-only: see journalctl -t "
        "trunkline-promotion there.",
    ),
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a promotion is under way": (
        {"central2__state__state": "promoting"},
        "central2 is becoming active just now: run this again in a few seconds.",
    ),
    "a demotion is under way": (
        {"central1__state__state": "closing"},
        "central1 is giving the address up just now: run this again in a few seconds.",
    ),
    "spare is ill": (
        {
            "central2__state__healthy": False,
            "central2__state__reasons": ["Asterisk does not answer SIP since 1.2 s."],
        },
        "central2, the spare, is not healthy and would not take over: Asterisk does not answer SIP "
        "since 1.2 s.",
    ),
    "spare is alone": (
        {"central2__state__missing": ["gw1", "gw2"]},
        "central2, the spare, does not reach gw1, gw2 and cannot become active without most "
        "witnesses: check its network and their trunkline-witness.service.",
    ),
    "service is dead": (
        {"central2__state__time": NOW - 12},
        "trunkline-central.service of central2 has been silent for 12 s: start it and see "
        "journalctl -u trunkline-central.",
    ),
    "service was never there": (
        {"central2__state": {}},
        "central2 does not say what it is, as trunkline-central.service has never run there: bring "
        "it up with site.yml first.",
    ),
    "spare is unreachable": (
        {"central2": {"unreachable": True}},
        "central2, the spare, cannot be reached: check its power and network, then that ssh lets "
        "you in.",
    ),
    "active is unreachable": (
        {"central1": {"unreachable": True}},
        "central1 cannot be reached and central2 does not have 192.0.2.20: if callers are not "
        "served, switch the power of central1 off, and central2 takes over by itself.",
    ),
    "active is unreachable and the spare waits for it": (
        {"central1": {"unreachable": True}, "central2__state__patient_seconds": 80.2},
        "central1 cannot be reached and central2 does not have 192.0.2.20: if callers are not "
        "served, switch the power of central1 off, and central2 takes over by itself. central2: it "
        "lacks rows of the other server and waits 80 s for it, unless you touch "
        "/run/trunkline/forced there.",
    ),
    "spare is being filled": (
        {"central2__database__filling": True},
        "The database of central2 is being filled: wait until that is done.",
    ),
    "both are unreachable": (
        {"central1": {"unreachable": True}, "central2": {"unreachable": True}},
        "Neither of them can be reached: name with -i the inventory of this call center.",
    ),
    "wrong inventory": (
        {"central1__holds_address": False},
        "Neither central1 nor central2 has the floating address 192.0.2.20: name with -i the "
        "inventory of this call center.",
    ),
    "nobody serves": (
        {
            "central1__holds_address": False,
            "central1__state__state": "spare",
            "central1__state__healthy": False,
            "central1__state__reasons": ["The database cannot be read since 9.0 s."],
            "central2__state__missing": ["gw1", "gw2"],
        },
        "Neither central1 nor central2 has the floating address 192.0.2.20, and callers are not "
        "served. central1: The database cannot be read since 9.0 s. central2: it does not reach "
        "gw1, gw2 and needs most witnesses.",
    ),
    "both wait": (
        {
            "central1__holds_address": False,
            "central1__state__state": "spare",
            "central1__state__patient_seconds": 71.3,
            "central2__state__state": "promoting",
        },
        "Neither central1 nor central2 has the floating address 192.0.2.20, and callers are not "
        "served. central1: it lacks rows of the other server and waits 71 s for it, unless you "
        "touch /run/trunkline/forced there. central2: it is becoming active just now, "
        "run this again in a few seconds.",
    ),
    "nobody runs": (
        {
            "central1__holds_address": False,
            "central1__state__time": NOW - 60,
            "central2__state": {},
        },
        "Neither central1 nor central2 has the floating address 192.0.2.20, and callers are not "
        "served. central1: trunkline-central.service has been silent for 60 s, start it. central2: "
        "trunkline-central.service has never run there.",
    ),
    "active calls itself the spare": (
        {"central1__state__state": "spare"},
        "central1 has 192.0.2.20 but calls itself spare: see journalctl -u trunkline-central "
        "there.",
    ),
    "both have it": (
        {"central2__holds_address": True},
        "central1 and central2 both have 192.0.2.20: stop trunkline-central.service on the one "
        "whose database is read-only.",
    ),
    "one was not asked": (
        {"central1": {}},
        "central1 was not asked, and both central servers have to be: run the playbook without "
        "--limit.",
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_nothing_is_lost_without_force(name: str) -> None:
    paths, sentence = LOST[name]
    refused = plan(changed(**paths), wish())
    assert (refused["todo"], refused["sentence"]) == ("refuse", sentence)
    forced = plan(changed(**paths), wish(force=True))
    assert forced["todo"] == "switch"
    assert forced["passed_over"] == [sentence]
    assert forced["forced"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_go_well_is_refused_in_any_case(name: str, force: bool) -> None:
    paths, sentence = REFUSED[name]
    refused = plan(changed(**paths), wish(force=force))
    assert (refused["todo"], refused["sentence"]) == ("refuse", sentence)


@pytest.mark.parametrize(
    ("addresses", "sentence"),
    [
        (
            {},
            "The group central has no host: a switch needs two, the active server and its hot "
            "spare.",
        ),
        (
            {"central1": "192.0.2.21"},
            "The group central has only central1: a switch needs two, the active server and its "
            "hot spare.",
        ),
    ],
)
def test_one_server_cannot_switch(addresses: dict[str, str], sentence: str) -> None:
    assert plan(good(), Wish("192.0.2.20", addresses))["sentence"] == sentence


def test_target() -> None:
    assert plan(good(), wish(target="central2"))["todo"] == "switch"
    done = plan(good(), wish(target="central1"))
    assert done["todo"] == "nothing"
    assert done["sentence"] == "central1 is active already, nothing is changed."
    wrong = plan(good(), wish(target="central3"))
    assert wrong["todo"] == "refuse"
    assert wrong["sentence"] == (
        "failover_to: 'central3' is no central server, choose central1 or central2."
    )


@given(st.floats(0, FRESH_SECONDS * 3))
def test_second_run_does_not_switch_back(since: float) -> None:
    answers = changed(
        central1__history=[promotion(NOW - since)],
        central2__history=[promotion(NOW - 100_000)],
    )
    fresh = NOW - (NOW - since) < FRESH_SECONDS
    assert plan(answers, wish())["todo"] == ("nothing" if fresh else "switch")
    assert plan(answers, wish(target="central2"))["todo"] == "switch"
    assert plan(answers, wish(again=True))["todo"] == "switch"


def test_first_start_is_no_switch() -> None:
    answers = changed(central1__history=[promotion(NOW - 5)])
    assert plan(answers, wish())["todo"] == "switch"


def test_configuration_read_again_is_no_switch() -> None:
    """A server calls itself active anew then."""
    answers = changed(
        central1__state__since=NOW - 5,
        central1__history=[promotion(NOW - 5_000)],
        central2__history=[promotion(NOW - 100_000)],
    )
    assert plan(answers, wish())["todo"] == "switch"


def test_server_that_came_back_to_its_place_has_not_switched() -> None:
    answers = terms(("central2", 10), ("central1", NOW - 5_000), ("central1", NOW - 5))
    assert plan(answers, wish())["todo"] == "switch"


def test_spare_without_gateways() -> None:
    answers = changed(central2__state__cut_off=True)
    assert plan(answers, wish())["sentence"] == (
        "central2, the spare, reaches fewer than half of the gateways: check its network and their "
        "trunkline-witness.service."
    )
    answers["central1"]["state"]["cut_off"] = True
    assert plan(answers, wish())["todo"] == "switch"


def test_promotion_that_failed_is_no_term_of_office() -> None:
    answers = terms(("central1", 10), ("central1", 30))
    answers["central2"]["history"] = [promotion(20) | {"failed": True}]
    assert plan(answers, wish(back=True))["sentence"] == (
        "There was no fail-over: central1 is the only server that ever was active. "
        "playbooks/failover.yml -e failover_to=central2 makes central2 active."
    )


def test_second_run_says_so() -> None:
    answers = changed(
        central1__history=[promotion(NOW - 5)],
        central2__history=[promotion(NOW - 100)],
    )
    assert plan(answers, wish())["sentence"] == (
        "The switch is done: central1 became active 5 s ago, nothing is changed (-e "
        "failover_to=central2 makes central2 active at once)."
    )


def terms(*starts: tuple[str, float]) -> dict[str, dict[str, Any]]:
    """Good answers of servers that became active in that order."""
    answers = good()
    for name, began in starts:
        answers[name]["history"].append(promotion(began))
    return answers


def test_back_after_a_fail_over() -> None:
    answers = terms(("central1", 10), ("central2", 20), ("central1", 30))
    assert plan(answers, wish(back=True))["todo"] == "switch"


def test_back_fills_a_server_that_does_not_follow() -> None:
    answers = terms(("central2", 20), ("central1", 30))
    answers["central2"]["database"]["follows"] = ""
    assert plan(answers, wish(back=True))["todo"] == "refuse"
    filled = plan(answers, wish(back=True, reseeds=True))
    assert (filled["todo"], filled["reseed"]) == ("switch", True)
    assert filled["passed_over"] == []


@pytest.mark.parametrize(
    "path",
    ["central2__database__behind", "central2__database__runs", "central1__database__answers"],
)
def test_a_good_copy_is_not_filled_again(path: str) -> None:
    """What passes by itself, and what lies in the active server."""
    answers = changed(**{path: 1 if path.endswith("behind") else False})
    answers["central1"]["history"], answers["central2"]["history"] = [promotion(9)], [promotion(8)]
    refused = plan(answers, wish(back=True, reseeds=True))
    assert (refused["todo"], refused["reseed"]) == ("refuse", False)


@pytest.mark.parametrize("name", LOST | REFUSED)
def test_change_may_mend_the_spare_alone(name: str) -> None:
    """It is asked again before the switch."""
    paths, sentence = (LOST | REFUSED)[name]
    of_the_spare = all(path.startswith("central2__database") for path in paths)
    mended = name == "spare is ill" or (of_the_spare and name != "spare is being filled")
    result = plan(changed(**paths), wish(reseeds=True, repairs=True, again=True))
    assert result["todo"] == ("switch" if mended else "refuse")
    assert result["sentence"] == sentence or mended
    assert result["reseed"] is (name in {"broken", "follows nobody", "follows another"})
    assert not result["forced"]


def test_back_finishes_what_was_interrupted() -> None:
    """A server that is not filled completely calls itself ill until it is."""
    answers = terms(("central2", 20), ("central1", 30))
    answers["central2"]["database"]["unfinished"] = True
    answers["central2"]["state"] |= {"healthy": False, "reasons": ["It is not filled."]}
    filled = plan(answers, wish(back=True, reseeds=True))
    assert (filled["todo"], filled["reseed"]) == ("switch", True)
    assert plan(answers, wish(back=True))["todo"] == "refuse"


@pytest.mark.parametrize(
    ("starts", "sentence"),
    [
        (
            [],
            "There was no fail-over: central1 is the only server that ever was active. "
            "playbooks/failover.yml -e failover_to=central2 makes central2 active.",
        ),
        (
            [("central1", 10), ("central1", 20)],
            "There was no fail-over: central1 is the only server that ever was active. "
            "playbooks/failover.yml -e failover_to=central2 makes central2 active.",
        ),
        (
            [("central1", 10), ("central2", 20)],
            "There is no record of a fail-over to central1: name the server that shall be active "
            "with playbooks/failover.yml -e failover_to=central2.",
        ),
    ],
)
def test_no_way_back(starts: list[tuple[str, float]], sentence: str) -> None:
    refused = plan(terms(*starts), wish(back=True))
    assert (refused["todo"], refused["sentence"]) == ("refuse", sentence)


@given(
    st.lists(st.sampled_from(list(ADDRESSES)), min_size=1, max_size=8),
    st.integers(-300, 300),
)
def test_way_back_is_no_fail_over(owners: list[str], before: int) -> None:
    """It is not undone by a second run, however often servers were promoted again."""
    owners = [*owners, "central2", "central1"]
    starts = [(owner, NOW - 1000.0 * number) for number, owner in enumerate(reversed(owners), 1)]
    starts.reverse()
    answers = terms(*starts)
    answers["central1"]["failbacks"] = [starts[-1][1] - before]
    result = plan(answers, wish(back=True))
    if 0 <= before < 120:
        assert (result["todo"], result["sentence"]) == (
            "refuse",
            "There was no fail-over since the address was given back to central1.",
        )
    else:
        assert result["todo"] == "switch"


def test_way_back_that_is_started_again_is_done() -> None:
    answers = terms(("central2", NOW - 900), ("central1", NOW - 40))
    answers["central1"]["failbacks"] = [NOW - 45]
    done = plan(answers, wish(back=True))
    assert (done["todo"], done["sentence"]) == (
        "nothing",
        "The way back is done: central1 became active 40 s ago, nothing is changed.",
    )


def test_way_back_of_a_minute_ago_does_not_count_for_a_fail_over_since() -> None:
    answers = terms(("central1", NOW - 90), ("central2", NOW - 60), ("central1", NOW - 30))
    answers["central1"]["failbacks"] = [NOW - 95]
    assert plan(answers, wish(back=True))["todo"] == "switch"


@pytest.mark.parametrize("back", [False, True])
def test_switch_that_was_interrupted_before_the_former_server_followed_is_not_done(
    back: bool,
) -> None:
    answers = terms(("central2", NOW - 900), ("central1", NOW - 40))
    answers["central1"]["failbacks"] = [NOW - 45] if back else []
    answers["central2"]["database"]["follows"] = ""
    refused = plan(answers, wish(back=back, reseeds=back))
    assert (refused["todo"], refused["sentence"]) == (
        "refuse",
        "central1 became active 40 s ago, but the database of central2 does not follow it: fill it "
        "with playbooks/site.yml --limit central"
        + (
            "."
            if back
            else ", or pass over it with -e failover_force=true -e failover_to=central2."
        ),
    )


MOMENTS = st.fixed_dictionaries(
    {
        "state": st.one_of(
            st.just({}),
            st.fixed_dictionaries(
                {
                    "state": st.sampled_from(["active", "spare", "promoting", "closing"]),
                    "healthy": st.booleans(),
                    "reasons": st.just(["It is ill."]),
                    "voters": st.just(3),
                    "missing": st.lists(st.sampled_from(["gw1", "gw2", "gw3"]), unique=True),
                    "since": st.floats(NOW - 1000, NOW),
                    "time": st.floats(NOW - 20, NOW),
                }
            ),
        ),
        "time": st.just(NOW),
        "holds_address": st.booleans(),
        "history": st.lists(st.floats(0, NOW).map(promotion), max_size=3),
        "failbacks": st.lists(st.floats(0, NOW), max_size=2),
        "database": st.fixed_dictionaries(
            {
                "answers": st.booleans(),
                "reason": st.just("it is dead"),
                "writable": st.booleans(),
                "follows": st.sampled_from(["", *ADDRESSES.values()]),
                "runs": st.booleans(),
                "broken": st.booleans(),
                "behind": st.one_of(st.none(), st.integers(0, 2)),
                "error": st.sampled_from(["", "error 1236"]),
            }
        ),
    }
)
SERVERS = st.one_of(st.just({"unreachable": True}), MOMENTS)
SENTENCE = re.compile(r"[A-Zct][^\n]*[.)]")


@given(
    st.fixed_dictionaries(dict.fromkeys(ADDRESSES, SERVERS)),
    st.sampled_from(["", *ADDRESSES]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_servers_say(
    answers: dict[str, dict[str, Any]], target: str, force: bool, back: bool
) -> None:
    """There is always one sentence, and a switch needs a spare that can take over."""
    result: Plan = plan(answers, wish(target=target, force=force, back=back))
    assert SENTENCE.fullmatch(result["sentence"])
    if result["todo"] != "switch":
        return
    active, spare = result["active"], result["spare"]
    assert {active, spare} == set(ADDRESSES)
    assert answers[active]["holds_address"]
    assert not answers[spare]["holds_address"]
    assert answers[active]["state"]["state"] == "active"
    assert answers[spare]["state"]["healthy"]
    database = answers[spare]["database"]
    nothing_lost = (
        answers[active]["database"]["answers"]
        and answers[active]["database"]["writable"]
        and database["answers"]
        and database["follows"] == ADDRESSES[active]
        and database["runs"]
        and database["behind"] == 0
    )
    assert nothing_lost or force
    assert bool(result["passed_over"]) is not nothing_lost


def after() -> dict[str, dict[str, Any]]:
    return {"central1": server(False, "192.0.2.22"), "central2": server(True)}


def test_good_outcome() -> None:
    assert outcome_problems(after(), wish(), "central2") == []


def test_bad_outcome() -> None:
    told = outcome_problems(good(), wish(), "central2")
    for sentence in (
        "central2 does not have 192.0.2.20.",
        "central1 still has 192.0.2.20.",
        "central2 is not active.",
        "central1 is not the spare.",
        "The database of central2 cannot be written.",
        "The database of central1 can be written.",
    ):
        assert sentence in told


def test_forced_outcome_is_judged_by_who_serves() -> None:
    answers = after()
    answers["central1"]["state"] |= {"healthy": False, "reasons": ["Its disk is full."]}
    answers["central1"]["database"] |= {"follows": "", "runs": False}
    assert len(outcome_problems(answers, wish(), "central2")) == 2
    assert outcome_problems(answers, wish(), "central2", forced=True) == []
    answers["central1"]["database"]["writable"] = True
    assert outcome_problems(answers, wish(), "central2", forced=True) == [
        "The database of central1 can be written."
    ]


@given(st.fixed_dictionaries(dict.fromkeys(ADDRESSES, SERVERS)))
def test_outcome_is_good_only_of_exactly_one_active(answers: dict[str, dict[str, Any]]) -> None:
    if not outcome_problems(answers, wish(), "central2"):
        assert [name for name in ADDRESSES if answers[name]["holds_address"]] == ["central2"]
        assert [name for name in ADDRESSES if answers[name]["database"]["writable"]] == ["central2"]
        assert answers["central1"]["database"]["runs"]
