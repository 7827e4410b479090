// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Follows links one by one instead of leaving it to the kernel, which does not report the target of
 * a dangling link. Each is opened first and then followed through its descriptor, so that the
 * checked link is the one that is followed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/statfs.h>

#include "cli/file_target.h"

#define LINKS_MAX 40		/* as in the kernel */

size_t path_dir_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

char *path_dir(const char *path)
{
	size_t len = path_dir_len(path);

	return len ? strndup(path, len) : strdup(".");
}

static int stat_dir_of(const char *path, struct stat *ret)
{
	auto_free char *dir = path_dir(path);

	if (!dir)
		return -ENOMEM;
	return stat(dir, ret) ? -errno : 0;
}

/* /dev/fd/N, and the target of /dev/stdout: if opened again it would have its own position. */
static bool is_own_fd(const char *path, const struct stat *dir, int *ret)
{
	const char *name = path + path_dir_len(path);
	size_t len = strspn(name, "0123456789");
	struct stat own;

	if (!len || len > 9 || name[len] || stat("/proc/self/fd", &own))
		return false;
	if (own.st_dev != dir->st_dev || own.st_ino != dir->st_ino)
		return false;
	for (*ret = 0; *name; name++)
		*ret = *ret * 10 + (*name - '0');
	return true;
}

static bool is_shared(const struct stat *dir)
{
	return (dir->st_mode & (S_ISVTX | S_IWOTH)) == (S_ISVTX | S_IWOTH);
}

static bool may_follow(const struct stat *link, const struct stat *dir)
{
	return !is_shared(dir) || link->st_uid == geteuid() || link->st_uid == dir->st_uid;
}

/* The target of the link; an owned path. */
static int follow(int link_fd, const char *path, char **ret)
{
	size_t len = path_dir_len(path);
	char to[PATH_MAX];
	ssize_t n = readlinkat(link_fd, "", to, sizeof(to));

	if (n < 0)
		return -errno;
	if (!n || n >= (ssize_t)sizeof(to))
		return -ENAMETOOLONG;
	to[n] = '\0';
	if (asprintf(ret, "%.*s%s", to[0] == '/' ? 0 : (int)len, path, to) < 0)
		return -ENOMEM;
	return 0;
}

/* Other links of /proc lead to files, not to names. */
static bool is_magic(int link_fd)
{
	struct statfs fs;

	return !fstatfs(link_fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/*
 * One component. Returns 1: *path is the target of its link (the old path is freed); 0: ret->kind
 * is set; or an error.
 */
static int step(char **path, struct file_target *ret)
{
	auto_close int fd = -1;
	struct stat dir;
	char *next;
	int err = stat_dir_of(*path, &dir);

	if (err)
		return err;
	if (!(*path)[path_dir_len(*path)])
		return -EISDIR;
	ret->kind = TARGET_OWN_FD;
	if (is_own_fd(*path, &dir, &ret->own_fd))
		return 0;
	ret->kind = TARGET_NEW;
	ret->shared_dir = is_shared(&dir);
	fd = open(*path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &ret->st))
		return -errno;
	ret->kind = S_ISREG(ret->st.st_mode) ? TARGET_REGULAR : TARGET_SPECIAL;
	if (S_ISDIR(ret->st.st_mode))
		return -EISDIR;
	if (!S_ISLNK(ret->st.st_mode) || is_magic(fd))
		return 0;
	if (!may_follow(&ret->st, &dir))
		return -EACCES;
	err = follow(fd, *path, &next);
	if (err)
		return err;
	free(*path);
	*path = next;
	return 1;
}

int file_target_find(const char *path, struct file_target *ret)
{
	struct file_target t = {};
	int more = 1;

	if (!*path)
		return -ENOENT;
	t.path = strdup(path);
	for (unsigned int i = 0; t.path && more > 0; i++)
		more = i > LINKS_MAX ? -ELOOP : step(&t.path, &t);
	if (!t.path)
		return -ENOMEM;
	if (more < 0)
		free(t.path);
	else
		*ret = t;
	return more;
}
