# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the gateways can say: own recordings, and the prompts of Debian, in which languages."""

from __future__ import annotations

import hashlib
import io
import re
import wave
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypedDict

from .debian_prompts import DEBIAN_PROMPTS
from .sentences import nearest

RECORDINGS_DIRECTORY = "/usr/local/share/trunkline/recordings"
"""Where own recordings are on a gateway."""

LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
"""A language as Asterisk's directories have it, such as ``es`` or ``pt_BR``."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_WANTED = (8000, 1, 16)
"""Samples a second, channels and bits of what a telephone line carries."""


class Recording(TypedDict):
    """A file of the user."""

    file: str
    """Below the directory: ``NAME.wav``, or ``LANGUAGE/NAME.wav``."""
    checksum: str
    """SHA-1, as Ansible compares files."""
    problem: str
    """One sentence; empty if the file is fit."""


Recordings = Mapping[str, frozenset[str]]
"""Name of an own recording -> its languages; "" is for all that have none of their own."""


def read_recordings(directory: str) -> list[Recording]:
    """All files of a directory but hidden ones, sorted."""
    top = Path(directory)
    if not top.is_absolute() or not top.is_dir():
        problem = (
            f"gateway_recordings: {directory} is no directory of the machine that runs Ansible, "
            "make it or write its whole path."
        )
        return [{"file": "", "checksum": "", "problem": problem}]
    files = {path.relative_to(top): path for path in top.rglob("*") if path.is_file()}
    return [
        _recording(str(name), files[name].read_bytes())
        for name in sorted(files)
        if not any(part.startswith(".") for part in name.parts)
    ]


def _recording(file: str, content: bytes) -> Recording:
    checksum = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return {"file": file, "checksum": checksum, "problem": recording_problem(file, content)}


def recording_problem(file: str, content: bytes) -> str:
    """One sentence that says why the gateways cannot play a file; empty if they can."""
    where = f"gateway_recordings: {file}"
    path = PurePosixPath(file)
    folder = str(path.parent)
    if folder != "." and not LANGUAGE.fullmatch(folder):
        return (
            f"{where}: the directory '{folder}' is no language, use one such as es or pt_BR, or "
            "none."
        )
    if not _NAME.fullmatch(path.stem):
        return f"{where}: rename it, a name consists of letters, digits, '-' and '_'."
    converted = path.with_suffix(".wav").name
    if path.suffix != ".wav":
        return f"{where} is no WAV file, {_remedy(path.name, converted)}"
    try:
        with wave.open(io.BytesIO(content)) as sound:
            found = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth() * 8)
            empty = not sound.getnframes()
    except (EOFError, wave.Error):
        return f"{where} is no WAV file of plain samples (PCM), {_remedy(path.name, 'new.wav')}"
    if found != _WANTED:
        return (
            f"{where} has {_format(found)}, telephones have {_format(_WANTED)}, "
            f"{_remedy(path.name, 'new.wav')}"
        )
    return f"{where} is empty, record it again." if empty else ""


def _format(what: tuple[int, int, int]) -> str:
    rate, channels, bits = what
    return f"{rate} Hz, {channels} channel{'s' if channels != 1 else ''} and {bits} bits"


def _remedy(file: str, converted: str) -> str:
    rate, channels, bits = _WANTED
    return f"convert it: sox {file} -r {rate} -c {channels} -b {bits} {converted}"


def by_name(files: Iterable[Recording]) -> Recordings:
    """The languages of each recording."""
    found: dict[str, set[str]] = {}
    for file in files:
        path = PurePosixPath(file["file"])
        language = "" if len(path.parts) == 1 else path.parts[0]
        found.setdefault(path.stem, set()).add(language)
    return {name: frozenset(languages) for name, languages in found.items()}


def sound(name: str, recordings: Recordings) -> str:
    """What Asterisk plays as ``name``; an own recording comes before Debian's."""
    return f"{RECORDINGS_DIRECTORY}/{name}" if name in recordings else name


def prompt_problem(name: str, language: str, recordings: Recordings) -> str:
    """The rest of a sentence about a prompt that a caller would not hear; empty if all is well."""
    spoken = {"", language, _base(language)}
    if name in recordings:
        if spoken & recordings[name]:
            return ""
        return (
            f"the recording '{name}' is missing in language {language}, add "
            f"{language}/{name}.wav to gateway_recordings."
        )
    known = DEBIAN_PROMPTS.get(_base(language), frozenset())
    if name in known:
        return ""
    own = [recording for recording, languages in recordings.items() if spoken & languages]
    remedy = nearest(name, [*own, *known], f"add {name}.wav to gateway_recordings")
    return (
        f"'{name}' is neither an own recording nor a prompt of Debian in language {language}, "
        f"{remedy}."
    )


def chosen_languages(name: str, value: object) -> Iterator[str]:
    """Languages of a variable such as ``gateway_menus``: each value of a key ``language``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from chosen_languages(str(key), inner)
    elif name.endswith("language") and LANGUAGE.fullmatch(str(value)):
        yield str(value)


def prompt_packages(languages: Iterable[str]) -> list[str]:
    """Debian's packages for these languages, as far as there are any.

    The first of two has the name of the language, by which Asterisk finds the sounds of the second.
    """
    known = {_base(language) for language in languages} & set(DEBIAN_PROMPTS)
    names = (f"asterisk-core-sounds-{language}" for language in sorted(known))
    return [package for name in names for package in (name, f"{name}-wav")]


def _base(language: str) -> str:
    return language.partition("_")[0]
