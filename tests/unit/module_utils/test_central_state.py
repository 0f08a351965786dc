# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a central server does next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.central_state import (
    Action,
    State,
    Step,
    View,
    decide,
)

SPARE = View(State.SPARE, holds=False, free=True, healthy=True, willing=True, step=Step.NONE)
ACTIVE = View(State.ACTIVE, holds=True, free=False, healthy=True, willing=True, step=Step.NONE)
PROMOTING = replace(ACTIVE, state=State.PROMOTING, step=Step.RUNNING)
CLOSING = replace(SPARE, state=State.CLOSING, step=Step.RUNNING)
views = st.builds(
    View,
    state=st.sampled_from(State),
    holds=st.booleans(),
    free=st.booleans(),
    healthy=st.booleans(),
    willing=st.booleans(),
    step=st.sampled_from(Step),
)


@pytest.mark.parametrize(
    ("view", "state", "action"),
    [
        (SPARE, State.SPARE, Action.ASK),
        (replace(SPARE, free=False), State.SPARE, Action.LOOK),
        (replace(SPARE, healthy=False), State.SPARE, Action.LOOK),
        (replace(SPARE, willing=False), State.SPARE, Action.LOOK),
        (replace(SPARE, holds=True), State.PROMOTING, Action.PROMOTE),
        (PROMOTING, State.PROMOTING, Action.ASK),
        (replace(PROMOTING, healthy=False), State.PROMOTING, Action.ASK),
        (replace(PROMOTING, step=Step.DONE), State.ACTIVE, Action.ASK),
        (replace(PROMOTING, step=Step.FAILED), State.CLOSING, Action.DEMOTE),
        (replace(PROMOTING, holds=False), State.CLOSING, Action.DEMOTE),
        (ACTIVE, State.ACTIVE, Action.ASK),
        (replace(ACTIVE, healthy=False), State.CLOSING, Action.DEMOTE),
        (replace(ACTIVE, willing=False), State.CLOSING, Action.DEMOTE),
        (replace(ACTIVE, holds=False), State.CLOSING, Action.DEMOTE),
        (CLOSING, State.CLOSING, Action.LOOK),
        (replace(CLOSING, step=Step.FAILED), State.CLOSING, Action.DEMOTE),
        (replace(CLOSING, step=Step.DONE), State.SPARE, Action.LOOK),
    ],
)
def test_what_comes_next(view: View, state: State, action: Action) -> None:
    assert decide(view) == (state, action)


@given(views)
def test_nobody_serves_without_the_lease(view: View) -> None:
    state, action = decide(view)
    if not view.holds:
        assert state in (State.SPARE, State.CLOSING)
        assert action is not Action.PROMOTE


@given(views)
def test_who_has_served_stops_before_being_the_spare(view: View) -> None:
    state, _action = decide(view)
    if view.state in (State.PROMOTING, State.ACTIVE):
        assert state is not State.SPARE
    if view.state is State.CLOSING and view.step is not Step.DONE:
        assert state is State.CLOSING
