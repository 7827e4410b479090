// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Help, generated from the tree: usage lines, the help of each row, and the meaning of the
 * placeholders. main adds the global options.
 */
#include "cli/cmd_int.h"

#include <ctype.h>

#define WIDTH 90
#define LEFT_MAX 26		/* left column of a list; longer entries get their own line */
#define TOKEN_MAX 2048		/* "{ hash | array | ... }" */
#define INDENT "  "

/* Words one after another, wrapped into lines that start at indent. */
struct text {
	FILE *f;
	size_t col, indent;
	bool as_bpftool;		/* whose references have a selector */
};

static void pad(struct text *t, size_t to)
{
	for (; t->col < to; t->col++)
		fputc(' ', t->f);
}

static void put(struct text *t, const char *s)
{
	fputs(s, t->f);
	t->col += strlen(s);
}

static void end_line(struct text *t)
{
	fputc('\n', t->f);
	t->col = 0;
}

/* A piece that must not be broken across lines. */
static void put_piece(struct text *t, const char *piece, size_t len)
{
	if (t->col > t->indent && t->col + 1 + len > WIDTH)
		end_line(t);
	if (t->col > t->indent)
		put(t, " ");
	pad(t, t->indent);
	fwrite(piece, 1, len, t->f);
	t->col += len;
}

static void put_prose(struct text *t, const char *s)
{
	while (*s) {
		size_t len = strcspn(s, " ");

		put_piece(t, s, len);
		s += len;
		s += strspn(s, " ");
	}
}

/* A piece of the synopsis; broken only if it is longer than a line. */
static void put_token(struct text *t, const char *s)
{
	if (t->indent + strlen(s) > WIDTH)
		put_prose(t, s);
	else
		put_piece(t, s, strlen(s));
}

static void add(char *buf, const char *s)
{
	size_t len = strlen(buf);

	snprintf(buf + len, TOKEN_MAX - len, "%s", s);
}

/* "id ID", "pinned PATH" */
static void add_selector(char *buf, const char *word)
{
	char value[16] = "";

	for (size_t i = 0; word[i] && i < sizeof(value) - 1; i++)
		value[i] = (char)toupper((unsigned char)word[i]);
	add(buf, word);
	add(buf, " ");
	add(buf, streq(word, "pinned") ? "PATH" : value);
}

/* "{ id ID | name NAME | pinned PATH }", "{ xlated | jited }" */
static void add_words(char *buf, const struct param *p)
{
	add(buf, "{ ");
	for (int i = 0; p->words[i]; i++) {
		add(buf, i ? " | " : "");
		if (p->kind == P_REF)
			add_selector(buf, p->words[i]);
		else
			add(buf, p->words[i]);
	}
	add(buf, " }");
}

static void add_value(char *buf, const struct param *p)
{
	if (p->metavar)
		add(buf, p->metavar);
	else if (p->words)
		add_words(buf, p);
	else if (is_positional(p))
		add(buf, "WORD");
	if ((p->flags & PF_LIST) || (is_positional(p) && (p->flags & PF_REPEAT)))
		add(buf, "...");
}

/* "PROG", "limit N", "quiet": as typed, without brackets */
static void add_param(char *buf, const struct param *p)
{
	bool valued = p->kind != P_FLAG && (p->metavar || p->words);

	add(buf, p->name);
	if (is_positional(p) || valued) {
		add(buf, is_positional(p) ? "" : " ");
		add_value(buf, p);
	}
}

static bool is_shown(const struct param *p)
{
	return !(p->flags & PF_HIDDEN);
}

/* The visible rows of p's group: how many, is one required, is p the first? */
struct group {
	unsigned int n;
	bool required, first;
};

static struct group look_at_group(const struct param *params, const struct param *p)
{
	struct group g = { .first = true };

	for (const struct param *q = params; q->name; q++) {
		if (q->group != p->group || !is_shown(q))
			continue;
		if (q->flags & PF_REQUIRED)
			g.required = true;
		if (q < p)
			g.first = false;
		g.n++;
	}
	return g;
}

/* With braces, or with brackets if all are optional: "{ a X | b Y }" */
static void add_group(char *buf, const struct param *params, const struct param *p, bool required)
{
	const char *sep = required ? "{ " : "[ ";

	for (const struct param *q = params; q->name; q++) {
		if (q->group != p->group || !is_shown(q))
			continue;
		add(buf, sep);
		add_param(buf, q);
		sep = " | ";
	}
	add(buf, required ? " }" : " ]");
}

static void put_param(struct text *t, const struct param *params, const struct param *p)
{
	struct group g = { .n = 1 };
	char buf[TOKEN_MAX] = "";

	if (p->group)
		g = look_at_group(params, p);
	if (g.n > 1) {
		if (!g.first)
			return;
		add_group(buf, params, p, g.required);
	} else if ((p->flags & PF_REQUIRED) || p->kind == P_TAIL) {
		add_param(buf, p);	/* a P_TAIL like "[key BYTES]..." has its own brackets */
	} else {
		add(buf, "[");
		add_param(buf, p);
		add(buf, "]");
	}
	add(buf, (p->flags & PF_REPEAT) && !is_positional(p) ? "..." : "");
	put_token(t, buf);
}

/* Positional parameters come first, independently of the order of the rows. */
static void put_params(struct text *t, const struct param *params)
{
	for (const struct param *p = params; p && p->name; p++)
		if (is_positional(p) && is_shown(p))
			put_param(t, params, p);
	for (const struct param *p = params; p && p->name; p++)
		if (!is_positional(p) && is_shown(p))
			put_param(t, params, p);
}

static bool is_alias_of(const struct cmd *const *rows, const struct cmd *const *row,
			const struct cmd *real)
{
	return *row != real && !((*row)->flags & CMD_HIDDEN) && !is_help_row(*row) &&
	       real_cmd(rows, row) == real;
}

/* "show", or "{ show | list }" with brackets "{ ", "}" and " | "; "show, list" without */
static void add_names(char *buf, const struct cmd *const *rows, const struct cmd *real,
		      bool synopsis)
{
	bool several = false;

	for (const struct cmd *const *row = rows; *row; row++)
		several |= is_alias_of(rows, row, real);
	add(buf, several && synopsis ? "{ " : "");
	add(buf, real->name);
	for (const struct cmd *const *row = rows; *row; row++) {
		if (!is_alias_of(rows, row, real))
			continue;
		add(buf, synopsis ? " | " : ", ");
		add(buf, (*row)->name);
	}
	add(buf, several && synopsis ? " }" : "");
}

/* Rows that get their own lines. */
static bool has_line(const struct cmd *row)
{
	return !(row->flags & (CMD_HIDDEN | CMD_ALIAS)) && !is_help_row(row);
}

/* "Usage: bpfctl prog { show | list } [PROG]" */
static void put_usage(struct text *t, const struct cmd_walk *w, const struct cmd *row, bool first)
{
	char names[TOKEN_MAX] = "";

	put(t, first ? "Usage:" : "      ");
	put(t, " ");
	fwrite(w->path, 1, w->group_len, t->f);
	t->col += w->group_len;
	t->indent = t->col + 1;
	add_names(names, w->rows, row, true);
	put(t, " ");
	put_token(t, names);
	if (row->sub)
		put_token(t, "COMMAND ...");
	put_params(t, row->params);
	t->indent = 0;
	end_line(t);
}

/* The left column and its explanation. */
static void put_entry(struct text *t, const char *left, const char *help, size_t width)
{
	put(t, INDENT);
	put(t, left);
	if (help && *help) {
		t->indent = strlen(INDENT) + width + 2;
		if (t->col + 2 > t->indent)
			end_line(t);
		pad(t, t->indent);
		put_prose(t, help);
		t->indent = 0;
	}
	end_line(t);
}

static void widen(size_t *width, const char *left)
{
	size_t len = strlen(left);

	if (len > *width)
		*width = len < LEFT_MAX ? len : LEFT_MAX;
}

static void put_rows(struct text *t, const struct cmd *const *rows)
{
	size_t width = strlen("help");

	for (int printing = 0; printing < 2; printing++) {
		for (const struct cmd *const *row = rows; *row; row++) {
			char names[TOKEN_MAX] = "";

			if (!has_line(*row))
				continue;
			add_names(names, rows, *row, false);
			if (printing)
				put_entry(t, names, (*row)->help, width);
			else
				widen(&width, names);
		}
	}
	put_entry(t, "help", "this text; also after a command", width);
}

static void put_param_entries(struct text *t, const struct param *params)
{
	size_t width = 0;

	for (int printing = 0; printing < 2; printing++) {
		for (const struct param *p = params; p && p->name; p++) {
			char left[TOKEN_MAX] = "";

			if (!is_shown(p))
				continue;
			add_param(left, p);
			if (printing)
				put_entry(t, left, p->help, width);
			else
				widen(&width, left);
		}
	}
}

static bool is_defined(const struct param *p)
{
	return is_shown(p) && p->metavar && p->words && p->kind != P_CUSTOM && p->kind != P_TAIL;
}

/*
 * "PROG := { id ID | ... }"; owner distinguishes commands that use one placeholder for two things
 */
static void put_definition(struct text *t, const struct param *p, const char *owner)
{
	char word[TOKEN_MAX] = "";

	put(t, p->metavar);
	if (owner) {
		put(t, " of '");
		put(t, owner);
		put(t, "'");
	}
	put(t, " := { ");
	t->indent = t->col;
	if (p->kind == P_REF && !t->as_bpftool)
		put_token(t, "ID | NAME | PATTERN | PATH |");
	for (int i = 0; p->words[i]; i++) {
		word[0] = '\0';
		if (p->kind == P_REF)
			add_selector(word, p->words[i]);
		else
			add(word, p->words[i]);
		add(word, p->words[i + 1] ? " |" : " }");
		put_token(t, word);
	}
	t->indent = 0;
	end_line(t);
}

/* Does an earlier row have the same text? Does the placeholder mean something else elsewhere? */
static void compare_definitions(const struct cmd *const *rows, const struct param *p,
				bool *ret_said, bool *ret_other)
{
	bool before = true;

	*ret_said = *ret_other = false;
	for (; *rows; rows++) {
		if (!has_line(*rows))
			continue;
		for (const struct param *q = (*rows)->params; q && q->name; q++) {
			if (q == p)
				before = false;
			if (!is_defined(q) || !streq(q->metavar, p->metavar))
				continue;
			if (q->words != p->words)
				*ret_other = true;
			else if (before)
				*ret_said = true;
		}
	}
}

/* Rows may share a table of parameters (attach and detach): it is printed once. */
static bool is_listed(const struct cmd *const *rows, const struct cmd *const *row)
{
	for (; rows < row; rows++)
		if ((*rows)->params == (*row)->params && has_line(*rows))
			return true;
	return false;
}

static void put_definitions(struct text *t, const struct cmd *const *rows)
{
	const char *gap = "\n";

	for (const struct cmd *const *row = rows; *row; row++) {
		if (!has_line(*row) || is_listed(rows, row))
			continue;
		for (const struct param *p = (*row)->params; p && p->name; p++) {
			bool said, other;

			if (!is_defined(p))
				continue;
			compare_definitions(rows, p, &said, &other);
			if (said)
				continue;
			fputs(gap, t->f);
			gap = "";
			put_definition(t, p, other ? (*row)->name : NULL);
		}
	}
}

static void help_cmd(struct text *t, const struct cmd_walk *w)
{
	struct cmd shown = *w->cmd;
	const struct cmd *const alone[] = { &shown, NULL };

	put_usage(t, w, w->cmd, true);
	if (w->cmd->help) {
		end_line(t);
		t->indent = strlen(INDENT);
		put_prose(t, w->cmd->help);
		t->indent = 0;
		end_line(t);
	}
	if (w->cmd->params && w->cmd->params->name) {
		end_line(t);
		put_param_entries(t, w->cmd->params);
	}
	shown.flags = 0;
	put_definitions(t, alone);
}

static void help_group(struct text *t, const struct cmd_walk *w)
{
	bool first = true;

	for (const struct cmd *const *row = w->rows; *row; row++) {
		if (!has_line(*row))
			continue;
		put_usage(t, w, *row, first);
		first = false;
	}
	put(t, first ? "Usage: " : "       ");
	put(t, w->path);
	put(t, " help [COMMAND]\n\nCommands:\n");
	t->col = 0;
	put_rows(t, w->rows);
	put_definitions(t, w->rows);
}

static void put_root_usage(struct text *t, const char *before, const char *path, const char *after)
{
	put(t, before);
	put(t, path);
	put(t, after);
	end_line(t);
}

static void help_root(struct text *t, const struct cmd_walk *w)
{
	put_root_usage(t, "Usage: ", w->path, " [OPTIONS] OBJECT [COMMAND [ARGUMENT...]]");
	for (const struct cmd *const *row = w->rows; *row; row++)
		if (has_line(*row) && !(*row)->sub)
			put_usage(t, w, *row, false);
	put_root_usage(t, "       ", w->path, " help [OBJECT [COMMAND]]");
	fputs("\nObjects:\n", t->f);
	put_rows(t, w->rows);
	fputs("\nObjects, commands and keywords may be abbreviated; the first match is used.\n",
	      t->f);
}

char *cmd_help(const struct ctx *ctx, const struct cmd *const *root, const char *const *words,
	       unsigned int n)
{
	struct args a = { .words = words, .n = n };
	struct cmd_walk w;
	struct text t = { .as_bpftool = ctx_is_bpftool(ctx) };
	char *buf = NULL;
	size_t len = 0;
	bool failed;

	t.f = open_memstream(&buf, &len);
	if (!t.f)
		return NULL;
	cmd_walk(ctx, root, &a, &w);
	if (w.cmd)
		help_cmd(&t, &w);
	else if (w.rows == root)
		help_root(&t, &w);
	else
		help_group(&t, &w);
	failed = ferror(t.f);
	if (fclose(t.f) || failed) {
		free(buf);
		return NULL;
	}
	return buf;
}
