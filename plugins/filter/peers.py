# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: peers
short_description: Hosts with the addresses at which their peers reach them
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - The address is the variable C(asterisk_address), else C(ansible_host); no facts are needed.
positional: hostvars
options:
  _input:
    description: Names of the hosts.
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
- name: Addresses of the gateways
  ansible.builtin.debug:
    msg: "{{ groups.gateways | trunkline.callcenter.peers(hostvars) | map(attribute='address') }}"
"""

RETURN = r"""
_value:
  description: Dictionaries with C(name) and C(address), in the order given.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import Peer, peers


def _filter(value: list[str], hostvars: Mapping[str, Any]) -> list[Peer]:
    try:
        return peers(value, hostvars)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter peers."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"peers": _filter}
