// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Paths into typed data, and their order. */
#include "decode/btf/place.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>

#include "decode/btf/plan.h"

static int step_index(const char **at, const char *end, struct btf_place *p)
{
	const struct node *n = p->node;
	char *behind;
	unsigned long i;

	if (!isdigit((unsigned char)(*at)[1]))
		return -ENOENT;
	i = strtoul(*at + 1, &behind, 10);
	if (behind >= end || *behind != ']' || (n->kind != NODE_ARRAY && n->kind != NODE_STRING) ||
	    i >= n->n)
		return -ENOENT;
	p->node = n->elem;
	p->off += (uint32_t)i * n->elem->size;
	*at = behind + 1;
	return 0;
}

static int step_member(const char **at, const char *end, struct btf_place *p)
{
	size_t len = strcspn(*at, ".["), left = (size_t)(end - *at);

	len = len < left ? len : left;
	p->node = p->node->kind == NODE_REC && len ? node_member(p->node, *at, len, &p->off) : NULL;
	*at += len;
	return p->node ? 0 : -ENOENT;
}

int btf_place_find(const struct btf_plan *p, const char *path, size_t len, struct btf_place *ret)
{
	const char *at = path, *end = path + len;
	struct btf_place found = { .node = p->root };
	int err = 0;

	while (at < end && !err) {
		if (*at == '.' && at > path)
			at++;
		err = *at == '[' ? step_index(&at, end, &found) : step_member(&at, end, &found);
	}
	if (!err)
		*ret = found;
	return err;
}

/* How far the path leads, and where: NULL if not even the plan's root can be described. */
static const struct node *walk_as_far(const struct btf_plan *p, const char *path, size_t *ret_len)
{
	const char *at = path;
	size_t len = strcspn(at, ".[");
	struct btf_place found;

	while (at[len] && !btf_place_find(p, path, (size_t)(at - path) + len, &found)) {
		at += len;
		len = strcspn(at + 1, ".[") + 1;
	}
	*ret_len = (size_t)(at - path);
	return btf_place_find(p, path, *ret_len, &found) ? NULL : found.node;
}

void btf_place_hint(struct err *e, const struct btf_plan *const plans[2], const char *path)
{
	const struct node *nodes[2] = {};
	size_t far = 0, len;

	for (unsigned int i = 0; i < 2; i++) {
		const struct node *n = plans[i] ? walk_as_far(plans[i], path, &len) : NULL;

		if (!n || len < far)
			continue;
		if (len > far)
			nodes[0] = NULL;
		far = len;
		nodes[i] = n;
	}
	path += far + (path[far] == '.');
	node_hint_members(e, nodes, path, path[0] == '[' ? strcspn(path + 1, ".[") + 1
							 : strcspn(path, ".["));
}

static int compare_bytes(const struct node *n, const uint8_t *a, const uint8_t *b, bool is_number)
{
	/* The most significant byte comes first. */
	bool turned = is_number && __BYTE_ORDER == __LITTLE_ENDIAN;

	for (uint32_t i = 0; i < n->size; i++) {
		uint32_t at = turned ? n->size - 1 - i : i;

		if (a[at] != b[at])
			return a[at] < b[at] ? -1 : 1;
	}
	return 0;
}

static bool top_bit(const struct node *n, const uint8_t *data)
{
	return data[__BYTE_ORDER == __LITTLE_ENDIAN ? n->size - 1 : 0] & 0x80;
}

static int compare_int(const struct node *n, const uint8_t *a, const uint8_t *b)
{
	bool below_a = top_bit(n, a), below_b = top_bit(n, b);

	if (below_a != below_b)
		return below_a ? -1 : 1;
	return compare_bytes(n, a, b, true);
}

/* n bits, one by one from the most significant one; the first is a sign. */
static int compare_bits(const struct node *n, const uint8_t *a, const uint8_t *b)
{
	for (unsigned int i = n->n_bits; i-- > 0;) {
#if __BYTE_ORDER == __LITTLE_ENDIAN
		unsigned int bit = n->bit_off + i, byte = bit / 8, shift = bit % 8;
#else
		unsigned int bit = n->bit_off + n->n_bits - 1 - i, byte = bit / 8,
			     shift = 7 - bit % 8;
#endif
		bool x = a[byte] >> shift & 1, y = b[byte] >> shift & 1;

		if (x != y)
			return (x < y) != (n->is_signed && i == n->n_bits - 1U) ? -1 : 1;
	}
	return 0;
}

static int compare_float(const struct node *n, const uint8_t *a, const uint8_t *b)
{
	double x, y;
	float f, g;

	if (n->size == sizeof(f)) {
		memcpy(&f, a, sizeof(f));
		memcpy(&g, b, sizeof(g));
		x = f;
		y = g;
	} else if (n->size == sizeof(x)) {
		memcpy(&x, a, sizeof(x));
		memcpy(&y, b, sizeof(y));
	} else {
		return compare_bytes(n, a, b, true);
	}
	return x < y ? -1 : x > y;
}

int btf_place_compare(const struct btf_place *at, const uint8_t *a, const uint8_t *b)
{
	const struct node *n = at->node;

	a += at->off;
	b += at->off;
	switch (n->kind) {
	case NODE_INT:
		return compare_int(n, a, b);
	case NODE_ENUM:
		return n->is_signed ? compare_int(n, a, b) : compare_bytes(n, a, b, true);
	case NODE_FLOAT:
		return compare_float(n, a, b);
	case NODE_BITS:
	case NODE_SIGNED_BITS:
		return compare_bits(n, a, b);
	case NODE_STRING:
		return strncmp((const char *)a, (const char *)b, n->size);
	case NODE_UINT:
	case NODE_BOOL:
	case NODE_CHAR:
	case NODE_PTR:
		return compare_bytes(n, a, b, !n->is_net);
	default:
		return compare_bytes(n, a, b, false);
	}
}

bool btf_place_is_text(const struct btf_place *at)
{
	return at->node->kind == NODE_STRING || at->node->kind == NODE_CHAR;
}

static bool is_integer(const struct node *n)
{
	return (n->kind == NODE_UINT || n->kind == NODE_INT) && !n->is_net;
}

uint32_t btf_place_number(const struct btf_place *at)
{
	return is_integer(at->node) ? at->node->size : 0;
}

uint32_t btf_place_numbers(const struct btf_place *at, uint32_t *ret_size)
{
	const struct node *n = at->node;

	if (n->kind != NODE_ARRAY || !is_integer(n->elem))
		return 0;
	*ret_size = n->elem->size;
	return n->n;
}

int btf_place_member(const struct btf_plan *p, uint32_t i, struct btf_place *ret,
		     const char **ret_name)
{
	const struct node *n = p->root;

	if (n->kind != NODE_REC || i >= n->n)
		return -ENOENT;
	*ret = (struct btf_place){ .node = n->members[i].node, .off = n->members[i].off };
	*ret_name = n->members[i].name;
	return 0;
}
