// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Converts words to numbers, bytes and references. Everything is checked to the last character and
 * never truncated; whether an object with that id, name or path exists is checked by the code that
 * opens it.
 */
#include "cli/args.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>

#include "cli/ctx.h"

const char *args_peek(const struct args *a)
{
	return a->at < a->n ? a->words[a->at] : NULL;
}

const char *args_next(struct args *a)
{
	return a->at < a->n ? a->words[a->at++] : NULL;
}

bool word_is(const char *typed, const char *keyword)
{
	return has_prefix(keyword, typed);
}

int word_find(const char *typed, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (word_is(typed, words[i]))
			return i;
	return -1;
}

bool word_is_number(const char *word)
{
	return isdigit((unsigned char)word[*word == '+']);
}

/* strtoull() alone would skip blanks and negate: the first character after a '+' decides. */
static int parse_digits(const char *text, int base, uint64_t *ret)
{
	unsigned long long v;
	char *end;

	text += *text == '+';
	if (base == 16 ? !isxdigit((unsigned char)*text) : !isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &end, base);
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*ret = v;
	return 0;
}

static int fail_number(struct err *e, const char *what, const char *text)
{
	uint64_t v;

	if (!*text)
		return fail_usage(e, "can't parse '' as %s: a number is expected", what);
	if (*text == '-' && text[1] != '+' && parse_digits(text + 1, 0, &v) != -EINVAL)
		return fail_usage(e, "can't parse '%s' as %s: it must not be negative", text, what);
	if (*text == '0' && parse_digits(text, 10, &v) != -EINVAL)
		return fail_usage(e, "can't parse '%s' as %s: a leading 0 means octal", text, what);
	return fail_usage(e, "can't parse '%s' as %s: not a whole number", text, what);
}

static int parse_max(struct err *e, const char *what, const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	int err;

	err = parse_digits(text, 0, &v);
	if (err == -EINVAL)
		return fail_number(e, what, text);
	if (err || v > max)
		return fail_usage(e, "can't parse '%s' as %s: the largest is %" PRIu64, text, what,
				  max);
	*ret = v;
	return 0;
}

int parse_u64(struct err *e, const char *what, const char *text, uint64_t *ret)
{
	return parse_max(e, what, text, UINT64_MAX, ret);
}

int parse_u32(struct err *e, const char *what, const char *text, uint32_t *ret)
{
	uint64_t v = 0;
	int err;

	err = parse_max(e, what, text, UINT32_MAX, &v);
	if (err)
		return err;
	*ret = (uint32_t)v;
	return 0;
}

int parse_byte(struct err *e, const char *what, const char *text, int base, uint8_t *ret)
{
	bool minus = *text == '-';
	uint64_t v = 0;
	int err;

	err = minus && text[1] == '+' ? -EINVAL : parse_digits(text + minus, base, &v);
	if (err == -EINVAL)
		return fail_usage(e, "can't parse '%s' as %s: not a %s", text, what,
				  base == 16 ? "hexadecimal byte" : "number");
	if (err || v > (minus ? 128 : UINT8_MAX))
		return fail_usage(e, "can't parse '%s' as %s: a byte is 0 to 255, or -128 to -1",
				  text, what);
	*ret = (uint8_t)(minus ? 0 - v : v);
	return 0;
}

/* Can the word only be a byte? (In hex "e" and "a" may be abbreviated keywords.) */
static bool looks_like_byte(const char *word)
{
	return isdigit((unsigned char)word[*word == '-' || *word == '+']);
}

/* Too many: count them all, so that the error says how many there are. */
static int check_no_more_bytes(struct err *e, const struct args *a, const char *what, size_t len)
{
	size_t got = len;

	for (unsigned int i = a->at; i < a->n && looks_like_byte(a->words[i]); i++)
		got++;
	if (got == len)
		return 0;
	return fail_usage(e, "%s expected %zu bytes got %zu", what, len, got);
}

int args_bytes(struct err *e, struct args *a, const char *what, uint8_t *ret, size_t len)
{
	const char *word = args_peek(a);
	int base = 0;
	int err;

	if (word && word_is(word, "hex")) {
		base = 16;
		args_next(a);
	}
	for (size_t i = 0; i < len; i++) {
		word = args_peek(a);
		if (!word)
			return fail_usage(e, "%s expected %zu bytes got %zu", what, len, i);
		if (!looks_like_byte(word) &&
		    !(base == 16 && isxdigit((unsigned char)word[*word == '+'])))
			return fail_usage(e, "%s expected %zu bytes got %zu, then '%s'", what, len,
					  i, word);
		err = parse_byte(e, what, word, base, &ret[i]);
		if (err)
			return err;
		args_next(a);
	}
	return check_no_more_bytes(e, a, what, len);
}

const char *const ref_words_prog[] = { "id", "tag", "name", "pinned", NULL };
const char *const ref_words_map[] = { "id", "name", "pinned", NULL };
const char *const ref_words_link[] = { "id", "pinned", NULL };
const char *const ref_words_btf[] = { "id", NULL };

int parse_digest(struct err *e, const char *what, const char *text, uint8_t *ret, size_t len)
{
	char byte[3] = "";

	if (strlen(text) != 2 * len || strspn(text, "0123456789abcdefABCDEF") != strlen(text))
		return fail_usage(e, "can't parse %s '%s': %zu hexadecimal digits are expected",
				  what, text, 2 * len);
	for (size_t i = 0; i < len; i++) {
		memcpy(byte, text + 2 * i, 2);
		ret[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return 0;
}

/* "'id', 'name' or 'pinned'" */
static const char *list_words(const char *const *words, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; words[i] && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "%s'%s'",
					!i ? "" : words[i + 1] ? ", " : " or ", words[i]);
	return buf;
}

static enum ref_how ref_how(const char *selector)
{
	static const struct {
		const char *word;
		enum ref_how how;
	} hows[] = {
		{ "id", REF_ID }, { "tag", REF_TAG }, { "name", REF_NAME },
		{ "pinned", REF_PINNED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hows); i++)
		if (streq(hows[i].word, selector))
			return hows[i].how;
	return REF_NONE;
}

int args_selector(struct err *e, struct args *a, const char *const *words, struct ref *ret)
{
	const char *selector = args_next(a);
	struct ref ref = {};
	char accepted[128];
	int i, err = 0;

	if (!selector)
		return fail_usage(e, "expected %s", list_words(words, accepted, sizeof(accepted)));
	i = word_find(selector, words);
	if (i < 0)
		return fail_usage(e, "expected %s, got: '%s'",
				  list_words(words, accepted, sizeof(accepted)), selector);
	ref.text = args_next(a);
	if (!ref.text)
		return fail_usage(e, "'%s' needs a value", selector);

	ref.how = ref_how(words[i]);
	if (ref.how == REF_ID)
		err = parse_u32(e, "id", ref.text, &ref.id);
	else if (ref.how == REF_TAG)
		err = parse_digest(e, "tag", ref.text, ref.tag, sizeof(ref.tag));
	if (err)
		return err;
	*ret = ref;
	return 0;
}

bool ref_is_name(const struct ref *ref, const char *name)
{
	if (ref->how == REF_GLOB)
		return *name && !fnmatch(ref->text, name, 0);
	return streq(name, ref->text);
}

bool ref_may_be_bare(const struct ctx *ctx, const char *word)
{
	return !ctx_is_bpftool(ctx) && *word && *word != '-';
}

/* A selector without a value, if it is abbreviated, may as well be a name: "map show n". */
static bool is_bare(const struct args *a, const char *const *words)
{
	const char *word = args_peek(a);
	int i = word ? word_find(word, words) : 0;

	if (i < 0)
		return *word != '-';
	return word && *word && args_left(a) < 2 && !streq(word, words[i]);
}

static enum ref_how how_of_bare(const char *word)
{
	if (word[strspn(word, "0123456789")] == '\0')
		return REF_ID;
	if (strchr(word, '/'))
		return REF_PINNED;
	return strpbrk(word, "*?[") ? REF_GLOB : REF_NAME;
}

int args_ref(struct ctx *ctx, struct args *a, const char *const *words, struct ref *ret)
{
	struct ref ref = { .bare = true };
	int err = 0;

	if (ctx_is_bpftool(ctx) || !is_bare(a, words))
		return args_selector(ctx->err, a, words, ret);
	ref.text = args_next(a);
	ref.how = how_of_bare(ref.text);
	if (ref.how == REF_ID)
		err = parse_u32(ctx->err, "id", ref.text, &ref.id);
	if (!err)
		*ret = ref;
	return err;
}
