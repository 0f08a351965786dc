# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords derived from one secret."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.secrets import (
    MINIMUM_SECRET_LENGTH,
    PIN_LENGTH,
    derive_password,
    derive_pin,
    digest_ha1,
    pin_digest,
    secret_problem,
)

SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"  # noqa: S105 a secret of nobody
# HMAC pads a key with zero bytes, so that control characters are left out.
TEXT = st.characters(codec="utf-8", exclude_categories=["Cc"])
secrets = st.text(TEXT, min_size=MINIMUM_SECRET_LENGTH, max_size=80)
purposes = st.text(TEXT, min_size=1, max_size=40)


@given(secrets, purposes)
def test_password(secret: str, purpose: str) -> None:
    password = derive_password(secret, purpose)
    assert re.fullmatch("[a-z2-7]{26}", password)
    assert password == derive_password(secret, purpose)


@given(secrets, purposes, purposes)
def test_purposes_differ(secret: str, one: str, other: str) -> None:
    assume(one != other)
    assert derive_password(secret, one) != derive_password(secret, other)


@given(secrets, secrets, purposes)
def test_secrets_differ(one: str, other: str, purpose: str) -> None:
    assume(one != other)
    assert derive_password(one, purpose) != derive_password(other, purpose)


def test_password_stays_over_releases() -> None:
    """Another value would lock out every phone. Made with ``openssl dgst -sha256 -hmac``."""
    assert derive_password(SECRET, "sip/1001") == "jtamyfuuawpeqjtlpqye3dzu7d"


def test_secret_and_purpose_are_needed() -> None:
    with pytest.raises(ValueError, match="needs a purpose"):
        derive_password(SECRET, "")
    with pytest.raises(ValueError, match="callcenter_secret is shorter than 32 characters"):
        derive_password(SECRET[:31], "sip/1001")


@pytest.mark.parametrize("secret", ["", None])
def test_no_secret(secret: object) -> None:
    assert secret_problem(secret) == (
        "callcenter_secret is not set: run playbooks/secrets.yml once, which writes it into the "
        "inventory."
    )


@pytest.mark.parametrize("secret", [SECRET[:31], 12345678901234567890123456789012345, ["x"] * 40])
def test_bad_secret(secret: object) -> None:
    assert secret_problem(secret) == (
        "callcenter_secret is shorter than 32 characters: remove it and run "
        "playbooks/secrets.yml once, which writes it into the inventory."
    )


def test_good_secret() -> None:
    assert secret_problem(SECRET[:32]) is None


@given(st.text(min_size=1, max_size=31))
def test_secret_is_not_shown(secret: str) -> None:
    """The sentence is the same, whatever the secret is."""
    assert secret_problem(secret) == secret_problem("x")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_digest_of_rfc_2617() -> None:
    """The response of the example in section 3.5, made from our HA1."""
    ha1 = digest_ha1("Mufasa", "testrealm@host.com", "Circle Of Life")
    assert ha1 == "939e7578ed9e3c518a452acee763bce9"
    ha2 = md5("GET:/dir/index.html")
    nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
    assert md5(f"{ha1}:{nonce}:00000001:0a4f113b:auth:{ha2}") == "6629fae49393a05397450978507c4ef1"


@given(secrets, purposes)
def test_pin(secret: str, agent: str) -> None:
    pin = derive_pin(secret, agent)
    assert re.fullmatch(f"[0-9]{{{PIN_LENGTH}}}", pin)
    assert pin == derive_pin(secret, agent)


def test_pins_differ() -> None:
    assert len({derive_pin(SECRET, str(agent)) for agent in range(1000)}) > 990


@given(purposes, purposes)
def test_digest_of_a_pin(one: str, other: str) -> None:
    assume(one != other)
    digest = pin_digest(one, "1001", "123456")
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest != pin_digest(other, "1001", "123456")
    assert digest != pin_digest(one, "1002", "123456")
    assert digest != pin_digest(one, "1001", "123457")
