# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subscribers of the public network whom the call center calls (SIPp), and what they see of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import cluster

_INVITE = re.compile(r"^INVITE sip:([^@]+)@.+?\r?\n\r?\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A call as the carrier gets it."""

    number: str
    """That was dialled."""
    gateway: str
    """Address of the gateway from which it came."""
    caller: str
    """Number that the subscriber sees; ``anonymous`` if none."""
    asserted: str
    """Number that only the carrier sees (RFC 3325); empty if none."""
    private: bool
    """Whether the carrier is asked not to show the number."""


def calls() -> list[Call]:
    """All calls since the subscribers are there, in the order of their arrival."""
    text = cluster.host("telco").check_output("cat /run/subscribers/messages")
    invites = {
        _header(match[0], "Call-ID", r"\S+"): (match[1], match[0])
        for match in _INVITE.finditer(text)
    }
    return [
        Call(
            number=number,
            gateway=_header(invite, "Via", r"SIP/2.0/UDP ([\d.]+)"),
            caller=_header(invite, "From", r"[^<]*<sip:([^@>]+)@"),
            asserted=_header(invite, "P-Asserted-Identity", r"[^<]*<sip:([^@>]+)@"),
            private=_header(invite, "Privacy", r"\S+") == "id",
        )
        for number, invite in invites.values()
    ]


def _header(message: str, name: str, value: str) -> str:
    """What the last group of ``value`` matches at the start of a header; empty without it."""
    found = re.search(rf"^{name}: (?:{value})", message, re.MULTILINE)
    if not found:
        return ""
    return found[found.lastindex or 0].removeprefix(f"{name}: ")
