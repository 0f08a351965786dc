# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drill_table
short_description: What a fail-over drill measured, as lines
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Shows when what happened, the steps of the promotion, and what was up before and after.
positional: after, watch, fault
options:
  _input:
    description:
      - What was up before the fault.
      - C(central) has the answer of M(trunkline.callcenter.central_info) of each central server.
      - C(gateways) has that of M(trunkline.callcenter.asterisk_status) of each gateway.
    type: dict
    required: true
  after:
    description: The same after it.
    type: dict
    required: true
  watch:
    description: The answer of M(trunkline.callcenter.sip_watch).
    type: dict
    required: true
  fault:
    description: What was broken.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Drill
  ansible.builtin.debug:
    msg: "{{ before | trunkline.callcenter.drill_table(after, watch, 'asterisk_killed') }}"
"""

RETURN = r"""
_value:
  description: Lines of the table.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.drill import (
    drill_table,
    moment,
    promotions_between,
)


def _filter(
    value: Mapping[str, Any], after: Mapping[str, Any], watch: Mapping[str, Any], fault: str
) -> list[str]:
    try:
        return drill_table(
            fault,
            moment(value["central"], value["gateways"]),
            moment(after["central"], after["gateways"]),
            watch,
            promotions_between(value["central"], after["central"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter drill_table."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"drill_table": _filter}
