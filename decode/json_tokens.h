/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * JSON as a row of tokens, each with the number of those within it: what is read by the hundred
 * thousand needs neither a tree nor memory of its own. Numbers stay text, so they may have any
 * size.
 */
#ifndef DECODE_JSON_TOKENS_H
#define DECODE_JSON_TOKENS_H

#include "cli/defs.h"

struct err;

enum json_kind {
	TOKEN_NULL, TOKEN_FALSE, TOKEN_TRUE, TOKEN_NUMBER, TOKEN_STRING, TOKEN_ARRAY, TOKEN_OBJECT,
	TOKEN_PASSED
}; /* was checked, is not here: see wanted */

struct json_token {
	enum json_kind kind;
	uint32_t
		n; /* elements of an array; members of an object, each two tokens: name and value */
	uint32_t span;			/* tokens up to the next one that is not within this one */
	uint32_t len;
	const char *text; /* of a number, or of a string without quotes and escapes; not
			     NUL-terminated */
};

/* What one text was cut into. A zeroed one is empty; it can be filled again and again. */
struct json_tokens {
	struct json_token *all;		/* owned; the first is the whole */
	size_t n, max;
	char *plain;			/* owned: strings that had escapes */
	size_t plain_len, plain_max;
	const char *const *wanted; /* names of members of the whole, up to NULL; values of others
				      are passed over */
};

/*
 * One document, the whole text, which must outlive the tokens. A number may be as bare as 0x1f,
 * too; names that come twice in an object are an error. 0, or a negative errno and the error
 * stored; what names the whole in it.
 */
int json_tokens_read(struct err *e, const char *what, const char *text, size_t len,
		     struct json_tokens *ret);
void json_tokens_free(struct json_tokens *t);

/* Passes over one value at *at, and blanks before it. False, and *at stays, if it is not JSON.
 * Names may come twice. */
bool json_pass(const char **at, const char *end);

/* The first that is no blank from at on, or end. Indented texts are mostly spaces: eight at a time.
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

/* The first within an array or object, and the one behind t. */
static inline const struct json_token *json_first(const struct json_token *t)
{
	return t + 1;
}

static inline const struct json_token *json_behind(const struct json_token *t)
{
	return t + t->span;
}

/* Is it a string, this one? t may be NULL. */
bool json_is(const struct json_token *t, const char *text);
/* The value of a member; NULL when there is none, or t is NULL or no object. */
const struct json_token *json_member(const struct json_token *t, const char *name);
/* Of a number without fraction and exponent that fits. */
bool json_int(const struct json_token *t, int64_t *ret);

#endif
