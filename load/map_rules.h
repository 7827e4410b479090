/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The kernel's rules for the sizes and flags of maps, for which it has one error number. */
#ifndef LOAD_MAP_RULES_H
#define LOAD_MAP_RULES_H

#include "cli/defs.h"

/* The five numbers of a map that a program relies on. */
struct map_geometry {
	uint32_t type, key_size, value_size, max_entries, flags;
};

#define MAP_RULE_MAX 160

/*
 * The first rule that a map of this form breaks: "the key must have 4 bytes, not 8". err: what the
 * kernel returned, -EINVAL or -E2BIG. Returns false, with ret "", if all rules known for its type
 * are kept.
 */
bool map_rule_broken(const struct map_geometry *g, int err, char ret[static MAP_RULE_MAX]);

#endif
