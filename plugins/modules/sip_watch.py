# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sip_watch
short_description: How long a SIP address did not answer
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Asks with OPTIONS again and again, and notes which questions nobody answered and when the
    address moved to another host.
  - Runs on a host whose questions the address answers, such as a gateway.
options:
  address:
    description: IPv4 address.
    type: str
    required: true
  port:
    description: UDP port.
    type: int
    default: 5060
  seconds:
    description: How long to ask at most.
    type: float
    required: true
  calm_seconds:
    description: Ends earlier when it has answered for so long after an outage.
    type: float
    default: 10
  interval:
    description: Seconds between two questions.
    type: float
    default: 0.1
attributes:
  check_mode:
    description: The module only asks.
    support: full
  diff_mode:
    description: The module changes nothing.
    support: none
"""

EXAMPLES = r"""
- name: Gaps of a minute are known
  trunkline.callcenter.sip_watch:
    address: 192.0.2.20
    seconds: 60
  register: watch
"""

RETURN = r"""
questions:
  description: How many were asked.
  type: int
  returned: success
unanswered:
  description: How many nobody answered.
  type: int
  returned: success
outages:
  description:
    - Unanswered questions in a row, each with C(began) and C(ended), seconds since the first
      question of all. C(ended) is null when nobody answered any more.
  type: list
  elements: dict
  returned: success
moves:
  description: When the address moved to another host, seconds since the first question.
  type: list
  elements: float
  returned: success
"""

import contextlib
import dataclasses
import secrets
import select
import socket
import time
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.outages import (
    Question,
    changes,
    hardware_address,
    outages,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.sip_messages import (
    options,
    parse,
)

PATIENCE = 0.5
"""A later answer is none."""
NEIGHBOURS = Path("/proc/net/arp")


class Watch:
    """Questions and what came of them."""

    def __init__(self, address: str, port: int) -> None:
        """Opens a socket; raises OSError when there is no way to the address."""
        self._target = (address, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(self._target)
        self._began = time.monotonic()
        self._asked: dict[str, float] = {}
        self._answered: set[str] = set()
        self._places: list[tuple[float, str]] = []

    def now(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def ask(self) -> None:
        """One more question."""
        call = secrets.token_hex(8)
        self._asked[call] = self.now()
        text = options(self._target, self._socket.getsockname(), call)
        # An error says that nobody listens there: the question stays unanswered.
        with contextlib.suppress(OSError):
            self._socket.send(text)
        table = NEIGHBOURS.read_text(encoding="ascii")
        self._places.append((self.now(), hardware_address(table, self._target[0])))

    def listen(self, seconds: float) -> None:
        """Takes the answers of the next seconds."""
        deadline = self.now() + seconds
        while (left := deadline - self.now()) > 0:
            ready, _write, _error = select.select([self._socket], [], [], left)
            if not ready:
                return
            try:
                call = parse(self._socket.recv(65536)).first("call-id")
            except (OSError, ValueError):
                # "Port unreachable" of an earlier question.
                continue
            if self.now() - self._asked.get(call, -PATIENCE) < PATIENCE:
                self._answered.add(call)

    def questions(self) -> list[Question]:
        """Those whose answer is not waited for any more."""
        return [
            Question(round(asked, 2), call in self._answered)
            for call, asked in self._asked.items()
            if call in self._answered or self.now() - asked >= PATIENCE
        ]

    def moves(self) -> list[float]:
        """When the address moved."""
        return [round(moment, 2) for moment, _place in changes(self._places)]


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 5060},
            "seconds": {"type": "float", "required": True},
            "calm_seconds": {"type": "float", "default": 10.0},
            "interval": {"type": "float", "default": 0.1},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    try:
        watch = Watch(wanted["address"], wanted["port"])
    except OSError as error:
        module.fail_json(msg=f"there is no way to {wanted['address']}: {error}")
    while watch.now() < wanted["seconds"]:
        watch.ask()
        watch.listen(wanted["interval"])
        ended = [outage.ended for outage in outages(watch.questions())]
        if ended and ended[-1] is not None and watch.now() - ended[-1] > wanted["calm_seconds"]:
            break
    watch.listen(PATIENCE)
    questions = watch.questions()
    module.exit_json(
        changed=False,
        questions=len(questions),
        unanswered=sum(not question.answered for question in questions),
        outages=[dataclasses.asdict(outage) for outage in outages(questions)],
        moves=watch.moves(),
    )


if __name__ == "__main__":
    main()
