/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Counting the entries of a map. */
#ifndef KERN_MAP_COUNT_H
#define KERN_MAP_COUNT_H

#include "kern/map/io.h"

/*
 * Walks over the map fd. Returns 0, or a negative errno and why it cannot be counted, as a part of
 * a sentence ("an array's entries always exist"); NULL if it can, but something failed. Takes about
 * 0.3 s for a million entries.
 */
int map_count(int fd, const struct map_shape *s, uint64_t *ret_entries, const char **ret_why);

#endif
