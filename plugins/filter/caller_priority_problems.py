# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: caller_priority_problems
short_description: What is wrong with the priorities of callers
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks numbers, patterns, ranges and priorities.
options:
  _input:
    description: The mapping C(central_priority_callers).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Priorities are fit
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ central_priority_callers | trunkline.callcenter.caller_priority_problems }}"
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.caller_priorities import (
    caller_priority_problems,
)


def _filter(value: dict[str, Any]) -> list[str]:
    try:
        return caller_priority_problems(value)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"caller_priority_problems: {error}") from error


class FilterModule:
    """Filter caller_priority_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"caller_priority_problems": _filter}
