// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The one error: what is kept, its text, the log, why something was denied. */
#include <errno.h>
#include <sys/capability.h>

#include "cli/ctx.h"
#include "tap.h"

static const char *message(const struct err *e)
{
	static char buf[2 * ERR_TEXT_MAX];

	err_message(e, buf, sizeof(buf));
	return buf;
}

static void test_first_stays(void)
{
	struct err e = {};

	is_int(fail(&e, -EPERM, "open program %u", 7), -EPERM, "fail() returns its error");
	is_str(message(&e), "open program 7: [EPERM] Operation not permitted",
	       "text, name, meaning");
	is_int(fail(&e, -ENOENT, "close it"), -ENOENT, "a later failure returns its own error");
	is_int(fail_usage(&e, "usage"), -EINVAL, "fail_usage() is EINVAL");
	ok(!e.usage && !e.no_errno && e.code == -EPERM, "but the first one stays");
	err_hint(&e, "do %s", "this");
	err_hint(&e, "do that");
	is_str(e.hint, "do this", "the first hint stays");
	err_clear(&e);
	ok(!e.code && !e.text[0] && !e.hint[0], "err_clear() forgets");

	is_int(fail_msg(&e, -ENOENT, "no program is named '%s'", "x"), -ENOENT, "fail_msg()");
	is_str(message(&e), "no program is named 'x'", "tells no errno");
	err_clear(&e);
	fail_usage(&e, "missing %s", "PROG");
	is_str(message(&e), "missing PROG", "fail_usage() tells no errno");
	ok(e.usage, "and is remembered as such");
	err_clear(&e);
	is_int(fail(&e, 0, "careless"), -EINVAL, "a failure is never 0");
	ok(e.code < 0, "in the error too");
	err_clear(&e);
	is_int(fail(&e, EPERM, "careless"), -EPERM, "nor positive");
	err_clear(&e);
}

static void test_long_text(void)
{
	char big[3 * ERR_TEXT_MAX];
	struct err e = {};

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	fail(&e, -EIO, "%s", big);
	err_hint(&e, "%s", big);
	is_int((long long)strlen(e.text), ERR_TEXT_MAX - 1, "a long text is cut");
	is_int((long long)strlen(e.hint), ERR_TEXT_MAX - 1, "a long hint is cut");
	ok(!!strstr(message(&e), ": [EIO] "), "what failed is still said");
	err_clear(&e);
}

static void test_names(void)
{
	static const int known[] = { EPERM,  ENOENT,	 EIO,	     E2BIG,	EBADF,	  EAGAIN,
				     ENOMEM, EACCES,	 EFAULT,     EBUSY,	EEXIST,	  ENODEV,
				     EINVAL, EMFILE,	 ENOSPC,     EPIPE,	ERANGE,	  ENOSYS,
				     ELOOP,  EOPNOTSUPP, EADDRINUSE, ECANCELED, EHWPOISON };
	char buf[64];

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		ok(errno_name(known[i]) && errno_name(-known[i]), "errno %d has a name", known[i]);
	is_str(errno_name(-EPERM), "EPERM", "EPERM");
	is_str(errno_name(EOPNOTSUPP), "EOPNOTSUPP", "EOPNOTSUPP");
	is_str(errno_name(-524), "ENOTSUPP", "the kernel's own 524");
	is_str(errno_name(517), "EPROBE_DEFER", "and 517");
	is_str(errno_name(-4001), "LIBBPF_ERRNO__FORMAT", "libbpf's 4001");
	ok(!errno_name(0) && !errno_name(520) && !errno_name(99999), "others have none");
	is_str(errno_text(-ENOENT, buf, sizeof(buf)), "No such file or directory", "text");
	ok(!!strstr(errno_text(524, buf, sizeof(buf)), "supported by"), "text of 524");
	is_str(errno_text(-99999, buf, sizeof(buf)), "Unknown error 99999",
	       "text of an unknown one");
	is_str(errno_text(-ENOENT, buf, 8), "No such", "cut to the buffer");

	struct err e = {};

	fail(&e, -99999, "do it");
	is_str(message(&e), "do it: Unknown error 99999", "a message without a name");
	err_clear(&e);
}

static void test_log(void)
{
	struct err e = {};
	char line[32];

	err_log(&e, "one\n\ntwo");
	err_log(&e, "three\n");
	err_log(&e, "");
	is_int((long long)e.n_log, 4, "lines, empty ones too; the last needs no newline");
	is_str(e.log[1], "", "the empty one");
	is_str(e.log[2], "two", "two");
	is_str(e.log[3], "three", "three");
	err_log_clear(&e);
	ok(!e.n_log && !e.log, "cleared");
	err_log_clear(&e);

	for (int i = 0; i < 12345; i++) {
		snprintf(line, sizeof(line), "line %d\n", i);
		err_log(&e, line);
	}
	ok(e.n_log <= 4000 && e.n_log >= 2000, "the log is capped (%zu lines)", e.n_log);
	is_str(e.log[e.n_log - 1], "line 12344", "the newest line is there");
	snprintf(line, sizeof(line), "line %zu", 12345 - e.n_log);
	is_str(e.log[0], line, "without holes");
	err_clear(&e);
	ok(!e.n_log && !e.log && !e.max_log, "err_clear() frees the log");
}

static bool have_all(void)
{
	struct err e = {};
	bool all;

	fail(&e, -EPERM, "x");
	err_hint_denied(&e, "cap_bpf,cap_perfmon,cap_net_admin");
	all = !strstr(e.hint, "missing capability");
	err_clear(&e);
	return all;
}

static void test_denied(void)
{
	cap_t none;
	struct err e = {};

	fail(&e, -ENOENT, "x");
	err_hint_denied(&e, "cap_bpf");
	is_str(e.hint, "", "no hint for what was not denied");
	err_clear(&e);

	if (have_all()) {
		fail(&e, -EPERM, "x");
		err_hint_denied(&e, "cap_bpf,cap_perfmon,cap_net_admin");
		ok(e.hint[0] && !strstr(e.hint, "missing capability:"), "nothing is missing: %s",
		   e.hint);
		err_clear(&e);
		fail(&e, -EACCES, "x");
		err_hint_denied(&e, "cap_bpf");
		ok(!e.hint[0] || strstr(e.hint, "namespace"),
		   "EACCES may be the verifier's: no guess");
		err_clear(&e);
	} else {
		ok(1, "nothing is missing # SKIP no privileges");
		ok(1, "EACCES may be the verifier's # SKIP no privileges");
	}

	none = cap_init();
	is_int(cap_set_proc(none), 0, "drop all capabilities");
	cap_free(none);
	fail(&e, -EPERM, "x");
	err_hint_denied(&e, "cap_bpf,cap_no_such, cap_net_admin");
	ok(!!strstr(e.hint, "cap_bpf, cap_net_admin"), "the missing are named: %s", e.hint);
	ok(!strstr(e.hint, "cap_no_such"), "what does not exist is not");
	err_hint_denied(&e, "cap_sys_admin");
	ok(!strstr(e.hint, "cap_sys_admin"), "the first hint stays");
	err_clear(&e);
	fail(&e, -EACCES, "x");
	err_hint_denied(&e, "cap_perfmon");
	ok(!!strstr(e.hint, "cap_perfmon"), "EACCES too, if something is missing");
	err_clear(&e);
	fail(&e, -EPERM, "x");
	err_hint_denied(&e, NULL);
	ok(!strstr(e.hint, "missing capability:"), "nothing is needed, nothing is missing");
	err_clear(&e);
}

static char said[64];
static int n_reported;

static void say(struct ctx *ctx, const char *text)
{
	(void)ctx;
	snprintf(said, sizeof(said), "%s", text);
}

static void report(struct ctx *ctx)
{
	n_reported += ctx->err->code == -EIO;
}

static void test_ctx(void)
{
	struct err e = {};
	struct ctx ctx = { .err = &e };

	notice(&ctx, "nobody %s", "listens");
	ctx.say = say;
	ctx.report = report;
	notice(&ctx, "%d of %s", 3, "x");
	is_str(said, "3 of x", "a notice is said");
	fail(&e, -EIO, "read program 1");
	report_and_skip(&ctx);
	ok(n_reported == 1 && !e.code && ctx.n_partly == 1,
	   "one bad object: reported, cleared, counted");
	unread(&ctx, -EIO, NULL, "read %s", "x");
	ok(n_reported == 2 && !e.code && ctx.n_partly == 2, "what could not be read, the same");
	ok(!ctx_is_bpftool(&ctx), "a context without a name is not bpftool's");
	ctx.progname = "bpftool";
	ok(ctx_is_bpftool(&ctx), "the name makes it so");
}

int main(void)
{
	test_first_stays();
	test_long_text();
	test_names();
	test_log();
	test_ctx();
	test_denied();	/* last: drops its capabilities */
	return tap_done();
}
