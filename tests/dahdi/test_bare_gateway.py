# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server with cards, but without anything of DAHDI, becomes a gateway.

Only the compiled drivers are given back to DKMS, for which the emulated processors need half an
hour.
"""

from __future__ import annotations

import pytest

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone

from .test_calls import dial

PACKAGES = "asterisk-dahdi dahdi dahdi-dkms dahdi-linux"
CONFIGURATION = (
    "/etc/dahdi /usr/share/dahdi /etc/modprobe.d/trunkline-dahdi.conf "
    "/usr/local/sbin/trunkline-spans"
)
BUILT = "/var/lib/dkms/dahdi"


@pytest.fixture(scope="module")
def first_run() -> str:
    """What the role said when it met the server."""
    guest.run("systemctl disable --quiet --now asterisk telco")
    guest.run(f"cp -a {BUILT} /root/lab-drivers && rm -f /root/lab-drivers/*/source")
    guest.run(f"apt-get purge --yes -qq {PACKAGES} && rm -rf {CONFIGURATION} {BUILT}")
    guest.run(f"mv /root/lab-drivers {BUILT}")
    guest.reboot()
    assert "dahdi" not in guest.run("lsmod; find /lib/modules -name 'dahdi*'")
    done = cluster.playbook("site", "--limit", "gw1")
    said: str = cluster.said(done)
    assert done.returncode == 0, said
    return said


def test_drivers_and_spans_are_there(first_run: str) -> None:
    assert "failed=0" in first_run
    guest.telco_follows()
    guest.wait_for_d_channels(4)


@pytest.mark.usefixtures("first_run")
def test_second_run_changes_nothing() -> None:
    done = cluster.playbook("site", "--limit", "gw1")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "changed=0" in done.stdout


@pytest.mark.usefixtures("first_run")
def test_subscriber_is_reached(agent: Telephone) -> None:
    dial(agent, guest.SPEAKS)
    agent.wait("CALL_ESTABLISHED", seconds=30)
    agent.hangup()
