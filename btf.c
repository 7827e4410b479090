// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl btf: type information. Its users are found by a walk over programs and maps. Dumps are in
 * btf/dump.c, headers in btf/header.c.
 */
#include <errno.h>

#include "btf/btf.h"
#include "cli/array.h"
#include "commands.h"
#include "json_writer.h"
#include "view/show.h"
#include "view/table.h"
#include "view/units.h"

#define BTF_NAME_MAX 64		/* maximum length of a module's name */
#define USES_SHOWN 4		/* ids in a cell of a table */

/* --- show --- */

struct show_args {
	struct ref btf;
	bool wide;
};

enum { C_ID, C_KIND, C_NAME, C_SIZE, C_PROGS, C_MAPS, C_HELD, N_COLS };

static const struct table_col cols[N_COLS] = {
	[C_ID] = { NULL, "ID", 0, TABLE_RIGHT },
	[C_KIND] = { NULL, "OF", 0, 0 },
	[C_NAME] = { NULL, "NAME", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_SIZE] = { NULL, "SIZE", 0, TABLE_RIGHT },
	[C_PROGS] = { NULL, "PROGRAMS", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_MAPS] = { NULL, "MAPS", 0, TABLE_CUT | TABLE_OPTIONAL },
	[C_HELD] = { NULL, "HELD BY", 0, TABLE_CUT | TABLE_OPTIONAL },
};

/* One program or map that refers to BTF. */
struct use {
	uint32_t btf_id, id;
};

struct uses {
	struct use *list;
	size_t n, max;
};

struct show_data {
	struct listing listing;
	uint32_t btf_id;		/* only uses of this one; 0: of all */
	struct uses progs, maps;
	struct show_table *table;
};

static int add_use(struct ctx *ctx, struct uses *u, uint32_t btf_id, uint32_t id)
{
	struct use *list = array_room(u->list, u->n, &u->max, sizeof(*list));

	if (!list)
		return fail(ctx->err, -ENOMEM, "list users of BTF");
	u->list = list;
	u->list[u->n++] = (struct use){ .btf_id = btf_id, .id = id };
	return 0;
}

/* An object that was freed, or whose device was removed, uses nothing. */
static void unread_use(struct ctx *ctx, const struct obj_kind *kind, int fd, int err)
{
	if (err == -ENODEV)
		return;
	fail_read(ctx, kind, fd, err);
	report_and_skip(ctx);
}

static int note_prog(struct ctx *ctx, int fd, const void *data)
{
	struct show_data *d = *(struct show_data *const *)data;
	struct bpf_prog_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		unread_use(ctx, &obj_prog, fd, err);
	if (err || !info.btf_id)
		return 0;
	return d->btf_id && d->btf_id != info.btf_id
		       ? 0
		       : add_use(ctx, &d->progs, info.btf_id, info.id);
}

static int note_map(struct ctx *ctx, int fd, const void *data)
{
	struct show_data *d = *(struct show_data *const *)data;
	struct bpf_map_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		unread_use(ctx, &obj_map, fd, err);
	if (err || !info.btf_id)
		return 0;
	return d->btf_id && d->btf_id != info.btf_id ? 0
						     : add_use(ctx, &d->maps, info.btf_id, info.id);
}

static int by_btf_id(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->btf_id != y->btf_id)
		return x->btf_id < y->btf_id ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* A list of ids; nothing in text if it is empty. */
static void show_uses(struct out *o, const char *key, const struct uses *u, uint32_t btf_id)
{
	char label[16];
	size_t i = count_before(u->list, u->n, use, use->btf_id < btf_id);
	bool any = i < u->n && u->list[i].btf_id == btf_id;

	snprintf(label, sizeof(label), "%s ", key);
	out_form(o, any ? "{prog_ids|map_ids}" : "");
	out_list(o, key, label);
	for (; i < u->n && u->list[i].btf_id == btf_id; i++)
		out_uint(o, NULL, "%llu", u->list[i].id);
	out_list_end(o);
	out_form_end(o);
}

static void show_name(struct out *o, const struct bpf_btf_info *info, const char *name)
{
	char safe[4 * BTF_NAME_MAX];

	out_escape(safe, sizeof(safe), name);
	if (!*name)
		out_item(o, "name <anon>");
	else
		out_item(o, info->kernel_btf ? "name [%s]" : "name %s", safe);
}

static int show_btf(struct ctx *ctx, int fd, const void *data)
{
	const struct show_data *d = data;
	struct bpf_btf_info info = {};
	char name[BTF_NAME_MAX] = "";
	struct out *o = ctx->out;
	int err;

	info.name = ptr_to_u64(name);
	info.name_len = sizeof(name);
	err = obj_info(fd, &info, sizeof(info));
	if (err && err != -ENOSPC)
		return fail(ctx->err, err, "read BTF");
	out_rec(o, NULL);
	out_id(o, "id", info.id);
	show_name(o, &info, name);
	out_uint(o, "size", "size %lluB", info.btf_size);
	show_uses(o, "prog_ids", &d->progs, info.id);
	show_uses(o, "map_ids", &d->maps, info.id);
	show_owners(ctx->out, d->listing.owners, info.id);
	out_json_bool(o, "kernel", info.kernel_btf);
	if (*name)
		out_json_str(o, "name", name);
	out_rec_end(o);
	return 0;
}

/* "12, 14, 15 +3": as many as fit a narrow cell. */
static void put_uses(struct table *t, size_t col, const struct uses *u, uint32_t btf_id)
{
	size_t first = count_before(u->list, u->n, use, use->btf_id < btf_id), n = 0;
	char text[64] = "";
	int len = 0;

	while (first + n < u->n && u->list[first + n].btf_id == btf_id)
		n++;
	for (size_t i = 0; i < n && i < USES_SHOWN; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%s%u", i ? "," : "",
				u->list[first + i].id);
	if (n > USES_SHOWN)
		snprintf(text + len, sizeof(text) - (size_t)len, " +%zu", n - USES_SHOWN);
	table_str(t, col, text);
}

/* One line for people. */
static int show_row(struct ctx *ctx, int fd, const void *data)
{
	const struct show_data *d = data;
	struct bpf_btf_info info = {};
	char name[BTF_NAME_MAX] = "", size[UNITS_TEXT_MAX];
	struct table *t;
	int err;

	info.name = ptr_to_u64(name);
	info.name_len = sizeof(name);
	err = obj_info(fd, &info, sizeof(info));
	if (err && err != -ENOSPC)
		return fail(ctx->err, err, "read BTF");
	err = show_table_row(ctx, d->table);
	if (err)
		return err;
	t = d->table->table;
	d->table->bytes += info.btf_size;
	table_uint(t, C_ID, info.id);
	table_str(t, C_KIND, !info.kernel_btf ? "program" : streq(name, "vmlinux") ? "kernel" :
			     "module");
	table_str(t, C_NAME, name);
	table_text(t, C_SIZE, "%s", size_text(size, info.btf_size));
	put_uses(t, C_PROGS, &d->progs, info.id);
	put_uses(t, C_MAPS, &d->maps, info.id);
	return show_table_holders(d->table, C_HELD, info.id);
}

static int end_rows(struct ctx *ctx, const void *data)
{
	const struct show_data *d = data;

	return show_table_end(ctx, d->table);
}

static int btf_show(struct ctx *ctx, const void *args)
{
	static const struct show_how how = { show_btf, show_row, end_rows };
	const struct show_args *a = args;
	bool is_one = a->btf.how == REF_ID && !a->btf.next;
	struct show_table table = { .kind = &obj_btf, .cols = cols, .n_cols = N_COLS,
				    .wide = a->wide || ctx->opts->bpffs };
	struct show_data d = { .btf_id = is_one ? a->btf.id : 0, .table = &table },
			 *at = &d;
	int err;

	listing_open(ctx, &obj_btf, &d.listing);
	table.listing = &d.listing;
	err = obj_each(ctx, &obj_prog, 0, note_prog, &at);
	if (!err)
		err = obj_each(ctx, &obj_map, OBJ_RDONLY, note_map, &at);
	if (!err && d.progs.n)
		qsort(d.progs.list, d.progs.n, sizeof(*d.progs.list), by_btf_id);
	if (!err && d.maps.n)
		qsort(d.maps.list, d.maps.n, sizeof(*d.maps.list), by_btf_id);
	if (!err)
		err = show_objs(ctx, &obj_btf, &a->btf, 0, &how, &d);
	show_table_free(&table);
	listing_close(&d.listing);
	free(d.progs.list);
	free(d.maps.list);
	return err;
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, btf, "", "BTF", ref_words_btf, "only these",
		  .flags = PF_REPEAT, .complete = obj_complete_btf),
	PARAM_WIDE(struct show_args),
	{ }
};

static const struct cmd btf_show_cmd = {
	.name = "show", .help = "list BTF objects",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = btf_show, .flags = CMD_DEFAULT,
};

/* Exported by files in btf/. */
extern const struct cmd btf_dump_cmd;
extern const struct cmd btf_header_cmd;

static const struct cmd *const btf_cmds[] = {
	&btf_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&btf_dump_cmd,
	&(const struct cmd){ .name = "help" },
	&btf_header_cmd,
	NULL
};

const struct cmd btf_cmd = {
	.name = "btf", .help = "type information: list and dump",
	.sub = btf_cmds,
};
