// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Values of a compiled type (plan.c) as text. Scalars are formatted in one place; there are two
 * walks: one passes every container to the writer, which handles layout and nesting, the other
 * composes compact JSON at once, for dumps of millions.
 */
#include <endian.h>
#include <math.h>

#include "cli/array.h"
#include "json_writer.h"
#include "decode/btf/plan.h"
#include "decode/btf/value.h"

__extension__ typedef unsigned __int128 wide_uint;

/* The form of scalars that JSON has no type for. */
enum rendition { AS_JSON, AS_TEXT };

static int64_t sign_extend(uint64_t v, unsigned int n_bits)
{
	unsigned int unused = 64 - n_bits;

	return (int64_t)(v << unused) >> unused;
}

static wide_uint read_bits(const struct node *n, const uint8_t *data)
{
	wide_uint v = 0;
	uint32_t i;

#if __BYTE_ORDER == __LITTLE_ENDIAN
	for (i = n->size; i-- > 0;)
		v = v << 8 | data[i];
	v >>= n->bit_off;
#else
	for (i = 0; i < n->size; i++)
		v = v << 8 | data[i];
	v >>= n->size * 8 - n->bit_off - n->n_bits;
#endif
	return n->n_bits < 128 ? v & (((wide_uint)1 << n->n_bits) - 1) : v;
}

static void put_hex(struct buf *b, wide_uint v)
{
	char text[32], *p = text + sizeof(text);

	do {
		*--p = "0123456789abcdef"[(unsigned int)(v & 15)];
		v >>= 4;
	} while (v);
	buf_puts(b, "0x");
	buf_put(b, p, (size_t)(text + sizeof(text) - p));
}

/* A word that is not valid JSON: quoted there, bare in text. */
static void put_word(struct buf *b, const char *word, enum rendition as)
{
	if (as == AS_JSON)
		buf_putc(b, '"');
	buf_puts(b, word);
	if (as == AS_JSON)
		buf_putc(b, '"');
}

static const struct enum_name *find_name(const struct node *n, uint64_t v)
{
	size_t i = count_before(n->names, n->n, name, name->value < v);

	return i < n->n && n->names[i].value == v ? &n->names[i] : NULL;
}

/* For a bit-field of an enum; NULL: no name for this value, or another type. */
static const struct enum_name *bits_name(const struct node *n, wide_uint bits)
{
	uint64_t v = (uint64_t)bits;

	if (!n->n || n->is_bare)
		return NULL;
	if (n->is_signed)
		v = (uint64_t)sign_extend(v, n->n_bits);
	return find_name(n, n->name_size < 8 ? v & ((1ULL << (n->name_size * 8)) - 1) : v);
}

static void put_bits(struct buf *b, const struct node *n, const uint8_t *data, enum rendition as)
{
	wide_uint bits = read_bits(n, data);
	const struct enum_name *name = bits_name(n, bits);

	if (name) {
		buf_put(b, name->text, name->text_len);
		return;
	}
	if (as == AS_JSON)
		buf_putc(b, '"');
	put_hex(b, bits);
	if (as == AS_JSON)
		buf_putc(b, '"');
}

static void put_char(struct buf *b, uint8_t c, enum rendition as)
{
	static const char hex[] = "0123456789abcdef";

	if (c >= 0x20 && c < 0x7f) {
		buf_json_str(b, (const char *)&c, 1);
	} else if (as == AS_TEXT) {
		buf_puts(b, "0x");
		buf_putc(b, hex[c >> 4]);
		buf_putc(b, hex[c & 15]);
	} else {
		buf_puts(b, "\"\\u00");
		buf_putc(b, hex[c >> 4]);
		buf_putc(b, hex[c & 15]);
		buf_putc(b, '"');
	}
}

static void put_pointer(struct buf *b, uint64_t v, enum rendition as)
{
	if (as == AS_JSON) {
		buf_uint(b, v);
	} else if (!v) {
		buf_puts(b, "\"(nil)\"");
	} else {
		buf_putc(b, '"');
		put_hex(b, v);
		buf_putc(b, '"');
	}
}

static void put_enum(struct buf *b, const struct node *n, const uint8_t *data)
{
	uint64_t v = node_number(data, n->size);
	const struct enum_name *name = find_name(n, v);

	if (name)
		buf_put(b, name->text, name->text_len);
	else if (n->is_signed)
		buf_int(b, sign_extend(v, n->size * 8));
	else
		buf_uint(b, v);
}

/* The fewest digits that give the same number back; 17 are enough for a double. */
static void shortest_double(double v, char text[static 64])
{
	int digits = 15;

	do {
		snprintf(text, 64, "%.*g", digits, v);
	} while (++digits <= 17 && strtod(text, NULL) != v);
}

static void shortest_float(float v, char text[static 64])
{
	int digits = 6;

	do {
		snprintf(text, 64, "%.*g", digits, (double)v);
	} while (++digits <= 9 && strtof(text, NULL) != v);
}

static void put_float(struct buf *b, const struct node *n, const uint8_t *data, enum rendition as)
{
	char text[64] = "(unsupported-float)";
	bool is_number = false;
	long double l;
	double d;
	float f;

	if (n->size == sizeof(f)) {
		memcpy(&f, data, sizeof(f));
		shortest_float(f, text);
		is_number = isfinite(f);
	} else if (n->size == sizeof(d)) {
		memcpy(&d, data, sizeof(d));
		shortest_double(d, text);
		is_number = isfinite(d);
	} else if (n->size == sizeof(l)) {
		memcpy(&l, data, sizeof(l));
		snprintf(text, sizeof(text), "%.21Lg", l);
		is_number = isfinite(l);
	}
	if (is_number)
		buf_puts(b, text);
	else
		put_word(b, text, as);
}

static void put_scalar(struct buf *b, const struct node *n, const uint8_t *data, enum rendition as)
{
	switch (n->kind) {
	case NODE_UINT:
		buf_uint(b, node_number(data, n->size));
		break;
	case NODE_INT:
		buf_int(b, sign_extend(node_number(data, n->size), n->size * 8));
		break;
	case NODE_BOOL:
		buf_puts(b, node_number(data, n->size) ? "true" : "false");
		break;
	case NODE_CHAR:
		put_char(b, *data, as);
		break;
	case NODE_PTR:
		put_pointer(b, node_number(data, n->size), as);
		break;
	case NODE_ENUM:
		put_enum(b, n, data);
		break;
	case NODE_FLOAT:
		put_float(b, n, data, as);
		break;
	case NODE_BITS:
		put_bits(b, n, data, as);
		break;
	case NODE_FORMAT:
		node_format_put(b, n, data);
		break;
	case NODE_SIGNED_BITS:
		buf_int(b, sign_extend((uint64_t)read_bits(n, data), n->n_bits));
		break;
	default:
		put_word(b, n->word, as);
	}
}

/*
 * Length of the string in an array of char, -1 if it is not a string: no NUL, or more than plain
 * text.
 */
static int64_t string_len(const struct node *n, const uint8_t *data)
{
	uint32_t i;

	for (i = 0; i < n->n && data[i]; i++)
		if (data[i] < 0x20 || data[i] > 0x7e)
			return -1;
	return i < n->n ? (int64_t)i : -1;
}

static void compose(struct buf *b, const struct node *n, const uint8_t *data)
{
	int64_t len = n->kind == NODE_STRING ? string_len(n, data) : -1;
	uint32_t i;

	if (n->kind < NODE_REC) {
		put_scalar(b, n, data, AS_JSON);
	} else if (len >= 0) {
		buf_json_str(b, (const char *)data, (size_t)len);
	} else if (n->kind == NODE_REC) {
		buf_putc(b, '{');
		for (i = 0; i < n->n; i++) {
			buf_put(b, n->members[i].lead, n->members[i].lead_len);
			compose(b, n->members[i].node, data + n->members[i].off);
		}
		buf_putc(b, '}');
	} else {
		buf_putc(b, '[');
		for (i = 0; i < n->n; i++) {
			if (i)
				buf_putc(b, ',');
			if (n->kind == NODE_TUPLE)
				compose(b, n->members[i].node, data + n->members[i].off);
			else
				compose(b, n->elem, data + (size_t)i * n->elem->size);
		}
		buf_putc(b, ']');
	}
}

void btf_plan_compose(struct buf *b, const struct btf_plan *p, const void *data)
{
	compose(b, p->root, data);
}

void btf_plan_compose_but(struct buf *b, const struct btf_plan *p, const void *data, uint32_t but)
{
	const struct node *n = p->root;
	bool first = true;

	if (n->kind != NODE_REC || but >= n->n) {
		compose(b, n, data);
		return;
	}
	buf_putc(b, '{');
	for (uint32_t i = 0; i < n->n; i++) {
		const struct member *m = &n->members[i];
		bool comma = *m->lead == ',';

		if (i == but)
			continue;
		if (!first)
			buf_putc(b, ',');
		buf_put(b, m->lead + comma, m->lead_len - comma);
		compose(b, m->node, (const uint8_t *)data + m->off);
		first = false;
	}
	buf_putc(b, '}');
}

struct printer {
	struct out *o;
	struct buf *scratch;
	enum rendition as;
};

static void print_scalar(const struct printer *p, const char *key, const struct node *n,
			 const uint8_t *data)
{
	p->scratch->len = 0;
	put_scalar(p->scratch, n, data, p->as);
	buf_putc(p->scratch, '\0');
	out_json_raw(p->o, key, p->scratch->err ? "null" : p->scratch->data);
	out_torn(p->o, p->scratch->err);
	p->scratch->err = 0;
}

static void print_node(const struct printer *p, const char *key, const struct node *n,
		       const uint8_t *data)
{
	int64_t len = n->kind == NODE_STRING ? string_len(n, data) : -1;
	uint32_t i;

	if (n->kind < NODE_REC) {
		print_scalar(p, key, n, data);
	} else if (len >= 0) {
		out_json_strn(p->o, key, (const char *)data, (size_t)len);
	} else if (n->kind == NODE_REC) {
		out_rec(p->o, key);
		for (i = 0; i < n->n; i++)
			print_node(p, n->members[i].name, n->members[i].node,
				   data + n->members[i].off);
		out_rec_end(p->o);
	} else {
		out_list(p->o, key, NULL);
		for (i = 0; i < n->n; i++) {
			if (n->kind == NODE_TUPLE)
				print_node(p, NULL, n->members[i].node, data + n->members[i].off);
			else
				print_node(p, NULL, n->elem, data + (size_t)i * n->elem->size);
		}
		out_list_end(p->o);
	}
}

void btf_plan_print(struct out *o, const char *key, const struct btf_plan *p, const void *data)
{
	struct printer printer = { .o = o, .scratch = p->scratch };

	printer.as = out_is_json(o) ? AS_JSON : AS_TEXT;
	print_node(&printer, key, p->root, data);
}

void btf_plan_show(struct out *o, const char *key, const struct btf_plan *p, const void *data)
{
	struct buf b = {};

	if (out_is_json(o)) {
		btf_plan_print(o, key, p, data);
		return;
	}
	btf_plan_compose(&b, p, data);
	buf_putc(&b, '\0');
	out_str(o, key, "%s", b.err ? NULL : b.data);
	out_torn(o, b.err);
	buf_free(&b);
}

int btf_value_print(struct out *o, const char *key, const struct btf_image *btf, uint32_t type_id,
		    const void *data, size_t data_len)
{
	struct btf_plan *p;
	int err = btf_plan_new(btf, type_id, data_len, &p);

	if (err)
		return err;
	btf_plan_print(o, key, p, data);
	btf_plan_free(p);
	return 0;
}
