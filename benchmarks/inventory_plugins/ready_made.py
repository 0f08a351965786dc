# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ready_made
short_description: The floor of the benchmark, sets what is ready in a file
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Reads groups, hosts and variables from a file of marshalled data and thinks of nothing.
  - A file is read when its name ends with C(.ready).
options: {}
"""

import marshal
from pathlib import Path

from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin


class InventoryModule(BaseInventoryPlugin):
    """The inventory plugin ready_made."""

    NAME = "ready_made"

    def verify_file(self, path: str) -> bool:
        return path.endswith(".ready")

    def parse(
        self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True
    ) -> None:
        super().parse(inventory, loader, path, cache)
        groups, hosts = marshal.loads(Path(path).read_bytes())  # noqa: S302 our own file
        for group in groups:
            inventory.add_group(group)
        for host, variables, members in hosts:
            inventory.add_host(host)
            for group in members:
                inventory.add_child(group, host)
            for variable, value in variables.items():
                inventory.set_variable(host, variable, value)
