# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: central_info
short_description: What a central server says of itself
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Reads the state that the server's own service writes, whether it holds the floating address, its
    database, its configuration and its last promotions. Changes nothing.
  - A part that does not answer is a part of the answer, not an error.
options:
  floating_address:
    description: The address that belongs to the active server.
    type: str
    required: true
  names:
    description:
      - Words of this server, such as its address and its name, and what shall stand for them in its
        configuration, so that the files of two servers can be compared.
    type: dict
    default: {}
  show:
    description: Configuration files whose text is wanted too, without passwords.
    type: list
    elements: path
    default: []
  seconds:
    description: Calls of how many seconds, up to now, are to be counted; V(0) for none.
    type: int
    default: 0
attributes:
  check_mode:
    description: The module only reads.
    support: full
  diff_mode:
    description: The module only reads.
    support: none
"""

EXAMPLES = r"""
- name: State of the server is known
  trunkline.callcenter.central_info:
    floating_address: 192.0.2.20
  register: server
"""

RETURN = r"""
time:
  description: Clock of the server, seconds since the epoch.
  type: float
  returned: success
state:
  description: Content of C(/run/trunkline/state.json); empty when there is none.
  type: dict
  returned: success
holds_address:
  description: Whether the floating address is one of its own now.
  type: bool
  returned: success
prepared_seconds:
  description: How long ago it was prepared for a planned switch.
  type: float
  returned: when it was
history:
  description: Its last promotions, as C(promotions.jsonl) holds them.
  type: list
  elements: dict
  returned: success
failbacks:
  description: When failback.yml gave the address back to this server, seconds since the epoch.
  type: list
  elements: float
  returned: success
database:
  description:
    - C(answers), C(reason) (why not), C(writable), C(follows) (address of the primary, or empty),
      C(runs) (whether it replicates), C(broken) (whether it has stopped with an error), C(behind)
      (seconds or null), C(error), C(unfinished) (whether it was never filled completely),
      C(filling) (whether it is being filled).
    - When it answers, also C(registered) (phones) and C(agents) (how many of each status).
    - With O(seconds), also C(traffic), with C(seconds), C(calls), C(failed), C(entered),
      C(connected) and C(abandoned).
  type: dict
  returned: success
asterisk_starts:
  description: A text that changes with every start of Asterisk.
  type: str
  returned: success
configuration:
  description: Configuration files and packages, each with what tells it apart.
  type: dict
  returned: success
texts:
  description: The files of O(show).
  type: dict
  returned: success
codecs:
  description: Codecs that its Asterisk offers.
  type: list
  elements: str
  returned: success
"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.central_files import (
    CONFIGURATION,
    PACKAGES,
    codecs,
    comparable,
    digest,
    read_history,
    read_state,
    replication,
    without_secrets,
)

if TYPE_CHECKING:
    from pymysql.cursors import DictCursor

try:
    import pymysql
    import pymysql.cursors
except ImportError:
    HAS_PYMYSQL = False
else:
    HAS_PYMYSQL = True

RUN = Path("/run/trunkline")
KEPT = Path("/var/lib/trunkline")
SOCKET = "/run/mysqld/mysqld.sock"
SECONDS = 3

REGISTERED = "SELECT COUNT(*) AS phones FROM ps_contacts WHERE expiration_time > UNIX_TIMESTAMP()"
AGENTS = (
    "SELECT IF(phone IS NULL, 'LoggedOut', status) AS status, COUNT(*) AS agents FROM agents "
    "GROUP BY 1"
)
# Test calls are no calls.
CALLS = (
    "SELECT COUNT(*) AS calls, COALESCE(SUM(disposition IN ('FAILED', 'CONGESTION')), 0) AS failed "
    "FROM cdr WHERE start >= UTC_TIMESTAMP() - INTERVAL %s SECOND "
    "AND channel NOT LIKE 'PJSIP/health-%%'"
)
QUEUES = (
    "SELECT COALESCE(SUM(event = 'ENTERQUEUE'), 0) AS entered, "
    "COALESCE(SUM(event = 'CONNECT'), 0) AS connected, "
    "COALESCE(SUM(event = 'ABANDON'), 0) AS abandoned "
    "FROM queue_log WHERE time >= NOW(6) - INTERVAL %s SECOND AND queuename <> 'trunkline-test'"
)


def read(path: Path) -> str:
    """Text of a file; empty when there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def ask_database(seconds: int) -> dict[str, Any]:
    """What the database says of itself, and of calls of the last seconds."""
    if not HAS_PYMYSQL:
        return silent("python3-pymysql is not installed")
    try:
        connection = pymysql.connect(
            unix_socket=SOCKET,
            user="root",
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            write_timeout=SECONDS,
            cursorclass=pymysql.cursors.DictCursor,
        )
        with connection, connection.cursor() as cursor:
            return {"answers": True, "reason": "", **ask(cursor, seconds)}
    except (pymysql.MySQLError, OSError) as error:
        return silent(str(error.args[-1]) if error.args else str(error))


def silent(reason: str) -> dict[str, Any]:
    """What is known of a database that does not answer."""
    return {"answers": False, "reason": reason, "writable": False, **replication(None)}


def ask(cursor: DictCursor, seconds: int) -> dict[str, Any]:
    """Everything that is asked of a database that answers."""
    cursor.execute("SELECT @@global.read_only = 0 AS writable")
    writable = bool(cursor.fetchall()[0]["writable"])
    cursor.execute("SHOW ALL SLAVES STATUS")
    rows = cursor.fetchall()
    answer = {"writable": writable, **replication(rows[0] if rows else None)}
    try:
        cursor.execute("USE asterisk")
        cursor.execute(REGISTERED)
        answer["registered"] = int(cursor.fetchall()[0]["phones"])
        cursor.execute(AGENTS)
        answer["agents"] = {row["status"]: int(row["agents"]) for row in cursor.fetchall()}
        if seconds:
            counts: dict[str, Any] = {}
            for statement in (CALLS, QUEUES):
                cursor.execute(statement, (seconds,))
                counts.update(cursor.fetchall()[0])
            counts["seconds"] = seconds
            answer["traffic"] = {name: int(count) for name, count in counts.items()}
    except pymysql.ProgrammingError:
        # It has no call center yet.
        pass
    return answer


def holds(module: AnsibleModule, address: str) -> bool:
    """Whether the address is one of this host."""
    _rc, out, _err = module.run_command(["ip", "-j", "-4", "address", "show"])
    try:
        interfaces = json.loads(out)
    except ValueError:
        return False
    return any(
        entry.get("local") == address
        for interface in interfaces
        for entry in interface.get("addr_info", [])
    )


def fills() -> bool:
    """Whether a program takes or loads a copy of the active database."""
    wanted = (str(KEPT / "primary.cnf").encode(), str(KEPT / "seed.cnf").encode())
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue  # It has ended meanwhile.
        if any(word in words for word in wanted):
            return True
    return False


def configuration(names: dict[str, str]) -> dict[str, str]:
    """Text of each configuration file, comparable."""
    root = Path("/")
    found = sorted(
        path for pattern in CONFIGURATION for path in root.glob(pattern[1:]) if path.is_file()
    )
    return {str(path): comparable(read(path), names) for path in found}


def packages(module: AnsibleModule) -> dict[str, str]:
    """Versions of the packages that matter."""
    _rc, out, _err = module.run_command(
        ["dpkg-query", "-W", "-f", "package ${Package}\t${Version}\n", *PACKAGES]
    )
    return dict(line.split("\t", 1) for line in out.splitlines() if "\t" in line)


def starts(module: AnsibleModule) -> str:
    """A text that changes with every start of Asterisk."""
    _rc, out, _err = module.run_command(
        ["systemctl", "show", "asterisk.service", "-p", "NRestarts,ExecMainStartTimestampMonotonic"]
    )
    return " ".join(sorted(out.split()))


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "floating_address": {"type": "str", "required": True},
            "names": {"type": "dict", "default": {}},
            "show": {"type": "list", "elements": "path", "default": []},
            "seconds": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    texts = configuration(module.params["names"])
    prepared = RUN / "prepared"
    answer: dict[str, Any] = {
        "state": read_state(read(RUN / "state.json")),
        "time": time.time(),
        "holds_address": holds(module, module.params["floating_address"]),
        "history": read_history(read(KEPT / "promotions.jsonl").splitlines()),
        "failbacks": [
            float(line)
            for line in read(KEPT / "failbacks").split()
            if line.replace(".", "", 1).isdecimal()
        ],
        "database": {
            **ask_database(module.params["seconds"]),
            "unfinished": (KEPT / "seed.cnf").exists(),
            "filling": fills(),
        },
        "asterisk_starts": starts(module),
        "configuration": {
            **{path: digest(text) for path, text in texts.items()},
            **packages(module),
        },
        "texts": {
            path: without_secrets(texts[path]) for path in module.params["show"] if path in texts
        },
        "codecs": codecs(texts.get("/etc/asterisk/pjsip.conf", "")),
    }
    if prepared.exists():
        answer["prepared_seconds"] = round(time.time() - prepared.stat().st_mtime, 1)
    module.exit_json(changed=False, **answer)


if __name__ == "__main__":
    main()
