// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Runs the command that the words lead to: default verbs, the help verb, mistakes. cmd_parse.c
 * reads the parameters.
 */
#include "cli/cmd_int.h"
#include "cli/nearest.h"
#include "cli/opts.h"

#include <errno.h>

/* The words that are valid in a group; near may be NULL. */
static void known_rows(const struct cmd *const *rows, struct nearest *near, char *buf, size_t size)
{
	buf[0] = '\0';
	for (; *rows; rows++) {
		if ((*rows)->flags & CMD_HIDDEN)
			continue;
		if (near)
			nearest_try(near, (*rows)->name);
		add_word(buf, size, "%s", (*rows)->name);
	}
	if (near)
		nearest_try(near, "help");
}

/* The group was given, but no verb: help that was not requested would hide a mistake. */
static int fail_no_command(struct ctx *ctx, const struct cmd_walk *w)
{
	char known[ERR_TEXT_MAX / 2];
	int err;

	known_rows(w->rows, NULL, known, sizeof(known));
	err = fail_usage(ctx->err, "'%s' needs a command", w->path);
	err_hint(ctx->err, "use one of: %s; see '%s help'", known, w->path);
	return err;
}

static int fail_unknown(struct ctx *ctx, const struct cmd *const *root, const struct cmd_walk *w,
			const char *word)
{
	struct nearest near = { .word = word };
	char known[ERR_TEXT_MAX / 2];
	int err;

	if (has_prefix(word, "--"))
		return opts_fail_unknown(ctx, word);
	known_rows(w->rows, &near, known, sizeof(known));
	if (w->rows == root)
		err = fail_usage(ctx->err, "unknown object '%s'", word);
	else
		err = fail_usage(ctx->err, "unknown command '%s' after '%s'", word, w->path);
	if (near.best)
		err_hint(ctx->err, "did you mean '%s'? see '%s help'", near.best, w->path);
	else
		err_hint(ctx->err, "use one of: %s; see '%s help'", known, w->path);
	return err;
}

/* In a batch several commands may request help: the texts are concatenated. */
static int give_help(struct ctx *ctx, const struct cmd *const *root, const struct args *words)
{
	const struct opts *o = ctx->opts;
	auto_free char *text = NULL;
	char *both;

	if (o && (o->json || o->pretty || o->jsonl))
		return 0;
	text = cmd_help(ctx, root, words->words, words->n);
	if (!text)
		return fail(ctx->err, -ENOMEM, "write the help");
	if (!ctx->help_text) {
		ctx->help_text = take_ptr(text);
		return 0;
	}
	if (asprintf(&both, "%s%s", ctx->help_text, text) < 0)
		return fail(ctx->err, -ENOMEM, "write the help");
	free(ctx->help_text);
	ctx->help_text = both;
	return 0;
}

struct cmd_mem {
	struct cmd_mem *next;
	max_align_t data[];
};

void *cmd_alloc(struct ctx *ctx, size_t size)
{
	struct cmd_mem *mem;

	if (!ctx->cmd_state || size > SIZE_MAX - sizeof(*mem))
		return NULL;
	mem = calloc(1, sizeof(*mem) + size);
	if (!mem)
		return NULL;
	mem->next = ctx->cmd_state->mem;
	ctx->cmd_state->mem = mem;
	return mem->data;
}

static void free_mem(struct cmd_mem *mem)
{
	while (mem) {
		struct cmd_mem *next = mem->next;

		free(mem);
		mem = next;
	}
}

static int parse_and_run(struct ctx *ctx, const struct cmd *cmd, struct args *words)
{
	auto_free void *data = calloc(1, cmd->args_size + 1);
	int err;

	if (!data)
		return fail(ctx->err, -ENOMEM, "read the command line");
	err = cmd_parse(ctx, cmd, words, data);
	if (err)
		return err;
	return cmd->run(ctx, data);
}

/*
 * Users would believe that an option without effect has one. bpftool's users may have it in every
 * call.
 */
static int check_options(struct ctx *ctx, const struct cmd_walk *w)
{
	if (!ctx->opts->base_btf || (w->cmd->flags & CMD_BASE_BTF) ||
	    (ctx->progname && streq(ctx->progname, "bpftool")))
		return 0;
	return fail_usage(ctx->err, "'%s' does not read split BTF: '-B %s' has no effect", w->path,
			  ctx->opts->base_btf);
}

/* A command may dispatch again (batch): the states are nested. */
static int run_cmd(struct ctx *ctx, const struct cmd_walk *w, struct args *words)
{
	struct cmd_state *outer = ctx->cmd_state;
	struct cmd_state state = { .path = w->path };
	int err;

	if (!w->cmd->run)
		return fail_msg(ctx->err, -ENOSYS, "'%s' is not implemented", w->path);
	ctx->cmd_state = &state;
	err = check_options(ctx, w);
	err = err ?: parse_and_run(ctx, w->cmd, words);
	if (err && ctx->err->usage)
		err_hint(ctx->err, "see '%s help'", w->path);
	free_mem(state.mem);
	ctx->cmd_state = outer;
	return err;
}

int cmd_dispatch(struct ctx *ctx, const struct cmd *const *root, const char *const *words,
		 unsigned int n)
{
	struct args a = { .words = words, .n = n };
	struct cmd_walk w;

	cmd_walk(ctx, root, &a, &w);
	a.at = w.at;
	if (!w.cmd && args_left(&a))
		return fail_unknown(ctx, root, &w, args_peek(&a));
	if (!w.cmd && !w.help)
		cmd_walk_default(&w);
	if (!w.cmd && !w.help && w.rows != root)
		return fail_no_command(ctx, &w);
	if (w.help || !w.cmd)
		return give_help(ctx, root, &a);
	return run_cmd(ctx, &w, &a);
}
