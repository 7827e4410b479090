// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The words that may come next. Follows the words like the parser, but tolerates everything: an
 * invalid word only means that fewer candidates are offered.
 */
#include "cli/cmd_int.h"

#include <ctype.h>
#include <net/if.h>

/* The position of the cursor in a command's parameters. */
struct scan {
	struct ctx *ctx;
	const struct cmd *cmd;
	struct args *words;		/* the last is the one being typed */
	uint64_t used;
};

static void put_candidate(const struct cmd_state *s, const char *word, const char *text)
{
	fputs(word, s->f);
	if (s->described && text)
		fprintf(s->f, "\t%s", text);
	fputc('\n', s->f);
}

void complete_described(struct ctx *ctx, const char *word, const char *text)
{
	const struct cmd_state *s = ctx->cmd_state;

	if (!s || !s->f || s->dashed || !has_prefix(word, s->typed))
		return;
	for (const char *c = word; *c; c++)
		if ((unsigned char)*c < ' ')
			return;		/* one per line: such a name cannot be offered */
	put_candidate(s, word, text);
}

void complete_word(struct ctx *ctx, const char *word)
{
	complete_described(ctx, word, NULL);
}

/* A keyword; a flag also as "--dry-run". */
static void offer_keyword(struct ctx *ctx, const struct param *p)
{
	const struct cmd_state *s = ctx->cmd_state;
	char option[64];

	complete_described(ctx, p->name, p->help);
	if (!s->dashed || p->kind != P_FLAG)
		return;
	snprintf(option, sizeof(option), "--%s", p->name);
	for (char *c = option; *c; c++)
		*c = *c == '_' ? '-' : *c;
	if (has_prefix(option, s->typed))
		put_candidate(s, option, p->help);
}

void complete_files(struct ctx *ctx)
{
	const struct cmd_state *s = ctx->cmd_state;

	if (s && s->f && !s->dashed)
		fputs(":file\n", s->f);
}

struct args complete_value(const struct ctx *ctx)
{
	return ctx->cmd_state->value;
}

void complete_goes_on(struct ctx *ctx)
{
	ctx->cmd_state->goes_on = true;
}

void complete_file(struct ctx *ctx, UNUSED const char *selector, UNUSED const char *typed)
{
	complete_files(ctx);
}

static void offer_words(struct ctx *ctx, const char *const *words)
{
	for (; words && *words; words++)
		complete_word(ctx, *words);
}

/*
 * /sys/class/net may be that of another network namespace: sysfs shows the namespace it was mounted
 * in.
 */
static void offer_interfaces(struct ctx *ctx)
{
	struct if_nameindex *all = if_nameindex();

	for (const struct if_nameindex *i = all; i && i->if_name; i++)
		complete_word(ctx, i->if_name);
	if (all)
		if_freenameindex(all);
}

static void offer_live(struct ctx *ctx, const struct param *p, const char *selector)
{
	if (!p->complete)
		return;
	p->complete(ctx, selector, ctx->cmd_state->typed);
	err_clear(ctx->err);
}

/* Of what begins here without a selector, what fits: ids are many, paths are long. */
static const char *bare_selector(const char *typed)
{
	if (strchr(typed, '/'))
		return "pinned";
	return isdigit((unsigned char)*typed) ? "id" : "name";
}

static void call_hook(struct ctx *ctx, complete_fn *complete, const char *selector)
{
	if (complete)
		complete(ctx, selector, ctx->cmd_state->typed);
	if (streq(selector, "pinned"))
		complete_files(ctx);
	err_clear(ctx->err);
}

void complete_ref(struct ctx *ctx, const char *const *words, complete_fn *complete,
		  const struct args *before)
{
	int i = before->n ? word_find(before->words[0], words) : -1;

	if (!before->n) {
		offer_words(ctx, words);
		if (!ctx_is_bpftool(ctx))
			call_hook(ctx, complete, bare_selector(ctx->cmd_state->typed));
	} else if (before->n == 1 && i >= 0) {
		call_hook(ctx, complete, words[i]);
	}
}

/* P_CUSTOM: do its words select an object, or are they values? */
static bool is_ref(const struct param *p)
{
	return p->kind == P_REF ||
	       (p->kind == P_CUSTOM && p->words && streq(p->words[0], "id"));
}

static void offer_value(struct ctx *ctx, const struct param *p)
{
	if (is_ref(p)) {
		complete_ref(ctx, p->words, p->complete, &(struct args){});
		return;
	}
	if (p->kind == P_PATH)
		complete_files(ctx);
	else if (p->kind == P_IFACE)
		offer_interfaces(ctx);
	else
		offer_words(ctx, p->words);
	offer_live(ctx, p, p->name);
}

static uint64_t bit_of(const struct scan *s, const struct param *p)
{
	long i = p - s->cmd->params;

	return i < 64 ? 1ULL << i : 0;
}

/* Several references are bpfctl's only. */
static bool may_repeat(const struct scan *s, const struct param *p)
{
	return (p->flags & PF_REPEAT) && !(p->kind == P_REF && ctx_is_bpftool(s->ctx));
}

static bool is_open(const struct scan *s, const struct param *p)
{
	if (p->flags & PF_HIDDEN)
		return false;
	if ((s->used & bit_of(s, p)) && !may_repeat(s, p))
		return false;
	for (const struct param *q = s->cmd->params; p->group && q->name; q++)
		if (q != p && q->group == p->group && (s->used & bit_of(s, q)))
			return false;
	return true;
}

/* The cursor is at the start of a new parameter: positionals that are still possible, keywords. */
static void offer_params(const struct scan *s, const struct param *from)
{
	for (const struct param *p = from; p && p->name; p++) {
		if (!is_positional(p) || !is_open(s, p))
			continue;
		offer_value(s->ctx, p);
		if ((p->flags & PF_REQUIRED) && !(s->used & bit_of(s, p)))
			return;
	}
	for (const struct param *p = s->cmd->params; p && p->name; p++)
		if (!is_positional(p) && is_open(s, p))
			offer_keyword(s->ctx, p);
}

/*
 * The minimum number of words in the value of a row: these words are not keywords even if they look
 * like one.
 */
static unsigned int sure_words(const struct scan *s, const struct param *p)
{
	if (is_positional(p) || !p->metavar)
		return 0;
	return p->words && word_find(args_peek(s->words), p->words) >= 0 ? 2 : 1;
}

/*
 * The grammar of a P_CUSTOM row is its own: its words extend to the next keyword, or to the end.
 * False: the word being typed must be one of them.
 */
static bool pass_custom(struct scan *s, const struct param *p)
{
	unsigned int n = 0, n_sure = sure_words(s, p);
	struct cmd_state *state = s->ctx->cmd_state;

	for (; args_left(s->words) > 1; n++) {
		const struct param *k = find_keyword(s->cmd->params, args_peek(s->words));

		if (n >= n_sure && k && streq(k->name, args_peek(s->words)))
			return true;
		args_next(s->words);
	}
	state->value = (struct args){ .words = s->words->words + s->words->at - n, .n = n };
	if (is_ref(p) && n < 2)
		complete_ref(s->ctx, p->words, p->complete, &state->value);
	else if (!n && p->words)
		offer_words(s->ctx, p->words);
	else
		offer_live(s->ctx, p, p->name);
	return n >= n_sure && !state->goes_on;
}

/*
 * Skips p's value. False: the word being typed belongs to it, and was completed; true: continue
 * with what follows.
 */
static bool pass_value(struct scan *s, const struct param *p)
{
	const char *word;

	s->used |= bit_of(s, p);
	if (p->kind == P_FLAG)
		return true;
	if (p->kind == P_CUSTOM && (!is_positional(p) || (p->flags & PF_REPEAT))) {
		return pass_custom(s, p);
	}
	if (p->kind == P_TAIL || (p->flags & PF_LIST))
		s->words->at = s->words->n - 1;
	if (args_left(s->words) <= 1) {
		offer_value(s->ctx, p);
		return false;
	}
	word = args_next(s->words);
	if (p->kind != P_REF || (word_find(word, p->words) < 0 && !ctx_is_bpftool(s->ctx)))
		return true;
	if (args_left(s->words) <= 1) {
		complete_ref(s->ctx, p->words, p->complete, &(struct args){ &word, 1, 0 });
		return false;
	}
	args_next(s->words);
	return true;
}

/* False: the word being typed was completed. */
static bool pass_positional(struct scan *s, const struct param *p)
{
	bool required = p->flags & PF_REQUIRED, again = p->kind == P_REF && may_repeat(s, p);

	do {
		if (args_left(s->words) <= 1)
			return true;
		if (!required && !param_accepts(s->ctx, s->cmd, p, args_peek(s->words)))
			return true;
		if (!pass_value(s, p))
			return false;
		required = false;
	} while (again);
	return true;
}

static void complete_params(struct scan *s)
{
	const struct param *p;

	for (p = s->cmd->params; p && p->name; p++) {
		if (!is_positional(p))
			continue;
		if (args_left(s->words) <= 1)
			break;
		if (!pass_positional(s, p))
			return;
		if (args_left(s->words) <= 1 && may_repeat(s, p))
			break;
	}
	while (args_left(s->words) > 1) {
		const struct param *k = find_keyword(s->cmd->params, args_next(s->words));

		if (!k || !pass_value(s, k))
			return;
	}
	offer_params(s, p);
}

static void complete_rows(struct ctx *ctx, const struct cmd *const *rows)
{
	bool help = false;

	for (; *rows; rows++) {
		if ((*rows)->flags & CMD_HIDDEN)
			continue;
		complete_described(ctx, (*rows)->name, (*rows)->help);
		help |= streq((*rows)->name, "help");
	}
	if (!help)
		complete_word(ctx, "help");
}

static void complete_words(struct ctx *ctx, const struct cmd *const *root, struct args *words)
{
	struct args whole = *words;
	struct scan s = { .ctx = ctx, .words = words };
	struct cmd_walk w;

	whole.n--;
	cmd_walk(ctx, root, &whole, &w);
	words->at = w.at;
	if (!w.cmd && args_left(words) == 1) {
		complete_rows(ctx, w.rows);
	} else if (w.cmd && !w.help) {
		s.cmd = w.cmd;
		complete_params(&s);
	}
}

void cmd_complete(struct ctx *ctx, const struct cmd *const *root, const struct completing *c)
{
	auto_free const char **kept = calloc(c->n + 1, sizeof(*kept));
	struct cmd_state state = { .f = c->f, .described = c->described };
	struct cmd_state *outer = ctx->cmd_state;
	struct args a = { .words = kept };

	state.typed = c->n ? c->words[c->n - 1] : "";
	state.dashed = has_prefix(state.typed, "--");
	if (!kept || (state.typed[0] == '-' && !state.dashed))
		return;
	for (unsigned int i = 0; i + 1 < c->n; i++)
		if (c->words[i][0] != '-' || streq(c->words[i], "-o"))
			kept[a.n++] = c->words[i];
	kept[a.n++] = state.typed;
	ctx->cmd_state = &state;
	complete_words(ctx, root, &a);
	ctx->cmd_state = outer;
}
