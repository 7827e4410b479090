/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* An object whose BTF only a newer libbpf reads, rewritten in memory for an older one. */
#ifndef DECODE_ELF_PLAIN_BTF_H
#define DECODE_ELF_PLAIN_BTF_H

#include "cli/defs.h"

struct err;

struct plain_btf {
	void *elf;			/* owned: free() */
	size_t len;
	uint32_t n_simpler;		/* types that are not what they were */
};

/*
 * Returns 0: *ret is the object with its BTF in the plain form (decode/btf/plain.h). 1: it is
 * already, there is none, or it is invalid (*ret untouched). Otherwise a negative errno with the
 * error stored.
 */
int plain_btf_convert(struct err *e, const void *elf, size_t len, struct plain_btf *ret);

#endif
