# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: agent_codes
short_description: All feature codes of agents
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Completes the codes of an inventory with the usual ones and leaves out those that are empty.
options:
  _input:
    description: The mapping C(central_agent_codes).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: What agents dial
  ansible.builtin.debug:
    msg: "{{ {'ready': '*71', 'busy': ''} | trunkline.callcenter.agent_codes }}"
"""

RETURN = r"""
_value:
  description: Name of a code and what is dialled.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.agents import agent_codes


class FilterModule:
    """Filter agent_codes."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"agent_codes": agent_codes}
