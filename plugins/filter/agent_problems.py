# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: agent_problems
short_description: What is wrong with the feature codes of agents and what they hear
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks codes, reasons, the numbers of queues, and sounds.
positional: reasons, queues
options:
  _input:
    description: The mapping C(central_agent_codes).
    type: dict
    required: true
  reasons:
    description: The mapping C(central_aux_reasons).
    type: dict
    required: true
  queues:
    description: The mapping C(central_queues).
    type: dict
    required: true
  prompts:
    description: The mapping C(central_agent_prompts).
    type: dict
    default: {}
  refusal:
    description: The list C(central_refusal).
    type: list
    elements: str
    default: [beep]
"""

EXAMPLES = r"""
---
- name: Agents can say what they do
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ central_agent_codes
         | trunkline.callcenter.agent_problems(central_aux_reasons, central_queues) }}
"""

RETURN = r"""
_value:
  description: One sentence for each problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.agents import (
    agent_problems,
    sound_problems,
)


def _filter(
    value: dict[str, Any],
    reasons: dict[Any, Any],
    queues: dict[str, Any],
    prompts: dict[str, Any] | None = None,
    refusal: object = ("beep",),
) -> list[str]:
    try:
        return agent_problems(value, reasons, queues) + sound_problems(prompts or {}, refusal)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter agent_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"agent_problems": _filter}
