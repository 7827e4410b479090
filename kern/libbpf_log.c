// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf's messages. Its print callback has no argument for us, hence the one mutable global of the
 * program.
 */
#include <sys/utsname.h>

#include <bpf/libbpf.h>

#include "kern/libbpf_log.h"

static struct ctx *log_ctx;

/* A message has one or more lines (a verifier log); notices are single lines. */
void log_say(struct ctx *ctx, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		auto_free char *line = strndup(text, len);

		if (!line)
			return;
		ctx->say(ctx, line);
		text += len + (text[len] == '\n');
	}
}

/*
 * A message that our own error repeats (an object that failed to load), or before a failure with
 * another cause: without privileges libbpf cannot determine that the kernel (since 5.11) does not
 * count locked memory for BPF, and fails to raise a limit that does not matter.
 */
static bool is_beside_the_point(const char *fmt)
{
	unsigned long major, minor;
	struct utsname u;
	char *at;

	if (strstr(fmt, "failed to load object"))
		return true;
	if (!strstr(fmt, "RLIMIT_MEMLOCK") || uname(&u))
		return false;
	major = strtoul(u.release, &at, 10);
	minor = *at == '.' ? strtoul(at + 1, NULL, 10) : 0;
	return major > 5 || (major == 5 && minor >= 11);
}

static int log_print(enum libbpf_print_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static int log_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	bool debug = log_ctx->opts->debug;
	auto_free char *text = NULL;
	int len;

	if (level == LIBBPF_WARN && is_beside_the_point(fmt))
		level = LIBBPF_DEBUG;
	if (level != LIBBPF_WARN && !debug)
		return 0;
	len = vasprintf(&text, fmt, ap);
	if (len < 0) {
		text = NULL;
		return 0;
	}
	if (level == LIBBPF_WARN)
		err_log(log_ctx->err, text);
	if (debug)
		log_say(log_ctx, text);
	return len;
}

void libbpf_log_install(struct ctx *ctx)
{
	log_ctx = ctx;
	libbpf_set_print(log_print);
}

unsigned int libbpf_log_level(const struct ctx *ctx)
{
	return ctx->opts->debug ? 7 : 0;
}
