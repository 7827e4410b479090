// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * gen skeleton -L: a header that contains a loader program instead of the object. Code that
 * includes it needs bpf/skel_internal.h but not libbpf; that header is also written for kernel
 * modules, so the generated code uses only what it provides for both. Names are bpftool's; see
 * compat.md 11.2.
 */
#include <errno.h>

#include <bpf/libbpf.h>

#include "gen/light.h"
#include "gen/skel.h"
#include "kern/object/prog_types.h"

/* mmap() needs whole pages; if they are larger, the kernel rounds up. */
#define PAGE_LEN 4096U

/* Array values are padded to this size, and the whole array is mapped. */
static size_t mapped_len(const struct skel_map *m)
{
	size_t value = (bpf_map__value_size(m->map) + 7UL) & ~7UL;

	return (value * bpf_map__max_entries(m->map) + PAGE_LEN - 1) & ~(size_t)(PAGE_LEN - 1);
}

static void put_struct(struct c_text *t, const struct skel *s, const struct loader *l)
{
	/* skel_internal.h uses errno without including its header. */
	ct_put(t, "#ifndef __KERNEL__\n"
		  "#include <errno.h>\n"
		  "#endif\n"
		  "#include <bpf/skel_internal.h>\n"
		  "\nstruct $ {\n"
		  "\tstruct bpf_loader_ctx ctx;\n");
	skel_put_maps(t, s, "struct bpf_map_desc ");
	skel_put_progs(t, s, "progs", "struct bpf_prog_desc ", "");
	skel_put_progs(t, s, "links", "int ", "_fd");
	skel_put_data(t, s);
	if (l->signature_len)
		ct_put(t, "\t__s32 keyring_id;\t/* 0: the kernel's built-in keys; or a keyring's "
			  "serial, KEY_SPEC_SESSION_KEYRING... */\n");
	ct_put(t, "};\n");
}

/* The kernel-internal functions return the error, user space sets errno. */
static void put_helpers(struct c_text *t)
{
	ct_put(t, "\n#ifdef __KERNEL__\n"
		  "#define $__error(ret) (ret)\n"
		  "#define $__set_errno(err) ((void)(err))\n"
		  "#else\n"
		  "#define $__error(ret) (-errno)\n"
		  "#define $__set_errno(err) (errno = -(err))\n"
		  "#endif\n");
}

enum attach_way {
	WAY_NOT_LOADED,		/* SEC("?...") */
	WAY_NONE,		/* it needs an explicit target, or more than one system call */
	WAY_NAME, WAY_BTF, WAY_ITER,
};

/* "raw_tp/sys_enter": sys_enter; NULL if the section name gives none. */
static const char *section_target(const struct bpf_program *prog)
{
	const char *slash = strchr(bpf_program__section_name(prog), '/');

	return slash && slash[1] ? slash + 1 : NULL;
}

static enum attach_way attach_way(const struct bpf_program *prog)
{
	enum bpf_attach_type where = bpf_program__expected_attach_type(prog);
	const struct prog_type *type = prog_type(bpf_program__type(prog));

	if (!bpf_program__autoload(prog))
		return WAY_NOT_LOADED;
	if (type->traits & PROG_RAW_TP)
		return section_target(prog) ? WAY_NAME : WAY_NONE;
	if (type->hook == HOOK_TRACING)
		return where == BPF_TRACE_ITER ? WAY_ITER : WAY_BTF;
	return type->hook == HOOK_LSM && where == BPF_LSM_MAC ? WAY_BTF : WAY_NONE;
}

static void put_attach_call(struct c_text *t, const struct bpf_program *prog, enum attach_way way)
{
	switch (way) {
	case WAY_NAME:
		ct_put(t, "\tfd = skel_raw_tracepoint_open(");
		ct_string(t, section_target(prog));
		ct_put(t, ", fd);\n");
		break;
	case WAY_BTF:
		ct_put(t, "\tfd = skel_raw_tracepoint_open(NULL, fd);\n");
		break;
	default:
		ct_put(t, "\tfd = skel_link_create(fd, 0, BPF_TRACE_ITER);\n");
	}
}

static void put_attach_prog(struct c_text *t, const struct skel_prog *p)
{
	enum attach_way way = attach_way(p->prog);
	const char *ident = p->name.ident;

	ct_put(t, "\nstatic inline int $__");
	ct_fmt(t, "%s__attach(", ident);
	ct_put(t, "struct $ *skel)\n{\n");
	if (way == WAY_NOT_LOADED || way == WAY_NONE) {
		ct_fmt(t, "\t/* %s */\n\t(void)skel;\n\treturn 0;\n}\n",
		       way == WAY_NONE ? "not supported: attach it by its progs.*.prog_fd" :
					 "the object excludes it from autoload");
		return;
	}
	ct_fmt(t, "\tint fd = skel->progs.%s.prog_fd;\n\n", ident);
	put_attach_call(t, p->prog, way);
	ct_put(t, "\tif (fd < 0)\n\t\treturn $__error(fd);\n");
	ct_fmt(t, "\tskel->links.%s_fd = fd;\n\treturn fd;\n}\n", ident);
}

static void put_attach(struct c_text *t, const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_progs; i++)
		put_attach_prog(t, &s->progs[i]);
	ct_put(t, "\nstatic inline int $__attach(struct $ *skel)\n"
		  "{\n"
		  "\tint ret = 0;\n\n");
	if (!s->n_progs)
		ct_put(t, "\t(void)skel;\n");
	for (i = 0; i < s->n_progs; i++) {
		ct_put(t, i ? "\tret = ret < 0 ? ret : $__" : "\tret = $__");
		ct_fmt(t, "%s__attach(skel);\n", s->progs[i].name.ident);
	}
	ct_put(t, "\treturn ret < 0 ? ret : 0;\n"
		  "}\n");
}

/* Slots are cleared: a descriptor must not be closed twice, its number may have been reused. */
static void put_close(struct c_text *t, const char *slot, const char *ident, const char *suffix)
{
	ct_fmt(t, "\tskel_closenz(skel->%s.%s%s);\n", slot, ident, suffix);
	ct_fmt(t, "\tskel->%s.%s%s = 0;\n", slot, ident, suffix);
}

static void put_end(struct c_text *t, const struct skel *s)
{
	size_t i;

	ct_put(t, "\nstatic inline void $__detach(struct $ *skel)\n"
		  "{\n");
	for (i = 0; i < s->n_progs; i++)
		put_close(t, "links", s->progs[i].name.ident, "_fd");
	if (!s->n_progs)
		ct_put(t, "\t(void)skel;\n");
	ct_put(t, "}\n"
		  "\nstatic void $__destroy(struct $ *skel)\n"
		  "{\n"
		  "\tif (!skel)\n"
		  "\t\treturn;\n"
		  "\t$__detach(skel);\n");
	for (i = 0; i < s->n_progs; i++)
		put_close(t, "progs", s->progs[i].name.ident, ".prog_fd");
	for (i = 0; i < s->n_maps; i++) {
		const struct skel_map *m = &s->maps[i];

		if (m->data.ident)
			ct_fmt(t,
			       "\tskel_free_map_data(skel->%s, skel->maps.%s.initial_value, "
			       "%zu);\n",
			       m->data.ident, m->name.ident, mapped_len(m));
		put_close(t, "maps", m->name.ident, ".map_fd");
	}
	ct_put(t, "\tskel_free(skel);\n"
		  "}\n");
}

static bool is_zero(const uint8_t *data, size_t len)
{
	return !len || (!data[0] && !memcmp(data, data + 1, len - 1));
}

/* A zeroed section takes no space in the header. */
static void put_initial(struct c_text *t, const struct skel_map *m)
{
	size_t len = 0;
	const void *data = bpf_map__initial_value(m->map, &len);

	if (!data || is_zero(data, len)) {
		ct_fmt(t,
		       "\t\tstatic const char data[%zu] __attribute__((__aligned__(8))) = { 0 };\n",
		       len ?: bpf_map__value_size(m->map));
		ct_put(t, "\t\tconst size_t len = sizeof(data);\n");
		return;
	}
	ct_put(t, "\t\tstatic const char data[] __attribute__((__aligned__(8))) = ");
	ct_literal(t, data, len);
	ct_put(t, ";\n\t\tconst size_t len = sizeof(data) - 1;\n");
}

static void put_open_map(struct c_text *t, const struct skel_map *m)
{
	const char *data = m->data.ident;

	ct_put(t, "\t{\n");
	put_initial(t, m);
	ct_fmt(t,
	       "\n\t\tskel->%s = (__typeof__(skel->%s))skel_prep_map_data((const void *)data, %zu, "
	       "len);\n",
	       data, data, mapped_len(m));
	ct_fmt(t, "\t\tif (!skel->%s) {\n", data);
	ct_put(t, "\t\t\t$__destroy(skel);\n"
		  "\t\t\t$__set_errno(-ENOMEM);\n"
		  "\t\t\treturn NULL;\n"
		  "\t\t}\n");
	ct_fmt(t, "\t\tskel->maps.%s.initial_value = (__u64)(long)skel->%s;\n\t}\n", m->name.ident,
	       data);
}

static void put_open(struct c_text *t, const struct skel *s)
{
	size_t i;

	ct_put(t, "\nstatic inline struct $ *$__open(void)\n"
		  "{\n"
		  "\tstruct $ *skel = (struct $ *)skel_alloc(sizeof(*skel));\n"
		  "\n"
		  "\tif (!skel)\n"
		  "\t\treturn NULL;\n"
		  "\tskel->ctx.sz = sizeof(skel->ctx)");
	ct_put(t, s->n_maps ? " + sizeof(skel->maps)" : "");
	ct_put(t, s->n_progs ? " + sizeof(skel->progs);\n" : ";\n");
	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].data.ident)
			put_open_map(t, &s->maps[i]);
	ct_put(t, "\treturn skel;\n"
		  "}\n");
}

/* The data passed to the loader is replaced by the map's own, at the same address. */
static void put_finalize(struct c_text *t, const struct skel_map *m)
{
	bool fixed = bpf_map__map_flags(m->map) & BPF_F_RDONLY_PROG;
	const char *data = m->data.ident, *ident = m->name.ident;

	ct_fmt(t,
	       "\tskel->%s = "
	       "(__typeof__(skel->%s))skel_finalize_map_data(&skel->maps.%s.initial_value,\n"
	       "\t\t\t%zu, %s, skel->maps.%s.map_fd);\n"
	       "\tif (!skel->%s)\n"
	       "\t\treturn -ENOMEM;\n",
	       data, data, ident, mapped_len(m), fixed ? "PROT_READ" : "PROT_READ | PROT_WRITE",
	       ident, data);
}

static void put_run(struct c_text *t)
{
	ct_put(t, "\tstruct bpf_load_and_run_opts opts = {};\n"
		  "\tint err;\n"
		  "\n"
		  "\topts.ctx = (struct bpf_loader_ctx *)skel;\n"
		  "\topts.data_sz = sizeof(data) - 1;\n"
		  "\topts.data = (const void *)data;\n"
		  "\topts.insns_sz = sizeof(insns) - 1;\n"
		  "\topts.insns = (const void *)insns;\n"
		  "\terr = bpf_load_and_run(&opts);\n");
}

static void put_load(struct c_text *t, const struct skel *s, const struct loader *l)
{
	size_t i;

	ct_put(t, "\nstatic inline int $__load(struct $ *skel)\n"
		  "{\n"
		  "\tstatic const char data[] __attribute__((__aligned__(8))) = ");
	ct_literal(t, l->data, l->data_len);
	ct_put(t, ";\n"
		  "\tstatic const char insns[] __attribute__((__aligned__(8))) = ");
	ct_literal(t, l->insns, l->insns_len);
	ct_put(t, ";\n");
	if (l->signature_len)
		light_put_signature(t, l);
	else
		put_run(t);
	ct_put(t, "\tif (err < 0)\n"
		  "\t\treturn err;\n");
	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].data.ident)
			put_finalize(t, &s->maps[i]);
	ct_put(t, "\treturn 0;\n"
		  "}\n");
}

static void put_open_and_load(struct c_text *t)
{
	ct_put(t, "\nstatic inline struct $ *$__open_and_load(void)\n"
		  "{\n"
		  "\tstruct $ *skel = $__open();\n"
		  "\tint err = skel ? $__load(skel) : 0;\n"
		  "\n"
		  "\tif (err) {\n"
		  "\t\t$__destroy(skel);\n"
		  "\t\t$__set_errno(err);\n"
		  "\t\treturn NULL;\n"
		  "\t}\n"
		  "\treturn skel;\n"
		  "}\n");
}

/* libbpf computes .kconfig for this machine, now, and it is stored in the loader. */
static void note_kconfig(struct ctx *ctx, const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].kconfig)
			notice(ctx, "variables in .kconfig keep this machine's values wherever the "
				    "skeleton runs");
}

static int check_maps(struct ctx *ctx, const struct skel *s)
{
	size_t i;

	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].data.ident && !bpf_map__is_internal(s->maps[i].map))
			return fail_msg(
				ctx->err, -EOPNOTSUPP,
				"light skeletons have no variables in an arena, as map '%s' has",
				s->maps[i].name.from);
	return 0;
}

/*
 * A loader numbers the programs that it loads without gaps for the others, so these go to the end.
 */
static int order_progs(struct ctx *ctx, struct skel *s)
{
	auto_free struct skel_prog *progs = calloc(s->n_progs + 1, sizeof(*progs));
	size_t i, n = 0;

	if (!progs)
		return fail(ctx->err, -ENOMEM, "order the object's programs");
	for (i = 0; i < s->n_progs; i++)
		if (bpf_program__autoload(s->progs[i].prog))
			progs[n++] = s->progs[i];
	for (i = 0; i < s->n_progs; i++)
		if (!bpf_program__autoload(s->progs[i].prog))
			progs[n++] = s->progs[i];
	memcpy(s->progs, progs, n * sizeof(*progs));
	return 0;
}

/* Everything that can fail comes first: after it text is written out. */
int gen_light_skeleton(struct ctx *ctx, struct skel *s, const char *path, struct c_text *t)
{
	auto_loader struct loader l = {};
	int err;

	err = check_maps(ctx, s);
	err = err ?: loader_make(ctx, s->obj, path, &l);
	err = err ?: order_progs(ctx, s);
	if (err)
		return err;
	note_kconfig(ctx, s);
	skel_put_head(t, "SKEL");
	put_struct(t, s, &l);
	put_helpers(t);
	if (l.signature_len)
		light_put_run_signed(t);
	put_attach(t, s);
	put_end(t, s);
	put_open(t, s);
	put_load(t, s, &l);
	put_open_and_load(t);
	skel_put_asserts(t, s);
	skel_put_foot(t, "SKEL");
	return 0;
}
