# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Own recordings and the prompts of Debian."""

from __future__ import annotations

import hashlib
import io
import wave
from pathlib import Path

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.debian_prompts import (
    DEBIAN_PROMPTS,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.prompts import (
    RECORDINGS_DIRECTORY,
    by_name,
    chosen_languages,
    prompt_packages,
    prompt_problem,
    read_recordings,
    recording_problem,
    sound,
)

OWN = {"welcome": frozenset({"", "es"}), "hello-world": frozenset({"fr"})}


def wav(rate: int = 8000, channels: int = 1, width: int = 2, frames: int = 80) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setframerate(rate)
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.writeframes(bytes(channels * width * frames))
    return file.getvalue()


@pytest.mark.parametrize("file", ["welcome.wav", "es/welcome.wav", "pt_BR/1st_Menu-2.wav"])
def test_fit_recording(file: str) -> None:
    assert recording_problem(file, wav()) == ""


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (
            "a.wav",
            wav(rate=44100, channels=2),
            "a.wav has 44100 Hz, 2 channels and 16 bits, telephones have 8000 Hz, 1 channel and "
            "16 bits, convert it: sox a.wav -r 8000 -c 1 -b 16 new.wav",
        ),
        (
            "es/a.wav",
            wav(width=1),
            "es/a.wav has 8000 Hz, 1 channel and 8 bits, telephones have 8000 Hz, 1 channel and "
            "16 bits, convert it: sox a.wav -r 8000 -c 1 -b 16 new.wav",
        ),
        (
            "a.mp3",
            b"ID3",
            "a.mp3 is no WAV file, convert it: sox a.mp3 -r 8000 -c 1 -b 16 a.wav",
        ),
        *(
            (
                "a.wav",
                content,
                "a.wav is no WAV file of plain samples (PCM), convert it: sox a.wav -r 8000 -c 1 "
                "-b 16 new.wav",
            )
            for content in (
                b"",
                b"ID3",
                wav()[:20],
                wav().replace(b"fmt \x10\0\0\0\1", b"fmt \x10\0\0\0\6"),
            )
        ),
        ("a.wav", wav(frames=0), "a.wav is empty, record it again."),
        (
            "Spanish/a.wav",
            wav(),
            "Spanish/a.wav: the directory 'Spanish' is no language, use one such as es or pt_BR, "
            "or none.",
        ),
        (
            "es/old/a.wav",
            wav(),
            "es/old/a.wav: the directory 'es/old' is no language, use one such as es or pt_BR, or "
            "none.",
        ),
        (
            "a b.wav",
            wav(),
            "a b.wav: rename it, a name consists of letters, digits, '-' and '_'.",
        ),
    ],
)
def test_recording_that_cannot_be_played(file: str, content: bytes, sentence: str) -> None:
    assert recording_problem(file, content) == f"gateway_recordings: {sentence}"


def test_directory(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    for name in ("welcome.wav", "es/welcome.wav", ".hidden", "closed.mp3"):
        (tmp_path / name).write_bytes(wav())
    files = read_recordings(str(tmp_path))
    assert [(file["file"], not file["problem"]) for file in files] == [
        ("closed.mp3", False),
        ("es/welcome.wav", True),
        ("welcome.wav", True),
    ]
    assert {file["checksum"] for file in files} == {hashlib.sha1(wav()).hexdigest()}  # noqa: S324
    assert by_name(files[1:]) == {"welcome": {"", "es"}}


@pytest.mark.parametrize("directory", ["/nowhere", ".", "~"])
def test_no_directory(directory: str) -> None:
    (file,) = read_recordings(directory)
    assert file["problem"] == (
        f"gateway_recordings: {directory} is no directory of the machine that runs Ansible, make "
        "it or write its whole path."
    )


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("welcome", "de"),
        ("welcome", "es_MX"),
        ("hello-world", "fr"),
        ("digits/1", "en"),
        ("digits/1", "en_GB"),
        ("vm-goodbye", "ru"),
    ],
)
def test_prompt(name: str, language: str) -> None:
    assert prompt_problem(name, language, OWN) == ""


@pytest.mark.parametrize(
    ("name", "language", "rest"),
    [
        (
            "hello-world",
            "en",
            "the recording 'hello-world' is missing in language en, add en/hello-world.wav to "
            "gateway_recordings.",
        ),
        (
            "welcom",
            "en",
            "'welcom' is neither an own recording nor a prompt of Debian in language en, did you "
            "mean 'welcome'.",
        ),
        (
            "xyzxyz",
            "es",
            "'xyzxyz' is neither an own recording nor a prompt of Debian in language es, add "
            "xyzxyz.wav to gateway_recordings.",
        ),
        (
            "vm-goodbye",
            "de",
            "'vm-goodbye' is neither an own recording nor a prompt of Debian in language de, add "
            "vm-goodbye.wav to gateway_recordings.",
        ),
    ],
)
def test_prompt_that_nobody_would_hear(name: str, language: str, rest: str) -> None:
    assert prompt_problem(name, language, OWN) == rest


def test_own_recordings_come_first() -> None:
    assert sound("hello-world", OWN) == f"{RECORDINGS_DIRECTORY}/hello-world"
    assert sound("digits/1", OWN) == "digits/1"


def test_packages() -> None:
    assert prompt_packages(["es_MX", "de", "en", "es"]) == [
        "asterisk-core-sounds-en",
        "asterisk-core-sounds-en-wav",
        "asterisk-core-sounds-es",
        "asterisk-core-sounds-es-wav",
    ]


def test_every_language_has_what_the_dialplan_says_by_itself() -> None:
    said = {"invalid", "vm-goodbye", "ss-noservice", "pbx-invalid", "vm-nobodyavail"}
    assert [language for language, known in DEBIAN_PROMPTS.items() if said - known] == []


def test_languages_that_callers_choose() -> None:
    menus = {
        "welcome": {"language": "es", "digits": {"2": {"menu": "bye", "language": "fr_CA"}}},
        "language": {"prompt": ["it"], "digits": {"3": {"queue": "sales", "language": 5}}},
    }
    assert list(chosen_languages("gateway_menus", menus)) == ["es", "fr_CA"]
    assert list(chosen_languages("asterisk_language", "it")) == ["it"]
    assert list(chosen_languages("gateway_menus", None)) == []
    assert list(chosen_languages("gateway_menus", "es")) == []
