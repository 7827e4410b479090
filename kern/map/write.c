// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Writing maps. A failed batch reports how many of its entries were written; the next entry is then
 * tried alone, which returns its own error, or shows that only the batch was not supported.
 */
#include <errno.h>

#include "kern/map/write.h"

#define CHUNK_BYTES (256 * 1024)
#define CHUNK_ENTRIES 4096

struct map_writer {
	int fd;
	const struct map_shape *shape;
	uint8_t *keys, *values;		/* owned */
	uint64_t *tags;			/* owned */
	uint32_t room, n, at;		/* entries from at to n are pending */
	bool by_key;			/* the kernel has no batch for this map */
	uint64_t count;
};

bool map_keeps_entries(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

bool map_has_no_keys(uint32_t type)
{
	return type == BPF_MAP_TYPE_QUEUE || type == BPF_MAP_TYPE_STACK;
}

int map_writer_new(int fd, const struct map_shape *shape, struct map_writer **ret)
{
	size_t size = shape->info.key_size + shape->value_len;
	struct map_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w->fd = fd;
	w->shape = shape;
	w->room = (uint32_t)(CHUNK_BYTES / (size + 1)) + 1;
	if (w->room > CHUNK_ENTRIES)
		w->room = CHUNK_ENTRIES;
	w->by_key = map_has_no_keys(shape->info.type);
	w->keys = malloc(w->room * (size_t)shape->info.key_size + 1);
	w->values = malloc(w->room * shape->value_len + 1);
	w->tags = malloc(w->room * sizeof(*w->tags));
	if (!w->keys || !w->values || !w->tags) {
		map_writer_free(w);
		return -ENOMEM;
	}
	*ret = w;
	return 0;
}

void map_writer_free(struct map_writer *w)
{
	if (!w)
		return;
	free(w->keys);
	free(w->values);
	free(w->tags);
	free(w);
}

/* Such values are read as ids and written as file descriptors. */
static int open_value(const struct map_writer *w, const uint8_t *value, int *ret_fd)
{
	uint32_t type = w->shape->info.type, id;
	const struct obj_kind *kind = map_holds_maps(type) ? &obj_map :
				      type == BPF_MAP_TYPE_PROG_ARRAY ? &obj_prog : NULL;

	if (!kind)
		return 0;
	memcpy(&id, value, sizeof(id));
	*ret_fd = kind->open_id(id, 0);
	return *ret_fd < 0 ? *ret_fd : 0;
}

static int write_one(struct map_writer *w)
{
	const struct bpf_map_info *info = &w->shape->info;
	uint8_t *value = w->values + w->at * w->shape->value_len;
	auto_close int value_fd = -1;
	int err = open_value(w, value, &value_fd);
	uint32_t number = (uint32_t)value_fd;

	if (!err)
		err = bpf_map_update_elem(
			w->fd, info->key_size ? w->keys + (size_t)w->at * info->key_size : NULL,
			value_fd >= 0 ? (void *)&number : value, BPF_ANY);
	if (err)
		return err;
	w->at++;
	w->count++;
	return 0;
}

static bool takes_fds(const struct map_writer *w)
{
	return map_holds_maps(w->shape->info.type) ||
	       w->shape->info.type == BPF_MAP_TYPE_PROG_ARRAY;
}

int map_writer_flush(struct map_writer *w)
{
	int err = 0;

	while (!err && w->at < w->n) {
		uint32_t n = w->n - w->at;

		if (!w->by_key && !takes_fds(w)) {
			err = bpf_map_update_batch(
				w->fd, w->keys + (size_t)w->at * w->shape->info.key_size,
				w->values + w->at * w->shape->value_len, &n, NULL);
			/* Errors before the first entry do not change the number. */
			if (err && n == w->n - w->at)
				n = 0;
			w->by_key = err && !n;
			w->at += n;
			w->count += n;
			err = 0;
			if (w->at == w->n)
				break;
		}
		err = write_one(w);
	}
	if (!err)
		w->at = w->n = 0;
	else
		w->by_key = map_has_no_keys(w->shape->info.type);
	return err;
}

int map_writer_add(struct map_writer *w, const void *key, const void *value, uint64_t tag)
{
	size_t key_size = w->shape->info.key_size, value_len = w->shape->value_len;
	int err = w->n == w->room ? map_writer_flush(w) : 0;

	if (err)
		return err;
	if (key_size)
		memcpy(w->keys + w->n * key_size, key, key_size);
	memcpy(w->values + w->n * value_len, value, value_len);
	w->tags[w->n++] = tag;
	return 0;
}

uint64_t map_writer_count(const struct map_writer *w)
{
	return w->count;
}

uint64_t map_writer_bad(const struct map_writer *w)
{
	return w->at < w->n ? w->tags[w->at] : 0;
}

int map_delete_keys(int fd, const struct map_shape *shape, const uint8_t *keys, size_t n)
{
	size_t key_size = shape->info.key_size, i = 0;
	uint32_t done = (uint32_t)n;
	int err;

	if (!n || !bpf_map_delete_batch(fd, keys, &done, NULL))
		return 0;
	for (i = 0; i < n; i++) {
		err = bpf_map_delete_elem(fd, keys + i * key_size);
		if (err && err != -ENOENT)
			return err;
	}
	return 0;
}
