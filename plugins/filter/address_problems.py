# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: address_problems
short_description: Which addresses of an inventory are missing, wrong or used twice
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the addresses of the hosts, the floating one and the networks of the phones.
positional: hostvars, floating, phone_networks
options:
  _input:
    description: Names of the hosts.
    type: list
    elements: str
    required: true
  hostvars:
    description: The variables of all hosts.
    type: dict
    required: true
  floating:
    description: The address that floats, C(floating_ip_address).
    type: str
    required: true
  phone_networks:
    description: Networks from which phones register, C(callcenter_phone_networks).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
---
- name: Addresses fit
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ groups.central
         | trunkline.callcenter.address_problems(hostvars, '192.0.2.20', ['192.0.2.128/25']) }}
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import address_problems


def _filter(
    value: list[str], hostvars: Mapping[str, Any], floating: object, phone_networks: object
) -> list[str]:
    try:
        return address_problems(value, hostvars, floating, phone_networks)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter address_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"address_problems": _filter}
