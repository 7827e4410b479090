// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl batch: commands from a file, one per line. Each gets its own output scope, so in JSON the
 * whole is one array of {"command":[...],"output":...} whatever happens to a single command.
 */
#include <errno.h>

#include "batch.h"
#include "commands.h"
#include "json_writer.h"

#define LINE_BYTES_MAX 65535
#define PART_BYTES_MAX (1 << 20)	/* including its comment */
#define LINE_WORDS_MAX 4095
#define BATCHES_MAX 8	/* that run each other: a file that runs itself would never end */

struct batch_args {
	const char *file;
};

/* A line in pieces: words point into text. */
struct line {
	char *text;			/* owned */
	size_t len;
	char *part;			/* owned: buffer for a physical line */
	const char **words;		/* owned */
	unsigned int n;
	unsigned int number;		/* of the last line read, starting at 1 */
};

static void line_free(struct line *l)
{
	free(l->text);
	free(l->part);
	free(l->words);
}

#define auto_line __attribute__((cleanup(line_free)))

int fail_write(struct ctx *ctx, int err)
{
	if (ctx->err->code)
		ctx_hint_changes(ctx);
	else if (ctx->n_changes)
		ctx->err->after_change = true;
	if (!ctx->err->after_change)
		return fail(ctx->err, err, "write to stdout");
	fail(ctx->err, err, "%s, but the answer cannot be written to stdout", ctx->change);
	ctx_forget_changes(ctx);
	return err;
}

void end_answer(struct ctx *ctx)
{
	int err = out_recover(ctx->out);

	if (err)
		fail(ctx->err, err, "compose the answer");
	if (ctx->err->code)
		ctx_hint_changes(ctx);
	out_end(ctx->out, ctx->err->code ? ctx->err : NULL);
}

int run_command(struct ctx *ctx, const char *const *words, unsigned int n)
{
	int err;

	out_begin(ctx->out);
	err = cmd_dispatch(ctx, ctx->root, words, n);
	if (err && !ctx->err->code)
		fail(ctx->err, err < 0 ? err : -EIO, "%s failed without a reason",
		     n ? words[0] : ctx->progname);
	if (!err && ctx->help_text)
		out_text(ctx->out, "%s", ctx->help_text);
	free(take_ptr(ctx->help_text));
	end_answer(ctx);
	return err ?: ctx->err->code;
}

/* Removes the comment and the newline; true if the line continues (it ended in a backslash). */
static bool trim_line(char *text, size_t *len)
{
	char *hash = memchr(text, '#', *len);
	bool goes_on;

	if (*len && text[*len - 1] == '\n')
		--*len;
	goes_on = *len && text[*len - 1] == '\\';
	if (goes_on)
		--*len;
	if (hash && (size_t)(hash - text) < *len)
		*len = (size_t)(hash - text);
	return goes_on;
}

/*
 * Like getline(), with a limit: a line may be endless. Returns its length, 0 at the end of the
 * file, or an error.
 */
static ssize_t read_part(FILE *f, char *part, size_t size)
{
	size_t n = 0;
	int c = 0;

	while (c != '\n' && n < size) {
		c = getc_unlocked(f);
		if (c == EOF)
			break;
		if (!c)
			return -EILSEQ;	/* what follows it would be lost */
		part[n++] = (char)c;
	}
	if (n == size && c != '\n')
		return -E2BIG;
	return c == EOF && ferror(f) ? -(errno ?: EIO) : (ssize_t)n;
}

/* One command: lines joined after a backslash. Returns 1, 0 at the end of the file, or an error. */
static int read_line(FILE *f, struct line *l)
{
	bool goes_on = true, any = false;

	l->part = l->part ?: malloc(PART_BYTES_MAX);
	if (!l->part)
		return -ENOMEM;
	l->len = 0;
	while (goes_on) {
		ssize_t got = read_part(f, l->part, PART_BYTES_MAX);
		size_t len;
		char *text;

		l->number += got > 0 || got == -E2BIG || got == -EILSEQ;
		if (got < 0)
			return (int)got;
		if (!got)
			return any ? -ENODATA : 0;
		any = true;
		len = (size_t)got;
		goes_on = trim_line(l->part, &len);
		if (l->len + len > LINE_BYTES_MAX)
			return -E2BIG;
		text = realloc(l->text, l->len + len + 1);
		if (!text)
			return -ENOMEM;
		l->text = text;
		memcpy(text + l->len, l->part, len);
		l->len += len;
		text[l->len] = '\0';
	}
	return 1;
}

/* Splits words at blanks; a quoted word ends at the next such quote. */
static int split_line(struct line *l)
{
	static const char blanks[] = " \t\r\n";
	char *p = l->text;

	l->n = 0;
	free(l->words);
	l->words = calloc(LINE_WORDS_MAX + 1, sizeof(*l->words));
	if (!l->words)
		return -ENOMEM;
	while (*(p += strspn(p, blanks))) {
		char quote = *p == '"' || *p == '\'' ? *p++ : '\0';
		char *end = quote ? strchr(p, quote) : p + strcspn(p, blanks);

		if (!end)
			return -EBADMSG;
		if (l->n == LINE_WORDS_MAX)
			return -E2BIG;
		l->words[l->n++] = p;
		p = *end ? end + 1 : end;
		*end = '\0';
	}
	return 0;
}

static int line_error(struct ctx *ctx, int err, unsigned int number)
{
	switch (err) {
	case -EBADMSG:
		return fail_msg(ctx->err, err, "line %u: unterminated quote", number);
	case -ENODATA:
		return fail_msg(ctx->err, err, "line %u: no line follows the backslash", number);
	case -EILSEQ:
		return fail_msg(ctx->err, err, "line %u: contains a NUL byte", number);
	case -E2BIG:
		return fail(ctx->err, err, "line %u: longer than %u bytes or %u words", number,
			    LINE_BYTES_MAX, LINE_WORDS_MAX);
	default:
		return fail(ctx->err, err, "read line %u", number + 1);
	}
}

/* In a long file the error alone is not enough. (In JSON the command is next to its error.) */
static void say_which(struct err *e, unsigned int number)
{
	char text[ERR_TEXT_MAX];

	snprintf(text, sizeof(text), "line %u: %.*s", number, ERR_TEXT_MAX - 32, e->text);
	memcpy(e->text, text, sizeof(text));
}

/* A lost answer ends the batch: a change must be answered for before the next command. */
static int write_answer(struct ctx *ctx, bool is_json)
{
	int err = is_json && !ctx->n_changes ? out_failed(ctx->out) : out_flush(ctx->out);

	if (err)
		return fail_write(ctx, err);
	ctx_forget_changes(ctx);
	return 0;
}

static int run_line_json(struct ctx *ctx, const struct line *l)
{
	struct out *o = ctx->out;
	unsigned int i;
	int err;

	out_rec(o, NULL);
	out_list(o, "command", "");
	for (i = 0; i < l->n; i++)
		out_json_str(o, NULL, l->words[i]);
	out_list_end(o);
	out_key(o, "output");
	err = out_recover(o);
	if (err)
		return fail(ctx->err, err, "compose the answer");
	err = run_command(ctx, l->words, l->n);
	out_rec_end(o);
	if (err)
		ctx->err->shown = true;
	return err;
}

static int run_line(struct ctx *ctx, const struct line *l)
{
	bool is_json = out_is_json(ctx->out);
	int err = is_json ? run_line_json(ctx, l) : run_command(ctx, l->words, l->n);

	return err ?: write_answer(ctx, is_json);
}

static int run_file(struct ctx *ctx, FILE *f, unsigned int *ret_n)
{
	auto_line struct line l = {};
	int err;

	*ret_n = 0;
	while ((err = read_line(f, &l)) > 0) {
		err = split_line(&l);
		if (err)
			break;
		if (!l.n)
			continue;
		err_log_clear(ctx->err);	/* libbpf's messages for the previous command */
		err = run_line(ctx, &l);
		if (err) {
			say_which(ctx->err, l.number);
			return err;
		}
		++*ret_n;
	}
	return err ? line_error(ctx, err, l.number) : 0;
}

static int fail_too_deep(struct ctx *ctx, const char *path)
{
	fail_msg(ctx->err, -ELOOP, "'%s' would run below %u other batches", path, BATCHES_MAX);
	err_hint(ctx->err, "a batch must not run itself, nor a batch that runs it");
	return -ELOOP;
}

static int batch_file(struct ctx *ctx, const void *args)
{
	const struct batch_args *a = args;
	auto_fclose FILE *f = NULL;
	unsigned int n;
	int err;

	if (ctx->n_batches == BATCHES_MAX)
		return fail_too_deep(ctx, a->file);
	f = streq(a->file, "-") ? fdopen(dup(STDIN_FILENO), "r") : fopen(a->file, "re");
	if (!f)
		return fail(ctx->err, -errno, "open '%s'", a->file);
	out_list(ctx->out, NULL, NULL);
	ctx->n_batches++;
	err = run_file(ctx, f, &n);
	ctx->n_batches--;
	if (err)
		return err;
	out_list_end(ctx->out);
	out_text(ctx->out, "processed %u commands\n", n);
	return 0;
}

static const struct param file_params[] = { PARAM_PATH(struct batch_args, file, "", "FILE",
						       "the file, - for stdin",
						       .flags = PF_REQUIRED),
					    {} };

static const struct cmd batch_file_cmd = {
	.name = "file",
	.help = "run commands from a file, one per line; stop at the first failure",
	.params = file_params, .args_size = sizeof(struct batch_args),
	.run = batch_file, .flags = CMD_BASE_BTF,
};

static const struct cmd *const batch_cmds[] = {
	&batch_file_cmd,
	&(const struct cmd){ .name = "help" },
	NULL
};

const struct cmd batch_cmd = {
	.name = "batch", .help = "run commands from a file",
	.sub = batch_cmds,
};
