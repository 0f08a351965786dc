# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cabling_problems
short_description: Which gateways are not cabled as the plan has it
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares the plan with the cabling lock, which says where the circuits are plugged in.
  - A gateway is compared for itself, the wirings of the others need not be given.
positional: lock, path
options:
  _input:
    description: The variables C(pstn_wiring) of the gateways to compare.
    type: list
    elements: dict
    required: true
  lock:
    description: Text of the cabling lock, null if there is no such file.
    type: str
    required: true
  path:
    description: Path of its file, for the sentences.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Cables are where the plan has them
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems.values() | first }}"
  vars:
    lock: "{{ lookup('ansible.builtin.file', pstn_lock, rstrip=false) }}"
    problems: "{{ [pstn_wiring] | trunkline.callcenter.cabling_problems(lock, pstn_lock) }}"
"""

RETURN = r"""
_value:
  description: One sentence for each gateway that differs, by the name of the gateway.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_problems import (
    cabling_problems,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring


def _filter(value: list[dict[str, Any]], lock: str | None, path: str) -> dict[str, str]:
    try:
        return cabling_problems(map(read_wiring, value), lock, path)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a wiring of gateways: {error}") from error


class FilterModule:
    """Filter cabling_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cabling_problems": _filter}
