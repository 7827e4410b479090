/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The one error of a run: what failed, on what, why, and what to do about it.
 * It is stored where the cause is known; only main.c prints it.
 */
#ifndef CLI_ERR_H
#define CLI_ERR_H

#include "cli/defs.h"

#define ERR_TEXT_MAX 1024

struct err {
	int code;			/* negative errno of the failure; 0 = none so far */
	bool usage;			/* the command line was wrong (exit status 2) */
	bool shown;			/* the document holds it already (batch) */
	bool after_change; /* it contains a change that was made: never to be kept quiet */
	bool no_errno;			/* the message says it all: errno text is not appended */
	char text[ERR_TEXT_MAX];
	char hint[ERR_TEXT_MAX];
	char **log;			/* owned lines: what the library or the verifier said */
	size_t n_log, max_log;
};

/*
 * Store "what failed, on what" and return err (a negative errno), so that callers
 * write: return fail(ctx->err, err, "open program %u", id). Rendered as
 * "<text>: [EPERM] Operation not permitted". The first failure stays: a later call
 * before err_clear() keeps the first one and returns its own err argument.
 */
int fail(struct err *e, int err, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* As fail(), for failures whose text is the whole story ("no program is named 'x'"). */
int fail_msg(struct err *e, int err, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* The command line is wrong. Stores the text, sets usage, returns -EINVAL. */
int fail_usage(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* What to do about the stored error. The first hint stays. */
void err_hint(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* One more, behind those that are there. */
void err_hint_more(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/*
 * Hint for EPERM/EACCES: names the missing ones among the capabilities in need
 * (text form, e.g. "cap_bpf,cap_perfmon"), lockdown, or kernel.unprivileged_bpf_disabled.
 * Does nothing for other errors, or when it cannot find a reason.
 */
void err_hint_denied(struct err *e, const char *need);

/* Append the lines of text to the log; the oldest are dropped beyond a generous cap. */
void err_log(struct err *e, const char *text);
void err_log_clear(struct err *e);

/* Forget everything; frees the log. */
void err_clear(struct err *e);

/* "EPERM", or NULL for a number without a name. err may be negative or positive. */
const char *errno_name(int err);

/* Text of an errno, the kernel-internal ones (524 ENOTSUPP...) included. Never NULL. */
const char *errno_text(int err, char *buf, size_t size);

/* "<text>: [EPERM] Operation not permitted", as main and the writer show it. */
void err_message(const struct err *e, char *buf, size_t size);

#endif
