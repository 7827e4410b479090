// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl feature kfuncs: kernel functions that the kernel's BTF tags as kfuncs (Linux 6.9), and
 * which program types may call them, found by probing.
 */
#include <errno.h>

#include <linux/bpf.h>

#include "cli/caps.h"
#include "feature/feature.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"

struct feature_kfuncs_args {
	const char *name, *type;
};

struct table {
	uint32_t types[PROBE_TYPES_MAX], untold[PROBE_TYPES_MAX];
	size_t n_types, n_untold;
	const struct probe_kfunc *kfuncs;
	size_t n;
	enum probe_state *may;		/* [type][kfunc] */
	bool any_denied;
	bool any_untold; /* for a type or a call: then each record lists the unknown ones */
};

/*
 * Types that can be loaded are probed; for the others that the kernel may have, the result is
 * unknown.
 */
static void choose_types(struct probe *p, struct table *t, const char *only)
{
	const char *name;

	for (uint32_t type = 1;
	     type < PROBE_TYPES_MAX && (name = name_of(p->ctx, NAMES_PROG_TYPE, type)); type++) {
		enum probe_state s;

		if (only && !streq(only, name))
			continue;
		s = probe_prog(p, type);
		if (s == PROBE_THERE && !(prog_type(type)->traits & PROG_EXTENDS))
			t->types[t->n_types++] = type;
		else if (s != PROBE_ABSENT)
			t->untold[t->n_untold++] = type;
		t->any_denied |= s == PROBE_DENIED;
	}
}

static int try_all(struct probe *p, struct table *t)
{
	auto_free uint32_t *ids = calloc(t->n + 1, sizeof(*ids));
	struct probe_grid g = { .types = t->types,
				.calls = ids,
				.n_types = t->n_types,
				.n_calls = t->n,
				.kfuncs = true };
	int err;

	t->may = g.ret = calloc(t->n_types * t->n + 1, sizeof(*t->may));
	if (!ids || !t->may)
		return fail(p->ctx->err, -ENOMEM, "probe kernel functions");
	for (size_t i = 0; i < t->n; i++)
		ids[i] = t->kfuncs[i].btf_id;
	err = probe_calls(p, &g);
	if (err)
		unread(p->ctx, err, NULL, "try all kernel functions");
	t->any_untold = t->n_untold;
	for (size_t i = 0; i < t->n_types * t->n; i++) {
		t->any_untold |= t->may[i] >= PROBE_DENIED;
		t->any_denied |= t->may[i] == PROBE_DENIED;
	}
	return 0;
}

/* Or may have: a call that could not be probed is not a reason to leave out the kfunc. */
static bool may_any(const struct table *t, size_t at)
{
	for (size_t i = 0; i < t->n_types; i++)
		if (t->may[i * t->n + at] != PROBE_ABSENT)
			return true;
	return false;
}

static void show_types(struct ctx *ctx, const struct table *t, size_t at)
{
	out_list(ctx->out, "prog_types", "prog_types ");
	for (size_t i = 0; i < t->n_types; i++)
		if (t->may[i * t->n + at] == PROBE_THERE)
			out_str(ctx->out, NULL, "%s", name_of(ctx, NAMES_PROG_TYPE, t->types[i]));
	out_list_end(ctx->out);
	if (!t->any_untold)
		return;
	out_list(ctx->out, "cannot_tell", "cannot_tell ");
	for (size_t i = 0; i < t->n_types; i++)
		if (t->may[i * t->n + at] >= PROBE_DENIED)
			out_str(ctx->out, NULL, "%s", name_of(ctx, NAMES_PROG_TYPE, t->types[i]));
	for (size_t i = 0; i < t->n_untold; i++)
		out_str(ctx->out, NULL, "%s", name_of(ctx, NAMES_PROG_TYPE, t->untold[i]));
	out_list_end(ctx->out);
}

static void show(struct ctx *ctx, const struct table *t, size_t at)
{
	out_rec(ctx->out, NULL);
	out_str(ctx->out, "name", "%s", t->kfuncs[at].name);
	out_json_uint(ctx->out, "btf_id", t->kfuncs[at].btf_id);
	out_line(ctx->out);
	show_types(ctx, t, at);
	out_rec_end(ctx->out);
}

/* The kfunc with that name, or all. */
static int choose_kfuncs(struct probe *p, struct table *t, const char *name)
{
	if (!p->n_kfuncs) {
		fail_msg(p->ctx->err, -EOPNOTSUPP, "the kernel's BTF does not tag kfuncs");
		err_hint(p->ctx->err,
			 "it does since Linux 6.9, if built with pahole 1.26 or newer");
		return -EOPNOTSUPP;
	}
	t->kfuncs = p->kfuncs;
	t->n = p->n_kfuncs;
	for (size_t i = 0; name && i < p->n_kfuncs; i++) {
		if (!streq(p->kfuncs[i].name, name))
			continue;
		t->kfuncs = p->kfuncs + i;
		t->n = 1;
		return 0;
	}
	return name ? fail_msg(p->ctx->err, -ENOENT,
			       "the kernel has no kfunc '%s'", name)
		    : 0;
}

/* What a policy denies to all is in each record; what is denied for lack of rights is missing. */
static void report_denied(struct ctx *ctx, const struct table *t)
{
	char missing[256];

	caps_missing(FEATURE_CAPS, missing, sizeof(missing));
	if (t->any_denied && missing[0])
		unread(ctx, -EPERM, FEATURE_CAPS, "probe which programs may call them");
}

static int feature_kfuncs(struct ctx *ctx, const void *args)
{
	const struct feature_kfuncs_args *a = args;
	auto_probe struct probe p = { .btf_fd = -1, .target_fd = -1 };
	struct table t = {};
	auto_free enum probe_state *may = NULL;
	int err, failed = 0;

	p.ret_err = &failed;
	probe_init(&p, ctx, 0);
	err = choose_kfuncs(&p, &t, a->name);
	if (err)
		return err;
	choose_types(&p, &t, a->type);
	if (failed)
		unread(ctx, failed, NULL, "probe program types and kernel functions");
	err = try_all(&p, &t);
	may = t.may;
	if (err)
		return err;
	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; i < t.n; i++)
		if (!a->type || may_any(&t, i))
			show(ctx, &t, i);
	report_denied(ctx, &t);
	out_list_end(ctx->out);
	return 0;
}

static const struct param kfuncs_params[] = {
	PARAM_WORD(struct feature_kfuncs_args, type, "type", "T", prog_type_words,
		   "only for programs of this type"),
	PARAM_WORD(struct feature_kfuncs_args, name, "", "NAME", NULL, "only this function"),
	{}
};

const struct cmd feature_kfuncs_cmd = {
	.name = "kfuncs", .help = "list kfuncs that programs may call",
	.params = kfuncs_params, .args_size = sizeof(struct feature_kfuncs_args),
	.run = feature_kfuncs,
};
