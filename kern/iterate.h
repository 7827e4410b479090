/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Iterators of our own (bpf/NAME.bpf.c): a program that the kernel runs for each of its files or
 * links, and what it wrote. Loading one costs about a millisecond; a file or a link then costs a
 * microsecond or less.
 */
#ifndef KERN_ITERATE_H
#define KERN_ITERATE_H

#include "cli/defs.h"

struct buf;

struct helper {
	const char *start, *end;	/* the object, put here by the linker: see Makefile */
	const char *program;		/* the one of its programs that is loaded */
};

/*
 * Run the program over all there is and append what it writes to b. *ret_link_id (may be NULL): the
 * link that ran it, which a list of links contains and which is gone now. 0 or a negative errno;
 * reports nothing, and nothing is left behind. -EOPNOTSUPP: built without helpers.
 */
int iterate(const struct helper *h, struct buf *b, uint32_t *ret_link_id);

#endif
