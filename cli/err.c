// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The one error of a run: stored once, with its text, a hint and the log of the library. The first
 * failure and the first hint are kept. main.c and the writer print it.
 */
#include "cli/array.h"
#include "cli/caps.h"
#include "cli/err.h"
#include "cli/nearest.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/capability.h>

#define LOG_MAX 4000		/* maximum number of lines */
#define LOG_DROP 1000		/* the oldest are dropped in blocks, to avoid copying */
#define WORD_MAX 64

FORMAT_PRINTF(3, 0)
static void store(struct err *e, int err, const char *fmt, va_list ap)
{
	e->code = err;
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
}

/* An error code is never 0 or positive, whatever the caller passes. */
static int negative(int err)
{
	if (!err)
		return -EINVAL;
	return err > 0 ? -err : err;
}

int fail(struct err *e, int err, const char *fmt, ...)
{
	va_list ap;

	err = negative(err);
	if (e->code)
		return err;
	va_start(ap, fmt);
	store(e, err, fmt, ap);
	va_end(ap);
	return err;
}

int fail_msg(struct err *e, int err, const char *fmt, ...)
{
	va_list ap;

	err = negative(err);
	if (e->code)
		return err;
	va_start(ap, fmt);
	store(e, err, fmt, ap);
	va_end(ap);
	e->no_errno = true;
	return err;
}

int fail_in(struct err *e, int err, const char *path, struct err *why)
{
	const char *quote = path ? "'" : "";

	(why->no_errno ? fail_msg : fail)(e, err, "%s%s%s%s%s", quote, path ? path : "", quote,
					  path ? ": " : "", why->text);
	if (why->hint[0])
		err_hint(e, "%s", why->hint);
	err_clear(why);
	return err;
}

int fail_usage(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e->code)
		return -EINVAL;
	va_start(ap, fmt);
	store(e, -EINVAL, fmt, ap);
	va_end(ap);
	e->no_errno = true;
	e->usage = true;
	return -EINVAL;
}

void err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (e->hint[0])
		return;
	va_start(ap, fmt);
	vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
}

void err_hint_more(struct err *e, const char *fmt, ...)
{
	size_t len = strlen(e->hint);
	va_list ap;

	if (len)
		len += (size_t)snprintf(e->hint + len, sizeof(e->hint) - len, "; ");
	if (len >= sizeof(e->hint))
		return;
	va_start(ap, fmt);
	vsnprintf(e->hint + len, sizeof(e->hint) - len, fmt, ap);
	va_end(ap);
}

/* The first line of a small file, "" if it cannot be read. */
static void read_line(const char *path, char *buf, size_t size)
{
	auto_fclose FILE *f = fopen(path, "re");

	buf[0] = '\0';
	if (f && fgets(buf, (int)size, f))
		buf[strcspn(buf, "\n")] = '\0';
}

/* CAP_SYS_ADMIN still includes the two capabilities split off from it in 5.8. */
static bool has_cap(cap_t caps, cap_value_t cap)
{
	cap_flag_value_t have = CAP_CLEAR;

	cap_get_flag(caps, cap, CAP_EFFECTIVE, &have);
	if (have == CAP_CLEAR && (cap == CAP_BPF || cap == CAP_PERFMON))
		cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &have);
	return have == CAP_SET;
}

/* The capabilities in need ("cap_bpf,cap_perfmon") that this process does not have, as "a, b". */
static void find_missing_caps(const char *need, char *missing, size_t size)
{
	char name[WORD_MAX];
	cap_value_t cap;
	cap_t caps;

	missing[0] = '\0';
	caps = cap_get_proc();
	if (!caps)
		return;
	while (need && *need) {
		size_t len = strcspn(need, ", ");

		snprintf(name, sizeof(name), "%.*s", (int)len, need);
		if (len && !cap_from_name(name, &cap) && !has_cap(caps, cap))
			add_word(missing, size, "%s", name);
		need += len;
		need += strspn(need, ", ");
	}
	cap_free(caps);
}

static void hint_missing_caps(struct err *e, const char *missing)
{
	char sysctl[WORD_MAX];
	const char *who = "run it as root";

	if (geteuid() == 0)
		who = "root lacks it, as in a container";
	read_line("/proc/sys/kernel/unprivileged_bpf_disabled", sysctl, sizeof(sysctl));
	if (strstr(missing, "cap_bpf") && sysctl[0] && !streq(sysctl, "0"))
		err_hint(e, "missing capability: %s (%s); without it "
			 "kernel.unprivileged_bpf_disabled = %s forbids bpf()",
			 missing, who, sysctl);
	else
		err_hint(e, "missing capability: %s (%s)", missing, who);
}

/* "none [integrity] confidentiality" -> "integrity"; "" if nothing is locked down. */
static void read_lockdown(char *mode, size_t size)
{
	char line[WORD_MAX * 2];
	char *from, *to;

	mode[0] = '\0';
	read_line("/sys/kernel/security/lockdown", line, sizeof(line));
	from = strchr(line, '[');
	to = from ? strchr(from, ']') : NULL;
	if (!to)
		return;
	*to = '\0';
	if (!streq(from + 1, "none"))
		snprintf(mode, size, "%s", from + 1);
}

/*
 * No capability is missing: what else denies it? EACCES is left alone, the verifier also returns
 * it.
 */
static void hint_policy(struct err *e)
{
	char mode[WORD_MAX];

	if (caps_of_user_namespace()) {
		err_hint(e, "the capabilities are held in a user namespace only; the kernel "
			    "requires them in the initial one");
		return;
	}
	if (e->code != -EPERM)
		return;
	read_lockdown(mode, sizeof(mode));
	if (mode[0])
		err_hint(e, "no capability is missing; kernel lockdown (mode '%s') or a security "
			    "module denies this", mode);
	else
		err_hint(e, "no capability is missing; a security module (LSM) or system policy "
			    "denies this");
}

void err_hint_denied(struct err *e, const char *need)
{
	char missing[ERR_TEXT_MAX / 4];

	if (e->hint[0] || (e->code != -EPERM && e->code != -EACCES))
		return;
	find_missing_caps(need, missing, sizeof(missing));
	if (missing[0])
		hint_missing_caps(e, missing);
	else
		hint_policy(e);
}

/* Room for one more line; if the log is full, the oldest lines are dropped. */
static bool log_room(struct err *e)
{
	char **log;

	if (e->n_log >= LOG_MAX) {
		for (size_t i = 0; i < LOG_DROP; i++)
			free(e->log[i]);
		e->n_log -= LOG_DROP;
		memmove(e->log, e->log + LOG_DROP, e->n_log * sizeof(*e->log));
	}
	log = array_room(e->log, e->n_log, &e->max_log, sizeof(*log));
	if (!log)
		return false;
	e->log = log;
	return true;
}

void err_log(struct err *e, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line;

		if (!log_room(e))
			return;		/* an incomplete log is better than none */
		line = strndup(text, len);
		if (!line)
			return;
		e->log[e->n_log++] = line;
		text += len;
		text += *text == '\n';
	}
}

void err_log_clear(struct err *e)
{
	for (size_t i = 0; i < e->n_log; i++)
		free(e->log[i]);
	free(e->log);
	e->log = NULL;
	e->n_log = 0;
	e->max_log = 0;
	e->log_is_said = false;
}

void err_clear(struct err *e)
{
	err_log_clear(e);
	if (e->detail)
		e->detail->free(e->detail);
	memset(e, 0, sizeof(*e));
}

/* Errors unknown to the C library: leaked kernel-internal ones, and libbpf's. */
static const struct {
	int number;
	const char *name, *text;
} more_errnos[] = {
	{ 512, "ERESTARTSYS", "Interrupted, to be restarted" },
	{ 513, "ERESTARTNOINTR", "Interrupted, to be restarted" },
	{ 514, "ERESTARTNOHAND", "Interrupted, to be restarted" },
	{ 515, "ENOIOCTLCMD", "No such ioctl command" },
	{ 516, "ERESTART_RESTARTBLOCK", "Interrupted, to be restarted" },
	{ 517, "EPROBE_DEFER", "The driver wants to be asked later" },
	{ 518, "EOPENSTALE", "Stale handle on open" },
	{ 519, "ENOPARAM", "Parameter not supported" },
	{ 521, "EBADHANDLE", "Invalid file handle" },
	{ 522, "ENOTSYNC", "Out of step with an update" },
	{ 523, "EBADCOOKIE", "Stale cookie" },
	{ 524, "ENOTSUPP", "Not supported by the kernel" },
	{ 525, "ETOOSMALL", "Buffer or request too small" },
	{ 526, "ESERVERFAULT", "Untranslatable error" },
	{ 527, "EBADTYPE", "Type not supported" },
	{ 528, "EJUKEBOX", "The request takes a while; try later" },
	{ 529, "EIOCBQUEUED", "Queued, to be completed later" },
	{ 530, "ERECALLCONFLICT", "Conflict with a recalled state" },
	{ 4000, "LIBBPF_ERRNO__LIBELF", "libelf failed" },
	{ 4001, "LIBBPF_ERRNO__FORMAT", "Not a valid BPF object file" },
	{ 4002, "LIBBPF_ERRNO__KVERSION", "Missing or wrong version section" },
	{ 4003, "LIBBPF_ERRNO__ENDIAN", "The object file has the other byte order" },
	{ 4004, "LIBBPF_ERRNO__INTERNAL", "Internal error of libbpf" },
	{ 4005, "LIBBPF_ERRNO__RELOC", "Relocation failed" },
	{ 4006, "LIBBPF_ERRNO__LOAD", "Loading failed" },
	{ 4007, "LIBBPF_ERRNO__VERIFY", "The verifier refused the program" },
	{ 4008, "LIBBPF_ERRNO__PROG2BIG", "The program is too big" },
	{ 4009, "LIBBPF_ERRNO__KVER", "Wrong kernel version" },
	{ 4010, "LIBBPF_ERRNO__PROGTYPE", "Program type not supported by the kernel" },
	{ 4011, "LIBBPF_ERRNO__WRNGPID", "Wrong pid in a netlink message" },
	{ 4012, "LIBBPF_ERRNO__INVSEQ", "Wrong sequence number in a netlink message" },
	{ 4013, "LIBBPF_ERRNO__NLPARSE", "Netlink message not understood" },
};

const char *errno_name(int err)
{
	int number = err < 0 ? -err : err;

	for (size_t i = 0; i < ARRAY_SIZE(more_errnos); i++)
		if (more_errnos[i].number == number)
			return more_errnos[i].name;
	return number ? strerrorname_np(number) : NULL;
}

const char *errno_text(int err, char *buf, size_t size)
{
	int number = err < 0 ? -err : err;
	const char *text = strerrordesc_np(number);

	for (size_t i = 0; !text && i < ARRAY_SIZE(more_errnos); i++)
		if (more_errnos[i].number == number)
			text = more_errnos[i].text;
	if (text)
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, "Unknown error %d", number);
	return buf;
}

void err_message(const struct err *e, char *buf, size_t size)
{
	const char *name = errno_name(e->code);
	char text[WORD_MAX * 2];

	if (e->no_errno || !e->code)
		snprintf(buf, size, "%s", e->text);
	else if (name)
		snprintf(buf, size, "%s: [%s] %s", e->text, name,
			 errno_text(e->code, text, sizeof(text)));
	else
		snprintf(buf, size, "%s: %s", e->text, errno_text(e->code, text, sizeof(text)));
}
