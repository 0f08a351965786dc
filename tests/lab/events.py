# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an Asterisk of the lab reports while it happens, from its manager interface through ssh."""

from __future__ import annotations

import itertools
import queue
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

import yaml

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import (
    Message,
    parse_message,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import derive_password

from . import cluster


@dataclass(frozen=True)
class Report:
    """An event of one server."""

    moment: float
    """Seconds since the epoch at which it arrived."""
    server: str
    message: Message


class Events:
    """The events of one server, put into ``reports`` as they arrive. Use it with ``with``."""

    def __init__(self, server: str, reports: queue.Queue[Report]) -> None:
        self._server = server
        self._reports = reports
        self._answers: queue.Queue[Message] = queue.Queue()
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        # The interface listens on the server's own loopback address only: ssh is the way to it.
        self._ssh = subprocess.Popen(
            [*cluster.ssh_command(self._server), "-W", "127.0.0.1:5038"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        secrets = yaml.safe_load((cluster.INVENTORY / "group_vars/all/secrets.yml").read_text())
        password = derive_password(secrets["callcenter_secret"], f"manager/{self._server}")
        self.ask("Login", Username="trunkline", Secret=password)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ssh.terminate()
        self._reader.join()
        with self._ssh:
            pass  # Closes its pipes, now that nobody reads them.

    def ask(self, action: str, **headers: str) -> Message:
        """The response to an action. Raises queue.Empty without one in 10 s."""
        number = str(next(self._numbers))
        request = {"Action": action, "ActionID": number, **headers}
        text = "".join(f"{name}: {value}\r\n" for name, value in request.items())
        assert self._ssh.stdin is not None
        self._ssh.stdin.write(f"{text}\r\n".encode())
        self._ssh.stdin.flush()
        while True:
            answer = self._answers.get(timeout=10)
            if answer.get("ActionID") == number:
                return answer

    def replaces(self, call: str) -> str:
        """How a telephone names the dialog of one of its calls in a URI (RFC 3891).

        Raises LookupError if the server has no such call.
        """
        for line in cluster.asterisk(self._server, "core show channels concise").splitlines():
            channel = line.split("!")[0]
            identity, its_tag, telephones_tag = (
                self.ask("Getvar", Channel=channel, Variable=f"CHANNEL(pjsip,{name})").get("Value")
                for name in ("call-id", "local_tag", "remote_tag")
            )
            if identity == call:
                tags = f";to-tag={its_tag};from-tag={telephones_tag}"
                return f"Replaces={quote(call + tags, safe='')}"
        raise LookupError(f"{self._server} has no call {call}")

    def _read(self) -> None:
        assert self._ssh.stdout is not None
        lines: list[str] = []
        for raw in self._ssh.stdout:
            line = raw.decode(errors="replace").rstrip("\r\n")
            if line:
                lines.append(line)
                continue
            message = parse_message(lines)
            lines = []
            if "Response" in message:
                self._answers.put(message)
            else:
                self._reports.put(Report(time.time(), self._server, message))
