// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Three walks over the graph of types, the three that libbpf makes when it writes C: what is written where a type
 * is mentioned (up to the next name), what is looked into for sizes and alignment (up to the next pointer), and
 * what must be declared before it. Each type is visited once; what it costs libbpf, which visits it anew for
 * every mention, is added up.
 */
#include "btf_shape.h"

#include <errno.h>

#include <bpf/btf.h>

#include "../cli/err.h"

#define DEPTH_MAX 2048			/* libbpf calls itself once or twice for each level */
#define RECORDS_MAX 64			/* structs without a name, one in the other; C compilers end at 63 to 256 */
#define STEPS_MAX (1u << 24)		/* looks at members for the size of one type */
#define STEPS_TOTAL_MAX (1ul << 30)	/* the kernel's own: 2 million */
#define TEXT_MAX (16u << 20)		/* bytes for one type */
#define TEXT_TOTAL_MAX (512u << 20)	/* the kernel's own: 30 million by this measure */
#define WORD_BYTES 16			/* what stands around a name, about */
#define BIG_RECORD (64u << 10)		/* from here on gaps between members are looked for */
#define NAME_BYTES 64			/* names count as that much, unless there are far longer ones */

enum walk { BY_MENTION, BY_VALUE, BY_ORDER };

struct visit {
	uint64_t cost;
	uint16_t depth, records;
	bool begun, done;
	bool has_size;			/* BY_VALUE: values of it take room, even if none */
};

/* What a reference needs to know of the type it leads to: a byte each, as they are met in no order. */
enum { IS_NAMED = 1, IS_RECORD = 2, IS_MODIFIER = 4, IS_TAGGED = 8 };

struct shape {
	struct err *e;
	const struct btf *btf;
	uint32_t n;			/* types, void included */
	uint8_t *traits;		/* by id */
	struct visit *visits;
	enum walk walk;
	uint64_t max;			/* what one type may cost */
	bool has_long_names;
};

static bool is_modifier(const struct btf_type *t)
{
	return btf_is_mod(t) || btf_is_typedef(t) || btf_is_type_tag(t);
}

static uint8_t traits_of(const struct btf *btf, const struct btf_type *t)
{
	bool named = *btf__name_by_offset(btf, t->name_off);	/* not every empty name lies at 0 */

	return (named ? IS_NAMED : 0) | (btf_is_composite(t) || btf_is_fwd(t) ? IS_RECORD : 0) |
	       (is_modifier(t) ? IS_MODIFIER : 0);
}

static void note_traits(struct shape *s)
{
	for (uint32_t id = 0; id < s->n; id++) {
		const struct btf_type *t = btf__type_by_id(s->btf, id);

		s->traits[id] |= traits_of(s->btf, t);
		if (btf_is_decl_tag(t) && btf_is_func(btf__type_by_id(s->btf, t->type)))
			s->traits[btf__type_by_id(s->btf, t->type)->type] |= IS_TAGGED;
	}
}

/* How many types the text of this one refers to. Sections, variables and functions are not written. */
static uint32_t n_refs(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return btf_vlen(t);
	case BTF_KIND_FUNC_PROTO:
		return btf_vlen(t) + 1;
	default:
		return btf_is_ptr(t) || btf_is_array(t) || is_modifier(t);
	}
}

static uint32_t ref_of(const struct btf_type *t, uint32_t i)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return btf_members(t)[i].type;
	case BTF_KIND_FUNC_PROTO:
		return i < btf_vlen(t) ? btf_params(t)[i].type : t->type;
	case BTF_KIND_ARRAY:
		return btf_array(t)->type;
	default:
		return t->type;
	}
}

/* A pointer needs no more of a struct than its name, be it behind const or a typedef. */
static bool is_announced(const struct shape *s, uint32_t id)
{
	for (unsigned int n = 0; s->traits[id] & IS_MODIFIER && n < DEPTH_MAX; n++)
		id = btf__type_by_id(s->btf, id)->type;
	return (s->traits[id] & (IS_RECORD | IS_NAMED)) == (IS_RECORD | IS_NAMED);
}

/* Does this walk go on from t to the type it refers to? */
static bool descends(const struct shape *s, const struct btf_type *t, uint32_t ref)
{
	switch (s->walk) {
	case BY_MENTION:
		return !(s->traits[ref] & IS_NAMED);
	case BY_VALUE:
		return !btf_is_ptr(t) && !btf_is_func_proto(t);
	default:
		return !btf_is_ptr(t) || !is_announced(s, ref);
	}
}

static int fail_shape(const struct shape *s, uint32_t id, int err)
{
	static const char *const loops[] = { "contains itself, with no name on the way",
					    "contains itself", "contains itself, with no name on the way" };

	if (err == -ELOOP)
		return fail_msg(s->e, err, "BTF type %u %s: that is no C", id, loops[s->walk]);
	return fail_msg(s->e, err, "BTF type %u is nested too deeply or too large for C", id);
}

/* Looking at every name takes longer than all the rest, so it is done only where names may matter. */
static uint64_t name_cost(const struct shape *s, uint32_t off)
{
	return WORD_BYTES + (s->has_long_names ? strlen(btf__name_by_offset(s->btf, off)) : NAME_BYTES);
}

/* Gaps are filled, eight bytes a line: what a few members leave of a large size is most of the text. */
static uint64_t gap_cost(const struct shape *s, const struct btf_type *t)
{
	uint64_t gaps = 0, end = 0;

	if (!btf_is_composite(t) || t->size < BIG_RECORD)
		return 0;
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		uint64_t at = btf_member_bit_offset(t, i) / 8;
		int64_t size = btf__resolve_size(s->btf, btf_members(t)[i].type);

		gaps += at > end ? at - end : 0;
		end = at + (size > 0 ? size : 0);
	}
	gaps += t->size > end ? t->size - end : 0;
	return gaps / 8 * WORD_BYTES;
}

/* What the type itself costs, with the names in it but without what these are names of. */
static uint64_t own_cost(const struct shape *s, const struct btf_type *t)
{
	uint64_t cost;

	if (s->walk != BY_MENTION)
		return 1 + n_refs(t);
	if (!s->has_long_names)
		return gap_cost(s, t) + name_cost(s, 0) * (1 + (btf_is_any_enum(t) ? btf_vlen(t) : n_refs(t)));
	cost = gap_cost(s, t) + name_cost(s, t->name_off);
	for (uint32_t i = 0; i < btf_vlen(t); i++) {
		if (btf_is_composite(t))
			cost += name_cost(s, btf_members(t)[i].name_off);
		else if (btf_is_func_proto(t))
			cost += name_cost(s, btf_params(t)[i].name_off);
		else if (btf_is_enum(t))
			cost += name_cost(s, btf_enum(t)[i].name_off);
		else if (btf_is_enum64(t))
			cost += name_cost(s, btf_enum64(t)[i].name_off);
	}
	for (uint32_t i = 0; i < n_refs(t); i++)
		cost += name_cost(s, btf__type_by_id(s->btf, ref_of(t, i))->name_off);
	return cost;
}

/* Where the walk is: how deep, and how deep the last type with a name was. */
struct at {
	unsigned int level, named_level;
};

static int visit(const struct shape *s, uint32_t id, struct at at);

/* Only data can be a member; for anything else libbpf divides by its alignment of 0. */
static bool has_size(const struct btf_type *t, bool refs_have)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_PTR:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return true;
	default:
		return (btf_is_array(t) || is_modifier(t)) && refs_have;
	}
}

static void add_up(struct visit *sum, const struct visit *v)
{
	sum->cost += v->cost;
	if (v->depth > sum->depth)
		sum->depth = v->depth;
	if (v->records > sum->records)
		sum->records = v->records;
	sum->has_size = v->has_size;
}

static int visit_refs(const struct shape *s, uint32_t id, struct visit *sum, struct at at)
{
	const struct btf_type *t = btf__type_by_id(s->btf, id);

	for (uint32_t i = 0; i < n_refs(t) && sum->cost <= s->max; i++) {
		uint32_t ref = ref_of(t, i);
		const struct visit *v = &s->visits[ref];
		int err = 0;

		if (!descends(s, t, ref))
			continue;
		if (ref)
			err = visit(s, ref, at);
		if (!err && s->walk == BY_VALUE && btf_is_composite(t) && !v->has_size)
			err = fail_msg(s->e, -EINVAL, "BTF type %u has member %u that is no data", id, i);
		if (err)
			return err;
		add_up(sum, v);
	}
	return 0;
}

/* Cost and depth of id and of all it leads to. While that is not known, depth is the level it was met at. */
static int visit(const struct shape *s, uint32_t id, struct at at)
{
	const struct btf_type *t = btf__type_by_id(s->btf, id);
	struct visit *v = &s->visits[id], sum = {};
	int err;

	if (v->done)
		return 0;
	if (v->begun)	/* by pointers, types with names may go round */
		return s->walk == BY_ORDER && at.named_level >= v->depth ? 0 : fail_shape(s, id, -ELOOP);
	if (++at.level > DEPTH_MAX)
		return fail_shape(s, id, -E2BIG);
	if (s->traits[id] & IS_NAMED)
		at.named_level = at.level;
	v->begun = true;
	v->depth = at.level;
	sum.cost = own_cost(s, t);
	err = visit_refs(s, id, &sum, at);
	if (err)
		return err;
	sum.has_size = has_size(t, sum.has_size);
	sum.depth++;
	sum.records += btf_is_composite(t) && s->walk == BY_MENTION;
	if (sum.depth > DEPTH_MAX || sum.records > RECORDS_MAX || sum.cost > s->max)
		return fail_shape(s, id, -E2BIG);
	sum.begun = sum.done = true;
	*v = sum;
	return 0;
}

/* Other types without a name are only written where they are mentioned; prototypes also for functions. */
static bool starts_at(const struct shape *s, uint32_t id)
{
	switch (s->walk) {
	case BY_MENTION:
		return s->traits[id] & (IS_NAMED | IS_RECORD | IS_TAGGED);
	case BY_VALUE:
		return s->traits[id] & (IS_RECORD | IS_MODIFIER);
	default:
		return true;
	}
}

static bool is_size(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return t->size && t->size <= 16;
	default:
		return true;
	}
}

/* Sizes that are divided by, places that gaps are filled up to. */
static int check_sizes(const struct shape *s)
{
	for (uint32_t id = 1; id < s->n; id++) {
		const struct btf_type *t = btf__type_by_id(s->btf, id);

		if (!is_size(t))
			return fail_msg(s->e, -EINVAL, "BTF type %u is a number of %u bytes", id, t->size);
		for (uint32_t i = 0; btf_is_composite(t) && i < btf_vlen(t); i++)
			if (btf_member_bit_offset(t, i) > (uint64_t)t->size * 8)
				return fail_msg(s->e, -EINVAL,
						"BTF type %u of %u bytes has member %u at bit %u", id,
						t->size, i, btf_member_bit_offset(t, i));
	}
	return 0;
}

static int walk_all(struct shape *s, enum walk walk, uint64_t max, uint64_t max_total)
{
	uint64_t total = 0;
	int err = 0;

	s->walk = walk;
	s->max = max;
	memset(s->visits, 0, s->n * sizeof(*s->visits));
	for (uint32_t id = 1; id < s->n && !err; id++) {
		if (!starts_at(s, id))
			continue;
		err = visit(s, id, (struct at){});
		total += s->visits[id].cost;
		if (!err && total > max_total)
			err = fail_shape(s, id, -E2BIG);
	}
	return err;
}

/* Is any string, of all there are, far longer than people's names are? */
static bool has_long_names(const struct btf *btf)
{
	const struct btf_header *h;
	const char *s, *end;
	uint32_t len;

	for (; btf; btf = btf__base_btf(btf)) {
		h = btf__raw_data(btf, &len);
		if (!h)
			return true;
		s = (const char *)h + h->hdr_len + h->str_off;
		for (end = s + h->str_len; s < end; s += len + 1) {
			len = strnlen(s, end - s);
			if (len > 4 * NAME_BYTES)
				return true;
		}
	}
	return false;
}

int btf_shape_check(struct err *e, const struct btf *btf)
{
	uint32_t n = btf__type_cnt(btf);
	auto_free struct visit *visits = calloc(n, sizeof(*visits));
	auto_free uint8_t *traits = calloc(n, 1);
	struct shape s = { .e = e, .btf = btf, .n = n, .traits = traits, .visits = visits,
			   .has_long_names = has_long_names(btf) };
	int err;

	if (!visits || !traits)
		return fail(e, -ENOMEM, "check types");
	note_traits(&s);
	err = check_sizes(&s);
	err = err ?: walk_all(&s, BY_MENTION, TEXT_MAX, TEXT_TOTAL_MAX);
	err = err ?: walk_all(&s, BY_VALUE, STEPS_MAX, STEPS_TOTAL_MAX);
	return err ?: walk_all(&s, BY_ORDER, UINT64_MAX, UINT64_MAX);
}
