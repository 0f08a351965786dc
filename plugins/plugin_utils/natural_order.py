# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order in which people expect names with numbers: gw2 before gw10."""

from __future__ import annotations

import re

_NUMBER = re.compile("[0-9]+")
_WIDTH = 20


def natural_key(name: str) -> tuple[str, str]:
    """Key to sort by. Different names have different keys: no order depends on the input's."""
    return _NUMBER.sub(_padded, name), name


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(_WIDTH)
