# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# A test says what is right, a benchmark what is fast: busy machines must not fail a test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
