/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whole commands on a file with the input. A target names the words of a command, and is skipped if
 * the program does not have it.
 */
#ifndef FUZZ_COMMAND_H
#define FUZZ_COMMAND_H

#include <fcntl.h>

#include "batch.h"
#include "cli/opts.h"
#include "kern/kernel.h"
#include "kern/libbpf_log.h"
#include "fuzz.h"

/* May be missing in a tree without this group. */
extern const struct cmd btf_cmd __attribute__((weak)), gen_cmd __attribute__((weak)),
	obj_cmd __attribute__((weak));

static void keep_quiet(struct ctx *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static void report_nothing(struct ctx *ctx)
{
	(void)ctx;
}

/* The groups that read files and not the kernel. */
static const struct cmd *const *file_commands(void)
{
	static const struct cmd *tree[8];
	unsigned int n = 0;

	if (&btf_cmd)
		tree[n++] = &btf_cmd;
	if (&gen_cmd)
		tree[n++] = &gen_cmd;
	if (&obj_cmd)
		tree[n++] = &obj_cmd;
	return tree;
}

__attribute__((unused)) static bool has_command(const char *group, const char *verb)
{
	for (const struct cmd *const *g = file_commands(); *g; g++)
		for (const struct cmd *const *c = (*g)->sub; streq((*g)->name, group) && *c; c++)
			if (streq((*c)->name, verb))
				return true;
	return false;
}

/*
 * For LLVMFuzzerInitialize(): run.sh uses this variable to find out whether there is something to
 * run.
 */
__attribute__((unused)) static int init_for(const char *group, const char *verb)
{
	if (getenv("FUZZ_IS_THERE"))
		exit(has_command(group, verb) ? 0 : 77);
	return 0;
}

/* A file with these bytes, by a path; owned: close it. */
__attribute__((unused)) static int file_of(const void *data, size_t size, char path[static 32])
{
	int fd = memfd_create("input", 0);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file in memory");
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/*
 * Runs the words (including global options such as "-j"). Its output must be valid in its
 * rendition, and a failure must have a message. Returns its output, NUL-terminated, owned, NULL if
 * it failed.
 */
__attribute__((unused)) static char *run_words(const struct cmd *const *tree,
					       const char *const *list)
{
	const char *words[32];
	struct opts opts = {};
	struct err err = {};
	struct ctx ctx = { .err = &err,
			   .opts = &opts,
			   .root = tree,
			   .say = keep_quiet,
			   .progress = keep_quiet,
			   .report = report_nothing,
			   .progname = "bpfctl" };
	int fd = memfd_create("out", 0), failed;
	unsigned int n = 0;
	char *text;
	size_t len;

	while (list[n] && n < ARRAY_SIZE(words)) {
		words[n] = list[n];
		n++;
	}
	must(!opts_parse(&err, &opts, words, n, &n), "the options of a target");
	ctx.out = out_open(fd, opts.json ? OUT_JSON : opts.pretty ? OUT_PRETTY : OUT_TEXT);
	libbpf_log_install(&ctx);
	failed = run_command(&ctx, words, n);
	must(!failed || (err.code && err.text[0]), "a failure says why");
	must(!failed || !err.usage, "the words of a target");
	out_close(ctx.out);
	text = written(fd, &len);
	if (opts.json || opts.pretty)
		must_be_json(text, len);
	kernel_free(ctx.kernel);
	err_clear(&err);
	close(fd);
	if (failed) {
		free(text);
		return NULL;
	}
	return text;
}

#endif
