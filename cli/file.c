// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Files appear whole or not at all: written under another name in the same directory, then renamed. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "buf.h"
#include "err.h"

#define READ_AT_ONCE (64 << 10)

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= n;
	}
	return 0;
}

/* Beside its target: a rename does not cross file systems. */
static int open_temp(struct new_file *f)
{
	if (asprintf(&f->temp, "%s.XXXXXX", f->target) < 0) {
		f->temp = NULL;
		return -ENOMEM;
	}
	f->fd = mkostemp(f->temp, O_CLOEXEC);		/* mode 0600 */
	if (f->fd >= 0)
		return 0;
	free(take_ptr(f->temp));
	return -errno;
}

static int open_new(struct new_file *f)
{
	struct stat st;

	/* A link is followed: what it leads to is replaced, not the link. */
	f->target = realpath(f->path, NULL) ?: strdup(f->path);
	if (!f->target)
		return -ENOMEM;
	if (stat(f->target, &st) || S_ISREG(st.st_mode))
		return open_temp(f);
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	f->fd = open(f->target, O_WRONLY | O_CLOEXEC);	/* /dev/stdout, a pipe: cannot be replaced */
	return f->fd < 0 ? -errno : 0;
}

int file_begin(struct err *e, const char *path, unsigned int mode, struct new_file *ret)
{
	struct new_file f = { .fd = -1, .path = path, .mode = mode };
	int err = open_new(&f);

	if (err) {
		file_abandon(&f);
		return fail(e, err, "write '%s'", path);
	}
	*ret = f;
	return 0;
}

void file_abandon(struct new_file *f)
{
	cleanup_close(&f->fd);
	if (f->temp)
		unlink(f->temp);
	free(f->temp);
	free(f->target);
	*f = (struct new_file){ .fd = -1 };
}

/* The owner stays if we may say so: root writes many a file for somebody else. */
static int set_mode(const struct new_file *f)
{
	mode_t mask, mode = f->mode;
	struct stat old;

	if (mode == FILE_MODE_USUAL && !stat(f->target, &old)) {
		mode = old.st_mode & 0777;
		if (fchown(f->fd, old.st_uid, old.st_gid) && errno != EPERM)
			return -errno;
	} else if (mode == FILE_MODE_USUAL) {
		mask = umask(0);
		umask(mask);
		mode = 0666 & ~mask;
	}
	return fchmod(f->fd, mode) ? -errno : 0;
}

int file_finish(struct err *e, struct new_file *f)
{
	const char *path = f->path;
	int err = f->temp ? set_mode(f) : 0;

	if (!err && close(take_fd(&f->fd)))	/* some file systems tell only now */
		err = -errno;
	if (!err && f->temp && rename(f->temp, f->target))
		err = -errno;
	if (!err)
		free(take_ptr(f->temp));
	file_abandon(f);
	return err ? fail(e, err, "write '%s'", path) : 0;
}

int file_write(struct err *e, const char *path, const void *data, size_t len)
{
	return file_write_mode(e, path, data, len, 0600);
}

int file_write_mode(struct err *e, const char *path, const void *data, size_t len, unsigned int mode)
{
	struct new_file f;
	int err = file_begin(e, path, mode, &f);

	if (err)
		return err;
	err = write_all(f.fd, data, len);
	if (!err)
		return file_finish(e, &f);
	file_abandon(&f);
	return fail(e, err, "write '%s'", path);
}

int file_read_fd(int fd, size_t max, struct buf *b)
{
	size_t start = b->len;

	for (;;) {
		ssize_t n;

		if (b->len == b->cap && !buf_room(b, READ_AT_ONCE))
			return b->err;
		n = read(fd, b->data + b->len, b->cap - b->len);
		if (!n)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		b->len += n > 0 ? (size_t)n : 0;
		if (b->len - start > max)
			return -EFBIG;
	}
}

int file_read(struct err *e, const char *path, size_t max, struct buf *b)
{
	bool is_stdin = streq(path, "-");
	auto_close int owned = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (!is_stdin && owned < 0)
		return fail(e, -errno, "open '%s'", path);
	err = file_read_fd(is_stdin ? STDIN_FILENO : owned, max, b);
	if (err == -EFBIG)
		return fail_msg(e, err, "'%s' is larger than the %zu bytes that can be of use", path, max);
	return err ? fail(e, err, "read '%s'", is_stdin ? "stdin" : path) : 0;
}
