/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * JSON as a sequence of tokens, each with the number of tokens inside it: for reading hundreds of
 * thousands of entries, without a tree or separate allocations. Numbers stay text, so they may have
 * any size.
 */
#ifndef DECODE_JSON_TOKENS_H
#define DECODE_JSON_TOKENS_H

#include "cli/defs.h"

struct err;

enum json_kind {
	TOKEN_NULL, TOKEN_FALSE, TOKEN_TRUE, TOKEN_NUMBER, TOKEN_STRING, TOKEN_ARRAY, TOKEN_OBJECT,
	TOKEN_PASSED
}; /* validated, but left out: see wanted */

struct json_token {
	enum json_kind kind;
	uint32_t
		n; /* elements of an array; members of an object, each two tokens: name and value */
	uint32_t span;			/* tokens to the next one outside this one */
	uint32_t len;
	const char *text; /* of a number, or of a string without quotes and escapes; not
			     NUL-terminated */
};

/* The tokens of one text. A zeroed one is empty; it can be reused. */
struct json_tokens {
	struct json_token *all;		/* owned; the first is the whole */
	size_t n, max;
	char *plain;			/* owned: strings that had escapes */
	size_t plain_len, plain_max;
	const char *const *wanted; /* names of members of the outermost object, terminated by
				    * NULL; values of others are skipped */
};

/*
 * One document, the whole text, which must outlive the tokens. A number may also be a bare 0x1f;
 * duplicate names in an object are an error. Returns 0, or a negative errno and the error stored;
 * what is the name of the whole in it.
 */
int json_tokens_read(struct err *e, const char *what, const char *text, size_t len,
		     struct json_tokens *ret);
void json_tokens_free(struct json_tokens *t);

/*
 * Skips one value at *at, and blanks before it. Returns false, and does not change *at, if it is
 * not JSON. Names may be duplicate.
 */
bool json_pass(const char **at, const char *end);

/*
 * The first byte from at on that is not a blank, or end. Indented texts are mostly spaces: eight at
 * a time.
 */
static inline const char *json_skip_blanks(const char *at, const char *end)
{
	while (at < end && (uint8_t)*at <= ' ') {
		if (end - at >= 8 && !memcmp(at, "        ", 8))
			at += 8;
		else if (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')
			at++;
		else
			break;
	}
	return at;
}

/* The first inside an array or object, and the one after t. */
static inline const struct json_token *json_first(const struct json_token *t)
{
	return t + 1;
}

static inline const struct json_token *json_behind(const struct json_token *t)
{
	return t + t->span;
}

/* Is it this string? t may be NULL. */
bool json_is(const struct json_token *t, const char *text);
/* The value of a member; NULL if there is none, or t is NULL or not an object. */
const struct json_token *json_member(const struct json_token *t, const char *name);
/* Of a number without fraction and exponent that is in range. */
bool json_int(const struct json_token *t, int64_t *ret);

#endif
