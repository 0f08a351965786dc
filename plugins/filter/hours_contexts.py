# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hours_contexts
short_description: Opening hours of an inventory as subroutines of the dialplan
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Writes a context C(hours-NAME) for each of the hours. Its extension C(s) returns C(open) or
    C(closed).
positional: zone
options:
  _input:
    description: The mapping C(gateway_hours), which has no problems.
    type: dict
    required: true
  zone:
    description: Time zone of the hours; that of the server if it is empty.
    type: str
    default: ""
"""

EXAMPLES = r"""
---
- name: Opening hours are shown
  ansible.builtin.debug:
    msg: "{{ {'office': {'mon-fri': '8:00-18:00'}} | trunkline.callcenter.hours_contexts }}"
"""

RETURN = r"""
_value:
  description: Lines of extensions.conf.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.hours_dialplan import (
    hours_contexts,
)


def _filter(value: dict[str, Any], zone: str = "") -> str:
    try:
        return hours_contexts(value, zone)
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"hours_contexts: {error}") from error


class FilterModule:
    """Filter hours_contexts."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"hours_contexts": _filter}
