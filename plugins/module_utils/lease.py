# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which central server may serve: the one to which most voters have lent the lease.

A voter lends it to one server at a time and for a short while, so that two servers can never both
have the votes of most voters. All times are seconds of a monotonic clock of the host that measures
them; no two clocks are compared. A server counts from the moment it asked, a voter from the later
one at which it was asked: the server always stops before the voter lends to somebody else.

Source: C. Gray, D. Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file
cache consistency", SOSP 1989; the majority as in L. Lamport, "Paxos made simple", 2001.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

CUT_OFF_SECONDS = 4.0
"""So long a server must have been without the gateways before the other one refuses its vote."""
STALE_SECONDS = 2.0
"""An older state is not believed."""
NOBODY = ""
"""Name of the holder where there is none."""


def would_serve(state: Mapping[str, object], now: float) -> bool:
    """Whether a central server would serve the gateways: ``state`` is what it wrote of itself.

    ``now`` is in seconds since the epoch.
    """
    fresh = now - float(str(state.get("time", 0))) < STALE_SECONDS
    return fresh and bool(state.get("would_serve"))


class CutOff:
    """How long servers have been without the gateways."""

    def __init__(self) -> None:
        """Nobody is."""
        self._since: dict[str, float] = {}

    def note(self, host: str, now: float, *, cut_off: bool) -> bool:
        """Whether ``host``, which says that it is or is not, has been so for long.

        A gateway that dies is missed by both servers, but not in the same moment.
        """
        if not cut_off:
            self._since.pop(host, None)
            return False
        return now - self._since.setdefault(host, now) >= CUT_OFF_SECONDS


@dataclass(frozen=True)
class Lease:
    """To whom a voter has lent, for which term of office and until when."""

    holder: str
    term: str
    until: float


class Voter:
    """One vote."""

    def __init__(self, seconds: float, now: float) -> None:
        """Lends for ``seconds``.

        A voter that was started again has forgotten to whom it had lent: for that long it only
        goes on lending to a server that has the votes of most voters anyway.
        """
        self._seconds = seconds
        self._strict_until = now + seconds
        self._lease = Lease(NOBODY, "", now)

    def lease(self, now: float) -> Lease:
        """What is lent at the moment."""
        return self._lease if now < self._lease.until else Lease(NOBODY, "", now)

    def ask(self, host: str, term: str, now: float, *, holds: bool, seconds: float = 0.0) -> float:
        """For how many seconds ``host`` gets this vote for its ``term``; 0 if it does not.

        ``holds`` says that it has the votes of most voters at the moment; only then it may ask for
        more ``seconds`` than usual.
        """
        present = self.lease(now)
        if present.holder not in (NOBODY, host) or (now < self._strict_until and not holds):
            return 0.0
        longer = max(self._seconds, seconds) if holds else self._seconds
        self._lease = Lease(host, term, now + longer)
        return longer

    def give_up(self, host: str, term: str, now: float) -> None:
        """``host`` does not need the vote of this ``term`` any more."""
        present = self.lease(now)
        if (present.holder, present.term) == (host, term):
            self._lease = Lease(NOBODY, "", now)


class Candidate:
    """The votes of one central server."""

    def __init__(self, voters: Collection[str], seconds: float) -> None:
        """Needs the votes of most of ``voters``; an answer is news for ``seconds``."""
        self._seconds = seconds
        self._votes: dict[str, float] = {}
        self._seen: dict[str, tuple[str, float]] = {}
        self._voters = frozenset(voters)
        self.majority = len(self._voters) // 2 + 1

    def heard(self, voter: str, holder: str, asked: float) -> None:
        """A voter answered what it was asked at ``asked``: to whom it has lent."""
        if voter in self._voters:
            self._seen[voter] = holder, asked

    def voted(self, voter: str, asked: float, seconds: float) -> None:
        """A voter answered for how many seconds it lends to us; 0 if it does not."""
        if voter not in self._voters:
            return
        if seconds > 0:
            until = asked + seconds
            self._votes[voter] = max(until, self._votes.get(voter, until))
        else:
            self._votes.pop(voter, None)

    def gave_up(self) -> None:
        """All votes were given back."""
        self._votes.clear()

    def votes(self, now: float) -> set[str]:
        """Voters that have lent to us."""
        return {voter for voter, until in self._votes.items() if now < until}

    def holds(self, now: float) -> bool:
        """Whether we have the votes of most voters."""
        return len(self.votes(now)) >= self.majority

    def reached(self, now: float) -> set[str]:
        """Voters that answered lately."""
        return {
            name for name, (_holder, asked) in self._seen.items() if now - asked < self._seconds
        }

    def missing(self, now: float) -> list[str]:
        """Voters that did not."""
        return sorted(self._voters - self.reached(now))

    def is_cut_off(self, hosts: Collection[str], now: float) -> bool:
        """Whether fewer than half of these voters answered lately."""
        return 2 * len(self.reached(now) & set(hosts)) < len(set(hosts) & self._voters)

    def holder(self, now: float) -> str:
        """To whom most voters have lent, as far as we know."""
        lent = [self._seen[name][0] for name in self.reached(now)]
        for host in set(lent) - {NOBODY}:
            if lent.count(host) >= self.majority:
                return host
        return NOBODY

    def may_ask(self, now: float) -> bool:
        """Whether most voters say that they have lent to nobody."""
        free = sum(self._seen[name][0] == NOBODY for name in self.reached(now))
        return free >= self.majority
