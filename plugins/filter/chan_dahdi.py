# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: chan_dahdi
short_description: What Asterisk has to know about circuits with cables
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Turns the spans of a gateway into the contents of C(chan_dahdi.conf).
positional: numbers
options:
  _input:
    description: The list C(dahdi_spans) of the inventory plugin.
    type: list
    elements: dict
    required: true
  numbers:
    description: Telephone numbers of the trunk groups, the mapping C(pstn_numbers).
    type: dict
    required: true
  polarity:
    description:
      - Whether the exchange reverses the polarity of analog lines when the called party answers and
        when the other end hangs up.
    type: bool
    default: false
  pri:
    description: Options of PRIs, by their names in C(chan_dahdi.conf).
    type: dict
    default: {}
  mfcr2:
    description: Options of MFC/R2 lines, without C(mfcr2_) in front.
    type: dict
    default: {}
"""

EXAMPLES = r"""
---
- name: Circuits with cables
  ansible.builtin.debug:
    msg: "{{ dahdi_spans | trunkline.callcenter.chan_dahdi(pstn_numbers) }}"
"""

RETURN = r"""
_value:
  description:
    - C(trunkgroups), pairs of name and value, and C(sections), each with C(circuit), C(options)
      (pairs of name and value) and C(channels).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_channels import (
    ChanDahdi,
    Exchange,
    chan_dahdi,
)


def _filter(
    value: list[Any],
    numbers: dict[str, Any],
    **exchange: Any,  # noqa: ANN401 options of the user, checked by the role
) -> ChanDahdi:
    try:
        return chan_dahdi(value, numbers, Exchange(**exchange))
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(
            f"chan_dahdi: no spans of the inventory plugin: {error}"
        ) from error


class FilterModule:
    """Filter chan_dahdi."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"chan_dahdi": _filter}
