# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telephony cards of a host, and what DAHDI makes of them, from sysfs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .dahdi_catalogue import LINES, USB_IDS, CardId, Model, pci_card
from .dahdi_changes import SOFTWARE_CANCELLERS, ActualSpan

Claims = Callable[[str], list[str]]
"""Modalias of a device -> kernel modules that would drive it."""

FROM_DIGIUM = (
    "which Debian does not have: get it from downloads.digium.com and put it into /usr/lib/firmware"
)
THEN_REBOOT = ", then reboot the gateway"
BARE = (
    "It has no firmware yet: install dahdi and, from Debian's non-free-firmware, "
    "dahdi-firmware-nonfree, then unplug it and plug it in again."
)
SECURE_BOOT = "firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

ALARMS = {
    0: "RECOVER",
    1: "LOOPBACK",
    2: "YELLOW",
    3: "RED",
    4: "BLUE",
    5: "NOTOPEN",
    8: "LOS",
    9: "LFA",
    10: "LMFA",
}
"""Bits of DAHDI_ALARM_* in include/dahdi/user.h."""

STARTS_CARD = ("wcte43x",)
"""Drivers that start all lines of a card anew with any of them (wcte43x-base.c, framer_start)."""


@dataclass(frozen=True)
class Span:
    """A span that has a number."""

    local: int
    span: int
    first_channel: int
    channels: int
    name: str
    description: str
    type: str
    alarms: list[str]
    framing: str | None
    coding: str | None
    crc4: bool
    lbo: int
    timing: int
    master: bool


@dataclass(frozen=True)
class Device:
    """What a driver has registered with DAHDI."""

    device: str
    type: str | None
    location: str | None
    hardware_id: str | None
    span_types: dict[str, str]
    spans: list[Span]


@dataclass(frozen=True)
class Slot:
    """A device on the PCI or USB bus that is, or may be, a telephony card."""

    path: Path
    address: str
    id: str
    subsystem: str
    device: str | None
    """Path that its DAHDI device will have, as far as that can be foretold."""
    modalias: str
    bound: str | None
    known: CardId


@dataclass(frozen=True)
class Host:
    """What all cards of a host share."""

    sysfs: Path
    built: bool
    """Whether DAHDI's drivers are installed for the kernel that runs."""
    firmware: list[str]
    """Files of firmware for telephony cards."""


def card_info(sysfs: Path, modules: Path, firmware: Path, claims: Claims | None) -> dict[str, Any]:
    """What the module returns.

    Args:
        sysfs: Where sysfs is.
        modules: Directory of the kernel's modules, whose name is the kernel's release.
        firmware: Directory of the firmware.
        claims: Asks the modules which of them drives a device; None if they cannot be asked.
    """
    sysfs = sysfs.resolve()
    host = Host(
        sysfs,
        built=_any_file(modules, "dahdi.ko"),
        firmware=[path.name for path in _entries(firmware) if path.name.startswith("dahdi-fw-")],
    )
    devices = _devices(sysfs)
    cards = []
    for slot in [*_pci_slots(sysfs), *_usb_slots(sysfs)]:
        path = next((path for path in devices if path.is_relative_to(slot.path)), None)
        device = devices.pop(path) if path else None
        # Without DAHDI's drivers nothing is known of what they would claim.
        claimed = claims(slot.modalias) if claims and host.built and slot.modalias else None
        cards.append(_card(host, slot, device, claimed))
    return {
        "kernel": {
            "release": modules.name,
            "headers": (modules / "build").exists(),
            "secure_boot": _bytes(sysfs / SECURE_BOOT)[-1:] == b"\x01",
            "flavour_cloud": "cloud" in modules.name,
        },
        "drivers": {
            "built": host.built,
            "loaded": (sysfs / "module/dahdi").exists(),
            "version": _text(sysfs / "module/dahdi/version") or None,
        },
        "firmware": host.firmware,
        "cards": cards,
        "dynamic": [asdict(device) for device in devices.values()],
    }


def actual_spans(sysfs: Path) -> list[ActualSpan]:
    """Every assigned span, as changes are found from them."""
    return [
        ActualSpan(
            span=span.span,
            device=device.device,
            port=span.local,
            type=span.type,
            first_channel=span.first_channel,
            last_channel=span.first_channel + span.channels - 1,
            line=frozenset(
                filter(None, (span.framing, span.coding, "crc4" if span.crc4 else None))
            ),
            lbo=span.lbo,
            signalling={
                _number(_text(path / "channo")): _text(path / "sig")
                for path in _channels(sysfs, span)
            },
            canceller=_canceller(sysfs, span),
            starts_card=_driver(bus_device.parent) in STARTS_CARD,
        )
        for bus_device, device in _devices(sysfs.resolve()).items()
        for span in device.spans
    ]


def device_names(sysfs: Path) -> dict[str, str]:
    """Path of each DAHDI device by what ``assigned-spans.conf`` may call it: path and serial."""
    devices = _devices(sysfs.resolve()).values()
    return {name: one.device for one in devices for name in (one.hardware_id, one.device) if name}


def _card(
    host: Host, slot: Slot, device: Device | None, claimed: list[str] | None
) -> dict[str, Any]:
    known = slot.known
    models = _told_models(known, device)
    ports = {model.ports for model in models}
    module = host.sysfs / "module" / (known.driver or "none")
    loaded = known.driver is not None and module.exists()
    state = _state(slot, device, claimed, loaded=loaded)
    spans = device.spans if device else []
    return {
        "address": slot.address,
        "id": slot.id,
        "subsystem": slot.subsystem,
        "models": [model.name for model in models],
        "model": models[0].name if len(models) == 1 else None,
        "type": device.type if device else None,
        "driver": known.driver,
        "bound": slot.bound,
        "state": state,
        "advice": _advice(host, slot, state),
        "kind": known.kind,
        "lines": [line for line in LINES if any(line in model.lines for model in models)],
        "ports": ports.pop() if len(ports) == 1 else None,
        "device": device.device if device else slot.device,
        "location": device.location if device else None,
        "hardware_id": device.hardware_id if device else None,
        "firmware": known.firmware,
        "canceller_firmware": {model.name: model.canceller for model in models if model.canceller},
        "opermode": _text(module / "parameters/opermode") or None,
        "span_types": device.span_types if device else {},
        "spans": [asdict(span) for span in spans],
        "populated": _populated(host.sysfs, spans) if known.kind in ("analog", "hybrid") else {},
    }


def _told_models(known: CardId, device: Device | None) -> tuple[Model, ...]:
    """Those of an id's models that agree with what the driver says of the card."""
    models = known.models
    if not device:
        return models
    types = {one.lower() for one in device.span_types.values()}
    lines = types.intersection(LINES)
    serial, name = device.hardware_id or "", device.type or ""
    # A card without its canceller's firmware looks like one without a canceller.
    canceller = "VPM" in name
    hints: tuple[Callable[[Model], bool], ...] = (
        lambda model: (model.word or model.name) in serial,
        lambda model: (model.word or model.name) in name,
        lambda model: bool(model.canceller) or not canceller,
        lambda model: lines.issubset(model.lines),
        lambda model: model.ports == len(device.span_types),
    )
    for agrees in hints:
        models = tuple(filter(agrees, models)) or models
    return models


def _state(slot: Slot, device: Device | None, claimed: list[str] | None, *, loaded: bool) -> str:
    known = slot.known
    driven = slot.bound is not None and slot.bound == known.driver
    # A transcoder has no spans: DAHDI makes no device of it.
    if (slot.bound and device) or (driven and known.kind == "transcoder"):
        return "ready"
    if known.bare:
        return "waiting"
    if not known.packages:
        return "foreign" if known.maker else "unknown"
    claims = "forky" in known.packages if claimed is None else known.driver in claimed
    if not (driven or claims):
        return "unsupported"
    # A driver that is loaded has looked at every card that nobody else had taken.
    return "refused" if slot.bound or loaded else "waiting"


def _advice(host: Host, slot: Slot, state: str) -> str:
    """What the user can do."""
    known = slot.known
    advice = {
        "ready": "",
        "waiting": _why_waiting(host, slot),
        "refused": _why_refused(host, slot),
        "unsupported": _who_drives(known),
        "foreign": (
            f"No DAHDI of Debian drives this card of {known.maker}: "
            + (f"build its maker's driver {known.driver}, or " if known.driver else "")
            + "replace the card."
        ),
        "unknown": "No known card has this id: if it is a telephony card, report it.",
    }[state]
    return f"{advice} {known.note}".strip() if state != "ready" else advice


def _why_waiting(host: Host, slot: Slot) -> str:
    if slot.known.bare:
        return BARE
    advice = "Install DAHDI's drivers (dahdi-dkms) for the kernel that runs."
    if host.built:
        advice = f"Load its driver {slot.known.driver}."
    return advice + _needs_firmware(host, slot)


def _why_refused(host: Host, slot: Slot) -> str:
    driver = slot.known.driver
    if slot.bound and slot.bound != driver:
        return (
            f"The driver {slot.bound} has taken it: blacklist that one, unload it"
            + (f", then load {driver}." if host.built else ", and run again.")
            + _needs_firmware(host, slot)
        )
    reason = "found no working card" if slot.bound else "does not take it"
    return (
        f"Its driver {driver} {reason}, the kernel's log (dmesg) tells why."
        + (_needs_firmware(host, slot, then=THEN_REBOOT) or _came_late(slot))
        + _may_need_firmware(host, slot)
    )


def _needs_firmware(host: Host, slot: Slot, then: str = "") -> str:
    file = slot.known.firmware
    if not file or file in host.firmware:
        return ""
    return f" It needs the firmware {file}, {FROM_DIGIUM}{then}."


def _came_late(slot: Slot) -> str:
    """A driver looks for the file only when it starts a card, and is loaded once."""
    file = slot.known.firmware
    if not file:
        return ""
    return f" Its firmware {file} is there: reboot the gateway, if it has not started since."


def _may_need_firmware(host: Host, slot: Slot) -> str:
    """The driver asks the card for the version of its firmware and tells nobody but the log."""
    file = slot.known.flash
    if not file:
        return ""
    if file in host.firmware:
        return (
            f" If that names the firmware {file}, which is there: see that it is the version that "
            "the log asks for, and reboot the gateway."
        )
    return f" If that names the firmware {file}, {FROM_DIGIUM}{THEN_REBOOT}."


def _who_drives(known: CardId) -> str:
    if "forky" in known.packages:
        return "The installed DAHDI does not drive it, that of Debian 14 does."
    if "osmocom" in known.packages:
        return (
            "DAHDI of Debian 14 does not drive it: install osmocom-dahdi-dkms and dahdi-source in "
            "place of dahdi-dkms, or replace the card."
        )
    return f"DAHDI has dropped its driver {known.driver} after Debian 12: replace the card."


def _pci_slots(sysfs: Path) -> list[Slot]:
    slots = []
    for path in _entries(sysfs / "bus/pci/devices"):
        id_ = _ids(path, "vendor", "device")
        subsystem = _ids(path, "subsystem_vendor", "subsystem_device")
        if known := pci_card(id_, subsystem):
            slots.append(
                Slot(
                    path=path.resolve(),
                    address=path.name,
                    id=id_,
                    subsystem=subsystem,
                    device=f"{_sys(sysfs, path.resolve())}/pci:{path.name}",
                    modalias=_modalias(path),
                    bound=_driver(path),
                    known=known,
                )
            )
    # A PCI domain may have more than four digits.
    return sorted(slots, key=lambda slot: (len(slot.address), slot.address))


def _usb_slots(sysfs: Path) -> list[Slot]:
    slots = []
    for path in _entries(sysfs / "bus/usb/devices"):
        id_ = _ids(path, "idVendor", "idProduct")
        if known := USB_IDS.get(id_):
            # Drivers take interfaces, not devices, and that of an Astribank takes its first.
            interface = path.parent / f"{path.name}:1.0"
            slots.append(
                Slot(
                    path=path.resolve(),
                    address=path.name,
                    id=id_,
                    subsystem="",
                    device=None,
                    modalias=_modalias(interface),
                    bound=_driver(interface),
                    known=known,
                )
            )
    return slots


def _modalias(path: Path) -> str:
    # It goes to the command line of modprobe.
    text = _text(path / "modalias")
    return text if re.match(r"(pci|usb):", text) else ""


def _driver(path: Path) -> str | None:
    # Some drivers have another name than their module.
    for link in (path / "driver/module", path / "driver"):
        if link.exists():
            return link.resolve().name
    return None


def _devices(sysfs: Path) -> dict[Path, Device]:
    paths = [path.resolve() for path in _entries(sysfs / "bus/dahdi_devices/devices")]
    return {path: _device(sysfs, path) for path in paths}


def _device(sysfs: Path, path: Path) -> Device:
    types = (line.partition(":") for line in _text(path / "dahdi_spantype").splitlines())
    spans = [
        (int(found[1]), one)
        for one in _entries(path)
        if (found := re.fullmatch(r"span-([0-9]{1,9})", one.name))
    ]
    return Device(
        device=_sys(sysfs, path),
        type=_text(path / "type") or None,
        location=_text(path / "location") or None,
        hardware_id=_text(path / "hardware_id") or None,
        span_types={local: type_ for local, colon, type_ in types if colon},
        spans=[_span(number, one) for number, one in sorted(spans)],
    )


def _span(number: int, path: Path) -> Span:
    # "ESF/B8ZS" and "CCS/HDB3/CRC4", but also "AMI/CCS".
    words = _text(path / "lineconfig").lower().split("/")
    coding = _first(("ami", "b8zs", "hdb3"), words)
    type_ = _text(path / "spantype")
    # No bit stands for an E1 with CAS.
    cas = "cas" if coding and type_ == "E1" else None
    mask = _number(_text(path / "alarms"), 16)
    return Span(
        local=_number(_text(path / "local_spanno")),
        span=number,
        first_channel=_number(_text(path / "basechan")),
        channels=_number(_text(path / "channels")),
        name=_text(path / "name"),
        description=_text(path / "desc"),
        type=type_,
        alarms=[name for bit, name in ALARMS.items() if mask >> bit & 1],
        framing=_first(("d4", "esf", "ccs"), words) or cas,
        coding=coding,
        crc4="crc4" in words,
        lbo=_number(_text(path / "lbo")),
        timing=_number(_text(path / "syncsrc")),
        master=_text(path / "is_sync_master") == "1",
    )


def _populated(sysfs: Path, spans: list[Span]) -> dict[str, str]:
    """Analog modules by port: one for telephones (FXS) is signalled as its opposite (FXO)."""
    found: dict[str, str] = {}
    for span in spans:
        for path in _channels(sysfs, span):
            words = {word[:3] for word in _text(path / "sigcap").split()}
            # A port without a module is capable of nothing.
            if len(words & {"FXS", "FXO"}) == 1:
                found[_text(path / "chanpos")] = "fxs" if "FXO" in words else "fxo"
    return found


def _canceller(sysfs: Path, span: Span) -> str:
    """Software echo canceller of a span's channels, see ``ActualSpan.canceller``."""
    files = [path / "ec_factory" for path in _channels(sysfs, span)]
    names = {_text(file).lower() for file in files if file.exists()}
    # A D-channel, or an unused one, has none.
    told = (names - {""} or names) & {"", *SOFTWARE_CANCELLERS}
    return (told.pop() or "none") if len(told) == 1 else ""


def _channels(sysfs: Path, span: Span) -> list[Path]:
    prefix = f"dahdi!chan!{span.span:03d}!"
    channels = _entries(sysfs / "bus/dahdi_channels/devices")
    return [path for path in channels if path.name.startswith(prefix)]


def _sys(sysfs: Path, path: Path) -> str:
    """As the host itself names the path, wherever sysfs was copied to."""
    return f"/sys/{path.relative_to(sysfs)}" if path.is_relative_to(sysfs) else str(path)


def _any_file(directory: Path, start: str) -> bool:
    return any(
        name.startswith(start)
        for _path, _directories, names in os.walk(directory)
        for name in names
    )


def _ids(path: Path, *names: str) -> str:
    return ":".join(_text(path / name).lower().removeprefix("0x") for name in names)


def _entries(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError:
        return []


def _bytes(path: Path) -> bytes:
    # Cards come and go, and a driver may refuse to tell.
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _text(path: Path) -> str:
    return _bytes(path).decode(errors="replace").strip()


def _number(text: str, base: int = 10) -> int:
    try:
        return int(text, base)
    except ValueError:
        return 0


def _first(wanted: Iterable[str], words: list[str]) -> str | None:
    return next((word for word in wanted if word in words), None)
