// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Type by type: each keeps its id, as all that refers to it stays as it is. */
#include "decode/btf/plain.h"

#include <errno.h>

#include "cli/buf.h"
#include "cli/err.h"

static bool is_wide(const struct btf_type *t)
{
	return btf_items(t) > BTF_PLAIN_ITEMS;
}

static uint32_t count_others(const struct btf_image *img)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < img->n_types; i++) {
		const struct btf_type *t = btf_image_type(img, img->first_id + i);

		n += !btf_is_known(t) || is_wide(t);
	}
	return n;
}

bool btf_is_plain(const struct btf_image *img)
{
	return !img->n_layout && !count_others(img);
}

static void put_forward(struct buf *b, const struct btf_type *t)
{
	const struct btf_type fwd = { .name_off = t->name_off, .info = BTF_KIND_FWD << 24 };

	buf_put(b, &fwd, sizeof(fwd));
}

static void put_narrow_enum(struct buf *b, const struct btf_type *t)
{
	size_t value = btf_is_enum(t) ? sizeof(struct btf_enum) : sizeof(struct btf_enum64);
	struct btf_type narrow = *t;

	narrow.info = (t->info & ~0xffffffu) | BTF_PLAIN_ITEMS;
	buf_put(b, &narrow, sizeof(narrow));
	buf_put(b, t + 1, BTF_PLAIN_ITEMS * value);
}

static int put_type(struct err *e, const struct btf_image *img, uint32_t id, struct buf *b)
{
	const struct btf_type *t = btf_image_type(img, id);

	if (!btf_is_known(t))
		put_forward(b, t);
	else if (!is_wide(t))
		buf_put(b, t, btf_type_len(img, t));
	else if (btf_is_any_enum(t))
		put_narrow_enum(b, t);
	else
		return fail_msg(e, -EOPNOTSUPP,
				"BTF type %u has %u items, more than this libbpf reads", id,
				btf_items(t));
	return 0;
}

int btf_put_plain(struct err *e, const struct btf_image *img, struct buf *b, uint32_t *ret_simpler)
{
	struct btf_head h = { .magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(h),
			      .str_len = img->strs_len };
	size_t at = b->len;
	int err = 0;

	buf_put(b, &h, sizeof(h));
	for (uint32_t i = 0; !err && i < img->n_types; i++)
		err = put_type(e, img, img->first_id + i, b);
	h.type_len = h.str_off = (uint32_t)(b->len - at - sizeof(h));
	buf_put(b, img->strs, img->strs_len);
	if (!b->err && !err)
		memcpy(b->data + at, &h, sizeof(h));
	*ret_simpler = count_others(img);
	return err;
}
