# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cards stay in their slots, whatever dies or appears."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_slots import (
    FoundCard,
    PlannedCard,
    PlannedPort,
    Slots,
    match_slots,
    read_planned,
    remembered_slots,
)

if TYPE_CHECKING:
    from random import Random

MODELS = {"TE410P": 4, "TE220": 2, "TE131": 1, "TE435": 4, "D410P": 4}


def planned(slot: int, model: str = "TE410P", used: int = 1) -> PlannedCard:
    ports = tuple(PlannedPort(port, f"line-{slot}-{port}") for port in range(1, used + 1))
    return PlannedCard(slot, model, MODELS[model], analog=False, used=ports)


def found(position: int, model: str = "TE410P", state: str = "ready") -> FoundCard:
    address = f"0000:{position:02x}:08.0"
    return FoundCard(
        address=address,
        device=f"/sys/devices/pci0000:00/{address}/pci:{address}",
        state=state,
        models=(model,),
        model=model,
        type=f"Wildcard {model}",
        kind="digital",
        ports=MODELS[model],
        location=f"Board ID Switch {position}",
        hardware_id=None,
        advice="Replace the card.",
    )


def addresses(slots: Slots) -> dict[int, str]:
    return {slot: card.address for slot, card in slots.cards.items()}


models = st.sampled_from(["TE410P", "TE220", "TE131", "TE435"])


@given(st.lists(models, max_size=6))
def test_new_cards_are_taken_in_the_order_of_their_addresses(names: list[str]) -> None:
    cards = [found(position, name) for position, name in enumerate(names)]
    slots = match_slots([planned(n, name) for n, name in enumerate(names, 1)], cards, {})
    assert not slots.problems
    assert list(slots.cards.values()) == cards


@given(st.lists(models, min_size=1, max_size=6), st.data())
def test_a_dead_card_moves_no_other(names: list[str], data: st.DataObject) -> None:
    plan = [planned(n, name) for n, name in enumerate(names, 1)]
    cards = [found(position, name) for position, name in enumerate(names)]
    first = match_slots(plan, cards, {})
    known = {slot: card.device for slot, card in first.cards.items()}
    dead = data.draw(st.sets(st.sampled_from(range(len(cards)))))
    later = match_slots(plan, [c for n, c in enumerate(cards) if n not in dead], known)
    assert not later.problems
    assert {slot: later.key(slot) for slot in known} == known
    assert set(later.missing) == {n + 1 for n in dead}
    assert len(later.warnings) == len(dead)
    assert all(f"slot {n + 1} is gone" in " ".join(later.down) for n in dead)


def test_order_of_the_plan_decides_between_equal_cards_only() -> None:
    slots = match_slots(
        [planned(1, "TE220"), planned(2), planned(3)], [found(4), found(5), found(6, "TE220")], {}
    )
    assert addresses(slots) == {1: "0000:06:08.0", 2: "0000:04:08.0", 3: "0000:05:08.0"}


@pytest.mark.parametrize(
    "name", ["0000:05:08.0", "@Board_ID_Switch_5", found(5).device, "serial-5"]
)
def test_user_names_the_card_of_a_slot(name: str) -> None:
    cards = [found(4), replace(found(5), hardware_id="serial-5")]
    slots = match_slots([planned(1), planned(2)], cards, {}, {1: name})
    assert not slots.problems
    assert addresses(slots) == {1: "0000:05:08.0", 2: "0000:04:08.0"}


def test_ignored_card_is_none_of_ours() -> None:
    slots = match_slots([planned(1)], [found(4), found(5)], {}, ignored=["0000:04:*"])
    assert not slots.problems
    assert addresses(slots) == {1: "0000:05:08.0"}


@pytest.mark.parametrize(
    ("plan", "cards", "known", "sentence"),
    [
        ([planned(1)], [], {}, "Slot 1 is a TE410P in the plan, and no such card is in the server"),
        ([planned(1)], [found(1, "TE220")], {}, "TE220 at 0000:01:08.0 has 2 ports instead of 4"),
        (
            [planned(1)],
            [found(1, "TE220")],
            {1: found(1).device},
            "Slot 1 is a TE410P in the plan, but TE220 at 0000:01:08.0 has 2 ports instead of 4",
        ),
        (
            [planned(1)],
            [found(1), found(2)],
            {},
            "TE410P at 0000:02:08.0 is in no slot of the plan: add it to cards",
        ),
        (
            [planned(1), planned(2)],
            [found(1), found(3)],
            {1: found(1).device, 2: found(2).device},
            'for this gateway alone with -e \'{"dahdi_devices": {"2": "0000:03:08.0"}}\'',
        ),
        (
            [planned(1, "TE220", used=2)],
            [replace(found(1, "TE131"), models=("TE220", "TE131"))],
            {},
            "has 1 ports and the plan uses port 2",
        ),
        ([planned(1)], [found(1, state="unsupported")], {}, "Replace the card."),
    ],
)
def test_problem_says_what_to_mend(
    plan: list[PlannedCard], cards: list[FoundCard], known: dict[int, str], sentence: str
) -> None:
    problems = match_slots(plan, cards, known).problems
    assert len(problems) == 1
    assert sentence in problems[0]


def test_moved_card_becomes_no_other_slot() -> None:
    """The bus was renumbered while a second card of the model is planned."""
    slots = match_slots([planned(1), planned(2)], [found(4)], {1: found(3).device})
    assert 2 not in slots.cards
    assert "slot 1 is gone" in slots.problems[0]
    assert "TE410P at 0000:04:08.0 is new" in slots.problems[0]


def test_two_cards_that_moved_are_told_in_one_sentence() -> None:
    """Following it must end the matter."""
    remembered = {1: found(1).device, 2: found(2).device}
    (problem,) = match_slots([planned(1), planned(2)], [found(3), found(4)], remembered).problems
    assert "slot 1 is gone" in problem
    assert "slot 2 is gone" in problem
    named = json.loads(problem[problem.index("{") : problem.rindex("}") + 1])["dahdi_devices"]
    wanted = {int(slot): address for slot, address in named.items()}
    slots = match_slots([planned(1), planned(2)], [found(3), found(4)], remembered, wanted)
    assert slots.problems == ()
    assert {slot: card.address for slot, card in slots.cards.items()} == wanted


def test_slip_of_the_user_moves_no_card() -> None:
    wanted = {1: "0000:99:08.0"}
    slots = match_slots([planned(1), planned(2)], [found(3)], {1: found(3).device}, wanted)
    assert slots.problems[0].startswith("dahdi_devices: slot 1: there is no usable card")


def test_problem_about_a_card_that_the_user_names() -> None:
    for wanted in ({1: "0000:07:08.0"}, {3: found(1).address}):
        problems = match_slots([planned(1)], [found(1)], {}, wanted).problems
        assert any(problem.startswith("dahdi_devices: slot") for problem in problems)


def untold(position: int, model: str = "TE410P", state: str = "waiting") -> FoundCard:
    """A card whose driver has told nothing of it."""
    return replace(found(position, model, state), location=None)


@pytest.mark.parametrize("name", ["@Board_ID_Switch_5", "1TE410F - 05"])
def test_name_is_judged_when_the_drivers_have_told(name: str) -> None:
    """Of a first run, and of the same one after its drivers are loaded."""
    plan, wanted = [planned(1), planned(2)], {1: name}
    before = match_slots(plan, [untold(4), untold(5)], {}, wanted)
    assert before.problems == before.warnings == ()
    cards = [found(4), replace(found(5), hardware_id="1TE410F - 05")]
    after = match_slots(plan, cards, {}, wanted)
    assert not after.problems
    assert addresses(after) == {1: "0000:05:08.0", 2: "0000:04:08.0"}
    assert after.untold == ()


def test_card_that_may_be_the_named_one_is_in_the_way_of_nobody() -> None:
    """Which of two cards is one too many only their drivers tell."""
    wanted = {1: "@Board_ID_Switch_5"}
    before = match_slots([planned(1)], [untold(4), untold(5), untold(6, "TE220")], {}, wanted)
    assert not before.problems
    assert before.untold == (untold(5),)
    (problem,) = match_slots([planned(1)], [found(4), found(5)], {}, wanted).problems
    assert problem.startswith("TE410P at 0000:04:08.0 is in no slot of the plan")


def test_likely_card_of_another_model_is_not_named_as_if_it_were_the_one() -> None:
    wanted = {1: "@Board_ID_Switch_5"}
    assert match_slots([planned(1)], [untold(5, "TE435")], {}, wanted).warnings == ()
    (warning,) = match_slots([planned(1)], [found(5, "TE435")], {}, wanted).warnings
    assert warning.startswith("Slot 1 is a TE410P in the plan, but TE435 at 0000:05:08.0 is there")


def test_named_card_that_no_card_can_be() -> None:
    wanted = {1: "@Board_ID_Switch_5", 2: "@Board_ID_Switch_6"}
    (problem,) = match_slots([planned(1)], [], {}, {1: wanted[1]}).problems
    assert problem.startswith("Slot 1 is a TE410P in the plan, and no such card is in the server:")
    # Too few, whatever the names are.
    (problem,) = match_slots([planned(1), planned(2)], [untold(4)], {}, wanted).problems
    assert problem.startswith("Slot 2 is a TE410P in the plan, and no such card is in the server")
    # Another card that has to tell cannot be it.
    (problem,) = match_slots([planned(1)], [untold(4, "TE220")], {}, {1: wanted[1]}).problems
    assert problem.startswith("dahdi_devices: slot 1: there is no usable card '@Board_ID_Switch_5'")


@pytest.mark.parametrize("name", ["0000:09:08.0", "/sys/devices/x", "10000:e1:00.0"])
def test_address_is_judged_before_the_drivers_run(name: str) -> None:
    (problem,) = match_slots([planned(1)], [untold(4)], {}, {1: name}).problems
    assert problem == (
        f"dahdi_devices: slot 1: there is no usable card '{name}', found are TE410P at "
        "0000:04:08.0: name one of these by its address."
    )


def test_name_that_no_driver_has_told() -> None:
    wanted = {1: "@Board_ID_Switch_9"}
    cards = [found(4), untold(5, state="refused")]
    (problem,) = match_slots([planned(1), planned(2)], cards, {}, wanted).problems
    assert problem == (
        "dahdi_devices: slot 1: there is no usable card '@Board_ID_Switch_9', found are TE410P at "
        "0000:04:08.0, TE410P at 0000:05:08.0: name one of these by its address. It may be TE410P "
        "at 0000:05:08.0, which does not work. Replace the card."
    )


@pytest.mark.parametrize("state", ["waiting", "refused", "unsupported"])
def test_slot_keeps_its_card_while_that_tells_no_name(state: str) -> None:
    """After an update of the kernel, say, to one without drivers yet."""
    known = {1: found(4).device, 2: found(5).device}
    wanted = {1: "@Board_ID_Switch_4", 2: found(5).address}
    cards = [untold(4, state=state), untold(5)]
    slots = match_slots([planned(1), planned(2)], cards, known, wanted)
    assert not slots.problems
    assert addresses(slots) == {1: "0000:04:08.0", 2: "0000:05:08.0"}
    assert [line.partition(" (")[0] for line in slots.down] == [
        "The TE410P of slot 1 does not work"
    ] * (state != "waiting")


def test_slot_whose_card_is_gone_may_get_the_named_one() -> None:
    known, wanted = {1: found(4).device}, {1: "@Board_ID_Switch_6"}
    before = match_slots([planned(1)], [untold(6)], known, wanted)
    assert before.problems == before.warnings == ()
    assert addresses(match_slots([planned(1)], [found(6)], known, wanted)) == {1: "0000:06:08.0"}
    # It is another one.
    (problem,) = match_slots([planned(1)], [found(7)], known, wanted).problems
    assert "slot 1 is gone" in problem
    # Two slots, and one card that may be either's.
    both = match_slots(
        [planned(1), planned(2)],
        [untold(6)],
        {**known, 2: found(5).device},
        {**wanted, 2: "@Board_ID_Switch_8"},
    )
    assert not both.problems
    assert set(both.missing) == {2}


@pytest.mark.parametrize("name", ["0000:05:08.0", "@5"])
def test_card_of_another_slot_is_not_that_of_two(name: str) -> None:
    """The first slot's card is dead, and the user gives it the second one's."""
    cards = [replace(found(5), location="5")]
    known = {1: found(4).device, 2: found(5).device}
    slots = match_slots([planned(1), planned(2)], cards, known, {1: name})
    assert slots.problems == (
        "dahdi_devices: TE410P at 0000:05:08.0 is given to slot 1 and was that of slot 2: name the "
        "card of slot 2 too.",
    )


def test_slip_of_the_user_while_another_slot_has_the_card() -> None:
    known, wanted = {1: found(4).device}, {1: "0000:99:08.0", 2: found(4).address}
    (problem,) = match_slots([planned(1), planned(2)], [found(4), found(5)], known, wanted).problems
    assert problem.startswith("dahdi_devices: slot 1: there is no usable card '0000:99:08.0'")


@given(st.lists(models, min_size=1, max_size=5), st.randoms())
def test_named_cards_are_found_in_two_steps(names: list[str], random: Random) -> None:
    """Whatever is likely before, the drivers' answer decides, and all of them are loaded before."""
    order = list(range(len(names)))
    random.shuffle(order)
    plan = [planned(slot, names[place]) for slot, place in enumerate(order, 1)]
    wanted = {slot: f"@Board_ID_Switch_{place}" for slot, place in enumerate(order, 1)}
    before = match_slots(plan, [untold(*card) for card in enumerate(names)], {}, wanted)
    assert not before.problems
    assert len({*before.cards.values(), *before.untold}) == len(names)
    after = match_slots(plan, [found(*card) for card in enumerate(names)], {}, wanted)
    assert not after.problems
    assert addresses(after) == {s: found(place).address for s, place in enumerate(order, 1)}


@pytest.mark.parametrize("state", ["refused", "unsupported"])
def test_card_that_is_refused_and_once_worked_is_down(state: str) -> None:
    known = {1: found(1).device, 2: found(2).device}
    slots = match_slots([planned(1), planned(2)], [found(1, state=state), found(2)], known)
    assert not slots.problems
    assert slots.warnings == slots.down
    assert slots.down == (
        "The TE410P of slot 1 does not work (TE410P at 0000:01:08.0): down are line-1-1. Replace "
        "the card. Nothing else changes its numbers.",
    )
    assert {slot: slots.key(slot) for slot in known} == known


def test_card_that_is_refused_from_the_start_is_a_problem() -> None:
    slots = match_slots([planned(1)], [found(1, state="refused")], {})
    assert slots.problems == (
        "The TE410P of slot 1 does not work (TE410P at 0000:01:08.0). Replace the card.",
    )
    assert not slots.down


def test_refused_card_without_a_slot_is_named_as_any_other() -> None:
    (problem,) = match_slots([planned(1)], [found(1), found(2, state="refused")], {}).problems
    assert problem.startswith("TE410P at 0000:02:08.0 is in no slot of the plan")


def test_card_that_cannot_be_used_is_named() -> None:
    slots = match_slots([planned(1)], [found(1), found(2, state="foreign")], {})
    assert not slots.problems
    assert slots.warnings == ("TE410P at 0000:02:08.0 is not used: Replace the card.",)


@pytest.mark.parametrize(
    ("kind", "what"), [("bri", "BRI lines"), ("transcoder", "transcoders"), ("usb", "Astribanks")]
)
def test_card_that_no_role_serves_is_named(kind: str, what: str) -> None:
    other = replace(found(2, "TE220"), model="B410P", kind=kind)
    slots = match_slots([planned(1)], [found(1), other], {})
    assert not slots.problems
    assert slots.warnings == (
        f"B410P at 0000:02:08.0 is not used, as no role serves {what}: take it out, or name its "
        "address in dahdi_ignored_devices.",
    )


def test_cards_of_a_gateway_without_planned_ones_are_named_and_stop_nothing() -> None:
    slots = match_slots([], [found(1), found(2)], {}, ignored=["0000:02:*"])
    assert not slots.problems
    assert slots.warnings == (
        "TE410P at 0000:01:08.0 is in no slot of the plan: add it to cards, or name its address in "
        "dahdi_ignored_devices.",
    )


@pytest.mark.parametrize("known", [{}, {1: found(1).device}])
def test_card_of_another_model_with_as_many_ports_is_named(known: dict[int, str]) -> None:
    slots = match_slots([planned(1)], [found(1, "TE435")], known)
    assert not slots.problems
    assert addresses(slots) == {1: "0000:01:08.0"}
    assert slots.warnings == (
        "Slot 1 is a TE410P in the plan, but TE435 at 0000:01:08.0 is there, which has as many "
        "ports: name the model that is there in cards and run playbooks/plan.yml, or put the "
        "planned card back.",
    )
    assert not slots.down


def test_model_of_the_user_may_be_any_card() -> None:
    cards = [found(1, "TE435"), found(2)]
    slots = match_slots([planned(1, "D410P"), planned(2, "TE435")], cards, {})
    assert addresses(slots) == {1: "0000:02:08.0", 2: "0000:01:08.0"}
    assert slots.warnings == slots.problems == ()


def test_file_on_the_server_is_read() -> None:
    text = "# Which\n# slot 1: TE410P is /sys/devices/x\n/sys/devices/x 1:1:1\n# slot 12: A is b\n"
    assert remembered_slots(text) == {1: "/sys/devices/x", 12: "b"}


def test_cards_of_the_plan_are_read() -> None:
    port = {"port": 2, "kind": "fxs", "circuit": "phone-1", "trunk_group": "p", "channels": 1}
    idle = {"port": 1, "kind": "empty", "circuit": None, "trunk_group": None, "channels": 0}
    cards = [{"slot": 3, "model": "A4B", "ports": [idle, port]}]
    assert read_planned(cards) == [
        PlannedCard(3, "A4B", 2, analog=True, used=(PlannedPort(2, "phone-1"),))
    ]
