/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Typed data shown as what it means: addresses, ports, times. This changes a plan that is printed;
 * one that is parsed, compared or folded must be another.
 */
#ifndef DECODE_BTF_FORMAT_H
#define DECODE_BTF_FORMAT_H

#include "cli/defs.h"

struct btf_plan;
struct err;

enum btf_format {
	BTF_FORMAT_IP4, BTF_FORMAT_IP6, BTF_FORMAT_MAC, BTF_FORMAT_PORT, BTF_FORMAT_TIME,
	BTF_FORMAT_HEX, BTF_FORMAT_STR,
	N_BTF_FORMATS
};

extern const char *const btf_format_words[];

/*
 * The member at path ("saddr", "far.six", "list[].at": of each element; "": the whole) is printed
 * so. 0, or a negative errno with the error stored: -ENOENT where no such member. what names the
 * whole in it.
 */
int btf_plan_as(struct err *e, struct btf_plan *p, const char *what, const char *path,
		enum btf_format as);

/* All that has a telling type: __be16, __be32, struct in6_addr and the like, and MAC addresses by
 * their name. */
int btf_plan_pretty(struct btf_plan *p);

#endif
