# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many calls at once over both gateways, each with its own audio."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.lab import cluster
from tests.lab.callers import Callers

CALLS_EACH = 25


@pytest.fixture
def room_full_of_agents() -> Iterator[None]:
    """Sixty more seats that answer by themselves."""
    phones = cluster.host("phones")
    cluster.switch_on("seats", {str(extension) for extension in range(1101, 1161)})
    # Otherwise one caller rings the telephone that is answered by hand.
    cluster.sql("UPDATE agents SET status = 'NotReady' WHERE number = '1001'")
    yield
    cluster.sql("UPDATE agents SET status = 'Ready' WHERE number = '1001'")
    phones.check_output("systemctl stop baresip@seats")
    # Nobody rings at a phone that is switched off.
    cluster.sql("DELETE FROM ps_contacts WHERE endpoint LIKE '11%'")


def audio_legs(gateway: str) -> list[tuple[int, int]]:
    """Packets received and sent so far on each leg of each call."""
    lines = cluster.asterisk(gateway, "pjsip show channelstats").splitlines()
    rows = [re.findall(r"\S+", line) for line in lines if re.search(r"\d\d:\d\d:\d\d", line)]
    return [(int(row[4]), int(row[8])) for row in rows]


@pytest.mark.usefixtures("room_full_of_agents")
def test_fifty_calls_at_once() -> None:
    active = cluster.active()
    with Callers("gw1", CALLS_EACH, 25) as first, Callers("gw2", CALLS_EACH, 25) as second:
        deadline = time.monotonic() + 20
        while sum(len(audio_legs(gateway)) for gateway in cluster.GATEWAYS) < 4 * CALLS_EACH:
            assert time.monotonic() < deadline, "not all callers reached the central server"
            time.sleep(0.5)
        time.sleep(2)
        members = cluster.asterisk(active, "queue show sales").splitlines()
        talking = [line for line in members if re.search(r"PJSIP/11\d\d\D.*\(in call\)", line)]
        assert len(talking) == 2 * CALLS_EACH
        with cluster.RtpCounter(active) as counter:
            legs = {gateway: audio_legs(gateway) for gateway in cluster.GATEWAYS}
            assert counter.during(3) == cluster.Packets(0, 0)
            for gateway in cluster.GATEWAYS:
                later = audio_legs(gateway)
                assert len(later) == 2 * CALLS_EACH
                for before, after in zip(legs[gateway], later, strict=True):
                    assert after[0] - before[0] > 100, "a leg hears nothing"
                    assert after[1] - before[1] > 100, "a leg says nothing"
        assert first.all_succeeded(60)
        assert second.all_succeeded(60)
