/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Queries of network devices in our own network namespace. For an index of a device in another
 * namespace the answer is no.
 */
#ifndef KERN_ATTACH_DEVICES_H
#define KERN_ATTACH_DEVICES_H

#include "kern/attach/netlink.h"

/*
 * A zeroed one is ready for use: everything is opened on the first query, and kept for later ones.
 */
struct devices {
	struct nl nl;
	struct nl_devs all;		/* owned; after many queries */
	size_t n_asked;
};
void devices_close(struct devices *d);

/*
 * Is this program the device's XDP program, in any mode? If so, *ret_name is the name of the
 * device.
 */
bool device_has_xdp(struct devices *d, uint32_t ifindex, uint32_t prog_id,
		    char ret_name[static IF_NAMESIZE]);

/*
 * Is this link among those of the attach type (tcx, netkit) on the device? The primary device of a
 * netkit pair is also queried for its peer: if the peer is in another namespace the answer is no.
 */
bool device_has_link(struct devices *d, uint32_t ifindex, uint32_t attach_type, uint32_t link_id);

#endif
