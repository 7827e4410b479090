// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * libbpf would start with a small buffer and verify the program again for each larger one, and
 * print the whole. From Linux 6.4 on a log that does not fit keeps its end.
 */
#include <errno.h>
#include <sys/mman.h>

#include <bpf/libbpf.h>

#include "cli/buf.h"
#include "cli/ctx.h"
#include "cli/file.h"
#include "json_writer.h"
#include "load/log_buffer.h"

#define LOG_SIZE (UINT32_MAX >> 8) /* the largest that every kernel accepts */
#define KEEP_MAX (256 * 1024)

static char *map_one(void)
{
	void *data = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return data == MAP_FAILED ? NULL : data;
}

static size_t n_progs(const struct bpf_object *obj)
{
	struct bpf_program *prog;
	size_t n = 0;

	bpf_object__for_each_program(prog, obj)
		n++;
	return n;
}

void log_buffer_give(struct log_buffer *l, struct bpf_object *obj, const struct log_wish *wish)
{
	size_t n = wish->file ? n_progs(obj) : 1, i = 0;
	struct bpf_program *prog;

	l->obj = obj;
	l->data = calloc(n + 1, sizeof(*l->data));
	while (l->data && l->n < n && (l->data[l->n] = map_one()))
		l->n++;
	bpf_object__for_each_program(prog, obj) {
		if (i < l->n)
			bpf_program__set_log_buf(prog, l->data[i], LOG_SIZE);
		if (wish->level)
			bpf_program__set_log_level(prog, wish->level);
		i += n > 1;
	}
}

void log_buffer_take(struct log_buffer *l)
{
	struct bpf_program *prog;

	if (!l->obj)
		return;
	bpf_object__for_each_program(prog, l->obj)
		bpf_program__set_log_buf(prog, NULL, 0);
	while (l->n)
		munmap(l->data[--l->n], LOG_SIZE);
	free(l->data);
	*l = (struct log_buffer){};
}

static struct span text_of(const struct log_buffer *l, size_t i)
{
	if (i >= l->n)
		return (struct span){};
	return (struct span){ l->data[i], strnlen(l->data[i], LOG_SIZE) };
}

struct span log_buffer_text(const struct log_buffer *l, const struct bpf_program *prog)
{
	struct bpf_program *p;
	size_t i = 0;

	if (!l->obj || l->n <= 1)
		return text_of(l, 0);
	bpf_object__for_each_program(p, l->obj) {
		if (p == prog)
			break;
		i++;
	}
	return text_of(l, i);
}

struct span log_of_error(const struct err *e, struct buf *b)
{
	size_t i, first = e->n_log;

	while (first && !strstr(e->log[first - 1], "-- BEGIN PROG LOAD LOG --"))
		first--;
	for (i = first; first && i < e->n_log; i++) {
		if (strstr(e->log[i], "-- END PROG LOAD LOG --"))
			break;
		buf_puts(b, e->log[i]);
		buf_putc(b, '\n');
	}
	return (struct span){ b->data, b->err ? 0 : b->len };
}

void log_buffer_keep(const struct log_buffer *l, struct err *e, const struct bpf_program *prog)
{
	struct span text = log_buffer_text(l, prog);
	size_t skip = text.len > KEEP_MAX ? text.len - KEEP_MAX : 0;
	char lead[256];

	snprintf(lead, sizeof(lead), "libbpf: prog '%s': -- BEGIN PROG LOAD LOG --",
		 bpf_program__name(prog));
	err_log(e, lead);
	if (text.len)
		err_log(e, text.at + skip);
	err_log(e, "-- END PROG LOAD LOG --");
}

/* Each under the name of its program. */
static void join_logs(const struct log_buffer *l, struct buf *b)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, l->obj) {
		struct span text = log_buffer_text(l, prog);

		if (!text.len)
			continue;
		buf_fmt(b, "-- prog '%s' --\n", bpf_program__name(prog));
		buf_put(b, text.at, text.len);
		if (text.at[text.len - 1] != '\n')
			buf_putc(b, '\n');
	}
}

/* In JSON a record of lines; an error replaces it, and contains the log of what was refused. */
static void show_logs(struct out *o, struct buf *b)
{
	char *at;

	out_text_raw(o, b->data, b->len);
	buf_putc(b, '\0');
	at = b->err ? NULL : b->data;
	out_json_rec(o, NULL);
	out_json_list(o, "log");
	while (at && *at)
		out_json_str(o, NULL, strsep(&at, "\n"));
	out_json_list_end(o);
	out_json_rec_end(o);
}

int log_buffer_write(struct ctx *ctx, const struct log_buffer *l, const struct log_wish *wish)
{
	struct buf b = {};
	int err = 0;

	if (!wish->file || !l->obj)
		return 0;
	join_logs(l, &b);
	if (b.err)
		err = fail(ctx->err, b.err, "write the log to '%s'", wish->file);
	else if (streq(wish->file, "-"))
		show_logs(ctx->out, &b);
	else
		err = file_write_mode(ctx->err, wish->file, b.data, b.len, FILE_MODE_USUAL);
	buf_free(&b);
	return err;
}
