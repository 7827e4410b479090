/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Which constants in machine code are addresses of maps. The kernel does not report these
 * addresses; but the instructions, which reference maps by id, load the same constants in the same
 * order. If the number, the other constants, or the addresses of a map in different places do not
 * match, the address gets no name.
 */
#ifndef PROG_DUMP_MAPS_H
#define PROG_DUMP_MAPS_H

#include "cli/defs.h"

struct machine;
struct prog_code;

struct map_ref {
	uint64_t value;
	uint32_t id, off;
	bool is_value;			/* of the map's value, at offset off; else of the map */
	char name[16];
};

struct map_refs {
	struct map_ref *refs;
	size_t n, max;
	int err;			/* why something is missing; sticks */
};

/*
 * Empty if nothing can be proven. 0, or the negative errno that names or maps are missing for;
 * reports nothing.
 */
int map_refs_read(struct machine *m, const struct prog_code *code, struct map_refs *ret);
void map_refs_free(struct map_refs *r);
const struct map_ref *map_refs_find(const struct map_refs *r, uint64_t value);

#endif
