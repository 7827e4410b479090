// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * btf dump: which types of which object, and in which form. load/btf_source.c reads the bytes,
 * decode/ formats them.
 */
#include "btf/btf.h"

#include <errno.h>

#include "decode/btf/c.h"
#include "decode/btf/find.h"
#include "decode/btf/layout.h"
#include "decode/btf/order.h"
#include "decode/btf/raw.h"
#include "json_writer.h"
#include "view/output.h"

struct btf_dump_args {
	struct btf_map_types map;
	struct ref prog, id;
	struct btf_files files;
	const char *format, *output;
	bool unsorted;
	struct btf_roots roots;
	struct btf_names names;
};

static const char *const map_parts[] = { "key", "value", "all", "kv", NULL };
enum { PART_KEY, PART_VALUE, PART_ALL, PART_KV };

static const char *const formats[] = { "raw", "c", "layout", NULL };

/* Names are used by people: by default they get the layout of a type. */
static bool is_format(const struct btf_dump_args *a, const char *format)
{
	return streq(a->format ? a->format : a->names.n ? "layout" : "raw", format);
}

static int parse_map_source(struct ctx *ctx, struct args *a, void *member)
{
	struct btf_map_types *m = member;
	int err = args_ref(ctx, a, ref_words_map, &m->ref), part;

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

	ref->how = REF_ID;
	ref->text = word;
	return parse_u32(ctx->err, "id", word, &ref->id);
}

int btf_parse_file(struct ctx *ctx, struct args *a, void *member)
{
	struct btf_files *f = member;

	if (f->n == BTF_FILES_MAX)
		return fail_usage(ctx->err, "more than %d files", BTF_FILES_MAX);
	f->paths[f->n++] = args_next(a);
	return 0;
}

static int parse_root_id(struct ctx *ctx, struct args *a, void *member)
{
	struct btf_roots *r = member;
	uint32_t id;
	int err = parse_u32(ctx->err, "root_id", args_next(a), &id);

	if (err)
		return err;
	for (size_t i = 0; i < r->n; i++)
		if (r->ids[i] == id)
			return fail_usage(ctx->err, "root_id %u is given twice", id);
	if (r->n == BTF_ROOTS_MAX)
		return fail_usage(ctx->err, "more than %d root_id", BTF_ROOTS_MAX);
	r->ids[r->n++] = id;
	return 0;
}

int btf_names_add(struct ctx *ctx, struct btf_names *names, const char *what, const char *name)
{
	if (names->n == BTF_NAMES_MAX)
		return fail_usage(ctx->err, "more than %d %s", BTF_NAMES_MAX, what);
	names->names[names->n++] = name;
	return 0;
}

/* "root task_struct", "root 'struct task_struct'", "root struct task_struct". */
static int parse_root(struct ctx *ctx, struct args *a, void *member)
{
	const char *word = args_next(a);
	size_t len;
	char *both;

	if (!btf_is_kind_word(word) || !args_left(a))
		return btf_names_add(ctx, member, "root", word);
	len = strlen(word) + strlen(args_peek(a)) + 2;
	both = cmd_alloc(ctx, len);
	if (!both)
		return fail(ctx->err, -ENOMEM, "read 'root'");
	snprintf(both, len, "%s %s", word, args_next(a));
	return btf_names_add(ctx, member, "root", both);
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

/* The value of a struct_ops map has a type of the kernel, whatever BTF was loaded with the map. */
static bool is_kernel_value(const struct bpf_map_info *info, int part)
{
	return info->btf_vmlinux_value_type_id && (part == PART_VALUE || part == PART_KV);
}

/* Which of a map's types to dump. */
static int choose_roots(struct ctx *ctx, const struct bpf_map_info *info, int part,
			struct btf_roots *roots)
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

static int open_map_btf(struct ctx *ctx, const struct btf_map_types *m, struct btf_roots *roots,
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

static int open_source(struct ctx *ctx, const struct btf_dump_args *a, struct btf_roots *roots,
		       struct btf_source *ret)
{
	if (a->map.ref.how)
		return open_map_btf(ctx, &a->map, roots, ret);
	if (a->prog.how)
		return open_prog_btf(ctx, &a->prog, ret);
	if (a->id.how)
		return btf_source_id(ctx, a->id.id, ret);
	return btf_source_files(ctx, a->files.paths, a->files.n, ret);
}

/*
 * The requested ids; none: all. Raw types selected by name include all types they refer to: the
 * user does not know these ids and could not request them.
 */
static int find_types(struct ctx *ctx, const struct btf_dump_args *a, const struct btf_roots *roots,
		      const struct btf_image *img, struct btf_ids *ret)
{
	int err = 0;

	for (size_t i = 0; !err && i < a->names.n; i++)
		err = btf_find_by_name(ctx->err, img, a->names.names[i], ret);
	if (!err && ret->n && is_format(a, "raw"))
		err = btf_image_check(ctx->err, img) ?: btf_closure(ctx->err, img, ret);
	for (size_t i = 0; !err && i < roots->n; i++) {
		if (!btf_image_type(img, roots->ids[i]))
			return fail_msg(ctx->err, -EINVAL,
					"no type %u (the last is %u)",
					roots->ids[i], btf_image_end(img) - 1);
		err = btf_ids_add(ctx->err, ret, roots->ids[i]);
	}
	return err ? err : btf_ids_unique(ctx->err, img, ret);
}

static int dump_raw(struct ctx *ctx, const struct btf_image *img, const struct btf_ids *ids)
{
	unsigned int flags = ctx->opts->pretty	? BTF_RAW_PRETTY
			     : ctx->opts->jsonl ? BTF_RAW_LINES
						: 0;

	btf_raw_dump(ctx->out, img, ids->n ? ids->ids : NULL, ids->n, flags);
	return 0;
}

static int dump_layout(struct ctx *ctx, const struct btf_image *img, const struct btf_ids *ids)
{
	size_t n = ids->n;
	auto_free uint32_t *all = n ? NULL : btf_order(img, img->first_id, true, &n);

	if (!ids->n && !all)
		return fail(ctx->err, -ENOMEM, "list types");
	return btf_layout_dump(ctx->err, ctx->out, img, ids->n ? ids->ids : all, n);
}

static int dump_types(struct ctx *ctx, const struct btf_dump_args *a, const struct btf_source *src,
		      const struct btf_ids *ids)
{
	const struct btf_image *img = &src->img;
	const struct btf_c c = { .img = img, .ids = ids->n ? ids->ids : NULL, .n_ids = ids->n,
				 .unsorted = a->unsorted };
	int err;

	if (is_format(a, "raw"))
		return dump_raw(ctx, img, ids);
	err = btf_source_check(ctx, src);
	if (err)
		return err;
	return is_format(a, "c") ? btf_c_dump(ctx->err, ctx->out, &c) : dump_layout(ctx, img, ids);
}

static int check_dump(struct ctx *ctx, const struct btf_dump_args *a)
{
	bool is_part = a->map.ref.how && a->map.part != PART_ALL;

	if (!a->map.ref.how && !a->prog.how && !a->id.how && !a->files.n)
		return fail_usage(ctx->err, "missing what to dump: 'map', 'prog', 'id' or 'file'");
	if ((a->roots.n || a->names.n) && is_part)
		return fail_usage(ctx->err, "'%s' cannot be combined with a part of a map's types",
				  a->roots.n ? "root_id" : "root");
	if (is_format(a, "c") && out_is_json(ctx->out)) {
		fail_msg(ctx->err, -EOPNOTSUPP, "'format c' is text and cannot be JSON");
		err_hint(ctx->err,
			 "'format layout' prints members with offsets and C types");
		return -EOPNOTSUPP;
	}
	return 0;
}

static int dump_write(struct ctx *ctx, const void *args)
{
	const struct btf_dump_args *a = args;
	struct btf_roots roots = a->roots;
	struct btf_source src = {};
	struct btf_ids ids = {};
	int err = open_source(ctx, a, &roots, &src);

	if (!err)
		err = btf_source_view(ctx, &src);
	if (!err)
		err = find_types(ctx, a, &roots, &src.img, &ids);
	if (!err)
		err = dump_types(ctx, a, &src, &ids);
	btf_ids_free(&ids);
	btf_source_close(&src);
	return err;
}

static int btf_dump(struct ctx *ctx, const void *args)
{
	const struct btf_dump_args *a = args;
	int err = check_dump(ctx, a);

	return err ? err : output_run(ctx, a->output, dump_write, args);
}

/*
 * The order of the sources is part of the interface: a word selects the first one it abbreviates.
 */
static const struct param btf_dump_params[] = {
	PARAM_CUSTOM(struct btf_dump_args, map, struct btf_map_types, "map",
		     "MAP [key|value|kv|all]",
		     parse_map_source, "types of a map's key and value, or all of its BTF",
		     .words = ref_words_map, .group = 1, .complete = obj_complete_map),
	PARAM_REF(struct btf_dump_args, prog, "prog", "PROG", ref_words_prog,
		  "the types of a program",
		  .group = 1, .complete = obj_complete_prog),
	PARAM_CUSTOM(struct btf_dump_args, id, struct ref, "id", "N", parse_id, "types by BTF id",
		     .group = 1, .complete = obj_complete_btf),
	PARAM_CUSTOM(struct btf_dump_args, files, struct btf_files, "file", "FILE", btf_parse_file,
		     "types from an ELF file or a raw BTF file", .group = 1, .flags = PF_REPEAT,
		     .complete = complete_file),
	PARAM_WORD(struct btf_dump_args, format, "format", "FORMAT", formats,
		   "raw lines, C, or the layout of types"),
	PARAM_FLAG(struct btf_dump_args, unsorted, "unsorted", "C in order of type ids"),
	PARAM_CUSTOM(struct btf_dump_args, roots, struct btf_roots, "root_id", "N", parse_root_id,
		     "only this type", .flags = PF_REPEAT),
	PARAM_CUSTOM(struct btf_dump_args, names, struct btf_names, "root", "NAME", parse_root,
		     "only types with this name, and what they need", .flags = PF_REPEAT),
	PARAM_OUTPUT(struct btf_dump_args, output),
	{ }
};

const struct cmd btf_dump_cmd = {
	.name = "dump", .help = "print types",
	.params = btf_dump_params, .args_size = sizeof(struct btf_dump_args),
	.run = btf_dump, .flags = CMD_BASE_BTF,
};
