# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between central servers and witnesses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.witness_messages import (
    pack,
    phones_talking,
    unpack,
)

messages = st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans()))


@given(messages, st.text(min_size=1))
def test_who_knows_the_secret_reads_what_was_written(
    message: dict[str, object], secret: str
) -> None:
    assert unpack(pack(message, secret), secret) == message


@given(messages, st.binary(), st.integers(min_value=0))
def test_nobody_else_is_believed(message: dict[str, object], noise: bytes, at: int) -> None:
    datagram = pack(message, "secret")
    assert unpack(datagram, "another") is None
    assert unpack(noise, "secret") is None
    at %= len(datagram)
    forged = datagram[:at] + bytes([datagram[at] ^ 1]) + datagram[at + 1 :]
    assert unpack(forged, "secret") is None


def test_a_gateway_that_does_not_know_is_left_out() -> None:
    answers: dict[str, dict[str, object]] = {
        "192.0.2.11": {"known": True, "talking": ["1001"]},
        "192.0.2.12": {"known": False, "talking": []},
    }
    assert phones_talking(answers) == {"192.0.2.11": {"1001"}}
