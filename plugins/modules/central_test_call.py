# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: central_test_call
short_description: A call through a central server, whether it is the active one or not
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Runs on the central server. Calls its Asterisk at its own address and waits in the queue
    C(trunkline-test), whose only agent it is as well. No phone rings and no line is used.
  - Checks that the caller hears music while waiting, that both hear each other, that the audio
    takes the direct way and that both legs end.
options:
  address:
    description: The server's own address.
    type: str
    required: true
  codecs:
    description: Codecs that both parties know. Those of the phones and gateways as they are now.
    type: list
    elements: str
    required: true
  calls:
    description: How many calls, one after the other.
    type: int
    default: 1
attributes:
  check_mode:
    description: Places no call.
    support: full
  diff_mode:
    description: The module changes nothing.
    support: none
"""

EXAMPLES = r"""
- name: Calls go through the server
  trunkline.callcenter.central_test_call:
    address: 192.0.2.21
    codecs: [alaw]
  register: test_call
  failed_when: test_call.problems | length > 0
"""

RETURN = r"""
problems:
  description: What went wrong, in sentences; empty when all is well.
  type: list
  elements: str
  returned: success
calls:
  description: What was seen and heard of each call.
  type: list
  elements: dict
  returned: success
"""

import dataclasses
import secrets
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.asterisk_state import (
    TEST_QUEUE,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.call_parties import (
    HEARD_PACKETS,
    Agent,
    Caller,
    Observations,
    Party,
    problems,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.rtp_packets import (
    Sender,
    frame,
    payload,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.sip_messages import (
    CODECS,
    parse,
)

SERVER_PORT = 5070
AGENT_PORT = 5071
"""As the role central writes it into pjsip.conf."""
SECONDS = 10.0
"""How long each part of a call may take."""
MUSIC_SECONDS = 1.5
TALK_SECONDS = 1.5
PACKET_SECONDS = 0.02


class Line:
    """A party with its sockets."""

    def __init__(self, party: Party, sip: socket.socket, rtp: socket.socket) -> None:
        """Not connected yet."""
        self.party, self.sip, self.rtp = party, sip, rtp
        self.heard: list[bytes] = []
        self._sender: Sender | None = None

    def speak(self) -> None:
        """The next 20 ms."""
        if self.party.audio_to is None or self.party.ended:
            return
        if self._sender is None:
            ssrc = secrets.randbits(32)
            self._sender = Sender(self.party.user, self.party.codec, ssrc)
        try:
            self.rtp.sendto(self._sender.packet(), self.party.audio_to)
        except OSError:
            # Nobody listens there: what the other one hears tells.
            return


class Call:
    """One call."""

    def __init__(self, address: str, codecs: list[str], stack: ExitStack) -> None:
        """Opens the sockets."""
        self._server = (address, SERVER_PORT)
        self._selector = stack.enter_context(selectors.DefaultSelector())
        sockets = [
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            for _one in range(4)
        ]
        for one, port in zip(sockets, (0, 0, AGENT_PORT, 0), strict=True):
            one.bind((address, port))
            one.setblocking(False)
        names = [one.getsockname() for one in sockets]
        self.caller = Caller("test-caller", names[0], names[1], codecs)
        self.agent = Agent("test-agent", names[2], names[3], codecs)
        self.lines = (
            Line(self.caller, sockets[0], sockets[1]),
            Line(self.agent, sockets[2], sockets[3]),
        )
        for line in self.lines:
            self._selector.register(line.sip, selectors.EVENT_READ, (line, True))
            self._selector.register(line.rtp, selectors.EVENT_READ, (line, False))
        self._next_packet = time.monotonic()

    def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Works until it is done, but not longer; whether it is."""
        deadline = time.monotonic() + seconds
        self._send()
        while not done():
            now = time.monotonic()
            if now >= deadline:
                return False
            if now >= self._next_packet:
                self._next_packet = max(self._next_packet + PACKET_SECONDS, now - PACKET_SECONDS)
                for line in self.lines:
                    line.speak()
            for key, _events in self._selector.select(max(0.0, self._next_packet - now)):
                line, is_sip = key.data
                self._receive(line, is_sip=is_sip)
            self._send()
        return True

    def _receive(self, line: Line, *, is_sip: bool) -> None:
        try:
            data = (line.sip if is_sip else line.rtp).recv(65536)
        except OSError:
            return
        if not is_sip:
            line.heard.append(payload(data))
            return
        try:
            message = parse(data)
        except ValueError:
            return
        line.party.receive(message)

    def _send(self) -> None:
        for line in self.lines:
            while line.party.outgoing:
                line.sip.sendto(line.party.outgoing.pop(0), self._server)

    def heard(self, listener: int, since: int = 0) -> int:
        """Packets of the other party that one of the two got."""
        speaker = self.lines[1 - listener].party
        if not speaker.codec:
            return 0
        return self.lines[listener].heard[since:].count(frame(speaker.user, speaker.codec))


def place(call: Call, address: str, ask: Callable[[str], str]) -> Observations:
    """Places a call and says what was seen and heard; ``ask`` runs a command of Asterisk's CLI."""
    began = time.monotonic()
    seen = Observations()
    caller, agent = call.caller, call.agent
    caller.call(f"sip:test-call@{address}:{SERVER_PORT}")
    call.until(lambda: caller.answered or bool(caller.refusal), SECONDS)
    if caller.answered and not caller.refusal:
        # The music first: the agent is in no hurry.
        call.until(lambda: False, MUSIC_SECONDS)
        seen.music_packets = len(call.lines[0].heard)
        seen.music_frames = len(set(call.lines[0].heard))
        call.until(lambda: agent.rings, SECONDS)
        seen.rang = agent.rings
        if not seen.rang:
            seen.queue = " ".join(ask(f"queue show {TEST_QUEUE}").split())
        seen.agent_answered = agent.rings and agent.pick_up()
    if seen.agent_answered:
        call.until(
            lambda: caller.audio_to == agent.rtp and agent.audio_to == caller.rtp, SECONDS / 3
        )
        seen.direct = caller.audio_to == agent.rtp and agent.audio_to == caller.rtp
        call.until(lambda: min(call.heard(0), call.heard(1)) > 2 * HEARD_PACKETS, TALK_SECONDS)
        seen.caller_heard, seen.agent_heard = call.heard(0), call.heard(1)
    caller.hang_up()
    call.until(lambda: caller.ended and (agent.ended or not agent.answered), SECONDS / 3)
    seen.answered, seen.refusal = caller.answered, caller.refusal
    seen.agent_ended = agent.ended or not agent.answered
    seen.seconds = round(time.monotonic() - began, 2)
    return seen


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "address": {"type": "str", "required": True},
            "codecs": {"type": "list", "elements": "str", "required": True},
            "calls": {"type": "int", "default": 1},
        },
        supports_check_mode=True,
    )
    codecs = [name for name in module.params["codecs"] if name in CODECS]
    if not codecs:
        module.fail_json(
            msg=f"codecs: {', '.join(module.params['codecs']) or 'none'}: a test call knows "
            f"{', '.join(CODECS)} only."
        )

    def ask(command: str) -> str:
        _rc, out, err = module.run_command(["asterisk", "-rx", command])
        return str(out or err)

    calls: list[Observations] = []
    for _call in range(0 if module.check_mode else module.params["calls"]):
        try:
            with ExitStack() as stack:
                call = Call(module.params["address"], codecs, stack)
                calls.append(place(call, module.params["address"], ask))
        except OSError as error:
            module.fail_json(
                msg=f"no test call can be placed from {module.params['address']}: {error}"
            )
    found = [problem for seen in calls for problem in problems(seen, codecs)]
    module.exit_json(
        changed=False,
        problems=list(dict.fromkeys(found)),
        calls=[dataclasses.asdict(seen) for seen in calls],
    )


if __name__ == "__main__":
    main()
