# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls in both directions over the T1 and the E1 lines of one card, under real drivers."""

from __future__ import annotations

import pytest

from tests.dahdi.test_calls import call_comes_in
from tests.dahdi.test_spans import (
    test_every_d_channel_is_up_at_both_ends,
    test_no_line_has_an_alarm,
)
from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

# They hold for lines of any kind, and are tried here too.
__all__ = ["test_every_d_channel_is_up_at_both_ends", "test_no_line_has_an_alarm"]

T1_LINES = {1: "T1", 2: "T1"}
E1_LINES = {3: "E1", 4: "E1"}
LINES = T1_LINES | E1_LINES
ONE_OF_EACH = [1, 4]


def test_each_span_is_of_its_kind() -> None:
    types = guest.run("cat /sys/bus/dahdi_spans/devices/span-[1-4]/spantype").split()
    assert types == list(LINES.values())


def test_tools_of_dahdi_find_no_difference() -> None:
    guest.run("dahdi_span_types compare")
    guest.run("dahdi_cfg -t")


@pytest.mark.parametrize("line", ONE_OF_EACH)
def test_call_comes_in(agent: Telephone, line: int) -> None:
    call_comes_in(agent, line)


@pytest.mark.parametrize(("prefix", "lines"), [("9", T1_LINES), ("7", E1_LINES)])
def test_call_goes_out(agent: Telephone, prefix: str, lines: dict[int, str]) -> None:
    agent.dial(prefix + guest.SPEAKS, cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    channels = cluster.asterisk("gw1", "core show channels concise")
    assert any(f"DAHDI/i{line}/" in channels for line in lines)
