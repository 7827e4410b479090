// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What only the running kernel can say about a refusal: who may call a helper, what a struct has.
 */
#include "cli/buf.h"
#include "kern/object/names.h"
#include "kern/probe/probe.h"
#include "load/cause_names.h"
#include "load/refusal_int.h"

#define NAMED_MAX 8 /* types that are listed */

static uint32_t n_prog_types(struct ctx *ctx)
{
	uint32_t n = 1;

	while (n < PROBE_TYPES_MAX && name_of(ctx, NAMES_PROG_TYPE, n))
		n++;
	return n - 1;
}

/* The types that may call the helper, as a list; the number of them. */
static unsigned int list_types(struct ctx *ctx, uint32_t helper, char *ret, size_t size)
{
	enum probe_state states[PROBE_TYPES_MAX] = { 0 };
	uint32_t types[PROBE_TYPES_MAX], n = n_prog_types(ctx), i;
	struct probe_grid grid = {
		.types = types, .calls = &helper, .n_types = n, .n_calls = 1, .ret = states
	};
	auto_probe struct probe p = {};
	unsigned int found = 0;
	size_t len = 0;

	for (i = 0; i < n; i++)
		types[i] = i + 1;
	probe_init(&p, ctx, 0);
	probe_calls(&p, &grid);
	for (i = 0; i < n; i++) {
		if (states[i] != PROBE_THERE || found++ >= NAMED_MAX || len >= size)
			continue;
		len += (size_t)snprintf(ret + len, size - len, "%s%s", len ? ", " : "",
					name_of(ctx, NAMES_PROG_TYPE, types[i]));
	}
	return found;
}

static bool advise_core(struct ctx *ctx, struct refusal *r)
{
	const char *lead = "failed to resolve CO-RE relocation ";
	struct core_missing m;

	if (!has_prefix(r->message, lead) ||
	    !cause_core_missing(ctx, r->message + strlen(lead), &m))
		return false;
	snprintf(r->problem, sizeof(r->problem), "%.150s", m.what);
	snprintf(r->suggestion, sizeof(r->suggestion), "%.390s", m.hint);
	return true;
}

void refusal_advise(struct ctx *ctx, struct refusal *r)
{
	char types[256] = "";
	unsigned int found;
	uint32_t helper;

	if (advise_core(ctx, r) || !(r->flags & PAT_HELPER) ||
	    name_number(ctx, NAMES_HELPER, r->call, &helper))
		return;
	found = list_types(ctx, helper, types, sizeof(types));
	if (!found)
		return;
	snprintf(r->suggestion, sizeof(r->suggestion),
		 "%s may be called by %s%s: see '%s feature "
		 "check %s:TYPE'",
		 r->call, types, found > NAMED_MAX ? " and others" : "", ctx->progname, r->call);
}
