// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Pinning; every problem with a path is reported before the kernel is called: it returns EPERM for
 * a dot in a name and ENOENT for almost everything else. For the pins of objects see pins.c.
 *
 * A bpffs is mounted only on an empty directory: over any other it would hide the contents.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "kern/object/bpffs.h"

/* A path, split into its parts. */
struct pin_path {
	char dir[PATH_MAX];
	const char *name;		/* the last component of the path; points into it */
};

/* Returns 1 or 0, or a negative errno if it could not be determined. */
static int is_bpffs(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return -errno;
	return fs.f_type == BPF_FS_MAGIC;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The files that a kernel with CONFIG_BPF_PRELOAD creates in each new bpffs. */
static bool is_preloaded(const char *name)
{
	return streq(name, "maps.debug") || streq(name, "progs.debug");
}

/* Returns 1 or 0, or a negative errno: a directory is empty only if it was read to its end. */
static int is_empty_dir(const char *path, bool (*ignore)(const char *name))
{
	DIR *d = opendir(path);
	const struct dirent *e = NULL;
	bool empty = true;
	int err;

	if (!d)
		return -errno;
	errno = 0;
	while (empty && (e = readdir(d)))
		empty = streq(e->d_name, ".") || streq(e->d_name, "..") ||
			(ignore && ignore(e->d_name));
	err = e ? 0 : -errno;
	closedir(d);
	return err ? err : empty;
}

static int split_path(struct ctx *ctx, const char *path, struct pin_path *ret)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? slash - path : 0;

	ret->name = slash ? slash + 1 : path;
	if (!*ret->name)
		return fail_usage(ctx->err, "'%s' does not name a file", path);
	if (strlen(path) >= PATH_MAX)
		return fail(ctx->err, -ENAMETOOLONG, "pin to '%.60s...'", path);
	if (slash && len)
		snprintf(ret->dir, sizeof(ret->dir), "%.*s", (int)len, path);
	else
		snprintf(ret->dir, sizeof(ret->dir), "%s", slash ? "/" : ".");
	return 0;
}

/* The kernel reserves names with a dot. */
static int check_name(struct ctx *ctx, const char *path, const char *name)
{
	if (!strchr(name, '.'))
		return 0;
	fail_msg(ctx->err, -EPERM, "'%s': a pinned name must not contain a dot", path);
	err_hint(ctx->err, "bpffs does not allow dots in names; use '_' instead");
	return -EPERM;
}

/* Is there a bpffs (1), or could we mount one (0)? Otherwise reports why not. */
static int check_dir(struct ctx *ctx, const char *dir)
{
	struct stat st;
	int yes;

	if (stat(dir, &st) < 0)
		return fail(ctx->err, -errno, "pin to directory '%s'", dir);
	if (!S_ISDIR(st.st_mode))
		return fail(ctx->err, -ENOTDIR, "pin to '%s'", dir);
	yes = is_bpffs(dir);
	if (yes)
		return yes < 0 ? fail(ctx->err, yes, "read the file system of '%s'", dir) : 1;
	yes = ctx->opts->nomount ? 0 : is_empty_dir(dir, NULL);
	if (yes < 0)
		return fail(ctx->err, yes, "read directory '%s'", dir);
	if (yes)
		return 0;
	fail_msg(ctx->err, -EINVAL, "'%s' is not on a BPF file system", dir);
	if (ctx->opts->nomount)
		err_hint(ctx->err, "run 'mount -t bpf bpf %s' (-n disables mounting), or pin below "
				   "/sys/fs/bpf", dir);
	else
		err_hint(ctx->err, "the directory is not empty and is not mounted over; run 'mount "
				   "-t bpf bpf DIR' on an empty one, or pin below /sys/fs/bpf");
	return -EINVAL;
}

/* Like check_dir(), for the directory of the path, which itself must not exist. */
static int check_pin(struct ctx *ctx, const char *path, struct pin_path *ret_place)
{
	struct stat st;
	int err = split_path(ctx, path, ret_place);

	if (err)
		return err;
	if (lstat(path, &st) == 0) {
		fail_msg(ctx->err, -EEXIST, "'%s' already exists", path);
		err_hint(ctx->err, "choose another name, or remove it: an object without pins and "
				   "holders is freed");
		return -EEXIST;
	}
	err = check_name(ctx, path, ret_place->name);
	return err ? err : check_dir(ctx, ret_place->dir);
}

int bpffs_check_pin(struct ctx *ctx, const char *path)
{
	struct pin_path place;
	int ret = check_pin(ctx, path, &place);

	return ret < 0 ? ret : 0;
}

/*
 * The only place that mounts, and never without a check: directly before it the directory is read
 * once more, so that anything that another process has created or mounted there meanwhile is not
 * hidden. Below a shared mount it is propagated like any other, and so is its removal.
 */
static int mount_on(struct ctx *ctx, const char *dir, struct bpffs_made *made)
{
	int err = check_dir(ctx, dir);

	if (err)
		return err < 0 ? err : 0;
	if (mount("bpf", dir, "bpf", 0, "mode=0700") == 0) {
		made->mounted = true;
		return 0;
	}
	err = fail(ctx->err, -errno, "mount a BPF file system on '%s'", dir);
	err_hint_denied(ctx->err, "cap_sys_admin");
	return err;
}

/* Other pins created there meanwhile are kept. */
void bpffs_unmake(const char *dir, const struct bpffs_made *made)
{
	if (made->mounted && is_empty_dir(dir, is_preloaded) == 1)
		umount2(dir, MNT_DETACH);
	if (made->dir)
		rmdir(dir);
}

int bpffs_pin(struct ctx *ctx, int fd, const char *path)
{
	int err = bpf_obj_pin(fd, path);

	if (!err)
		return 0;
	fail(ctx->err, err, "pin to '%s'", path);
	err_hint_denied(ctx->err, "cap_bpf");
	return err;
}

int bpffs_make_room(struct ctx *ctx, const char *path, char dir[static PATH_MAX],
		    struct bpffs_made *ret_made)
{
	struct pin_path place;
	int there = check_pin(ctx, path, &place);

	*ret_made = (struct bpffs_made){};
	if (there < 0)
		return there;
	memcpy(dir, place.dir, PATH_MAX);
	return there ? 0 : mount_on(ctx, dir, ret_made);
}

/* The directory does not exist: where may it be created? */
static int make_new_dir(struct ctx *ctx, const char *dir, struct bpffs_made *made)
{
	struct pin_path place;
	int err = split_path(ctx, dir, &place);
	int inside;

	if (err)
		return err;
	inside = is_bpffs(place.dir);
	if (inside > 0)
		err = check_name(ctx, dir, place.name);
	else if (!inside && ctx->opts->nomount && is_dir(place.dir))
		err = check_dir(ctx, place.dir);
	if (err < 0)
		return err;
	if (inside < 0 || mkdir(dir, 0700) < 0) {
		fail(ctx->err, inside < 0 ? inside : -errno, "make directory '%s'", dir);
		if (ctx->err->code == -ENOENT || ctx->err->code == -ENOTDIR)
			err_hint(ctx->err, "'%s' is not a directory", place.dir);
		return ctx->err->code;
	}
	made->dir = true;
	err = inside ? 0 : mount_on(ctx, dir, made);
	if (err)
		bpffs_unmake(dir, made);
	return err;
}

int bpffs_make_dir(struct ctx *ctx, const char *dir, struct bpffs_made *ret_made)
{
	auto_free char *trimmed = strdup(dir);
	struct stat st;
	int err;

	*ret_made = (struct bpffs_made){};

	if (!trimmed)
		return fail(ctx->err, -ENOMEM, "make directory '%s'", dir);
	for (size_t len = strlen(trimmed); len > 1 && trimmed[len - 1] == '/'; len--)
		trimmed[len - 1] = '\0';
	err = lstat(trimmed, &st) < 0 ? make_new_dir(ctx, trimmed, ret_made)
				      : mount_on(ctx, trimmed, ret_made);
	return err;
}
