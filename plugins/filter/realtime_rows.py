# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: realtime_rows
short_description: Rows of a table of Asterisk's realtime database
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Turns the accounts and queues of an inventory into the rows that Asterisk reads.
positional: table
options:
  _input:
    description: The list C(central_accounts).
    type: list
    elements: dict
    required: true
  table:
    description: Name of the table.
    type: str
    choices:
      - ps_endpoints
      - ps_auths
      - ps_aors
      - stations
      - agents
      - agent_queues
      - agent_pins
      - voicemail_users
    required: true
  codecs:
    description: Codecs of the phones, needed by C(ps_endpoints).
    type: list
    elements: str
    default: []
  secret:
    description:
      - The secret of the call center, needed by C(ps_auths), C(agent_pins) and C(voicemail_users).
    type: str
    default: ""
  realm:
    description: Realm of the digest authentication, needed by C(ps_auths).
    type: str
    default: asterisk
  registration_seconds:
    description: How long a registration lasts, needed by C(ps_aors).
    type: int
    default: 300
  gateways:
    description:
      - The list C(central_gateways), for C(ps_aors) and C(stations); their plain telephones are
        reached without registration.
    type: list
    elements: dict
    default: []
  queues:
    description: The mapping C(central_queues), needed by the tables of agents.
    type: dict
    default: {}
  mailboxes:
    description:
      - The mapping C(central_mailboxes), needed by C(voicemail_users), C(ps_endpoints) and
        C(ps_aors).
    type: dict
    default: {}
"""

EXAMPLES = r"""
---
- name: Members of the queues
  ansible.builtin.debug:
    msg: "{{ seats | trunkline.callcenter.realtime_rows('agent_queues', queues={'sales': {}}) }}"
  vars:
    seats: [{extensions: 1001-1200, queues: [sales]}]
"""

RETURN = r"""
_value:
  description: A dictionary of column and value for each row.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.trunkline.callcenter.plugins.plugin_utils import realtime
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    Account,
    expand_accounts,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.trunks import station_addresses

_MAKERS: dict[str, Callable[..., list[realtime.Row]]] = {
    "ps_endpoints": realtime.endpoint_rows,
    "ps_auths": realtime.auth_rows,
    "ps_aors": realtime.aor_rows,
    "stations": realtime.station_rows,
    "agents": realtime.agent_rows,
    "agent_queues": realtime.agent_queue_rows,
    "agent_pins": realtime.pin_rows,
    "voicemail_users": realtime.mailbox_rows,
}


def _rows(accounts: list[Account], table: str, options: dict[str, Any]) -> list[realtime.Row]:
    if table not in _MAKERS:
        raise ValueError(f"realtime_rows: there is no table '{table}'.")
    if table in {"ps_aors", "stations"}:
        options["stations"] = station_addresses(options.pop("gateways", []))
    return _MAKERS[table](accounts, **options)


def _filter(value: list[Any], table: str, **options: object) -> list[realtime.Row]:
    try:
        return _rows(expand_accounts(value), table, dict(options))
    except (TypeError, ValueError) as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filter realtime_rows."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"realtime_rows": _filter}
