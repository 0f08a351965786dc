# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: differing_files
short_description: Configuration files in which two central servers differ
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares what M(trunkline.callcenter.central_info) returned as C(configuration).
positional: other
options:
  _input:
    description: Files and packages of one server, each with what tells it apart.
    type: dict
    required: true
  other:
    description: Those of the other server.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Differences are known
  ansible.builtin.debug:
    msg: "{{ files_one | trunkline.callcenter.differing_files(files_two) }}"
"""

RETURN = r"""
_value:
  description: Names of files and packages.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.server_comparison import (
    differing,
)


def _filter(value: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    try:
        return differing(value, other)
    except (AttributeError, TypeError) as error:
        raise AnsibleFilterError(f"a configuration is not understood: {error!r}") from error


class FilterModule:
    """Filter differing_files."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"differing_files": _filter}
