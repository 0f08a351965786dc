# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: voters
short_description: Hosts that vote on which central server is active
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Gateways, up to nine, and the central servers; always an odd number.
positional: central
options:
  _input:
    description: The gateways, as given by P(trunkline.callcenter.peers#filter).
    type: list
    elements: dict
    required: true
  central:
    description: The central servers, in the same form.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Who votes
  ansible.builtin.debug:
    msg: "{{ gateways | trunkline.callcenter.voters(central) | map(attribute='name') }}"
  vars:
    gateways: [{name: gw1, address: 192.0.2.11}]
    central: [{name: central1, address: 192.0.2.21}, {name: central2, address: 192.0.2.22}]
"""

RETURN = r"""
_value:
  description: Name and address of each.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import Peer, voters


def _filter(value: list[Any], central: list[Any]) -> list[Peer]:
    try:
        return voters(value, central)
    except (KeyError, TypeError) as error:
        raise AnsibleFilterError(
            f"voters: not a list of hosts with name and address: {error}"
        ) from error


class FilterModule:
    """Filter voters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"voters": _filter}
