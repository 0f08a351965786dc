# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One SIP request of a host of the lab, sent by hand (RFC 3261)."""

from __future__ import annotations

import uuid

from . import cluster

_PROGRAM = """
import socket, sys
target, port, request = sys.argv[1], int(sys.argv[2]), sys.argv[3]
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(2)
sock.connect((target, port))
here = "%s:%d" % sock.getsockname()
sock.send(request.replace("HERE", here).encode())
line = "SIP/2.0 1"
try:
    while line.startswith("SIP/2.0 1"):
        line = sock.recv(2000).split(b"\\r\\n")[0].decode()
except TimeoutError:
    line = "silence"
print(line)
"""


def final_answer(
    source: str, to: tuple[str, int], method: str, user: str = "5550100", body: str = ""
) -> str:
    """The status line that ends a request of ``source`` to host and port ``to``, or silence.

    Silence is two seconds without an answer; provisional answers (1xx) do not count.
    """
    target, port = to
    address = cluster.address(target)
    call = uuid.uuid4().hex
    lines = [
        f"{method} sip:{user}@{address} SIP/2.0",
        f"Via: SIP/2.0/UDP HERE;branch=z9hG4bK{call};rport",
        "Max-Forwards: 70",
        f"From: <sip:1001@{address}>;tag={call}",
        f"To: <sip:{user}@{address}>",
        "Contact: <sip:1001@HERE>",
        f"Call-ID: {call}",
        f"CSeq: 1 {method}",
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    answer: str = cluster.host(source).check_output(
        "python3 -c %s %s %s %s", _PROGRAM, address, str(port), "\r\n".join(lines)
    )
    return answer
