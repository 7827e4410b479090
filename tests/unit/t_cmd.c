// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A command tree of every kind of parameter: dispatch, abbreviations, parsing, help, completion.
 */
#include <errno.h>
#include <net/if.h>

#include "cli/cmd.h"
#include "cli/nearest.h"
#include "tap.h"

/* The arguments of the last command. */
static struct seen {
	const char *cmd;
	struct ref prog, map;
	int mode, type;
	bool quiet, opcodes, loud;
	uint32_t limit;
	uint64_t addr;
	const char *format, *path, *file, *dev, *old_dev, *name;
	struct args list, tail;
	struct given_u32 cpu;
	unsigned int pairs, sum;	/* P_CUSTOM */
	void *mem;
	unsigned int n_refs;		/* of prog, and the text of the last */
	const char *last, *near;
} seen;

static int fails_with;

static int store(struct ctx *ctx, const void *args, const char *cmd)
{
	const struct seen *a = args;

	seen = *a;
	seen.cmd = cmd;
	seen.near = a->prog.near;
	for (const struct ref *r = &a->prog; r && r->how != REF_NONE; r = r->next) {
		seen.n_refs++;
		seen.last = r->text;
	}
	seen.mem = cmd_alloc(ctx, 100);
	memset(seen.mem, 1, 100);	/* the sanitizer checks that it exists, and is freed */
	return fails_with;
}

#define RUN(name)                                                                                  \
	static int run_##name(struct ctx *ctx, const void *args)                                   \
	{                                                                                          \
		return store(ctx, args, #name);                                                    \
	}

RUN(show)
RUN(dump)
RUN(load)
RUN(loadall)
RUN(secret)
RUN(tail)
RUN(files)
RUN(several)
RUN(sum)
RUN(pick)
RUN(tree)

static int run_version(struct ctx *ctx, const void *args)
{
	(void)ctx;
	(void)args;
	seen = (struct seen){ .cmd = "version" };
	return 0;
}

static int run_usage(struct ctx *ctx, const void *args)
{
	(void)args;
	return fail_usage(ctx->err, "the command itself finds fault");
}

/* "A B": adds their product */
static int parse_pair(struct ctx *ctx, struct args *a, void *member)
{
	const char *one = args_next(a), *two = args_next(a);
	unsigned int *sum = member;
	uint32_t x, y;

	if (!two)
		return fail_usage(ctx->err, "a pair is two numbers");
	if (parse_u32(ctx->err, "pair", one, &x) || parse_u32(ctx->err, "pair", two, &y))
		return -EINVAL;
	*sum += x * y;
	return 0;
}

static int parse_number(struct ctx *ctx, struct args *a, void *member)
{
	unsigned int *sum = member;
	uint32_t x;

	if (parse_u32(ctx->err, "number", args_next(a), &x))
		return -EINVAL;
	*sum += x;
	return 0;
}

static int parse_mute(struct ctx *ctx, struct args *a, void *member)
{
	(void)ctx;
	(void)a;
	(void)member;
	return -EINVAL;
}

static void offer_refs(struct ctx *ctx, const char *selector, const char *typed)
{
	(void)typed;
	if (streq(selector, "id")) {
		complete_word(ctx, "17");
		complete_word(ctx, "18");
		complete_word(ctx, "2");
	}
	if (streq(selector, "name")) {
		complete_word(ctx, "alpha");
		complete_word(ctx, "al\npha");
	}
	fail(ctx->err, -EPERM, "look for candidates");
}

static void complete_pair(struct ctx *ctx, const char *selector, const char *typed)
{
	(void)typed;
	complete_word(ctx, selector);
	complete_word(ctx, "100");
}

static const char *const modes[] = { "xlated", "jited", NULL };
static const char *const formats[] = { "raw", "c", NULL };
static const char *const types[] = { "xdp", "xdpgeneric", "tcx_ingress", NULL };
static const char *const stops[] = { "red", "green", NULL };

static const struct param show_params[] = {
	PARAM_REF(struct seen, prog, "", "PROG", ref_words_prog, "only these",
		  .complete = offer_refs),
	PARAM_WORD(struct seen, format, "type", "TYPE", formats, "only of this type"),
	PARAM_U32(struct seen, limit, "limit", "N", "stop after N"),
	{ }
};

static const struct param dump_params[] = {
	PARAM_CHOICE(struct seen, mode, "", NULL, modes, "which instructions",
		     .flags = PF_REQUIRED),
	PARAM_REF(struct seen, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = offer_refs),
	PARAM_PATH(struct seen, file, "file", "FILE", "write to FILE", .group = 1),
	PARAM_FLAG(struct seen, opcodes, "opcodes", "with bytes", .group = 1),
	PARAM_FLAG(struct seen, quiet, "quiet", "less"),
	PARAM_U64(struct seen, addr, "at", "ADDR", "from this address"),
	PARAM_FLAG(struct seen, loud, "visual", "old word", .flags = PF_HIDDEN),
	{}
};

static const struct param load_params[] = {
	PARAM_PATH(struct seen, path, "", "OBJ", "the object", .flags = PF_REQUIRED),
	PARAM_WORD(struct seen, name, "", "PATH", NULL, "where to pin"),
	PARAM_WORD(struct seen, format, "format", "FORMAT", formats, "how", .flags = PF_REQUIRED),
	PARAM_IFACE(struct seen, old_dev, "dev", "IF", "old word", .group = 2, .flags = PF_HIDDEN),
	PARAM_IFACE(struct seen, dev, "offload_dev", "IF", "for this device", .group = 2),
	PARAM_U32(struct seen, limit, "limit", "N", "no more than N", .group = 2),
	PARAM_CUSTOM(struct seen, sum, unsigned int, "pair", "A B", parse_pair, "a product to add",
		     .flags = PF_REPEAT, .complete = complete_pair),
	PARAM_CUSTOM(struct seen, pairs, unsigned int, "mute", NULL, parse_mute, "always wrong"),
	{ }
};

static const char *const tail_words[] = { "key", NULL };

static const struct param several_params[] = {
	PARAM_REF(struct seen, prog, "", "PROG", ref_words_prog, "only these",
		  .flags = PF_REPEAT, .complete = offer_refs),
	PARAM_FLAG(struct seen, quiet, "quiet", "less"),
	{ }
};

static const struct param tail_params[] = {
	PARAM_REF(struct seen, map, "", "MAP", ref_words_map, "the map", .flags = PF_REQUIRED,
		  .complete = offer_refs),
	PARAM_TAIL(struct seen, tail, "[key BYTES]", "an entry", .words = tail_words),
	{ }
};

static const struct param files_params[] = {
	PARAM_PATH(struct seen, path, "", "OUT", "result", .flags = PF_REQUIRED),
	PARAM_PATHS(struct seen, list, "IN", "what to link"),
	{ }
};

static const struct param sum_params[] = {
	PARAM_CUSTOM(struct seen, sum, unsigned int, "", "NUMBER", parse_number, "numbers to add",
		     .flags = PF_REQUIRED | PF_REPEAT),
	PARAM_FLAG(struct seen, quiet, "quiet", "less"),
	PARAM_GIVEN(struct seen, cpu, "cpu", "N", "a number that may be 0"),
	{ }
};

static const struct param pick_params[] = {
	PARAM_CHOICE(struct seen, type, "", "TYPE", types, "attach type", .flags = PF_REQUIRED),
	PARAM_U32(struct seen, limit, "", "N", "a number"),
	PARAM_U32(struct seen, limit, "id", "N", "by id", .group = 1, .flags = PF_REQUIRED),
	PARAM_REF(struct seen, map, "map", "MAP", ref_words_map, "by map", .group = 1),
	PARAM_IFACE(struct seen, dev, "file", "F", "by file", .group = 1),
	{ }
};

static const struct param tree_params[] = {
	PARAM_WORD(struct seen, format, "", "STOP", stops, "a colour"),
	PARAM_PATH(struct seen, path, "", "ROOT", "where to begin"),
	PARAM_IFACE(struct seen, dev, "", "IF", "a device"),
	PARAM_FLAG(struct seen, quiet, "effective", "inherited too"),
	{ }
};

#define ROW(word, text, what)                                                                      \
	&(const struct cmd){ .name = word, .help = text, .params = what##_params,                  \
			     .args_size = sizeof(struct seen), .run = run_##what }
#define loadall_params load_params

static const struct cmd *const sub_cmds[] = {
	&(const struct cmd){ .name = "usage", .help = "always a mistake", .run = run_usage },
	NULL
};

static const struct cmd *const prog_cmds[] = {
	&(const struct cmd){ .name = "show",
			     .help = "list programs",
			     .params = show_params,
			     .args_size = sizeof(struct seen),
			     .run = run_show,
			     .flags = CMD_DEFAULT },
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&(const struct cmd){ .name = "help" },
	ROW("dump", "print instructions", dump),
	ROW("load", "load an object", load),
	ROW("loadall", "load all of an object", loadall),
	ROW("tail", "the rest is its own", tail),
	ROW("files", "link files", files),
	ROW("sum", "add numbers", sum),
	ROW("pick", "choose one", pick),
	ROW("tree", "optional words", tree),
	&(const struct cmd){ .name = "secret",
			     .help = "not offered",
			     .params = show_params,
			     .args_size = sizeof(struct seen),
			     .run = run_secret,
			     .flags = CMD_HIDDEN },
	&(const struct cmd){ .name = "clear",
			     .help = "takes no word for two",
			     .params = load_params,
			     .args_size = sizeof(struct seen),
			     .run = run_load,
			     .flags = CMD_CLEAR | CMD_HIDDEN },
	ROW("several", "many references", several),
	&(const struct cmd){ .name = "later", .help = "to come" },
	NULL
};

static const struct cmd *const iter_cmds[] = {
	&(const struct cmd){ .name = "pin", .help = "pin one", .run = run_version },
	&(const struct cmd){ .name = "help", .flags = CMD_DEFAULT },
	NULL
};

static const struct cmd *const plain_cmds[] = {
	&(const struct cmd){ .name = "hop", .help = "a verb with h", .run = run_version },
	&(const struct cmd){ .name = "sub", .help = "deeper", .sub = sub_cmds },
	NULL
};

static const struct cmd *const root[] = {
	&(const struct cmd){ .name = "help" },
	&(const struct cmd){ .name = "batch", .help = "many at once", .run = run_version },
	&(const struct cmd){ .name = "prog", .help = "programs", .sub = prog_cmds },
	&(const struct cmd){ .name = "perf", .help = "perf events", .sub = plain_cmds },
	&(const struct cmd){ .name = "iter", .help = "iterators", .sub = iter_cmds },
	&(const struct cmd){ .name = "version", .help = "which one this is", .run = run_version },
	NULL
};

static struct err err;
static struct opts opts;
static struct ctx ctx = { .err = &err, .opts = &opts, .root = root, .progname = "bpfctl" };

#define MAX_WORDS 32

struct line {
	char text[512];
	const char *words[MAX_WORDS];
	unsigned int n;
};

/* Words split at blanks; "''" is the empty word. */
static void split(struct line *l, const char *text)
{
	char *save = NULL;

	snprintf(l->text, sizeof(l->text), "%s", text);
	l->n = 0;
	for (char *w = strtok_r(l->text, " ", &save); w; w = strtok_r(NULL, " ", &save))
		l->words[l->n++] = streq(w, "''") ? "" : w;
}

static struct line line;

static int run(const char *text)
{
	err_clear(&err);
	free(ctx.help_text);
	ctx.help_text = NULL;
	memset(&seen, 0, sizeof(seen));
	split(&line, text);
	return cmd_dispatch(&ctx, root, line.words, line.n);
}

static void runs(const char *text, const char *cmd)
{
	int ret = run(text);
	char what[600];

	snprintf(what, sizeof(what), "'%s' runs %s", text, cmd);
	is_str(ret ? err.text : seen.cmd, cmd, what);
}

static bool eq(const char *got, const char *want)
{
	return got && streq(got, want);
}

static void refused(const char *text, const char *message, const char *hint)
{
	int ret = run(text);
	char what[600];

	ok(ret == -EINVAL && err.usage && !seen.cmd, "'%s' is refused before it runs", text);
	snprintf(what, sizeof(what), "'%s': %s", text, message);
	is_str(err.text, message, what);
	if (!ok(!!strstr(err.hint, hint), "'%s': hint %s", text, hint))
		printf("#  got: %s\n", err.hint);
}

static void helps(const char *text, const char *begin)
{
	int ret = run(text);

	if (!ok(!ret && !seen.cmd && ctx.help_text && has_prefix(ctx.help_text, begin), "'%s': %s",
		text, begin))
		printf("#  got: %d %s\n", ret, ctx.help_text ? ctx.help_text : err.text);
}

static void test_dispatch(void)
{
	runs("prog show", "show");
	runs("prog list", "show");
	runs("prog", "show");
	runs("p s", "show");
	runs("p ''", "show");
	runs("p l", "show");
	runs("prog lo x format c", "load");
	runs("prog load x format c", "load");
	runs("prog loada x format c", "loadall");
	runs("prog loadall x format c", "loadall");
	runs("p se", "secret");
	runs("pe ho", "version");
	runs("perf h", "version");
	runs("v", "version");
	runs("b", "version");
	refused("foo", "unknown object 'foo'",
		"use one of: help, batch, prog, perf, iter, version; see "
		"'bpfctl help'");
	refused("porg show", "unknown object 'porg'", "did you mean 'prog'? see 'bpfctl help'");
	refused("--jsno prog show", "unrecognized option '--jsno'",
		"did you mean '--json'? see 'bpfctl help'");
	refused("prog show --xyzzy", "unrecognized option '--xyzzy'", "see");
	refused("verzion", "unknown object 'verzion'", "did you mean 'version'?");
	refused("prog ilst", "unknown command 'ilst' after 'bpfctl prog'",
		"did you mean 'list'? see 'bpfctl prog help'");
	refused("prog zzzz", "unknown command 'zzzz' after 'bpfctl prog'",
		"use one of: show, list, help");
	ok(!strstr(err.hint, "secret"), "hidden commands are not named");
	refused("perf hepl", "unknown command 'hepl' after 'bpfctl perf'", "did you mean 'help'?");
	refused("perf", "'bpfctl perf' needs a command",
		"use one of: hop, sub; see 'bpfctl perf help'");
	refused("perf sub usage", "the command itself finds fault",
		"see 'bpfctl perf sub usage help'");
	refused("perf sub usage x", "unexpected 'x'", "no more arguments are expected");
	is_int(run("prog later"), -ENOSYS, "a row without a function");
	ok(!err.usage && err.text[0], "is not the user's fault");
	fails_with = -EIO;
	is_int(run("prog show"), -EIO, "what the command returns is returned");
	fails_with = 0;
	ok(!ctx.cmd_state, "the state is taken down");
	ok(!cmd_alloc(&ctx, 1), "there is no memory of a command without a command");
}

static void test_help_verb(void)
{
	helps("", "Usage: bpfctl [OPTIONS] OBJECT");
	helps("help", "Usage: bpfctl [OPTIONS] OBJECT");
	helps("''", "Usage: bpfctl [OPTIONS] OBJECT");
	helps("h", "Usage: bpfctl [OPTIONS] OBJECT");
	helps("prog help", "Usage: bpfctl prog { show | list } [PROG]");
	helps("p h", "Usage: bpfctl prog { show | list } [PROG]");
	helps("prog load help", "Usage: bpfctl prog load OBJ");
	helps("help prog load", "Usage: bpfctl prog load OBJ");
	helps("prog help load x y", "Usage: bpfctl prog load OBJ");
	helps("perf help", "Usage: bpfctl perf hop");
	helps("perf he", "Usage: bpfctl perf hop");
	helps("iter", "Usage: bpfctl iter pin");
	helps("version help", "Usage: bpfctl version");
	helps("prog list help", "Usage: bpfctl prog { show | list } [PROG]");
	runs("prog load help x format c", "load");
	is_str(seen.path, "help", "a file may be called help");
	refused("prog load hel", "missing 'format FORMAT'", "see 'bpfctl prog load help'");
	refused("help porg", "unknown object 'porg'", "did you mean 'prog'?");

	run("prog help");
	split(&line, "version help");
	cmd_dispatch(&ctx, root, line.words, line.n);
	ok(!!strstr(ctx.help_text, "prog dump") && !!strstr(ctx.help_text, "Usage: bpfctl version"),
	   "help texts add up (batch)");
	opts.jsonl = true;
	is_int(run("prog help"), 0, "help with JSON output");
	ok(!ctx.help_text, "is no data");
	opts.jsonl = false;
}

static void contains(const char *text, const char *part)
{
	if (!ok(text && strstr(text, part), "help has: %s", part))
		printf("#  in: %s\n", text ? text : "(null)");
}

/* One bare word. */
static void test_bare(void)
{
	runs("prog dump x 7", "dump");
	ok(seen.prog.how == REF_ID && seen.prog.id == 7 && seen.prog.bare, "digits are an id");
	runs("prog dump x 7up quiet", "dump");
	ok(seen.prog.how == REF_NAME && eq(seen.prog.text, "7up") && seen.quiet, "a name");
	runs("prog dump x /sys/fs/bpf/p", "dump");
	ok(seen.prog.how == REF_PINNED && eq(seen.prog.text, "/sys/fs/bpf/p"), "a path");
	runs("prog dump x ./p*", "dump");
	ok(seen.prog.how == REF_PINNED, "a path is no pattern");
	runs("prog dump x fw_*", "dump");
	ok(seen.prog.how == REF_GLOB && ref_is_list(&seen.prog), "a pattern");
	ok(ref_is_name(&seen.prog, "fw_") && ref_is_name(&seen.prog, "fw_in"), "which matches");
	ok(!ref_is_name(&seen.prog, "fwin") && !ref_is_name(&seen.prog, ""), "or does not");
	runs("prog dump x i", "dump");
	ok(seen.prog.how == REF_NAME && eq(seen.prog.text, "i"), "half a selector without a value");
	runs("prog dump x i 8", "dump");
	ok(seen.prog.how == REF_ID && !seen.prog.bare, "with a value it is one");
	refused("prog dump x 4294967296", "can't parse '4294967296' as id: the largest is 4294967295", "see");
	refused("prog dump x ''", "'' needs a value", "see");
	refused("prog dump x name", "'name' needs a value", "see");
	refused("prog dump x quiet", "missing PROG", "see 'bpfctl prog dump help'");
	refused("prog dump x --quiet", "missing PROG", "see 'bpfctl prog dump help'");
	runs("prog dump x name quiet", "dump");
	ok(seen.prog.how == REF_NAME && !seen.quiet, "the name of a keyword needs the selector");
	runs("prog show lim 3", "show");
	ok(seen.prog.how == REF_NONE && seen.limit == 3, "an abbreviated keyword wins, too");
	runs("prog show limt", "show");
	ok(eq(seen.near, "limit"), "what is almost a keyword remembers it");
	runs("prog tail foo key 1", "tail");
	ok(eq(seen.map.text, "foo") && args_left(&seen.tail) == 2, "before the rest");
	runs("prog pick x map foo", "pick");
	ok(eq(seen.map.text, "foo"), "after a keyword");
}

/* A row that may be repeated. */
static void test_several(void)
{
	runs("prog several 7 id 8 foo name x quiet", "several");
	is_int(seen.n_refs, 4, "in any form");
	ok(seen.prog.id == 7 && seen.quiet && eq(seen.last, "x"), "in order, before the keywords");
	runs("prog several 7", "several");
	ok(seen.n_refs == 1 && !ref_is_list(&seen.prog), "one is one");
	runs("prog several quiet", "several");
	is_int(seen.n_refs, 0, "or none");
	refused("prog several 7 tag 8", "can't parse tag '8': 16 hexadecimal digits are expected", "see");
	ctx.progname = "bpftool";
	runs("prog several id 7 quiet", "several");
	is_int(seen.n_refs, 1, "bpftool: one");
	refused("prog several id 7 id 8", "unexpected 'id'", "accepted here: quiet");
	ctx.progname = "bpfctl";
}

/* bpftool knows selectors only. */
static void test_bpftool_refs(void)
{
	ctx.progname = "bpftool";
	refused("prog show foo", "unexpected 'foo'",
		"accepted here: id, tag, name, pinned, type, limit");
	refused("prog show foo bar", "unexpected 'foo'", "see 'bpftool prog show help'");
	refused("prog show anme x", "unexpected 'anme'", "did you mean 'name'?");
	refused("prog dump x 7", "expected 'id', 'tag', 'name' or 'pinned', got: '7'", "see");
	refused("prog dump x i", "'i' needs a value", "see");
	runs("prog show name fw_*", "show");
	ok(seen.prog.how == REF_NAME, "nor patterns");
	run("prog help");
	contains(ctx.help_text, "\nPROG := { id ID | tag TAG | name NAME | pinned PATH }\n");
	ctx.progname = "bpfctl";
}

static void test_positionals(void)
{
	runs("prog show id 7", "show");
	ok(seen.prog.how == REF_ID && seen.prog.id == 7, "its reference");
	runs("prog show", "show");
	ok(seen.prog.how == REF_NONE, "none was given");
	runs("prog show type c", "show");
	ok(seen.prog.how == REF_NONE && eq(seen.format, "c"), "a keyword where a reference may be");
	runs("prog show t 0011223344556677 ty raw", "show");
	ok(seen.prog.how == REF_TAG && eq(seen.format, "raw"),
	   "'t' is tag: positionals come first");
	refused("prog show foo bar", "unexpected 'bar'", "accepted here: type, limit");
	refused("prog show anme x", "unexpected 'x'", "did you mean 'name'?");
	refused("prog show id", "'id' needs a value", "see 'bpfctl prog show help'");
	refused("prog show id 7 8", "unexpected '8'", "accepted here: type, limit");
	refused("prog show limit 3 id 7", "unexpected 'id'",
		"PROG must come before the other words");
	refused("prog show limit 3 foo", "unexpected 'foo'", "accepted here: type;");
	refused("prog show id -5", "can't parse '-5' as id: it must not be negative", "see");
	refused("prog show id 4294967296",
		"can't parse '4294967296' as id: the largest is 4294967295", "see");

	runs("prog dump x id 3", "dump");
	is_int(seen.mode, 0, "the first choice");
	runs("prog dump j i 3", "dump");
	is_int(seen.mode, 1, "the second");
	runs("prog dump '' i 3", "dump");
	is_int(seen.mode, 0, "the empty word is the first");
	refused("prog dump jitted id 3", "unrecognized argument: 'jitted'",
		"did you mean 'jited'?");
	refused("prog dump foo id 3", "unrecognized argument: 'foo'",
		"use one of: xlated, jited");
	refused("prog dump", "missing argument", "see 'bpfctl prog dump help'");
	refused("prog dump x", "missing PROG", "see 'bpfctl prog dump help'");

	runs("prog pick x 5 id 6", "pick");
	is_int(seen.limit, 6, "both numbers are taken");
	runs("prog pick xdpg map id 1", "pick");
	ok(seen.type == 1 && !seen.limit && seen.map.id == 1, "an optional number is skipped");
	runs("prog pick t id 0x10", "pick");
	ok(seen.type == 2 && seen.limit == 16, "the third choice");

	runs("prog tree", "tree");
	runs("prog tree green /x eth0 effective", "tree");
	ok(eq(seen.format, "green") && eq(seen.path, "/x") && eq(seen.dev, "eth0") && seen.quiet,
	   "all optional words");
	runs("prog tree /x", "tree");
	ok(!seen.format && eq(seen.path, "/x"), "a word that is not in the list goes to the next");
	runs("prog tree effective", "tree");
	ok(!seen.path && seen.quiet, "the exact keyword is never a path");
	runs("prog tree eff", "tree");
	ok(eq(seen.path, "eff") && !seen.quiet, "a shortened one is");
}

static void test_keywords(void)
{
	runs("prog dump x id 1 opcodes quiet at 0xffffffff81000000", "dump");
	ok(seen.opcodes && seen.quiet && seen.addr == 0xffffffff81000000ULL, "flags and a number");
	runs("prog dump x id 1 q o q", "dump");
	ok(seen.opcodes && seen.quiet && !seen.loud, "shortened; a flag may be said twice");
	runs("prog dump x id 1 visual", "dump");
	ok(seen.loud, "a hidden word works");
	runs("prog dump x id 1 '' f", "dump");
	ok(eq(seen.file, "f"), "the empty word is the first keyword");
	refused("prog dump x id 1 file f file g", "'file' is given twice", "see");
	refused("prog dump x id 1 at 1 at 1", "'at' is given twice", "see");
	refused("prog dump x id 1 file f opcodes", "'file' and 'opcodes' exclude each other",
		"see");
	refused("prog dump x id 1 opcodes file f", "'opcodes' and 'file' exclude each other",
		"see");
	refused("prog dump x id 1 file", "'file' needs FILE", "see");
	refused("prog dump x id 1 at 18446744073709551616",
		"can't parse '18446744073709551616' as at: the largest is 18446744073709551615",
		"see");
	refused("prog dump x id 1 at ''", "can't parse '' as at: a number is expected", "see");
	refused("prog dump x id 1 qiuet", "unexpected 'qiuet'", "did you mean 'quiet'?");
	refused("prog dump x id 1 opcodes zzz", "unexpected 'zzz'", "accepted here: quiet, at;");
	ok(!strstr(err.hint, "visual"), "hidden words are not named");

	refused("prog load o form raw", "unexpected 'raw'", "see"); /* 1: 'form' was used as PATH */
}

static void test_load(void)
{
	runs("prog load o p format raw", "load");
	ok(eq(seen.name, "p"), "the optional word");
	runs("prog load o format raw", "load");
	ok(!seen.name, "skipped before a keyword");
	refused("prog load o p", "missing 'format FORMAT'", "see");
	refused("prog load", "missing OBJ", "see");
	refused("prog load o p format ra", "unrecognized format: 'ra'", "did you mean 'raw'?");
	refused("prog load o p format ''", "unrecognized format: ''", "use one of: raw, c");
	runs("prog load o p format c dev lo", "load");
	ok(eq(seen.old_dev, "lo"), "an old word");
	refused("prog load o p format c dev lo offload_dev lo",
		"'dev' and 'offload_dev' exclude each other", "see");
	runs("prog load o p pair 2 3 format c pair 4 5", "load");
	is_int(seen.sum, 26, "repeated, own grammar");
	refused("prog load o p format c pair 2", "a pair is two numbers",
		"see 'bpfctl prog load help'");
	refused("prog load o p format c pair", "'pair' needs A B", "see 'bpfctl prog load help'");
	refused("prog load o p format c mute", "can't parse mute", "see");
	refused("prog load o p format c limit 1 limit 2", "'limit' is given twice", "see");
	runs("prog clear o p form raw l 1", "load");
	is_int(seen.limit, 1, "shortened words where they must be clear");
	refused("prog clear o p '' raw",
		"'' could be any of: format, offload_dev, limit, pair, mute", "see");
}

static void test_rests(void)
{
	runs("prog tail id 1", "tail");
	is_int(args_left(&seen.tail), 0, "an empty tail");
	runs("prog tail id 1 key 1 -2", "tail");
	ok(args_left(&seen.tail) == 3 && eq(args_peek(&seen.tail), "key"), "all that is left");
	runs("prog files o a b c", "files");
	ok(eq(seen.path, "o") && args_left(&seen.list) == 3 && eq(args_next(&seen.list), "a"),
	   "a list of files");
	refused("prog files o", "missing IN", "see");
	runs("prog sum 1 2 3", "sum");
	is_int(seen.sum, 6, "a repeated positional");
	runs("prog sum 1 2 quiet", "sum");
	ok(seen.sum == 3 && seen.quiet, "up to a keyword");
	refused("prog sum", "missing NUMBER", "see");
	refused("prog sum 1 x", "can't parse 'x' as number: not a whole number", "see");
	refused("prog pick x", "missing one of: id, map, file", "see");
	refused("prog pick x id 1 map id 2", "'id' and 'map' exclude each other", "see");
	refused("prog pick x map", "'map' needs MAP", "see");
}

static void test_given(void)
{
	runs("prog sum 1", "sum");
	ok(!seen.cpu.given, "not given");
	runs("prog sum 1 cpu 0", "sum");
	ok(seen.cpu.given && !seen.cpu.value, "0 is given");
	runs("prog sum 1 cpu 0x10", "sum");
	ok(seen.cpu.given && seen.cpu.value == 16, "as any number");
	refused("prog sum 1 cpu", "'cpu' needs N", "see 'bpfctl prog sum help'");
	refused("prog sum 1 cpu x", "can't parse 'x' as cpu: not a whole number", "see 'bpfctl prog sum help'");
}

static void test_add_word(void)
{
	char few[16] = "", none[8] = "", all[64] = "";

	add_word(few, sizeof(few), "%s", "one");
	add_word(few, sizeof(few), "%d", 22);
	is_str(few, "one, 22", "a list");
	add_word(few, sizeof(few), "%s", "threes");
	is_str(few, "one, 22, ...", "what does not fit");
	add_word(few, sizeof(few), "%s", "4");
	is_str(few, "one, 22, ...", "nothing after it");
	add_word(none, sizeof(none), "%s", "longer than that");
	is_str(none, "...", "not even the first");
	for (int i = 0; i < 100; i++)
		add_word(all, sizeof(all), "%d", i);
	ok(strlen(all) < sizeof(all) && strstr(all, "..."), "never beyond the end");
}

static void test_help_text(void)
{
	static const char dump_help[] = "Usage: bpfctl prog dump { xlated | jited } PROG [ file "
					"FILE | opcodes ] [quiet] [at ADDR]\n"
					"\n"
					"  print instructions\n"
					"\n"
					"  { xlated | jited }  which instructions\n"
					"  PROG                the program\n"
					"  file FILE           write to FILE\n"
					"  opcodes             with bytes\n"
					"  quiet               less\n"
					"  at ADDR             from this address\n"
					"\n"
					"PROG := { ID | NAME | PATTERN | PATH | id ID | tag TAG | "
					"name NAME | pinned PATH }\n";
	const char *longest = NULL;

	run("prog dump help");
	is_str(ctx.help_text, dump_help, "the help of a command");
	run("prog load help");
	contains(ctx.help_text,
		 "Usage: bpfctl prog load OBJ [PATH] format FORMAT [ offload_dev IF | limit N ]");
	contains(ctx.help_text, "[pair A B]...");
	contains(ctx.help_text, "\nFORMAT := { raw | c }\n");
	ok(!strstr(ctx.help_text, "old word"), "hidden words are not shown");
	run("prog tail help");
	ok(!strstr(ctx.help_text, ":= { key }"),
	   "what a command parses itself is not defined by its completions");
	run("prog pick help");
	contains(ctx.help_text, "Usage: bpfctl prog pick TYPE [N] { id N | map MAP | file F }\n");
	run("prog files help");
	contains(ctx.help_text, "Usage: bpfctl prog files OUT IN...\n");
	run("prog sum help");
	contains(ctx.help_text, "Usage: bpfctl prog sum NUMBER... [quiet] [cpu N]\n");
	run("prog tail help");
	contains(ctx.help_text, "Usage: bpfctl prog tail MAP [key BYTES]\n");

	run("prog help");
	contains(ctx.help_text,
		 "Usage: bpfctl prog { show | list } [PROG] [type TYPE] [limit N]\n");
	contains(ctx.help_text, "\n       bpfctl prog dump { xlated | jited } PROG");
	contains(ctx.help_text, "\n       bpfctl prog help [COMMAND]\n");
	contains(ctx.help_text, "\n  show, list  list programs\n");
	contains(ctx.help_text, "\n  tree        optional words\n");
	contains(ctx.help_text, "\nPROG := { ID | NAME | PATTERN | PATH | id ID | tag TAG | "
				"name NAME | pinned PATH }\n");
	contains(ctx.help_text, "\nMAP := { ID | NAME | PATTERN | PATH | id ID | name NAME | pinned PATH }\n");
	contains(ctx.help_text, "\nTYPE of 'show' := { raw | c }\n");
	contains(ctx.help_text, "\nTYPE of 'pick' := { xdp | xdpgeneric | tcx_ingress }\n");
	ok(!strstr(ctx.help_text, "secret"), "hidden commands are not shown");
	longest = strstr(ctx.help_text, "PROG := ");
	ok(longest && !strstr(longest + 1, "PROG := "), "PROG is defined once");
	for (const char *l = ctx.help_text; l && *l;
	     l = strchr(l, '\n') ? strchr(l, '\n') + 1 : NULL)
		if (strcspn(l, "\n") > 90)
			ok(0, "a line is too long: %.*s", (int)strcspn(l, "\n"), l);

	run("help");
	contains(ctx.help_text, "\n       bpfctl version\n");
	contains(ctx.help_text, "\n  prog     programs\n");
	run("perf help");
	contains(ctx.help_text, "\n       bpfctl perf sub COMMAND ...\n");

	ctx.progname = "bpftool";
	run("prog tail help");
	contains(ctx.help_text, "Usage: bpftool prog tail");
	ctx.progname = "bpfctl";
	split(&line, "prog dump x id");
	free(ctx.help_text);
	ctx.help_text = cmd_help(&ctx, root, line.words, line.n);
	is_str(ctx.help_text, dump_help, "cmd_help() ignores words beyond the command");
	split(&line, "nosuch");
	free(ctx.help_text);
	ctx.help_text = cmd_help(&ctx, root, line.words, line.n);
	contains(ctx.help_text, "Objects:");
}

static bool describes;

/* Candidates joined by blanks. */
static void offers(const char *text, const char *want)
{
	char *got = NULL, what[600];
	size_t len;
	FILE *f = open_memstream(&got, &len);

	err_clear(&err);
	split(&line, text);
	cmd_complete(&ctx, root, &(struct completing){ line.words, line.n, f, describes });
	fclose(f);
	for (size_t i = 0; i < len; i++)
		if (got[i] == '\n')
			got[i] = i + 1 < len ? ' ' : '\0';
	snprintf(what, sizeof(what), "after '%s': %s", text, want);
	is_str(got, want, what);
	free(got);
	ok(!err.code && !ctx.cmd_state, "'%s' leaves nothing behind", text);
}

static void test_complete(void)
{
	offers("", "help batch prog perf iter version");
	offers("''", "help batch prog perf iter version");
	offers("p", "prog perf");
	offers("nosuch", "");
	offers("nosuch ''", "");
	offers("prog ''", "show list help dump load loadall tail files sum pick tree several later");
	offers("prog l", "list load loadall later");
	offers("perf ''", "hop sub help");
	offers("perf sub ''", "usage help");
	offers("help p", "prog perf");
	offers("prog help tre", "tree");
	offers("prog nosuch ''", "");
	offers("version ''", "");

	offers("prog show ''", "id tag name pinned alpha type limit");
	offers("prog show 1", "17 18");
	offers("prog show /s", ":file");
	offers("prog show alpha ''", "type limit");
	offers("prog several 17 name alpha ''", "id tag name pinned alpha quiet");
	ctx.progname = "bpftool";
	offers("prog show ''", "id tag name pinned type limit");
	offers("prog several id 17 ''", "quiet");
	ctx.progname = "bpfctl";
	offers("prog list t", "tag type");
	offers("prog show id ''", "17 18 2");
	offers("p s i 1", "17 18");
	offers("prog show name ''", "alpha");
	offers("prog show pinned /s", ":file");
	offers("prog show id 17 ''", "type limit");
	offers("prog show type ''", "raw c");
	offers("prog show type raw ''", "limit");
	offers("prog show id 17 lim", "limit");
	offers("prog show limit ''", "");
	offers("prog show -j id 1", "17 18");
	offers("-j --pretty prog show ty", "type");
	offers("prog show -", "");
	offers("prog show bogus ''", "type limit");

	offers("prog dump ''", "xlated jited");
	offers("prog dump x", "xlated");
	offers("prog dump x ''", "id tag name pinned alpha");
	offers("prog dump x id 1 ''", "file opcodes quiet at");
	offers("prog dump x id 1 opcodes ''", "quiet at");
	offers("prog dump x id 1 file ''", ":file");
	offers("prog dump x id 1 file f q", "quiet");

	offers("prog load ''", ":file");
	offers("prog load o ''", "format offload_dev limit pair mute");
	offers("prog load o p format c dev lo ''", "pair mute");
	if (if_nametoindex("lo"))
		offers("prog load o p offload_dev lo", "lo");
	offers("prog load o p pair ''", "pair 100");
	offers("prog load o p pair 1 2 format ''", "raw c");
	offers("prog files o ''", ":file");
	offers("prog files o a b ''", ":file");
	offers("prog tail id 1 ''", "key");
	offers("prog tail id 1 key 1 ''", "key");
	offers("prog pick ''", "xdp xdpgeneric tcx_ingress");
	offers("prog pick x ''", "id map file");
	offers("prog pick x id 1 ''", "");
	offers("prog pick x map ''", "id name pinned");
	offers("prog tree r", "red :file");
	offers("prog dump x 1 --", "--opcodes --quiet");
	offers("prog dump x 1 --q", "--quiet");
	offers("prog --", "");
	describes = true;
	offers("prog pi", "pick\tchoose one");
	offers("prog dump x 1 q", "quiet\tless");
	offers("prog show type r", "raw");
	describes = false;
}

int main(void)
{
	test_dispatch();
	test_help_verb();
	test_given();
	test_add_word();
	test_positionals();
	test_bare();
	test_several();
	test_bpftool_refs();
	test_keywords();
	test_load();
	test_rests();
	test_help_text();
	test_complete();
	free(ctx.help_text);
	err_clear(&err);
	return tap_done();
}
