/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Keys of one size, in the order in which they were added. */
#ifndef KERN_MAP_KEY_SET_H
#define KERN_MAP_KEY_SET_H

#include "cli/defs.h"

struct key_set {
	size_t key_size;
	uint8_t *keys;			/* owned: n of them, room for max */
	uint32_t *slots; /* owned: number of a key + 1, 0 for none; 2 * max, by hash */
	uint32_t n, max;
};

/* Returns 1: it was added; 0: it was already there; or -ENOMEM. Its number is for key_set_at(). */
int key_set_put(struct key_set *s, const void *key, uint32_t *ret_i);
int key_set_add(struct key_set *s, const void *key);
/* Does it contain the key? */
bool key_set_has(const struct key_set *s, const void *key);
void key_set_free(struct key_set *s);

static inline const void *key_set_at(const struct key_set *s, uint32_t i)
{
	return s->keys + (size_t)i * s->key_size;
}

#endif
