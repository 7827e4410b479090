// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Reads BTF. Split BTF gets its base automatically if it is known: that of modules is the kernel's
 * own BTF. -B names another base; if it cannot be the base it is rejected. BTF is never used as its
 * own base.
 */
#include "load/btf_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli/buf.h"
#include "cli/file.h"
#include "decode/btf/merge.h"
#include "decode/elf/image.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"

#define SYSFS_BTF "/sys/kernel/btf/"
#define SYSFS_TYPE 0x62656572
#define FILE_MAX (1u << 30)	/* bytes */

static void blob_close(struct btf_blob *b)
{
	if (b->mapped)
		munmap(b->mapped, b->len);
	free(b->copy);
	*b = (struct btf_blob){};
}

void btf_source_close(struct btf_source *src)
{
	btf_image_close(&src->img);
	btf_image_close(&src->base_img);
	blob_close(&src->own);
	blob_close(&src->base);
}

/*
 * The kernel's own BTF can be mapped since 6.16, which saves a copy page by page. Other files are
 * read: they could be truncated while they are mapped.
 */
static bool map_sysfs(int fd, const struct stat *st, struct btf_blob *b)
{
	struct statfs fs;
	void *p = MAP_FAILED;

	if (S_ISREG(st->st_mode) && st->st_size && !fstatfs(fd, &fs) && fs.f_type == SYSFS_TYPE)
		p = mmap(NULL, st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return false;
	*b = (struct btf_blob){ .data = p, .mapped = p, .len = st->st_size };
	return true;
}

static bool starts_btf(const void *data, size_t len, uint16_t want)
{
	uint16_t magic;

	if (len < sizeof(magic))
		return false;
	memcpy(&magic, data, sizeof(magic));
	return magic == want;
}

static bool starts_types(const void *data, size_t len)
{
	return elf_is_elf(data, len) || starts_btf(data, len, BTF_MAGIC) ||
	       starts_btf(data, len, __builtin_bswap16(BTF_MAGIC));
}

/* Reads to the end, whatever the reported size: a pipe has none. */
static int read_blob(int fd, struct btf_blob *b)
{
	static const struct file_kind kind = { .max = FILE_MAX, .starts = starts_types };
	struct buf text = {};
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (map_sysfs(fd, &st, b))
		return 0;
	if (S_ISREG(st.st_mode) && st.st_size < FILE_MAX)
		buf_room(&text, st.st_size + 1);
	err = text.err ?: file_read_kind_fd(fd, &kind, &text);
	*b = (struct btf_blob){ .data = text.data, .copy = text.data, .len = text.len };
	return err;
}

/* A copy of a section. -ENOENT: missing or empty. */
static int copy_section(Elf *elf, size_t names, const char *want, struct btf_blob *ret)
{
	Elf_Data *data = NULL;
	Elf_Scn *scn = NULL;
	void *copy;

	while (!data && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, names,
								       sh.sh_name) : NULL;

		if (name && streq(name, want))
			data = elf_rawdata(scn, NULL);
	}
	if (!data || !data->d_buf)
		return -ENOENT;
	copy = malloc(data->d_size + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, data->d_buf, data->d_size);
	*ret = (struct btf_blob){ .data = copy, .copy = copy, .len = data->d_size };
	return 0;
}

/*
 * Replaces the ELF image in b by a copy of its .BTF section. -ENOENT: it has none. Modules may
 * contain the part of their base that they need: .BTF.base, in *ret_base.
 */
static int take_sections(struct btf_blob *b, struct btf_blob *ret_base)
{
	Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_memory(b->copy, b->len);
	struct btf_blob own = {};
	size_t names;
	int err = elf && !elf_getshdrstrndx(elf, &names) ? 0 : -EINVAL;

	if (!err)
		err = copy_section(elf, names, ".BTF", &own);
	if (!err)
		err = copy_section(elf, names, ".BTF.base", ret_base) == -ENOMEM ? -ENOMEM : 0;
	elf_end(elf);
	if (err) {
		free(own.copy);
		return err;
	}
	free(b->copy);
	*b = own;
	return 0;
}

static void make_native(struct btf_blob *b)
{
	if (b->copy && btf_image_is_foreign(b->data, b->len))	/* the kernel's own is never */
		btf_image_turn(b->copy, b->len);
}

static bool is_bpf(const struct btf_blob *elf)
{
	Elf64_Half machine;

	if (elf->len < sizeof(Elf64_Ehdr))
		return false;
	memcpy(&machine, (const char *)elf->data + offsetof(Elf64_Ehdr, e_machine),
	       sizeof(machine));
	return machine == EM_BPF || machine == __builtin_bswap16(EM_BPF);
}

static bool is_btf(const struct btf_blob *b)
{
	return starts_btf(b->data, b->len, BTF_MAGIC);
}

static int fail_no_types(struct ctx *ctx, const char *path, const struct btf_blob *elf)
{
	fail_msg(ctx->err, -ENOENT, "'%s' has no .BTF section", path);
	if (is_bpf(elf))
		err_hint(ctx->err,
			 "compile it with -g: 'clang -O2 -g -target bpf -c FILE.c -o FILE.o'");
	else
		err_hint(ctx->err, "kernels and modules have one when they were built with "
				   "CONFIG_DEBUG_INFO_BTF");
	return -ENOENT;
}

/* ret_base: the base contained in the file itself, usually empty. */
static int open_blobs(struct ctx *ctx, const char *path, struct btf_blob *ret,
		      struct btf_blob *ret_base)
{
	bool is_stdin = streq(path, "-");
	auto_close int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				     : open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : read_blob(fd, ret);

	if (err)
		return fail(ctx->err, err, "read '%s'", is_stdin ? "stdin" : path);
	if (elf_is_elf(ret->data, ret->len)) {
		err = take_sections(ret, ret_base);
		if (err == -ENOENT)
			return fail_no_types(ctx, path, ret);
		if (err)
			return fail(ctx->err, err, "read the sections of '%s'", path);
	}
	make_native(ret);
	make_native(ret_base);
	if (!is_btf(ret))
		return fail_msg(ctx->err, -EINVAL, "'%s' is neither BTF nor an object file",
				is_stdin ? "stdin" : path);
	return 0;
}

/* For split BTF whose base must not be one of the merged files. */
static int open_blob(struct ctx *ctx, const char *path, struct btf_blob *ret)
{
	struct btf_blob base = {};
	int err = open_blobs(ctx, path, ret, &base);

	if (!err && base.data)
		err = fail_msg(ctx->err, -EOPNOTSUPP,
			       "'%s' has its own base (.BTF.base) and cannot use another",
			       path);
	blob_close(&base);
	return err;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The base for BTF other than the kernel's own. is_module: it is known to be split. */
static int open_base(struct ctx *ctx, bool is_module, struct btf_source *src)
{
	const char *base = ctx->opts->base_btf;

	if (!base && is_module)
		base = SYSFS_BTF "vmlinux";
	src->base_path = base;
	return base ? open_blob(ctx, base, &src->base) : 0;
}

/* -B was given for BTF that needs no base. what: "'x.o' is not split BTF". */
static int fail_base(struct ctx *ctx, const char *what)
{
	fail_msg(ctx->err, -EINVAL, "%s: '%s' cannot be its base", what, ctx->opts->base_btf);
	err_hint(ctx->err, "leave out -B (--base-btf)");
	return -EINVAL;
}

static int fail_file_base(struct ctx *ctx, const char *path, const char *what)
{
	auto_free char *text = NULL;

	if (asprintf(&text, "'%s' %s", path, what) < 0) {
		text = NULL;
		return fail(ctx->err, -ENOMEM, "read '%s'", path);
	}
	return fail_base(ctx, text);
}

/*
 * BTF that is not split gets no base: with one its ids would be wrong (compat.md W42). -B is
 * accepted only if the BTF is the one that -B names, or the kernel's own.
 */
static int source_file(struct ctx *ctx, const char *path, struct btf_source *ret)
{
	const char *base = ctx->opts->base_btf;
	int err = open_blobs(ctx, path, &ret->own, &ret->base);

	ret->path = ret->base_path = path;
	if (!err && ret->base.data)
		return base ? fail_file_base(ctx, path, "has its own base (.BTF.base)") : 0;
	if (err || !btf_image_is_whole(ret->own.data, ret->own.len))
		return err ? err : open_base(ctx, has_prefix(path, SYSFS_BTF), ret);
	return base && !same_file(path, base) ? fail_file_base(ctx, path, "is not split BTF") : 0;
}

/*
 * The kernel's own BTF is not split; the base of others is that of -B, or the kernel's for modules.
 */
static int open_kernel_base(struct ctx *ctx, const struct bpf_btf_info *info, const char *name,
			    struct btf_source *ret)
{
	bool is_vmlinux = info->kernel_btf && streq(name, "vmlinux");
	const char *base = ctx->opts->base_btf;
	char what[64];

	if (is_vmlinux && (!base || same_file(base, SYSFS_BTF "vmlinux")))
		return 0;
	if (!is_vmlinux && !btf_image_is_whole(ret->own.data, ret->own.len))
		return open_base(ctx, info->kernel_btf, ret);
	if (!base)
		return 0;
	snprintf(what, sizeof(what), "BTF %u is not split BTF", info->id);
	return fail_base(ctx, what);
}

int btf_source_kernel(struct ctx *ctx, struct btf_source *ret)
{
	const char *base = ctx->opts->base_btf;

	if (base && !same_file(base, SYSFS_BTF "vmlinux"))
		return fail_base(ctx, "the kernel's BTF is not split BTF");
	return open_blob(ctx, SYSFS_BTF "vmlinux", &ret->own);
}

int btf_source_id(struct ctx *ctx, uint32_t id, struct btf_source *ret)
{
	const struct ref ref = { .how = REF_ID, .id = id, .text = "" };
	struct bpf_btf_info info = {};
	char name[NAME_MAX + 1] = "";
	auto_close int fd = -1;
	int err = obj_open(ctx, &obj_btf, &ref, 0, &fd);

	if (err)
		return err;
	err = types_read(fd, &info, name, &ret->own.copy);
	if (err)
		return fail(ctx->err, err, "read BTF %u", id);
	ret->own.data = ret->own.copy;
	ret->own.len = info.btf_size;
	return open_kernel_base(ctx, &info, name, ret);
}

/* --- several files --- */

/* What is wrong with bytes is said of the file that they are from. */
static int name_error(struct ctx *ctx, int err, const char *path, struct err *why)
{
	return err ? fail_in(ctx->err, err, path, why) : 0;
}

int btf_source_check(struct ctx *ctx, const struct btf_source *src)
{
	struct err why = {};
	int err = src->img.base ? btf_image_check(&why, src->img.base) : 0;

	err = name_error(ctx, err, src->base_path, &why);
	if (err)
		return err;
	return name_error(ctx, btf_image_check(&why, &src->img), src->path, &why);
}

static int view_base(struct ctx *ctx, struct btf_source *src)
{
	struct err why = {};
	int err;

	if (!src->base.data || src->base_img.n_types)
		return 0;
	err = btf_image_open(&why, src->base.data, src->base.len, &src->base_img);
	return name_error(ctx, err, src->base_path, &why);
}

int btf_source_view(struct ctx *ctx, struct btf_source *src)
{
	struct err why = {};
	int err = view_base(ctx, src);

	if (err)
		return err;
	err = btf_image_open_split(&why, src->own.data, src->own.len,
				   src->base.data ? &src->base_img : NULL, &src->img);
	return name_error(ctx, err, src->path, &why);
}

/* Open files that are to be merged. */
struct pile {
	struct btf_blob *blobs;		/* owned */
	struct btf_image *imgs;		/* owned */
	size_t n;
};

static void pile_close(struct pile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		btf_image_close(&p->imgs[i]);
		blob_close(&p->blobs[i]);
	}
	free(p->blobs);
	free(p->imgs);
}

/* The error says which of the files is meant. */
static int view_piece(struct ctx *ctx, const char *path, const struct btf_blob *b,
		      const struct btf_image *base, struct btf_image *ret)
{
	struct err why = {};
	int err = btf_image_open_split(&why, b->data, b->len, base, ret);

	err = err ?: btf_image_check(&why, ret);
	return err ? fail_in(ctx->err, err, path, &why) : 0;
}

static int open_piece(struct ctx *ctx, const char *path, const struct btf_source *src,
		      struct pile *p)
{
	struct btf_blob *b = &p->blobs[p->n];
	struct btf_image *img = &p->imgs[p->n++];
	int err = open_blob(ctx, path, b);
	bool is_whole = !err && btf_image_is_whole(b->data, b->len);

	if (!err && !is_whole && !src->base.data) {
		fail_msg(ctx->err, -EINVAL,
			 "'%s' is split BTF without a base, or not BTF", path);
		err_hint(ctx->err, "use -B FILE");
		return -EINVAL;
	}
	return err ? err : view_piece(ctx, path, b, is_whole ? NULL : &src->base_img, img);
}

static int merge_files(struct ctx *ctx, const char *const *paths, size_t n, struct btf_source *ret)
{
	struct pile p = { .blobs = calloc(n + 1, sizeof(*p.blobs)),
			 .imgs = calloc(n + 1, sizeof(*p.imgs)) };
	const struct btf_image *base = ret->base.data ? &ret->base_img : NULL;
	int err = p.blobs && p.imgs ? view_base(ctx, ret) : fail(ctx->err, -ENOMEM, "merge BTF");
	void *data = NULL;
	size_t len = 0;

	if (!err && base)
		err = btf_image_check(ctx->err, base);
	for (size_t i = 0; !err && i < n; i++)
		err = open_piece(ctx, paths[i], ret, &p);
	if (!err)
		err = btf_merge(ctx->err, base, p.imgs, p.n, &data, &len);
	if (!err)
		ret->own = (struct btf_blob){ .data = data, .copy = data, .len = len };
	pile_close(&p);
	return err;
}

/* The base is not one of the merged parts. */
static bool is_base(const struct ctx *ctx, const char *path)
{
	const char *base = ctx->opts->base_btf;

	return same_file(path, base ? base : SYSFS_BTF "vmlinux");
}

int btf_source_files(struct ctx *ctx, const char *const *paths, size_t n, struct btf_source *ret)
{
	auto_free const char **pieces = calloc(n + 1, sizeof(*pieces));
	bool is_sysfs = false;
	size_t n_pieces = 0;
	int err;

	if (n == 1)
		return source_file(ctx, paths[0], ret);
	if (!pieces)
		return fail(ctx->err, -ENOMEM, "merge BTF");
	for (size_t i = 0; i < n; i++) {
		is_sysfs |= has_prefix(paths[i], SYSFS_BTF) || is_base(ctx, paths[i]);
		if (!is_base(ctx, paths[i]))
			pieces[n_pieces++] = paths[i];
	}
	if (!n_pieces)
		return source_file(ctx, paths[0], ret);
	err = open_base(ctx, is_sysfs, ret);
	return err ? err : merge_files(ctx, pieces, n_pieces, ret);
}

static int is_module(const struct dirent *d)
{
	return d->d_name[0] != '.' && !streq(d->d_name, "vmlinux");
}

static void free_paths(char **paths, size_t n)
{
	for (size_t i = 0; paths && i < n; i++)
		free(paths[i]);
	free(paths);
}

/* All of them, or a negative errno. */
static int module_paths(char ***ret, size_t *ret_n)
{
	struct dirent **list = NULL;
	int n = scandir(SYSFS_BTF, &list, is_module, alphasort);
	int err = n < 0 ? -errno : 0;
	char **paths = n < 0 ? NULL : calloc(n + 1, sizeof(*paths));
	size_t n_paths = 0;

	for (int i = 0; i < n; i++) {
		if (paths && !err &&
		    asprintf(&paths[n_paths++], SYSFS_BTF "%s", list[i]->d_name) < 0) {
			paths[--n_paths] = NULL;
			err = -ENOMEM;
		}
		free(list[i]);
	}
	free(list);
	if (!err && paths) {
		*ret = paths;
		*ret_n = n_paths;
		return 0;
	}
	free_paths(paths, n_paths);
	return err ? err : -ENOMEM;
}

int btf_source_modules(struct ctx *ctx, struct btf_source *ret)
{
	char **paths = NULL;
	size_t n = 0;
	int err = module_paths(&paths, &n);

	if (err)
		fail(ctx->err, err, "read " SYSFS_BTF);
	if (!err)
		err = n ? open_base(ctx, true, ret) : btf_source_kernel(ctx, ret);
	if (!err && n)
		err = merge_files(ctx, (const char *const *)paths, n, ret);
	free_paths(paths, n);
	return err;
}
