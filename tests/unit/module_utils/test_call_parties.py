# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A test call, its two parties connected without a server between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.trunkline.callcenter.plugins.module_utils.call_parties import (
    HEARD_PACKETS,
    MUSIC_FRAMES,
    MUSIC_PACKETS,
    Agent,
    Caller,
    Observations,
    problems,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.rtp_packets import (
    Sender,
    frame,
    payload,
)
from ansible_collections.trunkline.callcenter.plugins.module_utils.sip_messages import (
    CODECS,
    SipMessage,
    audio,
    description,
    parse,
    response,
    tag,
    uri,
    write,
)

HERE = "192.0.2.21"
codec_lists = st.lists(st.sampled_from(list(CODECS)), min_size=1, unique=True)


def parties(caller_codecs: list[str], agent_codecs: list[str]) -> tuple[Caller, Agent]:
    return (
        Caller("test-caller", (HERE, 40000), (HERE, 40002), caller_codecs),
        Agent("test-agent", (HERE, 5071), (HERE, 40004), agent_codecs),
    )


def exchange(caller: Caller, agent: Agent) -> list[str]:
    """Carries messages over until nobody has one left; their first lines."""
    told = []
    while caller.outgoing or agent.outgoing:
        for sender, receiver in ((caller, agent), (agent, caller)):
            while sender.outgoing:
                message = parse(sender.outgoing.pop(0))
                told.append(message.start)
                receiver.receive(message)
    return told


@given(codec_lists, codec_lists)
def test_call(caller_codecs: list[str], agent_codecs: list[str]) -> None:
    caller, agent = parties(caller_codecs, agent_codecs)
    caller.call("sip:test-call@192.0.2.21:5070")
    assert exchange(caller, agent) == [
        "INVITE sip:test-call@192.0.2.21:5070 SIP/2.0",
        "SIP/2.0 180 Ringing",
    ]
    assert caller.ringing
    assert agent.rings
    assert not caller.answered
    common = set(caller_codecs) & set(agent_codecs)
    assert agent.pick_up() is bool(common)
    told = exchange(caller, agent)
    if not common:
        assert told[0] == "SIP/2.0 488 Not Acceptable Here"
        assert caller.refusal == "488 Not Acceptable Here"
        return
    assert told == ["SIP/2.0 200 OK", "ACK sip:test-agent@192.0.2.21:5071 SIP/2.0"]
    assert caller.audio_to == agent.rtp
    assert agent.audio_to == caller.rtp
    assert {caller.codec, agent.codec} <= common
    caller.hang_up()
    assert exchange(caller, agent) == [
        "BYE sip:test-agent@192.0.2.21:5071 SIP/2.0",
        "SIP/2.0 200 OK",
    ]
    assert caller.ended
    assert agent.ended


def test_caller_gives_up_while_it_rings() -> None:
    caller, agent = parties(["alaw"], ["alaw"])
    caller.call("sip:test-call@192.0.2.21:5070")
    exchange(caller, agent)
    caller.hang_up()
    assert exchange(caller, agent) == [
        "CANCEL sip:test-call@192.0.2.21:5070 SIP/2.0",
        "SIP/2.0 200 OK",
        "SIP/2.0 487 Request Terminated",
        "ACK sip:test-call@192.0.2.21:5070 SIP/2.0",
    ]
    assert agent.ended


def connected() -> tuple[Caller, Agent]:
    caller, agent = parties(["alaw"], ["alaw"])
    caller.call("sip:test-call@192.0.2.21:5070")
    exchange(caller, agent)
    agent.pick_up()
    exchange(caller, agent)
    return caller, agent


def within(party: Agent, method: str, body: str = "") -> SipMessage:
    """A request within the call of the agent, and its answer."""
    assert party._invitation is not None  # noqa: SLF001
    call = party._invitation  # noqa: SLF001
    headers = [
        ("v", "SIP/2.0/UDP 192.0.2.21:5070;branch=z9hG4bK1"),
        ("f", call.first("from")),
        ("t", f"{call.first('to')};tag={party._tag}"),  # noqa: SLF001
        ("i", call.first("call-id")),
        ("CSeq", f"7 {method}"),
    ]
    party.receive(parse(write(f"{method} {party.contact} SIP/2.0", headers, body)))
    return parse(party.outgoing.pop(0)) if party.outgoing else SipMessage("", ())


def test_server_sends_the_audio_elsewhere() -> None:
    _caller, agent = connected()
    answer = within(agent, "INVITE", description(("192.0.2.99", 4000), ["alaw"], 2))
    assert answer.status == 200
    assert audio(answer.body) == (agent.rtp, [8])
    assert agent.audio_to == ("192.0.2.99", 4000)
    # An offer that is asked for comes with the answer, and its answer with the ACK.
    assert audio(within(agent, "INVITE").body) == (agent.rtp, [8])
    within(agent, "ACK", description(("192.0.2.98", 4000), ["alaw"], 3))
    assert agent.audio_to == ("192.0.2.98", 4000)
    refused = within(agent, "INVITE", description(("192.0.2.97", 4000), ["gsm"], 4))
    assert refused.status == 488
    assert agent.audio_to == ("192.0.2.98", 4000)
    assert within(agent, "OPTIONS").status == 200
    assert within(agent, "BYE").status == 200
    assert agent.ended


def test_call_of_somebody_else_is_not_taken() -> None:
    caller, agent = connected()
    stranger, _other = parties(["alaw"], ["alaw"])
    stranger.call("sip:test-agent@192.0.2.21:5071")
    agent.receive(parse(stranger.outgoing.pop(0)))
    assert agent.outgoing == []
    caller.receive(parse(b"BYE sip:x@y SIP/2.0\r\nCall-ID: other\r\nCSeq: 1 BYE\r\n\r\n"))
    assert not caller.ended


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello\r\n\r\n",
        b"\x80\x08\x00\x00",
        b"SIP/2.0 20\r\n\r\n",
        b"BYE x SIP/2.0\r\nvia\r\n\r\n",
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"begins no SIP message|is no header"):
        parse(data)


def test_short_and_folded_headers() -> None:
    message = parse(b"SIP/2.0 200 OK\r\nv: a\r\nVia: b\r\nt: <sip:x>\r\n ;tag=7\r\nl: 0\r\n\r\n")
    assert message.status == 200
    assert message.every("via") == ["a", "b"]
    assert message.to_tag == "7"


def test_tags_and_addresses() -> None:
    assert tag("<sip:a@b;tag=1>") == ""
    assert tag('"A;tag=2" <sip:a@b>;tag=3;x') == "3"
    assert uri('"A" <sip:a@b;lr>;expires=3') == "sip:a@b;lr"
    assert uri("sip:a@b;expires=3") == "sip:a@b"


def test_answer_repeats_what_identifies_the_request() -> None:
    request = parse(
        b"INVITE sip:a SIP/2.0\r\nVia: one\r\nVia: two\r\nFrom: f;tag=1\r\nTo: t\r\n"
        b"Call-ID: c\r\nCSeq: 4 INVITE\r\nRecord-Route: r\r\n\r\n"
    )
    answer = parse(response(request, "200 OK", "9", "sip:me", "v=0\r\n"))
    for name in ("via", "from", "call-id", "cseq", "record-route"):
        assert answer.every(name) == request.every(name)
    assert answer.first("to") == "t;tag=9"
    assert answer.first("content-length") == "5"
    assert parse(response(request, "100 Trying", "9")).first("to") == "t"


def test_no_audio_is_wanted() -> None:
    assert audio("") is None
    assert audio("c=IN IP4 192.0.2.1\r\nm=audio 0 RTP/AVP 8\r\n") is None
    # The line of the audio counts more than that of the session.
    both = "c=IN IP4 192.0.2.1\r\nm=audio 4 RTP/AVP 8 101\r\nc=IN IP4 192.0.2.2\r\n"
    assert audio(both) == (("192.0.2.2", 4), [8, 101])


@given(st.sampled_from(list(CODECS)), st.integers(0, 2**32 - 1), st.integers(1, 300))
def test_packets(codec: str, ssrc: int, count: int) -> None:
    sender = Sender("agent", codec, ssrc)
    packets = [sender.packet() for _one in range(count)]
    for number, packet in enumerate(packets):
        assert payload(packet) == frame("agent", codec)
        assert packet[1] == CODECS[codec].payload_type
        assert int.from_bytes(packet[2:4], "big") == number
        assert int.from_bytes(packet[8:12], "big") == ssrc


def test_speakers_are_told_apart() -> None:
    for codec in CODECS:
        assert frame("test-agent", codec) != frame("test-caller", codec)


def test_parts_of_a_packet_that_are_no_audio() -> None:
    head = b"\x08" + bytes(10)
    assert payload(b"\x80" + head + b"sound") == b"sound"
    assert payload(b"\x81" + head + bytes(4) + b"sound") == b"sound"
    assert payload(b"\x90" + head + bytes(2) + b"\x00\x01" + bytes(4) + b"sound") == b"sound"
    assert payload(b"\xa0" + head + b"sound\x00\x02") == b"sound"
    for nothing in (b"", b"\x80", b"\x00" * 20, b"\x90" + head):
        assert payload(nothing) == b""


GOOD = {
    "answered": True,
    "music_packets": MUSIC_PACKETS,
    "music_frames": MUSIC_FRAMES,
    "rang": True,
    "agent_answered": True,
    "caller_heard": HEARD_PACKETS,
    "agent_heard": HEARD_PACKETS,
    "direct": True,
    "agent_ended": True,
}


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("refusal", "404 Not Found", "A test call that offers alaw was refused: 404 Not Found."),
        ("answered", False, "A test call was not answered."),
        (
            "music_packets",
            3,
            "The caller of a test call heard no music while waiting in the queue.",
        ),
        ("music_frames", 1, "The caller of a test call heard no music while waiting in the queue."),
        ("rang", False, "The agent of a test call was not rung by the queue."),
        (
            "agent_answered",
            False,
            "The agent of a test call, who knows alaw, was offered no codec of these.",
        ),
        ("caller_heard", 3, "The caller of a test call did not hear the agent."),
        ("agent_heard", 3, "The agent of a test call did not hear the caller."),
        ("direct", False, "The audio of a test call kept passing through the server."),
        (
            "agent_ended",
            False,
            "The agent of a test call was still connected after the caller had hung up.",
        ),
    ],
)
def test_problem(part: str, value: object, sentence: str) -> None:
    assert problems(Observations(**GOOD), ["alaw"]) == []  # type: ignore[arg-type]
    assert problems(Observations(**{**GOOD, part: value}), ["alaw"]) == [sentence]  # type: ignore[arg-type]


def test_what_asterisk_says_of_a_queue_that_did_not_ring() -> None:
    seen = Observations(**{**GOOD, "rang": False, "queue": "PJSIP/test-agent (Unavailable)"})  # type: ignore[arg-type]
    assert problems(seen, ["alaw"]) == [
        "The agent of a test call was not rung by the queue, of which Asterisk says: "
        "PJSIP/test-agent (Unavailable)"
    ]
