# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What callers hear from a gateway, and where their keys lead."""

from __future__ import annotations

import time

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.debian_prompts import (
    DEBIAN_PROMPTS,
)
from tests.lab import cluster
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, Sound, heard, read_wav, voice

FRONT_DESK = "5550180"
NEVER_OPEN = "5550181"
HOLIDAY = "5550182"
DIRECT = "5550183"
RECORDING_SECONDS = 2
SOUNDS = "/usr/share/asterisk/sounds"
WINDOW = 0.5
"""Seconds that are compared at a time: prompts are short."""


def call(caller: Telephone, number: str, gateway: str = "gw1") -> None:
    caller.dial(number, cluster.address(gateway))
    caller.wait("CALL_ESTABLISHED")


def prompt(name: str) -> Sound:
    """A prompt of Debian, with its language in front."""
    return read_wav(cluster.fetch(cluster.host("gw1"), f"{SOUNDS}/{name}.wav"))


def seconds_of(original: Sound) -> float:
    """How long the caller heard it in his last call."""
    recording = cluster.recording("caller", "dec")
    windows = int(len(recording) / SAMPLE_RATE / WINDOW)
    return heard(original, recording, WINDOW) * windows * WINDOW


def said(name: str) -> bool:
    """Whether the caller heard a prompt of Debian in his last call."""
    return heard(cluster.recording("caller", "dec"), prompt(name), WINDOW) >= 0.5


def hang_up(caller: Telephone) -> None:
    caller.hangup()
    cluster.wait_for_no_calls()
    time.sleep(0.5)


def test_own_recording_then_nobody_presses_a_key_and_the_queue_rings(
    caller: Telephone, agent: Telephone
) -> None:
    call(caller, FRONT_DESK)
    agent.wait("CALL_INCOMING", seconds=RECORDING_SECONDS + 10)
    hang_up(caller)
    assert seconds_of(voice("welcome", RECORDING_SECONDS)) >= RECORDING_SECONDS - 1
    assert said("en/vm-press")
    assert not said("es/vm-press")
    assert seconds_of(voice("closed", RECORDING_SECONDS)) == 0


@pytest.mark.parametrize("gateway", cluster.GATEWAYS)
def test_extension_dialled_in_the_menu_rings_the_seat(
    caller: Telephone, agent: Telephone, gateway: str
) -> None:
    call(caller, FRONT_DESK, gateway)
    time.sleep(RECORDING_SECONDS + 0.5)
    caller.press("1001")
    assert "5559001" in agent.wait("CALL_INCOMING")["peeruri"]


def test_submenu_and_back_then_wrong_keys_only(caller: Telephone) -> None:
    call(caller, FRONT_DESK)
    time.sleep(RECORDING_SECONDS + 0.5)
    caller.press("2")
    time.sleep(1)
    caller.press("*")
    time.sleep(RECORDING_SECONDS + 0.5)
    sorry = prompt("en/invalid")
    for _try in range(2):
        caller.press("9")
        time.sleep(len(sorry) / SAMPLE_RATE + 0.5)
    caller.wait("CALL_CLOSED", seconds=RECORDING_SECONDS + 3)
    time.sleep(0.5)
    # Of the menu twice, once before and once after the submenu.
    assert seconds_of(voice("welcome", RECORDING_SECONDS)) > RECORDING_SECONDS
    assert said("en/invalid")
    assert seconds_of(voice("closed", RECORDING_SECONDS)) >= RECORDING_SECONDS - 1


def test_key_chooses_the_language(caller: Telephone) -> None:
    call(caller, FRONT_DESK)
    time.sleep(RECORDING_SECONDS + 0.5)
    caller.press("3")
    time.sleep(RECORDING_SECONDS + 2)
    hang_up(caller)
    assert seconds_of(voice("welcome", RECORDING_SECONDS)) >= RECORDING_SECONDS - 1
    assert seconds_of(voice("es/welcome", RECORDING_SECONDS)) >= RECORDING_SECONDS - 1
    assert said("es/vm-press")


@pytest.mark.parametrize("number", [NEVER_OPEN, HOLIDAY])
def test_closed(caller: Telephone, number: str) -> None:
    call(caller, number)
    caller.wait("CALL_CLOSED", seconds=RECORDING_SECONDS + 3)
    time.sleep(0.5)
    assert seconds_of(voice("closed", RECORDING_SECONDS)) >= RECORDING_SECONDS - 1


def test_open_number_leads_to_the_seat_without_a_menu(caller: Telephone, agent: Telephone) -> None:
    caller.dial(DIRECT, cluster.address("gw1"))
    with cluster.RtpCounter(cluster.active()) as central:
        agent.wait("CALL_INCOMING")
        agent.accept()
        caller.wait("CALL_ESTABLISHED")
        time.sleep(1)
        assert central.during(3) == cluster.Packets(0, 0)


def test_number_of_a_busy_seat_is_busy(caller: Telephone, agent: Telephone) -> None:
    """As a cause: the tone of a call that nobody has answered is not heard on every line."""
    agent.dial("1100", cluster.address("vip"))
    agent.wait("CALL_ESTABLISHED")
    caller.dial(DIRECT, cluster.address("gw1"))
    assert "486" in caller.wait("CALL_CLOSED", 5)["param"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_prompts_are_those_that_the_preflight_knows(language: str) -> None:
    files = cluster.host("gw1").check_output(
        "cd %s/%s && find -L . -name '*.wav'", SOUNDS, language
    )
    installed = {name.removeprefix("./").removesuffix(".wav") for name in files.split()}
    assert installed == DEBIAN_PROMPTS[language]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{now}-{now},*,*,*,Europe/Madrid", True),  # both ends count in
        ("{now}-{now},*,*,*,Pacific/Auckland", False),
        ("*,{today}-{yesterday},*,*,Europe/Madrid", True),  # goes round the week
        ("*,{yesterday},*,*,Europe/Madrid", False),
    ],
)
def test_asterisk_takes_conditions_as_the_plugin_makes_them(condition: str, holds: bool) -> None:
    gateway = cluster.host("gw1")
    now, today, yesterday = (
        gateway.check_output(
            "TZ=Europe/Madrid LC_ALL=C sh -c 'date +%H:%M; date +%a; date -d yesterday +%a'"
        )
        .lower()
        .split()
    )
    asked = condition.format(now=now, today=today, yesterday=yesterday)
    answer = cluster.asterisk("gw1", f"dialplan eval function IFTIME({asked}?yes:no)")
    assert f"Result: {'yes' if holds else 'no'}" in answer
