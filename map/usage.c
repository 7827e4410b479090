// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map usage: how full maps are, or why that is not known. kern/map/count.c counts. */
#include "json_writer.h"
#include "kern/map/count.h"
#include "map/map.h"
#include "view/show.h"

struct map_usage_args {
	struct ref map;
	uint32_t over;
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

static int map_usage(struct ctx *ctx, const void *args)
{
	struct usage_listing l = { .args = args };
	int err;

	listing_open(ctx, &obj_map, &l.common);
	err = show_objs(ctx, &obj_map, &l.args->map, OBJ_RDONLY, show_usage, &l);
	listing_close(&l.common);
	return err;
}

static const struct param map_usage_params[] = {
	PARAM_REF(struct map_usage_args, map, "", "MAP", ref_words_map, "only matching maps",
		  .complete = obj_complete_map),
	PARAM_U32(struct map_usage_args, over, "over", "PERCENT", "only maps at least this full, "
								  "in percent"),
	{ }
};

const struct cmd map_usage_cmd = {
	.name = "usage", .help = "show how full maps are",
	.params = map_usage_params, .args_size = sizeof(struct map_usage_args),
	.run = map_usage,
};
