// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Maps: entries in memory in order of arrival; changes by a command are visible to its next call.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

static long find_entry(const struct object *o, uint64_t key)
{
	for (size_t i = 0; i < o->n_entries; i++)
		if (!memcmp(o->entries[i].key.data, (void *)(uintptr_t)key, o->entries[i].key.len))
			return i;
	return -1;
}

static void give_bytes(uint64_t to, const struct bytes *b)
{
	memcpy((void *)(uintptr_t)to, b->data, b->len);
}

static int lookup(const struct object *o, const union bpf_attr *attr)
{
	long i = o->info.map.key_size ? find_entry(o, attr->key) : o->n_entries ? 0 : -1;

	if (o->info.map.type == BPF_MAP_TYPE_STACK)
		i = (long)o->n_entries - 1;
	if (i < 0)
		return refuse(ENOENT);
	give_bytes(attr->value, &o->entries[i].value);
	return 0;
}

static int next_key(const struct object *o, const union bpf_attr *attr)
{
	size_t i = attr->key ? find_entry(o, attr->key) + 1 : 0;

	if (i >= o->n_entries)
		return refuse(ENOENT);
	give_bytes(attr->next_key, &o->entries[i].key);
	return 0;
}

/* The batch cursor is the index of the next entry. */
static int lookup_batch(const struct object *o, union bpf_attr *attr)
{
	uint32_t at = 0, n = 0, max = attr->batch.count;

	if (!max)
		return 0;
	if (attr->batch.in_batch)
		at = *(uint32_t *)(uintptr_t)attr->batch.in_batch;
	for (; n < max && at < o->n_entries; n++, at++) {
		const struct entry *e = &o->entries[at];

		give_bytes(attr->batch.keys + n * e->key.len, &e->key);
		give_bytes(attr->batch.values + n * e->value.len, &e->value);
	}
	attr->batch.count = n;
	*(uint32_t *)(uintptr_t)attr->batch.out_batch = at;
	return at >= o->n_entries ? refuse(ENOENT) : 0;
}

static bool is_array(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

static void drop(struct object *o, long i)
{
	free(o->entries[i].key.data);
	free(o->entries[i].value.data);
	memmove(&o->entries[i], &o->entries[i + 1], (o->n_entries - i - 1) * sizeof(*o->entries));
	o->n_entries--;
}

static int delete(struct object *o, uint64_t key)
{
	long i = find_entry(o, key);

	if (is_array(o->info.map.type))
		return refuse(EINVAL);
	if (i < 0)
		return refuse(ENOENT);
	drop(o, i);
	return 0;
}

/* Values of maps of maps and of programs are written as descriptors and stored as ids. */
static bool to_id(const struct object *o, void *value)
{
	const struct object *held;
	uint32_t fd;

	if (o->info.map.type != BPF_MAP_TYPE_PROG_ARRAY &&
	    o->info.map.type != BPF_MAP_TYPE_ARRAY_OF_MAPS &&
	    o->info.map.type != BPF_MAP_TYPE_HASH_OF_MAPS)
		return true;
	memcpy(&fd, value, sizeof(fd));
	held = object_of_fd(fd);
	if (held)
		memcpy(value, &held->id, sizeof(held->id));
	return held;
}

static struct bytes copy_of(const void *data, size_t len)
{
	struct bytes b = { calloc(1, len + 1), len };

	if (len)
		memcpy(b.data, data, len);
	return b;
}

/* The size of a value in memory: one per CPU. */
size_t fake_value_len(const struct object *o)
{
	uint32_t type = o->info.map.type, size = o->info.map.value_size;
	bool per_cpu = type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
		       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;

	return per_cpu ? (size_t)(size + 7) / 8 * 8 * FAKE_CPUS : size;
}

void fake_add_entry(struct object *o, struct bytes key, struct bytes value)
{
	o->entries = realloc(o->entries, (o->n_entries + 1) * sizeof(*o->entries));
	o->entries[o->n_entries++] = (struct entry){ key, value };
}

static int insert(struct object *o, const void *key, const void *value)
{
	size_t len = fake_value_len(o);
	struct bytes v;

	if (o->n_entries >= o->info.map.max_entries || is_array(o->info.map.type))
		return refuse(E2BIG);
	v = copy_of(value, len);
	if (!to_id(o, v.data)) {
		free(v.data);
		return refuse(EBADF);
	}
	fake_add_entry(o, copy_of(key, o->info.map.key_size), v);
	return 0;
}

static int update(struct object *o, uint64_t key, uint64_t value, uint64_t flags)
{
	long i = o->info.map.key_size ? find_entry(o, key) : -1;

	if (o->info.map.type == BPF_MAP_TYPE_STRUCT_OPS)
		o->made = false;	/* it is registered, which holds it */
	if (i < 0 && flags == BPF_EXIST)
		return refuse(ENOENT);
	if (i < 0)
		return insert(o, (void *)(uintptr_t)key, (void *)(uintptr_t)value);
	if (flags == BPF_NOEXIST)
		return refuse(EEXIST);
	memcpy(o->entries[i].value.data, (void *)(uintptr_t)value, o->entries[i].value.len);
	return to_id(o, o->entries[i].value.data) ? 0 : refuse(EBADF);
}

static int update_batch(struct object *o, union bpf_attr *attr)
{
	uint32_t n, max = attr->batch.count;
	int err = 0;

	for (n = 0; n < max && !err; n++)
		err = update(o, attr->batch.keys + n * o->info.map.key_size,
			     attr->batch.values + n * fake_value_len(o), attr->batch.elem_flags);
	attr->batch.count = err ? n - 1 : n;
	return err;
}

static int delete_batch(struct object *o, union bpf_attr *attr)
{
	uint32_t n, max = attr->batch.count;
	int err = 0;

	for (n = 0; n < max && !err; n++)
		err = delete(o, attr->batch.keys + n * o->info.map.key_size);
	attr->batch.count = err ? n - 1 : n;
	return err;
}

/* For a queue the oldest, for a stack the newest; for others that of the key. */
static int pop(struct object *o, const union bpf_attr *attr)
{
	long i = o->info.map.key_size ? find_entry(o, attr->key) : 0;

	if (o->info.map.type == BPF_MAP_TYPE_STACK)
		i = (long)o->n_entries - 1;
	if (i < 0 || !o->n_entries)
		return refuse(ENOENT);
	give_bytes(attr->value, &o->entries[i].value);
	drop(o, i);
	return 0;
}

static const char *word_of(int cmd)
{
	switch (cmd) {
	case BPF_MAP_LOOKUP_ELEM:
		return "lookup";
	case BPF_MAP_GET_NEXT_KEY:
		return "nextkey";
	case BPF_MAP_LOOKUP_BATCH:
		return "batch";
	case BPF_MAP_UPDATE_ELEM:
		return "update";
	case BPF_MAP_UPDATE_BATCH:
		return "updatebatch";
	case BPF_MAP_DELETE_BATCH:
		return "deletebatch";
	case BPF_MAP_LOOKUP_AND_DELETE_ELEM:
		return "pop";
	case BPF_MAP_FREEZE:
		return "freeze";
	default:
		return "delete";
	}
}

int fake_map_call(int cmd, union bpf_attr *attr)
{
	bool batch = cmd == BPF_MAP_LOOKUP_BATCH || cmd == BPF_MAP_UPDATE_BATCH ||
		     cmd == BPF_MAP_DELETE_BATCH;
	struct object *o = object_of_fd(batch ? attr->batch.map_fd : attr->map_fd);
	int err;

	if (!o || o->kind != K_MAP)
		return refuse(EBADF);
	err = o->info.map.type == BPF_MAP_TYPE_RINGBUF ? 524 : injected(word_of(cmd), K_MAP, o->id);
	if (err)
		return refuse(err);
	switch (cmd) {
	case BPF_MAP_LOOKUP_ELEM:
		return lookup(o, attr);
	case BPF_MAP_GET_NEXT_KEY:
		return next_key(o, attr);
	case BPF_MAP_LOOKUP_BATCH:
		return lookup_batch(o, attr);
	case BPF_MAP_UPDATE_ELEM:
		return update(o, attr->key, attr->value, attr->flags);
	case BPF_MAP_UPDATE_BATCH:
		return update_batch(o, attr);
	case BPF_MAP_DELETE_BATCH:
		return delete_batch(o, attr);
	case BPF_MAP_LOOKUP_AND_DELETE_ELEM:
		return pop(o, attr);
	case BPF_MAP_FREEZE:
		return 0;
	default:
		return delete(o, attr->key);
	}
}
