// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * All entries of a map in memory, in order: by a member (map dump ... sort FIELD), or by their keys
 * (map watch).
 */
#include <errno.h>

#include "map/dump.h"

int map_sorted_add(struct map_sorted *s, const struct map_view *v, const uint8_t *key,
		   const uint8_t *value)
{
	static const char zero[8];
	uint32_t key_size = v->shape.info.key_size;

	s->value_at = ((size_t)key_size + 7) / 8 * 8;
	s->stride = s->value_at + (v->shape.value_len + 7) / 8 * 8;
	buf_put(&s->entries, key, key_size);
	buf_put(&s->entries, zero, s->value_at - key_size);
	buf_put(&s->entries, value, v->shape.value_len);
	buf_put(&s->entries, zero, s->stride - s->value_at - v->shape.value_len);
	s->n += !s->entries.err;
	return s->entries.err;
}

struct order {
	const struct map_filter *filter;
	size_t at;			/* of the compared part of an entry */
};

static int compare(const void *a, const void *b, void *data)
{
	const struct order *o = data;
	int found = btf_place_compare(&o->filter->order, (const uint8_t *)a + o->at,
				      (const uint8_t *)b + o->at);

	return o->filter->reverse ? -found : found;
}

void map_sorted_sort(struct map_sorted *s, const struct map_filter *f)
{
	struct order o = { .filter = f, .at = f->sort_in_key ? 0 : s->value_at + f->cpu_off };

	if (s->n)
		qsort_r(s->entries.data, s->n, s->stride, compare, &o);
}

static int compare_keys(const void *a, const void *b, void *key_size)
{
	return memcmp(a, b, *(const size_t *)key_size);
}

void map_sorted_by_key(struct map_sorted *s, size_t key_size)
{
	if (s->n)
		qsort_r(s->entries.data, s->n, s->stride, compare_keys, &key_size);
}

void map_sorted_at(const struct map_sorted *s, size_t i, const uint8_t **ret_key,
		   uint8_t **ret_value)
{
	uint8_t *entry = (uint8_t *)s->entries.data + i * s->stride;

	*ret_key = entry;
	*ret_value = entry + s->value_at;
}

void map_sorted_free(struct map_sorted *s)
{
	buf_free(&s->entries);
}
