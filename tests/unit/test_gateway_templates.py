# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles write for circuits with cables and for the IVR."""

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
    caller_priorities,
    callers,
    chan_dahdi,
    hours_contexts,
    ivr,
    queues,
    stations,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.prompts import (
    RECORDINGS_DIRECTORY,
)

ROLES = Path(__file__).parents[2] / "roles"
GATEWAY: dict[str, Any] = {
    "gateway_address": "192.0.2.11",
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


OUTGOING: dict[str, Any] = {
    **CENTRAL,
    "central_accounts": [
        {"extensions": "1001-1010", "outgoing_classes": ["local"], "caller_id": "555{extension}"},
        {"extensions": "1011-1020"},
        {"extensions": "1100", "outgoing_classes": []},
    ],
    "central_caller_id": "+15550100",
    "central_withhold_code": "*31",
    "central_emergency": {911: {"trunk_groups": ["b", "a"], "caller_id": "5550199"}},
    "central_outgoing": {
        "_9NXXXXXX": {"trunk_groups": ["a"], "strip": 1, "class": "local"},
        "_9900X.": {"blocked": True},
    },
}


def rendered(role: str, template: str, **variables: object) -> str:
    """A template as Ansible renders it."""
    environment = jinja2.Environment(  # noqa: S701 these are no web pages
        trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    core = CoreFilters().filters()
    environment.filters |= {name: core[name] for name in ("bool", "flatten", "regex_replace")}
    environment.tests |= SetTests().tests()
    for plugin in (
        agent_codes,
        caller_priorities,
        callers,
        chan_dahdi,
        hours_contexts,
        ivr,
        queues,
        stations,
    ):
        for name, function in plugin.FilterModule().filters().items():
            environment.filters[f"trunkline.callcenter.{name}"] = function
    values: dict[str, Any] = {"ansible_managed": "managed"}
    for directory in ("defaults", "vars"):
        text = (ROLES / role / directory / "main.yml").read_text(encoding="utf-8")
        values |= yaml.safe_load(text)
    values |= variables
    # As in vars/main.yml, but for the recordings on the controller.
    options = ("numbers", "menus", "queues", "extensions", "hours", "time_zone", "language")
    values["_gateway_ivr"] = {option: values.get(f"gateway_{option}", {}) for option in options}
    text = (ROLES / role / "templates" / template).read_text(encoding="utf-8")
    return environment.from_string(text).render(values)


def context(text: str, name: str) -> str:
    match = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, name
    return match[1]


def test_no_cables() -> None:
    text = rendered("gateway", "extensions.conf.j2", **GATEWAY)
    assert context(text, "from-central") == "exten => s,1,Hangup(16)\nexten => _X.,1,Hangup(1)\n"
    assert context(text, "arrive").startswith("exten => s,1,Set(GROUP(circuit)=${CIRCUIT})\n")
    assert "& ${EPOCH} - 0${RESERVED_${TRUNK_GROUP}} < 3]?full)\n" in context(text, "arrive")
    assert "DAHDI" not in text
    assert "dahdi" not in rendered("gateway", "modules.conf.j2", **GATEWAY)
    central = {"central_gateways": [{"name": "gw1", "address": "192.0.2.11"}]}
    variables: dict[str, Any] = {**CENTRAL, **central}
    text = rendered("central", "extensions.conf.j2", **variables)
    assert (
        context(text, "from-phones")
        == "include => phone-codes\ninclude => agent-codes\ninclude => seats\n\n"
    )
    assert "seat-" not in text
    assert "trunk-groups" not in rendered("central", "extensions_outgoing.conf.j2", **variables)


def test_mailboxes() -> None:
    boxes: dict[str, Any] = {"8000": {"name": "Service"}}
    text = rendered("central", "extensions.conf.j2", **CENTRAL, central_mailboxes=boxes)
    assert "exten => 8000,1,Gosub(mailbox,s,1(${EXTEN},u))\n" in context(text, "seats")
    assert "mailcmd" not in rendered("central", "voicemail.conf.j2")
    smtp = {"host": "mail.example.com", "from": "voicemail@example.com", "tls": "tls"}
    text = rendered("central", "voicemail.conf.j2", central_smtp=smtp)
    assert "serveremail = voicemail@example.com\n" in text
    text = rendered("central", "msmtp.conf.j2", central_smtp=smtp)
    assert "port 465\n" in text
    assert "tls_starttls off\n" in text
    assert "password" not in text


def test_conferences() -> None:
    """Each room at another gateway first, and nothing of it where there are none."""
    rooms: dict[str, Any] = {"8500": {}, "8501": {"pin": "4711"}}
    text = context(
        rendered("central", "extensions.conf.j2", **CENTRAL, central_conferences=rooms), "seats"
    )
    assert re.findall(r"Dial\(PJSIP/conference-\$\{EXTEN\}@gateway-(gw\d)\)", text) == [
        *("gw1", "gw2", "gw2", "gw1"),
    ]
    variables = {**GATEWAY, "gateway_conferences": rooms}
    text = context(rendered("gateway", "extensions.conf.j2", **variables), "from-central")
    assert text.count("ConfBridge(850") == 2
    assert text.count("Set(CONFBRIDGE(user,pin)=${CONFERENCE_PIN_8501})\n") == 1
    pins = rendered("gateway", "extensions_conferences.conf.j2", **variables)
    assert context(pins, "globals") == "CONFERENCE_PIN_8501 = 4711\n"
    assert "app_confbridge" in rendered("gateway", "modules.conf.j2", **variables)
    assert "confbridge" not in rendered("gateway", "modules.conf.j2", **GATEWAY)


def test_cables() -> None:
    text = rendered("gateway", "extensions.conf.j2", **CABLES)
    assert "exten => 2001,1,Dial(DAHDI/25)\n" in context(text, "stations")
    ways = context(text, "trunk-groups")
    assert ways.startswith(
        "exten => group-a,1(dial),NoOp(trunk group a)\n same => n,Gosub(dial,s,1(DAHDI/r1/"
    )
    assert " same => n,Gosub(dial-circuit,s,1(b-1,30))\n same => n,Gosub(room,s,1)\n" in ways
    assert "(cable),Return()" in context(text, "arrive")
    modules = rendered("gateway", "modules.conf.j2", **CABLES)
    assert "load = chan_dahdi.so\n" in modules
    assert "codec_dahdi" not in modules
    assert "load = res_timing_dahdi.so\n" in modules


def test_numbers_are_withheld_on_lines_too() -> None:
    text = rendered("gateway", "chan_dahdi.conf.j2", **CABLES)
    assert "usecallingpres = yes\n" in context(text, "channels").partition("channel =>")[0]


@pytest.mark.parametrize("context_of", ["from-central", "trunk-groups", "dial", "from-stations"])
def test_media_stay_direct(context_of: str) -> None:
    """No option of Dial that would draw the audio of a call through a server."""
    text = rendered("gateway", "extensions.conf.j2", **CABLES)
    assert not re.search(r"Dial\([^,\n]*,[^,\n]*,[^)]*[tThH]", context(text, context_of))


def test_ivr() -> None:
    text = rendered(
        "gateway",
        "extensions.conf.j2",
        gateway_central_address="192.0.2.20",
        gateway_time_zone="Europe/Madrid",
        gateway_hours={"office": {"mon-fri": "8:00-18:00", "2027-03-29": "closed"}},
        gateway_extensions=["1001", "1002"],
        gateway_numbers={
            "5550100-5550199": {"menu": "welcome", "language": "es"},
            "default": {"queue": "sales", "hours": "office", "closed": {"extension": "1001"}},
        },
        gateway_menus={
            "welcome": {
                "prompt": ["vm-press"],
                "digits": {"2": {"menu": "bye", "language": "fr"}},
                "extensions": True,
                "invalid": {"menu": "bye"},
                "tries": 2,
            },
            "bye": {"prompt": ["hello"], "otherwise": {"announcement": ["vm-goodbye"]}},
        },
    )
    assert context(text, "from-circuits").startswith(
        "exten => _55501XX,1,Gosub(arrive,s,1)\n"
        " same => n,Set(CHANNEL(language)=es)\n"
        " same => n,Goto(menu-welcome,s,1)\n"
        "exten => _[+0-9].,1,Gosub(arrive,s,1)\n"
        " same => n,Gosub(hours-office,s,1)\n"
        ' same => n,GotoIf($["${GOSUB_RETVAL}" = "open"]?open)\n'
        " same => n,Goto(to-central,1001,1)\n"
        " same => n(open),NoOp()\n"
        " same => n,Goto(to-central,queue-sales,1)\n"
        "; A carrier asks "
    )
    assert "Hangup(1)" not in context(text, "from-circuits")
    assert context(text, "hours-office") == (
        "exten => s,1,Goto(${STRFTIME(${EPOCH},Europe/Madrid,%Y)},1)\n"
        "exten => 2027,1,NoOp()\n"
        " same => n,GotoIfTime(*,*,29,mar,Europe/Madrid?closed,1)\n"
        " same => n,Goto(every,1)\n"
        "exten => _XXXX,1,Goto(every,1)\n"
        "exten => every,1,NoOp()\n"
        " same => n,GotoIfTime(8:00-17:59,mon-fri,*,*,Europe/Madrid?open,1)\n"
        " same => n,Goto(closed,1)\n"
        "exten => open,1,Return(open)\n"
        "exten => closed,1,Return(closed)\n\n"
    )
    menu = context(text, "menu-welcome")
    assert "include => seats\n" in menu
    assert (
        " same => n(ask),Set(TRIES=$[${TRIES} + 1])\n"
        " same => n,GotoIf($[${TRIES} > 2]?otherwise)\n"
        " same => n,Background(vm-press)\n"
        " same => n,WaitExten(5)\n"
        " same => n(otherwise),Playback(vm-goodbye)\n"
        " same => n,Hangup(16)\n"
    ) in menu
    assert " same => n,Set(CHANNEL(language)=fr)\n same => n,Goto(menu-bye,s,1)\n" in menu
    assert (
        "exten => i,1,Playback(invalid)\n"
        " same => n,GotoIf($[${TRIES} < 2]?s,ask)\n"
        " same => n,Goto(menu-bye,s,1)\n"
    ) in menu
    assert context(text, "menu-bye") == (
        "exten => s,1,Answer()\n"
        " same => n,Set(TRIES=0)\n"
        " same => n,Playback(hello)\n"
        " same => n(otherwise),Playback(vm-goodbye)\n"
        " same => n,Hangup(16)\n\n"
        "; Extensions that callers may dial in a menu.\n"
    )
    assert context(text, "seats").startswith("exten => _100[12],1,Goto(to-central,${EXTEN},1)\n")


def test_recordings_are_where_the_dialplan_looks_for_them() -> None:
    text = (ROLES / "gateway" / "vars" / "main.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(text)["_gateway_recordings_directory"] == RECORDINGS_DIRECTORY


def test_without_a_time_zone_it_is_that_of_the_gateway() -> None:
    hours = {"office": {"mon-fri": "8:00-18:00"}}
    text = context(
        rendered("gateway", "extensions.conf.j2", **GATEWAY, gateway_hours=hours), "hours-office"
    )
    assert "Goto(${STRFTIME(${EPOCH},,%Y)},1)\n" in text
    assert "GotoIfTime(8:00-17:59,mon-fri,*,*?open,1)\n" in text


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
    variables: dict[str, Any] = {**CENTRAL, "central_outgoing": outgoing}
    phones = rendered("central", "extensions.conf.j2", **variables)
    assert context(phones, "from-phones").startswith(
        "include => outgoing\ninclude => phone-codes\ninclude => agent-codes\ninclude => seats\n"
    )
    text = rendered("central", "extensions_outgoing.conf.j2", **variables)
    assert context(text, "outgoing").startswith(
        "exten => _9X.,1,Set(NUMBER=0${FILTER(0-9+*#,${EXTEN:1})})\n"
        " same => n,Gosub(caller,s,1)\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Gosub(trunk-groups,group-b,1)\n"
        " same => n,Gosub(ended,s,1(34))\n\n"
        "; Nobody's "
    )
    assert "emergency" not in context(text, "caller")
    assert context(text, "callers").startswith("exten => _X!,1,Set(SHOWN=${SEAT})\n")
    ways = context(text, "trunk-groups")
    assert "exten => group-a,1,Gosub(gateways,s,1(a,gw1&gw2))\n" in ways
    assert "exten => group-b,1,Gosub(gateways,s,1(b,gw1))\n" in ways
    # A plain telephone says who it is, so that it can dial the codes of its agent.
    assert (
        "exten => _seat-.,1,Set(SEAT=${FILTER(0-9,${CALLERID(num)})})\n"
        " same => n,Set(CHANNEL(accountcode)=seat-${SEAT})\n"
        " same => n,Set(CHANNEL(hangup_handler_push)=station-hung-up,s,1(${SEAT}))\n"
        " same => n,Set(DEVICE_STATE(Custom:station-${SEAT})=INUSE)\n"
        " same => n,Goto(from-phones,${EXTEN:5},1)\n"
    ) in context(phones, "from-gateways")


def test_plain_telephone_that_calls_is_busy() -> None:
    queues = {"sales": {"empty": {"extension": "2001"}}}
    text = rendered("central", "extensions.conf.j2", **{**CENTRAL, "central_queues": queues})
    assert context(text, "stations") == "exten => 2001,hint,PJSIP/2001&Custom:station-2001\n\n"
    asked = (
        ' same => n,ExecIf($["${DEVICE_STATE(Custom:station-%s)}" = "INUSE"]?Set(STATE=INUSE))\n'
    )
    assert asked % "2001" in context(text, "from-gateways")
    assert asked % "${EXTEN}" in context(text, "seats")
    start = rendered("central", "cli.conf.j2", **CENTRAL)
    assert start.endswith("\ndevstate change Custom:station-2001 INVALID = yes\n")
    text = rendered("central", "extensions.conf.j2", **{**CENTRAL, "central_gateways": []})
    assert "station" not in text


def test_what_seats_may_dial() -> None:
    phones = rendered("central", "extensions.conf.j2", **OUTGOING)
    assert context(phones, "from-phones").startswith("include => emergency\ninclude => outgoing\n")
    text = rendered("central", "extensions_outgoing.conf.j2", **OUTGOING)
    assert context(text, "outgoing").startswith(
        "exten => _9NXXXXXX,1,Set(NUMBER=${FILTER(0-9+*#,${EXTEN:1})})\n"
        " same => n,Gosub(caller,s,1)\n"
        " same => n,Gosub(may-dial,s,1(local))\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Gosub(ended,s,1(34))\n"
        "exten => _9900X.,1,Goto(refused,s,1)\n"
    )
    assert "exten => _*31[0-9+]!,1,Set(PRESENTATION=prohib_passed_screen)\n" in text
    assert context(text, "callers").startswith(
        "exten => 1010,1,Set(SHOWN=555${SEAT})\n"
        " same => n,Set(CLASSES=&local&)\n"
        " same => n,Return()\n"
        "exten => _100Z,1,Set(SHOWN=555${SEAT})\n"
        " same => n,Set(CLASSES=&local&)\n"
        " same => n,Return()\n"
        "exten => 1100,1,Set(SHOWN=+15550100)\n"
        " same => n,Set(CLASSES=&)\n"
        " same => n,Return()\n"
        "exten => _X!,1,Set(SHOWN=+15550100)\n"
        " same => n,Return()\n"
    )


def test_emergency_numbers() -> None:
    """No class is asked for. Where no line is left room is made, then more are asked for."""
    text = rendered("central", "extensions_outgoing.conf.j2", **OUTGOING)
    assert context(text, "emergency").startswith(
        "exten => 911,1,Set(NUMBER=911)\n"
        " same => n,Set(PRESENTATION=allowed_passed_screen)\n"
        " same => n,Set(EMERGENCY=line)\n"
        " same => n,Gosub(caller,s,1)\n"
        " same => n,Set(SHOWN=5550199)\n"
        " same => n,Gosub(trunk-groups,group-b,1)\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Set(EMERGENCY=room)\n"
        " same => n,Gosub(trunk-groups,group-b,1)\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Set(EMERGENCY=more)\n"
        " same => n,Gosub(trunk-groups,group-b,1)\n"
        " same => n,Gosub(trunk-groups,group-a,1)\n"
        " same => n,Hangup(34)\n"
    )
    assert '${REGEX("^(911)$" ${NUMBER})}]?emergency,${NUMBER},1)\n' in context(text, "caller")
    assert "exten => group-b,1,Gosub(gateways,s,1(b,gw1))\n" in context(text, "trunk-groups")


def test_gateways_are_probed_from_an_address_that_never_moves() -> None:
    text = rendered(
        "central",
        "pjsip.conf.j2",
        **CENTRAL,
        central_address="192.0.2.21",
        central_floating_address="192.0.2.20",
        central_codecs=["alaw"],
    )
    for name in ("gw1", "gw2"):
        probe = text.partition(f"[probe-{name}]\n")[2].partition("[gateway-")[0]
        assert probe.startswith("type = endpoint\ntransport = own\n")
        assert "qualify_frequency = 2\n" in probe
    assert text.count("qualify_frequency") == 2


class Silence(dict[str, list[str]]):
    """A prompt for everything."""

    def __missing__(self, key: str) -> list[str]:
        return ["beep"]

    def __getattr__(self, name: str) -> list[str]:
        return self[name]


def test_queues() -> None:
    queues = {
        "sales": {"penalty_limits": {0: 0, 30: 5}, "wrapup_seconds": 20},
        "support": {"announce_position": True},
    }
    variables: dict[str, Any] = {**CENTRAL, "central_queues": queues}
    entries = context(rendered("central", "extensions.conf.j2", **variables), "from-gateways")
    assert (
        " same => n,Set(QUEUE_MAX_PENALTY=0)\n"
        " same => n,Set(_WRAPUP=20)\n"
        " same => n,Queue(sales,,,,,,agent-talks)\n"
    ) in entries
    assert " same => n,Set(QUEUE_MAX_PENALTY=2147483647)\n same => n,Queue(support)\n" in entries
    assert "LEAVEEMPTY" not in entries
    rules = rendered("central", "queuerules.conf.j2", **variables)
    assert rules.endswith("[general]\n[sales]\npenaltychange => 30,5\n")
    text = rendered("central", "queues.conf.j2", **variables)
    assert "defaultrule = sales\n" in context(text, "sales")
    assert "announce-position = yes\nannounce-holdtime = no\n" in context(text, "support")


def test_priorities() -> None:
    callers = {"5551234": 20, "_0800X.": "5"}
    text = rendered("central", "extensions.conf.j2", **CENTRAL, central_priority_callers=callers)
    assert context(text, "priority-callers").splitlines()[:3] == [
        "exten => c5551234,1,Return(20)",
        "exten => _c0800X.,1,Return(5)",
        "exten => _c!,1,Return(0)",
    ]
    numbers = {"5550100": "welcome", "5550190": {"queue": "sales", "priority": 10}}
    text = rendered("gateway", "extensions.conf.j2", **{**GATEWAY, "gateway_numbers": numbers})
    assert (
        "exten => 5550190,1,Gosub(arrive,s,1)\n"
        " same => n,Set(CALL_PRIORITY=10)\n"
        " same => n,Goto(to-central,queue-sales,1)\n"
    ) in text
    assert text.count("Set(CALL_PRIORITY=") == 1


def test_language_of_the_caller_goes_along() -> None:
    text = rendered("gateway", "extensions.conf.j2", **GATEWAY)
    assert "^0${CALL_PRIORITY}^${CHANNEL(language)})))\n" in context(text, "to-central")
    header = "X-Trunkline-Language"
    sent = f" same => n,Set(PJSIP_HEADER(add,{header})=${{FILTER(A-Za-z0-9_,${{ARG4}})}})\n"
    assert sent in context(text, "central-headers")
    text = rendered("central", "extensions.conf.j2", **CENTRAL)
    for part in ("arrive", "mailbox"):
        assert context(text, part).startswith("exten => s,1,Gosub(language,s,1)\n")
    assert f"PJSIP_HEADER(read,{header})" in context(text, "language")


def test_hours_of_a_queue() -> None:
    variables: dict[str, Any] = {
        **CENTRAL,
        "central_queues": {"sales": {"hours": "office"}},
        "central_hours": {"office": {"mon-fri": "8:00-18:00"}},
        "central_time_zone": "Europe/Madrid",
    }
    text = rendered("central", "extensions.conf.j2", **variables)
    assert (
        " same => n(enter),Answer()\n"
        " same => n,Gosub(hours-office,s,1)\n"
        ' same => n,GotoIf($["${GOSUB_RETVAL}" != "open" & ${AGAIN} = 0]?closed)\n'
        " same => n,Queue(sales)\n"
        " same => n,Hangup(16)\n"
        " same => n(closed),Playback(vm-nobodyavail)\n"
    ) in context(text, "from-gateways")
    assert "mon-fri,*,*,Europe/Madrid?open,1)\n" in context(text, "hours-office")


def test_callers_whom_nobody_serves() -> None:
    queues = {
        "sales": {
            "maximum_callers": 5,
            "full": {"queue": "support"},
            "maximum_wait_seconds": 60,
            "timed_out": {"extension": "1001"},
            "empty": {"announcement": ["vm-goodbye", "custom/bye"]},
        },
        "support": {"empty": {"number": "95550100"}},
    }
    text = rendered("central", "extensions.conf.j2", **{**CENTRAL, "central_queues": queues})
    entries = context(text, "from-gateways")
    assert (
        "exten => queue-sales,1,Gosub(arrive,s,1)\n"
        " same => n(enter),Answer()\n"
        " same => n,GotoIf($[${AGAIN} = 0 & ${QUEUE_MEMBER(sales,logged)} = 0]?empty)\n"
        " same => n,Queue(sales,,,,$[60 - ${WAITED}])\n"
        ' same => n,GotoIf($["${QUEUESTATUS}" = "FULL"]?full)\n'
        ' same => n,GotoIf($["${QUEUESTATUS}" = "TIMEOUT"]?timed_out)\n'
        ' same => n,GotoIf($["${QUEUESTATUS}" = "LEAVEEMPTY"]?empty)\n'
        " same => n,Hangup(16)\n"
        " same => n(full),Set(WAITED=0)\n"
        " same => n,Goto(queue-support,enter)\n"
        " same => n(timed_out),Set(STATE=${DEVICE_STATE(PJSIP/1001)})\n"
        ' same => n,ExecIf($["${STATE}" = "NOT_INUSE"]?Dial(PJSIP/1001,30,m))\n'
        " same => n,Gosub(mailbox,s,1(1001,u))\n"
        " same => n,Playback(vm-nobodyavail)\n"
        " same => n,Hangup(16)\n"
        " same => n(empty),Playback(vm-goodbye&custom/bye)\n"
        " same => n,Hangup(16)\n"
        "exten => queue-support,1,"
    ) in entries
    assert (
        " same => n(empty),Set(MUSIC=m)\n"
        " same => n,Set(SEAT=${FILTER(0-9,${CALLERID(num)})})\n"
        ' same => n,ExecIf($["${SEAT}" = ""]?Set(SEAT=0))\n'
        " same => n,Goto(from-phones,95550100,1)\n"
    ) in entries
    text = rendered("central", "queues.conf.j2", **{**CENTRAL, "central_queues": queues})
    assert "maxlen = 5\n" in context(text, "sales")
    assert "leavewhenempty = invalid\n" in context(text, "sales")


def test_call_backs() -> None:
    """They may call what the queue names, never for help, and only as far as the dialplan says."""
    back = {"digit": 1, "prefix": "9", "outgoing_classes": ["local"], "caller_id": "5550111"}
    queues = {"sales": {"call_back": back, "maximum_wait_seconds": 60}, "support": {}}
    ways = {**OUTGOING["central_outgoing"], "_90X.": {"trunk_groups": ["a"], "class": "abroad"}}
    variables = {**OUTGOING, "central_queues": queues, "central_outgoing": ways}
    text = rendered("central", "extensions_call_backs.conf.j2", **variables)
    assert context(text, "call-back-sales").startswith(
        "exten => 1,1,Gosub(call-back-settings,sales,1)\n same => n,Goto(call-back,ask,1)\n"
    )
    assert context(text, "call-back-may-sales").startswith(
        "exten => _9NXXXXXX,1,Set(LOCAL(OUT)=${EXTEN:1})\n"
        ' same => n,Return(${IF(${REGEX("^(911)$" ${OUT})}?no:yes)})\n'
        "exten => _9900X.,1,Return(no)\n"
        "exten => _90X.,1,Return(no)\n"
        "exten => _[+0-9]!,1,Return(no)\n"
    )
    assert " same => n,Set(CALL_BACK_CLASSES=&local&)\n" in context(text, "call-back-settings")
    assert "support" not in text
    assert "include" not in text
    caller = context(rendered("central", "extensions_outgoing.conf.j2", **variables), "caller")
    assert caller.index('REGEX("^(911)$" ${NUMBER})}]?Hangup') < caller.index("]?emergency,")
    entries = context(rendered("central", "extensions.conf.j2", **variables), "from-gateways")
    assert (
        " same => n,Set(JOINED=$[${EPOCH} - ${WAITED}])\n"
        " same => n,Set(PLACE=)\n"
        " same => n(wait),Queue(sales,,,,$[60 - ${EPOCH} + ${JOINED}],,,,${PLACE})\n"
    ) in entries
    assert " same => n,Queue(support)\n" in entries
    settings = rendered("central", "queues.conf.j2", **variables)
    assert settings.count("context = call-back-sales\n") == 1
    assert settings.count("context = ") == 1


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
    assert "trunkline-spans" not in text
    assert "\nRequires=" not in text
    assert "TimeoutStopSec=10\n" in text
    text = rendered("asterisk", "asterisk.service.conf.j2", asterisk_dahdi_spans=[1, 5])
    assert "PrivateDevices" not in [line.partition("=")[0] for line in text.splitlines()]
    assert "DevicePolicy=closed\nDeviceAllow=char-dahdi rw\n" in text
    assert "/usr/local/sbin/trunkline-spans 1 5\n" in text
