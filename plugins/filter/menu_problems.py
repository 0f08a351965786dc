# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: menu_problems
short_description: What is wrong with the IVR menus of an inventory
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks names, digits, hours and targets of the menus and the numbers that lead to them.
positional: numbers, queues
options:
  _input:
    description: The mapping C(gateway_menus).
    type: dict
    required: true
  numbers:
    description: The mapping C(gateway_numbers).
    type: dict
    required: true
  queues:
    description: Names of the queues.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
---
- name: Menus lead somewhere
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ gateway_menus | trunkline.callcenter.menu_problems(gateway_numbers, ['sales']) }}"
"""

RETURN = r"""
_value:
  description: One sentence for each problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.menus import menu_problems


def _filter(value: dict[str, Any], numbers: dict[str, Any], queues: list[str]) -> list[str]:
    try:
        return menu_problems(value, numbers, queues)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter menu_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"menu_problems": _filter}
