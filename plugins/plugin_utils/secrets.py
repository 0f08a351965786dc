# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords derived from the one secret of a call center.

One line in the inventory holds the secret; every password of the cluster follows from it, so a new
seat needs no new entry in an encrypted file, and one ``ansible-vault encrypt`` protects them all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

MINIMUM_SECRET_LENGTH = 32
"""Characters; ``playbooks/secrets.yml`` writes 43 (256 bits in base64)."""

PASSWORD_LENGTH = 26
"""Characters of base32, 5 bits each: 130 bits."""

PIN_LENGTH = 6
"""Digits."""


def secret_problem(secret: object) -> str | None:
    """Why ``secret`` cannot be the secret of a call center, in one sentence without its value."""
    remedy = "run playbooks/secrets.yml once, which writes it into the inventory"
    if not secret:
        return f"callcenter_secret is not set: {remedy}."
    if not isinstance(secret, str) or len(secret) < MINIMUM_SECRET_LENGTH:
        return (
            f"callcenter_secret is shorter than {MINIMUM_SECRET_LENGTH} characters: "
            f"remove it and {remedy}."
        )
    return None


def derive_password(secret: str, purpose: str) -> str:
    """The password of ``purpose`` (for example ``sip/1001``): 26 characters a-z and 2-7.

    HMAC-SHA256 (RFC 2104) keyed by the secret, so that one password tells nothing about another.
    Raises ValueError when the secret or the purpose is empty or too short.
    """
    if problem := secret_problem(secret):
        raise ValueError(problem)
    if not purpose:
        raise ValueError("a password needs a purpose, for example 'sip/1001'.")
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:PASSWORD_LENGTH]


def derive_pin(secret: str, agent: str) -> str:
    """The PIN of an agent: six digits, derived like a password."""
    password = derive_password(secret, f"pin/{agent}")
    number = int.from_bytes(hashlib.sha256(password.encode()).digest())
    return f"{number % 10**PIN_LENGTH:0{PIN_LENGTH}d}"


def pin_digest(pepper: str, agent: str, pin: str) -> str:
    """What the database keeps of a PIN, as MariaDB's SHA2 writes it.

    Six digits are soon guessed: without the pepper, which the database does not hold, nobody can.
    """
    return hashlib.sha256(f"{pepper}/{agent}/{pin}".encode()).hexdigest()


def digest_ha1(user: str, realm: str, password: str) -> str:
    """HA1 of SIP digest authentication, 32 hex digits (RFC 3261 section 22.4, RFC 2617 3.2.2.2)."""
    return hashlib.md5(f"{user}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
