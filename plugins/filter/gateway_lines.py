# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: gateway_lines
short_description: Gateways with their addresses, trunk groups and telephones
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Reads C(gateway_circuits) and, of the inventory plugin, C(dahdi_spans).
positional: hostvars
options:
  _input:
    description: Names of the gateways.
    type: list
    required: true
    elements: str
  hostvars:
    description: The variables of all hosts.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Where calls can go out
  ansible.builtin.debug:
    msg: "{{ groups.gateways | trunkline.callcenter.gateway_lines(hostvars) }}"
"""

RETURN = r"""
_value:
  description:
    - Dictionaries with C(name), C(address), C(trunk_groups) (names) and C(stations) (extensions),
      in the order given.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import (
    GatewayLines,
    gateway_lines,
)


def _filter(value: list[str], hostvars: Mapping[str, Any]) -> list[GatewayLines]:
    try:
        return gateway_lines(value, hostvars)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter gateway_lines."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"gateway_lines": _filter}
