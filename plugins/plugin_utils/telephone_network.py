# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All lines and all gateways of a call center: what the planner plans."""

from __future__ import annotations

from dataclasses import dataclass

from .circuits import TrunkGroup
from .gateways import Gateway


@dataclass(frozen=True)
class TelephoneNetwork:
    """Trunk groups and gateways, names unique in each."""

    trunk_groups: tuple[TrunkGroup, ...]
    gateways: tuple[Gateway, ...]

    @property
    def channels(self) -> int:
        """Calls from outside that can be up at the same time; agents' telephones are inside."""
        return sum(group.total_channels for group in self.trunk_groups if group.type != "station")
