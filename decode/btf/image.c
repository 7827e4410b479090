// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The checked view of BTF bytes. A type is three words, then some more, then the number of items it
 * contains: all of them are 32 bits wide, and a table says which are type ids and which are string
 * offsets.
 */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/image.h"
#include "decode/btf/limits.h"

enum shape_flags {
	KNOWN = 1 << 0,
	HEAD_TYPE = 1 << 1,		/* the third word is a type id */
	EXTRA_TYPES = 1 << 2,		/* the next two words are type ids, too */
	ITEM_NAME = 1 << 3,		/* an item starts with a string offset */
	ITEM_TYPE = 1 << 4,		/* ...followed by a type id, or starts with it */
};

struct shape {
	uint8_t flags;
	uint8_t n_extra, n_item;	/* words after the type, and in each item */
};

static const struct shape shapes[] = {
	[BTF_KIND_INT] = { KNOWN, 1, 0 },
	[BTF_KIND_PTR] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_ARRAY] = { KNOWN | EXTRA_TYPES, 3, 0 },
	[BTF_KIND_STRUCT] = { KNOWN | ITEM_NAME | ITEM_TYPE, 0, 3 },
	[BTF_KIND_UNION] = { KNOWN | ITEM_NAME | ITEM_TYPE, 0, 3 },
	[BTF_KIND_ENUM] = { KNOWN | ITEM_NAME, 0, 2 },
	[BTF_KIND_FWD] = { KNOWN, 0, 0 },
	[BTF_KIND_TYPEDEF] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_VOLATILE] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_CONST] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_RESTRICT] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_FUNC] = { KNOWN | HEAD_TYPE, 0, 0 },	/* its vlen is the linkage */
	[BTF_KIND_FUNC_PROTO] = { KNOWN | HEAD_TYPE | ITEM_NAME | ITEM_TYPE, 0, 2 },
	[BTF_KIND_VAR] = { KNOWN | HEAD_TYPE, 1, 0 },
	[BTF_KIND_DATASEC] = { KNOWN | ITEM_TYPE, 0, 3 },
	[BTF_KIND_FLOAT] = { KNOWN, 0, 0 },
	[BTF_KIND_DECL_TAG] = { KNOWN | HEAD_TYPE, 1, 0 },
	[BTF_KIND_TYPE_TAG] = { KNOWN | HEAD_TYPE, 0, 0 },
	[BTF_KIND_ENUM64] = { KNOWN | ITEM_NAME, 0, 3 },
};

/* NULL for an unknown kind: then the start of the next type is not known. A kind now has 7 bits. */
static const struct shape *shape_of(const struct btf_type *t)
{
	uint32_t kind = t->info >> 24 & 0x7f;

	return kind < ARRAY_SIZE(shapes) && shapes[kind].flags ? &shapes[kind] : NULL;
}

bool btf_image_is_foreign(const void *data, size_t len)
{
	uint16_t magic;

	if (len < sizeof(magic))
		return false;
	memcpy(&magic, data, sizeof(magic));
	return magic == __builtin_bswap16(BTF_MAGIC);
}

/*
 * Words of the header from start on, then those of the types: nothing else depends on the byte
 * order.
 */
static void turn_words(uint8_t *data, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i += 4) {
		uint32_t v;

		memcpy(&v, data + i, 4);
		v = __builtin_bswap32(v);
		memcpy(data + i, &v, 4);
	}
}

void btf_image_turn(void *data, size_t len)
{
	size_t fixed = offsetof(struct btf_header, hdr_len);
	struct btf_header h;
	uint64_t start;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	h.magic = __builtin_bswap16(h.magic);
	memcpy(data, &h, sizeof(h));
	turn_words((uint8_t *)data + fixed, sizeof(h) - fixed);
	memcpy(&h, data, sizeof(h));
	start = (uint64_t)h.hdr_len + h.type_off;
	if (start < len)
		turn_words((uint8_t *)data + start,
			   h.type_len < len - start ? h.type_len : len - start);
}

bool btf_image_is_whole(const void *data, size_t len)
{
	struct btf_header h;
	uint64_t strs;

	if (len < sizeof(h))
		return false;
	memcpy(&h, data, sizeof(h));
	strs = (uint64_t)h.hdr_len + h.str_off;
	return h.magic == BTF_MAGIC && h.str_len && strs < len && !((const char *)data)[strs];
}

bool btf_image_is_split(const void *data, size_t len)
{
	struct btf_header h;

	if (len < sizeof(h))
		return false;
	memcpy(&h, data, sizeof(h));
	/* Data that was cut has no strings to look at. */
	return h.magic == BTF_MAGIC && (uint64_t)h.hdr_len + h.str_off < len &&
	       !btf_image_is_whole(data, len);
}

/* Finds both sections. A header longer than ours is valid: it has fields that we need not know. */
static int check_header(struct err *e, const void *data, size_t len, struct btf_image *img)
{
	const struct btf_header *h = data;
	size_t left;

	if (len < sizeof(*h) || h->magic != BTF_MAGIC)
		return fail_msg(e, -EINVAL, "not BTF data");
	if (h->version != 1)
		return fail_msg(e, -EINVAL, "unknown BTF version %u", h->version);
	if (h->hdr_len < sizeof(*h) || h->hdr_len > len)
		return fail_msg(e, -EINVAL, "BTF header length %u is wrong", h->hdr_len);
	left = len - h->hdr_len;
	if (h->type_off > left || h->type_len > left - h->type_off ||
	    (h->hdr_len + h->type_off) % 4)
		return fail_msg(e, -EINVAL, "BTF types lie outside of the data");
	if (h->str_off > left || h->str_len > left - h->str_off)
		return fail_msg(e, -EINVAL, "BTF strings lie outside of the data");
	img->types = (const uint8_t *)data + h->hdr_len + h->type_off;
	img->types_len = h->type_len;
	img->strs = (const char *)data + h->hdr_len + h->str_off;
	img->strs_len = h->str_len;
	if (img->strs_len ? img->strs[img->strs_len - 1] : !img->base)
		return fail_msg(e, -EINVAL, "BTF strings are not terminated");
	if (!img->base && *img->strs)
		return fail_msg(e, -EINVAL,
				"split BTF without a base; use -B FILE");
	return 0;
}

static uint8_t needs_escape(uint8_t c)
{
	return ((uint8_t)(c - 1) < 0x1f) | (c >= 0x7f) | (c == '"') | (c == '\\');
}

/* Blocks of a fixed size become vector code. */
static bool all_plain(const char *s, size_t len)
{
	uint8_t bad = 0;

	for (; len >= 64 && !bad; s += 64, len -= 64)
		for (size_t i = 0; i < 64; i++)
			bad |= needs_escape((uint8_t)s[i]);
	for (size_t i = 0; i < len; i++)
		bad |= needs_escape((uint8_t)s[i]);
	return !bad;
}

size_t btf_type_len(const struct btf_type *t)
{
	const struct shape *s = shape_of(t);
	size_t n_items = s->n_item ? btf_items(t) : 0;

	return sizeof(*t) + 4 * (s->n_extra + n_items * s->n_item);
}

/* 0 if it does not fit into left, or is unknown. */
static size_t checked_len(const struct btf_type *t, size_t left)
{
	size_t len = left >= sizeof(*t) && shape_of(t) ? btf_type_len(t) : 0;

	return len <= left ? len : 0;
}

static int index_types(struct err *e, struct btf_image *img)
{
	size_t at = 0, max = img->types_len / sizeof(struct btf_type);

	img->offsets = malloc((max + 1) * sizeof(*img->offsets));
	if (!img->offsets)
		return fail(e, -ENOMEM, "read BTF");
	while (at < img->types_len) {
		size_t len = checked_len((const void *)(img->types + at), img->types_len - at);

		if (!len)
			return fail_msg(e, -EINVAL,
					"BTF type %u is malformed or of an unknown kind",
					img->first_id + img->n_types);
		img->offsets[img->n_types++] = (uint32_t)at;
		at += len;
	}
	return 0;
}

int btf_image_open_split(struct err *e, const void *data, size_t len, const struct btf_image *base,
			 struct btf_image *ret)
{
	struct btf_image img = { .base = base, .first_id = 1 };
	int err;

	if (base) {
		img.first_id = base->first_id + base->n_types;
		img.first_str = base->first_str + base->strs_len;
	}
	err = check_header(e, data, len, &img);
	if (!err)
		err = index_types(e, &img);
	if (err) {
		free(img.offsets);
		return err;
	}
	img.plain = all_plain(img.strs, img.strs_len) && (!base || base->plain);
	*ret = img;
	return 0;
}

int btf_image_open(struct err *e, const void *data, size_t len, struct btf_image *ret)
{
	return btf_image_open_split(e, data, len, NULL, ret);
}

int btf_image_copy(struct err *e, const void *data, size_t len, void **ret_copy,
		   struct btf_image *ret)
{
	auto_free void *copy = len > UINT32_MAX ? NULL : malloc(len + !len);
	int err;

	if (!copy)
		return fail(e, len > UINT32_MAX ? -EFBIG : -ENOMEM, "copy BTF");
	memcpy(copy, data, len);
	err = btf_image_open(e, copy, len, ret);
	if (!err)
		*ret_copy = take_ptr(copy);
	return err;
}

void btf_image_close(struct btf_image *img)
{
	free(img->offsets);
	*img = (struct btf_image){};
}

const struct btf_type *btf_image_type(const struct btf_image *img, uint32_t id)
{
	while (img && id < img->first_id)
		img = img->base;
	if (!img || id - img->first_id >= img->n_types)
		return NULL;
	return (const void *)(img->types + img->offsets[id - img->first_id]);
}

const char *btf_image_str(const struct btf_image *img, uint32_t off)
{
	while (img->base && off < img->first_str)
		img = img->base;
	off -= img->first_str;
	return off < img->strs_len ? img->strs + off : NULL;
}

const char *btf_image_name(const struct btf_image *img, const struct btf_type *t)
{
	return btf_image_str(img, t->name_off) ?: "";
}

int64_t btf_image_value(const struct btf_image *img, const struct btf_type *t, uint32_t i,
			const char **ret_name)
{
	const struct btf_enum *e = (const struct btf_enum *)(t + 1) + i;
	const struct btf_enum64 *e64 = (const struct btf_enum64 *)(t + 1) + i;
	bool is_wide = btf_kind(t) == BTF_KIND_ENUM64;

	*ret_name = btf_image_str(img, is_wide ? e64->name_off : e->name_off) ?: "";
	if (is_wide)
		return (int64_t)((uint64_t)e64->val_hi32 << 32 | e64->val_lo32);
	return btf_kflag(t) ? e->val : (int64_t)(uint32_t)e->val;
}

static int item_refs(const struct btf_type *t, const struct shape *s, size_t at, btf_ref_fn *fn,
		     void *ctx)
{
	const uint32_t *item = (const uint32_t *)(t + 1) + s->n_extra + at;
	int err = 0;

	for (uint32_t n = btf_items(t); n && !err; n--, item += s->n_item)
		err = fn(ctx, item);
	return err;
}

int btf_type_refs(const struct btf_type *t, btf_ref_fn *fn, void *ctx)
{
	const struct shape *s = shape_of(t);
	const uint32_t *extra = (const uint32_t *)(t + 1);
	int err = s->flags & HEAD_TYPE ? fn(ctx, &t->type) : 0;

	if (!err && (s->flags & EXTRA_TYPES))
		err = fn(ctx, extra) ?: fn(ctx, extra + 1);
	if (!err && (s->flags & ITEM_TYPE))
		err = item_refs(t, s, s->flags & ITEM_NAME ? 1 : 0, fn, ctx);
	return err;
}

int btf_type_names(const struct btf_type *t, btf_ref_fn *fn, void *ctx)
{
	const struct shape *s = shape_of(t);
	int err = fn(ctx, &t->name_off);

	return err || !(s->flags & ITEM_NAME) ? err : item_refs(t, s, 0, fn, ctx);
}

const struct btf_type *btf_skip(const struct btf_image *img, uint32_t kinds, uint32_t *id)
{
	for (int i = 0; *id && i < BTF_CHAIN_MAX; i++) {
		const struct btf_type *t = btf_image_type(img, *id);

		if (!t)
			break;
		if (!(kinds >> btf_kind(t) & 1))
			return t;
		*id = btf_is_array(t) ? btf_array(t)->type : t->type;
	}
	if (*id)
		*id = BTF_NO_TYPE;
	return NULL;
}
