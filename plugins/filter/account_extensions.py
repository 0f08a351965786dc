# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: account_extensions
short_description: Extensions of all accounts
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Spells out the extensions of accounts.
  - Of wrong accounts there are none; the filter C(account_problems) says why.
options:
  _input:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Seats are shown
  ansible.builtin.debug:
    msg: "{{ central_accounts | trunkline.callcenter.account_extensions }}"
"""

RETURN = r"""
_value:
  description: The extensions, sorted.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    account_extensions,
)


class FilterModule:
    """Filter account_extensions."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"account_extensions": account_extensions}
