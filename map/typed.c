// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Typed keys and values on the command line: JSON, "field=value", or a single word for a scalar. */
#include <errno.h>

#include "decode/btf/parse.h"
#include "map/map.h"

static bool is_json(const char *word)
{
	return *word == '{' || *word == '[' || *word == '"';
}

/* "saddr.x[1]=": a member's path, so that a file path is not mistaken for one. */
static bool is_assign(const char *word)
{
	size_t n =
		strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]");

	return n && word[n] == '=';
}

bool map_words_typed(const struct args *a, const struct map_shape *s, const char *const *keywords)
{
	struct args ahead = *a;
	const char *word = args_next(&ahead), *behind = args_peek(&ahead);

	if (!word)
		return false;
	if (is_json(word) || is_assign(word))
		return true;
	/* One word in place of several bytes: a number, an address, a name. */
	return map_is_typed(s) && !word_is(word, "hex") &&
	       (!behind || word_find(behind, keywords) >= 0);
}

void map_words_skip(struct args *a)
{
	const char *word = args_next(a);

	if (!word || !is_assign(word))
		return;
	while ((word = args_peek(a)) && is_assign(word))
		args_next(a);
}

static int need_types(struct ctx *ctx, struct map_view *v, const char *what)
{
	if (!v->value && map_is_typed(&v->shape) && map_view_load(ctx, v))
		return map_view_fail_types(ctx, v, "");
	if (streq(what, "key") ? v->key : v->value)
		return 0;
	fail_msg(ctx->err, -EINVAL, "map %u has no BTF that describes its %s", v->shape.info.id,
		 what);
	err_hint(ctx->err, "pass bytes: '%s [hex] B...'", what);
	return -EINVAL;
}

static int parse_words(struct ctx *ctx, struct args *a, const struct btf_target *t, size_t len)
{
	const char *word = args_next(a);
	int err;

	if (is_json(word))
		return btf_parse_json(ctx->err, t, word, strlen(word));
	if (!is_assign(word)) {
		if (btf_parse_takes_word(t->plan))
			return btf_parse_word(ctx->err, t, word);
		a->at--;
		return args_bytes(ctx->err, a, t->what, t->data, len);
	}
	err = btf_parse_assign(ctx->err, t, word);
	while (!err && (word = args_peek(a)) && is_assign(word)) {
		args_next(a);
		err = btf_parse_assign(ctx->err, t, word);
	}
	return err;
}

int map_words_parse(struct ctx *ctx, struct args *a, struct map_view *v, const char *what,
		    uint8_t *data)
{
	struct btf_target t = { .what = what, .flags = BTF_PARSE_NET, .data = data };
	int err = need_types(ctx, v, what);
	bool is_key = streq(what, "key");

	if (err)
		return err;
	t.plan = is_key ? v->key : v->value;
	return parse_words(ctx, a, &t, is_key ? v->shape.info.key_size : v->shape.info.value_size);
}
