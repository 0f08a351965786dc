# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""SIP messages (RFC 3261) and descriptions of audio (RFC 4566), as a test call needs them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Address = tuple[str, int]
"""IPv4 address and port."""

Headers = Sequence[tuple[str, str]]

_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
"""Short names of headers, RFC 3261 section 7.3.3."""


@dataclass(frozen=True)
class Codec:
    """How audio is written."""

    payload_type: int
    name: str
    frame_bytes: int
    """Of 20 ms."""


CODECS = {
    "ulaw": Codec(0, "PCMU/8000", 160),
    "gsm": Codec(3, "GSM/8000", 33),
    "alaw": Codec(8, "PCMA/8000", 160),
    "g722": Codec(9, "G722/8000", 160),
}
"""Asterisk's name -> RFC 3551 section 6."""


@dataclass(frozen=True)
class SipMessage:
    """A request or a response."""

    start: str
    headers: tuple[tuple[str, str], ...]
    """Names are in lower case and whole."""
    body: str = ""

    def first(self, name: str) -> str:
        """Value of a header; empty when it is missing."""
        return next((value for key, value in self.headers if key == name), "")

    def every(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key == name]

    @property
    def status(self) -> int:
        """Of a response; 0 of a request."""
        found = re.match(r"SIP/2\.0 (\d{3})", self.start)
        return int(found[1]) if found else 0

    @property
    def method(self) -> str:
        """Of a request, or of the request that a response answers."""
        return self.first("cseq").rpartition(" ")[2]

    @property
    def to_tag(self) -> str:
        """Whether, and to which dialog, it belongs."""
        return tag(self.first("to"))


def tag(header: str) -> str:
    """The tag of From or To; empty when it has none."""
    found = re.search(r";\s*tag=([^;\s>]+)", header.rpartition(">")[2] if ">" in header else header)
    return found[1] if found else ""


def uri(header: str) -> str:
    """The address in Contact, From or To."""
    found = re.search(r"<([^>]+)>", header)
    return found[1] if found else header.partition(";")[0].strip()


def parse(data: bytes) -> SipMessage:
    """Reads a message. Raises ValueError when it is none."""
    head, _empty, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
    if not re.fullmatch(r"SIP/2\.0 \d{3}( .*)?|[A-Z]+ \S+ SIP/2\.0", start):
        raise ValueError(f"'{start[:60]}' begins no SIP message")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"'{line[:60]}' is no header")
        key = name.strip().lower()
        headers.append((_COMPACT.get(key, key), value.strip()))
    return SipMessage(start, tuple(headers), body)


def write(start: str, headers: Headers, body: str = "") -> bytes:
    """A message of start line, headers and body."""
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append("Content-Type: application/sdp")
    lines += [f"Content-Length: {len(body.encode())}", "", body]
    return "\r\n".join(lines).encode()


def branch() -> str:
    """A new name of a transaction."""
    return f"z9hG4bK{secrets.token_hex(8)}"


def response(
    request: SipMessage, status: str, to_tag: str, contact: str = "", body: str = ""
) -> bytes:
    """The answer to a request: ``status`` is code and phrase, RFC 3261 section 8.2.6."""
    to = request.first("to")
    if not tag(to) and not status.startswith("100"):
        to = f"{to};tag={to_tag}"
    headers = [
        *(("Via", value) for value in request.every("via")),
        *(("Record-Route", value) for value in request.every("record-route")),
        ("From", request.first("from")),
        ("To", to),
        ("Call-ID", request.first("call-id")),
        ("CSeq", request.first("cseq")),
        *([("Contact", f"<{contact}>")] if contact else []),
    ]
    return write(f"SIP/2.0 {status}", headers, body)


def description(address: Address, codecs: Iterable[str], version: int) -> str:
    """An offer or answer: audio is wanted at ``address``."""
    known = [CODECS[name] for name in codecs]
    lines = [
        "v=0",
        f"o=- 1 {version} IN IP4 {address[0]}",
        "s=-",
        f"c=IN IP4 {address[0]}",
        "t=0 0",
        f"m=audio {address[1]} RTP/AVP {' '.join(str(codec.payload_type) for codec in known)}",
        *(f"a=rtpmap:{codec.payload_type} {codec.name}" for codec in known),
        "a=ptime:20",
        "a=sendrecv",
    ]
    return "\r\n".join(lines) + "\r\n"


def audio(body: str) -> tuple[Address, list[int]] | None:
    """Where audio is wanted and of which payload types; None when nowhere."""
    line = re.search(r"^m=audio (\d+) \S+ ([\d ]+?)\s*$", body, re.MULTILINE)
    place = re.findall(r"^c=IN IP4 (\S+?)\s*$", body, re.MULTILINE)
    if not line or not place or line[1] == "0":
        return None
    # A line of the audio itself comes after that of the session.
    return (place[-1], int(line[1])), [int(number) for number in line[2].split()]


def options(target: Address, local: Address, call: str) -> bytes:
    """The question whether a server is alive (RFC 3261 section 11)."""
    here = f"{local[0]}:{local[1]}"
    headers = [
        ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{call};rport"),
        ("Max-Forwards", "5"),
        ("From", f"<sip:watch@{here}>;tag={call}"),
        ("To", f"<sip:{target[0]}>"),
        ("Call-ID", call),
        ("CSeq", "1 OPTIONS"),
    ]
    return write(f"OPTIONS sip:{target[0]}:{target[1]} SIP/2.0", headers)
