// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog tracelog: output of programs, of all in tracefs's trace_pipe (bpf_printk), or of one
 * in its own streams (bpf_stream_printk).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include "cli/cmd.h"
#include "cli/buf.h"
#include "json_writer.h"
#include "kern/abi.h"
#include "kern/libbpf_log.h"
#include "kern/object/obj.h"
#include "kern/stop.h"
#include "kern/trace/tracefs.h"
#include "view/output.h"

struct prog_tracelog_args {
	int stream;			/* 0: trace_pipe, 1: stdout, 2: stderr of... */
	struct ref prog;
};

#define READ_SIZE (64 * 1024)

static const char *const stream_words[] = { "stdout", "stderr", NULL };

/* Escaped, except for tabs. */
static void put_escaped(struct buf *b, const char *line, size_t len)
{
	while (len) {
		const char *tab = memchr(line, '\t', len);
		size_t n = tab ? (size_t)(tab - line) : len;

		buf_text_line(b, line, n);
		if (tab)
			buf_putc(b, '\t');
		line += n + (tab ? 1 : 0);
		len -= n + (tab ? 1 : 0);
	}
}

static void show_line(struct out *o, const char *line, size_t len)
{
	struct buf b = {};

	out_json_strn(o, NULL, line, len);
	put_escaped(&b, line, len - (line[len - 1] == '\n'));
	if (line[len - 1] == '\n')
		buf_putc(&b, '\n');
	if (!b.err)
		out_text_raw(o, b.data, b.len);
	buf_free(&b);
}

/*
 * Complete lines are written from b at once; with all also an incomplete last one. Returns 0 or
 * OUTPUT_LOST.
 */
static int show_lines(struct ctx *ctx, struct buf *b, const char *where, bool all)
{
	unsigned long long n = 0;
	struct out *o = ctx->out;
	size_t at = 0;

	if (out_failed(o))
		return OUTPUT_LOST;
	while (at < b->len) {
		const char *end = memchr(b->data + at, '\n', b->len - at);
		size_t len = end ? (size_t)(end - b->data) + 1 - at : b->len - at;

		if (!end && !all)
			break;
		show_line(o, b->data + at, len);
		at += len;
		n++;
	}
	if (at)
		memmove(b->data, b->data + at, b->len - at);
	b->len -= at;
	return output_flush(ctx, n, plural(n, "line", "lines"), where);
}

/*
 * Everything available now. Returns 0: there may be more later, OUTPUT_LOST, or a negative errno.
 */
static int read_now(struct ctx *ctx, int fd, struct buf *b)
{
	for (;;) {
		ssize_t n;

		if (!buf_room(b, READ_SIZE))
			return b->err;
		n = read(fd, b->data + b->len, READ_SIZE);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0)
			return -errno;
		if (!n)		/* tracing was disabled after something was read */
			return 0;
		b->len += (size_t)n;
		if (show_lines(ctx, b, "trace_pipe", false))
			return OUTPUT_LOST;
	}
}

static int follow(struct ctx *ctx, int fd, const struct stop *stop, struct buf *b)
{
	int why;

	while ((why = stop_wait(stop, &fd, 1, -1)) == STOP_READY) {
		int err = read_now(ctx, fd, b);

		if (err)
			return err == OUTPUT_LOST ? 0 : fail(ctx->err, err, "read trace_pipe");
	}
	return why < 0 ? fail(ctx->err, why, "wait for trace_pipe") : 0;
}

static int fail_pipe(struct ctx *ctx, const struct tracefs *t, int err)
{
	fail(ctx->err, err, "open '%s/trace_pipe'", t->path);
	if (err == -EBUSY)
		err_hint(ctx->err, "another process is reading it; only one can");
	err_hint_denied(ctx->err, "cap_dac_override");
	return err;
}

static int follow_pipe(struct ctx *ctx)
{
	auto_tracefs struct tracefs t = { .dir = -1 };
	auto_stop struct stop stop = { .fd = -1 };
	auto_close int fd = -1;
	struct buf b = {};
	int err = tracefs_open(ctx, &t);

	if (err)
		return err;
	fd = openat(t.dir, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fail_pipe(ctx, &t, -errno);
	err = stop_open(ctx, &stop);
	if (err)
		return err;
	out_list(ctx->out, NULL, NULL);
	err = follow(ctx, fd, &stop, &b);
	if (!err) {
		show_lines(ctx, &b, "trace_pipe", true);
		out_list_end(ctx->out);
	}
	buf_free(&b);
	return err;
}

/*
 * All output of the program that was not read yet: reading removes it. After an error, b has what
 * was read before.
 */
static int read_stream(int prog_fd, uint32_t stream, struct buf *b)
{
	for (;;) {
		struct abi_stream_read attr = { .buf_len = READ_SIZE, .stream_id = stream,
						.prog_fd = (uint32_t)prog_fd };
		long n;

		if (!buf_room(b, READ_SIZE))
			return b->err;
		attr.buf = ptr_to_u64(b->data + b->len);
		n = syscall(__NR_bpf, ABI_PROG_STREAM_READ, &attr, sizeof(attr));
		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return 0;
		b->len += n > 0 ? (size_t)n : 0;
	}
}

/* A program's stderr goes to ours, but a JSON document contains everything. */
static void show_stream(struct ctx *ctx, const struct prog_tracelog_args *a, struct buf *b)
{
	char where[128];

	if (a->stream == 2 && !out_is_json(ctx->out)) {
		buf_putc(b, '\0');
		if (!b->err)
			log_say(ctx, b->data);
		return;
	}
	snprintf(where, sizeof(where), "%s of program %s", stream_words[a->stream - 1],
		 a->prog.text);
	out_list(ctx->out, NULL, NULL);
	show_lines(ctx, b, where, true);
}

static int show_prog_stream(struct ctx *ctx, const struct prog_tracelog_args *a)
{
	uint32_t stream = a->stream == 1 ? ABI_STREAM_STDOUT : ABI_STREAM_STDERR;
	auto_close int fd = -1;
	struct buf b = {};
	int err = obj_open(ctx, &obj_prog, &a->prog, 0, &fd);

	if (err)
		return err;
	err = read_stream(fd, stream, &b);
	if (!err || b.len)
		show_stream(ctx, a, &b);
	buf_free(&b);
	if (!err) {
		out_list_end(ctx->out);
		return 0;
	}
	fail(ctx->err, err, "read %s of program %s", stream_words[a->stream - 1], a->prog.text);
	if (err == -EINVAL)
		err_hint(ctx->err, "streams of programs came with Linux 6.17");
	err_hint_denied(ctx->err, obj_caps);
	return err;
}

static int prog_tracelog(struct ctx *ctx, const void *args)
{
	const struct prog_tracelog_args *a = args;

	if (a->stream && a->prog.how == REF_NONE)
		return fail_usage(ctx->err, "missing PROG for %s", stream_words[a->stream - 1]);
	return a->stream ? show_prog_stream(ctx, a) : follow_pipe(ctx);
}

/* An unknown word is an error, not a PROG. 1 and 2, since 0 means that none was given. */
static int parse_stream(struct ctx *ctx, struct args *a, void *member)
{
	const char *word = args_next(a);
	int at = word_find(word, stream_words);

	if (at < 0)
		return fail_usage(ctx->err, "'%s' is neither stdout nor stderr", word);
	*(int *)member = at + 1;
	return 0;
}

static const struct param prog_tracelog_params[] = {
	PARAM_CUSTOM(struct prog_tracelog_args, stream, int, "", "stdout|stderr", parse_stream,
		     "the stream of one program instead of trace_pipe", .words = stream_words),
	PARAM_REF(struct prog_tracelog_args, prog, "", "PROG", ref_words_prog, "that program",
		  .complete = obj_complete_prog),
	{ }
};

const struct cmd prog_tracelog_cmd = {
	.name = "tracelog", .help = "follow bpf_printk() and stream output",
	.params = prog_tracelog_params, .args_size = sizeof(struct prog_tracelog_args),
	.run = prog_tracelog,
};
