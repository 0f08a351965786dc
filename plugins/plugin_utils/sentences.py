# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of the sentences that tell a user what to mend."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


def nearest(name: str, known: Iterable[str], otherwise: str = "declare it there") -> str:
    """The remedy for an undeclared ``name``: the declared one that looks like it, if any."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{close[0]}'" if close else otherwise


def nearest_option(name: str, known: Iterable[str]) -> str:
    """The remedy for an unknown option: the one that looks like it, or all if they are few."""
    options = sorted(known)
    close = difflib.get_close_matches(name, options, n=1)
    if close:
        return f"did you mean '{close[0]}'"
    return f"choose from {', '.join(options)}" if 0 < len(options) <= 12 else "check the spelling"


def unknown_options(where: str, given: Iterable[object], known: Collection[str]) -> list[str]:
    """A sentence for each option that is ``given`` at a place of the inventory and not known."""
    return [
        f"{where}: unknown option '{option}', {nearest_option(str(option), known)}."
        for option in given
        if option not in known
    ]
