/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The SHA-256 of a map's contents, which the kernel also stores in the map (Linux 6.18). */
#ifndef KERN_OBJECT_MAP_HASH_H
#define KERN_OBJECT_MAP_HASH_H

#include "cli/defs.h"

#define MAP_HASH_SIZE 32

/*
 * Of an array, the only type that has one so far; while the map is not frozen, that of a moment.
 * Returns 0 or a negative errno: -EINVAL or -EOPNOTSUPP for other types, -E2BIG before Linux 6.18.
 */
int map_hash(int fd, uint8_t ret[static MAP_HASH_SIZE]);

#endif
