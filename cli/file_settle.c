// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Copies of pipes in memory, with a name in /proc. */
#include "cli/file_settle.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "cli/file.h"

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int file_settle_bytes(struct err *e, const char *path, const void *data, size_t len,
		      struct settled_file *ret)
{
	int err;

	*ret = (struct settled_file){ .fd = memfd_create("bpfctl", MFD_CLOEXEC) };
	err = ret->fd < 0 ? -errno : write_all(ret->fd, data, len);
	if (err)
		return fail(e, err, "copy '%s'", path);
	snprintf(ret->own_path, sizeof(ret->own_path), "/proc/self/fd/%d", ret->fd);
	ret->path = ret->own_path;
	return access(ret->path, R_OK) ? fail(e, -errno, "open the copy of '%s'", path) : 0;
}

bool file_is_named(const char *path)
{
	struct stat st;

	return stat(path, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

int file_settle(struct err *e, const char *path, const struct file_kind *kind,
		struct settled_file *ret)
{
	struct buf b = {};
	int err;

	*ret = (struct settled_file){ .path = path, .fd = -1 };
	if (file_is_named(path))
		return 0;	/* errors are found by the code that opens it */
	err = file_read_kind(e, path, kind, &b);
	err = err ?: file_settle_bytes(e, path, b.data, b.len, ret);
	buf_free(&b);
	return err;
}

void file_settled_close(struct settled_file *f)
{
	cleanup_close(&f->fd);
}
