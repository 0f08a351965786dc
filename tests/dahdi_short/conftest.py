# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The telephone and the logs of the scenario dahdi."""

from tests.dahdi.conftest import _agent_is_registered, agent, pytest_runtest_makereport

__all__ = ["_agent_is_registered", "agent", "pytest_runtest_makereport"]
