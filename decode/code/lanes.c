// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Columns are assigned by a bitmap per instruction, shortest jumps first. */
#include "decode/code/lanes.h"

#include <errno.h>

#include "cli/buf.h"

#define LANES_MAX 24
#define SPAN_MAX 4096

struct jump {
	uint32_t low, high;		/* instructions of the function */
	bool is_up;
};

static int by_span(const void *a, const void *b)
{
	const struct jump *x = a, *y = b;
	uint32_t x_span = x->high - x->low, y_span = y->high - y->low;

	if (x_span != y_span)
		return x_span < y_span ? -1 : 1;
	return x->low < y->low ? -1 : x->low > y->low;
}

static uint32_t collect_jumps(const struct cfg *cfg, const struct cfg_func *f, struct jump *jumps)
{
	uint32_t n = 0;

	for (uint32_t i = f->first; i < f->first + f->n_blocks; i++) {
		const struct cfg_block *b = &cfg->blocks[i];
		uint32_t from = b->end - 1 - f->start, to;

		if (b->jump == CFG_NONE)
			continue;
		to = cfg->blocks[b->jump].start - f->start;
		if (to == from || (to > from ? to - from : from - to) > SPAN_MAX)
			continue;
		jumps[n++] = to > from ? (struct jump){ from, to, false }
				       : (struct jump){ to, from, true };
	}
	return n;
}

static void draw_jump(struct lanes *l, const struct jump *j)
{
	unsigned int lane = 0;
	uint32_t used = 0;

	for (uint32_t i = j->low; i <= j->high; i++)
		used |= l->over[i] | l->top[i] | l->bottom[i];
	while (lane < LANES_MAX && used >> lane & 1)
		lane++;
	if (lane == LANES_MAX)
		return;
	if (lane >= l->n)
		l->n = lane + 1;
	l->top[j->low] |= 1u << lane;
	l->bottom[j->high] |= 1u << lane;
	for (uint32_t i = j->low + 1; i < j->high; i++)
		l->over[i] |= 1u << lane;
	l->is_target[j->is_up ? j->low : j->high] = true;
}

int lanes_build(const struct cfg *cfg, uint32_t f, struct lanes *ret)
{
	const struct cfg_func *func = &cfg->funcs[f];
	auto_free struct jump *jumps = calloc(func->n_blocks + 1, sizeof(*jumps));
	struct lanes l = { .start = func->start, .len = func->end - func->start };
	uint32_t n;

	l.over = calloc(l.len + 1, sizeof(*l.over));
	l.top = calloc(l.len + 1, sizeof(*l.top));
	l.bottom = calloc(l.len + 1, sizeof(*l.bottom));
	l.is_target = calloc(l.len + 1, sizeof(*l.is_target));
	if (!jumps || !l.over || !l.top || !l.bottom || !l.is_target) {
		lanes_free(&l);
		return -ENOMEM;
	}
	n = collect_jumps(cfg, func, jumps);
	qsort(jumps, n, sizeof(*jumps), by_span);
	for (uint32_t i = 0; i < n; i++)
		draw_jump(&l, &jumps[i]);
	*ret = l;
	return 0;
}

void lanes_free(struct lanes *l)
{
	free(l->over);
	free(l->top);
	free(l->bottom);
	free(l->is_target);
	*l = (struct lanes){};
}

/* Column k, and the line from an end of an arrow to the instruction across the others. */
static void put_column(const struct lanes *l, uint32_t at, unsigned int k, bool is_crossed,
		       struct buf *b)
{
	if (l->top[at] >> k & 1)
		buf_putc(b, ',');
	else if (l->bottom[at] >> k & 1)
		buf_putc(b, '`');
	else if (l->over[at] >> k & 1)
		buf_putc(b, is_crossed ? '+' : '|');
	else
		buf_putc(b, is_crossed ? '-' : ' ');
}

void lanes_put(const struct lanes *l, uint32_t pos, enum lanes_line line, struct buf *b)
{
	uint32_t at = pos - l->start, ends = l->top[at] | l->bottom[at];
	uint32_t passing = l->over[at] | (line == LANES_BEFORE ? l->bottom[at] : l->top[at]);

	for (unsigned int k = l->n; k-- > 0;) {
		/* is there an end at this column, or further out? */
		bool is_crossed = line == LANES_AT && ends >> k;

		if (line == LANES_AT)
			put_column(l, at, k, is_crossed, b);
		else
			buf_putc(b, passing >> k & 1 ? '|' : ' ');
		buf_putc(b, is_crossed ? '-' : ' ');
	}
	if (l->n)
		buf_puts(b, line == LANES_AT && ends ? (l->is_target[at] ? "> " : "- ") : "  ");
}
