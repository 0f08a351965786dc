# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many callers of the public network at once (SIPp)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import NamedTuple, Self

from . import cluster

_PORTS = {"gw1": 5100, "gw2": 5200}
SCENARIO = (cluster.CHECKOUT / "molecule/shared/files/sipp/caller.xml").read_text(encoding="utf-8")
"""Of SIPp, with one pause of three seconds before a key is pressed, and one without end."""


class Ports(NamedTuple):
    """UDP ports of one SIPp."""

    sip: int
    first_audio: int
    last_audio: int


class Sipp:
    """One SIPp of the telephone company. Use it with ``with``: leaving ends what is left of it.

    ``files`` are what it reads, by their ending: ``xml`` is the scenario.
    """

    def __init__(
        self, unit: str, gateway: str, ports: Ports, files: Mapping[str, str], options: str
    ) -> None:
        self._telco = cluster.host("telco")
        self._unit = unit
        self._files = files
        address = cluster.address("telco")
        self._command = (
            f"systemd-run --quiet --unit={unit} --remain-after-exit "
            "-p WorkingDirectory=/tmp -p LimitNOFILE=65536 "
            f"sipp -sf {self._path('xml')} -i {address} -p {ports.sip} -mi {address} "
            f"-min_rtp_port {ports.first_audio} -max_rtp_port {ports.last_audio} "
            f"{options} -nostdin -nd {cluster.address(gateway)}:5060"
        )

    def __enter__(self) -> Self:
        self._end()
        for ending, text in self._files.items():
            self._telco.check_output(f"printf %%s %s >{self._path(ending)}", text)
        self._telco.check_output(self._command)
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def running(self) -> bool:
        """Whether calls are left."""
        return self._property("SubState") == "running"

    def all_succeeded(self, seconds: float) -> bool:
        """Whether every call went as its scenario says; waits at most that long for the end."""
        deadline = time.monotonic() + seconds
        while (state := self._property("SubState")) != "exited":
            if state != "running" or time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        return self._property("ExecMainStatus") == "0"

    def hang_up(self) -> None:
        """All of them hang up now."""
        # The second signal lets SIPp hang up; without it the gateways would keep the callers.
        end = f"systemctl kill --signal=USR1 {self._unit}.service"
        self._telco.run(f"{end}; sleep 0.3; {end}; sleep 0.3")

    def _path(self, ending: str) -> str:
        return f"/etc/sipp/{self._unit}.{ending}"

    def _property(self, name: str) -> str:
        value: str = self._telco.check_output(
            f"systemctl show -p {name} --value {self._unit}.service"
        )
        return value

    def _end(self) -> None:
        if self._property("LoadState") == "not-found":
            return
        self.hang_up()
        deadline = time.monotonic() + 5
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.2)
        self._telco.run(f"systemctl stop {self._unit}.service")
        self._telco.run(f"systemctl reset-failed {self._unit}.service")


class Callers(Sipp):
    """Calls through one gateway that choose the queue, speak, and hang up after a while.

    ``series`` (0 to 9) tells callers of the same gateway apart; it is a digit of their ``numbers``.
    """

    menu_seconds = 3
    """After which they press their key."""
    speak = True
    """Whether audio comes from them."""

    def __init__(
        self,
        gateway: str,
        calls: int,
        seconds: float,
        number: str = "5550100",
        *,
        series: int = 0,
    ) -> None:
        self.numbers = tuple(f"5559{series}{call}" for call in range(1, calls + 1))
        scenario = SCENARIO.replace("sip:55590[", f"sip:5559{series}[").replace(
            '<pause milliseconds="3000"/>', f'<pause milliseconds="{self.menu_seconds * 1000}"/>'
        )
        if not self.speak:
            scenario = re.sub("<nop>.*rtp_stream.*</nop>", "", scenario)
        port = _PORTS[gateway] + 10 * series
        first_audio = port * 4 if not series else 30000 + (port - 5100) * 40
        super().__init__(
            f"callers-{gateway}" + (f"-{series}" if series else ""),
            gateway,
            Ports(port, first_audio, first_audio + (999 if not series else 399)),
            {"xml": scenario},
            f"-s {number} -m {calls} -l {calls} -r 10 -d {int(seconds * 1000)}",
        )


class SilentCallers(Callers):
    """Callers whose network sends nothing while they are silent."""

    speak = False
