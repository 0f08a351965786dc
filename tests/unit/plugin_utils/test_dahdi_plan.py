# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan and server together say what DAHDI has to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_cards import card_info
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.dahdi_plan import (
    Choices,
    dahdi_plan,
    kernel_problems,
    newest_image,
)

from .test_dahdi_settings import analog, span

if TYPE_CHECKING:
    from pathlib import Path

DEVICE = "/sys/devices/pci0000:00/0000:03:08.0/pci:0000:03:08.0"
CANCELLER = "dahdi-fw-oct6114-128.bin"
CARD = {
    "slot": 1,
    "model": "TE410P",
    "ports": [
        {"port": port, "kind": "t1", "circuit": "line-3" if port == 3 else None}
        for port in range(1, 5)
    ],
}


def info(*, cards: int = 1, **kernel: object) -> dict[str, Any]:
    found: dict[str, Any] = {
        "address": "0000:03:08.0",
        "device": DEVICE,
        "state": "ready",
        "models": ["TE410P", "TE412P"],
        "model": None,
        "type": "Wildcard TE410P (4th Gen)",
        "id": "d161:0410",
        "driver": "wct4xxp",
        "kind": "digital",
        "ports": 4,
        "location": "Board ID Switch 0",
        "hardware_id": None,
        "firmware": None,
        "canceller_firmware": {"TE412P": CANCELLER},
        "opermode": None,
        "span_types": {},
        "populated": {},
        "advice": "",
    }
    return {
        "kernel": {
            "release": "7.2.12+deb14-amd64",
            "secure_boot": False,
            "flavour_cloud": False,
            "headers": True,
        }
        | kernel,
        "drivers": {"loaded": False, "built": False},
        "cards": [found] * cards,
        "firmware": [],
    }


def test_more_ports_than_the_card_has() -> None:
    server = info()
    server["cards"][0] |= {"models": ["TE210P"], "model": "TE210P", "ports": 2}
    (problem,) = dahdi_plan([CARD], [span()], server, Choices())["problems"]
    assert "TE210P at 0000:03:08.0 has 2 ports and the plan uses port 3" in problem


def test_spans_of_the_card_that_is_there() -> None:
    plan = dahdi_plan([CARD], [span()], info(), Choices())
    assert plan["problems"] == plan["warnings"] == []
    assert plan["slots"] == [
        {"slot": 1, "model": "TE410P", "device": DEVICE, "address": "0000:03:08.0"}
    ]
    assert [(one["span"], one["device"], one["port"]) for one in plan["spans"]] == [(3, DEVICE, 3)]
    assert plan["drivers"] == ["wct4xxp"]


def test_dead_card_keeps_its_spans_in_the_files() -> None:
    known = f"# slot 1: TE410P is {DEVICE}\n{DEVICE} 3:3:49\n"
    plan = dahdi_plan([CARD], [span()], info(cards=0), Choices(assigned_spans=known))
    assert plan["problems"] == []
    assert plan["slots"][0]["address"] is None
    assert [one["device"] for one in plan["spans"]] == [DEVICE]
    assert "down are line-3" in plan["warnings"][0]


def test_refused_card_keeps_its_spans_in_the_files() -> None:
    server = info()
    server["cards"][0] |= {"state": "refused", "advice": "The kernel's log tells why."}
    known = f"# slot 1: TE410P is {DEVICE}\n{DEVICE} 3:3:49\n"
    plan = dahdi_plan([CARD], [span()], server, Choices(assigned_spans=known))
    assert plan["problems"] == []
    assert [one["device"] for one in plan["spans"]] == [DEVICE]
    assert plan["drivers"] == ["wct4xxp"]
    assert plan["down"] == plan["warnings"]
    assert "down are line-3. The kernel's log tells why." in plan["down"][0]
    server["cards"][0] |= {"state": "unsupported"}
    plan = dahdi_plan([CARD], [span()], server, Choices(assigned_spans=known))
    assert plan["problems"] == plan["drivers"] == []


def test_module_that_burnt_takes_only_its_circuit_down() -> None:
    server = info()
    server["cards"][0] |= {
        "models": ["TDM2400P"],
        "kind": "analog",
        "ports": 24,
        "populated": {"3": "fxo"},
    }
    ports = [{"port": port, "kind": "fxo", "circuit": f"pots-{port}"} for port in (2, 3)]
    card = {
        "slot": 2,
        "model": "TDM2400P",
        "ports": [*ports, *([{"port": 4, "kind": "empty"}] * 22)],
    }
    (lost,) = analog("fxo", "fxs_ks")["ports"]
    lost |= {"circuit": "pots-2"}
    alive = lost | {"port": 3, "channel": 99, "circuit": "pots-3"}
    spans = [analog("fxo", "fxs_ks") | {"ports": [lost, alive]}]
    (problem,) = dahdi_plan([card], spans, server, Choices())["problems"]
    assert "has no module" in problem
    known = "# How the lines are driven.\n\n# pots-2, pots-3\nfxsks=98\nfxsks=99\n"
    plan = dahdi_plan([card], spans, server, Choices(system=known))
    assert plan["problems"] == []
    assert plan["down"] == [
        "Port 2 of TDM2400P at 0000:03:08.0 has lost its module: down is pots-2. Nothing else "
        "changes; put an FXO module there, or take it out of modules of slot 2."
    ]
    (settings,) = plan["spans"]
    assert settings["circuits"] == ["pots-2", "pots-3"]
    assert settings["channels"] == [["fxsks", "99"], ["echocanceller", "mg2,99"]]
    # Another module is a mistake, as before.
    server["cards"][0]["populated"]["2"] = "fxs"
    assert dahdi_plan([card], spans, server, Choices(system=known))["problems"]


def test_with_a_problem_there_is_nothing_to_do() -> None:
    plan = dahdi_plan([CARD], [span(framing="ccs")], info(), Choices())
    assert len(plan["problems"]) == 1
    assert plan["spans"] == []


def test_kernel_that_takes_no_drivers() -> None:
    (problem,) = kernel_problems(info(flavour_cloud=True), headers=True)
    assert problem.startswith("The kernel 7.2.12+deb14-amd64 is a cloud kernel")
    drivers = {"loaded": True, "built": True}
    assert kernel_problems({**info(flavour_cloud=True), "drivers": drivers}, headers=True) == []


def test_kernel_without_headers() -> None:
    plan = dahdi_plan([CARD], [span()], info(headers=False), Choices(headers=False))
    assert plan["problems"] == [
        "The headers of the running kernel 7.2.12+deb14-amd64 are not installed and no longer to "
        "be had: install the newest kernel with apt-get install linux-image-amd64, reboot and run "
        "again."
    ]
    assert kernel_problems(info(headers=False), headers=True) == []
    built = {"loaded": False, "built": True}
    assert kernel_problems({**info(headers=False), "drivers": built}, headers=False) == []


@pytest.mark.parametrize(
    ("release", "image"),
    [
        ("6.12.57+deb13-cloud-amd64", "linux-image-amd64"),
        ("6.12.57+deb13-rt-amd64", "linux-image-rt-amd64"),
        ("6.12.57+deb13-arm64", "linux-image-arm64"),
    ],
)
def test_newest_kernel_of_the_same_kind(release: str, image: str) -> None:
    assert newest_image(release) == image


def test_kernel_that_may_refuse_the_drivers() -> None:
    plan = dahdi_plan([CARD], [span()], info(secure_boot=True), Choices())
    assert plan["problems"] == []
    assert plan["warnings"][0].startswith("Secure Boot is on")


def test_server_without_planned_cards_may_have_any_kernel() -> None:
    plan = dahdi_plan([], [], info(cards=0, flavour_cloud=True, secure_boot=True), Choices())
    assert plan["problems"] == plan["warnings"] == plan["spans"] == plan["slots"] == []


def test_echo_canceller_without_its_firmware() -> None:
    card = {**CARD, "model": "TE412P"}
    plan = dahdi_plan([card], [span()], info(), Choices())
    assert plan["problems"] == []
    assert plan["warnings"] == [
        f"The hardware echo canceller of the TE412P at 0000:03:08.0 stays off without the firmware "
        f"{CANCELLER}, which Debian does not ship: download it from "
        "https://downloads.digium.com/pub/telephony/firmware/releases/ and put the file into "
        "/usr/lib/firmware, then reboot the gateway when nobody talks."
    ]
    waiting = info()
    waiting["cards"][0]["state"] = "waiting"
    (warning,) = dahdi_plan([card], [span()], waiting, Choices())["warnings"]
    assert warning.endswith("put the file into /usr/lib/firmware.")
    there = info() | {"firmware": [CANCELLER]}
    assert dahdi_plan([card], [span()], there, Choices())["warnings"] == []


def test_echo_canceller_of_the_card_that_is_there() -> None:
    server = info()
    server["cards"][0] |= {
        "models": ["TE435B"],
        "model": "TE435B",
        "canceller_firmware": {"TE435B": CANCELLER},
    }
    other, canceller = dahdi_plan([CARD], [span()], server, Choices())["warnings"]
    assert other.startswith("Slot 1 is a TE410P in the plan, but TE435B at 0000:03:08.0 is there")
    assert canceller.startswith("The hardware echo canceller of the TE435B at 0000:03:08.0 stays")


def test_card_without_its_firmware() -> None:
    server = info()
    server["cards"][0] |= {"firmware": "dahdi-fw-te820.bin", "state": "waiting"}
    (problem,) = dahdi_plan([CARD], [span()], server, Choices())["problems"]
    assert problem.startswith(
        "The TE410P at 0000:03:08.0 needs the firmware dahdi-fw-te820.bin, which Debian does not"
    )
    there = {**server, "firmware": ["dahdi-fw-te820.bin"]}
    assert dahdi_plan([CARD], [span()], there, Choices())["problems"] == []
    # One that was refused has its reason, which is more than that.
    server["cards"][0] |= {"state": "refused", "advice": "It needs it. Then reboot."}
    assert dahdi_plan([CARD], [span()], server, Choices())["problems"] == [
        "The TE410P of slot 1 does not work (TE410P or TE412P at 0000:03:08.0). It needs it. Then "
        "reboot."
    ]
    # One that works has found it elsewhere.
    server["cards"][0]["state"] = "ready"
    assert dahdi_plan([CARD], [span()], server, Choices())["problems"] == []


def test_card_that_has_lost_its_firmware() -> None:
    server = info()
    server["cards"][0] |= {
        "firmware": "dahdi-fw-te820.bin",
        "state": "refused",
        "advice": "It needs the firmware dahdi-fw-te820.bin.",
    }
    once = Choices(assigned_spans=f"# slot 1: TE410P is {DEVICE}\n")
    plan = dahdi_plan([CARD], [span()], server, once)
    assert plan["problems"] == []
    assert "does not work" in plan["down"][0]
    assert "It needs the firmware dahdi-fw-te820.bin." in plan["down"][0]


def test_card_that_a_jumper_sets_to_another_line() -> None:
    card = {"slot": 1, "model": "TE110P", "ports": [{"port": 1, "kind": "t1", "circuit": "line-3"}]}
    server = info()
    server["cards"][0] |= {
        "models": ["TE110P"],
        "model": "TE110P",
        "driver": "wcte11xp",
        "ports": 1,
        "span_types": {"1": "E1"},
        "canceller_firmware": {},
    }
    plan = dahdi_plan([card], [span(port=1)], server, Choices())
    assert plan["problems"] == [
        "Port 1 of TE110P at 0000:03:08.0 is set to E1, but the plan has the T1 circuit line-3 "
        "there: set the card's jumper to T1, or correct line of the trunk group."
    ]
    # Other drivers switch their lines themselves.
    server["cards"][0]["driver"] = "wcte12xp"
    assert dahdi_plan([card], [span(port=1)], server, Choices())["problems"] == []


@pytest.mark.parametrize("types", [{"1": "BRI_TE", "2": "BRI_TE", "3": "ANALOG_MIXED"}, {}])
def test_bri_modules_on_a_card_for_analog_lines(types: dict[str, str]) -> None:
    ports = [{"port": port, "kind": "fxo", "circuit": f"pots-{port}"} for port in range(1, 9)]
    server = info()
    server["cards"][0] |= {
        "models": ["HA8"],
        "model": "HA8",
        "driver": "wctdm24xxp",
        "kind": "hybrid",
        "ports": 8,
        "span_types": types,
        "canceller_firmware": {},
    }
    sentence = (
        "The HA8 at 0000:03:08.0 has BRI modules, which no role serves: take them out, or take the "
        "card out of cards and name its address in dahdi_ignored_devices."
    )
    plan = dahdi_plan([{"slot": 1, "model": "HA8", "ports": ports}], [], server, Choices())
    assert plan["problems"] == [sentence] * bool(types)


def test_driver_that_follows_the_rules_of_before() -> None:
    server = info()
    server["cards"][0]["opermode"] = "FCC"
    assert dahdi_plan([CARD], [span()], server, Choices(opermode="FCC"))["warnings"] == []
    assert dahdi_plan([CARD], [span()], server, Choices(opermode="TBR21"))["warnings"] == [
        "The TE410P at 0000:03:08.0 still follows the electrical rules FCC instead of "
        "dahdi_opermode TBR21: reboot the gateway when nobody talks."
    ]


def test_astribank_without_firmware_is_named(tmp_path: Path) -> None:
    """As ``card_info`` reports it."""
    for name, text in (("idVendor", "e4e4"), ("idProduct", "1160")):
        path = tmp_path / "bus/usb/devices/1-2" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    server = info()
    server["cards"] += card_info(tmp_path, tmp_path, tmp_path, None)["cards"]
    plan = dahdi_plan([CARD], [span()], server, Choices())
    assert plan["problems"] == []
    assert plan["warnings"] == [
        "Astribank at 1-2 is not used, as no role serves Astribanks: take it out, or name its "
        "address in dahdi_ignored_devices."
    ]
    assert plan["drivers"] == ["wct4xxp"]


def test_drivers_of_cards_that_may_be_the_named_one() -> None:
    """Only these tell which it is."""
    server = info(cards=2)
    first, second = ({**card, "state": "waiting", "location": None} for card in server["cards"])
    second |= {"address": "0000:04:08.0", "device": "/sys/x", "driver": "wcte43x"}
    server["cards"] = [first, second]
    plan = dahdi_plan([CARD], [span()], server, Choices(devices={"1": "@Board_ID_Switch_0"}))
    assert plan["problems"] == plan["warnings"] == []
    assert plan["drivers"] == ["wct4xxp", "wcte43x"]


def test_slot_that_is_no_number() -> None:
    plan = dahdi_plan([CARD], [span()], info(), Choices(devices={"a": "0000:03:08.0"}))
    assert plan["problems"] == [
        "dahdi_devices: 'a' is no number of a slot, write for example 1: '0000:03:08.0'."
    ]
