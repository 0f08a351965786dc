# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role ``dahdi`` does on a server: the plan of the cables against the cards found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .dahdi_files import file_problems, is_ours, known_circuits
from .dahdi_settings import jumper_problems, settings_problems, span_settings, wrong_modules
from .dahdi_slots import OURS, PlannedCard, match_slots, read_found, read_planned, remembered_slots

DahdiPlan = dict[str, Any]
"""``problems`` and ``warnings`` (sentences), ``down`` (those of the warnings that name circuits
without a working card), ``configured`` (whether the role has once done its work here), ``slots``
(``slot``, ``model``, ``device``, ``address``, null while the card is gone), ``spans`` (see
``dahdi_settings``) and ``drivers`` (kernel modules of the cards, also of those that may be the ones
that the user names)."""

JUMPERED = ("wcte11xp",)
"""Drivers of cards whose line is T1 or E1 by a jumper alone: they have no set_spantype."""

GET_FIRMWARE = (
    "which Debian does not ship: download it from "
    "https://downloads.digium.com/pub/telephony/firmware/releases/ and put the file into "
    "/usr/lib/firmware"
)


@dataclass(frozen=True)
class Choices:
    """What the user decides, and what the server remembers."""

    devices: Mapping[Any, str] = field(default_factory=dict)
    """Slot -> card that is to be it, see ``FoundCard.is_named``."""
    ignored: tuple[str, ...] = ()
    """Patterns of PCI addresses whose cards are none of ours."""
    echo: str = "mg2"
    """Software echo canceller of DAHDI, or ``none``."""
    opermode: str = ""
    """Country whose electrical rules analog lines follow; empty for any."""
    assigned_spans: str = ""
    """Text of ``/etc/dahdi/assigned-spans.conf`` as it is."""
    system: str = ""
    """The same of ``system.conf``."""
    init: str = ""
    """The same of ``init.conf``."""
    headers: bool = True
    """Whether the headers of the running kernel can still be installed."""


def dahdi_plan(
    cards: Iterable[Mapping[str, Any]],
    spans: Sequence[Mapping[str, Any]],
    info: Mapping[str, Any],
    choices: Choices,
) -> DahdiPlan:
    """The plan of one server.

    ``cards`` is ``pstn_wiring.cards``, ``spans`` the variable ``dahdi_spans`` and ``info`` the
    answer of ``dahdi_card_info``.
    """
    planned = read_planned(cards)
    remembered = remembered_slots(choices.assigned_spans)
    slots = match_slots(
        planned,
        read_found(info["cards"]),
        remembered,
        {int(slot): str(name) for slot, name in choices.devices.items() if str(slot).isdecimal()},
        choices.ignored,
    )
    problems = [
        f"dahdi_devices: '{slot}' is no number of a slot, write for example 1: '0000:03:08.0'."
        for slot in choices.devices
        if not str(slot).isdecimal()
    ]
    if planned:
        problems += kernel_problems(info, headers=choices.headers)
        problems += file_problems(choices.system, choices.init)
    problems += [*settings_problems(spans), *slots.problems]
    populated = {card["address"]: card["populated"] for card in info["cards"]}
    wrong = list(wrong_modules(spans, slots, populated))
    # One that burnt must not keep all others from work.
    known = known_circuits(choices.system)
    lost = [module for module in wrong if not module.there and module.circuit in known]
    problems += [module.problem for module in wrong if module not in lost]
    losses = [module.loss for module in lost]
    problems += jumper_problems(
        spans,
        slots,
        {
            card["address"]: card["span_types"]
            for card in info["cards"]
            if card["driver"] in JUMPERED
        },
    )
    by_address = {card["address"]: card for card in info["cards"]}
    used = {
        card: by_address[slots.cards[card.slot].address]
        for card in planned
        if card.slot in slots.cards
    }
    problems += bri_problems(used)
    # A card that has worked before is down without its file, and all others go on.
    new = {card: found for card, found in used.items() if card.slot not in remembered}
    problems += firmware_problems(new, info["firmware"])
    return {
        "problems": problems,
        "warnings": [
            *(kernel_warnings(info) if planned else []),
            *slots.warnings,
            *losses,
            *firmware_warnings(used, info["firmware"]),
            *opermode_warnings(used, choices.opermode),
        ],
        "down": [*slots.down, *losses],
        "configured": is_ours("assigned-spans.conf", choices.assigned_spans),
        "slots": [
            {
                "slot": card.slot,
                "model": card.model,
                "device": slots.key(card.slot),
                "address": slots.cards[card.slot].address if card.slot in slots.cards else None,
            }
            for card in planned
            if slots.key(card.slot) is not None
        ],
        "spans": []
        if problems
        else span_settings(
            planned, spans, slots, choices.echo, {module.circuit for module in lost}
        ),
        "drivers": sorted(
            {
                card["driver"]
                for card in [*used.values(), *(by_address[one.address] for one in slots.untold)]
                if card["state"] in OURS
            }
        ),
    }


def bri_problems(used: Mapping[PlannedCard, Mapping[str, Any]]) -> list[str]:
    """Hybrid cards with BRI modules: their spans come before the analog one (wctdm24xxp)."""
    return [
        f"The {card.model} at {found['address']} has BRI modules, which no role serves: take them "
        "out, or take the card out of cards and name its address in dahdi_ignored_devices."
        for card, found in used.items()
        if found["kind"] == "hybrid"
        and any(str(line).startswith("BRI") for line in found["span_types"].values())
    ]


def firmware_problems(
    used: Mapping[PlannedCard, Mapping[str, Any]], present: Iterable[str]
) -> list[str]:
    """Cards that will not start, as their file is not among those that are ``present``.

    Of one that its driver has refused the reason is told with that.
    """
    return [
        f"The {card.model} at {found['address']} needs the firmware {found['firmware']}, "
        f"{GET_FIRMWARE}."
        for card, found in used.items()
        if found["firmware"] and found["state"] == "waiting" and found["firmware"] not in present
    ]


def firmware_warnings(
    used: Mapping[PlannedCard, Mapping[str, Any]], present: Iterable[str]
) -> list[str]:
    """Echo cancellers that stay off; often only the plan tells that the card has one."""
    models = {card: found["model"] or card.model for card, found in used.items()}
    return [
        f"The hardware echo canceller of the {models[card]} at {found['address']} stays off "
        f"without the firmware {file}, {GET_FIRMWARE}"
        f"{', then reboot the gateway when nobody talks' if found['state'] == 'ready' else ''}."
        for card, found in used.items()
        if (file := found["canceller_firmware"].get(models[card])) and file not in present
    ]


def opermode_warnings(used: Mapping[PlannedCard, Mapping[str, Any]], wanted: str) -> list[str]:
    """Cards whose driver was loaded before the country was changed."""
    return [
        f"The {card.model} at {found['address']} still follows the electrical rules "
        f"{found['opermode']} instead of dahdi_opermode {wanted}: reboot the gateway when nobody "
        "talks."
        for card, found in used.items()
        if wanted and found["opermode"] and found["opermode"].upper() != wanted.upper()
    ]


def kernel_problems(info: Mapping[str, Any], *, headers: bool) -> list[str]:
    """Why the drivers cannot be built for the running kernel; ``headers``: see ``Choices``."""
    kernel, drivers = info["kernel"], info["drivers"]
    image = newest_image(kernel["release"])
    if kernel["flavour_cloud"] and not drivers["loaded"]:
        return [
            f"The kernel {kernel['release']} is a cloud kernel, for which DAHDI cannot be built: "
            f"install {image}, remove the cloud kernel, reboot and run again."
        ]
    if headers or kernel["headers"] or drivers["built"]:
        return []
    return [
        f"The headers of the running kernel {kernel['release']} are not installed and no longer to "
        f"be had: install the newest kernel with apt-get install {image}, reboot and run again."
    ]


def newest_image(release: str) -> str:
    """Package of the newest kernel of a kind; ``release`` is such as 6.12.57+deb13-rt-amd64."""
    real_time = "rt-" if "-rt-" in release else ""
    return f"linux-image-{real_time}{release.rpartition('-')[2]}"


def kernel_warnings(info: Mapping[str, Any]) -> list[str]:
    """Why the running kernel may refuse the drivers; only their signature decides."""
    if info["drivers"]["loaded"] or not info["kernel"]["secure_boot"]:
        return []
    return [
        "Secure Boot is on, and the kernel loads DAHDI's drivers only with an enrolled key: run "
        "mokutil --import /var/lib/dkms/mok.pub once they are built and reboot, or switch it off."
    ]
