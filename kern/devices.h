/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Questions to the network devices of our own network namespace. An index that belongs to a device
 * of another namespace gets the answer no.
 */
#ifndef KERN_DEVICES_H
#define KERN_DEVICES_H

#include "../cli/defs.h"

/* Is this program the device's XDP program, in any mode? */
bool device_has_xdp(uint32_t ifindex, uint32_t prog_id);

/* Is this link among those of the attach type (tcx, netkit) on the device? */
bool device_has_link(uint32_t ifindex, uint32_t attach_type, uint32_t link_id);

#endif
