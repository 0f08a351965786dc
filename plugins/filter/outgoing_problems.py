# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: outgoing_problems
short_description: What is wrong with the calls out of a call center
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks patterns, trunk groups, classes, caller ids and emergency numbers, and that each plain
    telephone has an account.
positional: gateways, accounts
options:
  _input:
    description: The mapping C(central_outgoing).
    type: dict
    required: true
  gateways:
    description: The list C(central_gateways).
    type: list
    elements: dict
    required: true
  accounts:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
  others:
    description: Extensions of mailboxes and conference rooms.
    type: list
    elements: str
    default: []
  emergency:
    description: The mapping C(central_emergency).
    type: dict
    default: {}
  caller_id:
    description: The variable C(central_caller_id).
    type: str
    default: ""
  withhold_code:
    description: The variable C(central_withhold_code).
    type: str
    default: ""
  agent_codes:
    description: The mapping C(central_agent_codes).
    type: dict
    default: {}
"""

EXAMPLES = r"""
---
- name: Calls can go out
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ central_outgoing
         | trunkline.callcenter.outgoing_problems(central_gateways, central_accounts) }}
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    Account,
    expand_accounts,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.agents import (
    OTHER_CODES,
    agent_codes,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.outgoing import (
    NumberPlan,
    outgoing_problems,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import station_problems


def _problems(
    outgoing: dict[Any, Any], gateways: list[Any], seats: list[Account], options: dict[str, Any]
) -> list[str]:
    codes = agent_codes(options.pop("agent_codes", {}))
    codes |= {meaning: code for code, meaning in OTHER_CODES.items()}
    return [
        *outgoing_problems(NumberPlan(outgoing, gateways, seats, codes=codes, **options)),
        *station_problems(gateways, [seat.extension for seat in seats]),
    ]


def _filter(
    value: dict[Any, Any], gateways: list[Any], accounts: list[Any], **options: object
) -> list[str]:
    try:
        seats = expand_accounts(accounts)
    except (TypeError, ValueError):  # The business of account_problems.
        return []
    try:
        return _problems(value, gateways, seats, dict(options))
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter outgoing_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"outgoing_problems": _filter}
