# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: switch_problems
short_description: What is not as it has to be while a central server is active
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks after a switch that exactly one server serves and the other one follows it.
positional: address, addresses, active
options:
  _input:
    description: Name of each central server and the answer of M(trunkline.callcenter.central_info).
    type: dict
    required: true
  address:
    description: The floating address.
    type: str
    required: true
  addresses:
    description: Own address of each central server.
    type: dict
    required: true
  active:
    description: The server that has to be the active one.
    type: str
    required: true
  forced:
    description: Whether the other one may be ill and need not follow.
    type: bool
    default: false
"""

EXAMPLES = r"""
---
- name: Switch was right
  ansible.builtin.assert:
    that: problems | length == 0
  vars:
    problems: >-
      {{ answers | trunkline.callcenter.switch_problems('192.0.2.20', addresses, 'central2') }}
"""

RETURN = r"""
_value:
  description: One sentence for each problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.switch import (
    Wish,
    outcome_problems,
)


def _filter(
    value: Mapping[str, Mapping[str, Any]],
    address: str,
    addresses: Mapping[str, str],
    active: str,
    *,
    forced: bool = False,
) -> list[str]:
    try:
        return outcome_problems(value, Wish(address, addresses), active, forced=forced)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter switch_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"switch_problems": _filter}
