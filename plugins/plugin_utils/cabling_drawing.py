# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gateways as a technician sees them: cards in slots, ports in cards, circuits in ports.

Everything is SVG inside an HTML page, which contains ``STYLE`` and ``PATTERNS`` once. A unit is a
CSS pixel, so that a gateway fits the width of an A4 or a Letter page in portrait.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .cabling_figures import UNGROUPED, port_state
from .wiring import SipCircuit, WiredCard, WiredPort, Wiring, place

WIDTH = 716
"""Of a gateway."""

_COLOURS = (
    *("#77aadd", "#ee8866", "#44bb99", "#eedd88"),
    *("#ffaabb", "#aaaa00", "#99ddff", "#bbcc33"),
)
"""Paul Tol's light scheme: the colour-blind tell them apart, dark letters are legible on each."""

_HATCHES = ("", "M0,6L6,0", "M0,3H6", "M0,0L6,6M0,6L6,0")
"""Strokes over a colour when it is used again."""

_EAR = 18
_GAP = 4
_CARD_WIDTH = WIDTH - 2 * _EAR
_LABEL_WIDTH = 90
_IN_A_ROW = 4
_IN_A_MODULE = 4
_MODULES_IN_A_ROW = 6
_PORTS_WIDTH = _CARD_WIDTH - _LABEL_WIDTH - 6
_SOCKET_WIDTH = (_PORTS_WIDTH - (_IN_A_ROW - 1) * _GAP) // _IN_A_ROW
_SOCKET_HEIGHT = 44
_MODULE_WIDTH = (_PORTS_WIDTH - (_MODULES_IN_A_ROW - 1) * _GAP) // _MODULES_IN_A_ROW
_MODULE_HEAD = 14
_TERMINAL_HEIGHT = 17
_FLAG_WIDTH = 22
_TERMINAL_FLAG_WIDTH = 14

_ADVANCE = 0.61
"""Width of a letter of the monospaced fonts, in letter heights."""
_WIDE_ADVANCE = 1.0
"""The same of a letter that is not ASCII."""
_SOCKET_FONTS = ((12.0, 1), (11.0, 1), (10.0, 1), (9.0, 1), (9.0, 2), (7.5, 2))
_TERMINAL_FONTS = ((10.0, 1), (9.0, 1), (8.0, 1), (7.5, 2), (7.0, 2))
"""Sizes and numbers of lines that are tried for a name, in this order."""

_STATE_TEXTS = {"free": "free", "dark": "dark: never use", "empty": "no module"}
"""What stands in a port without a circuit."""

STYLE = """
svg { display: block; }
svg text { fill: #111; font-family: Arial, 'Liberation Sans', Helvetica, sans-serif; }
svg .name { font-family: Consolas, Menlo, 'DejaVu Sans Mono', 'Liberation Mono', monospace;
  font-weight: 700; }
.box { fill: #d5d9de; stroke: #222; stroke-width: 1.5; }
.screw { fill: #fff; stroke: #555; }
.card { fill: #f3f4f6; stroke: #555; }
.slot { font-size: 9px; }
.model { font-weight: 700; }
.note { font-size: 9.5px; }
.module, .head { fill: #fff; stroke: #555; }
.kind { font-size: 9.5px; font-weight: 700; text-anchor: middle; }
.body { fill: #fff; stroke: #222; stroke-width: .8; }
.jack, .badge { fill: #fff; stroke: #222; }
.mesh { fill: none; stroke: #222; }
.number { font-weight: 700; text-anchor: middle; }
.tint { fill-opacity: .28; }
.flag { stroke: #222; stroke-width: .8; }
.code { font-weight: 700; text-anchor: middle; }
.hatched .code { paint-order: stroke; stroke: #fff; stroke-linejoin: round; stroke-width: 2.4px; }
.halo { fill: #fff; }
.fxs .jack, .fxs .badge, .fxs .head { fill: #111; }
svg .fxs .number, svg .fxs .kind { fill: #fff; }
.free .body { stroke: #666; stroke-dasharray: 4 3; }
.dark .body { fill: url(#pattern-dark); }
.empty .body, .bare .module, .bare .head { fill: none; stroke: #999; stroke-dasharray: 1 3; }
.empty .jack, .empty .badge { fill: none; stroke: #999; stroke-dasharray: 1 2; }
svg .free .note, svg .empty .note, svg .empty .number, svg .bare .kind { fill: #666;
  font-weight: 400; }
""" + "".join(f".colour-{index} {{ fill: {colour}; }}\n" for index, colour in enumerate(_COLOURS))
"""What the drawings need in the page's style sheet."""


@dataclass(frozen=True)
class Mark:
    """How a trunk group is told apart: by colour and hatch, and without colours by its letters."""

    code: str
    colour: int
    hatch: int


def marks(trunk_groups: Iterable[str]) -> dict[str, Mark]:
    """A mark for each trunk group."""
    return {
        group: Mark(_letters(index), index % len(_COLOURS), index // len(_COLOURS) % len(_HATCHES))
        for index, group in enumerate(trunk_groups)
    }


def _letters(index: int) -> str:
    """A to Z, AA to ZZ and so on."""
    code = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        code = chr(ord("A") + letter) + code
    return code


def printable(text: str) -> str:
    """Text that is what it looks like: nothing invisible, nothing that turns the writing around."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def escaped(text: str) -> str:
    """Text for HTML."""
    return html.escape(printable(text))


PATTERNS = (
    '<svg width="0" height="0" style="position:absolute"><defs>'
    + "".join(
        f'<pattern id="pattern-{index}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="{path}" stroke="#111" stroke-opacity=".55" stroke-width="1.2"/></pattern>'
        for index, path in enumerate(_HATCHES)
        if path
    )
    + '<pattern id="pattern-dark" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#c4c4c4"/>'
    '<path d="M0,5L5,0" stroke="#333" stroke-width="1.2"/></pattern>'
    '<path id="shape-jack" d="M0,0H26V20H20V26H6V20H0Z"/>'
    '<path id="shape-contacts" d="M5,0V5M8.2,0V5M11.4,0V5M14.6,0V5M17.8,0V5M21,0V5"/>'
    '<path id="shape-network" d="M13,1A12,12 0 0 1 13,25A12,12 0 0 1 13,1'
    'A6,12 0 0 1 13,25A6,12 0 0 1 13,1M1,13H25M3,7H23M3,19H23"/>'
    "</defs></svg>"
)
"""Shapes and patterns that the drawings refer to."""


def gateway_drawing(wiring: Wiring, group_marks: Mapping[str, Mark]) -> str:
    """A gateway: a box with its cards one below the other, circuits without a cable last."""
    drawn = [_card(wiring.gateway, card, group_marks) for card in wiring.cards]
    if wiring.sip:
        drawn.append(_network(wiring.sip, group_marks))
    if not drawn:
        drawn.append(_Drawn('<text class="note" x="6" y="16">no cards, no circuits</text>', 24))
    height = sum(each.height + 6 for each in drawn) + 10
    tops = itertools.accumulate((each.height + 6 for each in drawn), initial=8)
    return _svg(
        WIDTH,
        height,
        f'<rect class="box" x="1" y="1" width="{WIDTH - 2}" height="{height - 2}" rx="4"/>'
        + "".join(
            f'<circle class="screw" cx="{x}" cy="{y}" r="3.5"/>'
            for x in (_EAR // 2, WIDTH - _EAR // 2)
            for y in (14, height - 14)
        )
        + "".join(_at(_EAR, top, each.svg) for each, top in zip(drawn, tops, strict=False)),
    )


def swatch(mark: Mark) -> str:
    """The mark of a trunk group, as tall as a line of text."""
    return _svg(24, 16, _flag(1, 1, 22, 14, mark))


def samples() -> list[tuple[str, str]]:
    """Drawings of everything that a port may be, with their meanings."""
    example = Mark("A", 0, 0)
    sockets = [
        ("in use: the circuit's name, its trunk group at the right", _sample("t1", "name")),
        ("free", _sample("t1")),
        ("dark: leave it empty for ever", _sample("t1", dark=True)),
        ("empty module position", _sample("empty")),
    ]
    terminals = [
        ("FXO: takes a line of the telephone company", _sample("fxo", "name")),
        ("FXS: feeds a telephone", _sample("fxs", "name")),
    ]
    return [
        (meaning, _svg(_SOCKET_WIDTH + 2, _SOCKET_HEIGHT + 2, _at(1, 1, _socket(port, example))))
        for meaning, port in sockets
    ] + [
        (
            meaning,
            _svg(_MODULE_WIDTH + 2, _TERMINAL_HEIGHT + 2, _at(1, 1, _terminal(port, example))),
        )
        for meaning, port in terminals
    ]


def _sample(kind: str, circuit: str | None = None, *, dark: bool = False) -> WiredPort:
    return WiredPort(1, kind, circuit, UNGROUPED, 23 if kind == "t1" else 1, dark)


@dataclass(frozen=True)
class _Drawn:
    svg: str
    height: int


def _card(gateway: str, card: WiredCard, group_marks: Mapping[str, Mark]) -> _Drawn:
    """A card: its label, then ports with sockets of their own or modules of four."""
    analog = not any(port.kind in ("t1", "e1", "j1") for port in card.ports)
    in_modules = analog and len(card.ports) > _IN_A_ROW
    ports = [
        _port(place(gateway, card.slot, port.number), port, group_marks, in_module=in_modules)
        for port in card.ports
    ]
    if in_modules:
        cells = [
            _module(card.ports[first : first + _IN_A_MODULE], ports[first : first + _IN_A_MODULE])
            for first in range(0, len(ports), _IN_A_MODULE)
        ]
        height = _MODULE_HEAD + _IN_A_MODULE * _TERMINAL_HEIGHT
        grid = _grid(cells, _MODULES_IN_A_ROW, _MODULE_WIDTH, height)
    else:
        grid = _grid(ports, _IN_A_ROW, _SOCKET_WIDTH, _SOCKET_HEIGHT)
    used = sum(port.circuit is not None for port in card.ports)
    return _strip(f"slot {card.slot}", card.model, f"{used} of {len(card.ports)} used", grid)


def _network(sip: Sequence[SipCircuit], group_marks: Mapping[str, Mark]) -> _Drawn:
    """Circuits without a cable."""
    cells = [
        '<g class="circuit used">'
        + _cell(
            _SOCKET_WIDTH,
            one.circuit,
            f"SIP · {_channels(one.channels)}",
            group_marks.get(one.trunk_group),
            '<use href="#shape-network" class="mesh" x="7" y="9"/>',
        )
        + "</g>"
        for one in sip
    ]
    grid = _grid(cells, _IN_A_ROW, _SOCKET_WIDTH, _SOCKET_HEIGHT)
    return _strip("no cable", "network", f"{len(sip)} SIP", grid)


def _strip(slot: str, model: str, note: str, grid: _Drawn) -> _Drawn:
    """What every card has: the metal, the label at its left and the place for its ports."""
    height = max(grid.height, _SOCKET_HEIGHT) + 10
    size, lines = _fitted(model, _LABEL_WIDTH - 10, ((13.0, 1), (11.0, 1), (10.0, 1), (9.0, 1)))
    return _Drawn(
        f'<rect class="card" width="{_CARD_WIDTH}" height="{height}" rx="2"/>'
        f'<text class="slot" x="8" y="15">{slot}</text>'
        f'<text class="model" x="8" y="30" font-size="{size:g}">{escaped(lines[0])}</text>'
        f'<text class="note" x="8" y="45">{note}</text>' + _at(_LABEL_WIDTH, 5, grid.svg),
        height,
    )


def _grid(cells: Sequence[str], columns: int, width: int, height: int) -> _Drawn:
    rows = -(-len(cells) // columns)
    return _Drawn(
        "".join(
            _at(index % columns * (width + _GAP), index // columns * (height + _GAP), cell)
            for index, cell in enumerate(cells)
        ),
        max(rows * (height + _GAP) - _GAP, 0),
    )


def _module(ports: Sequence[WiredPort], drawn: Iterable[str]) -> str:
    """A module of an analog card: its kind, then its ports."""
    kinds = sorted({port.kind for port in ports})
    bare = kinds == ["empty"]
    title = "no module" if bare else " + ".join(kind.upper() for kind in kinds if kind != "empty")
    style = "bare" if bare else "fxs" if kinds == ["fxs"] else "fitted"
    return (
        f'<g class="{style}"><rect class="module" width="{_MODULE_WIDTH}" '
        f'height="{_MODULE_HEAD + len(ports) * _TERMINAL_HEIGHT}"/>'
        f'<rect class="head" width="{_MODULE_WIDTH}" height="{_MODULE_HEAD}"/>'
        f'<text class="kind" x="{_MODULE_WIDTH / 2:g}" y="10.5">{escaped(title)}</text></g>'
        + "".join(
            _at(0, _MODULE_HEAD + index * _TERMINAL_HEIGHT, port)
            for index, port in enumerate(drawn)
        )
    )


def _port(where: str, port: WiredPort, group_marks: Mapping[str, Mark], *, in_module: bool) -> str:
    mark = group_marks.get(port.trunk_group or UNGROUPED)
    drawn = _terminal(port, mark) if in_module else _socket(port, mark)
    return f'<g id="{escaped(where)}">{drawn}</g>'


def _classes(port: WiredPort) -> str:
    return f"port {port_state(port)}" + (" fxs" if port.kind == "fxs" else "")


def _socket(port: WiredPort, mark: Mark | None) -> str:
    """A port with a socket of its own."""
    state = port_state(port)
    jack = (
        '<use href="#shape-jack" class="jack" x="7" y="9"/>'
        + ('<use href="#shape-contacts" class="mesh" x="7" y="9"/>' if port.kind[1:] == "1" else "")
        + f'<text class="number" x="20" y="27" font-size="12">{port.number}</text>'
    )
    kind = port.kind.upper()
    if port.circuit is not None:
        cell = _cell(
            _SOCKET_WIDTH, port.circuit, f"{kind} · {_channels(port.channels)}", mark, jack
        )
    else:
        text = _STATE_TEXTS[state] if port.kind == "empty" else f"{kind} · {_STATE_TEXTS[state]}"
        cell = (
            f'<rect class="body" width="{_SOCKET_WIDTH}" height="{_SOCKET_HEIGHT}"/>{jack}'
            + _remark(text, 40, 26, state)
        )
    return f'<g class="{_classes(port)}">{cell}</g>'


def _terminal(port: WiredPort, mark: Mark | None) -> str:
    """A port in a module."""
    height, state = _TERMINAL_HEIGHT, port_state(port)
    body = f'<rect class="body" width="{_MODULE_WIDTH}" height="{height}"/>'
    badge = (
        f'<rect class="badge" x="1.5" y="1.5" width="15" height="{height - 3}"/>'
        f'<text class="number" x="9" y="12" font-size="9.5">{port.number}</text>'
    )
    if port.circuit is None:
        text = "-" if state == "empty" else state
        content = body + badge + _remark(text, 20, 12, state)
    else:
        room = _MODULE_WIDTH - 20 - _TERMINAL_FLAG_WIDTH - 1
        content = (
            body
            + _tint(_MODULE_WIDTH, height, mark)
            + badge
            + _name(port.circuit, 20, 8.5, room, _TERMINAL_FONTS)
            + _flag(_MODULE_WIDTH - _TERMINAL_FLAG_WIDTH, 0, _TERMINAL_FLAG_WIDTH, height, mark)
        )
    return f'<g class="{_classes(port)}">{content}</g>'


def _cell(width: int, name: str, note: str, mark: Mark | None, symbol: str) -> str:
    """A circuit with room for its channels."""
    room = width - 39 - _FLAG_WIDTH - 2
    return (
        f'<rect class="body" width="{width}" height="{_SOCKET_HEIGHT}"/>'
        + _tint(width, _SOCKET_HEIGHT, mark)
        + symbol
        + _name(name, 39, 15, room, _SOCKET_FONTS)
        + f'<text class="note" x="39" y="37">{escaped(note)}</text>'
        + _flag(width - _FLAG_WIDTH, 0, _FLAG_WIDTH, _SOCKET_HEIGHT, mark)
    )


def _remark(text: str, x: int, y: int, state: str) -> str:
    """Words in a port without a circuit."""
    halo = ""
    if state == "dark":
        width = 4.6 * len(text) + 8
        halo = f'<rect class="halo" x="{x - 3}" y="{y - 9.5:g}" width="{width:g}" height="13"/>'
    return f'{halo}<text class="note" x="{x}" y="{y}">{escaped(text)}</text>'


def _tint(width: int, height: int, mark: Mark | None) -> str:
    if mark is None:
        return ""
    return f'<rect class="tint colour-{mark.colour}" width="{width}" height="{height}"/>'


def _flag(x: int, y: int, width: int, height: int, mark: Mark | None) -> str:
    """Colour, hatch and letters of a trunk group."""
    if mark is None:
        return ""
    frame = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    size = min(13.0 if width > 20 else 10.0, width / 0.8 / len(mark.code))
    hatch = f'<rect {frame} fill="url(#pattern-{mark.hatch})"/>' if mark.hatch else ""
    return (
        f'<g class="{"hatched" if mark.hatch else "plain"}">'
        f'<rect class="flag colour-{mark.colour}" {frame}/>{hatch}'
        f'<text class="code" x="{x + width / 2:g}" y="{y + height / 2 + 0.36 * size:.4g}" '
        f'font-size="{size:.3g}">{mark.code}</text></g>'
    )


def _name(name: str, x: int, middle: float, room: int, fonts: Sequence[tuple[float, int]]) -> str:
    """A circuit's name, as large as there is room for, around the height ``middle``."""
    size, lines = _fitted(name, room, fonts)
    top = middle + 0.35 * size - 0.5 * size * (len(lines) - 1)
    text = (
        escaped(lines[0])
        if len(lines) == 1
        else "".join(
            f'<tspan x="{x}" y="{top + index * size:g}">{escaped(line)}</tspan>'
            for index, line in enumerate(lines)
        )
    )
    return f'<text class="name" x="{x}" y="{top:g}" font-size="{size:g}">{text}</text>'


def _fitted(
    text: str, room: int, fonts: Sequence[tuple[float, int]]
) -> tuple[float, tuple[str, ...]]:
    """The size and the lines of a text, without its middle where it is longer than they are."""
    advance = _ADVANCE if text.isascii() else _WIDE_ADVANCE
    most = 0
    size, count = fonts[0]
    for size, count in fonts:
        most = int(room / (advance * size))
        if len(text) <= most * count:
            break
    else:
        kept = most * count - 1
        text = f"{text[: kept // 2]}…{text[len(text) - (kept - kept // 2) :]}"
    if count == 1:
        return size, (text,)
    cut = _cut(text, most)
    return size, (text[:cut], text[cut:])


def _cut(text: str, most: int) -> int:
    """Where a text becomes two lines: after a separator if there is one."""
    cuts = range(max(len(text) - most, 1), min(most, len(text)) + 1)
    return next((cut for cut in reversed(cuts) if text[cut - 1] in "-_.:/ "), cuts[-1])


def _channels(count: int) -> str:
    return f"{count} channel" if count == 1 else f"{count} channels"


def _at(x: int, y: int, svg: str) -> str:
    return f'<g transform="translate({x},{y})">{svg}</g>' if x or y else svg


def _svg(width: int, height: int, content: str) -> str:
    return f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{content}</svg>'
