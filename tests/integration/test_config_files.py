# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of files is replaced when all of them are good, and otherwise not at all."""

from __future__ import annotations

import grp
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def config_files(
    directory: Path, files: dict[str, str], validate: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    """Runs the module, as the user who runs the tests."""
    arguments = {
        "directory": str(directory),
        "files": files,
        "validate": validate,
        "owner": pwd.getpwuid(os.getuid()).pw_name,
        "group": grp.getgrgid(os.getgid()).gr_name,
    }
    return subprocess.run(
        [
            str(Path(sys.executable).parent / "ansible"),
            *("localhost", "-m", "trunkline.callcenter.config_files", "-a", json.dumps(arguments)),
            *("-e", f"ansible_python_interpreter={sys.executable}", *options),
        ],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".collections")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("options", [(), ("--check",)])
def test_refused_file_holds_up_all(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "b.conf").write_text("old")
    files = {"a.conf": "good", "b.conf": "bad"}
    done = config_files(tmp_path, files, {"b.conf": "grep -l good %s /dev/null"}, *options)
    assert done.returncode == 2, done.stdout
    assert f"{tmp_path}/b.conf was not replaced, as grep refuses the new one" in done.stdout, (
        done.stdout
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b.conf": "old"}


def test_good_files_are_written_once(tmp_path: Path) -> None:
    files, validate = {"a/x.conf": "good", "b/x.conf": "also"}, {"a/x.conf": "grep -q good %s"}
    assert "CHANGED" in config_files(tmp_path, files, validate).stdout
    assert {name: (tmp_path / name).read_text() for name in files} == files
    assert "SUCCESS" in config_files(tmp_path, files, validate).stdout
