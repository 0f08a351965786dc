# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which central server's database is the active one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict


class DatabaseState(TypedDict):
    """What a database server says of itself."""

    writable: bool
    """Not read-only."""
    follows: bool
    """It is the replica of another server."""
    has_data: bool
    """It holds the call center's database."""


STOPPED: DatabaseState = {"writable": False, "follows": False, "has_data": False}
"""A server that does not run, or is not installed yet."""


def active_database(states: Mapping[str, DatabaseState], peers: Sequence[str]) -> str:
    """Name of the host whose database is, or shall become, the writable one.

    ``states`` are those of the hosts that this run knows, ``peers`` all central servers. Empty when
    the run does not know enough to tell. Raises ValueError when nobody can tell without losing
    data.
    """
    known = [name for name in peers if name in states]
    # A server that was installed again is empty and perhaps writable: one with data outranks it.
    holders = [name for name in known if states[name]["has_data"]]
    writable = [name for name in holders if states[name]["writable"]]
    if len(writable) > 1:
        raise ValueError(
            f"The databases of {' and '.join(writable)} are both writable: decide whose data is "
            "right, and set read_only to 1 on the other before the next run."
        )
    if writable:
        return writable[0]
    if len(known) < len(peers):
        return ""
    candidates = [name for name in holders if not states[name]["follows"]] or holders
    if len(candidates) > 1:
        raise ValueError(
            f"The databases of {' and '.join(candidates)} are both read-only and nothing tells "
            "which one was active last: decide whose data is right, and set read_only to 0 there "
            "before the next run."
        )
    started = [name for name in peers if states[name]["writable"]]
    return (candidates or started or list(peers))[0]
