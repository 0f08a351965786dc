# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells systemd that the program is alive (sd_notify(3)): one that hangs must not look active."""

from __future__ import annotations

import os
import socket


def pet() -> None:
    """Does so, where systemd asked for it."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"WATCHDOG=1", "\0" + path[1:] if path.startswith("@") else path)
