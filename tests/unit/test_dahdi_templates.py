# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role dahdi writes is what dahdi_cfg can read."""

from __future__ import annotations

from typing import Any

from .test_gateway_templates import rendered


def test_country() -> None:
    text = rendered("dahdi", "modprobe.conf.j2", dahdi_opermode="TBR21")
    assert "options wctdm24xxp opermode=TBR21\noptions wcaxx opermode=TBR21\n" in text
    text = rendered("dahdi", "system.conf.j2", _dahdi_plan={"spans": []}, dahdi_tone_zone="fr")
    assert text.endswith("\nloadzone=fr\ndefaultzone=fr")


def test_no_line_of_system_conf_is_too_long() -> None:
    """Names of circuits have up to 60 characters, and a card up to 24 of them."""
    span: dict[str, Any] = {
        "span": 1,
        "line": "",
        "circuits": [f"{channel:060}" for channel in range(1, 25)],
        "channels": [
            *(["fxsks", str(channel)] for channel in range(1000, 1024)),
            ["echocanceller", ",".join(["mg2", *map(str, range(1000, 1024))])],
        ],
    }
    text = rendered("dahdi", "system.conf.j2", _dahdi_plan={"spans": [span]}, dahdi_tone_zone="us")
    lines = text.splitlines()
    assert max(map(len, lines)) < 255
    assert all(line.startswith("#") or "=" in line for line in lines if line)
    assert all(circuit in text for circuit in span["circuits"])
