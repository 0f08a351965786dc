# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many callers of the public network at once (SIPp)."""

from __future__ import annotations

import time
from typing import Self

from . import cluster

_PORTS = {"gw1": 5100, "gw2": 5200}


class Callers:
    """Calls through one gateway that choose the queue, speak, and hang up after a while.

    Use it with ``with``: leaving ends what is left of them.
    """

    def __init__(self, gateway: str, calls: int, seconds: float, number: str = "5550100") -> None:
        self._unit = f"callers-{gateway}"
        self._telco = cluster.host("telco")
        port = _PORTS[gateway]
        self._command = (
            f"systemd-run --quiet --unit={self._unit} --remain-after-exit "
            "-p WorkingDirectory=/tmp "
            f"sipp -sf /etc/sipp/caller.xml -s {number} -i {cluster.address('telco')} -p {port} "
            f"-mi {cluster.address('telco')} "
            f"-min_rtp_port {port * 4} -max_rtp_port {port * 4 + 999} "
            f"-m {calls} -l {calls} -r 10 -d {int(seconds * 1000)} -nostdin -nd "
            f"{cluster.address(gateway)}:5060"
        )

    def __enter__(self) -> Self:
        self._end()
        self._telco.check_output(self._command)
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def all_succeeded(self, seconds: float) -> bool:
        """Whether every call went as its scenario says; waits at most that long for the end."""
        deadline = time.monotonic() + seconds
        while (state := self._property("SubState")) != "exited":
            if state != "running" or time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        return self._property("ExecMainStatus") == "0"

    def _property(self, name: str) -> str:
        value: str = self._telco.check_output(
            f"systemctl show -p {name} --value {self._unit}.service"
        )
        return value

    def _end(self) -> None:
        # The second signal lets SIPp hang up; without it the gateways would keep the callers.
        for _signal in range(2):
            self._telco.run(f"systemctl kill --signal=USR1 {self._unit}.service")
            time.sleep(0.3)
        deadline = time.monotonic() + 5
        while self._property("SubState") == "running" and time.monotonic() < deadline:
            time.sleep(0.2)
        self._telco.run(f"systemctl stop {self._unit}.service")
        self._telco.run(f"systemctl reset-failed {self._unit}.service")
