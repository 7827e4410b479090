/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the iterator of links.bpf.c tells of one link. */
#ifndef BPF_LINKS_H
#define BPF_LINKS_H

struct links_record {
	unsigned int id, type, prog_id;
	unsigned int is_whole; /* what follows is all there is to tell of a link of this type */
	unsigned int attach_type;	/* cgroup, tcx, netkit */
	unsigned int ifindex;		/* xdp, tcx, netkit; 0: its device is gone */
	unsigned int is_ours,
		pad; /* the device is in the network namespace of who runs the iterator */
	unsigned long long cgroup_id;	/* 0: its cgroup is gone */
	char dev[16];			/* the device's name; "" where it was being changed */
};

#endif
