// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * JSON and "field=value" into bytes, by a plan (plan.h). The path of a value is a chain of places
 * on the stack, which becomes text only for an error in the value.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <math.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/parse.h"
#include "decode/btf/plan.h"
#include "decode/json_tokens.h"

__extension__ typedef unsigned __int128 wide_uint;
__extension__ typedef __int128 wide_int;

#define PATH_SIZE 256
#define FLOAT_TEXT 512			/* no float needs more digits */

struct json_path {
	const struct json_path *up;
	const char *name;		/* of a member, name_len bytes, or NULL and... */
	size_t name_len;
	size_t index;			/* ...that of an element */
};

static struct json_path top_place(const char *what)
{
	return (struct json_path){ .name = what, .name_len = strlen(what) };
}

struct parser {
	struct err *e;
	unsigned int flags;
};

/* --- errors --- */

static size_t put_path(const struct json_path *at, char path[static PATH_SIZE])
{
	size_t len = at->up ? put_path(at->up, path) : 0;
	int n;

	if (!at->name)
		n = snprintf(path + len, PATH_SIZE - len, "[%zu]", at->index);
	else
		n = snprintf(path + len, PATH_SIZE - len, "%s%.*s",
			     at->up && at->name_len && at->name[0] != '[' ? "." : "",
			     (int)at->name_len, at->name);
	len += n > 0 ? (size_t)n : 0;
	return len < PATH_SIZE ? len : PATH_SIZE - 1;
}

FORMAT_PRINTF(4, 5)
static int fail_at(const struct parser *p, const struct json_path *at, int err, const char *fmt,
		   ...)
{
	char path[PATH_SIZE], text[512];
	va_list ap;

	put_path(at, path);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_msg(p->e, err, "%s: %s", path, text);
}

static int fail_kind(const struct parser *p, const struct json_path *at, const char *wanted,
		     const struct json_token *j)
{
	static const char *const kinds[] = {
		[TOKEN_NULL] = "null",		[TOKEN_FALSE] = "true or false",
		[TOKEN_TRUE] = "true or false", [TOKEN_NUMBER] = "a number",
		[TOKEN_ARRAY] = "an array",	[TOKEN_OBJECT] = "an object",
	};

	if (j->kind == TOKEN_STRING)
		return fail_at(p, at, -EINVAL, "expected %s, got '%.*s'", wanted,
			       j->len < 256 ? (int)j->len : 256, j->text);
	return fail_at(p, at, -EINVAL, "expected %s, got %s", wanted, kinds[j->kind]);
}

/* --- numbers --- */

struct number {
	bool negative;
	wide_uint size;
};

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decimal or 0x hexadecimal, the whole text. Returns 0, -EINVAL, or -ERANGE beyond 128 bits. */
static int parse_number(const char *text, size_t len, struct number *ret)
{
	const char *end = text + len;
	struct number n = { .negative = len && *text == '-' };
	unsigned int base = 10;

	text += len && (*text == '-' || *text == '+');
	if (end - text > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (text == end)
		return -EINVAL;
	for (; text < end; text++) {
		int digit = digit_of(*text);

		if (digit < 0 || digit >= (int)base)
			return -EINVAL;
		if (n.size >> 120 &&
		    n.size > (~(wide_uint)0 - (unsigned int)digit) / base) /* divisions are slow */
			return -ERANGE;
		n.size = n.size * base + (unsigned int)digit;
	}
	*ret = n;
	return 0;
}

static int read_number(const struct json_token *j, struct number *ret)
{
	if (j->kind == TOKEN_STRING || j->kind == TOKEN_NUMBER)
		return parse_number(j->text, j->len, ret);
	if (j->kind != TOKEN_TRUE && j->kind != TOKEN_FALSE)
		return -EINVAL;
	*ret = (struct number){ .size = j->kind == TOKEN_TRUE };
	return 0;
}

static bool fits(const struct number *n, bool is_signed, unsigned int n_bits)
{
	wide_uint top = (wide_uint)1 << (n_bits - 1);

	if (is_signed)
		return n->size < top || (n->negative && n->size == top);
	return n_bits == 128 || n->size < top << 1 ? !n->negative || !n->size : false;
}

static void put_wide(char *end, wide_uint v, char **ret)
{
	*--end = '\0';
	do {
		*--end = (char)('0' + (int)(v % 10));
		v /= 10;
	} while (v);
	*ret = end;
}

static int fail_range(const struct parser *p, const struct json_path *at, bool is_signed,
		      unsigned int n_bits)
{
	char low[48], high[48], *low_at, *high_at;
	wide_uint top = (wide_uint)1 << (n_bits - 1);

	put_wide(low + sizeof(low), is_signed ? top : 0, &low_at);
	put_wide(high + sizeof(high), is_signed ? top - 1 : top - 1 + top, &high_at);
	return fail_at(p, at, -ERANGE, "out of range: %s%s to %s", is_signed ? "-" : "", low_at,
		       high_at);
}

/* Sets the n_bits at bit_off of data to v; the others stay. */
static void write_bits(const struct node *n, unsigned int n_bits, wide_uint v, uint8_t *data)
{
	unsigned int i;

	for (i = 0; i < n_bits; i++) {
#if __BYTE_ORDER == __LITTLE_ENDIAN
		unsigned int at = n->bit_off + i, byte = at / 8, bit = at % 8;
#else
		unsigned int at = n->bit_off + n_bits - 1 - i, byte = at / 8, bit = 7 - at % 8;
#endif
		uint8_t mask = (uint8_t)(1U << bit);

		data[byte] = (uint8_t)((data[byte] & ~mask) | ((v >> i) & 1 ? mask : 0));
	}
}

static void write_uint(uint32_t size, wide_uint v, uint8_t *data)
{
	uint32_t i;

	for (i = 0; i < size; i++) {
#if __BYTE_ORDER == __LITTLE_ENDIAN
		data[i] = (uint8_t)(v >> (8 * i));
#else
		data[size - 1 - i] = (uint8_t)(v >> (8 * i));
#endif
	}
}

static void write_net(uint32_t size, wide_uint v, uint8_t *data)
{
	uint32_t i;

	for (i = 0; i < size; i++)
		data[size - 1 - i] = (uint8_t)(v >> (8 * i));
}

/* --- addresses --- */

static bool parse_mac(const char *text, uint8_t *data)
{
	unsigned int i;

	for (i = 0; i < 6; i++, text += 3) {
		int high = digit_of(text[0]), low = high >= 0 ? digit_of(text[1]) : -1;

		if (high < 0 || high > 15 || low < 0 || low > 15 || text[2] != (i < 5 ? ':' : '\0'))
			return false;
		data[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* An address as large as the node. */
static bool parse_address(const struct node *n, const struct json_token *j, uint8_t *data)
{
	char text[INET6_ADDRSTRLEN + 1];

	if (j->kind != TOKEN_STRING || j->len >= sizeof(text) || memchr(j->text, '\0', j->len))
		return false;
	memcpy(text, j->text, j->len);
	text[j->len] = '\0';
	switch (n->size) {
	case 4:
		return inet_pton(AF_INET, text, data) == 1;
	case 6:
		return parse_mac(text, data);
	case 16:
		return inet_pton(AF_INET6, text, data) == 1;
	default:
		return false;
	}
}

/* --- scalars --- */

/* What to parse, and where it belongs. */
struct slot {
	const struct node *node;
	const struct json_path *at;
	uint8_t *data;
};

static int parse_slot(const struct parser *p, const struct slot *s, const struct json_token *j);

static unsigned int bits_of(const struct node *n)
{
	return n->kind == NODE_BITS || n->kind == NODE_SIGNED_BITS ? n->n_bits : n->size * 8;
}

static int store_number(const struct parser *p, const struct slot *s, const struct number *v)
{
	const struct node *n = s->node;
	bool is_bits = n->kind == NODE_BITS || n->kind == NODE_SIGNED_BITS;
	bool is_signed = n->kind == NODE_INT || n->kind == NODE_SIGNED_BITS ||
			 (n->kind == NODE_ENUM && n->is_signed) ||
			 (n->kind == NODE_BITS && n->is_signed);
	unsigned int n_bits = bits_of(n);
	wide_uint bits = v->negative ? -v->size : v->size;
	/*
	 * Dumps show some signed numbers in memory form, and chars and enums may have either sign.
	 */
	bool either = n->kind == NODE_BITS || n->kind == NODE_ENUM || n->kind == NODE_CHAR;

	if (!fits(v, is_signed, n_bits) && !(either && (fits(v, !is_signed, n_bits))))
		return fail_range(p, s->at, is_signed, n_bits);
	if (is_bits)
		write_bits(n, n_bits, bits, s->data);
	else if (n->is_net && (p->flags & BTF_PARSE_NET))
		write_net(n->size, bits, s->data);
	else
		write_uint(n->size, bits, s->data);
	return 0;
}

static int parse_integer(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	struct number v;
	int err;

	if (s->node->kind == NODE_UINT && parse_address(s->node, j, s->data))
		return 0;
	err = read_number(j, &v);
	if (err == -ERANGE)
		return fail_range(p, s->at, s->node->is_signed, bits_of(s->node));
	return err ? fail_kind(p, s->at, "a whole number", j) : store_number(p, s, &v);
}

static int parse_bool(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	struct number v;

	if (json_is(j, "true") || json_is(j, "false"))
		v = (struct number){ .size = j->text[0] == 't' };
	else if (read_number(j, &v))
		return fail_kind(p, s->at, "true or false", j);
	if (v.size > 1 || v.negative)
		return fail_at(p, s->at, -ERANGE, "out of range: 0 to 1");
	write_uint(s->node->size, v.size, s->data);
	return 0;
}

/* One character below U+0100, as in dumps: bytes above ASCII are two bytes in UTF-8. */
static bool read_char(const struct json_token *j, uint8_t *ret)
{
	const uint8_t *text = (const uint8_t *)j->text;

	if (j->kind == TOKEN_STRING && j->len == 1)
		*ret = text[0];
	else if (j->kind == TOKEN_STRING && j->len == 2 && (text[0] & 0xfc) == 0xc0)
		*ret = (uint8_t)(text[0] << 6 | (text[1] & 0x3f));
	else
		return false;
	return true;
}

static int parse_char(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	if (read_char(j, s->data))
		return 0;
	return parse_integer(p, s, j);
}

static int parse_ptr(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	static const struct number nil;

	if (j->kind == TOKEN_NULL || json_is(j, "(nil)"))
		return store_number(p, s, &nil);
	return parse_integer(p, s, j);
}

/* An enum value in a bit-field, which it may not fit into. */
static int store_name(const struct parser *p, const struct slot *s, uint64_t value)
{
	uint64_t top = 1ULL << (s->node->name_size * 8 - 1);
	struct number v = { .negative = s->node->is_signed && value & top, .size = value };

	if (v.negative)
		v.size = top - (value & (top - 1));
	return store_number(p, s, &v);
}

static int parse_enum(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	const struct node *n = s->node;
	struct number v;
	uint32_t i;

	for (i = 0; j->kind == TOKEN_STRING && i < n->n; i++) {
		const struct enum_name *name = &n->names[i];

		if (name->text_len == j->len + 2 && !memcmp(name->text + 1, j->text, j->len)) {
			if (n->kind == NODE_BITS)
				return store_name(p, s, name->value);
			write_uint(n->size, name->value, s->data);
			return 0;
		}
	}
	if (read_number(j, &v))
		return fail_kind(p, s->at, "an enumerator or a number", j);
	return store_number(p, s, &v);
}

static int parse_bits(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	return s->node->n ? parse_enum(p, s, j) : parse_integer(p, s, j);
}

/* Is all of text a number? If it overflows, only if it says so itself, as "inf". */
static bool read_float(const struct json_token *j, const char *text, long double *ret)
{
	char *end = NULL;

	*ret = strtold(text, &end);
	return end == text + j->len && (j->kind == TOKEN_STRING || !isinf(strtod(text, NULL)));
}

static int parse_float(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	char text[FLOAT_TEXT];
	bool is_text = (j->kind == TOKEN_STRING || j->kind == TOKEN_NUMBER) && j->len &&
		       j->len < sizeof(text);
	long double l;
	double d;
	float f;

	if (is_text)
		memcpy(text, j->text, j->len);
	text[is_text ? j->len : 0] = '\0';
	if (!is_text || !read_float(j, text, &l))
		return fail_kind(p, s->at, "a number", j);
	d = strtod(text, NULL);
	f = strtof(text, NULL);
	if (s->node->size == sizeof(f))
		memcpy(s->data, &f, sizeof(f));
	else if (s->node->size == sizeof(d))
		memcpy(s->data, &d, sizeof(d));
	else if (s->node->size == sizeof(l))
		memcpy(s->data, &l, sizeof(l));
	else
		return fail_at(p, s->at, -ENOTSUP, "floats of %u bytes cannot be written",
			       s->node->size);
	return 0;
}

/* --- containers --- */

static int parse_string(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	size_t len = j->len, room = s->node->n;

	if (len > room)
		return fail_at(p, s->at, -ERANGE, "%zu bytes do not fit into %zu", len, room);
	memset(s->data, 0, s->node->size);
	memcpy(s->data, j->text, len);
	return 0;
}

static int parse_array(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	const struct node *n = s->node;
	const struct json_token *at_elem = json_first(j);
	struct json_path at = { .up = s->at };
	int err = 0;

	if (parse_address(n, j, s->data))
		return 0;
	if (j->kind == TOKEN_STRING && n->kind == NODE_STRING)
		return parse_string(p, s, j);
	if (j->kind != TOKEN_ARRAY)
		return fail_kind(p, s->at, "an array", j);
	if (j->n > n->n)
		return fail_at(p, s->at, -ERANGE, "%u elements do not fit into %u", j->n, n->n);
	for (; !err && at.index < j->n; at.index++, at_elem = json_behind(at_elem)) {
		struct slot elem = { .node = n->elem, .at = &at };

		if (n->kind == NODE_TUPLE) {
			elem.node = n->members[at.index].node;
			elem.data = s->data + n->members[at.index].off;
		} else {
			elem.data = s->data + at.index * n->elem->size;
		}
		err = parse_slot(p, &elem, at_elem);
	}
	return err;
}

/* Dumps have members in the same order: i is tried first. */
static const struct node *find_member(const struct node *rec, uint32_t i,
				      const struct json_token *name, uint32_t *off)
{
	if (i >= rec->n || !name->len || !name_is(rec->members[i].name, name->text, name->len))
		return node_member(rec, name->text, name->len, off);
	*off = rec->members[i].off;
	return rec->members[i].node;
}

static int parse_record(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	const struct json_token *name = json_first(j);
	int err = 0;

	if (parse_address(s->node, j, s->data))
		return 0;
	if (j->kind != TOKEN_OBJECT)
		return fail_kind(p, s->at, "an object", j);
	for (uint32_t i = 0; i < j->n && !err; i++, name = json_behind(name + 1)) {
		struct json_path at = { .up = s->at, .name = name->text, .name_len = name->len };
		struct slot member = { .at = &at };
		uint32_t off = 0;

		member.node = find_member(s->node, i, name, &off);
		if (!member.node) {
			fail_at(p, &at, -EINVAL, "no such member");
			node_hint_members(p->e, (const struct node *[2]){ s->node }, name->text,
					  name->len);
			return -EINVAL;
		}
		member.data = s->data + off;
		err = parse_slot(p, &member, name + 1);
	}
	return err;
}

static int parse_nothing(const struct parser *p UNUSED, const struct slot *s UNUSED,
			 const struct json_token *j UNUSED)
{
	return 0;
}

static int (*const parsers[])(const struct parser *p, const struct slot *s,
			      const struct json_token *j) = {
	[NODE_UINT] = parse_integer,
	[NODE_INT] = parse_integer,
	[NODE_BOOL] = parse_bool,
	[NODE_CHAR] = parse_char,
	[NODE_PTR] = parse_ptr,
	[NODE_ENUM] = parse_enum,
	[NODE_FLOAT] = parse_float,
	[NODE_BITS] = parse_bits,
	[NODE_SIGNED_BITS] = parse_integer,
	[NODE_WORD] = parse_nothing,
	[NODE_REC] = parse_record,
	[NODE_TUPLE] = parse_array,
	[NODE_ARRAY] = parse_array,
	[NODE_STRING] = parse_array,
};

static int parse_slot(const struct parser *p, const struct slot *s, const struct json_token *j)
{
	return parsers[s->node->kind](p, s, j);
}

/* --- entry points --- */

int btf_parse_token(struct err *e, const struct btf_target *t, const struct json_token *j)
{
	const struct parser p = { .e = e, .flags = t->flags };
	const struct json_path top = top_place(t->what);
	const struct slot s = { .node = t->plan->root, .at = &top, .data = t->data };

	return parse_slot(&p, &s, j);
}

static int parse_text(const struct parser *p, const struct slot *s, const char *text, size_t len)
{
	char what[PATH_SIZE];
	struct json_tokens tokens = {};
	int err;

	put_path(s->at, what);
	err = json_tokens_read(p->e, what, text, len, &tokens);
	if (!err)
		err = parse_slot(p, s, tokens.all);
	json_tokens_free(&tokens);
	return err;
}

int btf_parse_json(struct err *e, const struct btf_target *t, const char *text, size_t len)
{
	const struct parser p = { .e = e, .flags = t->flags };
	const struct json_path top = top_place(t->what);
	const struct slot s = { .node = t->plan->root, .at = &top, .data = t->data };

	return parse_text(&p, &s, text, len);
}

/* The text after "=": JSON if it looks like JSON, else a string, which every scalar accepts. */
static int parse_plain(const struct parser *p, const struct slot *s, const char *text)
{
	const struct json_token word = {
		.kind = TOKEN_STRING, .span = 1, .text = text, .len = (uint32_t)strlen(text)
	};

	if (*text == '{' || *text == '[' || *text == '"')
		return parse_text(p, s, text, strlen(text));
	return parse_slot(p, s, &word);
}

/* The position of the walk in "a.b[2].c". */
struct walk {
	const struct parser *p;
	const struct json_path *top;
	const char *path, *at;
};

/* The path up to end is invalid. */
FORMAT_PRINTF(3, 4)
static int fail_walk(const struct walk *w, const char *end, const char *fmt, ...)
{
	const struct json_path at = { .up = w->top,
				      .name = w->path,
				      .name_len = (size_t)(end - w->path) };
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_at(w->p, &at, -EINVAL, "%s", text);
}

static int step_index(struct walk *w, struct slot *s)
{
	const struct node *n = s->node;
	char *end;
	unsigned long i = strtoul(w->at + 1, &end, 10);

	if (*end != ']' || !isdigit((unsigned char)w->at[1]))
		return fail_walk(w, w->at, "expected a number between [ and ]");
	if (n->kind != NODE_ARRAY && n->kind != NODE_STRING)
		return fail_walk(w, w->at, "this is not an array");
	if (i >= n->n)
		return fail_walk(w, w->at, "there are %u elements, index [%lu] is out of range",
				 n->n, i);
	s->node = n->elem;
	s->data += i * n->elem->size;
	w->at = end + 1;
	return 0;
}

static int step_member(struct walk *w, struct slot *s)
{
	size_t len = strcspn(w->at, ".[");
	uint32_t off = 0;

	const struct node *rec = s->node;

	s->node = rec->kind == NODE_REC ? node_member(rec, w->at, len, &off) : NULL;
	if (!s->node) {
		fail_walk(w, w->at + len, "no such member");
		node_hint_members(w->p->e, (const struct node *[2]){ rec }, w->at, len);
		return -EINVAL;
	}
	s->data += off;
	w->at += len;
	return 0;
}

int btf_parse_assign(struct err *e, const struct btf_target *t, const char *text)
{
	const struct parser p = { .e = e, .flags = t->flags };
	const char *value = strchr(text, '=');
	auto_free char *path = strndup(text, value ? (size_t)(value - text) : 0);
	const struct json_path top = top_place(t->what);
	const struct json_path whole = { .up = &top,
					 .name = text,
					 .name_len = value ? (size_t)(value - text) : 0 };
	struct slot s = { .node = t->plan->root, .at = &top, .data = t->data };
	struct walk w = { .p = &p, .top = &top, .path = path, .at = path };
	int err = 0;

	if (!path || !value)
		return fail(e, path ? -EINVAL : -ENOMEM, "parse '%s'", text);
	while (*w.at && !err) {
		w.at += *w.at == '.';
		err = *w.at == '[' ? step_index(&w, &s) : step_member(&w, &s);
	}
	if (err)
		return err;
	if (*path)
		s.at = &whole;
	return parse_plain(&p, &s, value + 1);
}

int btf_parse_word(struct err *e, const struct btf_target *t, const char *text)
{
	const struct parser p = { .e = e, .flags = t->flags };
	const struct json_path top = top_place(t->what);
	const struct slot s = { .node = t->plan->root, .at = &top, .data = t->data };

	return parse_plain(&p, &s, text);
}

bool btf_parse_takes_word(const struct btf_plan *p)
{
	return p->root->kind < NODE_REC || p->root->kind == NODE_STRING;
}

/* --- is the printed form complete? --- */

static bool copy_float(const struct node *n, const uint8_t *from, uint8_t *to)
{
	double d = 0;
	float f;

	if (n->size == sizeof(f)) {
		memcpy(&f, from, sizeof(f));
		d = (double)f;
	} else if (n->size == sizeof(d)) {
		memcpy(&d, from, sizeof(d));
	} else {
		return false;
	}
	memcpy(to, from, n->size);
	return !isnan(d) && !(d == 0 && signbit(d));
}

static void copy_bits(const struct node *n, const uint8_t *from, uint8_t *to)
{
	unsigned int i, at;

	for (i = 0; i < n->n_bits; i++) {
		at = n->bit_off + i;
#if __BYTE_ORDER == __LITTLE_ENDIAN
		to[at / 8] = (uint8_t)(to[at / 8] | (from[at / 8] & 1U << at % 8));
#else
		to[at / 8] = (uint8_t)(to[at / 8] | (from[at / 8] & 0x80U >> at % 8));
#endif
	}
}

static bool copy_scalar(const struct node *n, const uint8_t *from, uint8_t *to)
{
	uint32_t i, sum = 0;

	if (n->kind == NODE_FLOAT)
		return copy_float(n, from, to);
	if (n->kind == NODE_BITS || n->kind == NODE_SIGNED_BITS) {
		copy_bits(n, from, to);
		return true;
	}
	if (n->kind == NODE_WORD)
		return true;
	for (i = 0; i < n->size; i++)
		sum += from[i];
	memcpy(to, from, n->size);
	return n->kind != NODE_BOOL || sum == 0 ||
	       (sum == 1 && from[__BYTE_ORDER == __LITTLE_ENDIAN ? 0 : i - 1]);
}

/* Dumps show it as a string up to the first NUL, if it is plain text. */
static bool copy_string(const struct node *n, const uint8_t *from, uint8_t *to)
{
	uint32_t i;

	memcpy(to, from, n->size);
	for (i = 0; i < n->n && from[i]; i++)
		if (from[i] < 0x20 || from[i] > 0x7e)
			return true;
	for (; i < n->n; i++)
		if (from[i])
			return false;
	return true;
}

static bool copy_node(const struct node *n, const uint8_t *from, uint8_t *to)
{
	bool exact = !n->is_vague;
	uint32_t i;

	if (n->kind < NODE_REC)
		return copy_scalar(n, from, to) && exact;
	if (n->kind == NODE_STRING)
		return copy_string(n, from, to);
	for (i = 0; i < n->n && exact; i++) {
		if (n->kind == NODE_ARRAY)
			exact = copy_node(n->elem, from + (size_t)i * n->elem->size,
					  to + (size_t)i * n->elem->size);
		else
			exact = copy_node(n->members[i].node, from + n->members[i].off,
					  to + n->members[i].off);
	}
	return exact;
}

bool btf_plan_is_exact(const struct btf_plan *p, const uint8_t *data, uint8_t *scratch, size_t len)
{
	memset(scratch, 0, len);
	return copy_node(p->root, data, scratch) && !memcmp(scratch, data, len);
}
