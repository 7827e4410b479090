// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The command tree: from words to a row, with abbreviations, aliases and the help verb. */
#include "cli/cmd_int.h"

bool is_help_row(const struct cmd *row)
{
	return streq(row->name, "help") && !row->sub && !row->run;
}

const struct cmd *real_cmd(const struct cmd *const *rows, const struct cmd *const *row)
{
	while (row > rows && (((*row)->flags & CMD_ALIAS) || is_help_row(*row)))
		row--;
	return *row;
}

/*
 * The row for a word: an exact match, else the first row that it abbreviates. "help" is in every
 * group.
 */
static const struct cmd *const *find_row(const struct cmd *const *rows, const char *word)
{
	static const struct cmd help = { .name = "help" };
	static const struct cmd *const help_row = &help;
	const struct cmd *const *row;

	for (row = rows; *row; row++)
		if (streq((*row)->name, word))
			return row;
	for (row = rows; *row && !streq(word, "help"); row++)
		if (word_is(word, (*row)->name))
			return row;
	return word_is(word, "help") ? &help_row : NULL;
}

static void walk_into(struct cmd_walk *w, const struct cmd *const *row)
{
	const struct cmd *cmd = real_cmd(w->rows, row);
	size_t len = strlen(w->path);

	w->group_len = len;
	snprintf(w->path + len, sizeof(w->path) - len, "%s%s", len ? " " : "", cmd->name);
	if (cmd->sub) {
		w->rows = cmd->sub;
		w->group_len = strlen(w->path);
	} else {
		w->cmd = cmd;
	}
}

void cmd_walk(const struct ctx *ctx, const struct cmd *const *root, const struct args *words,
	      struct cmd_walk *ret)
{
	struct cmd_walk w = { .rows = root, .at = words->at };
	const struct cmd *const *row;

	snprintf(w.path, sizeof(w.path), "%s", ctx->progname ? ctx->progname : "bpfctl");
	w.group_len = strlen(w.path);
	while (w.at < words->n && !w.cmd) {
		row = find_row(w.rows, words->words[w.at]);
		if (!row)
			break;
		w.at++;
		if (is_help_row(*row))
			w.help = true;
		else
			walk_into(&w, row);
	}
	/* "prog load help" asks for help; "prog load help /path" loads a file of that name. */
	if (w.cmd && w.at + 1 == words->n && streq(words->words[w.at], "help")) {
		w.help = true;
		w.at++;
	}
	*ret = w;
}

void cmd_walk_default(struct cmd_walk *w)
{
	for (const struct cmd *const *row = w->rows; *row; row++) {
		if (!((*row)->flags & CMD_DEFAULT))
			continue;
		if (is_help_row(*row))
			w->help = true;
		else
			walk_into(w, row);
		return;
	}
}
