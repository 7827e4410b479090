// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What only the running kernel can say about a refusal: who may call a helper, what a struct has.
 */
#include "cli/buf.h"
#include "decode/btf/find.h"
#include "kern/object/names.h"
#include "kern/object/types.h"
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

/* The structures that programs see as their context, by the words of their types. */
static const struct {
	const char *prog_type, *name;
} contexts[] = {
	{ "sched_cls", "__sk_buff" },
	{ "sched_act", "__sk_buff" },
	{ "socket_filter", "__sk_buff" },
	{ "cgroup_skb", "__sk_buff" },
	{ "sk_skb", "__sk_buff" },
	{ "lwt_in", "__sk_buff" },
	{ "lwt_out", "__sk_buff" },
	{ "lwt_xmit", "__sk_buff" },
	{ "flow_dissector", "__sk_buff" },
	{ "xdp", "xdp_md" },
	{ "cgroup_sock", "bpf_sock" },
	{ "cgroup_sock_addr", "bpf_sock_addr" },
	{ "sock_ops", "bpf_sock_ops" },
	{ "sk_msg", "sk_msg_md" },
	{ "sk_lookup", "bpf_sk_lookup" },
	{ "sk_reuseport", "sk_reuseport_md" },
	{ "perf_event", "bpf_perf_event_data" },
	{ "cgroup_device", "bpf_cgroup_dev_ctx" },
	{ "cgroup_sysctl", "bpf_sysctl" },
	{ "cgroup_sockopt", "bpf_sockopt" },
};

/* A member and the bytes that it takes, up to the next one. */
struct ctx_member {
	const char *name;
	int64_t off, size;
};

static bool member_at(const struct btf_image *img, uint32_t id, int64_t off,
		      struct ctx_member *ret)
{
	const struct btf_type *t = id ? btf_image_type(img, id) : NULL;
	int64_t end = t ? t->size : 0;

	if (!t || off < 0 || off >= end)
		return false;
	for (uint32_t i = btf_items(t); i--;) {
		int64_t at = btf_member_bit_offset(t, i) / 8;

		if (at <= off) {
			*ret = (struct ctx_member){ btf_image_str(img, btf_members(t)[i].name_off),
						    at, end - at };
			return ret->name && ret->name[0];
		}
		end = at;
	}
	return false;
}

static const char *context_of(const char *prog_type)
{
	for (size_t i = 0; prog_type && i < ARRAY_SIZE(contexts); i++)
		if (streq(contexts[i].prog_type, prog_type))
			return contexts[i].name;
	return NULL;
}

/* Which member it is, and how it may be accessed. */
static void advise_context(struct ctx *ctx, const char *prog_type, struct refusal *r)
{
	const char *name = context_of(prog_type);
	auto_btf_types struct types *types = NULL;
	struct ctx_member m;
	struct match match;

	if (!name || !text_match("invalid bpf_context access off=%d size=%d", span_of(r->message),
				 &match) || types_of_kernel(ctx, &types))
		return;
	if (!member_at(&types->img, btf_find(&types->img, name, 1U << BTF_KIND_STRUCT),
		       match.number[0], &m))
		return;
	if (match.number[0] + match.number[1] > m.off + m.size)
		snprintf(r->suggestion, sizeof(r->suggestion),
			 "struct %s has %s there, %lld bytes: access one member at a time, in its "
			 "full width",
			 name, m.name, (long long)m.size);
	else
		snprintf(r->suggestion, sizeof(r->suggestion),
			 "struct %s has %s there: programs of type %s may not access it this way "
			 "(other members, or only reading)",
			 name, m.name, prog_type);
}

void refusal_advise(struct ctx *ctx, const char *prog_type, struct refusal *r)
{
	char types[256] = "";
	unsigned int found;
	uint32_t helper;

	advise_context(ctx, prog_type, r);
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
