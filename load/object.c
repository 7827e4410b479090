// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Object files on their way into the kernel: read, converted and checked, opened and loaded through
 * libbpf, and errors in terms of the object. Its use is left to the command.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "cli/buf.h"
#include "cli/file.h"
#include "cli/file_settle.h"
#include "decode/elf/image.h"
#include "decode/elf/legacy.h"
#include "decode/elf/objfile_check.h"
#include "decode/elf/ops_link.h"
#include "decode/elf/plain_btf.h"
#include "decode/elf/swap.h"
#include "decode/code/verifier_log.h"
#include "json_writer.h"
#include "kern/abi.h"
#include "kern/cpus.h"
#include "kern/libbpf_log.h"
#include "kern/libbpf_opts.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"
#include "load/cause.h"
#include "load/libbpf_version.h"
#include "load/log_buffer.h"
#include "load/map_rules.h"
#include "load/object.h"
#include "load/patience.h"
#include "load/refusal.h"

static struct map_geometry geometry_of(const struct bpf_map *map)
{
	return (struct map_geometry){
		.type = bpf_map__type(map), .key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map), .max_entries = bpf_map__max_entries(map),
		.flags = bpf_map__map_flags(map),
	};
}

/* "hash, key 4, value 8, max_entries 16, flags 0x0" */
static void geometry_text(struct ctx *ctx, const struct map_geometry *g, char *ret, size_t size)
{
	const char *type = name_of(ctx, NAMES_MAP_TYPE, g->type);
	char number[16];

	snprintf(number, sizeof(number), "type %u", g->type);
	snprintf(ret, size, "%s, key %u, value %u, max_entries %u, flags 0x%x", type ?: number,
		 g->key_size, g->value_size, g->max_entries, g->flags);
}

/*
 * The kernel rounds the size of an LRU map without a common list up to a multiple of the possible
 * CPUs.
 */
static bool is_rounded(const struct map_geometry *want, const struct map_geometry *have)
{
	int n_cpus = cpus_possible();

	return n_cpus > 0 && (want->flags & BPF_F_NO_COMMON_LRU) &&
	       have->max_entries == (want->max_entries + n_cpus - 1) / n_cpus * n_cpus;
}

static bool fits_size(const struct map_geometry *want, const struct map_geometry *have)
{
	/*
	 * libbpf sets the size of perf event arrays by CPUs and of ring buffers by pages when it
	 * creates them.
	 */
	return want->max_entries == have->max_entries || !want->max_entries ||
	       (want->type == BPF_MAP_TYPE_RINGBUF && have->max_entries >= want->max_entries) ||
	       is_rounded(want, have);
}

/* Flags that the kernel itself sets or clears: those of the descriptor are not the map's. */
static uint32_t kernel_flags(uint32_t type)
{
	uint32_t flags = BPF_F_RDONLY | BPF_F_WRONLY | ABI_F_TOKEN_FD;

	if (type == BPF_MAP_TYPE_DEVMAP || type == BPF_MAP_TYPE_DEVMAP_HASH)
		flags |= BPF_F_RDONLY_PROG;
	return flags;
}

static bool fits(const struct map_geometry *want, const struct map_geometry *have)
{
	uint32_t ignored = kernel_flags(have->type);

	return want->type == have->type && want->key_size == have->key_size &&
	       want->value_size == have->value_size && fits_size(want, have) &&
	       (want->flags & ~ignored) == (have->flags & ~ignored);
}

int object_check_reuse(struct ctx *ctx, const struct bpf_map *map, int fd)
{
	struct map_geometry want = geometry_of(map), have;
	struct bpf_map_info info = {};
	char wanted[128], found[128];
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return fail(ctx->err, err, "read the map to be reused for '%s'",
			    bpf_map__name(map));
	have = (struct map_geometry){ info.type, info.key_size, info.value_size, info.max_entries,
				      info.map_flags };
	if (fits(&want, &have))
		return 0;
	geometry_text(ctx, &want, wanted, sizeof(wanted));
	geometry_text(ctx, &have, found, sizeof(found));
	return fail_msg(ctx->err, -EINVAL,
			"cannot reuse map %u for '%s': the object needs %s; the map has %s",
			info.id, bpf_map__name(map), wanted, found);
}

const struct file_kind object_file_kind = { .max = 512UL << 20, .starts = elf_is_elf };

struct object_file {
	void *data;
	size_t len;
	bool loads;			/* into this kernel: only its byte order */
	bool has_ops_link; /* its struct_ops maps have links, see ops_link.h */
	/* The data before that change: for a libbpf that supports it. Owned; NULL if unchanged. */
	void *before;
	size_t before_len;
};

static void object_file_free(struct object_file *f)
{
	free(f->data);
	free(f->before);
}

#define auto_object_file __attribute__((cleanup(object_file_free)))

static void object_file_set(struct object_file *f, void *data, size_t len)
{
	free(f->data);
	f->data = data;
	f->len = len;
}

/* name: as given by the user, if path is that of a copy. */
static int read_object(struct ctx *ctx, const char *path, const char *name, struct object_file *ret)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf b = {};
	int err;

	if (fd < 0)
		return fail(ctx->err, -errno, "open object file '%s'", name);
	err = file_read_kind_fd(fd, &object_file_kind, &b);
	ret->data = b.data;
	ret->len = b.len;
	if (err)
		return fail(ctx->err, err, "read '%s'", name);
	if (elf_is_elf(ret->data, ret->len))
		return 0;
	fail_msg(ctx->err, -EINVAL,
		 "'%s' is not an object file (no ELF magic in its first 4 bytes)", name);
	err_hint(ctx->err, "make one with 'clang -O2 -g -target bpf -c FILE.c -o FILE.o'");
	return -EINVAL;
}

static void report_conversion(struct ctx *ctx, const char *path, const struct legacy *l)
{
	notice(ctx, "%s: converted %u legacy map definition%s (SEC(\"maps\"))", path, l->n_maps,
	       plural(l->n_maps, "", "s"));
	if (l->n_pinned)
		notice(ctx,
		       "%s: %u of them request pinning by iproute2, which is ignored; see "
		       "'pinmaps'",
		       path, l->n_pinned);
	if (l->n_unfilled)
		notice(ctx,
		       "%s: inner maps are not inserted into their outer maps as iproute2 does",
		       path);
}

/* libbpf 1.2 added struct_ops maps with links. */
static int convert_ops(struct err *e, struct object_file *f)
{
	size_t len = 0;
	void *data = NULL;
	int err = LIBBPF_SINCE(1, 2) ? 1 : ops_link_rename(e, f->data, f->len, &data, &len);

	if (!err) {
		f->before = take_ptr(f->data);
		f->before_len = f->len;
		object_file_set(f, data, len);
		f->has_ops_link = true;
	}
	return err < 0 ? err : 0;
}

/* libbpf 1.8 reads BTF of any layout, and rewrites it for kernels that do not. */
static int convert_btf(struct err *e, struct object_file *f, uint32_t *ret_simpler)
{
	struct plain_btf plain = {};
	int err = LIBBPF_SINCE(1, 8) ? 1 : plain_btf_convert(e, f->data, f->len, &plain);

	if (!err)
		object_file_set(f, plain.elf, plain.len);
	*ret_simpler = plain.n_simpler;
	return err < 0 ? err : 0;
}

/* As elf_swap(); what libbpf cannot use is left as it is. */
static int turn(struct err *e, const struct object_file *f, void **ret)
{
	return LIBBPF_LINKS_EITHER_ORDER ? elf_swap(e, f->data, f->len, ret) : 1;
}

/* Legacy map definitions are converted for this machine only. */
static int check_modern(struct err *e, const void *elf, size_t len)
{
	struct legacy l;
	int err = legacy_convert(e, elf, len, &l);

	if (err)
		return err < 0 ? err : objfile_check(e, elf, len);
	free(l.elf);
	return fail_msg(e, -EOPNOTSUPP,
			"it has legacy map definitions (SEC(\"maps\")) in the other byte order");
}

static int convert_native(struct ctx *ctx, struct err *why, const char *path, struct object_file *f)
{
	struct legacy l;
	uint32_t n_simpler;	/* of no interest to the kernel */
	int err = convert_btf(why, f, &n_simpler), legacy;

	if (err)
		return err;
	legacy = legacy_convert(why, f->data, f->len, &l);
	if (!legacy) {
		report_conversion(ctx, path, &l);
		object_file_set(f, l.elf, l.len);
	}
	if (legacy < 0)
		return legacy;
	err = objfile_check(why, f->data, f->len);
	return err ?: convert_ops(why, f);
}

/*
 * After this, f contains an object that is safe for libbpf. What is not loaded may have the other
 * byte order.
 */
static int convert(struct ctx *ctx, const char *path, struct object_file *f)
{
	auto_free void *turned = NULL;
	struct err why = {};
	int err = f->loads ? 1 : turn(&why, f, &turned);

	if (err > 0)
		err = convert_native(ctx, &why, path, f);
	else if (!err)
		err = check_modern(&why, turned, f->len);
	if (err)
		fail_msg(ctx->err, err, "read object file '%s': %s", path, why.text);
	err_clear(&why);
	return err;
}

int object_read(struct ctx *ctx, const char *path, void **ret, size_t *ret_len)
{
	struct object_file f = {};
	int err = read_object(ctx, path, path, &f);

	if (err)
		object_file_free(&f);
	else
		*ret = f.data;
	*ret_len = f.len;
	return err;
}

/* libbpf opens the file itself. */
static int settle_changed(struct ctx *ctx, const char *name, const struct object_file *f,
			  struct settled_file *file)
{
	auto_close int old_fd UNUSED = file->fd;

	return file_settle_bytes(ctx->err, name, f->data, f->len, file);
}

/* libbpf has its own error codes for invalid files. */
int objfile_check_input(struct ctx *ctx, struct settled_file *file, const char *name, bool joins)
{
	auto_object_file struct object_file f = {};
	int err = read_object(ctx, file->path, name, &f);
	auto_free void *turned = NULL;
	struct err why = {};
	const void *before = f.data;
	uint32_t n_simpler = 0;

	if (err)
		return err;
	err = turn(&why, &f, &turned);
	if (err > 0)
		err = convert_btf(&why, &f, &n_simpler);
	if (!err)
		err = (joins ? objfile_check_linkable : objfile_check)(&why, turned ?: f.data,
								       f.len);
	if (err)
		fail_msg(ctx->err, err, "read object file '%s': %s", name, why.text);
	else if (f.data != before)
		err = settle_changed(ctx, name, &f, file);
	if (!err && n_simpler)
		notice(ctx, "%s: %u BTF type%s simplified, as libbpf %u.%u cannot read %s", name,
		       n_simpler, plural(n_simpler, " is", "s are"), libbpf_major_version(),
		       libbpf_minor_version(), plural(n_simpler, "it", "them"));
	err_clear(&why);
	return err;
}

static int fail_open(struct ctx *ctx, const char *path, int err)
{
	struct load_failure f;
	char text[512];

	snprintf(text, sizeof(text), "open object file '%s'", path);
	if (cause_report(ctx, &(struct cause_case){ .text = text, .err = err }))
		return err;
	load_failure_read(ctx->err, &f);
	if (err <= -__LIBBPF_ERRNO__START) {
		libbpf_strerror(err, text, sizeof(text));
		fail_msg(ctx->err, -EINVAL, "open object file '%s': %s", path, text);
		err = -EINVAL;
	} else {
		fail(ctx->err, err, "open object file '%s'", path);
	}
	if (f.reason[0])
		err_hint(ctx->err, "libbpf: %s", f.reason);
	return err;
}

/*
 * Names of internal maps start with the object's: the file's, up to the first dot. Contents of a
 * pipe have none.
 */
static void object_name(const char *path, char *ret, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	if (!file_is_named(path))
		base = "object";
	snprintf(ret, size, "%.*s", (int)strcspn(base, "."), base);
}

/* As libbpf would have done. */
static void set_ops_link(struct bpf_object *obj)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			bpf_map__set_map_flags(map, bpf_map__map_flags(map) | ABI_F_LINK);
}

/* Sections newer than libbpf: it would have set type and flags. */
static void set_newer_types(struct bpf_object *obj)
{
	struct bpf_program *prog;
	uint32_t type, attach;

	bpf_object__for_each_program(prog, obj) {
		const char *section = bpf_program__section_name(prog);
		size_t len = strcspn(section, "/");

		if (bpf_program__type(prog) != BPF_PROG_TYPE_UNSPEC ||
		    section_types(section, &type, &attach))
			continue;
		bpf_program__set_type(prog, type);
		bpf_program__set_expected_attach_type(prog, attach == UINT32_MAX ? 0 : attach);
		if (len > 2 && !strncmp(section + len - 2, ".s", 2))
			bpf_program__set_flags(prog, bpf_program__flags(prog) | BPF_F_SLEEPABLE);
	}
}

/* f is filled in both cases, and freed by the caller. */
static int open_file(struct ctx *ctx, const char *path, struct bpf_object_open_opts *opts,
		     struct object_file *f, struct bpf_object **ret)
{
	struct bpf_object *obj;
	int err;

	err = read_object(ctx, path, path, f);
	err = err ?: convert(ctx, path, f);
	if (err)
		return err;
	opts->relaxed_maps = ctx->opts->mapcompat;
	obj = bpf_object__open_mem(f->data, f->len, opts);
	err = libbpf_get_error(obj);
	if (err)
		return fail_open(ctx, path, err);
	if (f->has_ops_link)
		set_ops_link(obj);
	set_newer_types(obj);
	*ret = obj;
	return 0;
}

int object_open(struct ctx *ctx, const char *path, const char *kernel_btf, struct bpf_object **ret)
{
	auto_object_file struct object_file f = { .loads = true };
	char name[64];
	LIB_OPTS(bpf_object_open_opts, opts, .object_name = name, .btf_custom_path = kernel_btf,
		    .kernel_log_level = libbpf_log_level(ctx));

	object_name(path, name, sizeof(name));
	return open_file(ctx, path, &opts, &f, ret);
}

int object_open_image(struct ctx *ctx, const char *path, const char *name, struct bpf_object **ret,
		      struct object_image *image)
{
	auto_object_file struct object_file f = {};
	LIB_OPTS(bpf_object_open_opts, opts, .object_name = name);
	int err = open_file(ctx, path, &opts, &f, ret);

	if (err)
		return err;
	if (f.before)
		*image = (struct object_image){ take_ptr(f.before), f.before_len };
	else
		*image = (struct object_image){ take_ptr(f.data), f.len };
	return 0;
}

static const struct prog_type *type_of(const struct bpf_program *prog)
{
	return prog_type(prog ? bpf_program__type(prog) : BPF_PROG_TYPE_UNSPEC);
}

static void hint_reason(struct ctx *ctx, const struct load_failure *f)
{
	const char *advice = f->from_verifier ? verifier_advice(f->reason) : NULL;

	if (!f->reason[0])
		return;
	err_hint(ctx->err, "%s: %s%s%s%s", f->from_verifier ? "the verifier says" : "libbpf says",
		 f->reason, advice ? " (" : "", advice ?: "", advice ? ")" : "");
}

struct load_attempt {
	struct bpf_object *obj;
	const struct log_buffer *log;
	int err;
};

/* Sizes and flags are the most common reasons why a map cannot be created. */
static void fail_map(struct ctx *ctx, const struct bpf_object *obj, const char *name, int err)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	char text[128] = "?", why[MAP_RULE_MAX] = "";

	if (map) {
		struct map_geometry g = geometry_of(map);

		geometry_text(ctx, &g, text, sizeof(text));
		map_rule_broken(&g, err, why);
	}
	if (why[0] && !ctx_is_bpftool(ctx))
		fail_msg(ctx->err, err, "create map '%s' (%s): %s", name, text, why);
	else
		fail(ctx->err, err, "create map '%s' (%s)", name, text);
}

/* what->text: the path of the object. */
static bool report_cause(struct ctx *ctx, const struct load_failure *f,
			 const struct cause_case *what)
{
	struct cause_case named = *what;
	char text[512];

	if (f->prog[0])
		snprintf(text, sizeof(text), "load program '%s' of '%s'", f->prog, what->text);
	else
		snprintf(text, sizeof(text), "load '%s'", what->text);
	named.text = text;
	return cause_report(ctx, &named);
}

/* The program that the kernel did not take; NULL if libbpf did not get that far. */
static const struct bpf_program *refused_prog(const struct err *e, const struct bpf_object *obj)
{
	static const char line[] = "libbpf: prog '%s': BPF program load failed";
	char name[128] = "";
	struct match m;
	size_t i;

	for (i = 0; i < e->n_log; i++)
		if (text_match(line, span_of(e->log[i]), &m))
			snprintf(name, sizeof(name), SPAN_FMT, SPAN_ARG(m.text[0]));
	return name[0] ? bpf_object__find_program_by_name(obj, name) : NULL;
}

/* The places in the source, if the verifier refused a program. */
static bool explain(struct ctx *ctx, const struct object_load *what,
		    const struct load_attempt *try)
{
	struct refused refused = {
		.path = what->path, .err = try->err,
		.prog = refused_prog(ctx->err, try->obj),
		.log_file = what->log.file,
	};
	struct buf printed = {};
	bool known;

	if (ctx_is_bpftool(ctx))
		return false;
	refused.log = try->log->obj ? log_buffer_text(try->log, refused.prog)
				    : log_of_error(ctx->err, &printed);
	known = refused.prog && refused.log.len && refusal_report(ctx, &refused);
	buf_free(&printed);
	if (known && try->log->obj)
		log_buffer_keep(try->log, ctx->err, refused.prog);
	return known;
}

/* Which program or map failed, why, and what is missing, from libbpf's messages. */
static int fail_load(struct ctx *ctx, const struct object_load *what,
		     const struct load_attempt *try)
{
	struct bpf_object *obj = try->obj;
	const struct bpf_program *prog;
	struct load_failure f;
	int err = try->err;

	load_failure_read(ctx->err, &f);
	if (explain(ctx, what, try))
		return err;
	prog = f.prog[0] ? bpf_object__find_program_by_name(obj, f.prog)
			 : bpf_object__next_program(obj, NULL);
	if (report_cause(ctx, &f, &(struct cause_case){ what->path, prog, err }))
		return err;
	if (f.prog[0])
		fail(ctx->err, err, "load program '%s' of '%s'", f.prog, what->path);
	else if (f.map[0])
		fail_map(ctx, obj, f.map, err);
	else
		fail(ctx->err, err, "load '%s'", what->path);
	if (!f.from_verifier)
		err_hint_denied(ctx->err, type_of(prog)->caps);
	if (what->dev && (err == -EINVAL || err == -EOPNOTSUPP))
		err_hint(ctx->err, "the driver of '%s' must support offload",
			 what->dev);
	if (f.from_verifier || !f.map[0])
		hint_reason(ctx, &f);
	/* With -d it was already written to stderr. */
	if (ctx->opts->debug && !out_is_json(ctx->out))
		err_log_clear(ctx->err);
	return err;
}

/*
 * If the pinned map has the definition that the object requires, reuse it. libbpf would also
 * compare flags that the kernel itself has added, so the comparison is made here, and libbpf does
 * not get the path.
 */
static int reuse_pinned(struct ctx *ctx, struct bpf_map *map, const char *path)
{
	auto_close int fd = bpf_obj_get(path);
	const struct obj_kind *found = NULL;
	int err;

	if (fd < 0)
		return fail(ctx->err, fd, "open pinned map '%s'", path);
	err = obj_kind_of(fd, &found);
	if (err)
		return fail(ctx->err, err, "find out what is pinned at '%s'", path);
	if (found != &obj_map)
		return fail_msg(ctx->err, -EINVAL, "cannot reuse '%s' for '%s': it is not a map",
				path, bpf_map__name(map));
	err = object_check_reuse(ctx, map, fd);
	if (err) {
		err_hint(ctx->err, "it is pinned at '%s', where the object pins its own", path);
		return err;
	}
	err = bpf_map__reuse_fd(map, fd);
	err = err ?: bpf_map__set_pin_path(map, NULL);
	return err ? fail(ctx->err, err, "reuse map '%s'", path) : 0;
}

static int settle_pin(struct ctx *ctx, struct bpf_map *map, struct undo *u)
{
	const char *path = bpf_map__pin_path(map);
	struct stat st;

	if (!path)
		return 0;
	if (lstat(path, &st) == 0)
		return reuse_pinned(ctx, map, path);
	return errno == ENOENT ? undo_expect(ctx, u, path)
			       : fail(ctx->err, -errno, "pin to '%s'", path);
}

/* Programs that need the kernel's types: libbpf reads these for them. */
static bool has_kernel_typed(struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
		if (bpf_program__autoload(prog) && (type_of(prog)->traits & PROG_KERNEL_TYPED))
			return true;
	return false;
}

/*
 * Before 1.4 libbpf reads the kernel's types for programs only, and crashes if a struct_ops map
 * needs them.
 */
static int check_ops(struct ctx *ctx, struct bpf_object *obj)
{
	const struct bpf_map *map;

	if (LIBBPF_SINCE(1, 4) || has_kernel_typed(obj))
		return 0;
	bpf_object__for_each_map(map, obj) if (
		bpf_map__type(map) ==
		BPF_MAP_TYPE_STRUCT_OPS) return fail_msg(ctx->err, -EINVAL,
							 "struct_ops map '%s': no program is of "
							 "type struct_ops, "
							 "and libbpf %u.%u cannot load such a map",
							 bpf_map__name(map), libbpf_major_version(),
							 libbpf_minor_version());
	return 0;
}

/*
 * bpftool ignores both: but an object that is to be signed is never loaded unsigned, whatever our
 * name.
 */
int object_check_loader(struct ctx *ctx)
{
	if (ctx->opts->sign)
		return fail_usage(ctx->err, "-S is for 'prog load' and 'gen skeleton' only");
	if (ctx->opts->use_loader && !ctx_is_bpftool(ctx))
		return fail_usage(ctx->err, "-L is for 'prog load' and 'gen skeleton' only");
	return 0;
}

static int load_now(struct ctx *ctx, const struct object_load *what, struct bpf_object *obj)
{
	auto_log_buffer struct log_buffer log = {};
	struct load_attempt try = { .obj = obj, .log = &log };
	struct patience patience;
	int err;

	if ((!ctx_is_bpftool(ctx) && !ctx->opts->debug) || what->log.file || what->log.level)
		log_buffer_give(&log, obj, &what->log);
	patience_begin(ctx, what->path, &patience);
	try.err = bpf_object__load(obj);
	patience_end(&patience);
	if (!try.err)
		return log_buffer_write(ctx, &log, &what->log);
	if (try.err <= -__LIBBPF_ERRNO__START)	/* its own "verifier complains" and similar */
		try.err = -EINVAL;
	if (try.err == -ENOSPC && what->log.level)
		err_hint(ctx->err, "the log is longer than 16 MB: 'log_level 4' gives a short one");
	err = fail_load(ctx, what, &try);
	log_buffer_write(ctx, &log, &what->log);	/* the first error is kept */
	return err;
}

/*
 * libbpf pins the maps that the object wants pinned by name while loading, and unpins them if that
 * fails. Those it will pin are recorded before: after a later failure we have to remove them.
 */
int object_load(struct ctx *ctx, const struct object_load *what, struct bpf_object *obj,
		struct undo *u)
{
	size_t n_before = u->n;
	struct bpf_map *map;
	int err = object_check_loader(ctx);

	err = err ?: check_ops(ctx, obj);
	bpf_object__for_each_map(map, obj)
		err = err ?: settle_pin(ctx, map, u);
	if (u->n > n_before)
		undo_hold(u);
	err = err ?: load_now(ctx, what, obj);
	if (err)
		undo_drop(u, n_before);
	return err;
}

/*
 * The link is released, but not destroyed: destroying one on a perf event disables the event even
 * though a pin holds it. (The event's own descriptor, if there is one, stays open until we exit.)
 */
int object_pin_link(struct ctx *ctx, struct undo *u, struct bpf_link *link, const char *path)
{
	int fd = bpf_link__fd(link);
	int err = undo_pin(ctx, u, fd, path);

	if (err) {
		bpf_link__destroy(link);
		return err;
	}
	bpf_link__disconnect(link);
	bpf_link__destroy(link);
	close(fd);
	return 0;
}

int object_fail_attach(struct ctx *ctx, const struct bpf_program *prog, int err)
{
	struct load_failure f;
	char text[512];

	load_failure_read(ctx->err, &f);
	snprintf(text, sizeof(text), "attach program '%s' (section '%s')", bpf_program__name(prog),
		 bpf_program__section_name(prog));
	if (cause_report(ctx, &(struct cause_case){ text, prog, err }))
		return err;
	fail(ctx->err, err, "%s", text);
	err_hint_denied(ctx->err, type_of(prog)->caps);
	if ((type_of(prog)->traits & PROG_TRACEFS) &&
	    access("/sys/kernel/tracing/events", F_OK) &&
	    access("/sys/kernel/debug/tracing/events", F_OK))
		err_hint(ctx->err,
			 "tracefs is not mounted: 'mount -t tracefs tracefs /sys/kernel/tracing'");
	hint_reason(ctx, &f);
	return err;
}
