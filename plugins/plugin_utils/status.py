# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the call center: what its hosts answer, as one structure and as one screen."""

from __future__ import annotations

import itertools
import json
import re
import textwrap
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from ansible_collections.trunkline.callcenter.plugins.module_utils.channel_ranges import (
    expand_channels,
)

from .dahdi_channels import Line, lines_of
from .sip_endpoints import GONE, TRUNK_ENDPOINT, endpoint_states

SCHEMA = 1
"""Version of the structure; it grows when a key changes its meaning or goes away."""

MOST_SECONDS_BEHIND = 10
"""A spare further behind than this is a problem."""

WIDTH = 92
"""Columns of the text: Ansible indents it by 8, and 100 is the widest terminal to count on."""

MOST_ROWS = 16
MOST_CIRCUITS = 12
"""Of one gateway, in the text."""
MOST_NAMES = 6
"""Of one problem."""
LONGEST_NAME = 22
NARROWEST = 16
"""Columns that the wrapped column of a grid has at least."""
LONGEST_REASON = 120

_CIRCUIT_CHANNEL = re.compile(r"PJSIP/circuit-(.+)-[0-9a-f]{8}")
_ALARMS = {
    "red": (
        "no signal arrives (red alarm)",
        "Check that the cable is in the port that the cabling sheet says, then call the carrier.",
    ),
    "blue": (
        "the equipment at the other end has lost its own line (blue alarm)",
        "Call the carrier: the fault is behind its equipment.",
    ),
    "yellow": (
        "the other end does not hear us (yellow alarm)",
        "Check the transmit pair of the cable, then framing and coding with the carrier.",
    ),
    "loopback": (
        "the line is looped back for a test",
        "Ask the carrier whether it is testing; else remove the loopback plug.",
    ),
    "not open": ("the span is not open", "Run site.yml."),
    "unconfigured": ("the span is not configured", "Run site.yml."),
    "recovering": ("the signal has come back and is being watched", "Wait some seconds."),
    "unknown": ("the alarm is unknown", "Read 'dahdi_scan' and 'dmesg' on the gateway."),
}
"""Alarm -> what it means, what to do."""
_SILENT = (
    "the line is there but its D-channel is not",
    "Ask the carrier whether it has switched the PRI on, then compare switchtype and signalling.",
)
_PROMOTION = "python3 /usr/local/lib/trunkline/trunkline_promotion.py"
_UNITS = {
    "asterisk": "asterisk",
    "database": "mariadb",
    "mariadb": "mariadb",
    "keepalived": "keepalived",
}
"""Words in the complaints of a central server -> unit whose journal says more."""

Role = Literal["active", "spare", "central", "gateway"]
Reachable = Literal["up", "unreachable", "not asked"]
TrunkState = Literal["up", "down", "unknown"]
CircuitState = Literal["up", "down", "missing", "unknown"]
AgentState = Literal["free", "talking", "ringing", "paused", "unavailable"]


class Asterisk(TypedDict):
    """Asterisk of a host."""

    running: bool
    version: str
    reason: str
    """Why it does not answer."""


class Database(TypedDict):
    """Database of a central server."""

    state: Literal["writable", "follows", "broken", "unknown"]
    follows: str
    """The server whose copy it is; empty if none."""
    seconds_behind: int | None
    """None when it does not know."""
    reason: str
    """Why it is broken or unknown."""


class Lease(TypedDict):
    """Whether a central server may be active, as trunkline-central.service says of itself."""

    state: Literal["active", "promoting", "spare", "closing", "unknown"]
    reason: str
    """Why it is unknown."""
    seconds: int | None
    """Since when it is in this state."""
    healthy: bool | None
    reasons: list[str]
    """Why it is not healthy, sentences."""
    votes: int | None
    voters: int | None
    missing: list[str]
    """Witnesses that it does not hear."""
    holder: str
    """Who has the lease, as the witnesses tell it; empty if nobody."""
    talking: list[str]
    """Phones whose conversations outlived the central server that had connected them."""


class Diverged(TypedDict):
    """A file of rows that a former active server alone had before it was filled anew."""

    file: str
    kept: str


class Host(TypedDict):
    """A server."""

    name: str
    role: Role
    """``central``: a central server that did not answer, which may be active or spare."""
    state: Reachable
    reason: str
    """Why it is unreachable."""
    asterisk: Asterisk | None
    """None when nobody knows."""
    floating_ip: bool | None
    """Whether it holds the floating address; None when nobody knows, and for a gateway."""
    database: Database | None
    """None for a gateway."""
    lease: Lease | None
    """None for a gateway."""
    diverged: list[Diverged]
    trunk: TrunkState | None
    """From a gateway to the floating address; None for a central server."""


class Circuit(TypedDict):
    """A line of a carrier."""

    gateway: str
    name: str
    state: CircuitState
    """``missing``: the running Asterisk has not been told of it."""
    calls: int | None
    channels: int
    alarm: str
    """Of a circuit with a cable, as ``asterisk_status`` names it; empty when there is none."""
    d_channel: Literal["up", "standby", "down"] | None
    """Of a PRI, its own or else the one it shares; None for other circuits."""


class FloatingIp(TypedDict):
    """The address of the active server."""

    address: str
    holders: list[str]


class Seats(TypedDict):
    """Phones, as the active server sees them."""

    registered: int | None
    total: int | None


class Agents(TypedDict):
    """Members of a queue: each is counted in one of the five states."""

    members: int
    free: int
    talking: int
    ringing: int
    paused: int
    unavailable: int
    pause_reasons: dict[str, int]


class Queue(TypedDict):
    """A queue of the active server."""

    name: str
    agents: Agents
    waiting: int
    longest_wait: int
    """Seconds."""


class Calls(TypedDict):
    """All calls; None when no active server answers."""

    waiting: int | None
    longest_wait: int | None
    talking: int | None
    outlived: int | None
    """Phones that talk on after their central server has failed."""


class Problem(TypedDict):
    """Something to mend."""

    hosts: list[str]
    problem: str
    remedy: str


class Status(TypedDict):
    """The state of the call center."""

    schema: int
    time: str
    problems: list[Problem]
    hosts: list[Host]
    floating_ip: FloatingIp
    circuits: list[Circuit]
    source: str
    """The central server that told of seats, queues and calls; empty if none could."""
    seats: Seats
    queues: list[Queue]
    calls: Calls


HostVariables = Mapping[str, Any]


def read_status(
    gateways: Sequence[str],
    central: Sequence[str],
    hostvars: Mapping[str, HostVariables],
    time: str,
) -> Status:
    """The state of the call center at ``time``.

    ``hostvars`` has for each host the variables of the inventory, and what the playbook registered:
    ``_status_network``, ``_status_asterisk``, ``_status_database``, ``_status_lease`` and
    ``_status_diverged``, each of which may be missing or failed.
    """
    address = next(
        (str(value) for name in central if (value := hostvars[name].get("floating_ip_address"))), ""
    )
    owners = {_address(name, hostvars[name]): name for name in (*central, *gateways)}
    hosts = [_central(name, hostvars[name], address, owners) for name in central]
    hosts += [_gateway(name, hostvars[name]) for name in gateways]
    circuits = [
        circuit
        for host in hosts
        if host["role"] == "gateway"
        for circuit in _circuits(host, hostvars[host["name"]])
    ]
    source = _source(hosts)
    answer: Mapping[str, Any] = hostvars[source]["_status_asterisk"] if source else {}
    ringing = _ringing(answer.get("channels", []))
    queues = [_queue(queue, ringing) for queue in answer.get("queues", [])]
    status: Status = {
        "schema": SCHEMA,
        "time": time,
        "problems": [],
        "hosts": hosts,
        "floating_ip": {
            "address": address,
            "holders": [host["name"] for host in hosts if host["floating_ip"]],
        },
        "circuits": circuits,
        "source": source,
        "seats": _seats(answer["endpoints"]) if source else {"registered": None, "total": None},
        "queues": queues,
        "calls": {"waiting": None, "longest_wait": None, "talking": None, "outlived": None},
    }
    if source:
        waiting = sum(queue["waiting"] for queue in queues)
        status["calls"] = {
            "waiting": waiting,
            "longest_wait": max((queue["longest_wait"] for queue in queues), default=0),
            "talking": _talking(
                answer["channels"],
                [bridge for name in gateways for bridge in _line_bridges(hostvars[name])],
                waiting,
            ),
            "outlived": next(
                len(host["lease"]["talking"])
                for host in hosts
                if host["name"] == source and host["lease"]
            ),
        }
    status["problems"] = find_problems(status)
    return status


def _address(name: str, variables: HostVariables) -> str:
    # A bad address is the business of site.yml; here it must not hide everything else.
    return str(variables.get("asterisk_address") or variables.get("ansible_host") or name)


def _answer(variables: HostVariables, name: str) -> Mapping[str, Any]:
    return variables.get(name) or {}


def _one_line(text: object, *prefixes: str) -> str:
    """The part of ``text`` that says why: after the last of the ``prefixes`` in it."""
    line = " ".join(str(text or "").split())
    for prefix in prefixes:
        line = line.rpartition(prefix)[2]
    line = line.strip(" .")
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 3] + "..."


def _reachable(network: Mapping[str, Any]) -> tuple[Reachable, str]:
    if not network:
        return "not asked", ""
    if "ansible_facts" in network and not network.get("unreachable"):
        return "up", ""
    return "unreachable", _one_line(network.get("msg"), "via ssh: ", "ssh: ", "Task failed: ")


def _asterisk(variables: HostVariables) -> Asterisk:
    answer = _answer(variables, "_status_asterisk")
    if answer.get("running"):
        return {"running": True, "version": str(answer["version"]), "reason": ""}
    reason = answer.get("reason") or answer.get("msg") or "it was not asked"
    return {"running": False, "version": "", "reason": _one_line(reason, "Task failed: ")}


def _central(name: str, variables: HostVariables, address: str, owners: Mapping[str, str]) -> Host:
    network = _answer(variables, "_status_network")
    state, reason = _reachable(network)
    host: Host = {
        "name": name,
        "role": "central",
        "state": state,
        "reason": reason,
        "asterisk": None,
        "floating_ip": None,
        "database": {"state": "unknown", "follows": "", "seconds_behind": None, "reason": ""},
        "lease": _lease({}),
        "diverged": [],
        "trunk": None,
    }
    if state == "up":
        holds = address in network["ansible_facts"].get("ansible_all_ipv4_addresses", [])
        host["floating_ip"] = holds
        host["role"] = "active" if holds else "spare"
        host["asterisk"] = _asterisk(variables)
        host["database"] = _database(_answer(variables, "_status_database"), owners)
        host["lease"] = _lease(_answer(variables, "_status_lease"))
        host["diverged"] = _diverged(_answer(variables, "_status_diverged"))
    return host


def _lease(answer: Mapping[str, Any]) -> Lease:
    lease: Lease = {
        "state": "unknown",
        "reason": "",
        "seconds": None,
        "healthy": None,
        "reasons": [],
        "votes": None,
        "voters": None,
        "missing": [],
        "holder": "",
        "talking": [],
    }
    try:
        said = json.loads(answer.get("stdout") or "null")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        # The last line of what the program or, where it is not installed, Python complains of.
        complaint = str(answer.get("stderr") or "").strip().rpartition("\n")[2]
        lease["reason"] = _one_line(complaint or answer.get("msg"), "Task failed: ")
        return lease
    if "problem" in said:
        lease["reason"] = _one_line(said["problem"])
        return lease
    return {
        "state": said["state"],
        "reason": "",
        "seconds": max(0, int(said["time"] - said["since"])),
        "healthy": bool(said["healthy"]),
        "reasons": [str(reason) for reason in said["reasons"]],
        "votes": int(said["votes"]),
        "voters": int(said["voters"]),
        "missing": [str(name) for name in said["missing"]],
        "holder": str(said["holder"]),
        "talking": [str(phone) for phone in said["talking"]],
    }


def _diverged(answer: Mapping[str, Any]) -> list[Diverged]:
    # Of each file its name and first line: "-- 3 rows of ps_contacts; written here after ...".
    lines = [line.partition(":") for line in answer.get("stdout_lines", [])]
    return [
        {"file": file, "kept": first.removeprefix("-- ").partition(";")[0]}
        for file, _colon, first in lines
    ]


def _database(answer: Mapping[str, Any], owners: Mapping[str, str]) -> Database:
    state: Database = {"state": "unknown", "follows": "", "seconds_behind": None, "reason": ""}
    if not answer.get("query_result"):
        state["reason"] = _one_line(answer.get("msg"), "Exception message: ", "Task failed: ")
        return state
    # The two queries of playbooks/status.yml.
    writable, replicas = answer["query_result"]
    if writable[0]["writable"]:
        return {**state, "state": "writable"}
    if not replicas:
        return {**state, "state": "broken", "reason": "it is read-only and follows no server"}
    replica: Mapping[str, Any] = replicas[0]
    state["follows"] = owners.get(str(replica["Master_Host"]), str(replica["Master_Host"]))
    lag = replica.get("Seconds_Behind_Master")
    state["seconds_behind"] = None if lag is None else int(lag)
    for thread, error in (
        ("Slave_SQL_Running", "Last_SQL_Error"),
        ("Slave_IO_Running", "Last_IO_Error"),
    ):
        if replica[thread] != "Yes":
            why = _one_line(replica.get(error)) or f"{thread} is {replica[thread]}"
            return {**state, "state": "broken", "reason": why}
    return {**state, "state": "follows"}


def _gateway(name: str, variables: HostVariables) -> Host:
    state, reason = _reachable(_answer(variables, "_status_network"))
    asterisk = _asterisk(variables) if state == "up" else None
    trunk: TrunkState = "unknown"
    if asterisk and asterisk["running"]:
        states = endpoint_states(_answer(variables, "_status_asterisk").get("endpoints", []))
        trunk = "down" if states.get(TRUNK_ENDPOINT, "") in GONE else "up"
    return {
        "name": name,
        "role": "gateway",
        "state": state,
        "reason": reason,
        "asterisk": asterisk,
        "floating_ip": None,
        "database": None,
        "lease": None,
        "diverged": [],
        "trunk": trunk,
    }


def _circuits(host: Host, variables: HostVariables) -> list[Circuit]:
    answer = _answer(variables, "_status_asterisk")
    known = bool(host["asterisk"] and host["asterisk"]["running"])
    states = endpoint_states(answer.get("endpoints", []))
    calls = Counter(circuit for circuit, _bridge in _circuit_channels(answer.get("channels", [])))
    circuits: list[Circuit] = []
    for circuit in variables.get("gateway_circuits") or []:
        name = str(circuit["name"])
        state: CircuitState = "unknown"
        # Only a circuit with a host is a SIP endpoint.
        sip = known and "host" in circuit
        if sip and f"circuit-{name}" not in states:
            state = "missing"
        elif sip:
            state = "down" if states[f"circuit-{name}"] in GONE else "up"
        circuits.append(
            {
                "gateway": host["name"],
                "name": name,
                "state": state,
                "calls": calls[name] if sip else None,
                "channels": int(circuit.get("channels", 30)),
                "alarm": "",
                "d_channel": None,
            }
        )
    circuits += _cables(host, variables)
    return circuits


def _cable_lines(variables: HostVariables) -> list[Line]:
    """Circuits with cables; a telephone at a port is a seat, not a circuit."""
    lines = lines_of(variables.get("dahdi_spans") or [])
    return [line for line in lines if line.type != "station"]


def _cables(host: Host, variables: HostVariables) -> list[Circuit]:
    answer = _answer(variables, "_status_asterisk")
    known = bool(host["asterisk"] and host["asterisk"]["running"])
    spans = variables.get("dahdi_spans") or []
    span_alarms = {span["span"]: str(span["alarm"]) for span in answer.get("spans", [])}
    channels = {one["channel"]: one for one in answer.get("dahdi_channels", [])}
    d_channels = {one["channel"]: one for one in answer.get("d_channels", [])}
    circuits: list[Circuit] = []
    for line in _cable_lines(variables):
        numbers = expand_channels(line.channels)
        present = [channels[number] for number in numbers if number in channels]
        circuit: Circuit = {
            "gateway": host["name"],
            "name": line.circuit,
            "state": "unknown",
            "calls": sum(bool(one["name"]) for one in present) if known else None,
            "channels": len(numbers),
            "alarm": "",
            "d_channel": None,
        }
        if known:
            alarms = [span_alarms.get(line.span, ""), *(str(one["alarm"]) for one in present)]
            circuit["alarm"] = next(filter(None, alarms), "")
            circuit["state"] = "down" if circuit["alarm"] else "up"
            if line.type == "pri":
                own, *shared = [
                    _d_channel_state(d_channels.get(number)) for number in _d_channels(line, spans)
                ]
                circuit["d_channel"] = own
                if {own, *shared} == {"down"}:
                    circuit["state"] = "down"
            if not present:
                circuit["state"] = "missing"
        circuits.append(circuit)
    return circuits


def _d_channels(line: Line, spans: Iterable[Mapping[str, Any]]) -> list[int | None]:
    """D-channels that may carry the signalling of a PRI, its own first."""
    own = next(span for span in spans if span.get("circuit") == line.circuit)
    bundle = (own.get("nfas") or {}).get("trunkgroup")
    shared = [
        span["d_channel"]
        for span in spans
        if bundle and (span.get("nfas") or {}).get("trunkgroup") == bundle
    ]
    numbers = [number for number in (own["d_channel"], *shared) if number is not None]
    return list(dict.fromkeys(numbers)) or [None]


def _d_channel_state(d_channel: Mapping[str, Any] | None) -> Literal["up", "standby", "down"]:
    if not d_channel or not d_channel["up"]:
        return "down"
    return "up" if d_channel["active"] else "standby"


def _line_bridges(variables: HostVariables) -> list[str]:
    """The bridge, empty for none, of each call between a gateway and the telephone network."""
    answer = _answer(variables, "_status_asterisk")
    channels: Sequence[Mapping[str, Any]] = answer.get("channels", [])
    cables = {
        number
        for line in _cable_lines(variables)
        if not line.extensions
        for number in expand_channels(line.channels)
    }
    names = {one["name"] for one in answer.get("dahdi_channels", []) if one["channel"] in cables}
    return [
        *(bridge for _circuit, bridge in _circuit_channels(channels)),
        *(str(channel["bridge"]) for channel in channels if channel["name"] in names),
    ]


def _circuit_channels(channels: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(circuit, bridge) of each channel to a SIP carrier."""
    matches = ((_CIRCUIT_CHANNEL.fullmatch(channel["name"]), channel) for channel in channels)
    return [(match[1], channel["bridge"]) for match, channel in matches if match]


def _source(hosts: Iterable[Host]) -> str:
    """The central server that knows the calls: of two active ones, the one that can write."""
    able = [
        host
        for host in hosts
        if host["floating_ip"] and host["asterisk"] and host["asterisk"]["running"]
    ]
    able.sort(key=lambda host: not (host["database"] and host["database"]["state"] == "writable"))
    return able[0]["name"] if able else ""


def _seats(endpoints: Iterable[Mapping[str, Any]]) -> Seats:
    # Accounts are numbers; the gateways and the health check have names.
    states = [endpoint["state"] for endpoint in endpoints if endpoint["name"].isdigit()]
    return {
        "registered": sum(state not in GONE for state in states),
        "total": len(states),
    }


def _talking(active: Iterable[Mapping[str, Any]], gateways: Iterable[str], waiting: int) -> int:
    """Conversations.

    After a fail-over the new active server does not know those that outlived the old one, the
    gateways do: there a call is bridged to the central server while it waits and while it talks.
    """
    bridges = Counter(channel["bridge"] for channel in active if channel["bridge"])
    bridged = sum(bool(bridge) for bridge in gateways)
    return max(sum(channels > 1 for channels in bridges.values()), bridged - waiting)


def _ringing(channels: Iterable[Mapping[str, Any]]) -> set[str]:
    """Interfaces (``PJSIP/1001``) that ring and do nothing else.

    The state of a phone that takes one call at a time is "busy" already while it rings.
    """
    states: dict[str, set[str]] = {}
    for channel in channels:
        states.setdefault(channel["name"].rpartition("-")[0], set()).add(channel["state"])
    return {interface for interface, of_interface in states.items() if of_interface == {"ringing"}}


def _agent_state(member: Mapping[str, Any], ringing: Container[str]) -> AgentState:
    if member["state"] in {"unavailable", "invalid", "unknown"}:
        return "unavailable"
    if member["state"] == "ringing" or member["interface"] in ringing:
        return "ringing"
    if member["in_call"] or member["state"] in {"in use", "busy", "on hold"}:
        return "talking"
    return "paused" if member["paused"] else "free"


def _queue(queue: Mapping[str, Any], ringing: Container[str]) -> Queue:
    states: Counter[AgentState] = Counter()
    reasons: Counter[str] = Counter()
    for member in queue["members"]:
        state = _agent_state(member, ringing)
        states[state] += 1
        if state == "paused":
            reasons[str(member["reason"]) or "no reason"] += 1
    return {
        "name": str(queue["name"]),
        "agents": {
            "members": len(queue["members"]),
            "free": states["free"],
            "talking": states["talking"],
            "ringing": states["ringing"],
            "paused": states["paused"],
            "unavailable": states["unavailable"],
            "pause_reasons": dict(reasons.most_common()),
        },
        "waiting": int(queue["waiting"]),
        "longest_wait": int(queue["longest_wait"]),
    }


# --- problems ----------------------------------------------------------------------------------


def find_problems(status: Status) -> list[Problem]:
    """What is wrong, causes before their effects."""
    return [
        *_host_problems(status["hosts"]),
        *_lease_problems(status["hosts"]),
        *_floating_ip_problems(status),
        *_database_problems(status["hosts"]),
        *_diverged_problems(status["hosts"]),
        *_trunk_problems(status),
        *_circuit_problems(status["circuits"]),
        *_queue_problems(status),
    ]


def _names(names: Sequence[str]) -> str:
    shown = list(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        shown.append(f"{len(names) - MOST_NAMES} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _all(names: Sequence[str]) -> str:
    return "both" if len(names) == 2 else "all"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _host_problems(hosts: Iterable[Host]) -> list[Problem]:
    problems: list[Problem] = []
    for host in hosts:
        name = host["name"]
        if host["state"] == "unreachable":
            problems.append(
                {
                    "hosts": [name],
                    "problem": f"{name} cannot be reached{_because(host['reason'])}.",
                    "remedy": "Check its power and network, then that ssh lets you in.",
                }
            )
        elif host["asterisk"] and not host["asterisk"]["running"]:
            problems.append(
                {
                    "hosts": [name],
                    "problem": f"Asterisk of {name} does not answer"
                    f"{_because(host['asterisk']['reason'])}.",
                    "remedy": "Read 'journalctl -u asterisk' there, then restart asterisk.service.",
                }
            )
    return problems


def _lease_problems(hosts: Iterable[Host]) -> list[Problem]:
    problems: list[Problem] = []
    deaf: dict[tuple[str, ...], list[tuple[str, Lease]]] = {}
    for host in hosts:
        name, lease = host["name"], host["lease"]
        if lease is None:
            continue
        if lease["missing"]:
            deaf.setdefault(tuple(lease["missing"]), []).append((name, lease))
        if lease["reason"]:
            problems.append(
                {
                    "hosts": [name],
                    "problem": f"{name} can neither be active nor take over: {lease['reason']}.",
                    "remedy": "Read 'journalctl -u trunkline-central' there, then start "
                    "trunkline-central.service; where it is not installed, run site.yml.",
                }
            )
        elif not lease["healthy"] and lease["state"] != "unknown":
            idle = lease["state"] == "spare"
            cannot = "could not take over" if idle else "cannot serve callers"
            reasons = " ".join(lease["reasons"])
            problems.append(
                {
                    "hosts": [name],
                    "problem": f"{name} {cannot}{_because(reasons.rstrip('.'))}.",
                    "remedy": "Run playbooks/site.yml --limit central, which goes on with it."
                    if "filled" in reasons
                    else f"Read '{_journal(reasons)}' there.",
                }
            )
    problems += [_deaf_problem(missing, servers) for missing, servers in deaf.items()]
    return problems


def _journal(reasons: str) -> str:
    """The command that tells more about them."""
    units = [unit for word, unit in _UNITS.items() if word in reasons.lower()]
    return " -u ".join(["journalctl", *dict.fromkeys(units or ["trunkline-central"])])


def _deaf_problem(missing: Sequence[str], servers: Sequence[tuple[str, Lease]]) -> Problem:
    names = [name for name, _lease in servers]
    voters = servers[0][1]["voters"] or 0
    left, needed = voters - len(missing), voters // 2 + 1
    rest = f"{left} of {voters} witnesses are left and {needed} needed"
    if left < needed:
        rest += ", so that it cannot be active"
    return {
        "hosts": names,
        "problem": f"{_names(names)} cannot hear {_names(missing)}: {rest}.",
        "remedy": "Read 'journalctl -u trunkline-witness' there, and check that UDP port 5072 "
        "passes between them.",
    }


def _floating_ip_problems(status: Status) -> list[Problem]:
    address, holders = status["floating_ip"]["address"], status["floating_ip"]["holders"]
    central = [host for host in status["hosts"] if host["role"] != "gateway"]
    leaders = _leaders(central)
    others = [name for name in holders if name not in leaders]
    if len(holders) > 1:
        remedy = (
            "Mend the network between them; until then stop trunkline-central.service on the one "
            "whose database shall not be used."
        )
        if len(leaders) == 1 and leaders != others:
            remedy = (
                f"{_names(leaders)} holds the lease: restart keepalived.service on "
                f"{_names(others)}, and read 'journalctl -u keepalived' there."
            )
        return [
            {
                "hosts": holders,
                "problem": f"{_names(holders)} {_all(holders)} hold the floating address "
                f"{address}: phones reach now one, now the other.",
                "remedy": remedy,
            }
        ]
    if leaders and others == holders:
        whom = f", which {_names(holders)} has" if holders else ""
        return [
            {
                "hosts": [*leaders, *holders],
                "problem": f"{_names(leaders)} holds the lease, but not the floating address "
                f"{address}{whom}: callers reach no agent.",
                "remedy": f"Read 'journalctl -u keepalived' on {_names([*leaders, *holders])}, "
                "then restart keepalived.service there.",
            }
        ]
    if not central or holders or any(host["state"] == "not asked" for host in central):
        return []
    unknown = [host["name"] for host in central if host["state"] == "unreachable"]
    if unknown and any(host["trunk"] == "up" for host in status["hosts"]):
        return []  # The one that only this controller cannot reach holds it.
    perhaps = f" (except perhaps {_names(unknown)})" if unknown else ""
    return [
        {
            "hosts": [host["name"] for host in central],
            "problem": f"No central server{perhaps} holds the floating address {address}: callers "
            "reach no agent.",
            "remedy": "Read 'journalctl -u trunkline-central' on a central server: it becomes "
            "active when it is healthy and reaches most witnesses.",
        }
    ]


def _leaders(hosts: Iterable[Host]) -> list[str]:
    """Central servers that hold the lease."""
    return [
        host["name"]
        for host in hosts
        if host["lease"] and host["lease"]["state"] in {"active", "promoting"}
    ]


def _database_problems(hosts: Sequence[Host]) -> list[Problem]:
    databases = [(host, host["database"]) for host in hosts if host["database"]]
    asked = [(host, database) for host, database in databases if host["state"] == "up"]
    writable = [host["name"] for host, database in asked if database["state"] == "writable"]
    problems: list[Problem] = []
    if len(writable) > 1:
        problems.append(
            {
                "hosts": writable,
                "problem": f"The databases of {_names(writable)} are {_all(writable)} writable and "
                "drift apart.",
                "remedy": _one_writer(writable, _leaders(hosts)),
            }
        )
    if databases and all(
        database["state"] in {"follows", "broken"} for _host, database in databases
    ):
        problems.append(
            {
                "hosts": [host["name"] for host, _database in asked],
                "problem": "No database is writable: phones cannot register, agents cannot log in.",
                "remedy": "Read 'journalctl -u trunkline-central -u mariadb' on the server that "
                "holds the floating address, then restart trunkline-central.service there.",
            }
        )
    for host, database in asked:
        problems += _database_problem(host, database, writable)
    return problems


def _one_writer(writable: Sequence[str], leaders: Sequence[str]) -> str:
    others = [name for name in writable if name not in leaders]
    if len(leaders) == 1 and len(others) < len(writable):
        return (
            f"{_names(leaders)} holds the lease: run '{_PROMOTION} demote' on {_names(others)}, "
            "then site.yml, which keeps what only that server has in a file."
        )
    return (
        f"Decide whose data is right and run '{_PROMOTION} demote' on the others, then site.yml, "
        "which keeps what only they have in a file."
    )


def _database_problem(host: Host, database: Database, writable: Sequence[str]) -> list[Problem]:
    name, state, leader = host["name"], database["state"], database["follows"]
    behind = database["seconds_behind"] or 0
    if state == "unknown":
        if not database["reason"]:  # not asked, after the host missed the time limit before
            return []
        problem = f"The database of {name} does not answer{_because(database['reason'])}."
        remedy = "Read 'journalctl -u mariadb' there, then restart mariadb.service."
    elif state != "writable" and writable and host["floating_ip"]:
        others = _names(writable)
        problem = f"{name} is active, but its database is read-only and that of {others} writable."
        remedy = (
            f"Run '{_PROMOTION} demote' on {others}, then restart trunkline-central.service on "
            f"{name}."
        )
    elif state == "broken":
        whom = f" from {leader}" if leader else ""
        problem = f"The database of {name} gets no changes{whom}: {database['reason']}."
        remedy = (
            "Check the network between them, or say START REPLICA to it; if that does not help, "
            "run site.yml with '-e database_reseed=true', which fills it anew."
            if leader or not writable
            else "Run site.yml, which keeps in a file what only this server has and fills it anew."
        )
    elif behind > MOST_SECONDS_BEHIND:
        problem = (
            f"The database of {name} is {behind} s behind {leader}: a fail-over now would lose "
            "what happened since."
        )
        remedy = "Do not switch now; check load and disk of the spare and the network between them."
    else:
        return []
    return [{"hosts": [name], "problem": problem, "remedy": remedy}]


def _diverged_problems(hosts: Iterable[Host]) -> list[Problem]:
    problems: list[Problem] = []
    for host in hosts:
        name, files = host["name"], host["diverged"]
        if not files:
            continue
        kept, path = files[-1]["kept"], files[-1]["file"]
        more = f", and {_count(len(files) - 1, 'older file')}" if len(files) > 1 else ""
        problems.append(
            {
                "hosts": [name],
                "problem": f"{name} alone had {kept} when another server took over: see its file "
                f"{path}{more}.",
                "remedy": "Write again what is still needed, as docs/operation.md says, then "
                "delete the file.",
            }
        )
    return problems


def _trunk_problems(status: Status) -> list[Problem]:
    # Without a holder of the address no trunk can be up, which has been said.
    holders = status["floating_ip"]["holders"]
    down = [host["name"] for host in status["hosts"] if host["trunk"] == "down"]
    if not down or not holders:
        return []
    address = status["floating_ip"]["address"]
    return [
        {
            "hosts": down,
            "problem": f"The trunk of {_names(down)} to {address} is down: callers there reach no "
            "agent.",
            "remedy": f"Check that Asterisk of {_names(holders)} runs, and that SIP (UDP 5060) "
            "passes between them.",
        }
    ]


def _circuit_problems(circuits: Sequence[Circuit]) -> list[Problem]:
    problems: list[Problem] = []
    # Those of one gateway are neighbours.
    for gateway, group in itertools.groupby(circuits, key=lambda circuit: circuit["gateway"]):
        of_gateway = list(group)
        down = [
            circuit["name"]
            for circuit in of_gateway
            if circuit["state"] == "down" and not circuit["alarm"] and not _is_silent(circuit)
        ]
        problems += _cable_problems(gateway, of_gateway)
        missing = [circuit["name"] for circuit in of_gateway if circuit["state"] == "missing"]
        if down:
            problems.append(
                {
                    "hosts": [gateway],
                    "problem": f"{gateway}: {len(down)} of {len(of_gateway)} circuits down: "
                    f"{_names(down)}.",
                    "remedy": "Check the cable or the network towards the carrier, then call the "
                    "carrier.",
                }
            )
        if missing:
            problems.append(
                {
                    "hosts": [gateway],
                    "problem": f"{gateway}: Asterisk does not know the circuits {_names(missing)}.",
                    "remedy": "Run site.yml.",
                }
            )
    return problems


def _is_silent(circuit: Circuit) -> bool:
    """Whether the line is there and nobody speaks on its D-channel."""
    return circuit["state"] == "down" and not circuit["alarm"] and circuit["d_channel"] == "down"


def _cable_problems(gateway: str, circuits: Sequence[Circuit]) -> list[Problem]:
    found: dict[tuple[str, str], list[str]] = {}
    for circuit in circuits:
        if circuit["alarm"] and circuit["state"] == "down":
            found.setdefault(_ALARMS[circuit["alarm"]], []).append(circuit["name"])
        elif _is_silent(circuit):
            found.setdefault(_SILENT, []).append(circuit["name"])
    return [
        {
            "hosts": [gateway],
            "problem": f"{gateway}: {len(names)} of {len(circuits)} circuits down, {meaning}: "
            f"{_names(names)}.",
            "remedy": remedy,
        }
        for (meaning, remedy), names in found.items()
    ]


def _queue_problems(status: Status) -> list[Problem]:
    return [
        {
            "hosts": [status["source"]],
            "problem": f"Queue {queue['name']}: {_count(queue['waiting'], 'caller')} waiting and "
            "nobody to answer: every agent is paused or unavailable.",
            "remedy": "Let agents log in or end their pause.",
        }
        for queue in status["queues"]
        if queue["waiting"]
        and queue["agents"]["paused"] + queue["agents"]["unavailable"] == queue["agents"]["members"]
    ]


# --- text --------------------------------------------------------------------------------------

_KEEP = "\u00a0"
"""A space at which textwrap does not break a line."""


def status_table(status: Status) -> str:
    """``status`` for people: at most ``WIDTH`` columns, problems first."""
    parts = [
        [f"Call center at {status['time']}"],
        _problem_lines(status["problems"]),
        _central_lines(status),
        _gateway_lines(status),
        _queue_lines(status["queues"]),
        _sum_lines(status),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _or_unknown(number: int | None) -> str:
    return "?" if number is None else str(number)


def _problem_lines(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return ["No problems"]
    lines = ["Problems"]
    for problem in problems[:MOST_ROWS]:
        lines += textwrap.wrap(
            f"{problem['problem']} {problem['remedy']}",
            WIDTH,
            initial_indent="- ",
            subsequent_indent="  ",
            break_on_hyphens=False,
        )
    if len(problems) > MOST_ROWS:
        lines.append(f"- and {len(problems) - MOST_ROWS} more")
    return lines


def _grid(rows: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> list[str]:
    """``rows`` as aligned lines, the columns ``numbers`` to the right; the last column wraps."""
    right = set(numbers)
    rows = [
        [
            cell if len(cell) <= LONGEST_NAME else cell[: LONGEST_NAME - 2] + ".."
            for cell in row[:-1]
        ]
        + [row[-1]]
        for row in rows
    ]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)][:-1]
    indent = sum(widths) + 2 * len(widths)
    lines: list[str] = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        last = textwrap.wrap(row[-1], max(WIDTH - indent, NARROWEST), break_on_hyphens=False)
        lines.append("  ".join([*cells, *last[:1]]).rstrip())
        lines += [" " * indent + rest for rest in last[1:]]
    return [line.replace(_KEEP, " ") for line in lines]


def _asterisk_cell(host: Host) -> str:
    if not host["asterisk"]:
        return "?"
    # Debian appends what the package was made from: 22.10.1+dfsg+~cs6.
    return re.split(r"[+~]", host["asterisk"]["version"])[0] or "down"


def _database_cell(database: Database) -> str:
    if database["state"] == "follows":
        behind = database["seconds_behind"]
        return f"follows {database['follows']}, {_or_unknown(behind)} s behind"
    if database["state"] == "broken" and database["follows"]:
        return f"broken, was following {database['follows']}"
    return {"writable": "writable", "broken": "broken", "unknown": "?"}[database["state"]]


def _lease_cell(lease: Lease | None) -> str:
    if not lease or lease["votes"] is None:
        return "?"
    return f"{lease['votes']}/{lease['voters']}" if lease["votes"] else "-"


def _role_cell(host: Host) -> str:
    if host["lease"] and host["lease"]["state"] in {"promoting", "closing"}:
        return host["lease"]["state"]
    return host["role"] if host["role"] != "central" else "?"


def _central_lines(status: Status) -> list[str]:
    rows = [["CENTRAL", "ROLE", "STATE", "ASTERISK", "LEASE", "FLOATING IP", "DATABASE"]]
    address = status["floating_ip"]["address"]
    for host in status["hosts"]:
        if host["database"]:
            held = {True: address, False: "-", None: "?"}[host["floating_ip"]]
            rows.append(
                [
                    host["name"],
                    _role_cell(host),
                    host["state"],
                    _asterisk_cell(host),
                    _lease_cell(host["lease"]),
                    held,
                    _database_cell(host["database"]),
                ]
            )
    return _grid(rows) if len(rows) > 1 else []


def _gateway_lines(status: Status) -> list[str]:
    rows = [["GATEWAY", "STATE", "ASTERISK", "TRUNK", "CIRCUITS", "CALLS", "CALLS OF EACH CIRCUIT"]]
    gateways = [host for host in status["hosts"] if host["role"] == "gateway"]
    # In a big call center those that need attention are shown first.
    bad = {name for problem in status["problems"] for name in problem["hosts"]}
    shown = gateways
    if len(gateways) > MOST_ROWS:
        shown = sorted(gateways, key=lambda host: host["name"] not in bad)[:MOST_ROWS]
    for host in shown:
        circuits = [item for item in status["circuits"] if item["gateway"] == host["name"]]
        known = any(circuit["calls"] is not None for circuit in circuits)
        up = sum(circuit["state"] == "up" for circuit in circuits)
        calls = sum(circuit["calls"] or 0 for circuit in circuits)
        rows.append(
            [
                host["name"],
                host["state"],
                _asterisk_cell(host),
                "?" if host["trunk"] in {"unknown", None} else str(host["trunk"]),
                f"{up if known else '?'}/{len(circuits)}",
                f"{calls if known else '?'}/{sum(circuit['channels'] for circuit in circuits)}",
                _circuit_cell(circuits),
            ]
        )
    lines = _grid(rows, (4, 5)) if gateways else []
    if len(gateways) > len(shown):
        rest = [host for host in gateways if host not in shown]
        bad_rest = sum(host["name"] in bad for host in rest)
        lines.append(f"and {len(rest)} more, {bad_rest or 'none'} of them with problems")
    return lines


def _circuit_cell(circuits: Sequence[Circuit]) -> str:
    ordered = sorted(circuits, key=lambda circuit: circuit["state"] in {"up", "unknown"})
    cells = [
        f"{circuit['name']} {circuit['alarm'] or circuit['state']}"
        if circuit["state"] in {"down", "missing"}
        else f"{circuit['name']} {_or_unknown(circuit['calls'])}/{circuit['channels']}"
        for circuit in ordered[:MOST_CIRCUITS]
    ]
    if len(ordered) > MOST_CIRCUITS:
        cells.append(f"and {len(ordered) - MOST_CIRCUITS} more")
    return ", ".join(cell.replace(" ", _KEEP) for cell in cells)


def _queue_lines(queues: Sequence[Queue]) -> list[str]:
    if not queues:
        return []
    header = ["QUEUE", "WAITING", "LONGEST", "AGENTS", "FREE", "TALKING", "RINGING", "PAUSED"]
    rows = [[*header, "OFFLINE", ""]]
    shown = queues
    if len(queues) > MOST_ROWS:
        shown = sorted(queues, key=lambda queue: -queue["waiting"])[:MOST_ROWS]
    for queue in shown:
        agents = queue["agents"]
        counts = [
            agents["members"],
            agents["free"],
            agents["talking"],
            agents["ringing"],
            agents["paused"],
            agents["unavailable"],
        ]
        longest = _clock(queue["longest_wait"]) if queue["waiting"] else "-"
        rows.append([queue["name"], str(queue["waiting"]), longest, *map(str, counts), ""])
    heading, *lines = _grid(rows, range(1, len(rows[0]) - 1))
    text = [heading]
    for queue, line in zip(shown, lines, strict=True):
        text += [line, *_pause_lines(queue["agents"]["pause_reasons"])]
    if len(queues) > len(shown):
        text.append(f"and {len(queues) - len(shown)} more with fewer callers waiting")
    return text


def _pause_lines(reasons: Mapping[str, int]) -> list[str]:
    if not reasons:
        return []
    cells = [f"{reason} {number}" for reason, number in list(reasons.items())[:MOST_NAMES]]
    if len(reasons) > MOST_NAMES:
        cells.append(f"{len(reasons) - MOST_NAMES} other reasons")
    return ["  " + textwrap.shorten(f"paused: {', '.join(cells)}", WIDTH - 2, placeholder=" ...")]


def _sum_lines(status: Status) -> list[str]:
    if not status["source"]:
        return ["Seats, queues and calls are unknown: no active server answers"]
    seats, calls = status["seats"], status["calls"]
    waiting = f"{calls['waiting']} waiting"
    if calls["waiting"]:
        waiting += f", the longest for {_clock(calls['longest_wait'] or 0)}"
    talking = f"{calls['talking']} talking"
    if calls["outlived"]:
        talking += f" ({calls['outlived']} of them since before a fail-over)"
    return [
        f"Calls  {talking}, {waiting}",
        f"Seats  {seats['registered']} of {seats['total']} phones registered",
    ]
