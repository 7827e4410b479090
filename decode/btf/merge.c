// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Merging BTF.
 *
 * All types are numbered consecutively: those of the base, then those of each image. Each has a
 * color, initially made from its own words and names; then, repeatedly, from that and the colors of
 * the types it refers to, until the number of different colors no longer grows. Then types with the
 * same color are equal. No recursion, and cycles (every list head is one) need no special
 * treatment; the number of rounds is limited, as invalid data can need many.
 */
#include <errno.h>
#include <sys/random.h>

#include "cli/array.h"
#include "cli/buf.h"
#include "cli/err.h"
#include "decode/btf/copy.h"
#include "decode/btf/merge.h"

#define WORK_MAX (1ull << 27)	/* references visited, in all rounds */
#define NAME_COMPARE 1024	/* bytes of a name that are compared */
#define FORWARD_ROUNDS 4

struct merge {
	const struct btf_image *base, *imgs;
	size_t n_imgs;
	uint32_t n, first; /* numbers are below n; those of the images start at first */
	uint32_t *starts;		/* owned: the first number of each image */
	uint64_t *own, *colour, *next;	/* owned, one value per type */
	uint32_t *alias; /* owned: the type that replaces a forward declaration; 0: none */
	uint32_t *same;			/* owned: the first type with the same color */
	uint32_t *ids;			/* owned: in the result */
	uint32_t *table;		/* owned: of hash_cap numbers, 0: empty */
	size_t hash_cap;
	uint64_t work;
	uint64_t seed;			/* so that nobody can construct hash collisions */
	struct btf_copy_layout layout;
	struct buf scratch;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

static uint64_t hash_str(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (int i = 0; i < NAME_COMPARE && s[i]; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3;
	return mix(h, h >> 32);
}

/* --- numbers --- */

/* A type by its number, with its image (-1: the base). */
static const struct btf_type *type_at(const struct merge *m, uint32_t at, ssize_t *ret_img)
{
	size_t i;

	*ret_img = -1;
	if (at < m->first)
		return btf_image_type(m->base, at);
	i = count_before(m->starts, m->n_imgs, start, *start <= at) - 1;
	*ret_img = (ssize_t)i;
	return btf_image_type(&m->imgs[i], m->imgs[i].first_id + at - m->starts[i]);
}

static const struct btf_image *image_at(const struct merge *m, ssize_t img)
{
	return img < 0 ? m->base : &m->imgs[img];
}

/* An id within an image as a number, that of a forward declaration as its replacement. */
static uint32_t number_of(const struct merge *m, ssize_t img, uint32_t id)
{
	if (img >= 0 && id >= m->imgs[img].first_id)
		id = m->starts[img] + id - m->imgs[img].first_id;
	return m->alias[id] ? m->alias[id] : id;
}

/* --- colors --- */

struct own_hash {
	const struct btf_image *img;
	const uint32_t *type;		/* in the data */
	uint32_t *copy;
	uint64_t names;
};

static int blank_ref(void *ctx, const uint32_t *ref)
{
	struct own_hash *h = ctx;

	h->copy[ref - h->type] = 0;
	return 0;
}

static int blank_name(void *ctx, const uint32_t *ref)
{
	struct own_hash *h = ctx;

	h->copy[ref - h->type] = 0;
	h->names = mix(h->names, hash_str(btf_image_str(h->img, *ref) ?: ""));
	return 0;
}

/* Equal to no other type, whatever is in it. */
static bool is_unique(const struct btf_type *t)
{
	return btf_is_var(t) || btf_is_datasec(t) || !btf_is_known(t);
}

/* From all words but references, and from the names. */
static bool hash_own(struct merge *m, uint32_t at)
{
	ssize_t img;
	const struct btf_type *t = type_at(m, at, &img);
	size_t len = btf_type_len(image_at(m, img), t);
	struct own_hash h = { .img = image_at(m, img), .type = (const uint32_t *)t,
			     .names = is_unique(t) ? mix(m->seed, at) : m->seed };

	m->scratch.len = 0;
	buf_put(&m->scratch, t, len);
	if (m->scratch.err)
		return false;
	h.copy = (uint32_t *)m->scratch.data;
	btf_type_refs(t, blank_ref, &h);
	btf_type_names(t, blank_name, &h);
	for (size_t i = 0; i < len / 4; i++)
		h.names = mix(h.names, h.copy[i]);
	m->own[at] = h.names;
	return true;
}

struct refine {
	struct merge *m;
	ssize_t img;
	uint64_t colour;
};

static int mix_ref(void *ctx, const uint32_t *ref)
{
	struct refine *r = ctx;

	r->m->work++;
	r->colour = mix(r->colour, r->m->colour[number_of(r->m, r->img, *ref)]);
	return 0;
}

static void refine(struct merge *m)
{
	uint64_t *swap = m->colour;

	m->next[0] = 1;
	for (uint32_t at = 1; at < m->n; at++) {
		struct refine r = { .m = m, .colour = m->own[at] };

		btf_type_refs(type_at(m, at, &r.img), mix_ref, &r);
		m->next[at] = r.colour;
	}
	m->work += m->n;
	m->colour = m->next;
	m->next = swap;
}

/* Fills m->same; returns the number of colors. */
static uint32_t find_same(struct merge *m)
{
	uint32_t n = 0;

	memset(m->table, 0, m->hash_cap * sizeof(*m->table));
	for (uint32_t at = 1; at < m->n; at++) {
		size_t slot = m->colour[at] & (m->hash_cap - 1);

		while (m->table[slot] && m->colour[m->table[slot]] != m->colour[at])
			slot = (slot + 1) & (m->hash_cap - 1);
		n += !m->table[slot];
		if (!m->table[slot])
			m->table[slot] = at;
		m->same[at] = m->table[slot];
	}
	return n;
}

static int settle(struct err *e, struct merge *m)
{
	uint32_t before, now = 0;

	memcpy(m->colour, m->own, m->n * sizeof(*m->own));
	do {
		before = now;
		refine(m);
		now = find_same(m);
		if (m->work > WORK_MAX)
			return fail_msg(e, -ELOOP,
					"type references are too deep to merge");
	} while (now != before);
	return 0;
}

/* --- forward declarations --- */

static uint32_t kind_at(const struct merge *m, uint32_t at, const char **ret_name)
{
	ssize_t img;
	const struct btf_type *t = type_at(m, at, &img);

	*ret_name = btf_image_name(image_at(m, img), t);
	if (btf_kind(t) == BTF_KIND_FWD)
		return btf_kflag(t) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	return btf_kind(t);
}

static bool is_forward(const struct merge *m, uint32_t at)
{
	ssize_t img;

	return btf_kind(type_at(m, at, &img)) == BTF_KIND_FWD;
}

/*
 * The slot of a struct's or union's name in the table: that of the first one with this name, or an
 * empty one.
 */
static size_t name_slot(const struct merge *m, uint32_t kind, const char *name)
{
	size_t slot = mix(mix(m->seed, hash_str(name)), kind) & (m->hash_cap - 1);
	const char *other;

	while (m->table[slot] &&
	       (kind_at(m, m->table[slot], &other) != kind || strncmp(other, name, NAME_COMPARE)))
		slot = (slot + 1) & (m->hash_cap - 1);
	return slot;
}

/*
 * m->next[record]: 0 if there is another struct or union with its name. Only numbers in the table
 * count.
 */
static void index_records(struct merge *m)
{
	memset(m->table, 0, m->hash_cap * sizeof(*m->table));
	for (uint32_t at = 1; at < m->n; at++) {
		const char *name;
		uint32_t kind = kind_at(m, at, &name);
		size_t slot;

		if ((kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION) || !*name ||
		    is_forward(m, at))
			continue;
		slot = name_slot(m, kind, name);
		if (!m->table[slot]) {
			m->table[slot] = at;
			m->next[at] = 1;
		} else if (m->same[m->table[slot]] != m->same[at]) {
			m->next[m->table[slot]] = 0;
		}
	}
}

/* Number of forward declarations whose name has exactly one struct or union. */
static uint32_t resolve_forwards(struct merge *m)
{
	uint32_t n = 0;

	index_records(m);
	for (uint32_t at = m->first; at < m->n; at++) {
		const char *name;
		uint32_t kind, record;

		if (m->alias[at] || !is_forward(m, at))
			continue;
		kind = kind_at(m, at, &name);
		record = *name ? m->table[name_slot(m, kind, name)] : 0;
		if (!record || !m->next[record])
			continue;
		m->alias[at] = record;
		n++;
	}
	return n;
}

/* --- the result --- */

/* Ids in the order of the images; types of the base keep theirs. Returns the end. */
static void give_ids(struct merge *m)
{
	uint32_t next = m->first;

	for (uint32_t at = 1; at < m->n; at++) {
		uint32_t first = m->same[at];

		if (m->alias[at])
			first = m->same[m->alias[at]];
		m->same[at] = first;
		if (at < m->first)
			m->ids[at] = at;
		else if (first == at)
			m->ids[at] = next++;
	}
	for (uint32_t at = m->first; at < m->n; at++)
		m->ids[at] = m->ids[m->same[at]];
}

struct origin {
	const struct merge *m;
	ssize_t img;
	uint32_t str_shift;		/* for the image's own strings */
};

static uint32_t new_id(void *ctx, uint32_t id)
{
	const struct origin *o = ctx;

	return o->m->ids[number_of(o->m, o->img, id)];
}

/* The empty string has offset 0 everywhere, as strings of the base keep their offsets. */
static uint32_t new_name(void *ctx, uint32_t off)
{
	const struct origin *o = ctx;
	uint32_t first = o->m->imgs[o->img].first_str;

	return off && off >= first ? off - first + o->str_shift : off;
}

static void write_image(const struct merge *m, ssize_t img, uint32_t str_shift, struct buf *b)
{
	const struct btf_image *image = &m->imgs[img];
	struct origin o = { .m = m, .img = img, .str_shift = str_shift };
	const struct btf_numbers numbers = { .id = new_id, .name = new_name, .ctx = &o };

	for (uint32_t i = 0; i < image->n_types && !b->err; i++)
		if (m->same[m->starts[img] + i] == m->starts[img] + i)
			btf_copy_type(b, image, btf_image_type(image, image->first_id + i),
				      &numbers);
}

static int write_all(struct err *e, const struct merge *m, void **ret, size_t *ret_len)
{
	uint32_t first_str = m->base ? m->base->first_str + m->base->strs_len : 0;
	uint64_t strs = 0;
	struct buf b = {};

	for (size_t i = 0; i < m->n_imgs; i++)
		strs += m->imgs[i].strs_len;
	btf_copy_begin(&b, &m->layout);
	for (size_t i = 0, shift = first_str; i < m->n_imgs; shift += m->imgs[i++].strs_len)
		write_image(m, i, shift, &b);
	if (b.len + strs + first_str > UINT32_MAX / 2) {
		buf_free(&b);
		return fail_msg(e, -EFBIG, "the merged types exceed BTF's limits");
	}
	btf_copy_end(&b, &m->layout, strs);
	for (size_t i = 0; i < m->n_imgs; i++)
		buf_put(&b, m->imgs[i].strs, m->imgs[i].strs_len);
	if (b.err) {
		buf_free(&b);
		return fail(e, -ENOMEM, "merge BTF");
	}
	*ret = b.data;
	*ret_len = b.len;
	return 0;
}

/* --- the whole --- */

static bool merge_open(struct merge *m)
{
	uint64_t n = m->first = m->base ? btf_image_end(m->base) : 1;

	if (getrandom(&m->seed, sizeof(m->seed), GRND_NONBLOCK) < 0)
		m->seed = (uintptr_t)m;

	m->starts = calloc(m->n_imgs + 1, sizeof(*m->starts));
	for (size_t i = 0; m->starts && i < m->n_imgs; i++) {
		m->starts[i] = n;
		n += m->imgs[i].n_types;
	}
	if (!m->starts || n > UINT32_MAX / 8)
		return false;
	m->n = n;
	for (m->hash_cap = 64; m->hash_cap < 2 * n;)
		m->hash_cap *= 2;
	m->own = calloc(n, sizeof(*m->own));
	m->colour = calloc(n, sizeof(*m->colour));
	m->next = calloc(n, sizeof(*m->next));
	m->alias = calloc(n, sizeof(*m->alias));
	m->same = calloc(n, sizeof(*m->same));
	m->ids = calloc(n, sizeof(*m->ids));
	m->table = calloc(m->hash_cap, sizeof(*m->table));
	return m->own && m->colour && m->next && m->alias && m->same && m->ids && m->table;
}

static int merge_layouts(struct err *e, struct merge *m)
{
	int err = btf_copy_layout_add(e, &m->layout, m->base);

	for (size_t i = 0; !err && i < m->n_imgs; i++)
		err = btf_copy_layout_add(e, &m->layout, &m->imgs[i]);
	return err;
}

static void merge_close(struct merge *m)
{
	free(m->starts);
	free(m->own);
	free(m->colour);
	free(m->next);
	free(m->alias);
	free(m->same);
	free(m->ids);
	free(m->table);
	buf_free(&m->scratch);
}

int btf_merge(struct err *e, const struct btf_image *base, const struct btf_image *imgs, size_t n,
	      void **ret, size_t *ret_len)
{
	struct merge m = { .base = base, .imgs = imgs, .n_imgs = n };
	bool has_room = merge_open(&m);
	int err = 0;

	for (uint32_t at = 1; has_room && at < m.n; at++)
		has_room = hash_own(&m, at);
	if (!has_room)
		err = fail(e, -ENOMEM, "merge BTF");
	err = err ?: merge_layouts(e, &m);
	for (int i = 0; !err && i < FORWARD_ROUNDS; i++) {
		err = settle(e, &m);
		if (!err && (i + 1 == FORWARD_ROUNDS || !resolve_forwards(&m)))
			break;
	}
	if (!err) {
		give_ids(&m);
		err = write_all(e, &m, ret, ret_len);
	}
	merge_close(&m);
	return err;
}
