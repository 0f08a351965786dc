# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: active_database
short_description: The host whose database is, or shall become, the writable one
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Chooses the writable database; in a new cluster, the first host.
  - Gives an empty string when the run leaves out a host and none of the others is writable.
positional: peers
options:
  _input:
    description:
      - State of each host of the run, a dictionary of C(writable), C(follows) and C(has_data).
      - A host without a state has no running database.
    type: dict
    required: true
  peers:
    description: Names of all central servers.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
---
- name: A new cluster starts with its first host
  ansible.builtin.debug:
    msg: "{{ {'one': {}, 'two': {}} | trunkline.callcenter.active_database(['one', 'two']) }}"
"""

RETURN = r"""
_value:
  description: Name of the host.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.replication import (
    STOPPED,
    active_database,
)


def _filter(value: dict[str, Any], peers: list[str]) -> str:
    try:
        return active_database({name: {**STOPPED, **state} for name, state in value.items()}, peers)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter active_database."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"active_database": _filter}
