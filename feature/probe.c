// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl feature probe: what this kernel, or a device, supports; as text, JSON, or C macros.
 * Sections come in bpftool's order, our own after them.
 */
#include <errno.h>
#include <ctype.h>
#include <net/if.h>
#include <sys/vfs.h>

#include <linux/bpf.h>
#include <linux/magic.h>

#include "cli/buf.h"
#include "cli/caps.h"
#include "feature/feature.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"

struct feature_probe_args {
	bool kernel, full, unprivileged, macros;
	const char *dev, *prefix;
};

#define NAME_MAX_LEN 160

struct report {
	struct ctx *ctx;
	struct out *o;
	struct probe *probe;
	int failed;			/* why a probe could not be made, 0: all were */
	const struct feature_probe_args *args;
	bool macros;			/* text for a compiler */
	const char *prefix;
	uint32_t types[PROBE_TYPES_MAX];
	enum probe_state states[PROBE_TYPES_MAX];	/* of types[] */
	size_t n_types;
	unsigned int batch_ops[PROBE_TYPES_MAX];	/* by map type */
	uint32_t n_map_types;
	bool compat; /* like bpftool: only its sections, no reason why something is not there */
	struct buf untold;		/* "item\0state\0"...: denied or unknown items */
};

static const char *const state_words[] = {
	[PROBE_DENIED] = "denied", [PROBE_UNKNOWN] = "unknown",
};

const char *const batch_words[N_PROBE_BATCH] = {
	[PROBE_LOOKUP] = "lookup", [PROBE_LOOKUP_DELETE] = "lookup_and_delete",
	[PROBE_UPDATE] = "update", [PROBE_DELETE] = "delete",
};

/* --- states in the three renditions --- */

static void section(struct report *r, const char *key, const char *title, const char *comment)
{
	out_rec(r->o, key);
	out_text(r->o, r->macros ? "/*** %s ***/\n" : "Scanning %s...\n",
		 r->macros ? comment : title);
}

static void section_end(struct report *r)
{
	out_text(r->o, "\n");
	out_rec_end(r->o);
}

static void put_untold_item(struct report *r, const char *item, const char *state)
{
	buf_put(&r->untold, item, strlen(item) + 1);
	buf_put(&r->untold, state, strlen(state) + 1);
}

/* Derives "have_xdp_prog_type", "eBPF program_type xdp", "XDP_PROG_TYPE" from the item. */
static void put_state(struct report *r, const char *item, const char *text, enum probe_state s)
{
	const char *why = r->compat ? "" : s == PROBE_DENIED ? " (denied)"
			  : s == PROBE_UNKNOWN ? " (unknown)" : "";
	char key[NAME_MAX_LEN], macro[NAME_MAX_LEN], line[2 * NAME_MAX_LEN];
	bool there = s == PROBE_THERE;
	size_t i;

	for (i = 0; item[i] && i < sizeof(macro) - 1; i++)
		macro[i] = toupper((unsigned char)item[i]);
	macro[i] = 0;
	snprintf(key, sizeof(key), "have_%s", item);
	if (r->macros)
		snprintf(line, sizeof(line), "#define %s%sHAVE_%s\n", r->prefix,
			 there ? "" : "NO_", macro);
	else
		snprintf(line, sizeof(line), "%s is %savailable%s\n", text, there ? "" : "NOT ",
			 why);
	out_bool(r->o, key, line, line, there);
	if (s >= PROBE_DENIED)
		put_untold_item(r, item, state_words[s]);
}

/* An item of a set of names: prog types, map types... */
static void put_name_state(struct report *r, const char *noun, const char *name, enum probe_state s)
{
	char item[NAME_MAX_LEN], text[NAME_MAX_LEN];

	snprintf(item, sizeof(item), "%s_%s", name, noun);
	snprintf(text, sizeof(text), "eBPF %s %s",
		 streq(noun, "prog_type") ? "program_type" : noun, name);
	put_state(r, item, text, s);
}

/* --- system configuration --- */

struct sysctl {
	const char *key, *path;
	const char *none, *lines[3], *other;	/* as forms; other: for numbers beyond lines */
};

static const struct sysctl sysctls[] = {
	{ "unprivileged_bpf_disabled",
	  "/proc/sys/kernel/unprivileged_bpf_disabled",
	  "Unable to retrieve required privileges for bpf() syscall",
	  { "bpf() syscall for unprivileged users is enabled",
	    "bpf() syscall restricted to privileged users (without recovery)",
	    "bpf() syscall restricted to privileged users (admin can change)" },
	  "bpf() syscall restriction has unknown value {unprivileged_bpf_disabled}" },
	{ "bpf_jit_enable",
	  "/proc/sys/net/core/bpf_jit_enable",
	  "Unable to retrieve JIT-compiler status",
	  { "JIT compiler is disabled", "JIT compiler is enabled",
	    "JIT compiler is enabled with debugging traces in kernel logs" },
	  "JIT-compiler status has unknown value {bpf_jit_enable}" },
	{ "bpf_jit_harden",
	  "/proc/sys/net/core/bpf_jit_harden",
	  "Unable to retrieve JIT hardening status",
	  { "JIT compiler hardening is disabled",
	    "JIT compiler hardening is enabled for unprivileged users",
	    "JIT compiler hardening is enabled for all users" },
	  "JIT hardening status has unknown value {bpf_jit_harden}" },
	{ "bpf_jit_kallsyms",
	  "/proc/sys/net/core/bpf_jit_kallsyms",
	  "Unable to retrieve JIT kallsyms export status",
	  { "JIT compiler kallsyms exports are disabled",
	    "JIT compiler kallsyms exports are enabled for root" },
	  "JIT kallsyms exports status has unknown value {bpf_jit_kallsyms}" },
	{ "bpf_jit_limit",
	  "/proc/sys/net/core/bpf_jit_limit",
	  "Unable to retrieve global memory limit for JIT compiler for unprivileged users",
	  {},
	  "Global memory limit for JIT compiler for unprivileged users is {bpf_jit_limit} bytes" },
};

static long long read_sysctl(const char *path)
{
	auto_fclose FILE *f = fopen(path, "re");
	struct err scratch = {};
	char line[64] = "";
	uint64_t v;

	if (!f || !fgets(line, sizeof(line), f))
		return -1;
	line[strcspn(line, "\n")] = 0;
	return parse_u64(&scratch, "setting", line, &v) ? -1 : (long long)v;
}

static void put_sysctl(struct report *r, const struct sysctl *s)
{
	long long v = read_sysctl(s->path);
	const char *line = v < 0 ? s->none : s->other;

	if (v >= 0 && v < (long long)ARRAY_SIZE(s->lines) && s->lines[v])
		line = s->lines[v];
	out_form(r->o, line);
	out_int(r->o, s->key, "%lld", v);
	out_form_end(r->o);
	out_text(r->o, "\n");
}

static void put_option(struct report *r, const char *text, const char *option)
{
	char value[256], form[2 * NAME_MAX_LEN] = "";
	bool set = kconfig_value(text, option, value, sizeof(value));

	if (!r->macros)
		snprintf(form, sizeof(form), set ? "%s is set to {%s}\n" : "%s is not set\n",
			 option, option);
	else if (streq(option, "CONFIG_HZ"))
		snprintf(form, sizeof(form),
			 set ? "#define %s%s {%s}\n" : "/* %s%s is not set */\n", r->prefix,
			 option, option);
	out_form(r->o, form);
	out_str(r->o, option, "%s", set ? value : NULL);
	out_form_end(r->o);
}

static void system_config(struct report *r)
{
	struct statfs fs = {};
	bool procfs = !statfs("/proc", &fs) && fs.f_type == PROC_SUPER_MAGIC;
	auto_free char *config = NULL;
	int err = 0;

	section(r, "system_config", "system configuration", "Misc kernel config items");
	if (!procfs)
		notice(r->ctx, "/proc is not a procfs: system parameters are skipped");
	for (size_t i = 0; procfs && !r->macros && i < ARRAY_SIZE(sysctls); i++)
		put_sysctl(r, &sysctls[i]);
	config = kconfig_read(&err);
	if (!config && err == -ENOENT)
		notice(r->ctx, "the kernel's configuration is not there to be read: skipped");
	else if (!config)
		unread(r->ctx, err, NULL, "read the kernel's configuration");
	for (size_t i = 0; config && kconfig_options[i]; i++)
		put_option(r, config, kconfig_options[i]);
	section_end(r);
}

/* --- types, helpers --- */

static enum probe_state syscall_state(const struct report *r)
{
	enum probe_state s = probe_map(r->probe, BPF_MAP_TYPE_ARRAY);

	/* With and without a device: any error but ENOSYS means that the call exists. */
	return r->probe->btf_fd == -ENOSYS && s == PROBE_ABSENT ? PROBE_ABSENT : PROBE_THERE;
}

static bool have_syscall(struct report *r)
{
	enum probe_state s = syscall_state(r);

	section(r, "syscall_config", "system call availability", "System call availability");
	put_state(r, "bpf_syscall", "bpf() syscall", s);
	section_end(r);
	return s == PROBE_THERE;
}

static void prog_types(struct report *r)
{
	section(r, "program_types", "eBPF program types", "eBPF program types");
	for (uint32_t t = 1; t < PROBE_TYPES_MAX && name_of(r->ctx, NAMES_PROG_TYPE, t); t++) {
		if (r->probe->ifindex && !(prog_type(t)->traits & PROG_ON_DEVICE))
			continue;
		r->types[r->n_types] = t;
		r->states[r->n_types] = probe_prog(r->probe, t);
		put_name_state(r, "prog_type", name_of(r->ctx, NAMES_PROG_TYPE, t),
			       r->states[r->n_types++]);
	}
	section_end(r);
}

static void map_types(struct report *r)
{
	section(r, "map_types", "eBPF map types", "eBPF map types");
	r->n_map_types = 1;
	while (r->n_map_types < PROBE_TYPES_MAX && name_of(r->ctx, NAMES_MAP_TYPE, r->n_map_types))
		r->n_map_types++;
	for (uint32_t t = 1; t < r->n_map_types; t++)
		if (!r->probe->ifindex || t == BPF_MAP_TYPE_HASH || t == BPF_MAP_TYPE_ARRAY)
			put_name_state(r, "map_type", name_of(r->ctx, NAMES_MAP_TYPE, t),
				       probe_map(r->probe, t));
	section_end(r);
}

static void explain_helper_macro(struct report *r)
{
	const char *p = r->prefix;

	out_text(r->o,
		 "/*\n * %sHAVE_PROG_TYPE_HELPER(prog_type_name, helper_name) is 1 where programs "
		 "of the\n"
		 " * type may call the helper, else 0:\n"
		 " *\t#if %sHAVE_PROG_TYPE_HELPER(xdp, bpf_redirect)\n"
		 " *\t...\n"
		 " *\t#endif\n */\n"
		 "#define %sHAVE_PROG_TYPE_HELPER(prog_type, helper)\t\\\n"
		 "\t%sBPF__PROG_TYPE_ ## prog_type ## __HELPER_ ## helper\n",
		 p, p, p, p);
}

/* These write to the kernel log even if they are only probed. */
static bool is_loud(uint32_t helper)
{
	return helper == BPF_FUNC_trace_printk || helper == BPF_FUNC_trace_vprintk ||
	       helper == BPF_FUNC_probe_write_user;
}

struct helpers {
	uint32_t ids[PROBE_HELPERS_MAX], types[PROBE_TYPES_MAX];
	size_t n_ids, n_types;
};

static void type_macros(struct report *r, const char *type, const uint32_t *ids, size_t n,
			const enum probe_state *have)
{
	for (size_t i = 0; i < n; i++)
		out_text(r->o, "#define %sBPF__PROG_TYPE_%s__HELPER_%s %d\n", r->prefix, type,
			 name_of(r->ctx, NAMES_HELPER, ids[i]), have && have[i] == PROBE_THERE);
}

static void no_helpers(struct report *r, uint32_t type, enum probe_state s)
{
	out_text(r->o, "\t%s\n",
		 s != PROBE_THERE	      ? "Program type not supported"
		 : prog_type(type)->traits & PROG_EXTENDS ? "Those of the program that is extended"
					      : "Could not determine which helpers are available");
}

/* After the list: how many are missing in it only because the result is not known. */
static void put_untold(struct report *r, const char *type, const enum probe_state *have, size_t n)
{
	static const enum probe_state untold[] = { PROBE_UNKNOWN, PROBE_DENIED };
	char item[NAME_MAX_LEN], states[32] = "";

	snprintf(item, sizeof(item), "%s_helpers", type);
	for (size_t s = 0; have && s < ARRAY_SIZE(untold); s++) {
		size_t found = 0;

		for (size_t i = 0; i < n; i++)
			found += have[i] == untold[s];
		if (!found)
			continue;
		if (!r->macros && !r->compat)
			out_text(r->o, "\t(%zu %s)\n", found, state_words[untold[s]]);
		snprintf(states + strlen(states), sizeof(states) - strlen(states), "%s%s",
			 states[0] ? ", " : "", state_words[untold[s]]);
	}
	if (states[0])
		put_untold_item(r, item, states);
}

/* have is NULL if nothing could be probed. */
static void type_helpers(struct report *r, size_t at, const struct helpers *h,
			 const enum probe_state *have)
{
	const char *type = name_of(r->ctx, NAMES_PROG_TYPE, r->types[at]);
	char key[NAME_MAX_LEN], heading[NAME_MAX_LEN];
	bool any = false;

	if (r->macros) {
		type_macros(r, type, h->ids, h->n_ids, have);
		return;
	}
	snprintf(key, sizeof(key), "%s_available_helpers", type);
	snprintf(heading, sizeof(heading), "eBPF helpers supported for program type %s:\n", type);
	out_section(r->o, key, heading);
	for (size_t i = 0; have && i < h->n_ids; i++) {
		if (have[i] != PROBE_THERE)
			continue;
		out_str(r->o, NULL, "\t- %s\n", name_of(r->ctx, NAMES_HELPER, h->ids[i]));
		any = true;
	}
	out_list_end(r->o);
	if (!any)
		no_helpers(r, r->types[at], r->states[at]);
	put_untold(r, type, have, h->n_ids);
}

static int helpers(struct report *r)
{
	struct helpers h = {};
	auto_free enum probe_state *have = NULL;
	struct probe_grid g = { .types = h.types, .calls = h.ids };
	int err;

	for (uint32_t id = 1; id < r->probe->n_helpers; id++)
		if (r->args->full || !is_loud(id))
			h.ids[h.n_ids++] = id;
	for (size_t i = 0; i < r->n_types; i++)
		if (r->states[i] == PROBE_THERE && !(prog_type(r->types[i])->traits & PROG_EXTENDS))
			h.types[h.n_types++] = r->types[i];
	g.n_calls = h.n_ids;
	g.n_types = h.n_types;
	g.ret_batch = r->batch_ops;
	g.n_batch = r->probe->ifindex || r->compat ? 0 : r->n_map_types;
	have = g.ret = calloc(h.n_types * h.n_ids + 1, sizeof(*have));
	if (!have)
		return fail(r->ctx->err, -ENOMEM, "probe helpers");
	err = probe_calls(r->probe, &g);
	if (err)
		unread(r->ctx, err, NULL, "try all helpers and batch operations");
	section(r, "helpers", "eBPF helper functions", "eBPF helper functions");
	if (r->macros)
		explain_helper_macro(r);
	for (size_t i = 0, tried = 0; i < r->n_types; i++) {
		bool was = tried < h.n_types && h.types[tried] == r->types[i];

		type_helpers(r, i, &h, was ? have + tried++ * h.n_ids : NULL);
	}
	section_end(r);
	return 0;
}

static void misc(struct report *r)
{
	static const struct {
		const char *item, *text;
	} all[] = {
		[PROBE_LARGE_INSN_LIMIT] = { "large_insn_limit", "Large program size limit" },
		[PROBE_BOUNDED_LOOPS] = { "bounded_loops", "Bounded loop support" },
		[PROBE_ISA_V2] = { "v2_isa_extension", "ISA extension v2" },
		[PROBE_ISA_V3] = { "v3_isa_extension", "ISA extension v3" },
		[PROBE_ISA_V4] = { "v4_isa_extension", "ISA extension v4" },
	};

	section(r, "misc", "miscellaneous eBPF features", "eBPF misc features");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		put_state(r, all[i].item, all[i].text, probe_misc(r->probe, i));
	section_end(r);
}

/* --- beyond bpftool --- */

static void attach_types(struct report *r)
{
	section(r, "attach_types", "eBPF attach types", "eBPF attach types");
	for (uint32_t t = 0; name_of(r->ctx, NAMES_ATTACH_TYPE, t); t++)
		put_name_state(r, "attach_type", name_of(r->ctx, NAMES_ATTACH_TYPE, t),
			       probe_attach(r->probe, t));
	section_end(r);
}

static void link_types(struct report *r)
{
	section(r, "link_types", "eBPF link types", "eBPF link types");
	for (uint32_t t = 1; name_of(r->ctx, NAMES_LINK_TYPE, t); t++)
		put_name_state(r, "link_type", name_of(r->ctx, NAMES_LINK_TYPE, t),
			       probe_link(r->probe, t));
	section_end(r);
}

static void batch_macros(struct report *r, const char *type, unsigned int ops)
{
	for (int i = 0; i < N_PROBE_BATCH; i++)
		out_text(r->o, "#define %sBPF__MAP_TYPE_%s__BATCH_%s %d\n", r->prefix, type,
			 batch_words[i], !!(ops & 1U << i));
}

static void type_batch_ops(struct report *r, const char *type, unsigned int ops)
{
	char key[NAME_MAX_LEN], heading[NAME_MAX_LEN];

	if (r->macros) {
		batch_macros(r, type, ops);
		return;
	}
	snprintf(key, sizeof(key), "%s_batch_ops", type);
	snprintf(heading, sizeof(heading), "eBPF batch operations supported for map type %s:\n",
		 type);
	out_section(r->o, key, heading);
	for (int i = 0; i < N_PROBE_BATCH; i++)
		if (ops & 1U << i)
			out_str(r->o, NULL, "\t- %s\n", batch_words[i]);
	out_list_end(r->o);
	if (!ops)
		out_text(r->o, "\tnone\n");
}

static void batch_ops(struct report *r)
{
	section(r, "map_batch_ops", "eBPF map batch operations", "eBPF map batch operations");
	for (uint32_t t = 1; t < r->n_map_types; t++)
		type_batch_ops(r, name_of(r->ctx, NAMES_MAP_TYPE, t), r->batch_ops[t]);
	section_end(r);
}

static void kfuncs(struct report *r)
{
	size_t n = r->probe->n_kfuncs;
	char form[2 * NAME_MAX_LEN];

	snprintf(form, sizeof(form), "%s",
		 n ? "{n_kfuncs} kernel functions may be called, see feature kfuncs\n"
		   : "Kernel functions are unknown: the kernel's BTF does not mark them\n");
	section(r, "kfuncs", "kernel functions for eBPF programs",
		"kernel functions for eBPF programs");
	if (r->macros)
		snprintf(form, sizeof(form), "#define %sN_BPF_KFUNCS %s\n", r->prefix,
			 n ? "{n_kfuncs}" : "0");
	out_form(r->o, form);
	if (n)
		out_uint(r->o, "n_kfuncs", "%llu", n);
	else
		out_str(r->o, "n_kfuncs", "%s", NULL);
	out_form_end(r->o);
	section_end(r);
}

/* Next to the booleans: which of them are false only because the result is not known. */
static void show_states(struct report *r)
{
	out_json_rec(r->o, "states");
	for (const char *at = r->untold.data; at && at < r->untold.data + r->untold.len;) {
		const char *state = at + strlen(at) + 1;

		out_json_str(r->o, at, state);
		at = state + strlen(state) + 1;
	}
	out_json_rec_end(r->o);
}

static int probe_all(struct report *r)
{
	int err = 0;

	out_rec(r->o, NULL);
	if (!r->probe->ifindex)
		system_config(r);
	if (have_syscall(r)) {
		prog_types(r);
		map_types(r);
		err = helpers(r);
		misc(r);
		if (!r->probe->ifindex && !r->compat) {
			attach_types(r);
			link_types(r);
			batch_ops(r);
			kfuncs(r);
		}
	}
	if (r->failed)
		unread(r->ctx, r->failed, NULL, "probe all features");
	if (!err && r->untold.err)
		err = fail(r->ctx->err, r->untold.err, "probe features");
	if (!err && !r->compat)
		show_states(r);
	if (!err)
		out_rec_end(r->o);
	return err;
}

/* --- the command --- */

static int check_prefix(struct ctx *ctx, const struct feature_probe_args *a)
{
	if (!a->prefix)
		return 0;
	if (!a->macros)
		return fail_usage(ctx->err, "'prefix' requires 'macros'");
	if (isdigit((unsigned char)a->prefix[0]))
		return fail_usage(ctx->err, "a macro name cannot start with a digit");
	for (const char *c = a->prefix; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return fail_usage(ctx->err, "'%s' cannot start a macro name", a->prefix);
	return 0;
}

/* Without these capabilities, denied features would be reported as missing. */
static int check_caps(struct ctx *ctx)
{
	char missing[256];

	caps_missing(FEATURE_CAPS, missing, sizeof(missing));
	if (!missing[0])
		return 0;
	fail_msg(ctx->err, -EPERM, "missing %s, required to probe all features", missing);
	err_hint(ctx->err,
		 "run it as root, or probe without privileges: feature probe unprivileged");
	return -EPERM;
}

static int feature_probe(struct ctx *ctx, const void *args)
{
	const struct feature_probe_args *a = args;
	auto_probe struct probe probe = { .btf_fd = -1, .target_fd = -1 };
	struct report r = { .ctx = ctx,
			    .o = ctx->out,
			    .args = a,
			    .prefix = a->prefix ? a->prefix : "",
			    .macros = a->macros && !out_is_json(ctx->out),
			    .probe = &probe,
			    .compat = ctx_is_bpftool(ctx) };
	unsigned int ifindex = a->dev ? if_nametoindex(a->dev) : 0;
	void *saved = NULL;
	int err, back;

	if (a->dev && !ifindex)
		return fail_msg(ctx->err, -ENODEV, "no network device '%s'", a->dev);
	err = check_prefix(ctx, a);
	if (!err)
		err = a->unprivileged ? caps_drop(FEATURE_CAPS, &saved) : check_caps(ctx);
	if (err)
		return fail(ctx->err, err, "drop capabilities");
	probe.ret_err = &r.failed;
	probe_init(&probe, ctx, ifindex);
	err = probe_all(&r);
	buf_free(&r.untold);
	back = caps_restore(saved);
	return err || !back ? err : fail(ctx->err, back, "take capabilities back");
}

static const struct param probe_params[] = {
	PARAM_FLAG(struct feature_probe_args, kernel, "kernel", "the running kernel (default)",
		   .group = 1),
	PARAM_IFACE(struct feature_probe_args, dev, "dev", "IF", "offload to this device",
		    .group = 1),
	PARAM_FLAG(struct feature_probe_args, full, "full",
		   "also helpers that write to the kernel log"),
	PARAM_FLAG(struct feature_probe_args, unprivileged, "unprivileged",
		   "as an unprivileged user"),
	PARAM_FLAG(struct feature_probe_args, macros, "macros", "as C macros"),
	PARAM_WORD(struct feature_probe_args, prefix, "prefix", "P", NULL, "prefix of macro names"),
	{}
};

const struct cmd feature_probe_cmd = {
	.name = "probe", .help = "probe kernel features",
	.params = probe_params, .args_size = sizeof(struct feature_probe_args),
	.run = feature_probe, .flags = CMD_DEFAULT,
};
