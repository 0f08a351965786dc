# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Three T1 lines share a D-channel and its backup (NFAS), the fourth is a tie line (E&M wink)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import MENU_SECONDS, NUMBER

SHARED = cluster.CHECKOUT / "molecule" / "dahdi" / "shared_d_channel"
NFAS_LINES = range(1, 4)
TIE_LINE = 4


@pytest.fixture(scope="module", autouse=True)
def _lines_are_rewired() -> None:
    cluster.wait_for_no_calls(15)
    guest.telco_follows(SHARED)
    done = cluster.playbook("site", inventory=SHARED)
    assert done.returncode == 0, done.stdout[-3000:]
    cluster.wait_until("the D-channel is up", lambda: "Up, Active" in d_channels()[0], 60)


def d_channels() -> list[str]:
    """What the gateway says of its D-channels."""
    shown = cluster.asterisk("gw1", "pri show spans")
    return [line for line in shown.splitlines() if line.startswith("PRI span")]


@pytest.fixture
def primary_is_lost() -> Iterator[None]:
    """The line with the D-channel is cut; its backup is on the second line."""
    with guest.pulled_cables([1]):
        cluster.wait_until("the first line is down", lambda: bool(guest.alarms()[1]))
        cluster.wait_until("the backup is active", lambda: "Up, Active" in d_channels()[1], 60)
        yield
    cluster.wait_until("the first line is up", lambda: not guest.alarms()[1], 30)


def call_comes_in(agent: Telephone, status: Any, line: int) -> None:  # noqa: ANN401
    """A subscriber calls the seat over a line."""
    with guest.Call(NUMBER, caller="5559001", keys="2", pause=MENU_SECONDS, line=line):
        event = agent.wait("CALL_INCOMING", seconds=40)
        # A tie line tells nobody's number.
        assert ("anonymous" if line == TIE_LINE else "5559001") in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        calls = {one["name"]: one["calls"] for one in status(SHARED)["circuits"]}
        circuit = "tie-1" if line == TIE_LINE else f"carrier_a-{line}"
        assert {name for name, number in calls.items() if number} == {circuit}


@pytest.mark.parametrize("line", [*NFAS_LINES, TIE_LINE])
def test_call_comes_in_on_every_line(agent: Telephone, status: Any, line: int) -> None:  # noqa: ANN401
    call_comes_in(agent, status, line)


@pytest.mark.parametrize("code", ["9", "7"])
def test_call_goes_out(agent: Telephone, code: str) -> None:
    agent.dial(f"{code}{guest.SPEAKS}", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    assert f"/{guest.SPEAKS}.wav" in guest.telco("core show channels concise")


def test_tie_line_ends_when_the_agent_hangs_up(agent: Telephone) -> None:
    agent.dial(f"7{guest.SPEAKS}", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED", seconds=20)
    agent.hangup()
    cluster.wait_until(
        "the line is free", lambda: "0 active calls" in guest.telco("core show channels")
    )


@pytest.mark.usefixtures("primary_is_lost")
def test_backup_takes_over(agent: Telephone, status: Any) -> None:  # noqa: ANN401
    states = {one["name"]: one["state"] for one in status(SHARED)["circuits"]}
    assert states == {
        "carrier_a-1": "down",
        "carrier_a-2": "up",
        "carrier_a-3": "up",
        "tie-1": "up",
        "sip_b-1": "up",
    }
    call_comes_in(agent, status, 3)
