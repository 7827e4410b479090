/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Static member functions of a skeleton's struct, for C++, in addition to the C functions. */
#ifndef GEN_CPP_H
#define GEN_CPP_H

#include "gen/c.h"

struct cpp_method {
	const char *name;
	const char *type;		/* followed by a blank or a star; $ is the struct */
	const char *params;
	const char *initial;		/* default of the last parameter, " = nullptr", or "" */
	const char *call;		/* the C function and its arguments */
};

/*
 * Declarations within the struct, and definitions after the functions. The last method has no name.
 */
void cpp_put_methods(struct c_text *t, const struct cpp_method *methods);
void cpp_put_bodies(struct c_text *t, const struct cpp_method *methods);

#endif
