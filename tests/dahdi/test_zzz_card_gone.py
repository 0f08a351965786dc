# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A card dies while the gateway runs. Runs last: it stays dead."""

from __future__ import annotations

import pytest

from tests.lab import cluster, guest


def test_dead_card_keeps_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    # As test_zz_line_change.py leaves the lines.
    monkeypatch.setenv("LAB_LINE", "e1")
    before = guest.run("cat /etc/dahdi/assigned-spans.conf /etc/dahdi/system.conf")
    guest.remove_card(guest.GATEWAY_CARD)
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "TE410P of slot 1 is gone" in done.stdout
    assert "carrier_a-1, carrier_a-2, carrier_a-3, carrier_a-4" in " ".join(done.stdout.split())
    assert guest.run("cat /etc/dahdi/assigned-spans.conf /etc/dahdi/system.conf") == before
