# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Line numbers of options in a YAML text, and keys that are there twice."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from .reading import OptionError, Path

MOST_VALUES = 1_000_000
"""Values of one file; aliases of aliases can stand for more than any memory holds."""

# The parser in C, where PyYAML was built with it.
_LOADER = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader


def compose(text: str) -> yaml.Node | None:
    """The nodes of the text; None if it is empty or no YAML, of which others complain."""
    try:
        # Bytes, as the parser takes no subclass of str.
        return yaml.compose(text.encode(), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def broken_line(text: str) -> int | None:
    """The line, from 1, at which the text is no YAML; None if it is, or if nobody can say."""
    try:
        yaml.compose(text.encode(), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line + 1 if error.problem_mark else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return None


def check_keys(root: yaml.Node | None) -> None:
    """Raises ``OptionError`` for a key that is there twice, which YAML parsers accept."""
    if not isinstance(root, yaml.MappingNode):
        raise OptionError((), "the file is no mapping, write 'option: value' lines.")
    try:
        _check((), root, {})
    except RecursionError:
        raise OptionError((), "the file is nested too deeply.") from None


def line_of(root: yaml.Node | None, path: Sequence[object]) -> int | None:
    """The line, from 1, of the deepest part of ``path`` that the text has."""
    line, node = None, root
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: object) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        value = node.value[part]
        return value.start_mark.line + 1, value
    return None


def _check(path: Path, node: yaml.Node, sizes: dict[yaml.Node, int]) -> int:
    """How many values the node stands for. ``sizes`` of known nodes; 0 = not yet done."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if node in sizes:
        if not sizes[node]:
            raise OptionError(path, "an alias stands for itself: write the value.")
        return sizes[node]
    sizes[node] = 0
    size = 1
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            where = path
            if isinstance(key, yaml.ScalarNode):
                where = (*path, key.value)
                line = key.start_mark.line + 1
                if key.value in lines:
                    raise OptionError(
                        where,
                        f"is there twice, in lines {lines[key.value]} and {line}: remove or "
                        "rename one.",
                    )
                lines[key.value] = line
            size += _check(where, value, sizes)
    else:
        for number, value in enumerate(node.value):
            size += _check((*path, number), value, sizes)
    if size > MOST_VALUES:
        raise OptionError(path, f"aliases make more than {MOST_VALUES} values of it: use fewer.")
    sizes[node] = size
    return size
