// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl prog run: a test run of a program on given input (BPF_PROG_TEST_RUN). Packets from
 * captures are in prog/run_pcap.c.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "json_writer.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "kern/object/prog_types.h"
#include "prog/run.h"

#define IN_MAX (16 * 1024 * 1024)	/* more than any program type accepts */
#define VERDICT_MAX 32
#define ROW 16				/* bytes per line of a dump */

static bool is_stdio(const char *path)
{
	return path && streq(path, "-");
}

#define auto_run __attribute__((cleanup(cleanup_run)))
static void cleanup_run(struct test_run *t)
{
	cleanup_close(&t->fd);
	buf_free(&t->data);
	buf_free(&t->ctx);
	free(t->data_out.data);
	free(t->ctx_out.data);
	run_type_free(&t->ctx_type);
}

/* "0000010\t4545 45 | EEE": the bytes in pairs, and as characters. */
static void show_row(struct out *o, size_t at, const uint8_t *data, size_t n)
{
	char hex[ROW / 2 * 5 + 1] = "", text[ROW + 2];
	size_t len = 0, n_text = 0;

	for (size_t i = 0; i < ROW; i++) {
		if (i < n)
			len += (size_t)snprintf(hex + len, sizeof(hex) - len, "%02x", data[i]);
		else
			len += (size_t)snprintf(hex + len, sizeof(hex) - len, "  ");
		if (i % 2)
			hex[len++] = ' ';
		if (i < n)
			text[n_text++] = data[i] >= 0x20 && data[i] < 0x7f ? (char)data[i] : '.';
		if (i == 7 && n > 7)
			text[n_text++] = ' ';
	}
	out_text(o, "%07zx\t%.*s| %.*s\n", at, (int)len, hex, (int)n_text, text);
}

static void show_rows(struct out *o, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len; at += ROW)
		show_row(o, at, data + at, len - at < ROW ? len - at : ROW);
}

/* An output and its destination. */
struct run_output {
	const char *key, *path;		/* path NULL: none */
	const uint8_t *data;		/* NULL: there is none */
	size_t len;
};

/* Files first: if one cannot be written there is no result, but an error. */
static int write_files(struct ctx *ctx, const struct run_output *outs, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		if (!outs[i].path)
			continue;
		if (!outs[i].data)
			notice(ctx, "%s: a test run of this program returns none", outs[i].key);
		else if (!is_stdio(outs[i].path))
			err = file_write(ctx->err, outs[i].path, outs[i].data, outs[i].len);
		if (!err && outs[i].data && !is_stdio(outs[i].path))
			ctx_changed(ctx, "'%s' is written", outs[i].path);
	}
	return err;
}

/*
 * A context given as JSON is printed by its type; JSON also contains its bytes for those who expect
 * them.
 */
static void show_output(struct ctx *ctx, const struct test_run *t, const struct run_output *out)
{
	bool typed = t->ctx_type.plan && streq(out->key, "ctx_out");

	out_json_numbers(ctx->out, out->key, out->data, out->len);
	if (typed)
		run_ctx_show(ctx, t, out->data, out->len);
	else
		show_rows(ctx->out, out->data, out->len);
}

/* "XDP_PASS": the meaning of the program's return value; NULL if the kernel has no name for it. */
static const char *verdict_name(const struct test_run *t, char buf[static VERDICT_MAX])
{
	const struct prog_verdicts *v = t->kind->verdicts;
	size_t place = v && v->prefix ? prog_verdict_place(v, t->retval) : VERDICTS_MAX;

	if (place == VERDICTS_MAX)
		return NULL;
	snprintf(buf, VERDICT_MAX, "%s%s", v->prefix, v->words[place]);
	for (char *c = buf; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return buf;
}

/* The meaning next to the number, which bpftool does not print. */
static void show_retval(struct ctx *ctx, const struct test_run *t)
{
	char buf[VERDICT_MAX];
	const char *verdict = ctx_is_bpftool(ctx) ? NULL : verdict_name(t, buf);

	out_uint(ctx->out, "retval", "Return value: %llu", t->retval);
	if (!verdict)
		return;
	out_sep(ctx->out, " ");
	out_str(ctx->out, "verdict", "(%s)", verdict);
}

static int show_run(struct ctx *ctx, const struct prog_run_args *a, const struct test_run *t)
{
	bool in_place = t->kind->run & RUN_CTX_IN_PLACE && t->has_ctx;
	const struct run_output outs[] = {
		{ "data_out", a->data_out, t->data_out.data, t->data_out.len },
		{ "ctx_out", a->ctx_out, in_place ? (uint8_t *)t->ctx.data : t->ctx_out.data,
		  in_place ? t->ctx.len : t->ctx_out.len },
	};
	struct out *o = ctx->out;
	int err = write_files(ctx, outs, ARRAY_SIZE(outs));

	if (err)
		return err;
	out_rec(o, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(outs); i++)
		if (outs[i].data && is_stdio(outs[i].path))
			show_output(ctx, t, &outs[i]);
	show_retval(ctx, t);
	out_sep(o, ", ");
	out_uint(o, "duration", t->repeat > 1 ? "duration (average): %lluns" : "duration: %lluns",
		 t->duration);
	out_rec_end(o);
	return 0;
}

static int check_words(struct ctx *ctx, const struct prog_run_args *a)
{
	if (is_stdio(a->data_in) && (is_stdio(a->ctx_in) || is_stdio(a->ctx_json)))
		return fail_usage(ctx->err, "data and context cannot both come from stdin");
	if (a->pcap && (a->data_out || a->ctx_out || a->live_frames))
		return fail_usage(ctx->err, "pcap excludes data_out, ctx_out and live_frames");
	if (a->pcap_out && !a->pcap)
		return fail_usage(ctx->err, "pcap_out needs pcap");
	if (is_stdio(a->pcap_out))
		return fail_usage(ctx->err,
				  "pcap_out -: the table of verdicts is on stdout; name a file");
	if (a->batch_size && !a->live_frames)
		return fail_usage(ctx->err, "batch_size needs live_frames");
	return 0;
}

/* Explains what the kernel would answer with EINVAL. */
static int check_kind(struct ctx *ctx, const struct prog_run_args *a, const struct test_run *t)
{
	const char *type = test_run_type(ctx, t);
	unsigned int flags = t->kind->run;

	if (a->cpu.given && !(flags & RUN_ON_CPU))
		return fail_msg(ctx->err, -EINVAL,
				"cpu: only raw_tracepoint programs can be run "
				"on a given CPU; program %u is of type %s",
				t->id, type);
	if (a->live_frames && !(flags & RUN_LIVE))
		return fail_msg(ctx->err, -EINVAL, "live_frames: program %u is of type %s, not xdp",
				t->id, type);
	if ((a->data_in || a->pcap) && (flags & RUN_CTX_ONLY))
		return fail_msg(ctx->err, -EINVAL,
				"program %u is of type %s, which takes no data (ctx_in only)",
				t->id, type);
	return 0;
}

/* struct xdp_md contains the length of the packet: if it is not given, it is that of the packet. */
static void complete_xdp(struct test_run *t)
{
	uint32_t end, at = offsetof(struct xdp_md, data_end);

	memcpy(&end, t->ctx.data + at, sizeof(end));
	if (!end)
		end = (uint32_t)t->data.len;
	memcpy(t->ctx.data + at, &end, sizeof(end));
}

static int make_xdp(struct ctx *ctx, struct test_run *t)
{
	if (!buf_room(&t->ctx, sizeof(struct xdp_md)))
		return fail(ctx->err, -ENOMEM, "make the context");
	memset(t->ctx.data, 0, sizeof(struct xdp_md));
	t->ctx.len = sizeof(struct xdp_md);
	t->has_ctx = true;
	complete_xdp(t);
	return 0;
}

static int read_input(struct ctx *ctx, const struct prog_run_args *a, struct test_run *t)
{
	bool wants_ctx = (a->ctx_out || a->ctx_size_out) &&
			 (t->kind->run & RUN_CTX_OUT);
	int err = 0;

	t->has_data = a->data_in;
	t->has_ctx = a->ctx_in;
	if (a->data_in)
		err = file_read(ctx->err, a->data_in, IN_MAX, &t->data);
	if (!err && a->ctx_in)
		err = file_read(ctx->err, a->ctx_in, IN_MAX, &t->ctx);
	if (!err && a->ctx_json)
		err = run_ctx_read(ctx, a->ctx_json, t);
	/* The kernel treats a context of zeros as no context, which is wrong for XDP programs. */
	if (!err && wants_ctx && !t->has_ctx && (t->kind->run & RUN_XDP_MD))
		err = make_xdp(ctx, t);
	else if (!err && a->ctx_json && (t->kind->run & RUN_XDP_MD))
		complete_xdp(t);
	if (!err && a->data_in && (a->data_out || a->data_size_out))
		err = run_room_make(ctx, a->data_size_out, t->data.len, &t->data_out);
	if (!err && wants_ctx)
		err = run_room_make(ctx, a->ctx_size_out, t->ctx.len, &t->ctx_out);
	return err;
}

/* The first bytes of a capture, of either byte order and kind. */
static bool is_capture(const char *path)
{
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1,
					   0x0a0d0d0a };
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint32_t magic;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    read(fd, &magic, sizeof(magic)) != sizeof(magic))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
		if (magic == magics[i])
			return true;
	return false;
}

/* "data_in x.pcap": not one packet, but a file of them. */
static void take_capture(struct ctx *ctx, struct prog_run_args *a)
{
	if (!a->data_in || a->pcap || is_stdio(a->data_in) || ctx_is_bpftool(ctx) ||
	    !is_capture(a->data_in))
		return;
	notice(ctx, "'%s' is a capture: the program runs on each of its packets, as with 'pcap'",
	       a->data_in);
	a->pcap = take_ptr(a->data_in);
}

static int prog_run(struct ctx *ctx, const void *args)
{
	struct prog_run_args taken = *(const struct prog_run_args *)args;
	const struct prog_run_args *a = &taken;
	auto_run struct test_run t = { .fd = -1,
				       .repeat = a->repeat ? a->repeat : 1,
				       .cpu = a->cpu.value,
				       .batch_size = a->batch_size };
	struct bpf_prog_info info = {};
	int err;

	take_capture(ctx, &taken);
	err = check_words(ctx, a);
	if (!err)
		err = obj_open(ctx, &obj_prog, &a->prog, 0, &t.fd);
	if (err)
		return err;
	err = obj_info(t.fd, &info, sizeof(info));
	if (err)
		return fail(ctx->err, err, "read program");
	t.id = info.id;
	t.type = info.type;
	t.kind = prog_type(info.type);
	t.flags = (a->cpu.given ? BPF_F_TEST_RUN_ON_CPU : 0) |
		  (a->live_frames ? BPF_F_TEST_XDP_LIVE_FRAMES : 0);
	err = check_kind(ctx, a, &t);
	if (!err)
		err = read_input(ctx, a, &t);
	if (!err && a->pcap)
		return prog_run_pcap(ctx, a, &t);
	if (!err)
		err = test_run_once(ctx, &t);
	return err ? err : show_run(ctx, a, &t);
}

static const struct param prog_run_params[] = {
	PARAM_REF(struct prog_run_args, prog, "", "PROG", ref_words_prog, "the program",
		  .flags = PF_REQUIRED, .complete = obj_complete_prog),
	PARAM_PATH(struct prog_run_args, data_in, "data_in", "FILE", "input packet; - for stdin",
		   .group = 1),
	PARAM_PATH(struct prog_run_args, data_out, "data_out", "FILE",
		   "output packet; - to print it"),
	PARAM_U32(struct prog_run_args, data_size_out, "data_size_out", "N",
		  "its maximum size in bytes"),
	PARAM_PATH(struct prog_run_args, ctx_in, "ctx_in", "FILE", "input context; - for stdin",
		   .group = 2),
	PARAM_PATH(struct prog_run_args, ctx_json, "ctx_json", "FILE", "input context as JSON",
		   .group = 2),
	PARAM_PATH(struct prog_run_args, ctx_out, "ctx_out", "FILE",
		   "output context; - to print it"),
	PARAM_U32(struct prog_run_args, ctx_size_out, "ctx_size_out", "N",
		  "its maximum size in bytes"),
	PARAM_U32(struct prog_run_args, repeat, "repeat", "N", "number of runs"),
	PARAM_GIVEN(struct prog_run_args, cpu, "cpu", "N", "run it on this CPU (raw_tracepoint)"),
	PARAM_FLAG(struct prog_run_args, live_frames, "live_frames",
		   "forward packets according to the verdict (xdp)"),
	PARAM_U32(struct prog_run_args, batch_size, "batch_size", "N",
		  "packets per batch of live_frames"),
	PARAM_PATH(struct prog_run_args, pcap, "pcap", "FILE", "run it on each packet of a capture",
		   .group = 1),
	PARAM_PATH(struct prog_run_args, pcap_out, "pcap_out", "FILE",
		   "write passed packets to a capture"),
	{}
};

const struct cmd prog_run_cmd = {
	.name = "run", .help = "test-run a program on given input",
	.params = prog_run_params, .args_size = sizeof(struct prog_run_args),
	.run = prog_run, .flags = CMD_CLEAR,
};
