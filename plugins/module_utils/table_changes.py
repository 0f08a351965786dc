# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must change so that a database table holds the wanted rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Row = dict[str, object]
"""Column -> value, as the database gives it and as the inventory says it."""
Key = tuple[str, ...]


@dataclass
class Changes:
    """Rows to insert, to update and to delete; only the keys of the last."""

    insert: list[Row] = field(default_factory=list)
    update: list[Row] = field(default_factory=list)
    delete: list[Key] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.insert or self.update or self.delete)


def row_key(row: Mapping[str, object], key: Sequence[str]) -> Key:
    """Values of the key columns, as text."""
    return tuple(str(row[column]) for column in key)


def table_changes(
    present: Iterable[Mapping[str, object]],
    wanted: Iterable[Mapping[str, object]],
    key: Sequence[str],
    purge: bool,
    keep: Iterable[str] = (),
) -> Changes:
    """Changes that turn ``present`` into ``wanted``.

    Only the columns of a wanted row are compared, as text, so that columns which a program writes
    at run time stay as they are. With ``purge`` rows that nobody wants are deleted, but for those
    whose first key column is in ``keep``.
    """
    before = {row_key(row, key): row for row in present}
    after = {row_key(row, key): dict(row) for row in wanted}
    changes = Changes()
    for name, row in after.items():
        if name not in before:
            changes.insert.append(row)
        elif any(_text(before[name].get(column)) != _text(row[column]) for column in row):
            changes.update.append(row)
    if purge:
        kept = set(keep)
        changes.delete = [name for name in before if name not in after and name[0] not in kept]
    return changes


def without_once(
    present: Iterable[Mapping[str, object]],
    wanted: Iterable[Mapping[str, object]],
    key: Sequence[str],
    once: Iterable[str],
) -> list[Row]:
    """``wanted``, without the columns ``once`` in rows that are already there."""
    there = {row_key(row, key) for row in present}
    kept = set(once)
    return [
        {
            column: value
            for column, value in row.items()
            if column not in kept or row_key(row, key) not in there
        }
        for row in wanted
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
