/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Objects with legacy map definitions, struct bpf_map_def in SEC("maps"), which libbpf 1.x rejects.
 * They are rewritten in memory to contain what a compiler would generate for BTF definitions in
 * SEC(".maps").
 */
#ifndef DECODE_ELF_LEGACY_H
#define DECODE_ELF_LEGACY_H

#include "cli/defs.h"

struct err;

struct legacy {
	void *elf;			/* the new object, owned by the caller: free() */
	size_t len;
	unsigned int n_maps;		/* definitions converted */
	/*
	 * Features of iproute2's loader in these definitions, which BTF definitions cannot express:
	 */
	unsigned int n_pinned;		/* maps to be pinned */
	unsigned int n_unfilled; /* inner maps to be put into a slot of an outer map */
};

/*
 * Returns 0: converted, 1: nothing to convert (*ret untouched), else a negative errno with an error
 * that says which part of the object is invalid. Ids of existing BTF types and string offsets do
 * not change, so .BTF.ext remains valid.
 */
int legacy_convert(struct err *e, const void *elf, size_t len, struct legacy *ret);

#endif
