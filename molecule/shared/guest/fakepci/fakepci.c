// SPDX-FileCopyrightText: trunkline.callcenter contributors
// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fakepci: a PCI bus in software whose cards have the identity you name. For tests only.
 *
 *   memmap=1M$0x30000000 fakepci.bar=0x30000000 fakepci.model=1 fakepci.cross=1
 *   fakepci.ids=d161:0410:0004:0000:0280,d161:0410:0004:0000:0280
 *
 * Every card of `ids` is a function of bus 0 in PCI domain 1, slot by slot, with 64 KiB of memory at BAR 0. The
 * kernel, lspci and udev see it as they see a real one. Any card goes away and comes back with
 *
 *   echo 1 >/sys/bus/pci/devices/0001:00:01.0/remove
 *   echo 1 >/sys/bus/pci/rescan
 *
 * and is not found while its bit of `absent` is set. (wct4xxp takes a card that comes later only with ignore_rotary=1.)
 * What is written to `swap`, such as 0=d161:0210:0004:0000:0280, is in that slot from the next scan on.
 *
 * With model=1 the cards are alive under the unmodified driver wct4xxp, as TE4xx/TE2xx of the 2nd to 4th generation:
 * a timer is the 1 kHz frame clock, the DMA of both directions and the interrupt. The four lines of a card are
 * plugged as `cross` says. Frames pass through plain memory, but the framer chips answer through an index and a data
 * port, which memory cannot: therefore kprobes on functions of the driver put the answer into the data port before it
 * is read. They know loss of signal, yellow alarm and the signalling bits (CAS) of every line.
 *
 * Not modelled: echo cancellers, HDLC controllers, CRC errors; slips are counted where signalling bits change.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/unaligned.h>

#define DOMAIN		1
#define MAX_CARDS	8
#define LINES		4
#define BAR_SIZE	0x10000u
#define LINE_FRAME	256		/* 32 time slots of 8 samples: one line, one millisecond */
#define MOST_FRAMES	8LL		/* at once, when they are late */
#define STOOD_STILL	200		/* milliseconds behind, after which they are lost */
#define PAUSE_US	200

/* Registers of the card (wct4xxp/base.c: WC_*) */
#define REG_RDADDR	0x00		/* where the card writes what it received */
#define REG_WRADDR	0x04		/* where it finds what to send */
#define REG_DMACTRL	0x0c
#define  DMACTRL_ON	BIT(31)
#define REG_INTR	0x10
#define  INTR_FRAMER	BIT(0)
#define  INTR_FRAME	BIT(1)
#define REG_LDATA	0x2c		/* data port of the framers */

/* Registers of a framer (FALC56) */
#define FRAMER_CONFIG	0x40		/* below: settings, read back as written */
#define FRAMER_FMR0	0x1c
#define FRAMER_FMR1	0x1d
#define  FMR1_T1	0x10		/* T1, not E1 */
#define FRAMER_YELLOW	0x20		/* FMR4 (T1) and XSW (E1) */
#define  SEND_YELLOW	0x20
#define FRS0_LOS	0x80		/* state of the receiver */
#define FRS0_LFA	0x20
#define FRS0_YELLOW	0x10
#define GIS_ISR0	0x01		/* reasons of an interrupt */
#define ISR0_CAS	0x08
#define FRAMER_CAS	0x70		/* 16 registers: written XS (to send), read RS (received) */
#define FRAMER_CAS_END	0x80

static char *ids[MAX_CARDS];
static int cards;
module_param_array(ids, charp, &cards, 0444);
MODULE_PARM_DESC(ids, "cards: vendor:device[:subvendor:subdevice[:class]], hexadecimal, class has 4 digits");

static ulong bar;
module_param(bar, ulong, 0444);
MODULE_PARM_DESC(bar, "physical address of memory that memmap= hides from the kernel, 64 KiB per card; 0 for no BAR");

static bool model;
module_param(model, bool, 0444);
MODULE_PARM_DESC(model, "the cards are live TE4xx/TE2xx of the 2nd to 4th generation");

static bool cross;
module_param(cross, bool, 0644);
MODULE_PARM_DESC(cross, "line N of cards 0 and 1 (2 and 3, ...) are connected; else lines 1-2 and 3-4 of each card");

static uint cut;
module_param(cut, uint, 0644);
MODULE_PARM_DESC(cut, "bit 4*card+line-1: its cable is pulled, both ends lose the signal");

static uint los;
module_param(los, uint, 0644);
MODULE_PARM_DESC(los, "bit 4*card+line-1: receives no signal, while its far end still does");

static uint absent;
module_param(absent, uint, 0644);
MODULE_PARM_DESC(absent, "bit per card: its slot is empty when the bus is scanned");

static uint late;
module_param(late, uint, 0444);
MODULE_PARM_DESC(late, "milliseconds that passed late, caught up with or lost");

struct line {
	u8 frame[LINE_FRAME];		/* what it sends in this millisecond */
	u8 config[FRAMER_CONFIG];
	u8 cas[FRAMER_CAS_END - FRAMER_CAS];
	bool cas_changed;		/* at the far end, and not yet read */
};

struct card {
	u8 config[PCI_CFG_SPACE_SIZE];
	void __iomem *registers;
	int irq;
	struct line line[LINES];
};

static struct card card[MAX_CARDS];
static struct pci_bus *bus;
static void __iomem *memory;
static struct hrtimer clock;
static ktime_t delivered;		/* what was sent until then has been received */

/* The bus */

static bool in_slot(struct pci_bus *b, unsigned int devfn)
{
	return b->number == 0 && PCI_FUNC(devfn) == 0 && PCI_SLOT(devfn) < cards &&
	       !(absent & BIT(PCI_SLOT(devfn)));
}

static int config_read(struct pci_bus *b, unsigned int devfn, int where, int size, u32 *value)
{
	*value = ~0u;
	if (!in_slot(b, devfn))
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (where + size <= PCI_CFG_SPACE_SIZE) {
		*value = 0;
		memcpy(value, card[PCI_SLOT(devfn)].config + where, size);
	}
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *b, unsigned int devfn, int where, int size, u32 value)
{
	u8 *config;

	if (!in_slot(b, devfn))
		return PCIBIOS_DEVICE_NOT_FOUND;
	config = card[PCI_SLOT(devfn)].config;
	switch (where) {
	case PCI_BASE_ADDRESS_0:
		/* The kernel learns the size of the BAR from the bits that stay zero. */
		if (bar && size == 4)
			put_unaligned_le32(value & ~(BAR_SIZE - 1), config + where);
		break;
	case PCI_COMMAND:
	case PCI_CACHE_LINE_SIZE:
	case PCI_LATENCY_TIMER:
	case PCI_INTERRUPT_LINE:
		memcpy(config + where, &value, size);
		break;
	}
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = { .read = config_read, .write = config_write };

/* The lines */

static void far_end(int c, int l, int *far_c, int *far_l)
{
	*far_c = cross ? c ^ 1 : c;
	*far_l = cross ? l : l ^ 1;
}

/* Whether the line receives what its far end sends, which it does once its driver has set it up. */
static bool connected(int c, int l)
{
	uint here = BIT(LINES * c + l);
	int far_c, far_l;

	far_end(c, l, &far_c, &far_l);
	return !((cut | los) & here) && !(cut & BIT(LINES * far_c + far_l)) &&
	       card[far_c].line[far_l].config[FRAMER_FMR0];
}

/* A buffer of the driver, if the card is switched on. */
static u8 *dma(int c, int reg)
{
	u32 address = readl(card[c].registers + reg);

	if (!address || !(readl(card[c].registers + REG_DMACTRL) & DMACTRL_ON))
		return NULL;
	return phys_to_virt(address);
}

static void one_frame(void)
{
	int c, l, far_c, far_l;

	for (c = 0; c < cards; c++) {
		u8 *sent = dma(c, REG_WRADDR);

		for (l = 0; l < LINES; l++)
			if (sent)
				memcpy(card[c].line[l].frame, sent + l * LINE_FRAME, LINE_FRAME);
			else
				memset(card[c].line[l].frame, 0xff, LINE_FRAME);
	}
	for (c = 0; c < cards; c++) {
		u8 *received = dma(c, REG_RDADDR);
		u32 changed = 0;

		if (!received)
			continue;
		for (l = 0; l < LINES; l++) {
			far_end(c, l, &far_c, &far_l);
			if (connected(c, l) && card[c].line[l].cas_changed)
				changed |= BIT(l);
			if (connected(c, l))
				memcpy(received + l * LINE_FRAME, card[far_c].line[far_l].frame, LINE_FRAME);
			else
				memset(received + l * LINE_FRAME, 0xff, LINE_FRAME);
		}
		writel(INTR_FRAME, card[c].registers + REG_INTR);
		generic_handle_irq(card[c].irq);
		if (!changed)
			continue;
		writel(changed, card[c].registers + REG_LDATA);	/* the driver asks first which framers it is */
		writel(INTR_FRAMER, card[c].registers + REG_INTR);
		generic_handle_irq(card[c].irq);
	}
}

/* Delivers the milliseconds that have passed. A processor that is far behind gets time for other things in between. */
static enum hrtimer_restart tick(struct hrtimer *timer)
{
	s64 due = ktime_ms_delta(ktime_get(), delivered);
	s64 frames = min(due, MOST_FRAMES);

	if (due > STOOD_STILL) {
		late += due - frames;
		delivered = ktime_add_ms(delivered, due - frames);
		due = frames;
	}
	late += min(max(due - 1, 0LL), frames);
	delivered = ktime_add_ms(delivered, frames);
	while (frames-- > 0)
		one_frame();
	/*
	 * Not in the past: the kernel takes a timer that keeps expiring while it is handled for one that hangs, and
	 * makes all timers of the processor wait for up to 100 ms.
	 */
	hrtimer_set_expires(timer, max(ktime_add_ms(delivered, 1), ktime_add_us(ktime_get(), PAUSE_US)));
	return HRTIMER_RESTART;
}

/* The framers */

static u8 receiver_state(int c, int l)
{
	struct line *line = &card[c].line[l], *far;
	int far_c, far_l;

	if (!connected(c, l))
		return FRS0_LOS | FRS0_LFA;
	far_end(c, l, &far_c, &far_l);
	far = &card[far_c].line[far_l];
	if ((line->config[FRAMER_FMR1] ^ far->config[FRAMER_FMR1]) & FMR1_T1)
		return FRS0_LFA;
	return far->config[FRAMER_YELLOW] & SEND_YELLOW ? FRS0_YELLOW : 0;
}

static u8 framer_read(int c, int l, u8 reg)
{
	int far_c, far_l;

	switch (reg) {
	case 0 ... FRAMER_CONFIG - 1:
		return card[c].line[l].config[reg];
	case FRAMER_CAS ... FRAMER_CAS_END - 1:
		card[c].line[l].cas_changed = false;
		far_end(c, l, &far_c, &far_l);
		return card[far_c].line[far_l].cas[reg - FRAMER_CAS];
	}
	return 0;
}

static void framer_write(int c, int l, u8 reg, u8 value)
{
	struct line *line = &card[c].line[l];
	int far_c, far_l;

	switch (reg) {
	case 0 ... FRAMER_CONFIG - 1:
		line->config[reg] = value;
		break;
	case FRAMER_CAS ... FRAMER_CAS_END - 1:
		line->cas[reg - FRAMER_CAS] = value;
		far_end(c, l, &far_c, &far_l);
		card[far_c].line[far_l].cas_changed = true;
		break;
	}
}

/* The card of a struct t4 of the driver. */
static int card_of(unsigned long t4)
{
	struct pci_dev *dev = *(struct pci_dev **)t4;	/* its first member */

	return pci_domain_nr(dev->bus) == DOMAIN ? PCI_SLOT(dev->devfn) : -1;
}

static void answer(int c, u8 value)
{
	writel(value, card[c].registers + REG_LDATA);
}

/* void t4_check_alarms(struct t4 *, int line): what decides there is the state of the receiver. */
static int check_alarms(struct kprobe *probe, struct pt_regs *regs)
{
	int c = card_of(regs->di);

	if (c >= 0)
		answer(c, receiver_state(c, regs->si & (LINES - 1)));
	return 0;
}

/* void t4_framer_interrupt(struct t4 *, int line): it reads several registers, this is the answer of all. */
static int framer_interrupt(struct kprobe *probe, struct pt_regs *regs)
{
	int c = card_of(regs->di);

	if (c >= 0)
		answer(c, GIS_ISR0 | ISR0_CAS);
	return 0;
}

/*
 * unsigned int __t4_framer_in(struct t4 *, int line, unsigned int reg)
 * void __t4_framer_out(struct t4 *, int line, u8 reg, unsigned int value)
 *
 * GCC passes the only member that they need, the address of the card's registers; hence the suffix of their symbols.
 */
static int card_at(unsigned long registers)
{
	unsigned long offset = slow_virt_to_phys((void *)registers) - bar;

	return offset < cards * BAR_SIZE ? offset / BAR_SIZE : -1;
}

static int framer_in(struct kprobe *probe, struct pt_regs *regs)
{
	int c = card_at(regs->di);

	if (c >= 0)
		answer(c, framer_read(c, regs->si & (LINES - 1), regs->dx));
	return 0;
}

static int framer_out(struct kprobe *probe, struct pt_regs *regs)
{
	int c = card_at(regs->di);

	if (c >= 0)
		framer_write(c, regs->si & (LINES - 1), regs->dx, regs->cx);
	return 0;
}

static const struct {
	const char *symbol;
	kprobe_pre_handler_t handler;
} watched[] = {
	{ "wct4xxp:t4_check_alarms", check_alarms },
	{ "wct4xxp:t4_framer_interrupt", framer_interrupt },
	{ "wct4xxp:__t4_framer_in.isra.0", framer_in },
	{ "wct4xxp:__t4_framer_out.isra.0", framer_out },
};

static struct kprobe probes[ARRAY_SIZE(watched)];
static bool probed[ARRAY_SIZE(watched)];

static void remove_probes(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(watched); i++) {
		if (probed[i])
			unregister_kprobe(&probes[i]);
		probed[i] = false;
	}
}

/* Kprobes end with the module that they are in; each time it is loaded new ones are needed, before it starts. */
static int module_changes(struct notifier_block *block, unsigned long what, void *data)
{
	struct module *driver = data;
	int i;

	if (what != MODULE_STATE_COMING || strcmp(driver->name, "wct4xxp"))
		return NOTIFY_DONE;
	remove_probes();
	for (i = 0; i < ARRAY_SIZE(watched); i++) {
		probes[i] = (struct kprobe){ .symbol_name = watched[i].symbol, .pre_handler = watched[i].handler };
		probed[i] = !register_kprobe(&probes[i]);
		if (!probed[i])
			pr_err("%s is not there: built otherwise? Alarms and signalling bits are wrong.\n",
			       watched[i].symbol);
	}
	return NOTIFY_OK;
}

static struct notifier_block module_notifier = { .notifier_call = module_changes };

/* Coming and going */

static int device_changes(struct notifier_block *block, unsigned long what, void *data)
{
	struct pci_dev *dev = to_pci_dev(data);
	struct card *changed;

	if (pci_domain_nr(dev->bus) != DOMAIN)
		return NOTIFY_DONE;
	changed = &card[PCI_SLOT(dev->devfn)];
	switch (what) {
	case BUS_NOTIFY_ADD_DEVICE:
		dev->irq = changed->irq;
		/* The BAR is right; a rescan would look for a better place, where this bus has no memory. */
		if (bar && pci_claim_resource(dev, 0))
			pr_err("%s: its memory is taken\n", pci_name(dev));
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		/* Its buffers are no more, and the card sends nothing. */
		if (model) {
			memset_io(changed->registers, 0, BAR_SIZE);
			memset(changed->line, 0, sizeof(changed->line));
		}
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block device_notifier = { .notifier_call = device_changes };

/* Gives a card its identity. */
static int identify(int c, const char *id)
{
	unsigned int vendor, device, subvendor = 0, subdevice = 0, class = PCI_CLASS_NETWORK_OTHER;
	u8 *config = card[c].config;

	if (sscanf(id, "%x:%x:%x:%x:%x", &vendor, &device, &subvendor, &subdevice, &class) < 2) {
		pr_err("%s is not vendor:device[:subvendor:subdevice[:class]]\n", id);
		return -EINVAL;
	}
	put_unaligned_le16(vendor, config + PCI_VENDOR_ID);
	put_unaligned_le16(device, config + PCI_DEVICE_ID);
	put_unaligned_le16(subvendor, config + PCI_SUBSYSTEM_VENDOR_ID);
	put_unaligned_le16(subdevice, config + PCI_SUBSYSTEM_ID);
	put_unaligned_le16(class, config + PCI_CLASS_DEVICE);
	return 0;
}

static int set_swap(const char *text, const struct kernel_param *param)
{
	int c, at;

	if (sscanf(text, "%d=%n", &c, &at) != 1 || c < 0 || c >= cards)
		return -EINVAL;
	return identify(c, text + at);
}

static const struct kernel_param_ops swap_ops = { .set = set_swap };
module_param_cb(swap, &swap_ops, NULL, 0200);
MODULE_PARM_DESC(swap, "SLOT=vendor:device[...]: another card is in this slot");

static int make_card(int c)
{
	if (identify(c, ids[c]))
		return -EINVAL;
	if (bar)
		put_unaligned_le32(bar + c * BAR_SIZE, card[c].config + PCI_BASE_ADDRESS_0);
	if (model)
		card[c].registers = memory + c * BAR_SIZE;

	/* An interrupt that no controller raises; without a pin the kernel does not route another one. */
	card[c].irq = irq_alloc_desc(NUMA_NO_NODE);
	if (card[c].irq < 0)
		return card[c].irq;
	irq_set_chip_and_handler_name(card[c].irq, &dummy_irq_chip, handle_simple_irq, KBUILD_MODNAME);
	irq_modify_status(card[c].irq, IRQ_NOREQUEST, IRQ_NOPROBE);
	return 0;
}

static void unmake(void)
{
	int c;

	for (c = 0; c < cards; c++)
		if (card[c].irq > 0)
			irq_free_desc(card[c].irq);
	if (memory)
		iounmap(memory);
}

static int make_bus(void)
{
	static struct resource numbers = { .name = "fakepci bus", .flags = IORESOURCE_BUS };
	static struct resource window = { .name = "fakepci memory", .flags = IORESOURCE_MEM };
	static struct pci_sysdata sysdata = { .domain = DOMAIN, .node = NUMA_NO_NODE };
	LIST_HEAD(resources);

	pci_add_resource(&resources, &numbers);
	if (bar && cards) {
		window.start = bar;
		window.end = bar + cards * BAR_SIZE - 1;
		pci_add_resource(&resources, &window);
	}
	pci_lock_rescan_remove();
	bus = pci_scan_root_bus(NULL, 0, &config_ops, &sysdata, &resources);
	if (bus)
		pci_bus_add_devices(bus);
	pci_unlock_rescan_remove();
	if (!bus)
		pci_free_resource_list(&resources);
	return bus ? 0 : -ENODEV;
}

static void stop(void)
{
	hrtimer_cancel(&clock);
	unregister_module_notifier(&module_notifier);
	remove_probes();
	bus_unregister_notifier(&pci_bus_type, &device_notifier);
	unmake();
}

static int __init fakepci_init(void)
{
	int c, error = 0;

	if (model && !bar) {
		pr_err("model needs bar\n");
		return -EINVAL;
	}
	if (model && cards) {
		memory = ioremap(bar, cards * BAR_SIZE);
		if (!memory)
			return -ENOMEM;
		memset_io(memory, 0, cards * BAR_SIZE);
	}
	for (c = 0; c < cards && !error; c++)
		error = make_card(c);
	if (error) {
		unmake();
		return error;
	}
	bus_register_notifier(&pci_bus_type, &device_notifier);
	register_module_notifier(&module_notifier);
	hrtimer_setup(&clock, tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);
	if (model) {
		delivered = ktime_get();
		hrtimer_start(&clock, ms_to_ktime(1), HRTIMER_MODE_REL_HARD);
	}
	error = make_bus();
	if (error)
		stop();
	return error;
}

static void __exit fakepci_exit(void)
{
	pci_lock_rescan_remove();
	pci_stop_root_bus(bus);
	pci_remove_root_bus(bus);
	pci_unlock_rescan_remove();
	/* Only now: a driver that stops its card waits for a last interrupt. */
	stop();
}

module_init(fakepci_init);
module_exit(fakepci_exit);
MODULE_DESCRIPTION("PCI bus in software with cards of chosen identity, for tests");
MODULE_LICENSE("GPL");
