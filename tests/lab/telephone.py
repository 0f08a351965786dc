# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A telephone (baresip) that is operated over its control port.

Commands and events are netstrings of JSON, see the module ctrl_tcp of baresip.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any, Self

Event = dict[str, Any]
"""``type`` (for example CALL_ESTABLISHED), ``peeruri``, ``param`` and others."""


class Telephone:
    """One baresip. Use it with ``with``, or call close()."""

    def __init__(self, address: str, port: int) -> None:
        self._socket = socket.create_connection((address, port), timeout=5)
        self._buffer = b""
        self.events: list[tuple[float, Event]] = []
        """Time (seconds since the epoch) and event, in the order of arrival."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up everything and forgets the connection."""
        with contextlib.suppress(OSError, TimeoutError):
            self.command("hangupall", "all")
        self._socket.close()

    def command(self, name: str, params: str = "") -> str:
        """Output of a command such as ``dial``. Raises TimeoutError without an answer in 5 s."""
        request = json.dumps({"command": name, "params": params, "token": name}).encode()
        self._socket.sendall(b"%d:%s," % (len(request), request))
        deadline = time.monotonic() + 5
        while (message := self._receive(deadline)) is not None:
            if message.get("response") and message.get("token") == name:
                return str(message.get("data", ""))
        raise TimeoutError(f"baresip did not answer the command {name}")

    def dial(self, number: str, gateway: str) -> None:
        """Calls ``number`` at ``gateway``."""
        self.command("dial", f"sip:{number}@{gateway}")

    def press(self, keys: str) -> None:
        """Presses keys during a call (RFC 4733 events)."""
        for key in keys:
            self.command("sndcode", key)
            time.sleep(0.3)
            self.command("sndcode", "\x04")

    def accept(self) -> None:
        """Answers the ringing call."""
        self.command("accept")

    def hangup(self) -> None:
        """Ends the call."""
        self.command("hangup")

    def wait(self, kind: str, seconds: float = 10.0) -> Event:
        """The next event of that type since the last forget().

        Raises TimeoutError with the types seen.
        """
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            for _moment, event in self.events[seen:]:
                seen += 1
                if event.get("type") == kind:
                    return event
            if self._receive(deadline) is None:
                types = [event.get("type") for _moment, event in self.events]
                raise TimeoutError(f"no {kind} within {seconds} s, but {types}")

    def forget(self) -> None:
        """Drops the events so far."""
        deadline = time.monotonic()
        while self._receive(deadline) is not None:
            pass
        self.events.clear()

    def _receive(self, deadline: float) -> Event | None:
        """The next message, kept if it is an event; None when the deadline passes."""
        while (message := self._take()) is None:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                return None
            if not data:
                raise ConnectionError("baresip closed its control port")
            self._buffer += data
        if message.get("event"):
            self.events.append((time.time(), message))
        return message

    def _take(self) -> Event | None:
        length, colon, rest = self._buffer.partition(b":")
        if not colon or len(rest) <= int(length):
            return None
        text, self._buffer = rest[: int(length)], rest[int(length) + 1 :]
        message: Event = json.loads(text)
        return message
