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
#include "cli/nearest.h"
#include "kern/abi.h"
#include "kern/kernel.h"
#include "kern/libbpf_opts.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"
#include "kern/procs.h"

#define KERNEL_NAME_MAX (BPF_OBJ_NAME_LEN - 1) /* what the kernel keeps of a name */
#define N_SIMILAR_MAX 3			       /* names a "not found" suggests */

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

static int fail_walk(struct ctx *ctx, const struct obj_kind *kind, int err)
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
	return err == -ENOENT ? 0 : fail_walk(ctx, kind, err);
}

int obj_full_label(const struct obj_kind *kind, int fd, struct obj_label *ret)
{
	struct bpf_prog_info info = {};
	int err = kind->read_label(fd, ret);

	if (!err && ret->cut && !obj_info(fd, &info, sizeof(info)))
		obj_prog_name(fd, &info, ret->name);
	return err;
}

/* Does the object match the tag or name? Returns 1, 0 or a negative errno. */
static int matches(const struct obj_kind *kind, int fd, const struct ref *ref)
{
	struct obj_label label = {};
	int err = kind->read_label(fd, &label);

	if (err)
		return err;
	if (ref->how == REF_TAG)
		return label.has_tag && !memcmp(label.tag, ref->tag, sizeof(label.tag));
	if (!label.cut)
		return streq(label.name, ref->text);
	/* The full name is expensive: look it up only if the kernel's part of it matches. */
	if (!has_prefix(ref->text, label.name))
		return 0;
	err = obj_full_label(kind, fd, &label);
	return err ? err : streq(label.name, ref->text);
}

struct found {
	int *fds;
	size_t n;
};

static void cleanup_found(struct found *f)
{
	obj_close_all(f->fds, f->n);
}

#define auto_found __attribute__((cleanup(cleanup_found)))

void obj_close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
	free(fds);
}

static int found_add(struct found *f, int fd)
{
	int *grown = reallocarray(f->fds, f->n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	f->fds = grown;
	f->fds[f->n++] = fd;
	return 0;
}

/* Every object that matches the tag or name, possibly none. Reports nothing. */
static int find_matching(const struct obj_kind *kind, const struct ref *ref, unsigned int flags,
			 struct found *found)
{
	uint32_t id = 0;
	int err, fd;

	while (!(err = obj_next(kind, flags, &id, &fd))) {
		auto_close int owned = fd;

		err = matches(kind, owned, ref);
		if (err > 0)
			err = found_add(found, owned);
		else if (!err)
			continue;
		if (err)
			return err;
		take_fd(&owned);
	}
	return err == -ENOENT ? 0 : err;
}

static const char *how_word(const struct ref *ref)
{
	return ref->how == REF_TAG ? "tag" : "name";
}

/* A name that the user may have meant: it contains what was typed, or is contained in it. */
static bool is_similar(const char *name, const char *typed)
{
	return *name && *typed && (strcasestr(name, typed) || strcasestr(typed, name));
}

/* "a, b, c": names of this kind similar to what was typed, each once. */
static void find_similar(const struct obj_kind *kind, const char *typed, char *buf, size_t size)
{
	unsigned int n = 0;
	uint32_t id = 0;
	int fd;

	*buf = '\0';
	while (n < N_SIMILAR_MAX && !obj_next(kind, OBJ_RDONLY, &id, &fd)) {
		auto_close int owned = fd;
		struct obj_label label = {};
		char part[OBJ_NAME_MAX + 4];

		if (obj_full_label(kind, owned, &label) || !is_similar(label.name, typed))
			continue;
		snprintf(part, sizeof(part), "'%s'", label.name);
		if (strstr(buf, part))
			continue;
		add_word(buf, size, "%s", part);
		n++;
	}
}

static int fail_none(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref)
{
	char similar[512] = "";

	if (ref->how == REF_TAG) {
		fail_msg(ctx->err, -ENOENT, "no %s with tag %s", kind->noun, ref->text);
	} else {
		fail_msg(ctx->err, -ENOENT, "no %s named '%s'", kind->noun, ref->text);
		find_similar(kind, ref->text, similar, sizeof(similar));
	}
	if (*similar)
		err_hint(ctx->err, "similar names: %s", similar);
	else
		err_hint(ctx->err, "'%s %s show' lists all %s", ctx->progname, kind->group,
			 kind->nouns);
	return -ENOENT;
}

static int check_ref(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref)
{
	if (ref->how != REF_NAME)
		return 0;
	if (kind->type == OBJ_MAP && strlen(ref->text) > KERNEL_NAME_MAX) {
		fail_usage(ctx->err, "map name '%s' is too long: the kernel keeps %d characters",
			   ref->text, KERNEL_NAME_MAX);
		err_hint(ctx->err, "try '%.*s'", KERNEL_NAME_MAX, ref->text);
		return -EINVAL;
	}
	if (strlen(ref->text) >= OBJ_NAME_MAX)
		return fail_usage(ctx->err, "name '%.20s...' is too long: at most %d characters",
				  ref->text, OBJ_NAME_MAX - 1);
	return 0;
}

/* Why a pinned path could not be opened, and what to do. */
static int fail_pinned(struct ctx *ctx, const struct obj_kind *kind, const char *path, int err)
{
	struct statfs fs;
	struct stat st;
	bool elsewhere = statfs(path, &fs) == 0 && fs.f_type != BPF_FS_MAGIC;

	if (err == -ENOENT) {
		fail(ctx->err, err, "open pinned %s '%s'", kind->noun, path);
		err_hint(ctx->err, "'%s -f %s show' lists what is pinned", ctx->progname,
			 kind->group);
	} else if (elsewhere && (err == -EACCES || err == -EINVAL)) {
		fail_msg(ctx->err, err, "'%s' is not on a BPF file system", path);
		err_hint(ctx->err, "pins live on bpffs, usually below /sys/fs/bpf");
	} else {
		fail(ctx->err, err, "open pinned %s '%s'", kind->noun, path);
		if (err == -EACCES && !stat(path, &st) && S_ISDIR(st.st_mode))
			err_hint(ctx->err, "it is a directory");
		else if (err == -EROFS)
			err_hint(ctx->err, "the mount is read-only; use an id from '%s %s show'",
				 ctx->progname, kind->group);
		else if (err == -EACCES)
			err_hint(ctx->err, "the permissions of the file or a parent directory deny "
					   "it; run it as root");
		err_hint_denied(ctx->err, obj_caps);
	}
	return err;
}

static int open_pinned(struct ctx *ctx, const struct obj_kind *kind, const char *path,
		       unsigned int flags)
{
	LIB_OPTS(bpf_obj_get_opts, opts);
	const struct obj_kind *found = NULL;
	auto_close int fd = -1;
	int err;

	if (flags & OBJ_RDONLY && kind->type == OBJ_MAP)
		opts.file_flags = BPF_F_RDONLY;
	fd = bpf_obj_get_opts(path, &opts);
	if (fd == -EROFS &&
	    kind->type == OBJ_PROG) { /* on a read-only mount; irrelevant for programs */
		opts.file_flags = BPF_F_RDONLY;
		fd = bpf_obj_get_opts(path, &opts);
	}
	if (fd < 0)
		return fail_pinned(ctx, kind, path, fd);
	err = obj_kind_of(fd, &found);
	if (err && !procs_are_there())
		return procs_fail_none(ctx, "find out what is pinned");
	if (err)
		return fail(ctx->err, err, "find out what is pinned at '%s'", path);
	if (found == kind)
		return take_fd(&fd);
	fail_msg(ctx->err, -EINVAL, "'%s': incorrect object type: %s", path,
		 found ? found->group : "unknown");
	if (found)
		err_hint(ctx->err, "this is a %s: '%s %s show pinned %s'", found->noun,
			 ctx->progname, found->group, path);
	return -EINVAL;
}

static int open_by_id(struct ctx *ctx, const struct obj_kind *kind, uint32_t id, unsigned int flags)
{
	int fd = kind->open_id(id, flags);

	if (fd >= 0)
		return fd;
	fail(ctx->err, fd, "open %s %u", kind->noun, id);
	if (fd == -ENOENT)
		err_hint(ctx->err, "'%s %s show' lists all %s", ctx->progname, kind->group,
			 kind->nouns);
	err_hint_denied(ctx->err, obj_caps);
	return fd;
}

int obj_find(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int **ret_fds, size_t *ret_n)
{
	auto_found struct found found = {};
	auto_close int fd = -1;
	int err = check_ref(ctx, kind, ref);

	if (err)
		return err;
	if (ref->how == REF_NONE)
		return fail_usage(ctx->err, "missing a reference to the %s", kind->noun);
	if (ref->how == REF_ID || ref->how == REF_PINNED) {
		fd = ref->how == REF_ID ? open_by_id(ctx, kind, ref->id, flags)
					: open_pinned(ctx, kind, ref->text, flags);
		if (fd < 0)
			return fd;
		err = found_add(&found, fd);
		if (err)
			return fail(ctx->err, err, "open %s", kind->noun);
		take_fd(&fd);
	} else {
		err = find_matching(kind, ref, flags, &found);
		if (err)
			return fail_walk(ctx, kind, err);
	}
	if (!found.n)
		return fail_none(ctx, kind, ref);
	*ret_n = found.n;
	found.n = 0;
	*ret_fds = take_ptr(found.fds);
	return 0;
}

/* "several programs...: 7, 9, 12": the user needs the ids to select one. */
static int fail_several(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
			const struct found *found)
{
	char ids[256] = "";

	for (size_t i = 0; i < found->n; i++) {
		struct obj_label label = {};

		if (!kind->read_label(found->fds[i], &label))
			add_word(ids, sizeof(ids), "%u", label.id);
	}
	fail_msg(ctx->err, -ENOTUNIQ, "several %s match %s '%s': ids %s", kind->nouns,
		 how_word(ref), ref->text, ids);
	err_hint(ctx->err, "choose one with 'id N'");
	return -ENOTUNIQ;
}

int obj_open(struct ctx *ctx, const struct obj_kind *kind, const struct ref *ref,
	     unsigned int flags, int *ret_fd)
{
	auto_found struct found found = {};
	int err = obj_find(ctx, kind, ref, flags, &found.fds, &found.n);

	if (err)
		return err;
	if (found.n > 1)
		return fail_several(ctx, kind, ref, &found);
	*ret_fd = take_fd(&found.fds[0]);
	found.n = 0;
	return 0;
}

