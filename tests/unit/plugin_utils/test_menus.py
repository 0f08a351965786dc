# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IVR of a gateway."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.menus import (
    TARGETS,
    menu_problems,
)

QUEUES = ["sales"]
GOOD: dict[str, Any] = {
    "welcome": {
        "hours": ["8:00-18:00,mon-fri,*,*", "*,*,24-26,dec", "*,sat,1,jan-feb", "*,*,*,*"],
        "closed": {"announcement": ["vm-goodbye"]},
        "announcement": ["hello-world"],
        "prompt": ["vm-press", "digits/1"],
        "seconds": 5,
        "tries": "2",
        "digits": {
            "1": {"queue": "sales"},
            2: {"extension": 1001},
            "*": {"menu": "night"},
            "#": {"announcement": "vm-goodbye"},
        },
        "otherwise": {"queue": "sales"},
    },
    "night": {"otherwise": {"announcement": ["vm-goodbye"]}},
}
WELCOME = "gateway_menus: welcome: "
OPTIONS = "hours, announcement, prompt, seconds, tries, digits, otherwise, closed"


def problems(**menu: object) -> list[str]:
    """Of a menu that is good but for ``menu``."""
    return menu_problems({"welcome": {"otherwise": {"queue": "sales"}, **menu}}, {}, QUEUES)


def test_good_menus() -> None:
    numbers: dict[Any, str] = {
        "5550100": "welcome",
        "+15550100": "night",
        "_55501XX": "welcome",
        5550111: "night",
    }
    assert menu_problems(GOOD, numbers, QUEUES) == []
    assert menu_problems({}, {}, []) == []


@pytest.mark.parametrize("name", ["Welcome", "1st", "a b", "a" * 41, ""])
def test_name(name: str) -> None:
    assert menu_problems({name: GOOD["night"]}, {}, []) == [
        f"gateway_menus: {name}: no menu name, use a lower-case letter followed by up to 39 "
        "letters, digits, '-' or '_'."
    ]


@pytest.mark.parametrize("menu", [None, "sales", {}, {"digits": {}}, {"otherwise": None}])
def test_leads_nowhere(menu: object) -> None:
    assert menu_problems({"welcome": menu}, {}, QUEUES) == [
        f"{WELCOME}leads nowhere, give it digits or otherwise."
    ]


@pytest.mark.parametrize(
    ("menu", "sentence"),
    [
        ({"otherwhise": {}}, f"unknown option 'otherwhise', use one of {OPTIONS}."),
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
            for option in ("hours", "announcement", "prompt")
        ),
        *(
            ({option: value}, f"{option}: '{value}' is not a number, use 1 or more.")
            for option in ("seconds", "tries")
            for value in (0, -1, "soon", 1.5, True)
        ),
        *(
            (
                {"hours": [line]},
                f"hours: '{line}' is not times,weekdays,days,months, write for example "
                "'8:00-18:00,mon-fri,*,*'.",
            )
            for line in (
                "8-18,*,*,*",
                "8:00-25:00,*,*,*",
                "8:60-9:00,*,*,*",
                "*,monday,*,*",
                "*,*,32,*",
                "*,*,0,*",
                "*,*,*,foo",
                "*,*,*",
                "mon-fri",
            )
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
    ],
)
def test_target(target: object, sentence: str) -> None:
    for option in ("otherwise", "closed"):
        (problem,) = problems(**{option: target})
        assert problem == f"{WELCOME}{option}: {sentence}"
    (problem,) = problems(digits={"1": target})
    assert problem == f"{WELCOME}digit 1: {sentence}"


@pytest.mark.parametrize("number", ["reception", "_5550ABX", "", "55 50", "_"])
def test_number(number: str) -> None:
    assert menu_problems(GOOD, {number: "welcome"}, QUEUES) == [
        f"gateway_numbers: '{number}' is neither a telephone number nor a pattern such as _55501XX."
    ]


@pytest.mark.parametrize(
    ("menu", "remedy"),
    [("welcom", "did you mean 'welcome'"), ("x", "declare it there"), ([], "declare it there")],
)
def test_number_without_a_menu(menu: object, remedy: str) -> None:
    assert menu_problems(GOOD, {"5550100": menu}, QUEUES) == [
        f"gateway_numbers: 5550100: menu '{menu}' is not declared in gateway_menus, {remedy}."
    ]
