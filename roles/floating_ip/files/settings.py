# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the programs of a central server have to know, and where they leave what others read."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, fields
from pathlib import Path

RUN = Path("/run/trunkline")
STATE = RUN / "state.json"
SERVES = RUN / "serves"
"""There from the begin of a promotion to the end of a demotion."""
PREPARED = RUN / "prepared"
"""The idle Asterisk knows all contacts: a planned switch need not start it again."""
GIVE = RUN / "give"
"""Holds GIVE_IT when the lease is to be given to the other server, TAKE_IT when it comes back."""
GIVE_IT, TAKE_IT = "give", "take"
GIVING = RUN / "giving"
"""There while the active server has closed its database to give the lease away."""
GIVING_SECONDS = 15.0
"""That takes no longer: an older file was left by a program that was killed."""
FORCED = RUN / "forced"
"""Written on a spare that shall take over whatever rows it lacks."""
FORCED_SECONDS = 60.0
KEPT = Path("/var/lib/trunkline")
FORK = KEPT / "fork.json"
"""Position up to which this server had everything that the former active one wrote, and when."""
OUTDATED = KEPT / "outdated"
"""There while the other server has newer rows, also through a power cut."""
SEED = KEPT / "seed.cnf"
"""There while the database of a spare is being filled, or since that was interrupted."""


@dataclass(frozen=True)
class Settings:
    """The configuration of this host. Addresses are by the name of the host."""

    host: str
    address: str
    floating_address: str
    peers: dict[str, str]
    """The other central servers."""
    voters: dict[str, str]
    gateways: dict[str, str]
    port: int
    secret: str
    lease_seconds: float
    database_password: str
    fence_command: list[str]
    wrapup_seconds: dict[str, int] = field(default_factory=dict)
    """By the name of the queue."""


def read_settings() -> Settings:
    """The configuration of this host, also that of another version: both are written in turn."""
    content = json.loads(Path("/etc/trunkline/central.json").read_text(encoding="utf-8"))
    known = {one.name for one in fields(Settings)}
    return Settings(**{name: value for name, value in content.items() if name in known})


def gives() -> bool:
    """Whether this server is giving the lease away, with its database closed on purpose."""
    return _written(GIVING, GIVING_SECONDS)


def is_forced() -> bool:
    """Whether this server shall take over whatever rows it lacks."""
    return _written(FORCED, FORCED_SECONDS)


def _written(path: Path, seconds: float) -> bool:
    """Whether a file was written within the last seconds."""
    try:
        return time.time() - path.stat().st_mtime < seconds
    except OSError:
        return False


def write(path: Path, text: str) -> None:
    """Replaces a small file: nobody reads half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
