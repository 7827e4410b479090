// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A file with several names, or in a directory in which nothing can be created, cannot be replaced.
 * The new contents are complete in another file before the first byte of the old is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#include "cli/cleanup.h"
#include "cli/file_into.h"

int file_into_open(const char *path, const struct file_target *t)
{
	auto_close int fd = -1;
	struct stat st;

	if (t->shared_dir && t->st.st_nlink > 1)
		return -EMLINK;
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (st.st_dev != t->st.st_dev || st.st_ino != t->st.st_ino || !S_ISREG(st.st_mode))
		return -ESTALE;
	return take_fd(&fd);
}

int file_into_stage(void)
{
	int fd = open(P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		fd = memfd_create("bpfctl", MFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Not every file system can. */
static int reserve(int fd, off_t len)
{
	if (!len || !fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, len))
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL ? 0 : -errno;
}

static int copy(int into, int from, off_t len)
{
	off_t at = 0;

	while (at < len) {
		ssize_t n = sendfile(into, from, &at, (size_t)(len - at));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return -EIO;
	}
	return ftruncate(into, len) ? -errno : 0;
}

int file_into_copy(int into, int from, bool *ret_torn)
{
	sigset_t before;
	struct stat st;
	int err;

	*ret_torn = false;
	if (fstat(from, &st))
		return -errno;
	err = reserve(into, st.st_size);
	if (err)
		return err;
	*ret_torn = true;
	cleanup_block(&before);
	err = copy(into, from, st.st_size);
	cleanup_unblock(&before);
	return err;
}
