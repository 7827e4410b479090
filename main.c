// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl: global options, the error report and the exit status. The only user of exit and stderr.
 *
 * Exit status: 0 success, 1 failure, 2 invalid command line, 3 partial success (some objects were
 * skipped).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "batch.h"
#include "cli/buf.h"
#include "cli/opts.h"
#include "commands.h"
#include "describe.h"
#include "json_writer.h"
#include "kern/kernel.h"
#include "kern/libbpf_log.h"

enum { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_PARTLY };

/* The order is part of the interface: a word means the first entry it abbreviates. */
static const struct cmd *const root[] = {
	&(const struct cmd){ .name = "help" },
	&batch_cmd,
	&prog_cmd,
	&map_cmd,
	&link_cmd,
	&cgroup_cmd,
	&perf_cmd,
	&net_cmd,
	&feature_cmd,
	&btf_cmd,
	&gen_cmd,
	&struct_ops_cmd,
	&iter_cmd,
	&token_cmd,
	&attach_cmd,
	&trace_cmd,
	&ps_cmd,
	&top_cmd,
	&metrics_cmd,
	&obj_cmd,
	&version_cmd,
	&pin_cmd,
	&sym_cmd,
	&completion_cmd,
	NULL
};

static bool wants_json(const struct opts *opts)
{
	return opts->json || opts->pretty || opts->jsonl;
}

static enum out_mode out_mode(const struct opts *opts)
{
	return opts->pretty  ? OUT_PRETTY
	       : opts->jsonl ? OUT_JSONL
	       : opts->json  ? OUT_JSON
			     : OUT_TEXT;
}

/* Errors and notices may contain names from the kernel: escaped like everything else. */
static void put_stderr(const char *lead, const char *text)
{
	char clean[2 * ERR_TEXT_MAX];

	fprintf(stderr, "%s%s\n", lead, text_escape_line(clean, sizeof(clean), text));
}

static void say(struct ctx *ctx, const char *text)
{
	if (!wants_json(ctx->opts))
		put_stderr("", text);
}

static void show_progress(struct ctx *ctx, const char *text)
{
	if (wants_json(ctx->opts) || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K%s", text ? text : "");
}

/* A detail replaces hint and log. */
static void report_detail(const struct err *e)
{
	struct buf b = {};
	char *line, *at;

	e->detail->put_text(e->detail, &b);
	buf_putc(&b, '\0');
	for (at = b.err ? NULL : b.data; at && *at;) {
		line = strsep(&at, "\n");
		put_stderr("", line);
	}
	buf_free(&b);
}

static void report_text(const struct err *e)
{
	char text[2 * ERR_TEXT_MAX];
	bool colour = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
	size_t i;

	for (i = 0; i < e->n_log && !e->detail && !e->log_is_said; i++)
		put_stderr("", e->log[i]);
	err_message(e, text, sizeof(text));
	put_stderr(colour ? "\033[31mError:\033[0m " : "Error: ", text);
	if (e->detail)
		report_detail(e);
	else if (e->hint[0])
		put_stderr("Hint: ", e->hint);
}

static void report(struct ctx *ctx)
{
	if (wants_json(ctx->opts))
		out_error(ctx->out, ctx->err);
	else
		report_text(ctx->err);
}

/* -h prints help for the given words; with JSON there is no data, hence null. */
static int give_help(struct ctx *ctx, const char *const *words, unsigned int n)
{
	auto_free char *help = cmd_help(ctx, ctx->root, words, n);
	auto_free char *options = n ? NULL : opts_help();

	if (!help)
		return fail(ctx->err, -ENOMEM, "compose help");
	out_begin(ctx->out);
	out_text(ctx->out, "%s%s%s", help, options ? "\n" : "", options ? options : "");
	end_answer(ctx);
	return ctx->err->code;
}

static int run(struct ctx *ctx, const char *const *words, unsigned int n)
{
	static const char *const version[] = { "version" };

	if (ctx->opts->help ||
	    (!ctx->opts->version && (!n || (n == 1 && word_is(words[0], "help")))))
		return give_help(ctx, words, ctx->opts->help ? n : 0);
	if (ctx->opts->version)
		return run_command(ctx, version, 1);
	return run_command(ctx, words, n);
}

/* A command line that cannot be parsed is still answered in the rendition it requested. */
static void refuse(struct ctx *ctx)
{
	err_hint(ctx->err, "see '%s help'", ctx->progname);
	out_begin(ctx->out);
	out_end(ctx->out, ctx->err);
}

/* Has the error not been shown yet? In JSON the document contains it, unless that was lost, too. */
static bool has_to_report(const struct ctx *ctx, int write_err)
{
	/*
	 * A reader that has exited on purpose (| head) needs no error report, even if a listing
	 * found it first.
	 */
	if (ctx->err->code == -EPIPE && write_err == -EPIPE && !ctx->err->after_change)
		return false;
	return ctx->err->code && (write_err || !wants_json(ctx->opts));
}

static int finish(struct ctx *ctx)
{
	int write_err = out_close(take_ptr(ctx->out)), status = EXIT_DONE;
	struct err *e = ctx->err;

	if (write_err && !e->code)
		err_log_clear(e);		/* libbpf's messages about other things */
	if (write_err)
		fail_write(ctx, write_err);	/* the first error is kept */
	if (has_to_report(ctx, write_err))
		report_text(e);
	if (e->code)
		status = e->usage ? EXIT_USAGE : EXIT_FAILED;
	else if (ctx->n_partly)
		status = EXIT_PARTLY;
	err_clear(e);
	kernel_free(ctx->kernel);
	return status;
}

/*
 * bpfctl __complete WORD...: candidates for the last word; __describe: with descriptions. Never
 * fails, never reports errors.
 */
static int complete(struct ctx *ctx, const struct completing *c)
{
	const char *last = c->n ? c->words[c->n - 1] : "";

	if (last[0] == '-')
		opts_complete(last, c->described, c->f);
	cmd_complete(ctx, ctx->root, c);
	out_close(take_ptr(ctx->out));
	err_clear(ctx->err);
	kernel_free(ctx->kernel);
	return EXIT_DONE;
}

static int introspect(struct ctx *ctx)
{
	out_begin(ctx->out);
	describe_cli(ctx);
	end_answer(ctx);
	return finish(ctx);
}

/*
 * A closed stdin, stdout or stderr must not become the fd of a map or of a file we write. Nor is it
 * an empty file: reads and writes fail (O_PATH).
 */
static void hold_std_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_PATH);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/*
 * "top -n 5 -i 2" as in other tops: in bpfctl these letters are global options, so they become
 * keywords.
 */
static void translate_top(const char **words, unsigned int n)
{
	unsigned int i = 0;

	while (i < n && words[i][0] == '-')
		i++;
	if (i == n || !streq(words[i], "top"))
		return;
	for (i++; i < n; i++) {
		if (streq(words[i], "-n"))
			words[i] = "samples";
		else if (streq(words[i], "-i"))
			words[i] = "interval";
	}
}

/* There is no memory for a writer. */
static int fail_at_start(const struct opts *opts)
{
	static const char document[] = "{\"error\":\"out of memory\",\"errno\":\"ENOMEM\"}\n";

	if (!wants_json(opts) || write(STDOUT_FILENO, document, sizeof(document) - 1) < 0)
		put_stderr("Error: ", "out of memory");
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	const char *base = argc && strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1
			   : argc			 ? argv[0]
							 : "";
	const char **words = (const char **)argv + (argc > 0);
	unsigned int n = argc > 0 ? (unsigned int)argc - 1 : 0;
	struct opts opts = {};
	struct err err = {};
	struct ctx ctx = { .err = &err,
			   .opts = &opts,
			   .root = root,
			   .say = say,
			   .progress = show_progress,
			   .report = report,
			   .progname = streq(base, "bpftool") ? "bpftool" : "bpfctl" };
	bool introspects = n == 1 && streq(words[0], "--introspect-cli");
	bool describes = n && streq(words[0], "__describe");
	bool completes = describes || (n && streq(words[0], "__complete"));
	int bad = 0;

	translate_top(words, n);
	hold_std_fds();
	/* Both become errors of write(). */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (introspects)
		opts.pretty = true;
	else if (!completes)
		bad = opts_parse(&err, &opts, words, n, &n);
	ctx.out = out_open(STDOUT_FILENO, out_mode(&opts));
	if (!ctx.out)
		return fail_at_start(&opts);
	libbpf_log_install(&ctx);
	if (completes)
		return complete(&ctx,
				&(struct completing){ words + 1, n - 1, stdout, describes });
	if (introspects)
		return introspect(&ctx);
	if (bad)
		refuse(&ctx);
	else
		run(&ctx, words, n);
	return finish(&ctx);
}
