# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telephony cards, from sysfs as guests with Debian 14 showed it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_cards import (
    SECURE_BOOT,
    Claims,
    actual_spans,
    card_info,
    device_names,
)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "dahdi"
RELEASE = "7.2.12+deb14-amd64"
TE410P = "/sys/devices/pci0001:00/0001:00:00.0/pci:0001:00:00.0"
FXS_PORT = "FXOLS FXOGS FXOKS E&M Clear SF (ToneOnly)"
FXO_PORT = "FXSLS FXSKS Clear SF (ToneOnly)"


class Host:
    """A host with a sysfs, kernel modules and modprobe."""

    def __init__(self, root: Path) -> None:
        self.sysfs = root / "sys"
        self.modules = root / "lib/modules" / RELEASE
        self.firmware = root / "lib/firmware"
        self.sysfs.mkdir(parents=True)
        self.asked: list[str] = []

    def replay(self, name: str) -> None:
        """Builds what was recorded: links, files, and PCI devices by their ids."""
        text = (FIXTURES / f"{name}.sysfs").read_text(encoding="utf-8")
        directory, current = "", None
        for line in text.splitlines():
            if found := re.fullmatch(r"(/sys/\S+):", line):
                directory = found[1]
            elif found := re.fullmatch(r"l\S+ .* (\S+) -> (\S+)", line):
                self.link(f"{directory}/{found[1]}".removeprefix("/sys/"), found[2])
            elif found := re.fullmatch(r"(/sys/\S+): (.*)", line):
                current = found[1].removeprefix("/sys/")
                self.write(current, found[2])
            elif found := re.fullmatch(r"(\S+:\S+\.\d) \w{4}: (\w+):(\w+)( .*)?", line):
                self.pci(found[1], f"{found[2]}:{found[3]}")
            elif found := re.fullmatch(r"/sys/bus/pci/devices/(\S+) pci:v0000(\S+)bc\w+", line):
                parts = re.split(r"[a-z]+0000", found[2].replace("sv", "_sv"), maxsplit=3)
                vendor, device, subvendor, subdevice = (part.strip("_").lower() for part in parts)
                self.pci(found[1], f"{vendor}:{device}", f"{subvendor}:{subdevice}")
            elif line in {"", "[rc=0]"} or line.startswith(("$", "#", "=")):
                current = None
            elif current:
                self.write(current, f"{(self.sysfs / current).read_text()}{line}\n")
        if re.search(r"^3\.4\.0$", text, flags=re.MULTILINE):
            self.write("module/dahdi/version", "3.4.0")
            self.build()

    def write(self, path: str, text: str) -> None:
        target = self.sysfs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.rstrip("\n") + "\n", encoding="utf-8")

    def link(self, path: str, target: str) -> None:
        link = self.sysfs / path
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to(target)
            link.resolve().mkdir(parents=True, exist_ok=True)

    def pci(
        self, address: str, id_: str, subsystem: str = "0000:0000", driver: str | None = None
    ) -> None:
        """A device on the bus."""
        path = f"bus/pci/devices/{address}"
        self.link(path, f"../../../devices/pci{address[:-5]}/{address}")
        ids = [*id_.split(":"), *subsystem.split(":")]
        names = ("vendor", "device", "subsystem_vendor", "subsystem_device")
        for name, value in zip(names, ids, strict=True):
            self.write(f"{path}/{name}", f"0x{value}")
        vendor, device, subvendor, subdevice = (f"0000{value.upper()}" for value in ids)
        self.write(
            f"{path}/modalias", f"pci:v{vendor}d{device}sv{subvendor}sd{subdevice}bc02sc80i00"
        )
        if driver:
            self.bind(path, driver)

    def bind(self, path: str, driver: str, module: str | None = None) -> None:
        drivers = f"bus/{path.split('/')[1]}/drivers"
        (self.sysfs / drivers / driver).mkdir(parents=True, exist_ok=True)
        self.link(f"{path}/driver", str(self.sysfs / drivers / driver))
        if module:
            self.link(f"{drivers}/{driver}/module", str(self.sysfs / "module" / module))

    def register(self, address: str, **attributes: str) -> None:
        """The DAHDI device of a card."""
        name = f"pci:{address}"
        real = f"devices/pci{address[:-5]}/{address}/{name}"
        self.link(f"bus/dahdi_devices/devices/{name}", f"../../../{real}")
        for attribute, text in attributes.items():
            self.write(f"bus/dahdi_devices/devices/{name}/{attribute}", text)

    def build(self) -> None:
        """Installs DAHDI's drivers."""
        path = self.modules / "updates/dkms/dahdi.ko.xz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def claims(self, modalias: str) -> list[str]:
        """As ``modprobe -R`` with Debian 14's modules, and some others that the kernel has."""
        self.asked.append(modalias)
        aliases = re.findall(
            r"^alias (pci\S+) (\S+)$",
            (FIXTURES / "modules.alias").read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
        return [
            module
            for alias, module in [("pci:v0000E159d00000001*", "netjet"), *aliases]
            if re.fullmatch(alias.replace("*", ".*"), modalias)
        ]

    def info(self, claims: Claims | None = None) -> dict[str, Any]:
        return card_info(self.sysfs, self.modules, self.firmware, claims or self.claims)

    def card(self) -> dict[str, Any]:
        """Its only card."""
        (card,) = self.info()["cards"]
        assert bool(card["advice"]) == (card["state"] != "ready")
        return dict(card)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_te410p(host: Host) -> None:
    host.replay("te410p-t1")
    host.pci("0001:00:00.0", "d161:0410", "0004:0000", driver="wct4xxp")
    card = host.card()
    spans = card.pop("spans")
    assert card == {
        "address": "0001:00:00.0",
        "id": "d161:0410",
        "subsystem": "0004:0000",
        "models": ["TE410P", "TE412P"],
        "model": None,
        "type": "Wildcard TE410P (4th Gen)",
        "driver": "wct4xxp",
        "bound": "wct4xxp",
        "state": "ready",
        "advice": "",
        "kind": "digital",
        "lines": ["t1", "e1", "j1"],
        "ports": 4,
        "device": TE410P,
        "location": "Board ID Switch 0",
        "hardware_id": None,
        "firmware": None,
        "canceller_firmware": {"TE412P": "dahdi-fw-oct6114-128.bin"},
        "opermode": None,
        "span_types": {"1": "T1", "2": "T1", "3": "T1", "4": "T1"},
        "populated": {},
    }
    assert [(one["local"], one["span"], one["first_channel"]) for one in spans] == [
        (1, 1, 1),
        (2, 2, 25),
        (3, 3, 49),
        (4, 4, 73),
    ]
    assert spans[1] == {
        "local": 2,
        "span": 2,
        "first_channel": 25,
        "channels": 24,
        "name": "TE4/0/2",
        "description": "T4XXP (PCI) Card 0 Span 2",
        "type": "T1",
        "alarms": [],
        "framing": "esf",
        "coding": "b8zs",
        "crc4": False,
        "lbo": 0,
        "timing": 1,
        "master": True,
    }
    assert [one["master"] for one in spans] == [False, True, False, False]


def test_two_cards(host: Host) -> None:
    host.replay("te410p-x2-e1")
    for address in ("0001:00:00.0", "0001:00:01.0"):
        host.bind(f"bus/pci/devices/{address}", "wct4xxp")
    info = host.info()
    first, second = info["cards"]
    assert (first["state"], second["state"]) == ("ready", "ready")
    assert second["device"] == "/sys/devices/pci0001:00/0001:00:01.0/pci:0001:00:01.0"
    assert second["location"] == "PCI Bus 00 Slot 02"
    assert [span["span"] for span in second["spans"]] == [5, 6, 7, 8]
    assert [span["timing"] for span in first["spans"] + second["spans"]] == [1] * 4 + [0] * 4
    span = second["spans"][3]
    assert (span["framing"], span["coding"], span["crc4"]) == ("ccs", "hdb3", True)
    assert (span["local"], span["first_channel"], span["channels"]) == (4, 218, 31)
    assert info["dynamic"] == []


def test_dynamic_spans(host: Host) -> None:
    host.replay("forky-loc")
    info = host.info()
    assert info["cards"] == []
    assert [one["hardware_id"] for one in info["dynamic"]] == [
        *("DYN/loc/1:0", "DYN/loc/1:1", "DYN/loc/2:0", "DYN/loc/2:1")
    ]
    (span,) = info["dynamic"][3].pop("spans")
    assert info["dynamic"][3] == {
        "device": "/sys/devices/dynamic:loc:3",
        "type": "DYN/loc/2:1",
        "location": None,
        "hardware_id": "DYN/loc/2:1",
        "span_types": {"1": "DYNAMIC"},
    }
    assert (span["span"], span["local"], span["first_channel"], span["channels"]) == (4, 1, 80, 31)
    assert (span["framing"], span["coding"], span["crc4"]) == (None, None, False)


def test_kernel_and_drivers(host: Host) -> None:
    assert host.info() == {
        "kernel": {
            "release": RELEASE,
            "headers": False,
            "secure_boot": False,
            "flavour_cloud": False,
        },
        "drivers": {"built": False, "loaded": False, "version": None},
        "firmware": [],
        "cards": [],
        "dynamic": [],
    }
    host.replay("te410p-t1")
    (host.modules / "build").mkdir()
    assert host.info()["kernel"]["headers"]
    assert host.info()["drivers"] == {"built": True, "loaded": True, "version": "3.4.0"}
    host.modules = host.modules.parent / "6.1.0-40-cloud-amd64"
    assert host.info()["kernel"]["flavour_cloud"]
    assert not host.info()["drivers"]["built"]


@pytest.mark.parametrize(("content", "on"), [(b"\6\0\0\0\1", True), (b"\6\0\0\0\0", False)])
def test_secure_boot(host: Host, content: bytes, on: bool) -> None:
    path = host.sysfs / SECURE_BOOT
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert host.info()["kernel"]["secure_boot"] is on


def test_firmware(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:800a")
    host.firmware.mkdir(parents=True)
    for name in ("dahdi-fw-oct6114-032.bin", "regulatory.db"):
        (host.firmware / name).touch()
    info = host.info()
    assert info["firmware"] == ["dahdi-fw-oct6114-032.bin"]
    assert info["cards"][0]["canceller_firmware"] == {"TE133": "dahdi-fw-oct6114-032.bin"}


def test_six_cards_without_drivers(host: Host) -> None:
    host.replay("six-cards")
    cards = host.info()["cards"]
    assert [(card["models"], card["driver"], card["kind"], card["ports"]) for card in cards] == [
        (["TE420", "TE420B"], "wct4xxp", "digital", 4),
        (["TDM2400P"], "wctdm24xxp", "analog", 24),
        (["TE121"], "wcte12xp", "digital", 1),
        (["TDM400P"], "wctdm", "analog", 4),
        (["B410P"], "wcb4xxp", "bri", 4),
        (["TE220", "TE220B"], "wct4xxp", "digital", 2),
    ]
    assert {card["state"] for card in cards} == {"waiting"}
    assert cards[2]["device"] == "/sys/devices/pci0001:00/0001:00:02.0/pci:0001:00:02.0"
    assert "dahdi-dkms" in cards[0]["advice"]
    # Nothing can be known of drivers that are not there.
    assert host.asked == []
    host.build()
    cards = host.info()["cards"]
    assert {card["state"] for card in cards} == {"waiting"}
    assert cards[0]["advice"].startswith("Load its driver wct4xxp.")
    assert len(host.asked) == 6


@pytest.mark.parametrize(
    ("id_", "subsystem", "expected"),
    [
        ("d161:8005", "0000:0000", ("unsupported", "osmocom-dahdi-dkms")),
        ("d161:8002", "0000:0000", ("unsupported", "osmocom-dahdi-dkms")),
        ("1397:08b4", "1397:e888", ("unsupported", "osmocom-dahdi-dkms")),
        ("1397:2bd0", "1397:2bd0", ("unsupported", "osmocom-dahdi-dkms")),
        ("e159:0001", "6159:0001", ("unsupported", "dropped its driver wct1xxp after Debian 12")),
        ("1057:5608", "0000:0000", ("unsupported", "dropped its driver wcfxo")),
        ("10b5:9030", "10b5:3001", ("unsupported", "Other devices have its id")),
        ("1923:0100", "0000:0000", ("foreign", "Sangoma: build its maker's driver wanpipe, or")),
        ("0b0b:9999", "0000:0000", ("foreign", "Rhino: replace the card.")),
        ("10ee:1004", "0000:0000", ("foreign", "Aligera")),
        ("e159:0001", "2151:0001", ("foreign", "Yeastar")),
        ("d161:9999", "0000:0000", ("unknown", "report it")),
        ("e159:0001", "0059:0001", ("unknown", "modems")),
        ("d161:0220", "0000:0000", ("unknown", "report it")),
        ("d161:1820", "0000:0000", ("waiting", "dahdi-fw-te820.bin")),
        ("d161:3400", "0000:0000", ("waiting", "dahdi-fw-tc400m.bin")),
        ("e159:0001", "b100:0000", ("waiting", "")),
    ],
)
@pytest.mark.parametrize("built", [False, True])
def test_states(
    host: Host, id_: str, subsystem: str, expected: tuple[str, str], *, built: bool
) -> None:
    """With the modules of Debian 14 as without any."""
    host.pci("0000:04:00.0", id_, subsystem)
    if built:
        host.build()
    card = host.card()
    state, advice = expected
    assert card["state"] == state
    assert advice in card["advice"]


def test_the_installed_drivers_decide(host: Host) -> None:
    """Not the release that they usually are of."""
    host.pci("0000:04:00.0", "d161:8005")
    host.pci("0000:05:00.0", "d161:2400")
    host.build()
    old, new = host.info(lambda alias: ["wctdm24xxp"] if "8005" in alias else [])["cards"]
    assert (old["state"], new["state"]) == ("waiting", "unsupported")
    assert new["advice"] == "The installed DAHDI does not drive it, that of Debian 14 does."


def test_another_driver_has_taken_it(host: Host) -> None:
    host.pci("0000:04:00.0", "e159:0001", "b100:0000", driver="netjet")
    host.build()
    card = host.card()
    assert (card["state"], card["bound"]) == ("refused", "netjet")
    assert "netjet has taken it" in card["advice"]


@pytest.mark.parametrize("id_", ["d161:1820", "d161:800e"])
def test_firmware_of_a_card_that_another_driver_has_taken(host: Host, id_: str) -> None:
    """It is not why the card does not work."""
    host.pci("0000:04:00.0", id_, driver="vfio-pci")
    put(host, "dahdi-fw-te820.bin")
    assert host.card()["advice"].endswith("unload it, and run again.")


def put(host: Host, file: str) -> None:
    """Firmware that the user has downloaded."""
    host.firmware.mkdir(parents=True, exist_ok=True)
    (host.firmware / file).touch()


def test_driver_without_a_working_card(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:800e", driver="wcte43x")
    card = host.card()
    assert card["state"] == "refused"
    assert card["advice"] == (
        "Its driver wcte43x found no working card, the kernel's log (dmesg) tells why. If that "
        "names the firmware dahdi-fw-te435.bin, which Debian does not have: get it from "
        "downloads.digium.com and put it into /usr/lib/firmware, then reboot the gateway."
    )


@pytest.mark.parametrize(
    ("id_", "driver", "file"),
    [
        ("d161:800e", "wcte43x", "dahdi-fw-te435.bin"),
        ("d161:800b", "wcte13xp", "dahdi-fw-te134.bin"),
        ("d161:800d", "wcaxx", "dahdi-fw-a8b.bin"),
    ],
)
def test_firmware_of_another_version_that_is_there(
    host: Host, id_: str, driver: str, file: str
) -> None:
    """The driver has failed before it was, and is not loaded again."""
    host.pci("0000:04:00.0", id_)
    host.build()
    (host.sysfs / "module" / driver).mkdir(parents=True)
    assert f"{file}, which Debian does not have" in host.card()["advice"]
    put(host, file)
    assert host.card()["advice"] == (
        f"Its driver {driver} does not take it, the kernel's log (dmesg) tells why. If that names "
        f"the firmware {file}, which is there: see that it is the version that the log asks for, "
        "and reboot the gateway."
    )


def test_driver_that_does_not_take_the_card(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:1820")
    host.build()
    card = host.card()
    assert card["state"] == "waiting"
    assert card["advice"] == (
        "Load its driver wct4xxp. It needs the firmware dahdi-fw-te820.bin, which Debian does not "
        "have: get it from downloads.digium.com and put it into /usr/lib/firmware."
    )
    (host.sysfs / "module/wct4xxp").mkdir(parents=True)
    card = host.card()
    assert card["state"] == "refused"
    reason = "Its driver wct4xxp does not take it, the kernel's log (dmesg) tells why."
    assert card["advice"] == (
        f"{reason} It needs the firmware dahdi-fw-te820.bin, which Debian does not have: get it "
        "from downloads.digium.com and put it into /usr/lib/firmware, then reboot the gateway."
    )
    put(host, "dahdi-fw-te820.bin")
    assert host.card()["advice"] == (
        f"{reason} Its firmware dahdi-fw-te820.bin is there: reboot the gateway, if it has not "
        "started since."
    )
    # A card that DAHDI has no driver for is told so, whatever is loaded.
    host.pci("0000:05:00.0", "d161:8005")
    (host.sysfs / "module/wctdm24xxp").mkdir()
    assert [card["state"] for card in host.info()["cards"]] == ["refused", "unsupported"]


def test_driver_with_another_name_than_its_module(host: Host) -> None:
    host.pci("0000:04:00.0", "10b5:d00d")
    host.bind("bus/pci/devices/0000:04:00.0", "tormenta2", module="tor2")
    card = host.card()
    assert (card["bound"], card["state"]) == ("tor2", "refused")


def test_transcoder_is_ready_without_a_device(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:8004", driver="wctc4xxp")
    card = host.card()
    assert (card["state"], card["kind"], card["ports"]) == ("ready", "transcoder", None)


@pytest.mark.parametrize(
    ("id_", "told", "expected"),
    [
        ("d161:800e", None, (None, ["TE435", "TE435B", "TE235", "TE235B"], None)),
        ("d161:800e", ("1TE235F1", "Wildcard TE235", "EE"), (None, ["TE235", "TE235B"], 2)),
        ("d161:800e", ("", "", "EEEE"), (None, ["TE435", "TE435B"], 4)),
        (
            "d161:8013",
            ("1TE436F1", "Wildcard TE436 (VPMOCT128)", "TTTT"),
            ("TE436B", ["TE436B"], 4),
        ),
        ("d161:800a", ("1TE131F1", "Wildcard TE131/TE133", "T"), ("TE131", ["TE131"], 1)),
        ("d161:800a", ("1TE133F1", "Wildcard TE131/TE133", "T"), ("TE133", ["TE133"], 1)),
        ("d161:800b", ("", "Wildcard TE132/TE134 (VPMOCT032)", "T"), ("TE134", ["TE134"], 1)),
        ("d161:1820", ("1TE820F1", "Wildcard TE820", ""), (None, ["TE820", "TE820B"], 8)),
        (
            "10ee:0314",
            ("", "Wildcard TE410P/TE405P (1st Gen)", ""),
            (None, ["TE405P", "TE410P"], 4),
        ),
        ("d161:0405", ("", "Wildcard TE405P (VPMOCT128)", ""), ("TE407P", ["TE407P"], 4)),
        ("10b5:d00d", ("", "", "EEEE"), ("E400P", ["E400P"], 4)),
        ("d161:8014", ("", "Wildcard B430P", ""), ("B433", ["B433"], 4)),
        # What contradicts the id tells nothing.
        ("d161:0205", ("", "Wildcard TE999", "EEEE"), (None, ["TE205P", "TE207P"], 2)),
    ],
)
def test_models(
    host: Host,
    id_: str,
    told: tuple[str, str, str] | None,
    expected: tuple[str | None, list[str], int | None],
) -> None:
    """What an id leaves open the driver tells, some of it."""
    host.pci("0000:04:00.0", id_, driver="driver")
    if told:
        serial, type_, types = told
        span_types = "\n".join(f"{number}:{one}1" for number, one in enumerate(types, 1))
        host.register("0000:04:00.0", type=type_, hardware_id=serial, dahdi_spantype=span_types)
    card = host.card()
    assert (card["model"], card["models"], card["ports"]) == expected


def test_lines_of_a_card_for_one_line(host: Host) -> None:
    host.pci("0000:04:00.0", "e159:0001", "6159:0001", driver="wct1xxp")
    assert host.card()["lines"] == ["t1", "e1"]
    host.register("0000:04:00.0", type="Digium Wildcard E100P E1/PRA")
    assert (host.card()["model"], host.card()["lines"]) == ("E100P", ["e1"])


def test_analog_modules(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:2400", driver="wctdm24xxp")
    host.register("0000:04:00.0", type="Wildcard TDM2400P", **{"span-7/channels": "24"})
    kinds = [FXS_PORT] * 4 + [FXO_PORT] * 4 + [""] * 4 + [FXS_PORT]
    for port, sigcap in enumerate(kinds, 1):
        path = f"bus/dahdi_channels/devices/dahdi!chan!007!{port:03d}"
        host.write(f"{path}/sigcap", sigcap)
        host.write(f"{path}/chanpos", str(port))
    host.write("bus/dahdi_channels/devices/dahdi!chan!008!014/sigcap", FXS_PORT)
    assert host.card()["opermode"] is None
    host.write("module/wctdm24xxp/parameters/opermode", "TBR21")
    card = host.card()
    assert card["opermode"] == "TBR21"
    assert card["populated"] == {
        **dict.fromkeys(("1", "2", "3", "4"), "fxs"),
        **dict.fromkeys(("5", "6", "7", "8"), "fxo"),
        "13": "fxs",
    }
    assert (card["model"], card["ports"], card["lines"]) == ("TDM2400P", 24, [])


@pytest.mark.parametrize(
    ("mask", "alarms"),
    [
        ("0x0", []),
        # Seen when the cables were pulled.
        ("0x308", ["RED", "LOS", "LFA"]),
        ("0x4", ["YELLOW"]),
        ("0x10", ["BLUE"]),
        ("0x463", ["RECOVER", "LOOPBACK", "NOTOPEN", "LMFA"]),
        ("", []),
    ],
)
def test_alarms(host: Host, mask: str, alarms: list[str]) -> None:
    host.replay("te410p-t1")
    host.write("bus/dahdi_spans/devices/span-1/alarms", mask)
    assert host.card()["spans"][0]["alarms"] == alarms


@pytest.mark.parametrize(
    ("lineconfig", "framing", "coding", "crc4"),
    [
        ("CCS/HDB3/CRC4", "ccs", "hdb3", True),
        ("AMI/CCS", "ccs", "ami", False),
        ("HDB3", "cas", "hdb3", False),
        ("HDB3/CRC4", "cas", "hdb3", True),
        ("", None, None, False),
    ],
)
def test_e1_lines(
    host: Host, lineconfig: str, framing: str | None, coding: str | None, *, crc4: bool
) -> None:
    host.replay("te410p-x2-e1")
    host.write("bus/dahdi_spans/devices/span-1/lineconfig", lineconfig)
    span = host.info()["cards"][0]["spans"][0]
    assert (span["framing"], span["coding"], span["crc4"]) == (framing, coding, crc4)


def test_order_of_addresses(host: Host) -> None:
    addresses = ["0000:04:00.0", "0000:0a:00.0", "2000:00:00.0", "10000:01:00.0"]
    for address in reversed(addresses):
        host.pci(address, "d161:0410")
    assert [card["address"] for card in host.info()["cards"]] == addresses


def test_spans_above_nine_come_last(host: Host) -> None:
    host.pci("0000:04:00.0", "d161:0410", driver="wct4xxp")
    host.register("0000:04:00.0", **{f"span-{number}/name": "" for number in (10, 9, 11)})
    assert [span["span"] for span in host.card()["spans"]] == [9, 10, 11]


def test_astribank(host: Host) -> None:
    host.write("bus/usb/devices/1-2/idVendor", "e4e4")
    host.write("bus/usb/devices/1-2/idProduct", "1162")
    card = host.card()
    assert (card["address"], card["id"], card["subsystem"]) == ("1-2", "e4e4:1162", "")
    assert (card["kind"], card["state"], card["device"]) == ("usb", "waiting", None)
    host.write("bus/usb/devices/1-2:1.0/modalias", "usb:vE4E4p1162")
    host.bind("bus/usb/devices/1-2:1.0", "xpp_usb")
    real = "bus/usb/devices/1-2/xbus-00/astribanks:xbus-00"
    host.link("bus/dahdi_devices/devices/astribanks:xbus-00", f"../../../{real}")
    host.write(f"{real}/type", "Astribank2")
    assert (host.card()["state"], host.card()["device"]) == ("ready", f"/sys/{real}")
    assert host.info()["dynamic"] == []


@pytest.mark.parametrize("product", ["1130", "1131", "1140", "1151", "1161"])
def test_astribank_without_firmware(host: Host, product: str) -> None:
    """Its driver claims it only with its firmware, whatever is built and loaded."""
    host.write("bus/usb/devices/1-2/idVendor", "e4e4")
    host.write("bus/usb/devices/1-2/idProduct", product)
    host.write("bus/usb/devices/1-2:1.0/modalias", f"usb:vE4E4p{product}")
    before = host.card()
    assert (before["kind"], before["state"], before["model"]) == ("usb", "waiting", "Astribank")
    assert before["advice"] == (
        "It has no firmware yet: install dahdi and, from Debian's non-free-firmware, "
        "dahdi-firmware-nonfree, then unplug it and plug it in again."
    )
    host.build()
    (host.sysfs / "module/xpp_usb").mkdir(parents=True)
    assert host.card() == before


def test_only_modaliases_are_asked(host: Host) -> None:
    """They come to a command line."""
    host.build()
    host.pci("0000:04:00.0", "d161:0410")
    host.write("bus/pci/devices/0000:04:00.0/modalias", "--remove")
    assert host.card()["state"] == "waiting"
    assert host.asked == []


def test_without_modprobe(host: Host) -> None:
    host.build()
    host.pci("0000:04:00.0", "d161:0410")
    (card,) = card_info(host.sysfs, host.modules, host.firmware, None)["cards"]
    assert card["state"] == "waiting"
    assert card["advice"].startswith("Load its driver")


def test_spans_as_changes_see_them(host: Host) -> None:
    host.replay("te410p-x2-e1")
    spans = actual_spans(host.sysfs)
    assert [span.span for span in spans] == list(range(1, 9))
    assert (spans[1].first_channel, spans[1].last_channel, spans[1].port) == (32, 62, 2)
    assert (spans[1].device, spans[1].type, spans[1].lbo) == (TE410P, "E1", 0)
    assert spans[1].line == {"ccs", "hdb3", "crc4"}
    assert spans[0].signalling == {1: "Clear"}
    assert spans[1].signalling == {}
    host.write("bus/dahdi_spans/devices/span-2/lineconfig", "")
    assert actual_spans(host.sysfs)[1].line == frozenset()


@pytest.mark.parametrize(("driver", "anew"), [("wcte43x", True), ("wct4xxp", False)])
def test_driver_that_starts_all_lines_of_a_card_anew(host: Host, driver: str, anew: bool) -> None:
    host.pci("0000:04:00.0", "d161:800e", driver=driver)
    host.register("0000:04:00.0", **{"span-1/spantype": "T1"})
    assert [span.starts_card for span in actual_spans(host.sysfs)] == [anew]


@pytest.mark.parametrize(
    ("factories", "told"),
    [
        (["MG2", "MG2", ""], "mg2"),
        (["", ""], "none"),
        (["VPMOCT128", ""], ""),
        (["MG2", "KB1"], ""),
        ([], ""),
    ],
)
def test_software_canceller_of_a_span(host: Host, factories: list[str], told: str) -> None:
    host.pci("0000:04:00.0", "d161:0410", driver="wct4xxp")
    host.register("0000:04:00.0", **{"span-1/spantype": "T1"})
    host.write("bus/dahdi_channels/devices/dahdi!chan!001!024/sig", "HDLCFCS")
    for channel, name in enumerate(factories, 1):
        host.write(f"bus/dahdi_channels/devices/dahdi!chan!001!{channel:03}/ec_factory", name)
    (span,) = actual_spans(host.sysfs)
    assert span.canceller == told


def test_names_of_devices(host: Host) -> None:
    host.replay("te410p-t1")
    assert device_names(host.sysfs) == {TE410P: TE410P}
    host.write("bus/dahdi_devices/devices/pci:0001:00:00.0/hardware_id", "1TE410F1")
    assert device_names(host.sysfs) == {"1TE410F1": TE410P, TE410P: TE410P}


ATTRIBUTES = (
    *(
        f"bus/pci/devices/0000:04:00.0/{name}"
        for name in ("vendor", "subsystem_vendor", "modalias")
    ),
    *(
        f"bus/dahdi_devices/devices/pci:0000:04:00.0/{name}"
        for name in ("type", "hardware_id", "location", "dahdi_spantype")
    ),
    *(
        f"bus/dahdi_devices/devices/pci:0000:04:00.0/span-1/{name}"
        for name in ("alarms", "basechan", "channels", "lineconfig", "lbo", "syncsrc", "name")
    ),
    *(f"bus/dahdi_channels/devices/dahdi!chan!001!001/{name}" for name in ("sigcap", "chanpos")),
    "module/dahdi/version",
    SECURE_BOOT,
)


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), st.binary(max_size=30) | st.none()))
def test_any_content_is_read(contents: dict[str, bytes | None]) -> None:
    """Also that of a driver that went away meanwhile, and of a file that cannot be read."""
    with tempfile.TemporaryDirectory() as directory:
        host = Host(Path(directory))
        host.build()
        host.pci("0000:04:00.0", "d161:2400", driver="wctdm24xxp")
        host.register("0000:04:00.0", **{"span-1/name": "", "type": "Wildcard TDM2400P"})
        for name, content in contents.items():
            path = host.sysfs / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content)
        info = host.info()
        assert len(info["cards"]) + len(info["dynamic"]) == 1
        assert len(actual_spans(host.sysfs)) == 1
