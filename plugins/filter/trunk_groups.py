# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: trunk_groups
short_description: How a gateway calls out on its trunk groups
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Telephones and channel banks with telephones are no way out.
positional: circuits
options:
  _input:
    description: The list C(dahdi_spans) of the inventory plugin.
    type: list
    elements: dict
    required: true
  circuits:
    description: SIP circuits, the list C(gateway_circuits).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Ways out
  ansible.builtin.debug:
    msg: "{{ dahdi_spans | trunkline.callcenter.trunk_groups(gateway_circuits) }}"
"""

RETURN = r"""
_value:
  description:
    - Name of a trunk group and C(group), the number that chan_dahdi has for it or null, and
      C(circuits), its SIP circuits with C(name) and C(channels).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import (
    TrunkGroup,
    trunk_groups,
)


def _filter(value: list[Any], circuits: list[Any]) -> dict[str, TrunkGroup]:
    try:
        return trunk_groups(value, circuits)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter trunk_groups."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"trunk_groups": _filter}
