# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles write for circuits with cables, and that nothing changes where there are none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from ansible.plugins.filter.core import FilterModule as CoreFilters
from ansible.plugins.test.mathstuff import TestModule as SetTests

from ansible_collections.trunkline.callcenter.plugins.filter import (
    agent_codes,
    chan_dahdi,
    stations,
)

ROLES = Path(__file__).parents[2] / "roles"
GATEWAY: dict[str, Any] = {
    "gateway_central_address": "192.0.2.20",
    "gateway_numbers": {"5550100": "welcome"},
    "gateway_menus": {"welcome": {"otherwise": {"queue": "sales"}}},
}
PRI: dict[str, Any] = {
    "span": 1,
    "slot": 1,
    "line": "t1",
    "first_channel": 1,
    "channels": 24,
    "d_channel": 24,
    "circuit": "a-1",
    "trunk_group": "a",
    "group": 1,
    "type": "pri",
    "signalling": "pri_cpe",
    "switchtype": "national",
    "voice_channels": "1-23",
}
TELEPHONE: dict[str, Any] = {
    "port": 1,
    "channel": 25,
    "kind": "fxs",
    "signalling": "fxo_ks",
    "extension": "2001",
    "circuit": "floor-2001",
    "trunk_group": "floor",
    "group": 2,
    "type": "station",
}
CABLES: dict[str, Any] = {
    **GATEWAY,
    "gateway_spans": [PRI, {"span": 2, "line": "analog", "ports": [TELEPHONE]}],
    "gateway_trunk_groups": {
        "a": {"group": 1, "circuits": []},
        "b": {"group": None, "circuits": [{"name": "b-1", "channels": 30}]},
    },
}
CENTRAL: dict[str, Any] = {
    "central_queues": {"sales": {}},
    "central_gateways": [
        {"name": "gw1", "address": "192.0.2.11", "trunk_groups": ["a", "b"], "stations": ["2001"]},
        {"name": "gw2", "address": "192.0.2.12", "trunk_groups": ["a"], "stations": []},
    ],
}


def rendered(role: str, template: str, **variables: object) -> str:
    """A template as Ansible renders it."""
    environment = jinja2.Environment(  # noqa: S701 these are no web pages
        trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    core = CoreFilters().filters()
    environment.filters |= {name: core[name] for name in ("bool", "flatten", "regex_replace")}
    environment.tests |= SetTests().tests()
    for plugin in (agent_codes, chan_dahdi, stations):
        for name, function in plugin.FilterModule().filters().items():
            environment.filters[f"trunkline.callcenter.{name}"] = function
    values: dict[str, Any] = {"ansible_managed": "managed"}
    for directory in ("defaults", "vars"):
        text = (ROLES / role / directory / "main.yml").read_text(encoding="utf-8")
        values |= yaml.safe_load(text)
    text = (ROLES / role / "templates" / template).read_text(encoding="utf-8")
    return environment.from_string(text).render({**values, **variables})


def context(text: str, name: str) -> str:
    match = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, name
    return match[1]


def test_no_cables() -> None:
    text = rendered("gateway", "extensions.conf.j2", **GATEWAY)
    assert context(text, "from-central") == "exten => _X.,1,Hangup(1)\n"
    assert context(text, "arrive").startswith("exten => s,1,Set(GROUP(circuit)=${CIRCUIT})\n")
    assert "DAHDI" not in text
    assert "dahdi" not in rendered("gateway", "modules.conf.j2", **GATEWAY)
    central = {"central_gateways": [{"name": "gw1", "address": "192.0.2.11"}]}
    text = rendered("central", "extensions.conf.j2", **{**CENTRAL, **central})
    assert (
        context(text, "from-phones") == "include => agent-codes\ninclude => seats\n\n"
        "; Whether the seat is free is asked before it rings.\n"
    )
    assert "seat-" not in text
    assert "trunk-groups" not in text


def test_cables() -> None:
    text = rendered("gateway", "extensions.conf.j2", **CABLES)
    assert "exten => 2001,1,Dial(DAHDI/25)\n" in context(text, "stations")
    ways = context(text, "trunk-groups")
    assert "exten => group-a,1,NoOp(trunk group a)\n same => n,Gosub(dial,s,1(DAHDI/r1/" in ways
    assert " same => n,Gosub(dial-circuit,s,1(b-1,30))\n same => n,Hangup(34)\n" in ways
    assert "(cable),Return()" in context(text, "arrive")
    modules = rendered("gateway", "modules.conf.j2", **CABLES)
    assert "load = chan_dahdi.so\n" in modules
    assert "codec_dahdi" not in modules


@pytest.mark.parametrize("context_of", ["from-central", "trunk-groups", "dial", "from-stations"])
def test_media_stay_direct(context_of: str) -> None:
    """No option of Dial that would draw the audio of a call through a server."""
    text = rendered("gateway", "extensions.conf.j2", **CABLES)
    assert not re.search(r"Dial\([^,\n]*,[^,\n]*,[^)]*[tThH]", context(text, context_of))


def test_chan_dahdi() -> None:
    text = rendered("gateway", "chan_dahdi.conf.j2", **CABLES)
    options = [
        line.partition(" = ") for line in context(text, "channels").splitlines() if " = " in line
    ]
    assert ("switchtype", " = ", "national") in options
    assert ("setvar", " = ", "CIRCUIT=a-1") in options
    assert [line for line in text.splitlines() if line.startswith("channel")] == [
        "channel => 1-23",
        "channel => 25",
    ]


def test_ways_out() -> None:
    outgoing = {"_9X.": {"trunk_groups": ["a", "b"], "strip": 1, "prefix": "0"}}
    text = rendered("central", "extensions.conf.j2", **CENTRAL, central_outgoing=outgoing)
    assert context(text, "from-phones").startswith(
        "exten => _9X.,1,Set(NUMBER=0${FILTER(0-9+*#,${EXTEN:1})})\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Gosub(trunk-groups,group-b,1)\n"
        " same => n,Hangup(34)\n"
        "include => agent-codes\ninclude => seats\n"
    )
    ways = context(text, "trunk-groups")
    assert "exten => group-a,1,Gosub(gateways,s,1(a,2,gw1&gw2))\n" in ways
    assert "exten => group-b,1,Gosub(gateways,s,1(b,1,gw1))\n" in ways
    # A plain telephone says who it is, so that it can dial the codes of its agent.
    assert (
        "exten => _seat-.,1,Set(SEAT=${FILTER(0-9,${CALLERID(num)})})\n"
        " same => n,Goto(from-phones,${EXTEN:5},1)\n"
    ) in context(text, "from-gateways")


class Silence(dict[str, list[str]]):
    """A prompt for everything."""

    def __missing__(self, key: str) -> list[str]:
        return ["beep"]

    def __getattr__(self, name: str) -> list[str]:
        return self[name]


def test_codes_of_agents() -> None:
    """A code that is switched off is not there, and without reasons nobody is asked for one."""
    variables: dict[str, Any] = {**CENTRAL, "_central_agent_prompts": Silence()}
    text = rendered("central", "extensions_agents.conf.j2", **variables)
    assert "exten => _*44!,1," in text
    assert "exten => _*452*X.,hint,Custom:Aux Lunch-${EXTEN:5}\n" in text
    assert "Read(CHOICE" in text
    variables |= {"central_agent_codes": {"busy": ""}, "central_aux_reasons": {}}
    text = rendered("central", "extensions_agents.conf.j2", **variables)
    assert "*44" not in text
    assert "exten => _*45!,1," in text
    assert "Read(CHOICE" not in text


def test_sandbox() -> None:
    text = rendered("asterisk", "asterisk.service.conf.j2")
    assert "PrivateDevices=yes\n" in text
    assert "ExecStartPre" not in text
    text = rendered("asterisk", "asterisk.service.conf.j2", asterisk_dahdi_spans=[1, 5])
    assert "PrivateDevices" not in [line.partition("=")[0] for line in text.splitlines()]
    assert "DevicePolicy=closed\nDeviceAllow=char-dahdi rw\n" in text
    assert "for span in 001 005 ; do until grep" in text
