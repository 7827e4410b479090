// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* A hash set that preserves order: open addressing over an array of keys. */
#include <errno.h>

#include "kern/map/key_set.h"

#define MAX_FIRST 1024U
#define MAX_LAST (1U << 30)

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 29;
}

static uint32_t hash_of(const struct key_set *s, const uint8_t *key)
{
	uint64_t h = s->key_size, v;
	size_t i;

	for (i = 0; i + 8 <= s->key_size; i += 8) {
		memcpy(&v, key + i, 8);
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, key + i, s->key_size - i);
	h = mix(h, v);
	return (uint32_t)(h >> 32);
}

/* The slot of the key, or where to insert it. */
static uint32_t *find_slot(const struct key_set *s, const uint8_t *key)
{
	uint32_t mask = 2 * s->max - 1, at = hash_of(s, key) & mask;

	while (s->slots[at] && memcmp(key_set_at(s, s->slots[at] - 1), key, s->key_size) != 0)
		at = (at + 1) & mask;
	return &s->slots[at];
}

static int grow(struct key_set *s)
{
	uint32_t max = s->max ? 2 * s->max : MAX_FIRST, i;
	uint32_t *slots = max <= MAX_LAST ? calloc(max, 2 * sizeof(*slots)) : NULL;
	uint8_t *keys = slots ? realloc(s->keys, max * s->key_size) : NULL;

	if (!keys) {
		free(slots);
		return -ENOMEM;
	}
	free(s->slots);
	s->keys = keys;
	s->slots = slots;
	s->max = max;
	for (i = 0; i < s->n; i++)
		*find_slot(s, key_set_at(s, i)) = i + 1;
	return 0;
}

int key_set_put(struct key_set *s, const void *key, uint32_t *ret_i)
{
	int err = s->n == s->max ? grow(s) : 0;
	uint32_t *slot;

	if (err)
		return err;
	slot = find_slot(s, key);
	if (*slot) {
		*ret_i = *slot - 1;
		return 0;
	}
	memcpy(s->keys + s->n * s->key_size, key, s->key_size);
	*ret_i = s->n;
	*slot = ++s->n;
	return 1;
}

int key_set_add(struct key_set *s, const void *key)
{
	uint32_t i;

	return key_set_put(s, key, &i);
}

void key_set_free(struct key_set *s)
{
	free(s->keys);
	free(s->slots);
	*s = (struct key_set){};
}

bool key_set_has(const struct key_set *s, const void *key)
{
	return s->n && *find_slot(s, key);
}
