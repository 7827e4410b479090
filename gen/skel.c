// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * An object as skeletons describe it: which maps contain variables, and the names of everything.
 * libbpf has opened the object, so that sections have their sizes and variables their offsets.
 */
#include "gen/skel.h"

#include <ctype.h>
#include <errno.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/file_settle.h"
#include "decode/btf/abi.h"
#include "decode/btf/find.h"
#include "decode/btf/size.h"
#include "kern/abi.h"

#define NAME_LEN_MAX 63		/* of an object, in libbpf */
#define ARENA_SECTION ".addr_space.1"

/* Structs that libbpf declares, with functions that start with their names. */
static const char *const libbpf_structs[] = { "bpf_object",
					      "bpf_program",
					      "bpf_map",
					      "bpf_link",
					      "bpf_linker",
					      "bpf_object_skeleton",
					      "bpf_object_subskeleton",
					      "bpf_map_skeleton",
					      "bpf_prog_skeleton",
					      "bpf_var_skeleton",
					      "btf",
					      NULL };

static bool is_libbpf_struct(const char *name)
{
	const char *const *s = libbpf_structs;

	while (*s && !streq(*s, name))
		s++;
	return *s;
}

/* The nearest valid name, owned. */
static char *mend_name(const char *name)
{
	auto_free char *cut = strndup(name, NAME_LEN_MAX - 1);
	auto_free char *mended = cut ? c_name_mend(cut) : NULL;
	char *ret;

	if (!mended || !is_libbpf_struct(mended))
		return take_ptr(mended);
	return asprintf(&ret, "%s_", mended) < 0 ? NULL : ret;
}

static bool is_name(const char *name)
{
	return c_name_is_ident(name) && !is_libbpf_struct(name) && strlen(name) <= NAME_LEN_MAX;
}

static int take_name(struct ctx *ctx, const char *name, struct skel *s)
{
	auto_free char *mended = NULL;

	if (is_name(name)) {
		s->name = strdup(name);
		return s->name ? 0 : fail(ctx->err, -ENOMEM, "name the skeleton");
	}
	mended = mend_name(name);
	fail_usage(ctx->err, "'%s' cannot be the name of a struct%s", name,
		   strlen(name) > NAME_LEN_MAX ? " of libbpf's: it may have 63 characters" : "");
	if (mended)
		err_hint(ctx->err, "use 'name %s'", mended);
	return -EINVAL;
}

/* cr_all.bpf.o: cr_all_bpf */
static int name_from_file(struct ctx *ctx, const char *path, struct skel *s)
{
	const char *slash = strrchr(path, '/');
	auto_free char *base = strdup(slash ? slash + 1 : path);
	size_t len = base ? strlen(base) : 0;
	char *c;

	if (!file_is_named(path)) {
		fail_usage(ctx->err, "missing a name for the struct: '%s' is not a regular file",
			   path);
		err_hint(ctx->err, "add 'name NAME'");
		return -EINVAL;
	}
	if (len > 2 && streq(base + len - 2, ".o"))
		base[len - 2] = '\0';
	for (c = base; c && *c; c++)
		if (!isascii(*c) || !isalnum((unsigned char)*c))
			*c = '_';
	if (base && strlen(base) > NAME_LEN_MAX)
		base[NAME_LEN_MAX] = '\0';
	s->name = base ? (is_name(base) ? take_ptr(base) : mend_name(base)) : NULL;
	if (!s->name)
		return fail(ctx->err, -ENOMEM, "name the skeleton");
	if (base)	/* not by the file's name */
		notice(ctx, "the struct is called '%s', as '%s' is not a C name", s->name, base);
	return 0;
}

static uint32_t find_datasec(const struct btf_image *btf, const char *section)
{
	return btf ? btf_find(btf, section, 1u << BTF_KIND_DATASEC) : 0;
}

static int fail_var(struct ctx *ctx, const struct skel_map *m, const char *name, const char *what)
{
	return fail_msg(ctx->err, -EINVAL, "variable '%s' in section '%s': %s", name, m->section,
			what);
}

/* 1: it is static, and not visible from outside. */
static int read_var(struct ctx *ctx, struct skel *s, const struct skel_map *m,
		    const struct btf_var_secinfo *info, struct skel_var *v)
{
	const struct btf_image *btf = s->btf;
	const struct btf_type *t = btf_image_type(btf, info->type);
	int64_t size;

	if (!t || !btf_is_var(t))
		return fail_var(ctx, m, t ? btf_image_name(btf, t) : "",
				"BTF has no such variable");
	if (btf_var(t)->linkage == BTF_VAR_STATIC)
		return 1;
	size = btf_type_size(btf, BTF_BPF_POINTER, t->type);
	v->name.from = btf_image_name(btf, t);
	if (size < 0)
		return fail_var(ctx, m, v->name.from, "its type has no size");
	v->type = t->type;
	v->offset = info->offset;
	v->size = size;
	return 0;
}

static int compare_vars(const void *a, const void *b)
{
	const struct skel_var *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int check_layout(struct ctx *ctx, const struct skel_map *m)
{
	uint64_t end = 0, size = bpf_map__value_size(m->map);
	size_t i;

	if (streq(m->section, ARENA_SECTION))
		size = UINT32_MAX;	/* pages, not a value */
	for (i = 0; i < m->n_vars; i++) {
		const struct skel_var *v = &m->vars[i];

		if (v->offset < end)
			return fail_var(ctx, m, v->name.from, "it overlaps another variable");
		end = (uint64_t)v->offset + v->size;
		if (end > size)
			return fail_var(ctx, m, v->name.from, "it ends beyond the section");
	}
	return 0;
}

/* Names must be unique within a struct. They are in an array of structs of this size. */
static int fill_names(struct ctx *ctx, struct c_name *first, size_t n, size_t size)
{
	auto_free struct c_name **names = calloc(n + 1, sizeof(*names));
	size_t i;
	int err = names ? 0 : -ENOMEM;

	for (i = 0; !err && i < n; i++)
		names[i] = (struct c_name *)((char *)first + i * size);
	err = err ?: c_names_fill(names, n);
	return err ? fail(ctx->err, err, "name what is in the object") : 0;
}

static int read_vars(struct ctx *ctx, struct skel *s, struct skel_map *m, uint32_t datasec)
{
	const struct btf_type *sec = btf_image_type(s->btf, datasec);
	unsigned int i, n = btf_items(sec);
	int err;

	m->vars = calloc(n + 1, sizeof(*m->vars));
	if (!m->vars)
		return fail(ctx->err, -ENOMEM, "read section '%s'", m->section);
	for (i = 0; i < n; i++) {
		err = read_var(ctx, s, m, &btf_var_secinfos(sec)[i], &m->vars[m->n_vars]);
		if (err < 0)
			return err;
		m->n_vars += !err;
	}
	qsort(m->vars, m->n_vars, sizeof(*m->vars), compare_vars);
	err = check_layout(ctx, m);
	return err ?: fill_names(ctx, &m->vars->name, m->n_vars, sizeof(*m->vars));
}

/* ".data.custom": data_custom */
static int label_map(struct ctx *ctx, struct skel_map *m)
{
	m->label = c_name_mend(m->section + 1);
	return m->label ? 0 : fail(ctx->err, -ENOMEM, "name section '%s'", m->section);
}

static int read_internal_map(struct ctx *ctx, struct skel *s, struct skel_map *m)
{
	uint32_t datasec;
	int err;

	m->section = strchr(m->name.from, '.');
	if (!m->section)
		return fail_msg(ctx->err, -EINVAL, "map '%s' contains variables without a section",
				m->name.from);
	err = label_map(ctx, m);
	if (err)
		return err;
	m->name.from = m->label;
	m->kconfig = streq(m->section, ".kconfig");
	datasec = find_datasec(s->btf, m->section);
	if (!datasec || !(bpf_map__map_flags(m->map) & BPF_F_MMAPABLE))
		return 0;
	m->data.from = m->label;
	return read_vars(ctx, s, m, datasec);
}

/* Its variables are in a separate section. */
static int read_arena(struct ctx *ctx, struct skel *s, struct skel_map *m)
{
	uint32_t datasec = find_datasec(s->btf, ARENA_SECTION);

	if (!datasec)
		return 0;
	m->section = ARENA_SECTION;
	m->data.from = "arena";
	return read_vars(ctx, s, m, datasec);
}

static uint32_t find_ops_in(const struct btf_image *btf, const char *section, const char *map)
{
	const struct btf_type *sec = btf_image_type(btf, find_datasec(btf, section));
	unsigned int i;

	for (i = 0; sec && i < btf_items(sec); i++) {
		const struct btf_type *var = btf_image_type(btf, btf_var_secinfos(sec)[i].type);
		uint32_t id;

		if (!var || !btf_is_var(var) || !streq(btf_image_name(btf, var), map))
			continue;
		id = var->type;
		var = btf_skip(btf, BTF_NAMES, &id);
		return var && btf_is_struct(var) ? id : 0;
	}
	return 0;
}

/* The struct that the object's source initialised; '?': maps that need not be created. */
static uint32_t find_ops_type(const struct skel *s, const char *map)
{
	static const char *const sections[] = {
		".struct_ops", ".struct_ops.link", "?.struct_ops", "?.struct_ops.link",
	};
	uint32_t id = 0;
	size_t i;

	for (i = 0; s->btf && !id && i < ARRAY_SIZE(sections); i++)
		id = find_ops_in(s->btf, sections[i], map);
	return id;
}

static int read_map(struct ctx *ctx, struct skel *s, struct skel_map *m)
{
	m->name.from = bpf_map__name(m->map);
	if (bpf_map__is_internal(m->map))
		return read_internal_map(ctx, s, m);
	if ((int)bpf_map__type(m->map) == ABI_MAP_TYPE_ARENA)
		return read_arena(ctx, s, m);
	if (bpf_map__type(m->map) == BPF_MAP_TYPE_STRUCT_OPS)
		m->ops_type = find_ops_type(s, m->name.from);
	return 0;
}

/* Maps without data do not need one. */
static int name_data(struct ctx *ctx, struct skel *s)
{
	auto_free struct c_name **names = calloc(s->n_maps + 1, sizeof(*names));
	size_t i, n = 0;
	int err = names ? 0 : -ENOMEM;

	for (i = 0; !err && i < s->n_maps; i++)
		if (s->maps[i].data.from)
			names[n++] = &s->maps[i].data;
	err = err ?: c_names_fill(names, n);
	return err ? fail(ctx->err, err, "name what is in the object") : 0;
}

static int read_maps(struct ctx *ctx, struct skel *s)
{
	struct bpf_map *map;
	size_t n = 0;
	int err = 0;

	bpf_object__for_each_map(map, s->obj)
		n++;
	s->maps = calloc(n + 1, sizeof(*s->maps));
	if (!s->maps)
		return fail(ctx->err, -ENOMEM, "read the object's maps");
	bpf_object__for_each_map(map, s->obj) {
		if (err)
			break;
		s->maps[s->n_maps].map = map;
		err = read_map(ctx, s, &s->maps[s->n_maps++]);
	}
	err = err ?: fill_names(ctx, &s->maps->name, s->n_maps, sizeof(*s->maps));
	return err ?: name_data(ctx, s);
}

static int read_progs(struct ctx *ctx, struct skel *s)
{
	struct bpf_program *prog;
	size_t n = 0;

	bpf_object__for_each_program(prog, s->obj)
		n++;
	s->progs = calloc(n + 1, sizeof(*s->progs));
	if (!s->progs)
		return fail(ctx->err, -ENOMEM, "read the object's programs");
	bpf_object__for_each_program(prog, s->obj) {
		s->progs[s->n_progs].prog = prog;
		s->progs[s->n_progs++].name.from = bpf_program__name(prog);
	}
	return fill_names(ctx, &s->progs->name, s->n_progs, sizeof(*s->progs));
}

/* libbpf changes the object's types when it loads them, which is not for the header: copy them. */
static int read_types(struct ctx *ctx, struct skel *s)
{
	const struct btf *btf = bpf_object__btf(s->obj);
	auto_free void *turned = NULL;
	uint32_t len = 0;
	const void *data = btf ? btf__raw_data(btf, &len) : NULL;
	int err;

	if (!btf)
		return 0;
	if (data && btf_image_is_foreign(data, len)) {
		turned = malloc(len);
		if (turned)
			btf_image_turn(memcpy(turned, data, len), len);
		data = turned;
	}
	if (!data)
		return fail(ctx->err, -ENOMEM, "read the object's types");
	err = btf_image_copy(ctx->err, data, len, &s->type_bytes, &s->types);
	err = err ?: btf_image_check(ctx->err, &s->types);
	if (!err)
		s->btf = &s->types;
	return err;
}

int skel_open(struct ctx *ctx, const char *path, const char *name, uint32_t libbpf,
	      struct skel *ret)
{
	int err;

	*ret = (struct skel){
		.libbpf = libbpf ?: SKEL_LIBBPF(libbpf_major_version(), libbpf_minor_version()),
	};
	err = name ? take_name(ctx, name, ret) : name_from_file(ctx, path, ret);
	if (err)
		return err;
	err_log_clear(ctx->err);
	err = object_open_image(ctx, path, ret->name, &ret->obj, &ret->image);
	if (err)
		return err;
	err = read_types(ctx, ret);
	err = err ?: read_maps(ctx, ret);
	return err ?: read_progs(ctx, ret);
}

static void free_map(struct skel_map *m)
{
	size_t i;

	for (i = 0; i < m->n_vars; i++)
		c_name_free(&m->vars[i].name);
	free(m->vars);
	free(m->label);
	c_name_free(&m->name);
	c_name_free(&m->data);
}

void skel_close(struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++)
		free_map(&s->maps[i]);
	for (i = 0; i < s->n_progs; i++)
		c_name_free(&s->progs[i].name);
	free(s->maps);
	free(s->progs);
	free(s->image.data);
	free(s->name);
	bpf_object__close(s->obj);
	btf_image_close(&s->types);
	free(s->type_bytes);
	*s = (struct skel){};
}
