// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Copies of pipes, in memory, with a name in /proc. */
#include "file_settle.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "buf.h"
#include "err.h"
#include "file.h"

static int write_all(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->data + at, b->len - at);

		if (n < 0 && errno != EINTR)
			return -errno;
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int file_settle(struct err *e, const char *path, size_t max, struct settled_file *ret)
{
	struct buf b = {};
	struct stat st;
	int err;

	*ret = (struct settled_file){ .path = path, .fd = -1 };
	if (stat(path, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return 0;	/* what is wrong with it is found by who opens it */
	err = file_read(e, path, max, &b);
	if (!err) {
		ret->fd = memfd_create("bpfctl", MFD_CLOEXEC);
		err = ret->fd < 0 ? -errno : write_all(ret->fd, &b);
		if (err)
			fail(e, err, "copy '%s'", path);
	}
	buf_free(&b);
	snprintf(ret->own_path, sizeof(ret->own_path), "/proc/self/fd/%d", ret->fd);
	ret->path = ret->own_path;
	return err;
}

void file_settled_close(struct settled_file *f)
{
	cleanup_close(&f->fd);
}
