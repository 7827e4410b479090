/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Declarations of C that compile: "int (*name)(struct foo *, int)". For the form of scripts see
 * btf_text.h.
 */
#ifndef DECODE_BTF_DECL_H
#define DECODE_BTF_DECL_H

#include "cli/buf.h"
#include "decode/btf/image.h"

struct btf_decl {
	const struct btf_image *img;	/* checked: btf_image_check() */
	struct buf *buf;
	/*
	 * How much more may be written, in bytes: types that share others without a name grow
	 * without end. Set by the caller, who may take from it too.
	 */
	int64_t left;
	int err; /* -ELOOP, -E2BIG, -EINVAL; sticks, and what follows is not written */
	unsigned int depth;
	bool mend;			/* for a compiler: keywords get a _ behind them */
	bool terse;			/* to be read: names as they are, no type tags, "*const" */
	bool no_mods;			/* without const and the like, wherever they stand */
	bool is_strict; /* names that are none, and what is no type, are errors: -EINVAL; () is
			   (void) */
	/* The name of a record, enum or typedef; NULL: as BTF has it. */
	void (*put_name)(struct btf_decl *d, uint32_t id, const struct btf_type *t);
	/* What stands behind "struct " when the type has no name; NULL: {...}. */
	void (*put_body)(struct btf_decl *d, uint32_t id, const struct btf_type *t);
};

/* The type around a name; "": the type alone. The name must be an identifier. */
void btf_decl_put(struct btf_decl *d, uint32_t id, const char *name);

/* The same around text that is no name: "(*f)", "*x". */
void btf_decl_put_around(struct btf_decl *d, uint32_t id, const char *text);

/* A name as an identifier: bytes that C does not know in one become '_'. */
void btf_put_ident(struct buf *b, const char *name);
/* The same, for a compiler where d says so: a keyword becomes "int_". */
void btf_decl_ident(struct btf_decl *d, const char *name);
/* Is it called bool, and C's _Bool behind that name? Some compilers have that word by themselves.
 */
bool btf_is_bool(const struct btf_image *img, const struct btf_type *t);
/* Is this a type that C brings along: "unsigned long", "_Bool"? */
bool btf_is_c_number(const char *name);

#endif
