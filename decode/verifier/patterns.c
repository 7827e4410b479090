// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Looks a complaint up in the tables. Of rows that fit the same line the first counts; messages
 * that changed among kernels have a row per spelling. %s at the start of a pattern: anything may
 * precede it.
 */
#include "decode/verifier/pattern_rows.h"

static const struct pattern *find_row(struct span line, struct match *ret)
{
	static const struct pattern *const tables[] = { patterns_of_values, patterns_of_code };
	const struct pattern *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (p = tables[i]; p->line; p++)
			if (text_match(p->line, line, ret))
				return p;
	return NULL;
}

const struct pattern *pattern_find(const struct span *lines, unsigned int n, struct match *ret,
				   unsigned int *ret_line)
{
	const struct pattern *found = NULL, *p;
	struct match m;
	unsigned int i;

	for (i = 0; i < n; i++) {
		p = find_row(lines[i], &m);
		if (!p || (found && (p->flags & PAT_WEAK)))
			continue;
		found = p;
		*ret = m;
		*ret_line = i;
	}
	return found;
}

static const char *const categories[] = {
	[CAT_REGISTER] = "Register Type Safety",
	[CAT_MEMORY] = "Memory Safety",
	[CAT_LIFETIME] = "Resource Lifetime Safety",
	[CAT_CALL] = "Call Type Safety",
	[CAT_CONTEXT] = "Execution Context Safety",
	[CAT_STRUCTURE] = "Program Structure",
	[CAT_POLICY] = "Policy",
};

const char *category_name(enum refusal_category c)
{
	return c < CATEGORIES ? categories[c] : NULL;
}

enum refusal_category category_of(struct span name)
{
	enum refusal_category c = 0;

	while (c < CATEGORIES && !span_is(name, categories[c]))
		c++;
	return c;
}

const char *class_name(enum refusal_class c)
{
	static const char *const names[] = { "source", "compiler", "environment", "limit", "bug" };

	return c < ARRAY_SIZE(names) ? names[c] : NULL;
}
