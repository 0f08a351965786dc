# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: conference_problems
short_description: What is wrong with the conference rooms of a call center
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks the extensions of the rooms and their PINs.
positional: accounts, mailboxes, outgoing
options:
  _input:
    description: The mapping C(central_conferences).
    type: dict
    required: true
  accounts:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
  mailboxes:
    description: The mapping C(central_mailboxes).
    type: dict
    required: true
  outgoing:
    description: The mapping C(central_outgoing).
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Conferences have extensions of their own
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: >-
      {{ {'8500': {}}
         | trunkline.callcenter.conference_problems([{'extensions': '1001-1200'}], {}, {}) }}
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
    account_extensions,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.conferences import (
    conference_problems,
)


def _filter(
    value: dict[str, Any], accounts: list[Any], mailboxes: dict[str, Any], outgoing: dict[str, Any]
) -> list[str]:
    try:
        taken = {*account_extensions(accounts), *map(str, mailboxes)}
        return conference_problems(value, taken, outgoing)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter conference_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"conference_problems": _filter}
