// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Listings of objects as tables: one line per object, totals last. */
#include <errno.h>

#include "cli/buf.h"
#include "json_writer.h"
#include "kern/attach/attachments.h"
#include "view/attach_place.h"
#include "view/show.h"
#include "view/table.h"
#include "view/units.h"

static int fail_memory(struct ctx *ctx, const struct show_table *t)
{
	return fail(ctx->err, -ENOMEM, "list %s", t->kind->nouns);
}

/* Without pins and attachments, which are reported, the listing is still useful. */
static int collect(struct ctx *ctx, struct show_table *t)
{
	if (!ctx->opts->bpffs && t->kind->type != OBJ_BTF)
		listing_pins(ctx, t->kind, &t->pins);
	if (t->attached && attachments_collect(ctx, t->attached, &t->attachments))
		report_and_skip(ctx);
	t->table = table_new(ctx->out, t->cols, t->n_cols);
	if (!t->table)
		return fail_memory(ctx, t);
	table_fit(t->table, t->wide ? 0 : screen_width());
	return 0;
}

int show_table_row(struct ctx *ctx, struct show_table *t)
{
	int err = t->table ? 0 : collect(ctx, t);

	if (err)
		return err;
	table_row(t->table);
	t->n++;
	return 0;
}

/* Moves the text of b into a cell. */
static int put_cell(struct show_table *t, size_t col, struct buf *b)
{
	int err;

	buf_putc(b, '\0');
	err = b->err;
	if (!err)
		table_text(t->table, col, "%s", b->data);
	buf_free(b);
	return err;
}

int show_table_holders(struct show_table *t, size_t col, uint32_t id)
{
	const struct listing *l = t->listing;
	size_t n_owners, n_pins;
	const struct owner *owners = owners_of(l->owners, id, &n_owners);
	const char *const *paths = pins_of(l->pins ? l->pins : t->pins, id, &n_pins);
	struct buf b = {};

	if (n_owners) {
		owners_text(&b, owners, n_owners);
		b.len -= !b.err;	/* its NUL */
	}
	for (size_t i = 0; i < n_pins; i++)
		buf_fmt(&b, "%spin %s", b.len ? ", " : "", paths[i]);
	t->n_alone += l->owners && !n_owners;
	return put_cell(t, col, &b);
}

void show_table_memory(struct ctx *ctx, struct show_table *t, size_t col, int fd, uint32_t id)
{
	char text[UNITS_TEXT_MAX];
	uint64_t bytes;
	int err = obj_fdinfo(fd, "memlock", &bytes);

	if (!err) {
		t->bytes += bytes;
		table_text(t->table, col, "%s", size_text(text, bytes));
	} else if (err != -ENODATA) {
		unread(ctx, err, NULL, "read the memory of %s %u from /proc/self/fdinfo",
		       t->kind->noun, id);
	}
}

int show_table_attached(struct ctx *ctx, struct show_table *t, size_t col, uint32_t prog_id,
			uint32_t link_id)
{
	size_t n, n_more = 0;
	const struct attachment *all = attachments_of(t->attachments, prog_id, &n);
	struct buf b = {};

	for (size_t i = 0; i < n; i++) {
		if (link_id && all[i].link_id != link_id)
			continue;
		if (b.len)
			n_more++;
		else
			attach_place_text(ctx, t->attachments, &all[i], &b);
	}
	if (n_more)
		buf_fmt(&b, " +%zu", n_more);
	return put_cell(t, col, &b);
}

static void put_totals(struct ctx *ctx, const struct show_table *t)
{
	struct out *o = ctx->out;
	char text[UNITS_TEXT_MAX];

	out_text(o, "%zu %s", t->n, plural(t->n, t->kind->noun, t->kind->nouns));
	if (t->bytes)
		out_text(o, ", %s", size_text(text, t->bytes));
	if (t->n_alone)
		out_text(o, " · ! %zu held by no process", t->n_alone);
	if (t->note)
		out_text(o, " · %s", t->note);
	out_text(o, "\n");
}

int show_table_end(struct ctx *ctx, struct show_table *t)
{
	int err;

	if (!t->table && !t->note)
		return 0;
	err = t->table ? table_print(t->table) : 0;
	if (err)
		return fail_memory(ctx, t);
	put_totals(ctx, t);
	return 0;
}

void show_table_free(struct show_table *t)
{
	table_free(take_ptr(t->table));
	pins_free(take_ptr(t->pins));
	attachments_free(take_ptr(t->attachments));
}
