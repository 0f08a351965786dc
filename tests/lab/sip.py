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


_WATCH_PROGRAM = """
import hashlib, re, socket, sys, time, uuid
target, user, password, method, called, headers, wanted, seconds = sys.argv[1:]
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((target, 5060))
here = "%s:%d" % sock.getsockname()
call = uuid.uuid4().hex
uri = "sip:%s@%s" % (called, target) if method == "SUBSCRIBE" else "sip:" + target
sequence, expires = 0, 60

def digest(text):
    return hashlib.md5(text.encode()).hexdigest()

def request(*more):
    global sequence
    sequence += 1
    sock.send("\\r\\n".join([
        "%s %s SIP/2.0" % (method, uri),
        "Via: SIP/2.0/UDP %s;branch=z9hG4bK%s;rport" % (here, uuid.uuid4().hex),
        "Max-Forwards: 70",
        "From: <sip:%s@%s>;tag=%s" % (user, target, call),
        "To: <sip:%s@%s>" % (called, target),
        "Contact: <sip:%s@%s>" % (user, here),
        "Call-ID: %s" % call,
        "CSeq: %d %s" % (sequence, method),
        "Expires: %d" % expires,
        *headers.splitlines(),
        *more,
        "Content-Length: 0", "", ""]).encode())

request()
deadline = time.monotonic() + float(seconds)
while True:
    if time.monotonic() >= deadline:
        if method == "SUBSCRIBE" or not expires:
            break
        # A phone that is switched off says so.
        deadline, expires = time.monotonic() + 1, 0
        request()
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        text = sock.recv(65536).decode()
    except TimeoutError:
        continue
    head, _, body = text.partition("\\r\\n\\r\\n")
    if head.startswith("SIP/2.0 401"):
        realm, nonce = (re.search('%s="([^"]+)"' % name, head)[1] for name in ("realm", "nonce"))
        proof = digest("%s:%s:00000001:c:auth:%s" % (
            digest("%s:%s:%s" % (user, realm, password)), nonce, digest(method + ":" + uri)))
        request('Authorization: Digest username="%s", realm="%s", nonce="%s", uri="%s", '
                'response="%s", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"' % (
                    user, realm, nonce, uri, proof))
    elif head.startswith("NOTIFY"):
        kept = [line for line in head.split("\\r\\n")
                if line.lower().startswith(("via:", "from:", "to:", "call-id:", "cseq:"))]
        sock.send("\\r\\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode())
        print(re.search(wanted, body)[1], flush=True)
    elif not head.startswith("SIP/2.0 2"):
        sys.exit(head.split("\\r\\n")[0])
"""


def _watch(source: str, user: str, password: str, *words: str) -> list[str]:
    output: str = cluster.host(source).check_output(
        "python3 -c %s" + " %s" * (3 + len(words)),
        *(_WATCH_PROGRAM, cluster.address("vip"), user, password, *words),
    )
    return output.split()


def watch_lamp(source: str, user: str, password: str, number: str, seconds: float) -> list[str]:
    """States of a lamp key for ``number`` (RFC 4235: ``confirmed`` is lit), as they are told."""
    headers = "Event: dialog\nAccept: application/dialog-info+xml"
    wanted = r"<state>(\w+)</state>"
    return _watch(source, user, password, "SUBSCRIBE", number, headers, wanted, str(seconds))


def watch_messages(source: str, user: str, password: str, seconds: float) -> list[str]:
    """What a phone that is switched on for that long is told of new messages (RFC 3842)."""
    wanted = r"Messages-Waiting: (\w+)"
    return _watch(source, user, password, "REGISTER", user, "", wanted, str(seconds))
