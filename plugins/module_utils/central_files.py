# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a central server keeps in files about itself, read so that two servers can be compared."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

CONFIGURATION = (
    "/etc/asterisk/**/*.conf",
    "/etc/keepalived/keepalived.conf",
    "/etc/mysql/mariadb.conf.d/90-trunkline.cnf",
    "/etc/odbc.ini",
    "/etc/systemd/system/*.service.d/stopping.conf",
    "/etc/systemd/system/*.service.d/trunkline.conf",
    "/etc/systemd/system/trunkline-*",
    "/etc/trunkline/*.json",
    "/usr/local/lib/trunkline/*.py",
)
"""Files that make a server behave as it does."""

PACKAGES = ("asterisk", "keepalived", "mariadb-server")

# Each server has its own of these, whatever else is equal.
_OWN_LINES = re.compile(r"^(\s*(?:server_id|priority|state)\b).*$", re.MULTILINE)
_OWN_SECRET = re.compile(r"^(\s*secret\s*=).*$", re.MULTILINE)
_SECRET_LINE = re.compile(
    r"^(\s*[\w.-]*(?:secret|passw(?:or)?d)\w*(?:\s*(?:=>|=|:)\s*|\s+)).*$",
    re.MULTILINE | re.IGNORECASE,
)
_SECRET_WORD = re.compile(r"\b[a-z2-7]{26}\b")


def comparable(text: str, names: Mapping[str, str]) -> str:
    """A file without what must differ between two servers.

    ``names`` are words of this server, such as its address, and what stands for them on both.
    """
    for word in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)", names[word], text)
    text = _OWN_LINES.sub(r"\1 (its own)", text)
    # The manager interface is the only one whose secret is not common to both.
    return _OWN_SECRET.sub(r"\1 (its own)", text) if "bindaddr = 127.0.0.1" in text else text


def digest(text: str) -> str:
    """What tells two texts apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def without_secrets(text: str) -> str:
    """A text that may be shown."""
    return _SECRET_WORD.sub("(secret)", _SECRET_LINE.sub(r"\1(secret)", text))


def codecs(pjsip: str) -> list[str]:
    """Codecs of the first endpoint of a pjsip.conf, all of which have the same."""
    found = re.search(r"^\s*allow\s*=\s*(\S+)\s*$", pjsip, re.MULTILINE)
    return found[1].split(",") if found else []


def read_state(text: str) -> dict[str, Any]:
    """The content of state.json; an empty mapping when it is none."""
    return _mapping(text)


def read_history(lines: Iterable[str], most: int = 50) -> list[dict[str, Any]]:
    """The newest promotions of a history, the oldest first.

    The last line of a host that lost its power may be cut: it is left out.
    """
    records = map(_mapping, lines)
    promotions = [one for one in records if one.get("verb") == "promote" and "began" in one]
    return promotions[-most:]


def _mapping(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def replication(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """How a database follows another one: a row of SHOW ALL SLAVES STATUS, None if it has none."""
    if row is None:
        return {"follows": "", "runs": False, "broken": False, "behind": None, "error": ""}
    threads = ("SQL", "IO")
    errors = {thread: row.get(f"Last_{thread}_Error") or "" for thread in threads}
    runs = {thread: row.get(f"Slave_{thread}_Running") for thread in threads}
    return {
        "follows": row.get("Master_Host") or "",
        "runs": all(state == "Yes" for state in runs.values()),
        # One that looks for its primary says "Connecting", and finds it by itself.
        "broken": any(runs[thread] == "No" and errors[thread] for thread in threads),
        "behind": row.get("Seconds_Behind_Master"),
        "error": next((error for error in errors.values() if error), ""),
    }
