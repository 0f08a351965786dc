# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gateways, cards and limits as a user writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from .cards import CATALOGUE, MODULES, UNIT_PORTS, Card, CardModel
from .gateways import MAX_ANALOG_CARDS, MAX_SPANS, Gateway, Limits
from .lines import LINES
from .reading import (
    OptionError,
    Path,
    choice,
    listed,
    mapping,
    name,
    optional,
    sequence,
    shown,
    switch,
    whole,
)
from .sentences import nearest_option

MOST_PORTS = 256
"""Ports of one card that a user declares; more are a slip of the keyboard."""

_GATEWAY_OPTIONS = ("cards", "site", "limits", "vars")
_CARD_OPTIONS = ("model", "modules", "dark")
_MODEL_OPTIONS = ("spans", "lines", "together", "analog_ports", "module_ports")
_LIMIT_OPTIONS = ("spans", "analog_cards")
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,39}")
_HOST_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}")
_SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def read_limits(path: Path, value: object, usual: Limits) -> Limits:
    """Limits, never above those of one server."""
    options = mapping(path, value, _LIMIT_OPTIONS)
    highest = {"spans": MAX_SPANS, "analog_cards": MAX_ANALOG_CARDS}
    for key, most in highest.items():
        given = options.get(key)
        if isinstance(given, int) and not isinstance(given, bool) and given > most:
            what = "spans (about 100 channels)" if key == "spans" else "cards of 24 analog ports"
            raise OptionError(
                (*path, key),
                f"{given} is above the {most} {what} that one server carries: give 0 to {most} and "
                "add gateways.",
            )
    return Limits(
        optional(options, path, "spans", partial(whole, least=0, most=MAX_SPANS), usual.spans),
        optional(
            options,
            path,
            "analog_cards",
            partial(whole, least=0, most=MAX_ANALOG_CARDS),
            usual.analog_cards,
        ),
    )


def read_card_models(value: object) -> dict[str, CardModel]:
    """The catalogue, with the models that the user adds."""
    path: Path = ("card_models",)
    models = dict(CATALOGUE)
    for key, options in mapping(path, value).items():
        model = name(
            (*path, key), key, _MODEL_NAME, "up to 40 letters, digits, '_', '.', '+' or '-'"
        )
        models[model] = _read_model((*path, key), model, options)
    return models


def _read_model(path: Path, model: str, value: object) -> CardModel:
    options = mapping(path, value, _MODEL_OPTIONS)
    ports = partial(whole, least=0, most=MOST_PORTS)
    spans = optional(options, path, "spans", ports, 0)
    analog = optional(options, path, "analog_ports", ports, 0)
    per_module = optional(
        options, path, "module_ports", partial(whole, least=1, most=MOST_PORTS), 1
    )
    if bool(spans) == bool(analog):
        raise OptionError(path, "a card has either spans or analog_ports, give one of them.")
    if analog % per_module:
        raise OptionError(
            (*path, "module_ports"), f"{analog} analog_ports are no multiple of {per_module}."
        )
    lines = tuple(LINES)
    if options.get("lines") is not None:
        where = (*path, "lines")
        lines = tuple(choice(where, one, tuple(LINES)) for one in sequence(where, options["lines"]))
        if not lines:
            raise OptionError(where, f"is empty, choose {listed(tuple(LINES), 'or')}.")
    return CardModel(
        model,
        spans,
        frozenset(lines),
        optional(options, path, "together", switch, False),
        analog,
        per_module,
    )


def read_gateways(
    value: object, models: Mapping[str, CardModel], usual: Limits
) -> tuple[Gateway, ...]:
    """All gateways. Raises ``OptionError``."""
    path: Path = ("gateways",)
    if isinstance(value, list | tuple):
        value = _names_to_mapping(path, value)
    lists = _CardLists(models)
    return tuple(
        _read_gateway((*path, key), key, options, lists, usual)
        for key, options in mapping(path, value).items()
    )


def _names_to_mapping(path: Path, names: list[object] | tuple[object, ...]) -> dict[str, None]:
    gateways: dict[str, None] = {}
    for one in names:
        if not isinstance(one, str):
            raise OptionError(path, f"{shown(one)} is no name of a gateway.")
        if one in gateways:
            raise OptionError(path, f"{shown(one)} is there twice: remove one.")
        gateways[one] = None
    return gateways


class _CardLists:
    """Reads lists of cards; as most gateways are alike, equal lists are read once."""

    def __init__(self, models: Mapping[str, CardModel]) -> None:
        self.models = models
        self.known: dict[str, tuple[Card, ...]] = {}

    def read(self, path: Path, cards: object) -> tuple[Card, ...]:
        if not isinstance(cards, list) or not all(isinstance(card, str) for card in cards):
            return _read_cards(path, cards, self.models)
        names = " ".join(cards)
        found = self.known.get(names)
        if found is None:
            found = self.known[names] = _read_cards(path, cards, self.models)
        return found


def _read_gateway(path: Path, key: str, value: object, lists: _CardLists, usual: Limits) -> Gateway:
    gateway = name(path, key, _HOST_NAME, "a host name")
    options = mapping(path, value)
    for option in options:
        if option not in _GATEWAY_OPTIONS and not option.startswith("ansible_"):
            raise OptionError(
                (*path, option),
                f"unknown option, {nearest_option(option, _GATEWAY_OPTIONS)}; host variables go "
                "under vars.",
            )
    variables: dict[str, object] = {
        option: given for option, given in options.items() if option.startswith("ansible_")
    }
    variables.update(mapping((*path, "vars"), options.get("vars")))
    site = options.get("site")
    read = Gateway(
        gateway,
        lists.read((*path, "cards"), options.get("cards")),
        None
        if site is None
        else name((*path, "site"), site, _SITE_NAME, "letters, digits, '_' or '-'"),
        usual
        if options.get("limits") is None
        else read_limits((*path, "limits"), options["limits"], usual),
        variables,
    )
    _check_analog(path, read)
    return read


def _check_analog(path: Path, gateway: Gateway) -> None:
    large = sum(card.model.analog_ports >= UNIT_PORTS for card in gateway.cards)
    if large > gateway.limits.analog_cards:
        raise OptionError(
            (*path, "cards"),
            f"{large} cards of {UNIT_PORTS} analog ports are more than the "
            f"{gateway.limits.analog_cards} that this gateway may carry: move some to another one.",
        )
    if gateway.span_limit < 0:
        raise OptionError(
            (*path, "cards"),
            f"{gateway.analog_ports} analog ports are more than "
            f"{gateway.limits.spans * UNIT_PORTS}, the load of {gateway.limits.spans} spans: move "
            "some cards to another gateway.",
        )


def _read_cards(path: Path, value: object, models: Mapping[str, CardModel]) -> tuple[Card, ...]:
    if value is None:
        return ()
    return tuple(
        _read_card((*path, position), position + 1, one, models)
        for position, one in enumerate(sequence(path, value))
        if one is not None  # a slot that was emptied keeps the numbers of the others
    )


def _read_card(path: Path, slot: int, value: object, models: Mapping[str, CardModel]) -> Card:
    options = {"model": value} if isinstance(value, str) else mapping(path, value, _CARD_OPTIONS)
    model_name = options.get("model")
    model = models.get(model_name) if isinstance(model_name, str) else None
    if model is None:
        raise OptionError(
            path,
            f"{shown(model_name)} is no card that is known, "
            f"{nearest_option(str(model_name), models)}, or describe it in card_models.",
        )
    modules = _read_modules((*path, "modules"), model, options.get("modules"))
    count = model.spans or model.analog_ports
    dark = options.get("dark")
    return Card(
        slot,
        model,
        modules,
        frozenset()
        if dark is None
        else frozenset(
            whole((*path, "dark"), one, 1, count) for one in sequence((*path, "dark"), dark)
        ),
    )


def _read_modules(path: Path, model: CardModel, value: object) -> tuple[str | None, ...]:
    """By default an analog card is full of FXO modules; places that are not named are empty."""
    if value is None:
        return ("fxo",) * model.module_places
    if model.spans:
        raise OptionError(path, f"a {model.name} has no modules: remove this line.")
    modules = tuple(
        None if one is None else choice(path, one, MODULES) for one in sequence(path, value)
    )
    if len(modules) > model.module_places:
        raise OptionError(
            path,
            f"{len(modules)} modules do not fit, a {model.name} has {model.module_places} places.",
        )
    return modules + (None,) * (model.module_places - len(modules))
