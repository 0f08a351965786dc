# SPDX-FileCopyrightText: trunkline.callcenter contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dahdi_card_info
short_description: Telephony cards of a host, and what DAHDI makes of them
version_added: 0.2.0
author:
  - trunkline.callcenter contributors (@trunkline)
description:
  - Lists telephony cards by what sysfs tells; changes nothing.
  - Works before DAHDI is installed, and tells for every card that does not work what to do.
options:
  sysfs:
    description: Where sysfs is, such as a copy of it.
    type: path
    default: /sys
attributes:
  check_mode:
    description: The module only reads.
    support: full
  diff_mode:
    description: The module only reads.
    support: none
"""

EXAMPLES = r"""
- name: The cards are known
  trunkline.callcenter.dahdi_card_info:
  register: dahdi

- name: Every card works
  ansible.builtin.assert:
    that: item.state == "ready"
    fail_msg: "{{ item.address }}: {{ item.advice }}"
  loop: "{{ dahdi.cards }}"
"""

RETURN = r"""
kernel:
  description: What DAHDI's drivers are built for.
  type: dict
  returned: success
  contains:
    release:
      description: Release of the kernel that runs.
      type: str
      sample: 7.2.12+deb14-amd64
    headers:
      description: Whether its headers are installed, without which no driver is built.
      type: bool
    secure_boot:
      description: Whether the firmware allows signed kernel modules only.
      type: bool
    flavour_cloud:
      description: Whether it is Debian's kernel for clouds, which DAHDI is not built for.
      type: bool
drivers:
  description: DAHDI's drivers.
  type: dict
  returned: success
  contains:
    built:
      description: Whether they are installed for the kernel that runs.
      type: bool
    loaded:
      description: Whether DAHDI is loaded.
      type: bool
    version:
      description: Version of the DAHDI that is loaded; null if none is.
      type: str
      sample: 3.4.0
firmware:
  description: Files of firmware for telephony cards that the host has.
  type: list
  elements: str
  returned: success
  sample: [dahdi-fw-oct6114-128.bin]
cards:
  description: Telephony cards in the order of their addresses, USB units after them.
  type: list
  elements: dict
  returned: success
  contains:
    address:
      description: Address on the bus.
      type: str
      sample: "0001:00:00.0"
    id:
      description: Vendor and device.
      type: str
      sample: d161:0410
    subsystem:
      description: Vendor and device of the subsystem; empty on USB.
      type: str
      sample: "0004:0000"
    models:
      description: What it may be, by its id and by what DAHDI says of it.
      type: list
      elements: str
      sample: [TE410P, TE412P]
    model:
      description:
        - The model; null while several are possible.
        - Models that differ only by their hardware echo canceller are told apart while that works.
      type: str
    type:
      description: What DAHDI calls it; null while DAHDI has not taken it.
      type: str
      sample: Wildcard TE410P (4th Gen)
    driver:
      description: Driver for it; null if none is known.
      type: str
      sample: wct4xxp
    bound:
      description: Driver that has taken it; null if none has.
      type: str
      sample: wct4xxp
    state:
      description:
        - V(ready), if a driver has taken it and DAHDI knows it.
        - V(waiting), if the installed DAHDI, or else that of Debian 14, has a driver for it, and if
          it is an Astribank without its firmware.
        - V(refused), if that driver is loaded and does not work with it, or another one has taken
          it.
        - V(unsupported), if only another DAHDI has a driver for it.
        - V(foreign), if only its maker has.
        - V(unknown), if its id is that of a telephony card's maker, but of no known card.
      type: str
    advice:
      description: What the user can do; empty if it is ready.
      type: str
    kind:
      description:
        - One of V(digital), V(analog), V(bri), V(hybrid), V(transcoder) and V(usb).
        - Null if it is not known.
      type: str
      sample: digital
    lines:
      description: Lines that a digital card's ports can be switched to.
      type: list
      elements: str
      sample: [t1, e1, j1]
    ports:
      description: Number of ports; null while models with more and with fewer are possible.
      type: int
      sample: 4
    device:
      description:
        - Path by which C(assigned-spans.conf) names it, known before its driver has taken it.
        - Null for a USB unit that no driver has taken.
      type: str
      sample: /sys/devices/pci0001:00/0001:00:00.0/pci:0001:00:00.0
    location:
      description: Where DAHDI says that it is; null if it does not say.
      type: str
      sample: Board ID Switch 0
    hardware_id:
      description: Serial number; null if it has none or no driver has taken it.
      type: str
    firmware:
      description: File of the firmware without which it does not start; null if it needs none.
      type: str
      sample: dahdi-fw-te820.bin
    canceller_firmware:
      description:
        - Models that it may be and that have a hardware echo canceller.
        - For each the file of the firmware without which that stays off.
      type: dict
      sample: {TE412P: dahdi-fw-oct6114-128.bin}
    opermode:
      description:
        - Country whose electrical rules its loaded driver follows; null if it is not loaded or has
          none.
      type: str
      sample: FCC
    span_types:
      description: Kind of line of each of its spans, assigned or not, by local number.
      type: dict
      sample: {"1": T1, "2": E1}
    spans: &spans
      description: Its assigned spans, in the order of their numbers.
      type: list
      elements: dict
      contains:
        local:
          description: Number of the span on the card, from 1.
          type: int
        span:
          description: Number of the span.
          type: int
        first_channel:
          description: Number of its first channel.
          type: int
        channels:
          description: Number of its channels.
          type: int
          sample: 31
        name:
          description: Name of the span.
          type: str
          sample: TE4/0/1
        description:
          description: What the driver says of it.
          type: str
          sample: T4XXP (PCI) Card 0 Span 1
        type:
          description: Kind of line.
          type: str
          sample: E1
        alarms:
          description:
            - Alarms, of V(RED), V(YELLOW), V(BLUE), V(LOS), V(LFA), V(LMFA), V(LOOPBACK),
              V(RECOVER) and V(NOTOPEN).
          type: list
          elements: str
          sample: [RED, LOS, LFA]
        framing:
          description: Framing in the words of C(system.conf); null while it is not configured.
          type: str
          sample: ccs
        coding:
          description: Coding in the words of C(system.conf); null while it is not configured.
          type: str
          sample: hdb3
        crc4:
          description: Whether it checks CRC-4.
          type: bool
        lbo:
          description: Line build-out, as in C(system.conf).
          type: int
        timing:
          description: Number of the span that the card takes its clock from; 0 if from none.
          type: int
        master:
          description: Whether DAHDI takes its clock from it.
          type: bool
    populated:
      description: Module of each port of an analog card that has one, while its spans are assigned.
      type: dict
      sample: {"1": fxs, "2": fxo}
dynamic:
  description: DAHDI devices that are none of these cards, such as dynamic spans.
  type: list
  elements: dict
  returned: success
  contains:
    device:
      description: Path by which C(assigned-spans.conf) can name it.
      type: str
      sample: /sys/devices/dynamic:loc:0
    type:
      description: What DAHDI calls it.
      type: str
      sample: DYN/loc/1:0
    location:
      description: Where DAHDI says that it is; null if it does not say.
      type: str
    hardware_id:
      description: Its name, by which C(assigned-spans.conf) can name it too.
      type: str
      sample: DYN/loc/1:0
    span_types:
      description: Kind of line of each of its spans by local number.
      type: dict
      sample: {"1": DYNAMIC}
    spans: *spans
"""

import platform
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.trunkline.callcenter.plugins.module_utils.dahdi_cards import (
    Claims,
    card_info,
)

FIRMWARE = Path("/usr/lib/firmware")


def claims_of(module: AnsibleModule, release: str) -> Claims | None:
    """Asks modprobe, which only looks the answer up; None where it is not installed."""
    modprobe = module.get_bin_path("modprobe")
    if modprobe is None:
        return None

    def claims(modalias: str) -> list[str]:
        # Fails if no module claims it.
        _rc, out, _err = module.run_command([modprobe, "-R", "-S", release, modalias])
        return str(out).split()

    return claims


def main() -> None:
    """Entry point of the module."""
    module = AnsibleModule(
        argument_spec={"sysfs": {"type": "path", "default": "/sys"}}, supports_check_mode=True
    )
    release = platform.release()
    info = card_info(
        Path(module.params["sysfs"]),
        Path("/lib/modules", release),
        FIRMWARE,
        claims_of(module, release),
    )
    module.exit_json(changed=False, **info)


if __name__ == "__main__":
    main()
