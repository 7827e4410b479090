// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl map: list, pin and freeze maps. Their entries are the business of map/dump.c and
 * map/elem.c, making them of map/create.c.
 */
#include <errno.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/undo.h"
#include "map/map.h"
#include "view/show.h"

struct show_args {
	struct ref map;
};

struct pin_args {
	struct ref map;
	const char *path;
};

/* An array that no program was put into has none. */
static void show_owner(struct ctx *ctx, int fd)
{
	struct out *o = ctx->out;
	uint64_t type, jited;

	if (obj_fdinfo(fd, "owner_prog_type", &type))
		return;
	out_line(o);
	out_enum(o, "owner_prog_type", "owner_prog_type %s", name_of(ctx, NAMES_PROG_TYPE, (uint32_t)type),
		 type);
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

static int show_map(struct ctx *ctx, int fd, const void *data)
{
	const struct listing *l = data;
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
	show_owners(ctx, l, info.id);
	out_rec_end(o);
	return 0;
}

static int map_show(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	struct listing l;
	int err;

	listing_open(ctx, &obj_map, &l);
	err = show_objs(ctx, &obj_map, &a->map, OBJ_RDONLY, show_map, &l);
	listing_close(&l);
	return err;
}

static int map_pin(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_map, &a->map, OBJ_RDONLY, &fd);

	return err ? err : undo_pin_last(ctx, fd, a->path);
}

static int map_freeze(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_map, &a->map, 0, &fd);

	if (err)
		return err;
	err = bpf_map_freeze(fd);
	if (!err) {
		ctx_changed(ctx, "map %s is frozen", a->map.text);
		return 0;
	}
	fail(ctx->err, err, "freeze map %s", a->map.text);
	if (err == -EBUSY)
		err_hint(ctx->err, "it is frozen already, or somebody has it mapped for writing");
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, map, "", "MAP", ref_words_map, "only the maps that match",
		  .complete = obj_complete_map),
	{ }
};

static const struct param pin_params[] = {
	PARAM_REF(struct pin_args, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = obj_complete_map),
	PARAM_PATH(struct pin_args, path, "", "FILE", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	{ }
};

static const struct param freeze_params[] = {
	PARAM_REF(struct show_args, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = obj_complete_map),
	{ }
};

#define ELEM_ROW(word, text, what, ...)                                                            \
	{ .name = word, .help = text, .params = map_##what##_params,                               \
	  .args_size = sizeof(struct map_elem_args), .run = map_##what, __VA_ARGS__ }

#define BULK_ROW(word, text, what)                                                                 \
	{ .name = word, .help = text, .params = map_##what##_params,                               \
	  .args_size = sizeof(struct map_##what##_args), .run = map_##what }

/* The order is interface: a word selects the first row it abbreviates. */
const struct cmd map_cmds[] = {
	{ .name = "show", .help = "list maps", .params = show_params,
	  .args_size = sizeof(struct show_args), .run = map_show, .flags = CMD_DEFAULT },
	{ .name = "list", .help = "list maps", .params = show_params,
	  .args_size = sizeof(struct show_args), .run = map_show, .flags = CMD_ALIAS },
	{ .name = "help", .help = "what can be done with maps" },
	{ .name = "dump", .help = "print all entries of a map", .params = map_dump_params,
	  .args_size = sizeof(struct map_dump_args), .run = map_dump },
	ELEM_ROW("update", "write an entry", update),
	ELEM_ROW("lookup", "print the entry of a key", lookup),
	ELEM_ROW("getnext", "print the key that follows a key", getnext),
	ELEM_ROW("delete", "remove the entry of a key", delete),
	{ .name = "pin", .help = "pin a map to a file", .params = pin_params,
	  .args_size = sizeof(struct pin_args), .run = map_pin },
	{ .name = "event_pipe", .help = "print events as they come", .params = map_event_params,
	  .args_size = sizeof(struct map_event_args), .run = map_event_pipe },
	{ .name = "create", .help = "make a map and pin it to a file", .params = map_create_params,
	  .args_size = sizeof(struct map_create_args), .run = map_create },
	ELEM_ROW("peek", "print the next value of a queue or stack", lookup),
	ELEM_ROW("push", "put a value onto a stack", update),
	ELEM_ROW("enqueue", "put a value into a queue", update),
	ELEM_ROW("pop", "take the top value of a stack", pop),
	ELEM_ROW("dequeue", "take the next value of a queue", pop),
	{ .name = "freeze", .help = "let only programs write to a map from now on",
	  .params = freeze_params, .args_size = sizeof(struct show_args), .run = map_freeze },
	BULK_ROW("export", "write all entries as JSON lines", export),
	BULK_ROW("import", "read entries that were exported or dumped", import),
	BULK_ROW("copy", "write the entries of a map to another", copy),
	BULK_ROW("clear", "remove all entries", clear),
	{ .name = "hist", .help = "print counters as a histogram", .params = map_hist_params,
	  .args_size = sizeof(struct map_hist_args), .run = map_hist },
	BULK_ROW("usage", "how full maps are", usage),
	BULK_ROW("watch", "what changes in a map", watch),
	BULK_ROW("top", "which maps, or whose, take how much memory", top),
	{ }
};
