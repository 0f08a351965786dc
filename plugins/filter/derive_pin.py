# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: derive_pin
short_description: The PIN of an agent, derived from the secret of the call center
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - The same secret and agent give the same PIN, so that only the secret is stored.
positional: agent
options:
  _input:
    description: The secret, C(callcenter_secret).
    type: str
    required: true
  agent:
    description: Number of the agent.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: The PIN of an agent
  ansible.builtin.set_fact:
    example: "{{ callcenter_secret | trunkline.callcenter.derive_pin('1001') }}"
"""

RETURN = r"""
_value:
  description: Six digits.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import derive_pin


def _filter(value: str, agent: str) -> str:
    try:
        return derive_pin(value, agent)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter derive_pin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"derive_pin": _filter}
