// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Map definitions in BTF: every member by its name. */
#include <errno.h>

#include "cli/err.h"
#include "decode/btf/size.h"
#include "decode/elf/map_def.h"

struct reader {
	struct err *e;
	const struct btf_image *btf;
	const char *what;		/* the map */
	struct map_def *def;
};

/* After qualifiers and typedefs. */
static const struct btf_type *resolve(const struct reader *r, uint32_t *id)
{
	return btf_skip(r->btf, BTF_NAMES, id);
}

static int fail_member(const struct reader *r, const struct btf_member *m, const char *want)
{
	return fail_msg(r->e, -EINVAL, "definition of map '%s': member '%s' is not %s", r->what,
			btf_image_str(r->btf, m->name_off), want);
}

static int read_number(const struct reader *r, const struct btf_member *m, uint64_t *ret)
{
	uint32_t id = m->type;
	const struct btf_type *t = resolve(r, &id);

	if (t && btf_is_ptr(t)) {
		id = t->type;
		t = resolve(r, &id);
		if (t && btf_is_array(t)) {
			*ret = btf_array(t)->nelems;
			return 0;
		}
	} else if (t && btf_is_enum(t) && btf_items(t) == 1) {
		*ret = (int64_t)btf_enum(t)->val;
		return 0;
	} else if (t && btf_is_enum64(t) && btf_items(t) == 1) {
		*ret = btf_enum64_value(btf_enum64(t));
		return 0;
	}
	return fail_member(r, m, "a number");
}

/* A pointer to a type; also its size, unless the size is given separately. */
static int read_type(const struct reader *r, const struct btf_member *m, uint32_t *ret_id,
		     uint32_t *size)
{
	uint32_t id = m->type;
	const struct btf_type *t = resolve(r, &id);
	int64_t n;

	if (!t || !btf_is_ptr(t))
		return fail_member(r, m, "a pointer to a type");
	n = btf_type_size(r->btf, BTF_BPF_POINTER, t->type);
	if (n < 0 || n > UINT32_MAX)
		return fail_member(r, m, "a pointer to a type of known size");
	*ret_id = t->type;
	if (!*size)
		*size = (uint32_t)n;
	return 0;
}

/* An array of pointers: to the definition of inner maps, or to programs. */
static int read_values(const struct reader *r, const struct btf_member *m)
{
	uint32_t id = m->type;
	const struct btf_type *t = resolve(r, &id);

	if (t && btf_is_array(t)) {
		id = btf_array(t)->type;
		t = resolve(r, &id);
		if (t && btf_is_ptr(t)) {
			id = t->type;
			t = resolve(r, &id);
			if (t && btf_is_struct(t))
				r->def->inner = id;
			r->def->has_values = true;
			r->def->value_size = r->def->value_size ? r->def->value_size
								: 4; /* an id or a descriptor */
			r->def->values_off = m->offset / 8;
			return 0;
		}
	}
	return fail_member(r, m, "an array of pointers");
}

static const struct {
	const char *name;
	size_t off;
} numbers[] = {
	{ "type", offsetof(struct map_def, type) },
	{ "key_size", offsetof(struct map_def, key_size) },
	{ "value_size", offsetof(struct map_def, value_size) },
	{ "max_entries", offsetof(struct map_def, max_entries) },
	{ "map_flags", offsetof(struct map_def, flags) },
	{ "numa_node", offsetof(struct map_def, numa_node) },
	{ "pinning", offsetof(struct map_def, pinning) },
};

static int read_member(const struct reader *r, const struct btf_member *m)
{
	const char *name = btf_image_str(r->btf, m->name_off);
	struct map_def *d = r->def;
	uint64_t v = 0;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint32_t narrow;

		if (!streq(name, numbers[i].name))
			continue;
		err = read_number(r, m, &v);
		narrow = (uint32_t)v;
		memcpy((char *)d + numbers[i].off, &narrow, sizeof(narrow));
		d->has_numa_node |= !err && streq(name, "numa_node");
		return err;
	}
	if (streq(name, "map_extra"))
		return read_number(r, m, &d->map_extra);
	if (streq(name, "key"))
		return read_type(r, m, &d->key_type, &d->key_size);
	if (streq(name, "value"))
		return read_type(r, m, &d->value_type, &d->value_size);
	if (streq(name, "values"))
		return read_values(r, m);
	d->unknown = name;
	return 0;
}

int map_def_read(struct err *e, const struct btf_image *btf, const char *what, uint32_t type_id,
		 struct map_def *ret)
{
	struct map_def def = {};
	const struct reader r = { .e = e, .btf = btf, .what = what, .def = &def };
	const struct btf_type *t = resolve(&r, &type_id);
	int err = 0;

	if (!t || !btf_is_struct(t))
		return fail_msg(e, -EINVAL, "definition of map '%s' is not a struct", what);
	for (unsigned int i = 0; !err && i < btf_items(t); i++)
		err = read_member(&r, &btf_members(t)[i]);
	if (!err)
		*ret = def;
	return err;
}
