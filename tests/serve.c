// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Preloaded with SERVE set, a program runs again and again without being started each time: main()
 * is called in a child per request. Starting a program takes many times as long as what a test needs
 * from it, and so does copying an address space, which is most of a fork. So the child has files,
 * signals and a working directory of its own, but runs in the server's memory; the server waits, and
 * then undoes all that was changed there. (With ASan it is a fork: its shadow is too large to compare.)
 *
 * A request on stdin, each string terminated by a NUL: the number of strings that follow, the file
 * for stdout, the file for stderr, NAME=VALUE for the environment, the words from argv[0] on. The
 * answer on stdout: the status and a newline, 128 plus the number for a signal. Stdin of the child
 * is empty.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 512
#define MAX_RANGES 512
#define PAGE 4096

struct request {
	char text[1 << 18];
	size_t len;
	char *words[MAX_WORDS + 1];
	int n;
};

struct range {
	char *start, *end;
	char *copy;			/* as it was before the first request; NULL: cannot change */
};

/* In memory that is shared, as no other is, and therefore neither copied nor undone. */
struct server {
	struct request request;
	struct range ranges[MAX_RANGES];	/* all that was mapped, in this order */
	size_t n;
	void *heap_end;
	char *copied;			/* the end of what is used of copies */
	char maps[1 << 17];
	char stack[8 << 20];
	char copies[64 << 20];
};

static int (*real_main)(int argc, char **argv, char **env);

/* Splits what was received so far: 1 if it is complete, 0 if more follows. */
static int split(struct request *r)
{
	char *at = r->text, *end;
	int n = 0;

	for (r->n = -1; (end = memchr(at, 0, r->len - (at - r->text))); at = end + 1) {
		if (r->n < 0)
			r->n = atoi(at);
		else if (n < MAX_WORDS)
			r->words[n++] = at;
		if (n == r->n)
			break;
	}
	r->words[n] = NULL;
	return n > 2 && n == r->n;
}

static int read_request(struct request *r)
{
	ssize_t n;

	for (r->len = 0; !r->len || !split(r); r->len += (size_t)n) {
		n = read(STDIN_FILENO, r->text + r->len, sizeof(r->text) - r->len);
		if (n <= 0)
			return -1;
	}
	return 0;
}

static void put_at(int to, const char *path, int flags)
{
	/* open() may be the fake kernel's. */
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0666);

	if (fd < 0 || dup2(fd, to) < 0) {
		perror(path);
		_exit(126);
	}
	close(fd);
}

static int run(struct request *r)
{
	char **word = r->words + 2;

	for (; strchr(*word, '='); word++)
		putenv(*word);
	unsetenv("SERVE");
	put_at(STDIN_FILENO, "/dev/null", O_RDONLY);
	put_at(STDERR_FILENO, r->words[1], O_WRONLY | O_CREAT | O_TRUNC);
	put_at(STDOUT_FILENO, r->words[0], O_WRONLY | O_CREAT | O_TRUNC);
	return real_main(r->n - (int)(word - r->words), word, environ);
}

static void read_maps(struct server *s)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, s->maps + len, sizeof(s->maps) - 1 - len)) > 0)
		len += (size_t)n;
	s->maps[len] = '\0';
	close(fd);
}

/* The line of the maps at *at, which moves on. The stack, where the server is right now, is skipped. */
static bool next_range(char **at, struct range *r, bool *own)
{
	char *line = *at, *end, *rest;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		r->start = (char *)strtoul(line, &rest, 16);
		r->end = (char *)strtoul(rest + 1, &rest, 16);
		*own = !strncmp(rest, " rw-p", 5);
		*at = end + 1;
		if (end - line < 7 || memcmp(end - 7, "[stack]", 7))
			return true;
	}
	return false;
}

static bool keep_memory(struct server *s)
{
	struct range *r = s->ranges;
	char *at = s->maps;
	bool own;

	s->heap_end = (void *)syscall(SYS_brk, NULL);
	s->copied = s->copies;
	read_maps(s);
	for (; next_range(&at, r, &own); r++) {
		size_t size = (size_t)(r->end - r->start);

		if (++s->n == MAX_RANGES)
			return false;
		r->copy = NULL;
		if (!own)
			continue;
		if (size > (size_t)(s->copies + sizeof(s->copies) - s->copied))
			return false;
		r->copy = memcpy(s->copied, r->start, size);
		s->copied += size;
	}
	return true;
}

/* What is mapped from start to end and was not when memory was kept. */
static void unmap_new(const struct server *s, char *start, char *end)
{
	for (size_t i = 0; i <= s->n && start < end; i++) {
		char *until = i < s->n && s->ranges[i].start < end ? s->ranges[i].start : end;

		if (start < until)
			munmap(start, (size_t)(until - start));
		if (i < s->n && s->ranges[i].end > start)
			start = s->ranges[i].end;
	}
}

static void undo_memory(struct server *s)
{
	char *at = s->maps;
	struct range r;
	bool own;

	for (size_t i = 0; i < s->n; i++) {
		char *to = s->ranges[i].start, *from = s->ranges[i].copy;

		for (; from && to < s->ranges[i].end; to += PAGE, from += PAGE) {
			if (memcmp(to, from, PAGE))
				memcpy(to, from, PAGE);
		}
	}
	syscall(SYS_brk, s->heap_end);
	read_maps(s);
	while (next_range(&at, &r, &own))
		unmap_new(s, r.start, r.end);
}

static int run_in_child(void *request)
{
	exit(run(request));
}

/* Whether the requests can run in this memory, which is then kept. */
static bool is_shared(struct server *s)
{
	return !dlsym(RTLD_DEFAULT, "__asan_init") && keep_memory(s);
}

static pid_t start_child(struct server *s, bool shares)
{
	pid_t pid;

	if (shares)
		return clone(run_in_child, s->stack + sizeof(s->stack),
			     CLONE_VM | CLONE_VFORK | SIGCHLD, &s->request);
	pid = fork();
	if (!pid)
		run_in_child(&s->request);
	return pid;
}

static int serve(struct server *s)
{
	bool shares = is_shared(s);
	char answer[16];

	while (!read_request(&s->request)) {
		pid_t pid = start_child(s, shares);
		int status;

		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 125;
		if (shares)
			undo_memory(s);
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (write(STDOUT_FILENO, answer,
			  (size_t)snprintf(answer, sizeof(answer), "%d\n", status)) < 0)
			return 125;
	}
	return 0;
}

static int served_main(int argc, char **argv, char **env)
{
	struct server *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)argc, (void)argv, (void)env;
	if (s == MAP_FAILED) {
		perror("serve");
		return 125;
	}
	return serve(s);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	__typeof__(&__libc_start_main) start =
		(__typeof__(start))dlsym(RTLD_NEXT, "__libc_start_main");

	real_main = main;
	return start(getenv("SERVE") ? served_main : main, argc, argv, init, fini, rtld_fini,
		     stack_end);
}
