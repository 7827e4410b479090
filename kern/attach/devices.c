// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What is attached to a device of our network namespace, to find out whether a link with an
 * interface index is on that device or on one with the same number elsewhere.
 */
#include "kern/abi.h"
#include "kern/attach/attach.h"
#include "kern/attach/devices.h"

/* After this many queries it is cheaper to read all of them once. */
#define MANY_QUESTIONS 8

void devices_close(struct devices *d)
{
	free(take_ptr(d->all.all));
	nl_close(&d->nl);
}

static bool runs_prog(const struct nl_dev *dev, uint32_t prog_id)
{
	for (size_t i = 0; i < NL_XDP_MODES; i++)
		if (dev->xdp_ids[i] && dev->xdp_ids[i] == prog_id)
			return true;
	return false;
}

struct question {
	uint32_t prog_id;
	char *name;
};

static int is_prog(const struct nl_dev *dev, void *data)
{
	const struct question *q = data;

	if (!runs_prog(dev, q->prog_id))
		return 0;
	memcpy(q->name, dev->name, IF_NAMESIZE);
	return 1;
}

/* From the list read before; a device that was added or changed since is queried itself. */
static bool remembers(struct devices *d, uint32_t ifindex, const struct question *q)
{
	const struct nl_dev *dev;

	if (++d->n_asked == MANY_QUESTIONS)
		(void)nl_index_devs(&d->nl, &d->all);
	dev = nl_find_dev(&d->all, ifindex);
	return dev && is_prog(dev, (void *)q);
}

static bool open_nl(struct devices *d)
{
	return d->nl.sock || !nl_open(&d->nl);
}

/* Queries only this device: libbpf's bpf_xdp_query() reads all of them for each query. */
bool device_has_xdp(struct devices *d, uint32_t ifindex, uint32_t prog_id,
		    char ret_name[static IF_NAMESIZE])
{
	struct question q = { .prog_id = prog_id, .name = ret_name };

	if (!open_nl(d))
		return false;
	return remembers(d, ifindex, &q) || nl_each_dev(&d->nl, ifindex, is_prog, &q) == 1;
}

static int is_other(const struct nl_dev *dev, void *data)
{
	*(uint32_t *)data = dev->other;
	return 0;
}

/* The device to query: 0 if there is none here. */
static uint32_t asked_at(struct devices *d, uint32_t ifindex, uint32_t attach_type)
{
	uint32_t other = 0;

	if (attach_type != ABI_ATTACH_NETKIT_PEER)
		return ifindex;
	if (open_nl(d) && !nl_each_dev(&d->nl, ifindex, is_other, &other))
		return other;
	return 0;
}

bool device_has_link(struct devices *d, uint32_t ifindex, uint32_t attach_type, uint32_t link_id)
{
	auto_hook struct hook_progs h = {};
	uint32_t at = asked_at(d, ifindex, attach_type);

	if (!at || hook_query(at, attach_type, 0, &h))
		return false;
	for (uint32_t i = 0; i < h.n; i++) {
		if (h.link_ids[i] == link_id)
			return true;
	}
	return false;
}
