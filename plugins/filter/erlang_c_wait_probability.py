# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_c_wait_probability
short_description: Share of calls that wait for an agent
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang C, where a call that finds all agents busy waits and does not give up.
  - All calls wait when the agents do not keep up with the traffic.
positional: agents
options:
  _input:
    description: Offered traffic in erlangs, calls per hour times seconds of a call divided by 3600.
    type: float
    required: true
  agents:
    description: How many agents answer calls.
    type: int
    required: true
"""

EXAMPLES = r"""
---
- name: How many of the callers wait
  ansible.builtin.debug:
    msg: "{{ 75 | trunkline.callcenter.erlang_c_wait_probability(82) }}"
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
    erlang_c_wait_probability,
)


def _filter(value: float, agents: int) -> float:
    try:
        return erlang_c_wait_probability(value, agents)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_c_wait_probability."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_c_wait_probability": _filter}
