# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drivers that the running kernel does not have: they are built, or a sentence says why not.

What runs goes on: the drivers that are in memory stay there. To compile them takes the emulated
processors half an hour, so that what is built is kept aside, as far as the test allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.lab import cluster, guest


@dataclass(frozen=True)
class Drivers:
    """Those of the running kernel."""

    version: str
    kernel: str

    def dkms(self, action: str) -> str:
        return guest.run(f"dkms {action} dahdi/{self.version} -k {self.kernel}")

    @property
    def are_there(self) -> bool:
        return f"{self.kernel}, x86_64: installed" in guest.run("dkms status dahdi")

    @property
    def sources(self) -> str:
        return f"/usr/src/dahdi-{self.version}"

    @property
    def built(self) -> str:
        return f"/var/lib/dkms/dahdi/{self.version}/{self.kernel}"


@pytest.fixture
def drivers() -> Iterator[Drivers]:
    """Of a kernel that was started before they were installed for it."""
    version = guest.run("dkms status dahdi").split(",")[0].removeprefix("dahdi/")
    these = Drivers(version, guest.run("uname -r"))
    these.dkms("uninstall")
    assert not these.are_there
    yield these
    these.dkms("install")
    assert guest.d_channels_up() == 4


def site() -> tuple[int, str]:
    """How a run over the gateway ends, and what it says in one line."""
    done = cluster.playbook("site", "--limit", "gw1")
    return done.returncode, cluster.said(done)


def test_drivers_are_installed_for_the_running_kernel(drivers: Drivers) -> None:
    code, said = site()
    assert code == 0, said
    assert "changed=1" in said
    assert drivers.are_there
    code, said = site()
    assert code == 0, said
    assert "changed=0" in said
    drivers.dkms("uninstall")


@pytest.fixture
def _sources_are_broken(drivers: Drivers) -> Iterator[None]:
    aside = f"/root/{drivers.kernel}"
    guest.run(f"mv {drivers.built} {aside}")
    guest.run(f"sed -i '1i $(error not in this laboratory)' {drivers.sources}/Makefile")
    yield
    guest.run(f"sed -i 1d {drivers.sources}/Makefile")
    guest.run(f"rm -rf {drivers.built} && mv {aside} {drivers.built}")


@pytest.mark.usefixtures("_sources_are_broken")
def test_build_that_fails_names_its_log(drivers: Drivers) -> None:
    code, said = site()
    assert code != 0
    log = f"/var/lib/dkms/dahdi/{drivers.version}/build/make.log"
    assert (
        f"The drivers cannot be built for the kernel {drivers.kernel}: {log} tells why. Boot an "
        "older kernel, for which they were built, and run again." in said
    )
    assert "not in this laboratory" in guest.run(f"cat {log}")


@pytest.fixture
def _headers_have_left_the_archive(drivers: Drivers) -> Iterator[None]:
    link = f"/lib/modules/{drivers.kernel}/build"
    apt_cache = "/usr/local/sbin/apt-cache"
    guest.run(f"mv {link} {link}.aside")
    guest.run(f"printf '#!/bin/sh\\nexit 100\\n' >{apt_cache} && chmod +x {apt_cache}")
    yield
    guest.run(f"rm {apt_cache} && mv {link}.aside {link}")


@pytest.mark.usefixtures("_headers_have_left_the_archive")
def test_kernel_without_headers(drivers: Drivers) -> None:
    code, said = site()
    assert code != 0
    assert (
        f"The headers of the running kernel {drivers.kernel} are not installed and no longer to be "
        "had: install the newest kernel with apt-get install linux-image-amd64, reboot and run "
        "again." in said
    )
    assert "changed=0" in said


def test_missing_package_is_installed() -> None:
    guest.run("apt-get remove --yes -qq asterisk-dahdi")
    code, said = site()
    assert code == 0, said
    assert cluster.host(guest.GUEST).package("asterisk-dahdi").is_installed
    assert guest.d_channels_up() == 4
