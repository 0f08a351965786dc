# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway of molecule/dahdi: a virtual machine with two cards whose lines are connected.

Card 0 is the gateway's, card 1 that of the telephone company, which is an Asterisk of its own on
the same machine (molecule/dahdi/telco.yml).
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from . import cluster
from .voice import SAMPLE_RATE, Sound, read_wav

GUEST = "gw1"
GATEWAY_CARD = 0
TELCO_CARD = 1
SPARE_SLOT = 2
"""Empty until a test puts a card in, and again after a reboot."""

SPEAKS = "5551001"
"""Number of a subscriber who answers, says the tone and is recorded."""
BUSY = "5551002"
NO_ANSWER = "5551003"
KEYS = "5551004"
"""Number of a subscriber who writes down the keys that were pressed."""
CALLER = "5551005"
"""Number of a subscriber who writes down who calls; the emergency number leads there too."""
GONE = "5551006"
"""Number of a subscriber who is gone, of which nothing but a busy tone tells."""
UNALLOCATED = "5551999"

_KEYPAD = {
    key: f"{row}+{column}"
    for row, keys in ((697, "123"), (770, "456"), (852, "789"), (941, "*0#"))
    for key, column in zip(keys, (1209, 1336, 1477), strict=True)
}
"""Tones of the keys (ITU-T Q.23)."""

_BOOT_SECONDS = 600
"""More than an emulated processor needs."""
_TELCO = "/var/lib/telco"
_PARAMETERS = "/sys/module/fakepci/parameters"


def run(command: str) -> str:
    """Output of a shell command that has to succeed."""
    output: str = cluster.host(GUEST).check_output(command)
    return output


def telco(command: str) -> str:
    """Output of a command of the telephone company's console."""
    output: str = cluster.host(GUEST).check_output(
        "asterisk -C /opt/telco/asterisk.conf -rx %s", command
    )
    return output


def alarms() -> dict[int, int]:
    """Alarm bits of every span (the telephone company's from 21 on); 0 is a line that works."""
    rows = run("cd /sys/bus/dahdi_spans/devices && grep -H . */alarms").splitlines()
    pairs = (row.removeprefix("span-").split("/alarms:") for row in rows)
    return {int(span): int(bits, 0) for span, bits in pairs}


def set_parameter(name: str, value: int) -> None:
    """Changes a parameter of fakepci: ``cut``, ``los`` or ``absent``."""
    run(f"echo {value} >{_PARAMETERS}/{name}")


@contextmanager
def pulled_cables(
    lines: Iterable[int], card: int = GATEWAY_CARD, what: str = "cut"
) -> Iterator[None]:
    """Cables that are not plugged, or whose receiving wires alone are broken (``los``)."""
    set_parameter(what, sum(1 << (4 * card + line - 1) for line in lines))
    try:
        yield
    finally:
        set_parameter(what, 0)


def remove_card(card: int) -> None:
    """Takes a card out of the running machine. After a reboot it is there again."""
    set_parameter("absent", 1 << card)
    run(f"echo 1 >/sys/bus/pci/devices/0001:00:{card:02x}.0/remove")


def insert_cards(*swapped: str) -> None:
    """Puts cards into the empty slots: what was there, or what ``swapped`` says.

    Each is a slot and the PCI identity of its card, such as ``0=d161:0210:0004:0000:0280``, or
    ``0=0000:0000`` for none.
    """
    for one in swapped:
        run(f"echo {one} >{_PARAMETERS}/swap")
    set_parameter("absent", 0)
    run("echo 1 >/sys/bus/pci/rescan")


def empty_spare_slot() -> None:
    """Takes out whatever card a test has put in there."""
    remove_card(SPARE_SLOT)
    insert_cards(f"{SPARE_SLOT}=0000:0000")


def card_info(address: str) -> dict[str, Any]:
    """What the module says of the card at an address."""
    done = subprocess.run(
        [
            *("ansible", "-i", str(cluster.INVENTORY), "--one-line", GUEST),
            *("--module-name", "trunkline.callcenter.dahdi_card_info"),
        ],
        cwd=cluster.CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    cards = json.loads(done.stdout.partition("=>")[2])["cards"]
    return next(card for card in cards if card["address"] == address)


@contextmanager
def refused_card(card: int, driver: str = "wct4xxp") -> Iterator[None]:
    """A card that is there and that its driver, which is loaded, does not take."""
    where = f"/sys/bus/pci/drivers/{driver}"
    run(f"echo 0001:00:{card:02x}.0 >{where}/unbind")
    try:
        yield
    finally:
        run(f"echo 0001:00:{card:02x}.0 >{where}/bind")


def reboot(kernel: str = "") -> None:
    """Restarts the guest and waits until it is up.

    It then runs ``kernel``, one of its disk, until the next restart; otherwise the one that it was
    built with.
    """
    how = "reboot"
    if kernel:
        how = "kexec"
        initrd = f"/boot/initrd.img-{kernel}"
        run(f"kexec --load /boot/vmlinuz-{kernel} --initrd={initrd} --reuse-cmdline")
    state = cluster.CHECKOUT / ".cache" / "lab" / os.environ["LAB_NAME"]
    console = state / GUEST / "console"
    boots = console.read_bytes().count(b"guest ready")
    cluster.host(GUEST).run(f"systemctl {how}")
    cluster.wait_until(
        f"{GUEST} is up again",
        lambda: console.read_bytes().count(b"guest ready") > boots,
        _BOOT_SECONDS,
    )
    cluster.forget_connection(GUEST)
    cluster.wait_until("it answers", lambda: cluster.reachable(GUEST), _BOOT_SECONDS)


def telco_follows(inventory: Path = cluster.INVENTORY) -> None:
    """The telephone company changes its ends of the lines as the gateway's were."""
    subprocess.run(
        ["ansible-playbook", "-i", str(inventory), "molecule/dahdi/telco.yml"],
        cwd=cluster.CHECKOUT,
        check=True,
        capture_output=True,
    )


def d_channels_up() -> int:
    """How many D-channels of the gateway are in use; none before its Asterisk is up."""
    shown: str = cluster.host(GUEST).run("asterisk -rx 'pri show spans'").stdout
    return shown.count("Up, Active")


def wait_for_d_channels(number: int) -> None:
    """So many must be in use within minutes: an emulated processor takes its time."""
    cluster.wait_until(f"{number} D-channels are up", lambda: d_channels_up() == number, 300)


def hang_up() -> None:
    """Ends the calls of all subscribers, and thereby completes their recordings."""

    def nobody_calls() -> bool:
        # Again and again: a queue may ring a telephone that was hung up first.
        telco("channel request hangup all")
        return telco("core show channels count").startswith("0 active channels")

    cluster.wait_until("everybody has hung up", nobody_calls)


def _recorded(path: str) -> Sound:
    recording = cluster.host(GUEST).file(path)
    cluster.wait_until("the recording is complete", lambda: recording.size > 0, 10)
    return read_wav(cluster.fetch(cluster.host(GUEST), path))


class Call:
    """A call of a subscriber through the gateway.

    The subscriber presses ``keys`` after ``pause`` seconds, then says the tone, and hears all the
    time. ``line`` is the port of the line, any by default. Use it with ``with``: leaving hangs up.
    """

    def __init__(
        self,
        number: str,
        *,
        caller: str = "5559001",
        keys: str = "",
        pause: float = 2,
        line: int = 0,
    ) -> None:
        self.name = uuid.uuid4().hex
        self.began = 0.0
        """The moment before the telephone company was asked for it, by this machine's clock."""
        self.file = (
            f"Channel: DAHDI/g{line}/{number}\n"
            f"CallerID: <{caller}>\n"
            "WaitTime: 60\n"
            "Context: subscriber\n"
            "Extension: answered\n"
            f"Setvar: NAME={self.name}\n"
            f"Setvar: KEYS={','.join(f'!{_KEYPAD[key]}/250,!0/250' for key in keys)}\n"
            f"Setvar: KEYS_SECONDS={0.5 * len(keys)}\n"
            f"Setvar: PAUSE={pause}\n"
            "Archive: yes\n"
        )

    def __enter__(self) -> Self:
        # Asterisk may look at any moment: the file appears with its content. What takes long is
        # done before the call begins.
        command = (
            f"cd {_TELCO} && printf %s {shlex.quote(self.file)} >{self.name} && "
            f"chown asterisk: {self.name} && echo && read -r go && mv {self.name} outgoing/"
        )
        with subprocess.Popen(
            [*cluster.ssh_command(GUEST), command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as shell:
            if shell.stdout and shell.stdout.readline():
                self.began = time.time()
                _out, error = shell.communicate("go\n", timeout=60)
            else:
                error = shell.communicate()[1]
        if shell.returncode:
            raise RuntimeError(f"the guest takes no call: {error}")
        return self

    def __exit__(self, *_error: object) -> None:
        hang_up()

    def answered(self) -> bool:
        """Whether it was answered so far."""
        found: bool = cluster.host(GUEST).file(self._recording).exists
        return found

    def failed(self) -> bool:
        """Whether it has ended without an answer."""
        done: bool = cluster.host(GUEST).file(f"{_TELCO}/outgoing_done/{self.name}").exists
        return done and not self.answered()

    def heard(self) -> Sound:
        """What the subscriber heard until the call ended."""
        return _recorded(self._recording)

    @property
    def _recording(self) -> str:
        return f"{_TELCO}/calls/{self.name}.wav"


@contextmanager
def crowd(number: str, calls: int) -> Iterator[None]:
    """So many subscribers call at the same time, on any lines. Leaving hangs up.

    They neither speak nor listen, and make data calls, for which no echo canceller works: a hundred
    of those are more than the emulated processors can do.
    """
    name = uuid.uuid4().hex
    file = f"Channel: DAHDI/g0d/{number}\nWaitTime: 60\nContext: crowd\nExtension: answered\n"
    run(
        f"cd {_TELCO} && for call in $(seq {calls}); do printf %s '{file}' >{name}-$call; done && "
        f"chown asterisk: {name}-* && mv {name}-* outgoing/"
    )
    try:
        yield
    finally:
        hang_up()


TELEPHONE = "telephone"
"""Instead of the number: the plain telephone of the channel bank that rang last."""


def heard_by(number: str) -> Sound:
    """What the subscriber whom the gateway called last heard until the call ended."""
    return _recorded(f"{_TELCO}/calls/{number}.wav")


def keys_pressed() -> str:
    """What the subscriber of the number KEYS wrote down last."""
    return run(f"cat {_TELCO}/calls/{KEYS}.keys").strip()


def forget_caller() -> None:
    """Before a call, so that the last one is not taken for it."""
    run(f"rm -f {_TELCO}/calls/{CALLER}.caller")


def caller_shown() -> list[str]:
    """Number and presentation of the last call to CALLER, as they came over the line."""
    return run(f"cat {_TELCO}/calls/{CALLER}.caller").split()


def tone_share(sound: Sound) -> float:
    """Which part of a recording's windows of 100 ms is the milliwatt tone, 1004 Hz; 0 to 1."""
    size = SAMPLE_RATE // 10
    windows = sound[: len(sound) // size * size].reshape(-1, size)
    if not len(windows):
        return 0.0
    power = np.abs(np.fft.rfft(windows * np.hanning(size))) ** 2
    total = power.sum(axis=1)
    tone = power[:, 98:103].sum(axis=1)  # 10 Hz each
    loud = np.sqrt((windows**2).mean(axis=1)) > 0.01
    return float(np.mean(loud & (tone > 0.9 * total)))


def is_tone(sound: Sound) -> bool:
    """Whether a recording is the tone.

    The emulated cards are late now and then, so that some windows may be spoilt.
    """
    return tone_share(sound) >= 0.7
