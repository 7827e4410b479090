/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Typed data shown as what it means: addresses, ports, times. This changes a plan that is printed;
 * one that is parsed, compared or folded must be another.
 */
#ifndef DECODE_BTF_AS_H
#define DECODE_BTF_AS_H

#include "cli/defs.h"

struct btf_plan;
struct err;

enum btf_as { BTF_AS_IP4, BTF_AS_IP6, BTF_AS_MAC, BTF_AS_PORT, BTF_AS_TIME, BTF_AS_HEX, BTF_AS_STR, N_BTF_AS };

extern const char *const btf_as_words[];

/*
 * The member at path ("saddr", "far.six", "list[].at": of each element; "": the whole) is printed so. 0, or a
 * negative errno with the error stored: -ENOENT where there is no such member. what names the whole in it.
 */
int btf_plan_as(struct err *e, struct btf_plan *p, const char *what, const char *path, enum btf_as as);

/* All that has a telling type: __be16, __be32, struct in6_addr and the like, and MAC addresses by their name. */
int btf_plan_pretty(struct btf_plan *p);

#endif
