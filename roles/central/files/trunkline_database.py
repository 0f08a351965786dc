# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database of Asterisk on this server, for the services beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pymysql

CONFIGURATION = Path("/etc/asterisk/res_odbc.conf")

READ_ONLY = 1290
"""Error of MariaDB: this server is the hot spare."""


def database_password(text: str) -> str:
    """The password in ``text``, the content of res_odbc.conf."""
    found = re.search(r"^password\s*=>\s*(\S+)", text, re.MULTILINE)
    return found[1] if found else ""


class Database:
    """A connection; every method raises pymysql.MySQLError when the database does not answer."""

    def __init__(self) -> None:
        """Connects."""
        self._connection = pymysql.connect(
            host="127.0.0.1",
            user="asterisk",
            password=database_password(CONFIGURATION.read_text(encoding="utf-8")),
            database="asterisk",
            charset="utf8mb4",
            connect_timeout=2,
            read_timeout=10,
            autocommit=True,
        )

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def read(self, statement: str) -> list[Any]:
        """Rows."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def write(self, statement: str, *values: str | int) -> int:
        """Rows that were changed; none on the hot spare."""
        with self._connection.cursor() as cursor:
            try:
                return cursor.execute(statement, values)
            except pymysql.MySQLError as error:
                if error.args and error.args[0] == READ_ONLY:
                    return 0
                raise
