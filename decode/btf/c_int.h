/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the files of the C writer share: btf_c.c (the header), btf_c_types.c (declarations),
 * btf_c_names.c.
 */
#ifndef DECODE_BTF_C_INT_H
#define DECODE_BTF_C_INT_H

#include "decode/btf/decl.h"
#include "decode/btf/size.h"

/* Names that are taken, and how often. */
struct c_names {
	struct c_name {
		const char *name;	/* of the image, or constant */
		uint32_t n;
		uint8_t kind;		/* of a tag: a forward declaration is no second struct */
	} *slots;			/* owned */
	size_t cap, used;
};

struct c_writer {
	struct btf_decl d;		/* first: d's hooks find the writer by it */
	struct btf_sizes sizes;
	struct buf buf;
	uint8_t *state;			/* owned: of each type, enum c_state */
	uint32_t *dup; /* owned: 1 + number of those before of the same name; 0: not named yet */
	struct c_names tags, idents;
	bool own_truth; /* in the enum that makes false and true for old compilers */
	unsigned int level;		/* of indentation */
	unsigned int depth;
	uint32_t culprit;		/* the type at which an error struck */
};

enum c_state {
	C_NAME_BUSY = 1 << 0,		/* being made known by name */
	C_NAME_DONE = 1 << 1,
	C_FULL_BUSY = 1 << 2,		/* being declared with all it holds */
	C_FULL_DONE = 1 << 3,
	C_FWD_DONE = 1 << 4,		/* "struct name;" has been written */
};

/* 0 or -ENOMEM; close it in any case. */
int c_writer_open(struct c_writer *w, const struct btf_image *img);
void c_writer_close(struct c_writer *w);

/*
 * Declare a type that can stand for itself, and before it what it needs. Errors stick in w->d.err.
 */
void c_declare(struct c_writer *w, uint32_t id);
/*
 * Only what a declaration that mentions the type needs before it. is_full: its members' offsets
 * too.
 */
void c_prepare(struct c_writer *w, uint32_t id, bool is_full);

/* The name of a type, with a number behind it when another had it before: "foo___2". */
void c_put_name(struct btf_decl *d, uint32_t id, const struct btf_type *t);
/* The name of an enumerator, likewise. keep: also if it is a keyword. */
void c_put_value_name(struct c_writer *w, const char *name, bool keep);
/* From now on types get other names than this. The name is kept. */
void c_reserve(struct c_writer *w, const char *name);

#endif
