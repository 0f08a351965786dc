# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the files in ``/etc/dahdi`` are, and what in them would keep DAHDI from its work."""

from __future__ import annotations

import re

OURS = {
    "assigned-spans.conf": "# Which port is which span, from which channel on.",
    "system.conf": "# How the lines are driven.",
}
"""File -> how the comment begins by which the role knows that it has written it."""

_SWITCHED_OFF = re.compile(
    r"^\s*(DAHDI_UDEV_DISABLE_(?:DEVICES|SPANS))=(?=['\"]?yes)", re.MULTILINE
)
"""Lines of ``init.conf`` that dahdi_handle_device and dahdi_span_config obey."""


def is_ours(file: str, text: str) -> bool:
    """Whether the role has written that file."""
    return any(line.startswith(OURS[file]) for line in text.splitlines())


def known_circuits(system: str) -> set[str]:
    """Circuits that a ``system.conf`` of the role names; none of another one."""
    comments = [line[2:] for line in system.splitlines() if line.startswith("# ")]
    ours = is_ours("system.conf", system)
    return {name for comment in comments for name in comment.split(", ")} if ours else set()


def file_problems(system: str, init: str) -> list[str]:
    """Sentences about the texts of ``system.conf`` and ``init.conf`` as they are on the server."""
    problems = []
    lines = [line.strip() for line in system.splitlines()]
    foreign = [line for line in lines if re.match(r"[a-z&0-9]+=", line) and "zone=" not in line]
    if foreign and not is_ours("system.conf", system):
        problems.append(
            f"/etc/dahdi/system.conf has lines that no role has written, such as '{foreign[0]}', "
            "and would be replaced: see that the plan has these circuits, then move the file away. "
            "Cards that are configured by hand need a server of their own."
        )
    problems += [
        f"/etc/dahdi/init.conf: {name}=yes leaves the lines dead after a boot: remove it."
        for name in _SWITCHED_OFF.findall(init)
    ]
    return problems
