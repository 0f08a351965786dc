# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""No central server is there: callers hear that they are not forgotten, and get through later."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.cluster.test_calls import MENU_SECONDS, reach_menu
from tests.cluster.test_ivr import prompt
from tests.lab import cluster
from tests.lab.voice import SAMPLE_RATE, heard, read_wav

AWAY_SECONDS = 20
WINDOW = 0.5
"""Seconds that are compared at a time."""


@pytest.fixture
def nobody(active: str) -> Iterator[None]:
    """Neither central server serves."""
    cluster.switch_on("agent", {"1001"})
    cluster.everybody_is_ready()
    for name in (cluster.other(active), active):
        cluster.host(name).check_output("systemctl stop trunkline-central")
    yield
    for name in (active, cluster.other(active)):
        cluster.host(name).check_output("systemctl start trunkline-central")
    cluster.settle(30)


@pytest.mark.usefixtures("nobody")
def test_caller_hears_music_and_a_message_and_gets_through() -> None:
    with cluster.telephone("caller") as caller, cluster.telephone("agent") as agent:
        reach_menu(caller)
        caller.press("1")
        time.sleep(AWAY_SECONDS)
        for name in cluster.CENTRAL:
            cluster.host(name).check_output("systemctl start trunkline-central")
        agent.wait("CALL_INCOMING", 30)
        caller.hangup()
        agent.wait("CALL_CLOSED")
        time.sleep(0.5)
    since = int((MENU_SECONDS + 1) * SAMPLE_RATE)
    recording = cluster.recording("caller", "dec")[since:][: AWAY_SECONDS * SAMPLE_RATE]
    assert heard(recording, prompt("en/queue-periodic-announce"), WINDOW) >= 0.5
    before_message = recording[SAMPLE_RATE : 4 * SAMPLE_RATE]
    titles = cluster.host("gw1").check_output("ls /usr/share/asterisk/moh/*.wav").split()
    music = (read_wav(cluster.fetch(cluster.host("gw1"), title)) for title in titles)
    assert max(heard(title, before_message, WINDOW) for title in music) >= 0.3
    silent = [
        second
        for second in range(AWAY_SECONDS - 1)
        if abs(recording[second * SAMPLE_RATE :][:SAMPLE_RATE]).max() < 0.001
    ]
    assert len(silent) <= 2, silent
