# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: config_files
short_description: Configuration files of one directory, written as a set
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Writes all files or none, each atomically, and tells which ones changed.
  - One connection serves the whole set, where a template task needs several for each file.
  - Not for files with secrets, as their content is an argument of the task.
options:
  directory:
    description: Directory of the files. It has to exist, unless in check mode.
    type: path
    required: true
  files:
    description:
      - Name of each file, relative to the directory, and its content.
      - Directories in a name are made where they are missing.
    type: dict
    required: true
  owner:
    description: Owner of the files.
    type: str
    default: root
  group:
    description: Group of the files.
    type: str
    default: root
  mode:
    description: Mode of the files.
    type: raw
    default: "0644"
  validate:
    description:
      - Name of a file and the command that checks it, where V(%s) stands for its draft.
      - If one of them is refused, none of the files is replaced.
    type: dict
    default: {}
    version_added: 0.2.0
attributes:
  check_mode:
    description: Reports which files would change.
    support: full
  diff_mode:
    description: Shows the difference of each file.
    support: full
"""

EXAMPLES = r"""
- name: Two files are written
  trunkline.callcenter.config_files:
    directory: /etc/asterisk
    files:
      rtp.conf: "{{ lookup('ansible.builtin.template', 'rtp.conf.j2') }}"
      queues.conf: "{{ lookup('ansible.builtin.template', 'queues.conf.j2') }}"

- name: A file is written that its program understands
  trunkline.callcenter.config_files:
    directory: /etc/dahdi
    files:
      system.conf: "{{ lookup('ansible.builtin.template', 'system.conf.j2') }}"
    validate:
      system.conf: dahdi_cfg -t -c %s
"""

RETURN = r"""
changed_files:
  description: Names of the files whose content or attributes changed.
  type: list
  elements: str
  returned: success
"""

import os
import tempfile
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule


def present_content(path: Path) -> str | None:
    """Content of a file; None if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def drafted(module: AnsibleModule, content: str) -> Path:
    """A new file, closed to others, whatever its later mode is."""
    descriptor, draft = tempfile.mkstemp(dir=module.tmpdir)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    return Path(draft)


def validate(module: AnsibleModule, path: Path, draft: Path, command: str) -> None:
    """Fails with the words of the command if it refuses the draft."""
    status, out, err = module.run_command(command.replace("%s", str(draft)))
    if status:
        program = command.partition(" ")[0]
        said = " ".join(f"{out} {err}".replace(str(draft), path.name).split())
        module.fail_json(
            msg=f"{path} was not replaced, as {program} refuses the new one ({said}): "
            "correct the variables that the file is made of."
        )


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "files": {"type": "dict", "required": True},
            "owner": {"type": "str", "default": "root"},
            "group": {"type": "str", "default": "root"},
            "mode": {"type": "raw", "default": "0644"},
            "validate": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    directory = Path(module.params["directory"])
    if not directory.is_dir() and not module.check_mode:
        module.fail_json(msg=f"directory: {directory} does not exist, make it first.")
    changed: list[str] = []
    drafts: dict[Path, Path] = {}
    differences: list[dict[str, str]] = []
    for name, content in module.params["files"].items():
        path = directory / name
        before = present_content(path)
        if before != content:
            changed.append(name)
            header = str(path)
            differences.append(
                {
                    "before_header": header,
                    "after_header": header,
                    "before": before or "",
                    "after": content,
                }
            )
            drafts[path] = drafted(module, content)
            if name in module.params["validate"]:
                validate(module, path, drafts[path], module.params["validate"][name])
    if not module.check_mode:
        for path, draft in drafts.items():
            path.parent.mkdir(mode=0o755, exist_ok=True)
            module.atomic_move(str(draft), str(path))
    for name in module.params["files"]:
        path = directory / name
        if path.exists():
            wanted = {"path": str(path)} | {
                key: module.params[key] for key in ("owner", "group", "mode")
            }
            arguments = module.load_file_common_arguments(wanted)
            if module.set_fs_attributes_if_different(arguments, changed=False):
                changed.append(name)
    module.exit_json(changed=bool(changed), changed_files=sorted(set(changed)), diff=differences)


if __name__ == "__main__":
    main()
