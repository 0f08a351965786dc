# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and states of SIP endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

TRUNK_ENDPOINT = "central"
"""Of a gateway to the central server."""

GONE = frozenset({"unavailable", "invalid", "unknown", ""})
"""States of an endpoint that cannot be called."""


def endpoint_states(endpoints: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """State of each, by its name, of the endpoints that asterisk_status tells."""
    return {endpoint["name"]: endpoint["state"] for endpoint in endpoints}
