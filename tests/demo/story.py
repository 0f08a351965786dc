# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The story of one call, told while it happens: by the events of the servers, not by a script."""

from __future__ import annotations

import queue
import re
import time

from ansible_collections.trunkline.callcenter.plugins.module_utils.ami import Message
from tests.lab import cluster
from tests.lab.events import Events, Report
from tests.lab.voice import SAMPLE_RATE, heard, voice

NUMBER = "5550100"
RING_SECONDS = 2.0
TALK_SECONDS = 6.0


class Story:
    """Prints what happens, with the seconds since the call began."""

    def __init__(self, reports: queue.Queue[Report]) -> None:
        self._reports = reports
        self._started = time.time()
        self._digits = ""

    def say(self, who: str, what: str, moment: float | None = None) -> None:
        """One line of the story."""
        seconds = (moment or time.time()) - self._started
        print(f"  {seconds:5.1f} s  {who:<9} {what}", flush=True)

    def listen(self, seconds: float) -> None:
        """Tells what the servers report during that time."""
        deadline = time.time() + seconds
        while (left := deadline - time.time()) > 0:
            try:
                report = self._reports.get(timeout=left)
            except queue.Empty:
                return
            if line := describe(report.message):
                self.say(report.server, line, report.moment)


def describe(event: Message) -> str | None:
    """An event of Asterisk in the words of the story; None if it has no part in it."""
    text = None
    match event.get("Event"):
        case "Newchannel" if event["Channel"].startswith("PJSIP/circuit-"):
            circuit = re.sub(r"PJSIP/circuit-(.+)-\w+$", r"\1", event["Channel"])
            text = f"a call from {event['CallerIDNum']} for {event['Exten']} on circuit {circuit}"
        case "Newexten" if event["Context"].startswith("menu-") and (
            event["Application"] in ("Playback", "BackGround")
        ):
            text = f"the menu says: {event['AppData'].replace('&', ', ')}"
        case "UserEvent" if event.get("UserEvent") == "MenuDigit":
            text = f"the caller pressed {event['Digit']} in the menu {event['Menu']}"
        case "QueueCallerJoin":
            text = f"the caller waits in the queue {event['Queue']}, position {event['Position']}"
        case "AgentCalled":
            text = f"rings {event['MemberName']} ({event['Interface']})"
        case "AgentConnect":
            text = f"{event['MemberName']} has answered, the caller waited {event['HoldTime']} s"
        case "AgentComplete":
            text = f"the conversation of {event['TalkTime']} s is over"
    return text


def tell() -> bool:
    """Places the call and tells its story; whether both sides heard each other past the server."""
    reports: queue.Queue[Report] = queue.Queue()
    active = cluster.active()
    with (
        cluster.telephone("caller") as caller,
        cluster.telephone("agent") as agent,
        Events("gw1", reports) as gateway,
        Events(active, reports),
        cluster.RtpCounter(active) as central_rtp,
        cluster.RtpCounter("gw1") as gateway_rtp,
    ):
        story = Story(reports)
        story.say("telco", f"a customer dials {NUMBER}")
        caller.dial(NUMBER, cluster.address("gw1"))
        caller.wait("CALL_ESTABLISHED")
        story.listen(4)
        story.say("telco", "the customer presses 1")
        caller.press("1")
        story.listen(0.3)
        agent.wait("CALL_INCOMING")
        story.say("phones", "the telephone of seat 1001 rings; meanwhile the caller hears music")
        story.listen(RING_SECONDS)
        story.say("phones", "the agent picks up")
        agent.accept()
        agent.wait("CALL_ESTABLISHED")
        story.listen(1)

        before = gateway_rtp.read()
        through_central = central_rtp.during(TALK_SECONDS)
        through_gateway = gateway_rtp.read() - before
        packets = through_gateway.received + through_gateway.sent
        relayed = through_central.received + through_central.sent
        here, there = cluster.address("gw1"), _audio_target(gateway)
        story.say("audio", f"flows between gw1 ({here}) and the telephone ({there}):")
        story.say(
            "audio", f"in {TALK_SECONDS:.0f} s {packets} packets at gw1, {relayed} at {active}"
        )
        story.say("telco", "the customer hangs up")
        caller.hangup()
        agent.wait("CALL_CLOSED")
        story.say("phones", "the telephone of seat 1001 is free again")
        story.listen(1)
    return _judge(story, through_central)


def _audio_target(gateway: Events) -> str:
    """Where the gateway sends the audio of the call to."""
    trunk = re.search(r"PJSIP/central-\w+", cluster.asterisk("gw1", "core show channels concise"))
    assert trunk, "the call is not up any more"
    return gateway.ask("Getvar", Channel=trunk[0], Variable="CHANNEL(rtp,dest)").get("Value", "")


def _judge(story: Story, through_central: cluster.Packets) -> bool:
    spoken = slice(-5 * SAMPLE_RATE, -SAMPLE_RATE // 2)
    agent_heard = heard(voice("caller"), cluster.recording("agent", "dec")[spoken])
    caller_heard = heard(voice("agent"), cluster.recording("caller", "dec")[spoken])
    story.say("audio", f"recordings: the agent heard {agent_heard:.0%} of the customer's words,")
    story.say("audio", f"            the customer heard {caller_heard:.0%} of the agent's")
    return agent_heard > 0.9 and caller_heard > 0.9 and through_central == cluster.Packets(0, 0)
