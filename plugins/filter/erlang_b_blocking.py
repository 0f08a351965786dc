# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_b_blocking
short_description: Share of calls that find all trunks busy
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang B, where a call that finds all trunks busy is lost; one trunk carries one call.
  - Nobody is blocked when there is no traffic.
positional: trunks
options:
  _input:
    description: Offered traffic in erlangs, calls per hour times seconds of a call divided by 3600.
    type: float
    required: true
  trunks:
    description: How many calls the lines carry at the same time.
    type: int
    required: true
"""

EXAMPLES = r"""
---
- name: How much of 75 erlangs four T1 PRIs lose
  ansible.builtin.debug:
    msg: "{{ 75 | trunkline.callcenter.erlang_b_blocking(4 * 23) }}"
"""

RETURN = r"""
_value:
  description: Share of calls from 0 to 1.
  type: float
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import erlang_b_blocking


def _filter(value: float, trunks: int) -> float:
    try:
        return erlang_b_blocking(value, trunks)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_b_blocking."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_b_blocking": _filter}
