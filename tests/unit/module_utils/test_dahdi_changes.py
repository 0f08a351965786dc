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
    find_changes,
    note,
    waiting_changes,
    with_blocked,
    with_bundles,
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
        "bundle": None,
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
    assert {c.span for c in changes if not c.before} == planned - present
    # Without a span of the plan the device is none of ours.
    assert {c.span for c in changes if not c.after} == (present - planned if planned else set())
    assert not [c for c in changes if c.before and c.after]
    # What goes makes room for what comes.
    assert [bool(c.after) for c in changes] == sorted(bool(c.after) for c in changes)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "E1"}, "its line was T1 and becomes E1"),
        ({"line": "1,0,d4,ami"}, "framing and coding were b8zs/esf and become ami/d4"),
        ({"line": "1,3,esf,b8zs"}, "line build-out was 0 and becomes 3"),
        ({"channels": [["e&m", "1-24"]]}, "channel 1 was Clear and becomes E&M"),
        ({"channels": [["bchan", "1-24"]]}, "channel 24 was HDLCFCS and becomes Clear"),
        ({"channels": [["bchan", "1-23"]]}, "channel 24 was HDLCFCS and becomes Unconfigured"),
        ({"line": "", "channels": []}, "channel 1 was Clear and becomes Unconfigured"),
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


OTHER_CANCELLER = [*settings()["channels"][:2], ["echocanceller", "oslec,1-23"]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"line": "2,0,esf,b8zs"}, "its timing was 1 and becomes 2"),
        ({"channels": OTHER_CANCELLER}, "its echo canceller was mg2 and becomes oslec"),
        ({"channels": OTHER_CANCELLER[:2]}, "its echo canceller was mg2 and becomes none"),
    ],
)
def test_what_the_kernel_does_not_tell_is_noted_and_changed_in_place(
    change: dict[str, Any], why: str
) -> None:
    old, new = settings(), settings() | change
    assert not find_changes([new], [actual()], DEVICES, {})
    assert not find_changes([new], [actual()], DEVICES, {"1": note(new)})
    (one,) = find_changes([new], [actual()], DEVICES, {"1": note(old)})
    assert one.in_place
    assert one.sentence == f"Span 1 (carrier-1) is reconfigured in place: {why}."
    # The driver resets the line for a moment.
    assert waiting_changes([one], [7]) == {one: "people talk on its channels 7"}


@pytest.mark.parametrize(
    ("told", "noted", "changed"),
    [
        ("mg2", "oslec", False),  # It was rebooted since.
        ("oslec", "mg2", True),
        ("none", "mg2", True),
        ("", "mg2", False),  # The card has one of its own.
        ("", "oslec", True),
    ],
)
def test_canceller_that_the_kernel_tells_goes_before_the_note(
    told: str, noted: str, changed: bool
) -> None:
    notes = {"1": note(settings()) | {"echo canceller": noted}}
    changes = find_changes([settings()], [replace(actual(), canceller=told)], DEVICES, notes)
    assert [change.in_place for change in changes] == [True] * changed


def test_span_that_differs_otherwise_too_does_not_stay() -> None:
    new = settings() | {"line": "2,3,esf,b8zs"}
    (change,) = find_changes([new], [actual()], DEVICES, {"1": note(settings())})
    assert not change.in_place


def test_span_does_not_stay_when_its_card_starts_anew() -> None:
    new = [e1(1), settings(4) | {"line": "1,0,esf,b8zs"}]
    changes = find_changes(new, map(actual, (1, 4)), DEVICES, {"4": note(settings(4))})
    assert [(change.span, change.in_place) for change in changes] == [(1, False), (4, False)]


def test_names_of_circuits_and_bundles_change_nothing() -> None:
    new = settings() | {"circuits": ["other"], "bundle": 1}
    assert not find_changes([new], [actual()], DEVICES, {"1": note(settings())})


def test_card_that_is_gone_is_left_out() -> None:
    assert not find_changes([settings()], [], {}, {})


def test_last_circuit_of_a_card_leaves() -> None:
    """That the card was ours is noted."""
    (change,) = find_changes([], [actual(2)], DEVICES, {"2": note(settings(2))})
    assert change.sentence == "Span 2 is taken down: the plan has no circuit there."
    assert waiting_changes([change], [30]) == {change: "people talk on its channels 30"}


def test_line_that_disturbs_the_others_of_its_card_waits_for_them() -> None:
    spans = [replace(actual(span), starts_card=True) for span in (1, 2)]
    other = replace(actual(3), device="/sys/devices/other", starts_card=True)
    wanted = [settings(1) | {"line": "2,0,esf,b8zs"}, settings(2)]
    notes = {"1": note(settings(1))}
    (change,) = find_changes(wanted, [*spans, other], DEVICES, notes)
    assert waiting_changes([change], [30]) == {change: "people talk on span 2 of the same card"}
    assert waiting_changes([change], [50]) == {}


def test_span_of_another_device_is_not_touched() -> None:
    other = replace(actual(3), device="/sys/devices/other")
    assert not find_changes([settings()], [actual(), other], {**DEVICES, "x": other.device}, {})


def e1(span: int) -> dict[str, Any]:
    first = 31 * span - 30
    return settings(span) | {"type": "E1", "first_channel": first, "last_channel": first + 30}


def test_span_on_which_people_talk_waits() -> None:
    renewed = settings(2) | {"line": "2,0,d4,ami"}
    changes = find_changes([settings(1), renewed], map(actual, (1, 2, 4)), DEVICES, {})
    waiting = waiting_changes(changes, [1, 96])
    assert {change.span: why for change, why in waiting.items()} == {
        4: "people talk on its channels 96"
    }


def test_span_that_needs_the_channels_of_one_that_waits_waits_too() -> None:
    moved = settings(1) | {"first_channel": 20, "last_channel": 43}
    away = settings(2) | {"first_channel": 101, "last_channel": 124}
    changes = find_changes([moved, away], map(actual, (1, 2)), DEVICES, {})
    waiting = waiting_changes(changes, [30])
    assert [waiting[change] for change in changes] == [
        "it needs numbers that span 2 keeps meanwhile",
        "people talk on its channels 30",
    ]


def test_switched_line_takes_its_card_along() -> None:
    """The driver resets the card: a line that stays is set up again, and a call holds up all."""
    changes = find_changes([e1(1), settings(4)], map(actual, (1, 4)), DEVICES, {})
    assert [(change.span, change.why) for change in changes] == [
        (1, "its line was T1 and becomes E1"),
        (4, "its card starts anew, as another line of it is switched between T1 and E1"),
    ]
    assert [change.whole_card for change in changes] == [True, True]
    assert waiting_changes(changes, []) == {}
    waiting = waiting_changes(changes, [80])
    assert {change.span for change in waiting} == {1, 4}
    assert waiting[changes[0]] == "people talk on span 4 of the same card"


@given(st.sets(st.integers(1, 96)))
def test_what_does_not_wait_cuts_no_call_and_clashes_with_nothing(talking: set[int]) -> None:
    changes = find_changes(map(e1, (1, 2, 3, 4)), map(actual, (1, 2, 3, 4)), DEVICES, {})
    waiting = waiting_changes(changes, talking)
    assert len(waiting) == (4 if talking else 0)


def test_d_channel_carries_the_calls_of_its_bundle() -> None:
    bundle = [settings(span) | {"bundle": 1} for span in (1, 2)]
    spans = [*bundle, settings(3), settings(4) | {"bundle": 2}]
    assert with_bundles([30], spans, [], {}) == {1, 25, 30}
    assert with_bundles([50], spans, [], {}) == {50}


def test_span_that_leaves_a_bundle_may_carry_its_calls() -> None:
    notes = {str(span): note(settings(span) | {"bundle": 1}) for span in (1, 2)}
    there = [actual(1), actual(2), actual(3)]
    assert with_bundles([30], [settings(2)], there, notes) == {1, 25, 30}
    assert with_bundles([30], [settings(2)], there, {}) == {30}
    removal, *_others = find_changes([settings(2)], there, DEVICES, notes)
    assert removal.before
    assert removal in waiting_changes([removal], with_bundles([30], [], there, notes))


def test_change_that_needs_the_numbers_of_one_that_waits_is_blocked() -> None:
    first, second = actual(1), actual(2)
    moved = settings(2) | {"first_channel": 1, "last_channel": 24}
    changes = find_changes([moved], [first, second], DEVICES, {"1": note(settings(1))})
    assert len(changes) == 2
    assert set(with_blocked(changes, {changes[0]: "people talk"})) == set(changes)
    assert with_blocked(changes, {}) == {}
