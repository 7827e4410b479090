// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl btf: type information. Who uses it is found by a walk over programs and maps; where a dump
 * gets its bytes from is btf_source.c's business, what they look like decode/btf_raw.c's.
 */
#include <errno.h>

#include "btf_source.h"
#include "commands.h"
#include "decode/btf_c.h"
#include "decode/btf_raw.h"
#include "json_writer.h"
#include "output.h"
#include "show.h"

#define ROOTS_MAX 16
#define FILES_MAX 64
#define BTF_NAME_MAX 64		/* as long as a module's name can be */

/* --- show --- */

struct show_args {
	struct ref btf;
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
};

static int add_use(struct ctx *ctx, struct uses *u, uint32_t btf_id, uint32_t id)
{
	if (u->n == u->max) {
		size_t max = u->max ? 2 * u->max : 64;
		struct use *list = realloc(u->list, max * sizeof(*list));

		if (!list)
			return fail(ctx->err, -ENOMEM, "list users of BTF");
		u->list = list;
		u->max = max;
	}
	u->list[u->n++] = (struct use){ .btf_id = btf_id, .id = id };
	return 0;
}

/* What cannot be read is left out: the listing is about BTF. */
static int note_prog(struct ctx *ctx, int fd, const void *data)
{
	struct show_data *d = *(struct show_data *const *)data;
	struct bpf_prog_info info = {};

	if (obj_info(fd, &info, sizeof(info)) || !info.btf_id)
		return 0;
	return d->btf_id && d->btf_id != info.btf_id ? 0 : add_use(ctx, &d->progs, info.btf_id, info.id);
}

static int note_map(struct ctx *ctx, int fd, const void *data)
{
	struct show_data *d = *(struct show_data *const *)data;
	struct bpf_map_info info = {};

	if (obj_info(fd, &info, sizeof(info)) || !info.btf_id)
		return 0;
	return d->btf_id && d->btf_id != info.btf_id ? 0 : add_use(ctx, &d->maps, info.btf_id, info.id);
}

static int by_btf_id(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->btf_id != y->btf_id)
		return x->btf_id < y->btf_id ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* A list of ids; in text nothing when it is empty. */
static void show_uses(struct out *o, const char *key, const struct uses *u, uint32_t btf_id)
{
	char label[16];
	size_t i = 0, stop = u->n;

	while (i < stop) {
		size_t mid = (i + stop) / 2;

		if (u->list[mid].btf_id < btf_id)
			i = mid + 1;
		else
			stop = mid;
	}
	if ((i == u->n || u->list[i].btf_id != btf_id) && !out_is_json(o))
		return;
	snprintf(label, sizeof(label), "%s ", key);
	out_list(o, key, label);
	for (; i < u->n && u->list[i].btf_id == btf_id; i++)
		out_uint(o, NULL, "%llu", u->list[i].id);
	out_list_end(o);
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
	show_owners(ctx, &d->listing, info.id);
	out_json_bool(o, "kernel", info.kernel_btf);
	if (*name)
		out_json_str(o, "name", name);
	out_rec_end(o);
	return 0;
}

static int btf_show(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	struct show_data d = { .btf_id = a->btf.how == REF_ID ? a->btf.id : 0 }, *at = &d;
	int err = listing_open(ctx, &obj_btf, &a->btf, &d.listing);

	if (!err)
		err = obj_each(ctx, &obj_prog, 0, note_prog, &at);
	if (!err)
		err = obj_each(ctx, &obj_map, OBJ_RDONLY, note_map, &at);
	if (!err && d.progs.n)
		qsort(d.progs.list, d.progs.n, sizeof(*d.progs.list), by_btf_id);
	if (!err && d.maps.n)
		qsort(d.maps.list, d.maps.n, sizeof(*d.maps.list), by_btf_id);
	if (!err)
		err = show_objs(ctx, &obj_btf, &a->btf, 0, show_btf, &d);
	listing_close(&d.listing);
	free(d.progs.list);
	free(d.maps.list);
	return err;
}

/* --- dump --- */

static const char *const map_parts[] = { "key", "value", "all", "kv", NULL };
enum { PART_KEY, PART_VALUE, PART_ALL, PART_KV };

struct map_source {
	struct ref ref;
	int part;			/* of map_parts */
};

struct files {
	const char *paths[FILES_MAX];
	size_t n;
};

struct roots {
	uint32_t ids[ROOTS_MAX];
	size_t n;
};

struct dump_args {
	struct map_source map;
	struct ref prog, id;
	struct files files;
	const char *format;
	const char *output;
	bool unsorted;
	struct roots roots;
};

static bool is_c(const struct dump_args *a)
{
	return a->format && streq(a->format, "c");
}

static int parse_map_source(struct ctx *ctx, struct args *a, void *member)
{
	struct map_source *m = member;
	int err = args_ref(ctx->err, a, ref_words_map, &m->ref), part;

	if (err)
		return err;
	m->part = PART_KV;
	part = args_left(a) ? word_find(args_peek(a), map_parts) : -1;
	if (part >= 0) {
		m->part = part;
		args_next(a);
	}
	return 0;
}

static int parse_id(struct ctx *ctx, struct args *a, void *member)
{
	struct ref *ref = member;
	const char *word = args_next(a);

	if (!word)
		return fail_usage(ctx->err, "missing the number after 'id'");
	ref->how = REF_ID;
	ref->text = word;
	return parse_u32(ctx->err, "id", word, &ref->id);
}

static int parse_file(struct ctx *ctx, struct args *a, void *member)
{
	struct files *f = member;
	const char *word = args_next(a);

	if (!word)
		return fail_usage(ctx->err, "missing the name after 'file'");
	if (f->n == FILES_MAX)
		return fail_usage(ctx->err, "more than %d files", FILES_MAX);
	f->paths[f->n++] = word;
	return 0;
}

static int parse_root(struct ctx *ctx, struct args *a, void *member)
{
	struct roots *r = member;
	const char *word = args_next(a);
	uint32_t id;
	int err;

	if (!word)
		return fail_usage(ctx->err, "missing the number after 'root_id'");
	err = parse_u32(ctx->err, "root_id", word, &id);
	if (err)
		return err;
	for (size_t i = 0; i < r->n; i++)
		if (r->ids[i] == id)
			return fail_usage(ctx->err, "root_id %u is there twice", id);
	if (r->n == ROOTS_MAX)
		return fail_usage(ctx->err, "more than %d root_id", ROOTS_MAX);
	r->ids[r->n++] = id;
	return 0;
}

static int open_prog_btf(struct ctx *ctx, const struct ref *ref, struct btf_source *ret)
{
	struct bpf_prog_info info = {};
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_prog, ref, 0, &fd);

	if (err)
		return err;
	err = obj_info(fd, &info, sizeof(info));
	if (err)
		return fail(ctx->err, err, "read program '%s'", ref->text);
	if (!info.btf_id)
		return fail_msg(ctx->err, -ENOENT, "program %u has no BTF", info.id);
	return btf_source_id(ctx, info.btf_id, ret);
}

/* The value of a struct_ops map is a type of the kernel's, whatever BTF came with the map. */
static bool is_kernel_value(const struct bpf_map_info *info, int part)
{
	return info->btf_vmlinux_value_type_id && (part == PART_VALUE || part == PART_KV);
}

/* Which of a map's types are to be dumped. */
static int choose_roots(struct ctx *ctx, const struct bpf_map_info *info, int part, struct roots *roots)
{
	bool kernel = is_kernel_value(info, part);
	uint32_t value = kernel ? info->btf_vmlinux_value_type_id : info->btf_value_type_id;

	if (part == PART_ALL)
		return 0;
	if (part != PART_VALUE && !kernel && info->btf_key_type_id)
		roots->ids[roots->n++] = info->btf_key_type_id;
	if (part != PART_KEY && value)
		roots->ids[roots->n++] = value;
	if (roots->n)
		return 0;
	return fail_msg(ctx->err, -ENOENT, "map %u has no type for its %s", info->id,
			part == PART_KEY ? "key" : "value");
}

static int open_map_btf(struct ctx *ctx, const struct map_source *m, struct roots *roots,
			struct btf_source *ret)
{
	struct bpf_map_info info = {};
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_map, &m->ref, OBJ_RDONLY, &fd);

	if (err)
		return err;
	err = obj_info(fd, &info, sizeof(info));
	if (err)
		return fail(ctx->err, err, "read map '%s'", m->ref.text);
	if (!info.btf_id && !is_kernel_value(&info, m->part))
		return fail_msg(ctx->err, -ENOENT, "map %u has no BTF", info.id);
	err = choose_roots(ctx, &info, m->part, roots);
	if (err)
		return err;
	if (is_kernel_value(&info, m->part))
		return btf_source_kernel(ctx, ret);
	return btf_source_id(ctx, info.btf_id, ret);
}

static int open_source(struct ctx *ctx, const struct dump_args *a, struct roots *roots,
		       struct btf_source *ret)
{
	if (a->map.ref.how)
		return open_map_btf(ctx, &a->map, roots, ret);
	if (a->prog.how)
		return open_prog_btf(ctx, &a->prog, ret);
	if (a->id.how)
		return btf_source_id(ctx, a->id.id, ret);
	if (a->files.n == 1)
		return btf_source_file(ctx, a->files.paths[0], ret);
	return fail_msg(ctx->err, -EOPNOTSUPP, "several BTF files in one dump are not supported yet");
}

static int check_roots(struct ctx *ctx, const struct btf_image *img, const struct roots *roots)
{
	for (size_t i = 0; i < roots->n; i++)
		if (!btf_image_type(img, roots->ids[i]))
			return fail_msg(ctx->err, -EINVAL, "there is no type %u (the last one is %u)",
					roots->ids[i], img->first_id + img->n_types - 1);
	return 0;
}

static int dump_raw(struct ctx *ctx, const struct btf_image *img, const struct roots *roots)
{
	unsigned int flags = ctx->opts->pretty ? BTF_RAW_PRETTY : ctx->opts->jsonl ? BTF_RAW_LINES : 0;

	btf_raw_dump(ctx->out, img, roots->n ? roots->ids : NULL, roots->n, flags);
	return 0;
}

static int dump_c(struct ctx *ctx, const struct btf_c *c)
{
	int err = c->img->base ? btf_image_check(ctx->err, c->img->base) : 0;

	if (!err)
		err = btf_image_check(ctx->err, c->img);
	return err ? err : btf_c_dump(ctx->err, ctx->out, c);
}

static int dump_source(struct ctx *ctx, const struct dump_args *a, const struct roots *roots,
		       const struct btf_source *src)
{
	struct btf_image base = {}, img = {};
	struct btf_c c = { .img = &img, .ids = roots->n ? roots->ids : NULL, .n_ids = roots->n,
			   .unsorted = a->unsorted };
	int err = 0;

	if (src->base.data)
		err = btf_image_open(ctx->err, src->base.data, src->base.len, &base);
	if (!err)
		err = btf_image_open_split(ctx->err, src->own.data, src->own.len,
					   src->base.data ? &base : NULL, &img);
	if (!err)
		err = check_roots(ctx, &img, roots);
	if (!err)
		err = is_c(a) ? dump_c(ctx, &c) : dump_raw(ctx, &img, roots);
	btf_image_close(&img);
	btf_image_close(&base);
	return err;
}

static int check_dump(struct ctx *ctx, const struct dump_args *a)
{
	if (!a->map.ref.how && !a->prog.how && !a->id.how && !a->files.n)
		return fail_usage(ctx->err, "missing what to dump: 'map', 'prog', 'id' or 'file'");
	if (a->roots.n && a->map.ref.how && a->map.part != PART_ALL)
		return fail_usage(ctx->err, "'root_id' does not go with a part of a map's types");
	if (is_c(a) && out_is_json(ctx->out))
		return fail_msg(ctx->err, -EOPNOTSUPP, "C is text: 'format c' does not go with JSON");
	return 0;
}

static int dump_write(struct ctx *ctx, const void *args)
{
	const struct dump_args *a = args;
	struct roots roots = a->roots;
	struct btf_source src = {};
	int err = open_source(ctx, a, &roots, &src);

	if (!err)
		err = dump_source(ctx, a, &roots, &src);
	btf_source_close(&src);
	return err;
}

static int btf_dump(struct ctx *ctx, const void *args)
{
	const struct dump_args *a = args;
	int err = check_dump(ctx, a);

	return err ? err : output_run(ctx, a->output, dump_write, args);
}

static const struct param show_params[] = {
	PARAM_REF(struct show_args, btf, "", "BTF", ref_words_btf, "only this one",
		  .complete = obj_complete_btf),
	{ }
};

static const char *const formats[] = { "raw", "c", NULL };

/* The order of the sources is interface: a word selects the first one it abbreviates. */
static const struct param dump_params[] = {
	PARAM_CUSTOM(struct dump_args, map, struct map_source, "map", "MAP [key|value|kv|all]",
		     parse_map_source, "the types of a map's keys and values, or all it came with",
		     .words = ref_words_map, .group = 1, .complete = obj_complete_map),
	PARAM_REF(struct dump_args, prog, "prog", "PROG", ref_words_prog, "the types of a program",
		  .group = 1, .complete = obj_complete_prog),
	PARAM_CUSTOM(struct dump_args, id, struct ref, "id", "N", parse_id, "types by BTF id",
		     .group = 1, .complete = obj_complete_btf),
	PARAM_CUSTOM(struct dump_args, files, struct files, "file", "FILE", parse_file,
		     "types from an ELF file or a file of raw BTF", .group = 1, .flags = PF_REPEAT),
	PARAM_WORD(struct dump_args, format, "format", "FORMAT", formats, "raw lines, or C"),
	PARAM_FLAG(struct dump_args, unsorted, "unsorted", "C in the order of the types' ids"),
	PARAM_CUSTOM(struct dump_args, roots, struct roots, "root_id", "N", parse_root,
		     "only this type", .flags = PF_REPEAT),
	PARAM_OUTPUT(struct dump_args, output),
	{ }
};

const struct cmd btf_cmds[] = {
	{ .name = "show", .help = "list BTF objects", .params = show_params,
	  .args_size = sizeof(struct show_args), .run = btf_show, .flags = CMD_DEFAULT },
	{ .name = "list", .help = "list BTF objects", .params = show_params,
	  .args_size = sizeof(struct show_args), .run = btf_show, .flags = CMD_ALIAS },
	{ .name = "dump", .help = "print types", .params = dump_params,
	  .args_size = sizeof(struct dump_args), .run = btf_dump },
	{ }
};
