# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines and cards that fail: what the status says, which way calls take, and what comes back."""

from __future__ import annotations

import time
from typing import Any

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import call_goes_out_over_the_other_gateway, dial

RED, YELLOW = 1 << 3, 1 << 2


def circuits(status: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {
        one["name"]: (one["state"], one["alarm"], one["d_channel"]) for one in status["circuits"]
    }


GOOD = {f"carrier_a-{line}": ("up", "", "up") for line in range(1, 5)} | {
    "sip_b-1": ("up", "", None)
}


def all_lines_come_up(status: Any) -> None:  # noqa: ANN401
    guest.wait_for_d_channels(4)
    cluster.wait_until("the alarms are over", lambda: not any(guest.alarms().values()))
    assert circuits(status()) == GOOD


def test_status_of_lines_that_work(status: Any) -> None:  # noqa: ANN401
    answer = status()
    assert circuits(answer) == GOOD
    assert answer["problems"] == []


def test_pulled_cable(agent: Telephone, status: Any) -> None:  # noqa: ANN401
    with guest.pulled_cables([2]):
        cluster.wait_until("span 2 has an alarm", lambda: bool(guest.alarms()[2] & RED))
        answer = status()
        assert circuits(answer) == {**GOOD, "carrier_a-2": ("down", "red", "down")}
        assert any("carrier_a-2" in problem["problem"] for problem in answer["problems"])
        # Calls take the other lines, which take turns.
        for _call in range(4):
            dial(agent, guest.SPEAKS)
            agent.wait("CALL_ESTABLISHED", seconds=20)
            assert "DAHDI/i2/" not in cluster.asterisk("gw1", "core show channels concise")
            agent.hangup()
            cluster.wait_for_no_calls(15)
            agent.forget()
    all_lines_come_up(status)


def test_all_lines_of_a_card_are_lost(agent: Telephone, status: Any) -> None:  # noqa: ANN401
    numbers = guest.run("cat /etc/dahdi/assigned-spans.conf")
    with guest.pulled_cables(range(1, 5)):
        cluster.wait_until(
            "all spans have an alarm",
            lambda: all(guest.alarms()[span] & RED for span in range(1, 5)),
        )
        lost = {f"carrier_a-{line}": ("down", "red", "down") for line in range(1, 5)}
        assert circuits(status()) == GOOD | lost
        call_goes_out_over_the_other_gateway(agent)
    all_lines_come_up(status)
    assert guest.run("cat /etc/dahdi/assigned-spans.conf") == numbers


def test_far_end_that_does_not_hear_us(status: Any) -> None:  # noqa: ANN401
    with guest.pulled_cables([3], card=guest.TELCO_CARD, what="los"):
        cluster.wait_until("span 3 has an alarm", lambda: bool(guest.alarms()[3] & YELLOW))
        assert circuits(status())["carrier_a-3"][:2] == ("down", "yellow")
    all_lines_come_up(status)


def test_telephone_company_that_is_silent(agent: Telephone, status: Any) -> None:  # noqa: ANN401
    guest.run("systemctl stop telco")
    try:
        cluster.wait_until(
            "the D-channels are down",
            lambda: "Down" in cluster.asterisk("gw1", "pri show spans"),
            60,
        )
        now = circuits(status())
        assert {now[f"carrier_a-{line}"] for line in range(1, 5)} == {("down", "", "down")}
        dial(agent, guest.SPEAKS)
        assert "503" in agent.wait("CALL_CLOSED", seconds=20)["param"]
    finally:
        guest.run("systemctl start telco")
    all_lines_come_up(status)


def test_reboot(agent: Telephone, status: Any) -> None:  # noqa: ANN401
    guest.reboot()
    all_lines_come_up(status)
    done = cluster.playbook("site", "--limit", "gw1", "--check", "--diff")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "changed=0" in done.stdout
    dial(agent, guest.SPEAKS)
    agent.wait("CALL_ESTABLISHED", seconds=30)
    time.sleep(1)
    agent.hangup()


def test_card_that_nobody_planned() -> None:
    done = cluster.playbook("site", "--limit", "gw1", "-e", '{"dahdi_ignored_devices": []}')
    assert done.returncode != 0
    assert "at 0001:00:01.0 is in no slot of the plan: add it to cards" in done.stdout
    assert "changed=0" in done.stdout
