# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of Asterisk's realtime tables, as sorcery and app_queue read them.

Column names are those of Asterisk's own schema (contrib/ast-db-manage); what is not named here
keeps its built-in default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .accounts import Account, queue_members
from .mailboxes import MAILBOX_CONTEXT, all_mailboxes, lamps
from .secrets import derive_password, derive_pin, digest_ha1, pin_digest

Row = dict[str, str | int | None]
"""Column -> value of one row."""

STATION_QUALIFY_SECONDS = 10
"""How often a gateway is asked whether it is alive on behalf of each of its telephones."""

PHONE_CONTEXT = "from-phones"
"""Dialplan context of calls that a seat makes."""


def sip_password(secret: str, extension: str) -> str:
    """The SIP password of a seat."""
    return derive_password(secret, f"sip/{extension}")


def endpoint_rows(
    accounts: Sequence[Account],
    codecs: Sequence[str],
    mailboxes: Mapping[str, object] | None = None,
) -> list[Row]:
    """``ps_endpoints``: direct media always, no session timers.

    A refresh through a dead server would end a call that needs no server any more. Phones are told
    of messages without asking, as the next server knows nothing of what they subscribed.
    """
    messages = lamps(accounts, mailboxes or {})
    return [
        {
            "id": account.extension,
            "transport": "vip",
            "aors": account.extension,
            "auth": account.extension,
            "context": PHONE_CONTEXT,
            "disallow": "all",
            "allow": ",".join(codecs),
            "callerid": f'"{account.name}" <{account.extension}>',
            "direct_media": "yes",
            "direct_media_method": "invite",
            "rtp_symmetric": "no",
            "force_rport": "no",
            "rewrite_contact": "no",
            "dtmf_mode": "rfc4733",
            "timers": "no",
            "trust_id_inbound": "no",
            "send_pai": "yes",
            "mailboxes": messages.get(account.extension),
            "mwi_subscribe_replaces_unsolicited": "yes",
        }
        for account in accounts
        if account.phone
    ]


def auth_rows(accounts: Iterable[Account], secret: str, realm: str = "asterisk") -> list[Row]:
    """``ps_auths``: the digest, so that the database holds no password in clear text."""
    return [
        {
            "id": account.extension,
            "auth_type": "md5",
            "username": account.extension,
            "realm": realm,
            "md5_cred": digest_ha1(
                account.extension, realm, sip_password(secret, account.extension)
            ),
        }
        for account in accounts
        if account.phone
    ]


def aor_rows(
    accounts: Sequence[Account],
    registration_seconds: int = 300,
    stations: Mapping[str, str] | None = None,
    mailboxes: Mapping[str, object] | None = None,
) -> list[Row]:
    """``ps_aors``: one phone a seat; a new registration replaces the old one.

    ``stations`` has the address of the gateway of each plain telephone: it is reached there and
    nobody can register in its place.
    """
    rows: list[Row] = []
    messages = lamps(accounts, mailboxes or {})
    for account in accounts:
        if not account.phone:
            continue
        gateway = (stations or {}).get(account.extension)
        rows.append(
            {
                "id": account.extension,
                "contact": f"sip:{account.extension}@{gateway}:5060" if gateway else None,
                "max_contacts": 0 if gateway else 1,
                "remove_existing": "yes",
                "default_expiration": registration_seconds,
                "minimum_expiration": min(60, registration_seconds),
                "maximum_expiration": registration_seconds,
                "qualify_frequency": STATION_QUALIFY_SECONDS if gateway else 0,
                "mailboxes": messages.get(account.extension),
            }
        )
    return rows


def station_rows(accounts: Sequence[Account], stations: Mapping[str, str]) -> list[Row]:
    """``stations``: plain telephones, of which a hint says whether they are busy."""
    return [
        {"phone": account.extension}
        for account in accounts
        if account.phone and account.extension in stations
    ]


def agents(accounts: Sequence[Account], queues: Mapping[str, object]) -> list[Account]:
    """Who has a status: members of a queue, and supervisors, who log in to set that of others."""
    members = {extension for _queue, extension in queue_members(accounts, queues)}
    return [account for account in accounts if account.supervisor or account.extension in members]


def agent_rows(accounts: Sequence[Account], queues: Mapping[str, object]) -> list[Row]:
    """``agents``: what the inventory decides; phone, status and reason belong to the agents."""
    return [
        {
            "number": account.extension,
            "name": account.name,
            "has_phone": int(account.phone),
            "supervisor": int(account.supervisor),
        }
        for account in agents(accounts, queues)
    ]


def agent_queue_rows(accounts: Sequence[Account], queues: Mapping[str, object]) -> list[Row]:
    """``agent_queues``: the same for the queues; which are active belongs to the agents."""
    return [
        {"queue_name": queue, "agent": extension, "penalty": penalty}
        for (queue, extension), penalty in sorted(queue_members(accounts, queues).items())
    ]


def pin_rows(accounts: Sequence[Account], queues: Mapping[str, object], secret: str) -> list[Row]:
    """``agent_pins``: no PIN is in the database."""
    pepper = pin_pepper(secret)
    return [
        {
            "agent": agent.extension,
            "digest": pin_digest(pepper, agent.extension, derive_pin(secret, agent.extension)),
        }
        for agent in agents(accounts, queues)
    ]


def mailbox_rows(
    accounts: Iterable[Account], mailboxes: Mapping[str, object], secret: str
) -> list[Row]:
    """``voicemail_users``: app_voicemail wants PINs as they are, so they open nothing else."""
    return [
        {
            "context": MAILBOX_CONTEXT,
            "mailbox": mailbox.number,
            "password": derive_pin(secret, f"voicemail/{mailbox.number}"),
            "fullname": mailbox.name,
            "email": mailbox.email or None,
        }
        for mailbox in all_mailboxes(accounts, mailboxes)
    ]


def pin_pepper(secret: str) -> str:
    """What is digested with every PIN; Asterisk has it in a file of its own."""
    return derive_password(secret, "pins")
