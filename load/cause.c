// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf's messages as causes: a table of what stands before and after the name in a message, and
 * of what it means. The first message that means something is the cause; later ones are its
 * consequences.
 */
#include <errno.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "decode/btf/image.h"
#include "load/cause.h"
#include "load/cause_names.h"

struct row;

/* One message that fits a row. */
struct fit {
	const struct row *row;
	char name[CAUSE_NAME_MAX];
	const char *rest; /* of the message, after the name */
};

struct row {
	const char *before, *after; /* of the name; after "": all up to the end is the name */
	const char *starts;	    /* the name's first letters; NULL: any */
	const char *is, *then;	    /* "IS 'NAME'THEN" is the cause; is NULL: say stores all */
	const char *hint;
	bool (*say)(struct ctx *ctx, const struct cause_case *what, const struct fit *f);
};

static void state(struct ctx *ctx, const struct cause_case *what, const char *cause)
{
	fail_msg(ctx->err, what->err, "%s: %s", what->text, cause);
}

static void state_name(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	char text[2 * CAUSE_NAME_MAX + 200];

	snprintf(text, sizeof(text), "%s '%s'%s", f->row->is, f->name, f->row->then ?: "");
	state(ctx, what, text);
}

/* --- what the table cannot say alone --- */

/* Functions, tracepoints and hooks that a program is for; their names in BTF have prefixes. */
static const struct target {
	const char *section; /* with which the program's section starts */
	const char *noun, *prefix;
	uint32_t kinds;
} targets[] = {
	{ "tp_btf", "no tracepoint", "btf_trace_", 1u << BTF_KIND_TYPEDEF },
	{ "raw_tp", "no tracepoint", "btf_trace_", 1u << BTF_KIND_TYPEDEF },
	{ "raw_tracepoint", "no tracepoint", "btf_trace_", 1u << BTF_KIND_TYPEDEF },
	{ "lsm", "no LSM hook", "bpf_lsm_", 1u << BTF_KIND_FUNC },
	{ "iter", "no iterator over", "bpf_iter_", 1u << BTF_KIND_FUNC },
	{ "", "no function", "", 1u << BTF_KIND_FUNC },
};

static const struct target *target_of(const struct bpf_program *prog)
{
	const char *section = prog ? bpf_program__section_name(prog) : "";
	const struct target *t = targets;

	while (!has_prefix(section, t->section))
		t++;
	return t;
}

/* Functions without an entry in BTF: static ones that were inlined, or that differ between files.
 */
static bool in_kallsyms(const char *name)
{
	auto_fclose FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		char *at = line, *word = NULL;

		for (int i = 0; i < 3 && at; i++)
			word = strsep(&at, " \t\n");
		if (word && streq(word, name))
			return true;
	}
	return false;
}

static bool say_target(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	const struct target *t = target_of(what->prog);
	const struct cause_kind kind = { t->kinds, t->prefix };
	char text[CAUSE_NAME_MAX + 100];
	bool is_symbol = !*t->section && in_kallsyms(f->name);

	snprintf(text, sizeof(text), "this kernel %s%s '%s'",
		 is_symbol ? "has no types for" : "has ", is_symbol ? " the function" : t->noun,
		 f->name);
	state(ctx, what, text);
	if (is_symbol)
		err_hint(ctx->err, "it is a symbol, but not in the kernel's BTF: a kprobe can be "
				   "attached to it");
	else if (!cause_hint_type(ctx, &kind, f->name))
		err_hint(ctx->err,
			 "it may be static and inlined, or belong to a module that is not loaded; "
			 "'bpfctl btf dump file /sys/kernel/btf/vmlinux' lists all");
	return true;
}

static bool say_raw_tracepoint(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	return what->err == -ENOENT && say_target(ctx, what, f);
}

static bool say_kfunc(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	static const struct cause_kind functions = { 1u << BTF_KIND_FUNC, "" };

	state_name(ctx, what, f);
	if (!cause_hint_type(ctx, &functions, f->name))
		err_hint(ctx->err, "with '__weak' the object loads without it: test it with "
				   "bpf_ksym_exists()");
	return true;
}

static bool say_prototype(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	char text[512];

	state_name(ctx, what, f);
	if (cause_prototype(ctx, f->name, text, sizeof(text)))
		err_hint(ctx->err, "declare 'extern %s __ksym', with its types complete", text);
	return true;
}

static bool say_ops(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	static const struct cause_kind structs = { 1u << BTF_KIND_STRUCT, "" };

	state_name(ctx, what, f);
	cause_hint_type(ctx, &structs, f->name);
	return true;
}

static bool say_tracepoint(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	if (what->err != -ENOENT)
		return false;
	if (access("/sys/kernel/tracing/events", F_OK) &&
	    access("/sys/kernel/debug/tracing/events", F_OK))
		return false;
	state_name(ctx, what, f);
	if (!cause_hint_tracepoint(ctx, f->name))
		err_hint(ctx->err, "'ls /sys/kernel/tracing/events/GROUP' lists them");
	return true;
}

static bool say_rest(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	state_name(ctx, what, f);
	err_hint(ctx->err, "%s", f->rest + strspn(f->rest, ":' "));
	return true;
}

/* "failed to find symbol 'f' in '/bin/x'" */
static bool say_symbol(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	char text[2 * CAUSE_NAME_MAX + 100];
	size_t len = strcspn(f->rest, "'");

	snprintf(text, sizeof(text), "'%.*s' has no function '%s'", (int)(len < 120 ? len : 120),
		 f->rest, f->name);
	state(ctx, what, text);
	err_hint(ctx->err, "'nm -D FILE' lists what a stripped file still has");
	return true;
}

/* The kernel can be built without kprobes: then no name helps. */
static bool say_kprobe(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	char name[CAUSE_NAME_MAX], text[CAUSE_NAME_MAX + 100];

	if (access("/sys/bus/event_source/devices/kprobe", F_OK)) {
		state(ctx, what, "this kernel was built without kprobes (CONFIG_KPROBES)");
		err_hint(ctx->err, "a tracepoint may report the same");
		return true;
	}
	if (what->err != -ENOENT)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(f->name, "+"), f->name);
	snprintf(text, sizeof(text), "this kernel has no function '%s'", name);
	state(ctx, what, text);
	if (!cause_hint_type(ctx, &(struct cause_kind){ 1u << BTF_KIND_FUNC, "" }, name))
		err_hint(ctx->err, "it may be inlined; /proc/kallsyms lists all that there are");
	return true;
}

static bool say_core(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	struct core_missing m;

	if (!cause_core_missing(ctx, f->name, &m))
		return false;
	state(ctx, what, m.what);
	err_hint(ctx->err, "%s", m.hint);
	return true;
}

/* More particular rows come first. */
static const struct row rows[] = {
	{ .before = "CO-RE relocation ", .after = "", .say = say_core },
	{ .before = "BTF is required, but is missing",
	  .is = "the object has no BTF",
	  .hint = "compile it with 'clang -g'; 'llvm-strip -g' keeps BTF" },
	{ .before = "failed to find valid kernel BTF",
	  .is = "this kernel has no BTF",
	  .hint = "it was built without CONFIG_DEBUG_INFO_BTF; a file can take its place: "
		  "'kernel_btf FILE'" },
	{ .before = "failed to find BTF for extern '",
	  .after = "'",
	  .is = "it refers to",
	  .then = ", which it does not define",
	  .hint = "define it, link it in with 'bpfctl gen object ALL.o THIS.o OTHER.o', or declare "
		  "a kernel function '__ksym'" },
	{ .before = "failed to open system Kconfig",
	  .is = "the kernel's configuration cannot be read",
	  .hint = "it is in /proc/config.gz or /boot/config-RELEASE; declare the "
		  "options '__weak'" },
	{ .before = "extern '",
	  .after = "' (strong)",
	  .starts = "CONFIG_",
	  .is = "this kernel was built without",
	  .hint = "declare it '__weak': it is 0 where the kernel lacks it" },
	{ .before = "extern '",
	  .after = "' (strong)",
	  .starts = "LINUX_",
	  .is = "libbpf does not know",
	  .hint = "declare it '__weak': it is 0 then" },
	{ .before = "extern '",
	  .after = "' (strong)",
	  .is = "this kernel has no symbol",
	  .hint = "declare it '__weak': its address is NULL where the kernel lacks it" },
	{ .before = "extern (kcfg) '",
	  .after = "'",
	  .is = "the object declares",
	  .then = " with a type that its value in this kernel does not fit",
	  .say = say_rest },
	{ .before = "extern (func ksym) '",
	  .after = "': not found",
	  .is = "this kernel has no kfunc",
	  .say = say_kfunc },
	{ .before = "extern (func ksym) '",
	  .after = "': func_proto",
	  .is = "this kernel's kfunc",
	  .then = " has another prototype",
	  .say = say_prototype },
	{ .before = "extern (var ksym) '",
	  .after = "': not found",
	  .is = "this kernel has no variable",
	  .then = " in its BTF",
	  .hint = "BTF has per-CPU variables only; 'extern const void NAME __ksym' is the address "
		  "of any symbol" },
	{ .before = "extern (var ksym) '",
	  .after = "'",
	  .is = "this kernel's variable",
	  .then = " has another type",
	  .say = say_rest },
	{ .before = "failed to find kernel BTF type ID of '", .after = "'", .say = say_target },
	{ .before = "struct_ops init_kern: struct ",
	  .after = " is not found",
	  .is = "this kernel has no operations",
	  .say = say_ops },
	{ .before = "Cannot find member ",
	  .after = " in kernel BTF",
	  .is = "this kernel's operations have no member",
	  .hint = "members that are 0 may be left out; 'bpfctl btf dump' shows the kernel's "
		  "struct" },
	{ .before = "failed to determine tracepoint '",
	  .after = "'",
	  .is = "this kernel has no tracepoint",
	  .say = say_tracepoint },
	{ .before = "failed to attach to raw tracepoint '",
	  .after = "'",
	  .say = say_raw_tracepoint },
	{ .before = "failed to add legacy kprobe event for '", .after = "'", .say = say_kprobe },
	{ .before = "failed to create kprobe '", .after = "'", .say = say_kprobe },
	{ .before = "failed to find symbol '", .after = "' in '", .say = say_symbol },
	{ .before = "failed to open ",
	  .after = ": No such file",
	  .starts = "/",
	  .is = "there is no file",
	  .hint = "the section names the program or library: 'uprobe/FILE:FUNCTION'" },
};

static bool read_fit(const char *line, const struct row *row, struct fit *ret)
{
	const char *name = strstr(line, row->before), *end;

	*ret = (struct fit){ .row = row };
	if (!name || !row->after)
		return name;
	name += strlen(row->before);
	end = *row->after ? strstr(name, row->after) : name + strlen(name);
	if (!end || (row->starts && !has_prefix(name, row->starts)))
		return false;
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(end - name), name);
	ret->rest = end + strlen(row->after);
	return true;
}

static bool say_row(struct ctx *ctx, const struct cause_case *what, const struct fit *f)
{
	if (f->row->say)
		return f->row->say(ctx, what, f);
	if (f->row->after)
		state_name(ctx, what, f);
	else
		state(ctx, what, f->row->is);
	err_hint(ctx->err, "%s", f->row->hint);
	return true;
}

static bool say_line(struct ctx *ctx, const struct cause_case *what, const char *line)
{
	bool is_core = has_prefix(line, "failed to resolve CO-RE relocation");
	struct fit f;
	size_t i;

	/* Within the verifier's log only that line is libbpf's. */
	if (!is_core && !has_prefix(line, "libbpf: "))
		return false;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (read_fit(line, &rows[i], &f) && say_row(ctx, what, &f))
			return true;
	return false;
}

bool cause_report(struct ctx *ctx, const struct cause_case *what)
{
	struct err *e = ctx->err;
	size_t i;

	if (ctx_is_bpftool(ctx) || e->code)
		return false;
	for (i = 0; i < e->n_log; i++)
		if (say_line(ctx, what, e->log[i])) {
			e->log_is_said = true;
			return true;
		}
	return false;
}
