# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hanging up for a dead server."""

from __future__ import annotations

import socket
import threading

import pytest

from ansible_collections.trunkline.callcenter.plugins.module_utils.sip_dialog import (
    Dialog,
    address,
    bye,
    hang_up,
)

DIALOG = Dialog(
    "c0ffee@192.0.2.20",
    "sip:1001-0x55@192.0.2.50:5100",
    "sip:5559001@192.0.2.20",
    "as1",
    "sip:1001@192.0.2.50",
    "ph1",
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sip:1001-0x55@192.0.2.50:5100", ("192.0.2.50", 5100)),
        ("sip:192.0.2.50", ("192.0.2.50", 5060)),
        ("sip:1001@phone-1.example;transport=UDP", ("phone-1.example", 5060)),
        ("sip:1001@192.0.2.50:5061;transport=tcp", None),
        ("sips:1001@192.0.2.50", None),
        ("tel:+15551001", None),
        ("", None),
    ],
)
def test_address(target: str, expected: tuple[str, int] | None) -> None:
    assert address(target) == expected


def test_request_belongs_to_the_dialog() -> None:
    first, *headers = bye(DIALOG, ("192.0.2.20", 4000)).decode().split("\r\n")
    assert first == "BYE sip:1001-0x55@192.0.2.50:5100 SIP/2.0"
    named = dict(line.split(": ", 1) for line in headers if line)
    assert named["From"] == "<sip:5559001@192.0.2.20>;tag=as1"
    assert named["To"] == "<sip:1001@192.0.2.50>;tag=ph1"
    assert named["Call-ID"] == "c0ffee@192.0.2.20"
    number, method = named["CSeq"].split()
    assert method == "BYE"
    assert int(number) < 2**31
    assert named["Via"].startswith("SIP/2.0/UDP 192.0.2.20:4000;branch=z9hG4bK")
    assert headers[-2:] == ["", ""]


@pytest.mark.parametrize("answer", [b"SIP/2.0 200 OK\r\n\r\n", None])
def test_telephone_answers_or_not(answer: bytes | None) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.settimeout(5)

        def be_a_telephone() -> None:
            request, sender = phone.recvfrom(4096)
            assert request.startswith(b"BYE ")
            if answer:
                phone.sendto(answer, sender)

        thread = threading.Thread(target=be_a_telephone)
        thread.start()
        target = f"sip:1001@127.0.0.1:{phone.getsockname()[1]}"
        assert hang_up(DIALOG._replace(target=target), "127.0.0.1") is (answer is not None)
        thread.join()
