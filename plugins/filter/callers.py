# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: callers
short_description: Seats that may dial the same and show themselves alike
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Sorts the seats by what they may dial and by the number that they show.
  - Seats that may dial everything and show the usual number are left out.
positional: caller_id
options:
  _input:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
  caller_id:
    description: The variable C(central_caller_id).
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: What the seats may dial
  ansible.builtin.debug:
    msg: "{{ central_accounts | trunkline.callcenter.callers(central_caller_id) }}"
"""

RETURN = r"""
_value:
  description:
    - Dictionaries with C(patterns), which take exactly the extensions of the seats, C(classes), a
      list of names or null for all, and C(caller_id), in which C({extension}) stands for the
      extension.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import expand_accounts
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.outgoing import Caller, callers


def _filter(value: list[Any], caller_id: str) -> list[Caller]:
    try:
        return callers(expand_accounts(value), caller_id)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter callers."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"callers": _filter}
