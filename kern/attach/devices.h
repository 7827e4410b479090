/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Questions to the network devices of our own network namespace. An index that belongs to a device
 * of another namespace gets the answer no.
 */
#ifndef KERN_ATTACH_DEVICES_H
#define KERN_ATTACH_DEVICES_H

#include "kern/attach/netlink.h"

/* A zeroed one is ready for use: what it needs is opened with the first question, and kept for the
 * others. */
struct devices {
	struct nl nl;
	struct nl_devs all;		/* owned; when many questions were asked */
	size_t n_asked;
};
void devices_close(struct devices *d);

/* Is this program the device's XDP program, in any mode? Then *ret_name is what the device is
 * called. */
bool device_has_xdp(struct devices *d, uint32_t ifindex, uint32_t prog_id,
		    char ret_name[static IF_NAMESIZE]);

/*
 * Is this link among those of the attach type (tcx, netkit) on the device? A netkit pair is asked
 * by its primary device also for what is on the other: where that lives elsewhere the answer is no.
 */
bool device_has_link(struct devices *d, uint32_t ifindex, uint32_t attach_type, uint32_t link_id);

#endif
