/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What plan.c compiles and value.c prints: a graph of nodes, one per type (shared by all uses of
 * the type) and one per bit-field. Only included in decode/btf/.
 */
#ifndef DECODE_BTF_PLAN_H
#define DECODE_BTF_PLAN_H

#include "cli/buf.h"

enum node_kind {
	/* Scalars: size bytes at the node's offset, bit-fields n_bits at bit_off. */
	NODE_UINT, NODE_INT, NODE_BOOL, NODE_CHAR, NODE_PTR, NODE_ENUM, NODE_FLOAT,
	NODE_BITS, /* in hexadecimal: bit-fields (of an enum: by name), 128-bit and odd sizes */
	NODE_SIGNED_BITS,
	NODE_WORD,   /* no data, only a word: void, a function, a forward */
	NODE_FORMAT, /* in another form than its type: format.c. Only there */
	/* Containers */
	NODE_REC,   /* members with names */
	NODE_TUPLE, /* members without names: the variables of a section */
	NODE_ARRAY,
	NODE_STRING, /* an array of char */
};

struct enum_name {
	uint64_t value;		/* truncated to the size of the type */
	uint32_t order;		/* of two names for a value the first declared is used */
	const char *text;	/* a JSON string, with the quotes */
	size_t text_len;
};

struct err;
struct node;

struct member {
	const char *name;	/* belongs to the BTF */
	const char *lead;	/* precedes the value in compact JSON: ,"name": */
	size_t lead_len;
	uint32_t off;
	const struct node *node;
};

struct node {
	enum node_kind kind;
	uint32_t size;
	uint8_t bit_off, n_bits;
	bool is_signed;		/* of an enum; of the number in NODE_BITS */
	bool is_net;		/* __be16 and similar: in network byte order */
	bool is_vague;		/* names of members or values are ambiguous */
	bool is_seen;		/* already visited by a walk over all of them */
	uint8_t as;		/* of NODE_FORMAT */
	uint8_t name_size; /* of NODE_BITS with names: size of the enum, values are truncated to
			    * it */
	bool is_bare;		/* of NODE_BITS: its names are not printed */
	bool is_native;		/* of NODE_FORMAT: a number in this machine's byte order */
	uint32_t n;		/* members, elements, names */
	const char *type_name;	/* of a struct; belongs to the BTF; NULL: not a struct */
	uint64_t cost;		/* number of nodes printed for one value */
	union {
		struct member *members;
		const struct node *elem;
		struct enum_name *names;	/* sorted */
		const char *word;
	};
	struct node *next_named;	/* of NODE_BITS with names: the next in this plan */
};

/* The number of 1, 2, 4 or 8 bytes at that address, aligned or not. */
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

/* Zeroed, owned by the plan; NULL if out of memory. */
void *plan_alloc(struct btf_plan *p, size_t n, size_t size);
/*
 * The member with that name (len bytes), and its offset added to *off; NULL if there is none.
 * Members of unnamed structs count as those of the enclosing struct, as in C.
 */
const struct node *node_member(const struct node *n, const char *name, size_t len, uint32_t *off);
/* Hint for the error that none (NULL: no second) has a member of that name: the nearest, or all. */
void node_hint_members(struct err *e, const struct node *const nodes[2], const char *name,
		       size_t len);
static inline bool name_is(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

/* format.c: the output for NODE_FORMAT, as JSON: text has the quotes, too. */
void node_format_put(struct buf *b, const struct node *n, const uint8_t *data);

struct btf_plan {
	const struct node *root;
	struct plan_memory *memory;
	struct node *named_bits;
	struct buf *scratch;
};

#endif
