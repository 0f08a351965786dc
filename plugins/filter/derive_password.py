# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: derive_password
short_description: A password derived from the secret of the call center
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - The same secret and purpose give the same password, so that only the secret is stored.
  - HMAC-SHA256 (RFC 2104) of the purpose, keyed by the secret, in base32.
positional: purpose
options:
  _input:
    description: The secret, C(callcenter_secret).
    type: str
    required: true
  purpose:
    description: What the password is for.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: The password of a database user
  ansible.builtin.set_fact:
    example: "{{ callcenter_secret | trunkline.callcenter.derive_password('database/asterisk') }}"
"""

RETURN = r"""
_value:
  description: 26 letters and digits.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import derive_password


def _filter(value: str, purpose: str) -> str:
    try:
        return derive_password(value, purpose)
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter derive_password."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"derive_password": _filter}
