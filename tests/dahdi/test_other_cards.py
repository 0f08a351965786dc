# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cards that no driver of Debian takes are found and named, with what the user can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import cluster, guest

ADDRESS = f"0001:00:{guest.SPARE_SLOT:02x}.0"


@pytest.fixture(autouse=True)
def _slot_is_emptied() -> Iterator[None]:
    yield
    guest.empty_spare_slot()


@pytest.mark.parametrize(
    ("identity", "state", "advice"),
    [
        (
            "d161:8005:0000:0000:0280",
            "unsupported",
            "DAHDI of Debian 14 does not drive it: install osmocom-dahdi-dkms",
        ),
        ("1923:0100:0000:0000:0280", "foreign", "No DAHDI of Debian drives this card of Sangoma"),
        ("d161:9999:0000:0000:0280", "unknown", "No known card has this id"),
    ],
)
def test_card_without_a_driver(identity: str, state: str, advice: str) -> None:
    guest.insert_cards(f"{guest.SPARE_SLOT}={identity}")
    cluster.wait_until("the card is there", lambda: ADDRESS in guest.run("ls /sys/bus/pci/devices"))
    card = guest.card_info(ADDRESS)
    assert card["state"] == state
    assert card["advice"].startswith(advice)
