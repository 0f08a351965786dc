# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: line_problems
short_description: What is wrong with the circuits with cables of a gateway
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the spans as far as Asterisk has to know them, and that calls on lines which bring no
    dialled number lead to a menu.
positional: numbers, menus
options:
  _input:
    description: The list C(dahdi_spans) of the inventory plugin.
    type: list
    elements: dict
    required: true
  numbers:
    description: Telephone numbers of the trunk groups, the mapping C(pstn_numbers).
    type: dict
    required: true
  menus:
    description: The mapping C(gateway_numbers).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Circuits are fit
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ dahdi_spans | trunkline.callcenter.line_problems(pstn_numbers, gateway_numbers) }}
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_channels import (
    line_problems,
)


def _filter(value: list[Any], numbers: dict[str, Any], menus: dict[str, Any]) -> list[str]:
    try:
        return line_problems(value, numbers, menus)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter line_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"line_problems": _filter}
