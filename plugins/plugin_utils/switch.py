# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the two central servers may change places, in which direction, and what would be lost.

Works on the answers of the module central_info. Whoever decides is shown sentences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

STALE_SECONDS = 5.0
"""An older state says that the service which writes it is dead."""
FRESH_SECONDS = 300.0
"""So soon after a switch a second run is the same one, started again."""
PREPARED_SECONDS = 20.0
"""A server that was prepared so recently need not be prepared again: it stays so for 40 s."""
FAILBACK_SECONDS = 120.0
"""How long after its mark a promotion is a way back."""
FILL = "fill it with playbooks/site.yml --limit central"

DOING = {"promoting": "becoming active", "closing": "giving the address up"}
"""What a server does in a state that does not last."""

Answers = Mapping[str, Mapping[str, Any]]
"""Name of a central server -> answer of central_info, {"unreachable": True} or nothing."""


class Plan(TypedDict):
    """What is to be done."""

    todo: str
    """switch, nothing, or refuse."""
    sentence: str
    """What will happen, why nothing has to, or why it must not."""
    active: str
    """The server that has the address now; empty if unknown."""
    spare: str
    prepared: bool
    """The spare knows all contacts already."""
    reseed: bool
    """The spare has to be filled from the active server first."""
    forced: bool
    """What is passed over keeps the active server from giving the address properly."""
    passed_over: list[str]
    """What would be a reason not to do it."""


@dataclass(frozen=True)
class Wish:
    """What the user wants."""

    address: str
    """The floating address."""
    addresses: Mapping[str, str]
    """Own address of each central server."""
    target: str = ""
    """The server that shall be active; empty for the other one than now."""
    force: bool = False
    back: bool = False
    """Undo the last fail-over."""
    reseeds: bool = False
    """A spare that does not follow is filled first."""
    repairs: bool = False
    """The spare may be ill, as it is about to be changed and asked again before the switch."""
    again: bool = False
    """A switch a moment ago is no reason against another one."""


class RefusalError(ValueError):
    """It must not be done; the text is a sentence for the user."""


def plan(answers: Answers, wish: Wish) -> Plan:
    """What is to be done to fulfil the wish."""
    result: Plan = {
        "todo": "refuse",
        "sentence": "",
        "active": "",
        "spare": "",
        "prepared": False,
        "reseed": False,
        "forced": False,
        "passed_over": [],
    }
    try:
        _decide(answers, wish, result)
    except RefusalError as error:
        result["sentence"] = str(error)
    return result


def _decide(answers: Answers, wish: Wish, result: Plan) -> None:
    names = list(wish.addresses)
    _check_names(names, wish)
    unknown = [name for name in names if not answers.get(name)]
    if unknown:
        raise RefusalError(
            f"{unknown[0]} was not asked, and both central servers have to be: run the playbook "
            "without --limit."
        )
    active = _active(answers, wish, names)
    spare = next(name for name in names if name != active)
    result["active"], result["spare"] = active, spare
    done = _done(answers, wish, active, spare)
    if done:
        result["todo"], result["sentence"] = "nothing", done
        return
    database = answers[spare].get("database", {})
    if database.get("filling"):
        raise RefusalError(f"The database of {spare} is being filled: wait until that is done.")
    _check_reached(answers[spare], spare, answers[active]["state"])
    result["reseed"] = wish.reseeds and _wants_filling(database, wish.addresses[active])
    # It calls itself ill until it is filled.
    if not (wish.repairs or (result["reseed"] and database.get("unfinished"))):
        _check_health(answers[spare]["state"], spare)
    result["prepared"] = float(answers[spare].get("prepared_seconds", 1e9)) < PREPARED_SECONDS
    losses = _active_losses(answers[active]["database"], active)
    if not (losses or result["reseed"] or wish.repairs):
        losses = _spare_losses(database, wish, active, spare)
    if losses and not wish.force:
        raise RefusalError(losses[0])
    result["todo"] = "switch"
    result["passed_over"], result["forced"] = losses, bool(losses)
    result["sentence"] = (
        f"{spare} becomes active and gets {wish.address} from {active}, which becomes the spare."
    )


def _check_names(names: Sequence[str], wish: Wish) -> None:
    if len(names) != 2:
        held = f"only {names[0]}" if len(names) == 1 else f"{len(names)} hosts"
        raise RefusalError(
            f"The group central has {held if names else 'no host'}: a switch needs two, the active "
            "server and its hot spare."
        )
    if wish.target and wish.target not in names:
        raise RefusalError(
            f"failover_to: '{wish.target}' is no central server, choose {names[0]} or {names[1]}."
        )


def _active(answers: Answers, wish: Wish, names: Sequence[str]) -> str:
    """The server that has the address."""
    unreachable = [name for name in names if answers[name].get("unreachable")]
    holders = [name for name in names if answers[name].get("holds_address")]
    if not holders and len(unreachable) == 1:
        (dead,) = unreachable
        alive = next(name for name in names if name != dead)
        raise RefusalError(
            f"{dead} cannot be reached and {alive} does not have {wish.address}: if callers are "
            f"not served, switch the power of {dead} off, and {alive} takes over by itself."
            f"{_patience(answers[alive], alive)}"
        )
    if not holders:
        raise RefusalError(_nobody_serves(answers, wish, names))
    if len(holders) > 1:
        raise RefusalError(
            f"{names[0]} and {names[1]} both have {wish.address}: stop trunkline-central.service "
            "on the one whose database is read-only."
        )
    # Only then, as a dead service is no reason where it could not be reached.
    for name in names:
        if not answers[name].get("unreachable"):
            _check_service(name, answers[name])
    (active,) = holders
    state = (answers[active].get("state") or {}).get("state")
    if state != "active":
        raise RefusalError(
            f"{active} has {wish.address} but calls itself {state}: see journalctl -u "
            "trunkline-central there."
        )
    return active


def _nobody_serves(answers: Answers, wish: Wish, names: Sequence[str]) -> str:
    """Why no server has the address, a sentence."""
    inventory = "name with -i the inventory of this call center."
    if any(answers[name].get("unreachable") for name in names):
        return f"Neither of them can be reached: {inventory}"
    nobody = f"Neither {names[0]} nor {names[1]} has the floating address {wish.address}"
    known = [answers[name] for name in names if answers[name].get("state")]
    serves = [one for one in known if one["state"]["state"] == "active"]
    # It has another address than this inventory says, or its service has died.
    if not known or any(_age(one) <= STALE_SECONDS for one in serves):
        return f"{nobody}: {inventory}"
    told = " ".join(f"{name}: {_why_idle(answers[name])}" for name in names)
    return f"{nobody}, and callers are not served. {told}"


def _why_idle(answer: Mapping[str, Any]) -> str:
    """Why a server that can be reached does not serve, a sentence."""
    state = answer.get("state") or {}
    if not state:
        return "trunkline-central.service has never run there."
    age = _age(answer)
    if age > STALE_SECONDS:
        return f"trunkline-central.service has been silent for {age:.0f} s, start it."
    return _why_spare(state)


def _why_spare(state: Mapping[str, Any]) -> str:
    """Why a server whose service runs does not serve, a sentence."""
    if not state.get("healthy"):
        return " ".join(map(str, state.get("reasons", []))) or "it is not healthy."
    missing = _missing(state)
    if missing:
        return f"it does not reach {', '.join(missing)} and needs most witnesses."
    if doing := DOING.get(str(state.get("state"))):
        return f"it is {doing} just now, run this again in a few seconds."
    return (
        _waits(state) or f"it is {state.get('state')}, see journalctl -u trunkline-central there."
    )


def _waits(state: Mapping[str, Any]) -> str:
    """That a server leaves it to the other one to serve, a sentence; empty if it does not."""
    seconds = float(state.get("patient_seconds", 0.0))
    if not seconds:
        return ""
    return (
        f"it lacks rows of the other server and waits {seconds:.0f} s for it, unless you touch "
        "/run/trunkline/forced there."
    )


def _patience(answer: Mapping[str, Any], name: str) -> str:
    """The same, to be appended to another sentence."""
    waits = _waits(answer.get("state") or {})
    return f" {name}: {waits}" if waits else ""


def _age(answer: Mapping[str, Any]) -> float:
    """Seconds since the service of a server has written its state."""
    return float(answer["time"]) - float((answer.get("state") or {}).get("time", 0))


def _check_service(name: str, answer: Mapping[str, Any]) -> None:
    state = answer.get("state") or {}
    if not state:
        raise RefusalError(
            f"{name} does not say what it is, as trunkline-central.service has never run there: "
            "bring it up with site.yml first."
        )
    age = _age(answer)
    if age > STALE_SECONDS:
        raise RefusalError(
            f"trunkline-central.service of {name} has been silent for {age:.0f} s: start it and "
            "see journalctl -u trunkline-central."
        )
    if doing := DOING.get(str(state.get("state"))):
        raise RefusalError(f"{name} is {doing} just now: run this again in a few seconds.")


def _done(answers: Answers, wish: Wish, active: str, spare: str) -> str:
    """Why nothing has to be done; empty if it has. Raises RefusalError."""
    if wish.target == active:
        return f"{active} is active already, nothing is changed."
    if wish.back:
        since = _way_back_seconds(answers, active, spare)
        what, force, hint = "The way back is done", "", ""
    elif wish.target or wish.again:
        return ""
    else:
        since = _term_seconds(answers, active, spare)
        what = "The switch is done"
        force = f", or pass over it with -e failover_force=true -e failover_to={spare}"
        hint = f" (-e failover_to={spare} makes {spare} active at once)"
    if since >= FRESH_SECONDS:
        return ""
    database = answers[spare]["database"]
    if database["answers"] and database["follows"] != wish.addresses[active]:
        raise RefusalError(
            f"{active} became active {since:.0f} s ago, but the database of {spare} does not "
            f"follow it: {FILL}{force}."
        )
    return f"{what}: {active} became active {since:.0f} s ago, nothing is changed{hint}."


def _term_seconds(answers: Answers, active: str, spare: str) -> float:
    """How long ago a server took over from the other one; for ever if that never served.

    Not since when it calls itself active: that begins anew when it reads its configuration again.
    """
    before = max(_promotions(answers[spare]), default=math.inf)
    # Several of one server in a row are one term of office.
    began = min((one for one in _promotions(answers[active]) if one > before), default=-math.inf)
    return max(0.0, float(answers[active]["time"]) - began)


def _promotions(answer: Mapping[str, Any]) -> list[float]:
    """When a server became active."""
    return [
        float(record["began"]) for record in answer.get("history", []) if not record.get("failed")
    ]


def _way_back_seconds(answers: Answers, active: str, spare: str) -> float:
    """How long ago the address went back; for ever if there is a fail-over to undo.

    Raises RefusalError when there was none since.
    """
    before = _promotions(answers[spare])
    if not before:
        raise RefusalError(
            f"There was no fail-over: {active} is the only server that ever was active. "
            f"playbooks/failover.yml -e failover_to={spare} makes {spare} active."
        )
    # Several of one server in a row are one term of office.
    began = [moment for moment in _promotions(answers[active]) if moment > max(before)]
    if not began:
        raise RefusalError(
            f"There is no record of a fail-over to {active}: name the server that shall be active "
            f"with playbooks/failover.yml -e failover_to={spare}."
        )
    # An older mark belongs to a way back before the other one served.
    marks = [
        mark for mark in map(float, answers[active].get("failbacks", [])) if mark > max(before)
    ]
    if not any(0 <= began[0] - mark < FAILBACK_SECONDS for mark in marks):
        return math.inf
    since = max(0.0, float(answers[active]["time"]) - began[0])
    if since >= FRESH_SECONDS:
        raise RefusalError(f"There was no fail-over since the address was given back to {active}.")
    return since


def _check_reached(answer: Mapping[str, Any], name: str, active: Mapping[str, Any]) -> None:
    """Raises RefusalError when the network is in its way; ``active`` is the other one's state."""
    if answer.get("unreachable"):
        raise RefusalError(
            f"{name}, the spare, cannot be reached: check its power and network, then that ssh "
            "lets you in."
        )
    _check_witnesses(answer["state"], name)
    _check_gateways(answer["state"], name, active)


def _check_health(state: Mapping[str, Any], name: str) -> None:
    """Raises RefusalError when the spare would not become active."""
    if not state.get("healthy"):
        why = " ".join(map(str, state.get("reasons", []))) or "it does not say why."
        raise RefusalError(f"{name}, the spare, is not healthy and would not take over: {why}")


def _check_gateways(state: Mapping[str, Any], name: str, active: Mapping[str, Any]) -> None:
    """Raises RefusalError when the spare reaches fewer of them than callers need."""
    if state.get("cut_off") and not active.get("cut_off"):
        raise RefusalError(
            f"{name}, the spare, reaches fewer than half of the gateways: check its network and "
            "their trunkline-witness.service."
        )


def _check_witnesses(state: Mapping[str, Any], name: str) -> None:
    """Raises RefusalError when the spare has not enough of them."""
    missing = _missing(state)
    if missing:
        raise RefusalError(
            f"{name}, the spare, does not reach {', '.join(missing)} and cannot become active "
            "without most witnesses: check its network and their trunkline-witness.service."
        )


def _missing(state: Mapping[str, Any]) -> list[str]:
    """Witnesses that a server does not reach, if they are too many."""
    missing = [str(voter) for voter in state.get("missing", [])]
    return missing if 2 * len(missing) >= int(state.get("voters", 1)) else []


def _wants_filling(database: Mapping[str, Any], active_address: str) -> bool:
    """Whether nothing else makes a spare follow the active server again."""
    if database.get("unfinished"):
        return True
    return bool(
        database["answers"] and (database["follows"] != active_address or database["broken"])
    )


def _active_losses(database: Mapping[str, Any], name: str) -> list[str]:
    """What keeps the database of the active server from being handed over, a sentence."""
    if not database["answers"]:
        return [_silence(database, name)]
    if not database["writable"]:
        return [
            f"The database of {name}, the active server, is read-only: see journalctl -t "
            "trunkline-promotion there."
        ]
    return []


def _spare_losses(database: Mapping[str, Any], wish: Wish, active: str, spare: str) -> list[str]:
    """What a switch to the spare would lose, a sentence."""
    if not database["answers"]:
        return [_silence(database, spare)]
    return _replication_losses(database, wish, active, spare)


def _silence(database: Mapping[str, Any], name: str) -> str:
    return (
        f"The database of {name} does not answer ({database['reason']}): see journalctl -u mariadb "
        "there."
    )


def _replication_losses(
    database: Mapping[str, Any], wish: Wish, active: str, spare: str
) -> list[str]:
    if not database["follows"]:
        return [f"The database of {spare} does not follow {active}: {FILL} first."]
    if database["follows"] != wish.addresses[active]:
        return [
            f"The database of {spare} follows {database['follows']} and not {active} "
            f"({wish.addresses[active]}): {FILL} first."
        ]
    if not database["runs"]:
        why = database["error"] or "it was stopped"
        remedy = (
            f"{FILL} -e database_reseed=true first"
            if database["broken"]
            else "check the network between them, or say START REPLICA to it"
        )
        return [f"The database of {spare} has stopped to follow {active} ({why}): {remedy}."]
    if database["behind"] is None or int(database["behind"]) > 0:
        how = "an unknown time" if database["behind"] is None else f"{database['behind']} s"
        return [f"The database of {spare} is {how} behind {active}: wait until it has caught up."]
    return []


def outcome_problems(
    answers: Answers, wish: Wish, active: str, *, forced: bool = False
) -> list[str]:
    """Sentences about what is not as it has to be while ``active`` serves, of two good servers.

    ``forced``: the other one may be ill and need not follow, but must not serve.
    """
    spare = next(name for name in wish.addresses if name != active)
    problems = [f"{name} cannot be reached." for name in wish.addresses if not _told(answers, name)]
    if problems:
        return problems
    checks: list[tuple[str, Callable[[], bool]]] = [
        (f"{active} does not have {wish.address}.", lambda: answers[active]["holds_address"]),
        (f"{spare} still has {wish.address}.", lambda: not answers[spare]["holds_address"]),
        (
            f"{active} is not active.",
            lambda: answers[active]["state"].get("state") == "active",
        ),
        (f"{spare} is not the spare.", lambda: answers[spare]["state"].get("state") == "spare"),
        (
            f"The database of {active} cannot be written.",
            lambda: answers[active]["database"]["writable"],
        ),
        (
            f"The database of {spare} can be written.",
            lambda: not answers[spare]["database"]["writable"],
        ),
    ]
    problems = [sentence for sentence, good in checks if not good()]
    for name in (active,) if forced else (active, spare):
        if not answers[name]["state"].get("healthy"):
            why = " ".join(map(str, answers[name]["state"].get("reasons", [])))
            problems.append(f"{name} is not healthy: {why}")
    if forced:
        return problems
    return problems + _replication_losses(answers[spare]["database"], wish, active, spare)


def _told(answers: Answers, name: str) -> bool:
    answer = answers.get(name) or {}
    return bool(answer) and not answer.get("unreachable")
