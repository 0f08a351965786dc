# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_c_service_level
short_description: Share of calls that are answered in time
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang C, where a call that finds all agents busy waits and does not give up.
  - The share is 0 when the agents do not keep up with the traffic.
positional: agents, handling_seconds, answer_seconds
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
  answer_seconds:
    description: Within how many seconds a call is answered in time.
    type: float
    required: true
"""

EXAMPLES = r"""
---
- name: How many callers are answered within 20 seconds
  ansible.builtin.debug:
    msg: "{{ 75 | trunkline.callcenter.erlang_c_service_level(82, 180, 20) }}"
"""

RETURN = r"""
_value:
  description: Share of calls from 0 to 1.
  type: float
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import (
    erlang_c_service_level,
)


def _filter(value: float, agents: int, handling_seconds: float, answer_seconds: float) -> float:
    try:
        return erlang_c_service_level(value, agents, handling_seconds, answer_seconds)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_c_service_level."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_c_service_level": _filter}
