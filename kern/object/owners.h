/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Holders of objects: processes with an open fd of a program, map, link or BTF object.
 *
 * With many objects a program finds them that the kernel runs for every open file
 * (bpf/owners.bpf.c); with few, or if it cannot be loaded, /proc/<pid>/fdinfo is read.
 */
#ifndef KERN_OBJECT_OWNERS_H
#define KERN_OBJECT_OWNERS_H

#include "kern/object/obj.h"

struct owner {
	uint32_t id;			/* of the object */
	uint32_t pid;			/* process (tgid), as seen from our pid namespace */
	char comm[16];			/* untrusted; NUL-terminated */
	bool has_cookie;		/* perf_event links, iterator only */
	uint64_t bpf_cookie;
};

struct owners;

/*
 * The number of objects from which the iterator is faster: measured, 2 ms to load it against 10 us
 * for each BPF file in /proc.
 */
#define OWNERS_MANY 300

enum owners_source { OWNERS_ITER, OWNERS_PROC };

/*
 * Collects the holders of all objects of one kind. n_expected: approximate number of objects (below
 * OWNERS_MANY /proc is read). Excludes bpfctl itself. Owned: owners_free(). Returns 0 or a negative
 * errno (-ENOENT: there is no /proc), which is not reported.
 */
int owners_collect(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
		   struct owners **ret);
void owners_free(struct owners *o);
/*
 * For listings: reports holders that are missing because processes are not accessible; and that all
 * are missing, by the err of owners_collect().
 */
void owners_partly(struct ctx *ctx, const struct owners *o);
void owners_unread(struct ctx *ctx, const struct obj_kind *kind, int err);
enum owners_source owners_source(const struct owners *o);
/*
 * Holders of one object, each process once, sorted by pid; the array belongs to owners. NULL: none
 * known.
 */
const struct owner *owners_of(const struct owners *o, uint32_t id, size_t *ret_n);

#endif
