# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: dahdi_plan
short_description: What DAHDI has to do on a server
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Compares the planned cards and spans with the cards that are in the server.
positional: spans, info
options:
  _input:
    description: Cards of the plan, C(pstn_wiring.cards).
    type: list
    elements: dict
    required: true
  spans:
    description: Spans of the plan, C(dahdi_spans).
    type: list
    elements: dict
    required: true
  info:
    description: Answer of the module M(trunkline.callcenter.dahdi_card_info).
    type: dict
    required: true
  devices:
    description:
      - Slot of the plan and the card that is to be it, by its PCI address, its serial number,
        or V(@) and its location.
      - While a card that may have such a serial number or location has no driver, the cards without
        a slot are no problem, and C(drivers) has what it takes to know.
    type: dict
    default: {}
  ignored:
    description: Patterns of PCI addresses whose cards are not used.
    type: list
    elements: str
    default: []
  echo:
    description: Software echo canceller.
    type: str
    default: mg2
  opermode:
    description: Country whose electrical rules analog lines follow; empty for any.
    type: str
    default: ''
  assigned_spans:
    description:
      - Text of C(/etc/dahdi/assigned-spans.conf) as it is on the server, which remembers the cards.
    type: str
    default: ''
  system:
    description: The same of C(system.conf).
    type: str
    default: ''
  init:
    description: The same of C(init.conf).
    type: str
    default: ''
  headers:
    description: Whether the headers of the running kernel can still be installed.
    type: bool
    default: true
"""

EXAMPLES = r"""
---
- name: Cards are known
  trunkline.callcenter.dahdi_card_info:
  register: cards

- name: Cards are the planned ones
  ansible.builtin.assert:
    that: plan.problems | length == 0
    fail_msg: "{{ plan.problems | join(' ') }}"
  vars:
    plan: "{{ pstn_wiring.cards | trunkline.callcenter.dahdi_plan(dahdi_spans, cards) }}"
"""

RETURN = r"""
_value:
  description:
    - C(problems) and C(warnings), lists of sentences.
    - C(down), those of the warnings that name circuits without a working card.
    - C(configured), whether the role has once done its work on this server.
    - C(slots) with C(slot), C(model), C(device) and C(address), null while the card is gone.
    - C(spans), the settings of each span, none while there are problems.
    - C(drivers), kernel modules of the cards, also of those that may be the ones in O(devices).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_plan import (
    Choices,
    DahdiPlan,
    dahdi_plan,
)


def _filter(
    value: list[dict[str, Any]],
    spans: list[dict[str, Any]],
    info: dict[str, Any],
    **choices: Any,  # noqa: ANN401 options of the user, checked by the role
) -> DahdiPlan:
    ignored = tuple(choices.pop("ignored", ()))
    try:
        return dahdi_plan(value, spans, info, Choices(ignored=ignored, **choices))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnsibleFilterError(f"not a plan of cards and spans: {error!r}") from error


class FilterModule:
    """Filter dahdi_plan."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"dahdi_plan": _filter}
