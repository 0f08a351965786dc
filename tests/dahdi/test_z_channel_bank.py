# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line of a running gateway becomes a channel bank, whose telephones are seats."""

from __future__ import annotations

import time

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import MENU_SECONDS, NUMBER

REWIRED = cluster.CHECKOUT / "molecule" / "dahdi" / "rewired"


def test_line_becomes_a_channel_bank_and_the_others_are_left_alone() -> None:
    cluster.wait_for_no_calls(15)
    done = cluster.playbook("site", inventory=REWIRED)
    assert done.returncode == 0, done.stdout[-3000:]
    changed = [line for line in done.stdout.splitlines() if "is set up again" in line]
    assert not any(f"Span {span} " in line for span in range(1, 4) for line in changed), changed
    guest.telco_follows(REWIRED)
    cluster.wait_until("the D-channels are up", lambda: guest.d_channels_up() == 3, 60)
    assert guest.run("grep -c FXOKS /proc/dahdi/4").strip() == "24"


def test_queue_rings_a_plain_telephone() -> None:
    with guest.Call(NUMBER, keys="3", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until(
            "the telephone is lifted",
            lambda: "DAHDI/73-" in cluster.asterisk("gw1", "core show channels concise"),
        )
        time.sleep(12)
        guest.hang_up()
    # Both say the tone.
    assert guest.is_tone(call.heard()[-24000:-4000])
    assert guest.is_tone(guest.heard_by(guest.TELEPHONE)[-24000:-4000])


def test_plain_telephone_calls_a_seat(agent: Telephone) -> None:
    with guest.Call("1001", line=4):
        event = agent.wait("CALL_INCOMING", seconds=30)
        assert "1301" in event["peeruri"]
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
