// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map hist: a map of counters as a histogram, or several, one per key. map/hist_rule.c
 * determines which values a slot is for, and where the slots are. Per-CPU counters are added up.
 */
#include <errno.h>

#include "cli/array.h"
#include "json_writer.h"
#include "kern/map/key_set.h"
#include "map/bulk.h"
#include "map/hist.h"

struct map_hist_args {
	struct ref map;
	int mode;
	const char *rule;		/* NULL: to be guessed */
};

#define BAR 40

static const char *const map_hist_words[] = { "log2", "linear", NULL };
static const char *const rule_words[] = {
	[HIST_LOG2] = "log2", [HIST_BCC] = "bcc", [HIST_BPFTRACE] = "bpftrace", NULL
};

struct bucket {
	uint32_t group;
	uint64_t slot, count;
};

struct hist {
	struct map_view view;
	struct hist_form form;
	enum hist_rule rule;
	const char *why;		/* the rule; NULL: it was given, or does not apply */
	struct key_set groups; /* keys, without the slot, that have a separate histogram */
	uint8_t *key;			/* owned: one of them */
	struct bucket *all; /* owned; by group and slot, without empty buckets */
	size_t n, max;
};

static void hist_close(struct hist *h)
{
	map_view_close(&h->view);
	key_set_free(&h->groups);
	free(h->key);
	free(h->all);
}

#define auto_hist __attribute__((cleanup(hist_close)))

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

static int add(struct hist *h, struct bucket b)
{
	struct bucket *all;

	if (!b.count)
		return 0;
	all = array_room(h->all, h->n, &h->max, sizeof(*all));
	if (!all)
		return -ENOMEM;
	h->all = all;
	h->all[h->n++] = b;
	return 0;
}

/* The number at offset off in each CPU's value, added up. */
static uint64_t sum(const struct map_shape *s, const uint8_t *value, size_t off, size_t size)
{
	uint64_t v = 0;

	for (uint32_t cpu = 0; cpu < s->n_cpus; cpu++)
		v += read_number(value + cpu * s->cpu_stride + off, size);
	return v;
}

static int add_entry(struct hist *h, const uint8_t *key, const uint8_t *value)
{
	const struct map_shape *s = &h->view.shape;
	const struct hist_form *f = &h->form;
	struct bucket b = {};
	int err;

	memcpy(h->key, key, s->info.key_size);
	if (!f->in_value)
		memset(h->key + f->off, 0, f->size);
	err = key_set_put(&h->groups, h->key, &b.group);
	if (err < 0)
		return err;
	if (!f->in_value) {
		b.slot = read_number(key + f->off, f->size);
		b.count = sum(s, value, 0, s->info.value_size);
		return add(h, b);
	}
	for (err = 0; !err && b.slot < f->n; b.slot++) {
		b.count = sum(s, value, f->off + b.slot * f->size, f->size);
		err = add(h, b);
	}
	return err;
}

static int by_slot(const void *a, const void *b)
{
	const struct bucket *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static int read_hist(struct ctx *ctx, int fd, struct hist *h)
{
	const struct map_shape *s = &h->view.shape;
	auto_reader struct map_reader *r = NULL;
	struct map_left_out left_out = {};
	struct map_chunk c;
	int err = map_reader_new(fd, s, &r);

	h->key = calloc(1, (size_t)s->info.key_size + 1);
	h->groups.key_size = s->info.key_size;
	if (!h->key)
		err = -ENOMEM;
	while (!err && (err = map_reader_next(r, &c)) > 0) {
		err = 0;
		for (size_t i = 0; !err && i < c.n; i++) {
			map_left_out_add(&left_out, c.errs[i]);
			if (!c.errs[i])
				err = add_entry(h, c.keys + i * s->info.key_size,
						c.values + i * s->value_len);
		}
	}
	if (err)
		return fail(ctx->err, err, "read map %u", s->info.id);
	map_left_out_report(ctx, s, &left_out);
	if (h->n)
		qsort(h->all, h->n, sizeof(*h->all), by_slot);
	return 0;
}

static void put_range(const struct hist *h, const struct hist_bounds *at, char *range, size_t size)
{
	if (at->negative)
		snprintf(range, size, "below 0");
	else if (h->rule == HIST_LINEAR)
		snprintf(range, size, "%llu", (unsigned long long)at->low);
	else
		snprintf(range, size, "%llu -> %llu", (unsigned long long)at->low,
			 (unsigned long long)at->high);
}

static void show_bucket(struct out *o, const struct hist *h, const struct bucket *b, uint64_t most)
{
	static const char stars[] = "****************************************";
	unsigned int len = (unsigned int)((double)b->count / (double)most * BAR + 0.5);
	struct hist_bounds at = {};
	char range[48], form[48 + BAR + 32];

	if (!hist_bounds(h->rule, b->slot, &at))
		return;
	put_range(h, &at, range, sizeof(range));
	snprintf(form, sizeof(form), "%28s : {count} |%-*.*s|", range, BAR, (int)len, stars);
	out_rec(o, NULL);
	out_form(o, form);
	if (at.negative) {
		out_int(o, "low", "%lld", INT64_MIN);
		out_int(o, "high", "%lld", -1);
	} else {
		out_uint(o, "low", "%llu", at.low);
		out_uint(o, "high", "%llu", at.high);
	}
	out_uint(o, "count", "%-12llu", b->count);
	out_form_end(o);
	out_rec_end(o);
}

/* For powers of two the sequence has no gaps: an empty bucket between two others is shown as 0. */
static void show_buckets(struct out *o, const struct hist *h, const struct bucket *all, size_t n)
{
	uint64_t total = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		total += all[i].count;
		most = all[i].count > most ? all[i].count : most;
	}
	out_json_uint(o, "total", total);
	out_section(o, "buckets", "                       value : count        distribution");
	for (size_t i = 0; i < n; i++) {
		struct bucket gap = { .slot = i && h->rule != HIST_LINEAR ? all[i - 1].slot + 1
									  : all[i].slot };

		for (; gap.slot < all[i].slot; gap.slot++)
			show_bucket(o, h, &gap, most);
		show_bucket(o, h, &all[i], most);
	}
	out_list_end(o);
}

/*
 * What distinguishes this histogram from the others: the key without the slot, by its type if it
 * has one.
 */
static void show_key(struct out *o, struct hist *h, uint32_t group)
{
	const uint8_t *key = key_set_at(&h->groups, group);
	size_t len = h->form.in_value ? h->view.shape.info.key_size : h->form.off;
	struct buf *b = &h->view.scratch;

	if (!h->view.key) {
		out_bytes(o, "key", "key: ", key, len);
		out_break(o, "");
		return;
	}
	b->len = 0;
	btf_plan_compose_but(b, h->view.key, key, h->form.member);
	buf_putc(b, '\0');
	if (b->err)
		return;
	out_raw(o, "key", "key: %s", b->data);
	out_break(o, "");
}

static void show_groups(struct out *o, struct hist *h)
{
	size_t first, end;

	out_list(o, "histograms", NULL);
	for (first = 0; first < h->n; first = end) {
		for (end = first + 1; end < h->n && h->all[end].group == h->all[first].group;)
			end++;
		out_rec(o, NULL);
		show_key(o, h, h->all[first].group);
		show_buckets(o, h, h->all + first, end - first);
		out_rec_end(o);
	}
	out_list_end(o);
}

/* The first slot that the rule does not define, if there is one. */
static int check_slots(struct ctx *ctx, const struct hist *h)
{
	struct hist_bounds at;

	for (size_t i = 0; i < h->n; i++) {
		if (hist_bounds(h->rule, h->all[i].slot, &at))
			continue;
		fail_msg(ctx->err, -ERANGE,
			 "map %u counts in slot %llu, beyond the range of rule %s",
			 h->view.shape.info.id, (unsigned long long)h->all[i].slot,
			 rule_words[h->rule]);
		err_hint(ctx->err, "for keys that are plain values: '%s map hist MAP linear'",
			 ctx->progname);
		return -ERANGE;
	}
	return 0;
}

static int show_hist(struct ctx *ctx, int mode, struct hist *h)
{
	struct out *o = ctx->out;
	int err = check_slots(ctx, h);

	if (err)
		return err;
	out_rec(o, NULL);
	out_form(o, "{rule}{rule_guessed}");
	out_uint(o, "id", "%llu", h->view.shape.info.id);
	if (h->view.shape.info.name[0])
		out_str(o, "name", "%s", h->view.shape.info.name);
	out_str(o, "mode", "%s", map_hist_words[mode]);
	if (h->rule != HIST_LINEAR)
		out_str(o, "rule", "rule: %s", rule_words[h->rule]);
	if (h->why)
		out_str(o, "rule_guessed", " (%s)", h->why);
	out_form_end(o);
	if (h->rule != HIST_LINEAR)
		out_break(o, "");
	if (h->form.alone)
		show_buckets(o, h, h->all, h->n);
	else
		show_groups(o, h);
	out_rec_end(o);
	return 0;
}

static int find_rule(struct ctx *ctx, const struct map_hist_args *a, struct hist *h)
{
	bool linear = streq(map_hist_words[a->mode], "linear");

	if (linear && a->rule)
		return fail_usage(ctx->err,
				  "'rule' is for powers of two, 'linear' counts single values");
	if (linear)
		h->rule = HIST_LINEAR;
	else if (a->rule)
		h->rule = (enum hist_rule)word_find(a->rule, rule_words);
	else
		h->rule = hist_guess(ctx, &h->view, &h->form, &h->why);
	return 0;
}

static int map_hist(struct ctx *ctx, const void *args)
{
	const struct map_hist_args *a = args;
	auto_hist struct hist h = {};
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_map, &a->map, OBJ_RDONLY, &fd);

	if (err)
		return err;
	err = map_shape_read(fd, &h.view.shape);
	if (err)
		return fail(ctx->err, err, "read map");
	err = hist_find_form(ctx, &h.view, &h.form);
	if (!err)
		err = find_rule(ctx, a, &h);
	if (!err)
		err = read_hist(ctx, fd, &h);
	return err ? err : show_hist(ctx, a->mode, &h);
}

static const struct param map_hist_params[] = {
	PARAM_REF(struct map_hist_args, map, "", "MAP", ref_words_map, "map with the counters",
		  .flags = PF_REQUIRED, .complete = obj_complete_map),
	PARAM_CHOICE(struct map_hist_args, mode, "", "MODE", map_hist_words,
		     "slots are powers of two, or plain values"),
	PARAM_WORD(struct map_hist_args, rule, "rule", "RULE", rule_words,
		   "slot numbering: log2 (libbpf-tools), bcc or bpftrace (default: guessed)"),
	{ }
};

const struct cmd map_hist_cmd = {
	.name = "hist", .help = "print counters as a histogram",
	.params = map_hist_params, .args_size = sizeof(struct map_hist_args),
	.run = map_hist,
};
