# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server that takes one e-mail (RFC 5321)."""

from __future__ import annotations

from . import cluster

PORT = 2525
"""As the inventory of the lab has it."""

_PROGRAM = """
import socket, sys
with socket.create_server(("", int(sys.argv[1]))) as server:
    server.settimeout(float(sys.argv[2]))
    connection = server.accept()[0]
stream = connection.makefile("rw", encoding="utf-8", newline="")

def say(line):
    stream.write(line + "\\r\\n")
    stream.flush()

say("220 lab")
inside = False
for line in stream:
    if inside and line == ".\\r\\n":
        inside = False
        say("250 kept")
    elif inside:
        print(line.rstrip())
    elif line.startswith("DATA"):
        inside = True
        say("354 go on")
    elif line.startswith("QUIT"):
        say("221 bye")
        break
    else:
        say("250 lab")
"""


def next_mail(server: str, seconds: float) -> str:
    """The next e-mail that arrives at a host of the lab within that time."""
    text: str = cluster.host(server).check_output(
        "python3 -c %s %s %s", _PROGRAM, str(PORT), str(seconds)
    )
    return text
