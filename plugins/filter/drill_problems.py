# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_problems
short_description: Why there is no fail-over drill
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - A drill has to be confirmed, and its fault known.
positional: fault
options:
  _input:
    description: What the user answered.
    type: raw
    required: true
  fault:
    description: What is to be broken.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Drill is wanted
  ansible.builtin.assert:
    that: "'yes' | trunkline.callcenter.drill_problems('asterisk_killed') | length == 0"
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.drill import drill_problems


def _filter(value: object, fault: str) -> list[str]:
    try:
        return drill_problems(value, fault)
    except TypeError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter drill_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"drill_problems": _filter}
