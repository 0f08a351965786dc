# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of telephony cards, against what the drivers of each Debian release claim."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_catalogue import (
    ALWAYS,
    ENTRIES,
    LINES,
    PCI_IDS,
    USB_IDS,
    CardId,
    pci_card,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cards import CATALOGUE
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.lines import (
    LINES as PLANNED_LINES,
)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "dahdi"
PACKAGES = ("bookworm", "trixie", "forky", "osmocom")
SHAPE = re.compile(r"[0-9a-f]{4}(:[0-9a-f]{4}){0,3}")
NOT_PLANNED = {
    # Only spans and analog ports are planned, and only on Digium's cards.
    *("B410P", "B433", "B434", "B233", "B234", "TC400P", "TCE400", "Astribank", "PCIRADIO"),
    *("S400P", "X100P", "X101P", "X101P clone", "A1200P", "A800P"),
    *("duoBRI", "quadBRI", "octoBRI", "B200P", "B400P", "B800P", "BN2S0", "BN4S0", "BN8S0"),
    *("SX2 QuadBri", "HFC-4S evaluation board", "HFC-S", "HFC-E1"),
    *("A101", "A104d", "A104u", "A200", "AP401", "AP402", "AP404", "YSTDM8xx"),
    *("R1T1", "R2T1", "R4T1", "R4FXO", "R8FXX", "R24FXX", "R24FXS"),
    *("RCB4FXO", "RCB8FXX", "RCB24FXS", "RCB24FXO", "RCB24FXX"),
}


def lines(name: str) -> list[str]:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def claimed() -> dict[str, tuple[str, frozenset[str]]]:
    """Id -> driver and the packages whose driver claims it."""
    return {
        row["id"]: (
            row["driver"],
            frozenset(package for package in PACKAGES if row[package] == "true"),
        )
        for row in csv.DictReader(lines("claimed.csv"))
    }


def test_packages_are_those_whose_drivers_claim_the_id() -> None:
    known = {id_: (card.driver, card.packages) for id_, card in PCI_IDS.items() if card.packages}
    assert known == claimed()


def test_debian_14_has_the_aliases_of_what_the_catalogue_says_it_drives() -> None:
    """As depmod wrote them in a guest."""
    aliases = re.findall(
        r"^alias pci:v0000(\w{4})d0000(\w{4})sv(?:0000(\w{4})|\*)sd\*bc\*sc\*i\* (\w+)$",
        "\n".join(lines("modules.alias")),
        flags=re.MULTILINE,
    )
    assert {(":".join(filter(None, ids)).lower(), driver) for *ids, driver in aliases} == {
        (id_, card.driver) for id_, card in PCI_IDS.items() if "forky" in card.packages
    }


def test_usb_ids_are_the_aliases_too() -> None:
    aliases = re.findall(r"usb:v(\w{4})p(\w{4})d\*.* xpp_usb", "\n".join(lines("modules.alias")))
    claimed_ids = {":".join(ids).lower() for ids in aliases}
    assert claimed_ids == {id_ for id_, card in USB_IDS.items() if not card.bare}


def test_astribanks_without_firmware() -> None:
    """No driver claims these; Dahdi/Hardware/USB.pm of dahdi-tools has them."""
    bare = {id_ for id_, card in USB_IDS.items() if card.bare}
    assert bare == {f"e4e4:11{kind}{stage}" for kind in "3456" for stage in "01"}


def test_no_id_is_there_twice() -> None:
    assert sum(len(ids.split()) for ids, _card in ENTRIES) == len(PCI_IDS)
    assert all(SHAPE.fullmatch(id_) for id_ in (*PCI_IDS, *USB_IDS))


def test_models_are_those_of_the_planner() -> None:
    assert tuple(PLANNED_LINES) == LINES
    models = {model for card in PCI_IDS.values() for model in card.models}
    names = {model.name for model in models} | {
        model.name for card in USB_IDS.values() for model in card.models
    }
    assert names - set(CATALOGUE) == NOT_PLANNED
    assert set(CATALOGUE) - names == set()
    for model in models:
        if planned := CATALOGUE.get(model.name):
            assert model.ports == (planned.spans or planned.analog_ports), model
            assert not planned.spans or frozenset(model.lines) == planned.lines


@pytest.mark.parametrize(("id_", "card"), PCI_IDS.items())
def test_cards(id_: str, card: CardId) -> None:
    """A card has what its kind has."""
    assert card.packages <= ALWAYS
    assert not (card.packages and card.maker)
    if card.packages:
        assert card.driver
        assert card.models
    for model in card.models:
        assert bool(model.lines) == (card.kind == "digital")
        assert (model.ports is None) == (model.name in {"TC400P", "TCE400", "PCIRADIO", "A200"})
    assert pci_card(*split(id_)) == card


def split(id_: str) -> tuple[str, str]:
    """An id as a device shows it that has no other parts of it."""
    vendor, device, subvendor, subdevice = (id_.split(":") + ["ffff"] * 3)[:4]
    return f"{vendor}:{device}", f"{subvendor}:{subdevice}"


@pytest.mark.parametrize(
    ("id_", "subsystem", "driver"),
    [
        # One chip of Tiger Jet, told apart by the subvendor.
        ("e159:0001", "b100:0000", "wctdm"),
        ("e159:0001", "79fe:0000", "wcte11xp"),
        ("e159:0001", "8085:0003", "wcfxo"),
        ("e159:0001", "6159:0001", "wct1xxp"),
        ("e159:0001", "2151:0001", "ystdm8xx"),
        ("e159:0001", "0059:0001", None),
        # Without the subvendor of its fourth generation no driver takes it.
        ("d161:0220", "0004:0000", "wct4xxp"),
        ("d161:0220", "0000:0000", None),
        ("d161:ffff", "0000:0000", None),
        ("1397:08b4", "1397:b752", "wcb4xxp"),
        ("1397:08b4", "1397:ffff", None),
        ("1923:9999", "0000:0000", "wanpipe"),
    ],
)
def test_the_longest_known_id_decides(id_: str, subsystem: str, driver: str | None) -> None:
    card = pci_card(id_, subsystem)
    assert card is not None
    assert card.driver == driver


@pytest.mark.parametrize(
    "id_",
    [
        *("8086:10d3", "1af4:1000"),
        # Other devices with the chips of Xilinx, PLX, Motorola, Tiger Jet, Cologne Chip and Asus.
        *("10ee:7024", "10b5:9050", "10b5:8624", "1057:5600", "e159:0002", "e159:0600"),
        *("1397:b700", "1043:0464"),
        ":",
    ],
)
def test_other_devices(id_: str) -> None:
    assert pci_card(id_, "d161:0410") is None
