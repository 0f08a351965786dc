# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: prompt_packages
short_description: Packages with the prompts of all languages that callers may choose
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Reads C(asterisk_language), C(gateway_menus) and C(gateway_numbers) of hosts.
  - What is wrong with these is the business of the filter C(ivr_problems).
positional: hostvars
options:
  _input:
    description: Names of the hosts.
    type: list
    required: true
    elements: str
  hostvars:
    description: The variables of all hosts.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Central servers speak the languages of the gateways
  ansible.builtin.apt:
    name: "{{ groups.gateways | trunkline.callcenter.prompt_packages(hostvars) }}"
"""

RETURN = r"""
_value:
  description: Names of Debian's packages.
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.prompts import (
    chosen_languages,
    prompt_packages,
)

_VARIABLES = ("asterisk_language", "gateway_menus", "gateway_numbers")


def _filter(value: list[str], hostvars: Mapping[str, Any]) -> list[str]:
    try:
        return prompt_packages(
            language
            for name in value
            for variable in _VARIABLES
            for language in chosen_languages(variable, hostvars[name].get(variable))
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"prompt_packages: {error}") from error


class FilterModule:
    """Filter prompt_packages."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"prompt_packages": _filter}
