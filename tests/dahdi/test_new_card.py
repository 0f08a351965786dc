# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gateway in service gets a second card for more lines, in the steps of docs/cards.md.

The far ends of the new lines are not plugged in yet. A gateway takes four PRIs, so that two of the
first card's lines are given up before; all is as it was afterwards.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab import cluster, guest

from .test_calls import MENU_SECONDS, NUMBER
from .test_faults import GOOD, circuits

OLD_LINES = (1, 2)
NEW_LINES = (5, 6)
UNPLUGGED = {f"carrier_a-{line}": ("down", "red", "down") for line in (3, 4)}
"""The circuits of the new lines."""
SPANS_FILE = "/etc/dahdi/assigned-spans.conf"
SPANS = "/sys/bus/dahdi_spans/devices"


class Plan:
    """An inventory whose lines change, as its owner would change them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        shutil.copytree(cluster.INVENTORY, directory)

    def change(self, cards: list[str], **lines: Any) -> None:  # noqa: ANN401 options of the plugin
        """Other cards in the gateway, and other lines; then somebody moves the cables."""
        file = self.directory / "callcenter.pstn.yml"
        plan = yaml.safe_load(file.read_text(encoding="utf-8"))
        plan["gateways"]["gw1"]["cards"] = cards
        plan["trunk_groups"]["carrier_a"] |= lines
        file.write_text(yaml.safe_dump(plan), encoding="utf-8")
        self.run("plan", "-e", "plan_confirm=true")

    def site(self) -> str:
        """What a run over the gateway says, in one line."""
        return self.run("site", "--limit", "gw1")

    def run(self, playbook: str, *arguments: str) -> str:
        done = cluster.playbook(playbook, *arguments, inventory=self.directory)
        assert done.returncode == 0, done.stdout[-3000:]
        return cluster.said(done)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plan]:
    """Two lines in the first card, which work."""
    with pytest.MonkeyPatch.context() as environment:
        # The copy does not lie in the checkout.
        environment.setenv("MOLECULE_PROJECT_DIRECTORY", str(cluster.CHECKOUT))
        changed = Plan(tmp_path_factory.mktemp("plan") / "inventory")
        cluster.wait_for_no_calls(15)
        changed.change(["TE410P"], circuits=len(OLD_LINES))
        changed.site()
        wait_for_old_lines()
        yield changed
    guest.empty_spare_slot()
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    guest.wait_for_d_channels(4)


def wait_for_old_lines() -> None:
    guest.wait_for_d_channels(len(OLD_LINES))


def identity() -> str:
    """Changes when a driver is loaded anew, or an old span or its card is set up anew."""
    spans = " ".join(f"{SPANS}/span-{line}/" for line in OLD_LINES)
    return guest.run(f"stat --format '%n %i' /sys/module/wct4xxp /sys/module/dahdi {spans}")


def assignments() -> list[str]:
    """Lines of the file that says which port is which span."""
    return guest.run(f"grep -v '^$' {SPANS_FILE}").splitlines()


def test_card_is_taken_into_service_while_people_talk(plan: Plan) -> None:
    file, before = assignments(), identity()
    guest.insert_cards(f"{guest.SPARE_SLOT}=d161:0210:0004:0000:0280")
    plan.change(
        ["TE410P", "TE210P"],
        circuits=len(OLD_LINES + NEW_LINES),
        pins={"carrier_a-3": "gw1/2/1", "carrier_a-4": "gw1/2/2"},
    )
    with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until("the gateway answers", call.answered)
        said = plan.site()
        # Asterisk learns its new circuits when it starts.
        assert "allow the restart with asterisk_restart_with_calls" in said
        assert cluster.calls("gw1") == 1
        assert guest.d_channels_up() == len(OLD_LINES)
        alarms = guest.alarms()
        assert [alarms[line] for line in OLD_LINES] == [0, 0]
    assert identity() == before
    assert assignments()[: len(file)] == file
    assert [re.sub(r" ?/sys/\S+ ?", "", line) for line in assignments()[len(file) :]] == [
        "# slot 2: TE210P is",
        "1:5:97",
        "2:6:121",
    ]


def test_asterisk_takes_its_lines_when_nobody_talks(plan: Plan) -> None:
    cluster.wait_for_no_calls(15)
    before = identity()
    assert "asterisk_restart_with_calls" not in plan.site()
    wait_for_old_lines()
    shown = cluster.asterisk("gw1", "pri show spans")
    assert {int(span) for span in re.findall(r"PRI span (\d+)", shown)} == {*OLD_LINES, *NEW_LINES}
    assert identity() == before


@pytest.mark.parametrize("span", NEW_LINES)
def test_new_span_is_configured(span: int) -> None:
    shown = guest.run(f"cat /proc/dahdi/{span}")
    assert len(re.findall(r" Clear .*\(EC: MG2", shown)) == 23
    assert len(re.findall(r" HDLCFCS ", shown)) == 1


def test_status_shows_the_new_lines(plan: Plan, status: Any) -> None:  # noqa: ANN401 a function
    assert circuits(status(plan.directory)) == GOOD | UNPLUGGED


def test_next_run_changes_nothing(plan: Plan) -> None:
    assert "changed=0" in plan.site()


def test_new_card_dies_and_comes_back(plan: Plan, status: Any) -> None:  # noqa: ANN401 a function
    """The lines of the other card carry calls meanwhile."""
    cluster.wait_for_no_calls(15)
    files, before = guest.run("cat /etc/dahdi/*.conf"), identity()
    up_but_for_the_new = {name: ("up" if name not in UNPLUGGED else "missing") for name in GOOD}

    def states() -> dict[str, str]:
        return {name: one[0] for name, one in circuits(status(plan.directory)).items()}

    guest.remove_card(guest.SPARE_SLOT)
    try:
        cluster.wait_until(
            "Asterisk has let go of the lines", lambda: states() == up_but_for_the_new, 60
        )
        with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS, line=1) as call:
            cluster.wait_until("the gateway answers", call.answered)
        cluster.wait_for_no_calls(15)
        said = plan.site()
        assert "The TE210P of slot 2 is gone" in said
        assert "down are carrier_a-3, carrier_a-4." in said
        assert guest.run("cat /etc/dahdi/*.conf") == files
    finally:
        guest.insert_cards()
    wait_for_new_lines(plan, status)
    assert identity() == before
    assert "changed=0" in plan.site()


def test_new_card_that_its_driver_refuses(plan: Plan, status: Any) -> None:  # noqa: ANN401
    files, before = guest.run("cat /etc/dahdi/*.conf"), identity()
    with guest.refused_card(guest.SPARE_SLOT):
        said = plan.site()
        assert "The TE210P of slot 2 does not work" in said
        assert "down are carrier_a-3, carrier_a-4. Its driver wct4xxp does not take it" in said
        assert "slot 2 is gone" not in said
        assert guest.run("cat /etc/dahdi/*.conf") == files
    wait_for_new_lines(plan, status)
    assert identity() == before


def wait_for_new_lines(plan: Plan, status: Any) -> None:  # noqa: ANN401 a function
    cluster.wait_until(
        "the new lines are as they were",
        lambda: circuits(status(plan.directory)) == GOOD | UNPLUGGED,
        120,
    )
