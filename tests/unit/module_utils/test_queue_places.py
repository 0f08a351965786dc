# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who comes before whom in a queue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.queue_places import (
    call_back_of,
    call_name,
    live,
    place,
)

ranks = st.tuples(st.integers(0, 199), st.integers(0, 3600))


def entry(priority: int, seconds: int, uniqueid: str = "1790000000.1") -> dict[str, str]:
    return {
        "Event": "QueueEntry",
        "Uniqueid": uniqueid,
        "Wait": str(seconds),
        "Priority": str(priority),
    }


@given(st.integers(1, 10**9), st.floats(1e9, 2e9))
def test_a_call_says_whose_it_is(call_back: int, moment: float) -> None:
    name = call_name(call_back, moment)
    assert call_back_of(name) == call_back_of(f"{name}-queue") == call_back


def test_other_calls_are_none() -> None:
    assert call_back_of("1790000000.17") is None
    assert live([{"Uniqueid": "call-back-7-1.000"}, {"Uniqueid": "1.2"}, {}]) == {7}


@given(st.lists(ranks, max_size=20), ranks)
def test_priority_first_then_who_has_waited_longer(
    others: list[tuple[int, int]], own: tuple[int, int]
) -> None:
    queue = sorted(others, reverse=True)
    found = place([{"Event": "QueueParams"}, *(entry(*rank) for rank in queue)], {}, *own)
    assert all(rank >= own for rank in queue[: found - 1])
    assert all(rank < own for rank in queue[found - 1 :])


@given(st.lists(st.integers(0, 3600), min_size=1, max_size=20, unique=True), st.randoms())
def test_call_backs_keep_their_order(joined: list[int], random: object) -> None:
    """Whenever each of them is put into the queue, where they stand for no time at all."""
    waited = dict(enumerate(joined))
    order = list(waited)
    random.shuffle(order)  # type: ignore[attr-defined]
    queue: list[dict[str, str]] = []
    for call_back in order:
        at = place(queue, waited, 0, waited[call_back])
        queue.insert(at - 1, entry(0, 0, call_name(call_back, 1.0)))
    found = [call_back_of(each["Uniqueid"]) for each in queue]
    assert found == sorted(waited, key=lambda call_back: -waited[call_back])
