# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: caller_priorities
short_description: Callers with a priority as extensions of the dialplan
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Turns numbers, patterns and ranges of numbers into extensions that begin with C(c).
options:
  _input:
    description: The mapping C(central_priority_callers).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Priorities are shown
  ansible.builtin.debug:
    msg: "{{ {'5550100-5550199': 10} | trunkline.callcenter.caller_priorities }}"
"""

RETURN = r"""
_value:
  description: Extension or pattern, and the priority.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.caller_priorities import (
    caller_priorities,
)


def _filter(value: dict[str, Any]) -> dict[str, int]:
    try:
        return caller_priorities(value)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"caller_priorities: {error}") from error


class FilterModule:
    """Filter caller_priorities."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"caller_priorities": _filter}
