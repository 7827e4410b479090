// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The end of commands that run until interrupted, by signalfd: no handler, hence no global state.
 */
#include "kern/stop.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

void cleanup_stop(struct stop *s)
{
	struct signalfd_siginfo taken;

	if (s->fd < 0)
		return;
	/* A pending signal must be consumed, or it would terminate us now. */
	while (read(s->fd, &taken, sizeof(taken)) == sizeof(taken))
		;
	close(take_fd(&s->fd));
	sigprocmask(SIG_SETMASK, &s->before, NULL);
}

/* nohup: keep ignoring it. */
static bool is_ignored(int sig)
{
	struct sigaction action;

	return !sigaction(sig, NULL, &action) && action.sa_handler == SIG_IGN;
}

int stop_open(struct ctx *ctx, struct stop *ret)
{
	struct stat st;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&set, SIGHUP);
	ret->out_fd = !fstat(STDOUT_FILENO, &st) && S_ISFIFO(st.st_mode) ? STDOUT_FILENO : -1;
	if (sigprocmask(SIG_BLOCK, &set, &ret->before))
		return fail(ctx->err, -errno, "wait for signals");
	ret->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (ret->fd < 0) {
		sigprocmask(SIG_SETMASK, &ret->before, NULL);
		return fail(ctx->err, -errno, "wait for signals");
	}
	return 0;
}

int stop_wait(const struct stop *s, const int *fds, size_t n, int timeout_ms)
{
	struct pollfd few[16], *p = n + 2 <= ARRAY_SIZE(few) ? few : calloc(n + 2, sizeof(*p));
	auto_free UNUSED struct pollfd *many = p == few ? NULL : p;
	bool ended;
	int got;

	if (!p)
		return -ENOMEM;
	p[0] = (struct pollfd){ .fd = s->fd, .events = POLLIN };
	p[1] = (struct pollfd){ .fd = s->out_fd };
	for (size_t i = 0; i < n; i++)
		p[i + 2] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	do
		got = poll(p, n + 2, timeout_ms);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	ended = p[0].revents || (p[1].revents & POLLERR);
	return !got ? STOP_TIME : ended ? STOP_NOW : STOP_READY;
}
