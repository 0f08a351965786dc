# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: stations
short_description: Channels of the plain telephones of a gateway
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - A telephone on an FXS port is a seat when its trunk group has extensions.
options:
  _input:
    description: The list C(dahdi_spans) of the inventory plugin.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Plain telephones
  ansible.builtin.debug:
    msg: "{{ dahdi_spans | trunkline.callcenter.stations }}"
"""

RETURN = r"""
_value:
  description: Extension and channel of each telephone.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import stations


def _filter(value: list[Any]) -> dict[str, str]:
    try:
        return stations(value)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter stations."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"stations": _filter}
