# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the file contains: an inventory, or one sentence that says why there is none."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.errors import AnsibleParserError
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.tests.integration.pstn_inventory import (
    EXAMPLES,
    NAME,
    one_sentence,
    parse,
)

if TYPE_CHECKING:
    from pathlib import Path

Node = dict[Any, Any] | list[Any]

DATA = [yaml.safe_load(text) for text in EXAMPLES.values()]
LINES = [text.splitlines() for text in EXAMPLES.values()]
WORDS = sorted({word for text in EXAMPLES.values() for word in text.split()})
# Options of the cache would write wherever the file says.
OPTIONS = [
    *("trunk_groups", "gateways", "card_models", "limits", "traffic", "lock", "rebalance"),
    *("strict", "compose", "groups", "keyed_groups", "use_extra_vars", "leading_separator"),
]
MORE = [
    *("type", "circuits", "line", "gateways", "exclude", "pins", "signalling", "switchtype"),
    *("framing", "coding", "crc4", "lbo", "timing", "nfas", "nfas_backup", "host", "port"),
    *("channels", "extensions", "numbers", "cards", "site", "limits", "vars", "model", "modules"),
    *("dark", "spans", "analog_cards", "lines", "together", "analog_ports", "module_ports"),
    *("calls_per_hour", "talk_seconds", "seats", "a", "gw1", "gw2", "carrier_a", "carrier_a-1"),
    "ansible_host",
]
VALUES = [
    *("pri", "cas", "channel_bank", "analog", "station", "sip", "t1", "e1", "j1", "fxo", "fxs"),
    *("TE420", "TDM2400P", "gw1/1/1"),
]

odd: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 4, 5, 63, 64, 100_001, 2**31, 10**30, 10**4000),
        *(0.5, -0.0, float("nan"), float("inf"), 1e308, dt.date(2026, 2, 28)),
        *("", " ", "é", "\U0001f4de", "\x85", "a\nb", "null", "1", "-1", "1e3", "{{", "{{ x }}"),
        *("gw[1:3]", "gw[3:1]", "gw[", "gw1/1/1", "all", "gateways", "../..", "%", "x" * 5000),
        *("{{ 1 }}", "{{ [] }}", "{{ {} }}", "{{ none }}", "{% if %}", "!vault", b"\x00\xff"),
        *([], {}, [[]], [None], {"a": {}}, {1: 2}, {None: None}, {"a b": [1, [2, [3]]]}),
        *({dt.date(2026, 2, 28): 1}, {"__proto__": 1}, [{}], set(), {"a", "b"}),
    ]
)
values = st.recursive(
    odd | st.sampled_from(VALUES) | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(MORE) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
fuzz = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "x.pstn.yml"


def check(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    try:
        found = parse(path)
    except AnsibleParserError as error:
        message = str(error)
    else:
        event("inventory")
        assert found.wirings is not None
        assert all(one_sentence(warning) for warning in found.warnings)
        return
    event("message")
    assert message.startswith(str(path.parent))
    assert one_sentence(message), message


def dumped(data: object) -> str:
    # Not the dumper in C, which ends the process where it meets a structure that contains itself.
    return yaml.dump(data, Dumper=yaml.SafeDumper, sort_keys=False, allow_unicode=True)


def containers(node: object, seen: set[int]) -> list[Node]:
    """All mappings and lists inside of the node."""
    if not isinstance(node, dict | list) or id(node) in seen:
        return []
    seen.add(id(node))
    inside = node.values() if isinstance(node, dict) else node
    return [node, *(one for part in inside for one in containers(part, seen))]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An example in which some nodes are something else."""
    data = copy.deepcopy(draw(st.sampled_from(DATA)))
    for _number in range(draw(st.integers(1, 3))):
        nodes = [node for node in containers(data, set()) if node]
        if not nodes:
            break
        node = draw(st.sampled_from(nodes))
        keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = draw(st.sampled_from(keys))
        other = draw(st.sampled_from(nodes))
        match draw(st.sampled_from(["replace", "delete", "copy", "alias", "rename"])):
            case "replace":
                node[key] = draw(values)
            case "delete":
                del node[key]
            case "copy" if isinstance(node, list):
                node.append(copy.deepcopy(node[key]))
            case "rename" if isinstance(node, dict):
                name = draw(odd.filter(lambda one: not isinstance(one, dict | list | set)))
                node[name] = node.pop(key)
            case _:
                node[key] = other
    return dumped(data)


@st.composite
def shuffled_lines(draw: st.DrawFn) -> str:
    """An example of which lines were lost, doubled, moved or cut."""
    lines = list(draw(st.sampled_from(LINES)))
    for _number in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "cut", "indent"])):
            case "delete":
                lines[at] = ""
            case "double":
                lines.insert(other, lines[at])
            case "swap":
                lines[at], lines[other] = lines[other], lines[at]
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case _:
                lines[at] = draw(st.sampled_from([" ", "  ", "\t", "- ", "? "])) + lines[at]
    return "\n".join(lines)


@fuzz
@given(st.dictionaries(st.sampled_from(OPTIONS), values))
def test_any_options(path: Path, options: dict[str, object]) -> None:
    check(path, dumped({"plugin": NAME, **options}))


@fuzz
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "1", ""]),
        st.dictionaries(st.sampled_from(MORE), values | st.sampled_from(VALUES), max_size=5),
        max_size=2,
    ),
    st.lists(values, max_size=3),
    st.sampled_from(["trunk_groups", "card_models", "gateways"]),
)
def test_any_group_model_or_gateway(
    path: Path, group: dict[str, dict[str, object]], cards: list[object], option: str
) -> None:
    groups = {
        name: {"type": "pri", "line": "t1", "cards": cards, **options} if cards else options
        for name, options in group.items()
    }
    cache = {"cache": True, "cache_plugin": "memory"}
    gateways = {"gw1": {"cards": ["TE420"]}}
    check(path, dumped({"plugin": NAME, **cache, "gateways": gateways, option: groups}))


@fuzz
@given(mutated())
def test_examples_that_are_changed(path: Path, text: str) -> None:
    check(path, text)


@fuzz
@given(shuffled_lines())
def test_examples_with_other_lines(path: Path, text: str) -> None:
    check(path, text)


@fuzz
@given(
    st.text()
    | st.lists(st.sampled_from([*WORDS, "\n", "\n  ", "\n- ", "&a", "*a", "{", "}", "[", "]"]))
    .map(" ".join)
    .map(f"plugin: {NAME}\n{{}}".format)
)
def test_any_text(path: Path, text: str) -> None:
    check(path, text)


@fuzz
@given(
    st.text() | st.lists(st.sampled_from(["gw1/1/1", "a-1", "end", "1", "\n", "#"])).map(" ".join)
)
def test_any_lock(path: Path, text: str) -> None:
    lock = path.with_name("cabling.txt")
    lock.write_text(text, encoding="utf-8")
    try:
        check(path, EXAMPLES["callcenter.pstn.yml"])
    finally:
        lock.unlink()
