# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lease of the active central server."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.lease import (
    CUT_OFF_SECONDS,
    Candidate,
    CutOff,
    Voter,
    would_serve,
)

SECONDS = 1.0
VOTERS = ("gw1", "gw2", "central1")


def test_who_asked_first_has_the_vote_until_it_ends() -> None:
    voter = Voter(SECONDS, now=-SECONDS)
    assert voter.ask("central1", "a", 0.0, holds=False)
    assert not voter.ask("central2", "b", 0.9, holds=False)
    assert voter.lease(0.9).holder == "central1"
    assert voter.ask("central2", "b", 1.1, holds=False)


def test_who_gives_up_is_followed_at_once() -> None:
    voter = Voter(SECONDS, now=-SECONDS)
    voter.ask("central1", "a", 0.0, holds=False)
    voter.give_up("central1", "an older term", 0.1)
    assert voter.lease(0.1).holder == "central1"
    voter.give_up("central1", "a", 0.2)
    assert voter.ask("central2", "b", 0.2, holds=False)


def test_a_started_voter_knows_nothing_and_trusts_only_who_holds_the_lease() -> None:
    voter = Voter(SECONDS, now=0.0)
    assert not voter.ask("central2", "b", 0.5, holds=False)
    assert voter.ask("central1", "a", 0.6, holds=True)
    assert not voter.ask("central2", "b", 1.1, holds=False)


def test_longer_only_for_who_holds_the_lease() -> None:
    voter = Voter(SECONDS, now=-SECONDS)
    voter.ask("central1", "a", 0.0, holds=False, seconds=5.0)
    assert voter.lease(1.5).holder == ""
    voter.ask("central1", "a", 2.0, holds=True, seconds=5.0)
    assert voter.lease(6.5).holder == "central1"


@given(st.sets(st.sampled_from(["gw1", "gw2", "gw3", "central1", "central2"])))
def test_a_server_is_cut_off_with_fewer_than_half_of_the_gateways(answered: set[str]) -> None:
    gateways = ["gw1", "gw2", "gw3"]
    candidate = Candidate([*gateways, "central1", "central2"], SECONDS)
    for voter in answered:
        candidate.heard(voter, "", 0.0)
    reached = len(answered.intersection(gateways))
    assert candidate.is_cut_off(gateways, 0.1) is (reached < 1.5)
    assert candidate.is_cut_off(gateways, 1.1)


def test_half_of_the_gateways_and_gateways_without_a_vote() -> None:
    candidate = Candidate(VOTERS, SECONDS)
    candidate.heard("gw1", "", 0.0)
    assert not candidate.is_cut_off(["gw1", "gw2"], 0.1)
    assert not candidate.is_cut_off(["gw1", "gw2", "gw10", "gw11"], 0.1)


def test_state_of_a_server_that_would_serve_the_gateways() -> None:
    good = {"time": 100.0, "would_serve": True}
    assert would_serve(good, 101.0)
    assert not would_serve(good, 103.0)
    assert not would_serve(good | {"would_serve": False}, 101.0)
    # That of an older version.
    assert not would_serve({"time": 100.0, "healthy": True}, 101.0)


def test_cut_off_for_long() -> None:
    servers = CutOff()
    assert not servers.note("central1", 0.0, cut_off=True)
    assert not servers.note("central2", 3.9, cut_off=True)
    assert servers.note("central1", CUT_OFF_SECONDS, cut_off=True)
    assert not servers.note("central1", 4.1, cut_off=False)
    assert not servers.note("central1", 4.2, cut_off=True)
    assert not servers.note("central2", 4.2, cut_off=True)


def test_what_a_candidate_knows() -> None:
    candidate = Candidate(VOTERS, SECONDS)
    assert candidate.missing(0.0) == sorted(VOTERS)
    for voter in VOTERS:
        candidate.heard(voter, "", 0.0)
    assert candidate.may_ask(0.1)
    assert candidate.holder(0.1) == ""
    candidate.voted("gw1", 0.2, SECONDS)
    assert not candidate.holds(0.2)
    candidate.voted("gw2", 0.2, SECONDS)
    assert candidate.holds(0.2)
    assert not candidate.holds(1.3)
    candidate.voted("a stranger", 0.2, SECONDS)
    assert candidate.votes(0.2) == {"gw1", "gw2"}
    for voter in ("gw1", "gw2"):
        candidate.heard(voter, "central2", 0.3)
    assert candidate.holder(0.4) == "central2"
    assert not candidate.may_ask(0.4)


@dataclass
class World:
    """Voters, two servers and the datagrams between them, which get lost or come late."""

    now: float = 0.0
    voters: dict[str, Voter] = field(default_factory=dict)
    servers: dict[str, Candidate] = field(default_factory=dict)
    late: list[tuple[str, str, float, float]] = field(default_factory=list)


events = st.lists(
    st.tuples(
        st.sampled_from(["ask", "lost answer", "late answer", "late arrives", "give up", "start"]),
        st.sampled_from(["central1", "central2"]),
        st.sampled_from(VOTERS),
        st.floats(0.0, 0.6),
    ),
    max_size=120,
)


@given(events, st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=3, max_size=3))
def test_two_servers_never_hold_it_at_the_same_time(
    story: list[tuple[str, str, str, float]], lengths: list[float]
) -> None:
    """Also where the hosts have not all the same length of a lease yet."""
    length = dict(zip(VOTERS, lengths, strict=True))
    world = World(
        voters={name: Voter(length[name], -length[name]) for name in VOTERS},
        servers={name: Candidate(VOTERS, SECONDS) for name in ("central1", "central2")},
    )
    for what, server, voter, seconds in story:
        world.now += seconds
        candidate = world.servers[server]
        if what in ("ask", "lost answer", "late answer"):
            lent = world.voters[voter].ask(
                server, server, world.now, holds=candidate.holds(world.now)
            )
            if what == "ask":
                candidate.voted(voter, world.now, lent)
            elif what == "late answer":
                world.late.append((server, voter, lent, world.now))
        elif what == "late arrives" and world.late:
            whose, which, lent, asked = world.late.pop(0)
            world.servers[whose].voted(which, asked, lent)
        elif what == "give up":
            candidate.gave_up()
            world.late = [item for item in world.late if item[0] != server]
            for each in world.voters.values():
                each.give_up(server, server, world.now)
        elif what == "start":
            world.voters[voter] = Voter(length[voter], world.now)
        holders = [name for name, one in world.servers.items() if one.holds(world.now)]
        assert len(holders) < 2, f"{holders} at {world.now}"
