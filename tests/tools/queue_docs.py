# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the tables of options in docs/queues.md.

With --check nothing is written; the exit code is 1 when they are not what would be written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ansible_collections.trunkline.callcenter.plugins.plugin_utils import (
    call_backs,
    queue_options,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "queues.md"
BEGIN = "<!-- Written by `make queue-docs` from plugins/plugin_utils/{}.py -->\n"
END = "<!-- End of what is written -->\n"


def page(text: str) -> str:
    """Return the page with the tables in their places."""
    for name, rows in (
        ("queue_options", queue_options.reference()),
        ("call_backs", call_backs.reference()),
    ):
        before, begin, rest = text.partition(BEGIN.format(name))
        _table, _end, after = rest.partition(END)
        table = "\n".join(rows)
        text = f"{before}{begin}\n{table}\n\n{END}{after}"
    return text


def main() -> int:
    """Write or check the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether it is out of date")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    written = page(text)
    if written == text:
        return 0
    if arguments.check:
        print("docs/queues.md is out of date, run make queue-docs")
        return 1
    PAGE.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
