// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Pinning, with all that can be wrong about a path told before the kernel is asked: it answers
 * EPERM to a dot in a name and ENOENT to almost everything else. What is pinned where: pins.c.
 *
 * A bpffs is mounted only on an empty directory: over any other it would hide what is there.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "bpffs.h"

/* A path apart. */
struct place {
	char dir[PATH_MAX];
	const char *name;		/* the last part of the path; points into it */
};

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == BPF_FS_MAGIC;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_empty_dir(const char *path)
{
	DIR *d = opendir(path);
	unsigned int n = 0;

	if (!d)
		return false;
	while (n < 3 && readdir(d))	/* "." and ".." are always there */
		n++;
	closedir(d);
	return n == 2;
}

static int split_path(struct ctx *ctx, const char *path, struct place *ret)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? slash - path : 0;

	ret->name = slash ? slash + 1 : path;
	if (!*ret->name)
		return fail_usage(ctx->err, "'%s' names no file", path);
	if (strlen(path) >= PATH_MAX)
		return fail(ctx->err, -ENAMETOOLONG, "pin to '%.60s...'", path);
	if (slash && len)
		snprintf(ret->dir, sizeof(ret->dir), "%.*s", (int)len, path);
	else
		snprintf(ret->dir, sizeof(ret->dir), "%s", slash ? "/" : ".");
	return 0;
}

/* The kernel keeps names with a dot for itself. */
static int check_name(struct ctx *ctx, const char *path, const char *name)
{
	if (!strchr(name, '.'))
		return 0;
	fail_msg(ctx->err, -EPERM, "'%s': a pinned name must not contain a dot", path);
	err_hint(ctx->err, "bpffs takes no dots; use '_' instead");
	return -EPERM;
}

/* Is there a bpffs, or could we mount one? Says why not. */
static int check_dir(struct ctx *ctx, const char *dir)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return fail(ctx->err, -errno, "pin to directory '%s'", dir);
	if (!S_ISDIR(st.st_mode))
		return fail(ctx->err, -ENOTDIR, "pin to '%s'", dir);
	if (is_bpffs(dir))
		return 0;
	if (!ctx->opts->nomount && is_empty_dir(dir))
		return 0;
	fail_msg(ctx->err, -EINVAL, "'%s' is not on a BPF file system", dir);
	if (ctx->opts->nomount)
		err_hint(ctx->err, "'mount -t bpf bpf %s' makes it one (-n forbids us to); or pin "
			 "below /sys/fs/bpf", dir);
	else
		err_hint(ctx->err, "the directory is not empty, so nothing is mounted over it; 'mount "
			 "-t bpf bpf DIR' on an empty one, or pin below /sys/fs/bpf");
	return -EINVAL;
}

int bpffs_check_pin(struct ctx *ctx, const char *path)
{
	struct place place;
	struct stat st;
	int err = split_path(ctx, path, &place);

	if (err)
		return err;
	if (lstat(path, &st) == 0) {
		fail_msg(ctx->err, -EEXIST, "'%s' exists already", path);
		err_hint(ctx->err, "choose another name, or remove it: an object that is pinned "
			 "nowhere and held by nobody goes away");
		return -EEXIST;
	}
	err = check_name(ctx, path, place.name);
	return err ? err : check_dir(ctx, place.dir);
}

/*
 * Mounts below a shared mount would spread to other namespaces: the directory becomes a private
 * mount of its own first.
 */
static int make_private(const char *dir, bool *ret_bound)
{
	*ret_bound = false;
	if (mount("", dir, "none", MS_PRIVATE | MS_REC, NULL) == 0)
		return 0;
	if (errno != EINVAL)		/* EINVAL: no mount point yet */
		return -errno;
	if (mount(dir, dir, "none", MS_BIND, NULL) < 0)
		return -errno;
	*ret_bound = true;
	return mount("", dir, "none", MS_PRIVATE | MS_REC, NULL) == 0 ? 0 : -errno;
}

static int mount_on(struct ctx *ctx, const char *dir)
{
	bool bound;
	int err = make_private(dir, &bound);

	if (!err && mount("bpf", dir, "bpf", 0, "mode=0700") < 0)
		err = -errno;
	if (!err) {
		notice(ctx, "mounted a BPF file system on '%s'", dir);
		return 0;
	}
	if (bound)
		umount2(dir, MNT_DETACH);
	fail(ctx->err, err, "mount a BPF file system on '%s'", dir);
	err_hint_denied(ctx->err, "cap_sys_admin");
	return err;
}

int bpffs_pin(struct ctx *ctx, int fd, const char *path)
{
	struct place place;
	int err = bpffs_check_pin(ctx, path);

	if (!err)
		err = split_path(ctx, path, &place);
	if (!err && !is_bpffs(place.dir))
		err = mount_on(ctx, place.dir);
	if (err)
		return err;
	err = bpf_obj_pin(fd, path);
	if (err) {
		fail(ctx->err, err, "pin to '%s'", path);
		err_hint_denied(ctx->err, "cap_bpf");
	}
	return err;
}

/* The directory is not there: where may it be made? */
static int make_new_dir(struct ctx *ctx, const char *dir)
{
	struct place place;
	int err = split_path(ctx, dir, &place);
	bool inside;

	if (err)
		return err;
	inside = is_bpffs(place.dir);
	if (inside)
		err = check_name(ctx, dir, place.name);
	else if (ctx->opts->nomount && is_dir(place.dir))
		err = check_dir(ctx, place.dir);
	if (err)
		return err;
	if (mkdir(dir, 0700) < 0) {
		fail(ctx->err, -errno, "make directory '%s'", dir);
		if (!is_dir(place.dir))
			err_hint(ctx->err, "'%s' is no directory", place.dir);
		return ctx->err->code;
	}
	err = inside ? 0 : mount_on(ctx, dir);
	if (err)
		rmdir(dir);
	return err;
}

int bpffs_make_dir(struct ctx *ctx, const char *dir, bool *ret_made)
{
	auto_free char *trimmed = strdup(dir);
	struct stat st;
	int err;

	if (!trimmed)
		return fail(ctx->err, -ENOMEM, "make directory '%s'", dir);
	for (size_t len = strlen(trimmed); len > 1 && trimmed[len - 1] == '/'; len--)
		trimmed[len - 1] = '\0';
	if (lstat(trimmed, &st) < 0) {
		err = make_new_dir(ctx, trimmed);
		if (!err)
			*ret_made = true;
		return err;
	}
	err = check_dir(ctx, trimmed);
	if (!err && !is_bpffs(trimmed))
		err = mount_on(ctx, trimmed);
	if (!err)
		*ret_made = false;
	return err;
}

void bpffs_remove_dir(const char *dir)
{
	if (rmdir(dir) == 0 || errno != EBUSY)
		return;
	/* EBUSY: it is a mount point, the bpffs and what it was bound to. */
	while (umount2(dir, MNT_DETACH) == 0)
		;
	rmdir(dir);
}
