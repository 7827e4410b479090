// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types of an object compared with types of a kernel. Where documentation of the relations is
 * missing, their behavior was determined with a loader: tests/live/min_core.t verifies it.
 */
#include "decode/core/types.h"

#include "decode/btf/limits.h"
#include "decode/btf/size.h"

const struct btf_type *core_bare(const struct btf_image *img, uint32_t *id)
{
	return btf_skip(img, BTF_NAMES, id);
}

bool core_size(const struct btf_image *img, uint32_t id, uint32_t *ret)
{
	int64_t size = btf_type_size(img, BTF_BPF_POINTER, id);

	if (size < 0 || size > UINT32_MAX)
		return false;
	*ret = (uint32_t)size;
	return true;
}

/* "___" with another character on either side; the last one counts. */
static bool is_flavour(const char *s)
{
	return s[0] != '_' && s[1] == '_' && s[2] == '_' && s[3] == '_' && s[4] != '_';
}

size_t core_essence_len(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = len < 5 ? 0 : len - 4; i > 0; i--)
		if (is_flavour(name + i - 1))
			return i;
	return len;
}

bool core_names_fit(const struct core_types *c, const char *a, const char *b)
{
	size_t len = core_essence_len(a), other_len = core_essence_len(b);

	return core_step(c->steps_left, len + other_len) && len == other_len && !memcmp(a, b, len);
}

static bool type_names_fit(const struct core_types *c, const struct btf_type *l,
			   const struct btf_type *t)
{
	return core_names_fit(c, btf_image_name(c->local, l), btf_image_name(c->target, t));
}

/* void counts as a kind. Enums are one kind, whatever their size. */
static bool kinds_fit(const struct btf_type *l, const struct btf_type *t)
{
	if (!l || !t)
		return l == t;
	return btf_kind(l) == btf_kind(t) || (btf_is_any_enum(l) && btf_is_any_enum(t));
}

/* Before bit-fields were marked in struct members they were separate integer types. */
static bool is_whole_int(const struct btf_type *t)
{
	return !btf_int_offset(t);
}

bool core_fields_fit(const struct core_types *c, uint32_t local, uint32_t target)
{
	for (int depth = 0; depth < BTF_CHAIN_STRICT; depth++) {
		const struct btf_type *l = core_bare(c->local, &local),
				      *t = core_bare(c->target, &target);

		if (!l || !t)
			return false;
		if (btf_is_composite(l) && btf_is_composite(t))
			return true;
		if (!kinds_fit(l, t))
			return false;
		if (btf_is_ptr(l) || btf_is_float(l))
			return true;
		if (btf_is_int(l))
			return is_whole_int(l) && is_whole_int(t);
		if (btf_is_any_enum(l) || btf_is_fwd(l))
			return !l->name_off || !t->name_off || type_names_fit(c, l, t);
		if (!btf_is_array(l))
			return false;
		local = btf_array(l)->type;
		target = btf_array(t)->type;
	}
	return false;
}

typedef bool (*relation)(const struct core_types *c, uint32_t local, uint32_t target,
			 bool is_pointed_to, int depth);

/* Do two functions have the same parameters and result? */
static bool protos_hold(const struct core_types *c, const struct btf_type *l,
			const struct btf_type *t, relation holds, bool is_pointed_to, int depth)
{
	const struct btf_param *a = btf_params(l), *b = btf_params(t);

	if (btf_items(l) != btf_items(t))
		return false;
	for (uint32_t i = 0; i < btf_items(l); i++)
		if (!holds(c, a[i].type, b[i].type, is_pointed_to, depth + 1))
			return false;
	return holds(c, l->type, t->type, is_pointed_to, depth + 1);
}

static bool fit(const struct core_types *c, uint32_t local, uint32_t target, bool is_pointed_to,
		int depth)
{
	const struct btf_type *l = core_bare(c->local, &local), *t = core_bare(c->target, &target);

	if (!core_step(c->steps_left, 0) || depth > BTF_CHAIN_STRICT || !kinds_fit(l, t))
		return false;
	if (!l || btf_is_composite(l) || btf_is_any_enum(l) || btf_is_fwd(l) || btf_is_float(l))
		return true;
	if (btf_is_int(l))
		return is_whole_int(l) && is_whole_int(t);
	if (btf_is_ptr(l))
		return fit(c, l->type, t->type, is_pointed_to, depth + 1);
	if (btf_is_array(l))
		return fit(c, btf_array(l)->type, btf_array(t)->type, is_pointed_to, depth + 1);
	return btf_is_func_proto(l) && protos_hold(c, l, t, fit, is_pointed_to, depth);
}

bool core_types_fit(const struct core_types *c, uint32_t local, uint32_t target)
{
	return fit(c, local, target, false, 0);
}

const char *core_enumerator_name(const struct btf_image *img, const struct btf_type *t, uint32_t i)
{
	return btf_image_str(img, btf_is_enum64(t) ? btf_enum64(t)[i].name_off
						   : btf_enum(t)[i].name_off);
}

static bool has_enumerator(const struct core_types *c, const struct btf_type *t, const char *name)
{
	for (uint32_t i = 0; i < btf_items(t); i++)
		if (core_names_fit(c, name, core_enumerator_name(c->target, t, i)))
			return true;
	return false;
}

/* All enumerators of the object, regardless of their values. */
static bool enums_match(const struct core_types *c, const struct btf_type *l,
			const struct btf_type *t)
{
	if (l->size != t->size)
		return false;
	for (uint32_t i = 0; i < btf_items(l); i++)
		if (!has_enumerator(c, t, core_enumerator_name(c->local, l, i)))
			return false;
	return true;
}

static bool match(const struct core_types *c, uint32_t local, uint32_t target, bool is_pointed_to,
		  int depth);

static bool member_matches(const struct core_types *c, const struct btf_member *m,
			   const struct btf_type *t, int depth)
{
	const struct btf_member *other = btf_members(t);
	const char *name = btf_image_str(c->local, m->name_off);

	size_t len = strlen(name);

	for (uint32_t i = 0; i < btf_items(t) && core_step(c->steps_left, len); i++)
		if (streq(name, btf_image_str(c->target, other[i].name_off)) &&
		    match(c, m->type, other[i].type, false, depth + 1))
			return true;
	return false;
}

static bool members_match(const struct core_types *c, const struct btf_type *l,
			  const struct btf_type *t, int depth)
{
	if (btf_items(l) > btf_items(t))
		return false;
	for (uint32_t i = 0; i < btf_items(l); i++)
		if (!member_matches(c, &btf_members(l)[i], t, depth))
			return false;
	return true;
}

/*
 * For the target of a pointer, name and kind count, and a declaration is as good as the definition.
 */
static bool is_same_declared(const struct btf_type *l, const struct btf_type *t)
{
	bool is_union = btf_is_fwd(l) ? btf_kflag(l) : btf_is_union(l);

	return btf_is_fwd(t) ? btf_kflag(t) == is_union :
			       btf_is_composite(t) && btf_is_union(t) == is_union;
}

static bool match_composite(const struct core_types *c, const struct btf_type *l,
			    const struct btf_type *t, bool is_pointed_to, int depth)
{
	if (is_pointed_to || btf_is_fwd(l))
		return is_same_declared(l, t) && (is_pointed_to || btf_is_fwd(t));
	return kinds_fit(l, t) && members_match(c, l, t, depth);
}

static bool match(const struct core_types *c, uint32_t local, uint32_t target, bool is_pointed_to,
		  int depth)
{
	const struct btf_type *l = core_bare(c->local, &local), *t = core_bare(c->target, &target);

	if (!core_step(c->steps_left, 0) || depth > BTF_CHAIN_STRICT)
		return false;
	if (!l || !t)
		return l == t;
	if (!type_names_fit(c, l, t))
		return false;
	if (btf_is_composite(l) || btf_is_fwd(l))
		return match_composite(c, l, t, is_pointed_to, depth);
	if (!kinds_fit(l, t))
		return false;
	if (btf_is_int(l))
		return l->size == t->size && (btf_int_encoding(l) & BTF_INT_SIGNED) ==
						     (btf_int_encoding(t) & BTF_INT_SIGNED);
	if (btf_is_any_enum(l))
		return enums_match(c, l, t);
	if (btf_is_ptr(l))
		return match(c, l->type, t->type, true, depth + 1);
	if (btf_is_array(l))
		return btf_array(l)->nelems == btf_array(t)->nelems &&
		       match(c, btf_array(l)->type, btf_array(t)->type, is_pointed_to, depth + 1);
	if (btf_is_func_proto(l))
		return protos_hold(c, l, t, match, is_pointed_to, depth);
	return btf_is_float(l) && l->size == t->size;
}

bool core_types_match(const struct core_types *c, uint32_t local, uint32_t target)
{
	return match(c, local, target, false, 0);
}
