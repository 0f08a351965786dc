# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sees to it that the floating address is where the lease is: keepalived may not do as it is told.

It follows no file, for example, where the kernel has no inotify instance left for it.
"""

from __future__ import annotations

import socket
import subprocess
import time

LATE_SECONDS = 2.0
"""keepalived takes half a second."""
PATIENT_SECONDS = 5.0
"""How long the address may stay away: the other server has to notice first that it kept it."""
AGAIN_SECONDS = 10.0
"""Between two attempts to bring it to reason."""


def is_here(address: str) -> bool:
    """Whether an address belongs to this host: then packets to it would come from itself.

    Asterisk may use it anyway (net.ipv4.ip_nonlocal_bind), so that is no sign.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return False
        return bool(probe.getsockname()[0] == address)


class FloatingAddress:
    """The address, and what keepalived was told about it."""

    def __init__(self, address: str) -> None:
        """``address`` is the floating one."""
        self._address = address
        self._right = self._restarted = time.monotonic()
        self._wanted = False
        self.here = False
        """Whether it was at this host at the last look."""

    def look(self, *, wanted: bool) -> None:
        """Compares; keepalived reads the file anew when it starts."""
        now = time.monotonic()
        self.here = is_here(self._address)
        if self.here == wanted or wanted != self._wanted:
            self._right = now
        self._wanted = wanted
        complaint = self.complaint()
        if self.here and complaint and now - self._restarted > AGAIN_SECONDS:
            self._restarted = now
            print(f"{complaint} keepalived is started again.", flush=True)
            # It may hang.
            subprocess.run(["systemctl", "kill", "--signal=KILL", "keepalived"], check=False)
            subprocess.Popen(["systemctl", "restart", "--no-block", "keepalived"])

    def complaint(self) -> str:
        """What is wrong with the address, a sentence; empty when nothing is."""
        seconds = time.monotonic() - self._right
        if self.here and seconds > LATE_SECONDS:
            return f"{self._address} is here without the lease since {seconds:.1f} s."
        if self._wanted and not self.here and seconds > PATIENT_SECONDS:
            return f"{self._address} is not here in spite of the lease since {seconds:.1f} s."
        return ""
