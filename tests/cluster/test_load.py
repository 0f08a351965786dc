# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many calls at once over both gateways, each with its own audio."""

from __future__ import annotations

import re
import time

import pytest

from tests.lab import cluster
from tests.lab.callers import Callers

CALLS_EACH = 25


def talking(server: str) -> int:
    """Agents of the room in a call of the queue."""
    members = cluster.asterisk(server, "queue show sales")
    return len(re.findall(r"PJSIP/11\d\d\D.*\(in call\)", members))


@pytest.mark.usefixtures("room_full_of_agents")
def test_fifty_calls_at_once() -> None:
    active = cluster.active()
    with Callers("gw1", CALLS_EACH, 25) as first, Callers("gw2", CALLS_EACH, 25) as second:
        deadline = time.monotonic() + 20
        while (
            sum(len(cluster.audio_legs(gateway)) for gateway in cluster.GATEWAYS) < 4 * CALLS_EACH
        ):
            assert time.monotonic() < deadline, "not all callers reached the central server"
            time.sleep(0.5)
        cluster.wait_until("all of them talk", lambda: talking(active) == 2 * CALLS_EACH, 10)
        # By then the last ones have been told where the audio goes.
        time.sleep(2)
        with cluster.RtpCounter(active) as counter:
            legs = {gateway: cluster.audio_legs(gateway) for gateway in cluster.GATEWAYS}
            assert counter.during(3) == cluster.Packets(0, 0)
            for gateway in cluster.GATEWAYS:
                later = cluster.audio_legs(gateway)
                assert len(later) == 2 * CALLS_EACH
                for before, after in zip(legs[gateway], later, strict=True):
                    assert after.received - before.received > 100, "a leg hears nothing"
                    assert after.sent - before.sent > 100, "a leg says nothing"
        assert first.all_succeeded(60)
        assert second.all_succeeded(60)
