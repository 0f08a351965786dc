# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: queue_problems
short_description: What is wrong with the queues of an inventory
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the options of the queues and their hours, and that callers whom nobody serves get
    somewhere.
positional: accounts, outgoing
options:
  _input:
    description: The mapping C(central_queues).
    type: dict
    required: true
  accounts:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
  outgoing:
    description: The mapping C(central_outgoing).
    type: dict
    required: true
  hours:
    description: The mapping C(central_hours).
    type: dict
    default: {}
  time_zone:
    description: The variable C(central_time_zone).
    type: str
    default: ""
  music:
    description: Names of music that queues may have beside C(default).
    type: list
    elements: str
    default: []
  caller_id:
    description: The variable C(central_caller_id).
    type: str
    default: ""
  mailboxes:
    description: Extensions of the mapping C(central_mailboxes), where callers may leave a message.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
---
- name: Queues are fit
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ central_queues
         | trunkline.callcenter.queue_problems(central_accounts, central_outgoing) }}
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import expand_accounts
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.call_backs import (
    call_back_problems,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.hours_dialplan import (
    hours_problems,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_options import (
    queue_problems,
    read_queues,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_targets import Surroundings


def _filter(
    value: dict[str, Any],
    accounts: list[Any],
    outgoing: dict[str, Any],
    **options: Any,  # noqa: ANN401 - a mapping, texts and a list
) -> list[str]:
    hours = options.get("hours") or {}
    try:
        seats = [
            account.extension
            for account in expand_accounts(accounts)
            if account.phone or account.voicemail
        ]
    except (TypeError, ValueError):  # The business of account_problems.
        seats = []
    if seats:
        seats += map(str, options.get("mailboxes") or [])
    try:
        problems = hours_problems(
            hours, options.get("time_zone") or "", zoneinfo.available_timezones()
        )
        around = Surroundings(value, seats, outgoing, hours)
        problems = problems or queue_problems(value, around, options.get("music") or [])
        if problems:
            return problems
        call_backs = {name: queue["call_back"] for name, queue in read_queues(value).items()}
        return call_back_problems(call_backs, outgoing, options.get("caller_id") or "")
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(f"queue_problems: {error}") from error


class FilterModule:
    """Filter queue_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"queue_problems": _filter}
