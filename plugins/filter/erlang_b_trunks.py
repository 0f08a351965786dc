# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: erlang_b_trunks
short_description: How many trunks a traffic needs
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Erlang B, where a call that finds all trunks busy is lost; one trunk carries one call.
  - ITU-T E.520 recommends a blocking of 0.01 in the mean busy hour.
positional: blocking
options:
  _input:
    description: Offered traffic in erlangs, calls per hour times seconds of a call divided by 3600.
    type: float
    required: true
  blocking:
    description: Share of calls that may be lost, between 0 and 1.
    type: float
    required: true
"""

EXAMPLES = r"""
---
- name: Channels for 1500 calls of 180 seconds in an hour
  ansible.builtin.debug:
    msg: "{{ (1500 * 180 / 3600) | trunkline.callcenter.erlang_b_trunks(0.01) }}"
"""

RETURN = r"""
_value:
  description: The smallest number of trunks that block no more.
  type: int
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.erlang import erlang_b_trunks


def _filter(value: float, blocking: float) -> int:
    try:
        return erlang_b_trunks(value, blocking)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter erlang_b_trunks."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"erlang_b_trunks": _filter}
