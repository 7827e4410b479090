// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The possible faults: the errors of each system call, and faults as words. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "torture.h"

#define ERRORS 6

/*
 * Errors of calls that are not caused by the program. Not here: errors that say that something does
 * not exist or is not supported (ENOENT, EINVAL of bpf): these are results that a program may
 * trust. Calls that are not here cannot fail, or not in a way that libc returns.
 */
static const struct {
	int nr;
	const char *name;
	int errors[ERRORS];
} calls[] = {
	{ SYS_read, "read", { EIO, EINTR, EAGAIN, ENOMEM } },
	{ SYS_write, "write", { ENOSPC, EIO, EINTR, EPIPE, EAGAIN } },
	{ SYS_pread64, "pread64", { EIO, EINTR } },
	{ SYS_pwrite64, "pwrite64", { ENOSPC, EIO, EINTR } },
	{ SYS_writev, "writev", { ENOSPC, EIO } },
	{ SYS_openat, "openat", { EMFILE, ENFILE, ENOMEM, EACCES, EINTR } },
	{ SYS_open, "open", { EMFILE, ENOMEM, EACCES } },
	{ SYS_close, "close", { EIO, EINTR } },
	{ SYS_newfstatat, "newfstatat", { EACCES, ENOMEM, EIO } },
	{ SYS_fstat, "fstat", { EIO, ENOMEM } },
	{ SYS_statx, "statx", { EACCES, ENOMEM } },
	{ SYS_access, "access", { EACCES, EIO } },
	{ SYS_lseek, "lseek", { EOVERFLOW, ESPIPE } },
	{ SYS_mmap, "mmap", { ENOMEM, EAGAIN } },
	{ SYS_mremap, "mremap", { ENOMEM } },
	{ SYS_ioctl, "ioctl", { EIO, EINTR, EPERM } },
	{ SYS_poll, "poll", { EINTR, ENOMEM } },
	{ SYS_ppoll, "ppoll", { EINTR, ENOMEM } },
	{ SYS_epoll_create1, "epoll_create1", { EMFILE, ENOMEM } },
	{ SYS_epoll_ctl, "epoll_ctl", { ENOMEM, ENOSPC } },
	{ SYS_epoll_wait, "epoll_wait", { EINTR } },
	{ SYS_signalfd4, "signalfd4", { EMFILE, ENOMEM } },
	{ SYS_timerfd_create, "timerfd_create", { EMFILE, ENOMEM } },
	{ SYS_timerfd_settime, "timerfd_settime", { EINVAL } },
	{ SYS_eventfd2, "eventfd2", { EMFILE, ENOMEM } },
	{ SYS_pipe2, "pipe2", { EMFILE, ENFILE } },
	{ SYS_dup, "dup", { EMFILE } },
	{ SYS_dup3, "dup3", { EMFILE, EINTR } },
	{ SYS_fcntl, "fcntl", { EMFILE, ENOMEM } },
	{ SYS_ftruncate, "ftruncate", { EIO, ENOSPC, EPERM } },
	{ SYS_fallocate, "fallocate", { ENOSPC, EIO } },
	{ SYS_fsync, "fsync", { EIO, ENOSPC } },
	{ SYS_fdatasync, "fdatasync", { EIO } },
	{ SYS_fchmod, "fchmod", { EPERM, EIO } },
	{ SYS_fchown, "fchown", { EPERM, EIO } },
	{ SYS_rename, "rename", { EIO, ENOSPC, EACCES } },
	{ SYS_renameat, "renameat", { EIO, ENOSPC, EACCES } },
	{ SYS_renameat2, "renameat2", { EIO, ENOSPC, EACCES } },
	{ SYS_link, "link", { EIO, ENOSPC, EACCES } },
	{ SYS_linkat, "linkat", { EIO, ENOSPC, EACCES } },
	{ SYS_symlinkat, "symlinkat", { EIO, ENOSPC } },
	{ SYS_unlink, "unlink", { EIO, EACCES } },
	{ SYS_unlinkat, "unlinkat", { EIO, EACCES } },
	{ SYS_mkdir, "mkdir", { EACCES, ENOSPC } },
	{ SYS_mkdirat, "mkdirat", { EACCES, ENOSPC } },
	{ SYS_rmdir, "rmdir", { EACCES, EIO } },
	{ SYS_getdents64, "getdents64", { EIO, ENOMEM } },
	{ SYS_readlink, "readlink", { EACCES, EIO, ENOMEM } },
	{ SYS_readlinkat, "readlinkat", { EACCES, EIO, ENOMEM } },
	{ SYS_statfs, "statfs", { EIO, EACCES, ENOMEM } },
	{ SYS_fstatfs, "fstatfs", { EIO, ENOMEM } },
	{ SYS_mount, "mount", { EPERM, ENOMEM, EBUSY } },
	{ SYS_umount2, "umount2", { EBUSY, EPERM } },
	{ SYS_getcwd, "getcwd", { ENOMEM, EACCES } },
	{ SYS_socket, "socket", { EMFILE, ENOMEM, EACCES } },
	{ SYS_bind, "bind", { ENOMEM, EACCES } },
	{ SYS_setsockopt, "setsockopt", { ENOMEM, ENOPROTOOPT } },
	{ SYS_getsockopt, "getsockopt", { ENOMEM } },
	{ SYS_getsockname, "getsockname", { ENOBUFS } },
	{ SYS_sendto, "sendto", { ENOBUFS, EINTR, ENOMEM } },
	{ SYS_sendmsg, "sendmsg", { ENOBUFS, EINTR, ENOMEM } },
	{ SYS_recvfrom, "recvfrom", { ENOBUFS, EINTR, ENOMEM } },
	{ SYS_recvmsg, "recvmsg", { ENOBUFS, EINTR, ENOMEM } },
	{ SYS_setns, "setns", { EPERM, ENOMEM } },
	{ SYS_unshare, "unshare", { EPERM, ENOMEM } },
	{ SYS_bpf, "bpf", { EPERM, ENOMEM, EINTR, EAGAIN } },
	{ SYS_perf_event_open, "perf_event_open", { EMFILE, EACCES, ENOMEM } },
	{ SYS_prlimit64, "prlimit64", { EPERM } },
	{ SYS_prctl, "prctl", { EPERM } },
	{ SYS_capget, "capget", { EPERM } },
	{ SYS_getrandom, "getrandom", { EINTR, EAGAIN } },
	{ SYS_memfd_create, "memfd_create", { EMFILE, ENOMEM } },
	{ SYS_clock_nanosleep, "clock_nanosleep", { EINTR } },
	{ SYS_nanosleep, "nanosleep", { EINTR } },
	{ SYS_clone, "clone", { EAGAIN, ENOMEM } },
	{ SYS_clone3, "clone3", { EAGAIN, ENOMEM } },
	{ SYS_wait4, "wait4", { EINTR } },
	{ SYS_flock, "flock", { EINTR, ENOLCK } },
	{ SYS_kcmp, "kcmp", { EPERM, ENOSYS } },
	{ SYS_pidfd_open, "pidfd_open", { EMFILE, ENOMEM } },
	{ SYS_sched_getaffinity, "sched_getaffinity", { EPERM } },
	{ SYS_sched_setaffinity, "sched_setaffinity", { EINVAL } },
	{ SYS_name_to_handle_at, "name_to_handle_at", { EOPNOTSUPP } },
};

#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

static const struct {
	int value;
	const char *name;
} errnos[] = {
#define E(x) { x, #x }
	E(EIO),	       E(EINTR),  E(EAGAIN),	  E(ENOMEM),	E(ENOSPC), E(EPIPE),
	E(EMFILE),     E(ENFILE), E(EACCES),	  E(EOVERFLOW), E(ESPIPE), E(EPERM),
	E(EINVAL),     E(EBUSY),  E(ENOPROTOOPT), E(ENOBUFS),	E(ENOLCK), E(ENOSYS),
	E(EOPNOTSUPP), E(SIGINT), E(SIGTERM),	  E(ENOENT),
#undef E
};

static const char *const arounds[N_AROUND] = {
	[OUT_FULL] = "out_full",       [ERR_FULL] = "err_full",
	[IN_CLOSED] = "in_closed",     [OUT_CLOSED] = "out_closed",
	[ERR_CLOSED] = "err_closed",   [ALL_CLOSED] = "all_closed",
	[OUT_GONE] = "out_gone",       [BOTH_GONE] = "both_gone",
	[FEW_FILES] = "few_files",     [LITTLE_STACK] = "little_stack",
	[FILES_EMPTY] = "files_empty", [FILES_SMALL] = "files_small",
	[SPACE_0] = "space_0",	       [SPACE_64K] = "space_64k",
	[SPACE_1M] = "space_1m",       [SPACE_4M] = "space_4m",
	[SPACE_16M] = "space_16m",
};
static const char *const kinds[] = {
	[NO_FAULT] = "none",	[CALL_ONCE] = "call",	[CALL_LATER] = "calls",
	[CALL_SHORT] = "short", [ALLOC_ONCE] = "alloc", [ALLOC_LATER] = "allocs",
	[SIGNAL] = "signal",	[AROUND] = "around",
};
static const char *const modes[N_MODES] = { [TEXT] = "text", [JSON] = "json", [PRETTY] = "pretty" };

/* The same numbers mean an error and a signal: the kind decides. */
static const char *arg_name(enum kind kind, int arg)
{
	size_t i;

	if (kind == AROUND)
		return arounds[arg];
	for (i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (errnos[i].value == arg &&
		    (kind == SIGNAL) == !strncmp(errnos[i].name, "SIG", 3))
			return errnos[i].name;
	return "0";
}

void fault_text(char *ret, size_t size, const struct fault *f)
{
	snprintf(ret, size, "%s/%s/%u/%s", modes[f->mode], kinds[f->kind], f->n,
		 arg_name(f->kind, f->arg));
}

static int index_of(const char *const *names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

bool fault_parse(struct fault *ret, const char *text)
{
	char mode[16], kind[16], arg[32];
	int m, k;
	size_t i;

	if (sscanf(text, "%15[^/]/%15[^/]/%u/%31s", mode, kind, &ret->n, arg) != 4)
		return false;
	m = index_of(modes, N_MODES, mode);
	k = index_of(kinds, sizeof(kinds) / sizeof(kinds[0]), kind);
	if (m < 0 || k < 0)
		return false;
	ret->mode = m;
	ret->kind = k;
	ret->arg = k == AROUND ? index_of(arounds, N_AROUND, arg) : 0;
	for (i = 0; k != AROUND && i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (!strcmp(errnos[i].name, arg))
			ret->arg = errnos[i].value;
	return ret->arg >= 0;
}

static size_t find_call(int nr)
{
	size_t i;

	for (i = 0; i < N_CALLS && calls[i].nr != nr; i++)
		;
	return i;
}

const char *call_name(int nr)
{
	size_t i = find_call(nr);

	return nr < 0 ? "alloc" : i < N_CALLS ? calls[i].name : "?";
}

static unsigned int any_below(unsigned int n)
{
	return n ? (unsigned int)(random() % n) : 0;
}

/* Call k, counted from 0, of all with this number: its index in the run, from 1. */
static unsigned int nth_of(const struct run *like, unsigned int total, int nr, unsigned int k)
{
	unsigned int i;

	for (i = 0; i < total; i++)
		if (like->calls[i] == nr && !k--)
			return i + 1;
	return 0;
}

/*
 * In half of all cases rare calls have the same chance as frequent ones: first select which call,
 * then which of its occurrences.
 */
static unsigned int choose_call(const struct run *like, size_t *ret_row)
{
	unsigned int total = like->n_calls < N_CALLS_MAX ? like->n_calls : N_CALLS_MAX, i, n;

	if (any_below(2)) {
		i = any_below(total);
		*ret_row = find_call(like->calls[i]);
		return *ret_row < N_CALLS ? i + 1 : 0;
	}
	*ret_row = any_below(N_CALLS);
	for (i = n = 0; i < total; i++)
		n += like->calls[i] == calls[*ret_row].nr;
	return n ? nth_of(like, total, calls[*ret_row].nr, any_below(n)) : 0;
}

/* Interruptions and retries must not go on forever. */
static bool passes(int err)
{
	return err == EINTR || err == EAGAIN;
}

static int choose_errno(size_t row, bool lasts)
{
	size_t n;
	int err;

	for (n = 0; n < ERRORS && calls[row].errors[n]; n++)
		;
	do
		err = calls[row].errors[any_below(n)];
	while (lasts && passes(err) && !passes(calls[row].errors[0]));
	return err;
}

static bool can_be_short(int nr)
{
	return nr == SYS_read || nr == SYS_write || nr == SYS_pread64 || nr == SYS_pwrite64;
}

void fault_choose(struct fault *ret, const struct run *like)
{
	unsigned int dice = any_below(100);
	size_t row = 0;

	ret->kind = dice < 40	? CALL_ONCE
		    : dice < 52 ? CALL_LATER
		    : dice < 57 ? CALL_SHORT
		    : dice < 76 ? ALLOC_ONCE
		    : dice < 86 ? ALLOC_LATER
				: SIGNAL;
	if (ret->kind == ALLOC_ONCE || ret->kind == ALLOC_LATER) {
		ret->n = 1 + any_below(like->n_allocs);
		ret->arg = ENOMEM;
		return;
	}
	do
		ret->n = choose_call(like, &row);
	while (!ret->n);
	if (ret->kind == CALL_SHORT && !can_be_short(calls[row].nr))
		ret->kind = CALL_ONCE;
	if (ret->kind == CALL_LATER && passes(calls[row].errors[0]))
		ret->kind = CALL_ONCE;
	ret->arg = ret->kind == SIGNAL ? (any_below(2) ? SIGINT : SIGTERM)
				       : choose_errno(row, ret->kind == CALL_LATER);
}
