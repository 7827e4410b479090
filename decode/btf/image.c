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

/* NULL for an unknown kind: then only a layout section says where the next type starts. */
static const struct shape *shape_of(const struct btf_type *t)
{
	uint32_t kind = btf_kind(t);

	return kind < ARRAY_SIZE(shapes) && shapes[kind].flags ? &shapes[kind] : NULL;
}

bool btf_is_known(const struct btf_type *t)
{
	return shape_of(t) != NULL;
}

const struct btf_kind_len *btf_kind_len(const struct btf_image *img, uint32_t kind)
{
	while (img && kind >= img->n_layout)
		img = img->base;
	return img ? &img->layout[kind] : NULL;
}

struct btf_kind_len btf_kind_len_known(uint32_t kind)
{
	const struct shape none = {}, *s = kind < ARRAY_SIZE(shapes) ? &shapes[kind] : &none;

	return (struct btf_kind_len){ .info_size = 4 * s->n_extra, .elem_size = 4 * s->n_item };
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

/* The part of a section that the data contains, in *len bytes; NULL: none of it. */
static uint8_t *section_at(void *data, size_t data_len, uint64_t start, size_t *len)
{
	if (start >= data_len)
		return NULL;
	if (*len > data_len - start)
		*len = data_len - start;
	return (uint8_t *)data + start;
}

static bool has_layout(const struct btf_head *h, size_t len)
{
	size_t known = sizeof(*h) + sizeof(struct btf_head_layout);

	return h->hdr_len >= known && len >= known;
}

/* After the header was turned. */
static void turn_layout(void *data, size_t len, const struct btf_head *h)
{
	struct btf_head_layout l;
	uint8_t *at = (uint8_t *)data + sizeof(*h);
	size_t section;

	if (!has_layout(h, len))
		return;
	turn_words(at, sizeof(l));
	memcpy(&l, at, sizeof(l));
	section = l.len;
	at = section_at(data, len, (uint64_t)h->hdr_len + l.off, &section);
	for (size_t i = 0; at && i + sizeof(struct btf_kind_len) <= section; i += 4) {
		uint8_t low = at[i + 2];

		at[i + 2] = at[i + 3];
		at[i + 3] = low;
	}
}

void btf_image_turn(void *data, size_t len)
{
	size_t fixed = offsetof(struct btf_head, hdr_len), section;
	struct btf_head h;
	uint8_t *types;

	if (len < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	h.magic = __builtin_bswap16(h.magic);
	memcpy(data, &h, sizeof(h));
	turn_words((uint8_t *)data + fixed, sizeof(h) - fixed);
	memcpy(&h, data, sizeof(h));
	section = h.type_len;
	types = section_at(data, len, (uint64_t)h.hdr_len + h.type_off, &section);
	if (types)
		turn_words(types, section);
	turn_layout(data, len, &h);
}

bool btf_image_is_whole(const void *data, size_t len)
{
	struct btf_head h;
	uint64_t strs;

	if (len < sizeof(h))
		return false;
	memcpy(&h, data, sizeof(h));
	strs = (uint64_t)h.hdr_len + h.str_off;
	return h.magic == BTF_MAGIC && h.str_len && strs < len && !((const char *)data)[strs];
}

bool btf_image_is_split(const void *data, size_t len)
{
	struct btf_head h;

	if (len < sizeof(h))
		return false;
	memcpy(&h, data, sizeof(h));
	/* Data that was cut has no strings to look at. */
	return h.magic == BTF_MAGIC && (uint64_t)h.hdr_len + h.str_off < len &&
	       !btf_image_is_whole(data, len);
}

/* A header may be longer than ours: what we do not know must be 0, as for the kernel. */
static int check_header_rest(struct err *e, const struct btf_head *h, size_t known)
{
	const uint8_t *bytes = (const void *)h;

	for (size_t i = known; i < h->hdr_len; i++)
		if (bytes[i])
			return fail_msg(e, -EOPNOTSUPP,
					"BTF header of %u bytes has fields that are not known",
					h->hdr_len);
	return 0;
}

/* Kinds that we know have the lengths that we know, or their entry is empty. */
static int check_layout(struct err *e, const struct btf_image *img)
{
	for (uint32_t kind = 0; kind < img->n_layout && kind < ARRAY_SIZE(shapes); kind++) {
		const struct btf_kind_len *l = &img->layout[kind], own = btf_kind_len_known(kind);

		if ((l->info_size || l->elem_size) &&
		    (l->info_size != own.info_size || l->elem_size != own.elem_size))
			return fail_msg(e, -EOPNOTSUPP,
					"BTF layout of kind %u is %u+%u bytes, not the known %u+%u",
					kind, l->info_size, l->elem_size, own.info_size,
					own.elem_size);
	}
	return 0;
}

static int find_layout(struct err *e, const struct btf_head *h, size_t left,
		       struct btf_image *img)
{
	const struct btf_head_layout *l = (const void *)(h + 1);
	bool is_there = has_layout(h, h->hdr_len);
	int err = check_header_rest(e, h, sizeof(*h) + (is_there ? sizeof(*l) : 0));

	if (err || !is_there || !l->len)
		return err;
	if (l->off > left || l->len > left - l->off || (h->hdr_len + l->off) % 4 || l->len % 4)
		return fail_msg(e, -EINVAL, "BTF layout lies outside of the data");
	img->layout = (const void *)((const uint8_t *)h + h->hdr_len + l->off);
	img->n_layout = l->len / sizeof(*img->layout);
	return check_layout(e, img);
}

/* Finds the sections. */
static int check_header(struct err *e, const void *data, size_t len, struct btf_image *img)
{
	const struct btf_head *h = data;
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
	return find_layout(e, h, left, img);
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

size_t btf_type_len(const struct btf_image *img, const struct btf_type *t)
{
	const struct shape *s = shape_of(t);
	const struct btf_kind_len *l = s ? NULL : btf_kind_len(img, btf_kind(t));

	if (s)
		return sizeof(*t) + 4 * (s->n_extra + (size_t)btf_items(t) * s->n_item);
	return l ? sizeof(*t) + l->info_size + (size_t)btf_items(t) * l->elem_size : 0;
}

/* 0 if it does not fit into left, or nothing describes it. All words are aligned. */
static size_t checked_len(const struct btf_image *img, const struct btf_type *t, size_t left)
{
	size_t len = left >= sizeof(*t) && btf_kind(t) ? btf_type_len(img, t) : 0;

	return len <= left && len % 4 == 0 ? len : 0;
}

static int fail_type(struct err *e, const struct btf_image *img, size_t at)
{
	const struct btf_type *t = (const void *)(img->types + at);
	uint32_t id = img->first_id + img->n_types;

	if (img->types_len - at < sizeof(*t) || btf_is_known(t) || !btf_kind(t) ||
	    btf_kind_len(img, btf_kind(t)))
		return fail_msg(e, -EINVAL, "BTF type %u is malformed", id);
	return fail_msg(e, -EINVAL,
			"BTF type %u is of the unknown kind %u, and no layout describes it", id,
			btf_kind(t));
}

static int index_types(struct err *e, struct btf_image *img)
{
	size_t at = 0, max = img->types_len / sizeof(struct btf_type);

	img->offsets = malloc((max + 1) * sizeof(*img->offsets));
	if (!img->offsets)
		return fail(e, -ENOMEM, "read BTF");
	while (at < img->types_len) {
		size_t len = checked_len(img, (const void *)(img->types + at), img->types_len - at);

		if (!len)
			return fail_type(e, img, at);
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

const char *btf_unknown_text(const struct btf_image *img, const struct btf_type *t,
			     char buf[static BTF_UNKNOWN_MAX])
{
	const char *name = btf_image_name(img, t);
	char *at;

	snprintf(buf, BTF_UNKNOWN_MAX, "UNKNOWN '%.64s': kind %u, %zu bytes",
		 *name ? name : "(anon)", btf_kind(t), btf_type_len(img, t));
	/* Nothing that ends a comment, or a line. */
	for (at = buf; *at; at++)
		if ((unsigned char)*at < ' ' || *at == '/' || *at == '\\' || *at == 0x7f)
			*at = '_';
	return buf;
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
	int err;

	if (!s)
		return 0;
	err = s->flags & HEAD_TYPE ? fn(ctx, &t->type) : 0;
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

	return err || !s || !(s->flags & ITEM_NAME) ? err : item_refs(t, s, 0, fn, ctx);
}

const struct btf_type *btf_skip(const struct btf_image *img, uint32_t kinds, uint32_t *id)
{
	for (int i = 0; *id && i < BTF_CHAIN_MAX; i++) {
		const struct btf_type *t = btf_image_type(img, *id);

		if (!t)
			break;
		if (!btf_kind_in(t, kinds))
			return t;
		*id = btf_is_array(t) ? btf_array(t)->type : t->type;
	}
	if (*id)
		*id = BTF_NO_TYPE;
	return NULL;
}
