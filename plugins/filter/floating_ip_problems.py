# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: floating_ip_problems
short_description: Why an address cannot float between hosts
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks that the address lies in the network and belongs to none of the hosts.
positional: network, members
options:
  _input:
    description: The address.
    type: str
    required: true
  network:
    description: Network of the interface, such as C(192.0.2.0/24).
    type: str
    required: true
  members:
    description: The hosts, as given by P(trunkline.callcenter.peers#filter).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: The address can float
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ '192.0.2.20' | trunkline.callcenter.floating_ip_problems('192.0.2.0/24', []) }}"
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import (
    floating_ip_problems,
)


def _filter(value: str, network: str, members: list[Any]) -> list[str]:
    try:
        return floating_ip_problems(value, network, members)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter floating_ip_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"floating_ip_problems": _filter}
