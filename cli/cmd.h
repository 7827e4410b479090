/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The command tree as const data, and everything that is derived from it: dispatch,
 * parsing, help, completion. JSON description: describe.c at the top level.
 *
 * A command is a row: name, help, parameters, the struct they fill, a function. The function
 * receives that struct, filled and checked, and never sees argv.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/args.h"
#include "cli/ctx.h"

enum param_kind {
	P_FLAG,	  /* bool: the keyword alone */
	P_U32,	  /* uint32_t */
	P_U64,	  /* uint64_t */
	P_WORD,	  /* const char *: one of words (exactly), or any word if words is NULL */
	P_CHOICE, /* int: index of the first of words that is abbreviated; 0 if not given */
	P_PATH,	  /* const char *: a file name; completion offers files */
	P_IFACE,  /* const char *: a network interface name */
	P_REF,	  /* struct ref: "id N", "pinned PATH"...; words lists the selectors */
	P_CUSTOM, /* the row's own parse function */
	P_TAIL,	  /* struct args: all words that are left, parsed by the command itself */
};

enum param_flags {
	PF_REQUIRED = 1 << 0, /* on any row of a group: one of the group is required */
	PF_REPEAT = 1 << 1, /* may come several times; the member is set or handed to parse anew */
	PF_HIDDEN = 1 << 2, /* accepted, but not in help and completion (old synonyms) */
	PF_LIST = 1 << 3,   /* P_PATH, P_WORD, last positional: all words left; a struct args */
	PF_NOT_0 = 1 << 4,  /* P_U32: 0 would mean that nothing was given */
};

struct param {				/* one thing the user may write after the command name */
	const char *name;		/* keyword; "" = positional */
	const char *metavar, *help;
	enum param_kind kind;
	unsigned int flags;
	size_t off;			/* where the value lands in the command's own struct */
	const char *const *words;	/* P_WORD, P_CHOICE, P_REF: NULL-terminated */
	unsigned int group;		/* parameters with the same number > 0 exclude each other */
	/* P_CUSTOM: take words from a (the keyword is already consumed) into member. */
	int (*parse)(struct ctx *ctx, struct args *a, void *member);
	/*
	 * Live candidates: calls complete_word() for each. selector is the word of P_REF's words
	 * that was typed ("id"), in full; for the other kinds the row's name. A P_CUSTOM with words
	 * begins as P_REF.
	 */
	void (*complete)(struct ctx *ctx, const char *selector, const char *typed);
};

/* The offset, but only if the member has the type the kind needs; else it does not compile. */
#define PARAM_OFF(type, member, want)                                                              \
	(offsetof(type, member) +                                                                  \
	 0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->member), want)       \
				 ? 1                                                               \
				 : -1]))

#define PARAM_FLAG(type, member, word, text, ...)                                                  \
	{                                                                                          \
		.name = word, .help = text, .kind = P_FLAG, .off = PARAM_OFF(type, member, bool),  \
		__VA_ARGS__                                                                        \
	}
#define PARAM_U32(type, member, word, meta, text, ...)                                             \
	{ .name = word, .metavar = meta, .help = text, .kind = P_U32,                              \
	  .off = PARAM_OFF(type, member, uint32_t), __VA_ARGS__ }
#define PARAM_U64(type, member, word, meta, text, ...)                                             \
	{ .name = word, .metavar = meta, .help = text, .kind = P_U64,                              \
	  .off = PARAM_OFF(type, member, uint64_t), __VA_ARGS__ }
#define PARAM_WORD(type, member, word, meta, list, text, ...)                                      \
	{ .name = word, .metavar = meta, .help = text, .kind = P_WORD, .words = list,              \
	  .off = PARAM_OFF(type, member, const char *), __VA_ARGS__ }
#define PARAM_CHOICE(type, member, word, meta, list, text, ...)                                    \
	{ .name = word, .metavar = meta, .help = text, .kind = P_CHOICE, .words = list,            \
	  .off = PARAM_OFF(type, member, int), __VA_ARGS__ }
#define PARAM_PATH(type, member, word, meta, text, ...)                                            \
	{ .name = word, .metavar = meta, .help = text, .kind = P_PATH,                             \
	  .off = PARAM_OFF(type, member, const char *), __VA_ARGS__ }
#define PARAM_PATHS(type, member, meta, text, ...)                                                 \
	{                                                                                          \
		.name = "", .metavar = meta, .help = text, .kind = P_PATH,                         \
		.flags = PF_LIST | PF_REQUIRED, .off = PARAM_OFF(type, member, struct args),       \
		__VA_ARGS__                                                                        \
	}
#define PARAM_IFACE(type, member, word, meta, text, ...)                                           \
	{ .name = word, .metavar = meta, .help = text, .kind = P_IFACE,                            \
	  .off = PARAM_OFF(type, member, const char *), __VA_ARGS__ }
#define PARAM_REF(type, member, word, meta, list, text, ...)                                       \
	{ .name = word, .metavar = meta, .help = text, .kind = P_REF, .words = list,               \
	  .off = PARAM_OFF(type, member, struct ref), __VA_ARGS__ }
#define PARAM_CUSTOM(type, member, mtype, word, meta, func, text, ...)                             \
	{ .name = word, .metavar = meta, .help = text, .kind = P_CUSTOM, .parse = func,            \
	  .off = PARAM_OFF(type, member, mtype), __VA_ARGS__ }
#define PARAM_TAIL(type, member, meta, text, ...)                                                  \
	{ .name = "", .metavar = meta, .help = text, .kind = P_TAIL,                               \
	  .off = PARAM_OFF(type, member, struct args), __VA_ARGS__ }

enum cmd_flags {
	CMD_ALIAS = 1 << 0,	/* another word for the row above it (list = show) */
	CMD_DEFAULT = 1 << 1,	/* what the group does when no verb is typed */
	CMD_HIDDEN = 1 << 2,	/* works, but is not offered */
	CMD_CLEAR = 1 << 3,	/* a word that shortens several of its keywords is an error */
	CMD_BASE_BTF = 1 << 4,	/* reads BTF that -B may be the base of; others refuse -B */
};

/*
 * A command's file exports one of these; the group's file lists them in match order. A row {.name =
 * "help"} without sub and run marks where "help" stands among them (without one it comes last). An
 * alias stands below its row and has name and flags only.
 */
struct cmd {
	const char *name, *help;
	const struct cmd *const *sub;	/* a group: its commands up to NULL... */
	const struct param *params;	/* ...or a command: rows up to one without a kind */
	size_t args_size;
	int (*run)(struct ctx *ctx, const void *args);
	unsigned int flags;
};

/*
 * Find the command for the words, parse its parameters, run it. Positional parameters are
 * filled in table order; keywords may come in any order after them, each at most once (a flag
 * may be said again), and may be abbreviated (table order decides). An optional positional is
 * skipped when the word is no value for it, or is exactly a keyword. Returns what run returned;
 * -EINVAL with ctx->err->usage set for a wrong command line.
 *
 * "help" as a verb anywhere, or alone after a command, leaves the help in ctx->help_text (added to
 * what is there; nothing with JSON output) and returns 0.
 */
int cmd_dispatch(struct ctx *ctx, const struct cmd *const *root, const char *const *words,
		 unsigned int n);

/*
 * Help for the group or command that the words lead to (words beyond it are ignored).
 * Returns an owned text, NULL when out of memory.
 */
char *cmd_help(const struct ctx *ctx, const struct cmd *const *root, const char *const *words,
	       unsigned int n);

/*
 * Candidates for the last of the words, one a line, into f (bpfctl __complete). The line ":file"
 * stands for file names. Words that begin with '-' are passed over. Never fails.
 */
void cmd_complete(struct ctx *ctx, const struct cmd *const *root, const char *const *words,
		  unsigned int n, FILE *f);
/* For hooks: offer word if it begins with what was typed. */
void complete_word(struct ctx *ctx, const char *word);
/* For hooks of P_CUSTOM: the words of the value before the one being typed. */
struct args complete_value(const struct ctx *ctx);
/* And: the value is not whole without another word, so that no keyword can stand here. */
void complete_goes_on(struct ctx *ctx);
/* For hooks: the name of a file may stand here. */
void complete_files(struct ctx *ctx);
/* A hook that does no more. */
void complete_file(struct ctx *ctx, const char *selector, const char *typed);

/* Zeroed memory that lives as long as the running command's arguments; NULL when out of memory. */
void *cmd_alloc(struct ctx *ctx, size_t size);

#endif
