# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_c_mean_wait
short_description: How long calls wait for an agent
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang C, where a call that finds all agents busy waits and does not give up.
  - An error when the agents do not keep up with the traffic, as the queue grows without bound.
positional: agents, handling_seconds
options:
  _input:
    description: Offered traffic in erlangs, calls per hour times seconds of a call divided by 3600.
    type: float
    required: true
  agents:
    description: How many agents answer calls.
    type: int
    required: true
  handling_seconds:
    description: How long a call keeps an agent busy, wrap-up included.
    type: float
    required: true
"""

EXAMPLES = r"""
---
- name: How long a caller waits
  ansible.builtin.debug:
    msg: "{{ 75 | trunkline.callcenter.erlang_c_mean_wait(82, 180) }}"
"""

RETURN = r"""
_value:
  description: Seconds on average; calls that do not wait count as 0.
  type: float
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import erlang_c_mean_wait


def _filter(value: float, agents: int, handling_seconds: float) -> float:
    try:
        return erlang_c_mean_wait(value, agents, handling_seconds)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_c_mean_wait."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_c_mean_wait": _filter}
