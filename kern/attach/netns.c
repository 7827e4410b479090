// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Enters another network namespace and returns. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>

#include "cli/cmd.h"
#include "kern/attach/netns.h"

#define NAMED "/run/netns"

static void path_of(const struct netns_ref *ref, char *path, size_t size)
{
	if (ref->pid)
		snprintf(path, size, "/proc/%u/ns/net", ref->pid);
	else
		snprintf(path, size, "%s%s", strchr(ref->text, '/') ? "" : NAMED "/", ref->text);
}

static int fail_open(struct ctx *ctx, const struct netns_ref *ref, const char *path, int err)
{
	if (err != -ENOENT) {
		fail(ctx->err, err, "open network namespace '%s'", path);
		err_hint_denied(ctx->err, "cap_sys_ptrace");
		return err;
	}
	if (ref->pid)
		return fail_msg(ctx->err, err, "no process %u", ref->pid);
	fail_msg(ctx->err, err, "no network namespace '%s'", ref->text);
	if (!strchr(ref->text, '/'))
		err_hint(ctx->err,
			 "named ones are in " NAMED ": 'ip netns list'; others: 'netns pid N'");
	return err;
}

int netns_enter(struct ctx *ctx, const struct netns_ref *ref, struct netns *ret)
{
	auto_close int to = -1, back = -1;
	char path[PATH_MAX];
	int err;

	if (!ref->text && !ref->pid)
		return 0;
	path_of(ref, path, sizeof(path));
	to = open(path, O_RDONLY | O_CLOEXEC);
	if (to < 0)
		return fail_open(ctx, ref, path, -errno);
	back = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (back < 0)
		return fail(ctx->err, -errno, "open our own network namespace");
	if (setns(to, CLONE_NEWNET)) {
		err = -errno;
		if (err == -EINVAL)
			return fail_msg(ctx->err, err, "'%s' is not a network namespace", path);
		fail(ctx->err, err, "enter network namespace '%s'", path);
		err_hint_denied(ctx->err, "cap_sys_admin");
		return err;
	}
	*ret = (struct netns){ .err = ctx->err, .back = take_fd(&back) };
	return 0;
}

void netns_leave(struct netns *ns)
{
	if (!ns->err)
		return;
	if (setns(ns->back, CLONE_NEWNET))
		fail(ns->err, -errno, "return to our own network namespace");
	close(ns->back);
	ns->err = NULL;
}

const char *netns_words(const struct netns_ref *ref, char buf[static NETNS_TEXT_MAX])
{
	buf[0] = '\0';
	if (ref->pid)
		snprintf(buf, NETNS_TEXT_MAX, " netns pid %u", ref->pid);
	else if (ref->text)
		snprintf(buf, NETNS_TEXT_MAX, " netns %s", ref->text);
	return buf;
}

const char *netns_prefix(const struct netns_ref *ref, char buf[static NETNS_TEXT_MAX])
{
	buf[0] = '\0';
	if (ref->pid)
		snprintf(buf, NETNS_TEXT_MAX, "nsenter -t %u -n ", ref->pid);
	else if (ref->text)
		snprintf(buf, NETNS_TEXT_MAX,
			 strchr(ref->text, '/') ? "nsenter --net=%s " : "ip netns exec %s ",
			 ref->text);
	return buf;
}

/* Names that start with a digit are processes in /proc; in NAMED every name is valid. */
static void offer_entries(struct ctx *ctx, const char *path, bool digits)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' && (!digits || isdigit((unsigned char)d->d_name[0])))
			complete_word(ctx, d->d_name);
	if (dir)
		closedir(dir);
}

void netns_complete(struct ctx *ctx, UNUSED const char *selector, const char *typed)
{
	struct args value = complete_value(ctx);

	if (!value.n) {
		offer_entries(ctx, NAMED, false);
		complete_word(ctx, "pid");
		if (strchr(typed, '/'))
			complete_files(ctx);
	} else if (value.n == 1 && streq(value.words[0], "pid")) {
		offer_entries(ctx, "/proc", true);
		complete_goes_on(ctx);
	}
}
