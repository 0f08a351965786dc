# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cabling lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    GROUP_NUMBERS,
    CablingLock,
    LockError,
    lock_of,
    read_lock,
    render_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.wiring import (
    SipCircuit,
    WiredCard,
    WiredPort,
    Wiring,
)

if TYPE_CHECKING:
    from random import Random

TEXT = """\
# Cabling: which circuit is plugged in where. Written by playbooks/plan.yml, which also says what to change.
cabling 1
trunk_group 1 carrier_a
trunk_group 12 sip_b
gw1/1/1 carrier_a-1
gw1/1/2 carrier_a-10
gw1/1/10 carrier_a-2
gw1/sip sip_b-1
gw1/sip sip_b-2
gw2/1/1 carrier_a-4
gw10/1/1 carrier_a-3
end 7
"""  # noqa: E501 a line of the file
LOCK = CablingLock(
    places={
        "carrier_a-3": "gw10/1/1",
        "carrier_a-4": "gw2/1/1",
        "sip_b-2": "gw1/sip",
        "sip_b-1": "gw1/sip",
        "carrier_a-2": "gw1/1/10",
        "carrier_a-1": "gw1/1/1",
        "carrier_a-10": "gw1/1/2",
    },
    numbers={"sip_b": 12, "carrier_a": 1},
)
RESTORE = "restore the file from your version control or a backup"

names = st.from_regex("[a-z][a-z0-9_.-]{0,5}", fullmatch=True) | st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="/#"),
    min_size=1,
    max_size=5,
)
gateways = st.sampled_from(["gw1", "gw2", "gw10", "gw1-b", "gw1.x", "end", "cabling"])
ports = st.builds("{}/{}/{}".format, gateways, st.integers(1, 4), st.integers(1, 24))
locks = st.builds(
    lambda wired, sip, numbers: CablingLock(
        {**sip, **{circuit: port for port, circuit in wired.items()}}, numbers
    ),
    st.dictionaries(ports, names, max_size=12),
    st.dictionaries(names, gateways.map("{}/sip".format), max_size=5),
    st.lists(names, unique=True, max_size=6).flatmap(
        lambda groups: st.lists(
            st.sampled_from(GROUP_NUMBERS), unique=True, min_size=len(groups), max_size=len(groups)
        ).map(lambda numbers: dict(zip(groups, numbers, strict=True)))
    ),
)


def changed(line: int, new: str) -> str:
    """The good text with another line; the first is 1."""
    lines = TEXT.splitlines()
    lines[line - 1] = new
    return "\n".join([*lines, ""])


def problem(text: str) -> str:
    with pytest.raises(LockError) as caught:
        read_lock(text)
    sentence = str(caught.value)
    assert sentence.startswith(f"line {caught.value.line}: ")
    return sentence


def test_text() -> None:
    assert render_lock(LOCK) == TEXT
    assert read_lock(TEXT) == LOCK


def test_gateway_whose_name_begins_like_another() -> None:
    places = ["gw1/1/1", "gw1/1/10", "gw1-b/1/1", "gw1.c/1/1", "gw2/1/1"]
    text = render_lock(CablingLock({f"a{place}".replace("/", "-"): place for place in places}))
    assert [line.split()[0] for line in text.splitlines()[2:-1]] == places


def test_nothing_is_plugged_in() -> None:
    assert read_lock(render_lock(CablingLock())) == CablingLock()


def test_lines_by_hand() -> None:
    text = TEXT.replace("\n", " \r\n\n # moved on a Sunday\n  ", 5).rstrip("\n")
    assert read_lock(text) == LOCK


@given(locks)
def test_lock_comes_back(lock: CablingLock) -> None:
    text = render_lock(lock)
    assert read_lock(text) == lock
    assert render_lock(read_lock(text)) == text


@given(locks, st.randoms())
def test_order_does_not_matter(lock: CablingLock, random: Random) -> None:
    places = dict(random.sample(list(lock.places.items()), len(lock.places)))
    assert render_lock(CablingLock(places, lock.numbers)) == render_lock(lock)


@given(st.text() | st.lists(st.sampled_from([*TEXT.split(), " ", "\n", "#"])).map(" ".join))
def test_any_text(text: str) -> None:
    try:
        lock = read_lock(text)
    except LockError:
        sentence = problem(text)
        assert 1 <= int(sentence[len("line ") : sentence.index(":")]) <= text.count("\n") + 1
        assert sentence.isprintable()
        assert len(sentence) < 400
    else:
        assert read_lock(render_lock(lock)) == lock


@given(
    st.integers(0, len(TEXT.splitlines()) - 1),
    st.sampled_from([*TEXT.splitlines(), "", "gw1", "gw1/1/1", "end", "trunk_group 1"]),
    st.booleans(),
)
def test_damaged_text(at: int, line: str, replace: bool) -> None:
    lines = TEXT.splitlines()
    lines[at : at + replace] = [line]
    try:
        lock = read_lock("\n".join(lines))
    except LockError:
        return
    assert lock.places == LOCK.places


@given(st.integers(0, len(TEXT) - 2))
def test_half_written(length: int) -> None:
    assert RESTORE in problem(TEXT[:length])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"line 1: the file is empty, {RESTORE}."),
        ("# Cabling\n", f"line 1: the file stops here and not with 'end NUMBER', {RESTORE}."),
        ("end 0\n", f"line 1: 'end 0' where a cabling lock has 'cabling 1', {RESTORE}."),
        (
            TEXT + "gw1/1/3 carrier_a-5\n",
            f"line 13: the file stops here and not with 'end NUMBER', {RESTORE}.",
        ),
        (
            changed(2, "cabling 2"),
            "line 2: 'cabling 2' is a format that is not known here, install the version of the "
            "collection that wrote the file.",
        ),
        (
            changed(12, "end 17"),
            f"line 12: 'end 17' but the lines above have 7 circuits, {RESTORE}, or correct the "
            "number if you changed them yourself.",
        ),
        (
            changed(6, "gw1/1/2 carrier_a-1"),
            "line 6: carrier_a-1 is in gw1/1/2 and above in gw1/1/1, delete the line that is not "
            "true and count one less in the last line.",
        ),
        (
            changed(6, "gw1/1/1 carrier_a-10"),
            "line 6: carrier_a-10 and above carrier_a-1 are both in gw1/1/1, correct the line that "
            "is not true.",
        ),
        (
            changed(9, "gw1/sip sip_b-1"),
            "line 9: sip_b-1 is in gw1/sip and above in gw1/sip, delete the line that is not true "
            "and count one less in the last line.",
        ),
        (
            changed(4, "trunk_group 1 sip_b"),
            "line 4: trunk group sip_b has the number 1 of carrier_a, give it a free one.",
        ),
        (
            changed(4, "trunk_group 2 carrier_a"),
            "line 4: trunk group carrier_a has the number 2 and above 1, delete the line that is "
            "not true.",
        ),
        *(
            (
                changed(4, f"trunk_group {number} sip_b"),
                f"line 4: '{number}' is no number of a trunk group, use a free one of 1 to 63.",
            )
            for number in ("0", "64", "-1", "01", "two", "1.0", "²")
        ),
        *(
            (
                changed(5, line),
                f"line 5: '{line}' is neither PLACE CIRCUIT nor trunk_group NUMBER NAME, correct "
                f"it or {RESTORE}.",
            )
            for line in (
                "gw1/1/1",
                "gw1/1/1 carrier_a-1 carrier_a-2",
                "gw1/1/1 carrier_a/1",
                "gw1 carrier_a-1",
                "gw1/ carrier_a-1",
                "gw1/0/1 carrier_a-1",
                "gw1/01/1 carrier_a-1",
                "gw1/1 carrier_a-1",
                "gw1/1/1/1 carrier_a-1",
                "gw1/sip/1 carrier_a-1",
                "/1/1 carrier_a-1",
                "trunk_group 2",
                "trunk_group 2 carrier/a",
                "<<<<<<< HEAD",
                "end 4",
            )
        ),
    ],
)
def test_sentences(text: str, sentence: str) -> None:
    assert problem(text) == sentence


def test_no_more_than_a_part_of_a_long_line() -> None:
    assert problem(changed(5, "x" * 10_000 + "\x07")).startswith(f"line 5: '{'x' * 50}...' is ")
    assert problem(changed(5, "a\x07")).startswith("line 5: 'a?' is ")


def gateway(name: str, *circuits: str, sip: tuple[str, ...] = ()) -> Wiring:
    wired = tuple(
        WiredPort(number, "t1", circuit, "carrier_a", 23)
        for number, circuit in enumerate(circuits, 1)
    )
    free = WiredPort(len(wired) + 1, "t1")
    return Wiring(
        name,
        (WiredCard(1, "TE420", (*wired, free)),) if circuits else (),
        tuple(SipCircuit(circuit, "sip_b", 30) for circuit in sip),
    )


def test_lock_of_a_plan() -> None:
    wirings = [gateway("gw1", "a-1", "a-2", sip=("b-1", "b-2")), gateway("gw2")]
    assert lock_of(wirings, {"carrier_a": 1}) == CablingLock(
        {"a-1": "gw1/1/1", "a-2": "gw1/1/2", "b-1": "gw1/sip", "b-2": "gw1/sip"}, {"carrier_a": 1}
    )


@pytest.mark.parametrize(
    ("wirings", "numbers", "sentence"),
    [
        (
            [gateway("gw1", "a-1"), gateway("gw2", "a-1")],
            {},
            "a-1 is in gw1/1/1 and in gw2/1/1",
        ),
        ([gateway("gw1", "a-1"), gateway("gw1", "a-2")], {}, "both in gw1/1/1"),
        ([gateway("gw1", "a 1")], {}, "neither PLACE CIRCUIT"),
        ([gateway("#gw1", "a-1")], {}, "a blank or begins with #|has 0 circuits|have 0 circuits"),
        ([], {"a": 1, "b": 1}, "the number 1 of a"),
        ([], {"a": 64}, "'64' is no number"),
    ],
)
def test_plan_that_fits_no_lock(
    wirings: list[Wiring], numbers: dict[str, int], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        lock_of(wirings, numbers)
