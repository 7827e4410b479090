// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Reading maps while they change, with a mock kernel: libbpf's calls from map/io.c end here. Keys
 * are walked in numerical order; a deleted key as cursor restarts the walk, as in the real kernel,
 * and a step may skip keys or go to the end, as in its lpm_trie.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>

#include "kern/map/key_set.h"
#include "kern/map/io.h"
#include "tap.h"

enum { N_KEYS = 5000 };

static struct {
	bool there[2 * N_KEYS];
	int no_batch;			/* the error of BPF_MAP_LOOKUP_BATCH, or 0 */
	uint32_t full_bucket;		/* ENOSPC if there is less room than this */
	int fail_at;			/* the n-th batch ends with EINTR */
	unsigned int churn;		/* one call in this many deletes the cursor */
	bool delete_all_behind;		/* ...and all before it */
	unsigned int jump;		/* one step in this many goes too far */
	bool blink;			/* a deleted cursor exists again after the next step */
	uint32_t gone;
	unsigned int n_next, n_batch;
} k;

static int first_from(uint32_t at, uint32_t *ret)
{
	for (; at < 2 * N_KEYS; at++) {
		if (k.there[at]) {
			*ret = at;
			return 0;
		}
	}
	return -ENOENT;
}

static int next_of(const uint32_t *key, uint32_t *ret)
{
	uint32_t at = key && *key < 2 * N_KEYS && k.there[*key] ? *key + 1 : 0;

	if (at && k.jump && (unsigned int)rand() % k.jump == 0)
		at += (uint32_t)rand() % 4 ? (uint32_t)rand() % 8 : 2 * N_KEYS;
	return first_from(at, ret);
}

/* Even keys stay forever; odd ones are added and deleted. */
static void disturb(uint32_t cursor)
{
	if (!k.churn || (unsigned int)rand() % k.churn)
		return;
	if (cursor % 2)
		k.there[cursor] = false;
	if (cursor % 2 && k.blink)
		k.gone = cursor;
	for (uint32_t i = 1; k.delete_all_behind && i < cursor; i += 2)
		k.there[i] = false;
	k.there[(uint32_t)rand() % N_KEYS * 2 + 1] = true;
}

int bpf_map_get_next_key(int fd UNUSED, const void *key, void *next_key)
{
	uint32_t next;
	int err = next_of(key, &next);

	k.n_next++;
	if (k.gone)
		k.there[k.gone] = true;
	k.gone = 0;
	if (err)
		return err;
	memcpy(next_key, &next, sizeof(next));
	disturb(next);
	return 0;
}

int bpf_map_lookup_elem(int fd UNUSED, const void *key, void *value)
{
	uint32_t at = *(const uint32_t *)key;
	uint64_t v = at * 3ULL;

	if (!k.there[at])
		return -ENOENT;
	memcpy(value, &v, sizeof(v));
	return 0;
}

/* The kernel's generic batch: GET_NEXT_KEY in a loop. */
int bpf_map_lookup_batch(int fd UNUSED, void *in_batch, void *out_batch, void *keys, void *values,
			 __u32 *count, const struct bpf_map_batch_opts *opts UNUSED)
{
	uint32_t room = *count, n, key = 0;
	const uint32_t *cursor = in_batch;
	int err = 0;

	if (k.no_batch)
		return k.no_batch;
	*count = 0;
	if (room < k.full_bucket)
		return -ENOSPC;
	if ((int)++k.n_batch == k.fail_at)
		return -EINTR;
	for (n = 0; n < room; n++) {
		uint32_t next;

		err = next_of(cursor, &next);
		if (err)
			break;
		key = next;
		cursor = &key;
		memcpy((uint32_t *)keys + n, &key, sizeof(key));
		((uint64_t *)values)[n] = key * 3ULL;
		disturb(key);
	}
	*count = n;
	if (n)
		memcpy(out_batch, &key, sizeof(key));
	return err;
}

static void setup(void)
{
	memset(&k, 0, sizeof(k));
	for (int i = 0; i < 2 * N_KEYS; i++)
		k.there[i] = i % 2 == 0 || i % 3 == 0;
}

struct result {
	int err;
	unsigned int total, doubles, lost, wrong;
};

static struct result read_map(uint32_t type)
{
	static unsigned int times[2 * N_KEYS];
	struct map_shape shape = { .n_cpus = 1, .cpu_stride = 8, .value_len = 8 };
	struct map_reader *r = NULL;
	struct map_chunk c;
	struct result res = {};

	shape.info = (struct bpf_map_info){ .type = type, .key_size = 4, .value_size = 8,
					    .max_entries = 2 * N_KEYS };
	memset(times, 0, sizeof(times));
	res.err = map_reader_new(3, &shape, &r);
	while (!res.err && (res.err = map_reader_next(r, &c)) > 0) {
		for (size_t i = 0; i < c.n; i++) {
			uint32_t key = ((const uint32_t *)(const void *)c.keys)[i];

			res.total++;
			res.doubles += times[key]++ > 0;
			res.wrong += ((const uint64_t *)(const void *)c.values)[i] != key * 3ULL ||
				     c.errs[i];
		}
		res.err = 0;
	}
	map_reader_free(r);
	for (int i = 0; i < 2 * N_KEYS; i += 2)
		res.lost += !times[i];
	return res;
}

static void check(uint32_t type, const char *what)
{
	struct result r = read_map(type);

	is_int(r.err, 0, what);
	is_int(r.doubles, 0, "no entry twice");
	is_int(r.lost, 0, "no entry lost that was there all the time");
	is_int(r.wrong, 0, "values belong to their keys");
	ok(r.total >= N_KEYS && r.total <= 2 * N_KEYS, "%u entries", r.total);
}

static void test_quiet(void)
{
	setup();
	check(BPF_MAP_TYPE_ARRAY, "batches");
	ok(k.n_next == 0, "nothing is asked key by key");
	setup();
	k.full_bucket = 6000;
	check(BPF_MAP_TYPE_HASH, "a crowded bucket");
	setup();
	k.full_bucket = UINT32_MAX;
	check(BPF_MAP_TYPE_HASH, "a bucket that never fits");
	setup();
	k.no_batch = -EINVAL;
	check(BPF_MAP_TYPE_HASH, "before 5.6");
	ok(k.n_next <= N_KEYS * 2, "one step for each key");
	setup();
	k.no_batch = -524;
	check(BPF_MAP_TYPE_DEVMAP_HASH, "a type without batches");
	setup();
	k.no_batch = -EPERM;
	is_int(read_map(BPF_MAP_TYPE_HASH).err, -EPERM, "a refusal is no missing feature");
	setup();
	k.fail_at = 2;
	check(BPF_MAP_TYPE_LPM_TRIE, "an interrupted batch");
	setup();
	memset(k.there, 0, sizeof(k.there));
	is_int((int)read_map(BPF_MAP_TYPE_HASH).total, 0, "an empty map");
}

static void test_churn(void)
{
	setup();
	k.no_batch = -524;
	k.churn = 2;
	check(BPF_MAP_TYPE_HASH, "key by key, cursors deleted");
	setup();
	k.no_batch = -524;
	k.churn = 20;
	k.delete_all_behind = true;
	check(BPF_MAP_TYPE_HASH, "key by key, all keys behind deleted");
	setup();
	k.churn = 2;
	check(BPF_MAP_TYPE_LPM_TRIE, "generic batches that begin anew");
	setup();
	k.churn = 500;
	check(BPF_MAP_TYPE_LPM_TRIE, "batches that begin anew at times");
	ok(k.n_next < 8 * 4 * 2 * N_KEYS, "by a few steps for each key and walk: %u", k.n_next);
	setup();
	k.no_batch = -524;
	k.churn = 2;
	k.blink = true;
	check(BPF_MAP_TYPE_SOCKHASH, "cursors deleted and there again");
	setup();
	k.jump = 1000;
	check(BPF_MAP_TYPE_LPM_TRIE, "steps that jump over keys");
	setup();
	k.jump = 1000;
	k.churn = 20;
	check(BPF_MAP_TYPE_LPM_TRIE, "and cursors deleted besides");
	setup();
	k.jump = 1000;
	k.no_batch = -EINVAL;
	check(BPF_MAP_TYPE_LPM_TRIE, "the same without batches");
}

static void test_key_set(void)
{
	struct key_set s = { .key_size = 12 };
	uint32_t key[3] = { 0 };
	int added = 0;

	for (uint32_t i = 0; i < 200000; i++) {
		key[2] = i % 100000;
		added += key_set_add(&s, key);
	}
	is_int(added, 100000, "a key is added once");
	ok(s.n == 100000, "and counted once");
	ok(((const uint32_t *)key_set_at(&s, 77777))[2] == 77777, "order is kept");
	key_set_free(&s);
	s.key_size = 1;
	is_int(key_set_add(&s, "a") + key_set_add(&s, "a") + key_set_add(&s, "b"), 2,
	       "keys of one byte");
	key_set_free(&s);
}

int main(void)
{
	srand(1);
	test_quiet();
	test_churn();
	test_key_set();
	return tap_done();
}
