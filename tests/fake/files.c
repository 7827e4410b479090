// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The files that belong to a kernel: /proc/self/fd and fdinfo of fake objects, the files of the
 * fixture's "file" lines, an empty /proc, a bpffs that is an ordinary directory (FAKE_BPFFS), and a
 * clock that stands still, so that outputs can be compared.
 */
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "fake.h"

#define REAL(name) ((__typeof__(&name))real_function(#name))

static void *real_function(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* A rule for a folder holds for its numbered entries: /proc/4242/..., but not /proc/self. */
static const char *instead_by_folder(const struct file_rule *r, const char *path)
{
	static __thread char buf[1024];
	size_t len = strlen(r->path);

	if (strncmp(r->path, path, len) || path[len] != '/' || !isdigit(path[len + 1]))
		return NULL;
	snprintf(buf, sizeof(buf), "%s%s", r->instead, path + len);
	return buf;
}

/* The replacement of path: itself, another file, or NULL if it does not exist. */
static const char *instead_of(const char *path)
{
	const struct fixture *fx = fixture();

	for (size_t i = 0; i < fx->n_files; i++) {
		const struct file_rule *r = &fx->files[i];
		const char *inside = instead_by_folder(r, path);

		if (!strcmp(r->path, path))
			return r->instead[0] ? r->instead : NULL;
		if (inside)
			return inside;
	}
	if (!strcmp(path, "/proc") || !strcmp(path, "/proc/"))
		return "/proc/self/ns";	/* a directory without numbers: no process */
	if (!strncmp(path, "/proc/", 6) && path[6] >= '0' && path[6] <= '9')
		return NULL;
	if (!strcmp(path, "/sys/kernel/btf/vmlinux") || !strncmp(path, "/boot/config-", 13))
		return NULL;
	return path;
}

static struct object *object_at(const char *path, const char *folder)
{
	size_t len = strlen(folder);
	char *end;
	long fd;

	if (strncmp(path, folder, len))
		return NULL;
	fd = strtol(path + len, &end, 10);
	return end == path + len || *end ? NULL : object_of_fd(fd);
}

/* An fd that reads like /proc/self/fdinfo/N of the object. */
static int open_fdinfo(const struct object *o)
{
	static const char *const id_keys[] = { "prog_id", "map_id", "link_id", "btf_id" };
	int fd = memfd_create("fdinfo", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	dprintf(fd, "pos:\t0\nflags:\t02000002\n%s:\t%u\n%s", id_keys[o->kind], o->id, o->fdinfo);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int open_any(int dirfd, const char *path, int flags, mode_t mode)
{
	/* A file system like NFS or FAT: no O_TMPFILE. */
	if ((flags & O_TMPFILE) == O_TMPFILE && getenv("FAKE_NO_TMPFILE")) {
		errno = EOPNOTSUPP;
		return -1;
	}
	const struct object *o = object_at(path, "/proc/self/fdinfo/");

	if (o)
		return open_fdinfo(o);
	path = instead_of(path);
	if (!path) {
		errno = ENOENT;
		return -1;
	}
	return REAL(openat)(dirfd, path, flags, mode);
}

#define MODE_OF(flags)                                                                             \
	({                                                                                         \
		va_list ap_;                                                                       \
		va_start(ap_, flags);                                                              \
		mode_t m_ = (flags) & (O_CREAT | __O_TMPFILE) ? va_arg(ap_, mode_t) : 0;           \
		va_end(ap_);                                                                       \
		m_;                                                                                \
	})

int open(const char *path, int flags, ...)
{
	return open_any(AT_FDCWD, path, flags, MODE_OF(flags));
}

int open64(const char *path, int flags, ...)
{
	return open_any(AT_FDCWD, path, flags, MODE_OF(flags));
}

int openat(int dirfd, const char *path, int flags, ...)
{
	return open_any(dirfd, path, flags, MODE_OF(flags));
}

int openat64(int dirfd, const char *path, int flags, ...)
{
	return open_any(dirfd, path, flags, MODE_OF(flags));
}

static FILE *fopen_any(const char *path, const char *mode)
{
	const struct object *o = object_at(path, "/proc/self/fdinfo/");

	if (o) {
		int fd = open_fdinfo(o);

		return fd < 0 ? NULL : fdopen(fd, mode);
	}
	path = instead_of(path);
	if (!path) {
		errno = ENOENT;
		return NULL;
	}
	return REAL(fopen)(path, mode);
}

FILE *fopen(const char *path, const char *mode)
{
	return fopen_any(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	return fopen_any(path, mode);
}

FILE *setmntent(const char *path, const char *mode)
{
	return fopen_any(path, mode);
}

DIR *opendir(const char *path)
{
	path = instead_of(path);
	if (!path) {
		errno = ENOENT;
		return NULL;
	}
	return REAL(opendir)(path);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	const struct object *o = object_at(path, "/proc/self/fd/");
	char text[32];
	size_t len;

	if (!o)
		return REAL(readlink)(path, buf, size);
	if (injected("kind", o->kind, o->id))
		return refuse(injected("kind", o->kind, o->id));
	len = snprintf(text, sizeof(text), "anon_inode:%s", anon_name(o->kind));
	len = len < size ? len : size;
	memcpy(buf, text, len);
	return len;
}

ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	if (object_at(path, "/proc/self/fd/"))
		return readlink(path, buf, size);
	return REAL(readlinkat)(dirfd, path, buf, size);
}

int access(const char *path, int mode)
{
	path = instead_of(path);
	if (path)
		return REAL(access)(path, mode);
	errno = ENOENT;
	return -1;
}

int faccessat(int dirfd, const char *path, int mode, int flags)
{
	path = instead_of(path);
	if (path)
		return REAL(faccessat)(dirfd, path, mode, flags);
	errno = ENOENT;
	return -1;
}

/* Directories with these names are such file systems, and so is the one named by FAKE_BPFFS. */
static void set_magic(const char *path, struct statfs *buf)
{
	const char *bpffs = getenv("FAKE_BPFFS");

	if (bpffs && *bpffs && !strncmp(path, bpffs, strlen(bpffs)))
		buf->f_type = BPF_FS_MAGIC;
	else if (strstr(path, "/fx/tracefs"))
		buf->f_type = TRACEFS_MAGIC;
	else if (strstr(path, "/fx/cgroup2"))
		buf->f_type = CGROUP2_SUPER_MAGIC;
}

int statfs(const char *path, struct statfs *buf)
{
	int err = REAL(statfs)(path, buf);

	if (!err)
		set_magic(path, buf);
	return err;
}

int fstatfs(int fd, struct statfs *buf)
{
	int err = REAL(fstatfs)(fd, buf);
	char link[32], path[512] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (!err && REAL(readlink)(link, path, sizeof(path) - 1) > 0)
		set_magic(path, buf);
	return err;
}

/* The fake kernel has one pid namespace, the initial one, wherever the tests run. */
int stat(const char *path, struct stat *buf)
{
	int err = REAL(stat)(path, buf);

	if (!err && !strcmp(path, "/proc/self/ns/pid"))
		buf->st_ino = 0xEFFFFFFCU;	/* PROC_PID_INIT_INO */
	return err;
}

/*
 * libbpf raises the limit of locked memory before it creates something: the result differs between
 * machines.
 */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	(void)resource;
	(void)limit;
	return 0;
}

int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	(void)resource;
	(void)limit;
	return 0;
}

/* A duplicated descriptor refers to the same object. */
static int fcntl_any(int fd, int cmd, void *arg)
{
	int ret = REAL(fcntl)(fd, cmd, arg);

	if (ret >= 0 && (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC))
		keep_fd(ret, object_of_fd(fd));
	return ret;
}

int fcntl(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return fcntl_any(fd, cmd, arg);
}

int fcntl64(int fd, int cmd, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, cmd);
	arg = va_arg(ap, void *);
	va_end(ap);
	return fcntl_any(fd, cmd, arg);
}

int dup(int from)
{
	int ret = REAL(dup)(from);

	if (ret >= 0)
		keep_fd(ret, object_of_fd(from));
	return ret;
}

int dup3(int from, int to, int flags)
{
	int ret = REAL(dup3)(from, to, flags);

	if (ret >= 0)
		keep_fd(ret, object_of_fd(from));
	return ret;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	uint64_t ms = fake_passed_ms();

	ts->tv_nsec = ms % 1000 * 1000000;
	ts->tv_sec = (clock == CLOCK_REALTIME ? 1795206580 : 1000) + ms / 1000;
	return 0;
}

time_t time(time_t *t)
{
	if (t)
		*t = 1795206580;
	return 1795206580;
}
