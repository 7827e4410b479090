// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Reading maps. There are three kinds of walks in map_reader_next():
 *
 * BPF_MAP_LOOKUP_BATCH over a hash goes bucket by bucket and locks the bucket while it copies, so
 * that no deletion can disturb it. In arrays nothing is ever deleted.
 *
 * BPF_MAP_GET_NEXT_KEY restarts from the first key if the given key has been deleted. So every
 * returned key is remembered. Meeting the first one again in the same walk means that the kernel
 * has restarted; the walk then goes back over the last steps to a key that still exists, and
 * continues there, or, if there is none, from the first key over all known ones. Batches of types
 * other than hashes consist of the same steps inside the kernel: if one restarts, the walk
 * continues key by key.
 *
 * In an lpm_trie such a step may also miss a neighboring branch, or end the walk, if a node between
 * it and the branch is replaced while the kernel goes up: once in some hundred steps (0.3 % seen)
 * if the neighbor is written all the time, otherwise hardly ever. This cannot be detected. But it
 * happens to each walk independently, so the walk is repeated, continuing at every key that it
 * misses and an earlier one had, until two in a row find nothing new; eight times on a trie that
 * keeps changing. So the probability of losing an entry is less than 1 in 10^7 even next to such a
 * neighbor.
 */
#include <errno.h>

#include "kern/abi.h"
#include "kern/cpus.h"
#include "kern/map/key_walk.h"
#include "kern/map/io.h"

#define CHUNK_BYTES (256 * 1024)
#define CHUNK_ENTRIES 4096
#define ERR_NOTSUPP 524			/* the kernel-internal ENOTSUPP */
#define WALKS_MAX 8			/* of a map that keeps changing */
#define WALKS_QUIET 2			/* consecutive ones without new keys are enough */
#define CURSOR_MIN 8			/* the kernel writes four bytes even for shorter keys */

struct map_reader {
	int fd;
	const struct map_shape *shape;
	/* Returns 0 and the number of entries read into the arrays; sets done at the end. */
	int (*read)(struct map_reader *r, uint32_t *ret_n);
	uint32_t room;			/* entries in these arrays */
	uint8_t *keys, *values;
	int *errs;
	uint8_t *cursor, *next;		/* key_size each: where to continue */
	bool started, done, forgetful;	/* forgetful: this walk may restart */
	bool at_gaps; /* the walk has reached its end and looks for missed keys */
	uint32_t n_gap;			/* steps into this gap that can be undone */
	struct key_walk walk;
	uint32_t n_quiet, seen_before;	/* walks without new keys; keys known at the start */
	uint64_t steps_left;		/* a limit for maps that change without end */
};

int map_shape_read(int fd, struct map_shape *ret)
{
	struct map_shape s = { .n_cpus = 1 };
	int err = obj_info(fd, &s.info, sizeof(s.info)), n;

	if (err)
		return err;
	s.per_cpu = s.info.type == BPF_MAP_TYPE_PERCPU_HASH ||
		    s.info.type == BPF_MAP_TYPE_PERCPU_ARRAY ||
		    s.info.type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
		    s.info.type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
	s.cpu_stride = s.info.value_size;
	if (s.per_cpu) {
		n = cpus_possible();
		if (n <= 0)
			return n ? n : -ENODATA;
		s.n_cpus = (uint32_t)n;
		s.cpu_stride = ((size_t)s.info.value_size + 7) / 8 * 8;
	}
	s.value_len = s.cpu_stride * s.n_cpus;
	*ret = s;
	return 0;
}

bool map_holds_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* Types whose keys are always all numbers below max_entries: their walk cannot restart. */
static bool has_fixed_keys(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_SOCKMAP:
	case BPF_MAP_TYPE_CPUMAP:
	case BPF_MAP_TYPE_XSKMAP:
	case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
	case BPF_MAP_TYPE_STRUCT_OPS:
	case ABI_MAP_TYPE_INSN_ARRAY:
		return true;
	default:
		return false;
	}
}

/* Types whose batches copy whole buckets under their lock. */
static bool has_buckets(uint32_t type)
{
	return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_HASH || type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static int make_room(struct map_reader *r, uint32_t room)
{
	size_t key_size = r->shape->info.key_size;
	uint8_t *keys, *values;
	int *errs;

	/* One more of each, to avoid allocations of size 0. */
	keys = realloc(r->keys, room * key_size + 1);
	if (keys)
		r->keys = keys;
	values = realloc(r->values, room * r->shape->value_len + 1);
	if (values)
		r->values = values;
	errs = realloc(r->errs, room * sizeof(*errs) + 1);
	if (errs)
		r->errs = errs;
	if (!keys || !values || !errs)
		return -ENOMEM;
	memset(r->errs, 0, room * sizeof(*errs));
	r->room = room;
	return 0;
}

static int step(struct map_reader *r, const void *key, void *ret_next)
{
	if (!r->steps_left)
		return -EAGAIN;
	r->steps_left--;
	return bpf_map_get_next_key(r->fd, key, ret_next);
}

/*
 * The key in r->next was already met in this walk. If it is the first one the kernel has restarted:
 * back to the previous key. Otherwise continue after it, over known keys; in a gap this is its end:
 * -ENOENT.
 */
static int step_again(struct map_reader *r)
{
	struct key_walk *w = &r->walk;
	int err;

	if (r->at_gaps && !r->n_gap)
		return -ENOENT;
	err = step(r, NULL, r->cursor);
	if (err && err != -ENOENT)
		return err;
	if (err || !key_walk_last(w) || memcmp(r->cursor, r->next, r->shape->info.key_size) != 0) {
		key_walk_on(w, r->next);
		return r->at_gaps ? -ENOENT : 0;
	}
	key_walk_back(w);
	r->n_gap -= r->at_gaps;
	return 0;
}

/* Returns 0 and a new key in r->next, or a negative errno. */
static int step_over(struct map_reader *r)
{
	int err, met;

	if (!r->forgetful)
		return step(r, r->started ? r->cursor : NULL, r->next);
	for (;;) {
		err = step(r, key_walk_last(&r->walk), r->next);
		met = err ? err : key_walk_meet(&r->walk, r->next);
		if (met == -EEXIST)
			met = step_again(r);
		else if (met >= 0)
			r->n_gap++;
		if (met == -ENOENT && key_walk_missed(&r->walk)) {
			r->at_gaps = true;
			r->n_gap = 0;
			continue;
		}
		if (met)
			return met < 0 ? met : 0;
	}
}

/* Entries without a value that are left out: just deleted, or never set. */
static bool is_silent(const struct map_reader *r, int err)
{
	uint32_t type = r->shape->info.type;

	return err == -ENOENT &&
	       (r->forgetful || type == BPF_MAP_TYPE_PROG_ARRAY || map_holds_maps(type));
}

static int read_by_key(struct map_reader *r, uint32_t *ret_n)
{
	size_t key_size = r->shape->info.key_size, value_len = r->shape->value_len;
	uint32_t n = 0;
	int err = 0;

	while (n < r->room) {
		uint8_t *value = r->values + n * value_len;

		err = step_over(r);
		r->done = err == -ENOENT;
		if (err)
			break;
		memcpy(r->cursor, r->next, key_size);
		r->started = true;
		memset(value, 0, value_len);
		r->errs[n] = bpf_map_lookup_elem(r->fd, r->cursor, value);
		if (is_silent(r, r->errs[n]))
			continue;
		memcpy(r->keys + n * key_size, r->cursor, key_size);
		n++;
	}
	*ret_n = n;
	/* The first walk has returned all entries; another one to make sure may take too long. */
	if (err == -EAGAIN && r->walk.walk)
		r->done = true;
	return r->done ? 0 : err;
}

/* Keeps the entries that were not returned before; if there are others the batch has restarted. */
static int drop_seen(struct map_reader *r, uint32_t *n)
{
	size_t key_size = r->shape->info.key_size, value_len = r->shape->value_len;
	uint32_t i, kept = 0;
	bool anew = false;

	for (i = 0; i < *n; i++) {
		int met = key_walk_meet(&r->walk, r->keys + i * key_size);

		if (met < 0 && met != -EEXIST)
			return met;
		anew = anew || met == -EEXIST;
		if (met == -EEXIST)
			continue;
		/* New entries among the others are not a step from the current key. */
		if (anew)
			key_walk_back(&r->walk);
		memmove(r->keys + kept * key_size, r->keys + i * key_size, key_size);
		memmove(r->values + kept * value_len, r->values + i * value_len, value_len);
		kept++;
	}
	if (anew)
		r->read = read_by_key;
	*n = kept;
	return 0;
}

static bool no_batch(int err)
{
	return err == -EINVAL || err == -ENOTSUP || err == -ERR_NOTSUPP;
}

/*
 * Handles a failed batch: continue key by key, because the kernel has no batch for this type or,
 * with EINTR, an older one missed an entry of an lpm_trie or met an empty slot of an array_of_maps;
 * or retry with more room for a full bucket. Returns 0 if the walk can continue.
 */
static int after_failure(struct map_reader *r, int err)
{
	uint32_t max = r->shape->info.max_entries;
	/* A cursor for buckets is not a key. */
	bool can_change = !r->started || !has_buckets(r->shape->info.type);

	if (err == -ENOSPC && r->room <= max && r->room <= UINT32_MAX / 2)
		return make_room(r, 2 * r->room);
	if (!can_change || !(no_batch(err) || err == -ENOSPC || err == -EINTR))
		return err;
	r->read = read_by_key;
	return 0;
}

static int read_batch(struct map_reader *r, uint32_t *ret_n)
{
	uint32_t n = r->room;
	uint8_t *swap;
	int err;

	if (!r->steps_left)
		return -EAGAIN;
	r->steps_left--;
	err = bpf_map_lookup_batch(r->fd, r->started ? r->cursor : NULL, r->next, r->keys,
				   r->values, &n, NULL);
	if (err && err != -ENOENT) {
		*ret_n = 0;
		return after_failure(r, err);
	}
	swap = r->cursor;
	r->cursor = r->next;
	r->next = swap;
	r->started = true;
	r->done = err == -ENOENT;
	*ret_n = n;
	return r->forgetful && !has_buckets(r->shape->info.type) ? drop_seen(r, ret_n) : 0;
}

/* Types whose walk may miss entries undetected, or may do so as far as we know. */
static bool may_miss(uint32_t type)
{
	return type == BPF_MAP_TYPE_LPM_TRIE || type > ABI_MAP_TYPE_INSN_ARRAY;
}

/* At the end of a walk: true if there is to be another one, over the keys only. */
static bool walk_again(struct map_reader *r)
{
	struct key_walk *w = &r->walk;

	if (!may_miss(r->shape->info.type))
		return false;
	r->n_quiet = w->seen.n == r->seen_before ? r->n_quiet + 1 : 0;
	if (r->n_quiet == WALKS_QUIET || w->walk + 1 == WALKS_MAX)
		return false;
	r->seen_before = w->seen.n;
	key_walk_again(w);
	r->read = read_by_key;
	r->done = r->at_gaps = false;
	memset(r->errs, 0, r->room * sizeof(*r->errs));
	return true;
}

int map_reader_new(int fd, const struct map_shape *shape, struct map_reader **ret)
{
	size_t key_size = shape->info.key_size;
	size_t cursor_size = key_size > CURSOR_MIN ? key_size : CURSOR_MIN;
	uint64_t room = CHUNK_BYTES / (key_size + shape->value_len + 1) + 1;
	struct map_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	*r = (struct map_reader){ .fd = fd, .shape = shape, .read = read_batch };
	r->walk.seen.key_size = key_size;
	r->steps_left = 16 * (uint64_t)shape->info.max_entries + 1000000;
	r->forgetful = !has_fixed_keys(shape->info.type);
	if (room > CHUNK_ENTRIES)
		room = CHUNK_ENTRIES;
	if (room > shape->info.max_entries)
		room = shape->info.max_entries ? shape->info.max_entries : 1;
	r->cursor = calloc(1, cursor_size);
	r->next = calloc(1, cursor_size);
	if (!r->cursor || !r->next || make_room(r, (uint32_t)room)) {
		map_reader_free(r);
		return -ENOMEM;
	}
	*ret = r;
	return 0;
}

void map_reader_free(struct map_reader *r)
{
	if (!r)
		return;
	key_walk_free(&r->walk);
	free(r->keys);
	free(r->values);
	free(r->errs);
	free(r->cursor);
	free(r->next);
	free(r);
}

int map_reader_next(struct map_reader *r, struct map_chunk *ret)
{
	uint32_t n = 0;
	int err = 0;

	while (!err && !n && (!r->done || walk_again(r)))
		err = r->read(r, &n);
	if (err && !n)
		return err;
	*ret = (struct map_chunk){ .n = n, .keys = r->keys, .values = r->values, .errs = r->errs };
	return n > 0;
}
