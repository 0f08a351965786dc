# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which database is the active one: every pair of states there is."""

from __future__ import annotations

from itertools import product

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.replication import (
    STOPPED,
    DatabaseState,
    active_database,
)

PEERS = ("central1", "central2")
STATES: list[DatabaseState] = [
    {"writable": writable, "follows": follows, "has_data": has_data}
    for writable, follows, has_data in product((False, True), repeat=3)
]
PAIRS = [dict(zip(PEERS, pair, strict=True)) for pair in product(STATES, repeat=2)]


def choose(states: dict[str, DatabaseState]) -> str | None:
    """None when nobody can tell."""
    try:
        return active_database(states, PEERS)
    except ValueError:
        return None


def other(name: str) -> str:
    return PEERS[1 - PEERS.index(name)]


@pytest.mark.parametrize("states", PAIRS, ids=str)
def test_pair(states: dict[str, DatabaseState]) -> None:
    holders = [name for name in PEERS if states[name]["has_data"]]
    writable = [name for name in holders if states[name]["writable"]]
    leaders = [name for name in holders if not states[name]["follows"]]
    chosen = choose(states)
    if len(writable) == 1:
        assert chosen == writable[0]
    elif len(writable) == 2:
        assert chosen is None, "two actives are never told apart by guessing"
    elif len(leaders) == 1:
        assert chosen == leaders[0], "a replica never outranks its leader"
    elif len(holders) == 1:
        assert chosen == holders[0], "an empty database never outranks one with data"
    elif len(holders) == 2:
        assert chosen is None, "data is never thrown away by guessing"
    else:
        assert chosen in PEERS, "a new cluster starts"


@pytest.mark.parametrize("states", PAIRS, ids=str)
def test_a_run_of_one_host(states: dict[str, DatabaseState]) -> None:
    """It chooses that host if it is active for sure, and nobody otherwise."""
    for name in PEERS:
        active = states[name]["writable"] and states[name]["has_data"]
        assert active_database({name: states[name]}, PEERS) == (name if active else "")


@pytest.mark.parametrize("states", PAIRS, ids=str)
def test_order_of_the_peers_decides_only_without_data(states: dict[str, DatabaseState]) -> None:
    if any(state["has_data"] for state in states.values()):
        try:
            reverse: str | None = active_database(states, PEERS[::-1])
        except ValueError:
            reverse = None
        assert reverse == choose(states)


def test_new_cluster() -> None:
    assert active_database(dict.fromkeys(PEERS, STOPPED), PEERS) == "central1"


@pytest.mark.parametrize("name", PEERS)
def test_interrupted_first_run(name: str) -> None:
    """The server that was made writable is kept, though it has no schema yet."""
    states: dict[str, DatabaseState] = {
        name: {"writable": True, "follows": False, "has_data": False},
        other(name): STOPPED,
    }
    assert active_database(states, PEERS) == name


def test_server_installed_again() -> None:
    """The first server lost its disk; its spare, never promoted, has the data."""
    spare: DatabaseState = {"writable": False, "follows": True, "has_data": True}
    empty: DatabaseState = {"writable": True, "follows": False, "has_data": False}
    for first in (STOPPED, empty):
        assert active_database({"central1": first, "central2": spare}, PEERS) == "central2"


def test_sentences() -> None:
    leader: DatabaseState = {"writable": False, "follows": False, "has_data": True}
    active: DatabaseState = {"writable": True, "follows": False, "has_data": True}
    with pytest.raises(ValueError, match="both writable") as told:
        active_database(dict.fromkeys(PEERS, active), PEERS)
    assert str(told.value) == (
        "The databases of central1 and central2 are both writable: decide whose data is right, "
        "and set read_only to 1 on the other before the next run."
    )
    with pytest.raises(ValueError, match="both read-only") as told:
        active_database(dict.fromkeys(PEERS, leader), PEERS)
    assert str(told.value) == (
        "The databases of central1 and central2 are both read-only and nothing tells which one "
        "was active last: decide whose data is right, and set read_only to 0 there before the "
        "next run."
    )
