/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Who holds what: processes with an open fd of a program, map, link or BTF object.
 *
 * With many objects a program answers that the kernel runs for every open file (bpf/owners.bpf.c);
 * with few, or where that cannot be loaded, /proc/<pid>/fdinfo does.
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
 * From how many objects on the iterator is faster: measured, 2 ms to load it against 10 us for each
 * BPF file in /proc.
 */
#define OWNERS_MANY 300

enum owners_source { OWNERS_ITER, OWNERS_PROC };

/*
 * Collect the holders of all objects of one kind. n_expected: how many objects there are about
 * (below OWNERS_MANY /proc is read). Ourselves left out. Owned: owners_free(). 0 or a negative
 * errno (-ENOENT: there is no /proc), of which nothing is reported.
 */
int owners_collect(struct ctx *ctx, const struct obj_kind *kind, size_t n_expected,
		   struct owners **ret);
void owners_free(struct owners *o);
/* For listings: who is missing, as we may not look into all processes; and that all are, by
 * owners_collect()'s err. */
void owners_partly(struct ctx *ctx, const struct owners *o);
void owners_unread(struct ctx *ctx, const struct obj_kind *kind, int err);
enum owners_source owners_source(const struct owners *o);
/* Holders of one object, each process once, sorted by pid; the array belongs to owners. NULL:
 * nobody is known. */
const struct owner *owners_of(const struct owners *o, uint32_t id, size_t *ret_n);

#endif
