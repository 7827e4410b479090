// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The order of types in a header. */
#include "decode/btf/order.h"

#include "decode/btf/limits.h"

#define COMPARE_MAX 512 /* bytes of a name: bad data may have longer ones, and many of them */
#define HASH_MAX 64

enum rank {
	RANK_ANON_ENUM,
	RANK_ENUM,
	RANK_NUMBER,
	RANK_RECORD,
	RANK_PROTO,
	RANK_OTHER = 10,
};

struct entry {
	uint64_t begin; /* rank, then the first bytes of sort_name: decides most cases */
	const char *sort_name, *name;
	uint32_t id;
};

static bool stands_alone(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_FWD:
		return true;
	}
	return !btf_is_known(t);	/* a comment */
}

/* The target of a reference; NULL for other types, and for void. */
static const struct btf_type *target_of(const struct btf_image *img, const struct btf_type *t)
{
	uint32_t kind = btf_kind(t);

	if (btf_is_mod(t) || kind == BTF_KIND_PTR || kind == BTF_KIND_TYPEDEF ||
	    kind == BTF_KIND_DECL_TAG)
		return btf_image_type(img, t->type);
	return NULL;
}

/* A typedef is sorted as what it names, if anything on the way to it has a name. */
static enum rank rank_of(const struct btf_image *img, const struct btf_type *t)
{
	bool named = false;

	for (int depth = 0; t && depth < BTF_CHAIN_STRICT; depth++) {
		uint32_t kind = btf_kind(t);

		named |= t->name_off != 0;
		if (btf_is_any_enum(t))
			return named ? RANK_ENUM : RANK_ANON_ENUM;
		if (kind == BTF_KIND_INT || kind == BTF_KIND_FLOAT)
			return RANK_NUMBER;
		if (!named)
			break;
		if (btf_is_composite(t))
			return RANK_RECORD;
		if (kind == BTF_KIND_FUNC_PROTO)
			return RANK_PROTO;
		if (kind == BTF_KIND_ARRAY)
			t = btf_image_type(img, btf_array(t)->type);
		else
			t = target_of(img, t);
	}
	return RANK_OTHER;
}

static const char *sort_name_of(const struct btf_image *img, const struct btf_type *t)
{
	const struct btf_type *next;

	for (int depth = 0; depth < BTF_CHAIN_STRICT && (next = target_of(img, t)); depth++)
		t = next;
	if (btf_is_any_enum(t) && !t->name_off && btf_items(t))	/* both kinds start with the name */
		return btf_image_str(img, *(const uint32_t *)(t + 1)) ?: "";
	return btf_image_name(img, t);
}

static uint64_t begin_of(enum rank rank, const char *name)
{
	uint64_t v = rank;

	for (int i = 0; i < 7; i++) {
		v = v << 8 | (unsigned char)*name;
		name += *name != '\0';
	}
	return v;
}

struct hash {
	const struct btf_image *img;
	uint64_t sum;
};

static int hash_name(void *ctx, const uint32_t *off)
{
	struct hash *h = ctx;

	const char *s = btf_image_str(h->img, *off) ?: "";

	for (int i = 0; i < HASH_MAX && s[i]; i++)
		h->sum = (h->sum ^ (unsigned char)s[i]) * 0x100000001b3;
	h->sum *= 31;
	return 0;
}

/* Of the names of members: distinguishes types without a name, or with the same one. */
static uint64_t hash_of(const struct btf_image *img, uint32_t id)
{
	struct hash h = { img, 0xcbf29ce484222325 };

	btf_type_names(btf_image_type(img, id), hash_name, &h);
	return h.sum;
}

static int by_order(const void *a, const void *b, void *img)
{
	const struct entry *x = a, *y = b;
	uint64_t hx, hy;
	int diff;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	diff = strncmp(x->sort_name, y->sort_name, COMPARE_MAX);
	if (!diff)
		diff = strncmp(x->name, y->name, COMPARE_MAX);
	if (diff)
		return diff;
	hx = hash_of(img, x->id);
	hy = hash_of(img, y->id);
	if (hx != hy)
		return hx < hy ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static struct entry *entries(const struct btf_image *img, uint32_t first, bool unsorted,
			     size_t *ret_n)
{
	struct entry *list = malloc((btf_image_end(img) - first + 1) * sizeof(*list));
	size_t n = 0;

	for (uint32_t id = first; list && id < btf_image_end(img); id++) {
		const struct btf_type *t = btf_image_type(img, id);

		if (!stands_alone(t))
			continue;
		list[n].id = id;
		if (!unsorted) {
			list[n].sort_name = sort_name_of(img, t);
			list[n].name = btf_image_name(img, t);
			list[n].begin = begin_of(rank_of(img, t), list[n].sort_name);
		}
		n++;
	}
	*ret_n = n;
	return list;
}

uint32_t *btf_order(const struct btf_image *img, uint32_t first, bool unsorted, size_t *ret_n)
{
	size_t n = 0;
	auto_free struct entry *list = entries(img, first, unsorted, &n);
	uint32_t *ids = list ? malloc((n + 1) * sizeof(*ids)) : NULL;

	if (ids && !unsorted)
		qsort_r(list, n, sizeof(*list), by_order, (void *)img);
	for (size_t i = 0; ids && i < n; i++)
		ids[i] = list[i].id;
	*ret_n = n;
	return ids;
}
