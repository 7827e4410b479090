/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the files of the C writer: c.c (the header), c_types.c (declarations), c_names.c. */
#ifndef DECODE_BTF_C_INT_H
#define DECODE_BTF_C_INT_H

#include "decode/btf/decl.h"
#include "decode/btf/size.h"

/* Names that are taken, and how often. */
struct c_names {
	struct c_name {
		const char *name;	/* of the image, or constant */
		uint32_t n;
		uint8_t kind;		/* for a tag: a forward declaration is not another */
	} *slots;			/* owned */
	size_t cap, used;
};

struct c_writer {
	struct btf_decl d;		/* must be first: d's hooks cast it to the writer */
	struct btf_sizes sizes;
	struct buf buf;
	uint8_t *state;			/* owned: per type, enum c_state */
	uint32_t *dup; /* owned: 1 + number of earlier types with this name; 0: not named yet */
	struct c_names tags, idents;
	bool own_truth; /* in the enum that declares false and true for old compilers */
	unsigned int level;		/* of indentation */
	unsigned int depth;
	uint32_t culprit;		/* the type that caused the error */
};

enum c_state {
	C_NAME_BUSY = 1 << 0,		/* the name is being declared */
	C_NAME_DONE = 1 << 1,
	C_FULL_BUSY = 1 << 2,		/* its full declaration is being written */
	C_FULL_DONE = 1 << 3,
	C_FWD_DONE = 1 << 4,		/* "struct name;" has been written */
};

/* Returns 0 or -ENOMEM; close it in both cases. */
int c_writer_open(struct c_writer *w, const struct btf_image *img);
void c_writer_close(struct c_writer *w);

/*
 * Declares a type that can be declared by itself, and before it what it needs. Errors are kept in
 * w->d.err.
 */
void c_declare(struct c_writer *w, uint32_t id);
/*
 * Only the types that a declaration needs before it if it mentions the type. is_full: also those
 * needed for its members' offsets.
 */
void c_prepare(struct c_writer *w, uint32_t id, bool is_full);

/* The name of a type, with a number appended if an earlier one has the same name: "foo___2". */
void c_put_name(struct btf_decl *d, uint32_t id, const struct btf_type *t);
/* The same for an enumerator. keep: even if it is a keyword. */
void c_put_value_name(struct c_writer *w, const char *name, bool keep);
/* Types get names other than this from now on. The name is kept. */
void c_reserve(struct c_writer *w, const char *name);

#endif
