# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The spans of the gateway's card are as planned, say the kernel and DAHDI's own tools."""

from __future__ import annotations

import re

import pytest

from tests.lab import cluster, guest

LINES = range(1, 5)


def state(span: int, attribute: str) -> str:
    return guest.run(f"cat /sys/bus/dahdi_spans/devices/span-{span}/{attribute}")


@pytest.mark.parametrize("line", LINES)
def test_port_is_the_planned_span(line: int) -> None:
    assert state(line, "local_spanno") == str(line)
    assert state(line, "basechan") == str(24 * line - 23)
    assert state(line, "spantype") == "T1"
    assert set(state(line, "lineconfig").split("/")) == {"ESF", "B8ZS"}
    shown = guest.run(f"cat /proc/dahdi/{line}")
    assert len(re.findall(r" Clear .*\(EC: MG2", shown)) == 23
    assert len(re.findall(r" HDLCFCS ", shown)) == 1


def test_no_line_has_an_alarm() -> None:
    assert {span: bits for span, bits in guest.alarms().items() if span in LINES} == dict.fromkeys(
        LINES, 0
    )


def test_every_d_channel_is_up_at_both_ends() -> None:
    for shown in (cluster.asterisk("gw1", "pri show spans"), guest.telco("pri show spans")):
        assert len(re.findall(r"Up, Active", shown)) == len(LINES)


def test_tools_of_dahdi_find_no_difference() -> None:
    guest.run("dahdi_span_types compare")
    guest.run("dahdi_cfg -t")
    unmatched = guest.run("dahdi_span_assignments unmatched")
    assert "0001:00:00.0" not in unmatched


def test_rules_for_analog_lines_are_those_of_the_country() -> None:
    assert "options wctdm24xxp opermode=FCC" in guest.run("modprobe --showconfig")


def test_second_line_is_the_second_clock() -> None:
    assert re.findall(
        r"^span=(\d),(\d),", guest.run("cat /etc/dahdi/system.conf"), re.MULTILINE
    ) == [
        ("1", "1"),
        ("2", "2"),
        ("3", "3"),
        ("4", "4"),
    ]


def test_asterisk_reaches_the_cards_and_nothing_else() -> None:
    report = guest.run("systemd-analyze security asterisk --no-pager")
    exposure = re.search(r"exposure level for asterisk.service: ([\d.]+)", report)
    assert exposure
    assert float(exposure[1]) < 2.5
    devices = guest.run("systemctl show asterisk -p DevicePolicy -p DeviceAllow")
    assert "DevicePolicy=closed" in devices
    assert "char-dahdi rw" in devices
