# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: queues
short_description: The queues of an inventory as the configuration of a central server has them
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Completes the options of the queues and turns them into settings of app_queue.
options:
  _input:
    description: The mapping C(central_queues), which has no problems.
    type: dict
    required: true
"""

EXAMPLES = r"""
---
- name: Queues are shown
  ansible.builtin.debug:
    msg: "{{ central_queues | trunkline.callcenter.queues }}"
"""

RETURN = r"""
_value:
  description:
    - A dictionary for each queue with its C(name), all of its options, C(settings) for queues.conf
      and C(penalty_changes) for queuerules.conf.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.queue_options import (
    read_queues,
    values,
)


def _filter(value: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return values(read_queues(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"queues: {error}") from error


class FilterModule:
    """Filter queues."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"queues": _filter}
