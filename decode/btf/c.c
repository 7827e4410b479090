// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * BTF as a C header: the text around the types, the selection of types, and the kernel's functions.
 */
#include "decode/btf/c.h"

#include <errno.h>

#include "cli/err.h"
#include "json_writer.h"
#include "decode/btf/c_int.h"
#include "decode/btf/order.h"

#define CHUNK (32 * 1024)
#define KFUNC_TAG "bpf_kfunc"
#define FASTCALL_TAG "bpf_fastcall"

/* All of it is our own text, and identifiers: nothing needs escaping. */
static void release(struct c_writer *w, struct out *o)
{
	if (!w->buf.len)
		return;
	out_rec(o, NULL);
	out_text_verbatim(o, w->buf.data, w->buf.len);
	out_rec_end(o);
	w->buf.len = 0;
}

static void put_head(struct c_writer *w)
{
	buf_puts(&w->buf, "#ifndef __VMLINUX_H__\n"
			  "#define __VMLINUX_H__\n\n"
			  "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
			  "#pragma clang attribute push (__attribute__((preserve_access_index)), "
			  "apply_to = record)\n"
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

static void put_tail(struct c_writer *w)
{
	buf_puts(&w->buf,
		 "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n"
		 "#pragma clang attribute pop\n"
		 "#endif\n\n"
		 "#endif /* __VMLINUX_H__ */\n");
}

/* --- kernel functions --- */

struct kfunc {
	const char *name;
	uint32_t id, proto;
};

enum tag { TAG_KFUNC = 1 << 0, TAG_FASTCALL = 1 << 1 };

static int by_name(const void *a, const void *b)
{
	const struct kfunc *x = a, *y = b;

	return strcmp(x->name, y->name) ?: (x->id < y->id ? -1 : x->id > y->id);
}

/*
 * Functions are marked by tags that point to them. A byte per type, owned; NULL if out of memory.
 */
static uint8_t *find_tags(const struct btf_image *img, uint32_t first, size_t *ret_n)
{
	uint8_t *tags = calloc(btf_image_end(img), 1);

	*ret_n = 0;
	for (uint32_t id = first; tags && id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);
		bool is_tag = btf_kind(t) == BTF_KIND_DECL_TAG;
		const struct btf_type *func = is_tag ? btf_image_type(img, t->type) : NULL;
		const char *tag = func ? btf_image_name(img, t) : "";

		if (!*tag || ((const struct btf_decl_tag *)(t + 1))->component_idx != -1 ||
		    btf_kind(func) != BTF_KIND_FUNC)
			continue;
		*ret_n += streq(tag, KFUNC_TAG) && !(tags[t->type] & TAG_KFUNC);
		tags[t->type] |= streq(tag, KFUNC_TAG) ? TAG_KFUNC : 0;
		tags[t->type] |= streq(tag, FASTCALL_TAG) ? TAG_FASTCALL : 0;
	}
	return tags;
}

/* Sorted by name. Owned; NULL if out of memory. */
static struct kfunc *list_kfuncs(const struct btf_image *img, const uint8_t *tags, size_t n)
{
	struct kfunc *list = calloc(n + 1, sizeof(*list));
	size_t at = 0;

	for (uint32_t id = 1; list && id < btf_image_end(img); id++) {
		const struct btf_type *t;

		if (!(tags[id] & TAG_KFUNC))
			continue;
		t = btf_image_type(img, id);
		list[at++] = (struct kfunc){ .name = btf_image_name(img, t), .id = id,
					    .proto = t->type };
	}
	if (list)
		qsort(list, n, sizeof(*list), by_name);
	return list;
}

static void put_kfunc(struct c_writer *w, uint8_t tags, const struct kfunc *k)
{
	buf_puts(&w->buf, tags & TAG_FASTCALL ? "extern __bpf_fastcall " : "extern ");
	btf_decl_put(&w->d, k->proto, k->name);
	buf_puts(&w->buf, " __weak __ksym;\n");
}

static void put_kfuncs(struct c_writer *w, const uint8_t *tags, const struct kfunc *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		c_prepare(w, list[i].proto, false);
	if (n)
		buf_puts(&w->buf, "#ifndef BPF_NO_KFUNC_PROTOTYPES\n");
	for (size_t i = 0; i < n && !w->d.err; i++)
		if (!i || !streq(list[i].name,
				 list[i - 1].name)) /* modules may have one with the same name */
			put_kfunc(w, tags[list[i].id], &list[i]);
	if (n)
		buf_puts(&w->buf, "#endif\n\n");
}

/* --- which types --- */

/* An unnamed enum that is part of another declaration is not declared separately. */
static void mark_inner(struct c_writer *w, uint32_t id)
{
	const uint32_t around = BTF_MODS | 1u << BTF_KIND_PTR | 1u << BTF_KIND_ARRAY;
	const struct btf_type *t = btf_skip(w->d.img, around, &id);

	if (t && btf_is_any_enum(t) && !*btf_image_name(w->d.img, t))
		w->state[id] |= C_FULL_DONE;
}

static int mark_ref(void *w, const uint32_t *ref)
{
	mark_inner(w, *ref);
	return 0;
}

static void mark_all_inner(struct c_writer *w, uint32_t first)
{
	for (uint32_t id = first; id < btf_image_end(w->d.img); id++) {
		const struct btf_type *t = btf_image_type(w->d.img, id);

		if (btf_is_composite(t) || btf_kind(t) == BTF_KIND_TYPEDEF)
			btf_type_refs(t, mark_ref, w);
	}
}

static int put_all(struct c_writer *w, struct out *o, const struct btf_c *c)
{
	uint32_t first = c->with_base ? 1 : c->img->first_id;
	size_t n = 0, n_kfuncs = 0;
	auto_free uint32_t *order = btf_order(c->img, first, c->unsorted, &n);
	auto_free uint8_t *tags = find_tags(c->img, first, &n_kfuncs);
	auto_free struct kfunc *kfuncs = tags ? list_kfuncs(c->img, tags, n_kfuncs) : NULL;

	if (!order || !kfuncs)
		return -ENOMEM;
	mark_all_inner(w, first);
	for (size_t i = 0; i < n_kfuncs; i++)
		c_reserve(w, kfuncs[i].name);
	for (size_t i = 0; i < n && !w->d.err && !out_failed(o); i++) {
		c_declare(w, order[i]);
		if (w->buf.len >= CHUNK)
			release(w, o);
	}
	put_kfuncs(w, tags, kfuncs, n_kfuncs);
	return 0;
}

/* The caller of a kernel function must declare the types whose address is passed. */
static void declare_params(struct c_writer *w, uint32_t proto)
{
	const struct btf_type *t = btf_image_type(w->d.img, proto);
	uint32_t n_params = t && btf_kind(t) == BTF_KIND_FUNC_PROTO ? btf_items(t) : 0;

	for (uint32_t i = 0; i < n_params; i++) {
		uint32_t id = btf_params(t)[i].type;

		if (btf_skip(w->d.img, BTF_MODS | 1u << BTF_KIND_PTR, &id))
			c_declare(w, id);
	}
}

/* A function or variable, which the kernel's BTF also contains: "extern int name;". */
static void put_extern(struct c_writer *w, const uint8_t *tags, uint32_t id,
		       const struct btf_type *t)
{
	const char *name = btf_image_name(w->d.img, t);
	const struct kfunc k = { .name = name, .id = id, .proto = t->type };

	c_prepare(w, t->type, true);
	if (tags[id] & TAG_KFUNC) {
		declare_params(w, t->type);
		put_kfunc(w, tags[id], &k);
	} else {
		buf_puts(&w->buf, "extern ");
		btf_decl_put(&w->d, t->type, name);
		buf_puts(&w->buf, ";\n");
	}
	buf_putc(&w->buf, '\n');
}

static int put_chosen(struct c_writer *w, const uint32_t *ids, size_t n)
{
	size_t n_kfuncs;
	auto_free uint8_t *tags = find_tags(w->d.img, 1, &n_kfuncs);

	if (!tags)
		return -ENOMEM;
	for (size_t i = 0; i < n && !w->d.err; i++) {
		const struct btf_type *t = btf_image_type(w->d.img, ids[i]);

		if (t && (btf_kind(t) == BTF_KIND_FUNC || btf_kind(t) == BTF_KIND_VAR))
			put_extern(w, tags, ids[i], t);
		else
			c_declare(w, ids[i]);
	}
	return 0;
}

static int fail_at(struct err *e, const struct c_writer *w)
{
	if (w->d.err == -ELOOP)
		return fail_msg(e, -ELOOP, "BTF type %u is recursive or nested too deeply for C",
				w->culprit);
	if (w->d.err == -E2BIG)
		return fail_msg(e, -E2BIG, "BTF type %u is too large for C", w->culprit);
	return fail(e, w->d.err ?: w->buf.err, "write types as C");
}

int btf_c_dump(struct err *e, struct out *o, const struct btf_c *c)
{
	struct c_writer w = {};
	int err = c_writer_open(&w, c->img);

	if (!err) {
		out_list(o, NULL, NULL);
		put_head(&w);
		err = c->ids ? put_chosen(&w, c->ids, c->n_ids) : put_all(&w, o, c);
	}
	w.d.err = w.d.err ?: err;
	if (!w.d.err) {
		put_tail(&w);
		release(&w, o);
		out_list_end(o);
	}
	err = w.d.err || w.buf.err ? fail_at(e, &w) : 0;
	c_writer_close(&w);
	return err;
}
