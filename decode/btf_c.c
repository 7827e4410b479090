// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * BTF as a C header. The order (unless told otherwise) is by kind and name, so that headers of two
 * kernels differ only where the kernels do.
 */
#include "btf_c.h"

#include <errno.h>

#include <bpf/btf.h>

#include "../cli/buf.h"
#include "../cli/err.h"
#include "../json_writer.h"
#include "btf_shape.h"

#define CHUNK (32 * 1024)
#define DEPTH_MAX 32		/* references that go round in circles end here */
#define KIND_ENUM64 19
#define KFUNC_TAG "bpf_kfunc"
#define FASTCALL_TAG "bpf_fastcall"

enum rank {
	RANK_ANON_ENUM,
	RANK_ENUM,
	RANK_NUMBER,
	RANK_RECORD,
	RANK_PROTO,
	RANK_OTHER = 10,
};

struct entry {
	const char *sort_name, *name;
	uint64_t hash;			/* of the names of members: tells nameless types apart */
	uint32_t id;
	enum rank rank;
};

struct dump {
	const struct btf_c *c;
	struct out *o;
	struct buf buf;
};

static const char *name_of_type(const struct btf *btf, const struct btf_type *t)
{
	return btf__name_by_offset(btf, t->name_off) ?: "";
}

/* --- the order --- */

static bool is_any_enum(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_ENUM || btf_kind(t) == KIND_ENUM64;
}

static bool is_reference(const struct btf_type *t)
{
	return btf_is_mod(t) || btf_is_ptr(t) || btf_is_typedef(t) || btf_is_type_tag(t) ||
	       btf_is_decl_tag(t);
}

/* A typedef counts as what it names, if anything on the way to it has a name. */
static enum rank rank_of(const struct btf *btf, const struct btf_type *t)
{
	bool named = false;

	for (int depth = 0; t && depth < DEPTH_MAX; depth++) {
		named |= t->name_off != 0;
		if (is_any_enum(t))
			return named ? RANK_ENUM : RANK_ANON_ENUM;
		if (btf_is_int(t) || btf_is_float(t))
			return RANK_NUMBER;
		if (!named)
			break;
		if (btf_is_composite(t))
			return RANK_RECORD;
		if (btf_is_func_proto(t))
			return RANK_PROTO;
		if (btf_is_array(t))
			t = btf__type_by_id(btf, btf_array(t)->type);
		else if (is_reference(t) && t->type)
			t = btf__type_by_id(btf, t->type);
		else
			break;
	}
	return RANK_OTHER;
}

static const char *sort_name_of(const struct btf *btf, const struct btf_type *t)
{
	for (int depth = 0; t && depth < DEPTH_MAX && is_reference(t) && t->type; depth++)
		t = btf__type_by_id(btf, t->type);
	if (!t)
		return "";
	if (is_any_enum(t) && !t->name_off && btf_vlen(t))	/* both kinds begin with the name */
		return btf__name_by_offset(btf, *(const uint32_t *)(t + 1)) ?: "";
	return name_of_type(btf, t);
}

static uint64_t hash_name(const struct btf *btf, uint32_t off, uint64_t hash)
{
	for (const char *s = btf__name_by_offset(btf, off) ?: ""; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3;
	return hash * 31;
}

static uint64_t hash_of(const struct btf *btf, const struct btf_type *t)
{
	size_t item_len = btf_is_composite(t) ? sizeof(struct btf_member) :
			  btf_kind(t) == BTF_KIND_ENUM ? sizeof(struct btf_enum) :
			  btf_kind(t) == KIND_ENUM64 ? 12 : 0;
	const char *item = (const char *)(t + 1);
	uint64_t hash = hash_name(btf, t->name_off, 0xcbf29ce484222325);

	for (uint32_t i = 0; item_len && i < btf_vlen(t); i++)
		hash = hash_name(btf, *(const uint32_t *)(item + i * item_len), hash);
	return hash;
}

static int by_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int diff;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	diff = strcmp(x->sort_name, y->sort_name);
	if (!diff)
		diff = strcmp(x->name, y->name);
	if (diff)
		return diff;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* All own types in the order they are to be written. Owned. */
static struct entry *make_order(const struct btf_c *c, size_t *ret_n)
{
	uint32_t n = btf__type_cnt(c->btf) - c->first_id;
	struct entry *list = calloc(n + 1, sizeof(*list));

	for (uint32_t i = 0; list && i < n; i++) {
		const struct btf_type *t = btf__type_by_id(c->btf, c->first_id + i);

		list[i].id = c->first_id + i;
		if (c->unsorted)
			continue;
		list[i].rank = rank_of(c->btf, t);
		list[i].sort_name = sort_name_of(c->btf, t);
		list[i].name = name_of_type(c->btf, t);
		list[i].hash = hash_of(c->btf, t);
	}
	if (list && !c->unsorted)
		qsort(list, n, sizeof(*list), by_order);
	*ret_n = n;
	return list;
}

/* --- writing --- */

/*
 * libbpf writes a piece of text. It may leave the parentheses of a function without
 * parameters empty, which in C says that the parameters are not known.
 */
FORMAT_PRINTF(2, 0)
static void put_vfmt(void *ctx, const char *fmt, va_list ap)
{
	struct dump *d = ctx;
	char text[1024];
	va_list again;
	int n;

	if (streq(fmt, ")") && d->buf.len && d->buf.data[d->buf.len - 1] == '(')
		buf_puts(&d->buf, "void");

	va_copy(again, ap);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (n >= (int)sizeof(text) && buf_room(&d->buf, (size_t)n + 1)) {
		char *at = d->buf.data + d->buf.len;

		vsnprintf(at, (size_t)n + 1, fmt, again);
		d->buf.len += n;
	} else if (n > 0 && n < (int)sizeof(text)) {
		buf_put(&d->buf, text, n);
	}
	va_end(again);
}

/* Names are not trusted; the line ends and tabs around them are libbpf's and ours. */
static void release(struct dump *d)
{
	const char *at = d->buf.data, *end = at + d->buf.len;

	out_rec(d->o, NULL);
	while (at < end) {
		const char *bad = at;

		while (bad < end && ((unsigned char)*bad >= ' ' || *bad == '\n' || *bad == '\t') &&
		       (unsigned char)*bad < 0x7f)
			bad++;
		out_text_verbatim(d->o, at, bad - at);
		if (bad < end) {
			char one[8], safe[2] = { *bad };

			out_text(d->o, "%s", out_escape(one, sizeof(one), safe));
		}
		at = bad + 1;
	}
	out_rec_end(d->o);
	d->buf.len = 0;
}

static void put_head(struct dump *d)
{
	buf_puts(&d->buf,
		 "#ifndef __VMLINUX_H__\n"
		 "#define __VMLINUX_H__\n\n"
		 "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
		 "#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n"
		 "#endif\n\n"
		 "#ifndef __ksym\n"
		 "#define __ksym __attribute__((section(\".ksyms\")))\n"
		 "#endif\n\n"
		 "#ifndef __weak\n"
		 "#define __weak __attribute__((weak))\n"
		 "#endif\n\n"
		 "#ifndef __bpf_fastcall\n"
		 "#if __has_attribute(bpf_fastcall)\n"
		 "#define __bpf_fastcall __attribute__((bpf_fastcall))\n"
		 "#else\n"
		 "#define __bpf_fastcall\n"
		 "#endif\n"
		 "#endif\n\n");
}

static void put_tail(struct dump *d)
{
	buf_puts(&d->buf,
		 "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
		 "#pragma clang attribute pop\n"
		 "#endif\n\n"
		 "#endif /* __VMLINUX_H__ */\n");
}

/* --- kernel functions --- */

struct kfunc {
	const char *name;
	uint32_t proto;
	bool fastcall;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kfunc *)a)->name, ((const struct kfunc *)b)->name);
}

/* Functions are marked by tags that point at them. Owned; NULL when out of memory. */
static struct kfunc *find_kfuncs(const struct btf_c *c, size_t *ret_n)
{
	uint32_t n_types = btf__type_cnt(c->btf);
	uint8_t *tags = calloc(n_types, 1);
	struct kfunc *list = NULL;
	size_t n = 0;

	for (uint32_t id = c->first_id; tags && id < n_types; id++) {
		const struct btf_type *t = btf__type_by_id(c->btf, id);
		const char *tag = btf_is_decl_tag(t) ? name_of_type(c->btf, t) : "";

		if (!*tag || btf_decl_tag(t)->component_idx != -1)
			continue;
		tags[t->type] |= streq(tag, KFUNC_TAG) ? 1 : streq(tag, FASTCALL_TAG) ? 2 : 0;
		n += streq(tag, KFUNC_TAG);
	}
	list = tags ? calloc(n + 1, sizeof(*list)) : NULL;
	n = 0;
	for (uint32_t id = 1; list && id < n_types; id++) {
		const struct btf_type *t = btf__type_by_id(c->btf, id);

		if ((tags[id] & 1) && btf_is_func(t))
			list[n++] = (struct kfunc){ .name = name_of_type(c->btf, t), .proto = t->type,
						    .fastcall = tags[id] & 2 };
	}
	free(tags);
	if (list)
		qsort(list, n, sizeof(*list), by_name);
	*ret_n = n;
	return list;
}

static int put_kfuncs(struct dump *d, struct btf_dump *writer)
{
	size_t n;
	auto_free struct kfunc *list = find_kfuncs(d->c, &n);
	int err = list ? 0 : -ENOMEM;

	if (!list || !n)
		return err;
	buf_puts(&d->buf, "#ifndef BPF_NO_KFUNC_PROTOTYPES\n");
	for (size_t i = 0; i < n && !err; i++) {
		LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts, .field_name = list[i].name);

		buf_puts(&d->buf, list[i].fastcall ? "extern __bpf_fastcall " : "extern ");
		err = btf_dump__emit_type_decl(writer, list[i].proto, &opts);
		buf_puts(&d->buf, " __weak __ksym;\n");
	}
	buf_puts(&d->buf, "#endif\n\n");
	return err;
}

/* --- all of it --- */

static int put_types(struct dump *d, struct btf_dump *writer)
{
	size_t n;
	auto_free struct entry *order = make_order(d->c, &n);
	int err = order ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && !err && !out_failed(d->o); i++) {
		err = btf_dump__dump_type(writer, order[i].id);
		if (d->buf.len >= CHUNK)
			release(d);
	}
	return err ? err : put_kfuncs(d, writer);
}

static int put_chosen(struct dump *d, struct btf_dump *writer)
{
	int err = 0;

	for (size_t i = 0; i < d->c->n_ids && !err; i++)
		err = btf_dump__dump_type(writer, d->c->ids[i]);
	return err;
}

int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c)
{
	struct dump d = { .c = c, .o = o };
	struct btf_dump *writer;
	int err = btf_shape_check(e, c->btf);

	if (err)
		return err;
	writer = btf_dump__new(c->btf, put_vfmt, &d, NULL);
	if (!writer)
		err = -errno;
	if (!err) {
		out_list(o, NULL, NULL);
		put_head(&d);
		err = c->ids ? put_chosen(&d, writer) : put_types(&d, writer);
	}
	if (!err) {
		put_tail(&d);
		release(&d);
		out_list_end(o);
		err = d.buf.err;
	}
	btf_dump__free(writer);
	buf_free(&d.buf);
	return err ? fail(e, err, "write types as C") : 0;
}
