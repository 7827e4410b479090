// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Types picked out of BTF. They are copied one after the other with the numbers of the source in
 * them; when all are there the numbers are replaced.
 */
#include "decode/btf/pick.h"

#include <bpf/btf.h>
#include <errno.h>

static const struct {
	const char *word;
	uint32_t kind;
} kinds[] = {
	{ "struct ", BTF_KIND_STRUCT }, { "union ", BTF_KIND_UNION }, { "enum ", BTF_KIND_ENUM },
	{ "", BTF_KIND_TYPEDEF }, { "", BTF_KIND_STRUCT }, { "", BTF_KIND_UNION }, { "", BTF_KIND_INT },
};

int btf_type_by_name(const struct btf *btf, const char *name)
{
	int id = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(kinds) && id < 0; i++)
		if (has_prefix(name, kinds[i].word))
			id = btf__find_by_name_kind(btf, name + strlen(kinds[i].word), kinds[i].kind);
	return id;
}

struct copy {
	const struct btf *src;
	struct btf *dst;
	uint32_t n_src;
	uint32_t *new_ids;		/* by number in src, 0: not copied; owned */
	uint32_t *queue;		/* numbers in src, in the order of dst; owned */
	uint32_t n;
	int err;
};

static uint32_t copy_type(struct copy *c, const struct btf_type *t, uint32_t id)
{
	int added = btf__add_type(c->dst, c->src, t);

	if (added < 0) {
		c->err = added;
		return 0;
	}
	c->queue[c->n++] = id;
	return c->new_ids[id] = (uint32_t)added;
}

/* The number in dst of a type of src, which is copied if it is not there yet. */
static uint32_t want(struct copy *c, uint32_t id)
{
	const struct btf_type *t;

	if (!id || c->err)
		return 0;
	if (id >= c->n_src) {
		c->err = -EINVAL;
		return 0;
	}
	if (c->new_ids[id])
		return c->new_ids[id];
	t = btf__type_by_id(c->src, id);
	/* What has neither size nor place: functions and what belongs to programs. */
	if (btf_is_func_proto(t) || btf_is_func(t) || btf_is_var(t) || btf_is_datasec(t) || btf_is_decl_tag(t))
		return 0;
	return copy_type(c, t, id);
}

/* Pointers lead far: into half of a kernel, if they are followed. */
static uint32_t want_pointee(struct copy *c, uint32_t id)
{
	const struct btf_type *t = id < c->n_src ? btf__type_by_id(c->src, id) : NULL;
	const char *name;
	int added;

	for (uint32_t n = 0; t && btf_is_mod(t) && !btf_is_type_tag(t) && n < c->n_src; n++)
		t = t->type < c->n_src ? btf__type_by_id(c->src, t->type) : NULL;
	name = t ? btf__name_by_offset(c->src, t->name_off) : NULL;
	if (!t || !btf_is_composite(t) || !name || !*name)
		return want(c, id);
	added = btf__add_fwd(c->dst, name, btf_is_union(t) ? BTF_FWD_UNION : BTF_FWD_STRUCT);
	if (added < 0)
		c->err = added;
	else
		c->queue[c->n++] = 0;	/* nothing in it is to be replaced */
	return added < 0 ? 0 : (uint32_t)added;
}

/* Every copied type has a place in the queue. libbpf has no way to change a type; the memory is ours. */
static struct btf_type *copied(const struct copy *c, uint32_t i)
{
	return (struct btf_type *)btf__type_by_id(c->dst, i + 1);
}

/* Copying moves what was copied before: it is looked up again each time. */
static void replace_ids(struct copy *c, uint32_t i)
{
	struct btf_type *t = copied(c, i);
	uint32_t id, index;

	if (btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t)) {
		id = btf_is_ptr(t) ? want_pointee(c, t->type) : want(c, t->type);
		copied(c, i)->type = id;
	} else if (btf_is_array(t)) {
		id = want(c, btf_array(t)->type);
		index = want(c, btf_array(copied(c, i))->index_type);
		btf_array(copied(c, i))->type = id;
		btf_array(copied(c, i))->index_type = index;
	} else if (btf_is_composite(t)) {
		for (uint16_t m = 0; m < btf_vlen(copied(c, i)) && !c->err; m++) {
			id = want(c, btf_members(copied(c, i))[m].type);
			btf_members(copied(c, i))[m].type = id;
		}
	}
}

static void copy_all(struct copy *c, const uint32_t *ids, size_t n, uint32_t *ret_ids)
{
	for (size_t i = 0; i < n; i++)
		ret_ids[i] = want(c, ids[i]);
	for (uint32_t i = 0; i < c->n && !c->err; i++)
		if (c->queue[i])
			replace_ids(c, i);
}

int btf_extract(const struct btf *src, const uint32_t *ids, size_t n, struct btf **ret, uint32_t *ret_ids)
{
	struct copy c = { .src = src, .dst = btf__new_empty(), .n_src = btf__type_cnt(src) };

	/* Each type of src is copied once, and each pointer may bring one forward declaration. */
	c.new_ids = calloc(c.n_src, sizeof(*c.new_ids));
	c.queue = calloc(2 * (size_t)c.n_src, sizeof(*c.queue));
	if (!c.dst || !c.new_ids || !c.queue)
		c.err = -ENOMEM;
	else
		copy_all(&c, ids, n, ret_ids);
	free(c.new_ids);
	free(c.queue);
	if (c.err)
		btf__free(c.dst);
	else
		*ret = c.dst;
	return c.err;
}
