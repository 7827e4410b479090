/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Names of programs, maps and variables as identifiers in generated C: checked, changed if invalid,
 * made unique. Objects come from compilers of several languages, and a header is read by C and by
 * C++.
 */
#ifndef GEN_NAMES_H
#define GEN_NAMES_H

#include "cli/defs.h"

struct c_name {
	const char *from;	/* as in the object; not owned */
	char *ident;		/* an identifier in C and C++; owned */
	bool c_only; /* from is valid in C, but a keyword in C++: both names are to be offered */
};

/* Letters, digits, _; no leading digit; not a keyword, and not a macro that every program has. */
bool c_name_is_ident(const char *name);

/*
 * The nearest identifier: owned, NULL if out of memory. Other characters become _, a _ goes before
 * a leading digit.
 */
char *c_name_mend(const char *name);

/*
 * Fills ident and c_only of all n names; no two idents are equal, and none equals the c_only name
 * of another. Valid names are kept; of the others later ones get a number. Returns 0 or -ENOMEM.
 */
int c_names_fill(struct c_name *const *names, size_t n);
void c_name_free(struct c_name *name);

#endif
