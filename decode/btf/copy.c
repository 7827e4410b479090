// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The image knows which words of a type are ids or offsets. */
#include "decode/btf/copy.h"

static int replace_id(void *ctx, const uint32_t *ref)
{
	const struct btf_numbers *n = ctx;

	*(uint32_t *)ref = n->id(n->ctx, *ref);
	return 0;
}

static int replace_name(void *ctx, const uint32_t *ref)
{
	const struct btf_numbers *n = ctx;

	*(uint32_t *)ref = n->name(n->ctx, *ref);
	return 0;
}

void btf_copy_replace(struct buf *b, size_t at, const struct btf_numbers *n)
{
	const struct btf_type *t = (const void *)(b->data + at);

	if (b->err)
		return;
	btf_type_names(t, replace_name, (void *)n);
	btf_type_refs(t, replace_id, (void *)n);
}

void btf_copy_type(struct buf *b, const struct btf_type *t, const struct btf_numbers *n)
{
	size_t at = b->len;

	buf_put(b, t, btf_type_len(t));
	btf_copy_replace(b, at, n);
}

void btf_copy_begin(struct buf *b)
{
	const struct btf_header h = {};

	buf_put(b, &h, sizeof(h));
}

void btf_copy_end(struct buf *b, size_t strs_len)
{
	struct btf_header h = { .magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h),
				.str_len = (uint32_t)strs_len };

	if (b->err)
		return;
	h.type_len = h.str_off = (uint32_t)(b->len - sizeof(h));
	memcpy(b->data, &h, sizeof(h));
}
