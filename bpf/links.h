/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* A record of links.bpf.c, one per link. */
#ifndef BPF_LINKS_H
#define BPF_LINKS_H

struct links_record {
	unsigned int id, type, prog_id;
	unsigned int is_whole; /* the following members are complete for a link of this type */
	unsigned int attach_type;	/* cgroup, tcx, netkit */
	unsigned int ifindex;		/* xdp, tcx, netkit; 0: its device no longer exists */
	unsigned int is_ours,
		pad; /* the device is in the network namespace of the reader */
	unsigned long long cgroup_id;	/* 0: its cgroup no longer exists */
	char dev[16];			/* the device's name; "" if it was being changed */
};

#endif
