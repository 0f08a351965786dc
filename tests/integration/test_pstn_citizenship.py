# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin beside other sources, with Ansible's own options and with a cabling lock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    lock_of,
    render_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import read_wiring
from ansible_collections.trunkline.callcenter.tests.integration.pstn_inventory import (
    ansible_inventory,
    document,
    load,
    new_plugin,
    one_sentence,
    parse,
    plain,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.trunkline.callcenter.tests.integration.pstn_inventory import Parsed

Options = dict[str, Any]

PRI: Options = {"type": "pri", "line": "t1", "circuits": 4}
NETWORK: Options = {
    "trunk_groups": {
        "carrier_a": PRI,
        "sip_b": {"type": "sip", "host": "192.0.2.10", "circuits": 2},
        "pots": {"type": "analog", "circuits": 3},
    },
    "gateways": {"gw[1:2]": {"cards": ["TE420", "A8B"]}},
}


def written(directory: Path, name: str = "callcenter.pstn.yml", /, **options: object) -> Path:
    path = directory / name
    path.write_text(document(**options), encoding="utf-8")
    return path


def lock_for(found: Parsed) -> str:
    """What playbooks/plan.yml would write after the cables are plugged in as planned."""
    numbers = found.variables("gw1")["pstn_trunk_groups"]
    return render_lock(lock_of([read_wiring(wiring) for wiring in found.wirings], numbers))


# --- which files


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("pstn.yml", True),
        ("pstn.yaml", True),
        ("callcenter.pstn.yml", True),
        ("hosts.yml", False),
        ("pstn.json", False),
        ("pstn.yml.orig", False),
        ("pstn", False),
        ("pstn.ini", False),
    ],
)
def test_own_files(tmp_path: Path, name: str, own: bool) -> None:
    plugin, _warnings = new_plugin()
    path = tmp_path / name
    assert not plugin.verify_file(str(path))
    path.touch()
    assert plugin.verify_file(str(path)) == own


# --- other sources


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An inventory whose hosts are in hosts.yml, with variables in every place there is."""
    files: dict[str, Options] = {
        "hosts.yml": {
            "gateways": {
                "hosts": {
                    "gw1": {"ansible_host": "192.0.2.11", "pstn_cards": ["TE420"]},
                    "gw2": {"ansible_host": "192.0.2.12"},
                    "gw3": {},
                },
                "vars": {"pstn_site": "south"},
            },
            "central": {"hosts": {"central1": {"pstn_cards": ["TE820"]}}},
        },
        "group_vars/gateways.yml": {"pstn_limits": {"spans": 1}, "colour": "red"},
        "group_vars/all.yml": {"pstn_cards": ["TE122"], "pstn_limits": {"spans": 4}},
        "host_vars/gw1.yml": {"pstn_site": "north", "pstn_cards": ["TE435"]},
        "host_vars/gw2/cards.yml": {"pstn_cards": [None, {"model": "TE220", "dark": [1]}]},
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return tmp_path


HOSTS: Options = {
    "trunk_groups": {"a": {"type": "pri", "line": "t1", "circuits": 3}},
    "gateways": {"gw3": {"site": "west"}},
}


def check_hosts(variables: dict[str, Options], groups: dict[str, set[str]]) -> None:
    wirings = {name: variables[name]["pstn_wiring"] for name in ("gw1", "gw2", "gw3")}
    assert {name: wiring["site"] for name, wiring in wirings.items()} == {
        "gw1": "north",  # host_vars
        "gw2": "south",  # variables of the group in hosts.yml
        "gw3": "west",  # the file of the plugin, before all others
    }
    assert {
        name: [(card["slot"], card["model"]) for card in wiring["cards"]]
        for name, wiring in wirings.items()
    } == {"gw1": [(1, "TE435")], "gw2": [(2, "TE220")], "gw3": [(1, "TE122")]}
    # group_vars: one span for each.
    assert [len(variables[name]["dahdi_spans"]) for name in wirings] == [1, 1, 1]
    assert variables["gw2"]["dahdi_spans"][0]["port"] == 2
    assert variables["gw1"]["ansible_host"] == "192.0.2.11"
    assert "pstn_wiring" not in variables["central1"]
    assert groups["gateways"] == groups["line_t1"] == {"gw1", "gw2", "gw3"}
    assert groups["site_north"] == {"gw1"}
    assert groups["central"] == {"central1"}


def test_hosts_of_other_sources(directory: Path) -> None:
    written(directory, "pstn.yml", **HOSTS)
    found = load(directory)
    assert found.warnings == []
    check_hosts({name: found.variables(name) for name in found.inventory.hosts}, found.groups)


def test_hosts_of_other_sources_with_the_program(
    directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    written(directory, "pstn.yml", **HOSTS)
    home = tmp_path_factory.mktemp("home")
    run = ansible_inventory(home, "--inventory", str(directory), "--list")
    assert (run.returncode, run.stderr) == (0, "")
    listed = plain(json.loads(run.stdout))
    variables = listed.pop("_meta")["hostvars"]
    assert variables["gw1"]["colour"] == "red"
    check_hosts(variables, {name: set(group.get("hosts", ())) for name, group in listed.items()})


def test_sources_one_by_one(directory: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The file of the lines may be elsewhere; what is beside hosts.yml counts all the same."""
    path = written(tmp_path_factory.mktemp("lines"), **HOSTS)
    found = load(directory / "hosts.yml", path)
    check_hosts({name: found.variables(name) for name in found.inventory.hosts}, found.groups)


def test_second_file_does_not_plan_the_same_gateway(tmp_path: Path) -> None:
    sources = [written(tmp_path, name, **NETWORK) for name in ("a.pstn.yml", "b.pstn.yml")]
    options = [word for source in sources for word in ("--inventory", str(source))]
    run = ansible_inventory(tmp_path, *options, "--graph")
    assert f"{sources[1]}, line " in run.stderr
    assert "gw1 is planned by another file *pstn.yml too" in run.stderr
    assert str(sources[0]) not in run.stderr


def test_no_gateways_in_the_file(directory: Path) -> None:
    written(directory, "pstn.yml", trunk_groups=HOSTS["trunk_groups"])
    assert load(directory).places == {"a-1": "gw1/1/1", "a-2": "gw2/2/2", "a-3": "gw3/1/1"}


def test_wrong_variable_of_another_source(directory: Path) -> None:
    path = written(directory, "pstn.yml", **HOSTS)
    hosts = directory / "host_vars" / "gw1.yml"
    hosts.write_text("pstn_site: north pole\n", encoding="utf-8")
    plugin, _warnings = new_plugin()
    earlier = load(directory / "hosts.yml").inventory
    with pytest.raises(AnsibleParserError) as caught:
        plugin.parse(earlier, DataLoader(), str(path))
    assert str(caught.value) == (
        f"{path}, line 7: gateways: gw1: site: 'north pole' is no name, write letters, digits, "
        "'_' or '-'."
    )


# --- constructed


def test_compose_and_groups(tmp_path: Path) -> None:
    found = parse(
        written(
            tmp_path,
            trunk_groups={"a": {**PRI, "gateways": ["gw1"]}},
            gateways={"gw1": {"cards": ["TE420"], "vars": {"rack": 7}}, "gw2": {"site": "north"}},
            compose={"spans": "dahdi_spans | length", "place": "'rack ' ~ rack"},
            groups={"busy": "spans > 3", "Idle-ones": "spans == 0"},
            keyed_groups=[
                {"key": "pstn_wiring.site", "prefix": "at"},
                {"key": "pstn_wiring.cards | map(attribute='model')", "prefix": "card"},
            ],
        )
    )
    assert (found.variables("gw1")["spans"], found.variables("gw2")["spans"]) == (4, 0)
    assert found.variables("gw1")["place"] == "rack 7"
    assert "place" not in found.variables("gw2")
    assert found.groups["busy"] == {"gw1"}
    assert found.groups["Idle_ones"] == {"gw2"}
    assert found.groups["at_north"] == {"gw2"}
    assert found.groups["card_TE420"] == {"gw1"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"compose": {"x": "nothing + 1"}}, "Could not set x for host gw1: "),
        ({"groups": {"x": "nothing + 1"}}, "Could not add host gw1 to group x: "),
        ({"keyed_groups": [{"key": "nothing + 1"}]}, "Could not generate group for host gw1 from "),
    ],
)
def test_strict(tmp_path: Path, options: Options, reason: str) -> None:
    path = written(tmp_path, gateways={"gw1": {}}, **options)
    assert set(parse(path).inventory.hosts) == {"gw1"}
    path = written(tmp_path, gateways={"gw1": {}}, strict=True, **options)
    with pytest.raises(AnsibleParserError) as caught:
        parse(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: compose, groups or keyed_groups: {reason}")
    assert "'nothing' is undefined" in message
    assert one_sentence(message)


# --- templates


def test_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_environment(name: str) -> str:
        return f"{{{{ lookup('env', '{name}', default='nothing') }}}}"

    path = written(
        tmp_path,
        trunk_groups={
            "sip_b": {"type": "sip", "host": from_environment("CARRIER")},
            "a": {**PRI, "circuits": "{{ 1 + 1 }}", "pins": "{{ {1: 'gw2'} }}"},
        },
        gateways={
            "gw1": {"cards": "{{ ['TE420'] }}"},
            "gw[2:3]": {
                "cards": [from_environment("CARD")],
                "site": "{{ 'nor' ~ 'th' }}",
                "ansible_host": "{{ inventory_hostname }}.example.net",
                "vars": {"rack": from_environment("RACK")},
            },
        },
    )
    monkeypatch.setenv("CARRIER", "192.0.2.77")
    monkeypatch.setenv("CARD", "TE235")
    found = parse(path)
    (trunk,) = found.variables(found.places["sip_b-1"].split("/")[0])["gateway_circuits"]
    assert trunk["host"] == "192.0.2.77"
    assert found.places["a-1"].startswith("gw2/1/")
    assert found.groups["site_north"] == {"gw2", "gw3"}
    # Variables of a host are its own: only a play knows for which host.
    variables = found.inventory.hosts["gw3"].vars
    assert variables["ansible_host"] == "{{ inventory_hostname }}.example.net"
    monkeypatch.setenv("RACK", "7")
    templar = Templar(DataLoader(), {"inventory_hostname": "gw3"})
    assert templar.template(variables["ansible_host"]) == "gw3.example.net"
    assert templar.template(variables["rack"]) == "7"


# --- cache


@pytest.fixture
def cached(tmp_path: Path) -> Options:
    cache = tmp_path / ".cache"
    return {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(cache), **NETWORK}


def poison(directory: Path) -> dict[str, str]:
    """Changes the cached plan; returns its places."""
    (path,) = (directory / ".cache").iterdir()
    ((key, payload),) = json.loads(path.read_text(encoding="utf-8")).items()
    plan = json.loads(payload)
    places = plan["places"]
    places["carrier_a-1"], places["carrier_a-2"] = places["carrier_a-2"], places["carrier_a-1"]
    path.write_text(json.dumps({key: json.dumps(plan)}), encoding="utf-8")
    return dict(plain(places))


def test_cache(tmp_path: Path, cached: Options) -> None:
    path = written(tmp_path, **cached)
    right = parse(path).places
    wrong = poison(tmp_path)
    assert wrong != right
    assert sorted(wrong) == sorted(right)
    assert parse(path).places == wrong
    # Asked for news, as by meta: refresh_inventory.
    assert parse(path, cache=False).places == right
    assert parse(path).places == right


def test_cache_of_an_older_file(tmp_path: Path, cached: Options) -> None:
    path = written(tmp_path, **cached)
    right = parse(path).places
    poison(tmp_path)
    groups = {**NETWORK["trunk_groups"], "sip_c": {"type": "sip", "host": "192.0.2.20"}}
    written(tmp_path, **{**cached, "trunk_groups": groups})
    found = parse(path).places
    assert found.pop("sip_c-1").endswith("/sip")
    assert found == right


def test_cache_of_an_older_lock(tmp_path: Path, cached: Options) -> None:
    path = written(tmp_path, **cached)
    found = parse(path)
    poison(tmp_path)
    path.with_name("cabling.txt").write_text(lock_for(found), encoding="utf-8")
    assert parse(path).places == found.places


def test_cache_of_other_host_variables(directory: Path, cached: Options) -> None:
    groups = HOSTS["trunk_groups"]
    written(directory, "pstn.yml", **{**cached, "trunk_groups": groups, "gateways": {}})
    assert load(directory).places["a-2"] == "gw2/2/2"
    (directory / "host_vars/gw2/cards.yml").write_text("pstn_cards: [TE220]\n", encoding="utf-8")
    assert load(directory).places["a-2"] == "gw2/1/1"


def test_cache_does_not_rebalance(
    tmp_path: Path, cached: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = uneven(tmp_path, **cached)
    before = parse(path).places
    monkeypatch.setenv("TRUNKLINE_REBALANCE", "true")
    assert parse(path).places != before


def test_cache_of_keys_that_are_no_text(tmp_path: Path, cached: Options) -> None:
    pinned = {**PRI, "pins": {1: "gw2", "carrier_a-2": "gw1"}}
    path = written(tmp_path, **{**cached, "trunk_groups": {"carrier_a": pinned}})
    assert parse(path).places == parse(path).places


def test_damaged_cache(tmp_path: Path, cached: Options) -> None:
    path = written(tmp_path, **cached)
    right = parse(path).places
    (file,) = (tmp_path / ".cache").iterdir()
    file.write_text("{", encoding="utf-8")
    with pytest.raises(AnsibleParserError, match="so you can re-run your command now"):
        parse(path)
    assert parse(path).places == right


# --- rebalance


def uneven(directory: Path, **options: object) -> Path:
    """All circuits are plugged into the first gateway."""
    gateways = {"gw[1:2]": {"cards": ["TE420"]}}
    groups = {"carrier_a": PRI}
    path = written(directory, **{**options, "trunk_groups": groups, "gateways": gateways})
    lines = [f"gw1/1/{number} carrier_a-{number}" for number in range(1, 5)]
    lock = "\n".join(["cabling 1", "trunk_group 1 carrier_a", *lines, "end 4", ""])
    path.with_name("cabling.txt").write_text(lock, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("option", "environment", "even"),
    [
        (None, None, False),
        (None, "true", True),
        (None, "0", False),
        (True, None, True),
        (False, "true", False),
    ],
)
def test_rebalance(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: bool | None,
    environment: str | None,
    even: bool,
) -> None:
    options: Options = {} if option is None else {"rebalance": option}
    path = uneven(tmp_path, **options)
    if environment is not None:
        monkeypatch.setenv("TRUNKLINE_REBALANCE", environment)
    found = parse(path)
    gateways = [place.split("/")[0] for place in found.places.values()]
    assert (gateways.count("gw1"), gateways.count("gw2")) == ((2, 2) if even else (4, 0))
    assert len(found.warnings) == even


# --- cabling lock


def test_lock_is_honoured(tmp_path: Path) -> None:
    """Whatever was swapped by hand, and whatever number a trunk group has."""
    path = written(tmp_path, **NETWORK)
    lock = lock_for(parse(path))
    swapped = lock
    for one, other in (
        ("carrier_a-1", "carrier_a-4"),
        ("pots-1", "pots-3"),
        ("sip_b-1", "sip_b-2"),
    ):
        swapped = swapped.replace(one, "\0").replace(other, one).replace("\0", other)
    swapped = swapped.replace("trunk_group 2 pots", "trunk_group 17 pots")
    assert swapped != lock
    path.with_name("cabling.txt").write_text(swapped, encoding="utf-8")
    found = parse(path)
    assert found.warnings == []
    assert {f"{place} {circuit}" for circuit, place in found.places.items()} == {
        line for line in swapped.splitlines() if "/" in line and not line.startswith("#")
    }
    assert found.variables("gw1")["pstn_trunk_groups"] == {"carrier_a": 1, "pots": 17}
    assert {
        port["group"]
        for span in found.variables("gw1")["dahdi_spans"]
        for port in span.get("ports", [])
    } == {17}


def test_lock_of_the_plan_is_the_lock(tmp_path: Path) -> None:
    """Byte for byte, and so is the plan."""
    path = written(tmp_path, **NETWORK)
    first = parse(path)
    lock = lock_for(first)
    path.with_name("cabling.txt").write_text(lock, encoding="utf-8")
    second = parse(path)
    assert second.warnings == []
    assert lock_for(second) == lock
    assert [second.variables(name) for name in ("gw1", "gw2")] == [
        first.variables(name) for name in ("gw1", "gw2")
    ]


def test_new_circuits_go_around_the_lock(tmp_path: Path) -> None:
    path = written(tmp_path, **NETWORK)
    before = parse(path)
    path.with_name("cabling.txt").write_text(lock_for(before), encoding="utf-8")
    groups = {**NETWORK["trunk_groups"], "a0": PRI, "carrier_a": {**PRI, "circuits": 2}}
    written(tmp_path, **{**NETWORK, "trunk_groups": groups})
    after = parse(path)
    kept = set(before.places) - {"carrier_a-3", "carrier_a-4"}
    assert {circuit: after.places[circuit] for circuit in kept} == {
        circuit: before.places[circuit] for circuit in kept
    }
    numbers = before.variables("gw1")["pstn_trunk_groups"]
    assert after.variables("gw1")["pstn_trunk_groups"] == {**numbers, "a0": 3}
    assert [warning.split(": ", 1)[1] for warning in after.warnings] == [
        "a0-1, a0-2 and 2 more are not in the cabling lock yet: playbooks/plan.yml shows what to "
        "do.",
        "carrier_a-3 and carrier_a-4 are in the cabling lock but no longer in a trunk group: "
        "playbooks/plan.yml shows what to do.",
    ]


@pytest.mark.parametrize("absolute", [False, True])
def test_lock_elsewhere(tmp_path: Path, absolute: bool) -> None:
    lock = tmp_path / "wiring" / "lock.txt"
    lock.parent.mkdir()
    option = str(lock) if absolute else "wiring/lock.txt"
    path = written(tmp_path, **NETWORK, lock=option)
    found = parse(path)
    assert found.variables("gw2")["pstn_lock"] == str(lock)
    text = lock_for(found).replace("gw1/1/1 ", "gw1/1/4 ")
    lock.write_text(text, encoding="utf-8")
    assert "gw1/1/4" in parse(path).places.values()


def test_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    found = parse(written(tmp_path, **NETWORK))
    turned = {name: NETWORK["trunk_groups"][name] for name in reversed(NETWORK["trunk_groups"])}
    gateway = NETWORK["gateways"]["gw[1:2]"]
    other = parse(written(tmp_path, trunk_groups=turned, gateways={"gw2": gateway, "gw1": gateway}))
    assert lock_for(other) == lock_for(found)
    assert other.variables("gw1") == found.variables("gw1")


def test_parsed_twice(tmp_path: Path) -> None:
    """As by refresh_inventory, or by the same file named twice."""
    path = written(tmp_path, **NETWORK)
    once, twice = load(path), load(path, path)
    assert twice.groups == once.groups
    assert twice.places == once.places
