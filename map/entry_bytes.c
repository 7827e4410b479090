// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Entries given as bytes, parsed without tokens. See map/entry_bytes.h. */
#include "decode/json_tokens.h"
#include "map/entry_bytes.h"

#define STRANGERS_MAX 8

const char *const entry_names[] = { "key",	  "value",	 "values", "error",
				    "bpfctl_map", "written",	 "closed", "data",
				    "bytes_key",  "bytes_value", NULL };

static const int8_t digits[256] = {
	['0'] = 1,  ['1'] = 2,	['2'] = 3,  ['3'] = 4,	['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,	['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool hex_byte(const char *text, uint8_t *ret)
{
	int high = digits[(uint8_t)text[0]], low = digits[(uint8_t)text[1]];

	if (!high || !low)
		return false;
	*ret = (uint8_t)((high - 1) << 4 | (low - 1));
	return true;
}

/* The text of an entry. */
struct cursor {
	const char *at, *end;
};

static char peek(const struct cursor *c)
{
	return c->at < c->end ? *c->at : 0;
}

static void eat_blanks(struct cursor *c)
{
	c->at = json_skip_blanks(c->at, c->end);
}

/* Consumes what, with blanks around it. */
static bool eat(struct cursor *c, char what)
{
	eat_blanks(c);
	if (peek(c) != what)
		return false;
	c->at++;
	eat_blanks(c);
	return true;
}

static bool eat_word(struct cursor *c, const char *word, size_t len)
{
	if ((size_t)(c->end - c->at) <= len || memcmp(c->at, word, len) != 0)
		return false;
	c->at += len;
	return true;
}

/* "0a0b" */
static bool eat_hex(struct cursor *c, uint8_t *data, size_t len)
{
	size_t i;

	if ((size_t)(c->end - c->at) < 2 * len + 2)
		return false;
	c->at++;
	for (i = 0; i < len; i++, c->at += 2)
		if (!hex_byte(c->at, &data[i]))
			return false;
	return *c->at++ == '"';
}

/* "0x0a" or "0xa"; followed by the end of an array or entry. */
static bool eat_byte(struct cursor *c, uint8_t *ret)
{
	const char *at = c->at;

	if (c->end - at < 7 || memcmp(at, "\"0x", 3) != 0)
		return false;
	if (at[4] == '"') {
		*ret = (uint8_t)(digits[(uint8_t)at[3]] - 1);
		c->at += 5;
		return digits[(uint8_t)at[3]];
	}
	c->at += 6;
	return at[5] == '"' && hex_byte(at + 3, ret);
}

/* ["0x0a","0x0b"] */
static bool eat_array(struct cursor *c, uint8_t *data, size_t len)
{
	size_t i;

	if (!len || !eat(c, '['))
		return false;
	for (i = 0; i < len; i++)
		if (!eat_byte(c, &data[i]) || !eat(c, i + 1 < len ? ',' : ']'))
			return false;
	return true;
}

/* Exactly len bytes, and blanks. */
static bool eat_bytes(struct cursor *c, bool hex, uint8_t *data, size_t len)
{
	if (peek(c) == '[')
		return eat_array(c, data, len);
	if (peek(c) != '"' || !hex || !eat_hex(c, data, len))
		return false;
	eat_blanks(c);
	return true;
}

struct name {
	const char *text;		/* including its quotes */
	size_t len;
};

/* Members that import does not use, such as "formatted". */
struct strangers {
	struct name names[STRANGERS_MAX];
	unsigned int n;
};

static bool is_known(const struct name *name)
{
	size_t i = 0;

	while (entry_names[i] && (strlen(entry_names[i]) != name->len - 2 ||
				  memcmp(entry_names[i], name->text + 1, name->len - 2) != 0))
		i++;
	return entry_names[i];
}

/* False: the name is known, occurs twice, or cannot be judged here (an escape, too many). */
static bool add_stranger(struct strangers *s, const struct name *name)
{
	unsigned int i = 0;

	if (s->n == STRANGERS_MAX || memchr(name->text, '\\', name->len) || is_known(name))
		return false;
	while (i < s->n && (s->names[i].len != name->len ||
			    memcmp(s->names[i].text, name->text, name->len) != 0))
		i++;
	if (i < s->n)
		return false;
	s->names[s->n++] = *name;
	return true;
}

/* A name and a value that is only validated, and blanks. */
static bool pass_stranger(struct cursor *c, struct strangers *s)
{
	struct name name = { .text = c->at };

	if (peek(c) != '"' || !json_pass(&c->at, c->end))
		return false;
	name.len = (size_t)(c->at - name.text);
	if (!add_stranger(s, &name) || !eat(c, ':') || !json_pass(&c->at, c->end))
		return false;
	eat_blanks(c);
	return true;
}

bool entry_bytes_read(const struct entry_bytes *e, const char *text, size_t len)
{
	struct cursor c = { .at = text, .end = text + len };
	struct strangers others = { .n = 0 };
	bool key = false, value = false;

	if (!eat(&c, '{'))
		return false;
	for (;;) {
		bool *done = NULL;

		if (eat_word(&c, "\"key\"", 5))
			done = &key;
		else if (eat_word(&c, "\"value\"", 7))
			done = &value;
		if (done && *done)
			return false;
		if (done == &key)
			key = eat(&c, ':') && eat_bytes(&c, e->hex, e->key, e->key_size);
		else if (done)
			value = eat(&c, ':') && eat_bytes(&c, e->hex, e->value, e->value_size);
		if (done ? !*done : !pass_stranger(&c, &others))
			return false;
		if (key && value && c.at + 1 == c.end && *c.at == '}')
			return true;
		if (!eat(&c, ','))
			return false;
	}
}
