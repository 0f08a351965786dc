# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: realtime_tables
short_description: Rows of tables of Asterisk's realtime database
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Inserts, updates and deletes rows of all tables in one transaction.
  - Columns that a wanted row does not name keep their values, such as the pause of a member.
  - On a read-only server, the hot spare, it changes nothing, as rows arrive by replication.
requirements:
  - PyMySQL
options:
  database:
    description: Name of the database.
    type: str
    default: asterisk
  tables:
    description: The tables, in the order in which they are written.
    type: list
    elements: dict
    required: true
    suboptions:
      table:
        description: Name of the table.
        type: str
        required: true
      key:
        description: Columns that tell the rows apart.
        type: list
        elements: str
        default: [id]
      rows:
        description: The wanted rows, a dictionary of column and value each.
        type: list
        elements: dict
        required: true
      keep:
        description: Values of the first key column whose rows are not deleted in this run.
        type: list
        elements: str
        default: []
      once:
        description: Columns that only new rows get, such as a PIN that its user may change.
        type: list
        elements: str
        default: []
  purge:
    description: Whether rows that are not wanted are deleted.
    type: bool
    default: false
  login_unix_socket:
    description: Socket of the database server on the host.
    type: path
    default: /run/mysqld/mysqld.sock
attributes:
  check_mode:
    description: Reports what would change; a database that does not exist yet counts as empty.
    support: full
  diff_mode:
    description: Shows the rows that change.
    support: full
"""

EXAMPLES = r"""
- name: One seat has an account
  trunkline.callcenter.realtime_tables:
    tables:
      - table: ps_aors
        rows: [{id: "1001", max_contacts: 1}]
"""

RETURN = r"""
read_only:
  description: Whether the server is read-only, so that nothing was changed.
  type: bool
  returned: success
inserted:
  description: Number of rows that were new.
  type: int
  returned: success
updated:
  description: Number of rows that changed.
  type: int
  returned: success
deleted:
  description: Number of rows that were removed.
  type: int
  returned: success
"""

import re
import traceback
from typing import TYPE_CHECKING

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.trunkline.callcenter.plugins.module_utils.table_changes import (
    Changes,
    Row,
    row_key,
    table_changes,
    without_once,
)

if TYPE_CHECKING:
    from pymysql.cursors import DictCursor

try:
    import pymysql
    import pymysql.cursors
except ImportError:
    PYMYSQL_ERROR: str | None = traceback.format_exc()
else:
    PYMYSQL_ERROR = None

SCHEMA_ABSENT = (1049, 1054, 1146, 2002)
"""Errors of MariaDB: unknown database, unknown column, unknown table, no server at the socket."""


def statement(*words: str) -> str:
    """SQL from keywords and quoted identifiers; values are never part of it."""
    return " ".join(words)


def quote(name: str) -> str:
    """An identifier for SQL; raises ValueError when it is none."""
    if not re.fullmatch(r"\w{1,64}", name):
        raise ValueError(f"'{name}' is not the name of a table or a column")
    return f"`{name}`"


def is_read_only(cursor: DictCursor) -> bool:
    """Whether the server is a hot spare: root could write, and break the replication."""
    return cursor.execute("SELECT 1 FROM DUAL WHERE @@global.read_only = 1") > 0


def read_rows(cursor: DictCursor, table: str, columns: list[str]) -> list[Row]:
    """All rows of the table."""
    cursor.execute(statement("SELECT", ", ".join(map(quote, columns)), "FROM", quote(table)))
    return list(cursor.fetchall())


def write_changes(cursor: DictCursor, table: str, key: list[str], changes: Changes) -> None:
    """Carries out the changes in the open transaction."""
    where = " AND ".join(f"{quote(column)} = %s" for column in key)
    for name in changes.delete:
        cursor.execute(statement("DELETE FROM", quote(table), "WHERE", where), name)
    for row in changes.update:
        names = ", ".join(f"{quote(column)} = %s" for column in row)
        cursor.execute(
            statement("UPDATE", quote(table), "SET", names, "WHERE", where),
            (*row.values(), *(row[column] for column in key)),
        )
    for row in changes.insert:
        names = ", ".join(map(quote, row))
        marks = ", ".join(["%s"] * len(row))
        cursor.execute(
            statement("INSERT INTO", quote(table), f"({names}) VALUES ({marks})"),
            tuple(row.values()),
        )


def show(rows: list[Row], key: list[str]) -> str:
    """Rows as lines of text, for the diff."""
    lines = (
        " ".join(row_key(row, key)) + ": " + " ".join(f"{name}={row[name]}" for name in sorted(row))
        for row in rows
    )
    return "".join(f"{line}\n" for line in sorted(lines))


def change_tables(module: AnsibleModule) -> tuple[bool, list[Changes], list[dict[str, str]]]:
    """Whether the server is read-only, the changes of each table, and their differences."""
    all_changes: list[Changes] = []
    differences: list[dict[str, str]] = []
    connection = pymysql.connect(
        unix_socket=module.params["login_unix_socket"],
        user="root",
        database=module.params["database"],
        charset="utf8mb4",
        cursorclass=pymysql.cursors.DictCursor,
    )
    with connection, connection.cursor() as cursor:
        if is_read_only(cursor):
            return True, [], []
        for wanted in module.params["tables"]:
            table, key, rows = wanted["table"], wanted["key"], wanted["rows"]
            columns = list(dict.fromkeys([*key, *(column for row in rows for column in row)]))
            present = read_rows(cursor, table, columns)
            rows = without_once(present, rows, key, wanted["once"])
            changes = table_changes(present, rows, key, module.params["purge"], wanted["keep"])
            all_changes.append(changes)
            differences.append(difference(table, key, present, changes))
            if changes and not module.check_mode:
                write_changes(cursor, table, key, changes)
        connection.commit()
    return False, all_changes, differences


def difference(table: str, key: list[str], present: list[Row], changes: Changes) -> dict[str, str]:
    """The rows of a table that change, before and after."""
    touched = {row_key(row, key) for row in changes.update} | set(changes.delete)
    return {
        "before_header": f"table {table}",
        "after_header": f"table {table}",
        "before": show([row for row in present if row_key(row, key) in touched], key),
        "after": show([*changes.update, *changes.insert], key),
    }


def changes_of_an_empty_database(module: AnsibleModule) -> list[Changes]:
    """What a run will do to a database that does not exist yet."""
    return [
        table_changes([], wanted["rows"], wanted["key"], purge=False)
        for wanted in module.params["tables"]
    ]


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "database": {"type": "str", "default": "asterisk"},
            "tables": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "table": {"type": "str", "required": True},
                    "key": {"type": "list", "elements": "str", "default": ["id"], "no_log": False},
                    "rows": {"type": "list", "elements": "dict", "required": True},
                    "keep": {"type": "list", "elements": "str", "default": []},
                    "once": {"type": "list", "elements": "str", "default": []},
                },
            },
            "purge": {"type": "bool", "default": False},
            "login_unix_socket": {"type": "path", "default": "/run/mysqld/mysqld.sock"},
        },
        supports_check_mode=True,
    )
    read_only = False
    differences: list[dict[str, str]] = []
    if PYMYSQL_ERROR:
        if not module.check_mode:
            module.fail_json(msg=missing_required_lib("PyMySQL"), exception=PYMYSQL_ERROR)
        changes = changes_of_an_empty_database(module)
    else:
        try:
            read_only, changes, differences = change_tables(module)
        except ValueError as error:
            module.fail_json(msg=str(error))
        except pymysql.MySQLError as error:
            if not (module.check_mode and error.args and error.args[0] in SCHEMA_ABSENT):
                module.fail_json(msg=f"nothing was changed in the database: {error}")
            changes = changes_of_an_empty_database(module)
    module.exit_json(
        changed=any(changes),
        read_only=read_only,
        inserted=sum(len(change.insert) for change in changes),
        updated=sum(len(change.update) for change in changes),
        deleted=sum(len(change.delete) for change in changes),
        diff=[entry for entry in differences if entry["before"] != entry["after"]],
    )


if __name__ == "__main__":
    main()
