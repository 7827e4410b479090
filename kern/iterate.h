/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Our own iterators (bpf/NAME.bpf.c): a program that the kernel runs for each of its files or
 * links, and its output. Loading one takes about a millisecond; each file or link then a
 * microsecond or less.
 */
#ifndef KERN_ITERATE_H
#define KERN_ITERATE_H

#include "cli/defs.h"

struct buf;

struct helper {
	const char *start, *end;	/* the object, embedded by the linker: see Makefile */
	const char *program;		/* the one of its programs to load */
};

/*
 * Runs the program over all objects and appends its output to b. *ret_link_id (may be NULL): the
 * link that ran it, which a list of links contains although it is destroyed by now. Returns 0 or a
 * negative errno; reports nothing, and nothing is left behind. -EOPNOTSUPP: built without helpers.
 */
int iterate(const struct helper *h, struct buf *b, uint32_t *ret_link_id);

#endif
