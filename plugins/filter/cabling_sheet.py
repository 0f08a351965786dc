# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cabling_sheet
short_description: The page that a technician prints and carries to the rack
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Draws every gateway with its cards, their ports and the circuit in each port.
  - Says what is lost with each gateway, and where each circuit ends.
  - The page needs nothing else, prints on A4 and Letter, and is the same for the same input.
positional: title
options:
  _input:
    description: The variable C(pstn_wiring) of every gateway, in any order.
    type: list
    elements: dict
    required: true
  title:
    description: Title of the page.
    type: str
    default: Cabling sheet
seealso:
  - plugin: trunkline.callcenter.cabling_csv
    plugin_type: filter
"""

EXAMPLES = r"""
---
- name: Cabling sheet
  ansible.builtin.copy:
    content: "{{ wirings | trunkline.callcenter.cabling_sheet('Cabling of the call center') }}"
    dest: cabling.html
    mode: "0644"
  delegate_to: localhost
  run_once: true
  vars:
    wirings: "{{ groups.gateways | map('extract', hostvars, 'pstn_wiring') }}"
"""

RETURN = r"""
_value:
  description: HTML.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_sheet import (
    TITLE,
    cabling_sheet,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring


def _filter(value: Sequence[Mapping[str, Any]], title: str = TITLE) -> str:
    try:
        return cabling_sheet([read_wiring(variable) for variable in value], title)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a wiring of gateways: {error}") from error


class FilterModule:
    """Filter cabling_sheet."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"cabling_sheet": _filter}
