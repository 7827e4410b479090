// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * In C a type is written around the name it declares: the part before it is written by following
 * the references, the part after it (array lengths, parameters) by following them once more.
 */
#include <errno.h>

#include "decode/btf/decl.h"
#include "decode/btf/limits.h"
#include "decode/c_words.h"

static void before(struct btf_decl *d, uint32_t id);
static void behind(struct btf_decl *d, uint32_t id);

void btf_put_ident(struct buf *b, const char *name)
{
	size_t len = strlen(name);
	char *at;

	if (!buf_room(b, len + 1))
		return;
	at = b->data + b->len;
	if (*name >= '0' && *name <= '9')
		*at++ = '_';
	for (; *name; name++) {
		char c = *name;
		bool good = (c >= 'a' && c <= 'z') || c == '_' || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9');

		*at++ = good ? c : '_';
	}
	b->len = at - b->data;
}

static bool is_ident(const char *name)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	return *name && (*name < '0' || *name > '9') && !name[strspn(name, good)];
}

void btf_decl_ident(struct btf_decl *d, const char *name)
{
	if (d->is_strict && !is_ident(name))
		d->err = d->err ?: -EINVAL;
	if (d->terse) {
		buf_puts(d->buf, name);
		return;
	}
	btf_put_ident(d->buf, name);
	if (d->mend && c_is_keyword(name))
		buf_putc(d->buf, '_');
}

bool btf_is_c_number(const char *name)
{
	static const char *const words[] = { "char", "short", "int", "long", "signed", "unsigned",
					    "_Bool",
					     "float", "double", "__int128", NULL };

	while (*name) {
		size_t len = strcspn(name, " "), i = 0;

		while (words[i] && (strlen(words[i]) != len || memcmp(words[i], name, len)))
			i++;
		if (!words[i])
			return false;
		name += len + (name[len] == ' ');
	}
	return true;
}

bool btf_is_bool(const struct btf_image *img, const struct btf_type *t)
{
	uint32_t id = t ? t->type : 0;

	if (!t || !streq(btf_image_name(img, t), "bool"))
		return false;
	if (btf_is_typedef(t))
		t = btf_skip(img, 1u << BTF_KIND_TYPEDEF, &id);
	return t && btf_is_int(t) && btf_int_encoding(t) & BTF_INT_BOOL;
}

static bool enter(struct btf_decl *d)
{
	if (d->left < 0)
		d->err = d->err ?: -E2BIG;
	else if (d->depth >= BTF_DECL_DEPTH_MAX)
		d->err = d->err ?: -ELOOP;
	if (d->err)
		return false;
	d->depth++;
	d->left--;
	return true;
}

static void put(struct btf_decl *d, const char *s)
{
	size_t len = strlen(s);

	d->left -= (int64_t)len;
	buf_put(d->buf, s, len);
}

/* After qualifiers: what determines the parentheses. */
static const struct btf_type *unqualified(const struct btf_image *img, uint32_t id)
{
	return btf_skip(img, BTF_MODS, &id);
}

static bool needs_parens(const struct btf_image *img, uint32_t target)
{
	const struct btf_type *t = unqualified(img, target);

	return t && (btf_is_array(t) || btf_is_func_proto(t));
}

/* Does the next token need a blank before it? */
static bool is_open(const struct buf *b, bool terse)
{
	char last = b->len ? b->data[b->len - 1] : '(';

	return last == '*' || (terse && (last == '(' || last == ' '));
}

static void put_pointer(struct btf_decl *d, const struct btf_type *t)
{
	bool parens = needs_parens(d->img, t->type);

	before(d, t->type);
	if (!is_open(d->buf, d->terse) || (parens && !d->terse))
		put(d, " ");
	put(d, parens ? "(*" : "*");
}

/*
 * A type tag of the newer kind is an attribute with its own name: "address_space(1)". Others are
 * for BTF only. Text other than a name with up to two numbers is not an attribute, and written
 * where it is harmless.
 */
static bool is_attribute(const struct btf_type *t, const char *text)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t len = strspn(text, good);

	if (!btf_kflag(t) || !len || len > 64)
		return false;
	if (text[len] == '(') {
		size_t inner = strcspn(text + len, ")");

		if (strspn(text + len + 1, good) + 1 != inner || !text[len + inner] ||
		    text[len + inner + 1])
			return false;
		return true;
	}
	return !text[len];
}

static void put_tag(struct btf_decl *d, const struct btf_type *t)
{
	const char *text = btf_image_name(d->img, t);
	char oct[8];

	if (d->terse || d->no_mods)
		return;
	if (is_attribute(t, text)) {
		put(d, " __attribute__((");
		put(d, text);
		put(d, "))");
		return;
	}
	put(d, " __attribute__((btf_type_tag(\"");
	for (; *text; text++) {
		bool plain = *text >= ' ' && *text < 0x7f && *text != '"' && *text != '\\';

		snprintf(oct, sizeof(oct), plain ? "%c" : "\\%03o", (unsigned char)*text);
		put(d, oct);
	}
	put(d, "\")))");
}

/* const of an array of const: written once. */
static bool is_said_below(const struct btf_image *img, const struct btf_type *t)
{
	uint32_t kind = btf_kind(t), id = t->type;

	t = btf_skip(img, (BTF_MODS | 1u << BTF_KIND_ARRAY) & ~(1u << kind), &id);
	return t && btf_kind(t) == kind;
}

static void put_qualifier(struct btf_decl *d, const struct btf_type *t)
{
	static const char *const words[] = { [BTF_KIND_CONST] = "const",
					    [BTF_KIND_VOLATILE] = "volatile",
					     [BTF_KIND_RESTRICT] = "restrict" };
	const struct btf_type *target = unqualified(d->img, t->type);
	bool is_ptr = target && btf_kind(target) == BTF_KIND_PTR;

	if (btf_kind(t) == BTF_KIND_TYPE_TAG) {
		before(d, t->type);
		put_tag(d, t);
	} else if (d->no_mods || is_said_below(d->img, t)) {
		before(d, t->type);
	} else if (is_ptr) {
		before(d, t->type);
		put(d, is_open(d->buf, true) && d->terse ? "" : " ");
		put(d, words[btf_kind(t)]);
	} else {
		put(d, words[btf_kind(t)]);
		put(d, " ");
		before(d, t->type);
	}
}

static void put_named(struct btf_decl *d, uint32_t id, const struct btf_type *t)
{
	size_t start = d->buf->len;

	if (d->put_name)
		d->put_name(d, id, t);
	else
		btf_decl_ident(d, btf_image_name(d->img, t));
	d->left -= (int64_t)(d->buf->len - start);
}

static void put_tagged(struct btf_decl *d, const char *word, uint32_t id, const struct btf_type *t)
{
	put(d, word);
	if (*btf_image_name(d->img, t))
		put_named(d, id, t);
	else if (d->put_body)
		d->put_body(d, id, t);
	else
		put(d, "{...}");
}

/* An integer type unknown to C is written by name, like a typedef. */
static void put_number(struct btf_decl *d, const struct btf_type *t)
{
	const char *name = btf_image_name(d->img, t);

	if (btf_is_c_number(name))
		put(d, name);
	else if (btf_is_bool(d->img, t))
		put(d, "bool");
	else
		btf_decl_ident(d, name);
}

bool btf_decl_is_unknown(const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = btf_skip(img, BTF_NAMES | 1u << BTF_KIND_ARRAY, &id);

	return t && !btf_is_known(t);
}

/* A variable, a function: not a type of a value; or one of an unknown kind, which may be one. */
static void put_other(struct btf_decl *d, const struct btf_type *t)
{
	char text[BTF_UNKNOWN_MAX];

	if (d->is_strict || (d->terse && btf_is_known(t)))
		d->err = d->err ?: -EINVAL;
	if (!btf_is_known(t)) {
		put(d, "/* ");
		put(d, btf_unknown_text(d->img, t, text));
		put(d, " */ ");
	}
	put(d, "void");
}

static void put_base(struct btf_decl *d, uint32_t id, const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
		put_number(d, t);
		break;
	case BTF_KIND_TYPEDEF:
		put_named(d, id, t);
		break;
	case BTF_KIND_STRUCT:
		put_tagged(d, "struct ", id, t);
		break;
	case BTF_KIND_UNION:
		put_tagged(d, "union ", id, t);
		break;
	case BTF_KIND_FWD:
		put_tagged(d, btf_kflag(t) ? "union " : "struct ", id, t);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		put_tagged(d, "enum ", id, t);
		break;
	default:
		put_other(d, t);
	}
}

static void before(struct btf_decl *d, uint32_t id)
{
	const struct btf_type *t = btf_image_type(d->img, id);

	if (!enter(d))
		return;
	if (!t)
		put(d, "void");
	else if (btf_kind(t) == BTF_KIND_PTR)
		put_pointer(d, t);
	else if (btf_kind(t) == BTF_KIND_ARRAY)
		before(d, btf_array(t)->type);
	else if (btf_kind(t) == BTF_KIND_FUNC_PROTO)
		before(d, t->type);
	else if (btf_is_mod(t))
		put_qualifier(d, t);
	else
		put_base(d, id, t);
	d->depth--;
}

static bool has_unknown_param(const struct btf_decl *d, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);
	bool is_there = false;

	for (uint32_t i = 0; i < btf_items(t) && !is_there; i++)
		is_there = btf_decl_is_unknown(d->img, p[i].type);
	return is_there;
}

static void put_params(struct btf_decl *d, const struct btf_type *t)
{
	const struct btf_param *p = btf_params(t);
	uint32_t n = btf_items(t);

	if (!d->terse && !d->is_strict && has_unknown_param(d, t)) {
		put(d, "(/* with parameters of UNKNOWN kinds */)");
		return;
	}
	if (d->is_strict && n == 1 && !p->type)
		n = 0;
	put(d, n ? "(" : "(void");
	for (uint32_t i = 0; i < n && !d->err; i++) {
		if (i)
			put(d, ", ");
		if (!p[i].type && i + 1 == n)
			put(d, n > 1 || d->terse ? "..." : "");
		else
			btf_decl_put(d, p[i].type, btf_image_str(d->img, p[i].name_off) ?: "");
	}
	put(d, ")");
}

static void put_length(struct btf_decl *d, const struct btf_array *a)
{
	put(d, "[");
	buf_uint(d->buf, a->nelems);
	put(d, "]");
}

static void behind(struct btf_decl *d, uint32_t id)
{
	const struct btf_type *t = btf_image_type(d->img, id);

	if (!t || !enter(d))
		return;
	if (btf_kind(t) == BTF_KIND_PTR) {
		if (needs_parens(d->img, t->type))
			put(d, ")");
		behind(d, t->type);
	} else if (btf_kind(t) == BTF_KIND_ARRAY) {
		if (!btf_decl_is_unknown(d->img, id))
			put_length(d, btf_array(t));
		behind(d, btf_array(t)->type);
	} else if (btf_kind(t) == BTF_KIND_FUNC_PROTO) {
		put_params(d, t);
		behind(d, t->type);
	} else if (btf_is_mod(t)) {
		behind(d, t->type);
	}
	d->depth--;
}

static void put_blank(struct btf_decl *d)
{
	const struct buf *b = d->buf;

	if (b->len && b->data[b->len - 1] != '*' && b->data[b->len - 1] != '(')
		put(d, " ");
}

void btf_decl_put_around(struct btf_decl *d, uint32_t id, const char *text)
{
	before(d, id);
	put_blank(d);
	put(d, text);
	behind(d, id);
}

void btf_decl_put(struct btf_decl *d, uint32_t id, const char *name)
{
	before(d, id);
	if (*name) {
		put_blank(d);
		d->left -= (int64_t)strlen(name);
		btf_decl_ident(d, name);
	}
	behind(d, id);
}
