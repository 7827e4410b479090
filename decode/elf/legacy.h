/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Objects whose maps are defined the old way, struct bpf_map_def in SEC("maps"), which libbpf 1.x
 * refuses. They are rewritten in memory to hold what a compiler would make of BTF definitions in
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
	/* What these definitions ask of iproute2's loader and no BTF definition can tell: */
	unsigned int n_pinned;		/* maps that want to be pinned */
	unsigned int n_unfilled; /* inner maps that want to be put into a slot of an outer map */
};

/*
 * 0: converted, 1: nothing to convert (*ret untouched), else a negative errno with an error that
 * says which part of the object is wrong. Ids of existing BTF types and string offsets stay, so
 * .BTF.ext remains valid.
 */
int legacy_convert(struct err *e, const void *elf, size_t len, struct legacy *ret);

#endif
