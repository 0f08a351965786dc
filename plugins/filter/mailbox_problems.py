# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: mailbox_problems
short_description: What is wrong with the mailboxes of a call center
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the mailboxes of seats and of several people, and the way their e-mails take.
positional: accounts, outgoing, smtp
options:
  _input:
    description: The mapping C(central_mailboxes).
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
  smtp:
    description: The mapping C(central_smtp).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Mailboxes are somebody's
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ {'8000': {'name': 'Service'}}
         | trunkline.callcenter.mailbox_problems([{'extensions': '1001-1200'}], {}, {}) }}
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import expand_accounts
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.mailboxes import (
    mailbox_problems,
    smtp_problems,
)


def _filter(
    value: dict[str, Any], accounts: list[Any], outgoing: dict[str, Any], smtp: dict[str, Any]
) -> list[str]:
    try:
        seats = expand_accounts(accounts)
    except (AttributeError, TypeError, ValueError):  # The business of account_problems.
        return []
    try:
        return mailbox_problems(value, seats, outgoing) or smtp_problems(smtp, value, seats)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter mailbox_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"mailbox_problems": _filter}
