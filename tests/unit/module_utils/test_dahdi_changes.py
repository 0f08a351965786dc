# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only what differs from the plan is set up again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_changes import (
    ActualSpan,
    digest,
    find_changes,
    interrupted,
)

DEVICE = "/sys/devices/pci0000:00/0000:03:08.0/pci:0000:03:08.0"
DEVICES = {DEVICE: DEVICE}


def settings(span: int = 1) -> dict[str, Any]:
    first = 24 * span - 23
    voice = f"{first}-{first + 22}"
    return {
        "span": span,
        "device": DEVICE,
        "port": span,
        "type": "T1",
        "first_channel": first,
        "last_channel": first + 23,
        "circuits": [f"carrier-{span}"],
        "line": f"{span},0,esf,b8zs",
        "channels": [
            ["bchan", voice],
            ["dchan", str(first + 23)],
            ["echocanceller", f"mg2,{voice}"],
        ],
    }


def actual(span: int = 1) -> ActualSpan:
    first = 24 * span - 23
    signalling = dict.fromkeys(range(first, first + 23), "Clear") | {first + 23: "HDLCFCS"}
    return ActualSpan(
        span, DEVICE, span, "T1", first, first + 23, frozenset({"esf", "b8zs"}), 0, signalling
    )


@given(st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_spans_of_the_plan_come_and_others_go(planned: set[int], present: set[int]) -> None:
    changes = find_changes(map(settings, planned), map(actual, present), DEVICES, {})
    assert {c.span for c in changes if c.kind == "add"} == planned - present
    assert not [c for c in changes if c.kind == "renew"]
    gone = {c.span for c in changes if c.kind == "remove"}
    # Without a span of the plan the device is none of ours.
    assert gone == (present - planned if planned else set())
    assert [c.kind for c in changes] == sorted((c.kind for c in changes), key="remove add".find)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "E1"}, "its line was T1 and becomes E1"),
        ({"line": "1,0,d4,ami"}, "framing and coding were b8zs/esf and become ami/d4"),
        ({"line": "1,3,esf,b8zs"}, "line build-out was 0 and becomes 3"),
        ({"channels": [["e&m", "1-24"]]}, "channel 1 was Clear and becomes E&M"),
        ({"channels": [["bchan", "1-24"]]}, "channel 24 was HDLCFCS and becomes Clear"),
        ({"span": 5}, "its port was span 1 from channel 1 and becomes span 5 from channel 1"),
        (
            {"first_channel": 2},
            "its port was span 1 from channel 1 and becomes span 1 from channel 2",
        ),
    ],
)
def test_difference_is_named(change: dict[str, Any], why: str) -> None:
    (one,) = find_changes([settings() | change], [actual()], DEVICES, {})
    assert one.sentence == f"Span {one.span} (carrier-1) is set up again: {why}."


def test_what_the_kernel_does_not_tell_is_remembered() -> None:
    old, new = settings(), settings() | {"line": "2,0,esf,b8zs"}
    assert not find_changes([new], [actual()], DEVICES, {"1": digest(new)})
    (change,) = find_changes([new], [actual()], DEVICES, {"1": digest(old)})
    assert change.why == "its timing or echo canceller changed"


def test_name_of_a_circuit_changes_nothing() -> None:
    assert digest(settings()) == digest(settings() | {"circuits": ["other"]})


def test_card_that_is_gone_is_left_out() -> None:
    assert not find_changes([settings()], [], {}, {})


def test_span_of_another_device_is_not_touched() -> None:
    other = replace(actual(3), device="/sys/devices/other")
    assert not find_changes([settings()], [actual(), other], {**DEVICES, "x": other.device}, {})


def test_calls_on_changed_spans_are_interrupted() -> None:
    changes = find_changes(map(settings, (1, 2, 3)), [actual(3)], DEVICES, {})
    assert interrupted(changes, [1, 23, 25, 60]) == {1: [1, 23], 2: [25]}
