// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Files are written completely or not at all. Until it is complete, a new file has no name if the
 * file system supports that (O_TMPFILE); otherwise it has an unpredictable name, and a signal
 * removes it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>

#include "cli/buf.h"
#include "cli/cleanup.h"
#include "cli/err.h"
#include "cli/file.h"
#include "cli/file_into.h"
#include "cli/file_target.h"

#define READ_AT_ONCE (64 << 10)
#define TRIES 100

/* In the target's directory: a rename does not cross file systems. */
static char *temp_name(const char *target)
{
	uint64_t random = 0;
	char *name;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		/* early at boot: O_EXCL and linkat() keep it safe */
		random = (uint64_t)getpid();
	if (asprintf(&name, "%.*s.bpfctl-%016llx", (int)path_dir_len(target), target,
		     (unsigned long long)random) < 0)
		return NULL;
	return name;
}

static void proc_path(int fd, char ret[static 32])
{
	snprintf(ret, 32, "/proc/self/fd/%d", fd);
}

/*
 * -1 if the file system does not support it, or if it could not be given a name later: this needs
 * /proc.
 */
static int open_nameless(const char *target)
{
	auto_free char *dir = path_dir(target);
	int fd = dir ? open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
	char path[32];

	if (fd < 0)
		return -1;
	proc_path(fd, path);
	if (!access(path, F_OK))
		return fd;
	close(fd);
	return -1;
}

/* After several names that already exist, this is the error. */
static int try_named(struct new_file *f)
{
	int err = -EEXIST;

	for (unsigned int i = 0; err == -EEXIST && i < TRIES; i++) {
		free(f->temp);
		f->temp = temp_name(f->target);
		if (!f->temp)
			return -ENOMEM;
		f->fd = open(f->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		err = f->fd < 0 ? -errno : 0;
	}
	if (err)
		free(take_ptr(f->temp));
	return err;
}

static int open_named(struct new_file *f)
{
	sigset_t before;
	int err;

	cleanup_block(&before);
	err = try_named(f);
	if (!err && !(f->mode & FILE_KEEP))
		err = cleanup_add(f->temp);
	cleanup_unblock(&before);
	return err;
}

/*
 * If the data exists nowhere else, the file has a name from the start, so that it survives SIGKILL,
 * too.
 */
static int open_temp(struct new_file *f)
{
	f->fd = f->mode & FILE_KEEP ? -1 : open_nameless(f->target);
	return f->fd >= 0 ? 0 : open_named(f);
}

/* Descriptors opened before us stay open over exec(); others are ours: a map, a kernel socket. */
static int dup_inherited(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || flags & FD_CLOEXEC)
		return -EBADF;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

/* A file that is a mount point cannot be replaced. */
static bool is_mounted(const char *path)
{
	struct statx st;

	return !statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &st) &&
	       st.stx_attributes & st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT;
}

/* Nothing can be created in the file's directory. */
static bool is_closed_dir(int err)
{
	return err == -EACCES || err == -EPERM || err == -EROFS;
}

static int open_into(struct new_file *f, const char *path, const struct file_target *t)
{
	f->into = file_into_open(path, t);
	f->in_place = f->into >= 0;
	return f->in_place ? 0 : f->into;
}

/*
 * Data that exists nowhere else is not written into a file: then it would be nowhere after a crash.
 */
static int open_instead_of(struct new_file *f, const char *path, const struct file_target *t)
{
	int err;

	f->has_old = true;
	if (is_mounted(path))
		return -EBUSY;
	f->old_mode = t->st.st_mode & 0777;
	f->old_uid = t->st.st_uid;
	f->old_gid = t->st.st_gid;
	err = t->st.st_nlink > 1 ? open_into(f, path, t) : 0;
	if (err)
		return err;
	err = open_temp(f);
	if (!is_closed_dir(err) || f->mode & FILE_KEEP)
		return err;
	if (!f->in_place && open_into(f, path, t))
		return err;
	f->fd = file_into_stage();
	return f->fd < 0 ? f->fd : 0;
}

static int open_new(struct new_file *f)
{
	struct file_target t = {};
	auto_free char *path = NULL;
	int err = file_target_find(f->path, &t);

	if (err)
		return err;
	path = t.path;
	switch (t.kind) {
	case TARGET_OWN_FD:
		f->fd = dup_inherited(t.own_fd);
		return f->fd < 0 ? f->fd : 0;
	case TARGET_SPECIAL:
		f->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		return f->fd < 0 ? -errno : 0;
	default:
		break;
	}
	f->target = strdup(path);
	if (!f->target)
		return -ENOMEM;
	return t.kind == TARGET_REGULAR ? open_instead_of(f, path, &t) : open_temp(f);
}

int file_begin(struct err *e, const char *path, unsigned int mode, struct new_file *ret)
{
	struct new_file f = { .fd = -1, .path = path, .mode = mode };
	int err = open_new(&f);
	bool is_regular = f.has_old;

	if (err) {
		file_abandon(&f);
		fail(e, err, "write '%s'", path);
		if (err == -EBUSY && is_regular)
			err_hint(e, "it is a mount point and cannot be replaced");
		if (err == -EMLINK && is_regular)
			err_hint(e, "it has other names, which anybody may have given it in this "
				    "directory");
		return err;
	}
	*ret = f;
	return 0;
}

/* Data that exists nowhere else is kept. */
static void leave(struct err *e, struct new_file *f)
{
	if (!f->temp || !(f->mode & FILE_KEEP))
		return;
	err_hint_more(e, "all of it is in '%s'", f->temp);
	free(take_ptr(f->temp));
}

void file_abandon(struct new_file *f)
{
	cleanup_close(&f->fd);
	if (f->in_place)
		cleanup_close(&f->into);
	if (f->temp)
		unlink(f->temp);
	cleanup_forget(f->temp);
	free(f->temp);
	free(f->target);
	*f = (struct new_file){ .fd = -1 };
}

static int wait_for_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

static int write_all(int fd, const char *data, size_t len, size_t *ret_done)
{
	for (*ret_done = 0; *ret_done < len;) {
		ssize_t n = write(fd, data + *ret_done, len - *ret_done);
		int err = n < 0 ? -errno : 0;

		if (err == -EAGAIN)
			err = wait_for_room(fd);
		if (err && err != -EINTR)
			return err;
		*ret_done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int file_put(struct err *e, const struct new_file *f, const struct buf *b, size_t *ret_done)
{
	size_t done;
	int err = b->err ?: write_all(f->fd, b->data, b->len, ret_done ?: &done);

	return err ? fail(e, err, "write '%s'", f->path) : 0;
}

/* Keeps the owner if we may set it: root often writes files for other users. */
static int keep_owner(const struct new_file *f)
{
	struct stat new;

	if (fstat(f->fd, &new))
		return -errno;
	if (new.st_uid == f->old_uid && new.st_gid == f->old_gid)
		return 0;
	if (!fchown(f->fd, f->old_uid, f->old_gid) || !fchown(f->fd, (uid_t)-1, f->old_gid))
		return 0;
	/* EINVAL: our user namespace has no id for the owner */
	return errno == EPERM || errno == EINVAL ? 0 : -errno;
}

static int set_mode(const struct new_file *f)
{
	mode_t mask, mode = f->has_old ? f->old_mode : f->mode & 0777;
	int err = f->has_old ? keep_owner(f) : 0;

	if (err)
		return err;
	if (!mode && !f->has_old) {
		mask = umask(0);
		umask(mask);
		mode = 0666 & ~mask;
	}
	return fchmod(f->fd, mode) ? -errno : 0;
}

static int link_as(int fd, const char *name)
{
	char path[32];

	proc_path(fd, path);
	return linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

/* linkat() does not replace files: if the name exists, use a temporary name for a rename. */
static int replace(const struct new_file *f)
{
	int err = -EEXIST;

	for (unsigned int i = 0; err == -EEXIST && i < TRIES; i++) {
		auto_free char *name = temp_name(f->target);

		err = name ? link_as(f->fd, name) : -ENOMEM;
		if (err)
			continue;
		err = rename(name, f->target) ? -errno : 0;
		if (err)
			unlink(name);
		return err;
	}
	return err;
}

static int give_name(const struct new_file *f)
{
	sigset_t before;
	int err;

	cleanup_block(&before);
	err = link_as(f->fd, f->target);
	if (err == -EEXIST)
		err = replace(f);
	cleanup_unblock(&before);
	return err;
}

static int put_into(struct err *e, struct new_file *f)
{
	bool torn;
	int err = file_into_copy(f->into, f->fd, &torn);

	if (close(take_fd(&f->into)) && !err)
		err = -errno;
	if (err && torn) {
		fail(e, err, "write '%s'", f->path);
		err_hint(e, "it could not be replaced, only written into: it may contain a part of "
			    "the new data");
	}
	return err;
}

static int put_in_place(struct err *e, struct new_file *f)
{
	int err;

	if (f->in_place)
		return put_into(e, f);
	err = set_mode(f);
	if (err)
		return err;
	if (!f->temp)
		return give_name(f);
	if (close(take_fd(&f->fd)))	/* some file systems report errors only now */
		return -errno;
	if (rename(f->temp, f->target))
		return -errno;
	cleanup_forget(f->temp);
	free(take_ptr(f->temp));
	return 0;
}

int file_finish(struct err *e, struct new_file *f)
{
	const char *path = f->path;
	int err = f->target ? put_in_place(e, f) : 0;

	if (f->fd >= 0 && close(take_fd(&f->fd)) && !err)
		err = -errno;
	if (err) {
		fail(e, err, "write '%s'", path);
		leave(e, f);
	}
	file_abandon(f);
	return err;
}

int file_write(struct err *e, const char *path, const void *data, size_t len)
{
	return file_write_mode(e, path, data, len, 0600);
}

int file_write_mode(struct err *e, const char *path, const void *data, size_t len,
		    unsigned int mode)
{
	struct new_file f;
	size_t done;
	int err = file_begin(e, path, mode, &f);

	if (err)
		return err;
	err = write_all(f.fd, data, len, &done);
	if (!err)
		return file_finish(e, &f);
	file_abandon(&f);
	return fail(e, err, "write '%s'", path);
}

/* What need not be read on: the caller refuses it by its start. */
static bool is_other(const struct file_kind *kind, const struct buf *b, size_t start)
{
	return kind->starts && b->len - start >= FILE_START_MIN &&
	       !kind->starts(b->data + start, b->len - start);
}

int file_read_kind_fd(int fd, const struct file_kind *kind, struct buf *b)
{
	size_t start = b->len;

	while (!is_other(kind, b, start)) {
		ssize_t n;

		if (b->len == b->cap && !buf_room(b, READ_AT_ONCE))
			return b->err;
		n = read(fd, b->data + b->len, b->cap - b->len);
		if (!n)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		b->len += n > 0 ? (size_t)n : 0;
		if (b->len - start > kind->max)
			return -EFBIG;
	}
	return 0;
}

int file_read_fd(int fd, size_t max, struct buf *b)
{
	const struct file_kind any = { .max = max };

	return file_read_kind_fd(fd, &any, b);
}

ssize_t file_read_start(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size - 1 && (n = read(fd, text + len, size - 1 - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = '\0';
	return (ssize_t)len;
}

int file_read_kind(struct err *e, const char *path, const struct file_kind *kind, struct buf *b)
{
	bool is_stdin = streq(path, "-");
	auto_close int owned = is_stdin ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (!is_stdin && owned < 0)
		return fail(e, -errno, "open '%s'", path);
	err = file_read_kind_fd(is_stdin ? STDIN_FILENO : owned, kind, b);
	if (err == -EFBIG)
		return fail_msg(e, err, "'%s' is larger than %zu bytes", path, kind->max);
	return err ? fail(e, err, "read '%s'", is_stdin ? "stdin" : path) : 0;
}

int file_read(struct err *e, const char *path, size_t max, struct buf *b)
{
	const struct file_kind any = { .max = max };

	return file_read_kind(e, path, &any, b);
}
