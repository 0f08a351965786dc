# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IVR of a gateway."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.menus import (
    TARGETS,
    Surroundings,
    menu_problems,
)

AROUND = Surroundings(queues=["sales"], extensions=["1001", "1002"], hours={"office": {}})
GOOD: dict[str, Any] = {
    "welcome": {
        "hours": "office",
        "closed": {"announcement": ["vm-goodbye"]},
        "language": "es",
        "announcement": ["hello-world"],
        "prompt": ["vm-press", "digits/1"],
        "seconds": 5,
        "tries": "2",
        "extensions": True,
        "digits": {
            "3": {"queue": "sales"},
            2: {"extension": 1001},
            "*": {"menu": "night", "language": "pt_BR"},
            "#": {"announcement": "vm-goodbye"},
        },
        "invalid": {"menu": "night"},
        "invalid_announcement": [],
        "otherwise": {"queue": "sales"},
    },
    "night": {"otherwise": {"announcement": ["vm-goodbye"]}},
    "dial": {"extensions": True},
}
NUMBERS: dict[Any, Any] = {
    "5550100": "welcome",
    "+15550100": "night",
    "_55501XX": "welcome",
    "5550200-5550299": {"extension": "1001"},
    "5550210": {"queue": "sales", "hours": "office", "closed": {"menu": "night"}},
    5550111: {"menu": "night", "language": "es"},
    "default": {"announcement": ["ss-noservice"]},
}
WELCOME = "gateway_menus: welcome: "


def problems(**menu: object) -> list[str]:
    """Of a menu that is good but for ``menu``."""
    return menu_problems({"welcome": {"otherwise": {"queue": "sales"}, **menu}}, {}, AROUND)


def test_good_menus() -> None:
    assert menu_problems(GOOD, NUMBERS, AROUND) == []
    assert menu_problems({}, {}, Surroundings()) == []


@pytest.mark.parametrize("name", ["Welcome", "1st", "a b", "a" * 41, ""])
def test_name(name: str) -> None:
    assert menu_problems({name: GOOD["night"]}, {}, AROUND) == [
        f"gateway_menus: {name}: no menu name, use a lower-case letter followed by up to 39 "
        "letters, digits, '-' or '_'."
    ]


@pytest.mark.parametrize("menu", [None, "sales", {}, {"digits": {}}, {"otherwise": None}])
def test_leads_nowhere(menu: object) -> None:
    assert menu_problems({"welcome": menu}, {}, AROUND) == [
        f"{WELCOME}leads nowhere, give it digits or otherwise."
    ]


@pytest.mark.parametrize(
    ("menu", "sentence"),
    [
        ({"otherwhise": {}}, "unknown option 'otherwhise', did you mean 'otherwise'."),
        (
            {"digits": [1]},
            "digits: '[1]' is no mapping of keys and targets, write for example "
            "{'1': {queue: sales}}.",
        ),
        *(
            (
                {"digits": {key: {"queue": "sales"}}},
                f"digits: '{key}' is no key of a telephone, use one of 0 to 9, * and #.",
            )
            for key in ("A", "12", "", -1)
        ),
        *(
            ({option: "text"}, f"{option}: 'text' is no list, write [text].")
            for option in ("announcement", "prompt", "invalid_announcement")
        ),
        *(
            ({option: value}, f"{option}: '{value}' is not a number, use 1 or more.")
            for option in ("seconds", "tries")
            for value in (0, -1, "soon", 1.5, True)
        ),
        *(
            (
                {"hours": hours},
                f"hours: '{hours}' is no name, declare the hours in gateway_hours, for example "
                "office: {mon-fri: 8:00-18:00}, and write hours: office.",
            )
            for hours in (["8:00-18:00,mon-fri,*,*"], {"mon": "closed"})
        ),
        (
            {"hours": "offices"},
            "hours: 'offices' is not declared in gateway_hours, did you mean 'office'.",
        ),
        (
            {"closed": {"queue": "sales"}},
            "closed: there are no hours, add the name of some as hours.",
        ),
        *(
            (
                {"language": language},
                f"language: '{language}' is no language, write one such as es or pt_BR.",
            )
            for language in ("Spanish", "ES", "", 1)
        ),
        ({"extensions": "yes"}, "extensions: 'yes' is neither true nor false."),
        (
            {"extensions": True, "digits": {"1": {"queue": "sales"}, "2": {"queue": "sales"}}},
            "digit 1 is the beginning of the extension 1001, which can be dialled here too: choose "
            "another digit or remove extensions: true.",
        ),
    ],
)
def test_option(menu: dict[str, object], sentence: str) -> None:
    assert problems(**menu) == [WELCOME + sentence]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        *(
            (target, f"needs exactly one target, one of {', '.join(TARGETS)}.")
            for target in ("sales", ["sales"], {"queue": "sales", "menu": "welcome"})
        ),
        ({"qeue": "sales"}, f"unknown target 'qeue', use one of {', '.join(TARGETS)}."),
        (
            {"queue": "sale"},
            "queue 'sale' is not declared in central_queues, did you mean 'sales'.",
        ),
        ({"queue": "xyz"}, "queue 'xyz' is not declared in central_queues, declare it there."),
        (
            {"queue": ["sales"]},
            "queue '['sales']' is not declared in central_queues, did you mean 'sales'.",
        ),
        (
            {"menu": "welcom"},
            "menu 'welcom' is not declared in gateway_menus, did you mean 'welcome'.",
        ),
        ({"menu": None}, "menu 'None' is not declared in gateway_menus, declare it there."),
        ({"extension": "ada"}, "extension 'ada' is not a number, give one such as '1001'."),
        (
            {"extension": 1003},
            "extension '1003' is not declared in central_accounts, did you mean '1002'.",
        ),
        *(
            (
                {"announcement": sounds},
                f"announcement: '{sounds}' are no sounds, write for example [hello].",
            )
            for sounds in ("", None, 1, {"hello": 1})
        ),
        (
            {"queue": "sales", "language": "x"},
            "language: 'x' is no language, write one such as es or pt_BR.",
        ),
    ],
)
def test_target(target: object, sentence: str) -> None:
    for option in ("otherwise", "invalid", "closed"):
        (problem,) = problems(**{"hours": "office", option: target})
        assert problem == f"{WELCOME}{option}: {sentence}"
    (problem,) = problems(digits={"1": target})
    assert problem == f"{WELCOME}digit 1: {sentence}"
    number = {"menu": "welcome", "hours": "office", "closed": target}
    (problem,) = menu_problems(GOOD, {"5550100": number}, AROUND)
    assert problem == f"gateway_numbers: 5550100: closed: {sentence}"


def test_extensions_that_nobody_has() -> None:
    assert menu_problems({"x": {"extensions": True}}, {}, Surroundings()) == [
        "gateway_menus: x: extensions: there is no seat to dial, declare it in central_accounts."
    ]
    anybody = {"x": {"otherwise": {"extension": "1003"}}}
    assert menu_problems(anybody, {}, Surroundings()) == []


@pytest.mark.parametrize(
    ("ways", "circle"),
    [
        ({"a": {"otherwise": {"menu": "a"}}}, "a - a"),
        ({"a": {"otherwise": {"menu": "b"}}, "b": {"otherwise": {"menu": "a"}}}, "a - b - a"),
        (
            {
                "a": {"otherwise": {"queue": "sales"}, "closed": {"menu": "c"}, "hours": "office"},
                "b": {"otherwise": {"menu": "a"}},
                "c": {"otherwise": {"menu": "b"}},
            },
            "a - c - b - a",
        ),
    ],
)
def test_circle(ways: dict[str, object], circle: str) -> None:
    (problem,) = menu_problems(ways, {}, AROUND)
    assert f": a caller who presses nothing would go round for ever ({circle}): let " in problem


@pytest.mark.parametrize("number", ["reception", "_5550ABX", "", "55 50", "_", "5-1"])
def test_number(number: str) -> None:
    assert menu_problems(GOOD, {number: "welcome"}, AROUND) == [
        f"gateway_numbers: '{number}' is neither a telephone number nor a pattern such as _55501XX "
        "nor a range such as 5550100-5550199."
    ]


@pytest.mark.parametrize(
    ("numbers", "in_common"),
    [
        (("5550100-5550150", "5550150-5550199"), True),
        (("5550100-5550199", "5550120-5550130"), True),
        (("5550100-5550199", "_55501XX"), True),
        (("5550100-5550100", "5550100"), True),
        (("5550100-5550149", "5550150-5550199"), False),
        (("5550100-5550199", "5550120"), False),
        (("5550100-5550199", "_555012X"), False),
        (("100-199", "1000-1999"), False),
        (("_[1-2]X", "10-29"), False),
    ],
)
def test_numbers_in_common(numbers: tuple[str, str], in_common: bool) -> None:
    one, other = numbers
    sentence = (
        f"gateway_numbers: {one} and {other} have numbers in common, make one of them smaller."
    )
    found = menu_problems(GOOD, {one: "welcome", other: "night"}, AROUND)
    assert found == ([sentence] if in_common else [])


@pytest.mark.parametrize(
    ("menu", "remedy"),
    [("welcom", "did you mean 'welcome'"), ("x", "declare it there"), ([], "declare it there")],
)
def test_number_without_a_menu(menu: object, remedy: str) -> None:
    assert menu_problems(GOOD, {"5550100": menu}, AROUND) == [
        f"gateway_numbers: 5550100: menu '{menu}' is not declared in gateway_menus, {remedy}."
    ]
