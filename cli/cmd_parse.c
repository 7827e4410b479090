// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Converts the words after a command into its struct, as its parameter rows define. Every error of
 * a command line is found here, before the command runs.
 */
#include "cli/cmd_int.h"
#include "cli/nearest.h"
#include "cli/opts.h"

#include <ctype.h>
#include <errno.h>

#define PARAMS_MAX 64		/* rows per command, one bit each */

struct parse {
	struct ctx *ctx;
	const struct cmd *cmd;
	struct args *words;
	char *data;
	uint64_t used;			/* rows that were given */
};

static bool has_word(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (streq(*words, word))
			return true;
	return false;
}

static bool is_keyword(const struct param *params, const char *word)
{
	for (const struct param *p = params; p && p->name; p++)
		if (!is_positional(p) && streq(p->name, word))
			return true;
	return false;
}

/* "--dry-run" is accepted for the keyword dry_run. */
static bool is_dashed(const char *word, const char *keyword)
{
	const char *keyword_of_short = opts_keyword(word);

	if (keyword_of_short)
		return streq(keyword, keyword_of_short);
	if (!has_prefix(word, "--"))
		return false;
	for (word += 2; *word && (*word == *keyword || (*word == '-' && *keyword == '_')); word++)
		keyword++;
	return !*word && !*keyword;
}

const struct param *find_keyword(const struct param *params, const char *word)
{
	const struct param *first = NULL;

	for (const struct param *p = params; p && p->name; p++) {
		if (is_positional(p))
			continue;
		if (streq(p->name, word) || is_dashed(word, p->name))
			return p;
		if (!first && word_is(word, p->name))
			first = p;
	}
	return first;
}

/* A reference without a selector, at a place where a keyword may stand: that wins. */
static bool may_be_bare(const struct ctx *ctx, const struct cmd *cmd, const char *word)
{
	return ref_may_be_bare(ctx, word) && !find_keyword(cmd->params, word);
}

bool param_accepts(const struct ctx *ctx, const struct cmd *cmd, const struct param *p,
		   const char *word)
{
	if (p->kind == P_TAIL || (p->flags & PF_LIST))
		return true;
	if (p->kind == P_U32 || p->kind == P_U64 || p->kind == P_GIVEN)
		return word_is_number(word);
	if (p->kind == P_CHOICE || p->kind == P_REF)
		return word_find(word, p->words) >= 0 ||
		       (p->kind == P_REF && may_be_bare(ctx, cmd, word));
	if (p->kind == P_WORD && p->words)
		return has_word(p->words, word);
	return !is_keyword(cmd->params, word);
}

/* The name of a parameter in errors: its keyword, else its placeholder. */
static const char *label(const struct param *p)
{
	if (!is_positional(p))
		return p->name;
	return p->metavar ? p->metavar : "argument";
}

static int fail_no_value(struct parse *ps, const struct param *p)
{
	if (is_positional(p))
		return fail_usage(ps->ctx->err, "missing %s", label(p));
	return fail_usage(ps->ctx->err, "'%s' needs %s", p->name,
			  p->metavar ? p->metavar : "a value");
}

static int fail_not_in_list(struct parse *ps, const struct param *p, const char *word)
{
	struct nearest near = { .word = word };
	char known[ERR_TEXT_MAX / 2] = "";
	int err;

	for (int i = 0; p->words[i]; i++) {
		nearest_try(&near, p->words[i]);
		add_word(known, sizeof(known), "%s", p->words[i]);
	}
	err = fail_usage(ps->ctx->err, "unrecognized %s: '%s'", label(p), word);
	if (near.best)
		err_hint(ps->ctx->err, "did you mean '%s'? see '%s help'", near.best,
			 ps->ctx->cmd_state->path);
	else
		err_hint(ps->ctx->err, "use one of: %s", known);
	return err;
}

static int take_flag(struct parse *ps, const struct param *p, void *member)
{
	(void)ps;
	(void)p;
	*(bool *)member = true;
	return 0;
}

static int take_u32(struct parse *ps, const struct param *p, void *member)
{
	uint32_t *ret = member;
	int err = parse_u32(ps->ctx->err, label(p), args_next(ps->words), ret);

	if (!err && !*ret && (p->flags & PF_NOT_0))
		return fail_usage(ps->ctx->err, "'%s' cannot be 0", label(p));
	return err;
}

static int take_u64(struct parse *ps, const struct param *p, void *member)
{
	return parse_u64(ps->ctx->err, label(p), args_next(ps->words), member);
}

static int take_given(struct parse *ps, const struct param *p, void *member)
{
	struct given_u32 *ret = member;

	ret->given = true;
	return take_u32(ps, p, &ret->value);
}

/* The remaining words; the cursor passed to the command starts at 0. */
static int take_rest(struct parse *ps, const struct param *p, void *member)
{
	struct args rest = { .words = ps->words->words + ps->words->at, .n = args_left(ps->words) };

	(void)p;
	ps->words->at = ps->words->n;
	*(struct args *)member = rest;
	return 0;
}

static int take_word(struct parse *ps, const struct param *p, void *member)
{
	const char *word = args_peek(ps->words);

	if (p->flags & PF_LIST)
		return take_rest(ps, p, member);
	if (p->words && !has_word(p->words, word))
		return fail_not_in_list(ps, p, word);
	*(const char **)member = args_next(ps->words);
	return 0;
}

static int take_choice(struct parse *ps, const struct param *p, void *member)
{
	const char *word = args_next(ps->words);
	int i = word_find(word, p->words);

	if (i < 0)
		return fail_not_in_list(ps, p, word);
	*(int *)member = i;
	return 0;
}

/* What a bare word may have been meant to be: "limt" for the keyword "limit". */
static const char *nearest_keyword(const struct parse *ps, const struct param *p, const char *word)
{
	struct nearest near = { .word = word };

	for (int i = 0; p->words[i]; i++)
		nearest_try(&near, p->words[i]);
	for (const struct param *q = ps->cmd->params; q->name; q++)
		if (!is_positional(q) && !(q->flags & PF_HIDDEN))
			nearest_try(&near, q->name);
	return near.best;
}

/* A row that is repeated makes a chain. */
static int take_ref(struct parse *ps, const struct param *p, void *member)
{
	struct ref *ref = member;
	int err;

	while (ref->next)
		ref = ref->next;
	if (ref->how != REF_NONE) {
		ref->next = cmd_alloc(ps->ctx, sizeof(*ref));
		if (!ref->next)
			return fail(ps->ctx->err, -ENOMEM, "read the command line");
		ref = ref->next;
	}
	err = args_ref(ps->ctx, ps->words, p->words, ref);
	if (!err && ref->bare)
		ref->near = nearest_keyword(ps, p, ref->text);
	return err;
}

static int take_custom(struct parse *ps, const struct param *p, void *member)
{
	int err = p->parse(ps->ctx, ps->words, member);

	if (err && !ps->ctx->err->code)		/* no failure without a message */
		return fail_usage(ps->ctx->err, "can't parse %s", label(p));
	return err;
}

/* Finds a value for p at the cursor. Kinds that consume nothing from it come first. */
static int take_value(struct parse *ps, const struct param *p)
{
	static int (*const takers[])(struct parse *ps, const struct param *p, void *member) = {
		[P_FLAG] = take_flag,	  [P_U32] = take_u32,	    [P_U64] = take_u64,
		[P_GIVEN] = take_given,	  [P_WORD] = take_word,	    [P_CHOICE] = take_choice,
		[P_PATH] = take_word,	  [P_IFACE] = take_word,    [P_REF] = take_ref,
		[P_CUSTOM] = take_custom, [P_TAIL] = take_rest,
	};
	bool takes_none = p->kind == P_FLAG || (p->kind == P_CUSTOM && !p->metavar);

	if (!takes_none && !args_left(ps->words))
		return fail_no_value(ps, p);
	return takers[p->kind](ps, p, ps->data + p->off);
}

static uint64_t bit_of(const struct parse *ps, const struct param *p)
{
	return 1ULL << (p - ps->cmd->params);
}

/* Another row of p's group that was given, or NULL. */
static const struct param *used_rival(const struct parse *ps, const struct param *p)
{
	for (const struct param *q = ps->cmd->params; p->group && q->name; q++)
		if (q != p && q->group == p->group && (ps->used & bit_of(ps, q)))
			return q;
	return NULL;
}

/* bpftool's references are single. */
static bool repeats(const struct ctx *ctx, const struct param *p)
{
	return (p->flags & PF_REPEAT) && !(p->kind == P_REF && ctx_is_bpftool(ctx));
}

static int take(struct parse *ps, const struct param *p)
{
	const struct param *rival = used_rival(ps, p);
	bool again = ps->used & bit_of(ps, p);

	if (rival)
		return fail_usage(ps->ctx->err, "'%s' and '%s' exclude each other", label(rival),
				  label(p));
	if (again && p->kind != P_FLAG && !repeats(ps->ctx, p))
		return fail_usage(ps->ctx->err, "'%s' is given twice", label(p));
	ps->used |= bit_of(ps, p);
	return take_value(ps, p);
}

/* "map dump limit 5": a keyword, not the name of a map. */
static bool is_other(const struct parse *ps, const struct param *p, const char *word)
{
	return !ctx_is_bpftool(ps->ctx) && word_find(word, p->words) < 0 &&
	       (is_keyword(ps->cmd->params, word) || has_prefix(word, "--"));
}

static int parse_positional(struct parse *ps, const struct param *p)
{
	bool required = p->flags & PF_REQUIRED;
	unsigned int before;
	int err;

	do {
		before = ps->words->at;
		if (!args_left(ps->words))
			return 0;	/* check_required() handles it */
		if (!required && !param_accepts(ps->ctx, ps->cmd, p, args_peek(ps->words)))
			return 0;
		if (p->kind == P_REF && is_other(ps, p, args_peek(ps->words)))
			return 0;
		err = take(ps, p);
		required = false;
	} while (!err && repeats(ps->ctx, p) && ps->words->at > before);
	return err;
}

/* A word for a positional that was omitted, after the keywords: it comes too late. */
static const struct param *missed(const struct parse *ps, const char *word)
{
	for (const struct param *p = ps->cmd->params; p && p->name; p++)
		if (is_positional(p) && p->words && has_word(p->words, word) &&
		    !(ps->used & bit_of(ps, p)))
			return p;
	return NULL;
}

static bool keywords_begun(const struct parse *ps)
{
	for (const struct param *p = ps->cmd->params; p && p->name; p++)
		if (!is_positional(p) && (ps->used & bit_of(ps, p)))
			return true;
	return false;
}

/* "anme x": the name, taken for an object, of a selector, and its value. */
static const char *mistyped_selector(const struct parse *ps)
{
	const char *last = ps->words->at ? ps->words->words[ps->words->at - 1] : NULL;

	for (const struct param *p = ps->cmd->params; p && p->name; p++) {
		const struct ref *ref = (const void *)(ps->data + p->off);

		if (p->kind == P_REF && (ps->used & bit_of(ps, p)) && ref->bare &&
		    ref->text == last)
			return ref->near;
	}
	return NULL;
}

/* Lists what is possible here: keywords, and the words of a positional that was omitted. */
static int fail_what_is(struct parse *ps, const char *word)
{
	bool late = keywords_begun(ps), dashed = has_prefix(word, "--");
	struct nearest near = { .word = dashed ? word + 2 : word };
	char known[ERR_TEXT_MAX / 2] = "";
	int err;

	for (const struct param *p = ps->cmd->params; p && p->name; p++) {
		if ((p->flags & PF_HIDDEN) ||
		    ((ps->used & bit_of(ps, p)) && !repeats(ps->ctx, p)))
			continue;
		if (used_rival(ps, p))
			continue;
		for (int i = 0; !late && is_positional(p) && p->words && p->words[i]; i++) {
			nearest_try(&near, p->words[i]);
			add_word(known, sizeof(known), "%s", p->words[i]);
		}
		if (is_positional(p))
			continue;
		nearest_try(&near, p->name);
		add_word(known, sizeof(known), "%s", p->name);
	}
	if (!near.best)
		near.best = mistyped_selector(ps);
	if (dashed && !near.best)
		return opts_fail_unknown(ps->ctx, word);
	err = fail_usage(ps->ctx->err, "unexpected '%s'", word);
	if (late && missed(ps, word))
		err_hint(ps->ctx->err, "%s must come before the other words; see '%s help'",
			 label(missed(ps, word)), ps->ctx->cmd_state->path);
	else if (near.best)
		err_hint(ps->ctx->err, "did you mean '%s'? see '%s help'", near.best,
			 ps->ctx->cmd_state->path);
	else if (known[0])
		err_hint(ps->ctx->err, "accepted here: %s; see '%s help'", known,
			 ps->ctx->cmd_state->path);
	else
		err_hint(ps->ctx->err, "no more arguments are expected; see '%s help'",
			 ps->ctx->cmd_state->path);
	return err;
}

/* For CMD_CLEAR: does the word abbreviate more than one keyword without being one? */
static bool is_ambiguous(const struct parse *ps, const char *word,
			 char known[static ERR_TEXT_MAX / 2])
{
	unsigned int n = 0;

	if (!(ps->cmd->flags & CMD_CLEAR) || is_keyword(ps->cmd->params, word))
		return false;
	for (const struct param *p = ps->cmd->params; p->name; p++) {
		if (is_positional(p) || (p->flags & PF_HIDDEN) || !word_is(word, p->name))
			continue;
		add_word(known, ERR_TEXT_MAX / 2, "%s", p->name);
		n++;
	}
	return n > 1;
}

static int parse_keywords(struct parse *ps)
{
	const char *word;
	int err = 0;

	while (!err && (word = args_peek(ps->words))) {
		const struct param *p = find_keyword(ps->cmd->params, word);
		char known[ERR_TEXT_MAX / 2] = "";

		if (!p)
			return fail_what_is(ps, word);
		if (is_ambiguous(ps, word, known))
			return fail_usage(ps->ctx->err, "'%s' could be any of: %s", word, known);
		args_next(ps->words);
		err = take(ps, p);
	}
	return err;
}

static int fail_missing(struct parse *ps, const struct param *p)
{
	char names[ERR_TEXT_MAX / 2] = "";

	if (p->group) {
		for (const struct param *q = ps->cmd->params; q->name; q++)
			if (q->group == p->group && !(q->flags & PF_HIDDEN))
				add_word(names, sizeof(names), "%s", label(q));
		return fail_usage(ps->ctx->err, "missing one of: %s", names);
	}
	if (is_positional(p) || !p->metavar)
		return fail_usage(ps->ctx->err, "missing %s", label(p));
	return fail_usage(ps->ctx->err, "missing '%s %s'", p->name, p->metavar);
}

static int check_required(struct parse *ps)
{
	for (const struct param *p = ps->cmd->params; p && p->name; p++)
		if ((p->flags & PF_REQUIRED) && !(ps->used & bit_of(ps, p)) && !used_rival(ps, p))
			return fail_missing(ps, p);
	return 0;
}

static size_t count_params(const struct param *params)
{
	size_t n = 0;

	while (params && params[n].name)
		n++;
	return n;
}

int cmd_parse(struct ctx *ctx, const struct cmd *cmd, struct args *words, void *data)
{
	struct parse ps = { .ctx = ctx, .cmd = cmd, .words = words, .data = data };
	int err;

	if (count_params(cmd->params) > PARAMS_MAX)
		return fail_msg(ctx->err, -E2BIG, "'%s' has too many parameters", cmd->name);
	for (const struct param *p = cmd->params; p && p->name; p++) {
		if (!is_positional(p))
			continue;
		err = parse_positional(&ps, p);
		if (err)
			return err;
	}
	err = parse_keywords(&ps);
	if (err)
		return err;
	return check_required(&ps);
}
