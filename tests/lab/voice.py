# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Voices that can be recognised again after a telephone call.

``python -m tests.lab.voice FILE NAME [SECONDS]`` writes the voice of that name.
"""

from __future__ import annotations

import sys
import wave
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 8000
"""Hertz, as in G.711."""

LONGEST_SPEECH = 900.0
"""Seconds that the telephones of the lab can speak: baresip hangs up where its file ends."""

Sound = NDArray[np.float64]
"""Samples between -1 and 1."""


def voice(name: str, seconds: float = 120.0) -> Sound:
    """Syllables of changing pitch and length; no two names and no two moments sound alike."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    syllables: list[Sound] = []
    length = 0
    while length < seconds * SAMPLE_RATE:
        samples = int(random.uniform(0.12, 0.35) * SAMPLE_RATE)
        sweep = np.linspace(random.uniform(250, 900), random.uniform(250, 900), samples)
        phase = 2 * np.pi * np.cumsum(sweep) / SAMPLE_RATE
        tone = sum(random.uniform(0.3, 1.0) * np.sin(n * phase) for n in (1, 2, 3))
        syllables.append(0.2 * np.hanning(samples) * np.asarray(tone))
        length += samples
    return np.concatenate(syllables)[: int(seconds * SAMPLE_RATE)]


def write_wav(file: str | Path, sound: Sound) -> None:
    """Writes 16-bit mono."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def read_wav(file: str | Path | IO[bytes]) -> Sound:
    """Reads 16-bit mono at the sample rate of the telephone network.

    Raises ValueError for anything else. A header that was never completed, as in a recording still
    under way, does not matter.
    """
    with wave.open(cast("IO[bytes]", file if hasattr(file, "read") else str(file)), "rb") as wav:
        if (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) != (1, 2, SAMPLE_RATE):
            raise ValueError(f"{file}: not 16-bit mono at {SAMPLE_RATE} Hz")
        return np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2") / 32768.0


def heard(original: Sound, recording: Sound, window: float = 1.0) -> float:
    """Which part of the recording's windows sounds like some moment of the original, 0 to 1.

    Silent windows count as not heard. A window counts when its normalised cross-correlation with
    the original reaches 0.8, which G.711 does not spoil but another voice never does.
    """
    size = int(window * SAMPLE_RATE)
    windows = [recording[at : at + size] for at in range(0, len(recording) - size + 1, size)]
    if not windows:
        return 0.0
    correlation = _correlator(original, size)
    return sum(correlation(part) >= 0.8 for part in windows) / len(windows)


def _correlator(original: Sound, size: int) -> Callable[[Sound], float]:
    """Tells how well a part of that size fits the place of the original that it fits best."""
    width = 1 << (len(original) + size - 1).bit_length()
    spectrum = np.fft.rfft(original, width)
    squares = np.concatenate([[0.0], np.cumsum(original**2)])
    norms = np.sqrt(np.maximum(squares[size:] - squares[:-size], 1e-9))
    usable = norms > 0.02 * norms.max()  # silence correlates with everything

    def best(part: Sound) -> float:
        energy = np.linalg.norm(part)
        if energy < 0.005 * np.sqrt(size):
            return 0.0
        products = np.fft.irfft(spectrum * np.conj(np.fft.rfft(part, width)), width)
        return float(np.max(products[: len(norms)][usable] / (norms[usable] * energy)))

    return best


if __name__ == "__main__":
    write_wav(sys.argv[1], voice(sys.argv[2], *map(float, sys.argv[3:])))
