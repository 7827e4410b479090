// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Combines values of per-CPU maps, number by number. For a union: only the first member. */
#include "decode/btf/percpu_fold.h"
#include "decode/btf/plan.h"

struct folder {
	enum btf_percpu_fold how;
	bool is_signed;
};

static void write_number(uint64_t v, uint8_t *data, size_t size)
{
	uint8_t u8 = (uint8_t)v;
	uint16_t u16 = (uint16_t)v;
	uint32_t u32 = (uint32_t)v;

	memcpy(data,
	       size == 1   ? (void *)&u8
	       : size == 2 ? (void *)&u16
	       : size == 4 ? (void *)&u32
			   : (void *)&v,
	       size);
}

static void fold_number(const struct folder *f, size_t size, uint8_t *sum, const uint8_t *data)
{
	uint64_t a = node_number(sum, size), b = node_number(data, size);
	uint64_t flip = f->is_signed ? 1ULL << (8 * size - 1) : 0; /* makes signed order unsigned */

	if (f->how == BTF_PERCPU_SUM)
		write_number(a + b, sum, size);
	else if ((b ^ flip) > (a ^ flip))
		write_number(b, sum, size);
}

void btf_percpu_fold_number(size_t size, enum btf_percpu_fold how, uint8_t *sum,
			    const uint8_t *data)
{
	const struct folder f = { .how = how };

	fold_number(&f, size, sum, data);
}

static void fold_float(enum btf_percpu_fold how, size_t size, uint8_t *sum, const uint8_t *data)
{
	double a, b;
	float fa, fb;

	if (size == sizeof(a)) {
		memcpy(&a, sum, size);
		memcpy(&b, data, size);
		a = how == BTF_PERCPU_SUM ? a + b : b > a ? b : a;
		memcpy(sum, &a, size);
	} else if (size == sizeof(fa)) {
		memcpy(&fa, sum, size);
		memcpy(&fb, data, size);
		fa = how == BTF_PERCPU_SUM ? fa + fb : fb > fa ? fb : fa;
		memcpy(sum, &fa, size);
	}
}

static void fold(enum btf_percpu_fold how, const struct node *n, uint8_t *sum, const uint8_t *data)
{
	const struct folder f = { .how = how, .is_signed = n->kind == NODE_INT };
	uint32_t i, end = 0;

	if (n->kind == NODE_UINT || n->kind == NODE_INT) {
		fold_number(&f, n->size, sum, data);
	} else if (n->kind == NODE_FLOAT) {
		fold_float(how, n->size, sum, data);
	} else if (n->kind == NODE_ARRAY) {
		for (i = 0; i < n->n; i++)
			fold(how, n->elem, sum + (size_t)i * n->elem->size,
			     data + (size_t)i * n->elem->size);
	} else if (n->kind == NODE_REC || n->kind == NODE_TUPLE) {
		for (i = 0; i < n->n; i++) {
			const struct member *m = &n->members[i];

			if (m->off < end)
				continue;
			fold(how, m->node, sum + m->off, data + m->off);
			end = m->off + m->node->size;
		}
	}
}

void btf_plan_fold(const struct btf_plan *p, enum btf_percpu_fold how, uint8_t *sum,
		   const uint8_t *data)
{
	fold(how, p->root, sum, data);
}
