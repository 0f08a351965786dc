# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trunk groups and their circuits, the lines that carriers and channel banks bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .lines import LINES

DIGITAL_TYPES = ("pri", "cas", "channel_bank")
"""Types whose circuits are T1, E1 or J1 lines, one port each."""

TYPES = (*DIGITAL_TYPES, "analog", "station", "sip")
"""PRI, robbed-bit or CAS line, channel bank, analog line, agent's plain telephone, SIP trunk."""


@dataclass(frozen=True)
class Pin:
    """Where the user wants a circuit: a gateway, or one port of it."""

    gateway: str
    slot: int | None = None
    port: int | None = None


@dataclass(frozen=True)
class TrunkGroup:
    """Circuits that share carrier and numbers. Options that do not fit the type are None."""

    name: str
    type: str
    circuits: tuple[str, ...]
    """Names, in the order of the file."""
    line: str | None = None
    channels: int = 1
    """Calls that one circuit carries; of NFAS circuits see ``circuit_channels``."""
    nfas: int = 1
    """Circuits that share a D-channel, and therefore a gateway; 1 = each has its own."""
    nfas_backup: bool = True
    """Whether the second circuit of an NFAS group carries a backup D-channel."""
    gateways: frozenset[str] | None = None
    """Only these gateways may take the circuits; None = all."""
    exclude: frozenset[str] = frozenset()
    """These gateways may not."""
    pins: Mapping[str, Pin] = field(default_factory=dict)
    """Circuits that the user has placed."""
    signalling: str | None = None
    """chan_dahdi's word: pri_cpe, fxs_ks, em_w ..."""
    switchtype: str | None = None
    framing: str | None = None
    coding: str | None = None
    crc4: bool = False
    lbo: int = 0
    """Line build-out 0 to 7, of ``system.conf``."""
    timing: bool = False
    """Whether the far end's clock may be a timing source."""
    host: str | None = None
    port: int | None = None
    numbers: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    """Extensions of the telephones: one for each circuit of type station; of channel banks one for
    each channel, circuit by circuit, as far as they go."""

    @property
    def kind(self) -> str:
        """What a port must accept: t1, e1, j1, fxo, fxs; sip needs none."""
        return self.line or {"analog": "fxo", "station": "fxs"}.get(self.type, "sip")

    def circuit_extensions(self, position: int) -> tuple[str, ...]:
        """Extensions at the circuit at ``position`` (from 0), channel by channel."""
        first = position * self.channels
        return self.extensions[first : first + self.channels]

    def circuit_channels(self, position: int) -> int:
        """Calls that the circuit at ``position`` (from 0) carries.

        An NFAS circuit without D-channel carries one more than the others.
        """
        if self.nfas > 1 and self.line is not None and not self.has_d_channel(position):
            return LINES[self.line].pri_channels + 1
        return self.channels

    def has_d_channel(self, position: int) -> bool:
        """Whether the PRI at ``position`` (from 0) carries a D-channel."""
        return self.type == "pri" and position % self.nfas <= int(
            self.nfas > 1 and self.nfas_backup
        )

    @property
    def total_channels(self) -> int:
        """Calls that the whole group carries at the same time."""
        if self.nfas == 1:
            return self.channels * len(self.circuits)
        return sum(self.circuit_channels(position) for position in range(len(self.circuits)))
