// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One test run (BPF_PROG_TEST_RUN), and what to do when the kernel refuses it. */
#include <errno.h>

#include "kern/libbpf_opts.h"
#include "kern/object/names.h"
#include "kern/object/prog_types.h"
#include "prog/run.h"

#define KERNEL_ENOTSUPP 524
#define OUT_ROOM (32 * 1024)		/* default for output without a given size */
#define HEADROOM 256

const char *test_run_type(struct ctx *ctx, const struct test_run *t)
{
	const char *word = name_of(ctx, NAMES_PROG_TYPE, t->type);

	return word ? word : "unknown";
}

static void hint_invalid(struct ctx *ctx, const struct test_run *t)
{
	unsigned int flags = t->kind->run;

	if ((flags & RUN_FRAME) && !t->has_data)
		err_hint(ctx->err, "programs of this type run on a packet: data_in FILE");
	else if ((flags & RUN_FRAME) && t->data.len < 14)
		err_hint(ctx->err, "a packet starts with a 14-byte Ethernet header; got %zu bytes",
			 t->data.len);
	else if ((flags & RUN_CTX_ONLY) && !t->has_ctx)
		err_hint(ctx->err, "programs of this type run on a context: ctx_in FILE");
	else if (t->ctx_out.data && !t->has_ctx)
		err_hint(ctx->err,
			 "programs of this type return a context only when given one: ctx_in FILE");
	else if (t->has_ctx)
		err_hint(ctx->err, "the context may be of the wrong size, or set members that the "
				   "kernel fills in");
}

static int fail_run(struct ctx *ctx, const struct test_run *t, int err)
{
	if (t->packet)
		fail(ctx->err, err, "run program %u on packet %llu", t->id,
		     (unsigned long long)t->packet);
	else
		fail(ctx->err, err, "run program %u", t->id);
	if (err == -KERNEL_ENOTSUPP || err == -EOPNOTSUPP)
		err_hint(ctx->err, "this kernel cannot test-run programs of type %s",
			 test_run_type(ctx, t));
	if (err == -ENOSPC && t->data_out.len > t->data_out.room)
		err_hint(ctx->err, "the program's data is %u bytes long: data_size_out %u",
			 t->data_out.len, t->data_out.len);
	else if (err == -ENOSPC)
		err_hint(ctx->err, "the output does not fit: data_size_out N, ctx_size_out N");
	if (err == -ENXIO)
		err_hint(ctx->err, "CPU %u does not exist or is offline", t->cpu);
	if (err == -EINVAL)
		hint_invalid(ctx, t);
	err_hint_denied(ctx->err, "cap_bpf,cap_net_admin,cap_perfmon");
	return err;
}

int test_run_once(struct ctx *ctx, struct test_run *t)
{
	bool alone = t->kind->run & RUN_NO_REPEAT;
	LIB_OPTS(bpf_test_run_opts, opts, .repeat = alone ? 0 : (int)t->repeat, .flags = t->flags,
		 .cpu = t->cpu, .batch_size = t->batch_size,
		 .data_in = t->has_data ? t->data.data : NULL,
		 .data_size_in = (uint32_t)t->data.len, .data_out = t->data_out.data,
		 .data_size_out = (uint32_t)t->data_out.room,
		 .ctx_in = t->has_ctx ? t->ctx.data : NULL, .ctx_size_in = (uint32_t)t->ctx.len,
		 .ctx_out = t->ctx_out.data, .ctx_size_out = (uint32_t)t->ctx_out.room);
	uint32_t runs = alone && t->repeat ? t->repeat : 1;
	int err = 0;

	for (uint32_t i = 0; i < runs && !err; i++)
		err = bpf_prog_test_run_opts(t->fd, &opts);
	t->data_out.len = opts.data_size_out;
	t->ctx_out.len = opts.ctx_size_out;
	t->retval = opts.retval;
	t->duration = opts.duration;
	return err ? fail_run(ctx, t, err) : 0;
}

int run_room_make(struct ctx *ctx, uint32_t asked, size_t in_len, struct run_room *ret)
{
	/* Programs may add headers, and need some more room. */
	size_t room = asked ? asked : in_len + HEADROOM > OUT_ROOM ? in_len + HEADROOM : OUT_ROOM;

	ret->data = calloc(1, room);
	if (!ret->data)
		return fail(ctx->err, -ENOMEM, "allocate %zu bytes for the output", room);
	ret->room = room;
	return 0;
}
