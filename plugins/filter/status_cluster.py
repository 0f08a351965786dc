# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: status_cluster
short_description: The state of the call center from the answers of its hosts
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Puts together what the playbook C(status) registered on each host, and finds the problems.
  - A host that did not answer is a part of the state, not an error.
positional: central, hostvars, time
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
  hostvars:
    description:
      - The variables of all hosts, with the registered C(_status_network), C(_status_asterisk),
        C(_status_database), C(_status_lease) and C(_status_diverged).
    type: dict
    required: true
  time:
    description: When the hosts were asked.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: State of the call center is known
  ansible.builtin.set_fact:
    state: >-
      {{ groups.gateways
         | trunkline.callcenter.status_cluster(groups.central, hostvars, '2026-01-31 08:00 UTC') }}
"""

RETURN = r"""
_value:
  description: The structure that C(docs/status.md) describes.
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.status import Status, read_status


def _filter(value: list[str], central: list[str], hostvars: Mapping[str, Any], time: str) -> Status:
    try:
        return read_status(value, central, hostvars, time)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter status_cluster."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"status_cluster": _filter}
