# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kernel that was installed after the drivers, as an update installs one, drives the cards too.

It came when the guest was built (molecule/shared/guest/build): to compile the drivers takes the
emulated processors half an hour.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import cluster, guest

DRIVERS = ("dahdi", "dahdi_echocan_mg2", "wct4xxp")
HEADERS = "linux-headers-rt-amd64"


@pytest.fixture(scope="module")
def update() -> Iterator[str]:
    """Name of the kernel."""
    (kernel,) = set(guest.run("ls /lib/modules").split()) - {guest.run("uname -r")}
    yield kernel
    if guest.run("uname -r") == kernel:
        guest.reboot()
        guest.wait_for_d_channels(4)


def test_drivers_were_built_for_it(update: str) -> None:
    assert f", {update}, x86_64: installed" in guest.run("dkms status dahdi")
    for driver in DRIVERS:
        magic = guest.run(f"modinfo --set-version {update} --field vermagic {driver}")
        assert magic.split()[0] == update


def test_gateway_works_with_it(update: str) -> None:
    guest.reboot(update)
    assert guest.run("uname -r") == update
    guest.wait_for_d_channels(4)


def test_headers_of_its_kind_are_kept(update: str) -> None:
    """Without them the next update of this kind of kernel would have no drivers."""
    assert guest.run("uname -r") == update
    guest.run(f"apt-get remove --yes -qq {HEADERS}")
    for changes in (1, 0):
        done = cluster.playbook("site", "--limit", "gw1")
        assert done.returncode == 0, done.stdout[-3000:]
        assert f"changed={changes}" in done.stdout
    assert cluster.host(guest.GUEST).package(HEADERS).is_installed
