# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: diverged_rows
short_description: Keep what only this database server has before it is filled anew
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Writes the statements and rows that this server wrote itself after another one had taken over
    into a file, which only root may read. They come from the binary log.
  - If the binary log does not reach back so far, it writes a copy of the whole database instead.
  - If the two servers have no history in common, it does so only when told to.
requirements:
  - PyMySQL
  - mariadb-binlog, mariadb-dump
options:
  fork:
    description:
      - GTID position up to which the active server had everything when it was promoted; empty if
        nobody knows.
    type: str
    default: ""
  database:
    description: Name of the database.
    type: str
    default: asterisk
  ignore:
    description: Tables whose rows are of no use later.
    type: list
    elements: str
    default: [dialogs, heartbeats, orphans]
  copy_unrelated:
    description: Whether the whole database is copied where there is no history in common.
    type: bool
    default: false
  directory:
    description: Directory for the file.
    type: path
    default: /var/lib/trunkline
  login_unix_socket:
    description: Socket of the database server on the host.
    type: path
    default: /run/mysqld/mysqld.sock
attributes:
  check_mode:
    description: Reports what would be kept.
    support: full
  diff_mode:
    description: The rows may be personal data and are not shown.
    support: none
"""

EXAMPLES = r"""
- name: What only this server has is kept
  trunkline.callcenter.diverged_rows:
    fork: 0-1-100
  register: diverged
"""

RETURN = r"""
related:
  description: Whether this server had all that the active one had when that was promoted.
  type: bool
  returned: success
rows:
  description: Number of changed rows of each table, without those to be ignored.
  type: dict
  returned: success
kept:
  description: What is in the file, in words; empty when there was nothing to be kept.
  type: str
  returned: success
file:
  description: Path of the file; empty when there was nothing to be kept, and in check mode.
  type: str
  returned: success
"""

import os
import shlex
import shutil
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, NamedTuple

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.trunkline.callcenter.plugins.module_utils.diverged_rows import (
    Gtid,
    Transaction,
    in_words,
    knows,
    logs_after,
    matters,
    own_transactions,
    parse_position,
)

try:
    import pymysql
except ImportError:
    PYMYSQL_ERROR: str | None = traceback.format_exc()
else:
    PYMYSQL_ERROR = None


class Server(NamedTuple):
    """What this server says of itself."""

    number: int
    """Its server_id."""
    state: list[Gtid]
    """The last transactions that it wrote or received, of each server."""
    directory: Path
    """Where its binary logs are."""
    logs: list[tuple[str, str]]
    """Names of the binary logs and the position at which each begins."""


class Kept(NamedTuple):
    """What was kept."""

    what: str
    file: str
    rows: dict[str, int]


def read_server(socket: str) -> Server:
    """Asks the server of this host. Raises pymysql.MySQLError."""
    connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT @@global.server_id, @@global.log_bin_basename,"
            " CONCAT_WS(',', NULLIF(@@global.gtid_binlog_state, ''),"
            " NULLIF(@@global.gtid_slave_pos, ''))"
        )
        number, basename, state = cursor.fetchone() or (0, "", "")
        cursor.execute("SHOW BINARY LOGS")
        names = [str(log[0]) for log in cursor.fetchall()]
        logs: list[tuple[str, str]] = []
        for name in names:
            cursor.execute("SELECT BINLOG_GTID_POS(%s, 4)", (name,))
            begin = cursor.fetchone()
            logs.append((name, str((begin and begin[0]) or "")))
    return Server(int(number), parse_position(state or ""), Path(basename).parent, logs)


def run(module: AnsibleModule, words: list[str], output: IO[bytes]) -> None:
    """Appends what a command says to a file: it may be more than fits into memory. Raises OSError.

    The file must have a name.
    """
    command = f"{shlex.join(words)} >>{shlex.quote(output.name)}"
    code, _said, complaint = module.run_command(command, use_unsafe_shell=True)
    if code:
        raise OSError(f"{words[0]} failed: {complaint.strip()}")


def to_bytes(transaction: Transaction) -> bytes:
    """A transaction in the file."""
    gtid = "-".join(map(str, transaction.gtid))
    text = "\n".join(["", f"-- {gtid} at {transaction.time}", *transaction.lines, ""])
    return text.encode("utf-8", "surrogateescape")


def save(directory: str, heading: str, fill: Callable[[IO[bytes]], object]) -> str:
    """Writes a file that is complete and on the disk, or not there. Raises OSError."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = Path(directory, f"diverged-{stamp}.sql")
    fresh = path.with_suffix(".new")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with fresh.open("wb") as file:
            file.write(f"-- {heading}\n".encode())
            file.flush()
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    return str(path)


def keep_rows(module: AnsibleModule, server: Server, fork: list[Gtid], logs: list[str]) -> Kept:
    """Keeps what this server wrote after the fork. Raises OSError."""
    params = module.params
    rows: Counter[str] = Counter()
    statements = 0
    with tempfile.NamedTemporaryFile() as log, tempfile.TemporaryFile() as body:
        paths = [str(server.directory / name) for name in logs]
        run(module, ["mariadb-binlog", "--verbose", "--base64-output=decode-rows", *paths], log)
        lines: Iterable[str] = (line.decode("utf-8", "surrogateescape") for line in log)
        for transaction in own_transactions(lines, fork, server.number, params["database"]):
            if matters(transaction, params["ignore"]):
                body.write(to_bytes(transaction))
                rows += transaction.rows
                statements += transaction.statement
        for table in params["ignore"]:
            del rows[table]
        what = in_words(rows, statements)
        if not what or module.check_mode:
            return Kept(what, "", dict(rows))
        heading = f"{what}; written here after {params['fork']}, unknown to the active server"
        body.seek(0)
        file = save(params["directory"], heading, lambda file: shutil.copyfileobj(body, file))
    return Kept(what, file, dict(rows))


def keep_copy(module: AnsibleModule) -> Kept:
    """Keeps the whole database. Raises OSError."""
    params = module.params
    what = f"all of the database {params['database']}"
    if module.check_mode:
        return Kept(what, "", {})
    words = [
        "mariadb-dump",
        f"--socket={params['login_unix_socket']}",
        "--user=root",
        "--single-transaction",
        "--hex-blob",
        "--databases",
        params["database"],
    ]
    heading = f"{what}; as it was here before it was filled from the active server"
    return Kept(what, save(params["directory"], heading, lambda file: run(module, words, file)), {})


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "fork": {"type": "str", "default": ""},
            "database": {"type": "str", "default": "asterisk"},
            "ignore": {
                "type": "list",
                "elements": "str",
                "default": ["dialogs", "heartbeats", "orphans"],
            },
            "copy_unrelated": {"type": "bool", "default": False},
            "directory": {"type": "path", "default": "/var/lib/trunkline"},
            "login_unix_socket": {"type": "path", "default": "/run/mysqld/mysqld.sock"},
        },
        supports_check_mode=True,
    )
    if PYMYSQL_ERROR:
        module.fail_json(msg=missing_required_lib("PyMySQL"), exception=PYMYSQL_ERROR)
    try:
        fork = parse_position(module.params["fork"])
        server = read_server(module.params["login_unix_socket"])
        related = knows(server.state, fork)
        logs = logs_after(server.logs, fork) if related else []
        if logs:
            kept = keep_rows(module, server, fork, logs)
        elif related or module.params["copy_unrelated"]:
            kept = keep_copy(module)
        else:
            kept = Kept("", "", {})
    except ValueError as error:
        module.fail_json(msg=f"fork: {error}")
    except (OSError, pymysql.MySQLError) as error:
        module.fail_json(msg=f"What only this server has could not be kept: {error}")
    module.exit_json(
        changed=bool(kept.what),
        related=related,
        rows=kept.rows,
        kept=kept.what,
        file=kept.file,
    )


if __name__ == "__main__":
    main()
