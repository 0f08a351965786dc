# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which of the two laws of ITU-T G.711 the lines of a call center speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

A_LAW_LINES = frozenset({"e1"})
"""Everything else with a cable is mu-law: T1, J1, and what the drivers make of analog lines."""


def codecs(spans: Iterable[Mapping[str, Any]]) -> list[str]:
    """The codec that needs no translation between these lines and the phones.

    ``spans`` are those of all gateways. One codec, as two of them may force a server to translate.
    Where there are lines of both laws it is A-law: translating is the business of the mu-law side
    (G.711, section 3.4). It is A-law, too, where no line has a cable.
    """
    lines = {str(span["line"]) for span in spans}
    return ["alaw"] if not lines or lines & A_LAW_LINES else ["ulaw"]
