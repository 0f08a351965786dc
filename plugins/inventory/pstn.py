# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: pstn
short_description: Gateways and the telephone lines that are plugged into them
version_added: 0.1.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Spreads M telephone lines over N Asterisk gateways and says which circuit goes into which port
    of which card.
  - "Rules that are never broken: at most four PRIs on a server (a card of 24 analog ports and a
      channel bank's line
    count as one each), at most four TDM2400 cards, a port takes only what it is made for."
  - "Goals, in this order: no cable moves that may stay, every trunk group is spread so that the
      loss of one gateway
    costs as few circuits of it as possible, the gateways carry equally many channels."
  - What is plugged in is recorded in the cabling lock, which C(playbooks/plan.yml) writes.
  - A file is read when its name ends with C(pstn.yml) or C(pstn.yaml).
extends_documentation_fragment:
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [trunkline.callcenter.pstn]
  trunk_groups:
    description:
      - Name of a trunk group and its circuits, which share carrier and numbers.
      - "C(type): V(pri), V(cas) (robbed-bit or CAS line), V(channel_bank), V(analog) (line of the
          telephone company),
        V(station) (an agent's plain telephone) or V(sip)."
      - "C(circuits): how many (then they are called C(NAME-1), C(NAME-2) ...), or a list of the
          carrier's names. 1 by
        default."
      - "C(line): V(t1), V(e1) or V(j1), of types V(pri), V(cas) and V(channel_bank)."
      - "C(gateways), C(exclude): the only gateways that may take the circuits, and those that may
          not."
      - "C(pins): circuit and the gateway or port (C(gw1/2/3): gateway, card, port) where it has to
          be."
      - "C(signalling), C(switchtype), C(framing), C(coding), C(crc4), C(lbo), C(timing): as in
          chan_dahdi.conf and
        system.conf; what is usual for the line if left out. C(timing) false keeps a line from
        being a clock source."
      - "C(nfas): so many circuits share a D-channel, the second carries its backup unless
          C(nfas_backup) is false; they
        stay together on one gateway."
      - "C(host), C(port), C(channels): of type V(sip)."
      - "C(extensions): of types V(station) and V(channel_bank), the extensions of the telephones
          such as C(3001-3024); at channel banks one for each channel, in their order."
      - "C(numbers): telephone numbers of the group."
    type: raw
    default: {}
  gateways:
    description:
      - Name of a gateway, or a range such as C(gw[1:3]), and what is in it.
      - "C(cards): models in the order of the slots; V(null) for a slot that was emptied. An analog
          card may be written
        as C({model: TDM2400P, modules: [fxo, fxo, fxs]}), it is full of FXO modules otherwise.
        C(dark) lists ports that must not be used."
      - "C(site): where it is. C(limits): lower limits of this gateway. C(vars) and C(ansible_*):
          host variables."
      - Hosts that earlier inventory sources put into the group C(gateways) are gateways too; what
        this file does not say of a gateway is taken from its variables C(pstn_cards), C(pstn_site)
        and C(pstn_limits).
    type: raw
    default: {}
  card_models:
    description:
      - Models that the plugin does not know.
      - "C(spans) and C(lines) of a digital card, and C(together) if all its ports switch to the
          same line; C(analog_ports)
        and C(module_ports) of an analog one."
    type: raw
    default: {}
  limits:
    description:
      - "C(spans): PRIs on a server, V(4) or less. C(analog_cards): cards of 24 analog ports, V(4)
          or less."
    type: raw
    default: {}
  traffic:
    description:
      - "Busiest hour, to check that lines and seats suffice: C(calls_per_hour), C(talk_seconds),
          C(wrapup_seconds),
        C(menu_seconds), C(blocking), C(seats), C(service_level), C(answer_seconds)."
    type: raw
  lock:
    description:
      - The cabling lock, a file C(*.txt) beside this one unless the path is absolute.
    type: str
    default: cabling.txt
  rebalance:
    description:
      - Spread circuits evenly even if cables have to move for it, for example after a gateway was
        added.
    type: bool
    default: false
    env:
      - name: TRUNKLINE_REBALANCE
"""

EXAMPLES = r"""
# callcenter.pstn.yml: the call center of 1500 calls per hour, five servers of which three are
# gateways.
plugin: trunkline.callcenter.pstn
traffic: {calls_per_hour: 1500, talk_seconds: 180, seats: 200}
trunk_groups:
  carrier_a: {type: pri, line: t1, circuits: 8, numbers: ["5550100-5550199"]}
  pots: {type: analog, circuits: 40}
gateways:
  gw[1:3]: {cards: [TE420, TDM2400P]}
---
# europe.pstn.yml: E1 lines of two carriers, each with its own names for them. One has to be in a
# certain port.
plugin: trunkline.callcenter.pstn
trunk_groups:
  telekom: {type: pri, line: e1, circuits: [DE-771, DE-772, DE-773], pins: {DE-771: berlin1/1/1}}
  colt: {type: pri, line: e1, circuits: 3, exclude: [hamburg1]}
gateways:
  berlin1: {ansible_host: 192.0.2.11, site: berlin, cards: [TE435]}
  berlin2: {ansible_host: 192.0.2.12, site: berlin, cards: [TE435]}
  hamburg1: {ansible_host: 192.0.2.21, site: hamburg, cards: [TE235]}
---
# nfas.pstn.yml: four T1 that share a D-channel and its backup, and robbed-bit lines beside them.
plugin: trunkline.callcenter.pstn
trunk_groups:
  carrier_n: {type: pri, line: t1, circuits: 4, nfas: 4, switchtype: 5ess}
  tie: {type: cas, line: t1, circuits: 3, signalling: em_w}
gateways:
  gw[1:2]: {cards: [TE420]}
---
# analog.pstn.yml: a channel bank with lines, plain telephones of agents on FXS modules, a card
# with a broken port.
plugin: trunkline.callcenter.pstn
trunk_groups:
  bank_west: {type: channel_bank, line: t1, signalling: fxs_ks}
  pots: {type: analog, circuits: 20}
  floor: {type: station, extensions: "3001-3008"}
gateways:
  gw1:
    cards:
      - TE122
      - {model: TDM2400P, modules: [fxo, fxo, fxo, fxo, fxs, fxs]}
  gw2:
    cards: [{model: A8B, dark: [3]}]
---
# sip.pstn.yml: SIP trunks of a carrier beside two PRIs, groups and variables made from what the
# plan says.
plugin: trunkline.callcenter.pstn
trunk_groups:
  sip_b: {type: sip, host: 192.0.2.10, circuits: 2, channels: 30}
  carrier_a: {type: pri, line: t1, circuits: 2}
gateways:
  gw1: {ansible_host: 192.0.2.11, cards: [TE122]}
  gw2: {ansible_host: 192.0.2.12, cards: [TE122]}
compose:
  spans_in_use: dahdi_spans | length
keyed_groups:
  - {key: spans_in_use | string, prefix: spans}
---
# models.pstn.yml: a card that is not in the catalogue, and a host name from the environment.
plugin: trunkline.callcenter.pstn
card_models:
  D410P: {spans: 4, lines: [t1, e1], together: true}
trunk_groups:
  carrier_a: {type: pri, line: e1, circuits: 2}
  carrier_b: {type: pri, line: t1, circuits: 2}
gateways:
  gw1:
    ansible_host: "{{ lookup('ansible.builtin.env', 'GW1_ADDRESS', default='192.0.2.11') }}"
    cards: [D410P, D410P]
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.inventory.helpers import get_group_vars, sort_groups
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import (
    BaseInventoryPlugin,
    Cacheable,
    Constructable,
    detect_range,
    expand_hostname_range,
)
from ansible.utils.vars import combine_vars
from ansible.vars.plugins import get_vars_from_inventory_sources

from ansible_collections.trunkline.callcenter.plugins.plugin_utils.cabling_lock import (
    CablingLock,
    LockError,
    read_lock,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.gateway_variables import (
    gateway_entries,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.network_file import (
    OPTIONS,
    read_network,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.numbering import (
    number_trunk_groups,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.plan_warnings import (
    plan_warnings,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.planner import (
    Plan,
    UnplannableError,
    plan,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import (
    OptionError,
    mapping,
    one_line,
    shown,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.reading import (
    Path as OptionPath,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.sizing import (
    Traffic,
    read_traffic,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.telephone_network import (
    TelephoneNetwork,
)
from ansible_collections.trunkline.callcenter.plugins.plugin_utils.yaml_marks import (
    broken_line,
    check_keys,
    compose,
    line_of,
)

GROUP = "gateways"
HOST_VARIABLES = {"cards": "pstn_cards", "site": "pstn_site", "limits": "pstn_limits"}
"""What a gateway may bring from another inventory source."""
MOST_GATEWAYS = 100_000
"""Gateways of one range; more are a slip of the keyboard."""
_NUMBER_RANGE = re.compile(r"\[([0-9]*):([0-9]+)[:\]]")


_PLANNED_BY: WeakKeyDictionary[InventoryData, dict[str, str]] = WeakKeyDictionary()
"""For each inventory the file that has planned a gateway."""


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """The inventory plugin pstn."""

    NAME = "trunkline.callcenter.pstn"

    def verify_file(self, path: str) -> bool:
        return super().verify_file(path) and path.endswith(("pstn.yml", "pstn.yaml"))

    def parse(
        self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True
    ) -> None:
        super().parse(inventory, loader, path, cache)
        self._found: InventoryData = inventory
        self._ranges: dict[object, object] = {}
        try:
            text = loader.get_text_file_contents(path)
        except (AnsibleError, UnicodeError) as error:
            raise AnsibleParserError(f"{path} cannot be read: {error}") from error
        root = compose(text)
        try:
            if root is not None:
                check_keys(root)
            self._parse(path, self._config(path, text), use_cache=cache)
        except OptionError as error:
            line = line_of(root, self._as_written(error.path))
            # Not "from error": Ansible would say everything twice.
            raise AnsibleParserError(f"{_where(path, line)}: {error}") from None
        except (UnplannableError, ValueError) as error:
            raise AnsibleParserError(f"{path}: {error}") from None
        except AnsibleParserError:
            raise
        except AnsibleError as error:
            raise AnsibleParserError(f"{path}: {one_line(str(error), 400)}") from None

    def _config(self, path: str, text: str) -> Mapping[str, Any]:
        """What the file says; Ansible's own complaints get the place where they belong."""
        try:
            config: Mapping[str, Any] = self._read_config_data(path)
        except AnsibleError as error:
            where = _where(path, broken_line(text))
            problem = one_line(str(error).removeprefix(f"{path} "), 400)
            raise AnsibleParserError(f"{where}: {problem}") from None
        return config

    def _parse(self, path: str, config: Mapping[str, Any], *, use_cache: bool) -> None:
        mapping((), config, (*self._options, *OPTIONS, "plugin"))
        for option in ("compose", "groups"):
            mapping((option,), config.get(option))
        data = {option: self._templated((option,), config.get(option)) for option in OPTIONS}
        data["gateways"] = self._with_host_variables(path, self._expanded(data["gateways"]))
        traffic = None if data["traffic"] is None else _read_traffic(data["traffic"])
        network = read_network(data)
        lock_path = Path(path).parent / self._lock_name()
        lock = _read_lock(lock_path)
        best = self._plan(path, network, lock, data, use_cache=use_cache)
        for warning in plan_warnings(network, best, lock.places, traffic):
            self.display.warning(f"{path}: {warning}")
        self._fill(path, network, best, lock, lock_path)

    def _lock_name(self) -> str:
        """The option ``lock``; files with other suffixes Ansible would take for lists of hosts."""
        name = str(self.get_option("lock"))
        if not name.endswith(".txt"):
            raise OptionError(("lock",), f"{shown(name)} is no name for it, end it with .txt.")
        return name

    def _templated(self, path: OptionPath, value: object) -> object:
        """The value with its templates, if it has any; variables of hosts keep theirs."""
        if isinstance(value, str) and "{{" in value:
            try:
                return self.templar.template(value)
            except AnsibleError as error:
                raise OptionError(
                    path, f"{shown(value)} cannot be rendered: {one_line(str(error), 400)}"
                ) from error
        if isinstance(value, Mapping):
            return {
                key: one if _is_host_variable(where) else self._templated(where, one)
                for key, one in value.items()
                for where in [(*path, str(key))]
            }
        if isinstance(value, list):
            return [self._templated((*path, number), one) for number, one in enumerate(value)]
        return value

    def _expanded(self, gateways: object) -> object:
        """Gateways with every range such as ``gw[1:3]`` written out."""
        if not isinstance(gateways, Mapping):
            return gateways
        expanded: dict[object, object] = {}
        for pattern, options in gateways.items():
            names = [pattern]
            if isinstance(pattern, str) and detect_range(pattern):
                names = _names(pattern)
                self._ranges.update(dict.fromkeys(names, pattern))
            for name in names:
                if name in expanded:
                    raise OptionError(
                        ("gateways", pattern), f"{shown(name)} is declared twice: remove one."
                    )
                expanded[name] = options
        return expanded

    def _as_written(self, path: OptionPath) -> Sequence[object]:
        """Where the file says what is at ``path``: a gateway may be one of a range."""
        if path[:1] != ("gateways",):
            return path
        return [*path[:1], *(self._ranges.get(part, part) for part in path[1:2]), *path[2:]]

    def _with_host_variables(self, path: str, gateways: object) -> object:
        """Adds hosts of earlier sources, and what their variables say."""
        group = self._found.groups.get(GROUP)
        hosts = {} if group is None else {host.name: host for host in group.get_hosts()}
        if not hosts or not isinstance(gateways, Mapping | None):
            return gateways
        planned_by = _PLANNED_BY.get(self._found, {})
        merged = dict(gateways or {})
        # What Ansible will read when it is done with all sources, and puts under the group all.
        sources = [*self._found.processed_sources, path]
        everyone = self._found.groups["all"]
        for name, host in hosts.items():
            if planned_by.get(name, path) != path:
                # Its cables would be planned twice, and one plan would take the other's ports away.
                raise OptionError(
                    ("gateways",),
                    f"{name} is planned by another file *pstn.yml too: put all gateways and trunk "
                    "groups into one file.",
                )
            options = merged.get(name)
            if not isinstance(options, Mapping | None) or set(HOST_VARIABLES) <= set(options or {}):
                continue
            groups = sort_groups(
                [everyone, *(one for one in host.get_groups() if one is not everyone)]
            )
            variables: Mapping[str, Any] = {}
            for known in (
                get_group_vars(groups),
                get_vars_from_inventory_sources(self.loader, sources, groups, "all"),
                host.get_vars(),
                get_vars_from_inventory_sources(self.loader, sources, [host], "all"),
            ):
                variables = combine_vars(variables, known)
            merged[name] = {
                option: variables[variable]
                for option, variable in HOST_VARIABLES.items()
                if variable in variables
            } | dict(options or {})
        return merged

    def _plan(
        self,
        path: str,
        network: TelephoneNetwork,
        lock: CablingLock,
        data: Mapping[str, Any],
        *,
        use_cache: bool,
    ) -> Plan:
        """The plan; with the option ``cache`` the one of the last time if nothing has changed."""
        rebalance = bool(self.get_option("rebalance"))
        if not self.get_option("cache"):
            return plan(network, lock.places, rebalance=rebalance)
        self.load_cache_plugin()
        key = self.get_cache_key(path)
        # Not JSON, which has no mapping with other keys than text and cannot sort mixed ones.
        asked = repr((data, dict(lock.places), rebalance))
        digest = hashlib.sha256(asked.encode()).hexdigest()
        known = self._cache.get(key, {}) if use_cache else {}
        if known.get("digest") == digest:
            return Plan(known["places"], tuple(known["moved"]), known["proven"])
        best = plan(network, lock.places, rebalance=rebalance)
        self._cache[key] = {
            "digest": digest,
            "places": dict(best.places),
            "moved": list(best.moved),
            "proven": best.proven,
        }
        return best

    def _fill(
        self, path: str, network: TelephoneNetwork, best: Plan, lock: CablingLock, lock_path: Path
    ) -> None:
        """Hosts, groups and variables."""
        inventory = self._found
        inventory.add_group(GROUP)
        planned_by = _PLANNED_BY.setdefault(inventory, {})
        composed = any(self.get_option(option) for option in ("compose", "groups", "keyed_groups"))
        numbers = number_trunk_groups(network.trunk_groups, lock.numbers)
        known = {GROUP}
        where = str(lock_path.resolve())
        entries = gateway_entries(network, best, numbers)
        groups = {*inventory.groups, *(group for entry in entries for group in entry.groups)}
        for entry in entries:
            if entry.name in groups:
                raise OptionError(
                    ("gateways", entry.name), "a group has this name too, choose another one."
                )
            inventory.add_host(entry.name)
            planned_by[entry.name] = path
            for group in entry.groups:
                if group not in known:
                    inventory.add_group(group)
                    known.add(group)
                inventory.add_child(group, entry.name)
            for variable, value in entry.variables.items():
                inventory.set_variable(entry.name, variable, value)
            inventory.set_variable(entry.name, "pstn_lock", where)
            if composed:
                try:
                    self._construct(entry.name)
                except Exception as error:
                    # Ansible does not check these options before it uses them.
                    raise ValueError(
                        f"compose, groups or keyed_groups: {one_line(str(error), 400)}"
                    ) from error

    def _construct(self, host: str) -> None:
        strict = self.get_option("strict")
        found = self._found.hosts[host]
        self._set_composite_vars(self.get_option("compose"), found.get_vars(), host, strict=strict)
        variables = found.get_vars()
        self._add_host_to_composed_groups(
            self.get_option("groups"), variables, host, strict=strict, fetch_hostvars=False
        )
        self._add_host_to_keyed_groups(
            self.get_option("keyed_groups"), variables, host, strict=strict, fetch_hostvars=False
        )


def _where(path: str, line: int | None) -> str:
    return path if line is None else f"{path}, line {line}"


def _is_host_variable(path: Sequence[object]) -> bool:
    return (
        len(path) == 3
        and path[0] == "gateways"
        and (path[2] == "vars" or str(path[2]).startswith("ansible_"))
    )


def _names(pattern: str) -> list[str]:
    """Names of a range, at least one and not so many that writing them would take for ever."""
    path = ("gateways", pattern)
    spans = (int(last) - int(first or 0) + 1 for first, last in _NUMBER_RANGE.findall(pattern))
    if math.prod(max(1, span) for span in spans) > MOST_GATEWAYS:
        raise OptionError(path, f"more than {MOST_GATEWAYS} gateways: write a shorter range.")
    try:
        names = expand_hostname_range(pattern)
    except (AnsibleError, ValueError) as error:
        raise OptionError(path, "no range of names, write for example gw[1:3].") from error
    if not names:
        raise OptionError(path, "no name is in this range, write the lower number first.")
    return list(names)


def _read_traffic(value: object) -> Traffic:
    try:
        return read_traffic(value)
    except ValueError as error:
        sentence = one_line(str(error).removeprefix("traffic: "), 400)
        option, colon, problem = sentence.partition(": ")
        if colon and isinstance(value, Mapping) and option in value:
            raise OptionError(("traffic", option), problem) from error
        raise OptionError(("traffic",), sentence) from error


def _read_lock(path: Path) -> CablingLock:
    """The cabling lock; an empty one if there is no file yet."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return CablingLock({}, {})
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OptionError(
            ("lock",), f"{one_line(str(path), 400)} cannot be read: {reason}."
        ) from error
    try:
        return read_lock(text)
    except LockError as error:
        raise AnsibleParserError(f"{path}, {error}") from error
