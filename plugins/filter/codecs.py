# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: codecs
short_description: The codec in which lines and phones speak without translation
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - T1, J1 and analog lines speak mu-law, E1 lines A-law (ITU-T G.711).
options:
  _input:
    description: The lists C(dahdi_spans) of the inventory plugin, those of all gateways in one.
    type: list
    required: true
    elements: dict
"""

EXAMPLES = r"""
---
- name: Codec of a gateway's lines
  ansible.builtin.debug:
    msg: "{{ dahdi_spans | trunkline.callcenter.codecs }}"
"""

RETURN = r"""
_value:
  description: V(alaw) or V(ulaw), as a list of one.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.companding import codecs


def _filter(value: list[Any]) -> list[str]:
    try:
        return codecs(value)
    except (KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter codecs."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"codecs": _filter}
