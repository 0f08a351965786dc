# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the servers logged when a test failed."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.lab import cluster


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # The tests only look at what was seen while the fixture was set up: later the logs are others.
    if report.failed and call.when == "setup":
        report.sections.extend(cluster.logs(200))
    return report
