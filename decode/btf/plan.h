/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What btf_plan.c compiles and btf_value.c prints: a graph of nodes, one per type (shared by all
 * that use the type) and one per bit-field. Nothing outside decode/btf_*.c includes this.
 */
#ifndef DECODE_BTF_PLAN_H
#define DECODE_BTF_PLAN_H

#include "cli/buf.h"

enum node_kind {
	/* Scalars: size bytes at the node's place, bit-fields n_bits at bit_off. */
	NODE_UINT, NODE_INT, NODE_BOOL, NODE_CHAR, NODE_PTR, NODE_ENUM, NODE_FLOAT,
	NODE_BITS, /* shown in hexadecimal: bit-fields (of an enum: by its names), 128-bit and odd
		      numbers */
	NODE_SIGNED_BITS,
	NODE_WORD,   /* has no data, only this to say: void, a function, a forward */
	NODE_FORMAT, /* printed otherwise than its type says: btf_format.c. Nothing else sees it */
	/* Containers */
	NODE_REC,   /* members with names */
	NODE_TUPLE, /* members without: the variables of a section */
	NODE_ARRAY,
	NODE_STRING, /* an array of char */
};

struct enum_name {
	uint64_t value;		/* cut to the size of the type */
	uint32_t order;		/* of two names for a value the first declared is shown */
	const char *text;	/* a JSON string, with the quotes */
	size_t text_len;
};

struct node;

struct member {
	const char *name;	/* belongs to the BTF */
	const char *lead;	/* what stands before the value in compact JSON: ,"name": */
	size_t lead_len;
	uint32_t off;
	const struct node *node;
};

struct node {
	enum node_kind kind;
	uint32_t size;
	uint8_t bit_off, n_bits;
	bool is_signed;		/* of an enum; of the number behind NODE_BITS */
	bool is_net;		/* __be16 and its like: in network byte order */
	bool is_vague;		/* its members, or its values, are not told apart by their names */
	bool is_seen;		/* by a walk over all of them that has come by */
	uint8_t as;		/* of NODE_FORMAT */
	uint8_t name_size; /* of NODE_BITS with names: bytes of the enum, to which their values are
			      cut */
	bool is_bare;		/* of NODE_BITS: its names are not shown */
	bool is_native;		/* of NODE_FORMAT: a number in this machine's byte order */
	uint32_t n;		/* members, elements, names */
	const char *type_name;	/* of a struct; belongs to the BTF; NULL: it is no struct */
	uint64_t cost;		/* how many nodes one value of it takes to print */
	union {
		struct member *members;
		const struct node *elem;
		struct enum_name *names;	/* sorted */
		const char *word;
	};
	struct node *next_named;	/* of NODE_BITS with names: another one of this plan */
};

/* The number of 1, 2, 4 or 8 bytes that lies there, aligned or not. */
static inline uint64_t node_number(const uint8_t *data, size_t size)
{
	const union {
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} __attribute__((packed, may_alias)) *n = (const void *)data;

	return size == 1 ? *data : size == 2 ? n->u16 : size == 4 ? n->u32 : n->u64;
}

struct plan_memory;
struct btf_plan;

/* Zeroed, and the plan's; NULL when out of memory. */
void *plan_alloc(struct btf_plan *p, size_t n, size_t size);
/*
 * The member of that name (len bytes), and its offset added to *off; NULL when there is none.
 * Members of structs without a name count as those of the struct around them, as in C.
 */
const struct node *node_member(const struct node *n, const char *name, size_t len, uint32_t *off);
static inline bool name_is(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

/* btf_format.c: what is in NODE_FORMAT's place, as JSON: text shows it in quotes, too. */
void node_format_put(struct buf *b, const struct node *n, const uint8_t *data);

struct btf_plan {
	const struct node *root;
	struct plan_memory *memory;
	struct node *named_bits;
	struct buf *scratch;
};

#endif
