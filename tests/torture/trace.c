// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Runs a command under ptrace: counts its system calls, makes them fail, sends signals, and finds
 * where it crashed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "alloc.h"
#include "torture.h"

#ifndef __x86_64__
#error "make torture knows the registers of x86-64 only"
#endif

#define N_TASKS 16

struct task {
	pid_t tid;
	int fail_with;		/* at the exit of the current call */
};

struct tracee {
	const struct command *c;
	const struct fault *f;
	struct run *run;
	struct alloc_page *page;
	pid_t pid;
	struct task tasks[N_TASKS];
	bool begun, stepping;
	unsigned int n_polls;
};

static volatile sig_atomic_t timed_out;
static void on_alarm(int sig)
{
	(void)sig;
	timed_out = 1;
}

/* --- where it is --- */

/* "libbpf.so.1.1.0+0x1f2a0 " for an address in code, nothing for others. */
static bool code_address(char *ret, size_t size, const char *maps, unsigned long addr)
{
	const char *line;

	for (line = maps; *line; line = strchr(line, '\n') + 1) {
		unsigned long start, end, off;
		char perms[8], path[300] = "";

		if (sscanf(line, "%lx-%lx %7s %lx %*s %*s %299[^\n]", &start, &end, perms, &off,
			   path) < 4)
			return false;
		if (addr >= start && addr < end && perms[2] == 'x' && path[0] == '/') {
			snprintf(ret, size, "%s+0x%lx ", strrchr(path, '/') + 1,
				 addr - start + off);
			return true;
		}
	}
	return false;
}

static char *read_maps(pid_t pid)
{
	static char text[256 * 1024];
	char path[64];
	size_t len = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && len < sizeof(text) - 1 &&
	       (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	return text;
}

/*
 * The position of the program, and everything on its stack that points to code: callers, some of
 * them stale.
 */
static void note_place(struct tracee *t, pid_t tid)
{
	const char *maps = read_maps(t->pid);
	struct user_regs_struct regs;
	unsigned long stack[600];
	struct iovec local = { stack, sizeof(stack) }, remote;
	char *to = t->run->where;
	size_t i, n, left = sizeof(t->run->where);
	unsigned int found = 0;
	ssize_t got;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &regs))
		return;
	remote = (struct iovec){ (void *)regs.rsp, sizeof(stack) };
	to[0] = '\0';
	code_address(to, left, maps, regs.rip);
	got = process_vm_readv(tid, &local, 1, &remote, 1, 0);
	for (n = got > 0 ? got / sizeof(stack[0]) : 0, i = 0; i < n && found < 24; i++) {
		size_t used = strlen(t->run->where);

		if (left - used > 60 && code_address(to + used, left - used, maps, stack[i]))
			found++;
	}
}

/* --- the child --- */

static void child_fds(const struct command *c, const struct fault *f, int out, int err)
{
	int around = f->kind == AROUND ? f->arg : -1, in, full, gone[2];
	char path[300];

	snprintf(path, sizeof(path), "%s/stdin", work);
	in = open(c->input ? path : "/dev/null", O_RDONLY);
	full = open("/dev/full", O_WRONLY);
	if (pipe(gone))
		_exit(126);
	close(gone[0]);
	dup2(in, 0);
	dup2(around == OUT_FULL				 ? full
	     : around == OUT_GONE || around == BOTH_GONE ? gone[1]
							 : out,
	     1);
	dup2(around == ERR_FULL ? full : around == BOTH_GONE ? gone[1] : err, 2);
	if (around == IN_CLOSED || around == ALL_CLOSED)
		close(0);
	if (around == OUT_CLOSED || around == ALL_CLOSED)
		close(1);
	if (around == ERR_CLOSED || around == ALL_CLOSED)
		close(2);
	syscall(SYS_close_range, 3, ~0U, 0);
}

static void child(const struct command *c, const struct fault *f, int out, int err)
{
	static const char *const options[N_MODES] = {
		[TEXT] = NULL, [JSON] = "-j", [PRETTY] = "-p"
	};
	char preload[300], page[300], tmp[300];
	char **argv = c->argv;

	snprintf(preload, sizeof(preload), "%s/preload.so", scratch);
	snprintf(page, sizeof(page), "%s/page", scratch);
	snprintf(tmp, sizeof(tmp), "%s/tmp", work);
	setenv("LD_PRELOAD", preload, 1);
	setenv(ALLOC_PAGE, page, 1);
	setenv("TMPDIR", tmp, 1);
	if (chdir(work))
		_exit(126);
	child_fds(c, f, out, err);
	argv[1] = (char *)options[f->mode];
	if (!argv[1]) {
		argv[1] = argv[0];
		argv++;
	}
	signal(SIGPIPE, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execv(argv[0], argv);
	_exit(126);
}

/* --- the tracer --- */

static struct task *task_of(struct tracee *t, pid_t tid)
{
	struct task *free = NULL;
	size_t i;

	for (i = 0; i < N_TASKS; i++) {
		if (t->tasks[i].tid == tid)
			return &t->tasks[i];
		if (!t->tasks[i].tid && !free)
			free = &t->tasks[i];
	}
	if (free)
		*free = (struct task){ .tid = tid };
	return free;
}

static void set_limit(pid_t pid, int what, unsigned long limit)
{
	struct rlimit r = { limit, limit };

	prlimit(pid, what, &r, NULL);
}

static unsigned long address_space(pid_t pid)
{
	unsigned long pages = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	f = fopen(path, "re");
	if (f) {
		if (fscanf(f, "%lu", &pages) != 1)
			pages = 0;
		fclose(f);
	}
	return pages * 4096;
}

static bool is_call_fault(enum kind kind)
{
	return kind == CALL_ONCE || kind == CALL_LATER || kind == CALL_SHORT || kind == SIGNAL;
}

/* Limits apply from main on: their effects on the dynamic linker are not tested. */
static void begin(struct tracee *t)
{
	const struct fault *f = t->f;

	t->begun = true;
	t->page->calls = 0;
	t->page->fail_at = f->kind == ALLOC_ONCE || f->kind == ALLOC_LATER ? f->n : 0;
	t->page->all_later = f->kind == ALLOC_LATER;
	t->stepping = f->kind == NO_FAULT || is_call_fault(f->kind) || t->c->follow;
	if (f->kind != AROUND)
		return;
	t->run->hit = true;
	t->run->hit_stdout = f->arg == OUT_FULL || f->arg == OUT_CLOSED || f->arg == ALL_CLOSED ||
			     f->arg == OUT_GONE || f->arg == BOTH_GONE || f->arg == FILES_EMPTY ||
			     f->arg == FILES_SMALL;
	t->run->hit_stderr = f->arg == ERR_FULL || f->arg == ERR_CLOSED || f->arg == ALL_CLOSED ||
			     f->arg == BOTH_GONE || f->arg == FILES_EMPTY;
	if (f->arg == FEW_FILES)
		set_limit(t->pid, RLIMIT_NOFILE, 8);
	if (f->arg == LITTLE_STACK)
		set_limit(t->pid, RLIMIT_STACK, 64 * 1024);
	if (f->arg == FILES_EMPTY || f->arg == FILES_SMALL)
		set_limit(t->pid, RLIMIT_FSIZE, f->arg == FILES_SMALL ? 100 : 0);
	if (f->arg >= SPACE_0 && f->arg <= SPACE_16M) {
		static const unsigned long more[] = { 0, 64 << 10, 1 << 20, 4 << 20, 16 << 20 };

		set_limit(t->pid, RLIMIT_AS, address_space(t->pid) + more[f->arg - SPACE_0]);
	}
}

static bool applies(struct tracee *t, unsigned int nr)
{
	if (t->f->kind == CALL_LATER && t->run->hit)
		return (int)nr == t->run->hit_call;
	return t->run->n_calls == t->f->n;
}

static void note_hit(struct tracee *t, pid_t tid, const struct ptrace_syscall_info *info)
{
	bool writes = info->entry.nr == SYS_write || info->entry.nr == SYS_writev;

	if (!t->run->hit)
		note_place(t, tid);
	t->run->hit = true;
	t->run->hit_call = info->entry.nr;
	t->run->hit_stdout |= (writes && info->entry.args[0] == 1) || t->f->kind == CALL_LATER;
	t->run->hit_stderr |=
		(writes && info->entry.args[0] == 2) || (writes && t->f->kind == CALL_LATER);
}

static void enter(struct tracee *t, struct task *task, const struct ptrace_syscall_info *info)
{
	struct run *r = t->run;
	unsigned int nr = info->entry.nr;

	if (r->calls && r->n_calls < N_CALLS_MAX)
		r->calls[r->n_calls] = nr;
	r->n_calls++;
	if ((nr == SYS_poll || nr == SYS_ppoll || nr == SYS_epoll_wait) && t->c->follow &&
	    ++t->n_polls == 1)
		kill(t->pid, SIGINT);
	if (!is_call_fault(t->f->kind) || !applies(t, nr))
		return;
	note_hit(t, task->tid, info);
	if (t->f->kind == SIGNAL) {
		kill(t->pid, t->f->arg);
	} else if (t->f->kind == CALL_SHORT) {
		ptrace(PTRACE_POKEUSER, task->tid, offsetof(struct user_regs_struct, rdx), 1L);
	} else {
		ptrace(PTRACE_POKEUSER, task->tid, offsetof(struct user_regs_struct, orig_rax),
		       -1L);
		task->fail_with = t->f->arg;
	}
	if (t->f->kind != CALL_LATER && !t->c->follow)
		t->stepping = t->f->kind != CALL_SHORT &&
			      t->f->kind != SIGNAL; /* its exit is still to come */
}

static void leave(struct tracee *t, struct task *task)
{
	if (!task->fail_with)
		return;
	ptrace(PTRACE_POKEUSER, task->tid, offsetof(struct user_regs_struct, rax),
	       (long)-task->fail_with);
	task->fail_with = 0;
	if (t->f->kind == CALL_ONCE && !t->c->follow)
		t->stepping = false;
}

static void at_call(struct tracee *t, pid_t tid)
{
	struct task *task = task_of(t, tid);
	struct ptrace_syscall_info info;

	if (!task || ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) <= 0 || !t->begun)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		enter(t, task, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		leave(t, task);
}

/* The signal to continue with. */
static int at_signal(struct tracee *t, pid_t tid, int sig)
{
	if (sig == SIGTRAP) {
		if (!t->begun) {
			begin(t);
			return 0;
		}
		if (t->page->fail_at && t->page->calls >= t->page->fail_at && !t->run->hit) {
			t->run->hit = true;
			t->run->hit_call = -1;
			note_place(t, tid);
			return 0;
		}
	}
	if (sig == SIGSTOP)
		return 0;
	if (sig == SIGSEGV || sig == SIGBUS || sig == SIGABRT || sig == SIGFPE || sig == SIGILL) {
		t->run->crashed = true;
		note_place(t, tid);
	}
	return sig;
}

/* Until the program has exited. */
static void follow(struct tracee *t)
{
	for (;;) {
		int status, sig = 0;
		pid_t tid = waitpid(-1, &status, __WALL);

		if (timed_out && !t->run->timeout) {
			t->run->timeout = true;
			note_place(t, t->pid);
			kill(t->pid, SIGKILL);
		}
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			return;
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (tid != t->pid)
				continue;
			t->run->status = status;
			return;
		}
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			at_call(t, tid);
		else if (status >> 16 == 0)
			sig = at_signal(t, tid, WSTOPSIG(status));
		ptrace(t->stepping ? PTRACE_SYSCALL : PTRACE_CONT, tid, NULL, (long)sig);
	}
}

static char *take(int fd, size_t *ret_len)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, len + 1);

	*ret_len = 0;
	if (text && len > 0 && pread(fd, text, len, 0) == len)
		*ret_len = len;
	close(fd);
	return text;
}

static struct alloc_page *open_page(void)
{
	static struct alloc_page *page;
	char path[300];
	int fd;

	if (page)
		return page;
	snprintf(path, sizeof(path), "%s/page", scratch);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		return NULL;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return page == MAP_FAILED ? NULL : page;
}

static void set_timer(unsigned int seconds)
{
	struct itimerval t = { .it_value.tv_sec = seconds, .it_interval.tv_sec = seconds ? 1 : 0 };
	struct sigaction action = { .sa_handler = on_alarm };

	timed_out = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &t, NULL);
}

bool run_command(struct run *ret, const struct command *c, const struct fault *f)
{
	struct tracee t = { .c = c, .f = f, .run = ret, .page = open_page() };
	int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC), status;

	*ret = (struct run){ .hit_call = -1 };
	if (!t.page || out < 0 || err < 0)
		return false;
	if (f->kind == NO_FAULT)
		ret->calls = calloc(N_CALLS_MAX, sizeof(*ret->calls));
	*t.page = (struct alloc_page){ };
	t.pid = fork();
	if (!t.pid)
		child(c, f, out, err);
	if (t.pid < 0 || waitpid(t.pid, &status, 0) != t.pid || !WIFSTOPPED(status))
		return false;
	ptrace(PTRACE_SETOPTIONS, t.pid, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE);
	set_timer(20);
	ptrace(PTRACE_CONT, t.pid, NULL, NULL);
	follow(&t);
	set_timer(0);
	ret->n_allocs = t.page->calls;
	ret->out = take(out, &ret->out_len);
	ret->err = take(err, &ret->err_len);
	return t.begun;
}

void run_free(struct run *r)
{
	free(r->out);
	free(r->err);
	free(r->calls);
	*r = (struct run){ };
}
