# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A test says what is right, a benchmark what is fast: busy machines must not fail a test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave make test a line for every failure, which it prints below all else."""
    failed_tests = os.environ.get("FAILED_TESTS")
    if failed_tests is None or "PYTEST_XDIST_WORKER" in os.environ:  # Told by the workers' master.
        return
    with Path(failed_tests).open("a", encoding="utf-8") as lines:
        for outcome in ("failed", "error"):
            for report in terminalreporter.getreports(outcome):
                crash = getattr(report.longrepr, "reprcrash", None)
                reason = str(crash.message if crash else report.longrepr).split("\n", 1)[0]
                lines.write(f"{report.nodeid} ({report.when}): {reason[:200]}\n")
