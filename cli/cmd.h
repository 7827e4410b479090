/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The command tree as const data, and everything derived from it: dispatch, parsing, help,
 * completion. The JSON description is in describe.c at the top level.
 *
 * A command is a row: name, help, parameters, the struct they fill, and a function. The function
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
	P_GIVEN,  /* struct given_u32: a number that may be 0 */
	P_WORD,	  /* const char *: one of words (exactly), or any word if words is NULL */
	P_CHOICE, /* int: index of the first of words that it abbreviates; 0 if not given */
	P_PATH,	  /* const char *: a file name; completion offers files */
	P_IFACE,  /* const char *: a network interface name */
	P_REF,	  /* struct ref: "id N", "pinned PATH"...; words lists the selectors */
	P_CUSTOM, /* the row's own parse function */
	P_TAIL,	  /* struct args: all remaining words, parsed by the command itself */
};

enum param_flags {
	PF_REQUIRED = 1 << 0, /* on any row of a group: one of the group is required */
	PF_REPEAT = 1 << 1, /* may be repeated; each time the member is set or parse is called */
	PF_HIDDEN = 1 << 2, /* accepted, but not in help and completion (old synonyms) */
	PF_LIST = 1 << 3,   /* P_PATH, P_WORD, last positional: all other words; a struct args */
	PF_NOT_0 = 1 << 4,  /* P_U32: 0 would mean that it was not given */
};

struct param {				/* one thing that may follow the command name */
	const char *name;		/* keyword; "" = positional */
	const char *metavar, *help;
	enum param_kind kind;
	unsigned int flags;
	size_t off;			/* where the value is stored in the command's struct */
	const char *const *words;	/* P_WORD, P_CHOICE, P_REF: NULL-terminated */
	unsigned int group;		/* at most one parameter of a group > 0 can be given */
	/*
	 * P_CUSTOM: consumes words from a (the keyword is already consumed) and sets member. With a
	 * metavar there is at least one word.
	 */
	int (*parse)(struct ctx *ctx, struct args *a, void *member);
	/*
	 * Live candidates: calls complete_word() for each. selector is the full word from P_REF's
	 * words that was typed ("id"); for other kinds the row's name. A P_CUSTOM with words starts
	 * like a P_REF.
	 */
	void (*complete)(struct ctx *ctx, const char *selector, const char *typed);
};

/* A hook that offers candidates: see struct param. */
typedef void complete_fn(struct ctx *ctx, const char *selector, const char *typed);

/*
 * The offset, but only if the member has the type that the kind needs; otherwise it does not
 * compile.
 */
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
#define PARAM_GIVEN(type, member, word, meta, text, ...)                                           \
	{ .name = word, .metavar = meta, .help = text, .kind = P_GIVEN,                            \
	  .off = PARAM_OFF(type, member, struct given_u32), __VA_ARGS__ }
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
	CMD_ALIAS = 1 << 0,	/* alias of the row above it (list = show) */
	CMD_DEFAULT = 1 << 1,	/* run if the group is given without a verb */
	CMD_HIDDEN = 1 << 2,	/* works, but is not offered */
	CMD_CLEAR = 1 << 3,	/* an ambiguous abbreviation of its keywords is an error */
	CMD_BASE_BTF = 1 << 4,	/* reads BTF that -B may be the base of; others reject -B */
};

/*
 * A command's file exports one of these; the group's file lists them in match order. A row {.name =
 * "help"} without sub and run determines the position of "help" (by default it is last). An alias
 * follows its row and has only name and flags.
 */
struct cmd {
	const char *name, *help;
	const struct cmd *const *sub;	/* a group: its commands, terminated by NULL... */
	const struct param *params;	/* ...or a command: terminated by a row without a kind */
	size_t args_size;
	int (*run)(struct ctx *ctx, const void *args);
	unsigned int flags;
};

/*
 * Finds the command for the words, parses its parameters, and runs it. Positional parameters are
 * filled in table order; keywords may follow in any order, each at most once (a flag may be
 * repeated), and may be abbreviated (table order decides). An optional positional is skipped if the
 * word is not a value for it, or is exactly a keyword. Returns what run returned; -EINVAL with
 * ctx->err->usage set for an invalid command line.
 *
 * "help" as a verb anywhere, or alone after a command, stores the help in ctx->help_text (appended;
 * nothing with JSON output) and returns 0.
 */
int cmd_dispatch(struct ctx *ctx, const struct cmd *const *root, const char *const *words,
		 unsigned int n);

/*
 * Help for the group or command that the words lead to (further words are ignored). Returns an
 * owned text, or NULL if out of memory.
 */
char *cmd_help(const struct ctx *ctx, const struct cmd *const *root, const char *const *words,
	       unsigned int n);

/* A completion: candidates for the last of the words, to f. */
struct completing {
	const char *const *words;
	unsigned int n;
	FILE *f;
	bool described;			/* a tab and a description follow */
};

/*
 * Writes candidates one per line (bpfctl __complete). The line ":file" means file names. Words that
 * start with '-' are skipped; for one with two, flags are offered as options. Never fails.
 */
void cmd_complete(struct ctx *ctx, const struct cmd *const *root, const struct completing *c);
/* For hooks: offers word if it starts with what was typed. */
void complete_word(struct ctx *ctx, const char *word);
/* The same with a description (NULL: none) for shells that show it. */
void complete_described(struct ctx *ctx, const char *word, const char *text);
/* For hooks of P_CUSTOM: the words of the value that precede the one being typed. */
struct args complete_value(const struct ctx *ctx);
/* Also: the value is incomplete without another word, so no keyword is possible here. */
void complete_goes_on(struct ctx *ctx);
/*
 * For hooks: a reference to an object by these selectors is possible, of which before was typed.
 * complete is called with the selector; for a bare word with that which it stands for.
 */
void complete_ref(struct ctx *ctx, const char *const *words, complete_fn *complete,
		  const struct args *before);
/* For hooks: a file name is possible here. */
void complete_files(struct ctx *ctx);
/* A hook that only does this. */
void complete_file(struct ctx *ctx, const char *selector, const char *typed);

/* Zeroed memory with the lifetime of the running command's arguments; NULL if out of memory. */
void *cmd_alloc(struct ctx *ctx, size_t size);

#endif
