// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * gen skeleton format json. Keys are added, never changed; an incompatible change needs a new
 * version.
 */
#include "gen/describe.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "decode/btf/size.h"
#include "decode/elf/image.h"
#include "decode/elf/swap.h"
#include "json_writer.h"
#include "kern/object/names.h"

#define SCHEMA_VERSION 1

void buf_base64(struct buf *b, const uint8_t *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;
	char *at;

	if (!buf_room(b, len / 3 * 4 + 4))
		return;
	at = b->data + b->len;
	for (i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t bits =
			data[i] << 16 | (n > 1 ? data[i + 1] << 8 : 0) | (n > 2 ? data[i + 2] : 0);

		*at++ = digits[bits >> 18];
		*at++ = digits[bits >> 12 & 63];
		*at++ = n > 1 ? digits[bits >> 6 & 63] : '=';
		*at++ = n > 2 ? digits[bits & 63] : '=';
	}
	b->len = at - b->data;
}

static void put_base64(struct out *o, const char *key, const void *data, size_t len)
{
	struct buf b = {};

	buf_base64(&b, data, len);
	if (!b.err)
		out_json_strn(o, key, b.data ?: "", b.len);
	out_torn(o, b.err);
	buf_free(&b);
}

static void put_name(struct out *o, const char *name, const struct c_name *c)
{
	out_json_str(o, "name", name);
	out_json_str(o, "ident", c->ident);
}

#define MARK '\1'		/* stands for the field's name, in text without control bytes */

/* The text around the mark, with ident in its place. */
static void put_marked(struct out *o, const char *key, const struct buf *b, const char *ident)
{
	const char *mark = memchr(b->data, MARK, b->len);
	size_t before = mark ? (size_t)(mark - b->data) : b->len;
	struct buf text = {};

	buf_put(&text, b->data, before);
	buf_puts(&text, ident);
	if (mark)
		buf_put(&text, mark + 1, b->len - before - 1);
	while (text.len && text.data[text.len - 1] == ' ')
		text.len--;
	if (!text.err)
		out_json_strn(o, key, text.data ?: "", text.len);
	out_torn(o, text.err);
	buf_free(&text);
}

/*
 * The type as written in C, or null; and, with an ident, its declaration. Written once, because the
 * enumerators of an unnamed enum get other names the second time.
 */
static void put_type(struct out *o, const char *key, struct c_text *t, uint32_t id,
		     const char *ident, int flags)
{
	static const char mark[] = { MARK, '\0' };

	t->b.len = 0;
	if (!t->btf || !ct_decl(t, id, mark, 0, flags)) {
		out_json_null(o, key);
		return;
	}
	if (t->b.err)
		return;
	put_marked(o, key, &t->b, "");
	if (ident)
		put_marked(o, "declaration", &t->b, ident);
}

static void put_enum(struct ctx *ctx, const char *key, enum name_set set, uint32_t number)
{
	const char *name = name_of(ctx, set, number);

	if (name)
		out_json_str(ctx->out, key, name);
	else
		out_json_uint(ctx->out, key, number);
}

/* Attach type 0 has a name, but for most programs it means no attach type. */
static void put_prog(struct ctx *ctx, const struct skel_prog *p)
{
	uint32_t type = bpf_program__type(p->prog),
		 attach = bpf_program__expected_attach_type(p->prog);
	struct out *o = ctx->out;

	out_rec(o, NULL);
	put_name(o, bpf_program__name(p->prog), &p->name);
	out_json_str(o, "section", bpf_program__section_name(p->prog));
	put_enum(ctx, "type", NAMES_PROG_TYPE, type);
	if (attach || type == attach_prog_type(attach))
		put_enum(ctx, "expected_attach_type", NAMES_ATTACH_TYPE, attach);
	out_json_bool(o, "autoload", bpf_program__autoload(p->prog));
	out_json_bool(o, "autoattach", bpf_program__autoattach(p->prog));
	out_json_uint(o, "insns", bpf_program__insn_cnt(p->prog));
	out_rec_end(o);
}

static void put_ops_fields(struct out *o, struct c_text *t, const struct btf_type *ops)
{
	const struct btf_member *m = btf_members(ops);
	unsigned int i;

	out_list(o, "fields", "");
	for (i = 0; i < btf_items(ops); i++) {
		int64_t size = btf_type_size(t->btf, BTF_BPF_POINTER, m[i].type);

		out_rec(o, NULL);
		out_json_str(o, "name", btf_image_str(t->btf, m[i].name_off));
		put_type(o, "type", t, m[i].type, NULL, CT_KEEP_QUALIFIERS);
		out_json_uint(o, "bits_offset", btf_member_bit_offset(ops, i));
		out_json_uint(o, "size", size < 0 ? 0 : size);
		if (btf_member_bitfield_size(ops, i))
			out_json_uint(o, "bitfield_size", btf_member_bitfield_size(ops, i));
		out_rec_end(o);
	}
	out_list_end(o);
}

static void put_ops(struct out *o, struct c_text *t, const struct skel_map *m)
{
	const struct btf_type *ops = btf_image_type(t->btf, m->ops_type);

	out_rec(o, "struct_ops");
	out_json_str(o, "type", btf_image_name(t->btf, ops));
	out_json_uint(o, "size", ops->size);
	put_ops_fields(o, t, ops);
	out_rec_end(o);
}

static void put_map(struct ctx *ctx, struct c_text *t, const struct skel_map *m)
{
	const char *pin = bpf_map__pin_path(m->map);
	struct out *o = ctx->out;

	out_rec(o, NULL);
	put_name(o, bpf_map__name(m->map), &m->name);
	put_enum(ctx, "type", NAMES_MAP_TYPE, bpf_map__type(m->map));
	out_json_uint(o, "key_size", bpf_map__key_size(m->map));
	out_json_uint(o, "value_size", bpf_map__value_size(m->map));
	out_json_uint(o, "max_entries", bpf_map__max_entries(m->map));
	out_json_uint(o, "flags", bpf_map__map_flags(m->map));
	out_json_uint(o, "map_extra", bpf_map__map_extra(m->map));
	if (!bpf_map__is_internal(m->map)) {
		put_type(o, "key_type", t, bpf_map__btf_key_type_id(m->map), NULL, 0);
		put_type(o, "value_type", t,
			 m->ops_type ? m->ops_type : bpf_map__btf_value_type_id(m->map), NULL, 0);
	}
	out_json_bool(o, "internal", bpf_map__is_internal(m->map));
	out_json_bool(o, "mmapable", bpf_map__map_flags(m->map) & BPF_F_MMAPABLE);
	out_json_bool(o, "autocreate", bpf_map__autocreate(m->map));
	if (pin)
		out_json_str(o, "pinned", pin);
	if (m->section)
		out_json_str(o, "section", m->section);
	if (m->ops_type)
		put_ops(o, t, m);
	out_rec_end(o);
}

/* The contents in the object file; zeroed sections have none, and libbpf computes .kconfig. */
static void put_initial(struct out *o, const struct skel_map *m, const struct skel_var *v)
{
	const uint8_t *data;
	size_t size = 0;

	if (m->kconfig || !bpf_map__is_internal(m->map) || streq(m->section, ".bss") ||
	    has_prefix(m->section, ".bss."))
		return;
	data = bpf_map__initial_value(m->map, &size);
	if (data && v->offset <= size && v->size <= size - v->offset)
		put_base64(o, "initial", data + v->offset, v->size);
}

static void put_var(struct out *o, struct c_text *t, const struct skel_map *m,
		    const struct skel_var *v)
{
	int flags = m->kconfig ? CT_KEEP_QUALIFIERS : 0;

	out_rec(o, NULL);
	put_name(o, v->name.from, &v->name);
	put_type(o, "type", t, v->type, v->name.ident, flags);
	out_json_uint(o, "offset", v->offset);
	out_json_uint(o, "size", v->size);
	put_initial(o, m, v);
	out_rec_end(o);
}

static void put_data(struct out *o, struct c_text *t, const struct skel_map *m)
{
	size_t i;

	out_rec(o, NULL);
	out_json_str(o, "section", m->section);
	out_json_str(o, "ident", m->data.ident);
	out_json_str(o, "map", bpf_map__name(m->map));
	out_json_uint(o, "size", bpf_map__value_size(m->map));
	out_json_bool(o, "read_only", m->kconfig || has_prefix(m->section, ".rodata"));
	out_list(o, "variables", "");
	for (i = 0; i < m->n_vars; i++)
		put_var(o, t, m, &m->vars[i]);
	out_list_end(o);
	out_rec_end(o);
}

/* As libbpf will pass it to the kernel, which requires it. */
static void put_license(struct out *o, const struct skel *s)
{
	auto_free void *turned = NULL;
	auto_elf struct elf_image img = {};
	const uint8_t *text;
	struct err e = {};
	uint32_t section = 0;

	if (elf_swap(&e, s->image.data, s->image.len, &turned) >= 0 &&
	    !elf_image_open(&e, &img, turned ?: s->image.data, s->image.len) &&
	    !elf_check_layout(&e, &img) &&
	    !elf_find_section(&e, &img, "license", &section) && section &&
	    (text = elf_content(&img, section)))
		out_json_strn(o, "license", (const char *)text,
			      strnlen((const char *)text, img.shdrs[section].sh_size));
	err_clear(&e);
}

static void put_head(struct out *o, const struct skel *s, const char *path)
{
	char libbpf[16];

	snprintf(libbpf, sizeof(libbpf), "%u.%u", s->libbpf >> 16, s->libbpf & 0xffff);
	out_json_uint(o, "version", SCHEMA_VERSION);
	out_json_str(o, "name", s->name);
	out_json_str(o, "path", path);
	out_json_str(o, "for_libbpf", libbpf);
	put_license(o, s);
}

int gen_describe(struct ctx *ctx, const struct skel *s, const char *path, struct c_text *t)
{
	struct out *o = ctx->out;
	size_t i;

	out_tree(o);
	out_rec(o, NULL);
	put_head(o, s, path);
	out_list(o, "programs", "");
	for (i = 0; i < s->n_progs; i++)
		put_prog(ctx, &s->progs[i]);
	out_list_end(o);
	out_list(o, "maps", "");
	for (i = 0; i < s->n_maps; i++)
		put_map(ctx, t, &s->maps[i]);
	out_list_end(o);
	out_list(o, "data", "");
	for (i = 0; i < s->n_maps; i++)
		if (s->maps[i].data.ident)
			put_data(o, t, &s->maps[i]);
	out_list_end(o);
	out_rec(o, "object");
	out_json_uint(o, "size", s->image.len);
	put_base64(o, "base64", s->image.data, s->image.len);
	out_rec_end(o);
	out_rec_end(o);
	out_tree_end(o);
	return t->b.err ? fail(ctx->err, t->b.err, "spell the types") : 0;
}
