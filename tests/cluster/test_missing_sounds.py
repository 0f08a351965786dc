# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sounds that the inventory names and a server lacks are named before anything is changed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.lab import cluster


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"central_refusal": ["custom/nobody"]},
            "custom/nobody: central1 has no such recording, put it there as "
            "/usr/share/asterisk/sounds/NAME.wav",
        ),
        (
            {"asterisk_music": {"jazz": "/var/empty"}},
            "asterisk_music: jazz: central1 has no file NAME.wav, NAME.ulaw or NAME.alaw in its "
            "directory",
        ),
    ],
)
def test_missing_sound(variables: dict[str, Any], sentence: str) -> None:
    done = cluster.playbook("site", "--limit", "central", "-e", json.dumps(variables))
    assert done.returncode != 0
    assert sentence in " ".join(done.stdout.split())
    assert set(re.findall(r"changed=\d+", done.stdout)) == {"changed=0"}
