# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long something did not answer."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.outages import (
    Outage,
    Question,
    changes,
    hardware_address,
    outages,
)


@given(st.lists(st.booleans()))
def test_every_unanswered_question_is_in_one_outage(answers: list[bool]) -> None:
    questions = [Question(float(moment), answered) for moment, answered in enumerate(answers)]
    found = outages(questions)
    for question in questions:
        inside = [
            outage
            for outage in found
            if outage.began <= question.asked
            and (outage.ended is None or question.asked < outage.ended)
        ]
        assert len(inside) == (0 if question.answered else 1)
    assert all(outage.ended is not None for outage in found[:-1])


def test_outages() -> None:
    answers = [True, False, False, True, True, False]
    questions = [Question(number / 10, answered) for number, answered in enumerate(answers)]
    assert outages(questions) == [Outage(0.1, 0.3), Outage(0.5, None)]


@given(st.lists(st.tuples(st.floats(0, 9), st.sampled_from(["", "a", "b"]))))
def test_changes(seen: list[tuple[float, str]]) -> None:
    found = changes(seen)
    values = [value for _moment, value in seen if value]
    assert len(found) == sum(one != other for one, other in pairwise(values))
    assert all(change in seen for change in found)


TABLE = """\
IP address       HW type     Flags       HW address            Mask     Device
10.77.0.20       0x1         0x2         aa:bb:cc:00:00:01     *        eth0
10.77.0.2        0x1         0x0         00:00:00:00:00:00     *        eth0
"""


def test_hardware_address() -> None:
    assert hardware_address(TABLE, "10.77.0.20") == "aa:bb:cc:00:00:01"
    assert hardware_address(TABLE, "10.77.0.2") == ""
    assert hardware_address(TABLE, "10.77.0.3") == ""
    assert hardware_address("", "10.77.0.3") == ""
