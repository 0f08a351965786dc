# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IVR of a gateway as its dialplan has it: complete entries, and which languages they speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .dial_patterns import OTHER_NUMBERS, covering_patterns, patterns_of
from .hours_dialplan import hours_problems
from .menus import TARGETS, Surroundings, menu_problems
from .prompts import Recording, Recordings, by_name, prompt_packages, prompt_problem, sound

HELD_SOUNDS = ("pbx-invalid", "queue-periodic-announce", "ss-noservice", "vm-nobodyavail")
"""What a caller on the way to a queue or an extension may hear from the gateway."""

_GOODBYE = {"announcement": ["vm-goodbye"]}
_NO_SERVICE = {"announcement": ["ss-noservice"]}
_ANY_NUMBER = "_[+0-9]."


@dataclass(frozen=True)
class Target:
    """Where a caller goes."""

    kind: str
    """One of TARGETS."""
    name: str = ""
    """Of the queue, extension or menu."""
    sounds: tuple[str, ...] = ()
    """Of the announcement."""
    language: str | None = None


@dataclass(frozen=True)
class Menu:
    """A menu with all of its options."""

    name: str
    language: str | None
    hours: str | None
    closed: Target
    announcement: tuple[str, ...]
    prompt: tuple[str, ...]
    digits: Mapping[str, Target]
    extensions: bool
    seconds: int
    tries: int
    invalid_announcement: tuple[str, ...]
    invalid: Target
    otherwise: Target

    @property
    def listens(self) -> bool:
        """Whether a caller can press anything."""
        return bool(self.digits) or self.extensions

    def sounds(self) -> dict[str, tuple[str, ...]]:
        """Option -> what the menu says by itself."""
        return {
            "announcement": self.announcement,
            "prompt": self.prompt,
            "invalid_announcement": self.invalid_announcement if self.listens else (),
        }

    def targets(self) -> dict[str, Target]:
        """Where a caller may go from here, by what decides it."""
        found = {f"digit {digit}": target for digit, target in self.digits.items()}
        if self.listens:
            found["invalid"] = self.invalid
        if self.extensions:
            found["extensions"] = Target("extension")
        if self.hours:
            found["closed"] = self.closed
        return {**found, "otherwise": self.otherwise}


@dataclass(frozen=True)
class Number:
    """Numbers that lead to the same target."""

    number: str
    """As the inventory has it."""
    patterns: tuple[str, ...]
    language: str | None
    target: Target
    hours: str | None
    closed: Target
    priority: int = 0
    """In queues; the highest comes first."""

    def targets(self) -> dict[str, Target]:
        """Where a caller may go, by what decides it."""
        return {"": self.target, **({"closed": self.closed} if self.hours else {})}


@dataclass(frozen=True)
class Ivr:
    """All that callers can be led to."""

    numbers: Sequence[Number]
    menus: Mapping[str, Menu]
    extensions: Sequence[str] = ()
    """Patterns of the extensions that callers may dial in a menu."""
    recordings: Recordings = field(default_factory=dict)
    language: str = "en"

    def languages(self) -> set[str]:
        """In which callers may be spoken to."""
        return {self.language, *(language for _menu, language in self._heard())}

    def prompt_problems(self) -> list[str]:
        """Sentences about sounds that a caller would not hear."""
        problems: dict[str, None] = {}
        for where, name, language in self._said():
            if problem := prompt_problem(name, language, self.recordings):
                problems[f"{where}: {problem}"] = None
        return list(problems)

    def _said(self) -> Iterator[tuple[str, str, str]]:
        """Everything that is ever said: where, the name of the sound, the language."""
        for number in self.numbers:
            where = f"gateway_numbers: {number.number}"
            for option, target in number.targets().items():
                language = number.language or self.language
                yield from _said_on_the_way(
                    f"{where}: {option}" if option else where, target, language
                )
        for name, language in self._heard():
            where = f"gateway_menus: {name}"
            menu = self.menus[name]
            for option, sounds in menu.sounds().items():
                yield from ((f"{where}: {option}", each, language) for each in sounds)
            for option, target in menu.targets().items():
                yield from _said_on_the_way(f"{where}: {option}", target, language)

    def _heard(self) -> list[tuple[str, str]]:
        """Menus and the languages in which they are heard; one that nobody reaches in the usual."""
        to_do = [
            (target, number.language or self.language)
            for number in self.numbers
            for target in number.targets().values()
        ]
        found: dict[tuple[str, str], None] = {}
        left = list(self.menus)
        while to_do or left:
            if not to_do:
                to_do.append((Target("menu", left.pop(0)), self.language))
            target, language = to_do.pop()
            if target.kind != "menu":
                continue
            menu = self.menus[target.name]
            left = [name for name in left if name != menu.name]
            spoken = menu.language or target.language or language
            if (menu.name, spoken) not in found:
                found[menu.name, spoken] = None
                to_do += [(each, spoken) for each in menu.targets().values()]
        return list(found)


@dataclass(frozen=True)
class Variables:
    """The variables of the role, as they are."""

    menus: Mapping[str, Any]
    numbers: Mapping[str, Any]
    queues: Collection[str] = ()
    extensions: Collection[str] = ()
    hours: Mapping[str, object] = field(default_factory=dict)
    recordings: Sequence[Recording] = ()
    language: str = "en"
    time_zone: str = ""


def ivr_problems(variables: Variables, time_zones: Collection[str] = ()) -> list[str]:
    """Sentences that say what is wrong with the IVR of an inventory.

    ``time_zones`` are the names of all there are, if that is known.
    """
    around = Surroundings(variables.queues, variables.extensions, variables.hours)
    problems = hours_problems(variables.hours, variables.time_zone, time_zones)
    problems += [file["problem"] for file in variables.recordings if file["problem"]]
    problems += menu_problems(variables.menus, variables.numbers, around)
    return problems or read_ivr(variables).prompt_problems()


def read_ivr(variables: Variables) -> Ivr:
    """The IVR of variables which have no problems."""
    menus = {str(name): _menu(str(name), menu) for name, menu in variables.menus.items()}
    dialled = any(menu.extensions for menu in menus.values())
    return Ivr(
        numbers=[_number(str(number), entry) for number, entry in variables.numbers.items()],
        menus=menus,
        extensions=covering_patterns(variables.extensions) if dialled else (),
        recordings=by_name(variables.recordings),
        language=variables.language,
    )


def values(ivr: Ivr) -> dict[str, Any]:
    """The IVR as a template takes it: plain data, sounds as Asterisk plays them."""
    return {
        "numbers": [_number_values(ivr, number) for number in ivr.numbers],
        "menus": [_menu_values(ivr, menu) for menu in ivr.menus.values()],
        "extensions": list(ivr.extensions),
        "packages": prompt_packages(ivr.languages()),
    }


def _number_values(ivr: Ivr, number: Number) -> dict[str, Any]:
    return {
        **asdict(number),
        "target": _target_values(ivr, number.target),
        "closed": _target_values(ivr, number.closed),
    }


def _menu_values(ivr: Ivr, menu: Menu) -> dict[str, Any]:
    ways = ("closed", "invalid", "otherwise")
    return {
        **asdict(menu),
        "listens": menu.listens,
        "digits": {digit: _target_values(ivr, target) for digit, target in menu.digits.items()},
        **{option: _played(ivr, sounds) for option, sounds in menu.sounds().items()},
        **{way: _target_values(ivr, getattr(menu, way)) for way in ways},
    }


def _target_values(ivr: Ivr, target: Target) -> dict[str, Any]:
    return {**asdict(target), "sounds": _played(ivr, target.sounds)}


def _played(ivr: Ivr, sounds: Iterable[str]) -> str:
    return "&".join(sound(name, ivr.recordings) for name in sounds)


def _said_on_the_way(where: str, target: Target, language: str) -> Iterator[tuple[str, str, str]]:
    held = HELD_SOUNDS if target.kind in {"queue", "extension"} else ()
    for name in (*target.sounds, *held):
        yield where, name, target.language or language


def _menu(name: str, menu: Mapping[str, Any]) -> Menu:
    otherwise = _target(menu.get("otherwise") or _GOODBYE)
    digits = menu.get("digits") or {}
    return Menu(
        name=name,
        language=menu.get("language"),
        hours=menu.get("hours"),
        closed=_target(menu.get("closed") or _NO_SERVICE),
        announcement=_names(menu.get("announcement", [])),
        prompt=_names(menu.get("prompt", [])),
        digits={str(digit): _target(target) for digit, target in digits.items()},
        extensions=menu.get("extensions", False),
        seconds=int(menu.get("seconds", 5)),
        tries=int(menu.get("tries", 3)),
        invalid_announcement=_names(menu.get("invalid_announcement", ["invalid"])),
        invalid=_target(menu["invalid"]) if menu.get("invalid") else otherwise,
        otherwise=otherwise,
    )


def _number(number: str, entry: object) -> Number:
    options: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {"menu": entry}
    patterns = [_ANY_NUMBER] if number == OTHER_NUMBERS else patterns_of(number)
    return Number(
        number=number,
        patterns=tuple(patterns),
        language=options.get("language"),
        target=replace(_target(options), language=None),
        hours=options.get("hours"),
        closed=_target(options.get("closed") or _NO_SERVICE),
        priority=int(options.get("priority") or 0),
    )


def _target(target: Mapping[str, Any]) -> Target:
    kind = next(kind for kind in TARGETS if kind in target)
    value = target[kind]
    language = target.get("language")
    if kind == "announcement":
        return Target(kind, sounds=_names(value), language=language)
    return Target(kind, name=str(value), language=language)


def _names(sounds: object) -> tuple[str, ...]:
    return tuple(map(str, sounds)) if isinstance(sounds, list | tuple) else (str(sounds),)
