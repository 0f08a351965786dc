# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_c_agents
short_description: How many agents a traffic needs
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang C, where a call that finds all agents busy waits and does not give up.
positional: handling_seconds, service_level, answer_seconds
options:
  _input:
    description: Offered traffic in erlangs, calls per hour times seconds of a call divided by 3600.
    type: float
    required: true
  handling_seconds:
    description: How long a call keeps an agent busy, wrap-up included.
    type: float
    required: true
  service_level:
    description: Share of calls that shall be answered in time, between 0 and 1.
    type: float
    default: 0.8
  answer_seconds:
    description: Within how many seconds a call is answered in time.
    type: float
    default: 20.0
"""

EXAMPLES = r"""
---
- name: Agents who answer 80 % within 20 seconds
  ansible.builtin.debug:
    msg: "{{ (1500 * 180 / 3600) | trunkline.callcenter.erlang_c_agents(180) }}"
"""

RETURN = r"""
_value:
  description: The smallest number of agents who answer enough calls in time.
  type: int
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import erlang_c_agents


def _filter(
    value: float, handling_seconds: float, service_level: float = 0.8, answer_seconds: float = 20.0
) -> int:
    try:
        return erlang_c_agents(value, handling_seconds, service_level, answer_seconds)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_c_agents."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_c_agents": _filter}
