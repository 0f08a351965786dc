# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a technician."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import CablingLock
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.work_order import (
    Step,
    is_sip,
    sentences,
    work_order,
    worst_outage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

PORTS = [f"gw{gateway}/1/{port}" for gateway in (1, 2, 10) for port in (1, 2, 3)]
CIRCUITS = [f"{group}-{number}" for group in "abc" for number in (1, 2, 3, 4)]
GROUPS = {circuit: circuit[0] for circuit in CIRCUITS}

places = st.builds(
    lambda circuits, ports, sip: {**sip, **dict(zip(circuits, ports, strict=False))},
    st.permutations(CIRCUITS),
    st.lists(st.sampled_from(PORTS), unique=True),
    st.dictionaries(st.sampled_from(CIRCUITS), st.sampled_from(["gw1/sip", "gw2/sip"]), max_size=4),
)
shuffled = st.permutations(CIRCUITS[: len(PORTS)]).map(
    lambda all_: dict(zip(all_, PORTS, strict=True))
)


def steps_of(old: dict[str, str], new: dict[str, str]) -> list[Step]:
    return work_order(CablingLock(old), CablingLock(new), {one: GROUPS[one] for one in new})


def follow(old: dict[str, str], steps: Sequence[Step]) -> Iterator[dict[str, str]]:
    """Where the cables are after each step; fails where a step cannot be done."""
    now = dict(old)
    for step in steps:
        assert now.get(step.circuit) == step.source, step
        assert (step.source is None, step.destination is None) == {
            "plug": (True, False),
            "unplug": (False, True),
            "move": (False, False),
        }[step.action], step
        if step.destination is not None and not is_sip(step.destination):
            assert step.destination not in now.values(), step
        if step.destination is None:
            del now[step.circuit]
        else:
            now[step.circuit] = step.destination
        yield dict(now)


def circles(old: dict[str, str], new: dict[str, str]) -> list[list[str]]:
    """Circuits that go each into the port of the next."""
    by_port = {place: one for one, place in old.items() if not is_sip(place)}
    found = []
    left = {one for one, place in old.items() if new.get(one, place) != place}
    while left:
        chain = [left.pop()]
        while (following := by_port.get(new[chain[-1]])) in left:
            assert following is not None
            left.remove(following)
            chain.append(following)
        if following == chain[0]:
            found.append(chain)
    return found


@given(places, places)
def test_steps_can_be_done_and_lead_to_the_plan(old: dict[str, str], new: dict[str, str]) -> None:
    *_before, end = [old, *follow(old, steps_of(old, new))]
    assert end == new


@given(places | shuffled, places | shuffled)
def test_no_step_too_many(old: dict[str, str], new: dict[str, str]) -> None:
    steps = steps_of(old, new)
    differing = {one for one in {*old, *new} if old.get(one) != new.get(one)}
    handled = Counter(step.circuit for step in steps)
    assert set(handled) == differing
    assert set(handled.values()) <= {1, 2}
    twice = {one for one, count in handled.items() if count == 2}
    found = circles(old, new)
    assert len(twice) == len(found)
    assert all(len(twice.intersection(circle)) == 1 for circle in found)


@given(places, places)
def test_cancelled_circuits_first_and_new_ones_last(
    old: dict[str, str], new: dict[str, str]
) -> None:
    steps = steps_of(old, new)
    cancelled = [one for one in old if one not in new]
    added = [one for one in new if one not in old]
    assert {step.circuit for step in steps[: len(cancelled)]} == set(cancelled)
    assert {step.circuit for step in steps[len(steps) - len(added) :]} == set(added)


@given(shuffled, shuffled)
def test_one_circuit_of_a_group_is_down_where_that_is_possible(
    old: dict[str, str], new: dict[str, str]
) -> None:
    unavoidable = any(
        min(Counter(GROUPS[one] for one in circle).values()) > 1 for circle in circles(old, new)
    )
    outages = worst_outage(steps_of(old, new), GROUPS)
    assert max(outages.values(), default=0) == (2 if unavoidable else int(old != new))


@given(places, places)
def test_outage_is_what_really_happens(old: dict[str, str], new: dict[str, str]) -> None:
    steps = steps_of(old, new)
    serving = set(old) & set(new)
    worst = dict.fromkeys("abc", 0)
    before = old
    for step, after in zip(steps, follow(old, steps), strict=True):
        down = {one for one in serving if one not in before or one not in after}
        down |= {step.circuit} & serving
        for group, count in Counter(GROUPS[one] for one in down).items():
            worst[group] = max(worst[group], count)
        before = after
    assert worst_outage(steps, GROUPS) == worst


@given(places, places, st.randoms())
def test_order_of_the_input_does_not_matter(
    old: dict[str, str], new: dict[str, str], random: Random
) -> None:
    mixed = [dict(random.sample(list(one.items()), len(one))) for one in (old, new)]
    assert steps_of(*mixed) == steps_of(old, new)


@pytest.mark.parametrize("circuits", list(permutations(["a-1", "a-2", "b-1"])))
def test_the_only_one_of_its_group_is_unplugged(circuits: tuple[str, ...]) -> None:
    old = dict(zip(circuits, PORTS, strict=False))
    new = dict(zip(circuits, [PORTS[1], PORTS[2], PORTS[0]], strict=True))
    assert steps_of(old, new)[0] == Step("unplug", "b-1", old["b-1"])


def test_of_a_large_group_where_there_is_a_choice() -> None:
    old = {"a-1": PORTS[0], "b-1": PORTS[1], "b-2": PORTS[2]}
    new = {"a-1": PORTS[1], "b-1": PORTS[0], "b-2": PORTS[2]}
    assert steps_of(old, new)[0] == Step("unplug", "b-1", PORTS[1])
    other = {"a-1": PORTS[0], "b-1": PORTS[1], "a-2": PORTS[2]}
    assert steps_of(other, {**other, "a-1": PORTS[1], "b-1": PORTS[0]})[0].circuit == "a-1"


def test_nothing_to_do() -> None:
    places_now = {"a-1": "gw1/1/1", "b-1": "gw1/sip"}
    assert steps_of(places_now, places_now) == []
    assert sentences([]) == []
    assert worst_outage([], GROUPS) == {"a": 0, "b": 0, "c": 0}


def test_chain() -> None:
    old = {"a-1": "gw1/1/1", "a-2": "gw2/1/1", "a-3": "gw10/1/1"}
    new = {"a-1": "gw2/1/1", "a-2": "gw10/1/1", "a-4": "gw1/1/1"}
    steps = steps_of(old, new)
    assert steps == [
        Step("unplug", "a-3", "gw10/1/1"),
        Step("move", "a-2", "gw2/1/1", "gw10/1/1"),
        Step("move", "a-1", "gw1/1/1", "gw2/1/1"),
        Step("plug", "a-4", None, "gw1/1/1"),
    ]
    assert worst_outage(steps, GROUPS)["a"] == 1


def test_circuits_without_a_cable_change_places() -> None:
    steps = steps_of({"a-1": "gw1/sip", "a-2": "gw2/sip"}, {"a-1": "gw2/sip", "a-2": "gw1/sip"})
    assert steps == [
        Step("move", "a-1", "gw1/sip", "gw2/sip"),
        Step("move", "a-2", "gw2/sip", "gw1/sip"),
    ]


def test_two_of_one_group_change_places() -> None:
    old = {"a-1": "gw1/1/1", "a-2": "gw2/1/1"}
    steps = steps_of(old, {"a-1": "gw2/1/1", "a-2": "gw1/1/1"})
    assert sentences(steps) == [
        "1. Unplug a-1 from gw1, card 1, port 1, a later step says where to plug it.",
        "2. Move a-2 from gw2, card 1, port 1 to gw1, card 1, port 1.",
        "3. Plug a-1 into gw2, card 1, port 1.",
    ]
    assert worst_outage(steps, GROUPS)["a"] == 2


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (None, "gw1/1/2", "Plug a-1 into gw1, card 1, port 2."),
        (None, "gw1/sip", "Let the carrier send a-1 to gw1."),
        ("gw1/1/2", None, "Unplug a-1 from gw1, card 1, port 2, it is cancelled."),
        ("gw1/1/2", "gw2/3/4", "Move a-1 from gw1, card 1, port 2 to gw2, card 3, port 4."),
        (
            "gw1/1/2",
            "gw2/sip",
            "Unplug a-1 from gw1, card 1, port 2 and let the carrier send it to gw2.",
        ),
        ("gw1/sip", None, "Let the carrier send a-1 to gw1 no longer, it is cancelled."),
        (
            "gw1/sip",
            "gw2/3/4",
            "Plug a-1 into gw2, card 3, port 4, it no longer comes over SIP to gw1.",
        ),
        ("gw1/sip", "gw2/sip", "Let the carrier send a-1 to gw2 instead of gw1."),
    ],
)
def test_sentences(old: str | None, new: str | None, sentence: str) -> None:
    steps = steps_of({"a-1": old} if old else {}, {"a-1": new} if new else {})
    assert sentences(steps) == [f"1. {sentence}"]
