# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of lines that carry calls are changed without taking the lines down."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.lab import cluster, guest

from .test_calls import MENU_SECONDS, NUMBER

OTHER_ECHO_CANCELLER = ("-e", "dahdi_echo_canceller=kb1")
SYSTEM_CONF = "cat /etc/dahdi/system.conf"


def site(*arguments: str) -> str:
    """What a run over the gateway says, in one line."""
    done = cluster.playbook("site", "--limit", "gw1", *arguments)
    assert done.returncode == 0, done.stdout[-3000:]
    return cluster.said(done)


def echo_cancellers(span: int) -> set[str]:
    """Kinds of echo cancellers of a span."""
    return set(re.findall(r"\(EC: (\w+)", guest.run(f"cat /proc/dahdi/{span}")))


@pytest.fixture(scope="module", autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    site()


def test_check_mode_says_what_would_be_changed() -> None:
    before = guest.run(SYSTEM_CONF)
    said = site("--check", "--diff", *OTHER_ECHO_CANCELLER)
    assert "Span 1 (carrier_a-1) is reconfigured in place" in said
    assert "+echocanceller=kb1,1-23" in said
    assert guest.run(SYSTEM_CONF) == before
    assert echo_cancellers(1) == {"MG2"}


def test_line_on_which_people_talk_waits() -> None:
    with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until("the gateway answers", call.answered)
        said = site(*OTHER_ECHO_CANCELLER)
        assert "Span 1 (carrier_a-1) is reconfigured in place" in said
        assert "It waits" in said
        assert cluster.calls("gw1") == 1
        assert echo_cancellers(1) == {"MG2"}
        assert echo_cancellers(2) == {"KB1"}


def test_line_without_calls_is_not_taken_down() -> None:
    cluster.wait_for_no_calls(15)
    spans = "stat --format %i /sys/bus/dahdi_spans/devices/span-1/"
    before = guest.run(spans)
    site(*OTHER_ECHO_CANCELLER)
    assert echo_cancellers(1) == {"KB1"}
    assert guest.run(spans) == before
    assert guest.d_channels_up() == 4


def test_next_run_changes_nothing() -> None:
    assert "changed=0" in site(*OTHER_ECHO_CANCELLER)


def test_line_on_which_people_talk_is_changed_if_the_user_wants_it() -> None:
    with guest.Call(NUMBER, keys="1", pause=MENU_SECONDS, line=1) as call:
        cluster.wait_until("the gateway answers", call.answered)
        said = site("-e", "dahdi_with_calls=true")
        assert "Span 1 (carrier_a-1) is reconfigured in place" in said
        assert "Its calls are cut, as dahdi_with_calls allows" in said
        assert re.search(r"Calls that are to be cut are named before\] \*+ ok: \[gw1\]", said)
        assert echo_cancellers(1) == {"MG2"}
    guest.wait_for_d_channels(4)
