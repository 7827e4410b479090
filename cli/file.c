// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Files appear whole or not at all: written under another name in the same directory, then renamed. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "buf.h"
#include "err.h"

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

/* /dev/stdout, a pipe: nothing that could be replaced. */
static int write_special(const char *path, const void *data, size_t len)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : write_all(fd, data, len);
}

static int write_regular(const char *path, const void *data, size_t len, unsigned int mode)
{
	auto_close int fd = -1;
	char temp[PATH_MAX + 8];
	int err;

	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);		/* mode 0600 */
	if (fd < 0)
		return -errno;
	err = write_all(fd, data, len);
	if (!err && mode != 0600 && fchmod(fd, mode))
		err = -errno;
	if (!err && close(take_fd(&fd)))	/* some file systems tell only now */
		err = -errno;
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	return err;
}

int file_write(struct err *e, const char *path, const void *data, size_t len)
{
	return file_write_mode(e, path, data, len, 0600);
}

int file_write_mode(struct err *e, const char *path, const void *data, size_t len, unsigned int mode)
{
	char target[PATH_MAX];
	struct stat st;
	int err;

	/* A link is followed: what it leads to is replaced, not the link. */
	if (!realpath(path, target))
		snprintf(target, sizeof(target), "%s", path);
	if (strlen(path) >= sizeof(target))
		err = -ENAMETOOLONG;
	else if (!stat(target, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		err = write_special(target, data, len);
	else
		err = write_regular(target, data, len, mode);
	return err ? fail(e, err, "write '%s'", path) : 0;
}

static int read_all(int fd, size_t max, struct buf *b)
{
	size_t start = b->len;

	for (;;) {
		ssize_t n;

		if (!buf_room(b, 4096))
			return b->err;
		n = read(fd, b->data + b->len, 4096);
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
	err = read_all(is_stdin ? STDIN_FILENO : owned, max, b);
	if (err == -EFBIG)
		return fail_msg(e, err, "'%s' is larger than the %zu bytes that can be of use", path, max);
	return err ? fail(e, err, "read '%s'", is_stdin ? "stdin" : path) : 0;
}
