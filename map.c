// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl map: list and pin maps. The other verbs are in map/. */
#include <errno.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/object/map_hash.h"
#include "kern/object/names.h"
#include "kern/object/undo.h"
#include "map/map.h"
#include "view/show.h"
#include "view/table.h"

struct show_args {
	struct ref map;
	bool wide;
};

struct show_run {
	struct listing listing;
	struct show_table *table;
	bool with_hash;
};

enum { C_ID, C_TYPE, C_NAME, C_KEY, C_VALUE, C_MAX, C_MEMORY, C_FLAGS, C_STATE, C_HELD, N_COLS };

static const struct table_col cols[N_COLS] = {
	[C_ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[C_TYPE] = { NULL, "TYPE", 0, 0 },
	[C_NAME] = { NULL, "NAME", 0, TABLE_CUT },
	[C_KEY] = { NULL, "KEY", 0, TABLE_RIGHT },
	[C_VALUE] = { NULL, "VALUE", 0, TABLE_RIGHT },
	[C_MAX] = { NULL, "ENTRIES", 0, TABLE_RIGHT },
	[C_MEMORY] = { NULL, "MEMORY", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_FLAGS] = { NULL, "FLAGS", 0, TABLE_OPTIONAL },
	[C_STATE] = { NULL, "STATE", 0, TABLE_OPTIONAL },
	[C_HELD] = { NULL, "HELD BY", 0, TABLE_CUT | TABLE_OPTIONAL },
};

struct pin_args {
	struct ref map;
	const char *path;
};

/* An array that never contained a program has none. */
static void show_owner(struct ctx *ctx, int fd)
{
	struct out *o = ctx->out;
	uint64_t type, jited;

	if (obj_fdinfo(fd, "owner_prog_type", &type))
		return;
	out_line(o);
	out_enum(o, "owner_prog_type", "owner_prog_type %s",
		 name_of(ctx, NAMES_PROG_TYPE, (uint32_t)type), type);
	if (!obj_fdinfo(fd, "owner_jited", &jited))
		out_bool(o, "owner_jited", "owner jited", "owner not jited", jited != 0);
}

static void show_sizes(struct ctx *ctx, int fd, const struct bpf_map_info *info)
{
	struct out *o = ctx->out;

	out_line(o);
	out_uint(o, "bytes_key", "key %lluB", info->key_size);
	out_uint(o, "bytes_value", "value %lluB", info->value_size);
	out_uint(o, "max_entries", "max_entries %llu", info->max_entries);
	show_memlock(ctx, &obj_map, fd, info->id);
}

/*
 * Of a frozen array: to be compared with that of the file which it was filled from. All of the
 * contents are read for it, so not in a list of all maps.
 */
static void show_hash(struct out *o, int fd)
{
	uint8_t hash[MAP_HASH_SIZE];
	char text[2 * MAP_HASH_SIZE + 1];

	if (map_hash(fd, hash))
		return;
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	out_str(o, "hash", "hash %s", text);
}

static int show_map(struct ctx *ctx, int fd, const void *data)
{
	const struct show_run *run = data;
	const struct listing *l = &run->listing;
	struct bpf_map_info info = {};
	uint64_t frozen = 0;
	int err = obj_info(fd, &info, sizeof(info));
	struct out *o = ctx->out;

	if (err)
		return fail(ctx->err, err, "read map");
	(void)obj_fdinfo(fd, "frozen", &frozen);
	out_rec(o, NULL);
	show_map_head(ctx, &info);
	show_sizes(ctx, fd, &info);
	if (info.type == BPF_MAP_TYPE_PROG_ARRAY)
		show_owner(ctx, fd);
	out_json_uint(o, "frozen", frozen);
	show_pins_and_btf(ctx, l, info.id, info.btf_id);
	if (frozen && !info.btf_id)
		out_line(o);
	if (frozen)
		out_item(o, "frozen");
	if (frozen && run->with_hash)
		show_hash(o, fd);
	show_owners(ctx->out, l->owners, info.id);
	out_rec_end(o);
	return 0;
}

/* One line for people: the record has what does not fit. */
static int show_row(struct ctx *ctx, int fd, const void *data)
{
	const struct show_run *run = data;
	struct show_table *t = run->table;
	struct bpf_map_info info = {};
	uint64_t frozen = 0;
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return fail(ctx->err, err, "read map");
	err = show_table_row(ctx, t);
	if (err)
		return err;
	(void)obj_fdinfo(fd, "frozen", &frozen);
	info.name[sizeof(info.name) - 1] = '\0';
	table_uint(t->table, C_ID, info.id);
	table_enum(t->table, C_TYPE, name_of(ctx, NAMES_MAP_TYPE, info.type), info.type);
	table_str(t->table, C_NAME, info.name);
	table_uint(t->table, C_KEY, info.key_size);
	table_uint(t->table, C_VALUE, info.value_size);
	table_uint(t->table, C_MAX, info.max_entries);
	show_table_memory(ctx, t, C_MEMORY, fd, info.id);
	if (info.map_flags)
		table_text(t->table, C_FLAGS, "0x%x", info.map_flags);
	table_str(t->table, C_STATE, frozen ? "frozen" : "");
	return show_table_holders(t, C_HELD, info.id);
}

static int end_rows(struct ctx *ctx, const void *data)
{
	const struct show_run *run = data;

	return show_table_end(ctx, run->table);
}

static int map_show(struct ctx *ctx, const void *args)
{
	static const struct show_how how = { show_map, show_row, end_rows };
	const struct show_args *a = args;
	struct show_table table = { .kind = &obj_map, .cols = cols, .n_cols = N_COLS,
				    .wide = a->wide || ctx->opts->bpffs };
	struct show_run run = { .table = &table,
				.with_hash = a->map.how != REF_NONE && !ctx_is_bpftool(ctx) };
	int err;

	listing_open(ctx, &obj_map, &run.listing);
	table.listing = &run.listing;
	err = show_objs(ctx, &obj_map, &a->map, OBJ_RDONLY, &how, &run);
	show_table_free(&table);
	listing_close(&run.listing);
	return err;
}

static int map_pin(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_map, &a->map, OBJ_RDONLY, &fd);

	return err ? err : undo_pin_last(ctx, fd, a->path);
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, map, "", "MAP", ref_words_map, "only matching maps",
		  .flags = PF_REPEAT, .complete = obj_complete_map),
	PARAM_WIDE(struct show_args),
	{ }
};

static const struct param pin_params[] = {
	PARAM_REF(struct pin_args, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = obj_complete_map),
	PARAM_PATH(struct pin_args, path, "", "FILE", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	{ }
};

static const struct cmd map_show_cmd = {
	.name = "show", .help = "list maps",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = map_show, .flags = CMD_DEFAULT,
};

static const struct cmd map_pin_cmd = {
	.name = "pin", .help = "pin a map to a file",
	.params = pin_params, .args_size = sizeof(struct pin_args),
	.run = map_pin,
};

/* Exported by files in map/. */
extern const struct cmd map_dump_cmd;
extern const struct cmd map_update_cmd, map_lookup_cmd, map_getnext_cmd, map_delete_cmd,
	map_peek_cmd, map_push_cmd, map_enqueue_cmd, map_pop_cmd, map_dequeue_cmd;
extern const struct cmd map_event_pipe_cmd;
extern const struct cmd map_create_cmd;
extern const struct cmd map_freeze_cmd;
extern const struct cmd map_export_cmd;
extern const struct cmd map_import_cmd;
extern const struct cmd map_copy_cmd, map_clear_cmd;
extern const struct cmd map_hist_cmd;
extern const struct cmd map_usage_cmd;
extern const struct cmd map_watch_cmd;
extern const struct cmd map_top_cmd;
extern const struct cmd map_unpin_cmd;

/* The order is part of the interface: a word selects the first row it abbreviates. */
static const struct cmd *const map_cmds[] = {
	&map_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&(const struct cmd){ .name = "help", .help = "help on map commands" },
	&map_dump_cmd,
	&map_update_cmd,
	&map_lookup_cmd,
	&map_getnext_cmd,
	&map_delete_cmd,
	&map_pin_cmd,
	&map_event_pipe_cmd,
	&map_create_cmd,
	&map_peek_cmd,
	&map_push_cmd,
	&map_enqueue_cmd,
	&map_pop_cmd,
	&map_dequeue_cmd,
	&map_freeze_cmd,
	&map_export_cmd,
	&map_import_cmd,
	&map_copy_cmd,
	&map_clear_cmd,
	&map_hist_cmd,
	&map_usage_cmd,
	&map_watch_cmd,
	&map_top_cmd,
	&map_unpin_cmd,
	NULL
};

const struct cmd map_cmd = {
	.name = "map", .help = "maps: list, create, read and write",
	.sub = map_cmds,
};
