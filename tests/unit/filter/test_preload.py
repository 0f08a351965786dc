# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``preload`` in a process of its own, as this one has loaded filters already."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
PACKAGE = "ansible_collections.trunkline.callcenter.plugins.filter"
PROGRAM = f"""
import sys
from {PACKAGE}.preload import FilterModule

assert FilterModule().filters()["preload"](False) is False
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith("{PACKAGE}.")))
"""


def test_every_filter_is_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PYTHONPATH": str(CHECKOUT / ".collections")},
        capture_output=True,
        text=True,
        check=True,
    )
    filters = {path.stem for path in (CHECKOUT / "plugins/filter").glob("*.py")}
    assert set(done.stdout.split()) == filters
