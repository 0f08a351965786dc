# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which central server's database could be written when, as each of them saw it."""

from __future__ import annotations

import itertools
from typing import Self

from . import cluster

PAUSE = 0.3
"""Seconds without a sample after which a server or its database stood still."""

Spans = list[tuple[float, float]]
"""From when to when, in seconds of the common clock of the lab's containers."""

_SAMPLES = "/var/lib/lab-write-access"
_UNIT = f"""
[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=sh -c "yes 'SELECT UNIX_TIMESTAMP(SYSDATE(6)), @@global.read_only = 0; DO SLEEP(0.05);' \
| mariadb --unbuffered -N -B"
StandardOutput=append:{_SAMPLES}
StandardError=null
Restart=always
RestartSec=100ms
[Install]
WantedBy=multi-user.target
"""
"""It also runs when a host is switched on again, and begins anew with its database."""


def writable(samples: str) -> Spans:
    """When the database could be written: lines of a moment and 1, or 0 if it could not."""
    rows = [line.split() for line in samples.splitlines() if line.count("\t") == 1]
    spans: Spans = []
    last = 0.0
    for moment, is_open in ((float(moment), is_open == "1") for moment, is_open in rows):
        if is_open:
            if spans and spans[-1][1] == last and moment - last <= PAUSE:
                spans[-1] = spans[-1][0], moment
            else:
                spans.append((moment, moment))
        last = moment
    return spans


def shared(one: Spans, other: Spans) -> float:
    """Seconds within both."""
    return sum(
        max(0.0, min(mine[1], his[1]) - max(mine[0], his[0]))
        for mine, his in itertools.product(one, other)
    )


class WriteAccess:
    """Looks twenty times a second on every central server, even on one that nobody reaches."""

    def __enter__(self) -> Self:
        for name in cluster.CENTRAL:
            cluster.host(name).check_output(
                f"rm -f {_SAMPLES}; printf %%s %s >/etc/systemd/system/lab-write-access.service; "
                "systemctl daemon-reload; systemctl enable --quiet --now lab-write-access",
                _UNIT,
            )
        return self

    def __exit__(self, *_error: object) -> None:
        for name in cluster.CENTRAL:
            cluster.console(
                name,
                "systemctl disable --quiet --now lab-write-access; "
                "rm /etc/systemd/system/lab-write-access.service; systemctl daemon-reload",
            )

    @staticmethod
    def spans() -> dict[str, Spans]:
        """By server: when its database could be written so far."""
        return {
            name: writable(cluster.console(name, f"cat {_SAMPLES}")) for name in cluster.CENTRAL
        }
