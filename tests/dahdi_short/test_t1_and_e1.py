# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls in both directions over the T1 and the E1 lines of one card, under real drivers."""

from __future__ import annotations

import re

import pytest

from tests.dahdi.test_calls import MENU_SECONDS, NUMBER
from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

T1_LINES = {1: "T1", 2: "T1"}
E1_LINES = {3: "E1", 4: "E1"}
LINES = T1_LINES | E1_LINES
ONE_OF_EACH = [1, 4]


def test_each_span_is_of_its_kind() -> None:
    types = guest.run("cat /sys/bus/dahdi_spans/devices/span-[1-4]/spantype").split()
    assert types == list(LINES.values())


def test_no_line_has_an_alarm() -> None:
    bits = guest.alarms()
    assert {span: bits[span] for span in LINES} == dict.fromkeys(LINES, 0)


def test_every_d_channel_is_up_at_both_ends() -> None:
    for shown in (cluster.asterisk("gw1", "pri show spans"), guest.telco("pri show spans")):
        assert len(re.findall(r"Up, Active", shown)) == len(LINES)


def test_tools_of_dahdi_find_no_difference() -> None:
    guest.run("dahdi_span_types compare")
    guest.run("dahdi_cfg -t")


@pytest.mark.parametrize("line", ONE_OF_EACH)
def test_call_comes_in(agent: Telephone, line: int) -> None:
    with guest.Call(NUMBER, caller="5559001", keys="2", pause=MENU_SECONDS, line=line):
        event = agent.wait("CALL_INCOMING", seconds=30)
        assert "5559001" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        assert f"DAHDI/i{line}/" in cluster.asterisk("gw1", "core show channels concise")


@pytest.mark.parametrize(("prefix", "lines"), [("9", T1_LINES), ("7", E1_LINES)])
def test_call_goes_out(agent: Telephone, prefix: str, lines: dict[int, str]) -> None:
    agent.dial(prefix + guest.SPEAKS, cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    channels = cluster.asterisk("gw1", "core show channels concise")
    assert any(f"DAHDI/i{line}/" in channels for line in lines)
