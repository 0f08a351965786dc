# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: secret_problem
short_description: Why a value cannot be the secret of a call center
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Tells whether the secret is missing or too short, without showing it.
options:
  _input:
    description: The secret, C(callcenter_secret), possibly empty.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: The secret is there
  ansible.builtin.assert:
    that: problem == ''
    fail_msg: "{{ problem }}"
  vars:
    problem: "{{ callcenter_secret | default('') | trunkline.callcenter.secret_problem }}"
"""

RETURN = r"""
_value:
  description: One sentence; empty when the secret is good.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import secret_problem


def _filter(value: str) -> str:
    try:
        return secret_problem(value) or ""
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter secret_problem."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"secret_problem": _filter}
