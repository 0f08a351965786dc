# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the Asterisk Manager Interface on the same host.

Protocol: https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/
"""

from __future__ import annotations

import configparser
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

Message = dict[str, str]
"""Header -> value; of repeated headers the last one."""

CONFIGURATION = "/etc/asterisk/manager.conf"


class AmiError(Exception):
    """Asterisk does not answer or refuses; the text says which."""


class RefusedError(AmiError):
    """Asterisk answers, but does not do it: a channel may have ended meanwhile."""


def read_credentials(text: str) -> tuple[int, str, str]:
    """(port, user, secret) of the first user in ``text``, the content of manager.conf.

    Raises AmiError when there is none.
    """
    parser = configparser.ConfigParser(
        interpolation=None, comment_prefixes=(";",), inline_comment_prefixes=(";",), strict=False
    )
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise AmiError(f"manager.conf cannot be read: {error}") from error
    for section in parser.sections():
        if section != "general" and parser.has_option(section, "secret"):
            port = parser.get("general", "port", fallback="5038")
            if not port.isdecimal():
                raise AmiError(f"manager.conf: port '{port}' is not a number")
            return int(port), section, parser.get(section, "secret")
    raise AmiError("manager.conf has no user with a secret")


def parse_message(lines: list[str]) -> Message:
    """Headers of one message; lines without a colon are passed over."""
    return {key: value for key, colon, value in (line.partition(": ") for line in lines) if colon}


class Ami:
    """A logged-in session, to be used with ``with``."""

    def __init__(self, port: int, user: str, secret: str, timeout: float = 5.0) -> None:
        """Connects and logs in; raises AmiError when that fails."""
        try:
            self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        except OSError as error:
            raise AmiError(f"no answer at 127.0.0.1:{port}: {error}") from error
        self._heard = b""
        self._lines = self._socket.makefile("r", encoding="utf-8", errors="replace", newline="\r\n")
        try:
            self._lines.readline()  # greeting with the version
            self.action("Login", Username=user, Secret=secret, Events="off")
        except OSError as error:
            self.close()
            raise AmiError(f"no greeting at 127.0.0.1:{port}: {error}") from error
        except AmiError:
            self.close()
            raise

    def close(self) -> None:
        """Ends the session."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the session."""
        self.close()

    def action(self, name: str, **headers: str) -> list[Message]:
        """Messages that answer the action ``name``: the response, then the events of its list.

        Raises RefusedError when Asterisk refuses, AmiError when it falls silent.
        """
        request = {"Action": name, **headers}
        try:
            self._socket.sendall(
                ("".join(f"{key}: {value}\r\n" for key, value in request.items()) + "\r\n").encode()
            )
            messages = list(self._answer())
        except OSError as error:
            raise AmiError(f"no answer to the action {name}: {error}") from error
        if messages[0].get("Response") == "Error":
            raise RefusedError(f"the action {name} was refused: {messages[0].get('Message', '')}")
        return messages

    def value(self, variable: str, channel: str = "") -> str:
        """Value of a variable or function, of a channel where one is named. Raises AmiError."""
        of_channel = {"Channel": channel} if channel else {}
        return self.action("Getvar", Variable=variable, **of_channel)[0].get("Value", "")

    def listen(self, wanted: str) -> None:
        """Asks for the events that match the regular expression ``wanted``.

        From now on the session only hears; another one is needed for actions.
        """
        self.action("Filter", Operation="Add", Filter=wanted)
        try:
            self._socket.sendall(b"Action: Events\r\nEventMask: call\r\n\r\n")
            self._socket.setblocking(False)
        except OSError as error:
            raise AmiError(f"no answer to the action Events: {error}") from error

    def heard(self) -> list[Message]:
        """What has come since the last time. Raises AmiError when Asterisk is gone."""
        with contextlib.suppress(BlockingIOError):
            while True:
                data = self._socket.recv(65536)
                if not data:
                    raise AmiError("Asterisk closed the connection")
                self._heard += data
        *messages, self._heard = self._heard.split(b"\r\n\r\n")
        return [
            parse_message(message.decode(errors="replace").split("\r\n")) for message in messages
        ]

    def _answer(self) -> Iterator[Message]:
        response = self._message()
        yield response
        if response.get("EventList", "").lower() != "start":
            return
        while True:
            event = self._message()
            if event.get("EventList", "").lower() == "complete":
                return
            yield event

    def _message(self) -> Message:
        lines: list[str] = []
        while True:
            line = self._lines.readline()
            if not line:
                raise AmiError("Asterisk closed the connection")
            if not line.strip():
                return parse_message(lines)
            lines.append(line.rstrip("\r\n"))


def connect(timeout: float = 5.0) -> Ami:
    """A session with the Asterisk of this host, as its manager.conf says."""
    try:
        text = Path(CONFIGURATION).read_text(encoding="utf-8")
    except OSError as error:
        raise AmiError(f"{CONFIGURATION} cannot be read: {error.strerror}") from error
    return Ami(*read_credentials(text), timeout=timeout)
