/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Metadata of programs: variables in .rodata whose names start with "bpf_metadata_". */
#ifndef PROG_METADATA_H
#define PROG_METADATA_H

#include "cli/ctx.h"

/*
 * "metadata" of a program, from its maps. The struct caches data from program to program. NULL if
 * out of memory.
 */
struct metadata;
struct metadata *metadata_new(void);
void metadata_free(struct metadata *m);
void metadata_show(struct ctx *ctx, struct metadata *m, const uint32_t *map_ids, size_t n);

#endif
