# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of the manager interface, against a server that speaks the protocol over TCP."""

from __future__ import annotations

import socketserver
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import (
    Ami,
    AmiError,
    RefusedError,
    connect,
    parse_message,
    read_credentials,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "x7"  # noqa: S105 a secret of nobody
GREETING = "Asterisk Call Manager/11.0.0\r\n"
ANSWERS = {
    "Ping": ["Response: Success\r\nPing: Pong\r\nTimestamp: 1.5\r\n"],
    "Empty": ["Response: Success\r\nEventList: start\r\n", "EventList: Complete\r\n"],
    "List": [
        "Response: Success\r\nEventList: start\r\nMessage: follows\r\n",
        "Event: Item\r\nName: a: b\r\nNothing: \r\nName: last\r\n",
        "Event: Item\r\nName: Gr\xfc\xdfe\r\n",
        "Event: ItemsComplete\r\nEventList: Complete\r\nListItems: 2\r\n",
    ],
    "Filter": ["Response: Success\r\nMessage: Filter added\r\n"],
    "Events": [
        "Response: Success\r\nEvents: On\r\n",
        "Event: BridgeEnter\r\nChannel: PJSIP/1001-00000001\r\n",
        "Event: BridgeLeave\r\nChannel: PJSIP/1001-00000001\r\n",
    ],
    "Refused": ["Response: Error\r\nMessage: Permission denied\r\n"],
}


class Handler(socketserver.StreamRequestHandler):
    """A session of the manager interface."""

    def handle(self) -> None:
        self.wfile.write(GREETING.encode())
        while request := self.request_headers():
            name = request["Action"]
            if name == "Login":
                good = {"Username": "trunkline", "Secret": SECRET, "Events": "off"}
                result = "Success" if good.items() <= request.items() else "Error"
                self.send([f"Response: {result}\r\nMessage: Authentication {result}\r\n"])
            elif name == "Echo":
                self.send([f"Response: Success\r\nText: {request['Text']}\r\n"])
            elif name == "Getvar":
                value = f"{request['Variable']} of {request.get('Channel', 'nobody')}"
                self.send([f"Response: Success\r\nValue: {value}\r\n"])
            elif name == "Silence":
                self.server.released.wait(10)  # type: ignore[attr-defined]
            elif name == "Hangup":
                return
            else:
                self.send(ANSWERS[name])

    def request_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while (line := self.rfile.readline().decode()) not in {"", "\r\n"}:
            key, _colon, value = line.removesuffix("\r\n").partition(": ")
            headers[key] = value
        return headers

    def send(self, messages: list[str]) -> None:
        for message in messages:
            self.wfile.write(message.encode() + b"\r\n")


class Mute(socketserver.BaseRequestHandler):
    """Something that listens but never says a word."""

    def handle(self) -> None:
        self.server.released.wait(10)  # type: ignore[attr-defined]


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


def serve(handler: type[socketserver.BaseRequestHandler]) -> Iterator[Server]:
    with Server(handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    yield from serve(Handler)


@pytest.fixture
def mute() -> Iterator[Server]:
    yield from serve(Mute)


def test_session(server: Server) -> None:
    with Ami(server.port, "trunkline", SECRET) as ami:
        assert ami.action("Ping") == [{"Response": "Success", "Ping": "Pong", "Timestamp": "1.5"}]
        response, *events = ami.action("List")
        assert response["Message"] == "follows"
        assert events == [
            {"Event": "Item", "Name": "last", "Nothing": ""},
            {"Event": "Item", "Name": "Gr\xfc\xdfe"},
        ]
        assert len(ami.action("Empty")) == 1
        assert ami.action("Echo", Text="a: b;c")[0]["Text"] == "a: b;c"
        assert ami.value("SEAT") == "SEAT of nobody"
        assert ami.value("SEAT", "PJSIP/1001-1") == "SEAT of PJSIP/1001-1"


def test_refusal_does_not_end_the_session(server: Server) -> None:
    with Ami(server.port, "trunkline", SECRET) as ami:
        with pytest.raises(
            RefusedError, match=r"^the action Refused was refused: Permission denied$"
        ):
            ami.action("Refused")
        assert ami.action("Ping")[0]["Ping"] == "Pong"


def test_wrong_secret(server: Server) -> None:
    with pytest.raises(AmiError, match=r"^the action Login was refused: Authentication Error$"):
        Ami(server.port, "trunkline", "other")


def test_connection_lost(server: Server) -> None:
    with (
        Ami(server.port, "trunkline", SECRET) as ami,
        pytest.raises(AmiError, match=r"^Asterisk closed the connection$"),
    ):
        ami.action("Hangup")


def test_silence(server: Server) -> None:
    with (
        Ami(server.port, "trunkline", SECRET, timeout=0.1) as ami,
        pytest.raises(AmiError, match=r"^no answer to the action Silence: "),
    ):
        ami.action("Silence")


def test_no_greeting(mute: Server) -> None:
    with pytest.raises(AmiError, match=f"^no greeting at 127.0.0.1:{mute.port}: "):
        Ami(mute.port, "trunkline", SECRET, timeout=0.1)


def test_nobody_listens() -> None:
    with Server(Handler) as server:
        port = server.port
    with pytest.raises(AmiError, match=f"^no answer at 127.0.0.1:{port}: "):
        Ami(port, "trunkline", SECRET)


def configuration(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(f"{connect.__module__}.CONFIGURATION", str(path))
    return path


def test_connect(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration(tmp_path / "manager.conf", monkeypatch).write_text(
        f"[general]\nport = {server.port}\n[trunkline]\nsecret = {SECRET}\n"
    )
    with connect() as ami:
        assert ami.action("Ping")


def test_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = configuration(tmp_path / "manager.conf", monkeypatch)
    with pytest.raises(AmiError, match=r": No such file or directory$") as told:
        connect()
    assert str(told.value).startswith(f"{path} cannot be read: ")


@pytest.mark.parametrize(
    ("text", "credentials"),
    [
        ("[general]\nport = 5039\n[a]\nsecret = x\n[b]\nsecret = y\n", (5039, "a", "x")),
        ("[general]\n[nobody]\nread = all\n[b]\nsecret=y\n", (5038, "b", "y")),
        (
            "; Made\n  ; secret = old\n[a]\nsecret = x#y%z ; of a\nread = all\nread = a\n",
            (5038, "a", "x#y%z"),
        ),
    ],
)
def test_credentials(text: str, credentials: tuple[int, str, str]) -> None:
    assert read_credentials(text) == credentials


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "manager.conf has no user with a secret"),
        ("[general]\nsecret = x\n", "manager.conf has no user with a secret"),
        ("[general]\nport = ami\n[a]\nsecret = x\n", "manager.conf: port 'ami' is not a number"),
        ("secret = x\n", "manager.conf cannot be read: "),
    ],
)
def test_no_credentials(text: str, told: str) -> None:
    with pytest.raises(AmiError, match=f"^{told}"):
        read_credentials(text)


HEADER = st.text(st.characters(codec="ascii", min_codepoint=33, exclude_characters=":"), min_size=1)
VALUE = st.text(st.characters(exclude_categories=("Cc", "Cs")))


@given(st.dictionaries(HEADER, VALUE))
def test_message(headers: dict[str, str]) -> None:
    assert parse_message([f"{key}: {value}" for key, value in headers.items()]) == headers


def test_lines_without_a_colon() -> None:
    assert parse_message(["Output", "Response: Success", "Key:Value"]) == {"Response": "Success"}


def heard(ami: Ami, count: int) -> list[dict[str, str]]:
    """What a session hears until it has heard so many messages."""
    found: list[dict[str, str]] = []
    deadline = time.monotonic() + 5
    while len(found) < count and time.monotonic() < deadline:
        found += ami.heard()
    return found


def test_session_that_listens(server: Server) -> None:
    with Ami(server.port, "trunkline", SECRET) as ami:
        ami.listen("Event: Bridge(Enter|Leave)")
        assert [message.get("Event", "") for message in heard(ami, 3)] == [
            *("", "BridgeEnter", "BridgeLeave"),
        ]
        assert ami.heard() == []
