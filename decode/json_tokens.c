// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* JSON to tokens. See json_tokens.h. */
#include "decode/json_tokens.h"

#include <ctype.h>
#include <errno.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "cli/err.h"

#define DEPTH_MAX 512
#define FEW_NAMES 16 /* comparing this many with each other is faster than sorting */

struct reader {
	struct json_tokens *t;
	const char *text, *at, *end;
	unsigned int depth;
	bool pass;			/* an unwanted value: validated, without tokens */
	const char *why;		/* static; NULL: out of memory */
};

static bool wrong(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

static inline void skip_blanks(struct reader *r)
{
	r->at = json_skip_blanks(r->at, r->end);
}

/* Consumes c, after blanks. */
static inline bool take(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->at >= r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool make_room(struct reader *r)
{
	void *all = array_room(r->t->all, r->t->n, &r->t->max, sizeof(*r->t->all));

	if (!all)
		return wrong(r, NULL);
	r->t->all = all;
	return true;
}

static inline bool add(struct reader *r, enum json_kind kind, const char *text, size_t len)
{
	struct json_token *token;

	if (r->pass)
		return true;
	if (r->t->n == r->t->max && !make_room(r))
		return false;
	token = &r->t->all[r->t->n++];
	token->kind = kind;
	token->n = 0;
	token->span = 1;
	token->len = (uint32_t)len;
	token->text = text;
	return true;
}

/* --- strings --- */

/* Plain bytes of a string: not its end, an escape, control character or UTF-8. */
static bool is_simple(char c)
{
	static const bool others[256] = {
		[0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, [0x80 ... 0xff] = true
	};

	return !others[(uint8_t)c];
}

static const char *skip_simple(const char *at, const char *end)
{
	while (at < end && is_simple(*at))
		at++;
	return at;
}

/* To the next quote or backslash, or the end. */
static bool skip_plain(struct reader *r)
{
	for (;;) {
		uint8_t c;
		size_t n;

		r->at = skip_simple(r->at, r->end);
		if (r->at >= r->end || *r->at == '"' || *r->at == '\\')
			return true;
		c = (uint8_t)*r->at;
		n = c < 0x80 ? 1 : utf8_len((const uint8_t *)r->at, (size_t)(r->end - r->at));
		if (!n || c < 0x20)
			return wrong(r,
				     n ? "control character in a string" : "string is not UTF-8");
		r->at += n;
	}
}

static bool read_hex4(struct reader *r, uint32_t *ret)
{
	uint32_t v = 0;
	int i;

	if (r->end - r->at < 4)
		return false;
	for (i = 0; i < 4; i++, r->at++) {
		char c = *r->at;

		if (!isxdigit((unsigned char)c))
			return false;
		v = v << 4 |
		    (uint32_t)(isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	*ret = v;
	return true;
}

static size_t put_utf8(uint32_t c, char *to)
{
	static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (len == 1) {
		*to = (char)c;
		return 1;
	}
	for (i = len - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(leads[len] | c);
	return len;
}

/* After "\u". A surrogate must be part of a pair. */
static bool read_unicode(struct reader *r, uint32_t *ret)
{
	uint32_t high, low;

	if (!read_hex4(r, &high))
		return wrong(r, "expected four hexadecimal digits after \\u");
	*ret = high;
	if (high < 0xd800 || high > 0xdfff)
		return true;
	if (high > 0xdbff || r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
		return wrong(r, "unpaired surrogate");
	r->at += 2;
	if (!read_hex4(r, &low) || low < 0xdc00 || low > 0xdfff)
		return wrong(r, "unpaired surrogate");
	*ret = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* Writes the character after a backslash to *to. */
static bool read_escape(struct reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
	bool is_plain = r->at < r->end && *r->at && *r->at != 'u';
	const char *found = is_plain ? strchr(from, *r->at) : NULL;
	uint32_t c;

	if (found) {
		*(*to)++ = plain[found - from];
		r->at++;
		return true;
	}
	if (r->at >= r->end || *r->at++ != 'u')
		return wrong(r, "invalid escape");
	if (!read_unicode(r, &c))
		return false;
	*to += put_utf8(c, *to);
	return true;
}

/* Allocates room for all strings of the text at once: tokens point to it, so it must not move. */
static bool make_plain(struct reader *r)
{
	size_t len = (size_t)(r->end - r->text);
	char *plain;

	if (r->t->plain_max >= len)
		return true;
	plain = realloc(r->t->plain, len);
	if (!plain)
		return wrong(r, NULL);
	r->t->plain = plain;
	r->t->plain_max = len;
	return true;
}

/* At the first backslash of the string that starts at start. */
static bool read_escaped(struct reader *r, const char *start)
{
	char *to, *begin;
	size_t n;

	if (!make_plain(r))
		return false;
	begin = r->t->plain + r->t->plain_len;
	memcpy(begin, start, (size_t)(r->at - start));
	to = begin + (r->at - start);
	while (r->at < r->end && *r->at != '"') {
		start = r->at;
		if (*r->at == '\\') {
			r->at++;
			if (!read_escape(r, &to))
				return false;
			continue;
		}
		if (!skip_plain(r))
			return false;
		n = (size_t)(r->at - start);
		memcpy(to, start, n);
		to += n;
	}
	r->t->plain_len += (size_t)(to - begin);
	return add(r, TOKEN_STRING, begin, (size_t)(to - begin));
}

/* The same for a string whose contents are not needed. */
static bool pass_escaped(struct reader *r)
{
	char text[4], *to = text;

	while (r->at < r->end && *r->at != '"') {
		if (*r->at != '\\') {
			if (!skip_plain(r))
				return false;
			continue;
		}
		r->at++;
		if (!read_escape(r, &to))
			return false;
		to = text;
	}
	return true;
}

/* After the quote. */
static bool read_string(struct reader *r)
{
	const char *start = r->at;
	bool done = skip_plain(r);

	if (done && r->at < r->end && *r->at == '\\')
		done = r->pass ? pass_escaped(r) : read_escaped(r, start);
	else if (done)
		done = add(r, TOKEN_STRING, start, (size_t)(r->at - start));
	if (done && r->at++ >= r->end)
		return wrong(r, "unterminated string");
	return done;
}

/* --- other values --- */

static bool skip_digits(struct reader *r)
{
	const char *start = r->at;

	while (r->at < r->end && isdigit((unsigned char)*r->at))
		r->at++;
	return r->at > start;
}

static bool skip_number(struct reader *r)
{
	bool zero;

	r->at += *r->at == '-';
	zero = r->at < r->end && *r->at == '0';
	if (zero && r->end - r->at > 2 && (r->at[1] | 0x20) == 'x' &&
	    isxdigit((unsigned char)r->at[2])) {
		for (r->at += 2; r->at < r->end && isxdigit((unsigned char)*r->at);)
			r->at++;
		return true;
	}
	r->at += zero;
	if (!zero && !skip_digits(r))
		return false;
	if (r->at < r->end && *r->at == '.' && (r->at++, !skip_digits(r)))
		return false;
	if (r->at >= r->end || (*r->at | 0x20) != 'e')
		return true;
	r->at++;
	r->at += r->at < r->end && (*r->at == '-' || *r->at == '+');
	return skip_digits(r);
}

static bool read_number(struct reader *r)
{
	const char *start = r->at;

	if (!skip_number(r) ||
	    (r->at < r->end && (isalnum((unsigned char)*r->at) || *r->at == '.')))
		return wrong(r, "invalid number");
	return add(r, TOKEN_NUMBER, start, (size_t)(r->at - start));
}

static bool read_word(struct reader *r)
{
	static const char *const words[] = {
		[TOKEN_NULL] = "null", [TOKEN_FALSE] = "false", [TOKEN_TRUE] = "true"
	};

	for (enum json_kind kind = TOKEN_NULL; kind <= TOKEN_TRUE; kind++) {
		size_t len = strlen(words[kind]);

		if ((size_t)(r->end - r->at) < len || memcmp(r->at, words[kind], len) != 0)
			continue;
		r->at += len;
		return add(r, kind, NULL, 0);
	}
	return wrong(r, "expected a value");
}

static bool read_value(struct reader *r);

static int by_name(const void *a, const void *b)
{
	const struct json_token *x = *(const struct json_token *const *)a,
				*y = *(const struct json_token *const *)b;
	int found = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return found ? found : x->len < y->len ? -1 : x->len > y->len;
}

static bool sorted_twice(struct reader *r, const struct json_token *obj)
{
	auto_free const struct json_token **names = calloc(obj->n, sizeof(*names));
	const struct json_token *name = json_first(obj);
	uint32_t i;

	if (!names)
		return !wrong(r, NULL);
	for (i = 0; i < obj->n; i++, name = json_behind(name + 1))
		names[i] = name;
	qsort(names, obj->n, sizeof(*names), by_name);
	for (i = 1; i < obj->n; i++)
		if (!by_name(&names[i - 1], &names[i]))
			return !wrong(r, "duplicate name");
	return false;
}

/* Sets why if a name occurs twice. */
static bool has_twice(struct reader *r, const struct json_token *obj)
{
	const struct json_token *a = json_first(obj), *b;
	uint32_t i, k;

	if (obj->n > FEW_NAMES)
		return sorted_twice(r, obj);
	for (i = 0; i < obj->n; i++, a = json_behind(a + 1))
		for (k = i + 1, b = json_behind(a + 1); k < obj->n; k++, b = json_behind(b + 1))
			if (a->len == b->len && !memcmp(a->text, b->text, a->len))
				return !wrong(r, "duplicate name");
	return false;
}

/* For a member of the outermost object: does the caller want the value of this name? */
static bool is_wanted(const struct reader *r, const struct json_token *name)
{
	const char *const *wanted = r->t->wanted;

	while (*wanted && !json_is(name, *wanted))
		wanted++;
	return *wanted;
}

static bool pass_value(struct reader *r)
{
	bool done;

	if (!add(r, TOKEN_PASSED, NULL, 0))
		return false;
	r->pass = true;
	done = read_value(r);
	r->pass = false;
	return done;
}

static bool read_member(struct reader *r)
{
	if (!take(r, '"'))
		return wrong(r, "expected a quoted name");
	if (!read_string(r))
		return false;
	if (!take(r, ':'))
		return wrong(r, "expected ':'");
	if (!r->pass && r->depth == 1 && r->t->wanted && !is_wanted(r, &r->t->all[r->t->n - 1]))
		return pass_value(r);
	return read_value(r);
}

/* After the bracket. */
static bool read_many(struct reader *r, enum json_kind kind)
{
	bool is_object = kind == TOKEN_OBJECT;
	char close = is_object ? '}' : ']';
	size_t at = r->pass ? 0 : r->t->n;
	uint32_t n = 0;

	if (r->depth == DEPTH_MAX)
		return wrong(r, "nested too deeply");
	if (!add(r, kind, NULL, 0))
		return false;
	r->depth++;
	while (n || !take(r, close)) {
		if (!(is_object ? read_member(r) : read_value(r)))
			return false;
		n++;
		if (take(r, close))
			break;
		if (!take(r, ','))
			return wrong(r, is_object ? "expected ',' or '}'" : "expected ',' or ']'");
	}
	r->depth--;
	if (r->pass)
		return true;
	r->t->all[at].n = n;
	r->t->all[at].span = (uint32_t)(r->t->n - at);
	return !is_object || !has_twice(r, &r->t->all[at]);
}

static bool read_value(struct reader *r)
{
	skip_blanks(r);
	if (r->at >= r->end)
		return wrong(r, "unexpected end");
	switch (*r->at) {
	case '{':
		r->at++;
		return read_many(r, TOKEN_OBJECT);
	case '[':
		r->at++;
		return read_many(r, TOKEN_ARRAY);
	case '"':
		r->at++;
		return read_string(r);
	case 'n':
	case 't':
	case 'f':
		return read_word(r);
	default:
		return *r->at == '-' || isdigit((unsigned char)*r->at)
			       ? read_number(r)
			       : wrong(r, "expected a value");
	}
}

int json_tokens_read(struct err *e, const char *what, const char *text, size_t len,
		     struct json_tokens *ret)
{
	struct reader r = { .t = ret, .text = text, .at = text, .end = text + len };
	bool done;

	if (len > UINT32_MAX / 2)
		return fail(e, -E2BIG, "parse %s", what);
	ret->n = ret->plain_len = 0;
	done = read_value(&r);
	skip_blanks(&r);
	if (done && r.at < r.end)
		done = wrong(&r, "unexpected text after the document");
	if (done)
		return 0;
	if (!r.why)
		return fail(e, -ENOMEM, "parse %s", what);
	if (r.at >= r.end)
		return fail_msg(e, -EINVAL, "%s: not JSON: %s at its end", what, r.why);
	return fail_msg(e, -EINVAL, "%s: not JSON: %s at '%.*s'", what, r.why,
			r.end - r.at < 16 ? (int)(r.end - r.at) : 16, r.at);
}

bool json_pass(const char **at, const char *end)
{
	struct reader r = { .text = *at, .at = *at, .end = end, .pass = true };

	if (!read_value(&r))
		return false;
	*at = r.at;
	return true;
}

void json_tokens_free(struct json_tokens *t)
{
	free(t->all);
	free(t->plain);
	*t = (struct json_tokens){};
}

bool json_is(const struct json_token *t, const char *text)
{
	return t && t->kind == TOKEN_STRING && t->len == strlen(text) &&
	       !memcmp(t->text, text, t->len);
}

const struct json_token *json_member(const struct json_token *t, const char *name)
{
	const struct json_token *at;
	uint32_t i;

	if (!t || t->kind != TOKEN_OBJECT)
		return NULL;
	for (i = 0, at = json_first(t); i < t->n; i++, at = json_behind(at + 1))
		if (json_is(at, name))
			return at + 1;
	return NULL;
}

bool json_int(const struct json_token *t, int64_t *ret)
{
	bool minus = t && t->kind == TOKEN_NUMBER && t->text[0] == '-';
	uint64_t v = 0, max = INT64_MAX;
	uint32_t i;

	if (!t || t->kind != TOKEN_NUMBER)
		return false;
	for (i = minus; i < t->len; i++) {
		unsigned int digit = (unsigned int)(t->text[i] - '0');

		if (digit > 9 || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = minus ? -(int64_t)v : (int64_t)v;
	return true;
}
