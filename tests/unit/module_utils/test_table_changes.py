# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must change so that a database table holds the wanted rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.table_changes import (
    Changes,
    Row,
    row_key,
    table_changes,
    without_once,
)

KEY = ("queue", "member")
COLUMNS = ("queue", "member", "penalty", "paused")

values: st.SearchStrategy[object] = st.one_of(
    st.integers(0, 3), st.sampled_from(["a", "b", "1"]), st.none()
)
names = st.sampled_from(["a", "b", "c"])


def rows(*columns: str) -> st.SearchStrategy[list[Row]]:
    """Rows with the key and all of ``columns``."""
    row: st.SearchStrategy[Row] = st.fixed_dictionaries(
        {"queue": names, "member": names, **dict.fromkeys(columns, values)}
    )
    return st.lists(row, unique_by=lambda row: row_key(row, KEY), max_size=8)


def partial_rows() -> st.SearchStrategy[list[Row]]:
    """Rows with the key and some columns."""
    row: st.SearchStrategy[Row] = st.fixed_dictionaries(
        {"queue": names, "member": names}, optional={"penalty": values, "paused": values}
    )
    return st.lists(row, unique_by=lambda row: row_key(row, KEY), max_size=8)


def apply(present: list[Row], changes: Changes) -> dict[tuple[str, ...], Row]:
    """What the database does with the changes; a repeated or missing row is an error there."""
    table = {row_key(row, KEY): dict(row) for row in present}
    for key in changes.delete:
        del table[key]
    for row in changes.update:
        table[row_key(row, KEY)].update(row)
    for row in changes.insert:
        assert row_key(row, KEY) not in table
        table[row_key(row, KEY)] = {column: row.get(column) for column in COLUMNS}
    return table


def text(row: Row) -> dict[str, str | None]:
    return {column: None if value is None else str(value) for column, value in row.items()}


@given(rows("penalty", "paused"), rows("penalty", "paused"))
def test_changes_lead_to_what_is_wanted(present: list[Row], wanted: list[Row]) -> None:
    after = apply(present, table_changes(present, wanted, KEY, purge=True))
    assert {key: text(row) for key, row in after.items()} == {
        row_key(row, KEY): text(row) for row in wanted
    }


@given(rows("penalty", "paused"), partial_rows(), st.booleans())
def test_second_run_changes_nothing(present: list[Row], wanted: list[Row], purge: bool) -> None:
    after = apply(present, table_changes(present, wanted, KEY, purge))
    again = table_changes(after.values(), wanted, KEY, purge)
    assert not again
    assert again == Changes()


@given(rows("penalty", "paused"), partial_rows())
def test_without_purge_nothing_is_deleted(present: list[Row], wanted: list[Row]) -> None:
    changes = table_changes(present, wanted, KEY, purge=False)
    assert changes.delete == []
    after = apply(present, changes)
    strangers = {row_key(row, KEY) for row in present} - {row_key(row, KEY) for row in wanted}
    for row in present:
        if row_key(row, KEY) in strangers:
            assert after[row_key(row, KEY)] == row


@given(rows("penalty", "paused"), partial_rows(), st.booleans())
def test_unnamed_columns_stay(present: list[Row], wanted: list[Row], purge: bool) -> None:
    """The pause of a member belongs to the agent, not to the inventory."""
    before = {row_key(row, KEY): row for row in present}
    after = apply(present, table_changes(present, wanted, KEY, purge))
    for row in wanted:
        key = row_key(row, KEY)
        for column in set(COLUMNS) - set(row):
            assert after[key][column] == (before[key][column] if key in before else None)


@given(rows("penalty", "paused"), partial_rows(), st.booleans())
def test_only_what_differs_is_touched(present: list[Row], wanted: list[Row], purge: bool) -> None:
    changes = table_changes(present, wanted, KEY, purge)
    before = {row_key(row, KEY): text(row) for row in present}
    for row in changes.update:
        assert text(row).items() - before[row_key(row, KEY)].items()
    keys = [row_key(row, KEY) for row in (*changes.insert, *changes.update)] + changes.delete
    assert len(keys) == len(set(keys))
    assert bool(changes) == bool(keys)


def test_numbers_and_text_are_the_same() -> None:
    """The driver gives numbers, the inventory text, or the other way round; NULL is neither."""
    present: list[Row] = [{"id": 1001, "max": "1", "note": None}]
    assert not table_changes(present, [{"id": "1001", "max": 1, "note": None}], ["id"], True)
    assert table_changes(present, [{"id": "1001", "note": "None"}], ["id"], True).update
    assert table_changes(present, [{"id": "1001", "note": ""}], ["id"], True).update


def test_input_is_not_touched() -> None:
    present: list[Row] = [{"id": "1", "x": 1}]
    wanted: list[Row] = [{"id": "2", "x": 2}]
    changes = table_changes(present, wanted, ["id"], True)
    changes.insert[0]["x"] = 3
    assert (present, wanted) == ([{"id": "1", "x": 1}], [{"id": "2", "x": 2}])


@given(rows("penalty", "paused"), rows("penalty", "paused"))
def test_columns_for_new_rows_only(present: list[Row], wanted: list[Row]) -> None:
    before = {row_key(row, KEY): row for row in present}
    named = without_once(present, wanted, KEY, ["paused"])
    after = apply(present, table_changes(present, named, KEY, purge=True))
    for row in wanted:
        key = row_key(row, KEY)
        assert after[key]["paused"] == before.get(key, row)["paused"]
        assert text(after[key])["penalty"] == text(row)["penalty"]
