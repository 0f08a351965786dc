# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cabling_lock_problem
short_description: Why a file is no cabling lock
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Tells whether a cabling lock was damaged, so that it is neither believed nor overwritten.
positional: path
options:
  _input:
    description: Text of the cabling lock.
    type: str
    required: true
  path:
    description: Path of its file, for the sentence.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Cabling lock can be read
  ansible.builtin.assert:
    that: problem == ''
    fail_msg: "{{ problem }}"
  vars:
    problem: >-
      {{ lookup('ansible.builtin.file', pstn_lock, rstrip=false)
         | trunkline.callcenter.cabling_lock_problem(pstn_lock) }}
"""

RETURN = r"""
_value:
  description: One sentence; empty when the lock is good.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_problems import (
    lock_problem,
)


def _filter(value: str, path: str) -> str:
    if not isinstance(value, str):
        raise AnsibleFilterError(f"{value!r} is not the text of a cabling lock")
    return lock_problem(value, path)


class FilterModule:
    """Filter cabling_lock_problem."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cabling_lock_problem": _filter}
