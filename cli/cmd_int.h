/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the cmd*.c files share: walking the tree, matching words to rows and parameters.
 */
#ifndef CLI_CMD_INT_H
#define CLI_CMD_INT_H

#include "cli/cmd.h"
#include "cli/nearest.h"

#define PATH_TEXT_MAX 160	/* "bpfctl prog load" */

struct cmd_mem;

/* A dispatch or completion in progress; ctx->cmd_state points to it. */
struct cmd_state {
	struct cmd_mem *mem;		/* cmd_alloc()'s blocks */
	FILE *f;			/* completion: candidates go here... */
	const char *typed;		/* ...if they start with this */
	bool described;			/* with a description */
	bool dashed;			/* typed starts with "--": flags only */
	struct args value;		/* the preceding words of a P_CUSTOM... */
	bool goes_on;			/* ...require another */
	const char *path;		/* "bpfctl prog load", for hints */
};

/* A walk down the tree. The names are those in the table, not those typed. */
struct cmd_walk {
	const struct cmd *const *rows;	/* the group we are in */
	const struct cmd *cmd;		/* the command found; NULL: still in a group */
	bool help;			/* a "help" verb was found */
	unsigned int at;		/* the first unused word */
	char path[PATH_TEXT_MAX];
	size_t group_len;		/* length of the group in path */
};

/* Stops at a command, at help, at an unknown word, or after the last word. */
void cmd_walk(const struct ctx *ctx, const struct cmd *const *root, const struct args *words,
	      struct cmd_walk *ret);
/* No verb was typed: use the group's default, if it has one. */
void cmd_walk_default(struct cmd_walk *w);

bool is_help_row(const struct cmd *row);
/* The command of a row; for an alias that of the row it belongs to. */
const struct cmd *real_cmd(const struct cmd *const *rows, const struct cmd *const *row);

/* The keyword that word abbreviates (exact matches first), or NULL. */
const struct param *find_keyword(const struct param *params, const char *word);
static inline bool is_positional(const struct param *p)
{
	return !*p->name;
}
/* May an optional positional consume this word, or is it something else? */
bool param_accepts(const struct ctx *ctx, const struct cmd *cmd, const struct param *p,
		   const char *word);

/* Fills data (zeroed, cmd->args_size bytes) from the words. */
int cmd_parse(struct ctx *ctx, const struct cmd *cmd, struct args *words, void *data);

#endif
