# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the README.md of every role from its argument spec and its defaults.

With --check nothing is written; the exit code is 1 when a README is not what would be written.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, cast

import yaml

COLLECTION = "trunkline.callcenter"
ROOT = Path(__file__).resolve().parents[2]

HEADER = """\
<!--
SPDX-FileCopyrightText: trunkline.callcenter contributors
SPDX-License-Identifier: GPL-3.0-or-later
Written by `make role-docs` from meta/argument_specs.yml and defaults/main.yml: change those.
-->
"""

# Ansible's documentation markup, as far as it has a counterpart in Markdown.
MARKUP = (
    (re.compile(r"\b[CVOE]\(([^)]*)\)"), r"`\1`"),
    (re.compile(r"\bRV\(([^)]*)\)"), r"`\1`"),
    (re.compile(r"\bM\(([^)]*)\)"), r"`\1`"),
    (re.compile(r"\bP\(([^)#]*)#?[^)]*\)"), r"`\1`"),
    (re.compile(r"\bB\(([^)]*)\)"), r"**\1**"),
    (re.compile(r"\bI\(([^)]*)\)"), r"*\1*"),
    (re.compile(r"\bU\(([^)]*)\)"), r"<\1>"),
    (re.compile(r"\bL\(([^,)]*), *([^)]*)\)"), r"[\1](\2)"),
)

Spec = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML with the tags that Ansible adds; their values are kept as they are written."""


_Loader.add_multi_constructor(
    "!", lambda loader, _suffix, node: loader.construct_scalar(cast("yaml.ScalarNode", node))
)


def load(path: Path) -> Any:  # noqa: ANN401 - a YAML file may hold anything
    """Return the content of a YAML file, None when it is empty."""
    # A subclass of SafeLoader.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506


def roles(root: Path = ROOT) -> list[Path]:
    """Return the directories of all roles, sorted."""
    return sorted(path for path in (root / "roles").glob("*") if path.is_dir())


def entry_points(role: Path) -> dict[str, Spec]:
    """Return the entry points of a role, `main` first."""
    specs = load(role / "meta" / "argument_specs.yml")["argument_specs"]
    return dict(sorted(specs.items(), key=lambda item: (item[0] != "main", item[0])))


def defaults(role: Path) -> dict[str, Any]:
    """Return what defaults/main.yml sets."""
    return load(role / "defaults" / "main.yml") or {}


def text(value: str | list[str]) -> str:
    """Return a description as one line of Markdown."""
    result = " ".join(" ".join([value] if isinstance(value, str) else value).split())
    for pattern, replacement in MARKUP:
        result = pattern.sub(replacement, result)
    return result


def cell(value: str) -> str:
    """Return the text so that it stays inside of one cell of a table."""
    return value.replace("|", "\\|")


def code(value: Any) -> str:  # noqa: ANN401 - a default may be anything
    """Return a value as YAML in one line."""
    written = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6
    )
    line = written.removesuffix("...\n").strip()
    return f"`{cell(line)}`"


def rows(options: dict[str, Spec], values: dict[str, Any], prefix: str = "") -> list[str]:
    """Return the rows of a table, the options inside of an option below it."""
    result = []
    for name, option in options.items():
        kind = str(option.get("type", ""))
        if option.get("elements"):
            kind = f"{kind} of {option['elements']}"
        description = text(option.get("description", ""))
        if option.get("choices"):
            choices = ", ".join(code(choice) for choice in option["choices"])
            description = f"{cell(description)} One of {choices}."
        else:
            description = cell(description)
        default = "" if option.get("required") else code(values.get(name, option.get("default")))
        if not option.get("required") and name not in values and "default" not in option:
            default = ""
        required = "yes" if option.get("required") else ""
        result.append(f"| `{prefix}{name}` | {kind} | {required} | {default} | {description} |")
        if option.get("options"):
            inside = f"{prefix}{name}[]." if kind.startswith("list") else f"{prefix}{name}."
            result += rows(option["options"], {}, inside)
    return result


def example(role: Path, name: str, spec: Spec) -> str:
    """Return the example of an entry point: the spec's own, else one with the required options."""
    if spec.get("examples"):
        return str(spec["examples"]).strip()
    required = {
        option: value.get("example", f"<{value.get('type', 'str')}>")
        for option, value in spec.get("options", {}).items()
        if value.get("required")
    }
    import_role: Spec = {"name": f"{COLLECTION}.{role.name}"}
    if name != "main":
        import_role["tasks_from"] = name
    task: Spec = {
        "name": text(spec["short_description"]),
        "ansible.builtin.import_role": import_role,
    }
    if required:
        task["vars"] = required
    written = yaml.safe_dump([task], sort_keys=False, allow_unicode=True, width=100)
    return written.strip()


def readme(role: Path) -> str:
    """Return the README.md of a role."""
    values = defaults(role)
    parts = [HEADER, f"# {COLLECTION}.{role.name}\n"]
    for name, spec in entry_points(role).items():
        if name != "main":
            parts.append(f"## Entry point `{name}`\n")
        parts.append(f"{text(spec['short_description'])}\n")
        description = spec.get("description", [])
        paragraphs = [description] if isinstance(description, str) else description
        parts += [f"{text(paragraph)}\n" for paragraph in paragraphs]
        level = "##" if name == "main" else "###"
        options = spec.get("options") or {}
        if options:
            table = [
                "| Name | Type | Required | Default | Description |",
                "| --- | --- | --- | --- | --- |",
                *rows(options, values),
            ]
            parts.append(f"{level} Variables\n")
            parts.append("\n".join(table) + "\n")
        parts.append(f"{level} Example\n")
        parts.append(f"```yaml\n{example(role, name, spec)}\n```\n")
    return "\n".join(parts)


def main() -> int:
    """Write or check the README.md of every role."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="only tell which README is out of date"
    )
    arguments = parser.parse_args()
    outdated = []
    for role in roles():
        path = role / "README.md"
        written = readme(role)
        if path.exists() and path.read_text(encoding="utf-8") == written:
            continue
        outdated.append(path.relative_to(ROOT))
        if not arguments.check:
            path.write_text(written, encoding="utf-8")
    for path in outdated:
        print(f"{path}: {'is out of date, run make role-docs' if arguments.check else 'written'}")
    return 1 if arguments.check and outdated else 0


if __name__ == "__main__":
    sys.exit(main())
