// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Sizes, alignment, packed structs. Invalid data may contain cycles and unlimited nesting: chains
 * are followed up to a limit, and a struct that contains itself has the alignment of a byte.
 */
#include <errno.h>

#include "decode/btf/limits.h"
#include "decode/btf/size.h"

#define BUSY 0xff

static bool has_size(const struct btf_type *t)
{
	return btf_is_int(t) || btf_is_float(t) || btf_is_any_enum(t) || btf_is_composite(t) ||
	       btf_is_datasec(t);
}

/* The size of a type named long; 0: there is none. */
static uint32_t long_size(const struct btf_image *img)
{
	for (uint32_t id = 1; id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);
		const char *name = btf_kind(t) == BTF_KIND_INT ? btf_image_name(img, t) : "";

		if (streq(name, "long") || streq(name, "long int") ||
		    streq(name, "long unsigned int") ||
		    streq(name, "unsigned long"))
			return t->size;
	}
	return 0;
}

/* Skips qualifiers and typedefs: the id of another type, or 0. */
static uint32_t bare_type(const struct btf_image *img, uint32_t id)
{
	return btf_skip(img, BTF_NAMES, &id) ? id : 0;
}

static bool is_pointer(const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = btf_image_type(img, bare_type(img, id));

	return t && btf_kind(t) == BTF_KIND_PTR;
}

/* Does the struct have a pointer that ends at most 32 bits after its start? */
static bool has_short_pointer(const struct btf_image *img, const struct btf_type *t)
{
	const struct btf_member *m = btf_members(t);
	uint32_t n = btf_items(t);
	bool is_union = btf_kind(t) == BTF_KIND_UNION, kflag = btf_kflag(t);

	for (uint32_t i = 0; i < n; i++) {
		uint64_t off = kflag ? BTF_MEMBER_BIT_OFFSET(m[i].offset) : m[i].offset;
		uint64_t end = 8 * (uint64_t)t->size;

		if (!is_union && i + 1 < n)
			end = kflag ? BTF_MEMBER_BIT_OFFSET(m[i + 1].offset) : m[i + 1].offset;
		if (is_pointer(img, m[i].type) && end == off + 32)
			return true;
	}
	return false;
}

uint32_t btf_pointer_size(const struct btf_image *img)
{
	uint32_t size = long_size(img);

	for (uint32_t id = 1; !size && id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);

		if (btf_is_composite(t) && has_short_pointer(img, t))
			size = 4;
	}
	return size == 4 ? 4 : 8;
}

int btf_sizes_open(const struct btf_image *img, struct btf_sizes *s)
{
	size_t n = btf_image_end(img);

	*s = (struct btf_sizes){ .img = img,
				 .pointer = btf_pointer_size(img),
				 .align = calloc(n, 1),
				 .packed = calloc(n, 1) };
	if (s->align && s->packed)
		return 0;
	btf_sizes_close(s);
	return -ENOMEM;
}

void btf_sizes_close(struct btf_sizes *s)
{
	free(s->align);
	free(s->packed);
	*s = (struct btf_sizes){};
}

int64_t btf_type_size(const struct btf_image *img, uint32_t pointer, uint32_t id)
{
	uint64_t n = 1;

	for (int i = 0; i < BTF_CHAIN_MAX; i++) {
		const struct btf_type *t = btf_skip(img, BTF_NAMES | 1u << BTF_KIND_VAR, &id);
		uint64_t size;

		if (!t)
			return -EINVAL;
		if (btf_is_array(t)) {
			if (__builtin_mul_overflow(n, btf_array(t)->nelems, &n))
				return -E2BIG;
			id = btf_array(t)->type;
			continue;
		}
		if (!btf_is_ptr(t) && !has_size(t))
			return -EINVAL;
		size = btf_is_ptr(t) ? pointer : t->size;
		return __builtin_mul_overflow(n, size, &n) || n > INT64_MAX ? -E2BIG : (int64_t)n;
	}
	return -EINVAL;
}

uint64_t btf_size_of(const struct btf_sizes *s, uint32_t id)
{
	int64_t size = btf_type_size(s->img, s->pointer, id);

	return size == -E2BIG ? UINT64_MAX : size < 0 ? 0 : (uint64_t)size;
}

static uint32_t number_align(uint32_t size)
{
	return size && size <= 16 && !(size & (size - 1)) ? size : 1;
}

/* Members that would be misplaced if the struct were not packed. */
static bool is_misplaced(const struct btf_member_pos *p)
{
	if (p->unit)
		return p->size && p->off / p->unit != (p->off + p->size - 1) / p->unit;
	return p->off % p->align;
}

static uint32_t record_align(struct btf_sizes *s, uint32_t id, const struct btf_type *t)
{
	uint32_t n = btf_items(t), align = 1;
	struct btf_member_pos p;

	if (s->align[id])
		return s->align[id] == BUSY ? 1 : s->align[id];
	if (s->depth == BTF_SIZE_DEPTH_MAX)
		return 1;
	s->depth++;
	s->align[id] = BUSY;
	for (uint32_t i = 0; i < n; i++) {
		btf_member_pos_of(s, id, i, &p);
		s->packed[id] |= is_misplaced(&p);
		align = p.align / 8 > align ? p.align / 8 : align;
	}
	s->packed[id] |= t->size % align != 0;
	s->align[id] = s->packed[id] ? 1 : align;
	s->depth--;
	return s->align[id];
}

uint32_t btf_align_of(struct btf_sizes *s, uint32_t id)
{
	for (int i = 0; i < BTF_CHAIN_MAX; i++) {
		uint32_t bare = bare_type(s->img, id);
		const struct btf_type *t = btf_image_type(s->img, bare);

		switch (t ? btf_kind(t) : BTF_KIND_UNKN) {
		case BTF_KIND_ARRAY:
			id = btf_array(t)->type;
			continue;
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			return number_align(t->size);
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			return record_align(s, bare, t);
		case BTF_KIND_PTR:
			return s->pointer;
		case BTF_KIND_VAR:
			id = t->type;
			continue;
		}
		return 1;
	}
	return 1;
}

bool btf_is_packed(struct btf_sizes *s, uint32_t id)
{
	const struct btf_type *t = btf_image_type(s->img, id);

	if (!t || !btf_is_composite(t))
		return false;
	record_align(s, id, t);
	return s->packed[id];
}

/* Before there was a flag for it, a bit-field's width was that of a separate integer type. */
static void old_bitfield(const struct btf_image *img, struct btf_member_pos *p)
{
	const struct btf_type *t = btf_image_type(img, bare_type(img, p->type));
	uint32_t data;

	if (!t || btf_kind(t) != BTF_KIND_INT)
		return;
	data = *(const uint32_t *)(t + 1);
	if (BTF_INT_BITS(data) == p->size && !BTF_INT_OFFSET(data))
		return;
	p->unit = p->size;
	p->size = BTF_INT_BITS(data);
	p->off += BTF_INT_OFFSET(data);
}

void btf_member_pos_of(struct btf_sizes *s, uint32_t id, uint32_t i, struct btf_member_pos *ret)
{
	const struct btf_type *t = btf_image_type(s->img, id);
	const struct btf_member *m = (const struct btf_member *)(t + 1) + i;
	bool kflag = btf_kflag(t);
	uint64_t size = btf_size_of(s, m->type);

	*ret = (struct btf_member_pos){ .type = m->type,
				  .off = kflag ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset,
				   .size = size > UINT64_MAX / 8 ? UINT64_MAX / 8 : size * 8 };
	ret->align = 8 * btf_align_of(s, m->type);
	if (kflag && BTF_MEMBER_BITFIELD_SIZE(m->offset)) {
		ret->unit = ret->size < UINT32_MAX && ret->size ? ret->size : 8;
		ret->size = BTF_MEMBER_BITFIELD_SIZE(m->offset);
	} else if (!kflag) {
		old_bitfield(s->img, ret);
	}
	ret->is_packed = s->align[id] != BUSY && s->packed[id];
	if (ret->is_packed)
		ret->align = 8;
}

static uint64_t round_up(uint64_t v, uint64_t to)
{
	return (v + to - 1) / to * to;
}

uint64_t btf_member_pos_next(const struct btf_member_pos *p, uint64_t pos)
{
	if (!p->unit)
		return round_up(pos, p->align);
	if (p->is_packed)
		return pos;
	return pos / p->unit == (pos + p->size - 1) / p->unit ? pos : round_up(pos, p->unit);
}
