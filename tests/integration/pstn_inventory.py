# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the inventory plugin pstn, in this process or as ``ansible-inventory``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import yaml
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader

from ansible_collections.trunkline.callcenter.plugins.inventory import pstn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible.plugins.inventory import BaseInventoryPlugin

CHECKOUT = Path(__file__).parents[2]
NAME = pstn.InventoryModule.NAME
EXAMPLES = {
    text.partition("# ")[2].partition(":")[0]: text.strip() + "\n"
    for text in pstn.EXAMPLES.split("\n---\n")
}
"""Name of the file and its text, as the documentation of the plugin has them."""


@dataclass(frozen=True)
class Parsed:
    """What an inventory has after a source was parsed."""

    inventory: InventoryData
    warnings: list[str]

    def variables(self, host: str) -> dict[str, Any]:
        return dict(plain(self.inventory.hosts[host].vars))

    @property
    def groups(self) -> dict[str, set[str]]:
        return {
            name: {host.name for host in group.get_hosts()}
            for name, group in self.inventory.groups.items()
        }

    @property
    def places(self) -> dict[str, str]:
        """Place of every circuit."""
        return {
            circuit: place
            for wiring in self.wirings
            for place, circuit, _group in pstn_places(wiring)
        }

    @property
    def wirings(self) -> list[dict[str, Any]]:
        hosts = self.inventory.groups[pstn.GROUP].get_hosts()
        return [self.variables(host.name)["pstn_wiring"] for host in hosts]


def pstn_places(wiring: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Place, circuit and trunk group of all that is in ``pstn_wiring``."""
    gateway = wiring["gateway"]
    return [
        (f"{gateway}/{card['slot']}/{port['port']}", port["circuit"], port["trunk_group"])
        for card in wiring["cards"]
        for port in card["ports"]
        if port["circuit"] is not None
    ] + [(f"{gateway}/sip", one["circuit"], one["trunk_group"]) for one in wiring["sip"]]


def document(**options: object) -> str:
    """A file with these options."""
    return yaml.safe_dump({"plugin": NAME, **options}, sort_keys=False)


def new_plugin() -> tuple[pstn.InventoryModule, list[str]]:
    """The plugin as Ansible loads it, and where its warnings will be."""
    path = str(pstn.__file__)
    # What its loader does, which would import the collection a second time.
    inventory_loader._load_config_defs(NAME, pstn, path)  # noqa: SLF001
    plugin = pstn.InventoryModule()
    inventory_loader._update_object(  # noqa: SLF001
        obj=plugin, name=NAME, path=path, redirected_names=[NAME], resolved=NAME
    )
    display = mock.Mock(spec_set=["warning", "vvv"])
    plugin.display = display
    warnings: list[str] = []
    display.warning.side_effect = warnings.append
    return plugin, warnings


def parse(path: Path, *, cache: bool = True) -> Parsed:
    """The plugin alone; raises what the plugin raises."""
    plugin, warnings = new_plugin()
    inventory = InventoryData()
    plugin.parse(inventory, DataLoader(), str(path), cache)
    with suppress(AttributeError):  # as Ansible does: without a cache there is nothing to write
        plugin.update_cache_if_changed()
    return Parsed(inventory, warnings)


def load(*sources: Path) -> Parsed:
    """All sources, as Ansible reads them before a play; a source that fails is an error."""
    plugin, warnings = new_plugin()
    plugins: list[BaseInventoryPlugin] = [plugin, inventory_loader.get("yaml")]
    found = mock.patch.object(InventoryManager, "_fetch_inventory_plugins", return_value=plugins)
    strict = mock.patch("ansible.constants.INVENTORY_ANY_UNPARSED_IS_FAILED", new=True)
    with found, strict:
        manager = InventoryManager(DataLoader(), [str(source) for source in sources])
    return Parsed(manager._inventory, warnings)  # noqa: SLF001


def ansible_inventory(
    home: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The program, with nothing of this machine's settings but the collection."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("ansible-inventory")), *arguments],
        cwd=CHECKOUT,
        env={
            **{name: value for name, value in os.environ.items() if "ANSIBLE" not in name},
            "ANSIBLE_HOME": str(home),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "500",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def plain(value: Any) -> Any:  # noqa: ANN401 a variable may be anything
    """The value without Ansible's marks of what may be a template."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_unsafe"}:
            return str(value["__ansible_unsafe"])
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def one_sentence(message: str) -> bool:
    """Whether it may be shown to a user: a line of reasonable length, nothing of Python in it."""
    ugly = re.compile(r"Traceback|[a-z]Error\b|object at 0x|NoneType|<class|caused by")
    return message.isprintable() and len(message) < 700 and not ugly.search(message)
