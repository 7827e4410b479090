// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Each type has marks that say how much of it is kept; a list contains those whose new marks have
 * not been passed on to the types they refer to. Every type is passed at most once per mark, so
 * that cycles end.
 */
#include "decode/btf/subset.h"

#include <errno.h>

#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/copy.h"

enum mark {
	MARK_SHELL = 1 << 0,
	MARK_REACH = 1 << 1,	  /* pointers are followed */
	MARK_CONTENT = 1 << 2,	  /* with all members */
	MARK_POINTED_TO = 1 << 3, /* like MARK_CONTENT, but without members of this one */
	MARK_VALUE = 1 << 4,	  /* everything that a value consists of */
	MARK_FORWARD = 1 << 5, /* after a pointer in such a value: a forward declaration suffices */
	MARK_QUEUED = 1 << 7,
};

#define STRINGS_MAX                                                                                \
	(16 << 20) /* limit of kernels; strings that overlap in the old BTF do not in the new */

#define MARKS (MARK_SHELL | MARK_REACH | MARK_CONTENT | MARK_POINTED_TO | MARK_VALUE | MARK_FORWARD)

struct btf_subset {
	const struct btf_image *img;
	uint32_t n_ids, n_strs;		/* including those of the base */
	uint8_t *marks, *passed;	/* per type; passed: marks already passed on */
	uint32_t *queue;		/* ids; room for all, as each is in it at most once */
	size_t n_queue;
	uint32_t *ids;			/* new ids of old types, 0: not kept */
	uint64_t *members;		/* id << 32 | index, with duplicates */
	size_t n_members, max_members;
};

void btf_subset_free(struct btf_subset *s)
{
	if (!s)
		return;
	free(s->marks);
	free(s->passed);
	free(s->queue);
	free(s->ids);
	free(s->members);
	free(s);
}

int btf_subset_new(struct err *e, const struct btf_image *img, struct btf_subset **ret)
{
	struct btf_subset *s = calloc(1, sizeof(*s));

	if (!s)
		return fail(e, -ENOMEM, "select types");
	s->img = img;
	s->n_ids = img->first_id + img->n_types;
	s->n_strs = img->first_str + img->strs_len;
	s->marks = calloc(s->n_ids, sizeof(*s->marks));
	s->passed = calloc(s->n_ids, sizeof(*s->passed));
	s->queue = calloc(s->n_ids, sizeof(*s->queue));
	s->ids = calloc(s->n_ids, sizeof(*s->ids));
	if (!s->marks || !s->passed || !s->queue || !s->ids) {
		btf_subset_free(s);
		return fail(e, -ENOMEM, "select types");
	}
	*ret = s;
	return 0;
}

/* --- marks --- */

/* What refers to a type of an unknown kind refers to void then. */
static void mark(struct btf_subset *s, uint32_t id, uint8_t marks)
{
	if (!id || !(marks & ~s->marks[id]) || !btf_is_known(btf_image_type(s->img, id)))
		return;
	if (!(s->marks[id] & MARK_QUEUED))
		s->queue[s->n_queue++] = id;
	s->marks[id] |= marks | MARK_QUEUED;
}

/* The marks for the target of a pointer, and for the parts of a type with these marks. */
static uint8_t beyond_pointer(uint8_t marks)
{
	uint8_t on = marks & MARK_REACH;

	if (marks & (MARK_CONTENT | MARK_POINTED_TO))
		on |= MARK_POINTED_TO;
	return on ? on | MARK_SHELL : 0;
}

static uint8_t of_parts(uint8_t marks)
{
	if (marks & MARK_POINTED_TO)
		marks = (marks & ~MARK_POINTED_TO) | MARK_CONTENT;
	return marks;
}

static void mark_members(struct btf_subset *s, const struct btf_type *t, uint8_t marks)
{
	for (uint32_t i = 0; i < btf_items(t) && marks & MARK_CONTENT; i++)
		mark(s, btf_members(t)[i].type, MARK_SHELL | MARK_CONTENT);
}

static void mark_params(struct btf_subset *s, const struct btf_type *t, uint8_t marks)
{
	mark(s, t->type, marks);
	for (uint32_t i = 0; i < btf_items(t); i++)
		mark(s, btf_params(t)[i].type, marks);
}

/* Types without a size, functions, and what belongs to programs become void. */
static void mark_value(struct btf_subset *s, uint32_t id, uint8_t mark_as)
{
	const struct btf_type *t = btf_image_type(s->img, id);

	if (!t || !btf_is_known(t) || btf_is_func_proto(t) || btf_is_func(t) || btf_is_var(t) ||
	    btf_is_datasec(t) || btf_is_decl_tag(t))
		return;
	if (btf_is_composite(t) && !*btf_image_name(s->img, t))
		mark_as = MARK_VALUE;
	mark(s, id, mark_as);
}

/*
 * Pointers lead far: into half of a kernel, if they are followed. For a pointer with a tag the
 * kernel needs the type that it points to.
 */
static void pass_value(struct btf_subset *s, const struct btf_type *t, uint8_t marks)
{
	uint8_t as = marks & MARK_VALUE ? MARK_VALUE : MARK_FORWARD;

	if (btf_is_composite(t))
		for (uint32_t i = 0; i < btf_items(t) && as == MARK_VALUE; i++)
			mark_value(s, btf_members(t)[i].type, MARK_VALUE);
	else if (btf_is_array(t))
		mark_value(s, btf_array(t)->type, MARK_VALUE);
	if (btf_is_array(t))
		mark_value(s, btf_array(t)->index_type, MARK_VALUE);
	else if (btf_is_ptr(t))
		mark_value(s, t->type, MARK_FORWARD);
	else if (btf_is_mod(t) || btf_is_typedef(t))
		mark_value(s, t->type, btf_is_type_tag(t) ? MARK_VALUE : as);
}

/* Passes marks of a type on to the types it refers to. */
static int pass_on(struct err *e, struct btf_subset *s, uint32_t id, uint8_t marks)
{
	const struct btf_type *t = btf_image_type(s->img, id);

	if (marks & (MARK_VALUE | MARK_FORWARD)) {
		pass_value(s, t, marks);
		return 0;
	}
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_FWD:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return 0;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		mark_members(s, t, marks);
		return 0;
	case BTF_KIND_PTR:
		mark(s, t->type, beyond_pointer(marks));
		return 0;
	case BTF_KIND_ARRAY:
		mark(s, btf_array(t)->type, of_parts(marks));
		mark(s, btf_array(t)->index_type, MARK_SHELL);
		return 0;
	case BTF_KIND_FUNC_PROTO:
		mark_params(s, t, of_parts(marks));
		return 0;
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		mark(s, t->type, marks);
		return 0;
	}
	return fail_msg(e, -EINVAL, "BTF type %u is used as a type of data, but is of kind %u", id,
			btf_kind(t));
}

static int pass_all(struct err *e, struct btf_subset *s)
{
	int err = 0;

	while (!err && s->n_queue) {
		uint32_t id = s->queue[--s->n_queue];
		uint8_t marks = s->marks[id] & MARKS & ~s->passed[id];

		s->marks[id] &= MARKS;
		s->passed[id] |= marks;
		err = pass_on(e, s, id, marks);
	}
	return err;
}

int btf_subset_keep(struct err *e, struct btf_subset *s, uint32_t id, enum btf_keep how)
{
	static const uint8_t marks[] = {
		[BTF_KEEP_SHELL] = MARK_SHELL,
		[BTF_KEEP_REACHED] = MARK_SHELL | MARK_REACH,
		[BTF_KEEP_CONTENT] = MARK_SHELL | MARK_CONTENT,
		[BTF_KEEP_VALUE] = MARK_VALUE,
	};

	mark(s, id, marks[how]);
	return pass_all(e, s);
}

/* --- members --- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_members(struct btf_subset *s)
{
	size_t n = 0;

	if (s->n_members)
		qsort(s->members, s->n_members, sizeof(*s->members), by_number);
	for (size_t i = 0; i < s->n_members; i++)
		if (!n || s->members[n - 1] != s->members[i])
			s->members[n++] = s->members[i];
	s->n_members = n;
}

/*
 * Duplicates are removed before more memory is allocated: the required size depends on the types
 * alone.
 */
static int make_room(struct btf_subset *s)
{
	size_t max = s->max_members ? 2 * s->max_members : 256;
	uint64_t *grown;

	sort_members(s);
	if (s->n_members < s->max_members / 2)
		return 0;
	grown = reallocarray(s->members, max, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->members = grown;
	s->max_members = max;
	return 0;
}

int btf_subset_keep_member(struct err *e, struct btf_subset *s, uint32_t id, uint32_t index)
{
	const struct btf_type *t = btf_image_type(s->img, id);

	if (s->n_members == s->max_members && make_room(s))
		return fail(e, -ENOMEM, "select members");
	s->members[s->n_members++] = (uint64_t)id << 32 | index;
	mark(s, id, MARK_SHELL);
	mark(s, btf_members(t)[index].type, MARK_SHELL);
	return pass_all(e, s);
}

/* --- the new BTF --- */

struct writer {
	struct btf_subset *s;
	struct btf_numbers numbers;
	uint32_t *names;		/* new offsets of old strings, 0: not written yet */
	struct buf *types;
	struct btf_copy_layout layout;
	struct buf strs;
	size_t next_member;		/* in s->members */
};

static uint32_t new_name(void *ctx, uint32_t off)
{
	struct writer *w = ctx;
	const char *name = btf_image_str(w->s->img, off);

	if (!*name || w->strs.len > STRINGS_MAX)
		return 0;
	if (!w->names[off]) {
		w->names[off] = (uint32_t)w->strs.len;
		buf_put(&w->strs, name, strlen(name) + 1);
	}
	return w->names[off];
}

static uint32_t new_id(void *ctx, uint32_t id)
{
	const struct writer *w = ctx;

	return w->s->ids[id];
}

/*
 * All members of a type with content, else those on the list, which is in order of ids like this
 * walk.
 */
static void put_composite(struct writer *w, uint32_t id, const struct btf_type *t)
{
	struct btf_subset *s = w->s;
	bool is_whole = s->marks[id] & (MARK_CONTENT | MARK_VALUE);
	size_t at = w->types->len;
	struct btf_type head = *t;
	uint32_t n = is_whole ? btf_items(t) : 0;

	buf_put(w->types, t, is_whole ? btf_type_len(w->s->img, t) : sizeof(*t));
	for (; w->next_member < s->n_members && s->members[w->next_member] >> 32 == id;
	     w->next_member++) {
		if (is_whole)
			continue;
		buf_put(w->types, btf_members(t) + (uint32_t)s->members[w->next_member],
			sizeof(struct btf_member));
		n++;
	}
	head.info = (head.info & ~0xffffffu) | n;
	if (!w->types->err)
		memcpy(w->types->data + at, &head, sizeof(head));
	btf_copy_replace(w->types, at, &w->numbers);
}

static void put_forward(struct writer *w, const struct btf_type *t)
{
	const struct btf_type fwd = { .name_off = t->name_off,
				      .info = BTF_KIND_FWD << 24 | (uint32_t)btf_is_union(t)
									   << 31 };

	btf_copy_type(w->types, w->s->img, &fwd, &w->numbers);
}

static void put_type(struct writer *w, uint32_t id)
{
	const struct btf_type *t = btf_image_type(w->s->img, id);

	if (!btf_is_composite(t))
		btf_copy_type(w->types, w->s->img, t, &w->numbers);
	else if (w->s->marks[id] == MARK_FORWARD)
		put_forward(w, t);
	else
		put_composite(w, id, t);
}

static void put_all(struct writer *w)
{
	struct btf_subset *s = w->s;
	uint32_t n = 0;

	for (uint32_t id = 1; id < s->n_ids; id++)
		if (s->marks[id])
			s->ids[id] = ++n;
	btf_copy_begin(w->types, &w->layout);
	buf_putc(&w->strs, '\0');
	for (uint32_t id = 1; id < s->n_ids; id++)
		if (s->ids[id])
			put_type(w, id);
	btf_copy_end(w->types, &w->layout, w->strs.len);
	buf_put(w->types, w->strs.data, w->strs.len);
}

int btf_subset_write(struct err *e, struct btf_subset *s, int flags, struct buf *b)
{
	auto_free uint32_t *names = calloc(s->n_strs + 1, sizeof(*names));
	struct writer w = { .s = s, .types = b, .names = names };
	int err = names ? 0 : -ENOMEM;

	w.numbers = (struct btf_numbers){ .id = new_id, .name = new_name, .ctx = &w };
	sort_members(s);
	if (!err && flags & BTF_SUBSET_LAYOUT) {
		err = btf_copy_layout_add(e, &w.layout, s->img);
		if (err)
			return err;
	}
	if (!err) {
		put_all(&w);
		err = b->err ?: w.strs.err ?: w.strs.len > STRINGS_MAX ? -E2BIG : 0;
	}
	buf_free(&w.strs);
	return err ? fail(e, err, "write the new types") : 0;
}

uint32_t btf_subset_id(const struct btf_subset *s, uint32_t id)
{
	return s->ids[id];
}
