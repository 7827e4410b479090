// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Preloaded with SERVE set, a program runs again and again without being started each time: main()
 * is called in a child per request. Starting a program takes five times as long as what a test
 * needs from it.
 *
 * A request on stdin, each string terminated by a NUL: the number of strings that follow, the file
 * for stdout, the file for stderr, NAME=VALUE for the environment, the words from argv[0] on. The
 * answer on stdout: the status and a newline, 128 plus the number for a signal. Stdin of the child
 * is empty.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 512

struct request {
	char text[1 << 18];
	size_t len;
	char *words[MAX_WORDS + 1];
	int n;
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

static int served_main(int argc, char **argv, char **env)
{
	static struct request r;
	char answer[16];

	(void)argc, (void)argv, (void)env;
	while (!read_request(&r)) {
		pid_t pid = fork();
		int status;

		if (!pid)
			exit(run(&r));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 125;
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (write(STDOUT_FILENO, answer,
			  (size_t)snprintf(answer, sizeof(answer), "%d\n", status)) < 0)
			return 125;
	}
	return 0;
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
