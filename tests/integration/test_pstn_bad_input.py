# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mistake in an inventory file of the telephone lines ends in one sentence that says where."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from ansible.errors import AnsibleParserError

from ansible_collections.trunkline.callcenter.tests.integration.pstn_inventory import (
    EXAMPLES,
    NAME,
    ansible_inventory,
    load,
    one_sentence,
    parse,
)

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "ansible_collections.trunkline.callcenter.plugins.inventory.pstn"
RESTORE = "restore the file from your version control or a backup"
SEE = "playbooks/plan.yml shows what to do."

GOOD = f"""\
plugin: {NAME}
trunk_groups:
  carrier_a: {{type: pri, line: t1, circuits: 4}}
gateways:
  gw[1:2]:
    cards: [TE420]
"""
LOCK = """\
cabling 1
trunk_group 1 carrier_a
gw1/1/1 carrier_a-1
gw1/1/2 carrier_a-2
gw2/1/1 carrier_a-3
gw2/1/2 carrier_a-4
end 4
"""
PINNED = "trunk_groups: {a: {type: pri, line: t1, circuits: 2, pins: {1: gw1/1/1, 2: gw1/1/1}}}"


def written(directory: Path, text: str, lock: str | None = None) -> Path:
    """The file; ``plugin`` is its first line unless the text has one."""
    path = directory / "callcenter.pstn.yml"
    text = dedent(text).lstrip("\n")
    if "plugin" not in text:
        text = f"plugin: {NAME}\n{text}"
    path.write_bytes(text.encode(errors="surrogateescape"))
    if lock is not None:
        path.with_name("cabling.txt").write_text(lock, encoding="utf-8")
    return path


def problem(path: Path) -> str:
    """The message for the file, of which the directory is left out."""
    with pytest.raises(AnsibleParserError) as caught:
        parse(path)
    message = str(caught.value)
    assert one_sentence(message), message
    return message.replace(f"{path.parent}/", "")


def test_good_file(tmp_path: Path) -> None:
    """So that each mistake below is the only one."""
    found = parse(written(tmp_path, GOOD, LOCK))
    assert found.warnings == []
    assert sorted(found.places) == ["carrier_a-1", "carrier_a-2", "carrier_a-3", "carrier_a-4"]


FILE = "callcenter.pstn.yml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # --- no YAML, or not for this plugin
        ("plugin: [\n", f"{FILE}, line 2: YAML parsing failed: "),
        ("plugin: x\n\ttrunk_groups: {}\n", f"{FILE}, line 2: YAML parsing failed: Tabs are "),
        ("plugin: x\n---\na: 1\n", f"{FILE}, line 2: YAML parsing failed: Expected a single doc"),
        ("plugin: \0", f"{FILE}: YAML parsing failed: "),
        ("plugin: \udcff", f"{FILE}: YAML parsing failed: "),
        ("# plugin", f"{FILE}: is empty"),
        ("[plugin]", f"{FILE}: the file is no mapping, write 'option: value' lines."),
        ("plugin: yaml", f"{FILE}: Incorrect plugin name in file: yaml"),
        # --- keys
        ("gateway: {}", f"{FILE}, line 2: gateway: unknown option, did you mean 'gateways'."),
        ("\n\ntrunks: {}", f"{FILE}, line 2: trunks: unknown option, did you mean 'trunk_groups'"),
        (
            """
            trunk_groups:
              a:
                type: pri
                circuits: 2
            """,
            f"{FILE}, line 3: trunk_groups: a: line is missing, choose t1, e1 or j1.",
        ),
        (
            """
            trunk_groups:
              a:
                type: pri
                line: t1
                circuit: 8
            """,
            f"{FILE}, line 6: trunk_groups: a: circuit: unknown option, did you mean 'circuits'.",
        ),
        (
            """
            gateways:
              gw1:
                cards: [TE420]
                sites: north
            """,
            f"{FILE}, line 5: gateways: gw1: sites: unknown option, did you mean 'site'; host "
            "variables go under vars.",
        ),
        # One of a range: the line is that of the range.
        (
            """
            gateways:
              gw1: {}
              gw[2:9]:
                cards:
                  - TE420
                  - TE42
            """,
            f"{FILE}, line 7: gateways: gw2: cards: 2: 'TE42' is no card that is known, did you "
            "mean 'TE420', or describe it in card_models.",
        ),
        (
            "card_models: {X1: {span: 4}}",
            f"{FILE}, line 2: card_models: X1: span: unknown option, did you mean 'spans'.",
        ),
        (
            "limits: {span: 4}",
            f"{FILE}, line 2: limits: span: unknown option, did you mean 'spans'.",
        ),
        (
            "traffic:\n  calls_per_hours: 7\n",
            f"{FILE}, line 2: traffic: unknown option 'calls_per_hours', did you mean "
            "'calls_per_hour'.",
        ),
        ("1: 2", f"{FILE}: the key '1' is no text, put it in quotes."),
        # --- the same name twice
        (
            """
            gateways:
              gw1: {cards: [TE420]}
              gw2: {cards: [TE420]}
              gw1: {cards: [TE435]}
            """,
            f"{FILE}, line 3: gateways: gw1: is there twice, in lines 3 and 5: remove or rename "
            "one.",
        ),
        (
            """
            gateways:
              gw1:
                site: north
                site: south
            """,
            f"{FILE}, line 4: gateways: gw1: site: is there twice, in lines 4 and 5: remove or "
            "rename one.",
        ),
        (
            """
            gateways:
              gw2: {cards: [TE420]}
              gw[1:3]: {cards: [TE420]}
            """,
            f"{FILE}, line 4: gateways: gw[1:3]: 'gw2' is declared twice: remove one.",
        ),
        (
            """
            trunk_groups:
              a: {type: analog, circuits: [5550100, 5550101]}
              b:
                type: analog
                circuits: [5550101]
            """,
            f"{FILE}, line 6: trunk_groups: b: circuits: '5550101' is a circuit of a too: rename "
            "one of them.",
        ),
        (
            "gateways: {gateways: {}}",
            f"{FILE}, line 2: gateways: gateways: a group has this name too, choose another one.",
        ),
        (
            "gateways:\n  gw1: {site: x}\n  site_x: {}\n",
            f"{FILE}, line 4: gateways: site_x: a group has this name too, choose another one.",
        ),
        # --- impossible values
        (
            "trunk_groups: {a: {type: analog, circuits: -1}}",
            f"{FILE}, line 2: trunk_groups: a: circuits: '-1' is no whole number from 0 to 100000.",
        ),
        (
            "gateways: {'gw[1:9999999]': {}}",
            f"{FILE}, line 2: gateways: gw[1:9999999]: more than 100000 gateways: write a shorter "
            "range.",
        ),
        (
            "gateways: {'gw[1:999][1:999]': {}}",
            f"{FILE}, line 2: gateways: gw[1:999][1:999]: more than 100000 gateways: write a ",
        ),
        (
            "gateways: {'gw[3:1]': {}}",
            f"{FILE}, line 2: gateways: gw[3:1]: no name is in this range, write the lower number "
            "first.",
        ),
        *(
            (
                f"gateways: {{'{pattern}': {{}}}}",
                f"{FILE}, line 2: gateways: {pattern}: no range of names, write for example "
                "gw[1:3].",
            )
            for pattern in ("gw[a:1]", "gw[1:]", "gw[1:2:0]", "gw[01:3]", "gw[b:a]")
        ),
        (
            "traffic:\n  calls_per_hour: many\n  talk_seconds: 180\n",
            f"{FILE}, line 3: traffic: calls_per_hour: 'many' is not a number from 0 to "
            "1,000,000, give the calls of the busiest hour.",
        ),
        (
            "traffic: {calls_per_hour: 7}",
            f"{FILE}, line 2: traffic: talk_seconds is missing, write for example "
            "{calls_per_hour: 1500, talk_seconds: 180}.",
        ),
        ("lock: [1]", f"{FILE}: Config 'lock' for '{NAME}' inventory plugin from 'Direct' has an "),
        ("lock: ..", f"{FILE}, line 2: lock: '..' is no name for it, end it with .txt."),
        (
            "trunk_groups:\n  a: {type: sip,\n    host: '{{ nobody }}'}\n",
            f"{FILE}, line 4: trunk_groups: a: host: '{{{{ nobody }}}}' cannot be rendered: "
            "'nobody' is undefined",
        ),
        (
            "trunk_groups: {a: {type: sip, host: '{{ 1'}}",
            f"{FILE}, line 2: trunk_groups: a: host: '{{{{ 1' cannot be rendered: Syntax error in ",
        ),
        (
            "gateways: [gw1]\nkeyed_groups: [x]\n",
            f"{FILE}: compose, groups or keyed_groups: Invalid keyed group entry, it must be a ",
        ),
        ("groups: {1: true}", f"{FILE}, line 2: groups: the key '1' is no text, put it in quotes."),
        ("gateways: &a [*a]", f"{FILE}, line 2: gateways: 1: an alias stands for itself: write "),
        # --- limits of a server
        (
            "limits: {spans: 5}",
            f"{FILE}, line 2: limits: spans: 5 is above the 4 spans (about 100 channels) that one "
            "server carries: give 0 to 4 and add gateways.",
        ),
        (
            """
            gateways:
              gw1:
                limits:
                  spans: 8
            """,
            f"{FILE}, line 5: gateways: gw1: limits: spans: 8 is above the 4 spans (about 100 "
            "channels) that one server carries: give 0 to 4 and add gateways.",
        ),
        (
            "gateways: {gw1: {cards: [TDM2400P, TDM2400P, TDM2400P, TDM2400P, TDM2400P]}}",
            f"{FILE}, line 2: gateways: gw1: cards: 5 cards of 24 analog ports are more than the "
            "4 that this gateway may carry: move some to another one.",
        ),
        # --- circuits that find no place
        (
            "trunk_groups: {a: {type: pri, line: t1, circuits: 9}}\n"
            "gateways: {'gw[1:2]': {cards: [TE420]}}",
            f"{FILE}: 9 T1 PRIs (a) need 3 gateways at 4 each; gw1 and gw2 offer 8 ports: add 1 "
            "gateway.",
        ),
        (
            f"{PINNED}\ngateways: {{gw1: {{cards: [TE420]}}}}\n",
            f"{FILE}: trunk_groups: a: pins: a-2: another circuit is pinned to gw1/1/1: choose "
            "one.",
        ),
        (
            f"{PINNED}\ngateways: {{gw1: {{cards: [TDM800P]}}}}\n",
            f"{FILE}: trunk_groups: a: pins: a-1: gw1/1/1 is no port for a T1: choose one that "
            "takes it and is not dark. trunk_groups: a: pins: a-2: gw1/1/1 is no port for a T1: "
            "choose one that takes it and is not dark.",
        ),
        (
            "trunk_groups: {a: {type: station, extensions: '2001', pins: {2001: gw1/1/2}}}\n"
            "gateways: {gw1: {cards: [TDM2400P, {model: A4A, modules: [fxs, fxs, fxs, fxs]}]}}\n",
            f"{FILE}: trunk_groups: a: pins: a-2001: gw1/1/2 is no port for an analog telephone: "
            "choose one that takes it and is not dark.",
        ),
        (
            f"{PINNED}\ngateways: {{gw2: {{cards: [TE420]}}}}\n",
            f"{FILE}, line 2: trunk_groups: a: pins: 1: 'gw1' is no gateway, did you mean 'gw2'.",
        ),
    ],
)
def test_file(tmp_path: Path, text: str, message: str) -> None:
    found = problem(written(tmp_path, text))
    whole = message.endswith((".", "is empty", "yaml", "undefined"))
    assert (found if whole else found[: len(message)]) == message


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ("", f"line 1: the file is empty, {RESTORE}."),
        (LOCK[:-6], f"line 6: the file stops here and not with 'end NUMBER', {RESTORE}."),
        (LOCK[:60], f"line 4: the file stops here and not with 'end NUMBER', {RESTORE}."),
        (
            LOCK.replace("end 4", "end 5"),
            f"line 7: 'end 5' but the lines above have 4 circuits, {RESTORE}, or correct the "
            "number if you changed them yourself.",
        ),
        (
            LOCK.replace("gw1/1/2", "gw1/1/1"),
            "line 4: carrier_a-2 and above carrier_a-1 are both in gw1/1/1, correct the line that "
            "is not true.",
        ),
        (
            LOCK.replace("a-2", "a-1"),
            "line 4: carrier_a-1 is in gw1/1/2 and above in gw1/1/1, delete the line that is not "
            "true and count one less in the last line.",
        ),
        (
            "<<<<<<< HEAD\n" + LOCK,
            f"line 1: '<<<<<<< HEAD' where a cabling lock has 'cabling 1', {RESTORE}.",
        ),
    ],
)
def test_lock(tmp_path: Path, lock: str, message: str) -> None:
    assert problem(written(tmp_path, GOOD, lock)) == f"cabling.txt, {message}"


def test_lock_that_is_no_text(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    path.with_name("cabling.txt").write_bytes(b"\xff\xfe")
    assert problem(path) == (
        f"{FILE}: lock: cabling.txt cannot be read: 'utf-8' codec can't decode byte 0xff in "
        "position 0: invalid start byte."
    )


def test_lock_that_is_a_directory(tmp_path: Path) -> None:
    path = written(tmp_path, "\nlock: lock.txt")
    path.with_name("lock.txt").mkdir()
    assert problem(path) == f"{FILE}, line 2: lock: lock.txt cannot be read: Is a directory."


@pytest.mark.parametrize(
    ("place", "new"),
    [
        ("gw9/1/1", "gateway"),
        ("gw2/2/1", "slot"),
        ("gw2/1/5", "port"),
        ("gw2/sip", "no cable"),
        ("gw1/1/2x", None),
    ],
)
def test_lock_of_hardware_that_is_gone(tmp_path: Path, place: str, new: str | None) -> None:
    """A warning, and only this circuit moves."""
    path = written(tmp_path, GOOD, LOCK.replace("gw2/1/2", place))
    if new is None:
        assert problem(path).startswith("cabling.txt, line 6: 'gw1/1/2x carrier_a-4' is neither ")
        return
    found = parse(path)
    assert found.places == {
        "carrier_a-1": "gw1/1/1",
        "carrier_a-2": "gw1/1/2",
        "carrier_a-3": "gw2/1/1",
        "carrier_a-4": "gw2/1/2",
    }
    assert found.warnings == [
        f"{path}: carrier_a-4 is to be plugged in elsewhere than the cabling lock says: {SEE}"
    ]


def test_lock_of_circuits_that_are_gone(tmp_path: Path) -> None:
    lock = LOCK.replace("carrier_a-2", "carrier_z-1").replace("1 carrier_a\n", "1 carrier_z\n")
    path = written(tmp_path, GOOD, lock)
    found = parse(path)
    assert found.places["carrier_a-2"] == "gw1/1/2"
    assert found.warnings == [
        f"{path}: carrier_a-2 is not in the cabling lock yet: {SEE}",
        f"{path}: carrier_z-1 is in the cabling lock but no longer in a trunk group: {SEE}",
    ]


def test_lines_that_do_not_suffice(tmp_path: Path) -> None:
    """Is a warning: the inventory can be used."""
    path = written(tmp_path, GOOD + "traffic: {calls_per_hour: 3000, talk_seconds: 180}\n")
    found = parse(path)
    assert len(found.places) == 4
    (warning,) = found.warnings
    assert warning.startswith(f"{path}: traffic: 3000 calls per hour of ")
    assert warning.endswith("have 92: add at least 86.")


def test_nothing_is_left_of_a_file_that_is_wrong(tmp_path: Path) -> None:
    """Not even the gateways that were right."""
    path = written(tmp_path, GOOD.replace("circuits: 4", "circuits: 9"))
    run = ansible_inventory(tmp_path, "--inventory", str(path), "--graph")
    assert run.stdout == ""
    assert (
        f"{path}: 9 T1 PRIs (carrier_a) need 3 gateways at 4 each; gw1 and gw2 offer 8 ports: add "
        "1 gateway." in run.stderr
    )
    assert "Traceback" not in run.stderr


def test_broken_file_ends_the_play_where_the_user_wants_so(tmp_path: Path) -> None:
    path = written(tmp_path, "gateways:\n  gw1:\n    card: [TE420]\n")
    run = ansible_inventory(
        *(tmp_path, "--inventory", str(path), "--list"),
        ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="1",
        ANSIBLE_INVENTORY_ENABLED=NAME,
    )
    assert run.returncode != 0
    messages = re.findall(r"^\[(?:WARNING|ERROR)\]: (.*)$", run.stderr, re.MULTILINE)
    assert messages == [
        f"Failed to parse inventory with '{MODULE}' plugin: {path}, line 4: gateways: gw1: card: "
        "unknown option, did you mean 'cards'; host variables go under vars.",
        f"Completely failed to parse inventory source {path}",
    ]
    assert "Traceback" not in run.stderr


def test_examples_are_good(tmp_path: Path) -> None:
    for name, text in EXAMPLES.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert parse(path).warnings == []
        assert load(path).places == parse(path).places
