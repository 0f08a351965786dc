# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page that a technician prints and carries to the rack: every port, and the circuit in it.

One self-contained HTML page, well-formed as XML. It prints on A4 and Letter, upright and across.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from .cabling_drawing import (
    PATTERNS,
    STYLE,
    WIDTH,
    Mark,
    escaped,
    gateway_drawing,
    marks,
    printable,
    samples,
    swatch,
)
from .cabling_figures import (
    NOTHING,
    Cabling,
    Load,
    PortState,
    TrunkGroup,
    circuits,
    percent,
    survey,
)
from .natural_order import natural_key
from .wiring import Wiring

TITLE = "Cabling sheet"

_OVERVIEW_ROWS = 20
_OVERVIEW_COLUMNS = 16
"""Of one block of the overview, so that blocks stand side by side and fit the page."""

_PORT_STATES: Mapping[PortState, str] = {
    "used": "in use",
    "free": "free",
    "dark": "dark",
    "empty": "without module",
}

_STYLE = f"""
@page {{ margin: 8mm 8mm 10mm; @bottom-right {{ content: counter(page) " / " counter(pages);
  font: 8pt Arial, sans-serif; color: #555; }} }}
* {{ box-sizing: border-box; }}
html {{ background: #fff; color: #111; }}
body {{ font: 12px/1.35 Arial, 'Liberation Sans', Helvetica, sans-serif; margin: 0 auto;
  max-width: 1180px; padding: 16px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
h1 {{ font-size: 24px; margin: 0 0 8px; overflow-wrap: anywhere; }}
h2 {{ font-size: 16px; margin: 18px 0 6px; break-after: avoid; }}
h3 {{ font-size: 12px; margin: 0 0 4px; overflow-wrap: anywhere; }}
a {{ color: inherit; }}
svg {{ max-width: 100%; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #bbb; padding: 2px 8px 2px 0; text-align: left;
  overflow-wrap: anywhere; }}
th {{ border-color: #222; font-size: 11px; vertical-align: bottom; }}
tr {{ break-inside: avoid; }}
td.figure, th.figure {{ text-align: right; overflow-wrap: normal; white-space: nowrap;
  font-variant-numeric: tabular-nums; }}
tr.sum td {{ border-bottom: 0; font-weight: 700; }}
.all {{ font-weight: 700; }}
.facts {{ display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 0; padding: 0; list-style: none; }}
.facts b {{ display: block; font-size: 22px; line-height: 1.1; }}
.groups {{ width: 100%; }}
.groups .after {{ padding-left: 16px; }}
.legend {{ break-inside: avoid; }}
.legend ul {{ display: grid; gap: 8px 20px;
  grid-template-columns: repeat(auto-fill, minmax(310px, 1fr));
  list-style: none; margin: 0; padding: 0; }}
.legend li {{ align-items: center; display: flex; gap: 8px; }}
.legend svg {{ flex: none; }}
.overview {{ align-items: flex-start; display: flex; flex-wrap: wrap; gap: 12px 18px; }}
.overview table {{ break-inside: avoid; font-size: 11px; }}
.overview th, .overview td {{ line-height: 14px; padding: 0 5px 0 0; }}
.overview th svg {{ margin-left: auto; width: 21px; height: 14px; }}
.overview td:last-child, .overview th:last-child {{ padding: 0 1px 0 6px; }}
.overview td.none {{ color: #999; }}
.overview td.site {{ font-weight: 700; padding-top: 3px; }}
.gateway {{ break-inside: avoid; padding: 10px 0 8px; }}
.gateway header {{ align-items: baseline; border-top: 2px solid #222; break-after: avoid;
  display: flex; gap: 4px 14px; flex-wrap: wrap; padding: 4px 0; }}
.gateway h2 {{ font-size: 18px; margin: 0; overflow-wrap: anywhere; }}
.gateway .position {{ margin-left: auto; }}
.sides {{ align-items: flex-start; display: flex; flex-wrap: wrap; gap: 8px 16px; }}
.box-side {{ flex: 0 1 {WIDTH}px; max-width: 100%; }}
.box-side svg {{ height: auto; max-height: 176mm; }}
.loss {{ flex: 1 1 250px; }}
.loss table {{ width: 100%; }}
.loss td, .loss th {{ font-size: 11px; line-height: 15px; padding: 1px 6px 1px 0; }}
.loss .figure:last-child {{ padding-right: 1px; }}
td.mark {{ padding-right: 6px; width: 30px; }}
.index ol {{ column-gap: 16px; font-size: 11px; list-style: none; margin: 0; padding: 0; }}
.index li {{ border-bottom: 1px dotted #999; break-inside: avoid; display: flex; gap: 10px;
  justify-content: space-between; }}
.index b {{ overflow-wrap: anywhere; }}
.index a {{ flex: none; max-width: 60%; overflow-wrap: anywhere; text-decoration: none; }}
@media print {{ body {{ max-width: none; padding: 0; }} a {{ text-decoration: none; }} }}
"""


def cabling_sheet(wirings: Sequence[Wiring], title: str = TITLE) -> str:
    """The page: what there is and what depends on it, every gateway, where each circuit ends."""
    cabling = survey(wirings)
    group_marks = marks(cabling.trunk_groups)
    body = itertools.chain(
        [PATTERNS, f"<h1>{escaped(title)}</h1>", _facts(cabling)],
        _groups(cabling, group_marks),
        _overview(cabling, group_marks),
        _legend(),
        _gateways(cabling, group_marks),
        _index(cabling),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n'
        '<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width"/>\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _facts(cabling: Cabling) -> str:
    facts = [
        (len(cabling.gateways), _plural(len(cabling.gateways), "gateway")),
        (cabling.total.circuits, _plural(cabling.total.circuits, "circuit")),
        (cabling.total.channels, _plural(cabling.total.channels, "channel")),
        *(
            (cabling.ports[state], f"{_plural(cabling.ports[state], 'port')} {text}")
            for state, text in _PORT_STATES.items()
            if state in cabling.ports
        ),
    ]
    return (
        '<ul class="facts">'
        + "".join(f"<li><b>{number}</b>{text}</li>" for number, text in facts)
        + "</ul>"
    )


def _groups(cabling: Cabling, group_marks: Mapping[str, Mark]) -> Iterator[str]:
    """The trunk groups, and how much of each hangs on a single gateway."""
    if not cabling.trunk_groups:
        return
    yield '<h2>Trunk groups</h2>\n<table class="groups"><thead><tr>'
    yield "<th></th><th>trunk group</th><th>line</th>"
    yield _heads("circuits", "channels", "gateways")
    yield '<th class="after">most that is lost with one gateway</th>' + _heads("share")
    yield "</tr></thead><tbody>"
    for group in cabling.trunk_groups.values():
        share = percent(group.worst, group.total)
        yield (
            f'<tr><td class="mark">{swatch(group_marks[group.name])}</td>'
            f"<td>{escaped(group.name)}</td>"
            f"<td>{escaped(' + '.join(kind.upper() for kind in group.kinds))}</td>"
            f"{_figures(group.total.circuits, group.total.channels, group.gateways)}"
            f'<td class="after">{escaped(_worst(group))}</td>{_share(share)}</tr>'
        )
    yield "</tbody></table>"


def _worst(group: TrunkGroup) -> str:
    first, *others = group.worst_gateways
    who = f"{first} (or {len(others)} more)" if others else first
    whole = group.total.circuits
    return f"{who}: {group.worst.circuits} of {whole} {_plural(whole, 'circuit')}"


def _legend() -> Iterator[str]:
    yield '<section class="legend"><h2>How to read the ports</h2>\n<ul>'
    for meaning, drawing in samples():
        yield f"<li>{drawing}<span>{escaped(meaning)}</span></li>"
    yield "</ul></section>"


def _overview(cabling: Cabling, group_marks: Mapping[str, Mark]) -> Iterator[str]:
    """Circuits of each trunk group in each gateway, in blocks that fit the page."""
    if not cabling.gateways:
        return
    yield "<h2>Circuits of each trunk group, and channels, in each gateway</h2>"
    yield '<div class="overview">'
    groups = list(cabling.trunk_groups)
    rows = list(enumerate(zip(cabling.gateways, cabling.loads, strict=True), 1))
    for first in range(0, len(rows), _OVERVIEW_ROWS):
        for left in range(0, max(len(groups), 1), _OVERVIEW_COLUMNS):
            columns = groups[left : left + _OVERVIEW_COLUMNS]
            yield _overview_block(rows[first : first + _OVERVIEW_ROWS], columns, group_marks)
    yield "</div>"


def _overview_block(
    rows: Iterable[tuple[int, tuple[Wiring, Mapping[str, Load]]]],
    groups: Sequence[str],
    group_marks: Mapping[str, Mark],
) -> str:
    lines = [
        f"<table><thead><tr>{_heads('no.')}<th>gateway</th>"
        f"{_heads(*(swatch(group_marks[group]) for group in groups), 'ch.')}</tr></thead><tbody>"
    ]
    site = None
    for number, (wiring, load) in rows:
        if wiring.site != site:
            site = wiring.site
            lines.append(
                f'<tr><td class="site" colspan="{len(groups) + 3}">{escaped(site or "")}</td></tr>'
            )
        lines.append(
            f'<tr><td class="figure">{number}</td>'
            f"<td>{_link(f'gateway/{wiring.gateway}', wiring.gateway)}</td>"
            + "".join(_count(load.get(group, NOTHING).circuits) for group in groups)
            + f"{_figures(sum(load.values(), NOTHING).channels)}</tr>"
        )
    return "".join(lines) + "</tbody></table>"


def _count(count: int) -> str:
    return _figures(count) if count else '<td class="figure none">·</td>'


def _gateways(cabling: Cabling, group_marks: Mapping[str, Mark]) -> Iterator[str]:
    count = len(cabling.gateways)
    for number, (wiring, load) in enumerate(zip(cabling.gateways, cabling.loads, strict=True), 1):
        total = sum(load.values(), NOTHING)
        name = escaped(wiring.gateway)
        site = "" if wiring.site is None else f"<span>site {escaped(wiring.site)}</span>"
        yield (
            f'<section class="gateway" id="gateway/{name}"><header><h2>{name}</h2>{site}'
            f"<span>{total.circuits} {_plural(total.circuits, 'circuit')}, "
            f"<b>{total.channels} {_plural(total.channels, 'channel')}</b></span>"
            f'<span class="position">gateway {number} of {count}</span></header>'
            f'<div class="sides"><div class="box-side">{gateway_drawing(wiring, group_marks)}</div>'
        )
        if load:
            yield _loss(name, load, cabling, group_marks)
        yield "</div></section>"


def _loss(
    gateway: str, load: Mapping[str, Load], cabling: Cabling, group_marks: Mapping[str, Mark]
) -> str:
    """What the call center loses with a gateway."""
    rows = [
        f'<tr><td class="mark">{swatch(group_marks[name])}</td><td>{escaped(name)}</td>'
        f"{_lost(load[name], group.total)}</tr>"
        for name, group in cabling.trunk_groups.items()
        if name in load
    ]
    if len(cabling.trunk_groups) > 1:
        lost = _lost(sum(load.values(), NOTHING), cabling.total)
        rows.append(f'<tr class="sum"><td></td><td>all trunk groups</td>{lost}</tr>')
    return (
        f'<div class="loss"><h3>What is lost if {gateway} dies</h3>'
        f"<table><thead><tr><th></th><th>trunk group</th>{_heads('circuits', 'channels', 'share')}"
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _lost(lost: Load, total: Load) -> str:
    return (
        f'<td class="figure">{lost.circuits} of {total.circuits}</td>'
        f'<td class="figure">{lost.channels} of {total.channels}</td>'
        f"{_share(percent(lost, total))}"
    )


def _index(cabling: Cabling) -> Iterator[str]:
    """Where each circuit ends, for those who know its name."""
    ends = sorted(
        ((circuit, wiring) for wiring in cabling.gateways for circuit in circuits(wiring)),
        key=lambda end: (natural_key(end[0].name), natural_key(end[0].place)),
    )
    if not ends:
        return
    longest = max(len(circuit.name) + len(circuit.place) for circuit, wiring in ends)
    width = min(max(165, 6 * longest + 24), WIDTH)
    yield '<section class="index"><h2>Where each circuit ends (gateway/slot/port)</h2>'
    yield f'<ol style="columns:{width}px">'
    for circuit, wiring in ends:
        target = f"gateway/{wiring.gateway}" if circuit.kind == "sip" else circuit.place
        yield (f"<li><b>{escaped(circuit.name)}</b>{_link(target, circuit.place)}</li>")
    yield "</ol></section>"


def _link(target: str, text: str) -> str:
    return f'<a href="#{quote(printable(target))}">{escaped(text)}</a>'


def _heads(*heads: str) -> str:
    return "".join(f'<th class="figure">{head}</th>' for head in heads)


def _figures(*numbers: int) -> str:
    return "".join(f'<td class="figure">{number}</td>' for number in numbers)


def _share(share: str) -> str:
    style = "figure all" if share == "100 %" else "figure"
    return f'<td class="{style}">{escaped(share)}</td>'


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
