/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Names of programs, maps and variables as identifiers in generated C: checked, mended, made
 * unique. Objects come from compilers of several languages, and a header is read by C and by C++.
 */
#ifndef GEN_NAMES_H
#define GEN_NAMES_H

#include "cli/defs.h"

struct c_name {
	const char *from;	/* as the object has it; not owned */
	char *ident;		/* an identifier in C and C++; owned */
	bool c_only; /* from is one in C too, but a keyword of C++: both names are to be offered */
};

/* Letters, digits, _; no digit first; no keyword and no macro that every program has. */
bool c_name_is_ident(const char *name);

/* The nearest identifier: owned, NULL when out of memory. Other characters become _, a _ goes
 * before a digit. */
char *c_name_mend(const char *name);

/*
 * Fill ident and c_only of all n; no two idents are the same, nor is one the c_only name of
 * another. Names that are identifiers stay, of the others later ones get a number. 0 or -ENOMEM.
 */
int c_names_fill(struct c_name *const *names, size_t n);
void c_name_free(struct c_name *name);

#endif
