# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IVR as a whole: what callers may come to, and in which language."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.ivr import (
    Variables,
    ivr_problems,
    read_ivr,
    values,
)

GOODBYE = {"announcement": ["vm-goodbye"]}
SALES = {"queue": "sales"}


def variables(menus: dict[str, Any], numbers: dict[str, Any], **others: Any) -> Variables:  # noqa: ANN401
    return Variables(menus=menus, numbers=numbers, queues=["sales"], **others)


def recorded(*files: str) -> list[Any]:
    return [{"file": file, "checksum": "", "problem": ""} for file in files]


def test_shortest_inventory() -> None:
    smallest = variables({"welcome": {"otherwise": SALES}}, {"5550100": "welcome"})
    assert ivr_problems(smallest) == []
    told = values(read_ivr(smallest))
    (menu,) = told["menus"]
    assert menu["listens"] is False
    assert (menu["prompt"], menu["hours"], menu["seconds"], menu["tries"]) == ("", None, 5, 3)
    assert menu["otherwise"]["name"] == menu["invalid"]["name"] == "sales"
    (number,) = told["numbers"]
    assert number["patterns"] == ("5550100",)
    assert told["packages"] == ["asterisk-core-sounds-en", "asterisk-core-sounds-en-wav"]


@pytest.mark.parametrize(
    ("menus", "numbers", "languages"),
    [
        ({}, {}, {"en"}),
        ({"a": {"otherwise": GOODBYE}}, {"1": "a"}, {"en"}),
        ({"a": {"otherwise": GOODBYE, "language": "es"}}, {"1": "a"}, {"en", "es"}),
        ({"a": {"otherwise": GOODBYE}}, {"1": {"menu": "a", "language": "fr"}}, {"en", "fr"}),
        # A digit chooses the language, the menu begins anew in it.
        (
            {"a": {"digits": {"2": {"menu": "a", "language": "it"}}, "otherwise": GOODBYE}},
            {"1": "a"},
            {"en", "it"},
        ),
        # The menu's own language comes before that of the caller.
        (
            {"a": {"otherwise": GOODBYE, "language": "es"}},
            {"1": {"menu": "a", "language": "fr"}},
            {"en", "es"},
        ),
        # One that no number leads to is there all the same.
        ({"a": {"otherwise": GOODBYE, "language": "ru"}}, {}, {"en", "ru"}),
    ],
)
def test_languages(menus: dict[str, Any], numbers: dict[str, Any], languages: set[str]) -> None:
    assert read_ivr(variables(menus, numbers)).languages() == languages


def test_prompt_is_missing_in_the_language_that_a_digit_chose() -> None:
    menus = {
        "a": {"digits": {"1": {"menu": "b"}, "2": {"menu": "b", "language": "es"}}},
        "b": {"prompt": ["hello"], "otherwise": GOODBYE},
    }
    assert ivr_problems(variables(menus, {"1": "a"})) == [
        "gateway_menus: b: prompt: 'hello' is neither an own recording nor a prompt of Debian in "
        "language es, did you mean 'hello-world'."
    ]
    own = recorded("es/hello.wav", "en/hello.wav")
    assert ivr_problems(variables(menus, {"1": "a"}, recordings=own)) == []


@pytest.mark.parametrize(
    ("menu", "where"),
    [
        ({"announcement": ["x-y"], "otherwise": GOODBYE}, "announcement: "),
        ({"invalid_announcement": ["x-y"], "digits": {"1": GOODBYE}}, "invalid_announcement: "),
        ({"digits": {"1": {"announcement": "x-y"}}}, "digit 1: "),
        ({"otherwise": {"announcement": ["x-y"]}}, "otherwise: "),
        ({"digits": {"1": GOODBYE}, "invalid": {"announcement": ["x-y"]}}, "invalid: "),
        ({"otherwise": GOODBYE, "hours": "h", "closed": {"announcement": ["x-y"]}}, "closed: "),
    ],
)
def test_missing_prompt(menu: dict[str, Any], where: str) -> None:
    calendar = {"h": {"mon": "closed"}}
    (problem,) = ivr_problems(variables({"a": menu}, {"1": "a"}, hours=calendar))
    assert problem.startswith(f"gateway_menus: a: {where}'x-y' is neither ")


def test_missing_prompt_of_a_number() -> None:
    said = {"announcement": ["x-y"]}
    number = {"queue": "sales", "hours": "h", "closed": said}
    calendar = {"h": {"mon": "closed"}}
    found = ivr_problems(variables({}, {"1": number, "2": said}, hours=calendar))
    assert [problem.partition("'")[0] for problem in found] == [
        "gateway_numbers: 1: closed: ",
        "gateway_numbers: 2: ",
    ]


def test_who_is_led_on_must_understand_what_the_gateway_says_then() -> None:
    number = {"queue": "sales", "language": "de"}
    found = ivr_problems(variables({}, {"1": number}))
    assert [problem.split("'")[1] for problem in found] == [
        "pbx-invalid",
        "queue-periodic-announce",
        "ss-noservice",
        "vm-nobodyavail",
    ]


def test_problems_of_hours_and_recordings() -> None:
    broken = {"file": "a.mp3", "checksum": "", "problem": "gateway_recordings: a.mp3 is bad."}
    hours = {"Office": {}, "shop": {"mon": "8-18"}}
    assert ivr_problems(variables({}, {}, hours=hours, recordings=[broken])) == [
        "gateway_hours: 'Office' is no name, use a lower-case letter followed by up to 39 letters, "
        "digits, '-' or '_'.",
        "gateway_hours: shop: mon: '8-18' are no hours, write for example 8:00-18:00, or closed.",
        "gateway_recordings: a.mp3 is bad.",
    ]


@pytest.mark.parametrize(
    ("zone", "problems"),
    [
        ("", []),
        ("Europe/Madrid", []),
        (
            "Europe/Madird",
            [
                "gateway_time_zone: there is no time zone 'Europe/Madird', did you mean "
                "'Europe/Madrid'."
            ],
        ),
        (
            "CET-1",
            ["gateway_time_zone: there is no time zone 'CET-1', write one such as Europe/Madrid."],
        ),
    ],
)
def test_time_zone(zone: str, problems: list[str]) -> None:
    known = {"Europe/Madrid", "America/Lima"}
    assert ivr_problems(variables({}, {}, time_zone=zone), known) == problems
    assert ivr_problems(variables({}, {}, time_zone=zone)) == []


def test_what_the_template_gets() -> None:
    menus = {
        "a": {
            "prompt": ["welcome", "digits/1"],
            "digits": {2: {"menu": "b", "language": "es"}},
            "extensions": True,
        },
        "b": {"otherwise": {"announcement": ["welcome", "vm-goodbye"]}},
    }
    told = values(
        read_ivr(
            variables(
                menus,
                {"5550100-5550119": "a", "default": {"extension": 1001}},
                recordings=recorded("welcome.wav"),
                extensions=["1001", "1002"],
            )
        )
    )
    own = "/usr/local/share/trunkline/recordings/welcome"
    first, second = told["menus"]
    assert first["prompt"] == f"{own}&digits/1"
    assert first["invalid_announcement"] == "invalid"
    assert first["digits"] == {
        "2": {"kind": "menu", "name": "b", "sounds": "", "language": "es"},
    }
    assert second["otherwise"]["sounds"] == f"{own}&vm-goodbye"
    assert told["extensions"] == ["_100[12]"]
    assert [number["patterns"] for number in told["numbers"]] == [("_55501[01]X",), ("_[+0-9].",)]
    assert "asterisk-core-sounds-es-wav" in told["packages"]
