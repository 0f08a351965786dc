# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ivr
short_description: The IVR of an inventory as the dialplan of a gateway has it
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Completes numbers and menus, and turns names of sounds into what Asterisk plays.
options:
  _input:
    description: As for the filter C(ivr_problems), which has found none.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Packages of the languages are installed
  ansible.builtin.apt:
    name: "{{ (variables | trunkline.callcenter.ivr).packages }}"
  vars:
    variables: {numbers: "{{ gateway_numbers }}", menus: "{{ gateway_menus }}"}
"""

RETURN = r"""
_value:
  description:
    - C(numbers) and C(menus) with all of their options, C(extensions) that can be dialled in a
      menu as patterns, and C(packages) with the prompts.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.ivr import (
    Variables,
    read_ivr,
    values,
)


def _filter(value: dict[str, Any]) -> dict[str, Any]:
    try:
        return values(read_ivr(Variables(**value)))
    except (AttributeError, LookupError, StopIteration, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"ivr: {error}") from error


class FilterModule:
    """Filter ivr."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ivr": _filter}
