# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: switch_plan
short_description: Whether the two central servers may change places
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Says which server is active, which one would be, and what will happen or why it must not.
positional: address, addresses
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
  target:
    description: The server that shall be active; empty for the other one than now.
    type: str
    default: ""
  force:
    description: Whether to pass over what would be lost.
    type: bool
    default: false
  back:
    description: Whether the last fail-over is to be undone.
    type: bool
    default: false
  reseeds:
    description: Whether a spare that does not follow is filled first.
    type: bool
    default: false
  repairs:
    description: Whether the spare may be ill, as it is changed before the switch.
    type: bool
    default: false
  again:
    description: Whether to switch although the last switch was a moment ago.
    type: bool
    default: false
"""

EXAMPLES = r"""
---
- name: Plan is known
  ansible.builtin.set_fact:
    plan: >-
      {{ answers
         | trunkline.callcenter.switch_plan('192.0.2.20', {'a': '192.0.2.21', 'b': '192.0.2.22'}) }}
"""

RETURN = r"""
_value:
  description:
    C(todo) (V(switch), V(nothing) or V(refuse)), C(sentence), C(active), C(spare), C(prepared),
    C(reseed), C(forced) and C(passed_over).
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.switch import Plan, Wish, plan


def _filter(
    value: Mapping[str, Mapping[str, Any]],
    address: str,
    addresses: Mapping[str, str],
    **wishes: object,
) -> Plan:
    options: dict[str, Any] = dict(wishes)
    try:
        return plan(value, Wish(address, addresses, **options))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter switch_plan."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"switch_plan": _filter}
