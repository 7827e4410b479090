// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl's description of itself: the version, and the command tree as JSON (--introspect-cli),
 * which man pages are generated from and documentation is checked against.
 */
#include <bpf/libbpf.h>

#include "cli/opts.h"
#include "describe.h"
#include "json_writer.h"
#include "load/libbpf_version.h"
#include "load/sign.h"

#ifdef HAVE_BPF_HELPERS
#define HAVE_SKELETONS true
#else
#define HAVE_SKELETONS false
#endif

#define NO_HELPERS "in-kernel helpers (built without clang)"
#define NO_NEW_LIBBPF                                                                              \
	"objects with arenas and other features of newer kernels (built with libbpf before 1.7)"

/* The bpftool whose command lines are accepted and whose output is printed. */
#define BPFTOOL_VERSION "7.8.0"

static const struct feature {
	const char *name;
	bool there;
	bool (*is_there)(void);		/* alternatively a function */
} features[] = {
	{ "libbfd", .there = false },
	{ "llvm", .there = false },
	{ "crypto", .is_there = sign_is_built_in },
	{ "skeletons", .there = HAVE_SKELETONS },
	{ "bootstrap", .there = false },
};

/* What this build lacks, in words, separated by ", ". */
static const char *missing(void)
{
	if (!HAVE_SKELETONS && LIBBPF_IS_OLD)
		return NO_HELPERS ", " NO_NEW_LIBBPF;
	if (!HAVE_SKELETONS)
		return NO_HELPERS;
	return LIBBPF_IS_OLD ? NO_NEW_LIBBPF : NULL;
}

static void show_versions(struct ctx *ctx)
{
	struct out *o = ctx->out;
	char libbpf[32];

	snprintf(libbpf, sizeof(libbpf), "%u.%u", libbpf_major_version(), libbpf_minor_version());
	out_text(o, "%s ", ctx->progname);
	if (ctx_is_bpftool(ctx)) {
		out_str(o, "version", "v%s", BPFTOOL_VERSION);
	} else {
		out_str(o, "version", "v%s", BPFCTL_VERSION);
		out_break(o, "");
		out_str(o, "bpftool_version", "compatible with bpftool v%s", BPFTOOL_VERSION);
	}
	out_break(o, "");
	out_str(o, "libbpf_version", "using libbpf v%s", libbpf);
}

static int show_version(struct ctx *ctx, UNUSED const void *args)
{
	struct out *o = ctx->out;
	bool first = true;
	size_t i;

	out_rec(o, NULL);
	show_versions(ctx);
	out_break(o, "");
	out_item(o, "features:");
	out_rec(o, "features");
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		bool there = features[i].is_there ? features[i].is_there() : features[i].there;

		out_sep(o, first ? " " : ", ");
		out_flag(o, features[i].name, features[i].name, there);
		first = first && !there;
	}
	out_rec_end(o);
	if (missing() && !ctx_is_bpftool(ctx)) {
		out_break(o, "");
		out_str(o, "missing", "missing: %s", missing());
	}
	out_rec_end(o);
	return 0;
}

static const struct param no_params[] = { { } };

const struct cmd version_cmd = {
	.name = "version", .help = "print the version",
	.params = no_params,
	.run = show_version,
};

static const char *kind_word(enum param_kind kind)
{
	static const char *const words[] = {
		[P_FLAG] = "flag",     [P_U32] = "u32",	      [P_U64] = "u64", [P_GIVEN] = "u32",
		[P_WORD] = "word",     [P_CHOICE] = "choice", [P_PATH] = "path",
		[P_IFACE] = "iface",   [P_REF] = "ref",	      [P_CUSTOM] = "custom",
		[P_TAIL] = "tail",
	};

	return words[kind];
}

static void describe_param(struct out *o, const struct param *p)
{
	const char *const *w;

	out_rec(o, NULL);
	out_json_str(o, "name", p->name);
	out_json_str(o, "metavar", p->metavar);
	out_json_str(o, "kind", kind_word(p->kind));
	out_json_str(o, "help", p->help);
	out_json_bool(o, "required", p->flags & PF_REQUIRED);
	out_json_bool(o, "repeat", p->flags & (PF_REPEAT | PF_LIST));
	out_json_bool(o, "hidden", p->flags & PF_HIDDEN);
	out_json_uint(o, "group", p->group);
	out_list(o, "words", "");
	for (w = p->words; w && *w; w++)
		out_json_str(o, NULL, *w);
	out_list_end(o);
	out_rec_end(o);
}

/* The rows that follow are its aliases. */
static void describe_aliases(struct out *o, const struct cmd *const *row)
{
	out_list(o, "aliases", "");
	for (row++; *row && (*row)->flags & CMD_ALIAS; row++)
		out_json_str(o, NULL, (*row)->name);
	out_list_end(o);
}

static void describe_cmds(struct out *o, const struct cmd *const *rows);

static void describe_cmd(struct out *o, const struct cmd *const *row)
{
	const struct cmd *c = *row;
	const struct param *p;

	out_rec(o, NULL);
	out_json_str(o, "name", c->name);
	out_json_str(o, "help", c->help);
	out_json_bool(o, "default", c->flags & CMD_DEFAULT);
	out_json_bool(o, "hidden", c->flags & CMD_HIDDEN);
	describe_aliases(o, row);
	if (c->sub) {
		describe_cmds(o, c->sub);
	} else {
		out_list(o, "params", "");
		for (p = c->params; p && p->name; p++)
			describe_param(o, p);
		out_list_end(o);
	}
	out_rec_end(o);
}

/* Recursion is bounded by the tree: it is three levels deep. */
static void describe_cmds(struct out *o, const struct cmd *const *rows)
{
	out_list(o, "commands", "");
	for (; *rows; rows++)
		if (!((*rows)->flags & CMD_ALIAS) && ((*rows)->sub || (*rows)->run))
			describe_cmd(o, rows);
	out_list_end(o);
}

static void describe_options(struct out *o)
{
	size_t i;

	out_list(o, "options", "");
	for (i = 0; i < n_opts; i++) {
		const struct opt *opt = &opt_table[i];

		out_rec(o, NULL);
		if (opt->short_name)
			out_json_strn(o, "short", &opt->short_name, 1);
		else
			out_json_null(o, "short");
		out_json_str(o, "long", opt->long_name);
		out_json_str(o, "metavar", opt->metavar);
		out_json_str(o, "help", opt->help);
		out_rec_end(o);
	}
	out_list_end(o);
}

void describe_cli(struct ctx *ctx)
{
	struct out *o = ctx->out;

	out_rec(o, NULL);
	out_json_str(o, "name", ctx->progname);
	out_json_str(o, "version", BPFCTL_VERSION);
	describe_options(o);
	describe_cmds(o, ctx->root);
	out_rec_end(o);
}
