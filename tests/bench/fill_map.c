// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * fill_map plain|typed|lpm PATH N: a map of N entries, and room for N more, pinned at PATH; plain:
 * a hash, key 8, value 16 bytes; typed: key 16, value 48 bytes with BTF; lpm: an lpm_trie, sizes as
 * plain. fill_map read PATH: what reading it costs at least, BPF_MAP_LOOKUP_BATCH and nothing else.
 * fill_map write plain|typed PATH N: the same entries again into the map that is pinned there, in
 * batches. fill_map churn plain|lpm PATH N: add and delete the entries N to 2 N at random, and
 * write those below N, one of them all the time, until killed.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 4096, KEY_MAX = 16, VALUE_MAX = 48 };

static uint8_t keys[CHUNK * KEY_MAX], values[CHUNK * VALUE_MAX];

static int die(const char *what)
{
	perror(what);
	return 1;
}

/* key: { u64 addr; u32 port; u16 family, zone }; value: counters, a name, a state, a pointer. */
static struct btf *make_btf(int *key, int *value)
{
	struct btf *btf = btf__new_empty();
	int u64 = btf__add_int(btf, "u64", 8, 0), u32 = btf__add_int(btf, "u32", 4, 0);
	int u16 = btf__add_int(btf, "u16", 2, 0), s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int chr = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	int comm = btf__add_array(btf, u32, chr, 8), state = btf__add_enum(btf, "state", 4);

	btf__add_enum_value(btf, "STATE_NEW", 0);
	btf__add_enum_value(btf, "STATE_OPEN", 1);
	btf__add_enum_value(btf, "STATE_CLOSED", 2);
	*key = btf__add_struct(btf, "flow", 16);
	btf__add_field(btf, "addr", u64, 0, 0);
	btf__add_field(btf, "port", u32, 64, 0);
	btf__add_field(btf, "family", u16, 96, 0);
	btf__add_field(btf, "zone", u16, 112, 0);
	*value = btf__add_struct(btf, "stats", 48);
	btf__add_field(btf, "packets", u64, 0, 0);
	btf__add_field(btf, "bytes", u64, 64, 0);
	btf__add_field(btf, "last_seen", u64, 128, 0);
	btf__add_field(btf, "comm", comm, 192, 0);
	btf__add_field(btf, "state", state, 256, 0);
	btf__add_field(btf, "error", s32, 288, 0);
	btf__add_field(btf, "flags", u32, 320, 0);
	btf__add_field(btf, "mark", u32, 352, 0);
	return btf;
}

enum kind { PLAIN, TYPED, LPM, BAD };

static enum kind kind_of(const char *word)
{
	return !strcmp(word, "plain")	? PLAIN
	       : !strcmp(word, "typed") ? TYPED
	       : !strcmp(word, "lpm")	? LPM
					: BAD;
}

static int make_map(enum kind kind, unsigned int n)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	int key, value, fd;
	struct btf *btf;

	if (kind == PLAIN)
		return bpf_map_create(BPF_MAP_TYPE_HASH, "bench_plain", 8, 16, n, NULL);
	if (kind == LPM) {
		opts.map_flags = BPF_F_NO_PREALLOC;
		return bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "bench_lpm", 8, 16, n, &opts);
	}
	btf = make_btf(&key, &value);
	if (btf__load_into_kernel(btf))
		return -1;
	opts.btf_fd = btf__fd(btf);
	opts.btf_key_type_id = key;
	opts.btf_value_type_id = value;
	fd = bpf_map_create(BPF_MAP_TYPE_HASH, "bench_typed", 16, 48, n, &opts);
	btf__free(btf);
	return fd;
}

static void make_entry(enum kind kind, uint32_t i, uint8_t *k, uint8_t *v)
{
	uint64_t x = i * 0x9e3779b97f4a7c15ULL;
	uint64_t nums[3] = { i, x >> 20, 1700000000000000000ULL + i };
	uint32_t tail[4] = { i % 3, -(int)(i % 2), x, i };

	memcpy(k, &x, 8);
	if (kind == LPM)
		memcpy(k, (uint32_t[2]){ 32, i * 2654435761U }, 8);
	memcpy(v, nums, 16);
	if (kind != TYPED)
		return;
	memcpy(k + 8, (uint32_t[2]){ i & 0xffff, 2 }, 8);
	memcpy(v, nums, 24);
	memcpy(v + 24, "nginx\0\0", 8);
	memcpy(v + 32, tail, 16);
}

static int write_all(enum kind kind, int fd, uint32_t total)
{
	size_t key_size = kind == TYPED ? 16 : 8, value_size = kind == TYPED ? 48 : 16;

	if (fd < 0)
		return die("open");
	for (uint32_t at = 0; at < total; at += CHUNK) {
		uint32_t n = total - at < CHUNK ? total - at : CHUNK;

		for (uint32_t i = 0; i < n; i++)
			make_entry(kind, at + i, keys + i * key_size, values + i * value_size);
		if (bpf_map_update_batch(fd, keys, values, &n, NULL))
			return die("update");
	}
	return 0;
}

static int fill(enum kind kind, const char *path, uint32_t total)
{
	int fd = make_map(kind, 2 * total);

	return write_all(kind, fd, total) || (bpf_obj_pin(fd, path) && die(path));
}

static int churn(enum kind kind, const char *path, uint32_t total)
{
	int fd = bpf_obj_get(path);

	if (fd < 0)
		return die(path);
	alarm(120);
	for (;;) {
		uint32_t i = (uint32_t)rand() % (3 * total);

		/* One third each: add, delete, write an existing one. */
		if (i < total)
			make_entry(kind, rand() % 2 ? 0 : i, keys, values);
		else
			make_entry(kind, total + i % total, keys, values);
		if (i < 2 * total)
			bpf_map_update_elem(fd, keys, values, BPF_ANY);
		else
			bpf_map_delete_elem(fd, keys);
	}
}

static int read_all(const char *path)
{
	uint8_t cursor[KEY_MAX], *at = NULL;
	int fd = bpf_obj_get(path), err = 0;
	unsigned long total = 0;

	if (fd < 0)
		return die(path);
	while (!err) {
		uint32_t n = CHUNK;

		err = bpf_map_lookup_batch(fd, at, cursor, keys, values, &n, NULL);
		at = cursor;
		total += n;
	}
	if (err != -ENOENT)
		return die("lookup");
	printf("%lu\n", total);
	return 0;
}

int main(int argc, char **argv)
{
	enum kind kind = argc > 2 ? kind_of(argv[argc - 3]) : BAD;
	uint32_t n = argc > 3 ? (uint32_t)strtoul(argv[argc - 1], NULL, 0) : 0;

	if (argc == 3 && !strcmp(argv[1], "read"))
		return read_all(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "write") && kind != BAD)
		return write_all(kind, bpf_obj_get(argv[3]), n);
	if (argc == 5 && !strcmp(argv[1], "churn") && kind != BAD)
		return churn(kind, argv[3], n);
	if (argc == 4 && kind != BAD)
		return fill(kind, argv[2], n);
	fprintf(stderr, "usage: fill_map plain|typed|lpm PATH N\n       fill_map read PATH\n"
			"       fill_map churn plain|lpm PATH N\n");
	return 2;
}
