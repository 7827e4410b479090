/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Writing many entries: collected and written in batches if the kernel supports it (5.6 and later,
 * by type), else one by one. Reports nothing.
 */
#ifndef KERN_MAP_WRITE_H
#define KERN_MAP_WRITE_H

#include "kern/map/io.h"

struct map_writer;

/* fd and shape must outlive the writer. Opens nothing. Returns 0 or -ENOMEM. */
int map_writer_new(int fd, const struct map_shape *shape, struct map_writer **ret);
void map_writer_free(struct map_writer *w);

/*
 * Adds an entry: key_size and value_len bytes, copied. Values of maps of maps and of programs are
 * ids, as when they are read. map_writer_bad() returns tag. Returns 0, or the error of an entry:
 * entries before it were written; it and the entries after it are still pending and can be flushed
 * again.
 */
int map_writer_add(struct map_writer *w, const void *key, const void *value, uint64_t tag);
int map_writer_flush(struct map_writer *w);

uint64_t map_writer_count(const struct map_writer *w);	/* entries written to the map */
uint64_t map_writer_bad(const struct map_writer *w);	/* tag of the entry that failed */

/* Removes the n keys, in a batch if possible. Missing keys are not an error. */
int map_delete_keys(int fd, const struct map_shape *shape, const uint8_t *keys, size_t n);

/* Do entries always exist, so that they can only be set to zero? */
bool map_keeps_entries(uint32_t type);
/* Queues and stacks: values without keys. */
bool map_has_no_keys(uint32_t type);

#define auto_writer __attribute__((cleanup(cleanup_writer)))

static inline void cleanup_writer(struct map_writer **w)
{
	map_writer_free(*w);
}

#endif
