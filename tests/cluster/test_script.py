# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many callers whose stories were written beforehand: the books tell the same of each of them.

``make benchmark-load`` compares a whole hour in this way.
"""

from __future__ import annotations

import pytest

from tests.lab import cluster, script

CALLS, SECONDS, TALK_SECONDS = 60, 20.0, 6.0


@pytest.mark.usefixtures("room_full_of_agents")
def test_books_tell_of_every_caller_what_he_did() -> None:
    script.forget()
    calls = script.write(CALLS, SECONDS, TALK_SECONDS)
    with script.performed(calls) as performances:
        cluster.wait_until(
            "all have hung up", lambda: not any(p.running() for p in performances), 90
        )
        assert [p.failed() for p in performances] == [0 for _gateway in cluster.GATEWAYS]
    cluster.wait_for_no_calls(10)
    cluster.wait_until("the books are complete", lambda: not script.differences(calls), 5)
