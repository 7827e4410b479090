// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The addresses and lengths of all functions that the JIT has made. */
#include <errno.h>

#include "cli/array.h"
#include "kern/object/prog_ranges.h"

static int add(struct prog_ranges *r, const struct prog_range *range)
{
	struct prog_range *all = array_room(r->all, r->n, &r->max, sizeof(*all));

	if (!all)
		return -ENOMEM;
	r->all = all;
	r->all[r->n++] = *range;
	return 0;
}

/* Two questions: how many functions, then their places. */
static int note_prog(struct ctx *ctx, int fd, const void *data)
{
	struct prog_ranges *r = *(struct prog_ranges *const *)data;
	struct bpf_prog_info info = {}, ask = {};
	auto_free uint64_t *starts = NULL;
	auto_free uint32_t *lens = NULL;
	int err = 0;

	if (obj_info(fd, &info, sizeof(info)) || !info.nr_jited_ksyms)
		return 0;
	starts = calloc(info.nr_jited_ksyms, sizeof(*starts));
	lens = calloc(info.nr_jited_ksyms, sizeof(*lens));
	if (!starts || !lens)
		return fail(ctx->err, -ENOMEM, "collect the addresses of programs");
	ask.nr_jited_ksyms = ask.nr_jited_func_lens = info.nr_jited_ksyms;
	ask.jited_ksyms = ptr_to_u64(starts);
	ask.jited_func_lens = ptr_to_u64(lens);
	if (obj_info(fd, &ask, sizeof(ask)))
		return 0;
	for (uint32_t i = 0; i < info.nr_jited_ksyms && !err; i++)
		if (starts[i])
			err = add(r, &(struct prog_range){ starts[i], lens[i], info.id });
	return err ? fail(ctx->err, err, "collect the addresses of programs") : 0;
}

static int by_start(const void *a, const void *b)
{
	const struct prog_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

int prog_ranges_collect(struct ctx *ctx, struct prog_ranges *ret)
{
	int err = obj_each(ctx, &obj_prog, 0, note_prog, &ret);

	if (!err && ret->n)
		qsort(ret->all, ret->n, sizeof(*ret->all), by_start);
	return err;
}

const struct prog_range *prog_range_at(const struct prog_ranges *r, uint64_t addr)
{
	size_t n = count_before(r->all, r->n, f, f->start <= addr);

	return n && addr - r->all[n - 1].start < r->all[n - 1].len ? &r->all[n - 1] : NULL;
}
