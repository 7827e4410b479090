// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl token: what BPF file systems delegate to users who create a token from them (Linux 6.9).
 * It is read from the mount options; tokens themselves cannot be listed.
 */
#include <errno.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/object/mounts.h"

#define PER_LINE 4
#define COLUMN_MIN 18		/* and two blanks: columns never touch */

static const struct {
	const char *option, *key;
} kinds[] = {
	{ "delegate_cmds=", "allowed_cmds" },
	{ "delegate_maps=", "allowed_maps" },
	{ "delegate_progs=", "allowed_progs" },
	{ "delegate_attachs=", "allowed_attachs" },
};

struct words {
	char *text;			/* owned, split into words */
	char *words[256];
	size_t n, longest;
};

/* The words of one option, in a text that the caller frees; none if the option is missing. */
static int find_words(const char *options, const char *option, struct words *ret)
{
	char *rest, *word;

	ret->text = strdup(options);
	rest = ret->text;
	if (!rest)
		return -ENOMEM;
	do
		word = strsep(&rest, ",");
	while (word && !has_prefix(word, option));
	if (!word)
		return 0;
	word += strlen(option);
	while (word && ret->n < ARRAY_SIZE(ret->words)) {
		char *one = strsep(&word, ":");

		if (!*one)
			continue;
		if (strlen(one) > ret->longest)
			ret->longest = strlen(one);
		ret->words[ret->n++] = one;
	}
	return 0;
}

static void show_words(struct out *o, const char *key, const struct words *w)
{
	size_t width = (w->longest > COLUMN_MIN ? w->longest : COLUMN_MIN) + 2;

	out_list(o, key, NULL);
	out_no_sep(o);
	if (w->n)
		out_text(o, "\n\t%s:", key);
	for (size_t i = 0; i < w->n; i++) {
		out_str(o, NULL, i % PER_LINE == 0 ? "\n\t  %s" : "%s", w->words[i]);
		if (i % PER_LINE < PER_LINE - 1 && i + 1 < w->n)
			out_text(o, "%*s", (int)(width - strlen(w->words[i])), "");
	}
	out_list_end(o);
}

static bool delegates(const char *options)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *at = strstr(options, kinds[i].option);

		if (at && (at == options || at[-1] == ','))
			return true;
	}
	return false;
}

static int show_mount(const struct mount *m, void *data)
{
	struct out *o = data;
	int err = 0;

	if (!streq(m->type, "bpf") || !delegates(m->options))
		return 0;
	out_rec(o, NULL);
	out_str(o, "token_info", "token_info  %s", m->point);
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !err; i++) {
		struct words w = {};

		err = find_words(m->options, kinds[i].option, &w);
		if (!err)
			show_words(o, kinds[i].key, &w);
		free(w.text);
	}
	if (!err)
		out_rec_end(o);
	return err;
}

static int token_show(struct ctx *ctx, const void *args UNUSED)
{
	int err;

	out_list(ctx->out, NULL, NULL);
	err = mounts_each(show_mount, ctx->out);
	if (err)
		return fail(ctx->err, err, "list the BPF file systems");
	out_list_end(ctx->out);
	return 0;
}

static const struct param no_params[] = { { } };

static const struct cmd token_show_cmd = {
	.name = "show", .help = "list BPF file systems that delegate",
	.params = no_params,
	.run = token_show, .flags = CMD_DEFAULT,
};

static const struct cmd *const token_cmds[] = {
	&token_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	NULL
};

const struct cmd token_cmd = {
	.name = "token", .help = "BPF tokens: what file systems delegate",
	.sub = token_cmds,
};
