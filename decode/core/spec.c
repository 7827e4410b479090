// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* "0:1:2" to names. The string and the types come from a file: every step is checked. */
#include "decode/core/spec.h"

#include <errno.h>

#include <linux/bpf.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/raw.h"
#include "decode/core/types.h"

bool core_kind_is_field(uint32_t kind)
{
	return kind <= BPF_CORE_FIELD_RSHIFT_U64;
}

bool core_kind_is_enumerator(uint32_t kind)
{
	return kind == BPF_CORE_ENUMVAL_EXISTS || kind == BPF_CORE_ENUMVAL_VALUE;
}

bool core_is_open_array(uint32_t n_elems, const struct btf_type *container, uint32_t index)
{
	return !n_elems && container && index + 1 == btf_items(container);
}

/* Numbers with ":" between them. */
struct numbers {
	uint32_t n;
	uint32_t all[CORE_PATH_MAX];
};

static bool read_number(const char **at, uint32_t *ret)
{
	const char *s = *at;
	uint64_t v = 0;

	for (; *s >= '0' && *s <= '9' && v <= UINT32_MAX; s++)
		v = 10 * v + (*s - '0');
	if (s == *at || v > INT32_MAX)
		return false;
	*at = s;
	*ret = (uint32_t)v;
	return true;
}

static int read_numbers(struct err *e, const char *text, struct numbers *ret)
{
	const char *at = text;

	while (ret->n < CORE_PATH_MAX) {
		if (!read_number(&at, &ret->all[ret->n++]))
			break;
		if (!*at)
			return 0;
		if (*at++ != ':')
			break;
	}
	if (ret->n == CORE_PATH_MAX)
		return fail_msg(e, -E2BIG, "more than %d steps", CORE_PATH_MAX);
	return fail_msg(e, -EINVAL, "'%.64s' is not an access string", text);
}

/* The position while parsing a path. */
struct spec_walk {
	uint32_t type;
	const struct btf_type *container;	/* the last step was to a member of this; or NULL */
	uint32_t index;
};

static int read_member(struct err *e, const struct btf_image *img, const struct btf_type *t,
		       uint32_t index, struct core_spec *s, struct spec_walk *p)
{
	const struct btf_member *m = btf_members(t) + index;
	const char *name;

	if (index >= btf_items(t))
		return fail_msg(e, -EINVAL, "member %u of '%s', which has %u", index,
				btf_image_str(img, t->name_off), btf_items(t));
	name = btf_image_str(img, m->name_off);
	if (*name)
		s->path[s->n++] = (struct core_access){ .name = name, .type = m->type };
	*p = (struct spec_walk){ .type = m->type, .container = t, .index = index };
	return 0;
}

static int read_step(struct err *e, const struct btf_image *img, uint32_t index,
		     struct core_spec *s, struct spec_walk *p)
{
	const struct btf_type *t = core_bare(img, &p->type);

	if (t && btf_is_composite(t))
		return read_member(e, img, t, index, s, p);
	if (!t || !btf_is_array(t))
		return fail_msg(e, -EINVAL, "type %u is neither a struct, a union nor an array",
				p->type);
	if (index >= btf_array(t)->nelems &&
	    !core_is_open_array(btf_array(t)->nelems, p->container, p->index))
		return fail_msg(e, -EINVAL, "element %u of an array of %u", index,
				btf_array(t)->nelems);
	s->path[s->n++] = (struct core_access){ .index = index, .type = btf_array(t)->type };
	*p = (struct spec_walk){ .type = btf_array(t)->type };
	return 0;
}

static int read_field(struct err *e, const struct btf_image *img, const struct numbers *numbers,
		      struct core_spec *s)
{
	struct spec_walk p = { .type = s->type };
	int err = 0;

	s->first = numbers->all[0];
	for (uint32_t i = 1; !err && i < numbers->n; i++)
		err = read_step(e, img, numbers->all[i], s, &p);
	return err;
}

static int read_enumerator(struct err *e, const struct btf_image *img,
			   const struct numbers *numbers, struct core_spec *s)
{
	uint32_t id = s->type, i = numbers->all[0];
	const struct btf_type *t = core_bare(img, &id);

	if (!t || !btf_is_any_enum(t))
		return fail_msg(e, -EINVAL, "an enumerator of a type that is not an enum");
	if (numbers->n != 1 || i >= btf_items(t))
		return fail_msg(e, -EINVAL, "enumerator %u of %u", i, btf_items(t));
	s->path[s->n++].name = core_enumerator_name(img, t, i);
	return 0;
}

int core_spec_read(struct err *e, const struct btf_image *img, const struct btf_ext_relo *r,
		   struct core_spec *ret)
{
	const struct btf_type *t = btf_image_type(img, r->type_id);
	struct core_spec s = { .kind = r->kind, .type = r->type_id };
	struct numbers numbers = {};
	uint32_t size;
	int err;

	if (!btf_ext_relo_name(r->kind))
		return fail_msg(e, -EOPNOTSUPP, "unknown kind %u", r->kind);
	if (!t)
		return fail_msg(e, -EINVAL, "no type %u", r->type_id);
	s.name = btf_image_str(img, t->name_off);
	err = read_numbers(e, r->access, &numbers);
	if (!err && core_kind_is_field(r->kind))
		err = read_field(e, img, &numbers, &s);
	else if (!err && core_kind_is_enumerator(r->kind))
		err = read_enumerator(e, img, &numbers, &s);
	else if (!err && (numbers.n != 1 || numbers.all[0]))
		err = fail_msg(e, -EINVAL, "'%.64s' is not the access string of a whole type",
			       r->access);
	else if (!err && r->kind == BPF_CORE_TYPE_SIZE && !core_size(img, r->type_id, &size))
		err = fail_msg(e, -EINVAL, "it has no size in the object");
	if (!err)
		*ret = s;
	return err;
}
