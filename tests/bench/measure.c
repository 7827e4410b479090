// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * measure ROUNDS CMD WORD... [-- CMD WORD...]...: runs the commands in turn, ROUNDS times each,
 * output to /dev/null; then prints a line per command: median milliseconds, maximum resident KB,
 * status. Running them in turn distributes other load on the machine evenly.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CMDS = 8, MAX_ROUNDS = 1000 };

struct cmd {
	char **argv;
	double ms[MAX_ROUNDS];
	long kb;
	int status;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void run_once(struct cmd *c, int round)
{
	double start = now_ms();
	struct rusage usage;
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(c->argv[0], c->argv);
		_exit(127);
	}
	wait4(pid, &status, 0, &usage);
	c->ms[round] = now_ms() - start;
	if (usage.ru_maxrss > c->kb)
		c->kb = usage.ru_maxrss;
	if (status)
		c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct cmd cmds[MAX_CMDS];
	int rounds = argc > 2 ? atoi(argv[1]) : 0, n = 0;

	if (rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: measure ROUNDS CMD WORD... [-- CMD WORD...]...\n");
		return 2;
	}
	cmds[n++].argv = &argv[2];
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--") || n == MAX_CMDS)
			continue;
		argv[i] = NULL;
		cmds[n++].argv = &argv[i + 1];
	}
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < n; i++)
			run_once(&cmds[i], r);
	for (int i = 0; i < n; i++) {
		qsort(cmds[i].ms, rounds, sizeof(double), by_size);
		printf("%.2f %ld %d\n", cmds[i].ms[rounds / 2], cmds[i].kb, cmds[i].status);
	}
	return 0;
}
