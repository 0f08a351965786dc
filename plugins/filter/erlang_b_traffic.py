# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_b_traffic
short_description: How much traffic trunks carry
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang B, where a call that finds all trunks busy is lost; one trunk carries one call.
positional: blocking
options:
  _input:
    description: How many calls the lines carry at the same time.
    type: int
    required: true
  blocking:
    description: Share of calls that may be lost, between 0 and 1.
    type: float
    required: true
"""

EXAMPLES = r"""
---
- name: Calls of 180 seconds that four T1 PRIs carry in an hour
  ansible.builtin.debug:
    msg: "{{ (4 * 23) | trunkline.callcenter.erlang_b_traffic(0.01) * 3600 / 180 }}"
"""

RETURN = r"""
_value:
  description: The largest offered traffic in erlangs that is blocked no more.
  type: float
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import erlang_b_traffic


def _filter(value: int, blocking: float) -> float:
    try:
        return erlang_b_traffic(value, blocking)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_b_traffic."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_b_traffic": _filter}
