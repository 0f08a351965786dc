# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines of a running gateway become E1. Runs last: it leaves them so."""

from __future__ import annotations

import re

import pytest

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import MENU_SECONDS, NUMBER, dial, use_all_channels

LINES = range(1, 5)


@pytest.fixture(autouse=True)
def _lines_are_e1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_LINE", "e1")


def test_card_on_which_people_talk_waits() -> None:
    """The driver resets the card when a line of it is switched."""
    # Nobody answers, so that the caller listens to music for as long as it takes.
    with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until("the gateway answers", call.answered)
        done = cluster.playbook("site", "--limit", "gw1")
        assert done.returncode == 0, done.stdout[-3000:]
        said = cluster.said(done)
        assert (
            "Span 1 (carrier_a-1) is set up again: its line was T1 and becomes E1. It wai" in said
        )
        assert "people talk on span 1 of the same card" in said
        types = guest.run("cat /sys/bus/dahdi_spans/devices/span-[1-4]/spantype").split()
        assert types == ["T1"] * 4
        assert cluster.calls("gw1") == 1


def test_gateway_becomes_e1_when_nobody_talks() -> None:
    cluster.wait_for_no_calls(15)
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "It waits" not in cluster.said(done)


def test_telephone_company_becomes_e1_too() -> None:
    guest.telco_follows()
    guest.wait_for_d_channels(len(LINES))


@pytest.mark.parametrize("line", LINES)
def test_port_is_an_e1_span(line: int) -> None:
    shown = guest.run(f"cat /proc/dahdi/{line}")
    assert "HDB3/CCS" in shown or "CCS/HDB3" in shown
    assert len(re.findall(r" Clear ", shown)) == 30
    first = 31 * line - 30
    assert re.search(rf"^\s+{first + 15} \S+ HDLCFCS", shown, re.MULTILINE)


def test_call_in(agent: Telephone) -> None:
    with guest.Call(NUMBER, keys="2", pause=MENU_SECONDS):
        agent.wait("CALL_INCOMING", seconds=30)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")


def test_all_channels_of_four_e1(agent: Telephone) -> None:
    use_all_channels(agent, 4 * 30)


def test_call_out(agent: Telephone) -> None:
    dial(agent, guest.SPEAKS)
    agent.wait("CALL_ESTABLISHED", seconds=20)
