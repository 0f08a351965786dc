# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every role has the same shape.

A check returns what is wrong with a role. Each one is also tried on a role that has its mistake: a
check that notices nothing there would be none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.playbook.block import Block
from ansible.playbook.handler import Handler
from ansible.playbook.task import Task

from ansible_collections.trunkline.callcenter.tests.tools import role_docs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FILES = (
    "README.md",
    "defaults/main.yml",
    "handlers/main.yml",
    "meta/argument_specs.yml",
    "meta/main.yml",
    "tasks/configure.yml",
    "tasks/install.yml",
    "tasks/main.yml",
    "tasks/preflight.yml",
    "tasks/verify.yml",
)
KEYWORDS = {*Task.fattributes, *Block.fattributes, *Handler.fattributes, "action", "local_action"}
TASK_LISTS = ("block", "rescue", "always")
SECRET = re.compile(r"(^|_)(password|passphrase|secret|token|private_key|pin)(s?)$")
GROUP = re.compile(r"\bgroups(\[|\.[a-z_])|\bgroup_names\b|\[['\"]groups['\"]\]")
HEADER = ("SPDX-FileCopyrightText: ", "SPDX-License-Identifier: GPL-3.0-or-later")


def text_files(role: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(role.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(role), path.read_text(encoding="utf-8")


def all_options(role: Path) -> dict[str, dict[str, Any]]:
    """The options of all entry points by name."""
    return {
        name: option
        for spec in role_docs.entry_points(role).values()
        for name, option in (spec.get("options") or {}).items()
    }


def nested(
    options: dict[str, dict[str, Any]], prefix: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, option in options.items():
        yield f"{prefix}{name}", option
        yield from nested(option.get("options") or {}, f"{prefix}{name}.")


def walk(tasks: list[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    for task in tasks or []:
        yield task
        for part in TASK_LISTS:
            yield from walk(task.get(part))


def all_tasks(role: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for directory in ("tasks", "handlers"):
        for path in sorted((role / directory).rglob("*.yml")):
            for task in walk(role_docs.load(path)):
                yield path.relative_to(role), task


def action(task: dict[str, Any]) -> list[str]:
    return [key for key in task if key not in KEYWORDS and not key.startswith("with_")]


def shape(role: Path) -> list[str]:
    return [f"{name} is missing" for name in FILES if not (role / name).is_file()]


def licence(role: Path) -> list[str]:
    return [
        f"{path} has no SPDX header"
        for path, content in text_files(role)
        if not all(line in "\n".join(content.splitlines()[:8]) for line in HEADER)
    ]


def main_entry_point(role: Path) -> list[str]:
    result = []
    points = role_docs.entry_points(role)
    if "main" not in points:
        result.append("no entry point main")
    for name, spec in points.items():
        result += [
            f"entry point {name} has no {key}"
            for key in ("short_description", "description")
            if not spec.get(key)
        ]
        if not (role / "tasks" / f"{name}.yml").is_file():
            result.append(f"entry point {name} has no tasks")
    return result


def defaults_match(role: Path) -> list[str]:
    """Both directions, and the same values."""
    values = role_docs.defaults(role)
    options = all_options(role)
    optional = {name for name, option in options.items() if not option.get("required")}
    result = [f"{name} is optional and has no default" for name in sorted(optional - set(values))]
    result += [
        f"{name} has a default and is no optional option" for name in sorted(set(values) - optional)
    ]
    for name in sorted(optional & set(values)):
        declared = options[name].get("default")
        if declared != values[name] or type(declared) is not type(values[name]):
            result.append(f"{name}: the spec says {declared!r}, defaults say {values[name]!r}")
    return result


def typed(role: Path) -> list[str]:
    result = []
    for name, option in nested(all_options(role)):
        result += [f"{name} has no {key}" for key in ("type", "description") if not option.get(key)]
        if option.get("type") == "list" and not option.get("elements"):
            result.append(f"{name} has no elements")
    return result


def secrets(role: Path) -> list[str]:
    return [
        f"{name} holds a secret and is not no_log"
        for name, option in nested(all_options(role))
        if SECRET.search(name.rpartition(".")[2]) and not option.get("no_log")
    ]


def no_default_secret(role: Path) -> list[str]:
    return [
        f"{name} is a secret with a default"
        for name, option in nested(all_options(role))
        if option.get("no_log") and option.get("default")
    ]


def public_names(role: Path) -> list[str]:
    names = {*all_options(role), *role_docs.defaults(role)}
    return [
        f"{name} does not begin with {role.name}_"
        for name in sorted(names)
        if not name.startswith(f"{role.name}_")
    ]


def private_names(role: Path) -> list[str]:
    """What a role sets by itself is private; what it hands to another role is named after that."""
    result = []
    own = f"_{role.name}_"
    for path in sorted((role / "vars").rglob("*.yml")):
        result += [
            f"{path.name}: {name}"
            for name in role_docs.load(path) or {}
            if not name.startswith(own)
        ]
    for path, task in all_tasks(role):
        names = [task["register"]] if "register" in task else []
        names += [
            value
            for key, value in task.get("loop_control", {}).items()
            if key in {"loop_var", "index_var"}
        ]
        for key in action(task):
            if key.endswith(".set_fact"):
                names += [name for name in task[key] if name != "cacheable"]
        if not any(key.endswith(("_role", ".include_vars")) for key in action(task)):
            names += task.get("vars", {})
        result += [f"{path}: {name}" for name in names if not name.startswith(own)]
    return [f"{problem} does not begin with {own}" for problem in result]


def no_groups(role: Path) -> list[str]:
    return [
        f"{path} names an inventory group: {match[0]}"
        for path, content in text_files(role)
        if (match := GROUP.search(content))
    ]


def full_names(role: Path) -> list[str]:
    return [
        f"{path}: {key} is not a full name"
        for path, task in all_tasks(role)
        for key in action(task)
        if key.count(".") < 2
    ]


def readme(role: Path) -> list[str]:
    path = role / "README.md"
    if path.is_file() and path.read_text(encoding="utf-8") == role_docs.readme(role):
        return []
    return ["README.md is out of date, run make role-docs"]


CHECKS: tuple[Callable[[Path], list[str]], ...] = (
    shape,
    licence,
    main_entry_point,
    defaults_match,
    typed,
    secrets,
    no_default_secret,
    public_names,
    private_names,
    no_groups,
    full_names,
    readme,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_roles(check: Callable[[Path], list[str]]) -> None:
    problems = [f"{role.name}: {problem}" for role in role_docs.roles() for problem in check(role)]
    assert not problems, "\n".join(problems)


SPDX = "# SPDX-FileCopyrightText: somebody\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
SPEC: dict[str, Any] = {
    "short_description": "Sets up a bell",
    "description": ["It rings."],
    "options": {
        "bell_sound": {
            "type": "str",
            "description": "What it says.",
            "choices": ["ding", "dong"],
            "default": "ding",
        },
        "bell_count": {"type": "int", "description": "How often.", "default": 1},
        "bell_tower": {
            "type": "list",
            "elements": "dict",
            "description": "Where it hangs.",
            "required": True,
            "options": {"password": {"type": "str", "description": "Opens it.", "no_log": True}},
        },
    },
}
TASKS: list[dict[str, Any]] = [
    {
        "name": "Ring",
        "block": [
            {"name": "Look", "ansible.builtin.stat": {"path": "/"}, "register": "_bell_root"}
        ],
    }
]


def dump(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{SPDX}{yaml.safe_dump(content, sort_keys=False)}", encoding="utf-8")


@pytest.fixture
def bell(tmp_path: Path) -> Path:
    """A role without a mistake."""
    role = tmp_path / "roles" / "bell"
    for name in FILES[1:]:
        dump(role / name, [])
    dump(role / "defaults/main.yml", {"bell_sound": "ding", "bell_count": 1})
    dump(role / "meta/argument_specs.yml", {"argument_specs": {"main": SPEC}})
    dump(role / "tasks/main.yml", TASKS)
    (role / "README.md").write_text(role_docs.readme(role), encoding="utf-8")
    return role


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_good_role(bell: Path, check: Callable[[Path], list[str]]) -> None:
    assert check(bell) == []


def change_option(role: Path, name: str, **changes: object) -> None:
    """A value of None removes the key."""
    path = role / "meta/argument_specs.yml"
    specs = role_docs.load(path)
    options = specs["argument_specs"]["main"]["options"]
    *outer, last = name.split(".")
    for part in outer:
        options = options[part]["options"]
    option = options.setdefault(last, {"type": "str", "description": "New."})
    option.update(changes)
    for key in [key for key, value in option.items() if value is None]:
        del option[key]
    dump(path, specs)


def change_main(role: Path, **changes: object) -> None:
    dump(role / "meta/argument_specs.yml", {"argument_specs": {"main": {**SPEC, **changes}}})


def write(role: Path, name: str, content: str) -> None:
    path = role / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SPDX + content, encoding="utf-8")


def task(role: Path, **keys: object) -> None:
    dump(role / "tasks/main.yml", [{"name": "T", "block": [{"name": "U", "rescue": [keys]}]}])


MISTAKES: tuple[tuple[Callable[[Path], list[str]], Callable[[Path], object], str], ...] = (
    *(
        (shape, lambda role, name=name: (role / name).unlink(), f"{name} is missing")
        for name in FILES
    ),
    (
        licence,
        lambda role: (role / "tasks/main.yml").write_text("---\n[]\n"),
        "tasks/main.yml has no SPDX",
    ),
    (main_entry_point, lambda role: change_main(role, description=[]), "main has no description"),
    (
        main_entry_point,
        lambda role: change_main(role, short_description=""),
        "main has no short_description",
    ),
    (main_entry_point, lambda role: (role / "tasks/main.yml").unlink(), "main has no tasks"),
    (
        main_entry_point,
        lambda role: dump(role / "meta/argument_specs.yml", {"argument_specs": {"verify": SPEC}}),
        "no entry point main",
    ),
    (
        defaults_match,
        lambda role: change_option(role, "bell_new", default="x"),
        "bell_new is optional",
    ),
    (
        defaults_match,
        lambda role: change_option(role, "bell_count", required=True),
        "bell_count has a default",
    ),
    (
        defaults_match,
        lambda role: change_option(role, "bell_count", default=2),
        "says 2, defaults say 1",
    ),
    (
        defaults_match,
        lambda role: change_option(role, "bell_count", default=True),
        "says True, defaults say 1",
    ),
    (
        defaults_match,
        lambda role: change_option(role, "bell_count", default=None),
        "says None, defaults say 1",
    ),
    (typed, lambda role: change_option(role, "bell_count", type=None), "bell_count has no type"),
    (
        typed,
        lambda role: change_option(role, "bell_tower", elements=None),
        "bell_tower has no elements",
    ),
    (
        typed,
        lambda role: change_option(role, "bell_tower.password", description=None),
        "bell_tower.password has no description",
    ),
    (
        secrets,
        lambda role: change_option(role, "bell_tower.password", no_log=None),
        "bell_tower.password holds a secret",
    ),
    (
        no_default_secret,
        lambda role: change_option(role, "bell_tower.password", default="x"),
        "bell_tower.password is a secret with a default",
    ),
    (public_names, lambda role: change_option(role, "tone"), "tone does not begin with bell_"),
    (
        public_names,
        lambda role: dump(role / "defaults/main.yml", {"_bell_x": 1}),
        "_bell_x does not begin with bell_",
    ),
    (
        private_names,
        lambda role: dump(role / "vars/main.yml", {"bell_x": 1}),
        "bell_x does not begin with _bell_",
    ),
    (private_names, lambda role: task(role, register="bell_x"), "bell_x does not"),
    (private_names, lambda role: task(role, vars={"bell_x": 1}), "bell_x does not"),
    (private_names, lambda role: task(role, loop_control={"loop_var": "entry"}), "entry does not"),
    (
        private_names,
        lambda role: task(role, **{"ansible.builtin.set_fact": {"bell_x": 1}}),
        "bell_x does not",
    ),
    (
        no_groups,
        lambda role: write(role, "templates/a.j2", "{{ groups['all'] }}"),
        "templates/a.j2 names",
    ),
    (
        no_groups,
        lambda role: write(role, "templates/a.j2", "{{ groups.all }}"),
        "templates/a.j2 names",
    ),
    (
        no_groups,
        lambda role: write(role, "templates/a.j2", "{{ group_names }}"),
        "templates/a.j2 names",
    ),
    (full_names, lambda role: task(role, stat={"path": "/"}), "stat is not a full name"),
    (
        readme,
        lambda role: change_option(role, "bell_count", description="Other."),
        "README.md is out of date",
    ),
)


@pytest.mark.parametrize(("check", "mistake", "told"), MISTAKES)
def test_mistake(
    bell: Path, check: Callable[[Path], list[str]], mistake: Callable[[Path], object], told: str
) -> None:
    mistake(bell)
    assert told in "\n".join(check(bell))


def test_every_check_is_tried() -> None:
    assert {check for check, _mistake, _told in MISTAKES} == set(CHECKS)


def test_readme(bell: Path) -> None:
    content = role_docs.readme(bell)
    assert "| `bell_sound` | str |  | `ding` | What it says. One of `ding`, `dong`. |\n" in content
    assert "| `bell_tower` | list of dict | yes |  | Where it hangs. |\n" in content
    assert "| `bell_tower[].password` | str |  |  | Opens it. |\n" in content
    assert "name: trunkline.callcenter.bell" in content


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("see V(yes) and O(x=1)", "see `yes` and `x=1`"),
        ("a\n  b", "a b"),
        ("L(here, https://x.example)", "[here](https://x.example)"),
        (["One.", "Two."], "One. Two."),
    ],
)
def test_markup(source: str | list[str], markdown: str) -> None:
    assert role_docs.text(source) == markdown
