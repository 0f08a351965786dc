# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""In what two central servers differ that ought to be equal."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

MOST_LINES = 40
"""Of one file: who needs more looks into it."""


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Files and packages that only one of them has, or that are not the same on both."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def difference(
    names: tuple[str, str],
    digests: tuple[Mapping[str, str], Mapping[str, str]],
    texts: tuple[Mapping[str, str], Mapping[str, str]],
) -> list[str]:
    """Lines that show the difference.

    ``digests`` are the files and packages of both servers (of a package its version), ``texts`` the
    files that differ, without passwords.
    """
    lines: list[str] = []
    for name in differing(*digests):
        present = [name in side for side in digests]
        if name.startswith("package "):
            versions = [side.get(name, "missing") for side in digests]
            lines.append(f"{name}: {names[0]} {versions[0]}, {names[1]} {versions[1]}")
        elif not all(present):
            lines.append(f"{name}: only on {names[present.index(True)]}")
        else:
            lines += _of_file(name, names, (texts[0].get(name, ""), texts[1].get(name, "")))
    return lines


def _of_file(path: str, names: tuple[str, str], texts: tuple[str, str]) -> list[str]:
    found = list(
        difflib.unified_diff(
            texts[0].splitlines(),
            texts[1].splitlines(),
            f"{names[0]}:{path}",
            f"{names[1]}:{path}",
            lineterm="",
            n=0,
        )
    )
    if not found:
        return [f"{path}: a password differs"]
    if len(found) > MOST_LINES:
        left = len(found) - MOST_LINES
        found = [*found[:MOST_LINES], f"... and {left} lines more"]
    return found
