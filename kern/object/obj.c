// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Kernel objects by reference: one walk over ids, one way to open, one place for errors. The
 * differences between programs, maps, links and BTF are in four tables of a few calls each.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>

#include <linux/bpf.h>
#include <linux/magic.h>

#include "cli/file.h"
#include "kern/abi.h"
#include "kern/kernel.h"
#include "kern/libbpf_opts.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"
#include "kern/procs.h"

/* Before 5.8 (and for reading ids up to today) only CAP_SYS_ADMIN can open by id. */
const char obj_caps[] = "cap_sys_admin";

/* The function at the start of the program, by its name in BTF. */
static int read_func_name(int fd, const struct bpf_prog_info *info, char *buf, size_t size)
{
	struct bpf_prog_info again = {};
	auto_free void *recs = NULL;
	auto_btf_types struct types *types = NULL;
	const char *name = NULL;
	size_t rec_size = info->func_info_rec_size;
	int err;

	if (!info->btf_id || !info->nr_func_info || rec_size < sizeof(struct bpf_func_info))
		return -ENOENT;
	recs = calloc(info->nr_func_info, rec_size);
	if (!recs)
		return -ENOMEM;
	again.nr_func_info = info->nr_func_info;
	again.func_info_rec_size = rec_size;
	again.func_info = ptr_to_u64(recs);
	err = obj_info(fd, &again, sizeof(again));
	if (err)
		return err;
	err = types_by_id(NULL, info->btf_id, &types);
	if (err)
		return err;
	for (size_t i = 0; i < info->nr_func_info && !name; i++) {
		const struct bpf_func_info *rec = (const void *)((char *)recs + i * rec_size);

		if (rec->insn_off == 0)
			name = types_func_name(&types->img, rec->type_id);
	}
	if (!name)
		return -ENOENT;
	snprintf(buf, size, "%s", name);
	return 0;
}

int obj_prog_name(int fd, const struct bpf_prog_info *info, char buf[static OBJ_NAME_MAX])
{
	char full[OBJ_NAME_MAX];
	int err;

	snprintf(buf, OBJ_NAME_MAX, "%.*s", KERNEL_NAME_MAX, info->name);
	if (strlen(buf) < KERNEL_NAME_MAX)
		return 0;
	err = read_func_name(fd, info, full, sizeof(full));
	/* Only a longer form of the same name is the full name: BTF comes from user space. */
	if (!err && has_prefix(full, buf))
		snprintf(buf, OBJ_NAME_MAX, "%s", full);
	return err == -ENOENT ? 0 : err;
}

static void read_orphan_tag(int fd, uint8_t tag[static BPF_TAG_SIZE])
{
	char hex[2 * BPF_TAG_SIZE + 1] = "";

	obj_fdinfo_text(fd, "prog_tag", hex, sizeof(hex));
	for (size_t i = 0; i < BPF_TAG_SIZE && strlen(hex) == 2 * BPF_TAG_SIZE; i++) {
		const char two[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		tag[i] = strtoul(two, NULL, 16);
	}
}

int obj_orphan_info(int fd, struct bpf_prog_info *ret)
{
	uint64_t id, type;

	if (obj_fdinfo(fd, "prog_id", &id) || obj_fdinfo(fd, "prog_type", &type))
		return -ENODEV;
	*ret = (struct bpf_prog_info){ .id = id, .type = type };
	read_orphan_tag(fd, ret->tag);
	return 0;
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts = {};

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int64_t boot_time_ns(void)
{
	return clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
}

static int prog_label(int fd, struct obj_label *ret)
{
	struct bpf_prog_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (err == -ENODEV)
		err = obj_orphan_info(fd, &info);
	if (err)
		return err;
	ret->id = info.id;
	ret->has_tag = true;
	memcpy(ret->tag, info.tag, sizeof(ret->tag));
	snprintf(ret->name, sizeof(ret->name), "%.*s", KERNEL_NAME_MAX, info.name);
	ret->cut = strlen(ret->name) == KERNEL_NAME_MAX;
	return 0;
}

static int map_label(int fd, struct obj_label *ret)
{
	struct bpf_map_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return err;
	ret->id = info.id;
	snprintf(ret->name, sizeof(ret->name), "%.*s", KERNEL_NAME_MAX, info.name);
	return 0;
}

static int link_label(int fd, struct obj_label *ret)
{
	struct abi_link_info info = {};
	int err = obj_info(fd, &info, sizeof(info));

	ret->id = info.id;
	return err;
}

static int btf_label(int fd, struct obj_label *ret)
{
	struct bpf_btf_info info = {};
	int err;

	info.name = ptr_to_u64(ret->name);
	info.name_len = sizeof(ret->name);
	err = obj_info(fd, &info, sizeof(info));
	ret->id = info.id;
	return err == -ENOSPC ? 0 : err;
}

static int open_prog(uint32_t id, unsigned int flags UNUSED)
{
	return bpf_prog_get_fd_by_id(id);
}

static int open_map(uint32_t id, unsigned int flags)
{
	LIB_OPTS(bpf_get_fd_by_id_opts, opts);

	if (!(flags & OBJ_RDONLY))
		return bpf_map_get_fd_by_id(id);
	opts.open_flags = BPF_F_RDONLY;
	return bpf_map_get_fd_by_id_opts(id, &opts);
}

static int open_link(uint32_t id, unsigned int flags UNUSED)
{
	int fd = bpf_link_get_fd_by_id(id);

	/* A link being created already has an id, but cannot be opened before it is complete. */
	return fd == -EAGAIN ? -ENOENT : fd;
}

static int open_btf(uint32_t id, unsigned int flags UNUSED)
{
	return bpf_btf_get_fd_by_id(id);
}

const struct obj_kind obj_prog = {
	.type = OBJ_PROG,
	.noun = "program",
	.nouns = "programs",
	.group = "prog",
	.anon_name = "bpf-prog",
	.fdinfo_key = "prog_id",
	.next_id = bpf_prog_get_next_id,
	.open_id = open_prog,
	.read_label = prog_label,
};

const struct obj_kind obj_map = {
	.type = OBJ_MAP,
	.noun = "map",
	.nouns = "maps",
	.group = "map",
	.anon_name = "bpf-map",
	.fdinfo_key = "map_id",
	.next_id = bpf_map_get_next_id,
	.open_id = open_map,
	.read_label = map_label,
};

const struct obj_kind obj_link = {
	.type = OBJ_LINK,
	.noun = "link",
	.nouns = "links",
	.group = "link",
	.anon_name = "bpf-link",
	.fdinfo_key = "link_id",
	.next_id = bpf_link_get_next_id,
	.open_id = open_link,
	.read_label = link_label,
};

const struct obj_kind obj_btf = {
	.type = OBJ_BTF,
	.noun = "BTF object",
	.nouns = "BTF objects",
	.group = "btf",
	.anon_name = "btf",
	.fdinfo_key = "btf_id",
	.next_id = bpf_btf_get_next_id,
	.open_id = open_btf,
	.read_label = btf_label,
};

/* "bpf-link" and "bpf_link" are the same: kernels differ. */
static bool is_anon_name(const char *got, const char *want)
{
	for (; *got && *want; got++, want++) {
		if (*got != *want && !(*got == '_' && *want == '-'))
			return false;
	}
	return *got == *want;
}

const struct obj_kind *obj_kind_by_link(const char *link_text)
{
	static const struct obj_kind *const kinds[] = { &obj_prog, &obj_map, &obj_link, &obj_btf };
	static const char anon[] = "anon_inode:";

	for (size_t i = 0; has_prefix(link_text, anon) && i < ARRAY_SIZE(kinds); i++)
		if (is_anon_name(link_text + strlen(anon), kinds[i]->anon_name))
			return kinds[i];
	return NULL;
}

int obj_kind_of(int fd, const struct obj_kind **ret)
{
	char path[64], target[128];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	*ret = obj_kind_by_link(target);
	return 0;
}

int obj_next(const struct obj_kind *kind, unsigned int flags, uint32_t *id, int *ret_fd)
{
	int err, fd;

	for (;;) {
		err = kind->next_id(*id, id);
		if (err)
			return err;
		fd = kind->open_id(*id, flags);
		if (fd >= 0) {
			*ret_fd = fd;
			return 0;
		}
		if (fd != -ENOENT) /* else: it was freed in between */
			return fd;
	}
}

size_t obj_count(const struct obj_kind *kind, size_t max)
{
	uint32_t id = 0;
	size_t n = 0;

	while (n < max && !kind->next_id(id, &id))
		n++;
	return n;
}

int obj_fail_list(struct ctx *ctx, const struct obj_kind *kind, int err)
{
	fail(ctx->err, err, "list %s", kind->nouns);
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

int obj_each(struct ctx *ctx, const struct obj_kind *kind, unsigned int flags,
	     int (*fn)(struct ctx *ctx, int fd, const void *data), const void *data)
{
	uint32_t id = 0;
	int err, fd;

	while (!(err = obj_next(kind, flags, &id, &fd))) {
		err = fn(ctx, fd, data);
		close(fd);
		if (err)
			return err;
	}
	return err == -ENOENT ? 0 : obj_fail_list(ctx, kind, err);
}

int obj_full_label(const struct obj_kind *kind, int fd, struct obj_label *ret)
{
	struct bpf_prog_info info = {};
	int err = kind->read_label(fd, ret);

	if (!err && ret->cut && !obj_info(fd, &info, sizeof(info)))
		obj_prog_name(fd, &info, ret->name);
	return err;
}

