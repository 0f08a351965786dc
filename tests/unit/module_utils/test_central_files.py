# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a central server keeps in files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.central_files import (
    codecs,
    comparable,
    read_history,
    read_state,
    replication,
    without_secrets,
)

NAMES = {
    "192.0.2.2": "ADDRESS",
    "192.0.2.22": "ADDRESS",
    "central1": "NAME",
    "central2": "NAME",
}
FILE = """\
router_id {name}
priority {priority}
unicast_src_ip {own}
unicast_peer {{ {peer} }}
contact = sip:test-agent@{own}:5071
bind-address = 127.0.0.1,{own}
server_id = {number}
"""


def test_what_each_server_has_for_itself_is_no_difference() -> None:
    one = FILE.format(name="central1", priority=200, own="192.0.2.2", peer="192.0.2.22", number=1)
    other = FILE.format(name="central2", priority=190, own="192.0.2.22", peer="192.0.2.2", number=2)
    assert one != other
    assert comparable(one, NAMES) == comparable(other, NAMES)


@pytest.mark.parametrize(
    "word", ["192.0.2.200", "1192.0.2.2", "192.0.2.2.5", "central10", "my-central1"]
)
def test_longer_words_are_others(word: str) -> None:
    assert comparable(f"match = {word}\n", NAMES) == f"match = {word}\n"


def test_secret_of_the_manager_is_its_own() -> None:
    text = "bindaddr = 127.0.0.1\n[trunkline]\nsecret = {}\n"
    assert comparable(text.format("a"), {}) == comparable(text.format("b"), {})
    # Every other one is common to both.
    assert comparable("secret = a", {}) != comparable("secret = b", {})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("secret = abc", "secret = (secret)"),
        ("password => abc def", "password => (secret)"),
        ('password "abc"', "password (secret)"),
        ("x '" + "a2" * 13 + "' y", "x '(secret)' y"),
        ("allow = alaw", "allow = alaw"),
    ],
)
def test_no_password_is_shown(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_derived_passwords_are_never_shown(password: str) -> None:
    for place in ("({})", "x={}", "'{}'", "password => {}", "password = {}\n"):
        assert password not in without_secrets(place.format(password))


def test_codecs() -> None:
    assert codecs("[a]\ndisallow = all\nallow = alaw,g722\n[b]\nallow = ulaw\n") == ["alaw", "g722"]
    assert codecs("") == []


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null"])
def test_no_state(text: str) -> None:
    assert read_state(text) == {}


def test_state() -> None:
    assert read_state('{"state": "active"}\n') == {"state": "active"}


@given(st.lists(st.integers(0, 100), max_size=80), st.integers(0, 60))
def test_history_survives_a_cut_line(moments: list[int], cut: int) -> None:
    records: list[dict[str, Any]] = [{"verb": "promote", "began": moment} for moment in moments]
    lines = [json.dumps(record) for record in records]
    assert read_history(lines, 100) == records
    assert read_history([*lines, '{"verb": "promote", "began": 7, "seconds": 1}'[:cut]], 100) in (
        records,
        [*records, {"verb": "promote", "began": 7, "seconds": 1}],
    )
    # Other records do not push them out.
    assert read_history([*lines, *['{"verb": "reopen", "began": 8}'] * 20], 10) == records[-10:]


def test_replication() -> None:
    assert replication(None) == {
        "follows": "",
        "runs": False,
        "broken": False,
        "behind": None,
        "error": "",
    }
    row = {
        "Master_Host": "192.0.2.21",
        "Slave_IO_Running": "Yes",
        "Slave_SQL_Running": "Yes",
        "Seconds_Behind_Master": 0,
        "Last_IO_Error": "",
        "Last_SQL_Error": "",
    }
    good = {"follows": "192.0.2.21", "runs": True, "broken": False, "behind": 0, "error": ""}
    assert replication(row) == good
    for thread in ("Slave_IO_Running", "Slave_SQL_Running"):
        assert replication({**row, thread: "Connecting"}) == {**good, "runs": False}
    assert replication({**row, "Last_IO_Error": "1236"}) == {**good, "error": "1236"}


@pytest.mark.parametrize("thread", ["IO", "SQL"])
def test_replication_that_will_not_go_on_by_itself(thread: str) -> None:
    state, error = f"Slave_{thread}_Running", f"Last_{thread}_Error"
    assert replication({state: "No", error: "1236"})["broken"]
    assert not replication({state: "No", error: ""})["broken"]  # Somebody has stopped it.
    assert not replication({state: "Connecting", error: "2003"})["broken"]
