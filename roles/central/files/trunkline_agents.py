# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lights the lamp keys of agents, notes who talks, ends wrap-up in time, deletes removed seats.

The rows of the database say what agents do, whoever wrote them; queues read them without help. A
device state "Custom:STATUS-AGENT" of Asterisk stands for each lamp. On the hot spare the lamps
follow the replicated rows, so that they are right as soon as it is promoted. A seat that was
removed during a call keeps its account until the call ends, as its phone could not hang up else.
How phones that talk name their calls is noted too: another server may have to hang up for them.
"""

from __future__ import annotations

import sys
import time

import ami
import pymysql
from agent_lamps import changes, lit_before, lit_lamps
from agent_talks import REPORTS, Talks, talk_changes
from sip_dialog import ITEMS, Dialog
from trunkline_database import Database

SECONDS = 0.5
"""Between two looks at the rows."""
REPAIR_SECONDS = 2.0
"""Until Asterisk or the database is asked again after it did not answer."""

END_WRAPUP = """
UPDATE agents
SET status = 'Ready', reason = '', ends = NULL, changed_by = '', changed_at = UTC_TIMESTAMP(6)
WHERE ends <= UTC_TIMESTAMP()
"""
REMOVED = "SELECT id FROM ps_endpoints WHERE id NOT IN (SELECT id FROM ps_aors)"
"""Seats without an address of record: the inventory has them no more, but they were talking."""
TALKING = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}
"""States of a telephone with a call."""
AGENTS = "SELECT number, phone, status, reason, talking FROM agents"
TALKING_AGENT = "UPDATE agents SET talking = %s WHERE number = %s"
"""The history of the agents follows by itself."""

NOTE_DIALOG = """
REPLACE INTO dialogs (phone, call_id, target, local_uri, local_tag, remote_uri, remote_tag)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
FORGET_DIALOG = "DELETE FROM dialogs WHERE phone = %s AND call_id = %s"

Agent = tuple[str, str | None, str, str, int]
"""A row of AGENTS."""


class Rows(Database):
    """The agents in the database of this server."""

    def end_wrapup(self) -> bool:
        """Whether somebody is ready again."""
        return self.write(END_WRAPUP) > 0

    def removed(self) -> list[str]:
        """Seats that were removed during a call."""
        return [extension for (extension,) in self.read(REMOVED)]

    def delete(self, extension: str) -> None:
        """Deletes the account of a seat, and thereby its contacts."""
        self.write("DELETE FROM ps_endpoints WHERE id = %s", extension)
        self.write("DELETE FROM ps_auths WHERE id = %s", extension)

    def note_talk(self, number: str, talks: bool) -> None:
        """Whether an agent talks."""
        self.write(TALKING_AGENT, int(talks), number)

    def note_dialog(self, phone: str, dialog: Dialog) -> None:
        """The call of a phone that talks."""
        self.write(NOTE_DIALOG, phone, *dialog)

    def forget_dialog(self, phone: str, call_id: str) -> None:
        """The call is over."""
        self.write(FORGET_DIALOG, phone, call_id)

    def agents(self) -> list[Agent]:
        """All agents."""
        return self.read(AGENTS)


def should_be_lit(agents: list[Agent]) -> set[str]:
    """Lamps."""
    return {
        lamp
        for number, phone, status, reason, talking in agents
        for lamp in lit_lamps(number, phone is not None, status, reason, talking=bool(talking))
    }


class Dialogs:
    """Keeps the rows of the calls in which phones talk."""

    def __init__(self, asterisk: ami.Ami, rows: Rows) -> None:
        """None is noted."""
        self._asterisk, self._rows = asterisk, rows
        self._noted: dict[str, tuple[str, str]] = {}
        """Channel -> phone and Call-ID."""

    def follow(self, channels: dict[str, str]) -> None:
        """``channels`` are those that talk now, with their phones."""
        for channel in self._noted.keys() - channels.keys():
            self._rows.forget_dialog(*self._noted.pop(channel))
        for channel in channels.keys() - self._noted.keys():
            try:
                items = [self._asterisk.value(f"CHANNEL(pjsip,{one})", channel) for one in ITEMS]
            except ami.AmiError:
                continue  # The call has ended meanwhile.
            dialog = Dialog(*items)
            self._noted[channel] = channels[channel], dialog.call_id
            self._rows.note_dialog(channels[channel], dialog)


def follow(queues: list[str]) -> None:
    """Keeps lamps, history and queues as the rows are, until Asterisk or the database fails."""
    rows = Rows()
    try:
        with ami.connect() as asterisk, ami.connect() as reports:
            shown = lit_before(asterisk.action("DeviceStateList"))
            reports.listen(REPORTS)
            talks = Talks(asterisk.action("CoreShowChannels"))
            talked = talks.phones()
            dialogs = Dialogs(asterisk, rows)
            while True:
                if rows.end_wrapup():
                    for queue in queues:
                        asterisk.action("Getvar", Variable=f"QUEUE_MEMBER({queue},logged)")
                for extension in rows.removed():
                    if asterisk.value(f"DEVICE_STATE(PJSIP/{extension})") not in TALKING:
                        rows.delete(extension)
                agents = rows.agents()
                for event in reports.heard():
                    talks.report(event)
                talk = talks.phones()
                known = [
                    (number, phone, bool(noted))
                    for number, phone, _status, _reason, noted in agents
                ]
                for number, begins in talk_changes(known, talk, talked).items():
                    rows.note_talk(number, begins)
                talked = talk
                dialogs.follow(talks.channels())
                lit = should_be_lit(agents)
                for lamp, state in changes(shown, lit).items():
                    asterisk.action("Setvar", Variable=f"DEVICE_STATE({lamp})", Value=state)
                # A silent Asterisk is noticed here.
                asterisk.action("Ping")
                shown = lit
                time.sleep(SECONDS)
    finally:
        rows.close()


def main() -> None:
    """Runs for ever."""
    while True:
        try:
            follow(sys.argv[1:])
        except (ami.AmiError, pymysql.MySQLError, OSError) as error:
            print(error, file=sys.stderr, flush=True)
        time.sleep(REPAIR_SECONDS)


if __name__ == "__main__":
    main()
