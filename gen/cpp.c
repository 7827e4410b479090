// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Both places are generated from one list. A method with the struct's own name would be a
 * constructor, and is left out.
 */
#include "gen/cpp.h"

void cpp_put_methods(struct c_text *t, const struct cpp_method *m)
{
	ct_put(t, "#ifdef __cplusplus\n");
	for (; m->name; m++) {
		if (streq(m->name, t->name))
			continue;
		ct_put(t, "\tstatic inline ");
		ct_put(t, m->type);
		ct_fmt(t, "%s(", m->name);
		ct_put(t, m->params);
		ct_fmt(t, "%s);\n", m->initial);
	}
	ct_put(t, "#endif\n");
}

void cpp_put_bodies(struct c_text *t, const struct cpp_method *m)
{
	ct_put(t, "\n#ifdef __cplusplus\n");
	for (; m->name; m++) {
		if (streq(m->name, t->name))
			continue;
		ct_put(t, m->type);
		ct_put(t, "$::");
		ct_fmt(t, "%s(", m->name);
		ct_put(t, m->params);
		ct_put(t, ") { return ");
		ct_put(t, m->call);
		ct_put(t, "; }\n");
	}
	ct_put(t, "#endif\n");
}
