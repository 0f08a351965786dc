# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and states of SIP endpoints."""

from __future__ import annotations

TRUNK_ENDPOINT = "central"
"""Of a gateway to the central server."""

GONE = frozenset({"unavailable", "invalid", "unknown", ""})
"""States of an endpoint that cannot be called."""
