// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Command lines and batch files: any words through options, the whole command tree, its parameters,
 * help and completion. The tree is the program's, but its commands do nothing and its completion
 * does not query the kernel. Words are separated by newlines; the first byte selects what is done
 * with them.
 */
#define main bpfctl_main
int bpfctl_main(int argc, char **argv);
#include "main.c"
#undef main

#include "fuzz.h"

#define ROWS_MAX 64

/* Fails now and then, like a command. */
static int do_nothing(struct ctx *ctx, const void *args)
{
	(void)args;
	out_rec(ctx->out, NULL);
	out_str(ctx->out, "done", "done %s", "nothing");
	if (ctx->opts->debug)
		return fail(ctx->err, -EPERM, "do nothing");
	out_rec_end(ctx->out);
	return 0;
}

static const struct param *copy_params(const struct param *params)
{
	struct param *copy;
	size_t n = 0;

	if (!params)
		return NULL;
	while (params[n].name)
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	must(copy, "memory");
	memcpy(copy, params, (n + 1) * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i].complete = NULL;
	return copy;
}

static const struct cmd *const *copy_tree(const struct cmd *const *rows)
{
	const struct cmd **list;
	size_t n = 0;

	while (rows[n])
		n++;
	list = calloc(n + 1, sizeof(*list));
	must(list, "memory");
	for (size_t i = 0; i < n; i++) {
		struct cmd *copy = malloc(sizeof(*copy));

		must(copy, "memory");
		*copy = *rows[i];
		copy->params = copy_params(rows[i]->params);
		if (rows[i]->sub && rows[i] != &batch_cmd)
			copy->sub = copy_tree(rows[i]->sub);
		if (rows[i]->run)
			copy->run = do_nothing;
		list[i] = copy;
	}
	return list;
}

static void ignore(struct ctx *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static void report_nothing(struct ctx *ctx)
{
	(void)ctx;
}

/* As in main(), into a file in memory. */
static void run_line(const struct cmd *const *tree, const char **words, unsigned int n)
{
	struct opts opts = {};
	struct err err = {};
	struct ctx ctx = { .err = &err,
			   .opts = &opts,
			   .root = tree,
			   .say = ignore,
			   .progress = ignore,
			   .report = report_nothing,
			   .progname = "bpfctl" };
	int fd = memfd_create("out", 0), bad;
	bool is_jsonl;
	size_t len;
	char *text;

	translate_top(words, n);
	bad = opts_parse(&err, &opts, words, n, &n);
	is_jsonl = opts.jsonl && !opts.pretty;
	ctx.out = out_open(fd, out_mode(&opts));
	if (bad)
		refuse(&ctx);
	else
		run(&ctx, words, n);
	must(!err.code || err.text[0], "an error has a text");
	must(!out_close(ctx.out), "it can be written");
	text = written(fd, &len);
	if (wants_json(&opts) && !is_jsonl)
		must_be_json(text, len);
	err_clear(&err);
	kernel_free(ctx.kernel);
	free(text);
	close(fd);
}

static void complete_line(const struct cmd *const *tree, const char **words, unsigned int n)
{
	struct opts opts = {};
	struct err err = {};
	struct ctx ctx = { .err = &err, .opts = &opts, .root = tree, .progname = "bpfctl" };
	FILE *f = fopen("/dev/null", "w");

	must(f, "/dev/null");
	if (n && words[n - 1][0] == '-')
		opts_complete(words[n - 1], n & 1, f);
	else
		cmd_complete(&ctx, tree, &(struct completing){ words, n, f, n & 1 });
	fclose(f);
	err_clear(&err);
	kernel_free(ctx.kernel);
}

static void run_batch(const struct cmd *const *tree, const void *data, size_t size, bool json)
{
	const char *words[4] = { json ? "-j" : "-n", "batch", "file" };
	int fd = memfd_create("batch", 0);
	char path[32];

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file in memory");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	words[3] = path;
	run_line(tree, words, 4);
	close(fd);
}

/* Does a word lead to a batch, which would read files of this machine? */
static bool names_batch(const char *const *words, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (*words[i] && word_is(words[i], "batch"))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cmd *const *tree;
	struct input in = { data, size };
	uint32_t choice = take(&in, 1);
	const char *words[ROWS_MAX];
	unsigned int n = 0;
	char *text, *rest;

	if (!tree)
		tree = copy_tree(root);
	if (choice & 2) {
		run_batch(tree, in.data, in.size, choice & 1);
		return 0;
	}
	text = strndup((const char *)in.data, in.size);
	must(text, "memory");
	for (rest = text; rest && n < ROWS_MAX;)
		words[n++] = strsep(&rest, "\n");
	if (choice & 1)
		complete_line(tree, words, n);
	else if (!names_batch(words, n))
		run_line(tree, words, n);
	free(text);
	return 0;
}
