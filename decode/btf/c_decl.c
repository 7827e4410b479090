// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The C writer for generated headers: single declarations, of types that the including file knows
 * by name.
 */
#include <errno.h>

#include "decode/btf/c.h"
#include "decode/btf/c_int.h"

#define ONE_MAX (1 << 20)	/* bytes, and types, of one declaration */
#define ALL_MAX (16 << 20)

struct btf_c_decls {
	struct c_writer w;
	int64_t left;
};

int btf_c_decls_new(const struct btf_image *img, struct btf_c_decls **ret)
{
	struct btf_c_decls *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	if (c_writer_open(&c->w, img)) {
		btf_c_decls_free(c);
		return -ENOMEM;
	}
	c->w.sizes.pointer = BTF_BPF_POINTER;
	c->w.d.mend = false;
	c->w.d.is_strict = true;
	c->left = ALL_MAX;
	*ret = c;
	return 0;
}

void btf_c_decls_free(struct btf_c_decls *c)
{
	if (!c)
		return;
	c_writer_close(&c->w);
	free(c);
}

int btf_c_decl(struct btf_c_decls *c, struct buf *b, uint32_t id, const char *text,
	       unsigned int level, int flags)
{
	int64_t given = c->left < ONE_MAX ? c->left : ONE_MAX;
	struct c_writer *w = &c->w;
	int err;

	w->buf.len = 0;
	w->level = level;
	w->d.depth = 0;
	w->d.left = given;
	w->d.err = id ? 0 : -EINVAL;
	w->d.no_mods = flags & BTF_C_NO_MODS;
	btf_decl_put_around(&w->d, id, text);
	c->left -= given - w->d.left;
	err = w->d.err ?: w->buf.err;
	if (!err)
		buf_put(b, w->buf.data, w->buf.len);
	return err;
}
