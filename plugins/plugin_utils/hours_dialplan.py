# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening hours as subroutines of the dialplan, which return whether it is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from .menus import NAME, NAME_RULE
from .opening_hours import Condition, conditions, read_calendar
from .reading import OptionError
from .sentences import nearest


def hours_problems(
    hours: Mapping[str, object], zone: str = "", time_zones: Collection[str] = ()
) -> list[str]:
    """Sentences that say what is wrong with named hours and their time zone.

    ``time_zones`` are the names of all there are, if that is known.
    """
    problems = []
    if zone and time_zones and zone not in time_zones:
        remedy = nearest(zone, time_zones, "write one such as Europe/Madrid")
        problems.append(f"gateway_time_zone: there is no time zone '{zone}', {remedy}.")
    problems += filter(None, (_problem(str(name), each) for name, each in hours.items()))
    return problems


def hours_contexts(hours: Mapping[str, object], zone: str = "") -> str:
    """A context ``hours-NAME`` for each of the hours; an empty zone is that of the server."""
    comment = "; Is it open? GotoIfTime knows no years."
    return "".join(
        f"\n{comment}\n[hours-{name}]\n{_extensions(name, each, zone)}"
        for name, each in hours.items()
    )


def _extensions(name: str, calendar: object, zone: str) -> str:
    asked = conditions(read_calendar(("gateway_hours", name), calendar))
    years = sorted({condition.year for condition in asked if condition.year is not None})
    lines = [f"exten => s,1,Goto(${{STRFTIME(${{EPOCH}},{zone},%Y)}},1)"]
    for year in years:
        lines.append(f"exten => {year},1,NoOp()")
        lines += _questions((each for each in asked if each.year == year), zone)
        lines.append(" same => n,Goto(every,1)")
    lines += ["exten => _XXXX,1,Goto(every,1)", "exten => every,1,NoOp()"]
    lines += _questions((each for each in asked if each.year is None), zone)
    lines += [
        " same => n,Goto(closed,1)",
        "exten => open,1,Return(open)",
        "exten => closed,1,Return(closed)",
    ]
    return "".join(f"{line}\n" for line in lines)


def _questions(asked: Iterable[Condition], zone: str) -> Iterator[str]:
    for condition in asked:
        spec = f"{condition.spec},{zone}" if zone else condition.spec
        yield f" same => n,GotoIfTime({spec}?{'open' if condition.opens else 'closed'},1)"


def _problem(name: str, value: object) -> str:
    try:
        if not NAME.fullmatch(name):
            return f"gateway_hours: '{name}' is no name, {NAME_RULE}."
        read_calendar(("gateway_hours", name), value)
    except OptionError as error:
        return str(error)
    return ""
