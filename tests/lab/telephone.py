# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A telephone (baresip) that is operated over its control port.

Commands and events are netstrings of JSON, see the module ctrl_tcp of baresip.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Self

Event = dict[str, Any]
"""``type`` (for example CALL_ESTABLISHED), ``peeruri``, ``param`` and others."""


class Telephone:
    """One baresip. Use it with ``with``, or call close().

    Whatever it says is read as it comes: the time of an event is when it happened, not when
    somebody asked for it.
    """

    def __init__(self, address: str, port: int) -> None:
        self._socket = socket.create_connection((address, port), timeout=5)
        self._socket.settimeout(None)
        self._changed = threading.Condition()
        self._answers: list[Event] = []
        self._closed = False
        self.events: list[tuple[float, Event]] = []
        """Time (seconds since the epoch) and event, in the order of arrival."""
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up everything and forgets the connection."""
        with contextlib.suppress(OSError):
            self.command("hangupall", "all")
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def command(self, name: str, params: str = "") -> str:
        """Output of a command such as ``dial``. Raises TimeoutError without an answer in 5 s."""
        request = json.dumps({"command": name, "params": params, "token": name}).encode()
        with self._changed:
            self._answers.clear()
            self._socket.sendall(b"%d:%s," % (len(request), request))
            found = self._first(lambda: self._answers, lambda one: one.get("token") == name, 5)
        if found is None:
            raise TimeoutError(f"baresip did not answer the command {name}")
        return str(found.get("data", ""))

    def dial(self, number: str, gateway: str) -> None:
        """Calls ``number`` at ``gateway``."""
        self.command("dial", f"sip:{number}@{gateway}")

    def press(self, keys: str) -> None:
        """Presses keys during a call (RFC 4733 events)."""
        for key in keys:
            self.command("sndcode", key)
            time.sleep(0.3)
            self.command("sndcode", "\x04")

    def accept(self, call: str = "") -> None:
        """Answers the ringing call, or that one of several."""
        self.command("accept", call)

    def hangup(self, call: str = "") -> None:
        """Ends the call, or that one of several."""
        self.command("hangup", call)

    def transfer(self, call: str, target: str) -> None:
        """Sends a REFER within one of several calls.

        With ``Replaces`` in the target (see Events.replaces) the transfer is an announced one
        (RFC 5589, section 7).
        """
        self.command("callfind", call)
        self.command("transfer", f"<{target}>")

    def wait(self, kind: str, seconds: float = 10.0) -> Event:
        """The next event of that type since the last forget().

        Raises TimeoutError with the types seen.
        """
        with self._changed:
            found = self._first(
                lambda: [event for _moment, event in self.events],
                lambda event: event.get("type") == kind,
                seconds,
            )
            if found is not None:
                return found
            types = [event.get("type") for _moment, event in self.events]
        raise TimeoutError(f"no {kind} within {seconds} s, but {types}")

    def history(self, *kinds: str) -> list[tuple[float, Event]]:
        """Time and event of these types since the last forget()."""
        with self._changed:
            return [(at, event) for at, event in self.events if event.get("type") in kinds]

    def forget(self, last: Event | None = None) -> None:
        """Drops the events so far, or those up to the ``last`` one."""
        with self._changed:
            known = [event for _moment, event in self.events]
            del self.events[: None if last is None else known.index(last) + 1]

    def _first(
        self,
        messages: Callable[[], list[Event]],
        wanted: Callable[[Event], bool],
        seconds: float,
    ) -> Event | None:
        """The first wanted message, waited for; the lock is held. Raises ConnectionError."""
        deadline = time.monotonic() + seconds
        while True:
            for message in messages():
                if wanted(message):
                    return message
            if self._closed:
                raise ConnectionError("baresip closed its control port")
            left = deadline - time.monotonic()
            if left <= 0 or not self._changed.wait(left):
                # What came at the last moment counts.
                return next(filter(wanted, messages()), None)

    def _read(self) -> None:
        """Takes what baresip says until the connection ends."""
        buffer = b""
        while data := self._receive():
            buffer += data
            while (taken := _netstring(buffer)) is not None:
                text, buffer = taken
                message: Event = json.loads(text)
                with self._changed:
                    if message.get("event"):
                        self.events.append((time.time(), message))
                    elif message.get("response"):
                        self._answers.append(message)
                    self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _receive(self) -> bytes:
        """The next bytes; none when the connection has ended."""
        try:
            return self._socket.recv(65536)
        except OSError:
            return b""


def _netstring(buffer: bytes) -> tuple[bytes, bytes] | None:
    """The text of a netstring and what follows it, if it is complete."""
    length, colon, rest = buffer.partition(b":")
    if not colon or len(rest) <= int(length):
        return None
    return rest[: int(length)], rest[int(length) + 1 :]
