/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The one error of a run: what failed, on what, why, and what to do about it. It is stored where
 * the cause is known; only main.c prints it.
 */
#ifndef CLI_ERR_H
#define CLI_ERR_H

#include "cli/defs.h"

#define ERR_TEXT_MAX 1024

struct buf;
struct out;
struct err_detail;

/* More about a failure than lines of text, from a part that main and the writer do not know. */
struct err_detail {
	/* Whole lines below the message, shown instead of hint and log; escaped by the caller. */
	void (*put_text)(const struct err_detail *d, struct buf *b);
	/* More members of the error object. */
	void (*put_json)(const struct err_detail *d, struct out *o);
	void (*free)(struct err_detail *d);
};

struct err {
	int code;			/* negative errno of the failure; 0 = none so far */
	bool usage;			/* the command line was wrong (exit status 2) */
	bool shown;			/* already part of the document (batch) */
	bool after_change; /* contains a change that was made: must not be suppressed */
	bool no_errno;			/* the message is complete: no errno text is appended */
	char text[ERR_TEXT_MAX];
	char hint[ERR_TEXT_MAX];
	char **log;			/* owned lines: messages of the library or the verifier */
	size_t n_log, max_log;
	bool log_is_said;		/* text and hint say what it does: only JSON has it */
	struct err_detail *detail;	/* owned; NULL if there is none */
};

/*
 * Stores "what failed, on what" and returns err (a negative errno), so that callers write: return
 * fail(ctx->err, err, "open program %u", id). Rendered as "<text>: [EPERM] Operation not
 * permitted". The first failure is kept: a later call before err_clear() changes nothing and
 * returns its own err argument.
 */
int fail(struct err *e, int err, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* Like fail(), for failures whose text is complete ("no program is named 'x'"). */
int fail_msg(struct err *e, int err, const char *fmt, ...) FORMAT_PRINTF(3, 4);

/* The failure of a part, why, becomes that of a file: "'PATH': TEXT" (NULL: of none). Clears
 * why; returns err. */
int fail_in(struct err *e, int err, const char *path, struct err *why);

/* The command line is invalid. Stores the text, sets usage, returns -EINVAL. */
int fail_usage(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* What to do about the stored error. The first hint is kept. */
void err_hint(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/* Appends another hint. */
void err_hint_more(struct err *e, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/*
 * Hint for EPERM/EACCES: names the missing capabilities in need (text form, e.g.
 * "cap_bpf,cap_perfmon"), lockdown, or kernel.unprivileged_bpf_disabled. Does nothing for other
 * errors, or if it finds no reason.
 */
void err_hint_denied(struct err *e, const char *need);

/* Appends the lines of text to the log; the oldest are dropped beyond a generous limit. */
void err_log(struct err *e, const char *text);
void err_log_clear(struct err *e);

/* Clears everything; frees the log. */
void err_clear(struct err *e);

/* "EPERM", or NULL for a number without a name. err may be negative or positive. */
const char *errno_name(int err);

/* Text of an errno, including kernel-internal ones (524 ENOTSUPP...). Never NULL. */
const char *errno_text(int err, char *buf, size_t size);

/* "<text>: [EPERM] Operation not permitted", as main and the writer show it. */
void err_message(const struct err *e, char *buf, size_t size);

#endif
