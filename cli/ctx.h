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
	bool compat;			/* --compat: as if called as bpftool */
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
	const char *progname;		/* "bpfctl", or "bpftool" if called by that name */
	const struct cmd *const *root;	/* the whole command tree */
	struct cmd_state *cmd_state;	/* cmd.c only: argument memory, completion in progress */
	struct kernel *kernel;		/* what this run has read from the running kernel */
	char *help_text;		/* owned: requested help; main and batch show it */
	unsigned int n_partly; /* objects that were reported and skipped: exit status 3 */
	unsigned int n_batches;		/* batch files that run now, one from another */
	unsigned int n_changes;		/* made but not yet answered for: see ctx_changed() */
	char change[CHANGE_TEXT_MAX];	/* the last of them */
	void (*say)(struct ctx *ctx, const char *text);	/* notices: set by main */
	/*
	 * Progress of a long command, a line that replaces itself; NULL: removes it. Only on a
	 * terminal: set by main.
	 */
	void (*progress)(struct ctx *ctx, const char *text);
	void (*report)(
		struct ctx *ctx); /* show ctx->err now, as text or JSON: set by main */
};

/* Called as bpftool, or with --compat: only the output that its users know. */
bool ctx_is_bpftool(const struct ctx *ctx);

/* A notice beside the data: a line on stderr, nothing in JSON. */
void notice(struct ctx *ctx, const char *fmt, ...) FORMAT_PRINTF(2, 3);

/*
 * Called directly after a change: a sentence without a full stop ("map 7 is frozen"). If the answer
 * cannot be written after that, or the command fails later, the error contains it. Must be the
 * first call after a change; it allocates nothing and reports nothing.
 */
void ctx_changed(struct ctx *ctx, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* All changes so far were undone, or their answers were written. */
void ctx_forget_changes(struct ctx *ctx);
/*
 * The error in ctx->err occurred after changes: adds them to its hint. Once; nothing if there are
 * none.
 */
void ctx_hint_changes(struct ctx *ctx);

/*
 * One object failed (the error is in ctx->err) but the command continues: the error is shown at
 * once (in JSON where out_error() can place it), cleared and counted.
 */
void report_and_skip(struct ctx *ctx);

/*
 * Something that should be shown could not be read and is missing in the output: report_and_skip()
 * with "<what>: [EPERM] ..." and a hint that names the missing capabilities in need (as for
 * err_hint_denied(); NULL: none).
 */
void unread(struct ctx *ctx, int err, const char *need, const char *fmt, ...) FORMAT_PRINTF(4, 5);

#endif
