// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A walk through /proc/<pid>/fd. Everything is opened relative to the process's directory, so that
 * a pid that is reused meanwhile cannot mix up two processes.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "cli/caps.h"
#include "cli/ctx.h"
#include "cli/file.h"
#include "kern/procs.h"

#define NEEDED_CAPS "cap_sys_ptrace"

#define auto_closedir __attribute__((cleanup(cleanup_dir)))
static void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* The start of a small file as text; its length, or a negative errno. */
static ssize_t read_text(int dir, const char *path, char *buf, size_t size)
{
	auto_close int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : file_read_start(fd, buf, size);
}

void proc_comm(const struct proc_file *f, char buf[static PROC_COMM_MAX])
{
	char text[64] = "";
	ssize_t n;

	if (f->comm) {
		snprintf(buf, PROC_COMM_MAX, "%s", f->comm);
		return;
	}
	n = read_text(f->proc_dir, "comm", text, sizeof(text));
	/* The kernel may show more than it stores, as for its own threads. */
	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	snprintf(buf, PROC_COMM_MAX, "%.*s", PROC_COMM_MAX - 1, n > 0 ? text : "");
}

ssize_t proc_text(const struct proc_file *f, const char *path, char *buf, size_t size)
{
	return read_text(f->proc_dir, path, buf, size);
}

int proc_fdinfo(const struct proc_file *f, const char *key, uint32_t *ret)
{
	char path[32], text[2048];
	size_t len = strlen(key);
	const char *line = text;
	ssize_t n;

	snprintf(path, sizeof(path), "fdinfo/%u", f->fd);
	n = read_text(f->proc_dir, path, text, sizeof(text));
	if (n < 0)
		return n == -ESRCH ? -ENOENT : (int)n;
	while (strncmp(line, key, len) || line[len] != ':') {
		line = strchr(line, '\n');
		if (!line++)
			return -ENOENT;
	}
	*ret = (uint32_t)strtoul(line + len + 1, NULL, 10);
	return 0;
}

/* -EACCES: the list is readable, but its contents are not. */
static int visit_files(DIR *fds, struct proc_file *f,
		       int (*fn)(const struct proc_file *f, void *data), void *data)
{
	char target[PROC_TARGET_MAX];
	struct dirent *e;
	int err = 0;

	f->target = target;
	while (!err && (errno = 0, e = readdir(fds))) {
		ssize_t n;

		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		n = readlinkat(dirfd(fds), e->d_name, target, sizeof(target) - 1);
		if (n < 0 && errno != ENOENT)
			return -errno;
		if (n < 0)
			continue;
		target[n] = '\0';
		f->fd = (uint32_t)strtoul(e->d_name, NULL, 10);
		err = fn(f, data);
	}
	if (!err && !e && errno != ENOENT)	/* else: the process has exited */
		err = -errno;
	return err;
}

/* -EACCES: it is not accessible. */
static int visit_process(int proc, uint32_t pid, int (*fn)(const struct proc_file *f, void *data),
			 void *data)
{
	auto_close int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct proc_file f = { .pid = pid, .proc_dir = proc };
	auto_closedir DIR *fds = fd >= 0 ? fdopendir(fd) : NULL;

	if (!fds)
		return errno == ENOENT || errno == ESRCH ? 0 : -errno;
	take_fd(&fd);
	return visit_files(fds, &f, fn, data);
}

int procs_each_file(int (*fn)(const struct proc_file *f, void *data), void *data,
		    size_t *ret_hidden)
{
	auto_closedir DIR *procs = opendir("/proc");
	struct dirent *e;
	int err = procs ? 0 : -errno;

	*ret_hidden = 0;
	while (!err && (errno = 0, e = readdir(procs))) {
		uint32_t pid = (uint32_t)strtoul(e->d_name, NULL, 10);
		auto_close int proc = -1;

		if (!isdigit((unsigned char)e->d_name[0]) || pid == (uint32_t)getpid())
			continue;
		proc = openat(dirfd(procs), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (proc >= 0)
			err = visit_process(proc, pid, fn, data);
		else if (errno != ENOENT && errno != ESRCH)
			err = -errno;
		if (err == -EACCES ||
		    (proc < 0 && err == -EPERM)) { /* EPERM: a mount with hidepid=1 */
			++*ret_hidden;
			err = 0;
		}
		errno = 0;
	}
	return err ? err : -errno;
}

bool procs_may_see_all(void)
{
	char missing[64];

	caps_missing(NEEDED_CAPS, missing, sizeof(missing));
	return !missing[0] && !caps_of_user_namespace();
}

static void hint_hidden(struct ctx *ctx)
{
	err_hint_denied(ctx->err, NEEDED_CAPS);
	err_hint(ctx->err, "no capability is missing; a security module (LSM) or system policy "
			   "denies this");
}

int procs_fail(struct ctx *ctx, uint32_t pid)
{
	fail(ctx->err, -EACCES, "read the open files of process %u", pid);
	hint_hidden(ctx);
	return -EACCES;
}

void procs_hidden(struct ctx *ctx, size_t n_hidden)
{
	if (!n_hidden)
		return;
	fail(ctx->err, -EACCES, "read the open files of %zu process%s", n_hidden,
	     plural(n_hidden, "", "es"));
	hint_hidden(ctx);
	report_and_skip(ctx);
}

void procs_partly(struct ctx *ctx, size_t n_hidden)
{
	if (!procs_may_see_all())
		procs_hidden(ctx, n_hidden);
}

bool procs_are_there(void)
{
	struct statfs fs;

	return !statfs("/proc", &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

int procs_fail_none(struct ctx *ctx, const char *what)
{
	fail_msg(ctx->err, -ENOENT,
		 "%s: /proc, which lists the open files of processes, is not mounted", what);
	err_hint(ctx->err, "mount -t proc proc /proc");
	return -ENOENT;
}

int proc_each_file(uint32_t pid, int (*fn)(const struct proc_file *f, void *data), void *data)
{
	auto_close int proc = -1;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u", pid);
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return visit_process(proc, pid, fn, data);
}
