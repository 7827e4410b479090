// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Where BTF comes from. Split BTF gets its base by itself where that is known: modules go on where
 * the kernel's own BTF ends. -B names another base; BTF is never taken for its own base.
 */
#include "btf_source.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "decode/btf_image.h"
#include "kern/obj.h"

#define SYSFS_BTF "/sys/kernel/btf/"
#define SYSFS_TYPE 0x62656572
#define FILE_MAX (1u << 30)

static void blob_close(struct btf_blob *b)
{
	if (b->mapped)
		munmap(b->mapped, b->len);
	free(b->copy);
	*b = (struct btf_blob){};
}

void btf_source_close(struct btf_source *src)
{
	blob_close(&src->own);
	blob_close(&src->base);
}

static int read_all(int fd, size_t len, struct btf_blob *b)
{
	size_t at = 0;

	b->copy = malloc(len + 1);
	if (!b->copy)
		return -ENOMEM;
	while (at < len) {
		ssize_t n = read(fd, (char *)b->copy + at, len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		at += n;
	}
	b->data = b->copy;
	b->len = at;
	return 0;
}

/*
 * The kernel's own BTF can be mapped since 6.16, which spares a copy page by page. Other files are
 * read: somebody could cut them while we look.
 */
static int read_blob(int fd, struct btf_blob *b)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
		return -EFBIG;
	if (!fstatfs(fd, &fs) && fs.f_type == SYSFS_TYPE && st.st_size) {
		void *p = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (p != MAP_FAILED) {
			*b = (struct btf_blob){ .data = p, .mapped = p, .len = st.st_size };
			return 0;
		}
	}
	return read_all(fd, st.st_size, b);
}

static bool is_elf(const struct btf_blob *b)
{
	return b->len > SELFMAG && !memcmp(b->data, ELFMAG, SELFMAG);
}

/* Replace the ELF image in b by a copy of its .BTF section. -ENOENT: it has none. */
static int take_section(struct btf_blob *b)
{
	Elf *elf = elf_version(EV_CURRENT) == EV_NONE ? NULL : elf_memory(b->copy, b->len);
	Elf_Data *data = NULL;
	Elf_Scn *scn = NULL;
	void *copy = NULL;
	size_t names, len = 0;

	if (!elf || elf_getshdrstrndx(elf, &names)) {
		elf_end(elf);
		return -EINVAL;
	}
	while (!data && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, names, sh.sh_name) : NULL;

		if (name && streq(name, ".BTF"))
			data = elf_rawdata(scn, NULL);
	}
	if (data && data->d_buf && (copy = malloc(data->d_size + 1))) {
		len = data->d_size;
		memcpy(copy, data->d_buf, len);
	}
	elf_end(elf);
	if (!copy)
		return data && data->d_buf ? -ENOMEM : -ENOENT;
	free(b->copy);
	*b = (struct btf_blob){ .data = copy, .copy = copy, .len = len };
	return 0;
}

static int open_blob(struct ctx *ctx, const char *path, struct btf_blob *ret)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : read_blob(fd, ret);

	if (err)
		return fail(ctx->err, err, "read '%s'", path);
	if (is_elf(ret)) {
		err = take_section(ret);
		if (err == -ENOENT)
			return fail_msg(ctx->err, err, "'%s' has no .BTF section", path);
		if (err)
			return fail(ctx->err, err, "read the sections of '%s'", path);
	}
	if (btf_image_is_foreign(ret->data, ret->len) && ret->copy)	/* the kernel's own is never */
		btf_image_turn(ret->copy, ret->len);
	return 0;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The base for what is not the kernel's own BTF. is_module: it is known to be split. */
static int open_base(struct ctx *ctx, bool is_module, struct btf_source *src)
{
	const char *base = ctx->opts->base_btf;

	if (!base && is_module)
		base = SYSFS_BTF "vmlinux";
	return base ? open_blob(ctx, base, &src->base) : 0;
}

int btf_source_file(struct ctx *ctx, const char *path, struct btf_source *ret)
{
	const char *base = ctx->opts->base_btf;
	bool is_vmlinux = same_file(path, SYSFS_BTF "vmlinux");
	int err = open_blob(ctx, path, &ret->own);

	if (err || is_vmlinux || (base && same_file(path, base)))
		return err;
	return open_base(ctx, has_prefix(path, SYSFS_BTF), ret);
}

int btf_source_kernel(struct ctx *ctx, struct btf_source *ret)
{
	return open_blob(ctx, SYSFS_BTF "vmlinux", &ret->own);
}

/* Two calls: how much there is, then the bytes. */
static int read_kernel(int fd, struct bpf_btf_info *info, char *name, struct btf_blob *b)
{
	int err = obj_info(fd, info, sizeof(*info));
	uint32_t len = info->btf_size;

	if (err)
		return err;
	b->copy = malloc(len + 1);
	if (!b->copy)
		return -ENOMEM;
	*info = (struct bpf_btf_info){ .btf = ptr_to_u64(b->copy), .btf_size = len,
				       .name = ptr_to_u64(name), .name_len = NAME_MAX };
	err = obj_info(fd, info, sizeof(*info));
	b->data = b->copy;
	b->len = info->btf_size < len ? info->btf_size : len;
	return err;
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
	err = read_kernel(fd, &info, name, &ret->own);
	if (err)
		return fail(ctx->err, err, "read BTF %u", id);
	if (info.kernel_btf && streq(name, "vmlinux"))
		return 0;
	return open_base(ctx, info.kernel_btf, ret);
}
