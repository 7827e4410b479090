/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Static member functions of a skeleton's struct, which C++ has beside the functions of C. */
#ifndef GEN_CPP_H
#define GEN_CPP_H

#include "gen/c.h"

struct cpp_method {
	const char *name;
	const char *type;		/* with a blank or a star at its end; $ is the struct */
	const char *params;
	const char *initial;		/* of the last parameter, " = nullptr", or "" */
	const char *call;		/* the function of C and its arguments */
};

/* Within the struct, and behind the functions. The last method has no name. */
void cpp_put_methods(struct c_text *t, const struct cpp_method *methods);
void cpp_put_bodies(struct c_text *t, const struct cpp_method *methods);

#endif
