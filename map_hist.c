// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map hist: a map of counters as a histogram. The key is the number of a bucket, the way BPF
 * programs count distributions: of powers of two (bucket n: 2^n to 2^(n+1)-1, bucket 0: 0 and 1), or
 * of single values. Per-CPU counters are added up.
 */
#include <errno.h>

#include "cli/array.h"
#include "json_writer.h"
#include "kern/map_io.h"
#include "map.h"

#define BAR 40
#define LOG2_BUCKETS 64

const char *const map_hist_words[] = { "log2", "linear", NULL };
enum { HIST_LOG2, HIST_LINEAR };

struct bucket {
	uint64_t key, count;
};

struct hist {
	struct bucket *all;		/* owned; by key, without those that counted nothing */
	size_t n, max;
	uint64_t total, most;
};

static uint64_t read_number(const uint8_t *data, size_t len)
{
	uint64_t v64;
	uint32_t v32;

	if (len == sizeof(v32)) {
		memcpy(&v32, data, sizeof(v32));
		return v32;
	}
	memcpy(&v64, data, sizeof(v64));
	return v64;
}

static bool is_number_size(uint32_t size)
{
	return size == 4 || size == 8;
}

static int check_shape(struct ctx *ctx, const struct map_shape *s)
{
	if (is_number_size(s->info.key_size) && is_number_size(s->info.value_size))
		return 0;
	fail_msg(ctx->err, -EINVAL, "map %u has keys of %u and values of %u bytes: no counters by number",
		 s->info.id, s->info.key_size, s->info.value_size);
	err_hint(ctx->err, "keys and values must be integers of 4 or 8 bytes");
	return -EINVAL;
}

static int add(struct hist *h, uint64_t key, uint64_t count)
{
	struct bucket *all;

	if (!count)
		return 0;
	all = array_room(h->all, h->n, &h->max, sizeof(*all));
	if (!all)
		return -ENOMEM;
	h->all = all;
	h->all[h->n++] = (struct bucket){ key, count };
	h->total += count;
	h->most = count > h->most ? count : h->most;
	return 0;
}

static int add_chunk(struct hist *h, const struct map_shape *s, const struct map_chunk *c)
{
	int err = 0;

	for (size_t i = 0; !err && i < c->n; i++) {
		uint64_t count = 0;

		if (c->errs[i])
			continue;
		for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++)
			count += read_number(c->values + i * s->value_len + cpu * s->cpu_stride, s->info.value_size);
		err = add(h, read_number(c->keys + i * s->info.key_size, s->info.key_size), count);
	}
	return err;
}

static int by_key(const void *a, const void *b)
{
	const struct bucket *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static int read_hist(struct ctx *ctx, int fd, const struct map_shape *s, struct hist *h)
{
	auto_reader struct map_reader *r = NULL;
	struct map_chunk c;
	int err = map_reader_new(fd, s, &r);

	while (!err && (err = map_reader_next(r, &c)) > 0)
		err = add_chunk(h, s, &c);
	if (err)
		return fail(ctx->err, err, "read map %u", s->info.id);
	if (h->n)
		qsort(h->all, h->n, sizeof(*h->all), by_key);
	return 0;
}

static void bounds(int mode, uint64_t key, uint64_t *ret_low, uint64_t *ret_high)
{
	if (mode == HIST_LINEAR || key >= LOG2_BUCKETS) {
		*ret_low = *ret_high = key;
		return;
	}
	*ret_low = key ? 1ULL << key : 0;
	*ret_high = key == LOG2_BUCKETS - 1 ? UINT64_MAX : (1ULL << (key + 1)) - 1;
}

static void show_bucket(struct out *o, int mode, const struct bucket *b, uint64_t most)
{
	static const char stars[] = "****************************************";
	unsigned int len = (unsigned int)((double)b->count / (double)most * BAR + 0.5);
	uint64_t low, high;
	char range[48];

	bounds(mode, b->key, &low, &high);
	if (mode == HIST_LINEAR)
		snprintf(range, sizeof(range), "%llu", (unsigned long long)low);
	else
		snprintf(range, sizeof(range), "%llu -> %llu", (unsigned long long)low,
			 (unsigned long long)high);
	out_rec(o, NULL);
	out_json_uint(o, "low", low);
	out_json_uint(o, "high", high);
	out_json_uint(o, "count", b->count);
	out_item(o, "%28s : %-12llu |%-*.*s|", range, (unsigned long long)b->count, BAR, (int)len, stars);
	out_rec_end(o);
}

/* In powers of two the row has no gaps: a bucket without a count between two with one is shown empty. */
static void show_buckets(struct out *o, int mode, const struct hist *h)
{
	for (size_t i = 0; i < h->n; i++) {
		struct bucket gap = { .key = i && mode == HIST_LOG2 ? h->all[i - 1].key + 1 : h->all[i].key };

		for (; gap.key < h->all[i].key && gap.key < LOG2_BUCKETS; gap.key++)
			show_bucket(o, mode, &gap, h->most);
		show_bucket(o, mode, &h->all[i], h->most);
	}
}

static int show_hist(struct ctx *ctx, int mode, const struct map_shape *s, const struct hist *h)
{
	struct out *o = ctx->out;

	if (mode == HIST_LOG2 && h->n && h->all[h->n - 1].key >= LOG2_BUCKETS) {
		fail_msg(ctx->err, -ERANGE, "map %u counts under key %llu: there are only %d powers of two",
			 s->info.id, (unsigned long long)h->all[h->n - 1].key, LOG2_BUCKETS);
		err_hint(ctx->err, "keys that are values themselves: '%s map hist MAP linear'", ctx->progname);
		return -ERANGE;
	}
	out_rec(o, NULL);
	out_json_uint(o, "id", s->info.id);
	if (s->info.name[0])
		out_json_str(o, "name", s->info.name);
	out_json_str(o, "mode", map_hist_words[mode]);
	out_json_uint(o, "total", h->total);
	out_item(o, "%28s : %-12s distribution", "value", "count");
	out_list(o, "buckets", NULL);
	show_buckets(o, mode, h);
	out_list_end(o);
	out_rec_end(o);
	return 0;
}

int map_hist(struct ctx *ctx, const void *args)
{
	const struct map_hist_args *a = args;
	auto_close int fd = -1;
	struct map_shape shape;
	struct hist h = {};
	int err = obj_open(ctx, &obj_map, &a->map, OBJ_RDONLY, &fd);

	if (err)
		return err;
	err = map_shape_read(fd, &shape);
	if (err)
		return fail(ctx->err, err, "read map");
	err = check_shape(ctx, &shape);
	if (!err)
		err = read_hist(ctx, fd, &shape, &h);
	if (!err)
		err = show_hist(ctx, a->mode, &shape, &h);
	free(h.all);
	return err;
}

const struct param map_hist_params[] = {
	PARAM_REF(struct map_hist_args, map, "", "MAP", ref_words_map, "the map of counters",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_CHOICE(struct map_hist_args, mode, "", "MODE", map_hist_words,
		     "what its keys number: powers of two, or values"),
	{ }
};
