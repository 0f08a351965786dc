# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether calls go worse after a change than before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .sip_endpoints import GONE, TRUNK_ENDPOINT, endpoint_states

FEWEST = 3
"""Fewer failures are no reason to go back: every day has one."""
TIMES = 2.0
"""How many times the share of before is too much."""
MARGIN = 0.05
"""What is allowed on top, where nothing failed before."""
EXPECTED_CALLERS = 8.0
"""When so many are expected and none comes, that is no accident: it is one in 3000 (Poisson)."""
LOST_PHONES = 0.05
"""The share of the phones that may be switched off meanwhile."""

SHARES = (
    ("failed", "calls", "calls failed"),
    ("abandoned", "entered", "callers gave up in the queue"),
)
MILESTONES = (("entered", "a queue"), ("connected", "an agent"))


def watch_problems(before: Mapping[str, Any], samples: Sequence[Mapping[str, Any]]) -> list[str]:
    """Sentences that say why a server must not stay the active one.

    ``before`` is the answer of central_info of the former active server with the traffic of a while
    before the switch, ``samples`` are those of the new one while it was watched, each with the
    traffic since the switch.
    """
    if not samples:
        return []
    last = samples[-1]
    problems = []
    for sample in samples:
        state = sample["state"]
        if state.get("state") != "active" or not sample["holds_address"]:
            problems.append("It did not stay active.")
            break
        if not state.get("healthy"):
            problems.append(f"It is not healthy: {' '.join(map(str, state.get('reasons', [])))}")
            break
    if len({sample["asterisk_starts"] for sample in samples}) > 1:
        problems.append("Its Asterisk started again by itself.")
    problems += _traffic_problems(
        before["database"].get("traffic", {}), last["database"].get("traffic", {})
    )
    phones, left = before["database"].get("registered", 0), last["database"].get("registered", 0)
    if left < phones * (1 - LOST_PHONES) and phones - left > 1:
        problems.append(f"Only {left} of {phones} phones are registered.")
    return problems


def _traffic_problems(old: Mapping[str, int], new: Mapping[str, int]) -> list[str]:
    problems = []
    for part, whole, what in SHARES:
        if too_many(old.get(part, 0), old.get(whole, 0), new.get(part, 0), new.get(whole, 0)):
            problems.append(
                f"{new[part]} of {new[whole]} {what}, before it were {old.get(part, 0)} of "
                f"{old.get(whole, 0)}."
            )
    for event, what in MILESTONES:
        expected = callers_expected(old, new, event)
        if not new.get(event) and expected >= EXPECTED_CALLERS:
            problems.append(f"No caller has reached {what}, {expected:.0f} were expected.")
    return problems


def callers_expected(old: Mapping[str, int], new: Mapping[str, int], event: str) -> float:
    """How many come so far in the time of ``new`` if they do as they did in that of ``old``."""
    if not old.get("seconds"):
        return 0.0
    return old.get(event, 0) * new.get("seconds", 0) / old["seconds"]


def deaf_gateways(looks: Sequence[Mapping[str, Sequence[Mapping[str, str]]]]) -> list[str]:
    """A sentence about the gateways that have lost the active server.

    Each look has the endpoints of every gateway as asterisk_status tells them. The first one is
    from before the switch: who did not reach the former server has another problem. One look may
    fall into the moment in which the address moves.
    """
    before, *after = looks
    if len(after) < 2:
        return []
    lost = [
        name
        for name in before
        if _trunk(before[name]) not in {*GONE, None}
        and all(_trunk(look.get(name, ())) in GONE for look in after[-2:])
    ]
    return [f"{', '.join(lost)} cannot call it."] if lost else []


def _trunk(endpoints: Sequence[Mapping[str, str]]) -> str | None:
    """State of a gateway's trunk to the active server; None when it did not say."""
    return endpoint_states(endpoints).get(TRUNK_ENDPOINT)


def too_many(bad: int, all_of: int, bad_now: int, all_now: int) -> bool:
    """Whether the share of bad ones has grown more than chance explains."""
    if bad_now < FEWEST or not all_now:
        return False
    share = bad / all_of if all_of else 0.0
    return bad_now / all_now > TIMES * share + MARGIN
