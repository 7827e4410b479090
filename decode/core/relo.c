// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * CO-RE relocations against the types of a kernel: candidates by name, the path to a member
 * followed in each, and the resulting values compared: candidates that disagree are an error for
 * loaders, so they are one here.
 */
#include "decode/core/relo.h"

#include <errno.h>

#include <linux/bpf.h>

#include "cli/err.h"
#include "decode/btf/abi.h"
#include "decode/btf/raw.h"
#include "decode/core/spec.h"
#include "decode/core/types.h"

#define STEPS_MAX                                                                                  \
	(1ULL << 26) /* for all relocations together: a second; 500 real objects took 100000 */

struct core_target {
	const struct btf_image *img;
	uint32_t *heads, *next;		/* owned: chains of ids by name, ascending */
	uint32_t mask;
	uint64_t steps_left;
};

/* --- types by name --- */

static uint32_t hash(const char *name, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619u;
	return h ^ h >> 15;
}

/*
 * Functions, variables and tags have names, too, but are never searched: most of a kernel's types.
 */
static bool is_candidate(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DATASEC:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		return false;
	}
	return t->name_off;
}

static int index_types(struct err *e, struct core_target *t)
{
	for (uint32_t id = t->img->first_id + t->img->n_types - 1; id; id--) {
		const struct btf_type *type = btf_image_type(t->img, id);
		uint32_t *head;
		const char *name;
		size_t len;

		if (!is_candidate(type))
			continue;
		name = btf_image_str(t->img, type->name_off);
		len = core_essence_len(name);
		if (!core_step(&t->steps_left, len))
			return fail_msg(e, -E2BIG, "type names are too long");
		head = &t->heads[hash(name, len) & t->mask];
		t->next[id] = *head;
		*head = id;
	}
	return 0;
}

int core_target_new(struct err *e, const struct btf_image *img, struct core_target **ret)
{
	struct core_target *t = calloc(1, sizeof(*t));
	uint32_t n = img->first_id + img->n_types;
	int err;

	if (!t)
		return fail(e, -ENOMEM, "sort the types by name");
	t->img = img;
	t->steps_left = STEPS_MAX;
	t->mask = 1023;
	while (t->mask < n / 4)
		t->mask = 2 * t->mask + 1;
	t->heads = calloc(t->mask + 1, sizeof(*t->heads));
	t->next = calloc(n, sizeof(*t->next));
	err = t->heads && t->next ? index_types(e, t) : fail(e, -ENOMEM, "sort the types by name");
	if (err)
		core_target_free(t);
	else
		*ret = t;
	return err;
}

void core_target_free(struct core_target *t)
{
	if (!t)
		return;
	free(t->heads);
	free(t->next);
	free(t);
}

/* --- the candidates of a type of the object --- */

/* In ascending order: those that satisfied all relocations so far. */
struct candidates {
	uint32_t *ids;			/* owned */
	uint32_t n;
	bool known;			/* already searched */
};

struct core_finder {
	struct core_target *target;
	struct core_types types;
	struct candidates *candidates;	/* owned; by id of the object's type */
	uint32_t n_ids;
};

int core_finder_new(struct err *e, struct core_target *t, const struct btf_image *local,
		    struct core_finder **ret)
{
	struct core_finder *f = calloc(1, sizeof(*f));

	if (f) {
		f->target = t;
		f->types = (struct core_types){ local, t->img, &t->steps_left };
		f->n_ids = local->first_id + local->n_types;
		f->candidates = calloc(f->n_ids, sizeof(*f->candidates));
	}
	if (!f || !f->candidates) {
		free(f);
		return fail(e, -ENOMEM, "look for types");
	}
	*ret = f;
	return 0;
}

void core_finder_free(struct core_finder *f)
{
	if (!f)
		return;
	for (uint32_t i = 0; i < f->n_ids; i++)
		free(f->candidates[i].ids);
	free(f->candidates);
	free(f);
}

static bool is_same_kind(const struct btf_type *a, const struct btf_type *b)
{
	return btf_kind(a) == btf_kind(b) || (btf_is_any_enum(a) && btf_is_any_enum(b));
}

static int add_candidate(struct candidates *c, uint32_t id)
{
	uint32_t *grown = c->ids;

	if (!(c->n & (c->n - 1)))	/* full at powers of two */
		grown = reallocarray(c->ids, c->n ? 2 * c->n : 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	grown[c->n++] = id;
	c->ids = grown;
	return 0;
}

/* Those with ids from first up to, but not including, end. */
static int find_candidates(const struct core_finder *f, const struct btf_type *local,
			   uint32_t first, uint32_t end, struct candidates *c)
{
	const struct core_target *t = f->target;
	const char *name = btf_image_str(f->types.local, local->name_off);
	uint32_t id = t->heads[hash(name, core_essence_len(name)) & t->mask];
	int err = 0;

	for (; !err && id && id < end && core_step(f->types.steps_left, 32); id = t->next[id]) {
		const struct btf_type *type = btf_image_type(t->img, id);

		if (id >= first && is_same_kind(local, type) &&
		    core_names_fit(&f->types, name, btf_image_str(t->img, type->name_off)))
			err = add_candidate(c, id);
	}
	return err;
}

static int know_candidates(struct err *e, const struct core_finder *f, const struct btf_type *local,
			   struct candidates *c)
{
	const struct btf_image *img = f->target->img;
	int err = 0;

	if (c->known)
		return 0;
	c->known = true;
	if (img->base)
		err = find_candidates(f, local, 1, img->first_id, c);
	if (!err && !c->n)
		err = find_candidates(f, local, img->first_id, img->first_id + img->n_types, c);
	return err ? fail(e, err, "look for types") : 0;
}

/* --- one candidate --- */

struct find {
	struct err *e;
	struct core_types types;
	const struct core_spec *spec;
};

/* The position in a candidate while following a path. */
struct match_walk {
	uint32_t type;
	uint64_t bits;			/* from the candidate's start; wraps for bad data */
	uint32_t steps;			/* as counted in an access string */
	struct core_match *m;
	const struct btf_member *member;	/* the last step was to this one; or NULL */
};

static const struct core_member *last_member(const struct match_walk *p)
{
	return p->member ? &p->m->members[p->m->n_members - 1] : NULL;
}

static int count_step(const struct find *f, struct match_walk *p)
{
	if (p->steps++ < CORE_PATH_MAX)
		return 0;
	return fail_msg(f->e, -E2BIG, "more than %d steps in kernel type %u", CORE_PATH_MAX,
			p->m->type);
}

static int enter_member(const struct find *f, uint32_t id, const struct btf_type *t, uint32_t i,
			struct match_walk *p)
{
	int err = count_step(f, p);

	if (err)
		return err;
	p->m->members[p->m->n_members++] = (struct core_member){ id, (uint16_t)i };
	p->member = btf_members(t) + i;
	p->type = p->member->type;
	p->bits += btf_member_bit_offset(t, i);
	return 0;
}

/*
 * Finds the member in p->type, or in an anonymous struct or union in it. Returns 1: found, in *p;
 * 0: there is none with that name, or it has another type; or an error.
 */
static int find_member(const struct find *f, const struct core_access *a, struct match_walk *p)
{
	const struct btf_image *img = f->types.target;
	uint32_t id = p->type;
	const struct btf_type *t = core_bare(img, &id);
	size_t len = strlen(a->name);

	if (!t || !btf_is_composite(t))
		return 0;
	for (uint32_t i = 0; i < btf_items(t); i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *name = btf_image_str(img, m->name_off);
		struct match_walk within = *p;
		uint32_t n = p->m->n_members;
		int err = 0;

		if (!core_step(f->types.steps_left, len))
			return 0;
		if (*name && !streq(name, a->name))
			continue;
		if (*name && !core_fields_fit(&f->types, a->type, m->type))
			return 0;
		err = enter_member(f, id, t, i, &within);
		if (!err && !*name)
			err = find_member(f, a, &within);
		else if (!err)
			err = 1;
		if (err) {
			*p = within;
			return err;
		}
		p->m->n_members = n;
	}
	return 0;
}

static int enter_element(const struct find *f, const struct core_access *a, struct match_walk *p)
{
	const struct btf_image *img = f->types.target;
	const struct btf_type *t = core_bare(img, &p->type);
	const struct core_member *last = last_member(p);
	uint32_t size, n;
	int err;

	if (!t || !btf_is_array(t))
		return 0;
	n = btf_array(t)->nelems;
	if (a->index >= n && !core_is_open_array(n, last ? btf_image_type(img, last->type) : NULL,
						 last ? last->index : 0))
		return 0;
	if (!core_size(img, btf_array(t)->type, &size))
		return 0;
	err = count_step(f, p);
	p->type = btf_array(t)->type;
	p->bits += (uint64_t)a->index * size * 8;
	p->member = NULL;
	return err ?: 1;
}

/* --- the result --- */

/*
 * A bit-field: the smallest aligned unit that contains it is loaded, at least of its type's size.
 */
struct load {
	uint64_t byte, bits, n_bits;
	uint32_t size;
};

static int plan_load(const struct find *f, const struct match_walk *p, struct load *ret)
{
	const struct core_member *last = last_member(p);
	const struct btf_type *t = last ? btf_image_type(f->types.target, last->type) : NULL;
	struct load l = { .bits = p->bits };

	if (!core_size(f->types.target, p->type, &l.size))
		return fail_msg(f->e, -EINVAL, "it has no size in kernel type %u", p->m->type);
	l.byte = l.bits / 8;
	l.n_bits = t && btf_kflag(t) ? BTF_MEMBER_BITFIELD_SIZE(p->member->offset) : 0;
	if (l.n_bits && l.size) {
		l.byte -= l.byte % l.size;
		while (l.bits + l.n_bits > 8 * (l.byte + l.size)) {
			if (l.size >= 8)
				return fail_msg(
					f->e, -E2BIG,
					"the bit-field spans more than 8 bytes in kernel type %u",
					p->m->type);
			l.size *= 2;
			l.byte = l.bits / 8 / l.size * l.size;
		}
	} else {
		l.n_bits = 8ULL * l.size;
	}
	*ret = l;
	return 0;
}

static bool is_signed(const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = core_bare(img, &id);

	return t && (btf_is_any_enum(t) ? btf_kflag(t)
					: btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED);
}

/* How far the loaded unit is shifted left, so that the bit-field is at the top of 64 bits. */
static uint64_t left_shift(const struct load *l)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return 64 - (l->bits + l->n_bits - 8 * l->byte);
#else
	return (8 - l->size) * 8 + (l->bits - 8 * l->byte);
#endif
}

static int weigh_field(const struct find *f, const struct match_walk *p, uint64_t *ret)
{
	struct load l = {};
	int err;

	*ret = 1;
	if (f->spec->kind == BPF_CORE_FIELD_EXISTS)
		return 0;
	err = plan_load(f, p, &l);
	if (err)
		return err;
	switch (f->spec->kind) {
	case BPF_CORE_FIELD_BYTE_OFFSET:
		*ret = l.byte;
		break;
	case BPF_CORE_FIELD_BYTE_SIZE:
		*ret = l.size;
		break;
	case BPF_CORE_FIELD_SIGNED:
		*ret = is_signed(f->types.target, p->type);
		break;
	case BPF_CORE_FIELD_LSHIFT_U64:
		*ret = left_shift(&l);
		break;
	default:
		*ret = 64 - l.n_bits;
	}
	return 0;
}

/* --- the three kinds of relocations, each against one candidate: 1, 0 or an error --- */

static int find_field(const struct find *f, struct core_match *m, uint64_t *ret_bits)
{
	struct match_walk p = { .type = m->type, .m = m, .steps = 1 };
	uint32_t size = 0;
	int err = 1;

	m->use = CORE_USE_MEMBERS;
	if (f->spec->first && !core_size(f->types.target, m->type, &size))
		return 0;
	p.bits = 8ULL * f->spec->first * size;
	for (uint32_t i = 0; err == 1 && i < f->spec->n; i++) {
		const struct core_access *a = &f->spec->path[i];

		err = a->name ? find_member(f, a, &p) : enter_element(f, a, &p);
	}
	if (err != 1)
		return err;
	*ret_bits = p.bits;
	return weigh_field(f, &p, &m->value) ?: 1;
}

static int find_enumerator(const struct find *f, struct core_match *m)
{
	const struct btf_image *img = f->types.target;
	uint32_t id = m->type;
	const struct btf_type *t = core_bare(img, &id);

	m->use = CORE_USE_CONTENT;
	if (!t || !btf_is_any_enum(t))
		return 0;
	for (uint32_t i = 0; i < btf_items(t); i++) {
		if (!core_names_fit(&f->types, f->spec->path[0].name,
				    core_enumerator_name(img, t, i)))
			continue;
		if (f->spec->kind == BPF_CORE_ENUMVAL_EXISTS)
			m->value = 1;
		else if (btf_is_enum64(t))
			m->value = btf_enum64_value(btf_enum64(t) + i);
		else
			m->value = (uint64_t)btf_enum(t)[i].val;
		return 1;
	}
	return 0;
}

static int find_type(const struct find *f, struct core_match *m)
{
	bool (*holds)(const struct core_types *, uint32_t, uint32_t) = core_types_fit;
	uint32_t size = 0;

	m->use = CORE_USE_TYPE;
	if (f->spec->kind == BPF_CORE_TYPE_MATCHES) {
		m->use = CORE_USE_CONTENT;
		holds = core_types_match;
	}
	if (!holds(&f->types, f->spec->type, m->type))
		return 0;
	m->value = f->spec->kind == BPF_CORE_TYPE_ID_TARGET ? m->type : 1;
	if (f->spec->kind == BPF_CORE_TYPE_SIZE) {
		if (!core_size(f->types.target, m->type, &size))
			return fail_msg(f->e, -EINVAL, "kernel type %u has no size", m->type);
		m->value = size;
	}
	return 1;
}

/* --- all candidates --- */

static int try_candidate(const struct find *f, uint32_t id, struct core_match *m,
			 uint64_t *ret_bits)
{
	m->type = id;
	m->n_members = 0;
	*ret_bits = 0;
	if (core_kind_is_field(f->spec->kind))
		return find_field(f, m, ret_bits);
	if (core_kind_is_enumerator(f->spec->kind))
		return find_enumerator(f, m);
	return find_type(f, m);
}

static const char *name_of(const struct find *f, const struct core_match *m)
{
	return btf_image_str(f->types.target, btf_image_type(f->types.target, m->type)->name_off);
}

static int fail_ambiguous(const struct find *f, const struct core_match *a, uint64_t a_bits,
			  const struct core_match *b, uint64_t b_bits)
{
	bool by_place = a_bits != b_bits;
	unsigned long long x = by_place ? a_bits : a->value, y = by_place ? b_bits : b->value;
	const char *where = by_place ? "at bit " : "";
	const char *of = by_place ? "of" : "for";

	return fail_msg(
		f->e, -EINVAL,
		"ambiguous: %s%llu %s '%.64s' (kernel type %u), %s%llu %s '%.64s' (type %u)", where,
		x, of, name_of(f, a), a->type, where, y, of, name_of(f, b), b->type);
}

/* Returns 1: *ret is the first that satisfies the relocation; the others that do follow it in c. */
static int try_candidates(const struct find *f, struct candidates *c, struct core_match *ret)
{
	uint64_t bits = 0, other_bits;
	struct core_match other = {};
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n && core_step(f->types.steps_left, 0); i++) {
		int err = try_candidate(f, c->ids[i], n ? &other : ret, n ? &other_bits : &bits);

		if (err < 0)
			return err;
		if (!err)
			continue;
		if (n && (bits != other_bits || ret->value != other.value))
			return fail_ambiguous(f, ret, bits, &other, other_bits);
		c->ids[n++] = c->ids[i];
	}
	if (!*f->types.steps_left)
		return fail_msg(f->e, -E2BIG, "type graph too complex: stopped after %llu steps",
				STEPS_MAX);
	if (n)
		c->n = n;
	return n > 0;
}

int core_relo_find(struct err *e, struct core_finder *finder, const struct btf_ext_relo *r,
		   struct core_match *ret)
{
	const struct btf_image *local = finder->types.local;
	struct core_spec spec;
	struct find f = { .e = e, .spec = &spec, .types = finder->types };
	struct candidates *c;
	int err = core_spec_read(e, local, r, &spec);

	if (err)
		return err;
	*ret = (struct core_match){ .use = CORE_USE_NOTHING, .value = r->type_id };
	if (r->kind == BPF_CORE_TYPE_ID_LOCAL)
		return 1;
	if (!*spec.name)
		return fail_msg(e, -EOPNOTSUPP, "anonymous types cannot be matched by name");
	c = &finder->candidates[r->type_id];
	err = know_candidates(e, finder, btf_image_type(local, r->type_id), c);
	return err ?: try_candidates(&f, c, ret);
}
