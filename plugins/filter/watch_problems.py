# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: watch_problems
short_description: Why a central server must not stay the active one
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares the calls since a switch with those before it.
positional: before
options:
  _input:
    description:
      - Answers of M(trunkline.callcenter.central_info) of the new active server, with C(traffic).
    type: list
    elements: dict
    required: true
  before:
    description:
      - Answer of the former active server, with the C(traffic) of a while before the switch.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Calls go as well as before
  ansible.builtin.assert:
    that: samples | trunkline.callcenter.watch_problems(before) | length == 0
"""

RETURN = r"""
_value:
  description: One sentence for each problem; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.watch import watch_problems


def _filter(value: Sequence[Mapping[str, Any]], before: Mapping[str, Any]) -> list[str]:
    try:
        return watch_problems(before, value)
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter watch_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"watch_problems": _filter}
