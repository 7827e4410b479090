/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What a command may touch. There are no globals: a batch is a loop over contexts.
 */
#ifndef CLI_CTX_H
#define CLI_CTX_H

#include "cli/defs.h"
#include "cli/err.h"

struct out;			/* json_writer.h */
struct kernel;			/* kern/kernel.h */
struct cmd;			/* cli/cmd.h */
struct cmd_state;

/* Global options, filled once by main. */
struct opts {
	bool json, pretty, jsonl;	/* any of them: JSON on stdout, nothing on stderr */
	bool debug;			/* -d: stream libbpf's messages, verifier log level 7 */
	bool bpffs;			/* -f: pinned paths in listings */
	bool mapcompat;			/* -m: tolerate unknown fields in BTF map definitions */
	bool nomount;			/* -n: never mount bpffs or tracefs */
	bool use_loader;		/* -L */
	bool sign;			/* -S */
	bool help, version;		/* -h, -V */
	const char *key, *cert;		/* -k, -i */
	const char *base_btf;		/* -B FILE */
};

#define CHANGE_TEXT_MAX 512

struct ctx {
	struct out *out;
	struct err *err;
	const struct opts *opts;
	const char *progname;		/* "bpfctl", or "bpftool" when called so */
	const struct cmd *const *root;	/* the whole command tree */
	struct cmd_state *cmd_state;	/* cmd.c's own: argument memory, completion under way */
	struct kernel *kernel;		/* what this run has learnt about the running kernel */
	char *help_text;		/* owned: help that was asked for; main and batch show it */
	unsigned int n_partly; /* objects a listing had to report and skip: exit status 3 */
	unsigned int n_changes;		/* made and not answered for yet: see ctx_changed() */
	char change[CHANGE_TEXT_MAX];	/* the last of them */
	void (*say)(struct ctx *ctx, const char *text);	/* notices: set by main */
	/* How far a long command is, a line that replaces itself; NULL: remove it. Only on a
	 * terminal: set by main. */
	void (*progress)(struct ctx *ctx, const char *text);
	void (*report)(
		struct ctx *ctx); /* show ctx->err now, in the run's rendition: set by main */
};

/* Called as bpftool: what its readers know, and nothing beside it. */
bool ctx_is_bpftool(const struct ctx *ctx);

/* A remark beside the data: a line on stderr, nothing in JSON. */
void notice(struct ctx *ctx, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/*
 * Call it once a change is made: a sentence without a full stop ("map 7 is frozen"). If the answer
 * cannot be written after that, or the command fails later, the error contains it. The first to be
 * called after a change, whatever else may fail; it allocates nothing and reports nothing.
 */
void ctx_changed(struct ctx *ctx, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* All changes so far were undone, or their answers are written. */
void ctx_forget_changes(struct ctx *ctx);
/* The error in ctx->err comes after changes: its hint contains them. Once; nothing if there are
 * none. */
void ctx_hint_changes(struct ctx *ctx);

/*
 * One object failed (its reason is in ctx->err) but the command goes on: the error is shown
 * at once (in JSON where out_error() has a place for it), cleared and counted.
 */
void report_and_skip(struct ctx *ctx);

/*
 * Something that was to be shown could not be read, and is missing below: report_and_skip() with
 * "<what>: [EPERM] ..." and a hint to those of the capabilities in need (as err_hint_denied() has
 * them; NULL: none) that we lack.
 */
void unread(struct ctx *ctx, int err, const char *need, const char *fmt, ...) FORMAT_PRINTF(4, 5);

#endif
