# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: extensions
short_description: Extensions that a range names
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Spells out ranges of extensions as C(central_accounts) has them.
options:
  _input:
    description: Extensions and ranges with commas between them; C(!) leaves one or a range out.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Extensions of the first row of seats
  ansible.builtin.debug:
    msg: "{{ '1001-1020,!1013' | trunkline.callcenter.extensions }}"
"""

RETURN = r"""
_value:
  description: The extensions, in the order given.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import expand_extensions


def _filter(value: str) -> list[str]:
    try:
        return expand_extensions(value)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter extensions."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"extensions": _filter}
