# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cluster_problems
short_description: Which hosts a call center lacks
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Checks that there are gateways, a central server and, if asked for, its hot spare.
positional: central, spare
options:
  _input:
    description: Names of the gateways.
    type: list
    required: true
    elements: str
  central:
    description: Names of the central servers.
    type: list
    elements: str
    required: true
  spare:
    description: Whether a hot spare is wanted.
    type: bool
    default: true
"""

EXAMPLES = r"""
---
- name: There are hosts enough
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | join(' ') }}"
  vars:
    problems: "{{ groups.gateways | trunkline.callcenter.cluster_problems(groups.central) }}"
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

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cluster import cluster_problems


def _filter(value: list[str], central: list[str], spare: bool = True) -> list[str]:
    try:
        return cluster_problems(value, central, spare)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter cluster_problems."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cluster_problems": _filter}
