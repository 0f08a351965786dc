# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Line numbers of options in a YAML text, and keys that are there twice."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from .reading import OptionError, Path

# The parser in C, where PyYAML was built with it.
_LOADER = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader


def compose(text: str) -> yaml.Node | None:
    """The nodes of the text; None if it is empty or no YAML, of which others complain."""
    try:
        # Bytes, as the parser takes no subclass of str.
        return yaml.compose(text.encode(), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def check_keys(root: yaml.Node | None) -> None:
    """Raises ``OptionError`` for a key that is there twice, which YAML parsers accept."""
    if not isinstance(root, yaml.MappingNode):
        raise OptionError((), "the file is no mapping, write 'option: value' lines.")
    try:
        for path, line, first in _repeated((), root):
            raise OptionError(
                path, f"is there twice, in lines {first} and {line}: remove or rename one."
            )
    except RecursionError:
        raise OptionError((), "the file is nested too deeply.") from None


def line_of(root: yaml.Node | None, path: Path) -> int | None:
    """The line, from 1, of the deepest part of ``path`` that the text has."""
    line, node = None, root
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        value = node.value[part]
        return value.start_mark.line + 1, value
    return None


def _repeated(path: Path, node: yaml.Node) -> Iterator[tuple[Path, int, int]]:
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            line = key.start_mark.line + 1
            where = (*path, key.value)
            if key.value in lines:
                yield where, line, lines[key.value]
            lines[key.value] = line
            yield from _repeated(where, value)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _repeated((*path, number), value)
