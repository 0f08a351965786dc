# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of Asterisk's realtime tables."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.accounts import (
    Account,
    queue_members,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.realtime import (
    PHONE_CONTEXT,
    Row,
    agent_queue_rows,
    agent_rows,
    aor_rows,
    auth_rows,
    endpoint_rows,
    mailbox_rows,
    pin_pepper,
    pin_rows,
    sip_password,
    station_rows,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import (
    derive_pin,
    digest_ha1,
    pin_digest,
)

SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"  # noqa: S105 a secret of nobody
QUEUES = ("sales", "support", "orders")

accounts_strategy = st.lists(
    st.builds(
        Account,
        extension=st.from_regex("[0-9]{1,8}", fullmatch=True),
        name=st.text(st.characters(codec="ascii", exclude_characters='"<>;\r\n'), min_size=1),
        queues=st.dictionaries(st.sampled_from(QUEUES), st.integers(0, 9)),
    ),
    unique_by=lambda account: account.extension,
    max_size=12,
)


def all_rows(accounts: list[Account]) -> dict[str, list[Row]]:
    return {
        "ps_endpoints": endpoint_rows(accounts, ["alaw", "g722"]),
        "ps_auths": auth_rows(accounts, SECRET, "trunkline"),
        "ps_aors": aor_rows(accounts, 300),
    }


@given(accounts_strategy)
def test_one_row_for_each_account(accounts: list[Account]) -> None:
    for table, rows in all_rows(accounts).items():
        assert [row["id"] for row in rows] == [account.extension for account in accounts], table


@given(accounts_strategy)
def test_rows_refer_to_each_other(accounts: list[Account]) -> None:
    tables = all_rows(accounts)
    assert [row["aors"] for row in tables["ps_endpoints"]] == [
        row["id"] for row in tables["ps_aors"]
    ]
    assert [row["auth"] for row in tables["ps_endpoints"]] == [
        row["id"] for row in tables["ps_auths"]
    ]


@given(accounts_strategy)
def test_no_password_in_clear_text(accounts: list[Account]) -> None:
    content = str(all_rows(accounts)) + str(agent_rows(accounts, {}))
    content += str(pin_rows(accounts, {}, SECRET))
    assert SECRET not in content
    assert pin_pepper(SECRET) not in content
    for account in accounts:
        assert sip_password(SECRET, account.extension) not in content


@given(accounts_strategy, st.data())
def test_members(accounts: list[Account], data: st.DataObject) -> None:
    extensions = [account.extension for account in accounts]
    members = st.lists(st.sampled_from(extensions), min_size=1) if extensions else st.just([])
    queues: dict[str, Any] = {queue: {"members": ",".join(data.draw(members))} for queue in QUEUES}
    rows = agent_queue_rows(accounts, queues)
    assert {(row["queue_name"], row["agent"]): row["penalty"] for row in rows} == queue_members(
        accounts, queues
    )
    assert len(rows) == len(queue_members(accounts, queues))
    # A member without an agent would be nobody, an agent without a PIN could log in nowhere else.
    agents = {row["number"]: row["name"] for row in agent_rows(accounts, queues)}
    assert {row["agent"] for row in rows} <= set(agents)
    assert {row["agent"] for row in pin_rows(accounts, queues, SECRET)} == set(agents)
    assert agents.items() <= {account.extension: account.name for account in accounts}.items()


def test_agents() -> None:
    """Members and supervisors; the inventory says nothing of phone and status."""
    accounts = [
        Account("1001", "Ada", {"sales": 0}),
        Account("1002", "Bob"),
        Account("1003", "Cleo", supervisor=True),
        Account("5001", "Dan", {"sales": 3}, phone=False),
    ]
    assert agent_rows(accounts, {"sales": {}}) == [
        {"number": "1001", "name": "Ada", "has_phone": 1, "supervisor": 0},
        {"number": "1003", "name": "Cleo", "has_phone": 1, "supervisor": 1},
        {"number": "5001", "name": "Dan", "has_phone": 0, "supervisor": 0},
    ]
    # An agent without a phone has no account that a phone could register with.
    for rows in all_rows(accounts).values():
        assert [row["id"] for row in rows] == ["1001", "1002", "1003"]


def test_pin() -> None:
    (row,) = pin_rows([Account("1001", "Ada", {"sales": 0})], {}, SECRET)
    assert row == {
        "agent": "1001",
        "digest": pin_digest(pin_pepper(SECRET), "1001", derive_pin(SECRET, "1001")),
    }


def test_endpoint() -> None:
    """What the call center stands on: direct media, no session timers, only the agreed codecs."""
    assert endpoint_rows([Account("1001", "Ada")], ["alaw", "g722"]) == [
        {
            "id": "1001",
            "transport": "vip",
            "aors": "1001",
            "auth": "1001",
            "context": PHONE_CONTEXT,
            "disallow": "all",
            "allow": "alaw,g722",
            "callerid": '"Ada" <1001>',
            "direct_media": "yes",
            "direct_media_method": "invite",
            "rtp_symmetric": "no",
            "force_rport": "no",
            "rewrite_contact": "no",
            "dtmf_mode": "rfc4733",
            "timers": "no",
            "trust_id_inbound": "no",
            "send_pai": "yes",
            "mailboxes": None,
            "mwi_subscribe_replaces_unsolicited": "yes",
        }
    ]


def test_digest() -> None:
    (row,) = auth_rows([Account("1001", "Ada")], SECRET, "trunkline")
    assert row["auth_type"] == "md5"
    assert (row["username"], row["realm"]) == ("1001", "trunkline")
    assert row["md5_cred"] == digest_ha1("1001", "trunkline", sip_password(SECRET, "1001"))


@given(st.integers(1, 7200))
def test_registration(seconds: int) -> None:
    (row,) = aor_rows([Account("1001", "Ada")], seconds)
    assert row["qualify_frequency"] == 0
    assert int(row["minimum_expiration"] or 0) <= seconds
    assert row["default_expiration"] == row["maximum_expiration"] == seconds
    assert (row["max_contacts"], row["remove_existing"]) == (1, "yes")


def test_plain_telephone() -> None:
    """It is where its gateway is, and nobody can register in its place."""
    accounts = [Account("1001", "Ada"), Account("2001", "Bob")]
    phone, telephone = aor_rows(accounts, stations={"2001": "192.0.2.11"})
    assert (phone["contact"], phone["max_contacts"]) == (None, 1)
    assert telephone["contact"] == "sip:2001@192.0.2.11:5060"
    assert telephone["max_contacts"] == 0
    assert int(telephone["qualify_frequency"] or 0) > 0
    assert station_rows(accounts, {"2001": "192.0.2.11", "2002": "192.0.2.11"}) == [
        {"phone": "2001"}
    ]
    # Without a password anybody could call in its name.
    assert endpoint_rows(accounts, ["alaw"])[1]["auth"] == "2001"


def test_mailboxes() -> None:
    """A seat's and a shared one, each with a PIN of its own."""
    accounts = [Account("1001", "Ada", voicemail=True), Account("1002", "Bob")]
    own, shared = mailbox_rows(accounts, {"8000": {"email": "service@example.com"}}, SECRET)
    assert (own["mailbox"], own["fullname"], own["email"]) == ("1001", "Ada", None)
    assert shared["email"] == "service@example.com"
    assert (shared["mailbox"], shared["fullname"]) == ("8000", "Mailbox 8000")
    assert own["context"] == shared["context"] == "default"
    # The PIN of an agent is in no database: the two must differ.
    assert len({own["password"], shared["password"], derive_pin(SECRET, "1001")}) == 3


def test_lamps() -> None:
    accounts = [Account("1001", "Ada", voicemail=True), Account("1002", "Bob")]
    boxes = {"8000": {"seats": "1001-1002"}, "8001": None}
    expected = ["1001@default,8000@default", "8000@default"]
    for rows in (endpoint_rows(accounts, [], boxes), aor_rows(accounts, mailboxes=boxes)):
        assert [row["mailboxes"] for row in rows] == expected
