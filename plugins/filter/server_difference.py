# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: server_difference
short_description: In what two central servers differ, as lines
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Shows what only one of them has, other versions of packages, and the lines of files that differ.
  - Passwords are not shown.
positional: texts
options:
  _input:
    description: Name of each server and its files and packages, each with what tells it apart.
    type: dict
    required: true
  texts:
    description: Name of each of the two servers and the texts of the files that differ.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Difference
  ansible.builtin.debug:
    msg: "{{ files | trunkline.callcenter.server_difference(texts) }}"
"""

RETURN = r"""
_value:
  description: Lines; empty when there is no difference.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.server_comparison import (
    difference,
)


def _filter(
    value: Mapping[str, Mapping[str, str]], texts: Mapping[str, Mapping[str, str]]
) -> list[str]:
    try:
        one, other = value
        return difference(
            (one, other),
            (value[one], value[other]),
            (texts.get(one, {}), texts.get(other, {})),
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"a configuration is not understood: {error!r}") from error


class FilterModule:
    """Filter server_difference."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"server_difference": _filter}
