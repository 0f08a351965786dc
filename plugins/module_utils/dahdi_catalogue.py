# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephony cards by the ids that they show on the bus.

From the tables of the drivers (dahdi-linux), and dahdi_hardware's for what DAHDI does not drive.
Which id belongs to which driver differs by Debian release: DAHDI drops cards, and takes some back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

LINES = ("t1", "e1", "j1")


@dataclass(frozen=True)
class Model:
    """What an id may stand for."""

    name: str
    ports: int | None = None
    lines: tuple[str, ...] = ()
    """Lines that a digital port can be switched to."""
    word: str = ""
    """The name by which its driver goes, in DAHDI's ``type`` and the card's serial number."""
    canceller: str = ""
    """File of the firmware for its hardware echo canceller; empty if it has none."""


@dataclass(frozen=True)
class CardId:
    """What is known of an id: with neither ``packages`` nor ``maker`` nothing but its vendor."""

    driver: str | None = None
    kind: str | None = None
    models: tuple[Model, ...] = ()
    packages: frozenset[str] = frozenset()
    """DAHDI packages whose driver claims it: a Debian release's dahdi-dkms, or ``osmocom``."""
    maker: str = ""
    """Who made it, where no DAHDI package has a driver."""
    firmware: str | None = None
    """File without which it does not start."""
    flash: str = ""
    """File that its driver wants if the card's memory has the firmware of another version."""
    bare: bool = False
    """Whether it shows this id only until udev has given it its firmware."""
    note: str = ""


ALWAYS = frozenset(("bookworm", "trixie", "forky", "osmocom"))
SINCE_TRIXIE = ALWAYS - {"bookworm"}
NOT_IN_FORKY = ALWAYS - {"forky"}
ONLY_TRIXIE = SINCE_TRIXIE - {"forky"}
ONLY_BOOKWORM = frozenset(("bookworm",))
NOT_IN_TRIXIE = frozenset(("bookworm", "forky"))


def _canceller(ports: int) -> str:
    """What wct4xxp, wcte43x and wcte13xp ask for: a canceller has 32 channels for each port."""
    return f"dahdi-fw-oct6114-{32 * ports:03}.bin"


def _spans(ports: int, *names: str) -> tuple[Model, ...]:
    """Models of the same ports; DAHDI calls the one with an echo canceller, the second, alike."""
    return tuple(
        Model(name, ports, LINES, word=names[0], canceller=_canceller(ports) if number else "")
        for number, name in enumerate(names)
    )


def _ports(ports: int, *names: str) -> tuple[Model, ...]:
    return tuple(Model(name, ports) for name in names)


def _wct4xxp(ports: int, *names: str, firmware: str | None = None) -> CardId:
    return CardId("wct4xxp", "digital", _spans(ports, *names), ALWAYS, firmware=firmware)


def _one_span(driver: str, packages: frozenset[str], *models: Model, flash: str = "") -> CardId:
    return CardId(driver, "digital", models, packages, flash=flash)


def _wcte43x(flash: str, quad: tuple[str, str], dual: tuple[str, str]) -> CardId:
    models = _spans(4, *quad) + _spans(2, *dual)
    return CardId("wcte43x", "digital", models, SINCE_TRIXIE, flash=flash)


def _analog(driver: str, packages: frozenset[str], ports: int, *names: str) -> CardId:
    return CardId(driver, "analog", _ports(ports, *names), packages)


def _wcaxx(ports: int, name: str) -> CardId:
    flash = f"dahdi-fw-{name.lower()}.bin"
    return CardId("wcaxx", "analog", _ports(ports, name), SINCE_TRIXIE, flash=flash)


def _hybrid(name: str) -> CardId:
    return CardId("wctdm24xxp", "hybrid", _ports(8, name), ALWAYS)


def _bri(packages: frozenset[str], ports: int, *names: str) -> CardId:
    return CardId("wcb4xxp", "bri", _ports(ports, *names), packages)


def _foreign(
    maker: str, driver: str | None = None, kind: str | None = None, *models: Model
) -> CardId:
    return CardId(driver, kind, models, maker=maker)


def _transcoder(name: str) -> CardId:
    firmware = "dahdi-fw-tc400m.bin"
    return CardId("wctc4xxp", "transcoder", (Model(name),), ALWAYS, firmware=firmware)


def _tormenta(note: str = "") -> CardId:
    models = Model("T400P", 4, ("t1",)), Model("E400P", 4, ("e1",))
    return CardId("tor2", "digital", models, ONLY_BOOKWORM, note=note)


_TE13X = {
    # Here DAHDI's type names both, only the serial number tells which one it is.
    names: tuple(
        Model(name, 1, LINES, word=name, canceller=_canceller(1) if number else "")
        for number, name in enumerate(names)
    )
    for names in (("TE131", "TE133"), ("TE132", "TE134"))
}

ENTRIES: tuple[tuple[str, CardId], ...] = (
    # T1, E1 and J1
    ("10ee:0314", CardId("wct4xxp", "digital", _spans(4, "TE405P") + _spans(4, "TE410P"), ALWAYS)),
    (
        "d161:0405 d161:0405:0003 d161:0405:0004 d161:1405:0005",
        _wct4xxp(4, "TE405P", "TE407P"),
    ),
    (
        "d161:0410 d161:0410:0003 d161:0410:0004 d161:1410:0005",
        _wct4xxp(4, "TE410P", "TE412P"),
    ),
    ("d161:0420:0004 d161:1420:0005", _wct4xxp(4, "TE420", "TE420B")),
    (
        "d161:0205 d161:0205:0003 d161:0205:0004 d161:1205:0005",
        _wct4xxp(2, "TE205P", "TE207P"),
    ),
    (
        "d161:0210 d161:0210:0003 d161:0210:0004 d161:1210:0005",
        _wct4xxp(2, "TE210P", "TE212P"),
    ),
    ("d161:0220:0004 d161:1220:0005", _wct4xxp(2, "TE220", "TE220B")),
    ("d161:1820", _wct4xxp(8, "TE820", "TE820B", firmware="dahdi-fw-te820.bin")),
    (
        "d161:800e",
        _wcte43x("dahdi-fw-te435.bin", ("TE435", "TE435B"), ("TE235", "TE235B")),
    ),
    (
        "d161:8013",
        _wcte43x("dahdi-fw-te436.bin", ("TE436", "TE436B"), ("TE236", "TE236B")),
    ),
    (
        "d161:800a",
        _one_span("wcte13xp", SINCE_TRIXIE, *_TE13X["TE131", "TE133"], flash="dahdi-fw-te133.bin"),
    ),
    (
        "d161:800b",
        _one_span("wcte13xp", SINCE_TRIXIE, *_TE13X["TE132", "TE134"], flash="dahdi-fw-te134.bin"),
    ),
    ("d161:0120", _one_span("wcte12xp", ALWAYS, *_spans(1, "TE120P"))),
    ("d161:8000", _one_span("wcte12xp", ALWAYS, *_spans(1, "TE121"))),
    ("d161:8001", _one_span("wcte12xp", ALWAYS, *_spans(1, "TE122"))),
    (
        "e159:0001:71fe e159:0001:79fe e159:0001:795e e159:0001:79de e159:0001:797e",
        _one_span("wcte11xp", ALWAYS, Model("TE110P", 1, ("t1", "e1"), word="TE110P")),
    ),
    (
        "e159:0001:6159",
        _one_span("wct1xxp", ONLY_BOOKWORM, Model("T100P", 1, ("t1",)), Model("E100P", 1, ("e1",))),
    ),
    ("10b5:d00d 10b5:4000", _tormenta()),
    # The id of a bridge that other makers use too; tor2 claims all of them.
    ("10b5:9030 10b5:3001", _tormenta("Other devices have its id too, which this may be.")),
    # Analog
    ("d161:2400", _analog("wctdm24xxp", ALWAYS, 24, "TDM2400P")),
    ("d161:8003", _analog("wctdm24xxp", ALWAYS, 24, "AEX2400")),
    ("d161:0800", _analog("wctdm24xxp", NOT_IN_FORKY, 8, "TDM800P")),
    ("d161:8002", _analog("wctdm24xxp", NOT_IN_FORKY, 8, "AEX800")),
    ("d161:8005", _analog("wctdm24xxp", NOT_IN_FORKY, 4, "TDM410P")),
    ("d161:8006", _analog("wctdm24xxp", NOT_IN_FORKY, 4, "AEX410")),
    ("d161:8007", _hybrid("HA8")),
    ("d161:8008", _hybrid("HB8")),
    ("d161:800c", _wcaxx(8, "A8A")),
    ("d161:800d", _wcaxx(8, "A8B")),
    ("d161:800f", _wcaxx(4, "A4A")),
    ("d161:8010", _wcaxx(4, "A4B")),
    ("e159:0001:a159 e159:0001:e159", _analog("wctdm", NOT_IN_TRIXIE, 4, "S400P")),
    (
        "e159:0001:b100 e159:0001:b1d9 e159:0001:b118 e159:0001:b119 e159:0001:a9fd "
        "e159:0001:a8fd e159:0001:a800 e159:0001:a801 e159:0001:a908 e159:0001:a901",
        _analog("wctdm", NOT_IN_TRIXIE, 4, "TDM400P"),
    ),
    (
        "e159:0001:9100 e159:0001:9500 e159:0001:9519 e159:0001:9532 e159:0001:9559 "
        "e159:0001:9599 e159:0001:95d9 e159:0001:8519",
        CardId("opvxa1200", "analog", (Model("A1200P", 12), Model("A800P", 8)), ONLY_BOOKWORM),
    ),
    ("1057:5608", _analog("wcfxo", ONLY_BOOKWORM, 1, "X100P")),
    ("e159:0001:8085", _analog("wcfxo", ONLY_BOOKWORM, 1, "X101P")),
    (
        "e159:0001:8084 e159:0001:8086 e159:0001:8087",
        _analog("wcfxo", ONLY_BOOKWORM, 1, "X101P clone"),
    ),
    ("e159:0001:e16b", CardId("pciradio", None, (Model("PCIRADIO"),), ONLY_BOOKWORM)),
    # BRI
    ("d161:b410", _bri(ALWAYS, 4, "B410P")),
    ("d161:8014", _bri(ALWAYS, 4, "B433")),
    ("d161:8015", _bri(ALWAYS, 4, "B434")),
    ("d161:8016", _bri(ALWAYS, 2, "B233")),
    ("d161:8017", _bri(ALWAYS, 2, "B234")),
    ("1397:08b4:1397:08b4", _bri(NOT_IN_FORKY, 4, "HFC-4S evaluation board")),
    ("1397:08b4:1397:b556", _bri(NOT_IN_FORKY, 2, "duoBRI")),
    ("1397:08b4:1397:b520 1397:08b4:1397:b752", _bri(NOT_IN_FORKY, 4, "quadBRI")),
    ("1397:16b8:1397:b552 1397:16b8:1397:b55b", _bri(NOT_IN_FORKY, 8, "octoBRI")),
    ("1397:08b4:1397:e884", _bri(NOT_IN_FORKY, 2, "B200P")),
    ("1397:08b4:1397:e888", _bri(NOT_IN_FORKY, 4, "B400P")),
    ("1397:16b8:1397:e998", _bri(NOT_IN_FORKY, 8, "B800P")),
    ("1397:08b4:1397:b566 1397:08b4:1397:b761", _bri(NOT_IN_FORKY, 2, "BN2S0")),
    (
        "1397:08b4:1397:b550 1397:08b4:1397:b560 1397:08b4:1397:b762",
        _bri(NOT_IN_FORKY, 4, "BN4S0"),
    ),
    ("1397:16b8:1397:b562 1397:16b8:1397:b56b", _bri(NOT_IN_FORKY, 8, "BN8S0")),
    ("1397:08b4:1397:b540", _bri(NOT_IN_FORKY, 4, "SX2 QuadBri")),
    ("1397:08b4:1397:b742", _bri(ONLY_TRIXIE, 4, "SX2 QuadBri")),
    (
        # Cards of many makers with the chip HFC-S.
        "1397:2bd0 1397:b000 1397:b006 1397:b007 1397:b008 1397:b009 1397:b00a 1397:b00b "
        "1397:b00c 1397:b100 13d1:2bd1 1043:0675 0871:ffa1 0871:ffa2 1051:0100 15b0:2bd0 "
        "114f:0070 114f:0071 114f:0072 114f:0073 182d:3069",
        CardId("zaphfc", "bri", (Model("HFC-S", 1),), ONLY_TRIXIE),
    ),
    # Transcoders
    ("d161:3400", _transcoder("TC400P")),
    ("d161:8004", _transcoder("TCE400")),
    # What only its maker's own driver takes
    ("1397:08b4 1397:16b8", _foreign("Cologne Chip", None, "bri")),
    ("1397:30b1", _foreign("Cologne Chip", None, "digital", Model("HFC-E1", 1, ("e1",)))),
    ("1923:0040", _foreign("Sangoma", "wanpipe", "analog", Model("A200"))),
    ("1923:0100", _foreign("Sangoma", "wanpipe", "digital", Model("A104d", 4, LINES))),
    ("1923:0300", _foreign("Sangoma", "wanpipe", "digital", Model("A101", 1, LINES))),
    ("1923:0400", _foreign("Sangoma", "wanpipe", "digital", Model("A104u", 4, LINES))),
    ("1923", _foreign("Sangoma", "wanpipe")),
    ("0b0b:0105", _foreign("Rhino", "r1t1", "digital", Model("R1T1", 1, ("t1",)))),
    ("0b0b:0605", _foreign("Rhino", "rxt1", "digital", Model("R2T1", 2, ("t1",)))),
    ("0b0b:0305", _foreign("Rhino", "rxt1", "digital", Model("R4T1", 4, ("t1",)))),
    ("0b0b:0205", _foreign("Rhino", "r4fxo", "analog", Model("R4FXO", 4))),
    ("0b0b:0206", _foreign("Rhino", "rcbfx", "analog", Model("RCB4FXO", 4))),
    ("0b0b:0405", _foreign("Rhino", "rcbfx", "analog", Model("R8FXX", 8))),
    ("0b0b:0406", _foreign("Rhino", "rcbfx", "analog", Model("RCB8FXX", 8))),
    ("0b0b:0505", _foreign("Rhino", "rcbfx", "analog", Model("R24FXX", 24))),
    ("0b0b:0506", _foreign("Rhino", "rcbfx", "analog", Model("RCB24FXS", 24))),
    ("0b0b:0705", _foreign("Rhino", "rcbfx", "analog", Model("R24FXS", 24))),
    ("0b0b:0706", _foreign("Rhino", "rcbfx", "analog", Model("RCB24FXO", 24))),
    ("0b0b:0906", _foreign("Rhino", "rcbfx", "analog", Model("RCB24FXX", 24))),
    ("0b0b", _foreign("Rhino")),
    (
        "10ee:1004",
        _foreign(
            "Aligera", "ap400", "digital", *(Model(f"AP40{n}", n, ("e1",)) for n in (1, 2, 4))
        ),
    ),
    ("e159:0001:2151", _foreign("Yeastar", "ystdm8xx", "analog", Model("YSTDM8xx", 8))),
    # What may be a card that this catalogue does not know
    ("d161", CardId(note="It has Digium's id.")),
    ("e159:0001", CardId(note="It has the id of a chip that modems and ISDN adapters have too.")),
)
"""Ids as vendor:device:subvendor:subdevice, as far as it takes to tell the card, and the card."""

PCI_IDS: Mapping[str, CardId] = {id_: card for ids, card in ENTRIES for id_ in ids.split()}

_ASTRIBANK = CardId("xpp_usb", "usb", (Model("Astribank"),), ALWAYS)

USB_IDS: Mapping[str, CardId] = {
    **dict.fromkeys(("e4e4:1132", "e4e4:1142", "e4e4:1152", "e4e4:1162"), _ASTRIBANK),
    # Without any, and with that of its USB controller alone (Dahdi/Hardware/USB.pm).
    **dict.fromkeys(
        (
            *("e4e4:1130", "e4e4:1140", "e4e4:1150", "e4e4:1160"),
            *("e4e4:1131", "e4e4:1141", "e4e4:1151", "e4e4:1161"),
        ),
        replace(_ASTRIBANK, bare=True),
    ),
}
"""Units as they show themselves before and after udev has given them their firmware."""


def packages_for(model: str) -> frozenset[str]:
    """DAHDI packages that have a driver for a model; none if it is unknown."""
    return frozenset().union(
        *(card.packages for card in PCI_IDS.values() if model in {one.name for one in card.models})
    )


def pci_card(id_: str, subsystem: str) -> CardId | None:
    """What a PCI device is; None if it is no telephony card.

    Chips of PLX, Tiger Jet, Xilinx and Cologne Chip show their maker's id in many devices: the
    longest id that is known decides.
    """
    vendor, subvendor = id_.partition(":")[0], subsystem.partition(":")[0]
    keys = (f"{id_}:{subsystem}", f"{id_}:{subvendor}", id_, vendor)
    return next((PCI_IDS[key] for key in keys if key in PCI_IDS), None)
