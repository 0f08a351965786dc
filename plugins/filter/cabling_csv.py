# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cabling_csv
short_description: The cabling as a table for spreadsheets
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Writes one row for each port and for each SIP circuit.
  - Columns are C(gateway), C(site), C(card), C(model), C(port), C(kind), C(circuit),
    C(trunk_group), C(channels) and C(state), which is V(used), V(free), V(dark) or V(empty).
  - A name that a spreadsheet could take for a formula gets an apostrophe in front.
options:
  _input:
    description: The variable C(pstn_wiring) of every gateway, in any order.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: trunkline.callcenter.cabling_sheet
    plugin_type: filter
"""

EXAMPLES = r"""
---
- name: Cabling as a table
  ansible.builtin.copy:
    content: "{{ wirings | trunkline.callcenter.cabling_csv }}"
    dest: cabling.csv
    mode: "0644"
  delegate_to: localhost
  run_once: true
  vars:
    wirings: "{{ groups.gateways | map('extract', hostvars, 'pstn_wiring') }}"
"""

RETURN = r"""
_value:
  description: CSV as RFC 4180 describes it.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_csv import cabling_csv
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring


def _filter(value: Sequence[Mapping[str, Any]]) -> str:
    try:
        return cabling_csv([read_wiring(variable) for variable in value])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a wiring of gateways: {error}") from error


class FilterModule:
    """Filter cabling_csv."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cabling_csv": _filter}
