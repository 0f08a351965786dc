# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast the gateway of molecule/dahdi is, and how many calls its emulated cards carry.

``make benchmark-gateway`` builds it, measures and leaves it running. Prints a line for each figure.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
from contextlib import ExitStack

from tests.lab import cluster, guest
from tests.lab.telephone import Telephone
from tests.lab.voice import SAMPLE_RATE, Sound, heard, voice

CHANNELS = 4 * {"t1": 23, "e1": 30}[os.environ.get("LAB_LINE", "t1")]
"""Of four lines."""
SHARED_BY = (1, 30, CHANNELS)
"""Numbers of calls at the same time."""
LOUNGE = "5550102"
"""Number of a menu where callers can wait."""
CALLS_IN = 9
SECONDS = 6
"""Of each recording that are judged."""


def report(**figures: object) -> None:
    """Prints figures."""
    print(json.dumps(figures), flush=True)


def last(sound: Sound) -> Sound:
    """The end of a recording, but for the half second in which somebody hangs up."""
    return sound[-SECONDS * SAMPLE_RATE : -SAMPLE_RATE // 2]


def ring(agent: Telephone) -> float:
    """At most so many seconds pass from the call of a subscriber until the agent rings.

    They count from before the telephone company is asked for the call.
    """
    agent.forget()
    with guest.Call("5550101") as call:
        agent.wait("CALL_INCOMING", seconds=30)
        rang = next(at for at, event in agent.events if event["type"] == "CALL_INCOMING")
    cluster.wait_for_no_calls(30)
    return rang - call.began


def set_up(agent: Telephone) -> None:
    """A call over PRI, gateway, SIP trunk and queue to the agent."""
    delays = [ring(agent) for _call in range(CALLS_IN)]
    report(
        call_to_ringing_agent_s=round(statistics.median(delays), 2), slowest=round(max(delays), 2)
    )


def boot(agent: Telephone) -> None:
    """From the start of the guest to its first call."""
    started = time.monotonic()
    guest.reboot()
    report(reboot_to_ssh_s=round(time.monotonic() - started))
    guest.wait_for_d_channels(4)
    ring(agent)
    report(reboot_to_first_call_s=round(time.monotonic() - started))


def role() -> None:
    """A run of the role dahdi that changes nothing."""
    done = cluster.playbook("site", "--limit", "gw1")
    if done.returncode or "changed=0" not in done.stdout:
        sys.exit(f"site.yml failed or changed something:\n{done.stdout[-3000:]}")
    times = re.findall(r"(?m)^trunkline\.callcenter\.dahdi : .+ -+ +([\d.]+)s$", done.stdout)
    report(role_dahdi_second_run_s=round(sum(map(float, times)), 1))


def audio(agent: Telephone, calls: int) -> None:
    """Which part of what is said is heard in a call, while silent ones are up on the same cards."""
    agent.forget()
    with guest.Call("5550101") as call, ExitStack() as others:
        agent.wait("CALL_INCOMING", seconds=30)
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        if calls > 1:
            others.enter_context(guest.crowd(LOUNGE, calls - 1))
        cluster.wait_until("all are connected", lambda: cluster.calls("gw1") >= calls, 120)
        time.sleep(SECONDS + 1)
        agent.hangup()
        guest.hang_up()
        report(
            calls=calls,
            agent_hears=round(guest.tone_share(last(cluster.recording("agent", "dec"))), 2),
            caller_hears=round(heard(voice("agent"), last(call.heard())), 2),
        )
    cluster.wait_for_no_calls(60)


def main() -> None:
    """Measures one after the other."""
    cluster.switch_on("agent", {"1001"})
    with cluster.telephone("agent") as agent:
        set_up(agent)
        boot(agent)
        role()
        for calls in SHARED_BY:
            audio(agent, calls)


if __name__ == "__main__":
    main()
