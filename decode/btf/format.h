/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Typed data shown by its meaning: addresses, ports, times. This changes a plan for printing;
 * parsing, comparing and combining need another plan.
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
 * Sets the form of the member at path ("saddr", "far.six", "list[].at": of each element; "": the
 * whole). Returns 0, or a negative errno with the error stored: -ENOENT if there is no such member.
 * what is the name of the whole in errors.
 */
int btf_plan_as(struct err *e, struct btf_plan *p, const char *what, const char *path,
		enum btf_format as);

/*
 * All members of known types: __be16, __be32, struct in6_addr and so on, and MAC addresses by their
 * name.
 */
int btf_plan_pretty(struct btf_plan *p);

#endif
