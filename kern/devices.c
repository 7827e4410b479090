// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What is attached to a device of our network namespace, to tell whether a link that names an
 * interface index is on that device or on one of the same number elsewhere.
 */
#include "attach.h"
#include "devices.h"
#include "netlink.h"

static int is_prog(const struct nl_dev *dev, void *prog_id)
{
	for (size_t i = 0; i < NL_XDP_MODES; i++)
		if (dev->xdp_ids[i] && dev->xdp_ids[i] == *(uint32_t *)prog_id)
			return 1;
	return 0;
}

/* Asks about this device alone: libbpf's bpf_xdp_query() reads all of them, once for each question. */
bool device_has_xdp(uint32_t ifindex, uint32_t prog_id)
{
	auto_nl struct nl nl = {};

	return !nl_open(&nl) && nl_each_dev(&nl, ifindex, is_prog, &prog_id) == 1;
}

bool device_has_link(uint32_t ifindex, uint32_t attach_type, uint32_t link_id)
{
	auto_hook struct hook_progs h = {};

	if (hook_query(ifindex, attach_type, 0, &h))
		return false;
	for (uint32_t i = 0; i < h.n; i++) {
		if (h.link_ids[i] == link_id)
			return true;
	}
	return false;
}
