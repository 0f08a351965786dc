# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ivr_problems
short_description: What is wrong with the IVR of an inventory
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks numbers, menus, hours, languages and recordings, and that every prompt can be heard in
    every language in which a caller may come to it.
options:
  _input:
    description:
      - Variables of the role C(gateway) without C(gateway_) in front of their names - C(menus),
        C(numbers), C(queues), C(extensions), C(hours), C(time_zone), C(language), and as
        C(recordings) what the lookup C(recordings) found.
      - All but the first two may be missing.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Numbers and menus lead somewhere
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ variables | trunkline.callcenter.ivr_problems }}"
    variables: {numbers: "{{ gateway_numbers }}", menus: "{{ gateway_menus }}"}
"""

RETURN = r"""
_value:
  description: One sentence for each problem; empty when there is none.
  type: list
  elements: str
"""

import zoneinfo
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.ivr import (
    Variables,
    ivr_problems,
)


def _filter(value: dict[str, Any]) -> list[str]:
    try:
        return ivr_problems(Variables(**value), zoneinfo.available_timezones())
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"ivr_problems: {error}") from error


class FilterModule:
    """Filter ivr_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ivr_problems": _filter}
