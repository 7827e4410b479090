// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog: list and pin programs. Dumps are in prog/dump.c, loading in prog/load.c, the
 * metadata variables in prog/metadata.c.
 */
#include <errno.h>
#include <time.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/attach/attachments.h"
#include "kern/object/names.h"
#include "kern/object/undo.h"
#include "prog/metadata.h"
#include "view/show.h"
#include "view/table.h"
#include "view/units.h"

struct show_args {
	struct ref prog;
	bool wide;
};

struct pin_args {
	struct ref prog;
	const char *path;
};

/* State of a listing, kept from program to program. */
struct show_run {
	struct listing listing;
	struct metadata *metadata;
	int64_t boot_ns;		/* boot time, by the wall clock */
	struct show_table *table;
};

enum { C_ID, C_TYPE, C_NAME, C_AGE, C_MEMORY, C_RUNS, C_AVERAGE, C_ATTACHED, C_HELD, N_COLS };

static const struct table_col cols[N_COLS] = {
	[C_ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[C_TYPE] = { NULL, "TYPE", 0, 0 },
	[C_NAME] = { NULL, "NAME", 0, TABLE_CUT },
	[C_AGE] = { NULL, "AGE", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_MEMORY] = { NULL, "MEMORY", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_RUNS] = { NULL, "RUNS", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_AVERAGE] = { NULL, "AVERAGE", 0, TABLE_RIGHT | TABLE_OPTIONAL },
	[C_ATTACHED] = { NULL, "ATTACHED", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_HELD] = { NULL, "HELD BY", 0, TABLE_CUT | TABLE_OPTIONAL },
};

#define N_FEW_MAPS 64

/* A program's info and the ids of its maps, in one call for almost all programs. */
struct prog_view {
	struct bpf_prog_info info;
	bool orphaned;			/* its device was removed */
	uint32_t few_ids[N_FEW_MAPS];
	uint32_t *many_ids;		/* owned */
	const uint32_t *map_ids;
};

static void cleanup_view(struct prog_view *v)
{
	free(v->many_ids);
}

#define auto_view __attribute__((cleanup(cleanup_view)))

static int ask_with_maps(int fd, struct prog_view *v, uint32_t *ids, uint32_t n)
{
	v->info = (struct bpf_prog_info){ .nr_map_ids = n, .map_ids = ptr_to_u64(ids) };
	v->map_ids = ids;
	return obj_info(fd, &v->info, sizeof(v->info));
}

static int read_prog(int fd, struct prog_view *v)
{
	int err = ask_with_maps(fd, v, v->few_ids, N_FEW_MAPS);
	uint32_t room = N_FEW_MAPS;

	/* Maps can be bound to a program at any time: the number may have grown since. */
	while (!err && v->info.nr_map_ids > room) {
		room = v->info.nr_map_ids;
		free(v->many_ids);
		v->many_ids = calloc(room, sizeof(*v->many_ids));
		if (!v->many_ids)
			return -ENOMEM;
		err = ask_with_maps(fd, v, v->many_ids, room);
	}
	if (err != -ENODEV)
		return err;
	v->orphaned = true;
	return obj_orphan_info(fd, &v->info);
}

static void show_loaded(struct out *o, const struct bpf_prog_info *info, int64_t boot_ns)
{
	time_t at = (boot_ns + (int64_t)info->load_time) / 1000000000;
	char form[64] = "loaded_at ";
	struct tm tm;

	if (!info->load_time)
		return;
	if (localtime_r(&at, &tm))
		strftime(form, sizeof(form), "loaded_at %FT%T%z", &tm);
	out_line(o);
	out_form(o, form);
	out_int(o, "loaded_at", "%lld", at);
	out_form_end(o);
	out_uint(o, "uid", "uid %llu", info->created_by_uid);
}

static void show_sizes(struct ctx *ctx, int fd, const struct prog_view *v)
{
	struct out *o = ctx->out;

	out_line(o);
	out_json_bool(o, "orphaned", v->orphaned);
	out_uint(o, "bytes_xlated", "xlated %lluB", v->info.xlated_prog_len);
	out_bool(o, "jited", "", "not jited", v->info.jited_prog_len);
	if (v->info.jited_prog_len)
		out_uint(o, "bytes_jited", "jited %lluB", v->info.jited_prog_len);
	show_memlock(ctx, &obj_prog, fd, v->info.id);
	if (v->orphaned)
		out_item(o, "orphaned");
	if (!v->info.nr_map_ids)
		return;
	out_list(o, "map_ids", "map_ids ");
	for (uint32_t i = 0; i < v->info.nr_map_ids; i++)
		out_uint(o, NULL, "%llu", v->map_ids[i]);
	out_list_end(o);
}

static int show_prog(struct ctx *ctx, int fd, const void *data)
{
	const struct show_run *run = data;
	auto_view struct prog_view view = {};
	struct out *o = ctx->out;
	int err = read_prog(fd, &view);

	if (err)
		return fail_read(ctx, &obj_prog, fd, err);
	out_rec(o, NULL);
	show_prog_head(ctx, fd, &view.info);
	show_loaded(o, &view.info, run->boot_ns);
	show_sizes(ctx, fd, &view);
	show_pins_and_btf(ctx, &run->listing, view.info.id, view.info.btf_id);
	show_owners(ctx->out, run->listing.owners, view.info.id);
	metadata_show(ctx, run->metadata, view.map_ids, view.info.nr_map_ids);
	out_rec_end(o);
	return 0;
}

static void put_use(struct table *t, const struct bpf_prog_info *info)
{
	struct timespec now = {};
	char text[UNITS_TEXT_MAX];
	uint64_t loaded = info->load_time / 1000000000;

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (loaded && (uint64_t)now.tv_sec >= loaded)
		table_text(t, C_AGE, "%s", age_text(text, (uint64_t)now.tv_sec - loaded));
	if (!info->run_cnt)
		return;
	table_uint(t, C_RUNS, info->run_cnt);
	table_text(t, C_AVERAGE, "%s", duration_text(text, info->run_time_ns / info->run_cnt));
}

/* One line for people: the record has what does not fit. */
static int show_row(struct ctx *ctx, int fd, const void *data)
{
	const struct show_run *run = data;
	struct show_table *t = run->table;
	struct bpf_prog_info info = {};
	char name[OBJ_NAME_MAX];
	int err = obj_info(fd, &info, sizeof(info));

	if (err == -ENODEV)
		err = obj_orphan_info(fd, &info);
	if (err)
		return fail_read(ctx, &obj_prog, fd, err);
	err = show_table_row(ctx, t);
	if (err)
		return err;
	obj_prog_name(fd, &info, name);
	table_uint(t->table, C_ID, info.id);
	table_enum(t->table, C_TYPE, name_of(ctx, NAMES_PROG_TYPE, info.type), info.type);
	table_str(t->table, C_NAME, name);
	put_use(t->table, &info);
	show_table_memory(ctx, t, C_MEMORY, fd, info.id);
	err = show_table_attached(ctx, t, C_ATTACHED, info.id, 0);
	return err ? err : show_table_holders(t, C_HELD, info.id);
}

static int end_rows(struct ctx *ctx, const void *data)
{
	const struct show_run *run = data;

	return show_table_end(ctx, run->table);
}

static int prog_show(struct ctx *ctx, const void *args)
{
	static const struct show_how how = { show_prog, show_row, end_rows };
	const struct show_args *a = args;
	struct show_table table = { .kind = &obj_prog, .cols = cols, .n_cols = N_COLS,
				    .attached = ATT_FROM_ALL, .wide = a->wide || ctx->opts->bpffs };
	struct show_run run = { .boot_ns = boot_time_ns(), .table = &table };
	int err;

	listing_open(ctx, &obj_prog, &run.listing);
	table.listing = &run.listing;
	run.metadata = metadata_new();
	err = run.metadata ? show_objs(ctx, &obj_prog, &a->prog, 0, &how, &run) :
			     fail(ctx->err, -ENOMEM, "list programs");
	metadata_free(run.metadata);
	show_table_free(&table);
	listing_close(&run.listing);
	return err;
}

static int prog_pin(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_prog, &a->prog, 0, &fd);

	return err ? err : undo_pin_last(ctx, fd, a->path);
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, prog, "", "PROG", ref_words_prog, "only matching programs",
		  .flags = PF_REPEAT, .complete = obj_complete_prog),
	PARAM_WIDE(struct show_args),
	{ }
};

static const struct param pin_params[] = {
	PARAM_REF(struct pin_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_PATH(struct pin_args, path, "", "FILE", "a new path on a BPF file system",
		   .flags = PF_REQUIRED),
	{ }
};

static const struct cmd prog_show_cmd = {
	.name = "show", .help = "list programs",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = prog_show, .flags = CMD_DEFAULT,
};

static const struct cmd prog_pin_cmd = {
	.name = "pin", .help = "pin a program to a file",
	.params = pin_params, .args_size = sizeof(struct pin_args),
	.run = prog_pin,
};

/* Exported by files in prog/. */
extern const struct cmd prog_dump_xlated_cmd, prog_dump_jited_cmd;
extern const struct cmd prog_load_cmd, prog_loadall_cmd;
extern const struct cmd prog_attach_cmd, prog_detach_cmd;
extern const struct cmd prog_tracelog_cmd;
extern const struct cmd prog_run_cmd;
extern const struct cmd prog_profile_cmd;
extern const struct cmd prog_unload_cmd;
extern const struct cmd prog_unpin_cmd;

/* The order is part of the interface (compat.md 1.4): xlated, then jited. */
static const struct cmd *const prog_dump_cmds[] = {
	&prog_dump_xlated_cmd,
	&prog_dump_jited_cmd,
	NULL
};

static const struct cmd prog_dump_cmd = {
	.name = "dump", .help = "print the instructions of a program",
	.sub = prog_dump_cmds,
};

/* The order is part of the interface: a word selects the first row it abbreviates. */
static const struct cmd *const prog_cmds[] = {
	&prog_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&prog_dump_cmd,
	&prog_pin_cmd,
	&prog_load_cmd,
	&prog_loadall_cmd,
	&prog_attach_cmd,
	&prog_detach_cmd,
	&prog_tracelog_cmd,
	&prog_run_cmd,
	&prog_profile_cmd,
	&prog_unload_cmd,
	&prog_unpin_cmd,
	NULL
};

const struct cmd prog_cmd = {
	.name = "prog", .help = "programs: list, load, pin, inspect",
	.sub = prog_cmds,
};
