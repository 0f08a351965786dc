# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
short_description: Loads all filters of this collection
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Returns what it gets, after all filters of the collection have been loaded.
  - Ansible makes a process for each task on each host, and each of them loads the filters it needs,
    with all that these need. What was loaded before is there already. The condition of a
    C(meta) task is evaluated early enough.
options:
  _input:
    description: Any value.
    type: raw
    required: true
"""

EXAMPLES = r"""
---
- name: Filters are loaded
  ansible.builtin.meta: clear_host_errors
  when: false | trunkline.callcenter.preload
"""

RETURN = r"""
_value:
  description: The same value.
  type: raw
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = "ansible_collections.trunkline.callcenter.plugins.filter"


def _filter(value: object) -> object:
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem != "__init__":
            import_module(f"{PACKAGE}.{path.stem}")
    return value


class FilterModule:
    """Filter preload."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"preload": _filter}
