# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a central server does next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a central server is."""

    SPARE = "spare"
    PROMOTING = "promoting"
    ACTIVE = "active"
    CLOSING = "closing"


class Step(StrEnum):
    """The promotion or demotion that was begun last."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Action(StrEnum):
    """What is to be done."""

    LOOK = "look"
    """Ask the voters to whom they have lent."""
    ASK = "ask"
    """Ask them for the lease, or for more of it."""
    PROMOTE = "promote"
    DEMOTE = "demote"


@dataclass(frozen=True)
class View:
    """All that counts."""

    state: State
    holds: bool
    """Most voters have lent to this server."""
    free: bool
    """Most voters say that they have lent to nobody."""
    healthy: bool
    willing: bool
    """It may become active: it has not just given the lease to the other one, nor just started."""
    step: Step


def decide(view: View) -> tuple[State, Action]:
    """The next state and what is to be done.

    A server serves only while it holds the lease, and gives it back when it is ill. It becomes the
    spare again only when it has stopped to serve.
    """
    state, action = view.state, Action.LOOK
    if view.state is State.SPARE:
        if view.holds:
            state, action = State.PROMOTING, Action.PROMOTE
        elif view.free and view.healthy and view.willing:
            action = Action.ASK
    elif view.state is State.CLOSING:
        if view.step is Step.DONE:
            state = State.SPARE
        elif view.step is not Step.RUNNING:
            action = Action.DEMOTE
    elif not view.holds or (
        view.step is Step.FAILED
        if view.state is State.PROMOTING
        else not (view.healthy and view.willing)
    ):
        state, action = State.CLOSING, Action.DEMOTE
    else:
        action = Action.ASK
        if view.state is State.PROMOTING and view.step is Step.DONE:
            state = State.ACTIVE
    return state, action
