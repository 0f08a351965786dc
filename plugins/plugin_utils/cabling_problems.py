# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the cables are where the plan has them, as far as the cabling lock knows."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from .cabling_lock import CablingLock, LockError, read_lock
from .natural_order import natural_key
from .wiring import Wiring
from .work_order import is_sip

_SHOWN = 3


def lock_problem(text: str, path: str) -> str:
    """The sentence that says why the file is no cabling lock; empty if it is one."""
    try:
        read_lock(text)
    except LockError as error:
        return f"cabling lock {path}: {error}"
    return ""


def cabling_problems(wirings: Iterable[Wiring], text: str | None, path: str) -> dict[str, str]:
    """One sentence for each gateway whose plan is not what the lock has.

    ``text`` is that of the lock in the file ``path``, None if there is no such file. Each gateway
    is compared for itself, so that the wirings of the others need not be known.
    """
    planned = {
        wiring.gateway: {circuit: place for place, circuit, _group in wiring.places()}
        for wiring in wirings
    }
    if text is None:
        return {
            gateway: f"{gateway}: there is no cabling lock {path} yet and {_count(circuits)} "
            "to be plugged in: run playbooks/plan.yml first, plug the cables as it says and "
            "confirm."
            for gateway, circuits in planned.items()
            if circuits
        }
    try:
        lock = read_lock(text)
    except LockError as error:
        return {
            gateway: f"{gateway}: cabling lock {path}: {error}"
            for gateway, circuits in planned.items()
            if circuits
        }
    return {
        gateway: f"{gateway}: the plan differs from the cabling lock {path} in "
        f"{_count(differences)} ({_shown(differences)}): run playbooks/plan.yml, move the cables "
        "as it says and confirm."
        for gateway, differences in _differences(planned, lock).items()
    }


def _differences(
    planned: dict[str, dict[str, str]], lock: CablingLock
) -> dict[str, dict[str, str]]:
    """Gateway -> circuit -> what is to be said of it."""
    found: dict[str, dict[str, str]] = {}
    for gateway, circuits in planned.items():
        for circuit, place in circuits.items():
            if lock.places.get(circuit) != place:
                found.setdefault(gateway, {})[circuit] = f"belongs {_spoken(place)}"
    for circuit, place in lock.places.items():
        gateway = place.partition("/")[0]
        if gateway in planned and circuit not in planned[gateway]:
            found.setdefault(gateway, {})[circuit] = f"no longer belongs {_spoken(place)}"
    return found


def _spoken(place: str) -> str:
    _gateway, *port = place.split("/")
    return "to this gateway" if is_sip(place) else f"into card {port[0]}, port {port[1]}"


def _count(circuits: Sized) -> str:
    return "1 circuit" if len(circuits) == 1 else f"{len(circuits)} circuits"


def _shown(differences: dict[str, str]) -> str:
    circuits = sorted(differences, key=natural_key)
    more = len(circuits) - _SHOWN
    return "; ".join(f"{circuit} {differences[circuit]}" for circuit in circuits[:_SHOWN]) + (
        f"; and {more} more" if more > 0 else ""
    )
