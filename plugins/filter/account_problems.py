# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: account_problems
short_description: What is wrong with the accounts and queues of an inventory
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the extensions, names and queues of the accounts and the members of the queues.
positional: queues
options:
  _input:
    description: The list C(central_accounts).
    type: list
    required: true
    elements: dict
  queues:
    description: The mapping C(central_queues).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Accounts and queues fit
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ central_accounts | trunkline.callcenter.account_problems(central_queues) }}"
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import account_problems


def _filter(value: list[Any], queues: dict[str, Any]) -> list[str]:
    try:
        return account_problems(value, queues)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter account_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"account_problems": _filter}
