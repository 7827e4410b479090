// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map usage: how full maps are, or why that is not known. kern/map/count.c counts. */
#include "json_writer.h"
#include "kern/map/count.h"
#include "kern/object/names.h"
#include "map/map.h"
#include "view/show.h"
#include "view/table.h"

#define BAR_WIDTH 20

struct map_usage_args {
	struct ref map;
	uint32_t over;
	bool all, wide;
};

enum { C_ID, C_TYPE, C_NAME, C_USED, C_MAX, C_PERCENT, C_BAR, C_HELD, N_COLS };

static const struct table_col cols[N_COLS] = {
	[C_ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[C_TYPE] = { NULL, "TYPE", 0, 0 },
	[C_NAME] = { NULL, "NAME", 0, TABLE_CUT },
	[C_USED] = { NULL, "ENTRIES", 0, TABLE_RIGHT },
	[C_MAX] = { NULL, "OF", 0, TABLE_RIGHT },
	[C_PERCENT] = { NULL, "FULL", 0, TABLE_RIGHT },
	[C_BAR] = { NULL, "", 0, TABLE_OPTIONAL },
	[C_HELD] = { NULL, "HELD BY", 0, TABLE_CUT | TABLE_OPTIONAL },
};

struct usage {
	int err;
	bool counted;
	const char *why_not;		/* entries cannot be counted; NULL: counting failed */
	uint64_t entries;
	uint64_t percent;
};

static struct usage read_usage(int fd, const struct map_shape *s)
{
	struct usage u = { .why_not = NULL };

	u.err = map_count(fd, s, &u.entries, &u.why_not);
	u.counted = !u.err;
	if (u.counted && s->info.max_entries)
		u.percent = u.entries * 100 / s->info.max_entries;
	return u;
}

static void show_counts(struct out *o, const struct map_shape *s, const struct usage *u)
{
	if (u->counted) {
		out_uint(o, "entries", "entries %llu", u->entries);
		out_sep(o, " ");
		out_uint(o, "max_entries", "of %llu", s->info.max_entries);
		if (s->info.max_entries) {
			out_sep(o, " ");
			out_uint(o, "percent", "(%llu%%)", u->percent);
		}
		return;
	}
	out_uint(o, "max_entries", "max_entries %llu", s->info.max_entries);
	if (u->why_not)
		out_str(o, "not_counted", "not counted: %s", u->why_not);
}

struct usage_listing {
	struct listing common;
	const struct map_usage_args *args;
	struct show_table *table;
	size_t *n_left_out;		/* maps whose entries cannot be counted */
};

static int show_usage(struct ctx *ctx, int fd, const void *data)
{
	const struct usage_listing *l = data;
	struct out *o = ctx->out;
	struct map_shape s;
	struct usage u;
	int err = map_shape_read(fd, &s);

	if (err)
		return fail(ctx->err, err, "read map");
	u = read_usage(fd, &s);
	if (!u.counted && !u.why_not)
		unread(ctx, u.err, obj_caps, "count the entries of map %u", s.info.id);
	if (l->args->over && (!u.counted || u.percent < l->args->over))
		return 0;
	out_rec(o, NULL);
	show_map_head(ctx, &s.info);
	out_line(o);
	show_counts(o, &s, &u);
	show_memlock(ctx, &obj_map, fd, s.info.id);
	show_owners(ctx->out, l->common.owners, s.info.id);
	out_rec_end(o);
	return 0;
}

static void put_bar(struct table *t, uint64_t percent)
{
	char bar[BAR_WIDTH + 1] = "";
	uint64_t n = percent > 100 ? BAR_WIDTH : (percent * BAR_WIDTH + 99) / 100;

	memset(bar, '#', n);
	table_str(t, C_BAR, bar);
}

static void put_usage(struct table *t, const struct map_shape *s, const struct usage *u)
{
	if (u->counted)
		table_uint(t, C_USED, u->entries);
	table_uint(t, C_MAX, s->info.max_entries);
	if (!u->counted || !s->info.max_entries)
		return;
	table_text(t, C_PERCENT, "%llu%%", (unsigned long long)u->percent);
	put_bar(t, u->percent);
}

/* One line for people. Arrays are always full: they are listed on request. */
static int show_row(struct ctx *ctx, int fd, const void *data)
{
	const struct usage_listing *l = data;
	char name[BPF_OBJ_NAME_LEN];
	struct map_shape s;
	struct table *t;
	struct usage u;
	int err = map_shape_read(fd, &s);

	if (err)
		return fail(ctx->err, err, "read map");
	u = read_usage(fd, &s);
	if (!u.counted && !u.why_not)
		unread(ctx, u.err, obj_caps, "count the entries of map %u", s.info.id);
	if (l->args->over && (!u.counted || u.percent < l->args->over))
		return 0;
	if (u.why_not && !l->args->all) {
		++*l->n_left_out;
		return 0;
	}
	err = show_table_row(ctx, l->table);
	if (err)
		return err;
	t = l->table->table;
	snprintf(name, sizeof(name), "%.*s", BPF_OBJ_NAME_LEN - 1, s.info.name);
	table_uint(t, C_ID, s.info.id);
	table_enum(t, C_TYPE, name_of(ctx, NAMES_MAP_TYPE, s.info.type), s.info.type);
	table_str(t, C_NAME, name);
	put_usage(t, &s, &u);
	return show_table_holders(l->table, C_HELD, s.info.id);
}

static int end_rows(struct ctx *ctx, const void *data)
{
	const struct usage_listing *l = data;
	char note[64];
	size_t n = *l->n_left_out;

	snprintf(note, sizeof(note), "%zu without a count of entries ('all' lists %s)", n,
		 plural(n, "it", "them"));
	l->table->note = n ? note : NULL;
	return show_table_end(ctx, l->table);
}

static int map_usage(struct ctx *ctx, const void *args)
{
	static const struct show_how how = { show_usage, show_row, end_rows };
	const struct map_usage_args *a = args;
	struct show_table table = { .kind = &obj_map, .cols = cols, .n_cols = N_COLS,
				    .wide = a->wide || ctx->opts->bpffs };
	size_t n_left_out = 0;
	struct usage_listing l = { .args = a, .table = &table, .n_left_out = &n_left_out };
	int err;

	if (l.args->over > 100)
		return fail_usage(ctx->err, "'over' is a percentage, 100 at most");
	listing_open(ctx, &obj_map, &l.common);
	table.listing = &l.common;
	err = show_objs(ctx, &obj_map, &a->map, OBJ_RDONLY, &how, &l);
	show_table_free(&table);
	listing_close(&l.common);
	return err;
}

static const struct param map_usage_params[] = {
	PARAM_REF(struct map_usage_args, map, "", "MAP", ref_words_map, "only matching maps",
		  .flags = PF_REPEAT, .complete = obj_complete_map),
	PARAM_U32(struct map_usage_args, over, "over", "PERCENT", "only maps at least this full, "
								  "in percent"),
	PARAM_FLAG(struct map_usage_args, all, "all", "with arrays, whose entries are not counted"),
	PARAM_WIDE(struct map_usage_args),
	{ }
};

const struct cmd map_usage_cmd = {
	.name = "usage", .help = "show how full maps are",
	.params = map_usage_params, .args_size = sizeof(struct map_usage_args),
	.run = map_usage,
};
