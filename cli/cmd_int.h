/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the four cmd*.c files share: walking the tree, matching words to rows and parameters.
 */
#ifndef CLI_CMD_INT_H
#define CLI_CMD_INT_H

#include "cli/cmd.h"
#include "cli/nearest.h"

#define PATH_TEXT_MAX 160	/* "bpfctl prog load" */

struct cmd_mem;

/* One dispatch or completion under way; ctx->cmd_state points to it. */
struct cmd_state {
	struct cmd_mem *mem;		/* cmd_alloc()'s blocks */
	FILE *f;			/* completion: candidates go here... */
	const char *typed;		/* ...if they begin with this */
	struct args value;		/* a P_CUSTOM's words before that... */
	bool goes_on;			/* ...need another */
	const char *path;		/* "bpfctl prog load", for hints */
};

/* A walk down the tree. The names are those of the table, not what was typed. */
struct cmd_walk {
	const struct cmd *const *rows;	/* the group we are in */
	const struct cmd *cmd;		/* the command we arrived at; NULL: still in a group */
	bool help;			/* a "help" verb was met */
	unsigned int at;		/* the first word that was not used */
	char path[PATH_TEXT_MAX];
	size_t group_len;		/* how much of path is the group's */
};

/* Stops at a command, at help, at a word no row knows, or when the words are used up. */
void cmd_walk(const struct ctx *ctx, const struct cmd *const *root, const struct args *words,
	      struct cmd_walk *ret);

bool is_help_row(const struct cmd *row);
/* The command in a row of rows; for an alias that of the row above. */
const struct cmd *real_cmd(const struct cmd *const *rows, const struct cmd *const *row);

/* The keyword that word abbreviates (an exact one first), or NULL. */
const struct param *find_keyword(const struct param *params, const char *word);
static inline bool is_positional(const struct param *p)
{
	return !*p->name;
}
/* May an optional positional take this word, or is the word meant for something else? */
bool param_accepts(const struct cmd *cmd, const struct param *p, const char *word);

/* Fill data (zeroed, cmd->args_size bytes) from the words. */
int cmd_parse(struct ctx *ctx, const struct cmd *cmd, struct args *words, void *data);

/* "a, b, c" into buf, "..." when cut; add_word() with buf "" begins. */
void add_word(char *buf, size_t size, const char *word);

#endif
