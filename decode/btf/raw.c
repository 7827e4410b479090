// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Raw BTF: every type as a line, followed by its members.
 *
 * Each kind has a layout: its fields by name and form. A type is read into an array of numbers in
 * the order of its layout, and one of three loops prints them: text, compact JSON (both composed
 * manually, for millions of small values), or the writer's own calls for the pretty layout.
 */
#include "cli/buf.h"
#include "json_writer.h"
#include "decode/btf/raw.h"

#define CHUNK (32 * 1024)
#define LABEL_MAX 32

enum form {
	FORM_END,
	FORM_UINT,
	FORM_OPT_UINT,		/* omitted if 0 */
	FORM_INT,
	FORM_NAME,		/* offset of a string */
	FORM_WORD,		/* pointer to a constant string */
	FORM_REF,		/* text only: kind and name of a type */
};

/* text and json precede the value; both start with the separator. */
struct field {
	enum form form;
	uint8_t text_len, json_len;
	const char *key, *suffix;
	char text[LABEL_MAX], json[LABEL_MAX];
};

#define FIELD_AS(f, k, label, ...)                                                                 \
	{                                                                                          \
		.form = f, .key = k, .text = label,                                                \
		.json = ",\"" k "\":", .text_len = sizeof(label) - 1, .json_len = sizeof(k) + 3,   \
		##__VA_ARGS__                                                                      \
	}
#define FIELD(f, k, ...) FIELD_AS(f, k, " " k "=", ##__VA_ARGS__)
#define NAME FIELD_AS(FORM_NAME, "name", " ")
#define N_FIELDS 5

struct layout {
	const char *kind;
	uint8_t extra_len, item_len;	/* bytes after the type, and for each of its vlen items */
	struct field head[N_FIELDS];
	const char *items_key;
	struct field item[N_FIELDS];
};

#define REFERENCE(word) { .kind = word, .head = { FIELD(FORM_UINT, "type_id") } }
#define MEMBERS                                                                                    \
	.item_len = sizeof(struct btf_member), .items_key = "members",                             \
	.head = { FIELD(FORM_UINT, "size"), FIELD(FORM_UINT, "vlen") },                            \
	.item = { NAME, FIELD(FORM_UINT, "type_id"), FIELD(FORM_UINT, "bits_offset"),              \
		  FIELD(FORM_OPT_UINT, "bitfield_size") }
#define VALUES(type, form, ...)                                                                    \
	.item_len = sizeof(type), .items_key = "values",                                           \
	.head = { FIELD(FORM_WORD, "encoding"), FIELD(FORM_UINT, "size"),                          \
		  FIELD(FORM_UINT, "vlen") },                                                      \
	.item = { NAME, FIELD(form, "val", ##__VA_ARGS__) }

static const struct layout layouts[] = {
	[BTF_KIND_INT] = { .kind = "INT",
			   .extra_len = 4,
			   .head = { FIELD(FORM_UINT, "size"), FIELD(FORM_UINT, "bits_offset"),
				     FIELD(FORM_UINT, "nr_bits"), FIELD(FORM_WORD, "encoding") } },
	[BTF_KIND_PTR] = REFERENCE("PTR"),
	[BTF_KIND_ARRAY] = { .kind = "ARRAY",
			     .extra_len = sizeof(struct btf_array),
			     .head = { FIELD(FORM_UINT, "type_id"),
				       FIELD(FORM_UINT, "index_type_id"),
				       FIELD(FORM_UINT, "nr_elems") } },
	[BTF_KIND_STRUCT] = { .kind = "STRUCT", MEMBERS },
	[BTF_KIND_UNION] = { .kind = "UNION", MEMBERS },
	[BTF_KIND_ENUM] = { .kind = "ENUM", VALUES(struct btf_enum, FORM_UINT) },
	[BTF_KIND_FWD] = { .kind = "FWD", .head = { FIELD(FORM_WORD, "fwd_kind") } },
	[BTF_KIND_TYPEDEF] = REFERENCE("TYPEDEF"),
	[BTF_KIND_VOLATILE] = REFERENCE("VOLATILE"),
	[BTF_KIND_CONST] = REFERENCE("CONST"),
	[BTF_KIND_RESTRICT] = REFERENCE("RESTRICT"),
	[BTF_KIND_FUNC] = { .kind = "FUNC",
			    .head = { FIELD(FORM_UINT, "type_id"), FIELD(FORM_WORD, "linkage") } },
	[BTF_KIND_FUNC_PROTO] = { .kind = "FUNC_PROTO",
				  .item_len = sizeof(struct btf_param),
				  .head = { FIELD(FORM_UINT, "ret_type_id"),
					    FIELD(FORM_UINT, "vlen") },
				  .items_key = "params",
				  .item = { NAME, FIELD(FORM_UINT, "type_id") } },
	[BTF_KIND_VAR] = { .kind = "VAR",
			   .extra_len = sizeof(struct btf_var),
			   .head = { FIELD(FORM_UINT, "type_id"),
				     FIELD_AS(FORM_WORD, "linkage", ", linkage=") } },
	[BTF_KIND_DATASEC] = { .kind = "DATASEC",
			       .item_len = sizeof(struct btf_var_secinfo),
			       .head = { FIELD(FORM_UINT, "size"), FIELD(FORM_UINT, "vlen") },
			       .items_key = "vars",
			       .item = { FIELD(FORM_UINT, "type_id"), FIELD(FORM_UINT, "offset"),
					 FIELD(FORM_UINT, "size"), FIELD_AS(FORM_REF, "", " ") } },
	[BTF_KIND_FLOAT] = { .kind = "FLOAT", .head = { FIELD(FORM_UINT, "size") } },
	[BTF_KIND_DECL_TAG] = { .kind = "DECL_TAG",
				.extra_len = sizeof(struct btf_decl_tag),
				.head = { FIELD(FORM_UINT, "type_id"),
					  FIELD(FORM_INT, "component_idx") } },
	[BTF_KIND_TYPE_TAG] = REFERENCE("TYPE_TAG"),
	[BTF_KIND_ENUM64] = { .kind = "ENUM64",
			      VALUES(struct btf_enum64, FORM_UINT, .suffix = "ULL") },
};

static const struct layout signed_enum = { .kind = "ENUM", VALUES(struct btf_enum, FORM_INT) };
static const struct layout signed_enum64 = { .kind = "ENUM64",
	VALUES(struct btf_enum64, FORM_INT, .suffix = "LL") };

static const struct layout unknown = { .kind = "UNKNOWN",
				       .head = { FIELD(FORM_UINT, "kind_number"),
						 FIELD(FORM_UINT, "size") } };

static const struct layout *layout_of(const struct btf_type *t)
{
	uint32_t kind = btf_kind(t);

	if (btf_kflag(t) && kind == BTF_KIND_ENUM)
		return &signed_enum;
	if (btf_kflag(t) && kind == BTF_KIND_ENUM64)
		return &signed_enum64;
	return kind < ARRAY_SIZE(layouts) && layouts[kind].kind ? &layouts[kind] : &unknown;
}

const char *btf_kind_name(const struct btf_type *t)
{
	return layout_of(t)->kind;
}

/* --- reading a type into numbers, in the order of its layout --- */

static uint64_t word(const char *w)
{
	return (uintptr_t)w;
}

static uint64_t encoding_word(uint32_t encoding)
{
	switch (encoding) {
	case 0:
		return word("(none)");
	case BTF_INT_SIGNED:
		return word("SIGNED");
	case BTF_INT_CHAR:
		return word("CHAR");
	case BTF_INT_BOOL:
		return word("BOOL");
	}
	return word("UNKN");
}

const char *btf_linkage_name(uint32_t linkage)
{
	static const char *const words[] = { "static", "global", "extern" };

	return linkage < ARRAY_SIZE(words) ? words[linkage] : "(unknown)";
}

static void read_int(const struct btf_type *t, uint64_t *v)
{
	uint32_t data = *(const uint32_t *)(t + 1);

	v[0] = t->size;
	v[1] = BTF_INT_OFFSET(data);
	v[2] = BTF_INT_BITS(data);
	v[3] = encoding_word(BTF_INT_ENCODING(data));
}

/* All that is known of the kinds that only a layout section describes. */
static void read_unknown(const struct btf_image *img, const struct btf_type *t, uint64_t *v)
{
	v[0] = btf_kind(t);
	v[1] = btf_type_len(img, t);
}

static void read_head(const struct btf_image *img, const struct btf_type *t, uint64_t *v)
{
	const struct btf_array *a = (const void *)(t + 1);
	bool kflag = btf_kflag(t);

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		read_int(t, v);
		break;
	case BTF_KIND_ARRAY:
		v[0] = a->type;
		v[1] = a->index_type;
		v[2] = a->nelems;
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		v[0] = word(kflag ? "SIGNED" : "UNSIGNED");
		v[1] = t->size;
		v[2] = btf_items(t);
		break;
	case BTF_KIND_FWD:
		v[0] = word(kflag ? "union" : "struct");
		break;
	case BTF_KIND_FUNC:
		v[0] = t->type;
		v[1] = word(btf_linkage_name(btf_items(t)));
		break;
	case BTF_KIND_VAR:
		v[0] = t->type;
		v[1] = word(btf_linkage_name(((const struct btf_var *)(t + 1))->linkage));
		break;
	case BTF_KIND_DECL_TAG:
		v[0] = t->type;
		v[1] = (uint64_t)(int64_t)((const struct btf_decl_tag *)(t + 1))->component_idx;
		break;
	default:	/* size or type (one word), then the number of items if there are any */
		v[0] = t->size;
		v[1] = btf_items(t);
		if (!btf_is_known(t))
			read_unknown(img, t, v);
	}
}

static void read_item(const struct btf_type *t, const void *item, uint64_t *v)
{
	const struct btf_member *m = item;
	const struct btf_enum *en = item;
	const struct btf_enum64 *e64 = item;
	const struct btf_param *p = item;
	const struct btf_var_secinfo *s = item;
	bool kflag = btf_kflag(t);

	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		v[0] = m->name_off;
		v[1] = m->type;
		v[2] = kflag ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset;
		v[3] = kflag ? BTF_MEMBER_BITFIELD_SIZE(m->offset) : 0;
		break;
	case BTF_KIND_ENUM:
		v[0] = en->name_off;
		v[1] = kflag ? (uint64_t)(int64_t)en->val : (uint32_t)en->val;
		break;
	case BTF_KIND_ENUM64:
		v[0] = e64->name_off;
		v[1] = (uint64_t)e64->val_hi32 << 32 | e64->val_lo32;
		break;
	case BTF_KIND_FUNC_PROTO:
		v[0] = p->name_off;
		v[1] = p->type;
		break;
	default:
		v[0] = s->type;
		v[1] = s->offset;
		v[2] = s->size;
		v[3] = s->type;
	}
}

/* --- printing the numbers --- */

struct dump {
	struct out *o;
	bool json;
	const struct btf_image *img;
	struct buf buf;
	unsigned int flags;
};

static const char *name_at(const struct btf_image *img, uint64_t off)
{
	const char *name = btf_image_str(img, (uint32_t)off);

	if (!name)
		return "(invalid)";
	return *name ? name : "(anon)";
}

static void text_name(struct dump *d, uint64_t off)
{
	const char *name = name_at(d->img, off);

	buf_putc(&d->buf, '\'');
	if (d->img->plain)
		buf_puts(&d->buf, name);
	else
		buf_text_str(&d->buf, name, strlen(name));
	buf_putc(&d->buf, '\'');
}

static void text_ref(struct dump *d, uint32_t id)
{
	const struct btf_type *t = btf_image_type(d->img, id);

	buf_putc(&d->buf, '(');
	buf_puts(&d->buf, t ? layout_of(t)->kind : "UNKNOWN");
	buf_putc(&d->buf, ' ');
	text_name(d, t ? t->name_off : 0);
	buf_putc(&d->buf, ')');
}

/* A copy of a fixed size, longer than needed, is several times faster than one of variable size. */
static inline void put_label(struct buf *b, const char *label, size_t len)
{
	if (!buf_room(b, LABEL_MAX))
		return;
	memcpy(b->data + b->len, label, LABEL_MAX - 1);
	b->len += len;
}

static void text_fields(struct dump *d, const struct field *f, const uint64_t *v, size_t skip)
{
	for (; f->form; f++, v++, skip = 0) {
		if (f->form == FORM_OPT_UINT && !*v)
			continue;
		put_label(&d->buf, f->text + skip, f->text_len - skip);
		if (f->form == FORM_NAME)
			text_name(d, *v);
		else if (f->form == FORM_WORD)
			buf_puts(&d->buf, (const char *)(uintptr_t)*v);
		else if (f->form == FORM_REF)
			text_ref(d, (uint32_t)*v);
		else if (f->form == FORM_INT)
			buf_int(&d->buf, (int64_t)*v);
		else
			buf_uint(&d->buf, *v);
		if (f->suffix)
			buf_puts(&d->buf, f->suffix);
	}
}

static void text_type(struct dump *d, uint32_t id, const struct btf_type *t)
{
	const struct layout *l = layout_of(t);
	const uint8_t *item = (const uint8_t *)(t + 1) + l->extra_len;
	uint64_t v[N_FIELDS];

	buf_putc(&d->buf, '[');
	buf_uint(&d->buf, id);
	buf_put(&d->buf, "] ", 2);
	buf_puts(&d->buf, l->kind);
	buf_putc(&d->buf, ' ');
	text_name(d, t->name_off);
	read_head(d->img, t, v);
	text_fields(d, l->head, v, 0);
	buf_putc(&d->buf, '\n');
	for (size_t n = l->item_len ? btf_items(t) : 0; n; n--, item += l->item_len) {
		buf_putc(&d->buf, '\t');
		read_item(t, item, v);
		text_fields(d, l->item, v, 1);
		buf_putc(&d->buf, '\n');
	}
}

static void json_name(struct dump *d, uint64_t off)
{
	const char *name = name_at(d->img, off);

	if (!d->img->plain) {
		buf_json_str(&d->buf, name, strlen(name));
		return;
	}
	buf_putc(&d->buf, '"');
	buf_puts(&d->buf, name);
	buf_putc(&d->buf, '"');
}

static void json_fields(struct dump *d, const struct field *f, const uint64_t *v, size_t skip)
{
	for (; f->form; f++, v++, skip = 0) {
		if (f->form == FORM_REF || (f->form == FORM_OPT_UINT && !*v))
			continue;
		put_label(&d->buf, f->json + skip, f->json_len - skip);
		if (f->form == FORM_NAME) {
			json_name(d, *v);
		} else if (f->form == FORM_WORD) {
			buf_putc(&d->buf, '"');
			buf_puts(&d->buf, (const char *)(uintptr_t)*v);
			buf_putc(&d->buf, '"');
		} else if (f->form == FORM_INT) {
			buf_int(&d->buf, (int64_t)*v);
		} else {
			buf_uint(&d->buf, *v);
		}
	}
}

static void json_items(struct dump *d, const struct layout *l, const struct btf_type *t)
{
	const uint8_t *item = (const uint8_t *)(t + 1) + l->extra_len;
	uint32_t n = btf_items(t);
	uint64_t v[N_FIELDS];

	buf_put(&d->buf, ",\"", 2);
	buf_puts(&d->buf, l->items_key);
	buf_put(&d->buf, "\":[", 3);
	for (uint32_t i = 0; i < n; i++, item += l->item_len) {
		if (i)
			buf_putc(&d->buf, ',');
		buf_putc(&d->buf, '{');
		read_item(t, item, v);
		json_fields(d, l->item, v, 1);
		buf_putc(&d->buf, '}');
	}
	buf_putc(&d->buf, ']');
}

static void json_type(struct dump *d, uint32_t id, const struct btf_type *t)
{
	const struct layout *l = layout_of(t);
	uint64_t v[N_FIELDS];

	if (d->buf.len)
		buf_putc(&d->buf, ',');
	buf_puts(&d->buf, "{\"id\":");
	buf_uint(&d->buf, id);
	buf_puts(&d->buf, ",\"kind\":\"");
	buf_puts(&d->buf, l->kind);
	buf_puts(&d->buf, "\",\"name\":");
	json_name(d, t->name_off);
	read_head(d->img, t, v);
	json_fields(d, l->head, v, 0);
	if (l->items_key)
		json_items(d, l, t);
	buf_putc(&d->buf, '}');
}

static void pretty_fields(struct dump *d, const struct field *f, const uint64_t *v)
{
	for (; f->form; f++, v++) {
		if (f->form == FORM_REF || (f->form == FORM_OPT_UINT && !*v))
			continue;
		if (f->form == FORM_NAME)
			out_json_str(d->o, f->key, name_at(d->img, *v));
		else if (f->form == FORM_WORD)
			out_json_str(d->o, f->key, (const char *)(uintptr_t)*v);
		else if (f->form == FORM_INT)
			out_json_int(d->o, f->key, (int64_t)*v);
		else
			out_json_uint(d->o, f->key, *v);
	}
}

static void pretty_type(struct dump *d, uint32_t id, const struct btf_type *t)
{
	const struct layout *l = layout_of(t);
	const uint8_t *item = (const uint8_t *)(t + 1) + l->extra_len;
	uint64_t v[N_FIELDS];

	out_rec(d->o, NULL);
	out_json_uint(d->o, "id", id);
	out_json_str(d->o, "kind", l->kind);
	out_json_str(d->o, "name", name_at(d->img, t->name_off));
	read_head(d->img, t, v);
	pretty_fields(d, l->head, v);
	if (l->items_key) {
		out_list(d->o, l->items_key, NULL);
		for (size_t n = btf_items(t); n; n--, item += l->item_len) {
			out_rec(d->o, NULL);
			read_item(t, item, v);
			pretty_fields(d, l->item, v);
			out_rec_end(d->o);
		}
		out_list_end(d->o);
	}
	out_rec_end(d->o);
}

/* Passes the composed data to the writer. */
static void release(struct dump *d)
{
	if (d->buf.err)
		d->buf.len = 0;		/* its last part is incomplete */
	if (d->buf.len && d->json) {
		out_json_verbatim(d->o, d->buf.data, d->buf.len);
	} else if (d->buf.len) {
		out_rec(d->o, NULL);
		out_text_verbatim(d->o, d->buf.data, d->buf.len);
		out_rec_end(d->o);
	}
	d->buf.len = 0;
}

static void dump_type(struct dump *d, uint32_t id)
{
	const struct btf_type *t = btf_image_type(d->img, id);

	if (!t)
		return;
	if (!d->json)
		text_type(d, id, t);
	else if (d->flags & BTF_RAW_PRETTY)
		pretty_type(d, id, t);
	else
		json_type(d, id, t);
	if (d->buf.len >= (d->flags & BTF_RAW_LINES ? 1 : CHUNK))
		release(d);
}

void btf_raw_dump(struct out *o, const struct btf_image *img, const uint32_t *ids, size_t n_ids,
		  unsigned int flags)
{
	struct dump d = { .o = o, .json = out_is_json(o), .img = img, .flags = flags };

	out_rec(o, NULL);
	out_stream(o, "types");
	for (size_t i = 0; i < (ids ? n_ids : img->n_types) && !out_failed(o) && !d.buf.err; i++)
		dump_type(&d, ids ? ids[i] : img->first_id + (uint32_t)i);
	release(&d);
	out_torn(o, d.buf.err);
	out_stream_end(o);
	out_rec_end(o);
	buf_free(&d.buf);
}
