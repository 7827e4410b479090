// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * .BTF.ext: everything in it is checked. Records need not be aligned and may be longer than the
 * known layout.
 */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/ext.h"
#include "decode/btf/raw.h"

#define INSN_SIZE 8
#define COLUMN_BITS 10		/* in the word with line and column */

/*
 * Fields up to the lines always exist, core_* since LLVM 10. Offsets are relative to the header's
 * end.
 */
struct header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len;
	struct {
		uint32_t off, len;
	} tables[BTF_EXT_KINDS];
};

#define HEADER_MIN offsetof(struct header, tables[BTF_EXT_RELOS])

struct func_rec {
	uint32_t insn_off, type_id;
};

struct line_rec {
	uint32_t insn_off, file_off, text_off, line_column;
};

struct relo_rec {
	uint32_t insn_off, type_id, access_off, kind;
};

static const struct {
	const char *name;
	uint32_t min_size;
} kinds[BTF_EXT_KINDS] = {
	[BTF_EXT_FUNCS] = { "func_info", sizeof(struct func_rec) },
	[BTF_EXT_LINES] = { "line_info", sizeof(struct line_rec) },
	[BTF_EXT_RELOS] = { "core_relo", sizeof(struct relo_rec) },
};

static const char *const relo_names[] = {
	"field_byte_offset", "field_byte_size", "field_exists", "field_signed", "field_lshift_u64",
	"field_rshift_u64", "type_id_local", "type_id_target", "type_exists", "type_size",
	"enumval_exists", "enumval_value", "type_matches",
};

const char *btf_ext_relo_name(uint32_t kind)
{
	return kind < ARRAY_SIZE(relo_names) ? relo_names[kind] : NULL;
}

static struct line_rec line_rec(const struct btf_ext_section *s, uint32_t i)
{
	struct line_rec r;

	memcpy(&r, s->recs + (size_t)i * s->rec_size, sizeof(r));
	return r;
}

static struct relo_rec relo_rec(const struct btf_ext_section *s, uint32_t i)
{
	struct relo_rec r;

	memcpy(&r, s->recs + (size_t)i * s->rec_size, sizeof(r));
	return r;
}

struct btf_ext_func btf_ext_func(const struct btf_ext_section *s, uint32_t i)
{
	struct func_rec r;

	memcpy(&r, s->recs + (size_t)i * s->rec_size, sizeof(r));
	return (struct btf_ext_func){ r.insn_off, r.type_id };
}

struct btf_ext_line btf_ext_line(const struct btf_ext_info *x, const struct btf_ext_section *s,
				 uint32_t i)
{
	struct line_rec r = line_rec(s, i);

	return (struct btf_ext_line){
		.insn_off = r.insn_off,
		.file = btf_image_str(x->btf, r.file_off),
		.text = btf_image_str(x->btf, r.text_off),
		.line = r.line_column >> COLUMN_BITS,
		.column = r.line_column & ((1u << COLUMN_BITS) - 1),
	};
}

struct btf_ext_relo btf_ext_relo(const struct btf_ext_info *x, const struct btf_ext_section *s,
				 uint32_t i)
{
	struct relo_rec r = relo_rec(s, i);

	return (struct btf_ext_relo){
		.insn_off = r.insn_off, .type_id = r.type_id, .kind = r.kind,
		.access = btf_image_str(x->btf, r.access_off),
	};
}

/* The error in record i, or NULL. */
static const char *find_fault(const struct btf_ext_info *x, enum btf_ext_kind kind,
			      const struct btf_ext_section *s, uint32_t i)
{
	struct btf_ext_func first = btf_ext_func(s, i);	/* all kinds start with the instruction */
	const struct btf_type *t;
	struct relo_rec relo;

	if (first.insn_off % INSN_SIZE)
		return "has an offset that is not a multiple of 8";
	switch (kind) {
	case BTF_EXT_FUNCS:
		t = btf_image_type(x->btf, first.type_id);
		return t && btf_kind(t) == BTF_KIND_FUNC ? NULL
							 : "has a type that is not a function";
	case BTF_EXT_LINES:
		return btf_image_str(x->btf, line_rec(s, i).file_off) &&
		       btf_image_str(x->btf, line_rec(s, i).text_off) ?
			NULL : "refers to a string beyond the end of the strings";
	default:
		relo = relo_rec(s, i);
		if (relo.type_id && !btf_image_type(x->btf, relo.type_id))
			return "refers to a missing type";
		return btf_image_str(x->btf, relo.access_off) ?
			NULL : "has an access string beyond the end of the strings";
	}
}

static int check_records(struct err *e, const struct btf_ext_info *x, enum btf_ext_kind kind,
			 const struct btf_ext_section *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		const char *fault = find_fault(x, kind, s, i);

		if (fault)
			return fail_msg(e, -EINVAL, ".BTF.ext: %s record %u of section '%s' %s",
					kinds[kind].name, i, s->name, fault);
	}
	return 0;
}

static int add_section(struct err *e, struct btf_ext_table *t, const struct btf_ext_section *s)
{
	struct btf_ext_section *grown = t->sections;

	if (!(t->n & (t->n - 1)))	/* full at powers of two */
		grown = reallocarray(t->sections, t->n ? 2 * t->n : 1, sizeof(*grown));
	if (!grown)
		return fail(e, -ENOMEM, "read .BTF.ext");
	grown[t->n++] = *s;
	t->sections = grown;
	return 0;
}

/* Remaining data: the rest of one table. */
struct cursor {
	const uint8_t *at;
	size_t left;
};

static uint32_t take_u32(struct cursor *c)
{
	uint32_t v;

	memcpy(&v, c->at, sizeof(v));
	c->at += sizeof(v);
	c->left -= sizeof(v);
	return v;
}

static int read_section(struct err *e, struct btf_ext_info *x, enum btf_ext_kind kind,
			uint32_t rec_size, struct cursor *c)
{
	struct btf_ext_section s = { .rec_size = rec_size };
	const char *what = kinds[kind].name;
	int err;

	if (c->left < 2 * sizeof(uint32_t))
		return fail_msg(e, -EINVAL, ".BTF.ext: %s ends within a section header", what);
	s.name = btf_image_str(x->btf, take_u32(c));
	s.n = take_u32(c);
	if (!s.name)
		return fail_msg(e, -EINVAL,
				".BTF.ext: %s has a section name beyond the end of the strings",
				what);
	if (s.n > c->left / rec_size)
		return fail_msg(e, -EINVAL,
				".BTF.ext: %s ends within section '%s' (%u records of %u bytes, "
				"%zu bytes left)",
				what, s.name, s.n, rec_size, c->left);
	s.recs = c->at;
	c->at += (size_t)s.n * rec_size;
	c->left -= (size_t)s.n * rec_size;
	err = check_records(e, x, kind, &s);
	return err ?: add_section(e, &x->tables[kind], &s);
}

static int read_table(struct err *e, struct btf_ext_info *x, enum btf_ext_kind kind,
		      struct cursor c)
{
	uint32_t rec_size;
	int err = 0;

	if (!c.left)
		return 0;
	if (c.left < sizeof(rec_size))
		return fail_msg(e, -EINVAL, ".BTF.ext: %s has only %zu bytes",
				kinds[kind].name, c.left);
	rec_size = take_u32(&c);
	if (rec_size < kinds[kind].min_size || rec_size % 4)
		return fail_msg(e, -EINVAL,
				".BTF.ext: %s has records of %u bytes instead of %u or more",
				kinds[kind].name, rec_size, kinds[kind].min_size);
	while (!err && c.left)
		err = read_section(e, x, kind, rec_size, &c);
	return err;
}

static int read_header(struct err *e, const void *data, size_t len, struct header *h)
{
	size_t known = len < sizeof(*h) ? len : sizeof(*h);

	*h = (struct header){};
	memcpy(h, data, known);
	if (len >= sizeof(h->magic) && h->magic == __builtin_bswap16(BTF_MAGIC))
		return fail_msg(e, -EINVAL, ".BTF.ext has the other byte order");
	if (len < HEADER_MIN || h->magic != BTF_MAGIC)
		return fail_msg(e, -EINVAL, ".BTF.ext is shorter than its header (%zu bytes)", len);
	if (h->version != BTF_VERSION)
		return fail_msg(e, -EINVAL, ".BTF.ext: unknown version %u", h->version);
	if (h->hdr_len < HEADER_MIN || h->hdr_len > len)
		return fail_msg(e, -EINVAL,
				".BTF.ext: header length %u is wrong (%zu bytes in all)",
				h->hdr_len, len);
	/* After a short header there are tables, not fields. */
	if (h->hdr_len < sizeof(*h))
		memset((uint8_t *)h + h->hdr_len, 0, sizeof(*h) - h->hdr_len);
	return 0;
}

int btf_ext_open(struct err *e, const void *data, size_t len, const struct btf_image *btf,
		 struct btf_ext_info *ret)
{
	struct btf_ext_info x = { .btf = btf };
	struct header h;
	int err = read_header(e, data, len, &h);

	for (int kind = 0; !err && kind < BTF_EXT_KINDS; kind++) {
		const uint8_t *body = (const uint8_t *)data + h.hdr_len;
		size_t left = len - h.hdr_len;
		uint32_t off = h.tables[kind].off, n = h.tables[kind].len;

		if (off > left || n > left - off)
			err = fail_msg(e, -EINVAL,
				       ".BTF.ext: %s lies beyond the end (%u bytes at %u of %zu)",
				       kinds[kind].name, n, off, left);
		err = err ?: read_table(e, &x, kind, (struct cursor){ body + off, n });
	}
	if (err)
		btf_ext_close(&x);
	else
		*ret = x;
	return err;
}

void btf_ext_close(struct btf_ext_info *x)
{
	for (int kind = 0; kind < BTF_EXT_KINDS; kind++)
		free(x->tables[kind].sections);
	*x = (struct btf_ext_info){};
}
