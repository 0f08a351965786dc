# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Places in a queue of those who do not wait at the telephone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_CALL = re.compile(r"call-back-(\d+)-.*")


def call_name(call_back: int, moment: float) -> str:
    """What Asterisk calls the call of a call-back, unlike all others before it."""
    return f"call-back-{call_back}-{moment:.3f}"


def call_back_of(uniqueid: str) -> int | None:
    """The call-back for which a channel is there; None if it is another call."""
    found = _CALL.fullmatch(uniqueid)
    return int(found[1]) if found else None


def live(channels: Iterable[Mapping[str, str]]) -> set[int]:
    """The call-backs for which channels are there, from the answer to CoreShowChannels."""
    found = (call_back_of(channel.get("Uniqueid", "")) for channel in channels)
    return {call_back for call_back in found if call_back is not None}


def place(
    entries: Iterable[Mapping[str, str]], waited: Mapping[int, int], priority: int, seconds: int
) -> int:
    """The place, from 1, of who has waited so many ``seconds``.

    ``entries`` are the events QueueEntry of those in the queue, ``waited`` says of call-backs among
    them for how long they have really waited.
    """
    return 1 + sum(
        _rank(entry, waited) >= (priority, seconds)
        for entry in entries
        if entry.get("Event") == "QueueEntry"
    )


def _rank(entry: Mapping[str, str], waited: Mapping[int, int]) -> tuple[int, int]:
    call_back = call_back_of(entry.get("Uniqueid", ""))
    seconds = int(entry.get("Wait", "0"))
    if call_back is not None:
        seconds = waited.get(call_back, seconds)
    return int(entry.get("Priority", "0")), seconds
