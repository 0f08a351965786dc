# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A card dies while the gateway runs, and another one takes its place. Runs last: it reboots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab import cluster, guest

from .test_faults import GOOD, circuits

LAB_OPTIONS = "/etc/modprobe.d/lab.conf"


@pytest.fixture(autouse=True)
def _lines_are_e1(monkeypatch: pytest.MonkeyPatch) -> None:
    """As test_zz_line_change.py leaves them."""
    monkeypatch.setenv("LAB_LINE", "e1")


def test_dead_card_keeps_its_numbers() -> None:
    before = guest.run("cat /etc/dahdi/assigned-spans.conf /etc/dahdi/system.conf")
    guest.remove_card(guest.GATEWAY_CARD)
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "TE410P of slot 1 is gone" in done.stdout
    assert "carrier_a-1, carrier_a-2, carrier_a-3, carrier_a-4" in " ".join(done.stdout.split())
    assert guest.run("cat /etc/dahdi/assigned-spans.conf /etc/dahdi/system.conf") == before


@pytest.fixture
def _reboot_without_card() -> Iterator[None]:
    guest.run(f"echo 'options fakepci absent={1 << guest.GATEWAY_CARD}' >{LAB_OPTIONS}")
    guest.reboot()
    yield
    guest.run(f"rm {LAB_OPTIONS}")


@pytest.mark.usefixtures("_reboot_without_card")
def test_gateway_boots_without_the_card(status: Any) -> None:  # noqa: ANN401
    """Its lines are missing, not renumbered, and its Asterisk serves what is left."""
    gone = {name for name in GOOD if name.startswith("carrier_a")}
    cluster.wait_until(
        "Asterisk misses the lines of the card and no other",
        lambda: {name for name, one in circuits(status()).items() if one[0] == "missing"} == gone,
        120,
    )
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "TE410P of slot 1 is gone" in done.stdout
    assert "changed=0" in done.stdout


def test_card_of_another_model_in_its_place() -> None:
    guest.insert_cards("0=d161:0210:0004:0000:0280")
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode != 0
    assert "Slot 1 is a TE410P in the plan, but TE210P" in " ".join(done.stdout.split())
    assert "changed=0" in done.stdout


def test_card_that_is_put_back() -> None:
    """With the power off, as real ones are."""
    guest.reboot()
    guest.wait_for_d_channels(4)
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "changed=0" in done.stdout
