// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Compiles a BTF type into a plan for printing. Every problem of a type is found here: cycles,
 * depth, members outside of their struct, sizes that do not match the data, and types whose output
 * is far larger than the data (unions of unions).
 */
#include <errno.h>

#include "cli/err.h"
#include "cli/nearest.h"
#include "decode/btf/limits.h"
#include "decode/btf/plan.h"
#include "decode/btf/size.h"
#include "decode/btf/value.h"

#define COST_FREE 1000000ULL		/* nodes that any value may print, however small it is */
#define COST_PER_BYTE 16ULL
#define BITS_MAX 128

struct plan_memory {
	struct plan_memory *next;
	max_align_t data[];
};

struct maker {
	const struct btf_image *btf;
	struct btf_plan *plan;
	struct node **known;		/* by type id */
	uint32_t n_types;
	unsigned int depth;
	struct node under_way;		/* marks what is incomplete: meeting it means a cycle */
};

void *plan_alloc(struct btf_plan *p, size_t n, size_t size)
{
	struct plan_memory *m;

	if (size && n > (SIZE_MAX - sizeof(*m)) / size)
		return NULL;
	m = calloc(1, sizeof(*m) + n * size);
	if (!m)
		return NULL;
	m->next = p->memory;
	p->memory = m;
	return m->data;
}

/*
 * The three parts together, the second as a JSON string, not NUL-terminated; NULL if out of memory.
 */
static const char *plan_quote(struct btf_plan *p, const char *const parts[3], size_t *ret_len)
{
	struct buf b = {};
	char *text = NULL;

	buf_puts(&b, parts[0]);
	buf_json_str(&b, parts[1], strlen(parts[1]));
	buf_puts(&b, parts[2]);
	if (!b.err)
		text = plan_alloc(p, b.len, 1);
	if (text)
		memcpy(text, b.data, b.len);
	*ret_len = b.len;
	buf_free(&b);
	return text;
}

static struct node *new_node(struct maker *m, enum node_kind kind, uint64_t size)
{
	struct node *n = size <= UINT32_MAX ? plan_alloc(m->plan, 1, sizeof(*n)) : NULL;

	if (!n)
		return NULL;
	n->kind = kind;
	n->size = (uint32_t)size;
	n->cost = 1;
	return n;
}

static void add_cost(struct node *n, uint64_t times, uint64_t cost)
{
	uint64_t sum;

	if (__builtin_mul_overflow(times, cost, &sum) ||
	    __builtin_add_overflow(sum, n->cost, &n->cost))
		n->cost = UINT64_MAX;
}

/* Names may point anywhere in malicious BTF. */
static const char *name_at(const struct maker *m, uint32_t off)
{
	return btf_image_str(m->btf, off) ?: "";
}

/* The type after typedefs and qualifiers; NULL for void; *ret_err for a broken chain. */
static const struct btf_type *skip_names(const struct maker *m, uint32_t *id, int *ret_err)
{
	const struct btf_type *t = btf_skip(m->btf, BTF_NAMES, id);

	if (*id == BTF_NO_TYPE)
		*ret_err = -EINVAL;
	return t;
}

static int make_node(struct maker *m, uint32_t id, const struct node **ret);

static int make_word(struct maker *m, const char *word, const struct node **ret)
{
	struct node *n = new_node(m, NODE_WORD, 0);

	if (!n)
		return -ENOMEM;
	n->word = word;
	*ret = n;
	return 0;
}

static int make_int(struct maker *m, const struct btf_type *t, struct node **ret)
{
	uint8_t encoding = btf_int_encoding(t), bits = btf_int_bits(t), off = btf_int_offset(t);
	enum node_kind kind = NODE_UINT;
	struct node *n;

	if (!t->size || t->size > BITS_MAX / 8 || !bits || off + bits > t->size * 8)
		return -EINVAL;
	if (bits != t->size * 8 || t->size > 8 || (t->size & (t->size - 1)))
		kind = NODE_BITS;
	else if (encoding & BTF_INT_BOOL)
		kind = NODE_BOOL;
	else if (encoding & BTF_INT_CHAR)
		kind = t->size == 1 ? NODE_CHAR : NODE_UINT;
	else if (encoding & BTF_INT_SIGNED)
		kind = NODE_INT;
	n = new_node(m, kind, t->size);
	if (!n)
		return -ENOMEM;
	n->bit_off = off;
	n->n_bits = bits;
	n->is_signed = encoding & BTF_INT_SIGNED;
	if (kind == NODE_BITS && (encoding & BTF_INT_SIGNED) && bits < t->size * 8 && bits <= 64)
		n->kind = NODE_SIGNED_BITS;
	*ret = n;
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const struct enum_name *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Names are unchanged in JSON if they are plain text; other bytes are shown in another way. */
static bool is_plain(const char *name)
{
	while (*name >= ' ' && *name < 0x7f)
		name++;
	return !*name;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Is each name unique, so that readers with only the names can refer to it? C ensures this, but not
 * for unnamed members. Sorts them.
 */
static bool are_distinct(const char **names, uint32_t n)
{
	qsort(names, n, sizeof(*names), by_name);
	for (uint32_t i = 0; i < n; i++)
		if (!is_plain(names[i]) || (i && streq(names[i - 1], names[i])))
			return false;
	return true;
}

static uint32_t value_name(const struct btf_type *t, uint32_t i)
{
	return btf_is_enum64(t) ? btf_enum64(t)[i].name_off : btf_enum(t)[i].name_off;
}

static int find_vague_enum(const struct maker *m, const struct btf_type *t, struct node *n)
{
	auto_free const char **names = calloc(n->n + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (uint32_t i = 0; i < n->n; i++)
		names[i] = name_at(m, value_name(t, i));
	n->is_vague = !are_distinct(names, n->n);
	return 0;
}

static int make_enum(struct maker *m, const struct btf_type *t, struct node **ret)
{
	uint64_t mask = t->size < 8 ? (1ULL << (t->size * 8)) - 1 : UINT64_MAX;
	bool wide = btf_is_enum64(t);
	struct node *n;
	uint32_t i;

	if (!t->size || t->size > 8 || (t->size & (t->size - 1)))
		return -EINVAL;
	n = new_node(m, NODE_ENUM, t->size);
	if (!n)
		return -ENOMEM;
	/* Compilers before enum64 did not record whether an enum is signed. */
	n->is_signed = !wide || btf_kflag(t);
	n->n = btf_items(t);
	n->names = plan_alloc(m->plan, n->n, sizeof(*n->names));
	if (!n->names)
		return -ENOMEM;
	for (i = 0; i < n->n; i++) {
		n->names[i].value = mask & (wide ? btf_enum64_value(&btf_enum64(t)[i]) :
						   (uint64_t)(int64_t)btf_enum(t)[i].val);
		n->names[i].order = i;
		n->names[i].text = plan_quote(
			m->plan, (const char *[]){ "", name_at(m, value_name(t, i)), "" },
			&n->names[i].text_len);
		if (!n->names[i].text)
			return -ENOMEM;
	}
	qsort(n->names, n->n, sizeof(*n->names), by_value);
	*ret = n;
	return find_vague_enum(m, t, n);
}

static bool is_char(const struct maker *m, uint32_t id)
{
	int err = 0;
	const struct btf_type *t = skip_names(m, &id, &err);

	return t && btf_is_int(t) && t->size == 1 &&
	       ((btf_int_encoding(t) & BTF_INT_CHAR) || streq(name_at(m, t->name_off), "char"));
}

static int make_array(struct maker *m, const struct btf_type *t, struct node **ret)
{
	const struct btf_array *a = btf_array(t);
	const struct node *elem;
	struct node *n;
	int err = make_node(m, a->type, &elem);

	if (err)
		return err;
	if ((uint64_t)elem->size * a->nelems > UINT32_MAX)
		return -EINVAL;
	n = new_node(m, is_char(m, a->type) ? NODE_STRING : NODE_ARRAY,
		     (uint64_t)elem->size * a->nelems);
	if (!n)
		return -ENOMEM;
	n->elem = elem;
	n->n = a->nelems;
	add_cost(n, n->n, elem->cost);
	*ret = n;
	return 0;
}

static bool has_negative(const struct node *names)
{
	uint64_t top = 1ULL << (names->size * 8 - 1);

	return names->is_signed && names->n && names->names[names->n - 1].value & top;
}

/* A bit-field of an enum has its names. */
static int name_bits(struct maker *m, uint32_t id, struct node *bits)
{
	const struct node *names;
	int err = make_node(m, id, &names);

	if (err || names->kind != NODE_ENUM || bits->n_bits > names->size * 8)
		return err;
	bits->is_signed = has_negative(names);
	bits->is_vague = names->is_vague;
	bits->name_size = names->size;
	bits->n = names->n;
	bits->names = names->names;
	bits->next_named = m->plan->named_bits;
	m->plan->named_bits = bits;
	return 0;
}

/* A separate node for one bit-field; off: bits from the start of the struct. */
static int make_bits(struct maker *m, uint32_t id, struct member *ret, uint32_t off,
		     uint32_t n_bits)
{
	int err = 0;
	const struct btf_type *t = skip_names(m, &id, &err);
	bool is_int = t && btf_is_int(t);
	struct node *n;

	if (!t || (!is_int && !btf_is_any_enum(t)) || !n_bits || off % 8 + n_bits > BITS_MAX)
		return -EINVAL;
	n = new_node(m, NODE_BITS, (off % 8 + n_bits + 7) / 8);
	if (!n)
		return -ENOMEM;
	if (is_int && (btf_int_encoding(t) & BTF_INT_SIGNED) && n_bits <= 64)
		n->kind = NODE_SIGNED_BITS;
	n->is_signed = is_int && (btf_int_encoding(t) & BTF_INT_SIGNED);
	n->bit_off = off % 8;
	n->n_bits = (uint8_t)n_bits;
	ret->off = off / 8;
	ret->node = n;
	return is_int ? 0 : name_bits(m, id, n);
}

/* Bit-fields are marked in the member, in old BTF by an int type with fewer bits. */
static int make_member(struct maker *m, const struct btf_type *t, uint32_t i, struct member *ret)
{
	const struct btf_member *bm = &btf_members(t)[i];
	uint32_t off = btf_member_bit_offset(t, i), n_bits = btf_member_bitfield_size(t, i);
	uint32_t id = bm->type;
	const struct btf_type *mt;
	int err = 0;

	ret->name = name_at(m, bm->name_off);
	mt = skip_names(m, &id, &err);
	if (err)
		return err;
	if (!n_bits && mt && btf_is_int(mt) && (off % 8 || btf_int_bits(mt) != mt->size * 8)) {
		off += btf_int_offset(mt);
		n_bits = btf_int_bits(mt);
	}
	if (n_bits)
		return make_bits(m, id, ret, off, n_bits);
	if (off % 8)
		return -EINVAL;
	ret->off = off / 8;
	return make_node(m, bm->type, &ret->node);
}

static int close_member(struct maker *m, struct node *rec, uint32_t i)
{
	struct member *mb = &rec->members[i];

	if ((uint64_t)mb->off + mb->node->size > rec->size)
		return -EINVAL;
	mb->lead =
		plan_quote(m->plan, (const char *[]){ i ? "," : "", mb->name, ":" }, &mb->lead_len);
	if (!mb->lead)
		return -ENOMEM;
	add_cost(rec, 1, mb->node->cost);
	return 0;
}

static struct node *new_rec(struct maker *m, enum node_kind kind, uint64_t size, uint32_t n_members)
{
	struct node *n = new_node(m, kind, size);

	if (!n)
		return NULL;
	n->n = n_members;
	n->members = plan_alloc(m->plan, n_members, sizeof(*n->members));
	return n->members ? n : NULL;
}

static int find_vague(struct node *rec)
{
	auto_free const char **names = calloc(rec->n + 1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (uint32_t i = 0; i < rec->n; i++)
		names[i] = rec->members[i].name;
	rec->is_vague = !are_distinct(names, rec->n);
	return 0;
}

static int make_struct(struct maker *m, const struct btf_type *t, struct node **ret)
{
	struct node *n = new_rec(m, NODE_REC, t->size, btf_items(t));
	uint32_t i;
	int err = n ? 0 : -ENOMEM;

	for (i = 0; !err && i < n->n; i++) {
		err = make_member(m, t, i, &n->members[i]);
		if (!err)
			err = close_member(m, n, i);
	}
	if (!err)
		n->type_name = name_at(m, t->name_off);
	*ret = n;
	return err ? err : find_vague(n);
}

/* { "<name>": ... } around a separate node. */
static int make_wrap(struct maker *m, const char *name, const struct node *inner, struct node **ret)
{
	struct node *n = new_rec(m, NODE_REC, inner->size, 1);

	if (!n)
		return -ENOMEM;
	n->members[0] = (struct member){ .name = name, .node = inner };
	n->is_vague = !is_plain(name);
	*ret = n;
	return close_member(m, n, 0);
}

static int make_var(struct maker *m, const struct btf_type *t, struct node **ret)
{
	const struct node *inner;
	int err = make_node(m, t->type, &inner);

	return err ? err : make_wrap(m, name_at(m, t->name_off), inner, ret);
}

/* A section is as large as its variables reach: compilers leave its size to the linker. */
static int make_section(struct maker *m, const struct btf_type *t, struct node **ret)
{
	struct node *n = new_rec(m, NODE_TUPLE, 0, btf_items(t));
	uint32_t i;
	int err = n ? 0 : -ENOMEM;

	for (i = 0; !err && i < n->n; i++) {
		const struct btf_var_secinfo *v = &btf_var_secinfos(t)[i];
		struct member *mb = &n->members[i];

		mb->off = v->offset;
		err = make_node(m, v->type, &mb->node);
		if (err)
			break;
		if ((uint64_t)mb->off + mb->node->size > UINT32_MAX)
			return -EINVAL;
		if (mb->off + mb->node->size > n->size)
			n->size = mb->off + mb->node->size;
		add_cost(n, 1, mb->node->cost);
	}
	return err ? err : make_wrap(m, name_at(m, t->name_off), n, ret);
}

static int make_float(struct maker *m, const struct btf_type *t, struct node **ret)
{
	*ret = new_node(m, NODE_FLOAT, t->size);
	return *ret ? 0 : -ENOMEM;
}

static int make_ptr(struct maker *m, const struct btf_type *t UNUSED, struct node **ret)
{
	*ret = new_node(m, NODE_PTR, btf_pointer_size(m->btf));
	return *ret ? 0 : -ENOMEM;
}

static int (*const makers[])(struct maker *m, const struct btf_type *t, struct node **ret) = {
	[BTF_KIND_INT] = make_int,
	[BTF_KIND_PTR] = make_ptr,
	[BTF_KIND_ARRAY] = make_array,
	[BTF_KIND_STRUCT] = make_struct,
	[BTF_KIND_UNION] = make_struct,
	[BTF_KIND_ENUM] = make_enum,
	[BTF_KIND_ENUM64] = make_enum,
	[BTF_KIND_VAR] = make_var,
	[BTF_KIND_DATASEC] = make_section,
	[BTF_KIND_FLOAT] = make_float,
};

static int make_known(struct maker *m, uint32_t id, const struct btf_type *t,
		      const struct node **ret)
{
	uint32_t kind = btf_kind(t);
	struct node *n = NULL;
	int err;

	if (kind >= ARRAY_SIZE(makers) || !makers[kind])
		return make_word(
			m, kind == BTF_KIND_FWD ? "(fwd-kind-invalid)" : "(unsupported-kind)", ret);
	if (m->depth == BTF_PLAN_DEPTH_MAX)
		return -EINVAL;
	m->known[id] = &m->under_way;
	m->depth++;
	err = makers[kind](m, t, &n);
	m->depth--;
	m->known[id] = err ? NULL : n;
	*ret = n;
	return err;
}

static bool is_net_name(const char *name)
{
	return streq(name, "__be16") || streq(name, "__be32") || streq(name, "__be64") ||
	       streq(name, "in_addr_t") || streq(name, "in_port_t");
}

/* Is one of the typedefs from id on a number in network byte order? Its id, or 0. */
static uint32_t find_net_name(const struct maker *m, uint32_t id)
{
	for (int i = 0; i < BTF_CHAIN_MAX; i++) {
		const struct btf_type *t = btf_skip(m->btf, BTF_MODS, &id);

		if (!t || !btf_is_typedef(t))
			return 0;
		if (is_net_name(name_at(m, t->name_off)))
			return id;
		id = t->type;
	}
	return 0;
}

/* A number in network byte order has a separate node, stored under the id of its typedef. */
static int make_net(struct maker *m, uint32_t name_id, const struct node *plain,
		    const struct node **ret)
{
	struct node *n;

	if (plain->kind != NODE_UINT || name_id >= m->n_types) {
		*ret = plain;
		return 0;
	}
	if (!m->known[name_id]) {
		n = plan_alloc(m->plan, 1, sizeof(*n));
		if (!n)
			return -ENOMEM;
		*n = *plain;
		n->is_net = true;
		m->known[name_id] = n;
	}
	*ret = m->known[name_id];
	return 0;
}

static int make_node(struct maker *m, uint32_t id, const struct node **ret)
{
	uint32_t name_id = find_net_name(m, id);
	const struct btf_type *t;
	int err = 0;

	t = skip_names(m, &id, &err);
	if (err)
		return err;
	if (!t)
		return make_word(m, "(unknown)", ret);
	if (id >= m->n_types || m->known[id] == &m->under_way)
		return -EINVAL;
	*ret = m->known[id];
	if (!*ret)
		err = make_known(m, id, t, ret);
	return err || !name_id ? err : make_net(m, name_id, *ret, ret);
}

const struct node *node_member(const struct node *n, const char *name, size_t len, uint32_t *off)
{
	const struct node *found = NULL;
	uint32_t i, inner = 0;

	for (i = 0; i < n->n; i++) {
		if (!name_is(n->members[i].name, name, len))
			continue;
		*off += n->members[i].off;
		return n->members[i].node;
	}
	for (i = 0; i < n->n && !found; i++) {
		const struct member *m = &n->members[i];

		if (m->name[0] || m->node->kind != NODE_REC)
			continue;
		inner = m->off;
		found = node_member(m->node, name, len, &inner);
	}
	*off += found ? inner : 0;
	return found;
}

/* Those of structs without a name count as n's; text ends with "..." if it has no room for all. */
static void list_members(const struct node *n, struct nearest *near, char *text, size_t size)
{
	for (uint32_t i = 0; i < n->n; i++) {
		const struct member *m = &n->members[i];

		if (!m->name[0] && m->node->kind == NODE_REC)
			list_members(m->node, near, text, size);
		if (!m->name[0])
			continue;
		nearest_try(near, m->name);
		add_word(text, size, "%s", m->name);
	}
}

void node_hint_members(struct err *e, const struct node *const nodes[2], const char *name,
		       size_t len)
{
	char word[128], text[256] = "";
	struct nearest near = { .word = word };

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	for (unsigned int i = 0; i < 2; i++)
		if (nodes[i] && nodes[i]->kind == NODE_REC)
			list_members(nodes[i], &near, text, sizeof(text));
	if (near.best)
		err_hint(e, "did you mean '%s'?", near.best);
	else if (text[0])
		err_hint(e, "the members are: %s", text);
}

int btf_plan_new(const struct btf_image *btf, uint32_t type_id, size_t data_len,
		 struct btf_plan **ret)
{
	auto_free struct node **known = NULL;
	struct maker m = { .btf = btf, .n_types = btf_image_end(btf) };
	int err;

	m.known = known = calloc(m.n_types, sizeof(*known));
	m.plan = calloc(1, sizeof(*m.plan));
	if (m.plan)
		m.plan->scratch = calloc(1, sizeof(*m.plan->scratch));
	err = known && m.plan && m.plan->scratch ? make_node(&m, type_id, &m.plan->root) : -ENOMEM;
	if (!err && (m.plan->root->size > data_len ||
		     m.plan->root->cost > COST_FREE + COST_PER_BYTE * data_len))
		err = -EINVAL;
	if (err)
		btf_plan_free(m.plan);
	else
		*ret = m.plan;
	return err;
}

void btf_plan_bare_bits(struct btf_plan *p)
{
	for (struct node *n = p->named_bits; n; n = n->next_named)
		n->is_bare = true;
}

uint64_t btf_plan_cost(const struct btf_plan *p)
{
	return p->root->cost;
}

void btf_plan_free(struct btf_plan *p)
{
	struct plan_memory *m;

	if (!p)
		return;
	while ((m = p->memory)) {
		p->memory = m->next;
		free(m);
	}
	if (p->scratch)
		buf_free(p->scratch);
	free(p->scratch);
	free(p);
}
