# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: deaf_gateways
short_description: Which gateways have lost the active central server
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares what gateways say of their trunk since a switch with what they said before it.
options:
  _input:
    description:
      - Looks at all gateways, the first one from before the switch. Each has the C(endpoints) of
        M(trunkline.callcenter.asterisk_status) by the name of the gateway.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Every gateway reaches the active server
  ansible.builtin.assert:
    that: looks | trunkline.callcenter.deaf_gateways | length == 0
"""

RETURN = r"""
_value:
  description: A sentence that names them; empty when there is none.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.watch import deaf_gateways


def _filter(value: Sequence[Mapping[str, Sequence[Mapping[str, str]]]]) -> list[str]:
    try:
        return deaf_gateways(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"an answer is not understood: {error!r}") from error


class FilterModule:
    """Filter deaf_gateways."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"deaf_gateways": _filter}
