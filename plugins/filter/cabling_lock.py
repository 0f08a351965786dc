# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cabling_lock
short_description: The cabling lock for the planned wiring
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - The lock records which circuit is plugged in where, for people and for the next plan.
positional: numbers
options:
  _input:
    description: The variables C(pstn_wiring) of all gateways.
    type: list
    elements: dict
    required: true
  numbers:
    description: The mapping C(pstn_trunk_groups) of trunk groups and their numbers.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Cables are as planned
  ansible.builtin.copy:
    content: "{{ wirings | trunkline.callcenter.cabling_lock({'carrier_a': 1}) }}"
    dest: cabling.txt
    mode: "0644"
"""

RETURN = r"""
_value:
  description: Text of the file, the same for the same wiring.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    lock_of,
    render_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring


def _filter(value: list[dict[str, Any]], numbers: dict[str, int]) -> str:
    try:
        return render_lock(lock_of(map(read_wiring, value), numbers))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a wiring of gateways: {error}") from error


class FilterModule:
    """Filter cabling_lock."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cabling_lock": _filter}
