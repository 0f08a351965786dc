# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: recordings
short_description: Own recordings of the IVR on the controller
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Finds the recordings in a directory and says which of them the gateways cannot play.
options:
  _terms:
    description: The directory, C(gateway_recordings). Nothing is found in one without a name.
    required: true
"""

EXAMPLES = r"""
---
- name: Recordings are fit
  ansible.builtin.assert:
    that: recordings | rejectattr('problem', 'eq', '') | length == 0
  vars:
    recordings: "{{ query('trunkline.callcenter.recordings', gateway_recordings) }}"
"""

RETURN = r"""
_raw:
  description:
    - C(file) below the directory, its C(checksum) (SHA-1) and its C(problem), a sentence or empty.
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.prompts import read_recordings


class LookupModule(LookupBase):
    """Lookup recordings."""

    def run(
        self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: object
    ) -> list[Any]:
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return [file for term in terms if term for file in read_recordings(term)]
        except OSError as error:
            raise AnsibleLookupError(f"recordings: {error}") from error
