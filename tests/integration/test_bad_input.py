# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mistake in the inventory ends in one sentence before anything is changed.

``site.yml`` runs for real, on hosts whose facts are prepared in the cache: they need not exist. If
a check were missing it still could change nothing: check mode, and hosts without a Python.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.plugins.loader import cache_loader

CHECKOUT = Path(__file__).parents[2]
CHECKING_PLAYS = {"Inventory is complete", "Everything fits before anything is changed"}
CHECKING_TASKS = {
    "Filters are loaded",
    "There are hosts enough and a secret",
    "Cables are where the plan has them",
    "Plan of the cables was made",
    "Variables and host fit the role",
}
READING = {
    "ansible.builtin.apt",
    "ansible.builtin.assert",
    "ansible.builtin.command",
    "ansible.builtin.debug",
    "ansible.builtin.find",
    "ansible.builtin.slurp",
    "ansible.builtin.stat",
    "trunkline.callcenter.dahdi_card_info",
}
ADDRESSES = {"gw1": "192.0.2.11", "central1": "192.0.2.21", "central2": "192.0.2.22"}
UGLY = re.compile(r"Traceback|rror rendering|caused by|is undefined|object has no|Sub-Event")
FIRST_CHANGE = "All servers"

WELCOME: dict[str, Any] = {"digits": {"1": {"queue": "sales"}}, "otherwise": {"queue": "sales"}}
GOOD: dict[str, Any] = {
    "callcenter_spare": False,
    "callcenter_secret": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    "floating_ip_address": "192.0.2.20",
    "gateway_circuits": [{"name": "telco", "host": "192.0.2.100", "channels": 60}],
    "gateway_numbers": {"5550100": "welcome"},
    "gateway_menus": {"welcome": WELCOME},
    "callcenter_phone_networks": ["192.0.2.0/24"],
    "central_queues": {"sales": {"strategy": "rrmemory"}},
    "central_accounts": [{"extensions": "1001-1010", "queues": ["sales"]}],
}


WIRING: dict[str, Any] = {
    "gateway": "gw1",
    "cards": [
        {
            "slot": 1,
            "model": "TE122",
            "ports": [{"port": 1, "kind": "t1", "circuit": "a-1", "trunk_group": "a"}],
        }
    ],
    "sip": [],
}


PRI: dict[str, Any] = {
    "span": 1,
    "slot": 1,
    "port": 1,
    "line": "t1",
    "first_channel": 1,
    "channels": 24,
    "timing": 1,
    "lbo": 0,
    "framing": "esf",
    "coding": "b8zs",
    "crc4": False,
    "circuit": "a-1",
    "trunk_group": "a",
    "group": 1,
    "type": "pri",
    "signalling": "pri_cpe",
    "switchtype": "national",
    "voice_channels": "1-23",
    "d_channel": 24,
}
ANALOG: dict[str, Any] = {
    "span": 1,
    "slot": 1,
    "line": "analog",
    "first_channel": 1,
    "channels": 4,
    "ports": [
        {
            "port": 1,
            "channel": 1,
            "kind": "fxo",
            "signalling": "fxs_ks",
            "circuit": "pots-1",
            "trunk_group": "pots",
            "group": 1,
            "type": "analog",
        }
    ],
}
TELEPHONE: dict[str, Any] = {
    **ANALOG,
    "ports": [
        {
            "port": 1,
            "channel": 1,
            "kind": "fxs",
            "signalling": "fxo_ks",
            "circuit": "floor-2001",
            "trunk_group": "floor",
            "group": 1,
            "type": "station",
            "extension": "2001",
        }
    ],
}


OTHER_CODES = dict.fromkeys(["ready", "not_ready", "wrapup", "busy", "aux", "logout"], "")
"""Only the code to log in is left."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and the sentence that says so."""

    sentence: str
    """A regular expression for the whole message."""
    variables: dict[str, Any] = field(default_factory=dict)
    """Instead of those of GOOD; None leaves one out."""
    gateways: tuple[str, ...] = ("gw1",)
    central: tuple[str, ...] = ("central1",)
    facts: dict[str, Any] = field(default_factory=dict)
    """Instead of those of a host that fits."""
    gw1: dict[str, Any] = field(default_factory=dict)
    """Variables of this host alone."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Beside the inventory."""


@dataclass(frozen=True)
class Run:
    """What ``ansible-playbook`` did."""

    code: int
    output: str

    @property
    def plays(self) -> list[str]:
        return re.findall(r"^PLAY \[(.+?)\] ", self.output, re.MULTILINE)

    @property
    def tasks(self) -> list[str]:
        return re.findall(r"^TASK \[(.+?)\] (?:\[CHECK MODE\] )?\*+$", self.output, re.MULTILINE)

    @property
    def messages(self) -> set[str]:
        """Of the tasks that failed; the same message of several hosts counts once."""
        found = set()
        for match in re.finditer(
            r"^(?:fatal|failed): \[.+?\].* => (?={)", self.output, re.MULTILINE
        ):
            result, _end = json.JSONDecoder().raw_decode(self.output[match.end() :])
            found.add(result.get("msg", ""))
        return found

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        lines = self.output.partition("\nPLAY RECAP ")[2].splitlines()
        return {
            line.split(" ", 1)[0]: {
                name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", line)
            }
            for line in lines
            if " : ok=" in line
        }


def facts_of(name: str) -> dict[str, Any]:
    address = ADDRESSES[name]
    return {
        "_ansible_facts_gathered": True,
        "distribution": "Debian",
        "distribution_major_version": "14",
        "distribution_release": "forky",
        "distribution_version": "14",
        "all_ipv4_addresses": [address],
        "interfaces": ["eth0", "lo"],
        "default_ipv4": {"interface": "eth0", "address": address},
        "eth0": {"ipv4": {"address": address, "prefix": "24"}},
    }


def prepare(directory: Path, mistake: Mistake) -> None:
    """Writes an inventory that has the mistake, and the facts of its hosts."""
    variables = {
        name: value for name, value in {**GOOD, **mistake.variables}.items() if value is not None
    }
    inventory: dict[str, Any] = {
        group: {"hosts": {name: {"asterisk_address": ADDRESSES[name]} for name in names}}
        for group, names in (("gateways", mistake.gateways), ("central", mistake.central))
    }
    if mistake.gw1:
        inventory["gateways"]["hosts"]["gw1"].update(mistake.gw1)
    inventory["all"] = {"vars": {"ansible_connection": "local", **variables}}
    (directory / "hosts.yml").write_text(yaml.safe_dump(inventory), encoding="utf-8")
    for name, content in mistake.files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    cache = cache_loader.get("jsonfile", _uri=str(directory / "facts"))
    for name in (*mistake.gateways, *mistake.central):
        cache.set(name, {**facts_of(name), **mistake.facts})


INTERPRETER = (
    f"{{{{ '{sys.executable}' if ansible_role_name | default('') == 'trunkline.callcenter.dahdi' "
    "and trunkline_checked is not defined else '/nonexistent/python3' }}"
)
"""No module can run on a host, except when the role dahdi looks for cards to check them."""


def run_site(directory: Path) -> Run:
    """What ``site.yml`` makes of the inventory."""
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            *("--inventory", str(directory / "hosts.yml")),
            *("--extra-vars", json.dumps({"ansible_python_interpreter": INTERPRETER})),
            "--check",
            "playbooks/site.yml",
        ],
        cwd=CHECKOUT,
        env={
            **{name: value for name, value in os.environ.items() if "ANSIBLE" not in name},
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(directory / "facts"),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_GATHERING": "smart",
            "ANSIBLE_HOME": str(directory),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "80",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    return Run(done.returncode, done.stdout)


def names_of_checks() -> set[str]:
    """Tasks of the roles that check; all others change something or may do so."""
    names = set()
    for path in sorted(CHECKOUT.glob("roles/*/tasks/preflight.yml")):
        for task in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert READING & set(task), f"{path} does more than to check"
            asks = {"ansible.builtin.apt", "ansible.builtin.command"} & set(task)
            assert not asks or task["changed_when"] is False
            names.add(f"trunkline.callcenter.{path.parts[-3]} : {task['name']}")
    return names


def is_check(task: str, names: set[str]) -> bool:
    return (
        task in names
        or task in CHECKING_TASKS
        or re.match(r"trunkline\.callcenter\.\w+ : Validating arguments against arg spec ", task)
        is not None
    )


VALIDATION = "Validation of arguments failed:\n"

MISTAKES = {
    # --- hosts and what all of them share
    "no gateway": Mistake(
        r"The group gateways has no host: add at least one, as the telephone lines end there\.",
        gateways=(),
    ),
    "no central server": Mistake(
        r"The group central has no host: add two, the active server and its hot spare\.",
        central=(),
    ),
    "no spare": Mistake(
        r"callcenter_spare is true but the group central has only one host \(central1\): add the "
        r"hot spare or set callcenter_spare to false\.",
        {"callcenter_spare": None},
    ),
    "host in both groups": Mistake(
        r"central1 is in both groups gateways and central: keep it in one\.",
        gateways=("gw1", "central1"),
    ),
    "no secret": Mistake(
        r"callcenter_secret is not set: run playbooks/secrets\.yml once, which writes it into the "
        r"inventory\.",
        {"callcenter_secret": None},
    ),
    "short secret": Mistake(
        r"callcenter_secret is shorter than 32 characters: remove it and run "
        r"playbooks/secrets\.yml once, which writes it into the inventory\.",
        {"callcenter_secret": "hello"},
    ),
    "cables that nobody has plugged": Mistake(
        "gw1: there is no cabling lock /nowhere/cabling.txt yet and 1 circuit to be plugged in: "
        "run playbooks/plan.yml first, plug the cables as it says and confirm.",
        gw1={"pstn_wiring": WIRING, "pstn_lock": "/nowhere/cabling.txt"},
    ),
    "cards without a plan": Mistake(
        r"gw1 has pstn_cards but no plan: mend the file \*pstn\.yml of the inventory, whose "
        "problem Ansible has shown above as a warning.",
        gw1={"pstn_cards": ["TE420"]},
    ),
    "name instead of an address": Mistake(
        r"gw1: asterisk_address 'gw1\.example' is not an IPv4 address, set asterisk_address to the "
        r"one that the other servers and the phones reach\.",
        gw1={"asterisk_address": "gw1.example"},
    ),
    # --- asterisk
    "other Debian": Mistake(
        r"(gw1|central1) runs Debian 12\.5: install Debian 14 \(forky\), the Debian that "
        r"carries Asterisk 22\.",
        facts={
            "distribution_major_version": "12",
            "distribution_release": "bookworm",
            "distribution_version": "12.5",
        },
    ),
    "few ports": Mistake(
        r"asterisk_rtp_last_port: 10050 leaves fewer than 100 ports after asterisk_rtp_first_port "
        r"10000: widen the range, every call takes four\.",
        {"asterisk_rtp_last_port": 10050},
    ),
    "low ports": Mistake(
        r"asterisk_rtp_first_port, asterisk_rtp_last_port: 1-900 is not within 1024-65535, and "
        r"Asterisk would use ports of its own choice: choose others\.",
        {"asterisk_rtp_first_port": 1, "asterisk_rtp_last_port": 900},
    ),
    "address of another host": Mistake(
        r"asterisk_address: 192\.0\.2\.\d+ is not an address of (gw1|central1) "
        r"\(198\.51\.100\.7\): correct it in the inventory\.",
        facts={"all_ipv4_addresses": ["198.51.100.7"]},
    ),
    "unknown codec": Mistake(
        VALIDATION + r"value of asterisk_codecs must be one or more of: alaw, ulaw, gsm, g722"
        r"\. Got no match for: mp3",
        {"asterisk_codecs": ["alaw", "mp3"]},
    ),
    "port is no number": Mistake(
        VALIDATION + r".*asterisk_rtp_first_port.*'many'.*",
        {"asterisk_rtp_first_port": "many"},
    ),
    "no codec": Mistake(
        r"asterisk_codecs: the list is empty, name the codec that telephone lines and phones "
        r"share, such as alaw\.",
        {"asterisk_codecs": []},
    ),
    # --- gateway
    "carrier by name": Mistake(
        r"gateway_circuits: host sbc\.example is not an IPv4 address, give the one from which the "
        r"carrier calls, as it is told apart by that\.",
        {"gateway_circuits": [{"name": "telco", "host": "sbc.example"}]},
    ),
    "menu leads nowhere": Mistake(
        r"gateway_menus: welcome: leads nowhere, give it digits or otherwise\.",
        {"gateway_menus": {"welcome": {"prompt": ["vm-press"]}}},
    ),
    "menu leads to an unknown queue": Mistake(
        r"gateway_menus: welcome: digit 1: queue 'salse' is not declared in central_queues, did "
        r"you mean 'sales'\.",
        {"gateway_menus": {"welcome": {"digits": {"1": {"queue": "salse"}}}}},
    ),
    "number without a menu": Mistake(
        r"gateway_numbers: 5550100: menu 'welcom' is not declared in gateway_menus, did you mean "
        r"'welcome'\.",
        {"gateway_numbers": {"5550100": "welcom"}},
    ),
    "digit that is the beginning of a seat": Mistake(
        r"gateway_menus: welcome: digit 1 is the beginning of the extension 1001, which can be "
        r"dialled here too: choose another digit or remove extensions: true\.",
        {"gateway_menus": {"welcome": {**WELCOME, "extensions": True}}},
    ),
    "menu leads to a seat that nobody has": Mistake(
        r"gateway_menus: welcome: digit 1: extension '2001' is not declared in central_accounts, "
        r"did you mean '1001'\.",
        {"gateway_menus": {"welcome": {"digits": {"1": {"extension": "2001"}}}}},
    ),
    "menus go round in a circle": Mistake(
        r"gateway_menus: night: a caller who presses nothing would go round for ever \(night - "
        r"welcome - night\): let one of them lead to a queue, an extension or an announcement\.",
        {
            "gateway_menus": {
                "welcome": {"otherwise": {"menu": "night"}},
                "night": {"otherwise": {"menu": "welcome"}},
            }
        },
    ),
    "hours overlap": Mistake(
        r"gateway_hours: office: fri and mon-fri overlap on fri, change one of them\.",
        {"gateway_hours": {"office": {"mon-fri": "8:00-18:00", "fri": "17:00-20:00"}}},
    ),
    "hours that no day has": Mistake(
        r"gateway_hours: office: mon: '8:00-24:30': a day goes from 0:00 to 24:00, correct it\.",
        {"gateway_hours": {"office": {"mon": "8:00-24:30"}}},
    ),
    "hours as before 0.2.0": Mistake(
        r"gateway_menus: welcome: hours: '\['8:00-18:00,mon-fri,\*,\*'\]' is no name, declare the "
        r"hours in gateway_hours, for example office: {mon-fri: 8:00-18:00}, and write hours: "
        r"office\.",
        {"gateway_menus": {"welcome": {**WELCOME, "hours": ["8:00-18:00,mon-fri,*,*"]}}},
    ),
    "unknown time zone": Mistake(
        r"gateway_time_zone: there is no time zone 'Europe/Madird', did you mean 'Europe/Madrid'\.",
        {"gateway_time_zone": "Europe/Madird"},
    ),
    "prompt that nobody has": Mistake(
        r"gateway_menus: welcome: prompt: 'vm-pres' is neither an own recording nor a prompt of "
        r"Debian in language en, did you mean 'vm-press'\.",
        {"gateway_menus": {"welcome": {**WELCOME, "prompt": ["vm-pres"]}}},
    ),
    "prompt that is missing in a language": Mistake(
        r"gateway_menus: welcome: prompt: 'goodbye' is neither an own recording nor a prompt of "
        r"Debian in language es, did you mean 'vm-goodbye'\.",
        {"gateway_menus": {"welcome": {**WELCOME, "prompt": ["goodbye"], "language": "es"}}},
    ),
    "no directory of recordings": Mistake(
        r"gateway_recordings: /nowhere is no directory of the machine that runs Ansible, make it "
        r"or write its whole path\.",
        {"gateway_recordings": "/nowhere"},
    ),
    "file that is no recording": Mistake(
        r"gateway_recordings: es/welcome\.mp3 is no WAV file, convert it: sox welcome\.mp3 -r 8000 "
        r"-c 1 -b 16 welcome\.wav",
        {"gateway_recordings": "{{ inventory_dir }}/recordings"},
        files={"recordings/es/welcome.mp3": b"ID3"},
    ),
    "recording of another rate": Mistake(
        r"gateway_recordings: welcome\.wav has 44100 Hz, 1 channel and 16 bits, telephones have "
        r"8000 Hz, 1 channel and 16 bits, convert it: sox welcome\.wav -r 8000 -c 1 -b 16 new\.wav",
        {"gateway_recordings": "{{ inventory_dir }}/recordings"},
        files={
            "recordings/welcome.wav": bytes.fromhex(
                "52494646 26000000 57415645 666d7420 10000000 01000100 44ac0000 88580100 02001000"
                "64617461 02000000 0000"
            )
        },
    ),
    "ranges with numbers in common": Mistake(
        r"gateway_numbers: 5550100-5550150 and 5550140-5550199 have numbers in common, make one of "
        r"them smaller\.",
        {"gateway_numbers": {"5550100-5550150": "welcome", "5550140-5550199": "welcome"}},
    ),
    "two circuits of one name": Mistake(
        r"gateway_circuits: the names telco, telco are not unique: give every circuit of gw1 its "
        r"own name\.",
        {
            "gateway_circuits": [
                {"name": "telco", "host": "192.0.2.100"},
                {"name": "telco", "host": "192.0.2.101"},
            ]
        },
    ),
    "two circuits of one carrier": Mistake(
        r"gateway_circuits: two circuits of gw1 have the same host \(192\.0\.2\.100, "
        r"192\.0\.2\.100\), so that a call could not be told apart: make them one circuit with "
        r"more channels\.",
        {
            "gateway_circuits": [
                {"name": "one", "host": "192.0.2.100"},
                {"name": "two", "host": "192.0.2.100"},
            ]
        },
    ),
    "circuit without a host": Mistake(
        VALIDATION + r"missing required arguments: host found in gateway_circuits",
        {"gateway_circuits": [{"name": "telco"}]},
    ),
    "unknown switch type": Mistake(
        r"dahdi_spans: span 1 \(a-1\): switchtype 'nationl' is unknown, did you mean 'national'\.",
        gw1={"dahdi_spans": [{**PRI, "switchtype": "nationl"}]},
    ),
    "framing of another line": Mistake(
        r"dahdi_spans: span 1 \(a-1\): framing 'ccs' is impossible on a PRI over T1, use esf or "
        r"d4\.",
        gw1={"dahdi_spans": [{**PRI, "framing": "ccs"}]},
    ),
    "coding of another line": Mistake(
        r"dahdi_spans: span 1 \(a-1\): coding 'hdb3' is impossible on a PRI over T1, use b8zs or "
        r"ami\.",
        gw1={"dahdi_spans": [{**PRI, "coding": "hdb3"}]},
    ),
    "half a span": Mistake(
        r"dahdi_spans: span 1: circuit is missing, let the inventory plugin write it\.",
        gw1={"dahdi_spans": [{key: value for key, value in PRI.items() if key != "circuit"}]},
    ),
    "analog line without a number": Mistake(
        r"trunk_groups: pots: calls on pots-1 and its like do not say which number was dialled, "
        r'give the group one with numbers, for example numbers: \["5550100"\]\.',
        gw1={"dahdi_spans": [ANALOG]},
    ),
    "analog line whose number leads nowhere": Mistake(
        r"gateway_numbers: 5550199 is the number of the lines of pots and leads to no menu, add "
        r"it, for example '5550199: welcome'\.",
        gw1={"dahdi_spans": [ANALOG], "pstn_numbers": {"pots": ["5550199"]}},
    ),
    "unknown way of caller id": Mistake(
        VALIDATION + r"value of gateway_caller_id_signalling must be one of: bell, v23, v23_jp, "
        r"dtmf, got: fsk",
        {"gateway_caller_id_signalling": "fsk"},
    ),
    # --- central
    "telephone without an account": Mistake(
        r"central_accounts: the telephone 2001 at gw1 has no account, declare it or remove it from "
        r"extensions of its trunk group\.",
        gw1={"dahdi_spans": [TELEPHONE]},
    ),
    "way out on an unknown trunk group": Mistake(
        r"central_outgoing: _9X\.: no gateway can call out on a trunk group 'b', choose from a, "
        r"telco\.",
        {"central_outgoing": {"_9X.": {"trunk_groups": ["b"]}}},
        gw1={"dahdi_spans": [PRI]},
    ),
    "way out that takes the calls of a seat": Mistake(
        r"central_outgoing: _1\. would send calls for the extension 1001 out, choose a pattern "
        r"that no extension matches, such as _9XXX\.",
        {"central_outgoing": {"_1.": {"trunk_groups": ["a"]}}},
        gw1={"dahdi_spans": [PRI]},
    ),
    "way out that swallows an emergency number": Mistake(
        r"central_outgoing: _9X\. would take the emergency number 911, choose a pattern that it "
        r"does not match, such as one with more digits\.",
        {
            "central_outgoing": {"_9X.": {"trunk_groups": ["telco"]}},
            "central_emergency": {911: {"trunk_groups": ["telco"]}},
        },
    ),
    "emergency number that is a seat": Mistake(
        r"central_emergency: 1001 is the extension of a seat too, give the seat another one\.",
        {"central_emergency": {"1001": {"trunk_groups": ["telco"]}}},
    ),
    "emergency number that is a mailbox": Mistake(
        r"central_emergency: 112 is a mailbox or conference room too, give that another "
        r"extension\.",
        {"central_emergency": {112: {"trunk_groups": ["telco"]}}, "central_mailboxes": {"112": {}}},
    ),
    "emergency number without a line": Mistake(
        r"central_emergency: 112: no gateway can call out on a trunk group 'telko', did you mean "
        r"'telco'\.",
        {"central_emergency": {"112": {"trunk_groups": ["telko"]}}},
    ),
    "emergency numbers are no mapping": Mistake(
        VALIDATION + r".*central_emergency.*",
        {"central_emergency": ["112"]},
    ),
    "class of calls that does not exist": Mistake(
        r"central_accounts: extension 1001: outgoing_classes: no calls of central_outgoing have "
        r"the class 'nationl', did you mean 'national'\.",
        {
            "central_outgoing": {"_9X.": {"trunk_groups": ["telco"], "class": "national"}},
            "central_accounts": [{"extensions": "1001", "outgoing_classes": ["nationl"]}],
        },
    ),
    "caller id that is no number": Mistake(
        r"central_caller_id '555-0100' is no telephone number, use up to 15 digits, with '\+' in "
        r"front of a country code\.",
        {"central_caller_id": "555-0100"},
    ),
    "code to withhold the number that begins like another one": Mistake(
        r"central_withhold_code: \*4 and \*40, which phones dial for login, begin alike, .*",
        {"central_withhold_code": "*4", "central_agent_codes": OTHER_CODES},
    ),
    "ways out are no mapping": Mistake(
        VALIDATION + r".*central_outgoing.*",
        {"central_outgoing": ["_9X."]},
    ),
    "no accounts": Mistake(
        r"central_accounts is empty, which would remove every seat with its registration: declare "
        r"the seats, for example with extensions 1001-1200\.",
        {"central_accounts": []},
    ),
    "bad extension": Mistake(
        r"central_accounts: extensions '10o1-1010': '10o1-1010' is neither a number nor a range, "
        r"write for example '1001-1200,!1013'\.",
        {"central_accounts": [{"extensions": "10o1-1010"}]},
    ),
    "duplicate extension": Mistake(
        r"central_accounts: extension 1005 is declared twice, remove it from one of the entries "
        r"\(for example with '!1005'\)\.",
        {"central_accounts": [{"extensions": "1001-1010"}, {"extensions": "1005"}]},
    ),
    "member without an account": Mistake(
        r"central_queues: sales: member 2001 has no account, declare it in central_accounts or "
        r"remove it\.",
        {"central_queues": {"sales": {"members": "2001"}}},
    ),
    "account in an unknown queue": Mistake(
        r"central_accounts: queue 'sale' is not declared in central_queues, did you mean 'sales'\.",
        {"central_accounts": [{"extensions": "1001", "queues": ["sale"]}]},
    ),
    "queue with an unknown strategy": Mistake(
        r"central_queues: sales: strategy: 'robin' is not known, choose rrmemory, leastrecent, "
        r"fewestcalls, ringall, random, linear, rrordered or wrandom\.",
        {"central_queues": {"sales": {"strategy": "robin"}}},
    ),
    "queue with unknown music": Mistake(
        r"central_queues: sales: music: 'defaul' is not declared in asterisk_music, did you mean "
        r"'default'\.",
        {"central_queues": {"sales": {"music": "defaul"}}},
    ),
    "queue that leads to an unknown queue": Mistake(
        r"central_queues: sales: empty: queue: 'suport' is not declared in central_queues, did you "
        r"mean 'support'\.",
        {"central_queues": {"sales": {"empty": {"queue": "suport"}}, "support": {}}},
    ),
    "queue that leads to a number that no phone can dial": Mistake(
        r"central_queues: sales: empty: number: no pattern of central_outgoing takes '5550100', "
        r"write the number as a phone dials it or add a pattern\.",
        {"central_queues": {"sales": {"empty": {"number": "5550100"}}}},
    ),
    "queue whose callers cannot be called back": Mistake(
        r"central_queues: sales: call_back: no pattern of central_outgoing that it may call takes "
        r"a number after the prefix '9', write the prefix that phones dial or name the class in "
        r"outgoing_classes\.",
        {
            "central_queues": {"sales": {"call_back": {"digit": 1, "prefix": "9"}}},
            "central_caller_id": "5550100",
        },
    ),
    "queue with a call-back and no key for it": Mistake(
        r"central_queues: sales: call_back: says no digit, add one such as digit: 1\.",
        {"central_queues": {"sales": {"call_back": {"prefix": "9"}}}},
    ),
    "queue with unknown hours": Mistake(
        r"central_queues: sales: hours: 'offic' is not declared in gateway_hours, did you mean "
        r"'office'\.",
        {
            "central_queues": {"sales": {"hours": "offic"}},
            "gateway_hours": {"office": {"mon-fri": "8:00-18:00"}},
        },
    ),
    "priority out of range": Mistake(
        r"central_priority_callers: 5551234: '100' is no whole number from 0 to 99\.",
        {"central_priority_callers": {"5551234": 100}},
    ),
    "priority of a number out of range": Mistake(
        r"gateway_numbers: 5550100: priority: 'high' is no whole number from 0 to 99\.",
        {"gateway_numbers": {"5550100": {"menu": "welcome", "priority": "high"}}},
    ),
    "queues lead round in a circle": Mistake(
        r"central_queues: sales: a caller whom nobody serves would go round for ever \(sales - "
        r"support - sales\): let one of them lead to an extension, a number or an announcement\.",
        {
            "central_queues": {
                "sales": {"empty": {"queue": "support"}},
                "support": {"empty": {"queue": "sales"}},
            }
        },
    ),
    "music in no directory": Mistake(
        r"asterisk_music: jazz: write a name of lower-case letters, digits, '-' and '_' and the "
        r"whole path of a directory, for example {jazz: /srv/music/jazz}\.",
        {"asterisk_music": {"jazz": "jazz"}},
    ),
    "code that begins like another": Mistake(
        r"central_agent_codes: login \*40 and ready \*405 begin alike, so that what follows a "
        r"code could not be told from it: choose another one\.",
        {"central_agent_codes": {"ready": "*405"}},
    ),
    "code of an agent that is another's": Mistake(
        r"central_agent_codes: aux \*9 and \*97, the code of the own mailbox, begin alike: choose "
        r"another one\.",
        {"central_agent_codes": {"aux": "*9"}},
    ),
    "unknown prompt of agents": Mistake(
        r"central_agent_prompts: there is no prompt 'Redy', did you mean 'Ready'\.",
        {"central_agent_prompts": {"Redy": ["activated"]}},
    ),
    "prompt of agents is no list": Mistake(
        r"central_agent_prompts: Ready: 'activated' is no list, write \[one, two\]\.",
        {"central_agent_prompts": {"Ready": "activated"}},
    ),
    "prompt of agents that nobody has recorded": Mistake(
        r"central_agent_prompts: Ready: 'activatd' is no prompt of Debian, did you mean "
        r"'activated'\.",
        {"central_agent_prompts": {"Ready": ["activatd"]}},
    ),
    "refusal that nobody has recorded": Mistake(
        r"central_refusal: 'weasels' is no prompt of Debian, .*",
        {"central_refusal": ["weasels"]},
    ),
    "conference that is a seat": Mistake(
        r"central_conferences: 1001 is the extension of a seat or mailbox, choose another one\.",
        {"central_conferences": {"1001": {}}},
    ),
    "mailbox that is a seat": Mistake(
        r"central_mailboxes: 1001 is a seat, write voicemail: true there or choose another "
        r"extension\.",
        {"central_mailboxes": {"1001": {"name": "Service"}}},
    ),
    "e-mail without a server": Mistake(
        r"central_smtp: host is not set, but the mailbox 8000 has an e-mail address: name the mail "
        r"server or remove email\.",
        {"central_mailboxes": {"8000": {"email": "service@example.com"}}},
    ),
    "unknown encryption of e-mail": Mistake(
        VALIDATION + r".*tls.*starttls, tls, none.*",
        {"central_smtp": {"host": "192.0.2.25", "from": "a@example.com", "tls": "ssl"}},
    ),
    "reason without a number": Mistake(
        r"central_aux_reasons: 'Tea' is not a number from 1 to 99\.",
        {"central_aux_reasons": {"Tea": "Tea"}},
    ),
    "two queues of one number": Mistake(
        r"central_queues: sales and support have the same number 1, give each its own\.",
        {"central_queues": {"sales": {"number": 1}, "support": {"number": 1}}},
    ),
    "phone of an account is no truth value": Mistake(
        VALIDATION + r".*phone.*'perhaps'.*",
        {"central_accounts": [{"extensions": "1001-1010", "phone": "perhaps"}]},
    ),
    "short registrations": Mistake(
        r"central_registration_seconds: 5 would keep the database busy with registrations, use 60 "
        r"or more\.",
        {"central_registration_seconds": 5},
    ),
    "accounts are no list": Mistake(
        VALIDATION + r".*central_accounts.*",
        {"central_accounts": {"extensions": "1001"}},
    ),
    # --- database
    "reseed is no truth value": Mistake(
        VALIDATION + r".*database_reseed.*'perhaps'.*",
        {"database_reseed": "perhaps"},
    ),
    # --- floating_ip
    "address outside the network": Mistake(
        r"floating_ip_address: 198\.51\.100\.20 is outside the network 192\.0\.2\.0/24 of the "
        r"interface, choose a free address inside it\.",
        {"floating_ip_address": "198.51.100.20"},
    ),
    "address of a central server": Mistake(
        r"floating_ip_address: 192\.0\.2\.21 is the own address of central1, choose a free one "
        r"inside the network\.",
        {"floating_ip_address": "192.0.2.21"},
    ),
    "no floating address": Mistake(
        r"floating_ip_address is not set: choose a free address in the network of the central "
        r"servers\.",
        {"floating_ip_address": None},
    ),
    "address of a gateway": Mistake(
        r"floating_ip_address: 192\.0\.2\.11 is the own address of gw1, choose a free one inside "
        r"the network\.",
        {"floating_ip_address": "192.0.2.11"},
    ),
    "two hosts with one address": Mistake(
        r"central1: 192\.0\.2\.21 is the address of gw1 too, give each its own\.",
        gw1={"asterisk_address": "192.0.2.21"},
    ),
    "no networks of phones": Mistake(
        r"callcenter_phone_networks is not a list of networks: name those from which phones "
        r"register, for example \[192\.0\.2\.0/24\]\.",
        {"callcenter_phone_networks": []},
    ),
    "network of phones that is none": Mistake(
        r"callcenter_phone_networks: '192\.0\.2\.5/24' is neither an IPv4 address nor a network "
        r"such as 192\.0\.2\.0/24, correct it\.",
        {"callcenter_phone_networks": ["192.0.2.5/24"]},
    ),
    "unknown interface": Mistake(
        r"floating_ip_interface: central1 has no interface eth7 with an IPv4 address "
        r"\(it has eth0, lo\): name the one with the address 192\.0\.2\.21\.",
        {"floating_ip_interface": "eth7"},
    ),
    "router identifier": Mistake(
        r"floating_ip_router_id: 256 is not between 1 and 255, choose one that no other VRRP "
        r"router of the network uses\.",
        {"floating_ip_router_id": 256},
    ),
    "program that fences without its path": Mistake(
        r"floating_ip_fence_command: poweroff is not the absolute path of a program, write it "
        r"such as /usr/local/sbin/fence\.",
        {"floating_ip_fence_command": ["poweroff", "central2"]},
    ),
}


def assert_nothing_but_checks(run: Run) -> None:
    names = names_of_checks()
    assert set(run.plays) <= CHECKING_PLAYS, run.output
    assert [task for task in run.tasks if not is_check(task, names)] == []
    assert run.tasks
    assert run.recap
    assert {host: result["changed"] for host, result in run.recap.items()} == dict.fromkeys(
        run.recap, 0
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(tmp_path: Path, name: str) -> None:
    prepare(tmp_path, MISTAKES[name])
    run = run_site(tmp_path)
    assert run.code != 0
    assert_nothing_but_checks(run)
    assert not UGLY.search(run.output), run.output
    for message in run.messages:
        assert re.fullmatch(MISTAKES[name].sentence, message), message
    assert run.messages


def test_good_inventory(tmp_path: Path) -> None:
    """All checks of all roles pass, so that each mistake above was the only one."""
    prepare(tmp_path, Mistake("", {"callcenter_spare": True}, central=("central1", "central2")))
    run = run_site(tmp_path)
    assert [play for play in run.plays if play not in CHECKING_PLAYS] == [FIRST_CHANGE]
    checks = run.output.partition(f"\nPLAY [{FIRST_CHANGE}]")[0]
    assert "FAILED" not in checks
    # In the process of the controller, before it forks.
    assert run.tasks[0] == "Filters are loaded"
    assert names_of_checks() <= set(Run(0, checks).tasks)
    assert not any(result["changed"] for result in run.recap.values())
