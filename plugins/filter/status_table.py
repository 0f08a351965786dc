# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: status_table
short_description: The state of the call center as one screen of text
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Problems and their remedies come first, then servers, lines, queues and calls.
options:
  _input:
    description: What the filter P(trunkline.callcenter.status_cluster#filter) returned.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: State of the call center
  ansible.builtin.debug:
    msg: "{{ state | trunkline.callcenter.status_table }}"
"""

RETURN = r"""
_value:
  description: Lines of at most 92 columns.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.status import (
    Status,
    status_table,
)


def _filter(value: Status) -> str:
    try:
        return status_table(value)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a state of the call center: {error}") from error


class FilterModule:
    """Filter status_table."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"status_table": _filter}
