# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is served before others in every queue: priorities of callers and of dialled numbers."""

from __future__ import annotations

from collections.abc import Mapping

from .dial_patterns import patterns_of
from .reading import OptionError, Path, shown, whole

HIGHEST_PRIORITY = 99
"""What is above belongs to callers who were waiting when a central server died."""

EXTENSION_OF_A_CALLER = "c"
"""Begins the extensions of the dialplan, as a caller may have no number."""


def read_priority(path: Path, value: object) -> int:
    """A priority. Raises OptionError with one sentence."""
    return whole(path, value, 0, HIGHEST_PRIORITY)


def caller_priority_problems(callers: Mapping[str, object]) -> list[str]:
    """Sentences that say what is wrong with ``central_priority_callers``."""
    problems = []
    for caller, priority in callers.items():
        if not patterns_of(str(caller)):
            problems.append(
                f"central_priority_callers: {shown(caller)} is neither a telephone number nor a "
                "pattern such as _0123X. nor a range such as 5550100-5550199."
            )
        try:
            read_priority(("central_priority_callers", str(caller)), priority)
        except OptionError as error:
            problems.append(str(error))
    return problems


def caller_priorities(callers: Mapping[str, object]) -> dict[str, int]:
    """Extension or pattern of the dialplan -> priority."""
    found = {}
    for caller, priority in callers.items():
        for pattern in patterns_of(str(caller)):
            is_pattern = pattern.startswith("_")
            extension = f"{'_' * is_pattern}{EXTENSION_OF_A_CALLER}{pattern.removeprefix('_')}"
            found[extension] = read_priority(("central_priority_callers", str(caller)), priority)
    return found
