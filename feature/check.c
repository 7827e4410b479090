// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl feature check: are all of these available? For scripts: the exit status is the answer. A
 * name may belong to several sets (xdp is a program type, an attach type and a link type): then it
 * must be available in all of them, unless the set is given ("prog:xdp").
 */
#include <errno.h>

#include "feature/feature.h"
#include "json_writer.h"
#include "kern/object/names.h"

struct feature_check_args {
	struct args items;
};

#define ITEM_MAX 128

static enum probe_state probe_any_helper(const struct probe *p, uint32_t helper)
{
	enum probe_state s, worst = PROBE_ABSENT;

	for (uint32_t t = 1; name_of(p->ctx, NAMES_PROG_TYPE, t); t++) {
		s = probe_helper(p, t, helper);
		if (s == PROBE_THERE)
			return s;
		if (s == PROBE_DENIED || (s == PROBE_UNKNOWN && worst == PROBE_ABSENT))
			worst = s;
	}
	return worst;
}

static enum probe_state probe_number(const struct probe *p, enum name_set set, uint32_t n)
{
	switch (set) {
	case NAMES_PROG_TYPE:
		return probe_prog(p, n);
	case NAMES_MAP_TYPE:
		return probe_map(p, n);
	case NAMES_ATTACH_TYPE:
		return probe_attach(p, n);
	case NAMES_LINK_TYPE:
		return probe_link(p, n);
	case NAMES_HELPER:
		return probe_any_helper(p, n);
	}
	return PROBE_UNKNOWN;
}

/* False: unknown name. */
typedef bool check_fn(const struct probe *p, const char *name, enum probe_state *ret);

static bool check_set(const struct probe *p, enum name_set set, const char *name,
		      enum probe_state *ret)
{
	uint32_t n;

	if (name_number(p->ctx, set, name, &n) || (!n && set != NAMES_ATTACH_TYPE))
		return false;
	*ret = probe_number(p, set, n);
	return true;
}

static bool check_prog(const struct probe *p, const char *name, enum probe_state *ret)
{
	return check_set(p, NAMES_PROG_TYPE, name, ret);
}

static bool check_map(const struct probe *p, const char *name, enum probe_state *ret)
{
	return check_set(p, NAMES_MAP_TYPE, name, ret);
}

static bool check_attach(const struct probe *p, const char *name, enum probe_state *ret)
{
	return check_set(p, NAMES_ATTACH_TYPE, name, ret);
}

static bool check_link(const struct probe *p, const char *name, enum probe_state *ret)
{
	return check_set(p, NAMES_LINK_TYPE, name, ret);
}

/* bpf_x, or bpf_x:prog_type. */
static bool check_helper(const struct probe *p, const char *name, enum probe_state *ret)
{
	char helper[ITEM_MAX];
	const char *type = strchr(name, ':');
	uint32_t n, t;

	snprintf(helper, sizeof(helper), "%.*s", (int)(type ? type - name : (long)strlen(name)),
		 name);
	if (!type)
		return check_set(p, NAMES_HELPER, helper, ret);
	if (name_number(p->ctx, NAMES_HELPER, helper, &n) || !n ||
	    name_number(p->ctx, NAMES_PROG_TYPE, type + 1, &t) || !t)
		return false;
	*ret = probe_helper(p, t, n);
	return true;
}

static bool check_kfunc(const struct probe *p, const char *name, enum probe_state *ret)
{
	*ret = p->n_kfuncs ? PROBE_ABSENT : PROBE_UNKNOWN;
	for (size_t i = 0; i < p->n_kfuncs; i++)
		if (streq(p->kfuncs[i].name, name))
			*ret = PROBE_THERE;
	return true;
}

static bool check_config(const struct probe *p, const char *name, enum probe_state *ret)
{
	auto_free char *text = kconfig_read(p->ret_err);
	char value[16] = "";

	*ret = !text ? PROBE_UNKNOWN
	       : kconfig_value(text, name, value, sizeof(value)) && !streq(value, "n")
		       ? PROBE_THERE
		       : PROBE_ABSENT;
	return true;
}

/* Batch lookup and update, added first for hash maps. */
static bool check_batch(const struct probe *p, const char *name, enum probe_state *ret)
{
	const unsigned int both = 1U << PROBE_LOOKUP | 1U << PROBE_UPDATE;
	uint32_t type = 1;
	int err = 0;

	if (name[0] && name_number(p->ctx, NAMES_MAP_TYPE, name, &type))
		return false;
	if ((probe_batch_ops(p, type, &err) & both) == both)
		*ret = PROBE_THERE;
	else
		*ret = (*p->ret_err = err)			    ? PROBE_UNKNOWN
		       : probe_map(p, type) == PROBE_DENIED ? PROBE_DENIED
							    : PROBE_ABSENT;
	return true;
}

static bool check_misc(const struct probe *p, const char *name, enum probe_state *ret)
{
	static const char *const words[] = {
		[PROBE_LARGE_INSN_LIMIT] = "large_insn_limit",
		[PROBE_BOUNDED_LOOPS] = "bounded_loops",
		[PROBE_ISA_V2] = "isa_v2",
		[PROBE_ISA_V3] = "isa_v3",
		[PROBE_ISA_V4] = "isa_v4",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!streq(words[i], name))
			continue;
		*ret = probe_misc(p, i);
		return true;
	}
	return false;
}

/* Sets that were given by name. */
static const struct {
	const char *prefix;
	check_fn *check;
} named[] = {
	{ "prog:", check_prog },   { "map:", check_map },	{ "attach:", check_attach },
	{ "link:", check_link },   { "helper:", check_helper }, { "kfunc:", check_kfunc },
	{ "batch:", check_batch },
};

/* The worst state of all items with this name. */
static bool check_bare(const struct probe *p, const char *item, enum probe_state *ret)
{
	check_fn *const all[] = { check_prog, check_map,    check_attach,
				  check_link, check_helper, check_misc };
	enum probe_state s = PROBE_THERE;
	bool known = false;

	*ret = PROBE_THERE;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!all[i](p, item, &s))
			continue;
		known = true;
		if (s != PROBE_THERE)
			*ret = s;
	}
	return known;
}

static bool check_item(const struct probe *p, const char *item, enum probe_state *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (has_prefix(item, named[i].prefix))
			return named[i].check(p, item + strlen(named[i].prefix), ret);
	if (has_prefix(item, "CONFIG_"))
		return check_config(p, item, ret);
	return streq(item, "batch") ? check_batch(p, "", ret) : check_bare(p, item, ret);
}

/* Why it is not known: the error of the probe, if it is one of the machine, not of the feature. */
static void show_reason(struct out *o, int err)
{
	const char *name = errno_name(err);
	char text[96];

	out_json_str(o, "errno", name ? name : "");
	out_str(o, "reason", "(%s)", errno_text(err, text, sizeof(text)));
}

/* n counts the items per state */
static int show_item(const struct probe *p, const char *item, unsigned int *n)
{
	static const char *const words[] = { "absent", "available", "denied", "unknown" };
	struct ctx *ctx = p->ctx;
	enum probe_state s;

	*p->ret_err = 0;
	if (!check_item(p, item, &s)) {
		fail_usage(ctx->err, "unknown feature '%s'", item);
		err_hint(ctx->err,
			 "'bpfctl feature list_builtins GROUP' lists names; others are kfunc:NAME, "
			 "batch, "
			 "isa_v2 to isa_v4, bounded_loops, large_insn_limit, CONFIG_NAME");
		return -EINVAL;
	}
	out_rec(ctx->out, NULL);
	out_str(ctx->out, "item", "%s:", item);
	out_json_bool(ctx->out, "available", s == PROBE_THERE);
	out_str(ctx->out, "state", "%s", words[s]);
	if (s == PROBE_UNKNOWN && *p->ret_err)
		show_reason(ctx->out, *p->ret_err);
	out_rec_end(ctx->out);
	n[s]++;
	return 0;
}

static int show_items(const struct probe *p, char *items, unsigned int *n)
{
	char *rest = items, *item;
	int err = 0;

	while (!err && (item = strsep(&rest, ",")))
		if (*item)
			err = show_item(p, item, n);
	return err;
}

/*
 * Absent features are known to be absent; denied features and those that the kernel does not show
 * are not reported as absent.
 */
static int report_missing(struct err *e, const unsigned int *n)
{
	unsigned int absent = n[PROBE_ABSENT], untried = n[PROBE_DENIED] + n[PROBE_UNKNOWN];
	char text[2][64] = {};

	if (!absent && !untried)
		return 0;
	if (absent)
		snprintf(text[0], sizeof(text[0]), "%u of these %s not available", absent,
			 absent == 1 ? "is" : "are");
	if (untried)
		snprintf(text[1], sizeof(text[1]), "%u %scould not be checked", untried,
			 absent ? "" : "of these ");
	fail_msg(e, n[PROBE_DENIED] ? -EPERM : -EOPNOTSUPP, "%s%s%s", text[0],
		 absent && untried ? ", " : "", text[1]);
	err_hint_denied(e, FEATURE_CAPS);
	return e->code;
}

static int feature_check(struct ctx *ctx, const void *args)
{
	const struct feature_check_args *a = args;
	int failed = 0;
	auto_probe struct probe p = { .btf_fd = -1, .target_fd = -1, .ret_err = &failed };
	struct args items = a->items;
	unsigned int n[PROBE_UNKNOWN + 1] = {};
	int err = 0;

	if (!args_left(&items))
		return fail_usage(ctx->err, "missing ITEM");
	probe_init(&p, ctx, 0);
	out_list(ctx->out, NULL, NULL);
	while (!err && args_left(&items)) {
		auto_free char *copy = strdup(args_next(&items));

		err = copy ? show_items(&p, copy, n) : fail(ctx->err, -ENOMEM, "check features");
	}
	if (!err)
		err = report_missing(ctx->err, n);
	if (!err)
		out_list_end(ctx->out);
	return err;
}

static const struct param check_params[] = {
	PARAM_TAIL(struct feature_check_args, items, "ITEM[,ITEM]...", "the features to check"),
	{ }
};

const struct cmd feature_check_cmd = {
	.name = "check", .help = "check that features are available (exit status)",
	.params = check_params, .args_size = sizeof(struct feature_check_args),
	.run = feature_check,
};
