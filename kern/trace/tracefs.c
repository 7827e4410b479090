// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * tracefs is one file system however often it is mounted: the first mount of its root is as good as
 * any. Old systems have it only below debugfs, where it is automounted on first access.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli/buf.h"
#include "kern/object/mounts.h"
#include "kern/trace/tracefs.h"

#define TRACEFS_PLACE "/sys/kernel/tracing"
#define TRACEFS_MAGIC_NUMBER 0x74726163

void cleanup_tracefs(struct tracefs *t)
{
	cleanup_close(&t->dir);
	free(t->path);
	*t = (struct tracefs){ .dir = -1 };
}

static int take_tracefs(const struct mount *m, void *data)
{
	struct tracefs *t = data;
	struct statfs st;

	if (!streq(m->type, "tracefs") || !streq(m->root, "/"))
		return 0;
	/* A mount may be hidden below another one. */
	if (statfs(m->point, &st) || st.f_type != TRACEFS_MAGIC_NUMBER)
		return 0;
	t->path = strdup(m->point);
	return t->path ? 1 : -ENOMEM;
}

static int take_debugfs(const struct mount *m, void *data)
{
	struct tracefs *t = data;
	auto_free char *path = NULL;
	auto_close int fd = -1;
	struct statfs st;

	if (!streq(m->type, "debugfs") || !streq(m->root, "/"))
		return 0;
	if (asprintf(&path, "%s/tracing", m->point) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);	/* triggers the automount */
	if (fd < 0 || fstatfs(fd, &st) || st.f_type != TRACEFS_MAGIC_NUMBER)
		return 0;
	t->path = take_ptr(path);
	return 1;
}

static int mount_it(struct ctx *ctx, struct tracefs *t)
{
	int err;

	if (ctx->opts->nomount) {
		fail_msg(ctx->err, -ENOENT, "tracefs is not mounted and -n disables mounting");
		err_hint(ctx->err, "mount -t tracefs tracefs " TRACEFS_PLACE);
		return -ENOENT;
	}
	if (mount("tracefs", TRACEFS_PLACE, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL)) {
		err = fail(ctx->err, -errno, "mount tracefs at " TRACEFS_PLACE);
		if (err == -ENODEV || err == -ENOENT)
			err_hint(ctx->err, "this kernel was built without tracing");
		err_hint_denied(ctx->err, "cap_sys_admin");
		return err;
	}
	t->path = strdup(TRACEFS_PLACE);
	return t->path ? 0 : fail(ctx->err, -ENOMEM, "open tracefs");
}

int tracefs_open(struct ctx *ctx, struct tracefs *ret)
{
	auto_tracefs struct tracefs t = { .dir = -1 };
	struct stat st;
	int err = mounts_each(take_tracefs, &t);

	if (!err)
		err = mounts_each(take_debugfs, &t);
	if (err < 0)
		return fail(ctx->err, err, "read mounts");
	if (!err) {
		err = mount_it(ctx, &t);
		if (err)
			return err;
	}
	t.dir = open(t.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (t.dir < 0 || fstat(t.dir, &st)) {
		err = fail(ctx->err, -errno, "open '%s'", t.path);
		err_hint_denied(ctx->err, "cap_dac_override");
		return err;
	}
	t.dev = st.st_dev;
	*ret = t;
	t = (struct tracefs){ .dir = -1 };
	return 0;
}

int tracefs_read(int dir, const char *file, char **ret_text)
{
	auto_close int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	struct buf b = {};
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && buf_room(&b, 4096)) {
		n = read(fd, b.data + b.len, 4096);
		if (n > 0)
			b.len += (size_t)n;
		else if (n < 0)
			b.err = -errno;
	}
	buf_putc(&b, '\0');
	if (b.err) {
		free(b.data);
		return b.err;
	}
	*ret_text = b.data;
	return 0;
}

int tracefs_write(int dir, const char *file, enum tracefs_how how, const char *text)
{
	int flags = O_WRONLY | O_CLOEXEC | (how == TRACEFS_SET ? O_TRUNC : O_APPEND);
	auto_close int fd = openat(dir, file, flags);
	size_t len = strlen(text);
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (!len)
		return 0;	/* O_TRUNC was the command */
	n = write(fd, text, len);
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}
