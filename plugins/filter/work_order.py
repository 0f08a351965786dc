# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: work_order
short_description: Which cables to move so that the wiring becomes what is planned
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Orders the steps so that a cable is only moved into a port that is free at that moment.
  - Where circuits change places in a circle, one is unplugged first and plugged last.
positional: lock
options:
  _input:
    description: The variables C(pstn_wiring) of all gateways.
    type: list
    elements: dict
    required: true
  lock:
    description: Text of the cabling lock, empty if there is none yet.
    type: str
    required: true
"""

EXAMPLES = r"""
---
- name: Work order
  ansible.builtin.debug:
    msg: "{{ wirings | trunkline.callcenter.work_order(lock) | map(attribute='sentence') }}"
"""

RETURN = r"""
_value:
  description: The steps in the order in which they are done; none if all cables are as planned.
  type: list
  elements: dict
  contains:
    action:
      description: V(plug), V(unplug) or V(move).
      type: str
    circuit:
      description: Name of the circuit.
      type: str
    source:
      description: Where it is, such as V(gw1/2/3) or V(gw1/sip); null if nowhere.
      type: str
    destination:
      description: Where it comes; null if nowhere.
      type: str
    sentence:
      description: The step in words, with its number.
      type: str
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    CablingLock,
    lock_of,
    read_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.work_order import (
    sentences,
    work_order,
)


def _filter(value: list[dict[str, Any]], lock: str) -> list[dict[str, str | None]]:
    try:
        wirings = [read_wiring(one) for one in value]
        groups = {circuit: group for one in wirings for _place, circuit, group in one.places()}
        old = read_lock(lock) if lock else CablingLock()
        steps = work_order(old, lock_of(wirings, {}), groups)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"no work order: {error}") from error
    return [
        {**asdict(step), "sentence": sentence}
        for step, sentence in zip(steps, sentences(steps), strict=True)
    ]


class FilterModule:
    """Filter work_order."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"work_order": _filter}
