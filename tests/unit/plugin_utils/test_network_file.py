# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trunk groups, gateways and cards as a user writes them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.circuits import Pin
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateways import Gateway, Limits
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import read_network
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import OptionError

Options = dict[str, Any]

PRI: Options = {"type": "pri", "line": "t1"}
E1: Options = {"type": "pri", "line": "e1"}
SIP: Options = {"type": "sip", "host": "192.0.2.10"}
GATEWAYS: Options = {"gw1": {"cards": ["TE420", "TDM800P"]}, "gw2": {"cards": ["TE122"]}}


def group(**options: object) -> Any:  # noqa: ANN401 a trunk group, of which a test knows more
    """The trunk group ``a``."""
    network = read_network({"trunk_groups": {"a": options}, "gateways": GATEWAYS})
    return network.trunk_groups[0]


def gateway(**options: object) -> Gateway:
    """The gateway ``gw1``."""
    return read_network({"gateways": {"gw1": options}}).gateways[0]


def problem(data: Options) -> str:
    with pytest.raises(OptionError) as caught:
        read_network(data)
    return str(caught.value)


def test_nothing() -> None:
    network = read_network({})
    assert (network.trunk_groups, network.gateways, network.channels) == ((), (), 0)
    assert read_network(dict.fromkeys(("trunk_groups", "gateways", "limits"))) == network


def test_order_of_the_file() -> None:
    network = read_network(
        {"trunk_groups": {"b": SIP, "a": SIP}, "gateways": {"gw10": None, "gw2": {}}}
    )
    assert [group.name for group in network.trunk_groups] == ["b", "a"]
    assert network.gateways == (Gateway("gw10"), Gateway("gw2"))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            PRI,
            {
                "circuits": ("a-1",),
                "kind": "t1",
                "channels": 23,
                "total_channels": 23,
                "signalling": "pri_cpe",
                "switchtype": "national",
                "framing": "esf",
                "coding": "b8zs",
                "crc4": False,
                "lbo": 0,
                "timing": True,
                "gateways": None,
                "exclude": frozenset(),
                "pins": {},
                "numbers": (),
            },
        ),
        (
            {**E1, "circuits": 2},
            {
                "circuits": ("a-1", "a-2"),
                "total_channels": 60,
                "switchtype": "euroisdn",
                "framing": "ccs",
                "coding": "hdb3",
                "crc4": True,
            },
        ),
        (
            {"type": "pri", "line": "j1"},
            {"kind": "j1", "channels": 23, "framing": "esf", "switchtype": "national"},
        ),
        (
            {"type": "cas", "line": "t1"},
            {"channels": 24, "signalling": "em_w", "switchtype": None, "timing": True},
        ),
        (
            {"type": "cas", "line": "e1"},
            {"channels": 30, "signalling": "mfcr2", "framing": "cas", "crc4": False},
        ),
        (
            {"type": "channel_bank", "line": "t1"},
            {"channels": 24, "signalling": "fxs_ks", "timing": False},
        ),
        (
            {"type": "analog", "circuits": "3"},
            {"kind": "fxo", "channels": 1, "total_channels": 3, "signalling": "fxs_ks"},
        ),
        (
            {"type": "station", "extensions": "3001-3003,!3002"},
            {
                "kind": "fxs",
                "circuits": ("a-3001", "a-3003"),
                "extensions": ("3001", "3003"),
                "signalling": "fxo_ks",
            },
        ),
        (
            {"type": "station", "extensions": 3001, "circuits": 1},
            {"circuits": ("a-3001",), "extensions": ("3001",)},
        ),
        (
            {"type": "channel_bank", "line": "t1", "extensions": "3001-3030"},
            {"circuits": ("a-1", "a-2"), "channels": 24, "signalling": "fxo_ks"},
        ),
        (
            {"type": "channel_bank", "line": "e1", "extensions": "3001-3030", "circuits": ["west"]},
            {"circuits": ("west",), "channels": 30},
        ),
        (SIP, {"kind": "sip", "channels": 30, "port": 5060, "host": "192.0.2.10"}),
        ({**SIP, "host": "sip.example.net", "port": "5061", "channels": 7}, {"port": 5061}),
        ({**PRI, "circuits": ["DE-771", 12]}, {"circuits": ("DE-771", "12")}),
        ({**PRI, "circuits": []}, {"circuits": ()}),
        ({**PRI, "circuits": 0}, {"circuits": ()}),
        ({**PRI, "circuits": 4, "nfas": 4}, {"total_channels": 94}),
        ({**PRI, "circuits": 4, "nfas": 4, "nfas_backup": False}, {"total_channels": 95}),
        ({**PRI, "circuits": 4, "nfas": 2}, {"total_channels": 92}),
        ({**E1, "circuits": 2, "nfas": 2, "nfas_backup": False}, {"total_channels": 61}),
        (
            {**PRI, "gateways": ["gw1"], "exclude": ["gw2"], "timing": False, "lbo": 7},
            {
                "gateways": frozenset({"gw1"}),
                "exclude": frozenset({"gw2"}),
                "timing": False,
                "lbo": 7,
            },
        ),
        (
            {**PRI, "circuits": 2, "pins": {1: "gw1/1/4", "a-2": "gw2"}},
            {"pins": {"a-1": Pin("gw1", 1, 4), "a-2": Pin("gw2")}},
        ),
        (
            {**PRI, "numbers": ["5550100-5550199", 5550100, "+1555", "_55501XX", "_1[2-4]."]},
            {"numbers": ("5550100-5550199", "5550100", "+1555", "_55501XX", "_1[2-4].")},
        ),
    ],
)
def test_trunk_group(options: Options, expected: Options) -> None:
    read = group(**options)
    assert {option: getattr(read, option) for option in expected} == expected


TYPES = "choose pri, cas, channel_bank, analog, station or sip."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (None, f"type is missing, {TYPES}"),
        ({}, f"type is missing, {TYPES}"),
        ("pri", "'pri' is no mapping, write 'option: value' lines."),
        ({"type": "isdn"}, f"type: 'isdn' is not known, {TYPES}"),
        ({"type": "pri"}, "line is missing, choose t1, e1 or j1."),
        ({"type": "pri", "line": "T1"}, "line: 'T1' is not known, choose t1, e1 or j1."),
        ({**PRI, "circuit": 2}, "circuit: unknown option, did you mean 'circuits'."),
        ({**PRI, "extension": "3001"}, "extension: unknown option, check the spelling."),
        *(
            (
                {**options, option: value},
                f"{option}: a group of type {options['type']} has no such option: remove this "
                "line.",
            )
            for options, option, value in (
                (PRI, "extensions", "3001"),
                ({"type": "analog"}, "line", "t1"),
                ({"type": "cas", "line": "t1"}, "nfas", 2),
                (SIP, "signalling", "pri_cpe"),
                (E1, "host", "192.0.2.10"),
            )
        ),
        (
            {"type": "analog", "x": "t1"},
            "x: unknown option, choose from circuits, exclude, gateways, numbers, pins, "
            "signalling, type.",
        ),
        *(
            (
                {**PRI, "circuits": value},
                f"circuits: '{value}' is no whole number from 0 to 100000.",
            )
            for value in (-1, 100_001, 1.5, True, "many", float("nan"))
        ),
        (
            {**PRI, "circuits": ["a", "b", "a"]},
            "circuits: 'a' is there twice: remove or rename one.",
        ),
        (
            {**PRI, "circuits": ["a", "b c"]},
            "circuits: 2: 'b c' is no name, write up to 60 letters, digits, '_', '.', ':', '+' "
            "or '-'.",
        ),
        (
            {**PRI, "circuits": ["#1"]},
            "circuits: 1: '#1' is no name, write up to 60 letters, digits, '_', '.', ':', '+' or "
            "'-'.",
        ),
        (
            {"type": "station", "extensions": "3001-3002", "circuits": 3},
            "circuits: '3' does not go with 2 extensions: remove it.",
        ),
        (
            {"type": "channel_bank", "line": "t1", "extensions": "3001-3025", "circuits": 1},
            "circuits: 1 with 24 telephones each are too few for 25 extensions, 2 are needed.",
        ),
        (
            {"type": "channel_bank", "line": "t1", "extensions": 3001, "signalling": "fxs_ks"},
            "signalling: 'fxs_ks' is not known, choose fxo_ks, fxo_ls or fxo_gs.",
        ),
        (
            {"type": "station", "extensions": "desk"},
            "extensions 'desk': 'desk' is neither a number nor a range, write for example "
            "'1001-1200,!1013'.",
        ),
        (
            {**PRI, "circuits": 3, "nfas": 2},
            "nfas: 3 circuits are no multiple of 2, the size of an NFAS group.",
        ),
        *(
            (
                {**PRI, "circuits": 4, "nfas": value},
                f"nfas: '{value}' is no whole number from 1 to 4.",
            )
            for value in (0, 5, "all")
        ),
        ({**PRI, "nfas_backup": "no"}, "nfas_backup: 'no' is neither true nor false."),
        ({**PRI, "timing": 1}, "timing: '1' is neither true nor false."),
        ({**PRI, "lbo": 8}, "lbo: '8' is no whole number from 0 to 7."),
        (
            {**PRI, "crc4": True},
            "crc4: only an E1 has it (ITU-T G.704): remove this line.",
        ),
        ({**PRI, "framing": "ccs"}, "framing: 'ccs' is not known, choose esf or d4."),
        ({**E1, "framing": "cas"}, "framing: 'cas' is not known, choose ccs."),
        ({**PRI, "coding": "hdb3"}, "coding: 'hdb3' is not known, choose b8zs or ami."),
        (
            {**PRI, "switchtype": "dms"},
            "switchtype: 'dms' is not known, choose national, ni1, dms100, 4ess, 5ess, euroisdn "
            "or qsig.",
        ),
        (
            {**PRI, "signalling": "em_w"},
            "signalling: 'em_w' is not known, choose pri_cpe or pri_net.",
        ),
        (
            {"type": "analog", "signalling": "fxo_ks"},
            "signalling: 'fxo_ks' is not known, choose fxs_ks, fxs_ls or fxs_gs.",
        ),
        (
            {"type": "cas", "line": "t1", "signalling": "mfcr2"},
            "signalling: 'mfcr2' is not known, choose em_w, em, featd, featdmf, featb, "
            "fxs_ks, fxs_ls, fxs_gs, fxo_ks, fxo_ls or fxo_gs.",
        ),
        (
            {"type": "cas", "line": "e1", "signalling": "em_w"},
            "signalling: 'em_w' is not known, choose mfcr2, em_e1, fxs_ks, fxs_ls, fxs_gs, fxo_ks, "
            "fxo_ls or fxo_gs.",
        ),
        (
            {"type": "channel_bank", "line": "e1", "signalling": "em"},
            "signalling: 'em' is not known, choose fxs_ks, fxs_ls, fxs_gs, fxo_ks, fxo_ls, fxo_gs "
            "or em_e1.",
        ),
        ({"type": "sip"}, "host is missing, give the address of the carrier."),
        *(
            ({"type": "sip", "host": value}, f"host: '{value}' is no address of a carrier.")
            for value in ("a b", "", 7, "sip;x", ["192.0.2.10"])
        ),
        ({**SIP, "port": 0}, "port: '0' is no whole number from 1 to 65535."),
        ({**SIP, "port": 65536}, "port: '65536' is no whole number from 1 to 65535."),
        ({**SIP, "channels": 0}, "channels: '0' is no whole number from 1 to 10000."),
        ({**PRI, "numbers": "5550100"}, "numbers: '5550100' is no list, write [one, two]."),
        (
            {**PRI, "numbers": ["reception"]},
            "numbers: 1: 'reception' is no name, write a telephone number, a range or a pattern.",
        ),
        ({**PRI, "gateways": "gw1"}, "gateways: 'gw1' is no list, write [one, two]."),
        ({**PRI, "gateways": ["gw11"]}, "gateways: 'gw11' is no gateway, did you mean 'gw1'."),
        ({**PRI, "exclude": ["x", "gw1"]}, "exclude: 'x' is no gateway, choose from gw1, gw2."),
        ({**PRI, "exclude": [1]}, "exclude: '1' is no gateway, choose from gw1, gw2."),
        (
            {**PRI, "pins": ["gw1"]},
            "pins: '['gw1']' is no mapping, write 'circuit: gateway' lines.",
        ),
        ({**PRI, "pins": {"b-1": "gw1"}}, "pins: b-1: a has no such circuit, did you mean 'a-1'."),
        ({**PRI, "pins": {"a-9": "gw1"}}, "pins: a-9: a has no such circuit, did you mean 'a-1'."),
        (
            {**PRI, "pins": {True: "gw1"}},
            "pins: True: a has no such circuit, choose from a-1.",
        ),
        (
            {**PRI, "pins": {1: "gw1", "a-1": "gw2"}},
            "pins: a-1: a-1 is pinned twice: remove one line.",
        ),
        ({**PRI, "pins": {1: "gw3"}}, "pins: 1: 'gw3' is no gateway, did you mean 'gw2'."),
        ({**PRI, "pins": {1: 7}}, "pins: 1: '7' is no gateway and no port."),
        ({**PRI, "pins": {1: None}}, "pins: 1: nothing is no gateway and no port."),
        *(
            (
                {**PRI, "pins": {1: value}},
                f"pins: 1: '{value}' is no port, write gw1 or gw1/CARD/PORT such as gw1/1/3.",
            )
            for value in ("gw1/1", "gw1/1/0", "gw1/1/1/1", "gw1/01/1", "gw1//1", "gw1/a/1", "gw1/")
        ),
        ({**PRI, "pins": {1: "gw1/3/1"}}, "pins: a-1: gw1 has no card 3."),
        (
            {**PRI, "pins": {1: "gw1/1/5"}},
            "pins: a-1: card 1 of gw1 is a TE420 with 4 ports, it has no port 5.",
        ),
    ],
)
def test_bad_trunk_group(options: object, sentence: str) -> None:
    data = {"trunk_groups": {"a": options}, "gateways": GATEWAYS}
    assert problem(data) == f"trunk_groups: a: {sentence}"


@pytest.mark.parametrize("name", ["1a", "a-b", "a b", "", "a" * 41, "ä"])
def test_name_of_a_trunk_group(name: str) -> None:
    assert problem({"trunk_groups": {name: SIP}}) == (
        f"trunk_groups: {name}: '{name}' is no name, write a letter followed by up to 39 letters, "
        "digits or '_'."
    )


def test_two_groups_with_one_circuit() -> None:
    groups = {"a": {**PRI, "circuits": ["x", "y"]}, "b": {**PRI, "circuits": ["z", "y"]}}
    assert problem({"trunk_groups": groups}) == (
        "trunk_groups: b: circuits: 'y' is a circuit of a too: rename one of them."
    )


def test_more_trunk_groups_than_chan_dahdi_has_numbers() -> None:
    groups: Options = {f"a{number}": {"type": "analog"} for number in range(63)}
    assert len(read_network({"trunk_groups": {**groups, "b": SIP}}).trunk_groups) == 64
    assert problem({"trunk_groups": {**groups, "c": {"type": "analog"}}}) == (
        "trunk_groups: 64 trunk groups need cards, chan_dahdi knows 63: put circuits of one "
        "carrier into one group."
    )


def test_gateway() -> None:
    read = gateway(
        cards=["TE122", None, {"model": "TDM800P", "modules": ["fxs"], "dark": [1, "2"]}],
        site="south-2",
        limits={"spans": 2, "analog_cards": "1"},
        ansible_host="192.0.2.11",
        vars={"rack": 7},
    )
    assert [(card.slot, card.model.name) for card in read.cards] == [(1, "TE122"), (3, "TDM800P")]
    assert read.cards[1].modules == ("fxs", None)
    assert read.cards[1].dark == {1, 2}
    assert (read.site, read.limits) == ("south-2", Limits(2, 1))
    assert read.variables == {"ansible_host": "192.0.2.11", "rack": 7}


def test_list_of_gateways() -> None:
    assert read_network({"gateways": ["gw1", "gw2"]}).gateways == (Gateway("gw1"), Gateway("gw2"))


def test_analog_card_is_full_of_fxo() -> None:
    cards = gateway(cards=["TDM2400P", "TDM410P", "TE122"]).cards
    assert [card.modules for card in cards] == [("fxo",) * 6, ("fxo",) * 4, ()]


def test_limits_of_all_gateways() -> None:
    read = read_network(
        {"limits": {"spans": 2}, "gateways": {"gw1": {"limits": {"analog_cards": 0}}, "gw2": {}}}
    )
    assert [one.limits for one in read.gateways] == [Limits(2, 0), Limits(2, 4)]


CARD = "cards: 1: "
KNOWN = "or describe it in card_models."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "'[]' is no mapping, write 'option: value' lines."),
        ({"card": []}, "card: unknown option, did you mean 'cards'; host variables go under vars."),
        (
            {"x": 7},
            "x: unknown option, choose from cards, limits, site, vars; host variables go under "
            "vars.",
        ),
        ({"vars": [1]}, "vars: '[1]' is no mapping, write 'option: value' lines."),
        ({"site": "a b"}, "site: 'a b' is no name, write letters, digits, '_' or '-'."),
        ({"cards": "TE420"}, "cards: 'TE420' is no list, write [one, two]."),
        (
            {"cards": {"model": "TE420"}},
            "cards: '{'model': 'TE420'}' is no list, write [one, two].",
        ),
        (
            {"cards": ["TE425"]},
            f"{CARD}'TE425' is no card that is known, did you mean 'TE435', {KNOWN}",
        ),
        ({"cards": [7]}, f"{CARD}'7' is no mapping, write 'option: value' lines."),
        (
            {"cards": [{"modules": []}]},
            f"{CARD}nothing is no card that is known, check the spelling, {KNOWN}",
        ),
        (
            {"cards": [{"model": ["TE420"]}]},
            f"{CARD}'['TE420']' is no card that is known, did you mean 'TE420', {KNOWN}",
        ),
        (
            {"cards": [{"model": "TE420", "port": 1}]},
            f"{CARD}port: unknown option, choose from dark, model, modules.",
        ),
        (
            {"cards": [{"model": "TE420", "modules": ["fxo"]}]},
            f"{CARD}modules: a TE420 has no modules: remove this line.",
        ),
        (
            {"cards": [{"model": "TDM800P", "modules": ["fxo"] * 3}]},
            f"{CARD}modules: 3 modules do not fit, a TDM800P has 2 places.",
        ),
        (
            {"cards": [{"model": "TDM800P", "modules": ["FXO"]}]},
            f"{CARD}modules: 'FXO' is not known, choose fxo or fxs.",
        ),
        (
            {"cards": [{"model": "TE420", "dark": 3}]},
            f"{CARD}dark: '3' is no list, write [one, two].",
        ),
        (
            {"cards": [{"model": "TE420", "dark": [5]}]},
            f"{CARD}dark: '5' is no whole number from 1 to 4.",
        ),
        (
            {"limits": {"spans": 5}},
            "limits: spans: 5 is above the 4 spans (about 100 channels) that one server carries: "
            "give 0 to 4 and add gateways.",
        ),
        (
            {"limits": {"analog_cards": 5}},
            "limits: analog_cards: 5 is above the 4 cards of 24 analog ports that one server "
            "carries: give 0 to 4 and add gateways.",
        ),
        (
            {"limits": {"spans": "8"}},
            "limits: spans: '8' is no whole number from 0 to 4.",
        ),
        ({"limits": {"spans": -1}}, "limits: spans: '-1' is no whole number from 0 to 4."),
        (
            {"limits": {"span": 1}},
            "limits: span: unknown option, did you mean 'spans'.",
        ),
        ({"limits": 4}, "limits: '4' is no mapping, write 'option: value' lines."),
        (
            {"cards": ["TDM2400P"] * 5},
            "cards: 5 cards of 24 analog ports are more than the 4 that this gateway may carry: "
            "move some to another one.",
        ),
        (
            {"cards": ["TDM2400P"], "limits": {"analog_cards": 0}},
            "cards: 1 cards of 24 analog ports are more than the 0 that this gateway may carry: "
            "move some to another one.",
        ),
        (
            {"cards": ["TDM800P"] * 15},
            "cards: 120 analog ports are more than 96, the load of 4 spans: move some cards to "
            "another gateway.",
        ),
    ],
)
def test_bad_gateway(options: object, sentence: str) -> None:
    assert problem({"gateways": {"gw1": options}}) == f"gateways: gw1: {sentence}"


@pytest.mark.parametrize(
    ("gateways", "sentence"),
    [
        ("gw1", "'gw1' is no mapping, write 'option: value' lines."),
        ({1: {}}, "the key '1' is no text, put it in quotes."),
        ({"gw 1": {}}, "gw 1: 'gw 1' is no name, write a host name."),
        ({"gw/1": {}}, "gw/1: 'gw/1' is no name, write a host name."),
        (["gw1", "gw1"], "'gw1' is there twice: remove one."),
        ([{"gw1": {}}], "'{'gw1': {}}' is no name of a gateway."),
        ([None], "nothing is no name of a gateway."),
    ],
)
def test_bad_gateways(gateways: object, sentence: str) -> None:
    assert problem({"gateways": gateways}) == f"gateways: {sentence}"


def test_limits_above_those_of_a_server() -> None:
    assert problem({"limits": {"spans": 8}}) == (
        "limits: spans: 8 is above the 4 spans (about 100 channels) that one server carries: give "
        "0 to 4 and add gateways."
    )


def test_card_models() -> None:
    (read,) = read_network(
        {
            "card_models": {
                "D410P": {"spans": 4, "lines": ["t1", "e1"], "together": True},
                "X12": {"analog_ports": 12, "module_ports": 2},
                "TE420": {"spans": 2},
            },
            "gateways": {"gw1": {"cards": ["D410P", "X12", "TE420", "TE110P"]}},
        }
    ).gateways
    digital, analog, known, other = [card.model for card in read.cards]
    assert (digital.spans, digital.lines, digital.together) == (
        4,
        frozenset({"t1", "e1"}),
        True,
    )
    assert (analog.analog_ports, analog.module_places, analog.spans) == (12, 6, 0)
    assert (known.spans, known.lines) == (2, frozenset({"t1", "e1", "j1"}))
    assert other.spans == 1


EITHER = "a card has either spans or analog_ports, give one of them."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (None, EITHER),
        ({}, EITHER),
        ({"spans": 0}, EITHER),
        ({"spans": 4, "analog_ports": 4}, EITHER),
        ({"ports": 4}, "ports: unknown option, choose from analog_ports, lines, module_ports, "
         "spans, together."),
        ({"spans": 257}, "spans: '257' is no whole number from 0 to 256."),
        ({"spans": 4, "lines": "t1"}, "lines: 't1' is no list, write [one, two]."),
        ({"spans": 4, "lines": ["t3"]}, "lines: 't3' is not known, choose t1, e1 or j1."),
        ({"spans": 4, "lines": []}, "lines: is empty, choose t1, e1 or j1."),
        ({"spans": 4, "together": "yes"}, "together: 'yes' is neither true nor false."),
        (
            {"analog_ports": 10, "module_ports": 4},
            "module_ports: 10 analog_ports are no multiple of 4.",
        ),
    ],
)  # fmt: skip
def test_bad_card_model(options: object, sentence: str) -> None:
    assert problem({"card_models": {"X": options}}) == f"card_models: X: {sentence}"


def test_name_of_a_card_model() -> None:
    assert problem({"card_models": {"X 1": {"spans": 1}}}) == (
        "card_models: X 1: 'X 1' is no name, write up to 40 letters, digits, '_', '.', '+' or '-'."
    )


def test_pins_in_emptied_slots() -> None:
    gateways = {"gw1": {"cards": [None, "TE122"]}}
    pinned = {**PRI, "pins": {1: "gw1/2/1"}}
    network = read_network({"trunk_groups": {"a": pinned}, "gateways": gateways})
    assert network.trunk_groups[0].pins == {"a-1": Pin("gw1", 2, 1)}
    pinned = {**PRI, "pins": {1: "gw1/1/1"}}
    assert problem({"trunk_groups": {"a": pinned}, "gateways": gateways}) == (
        "trunk_groups: a: pins: a-1: gw1 has no card 1."
    )
