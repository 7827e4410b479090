// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Loading through a loader program. Its context ends in one slot per map and program, where it
 * stores the descriptors; the layout is defined by the skel_internal.h of the libbpf that generates
 * it.
 */
#include <errno.h>

#include <bpf/libbpf.h>
#include <bpf/skel_internal.h>

#include "decode/code/verifier_log.h"
#include "kern/libbpf_log.h"
#include "kern/run/signed.h"
#include "load/code_lines.h"
#include "load/loader.h"
#include "load/refusal.h"
#include "prog/loader.h"

#define LOADER_LOG_SIZE (1U << 20)

struct loader_run {
	struct bpf_loader_ctx *slots;	/* owned; descriptors follow it */
	struct loader code;
	char *log;			/* owned */
};

struct loaded_object {
	const char *file;
	const struct bpf_object *obj;
};

static struct bpf_map_desc *map_slots(const struct loader_run *r)
{
	return (struct bpf_map_desc *)(r->slots + 1);
}

static struct bpf_prog_desc *prog_slots(const struct loader_run *r)
{
	return (struct bpf_prog_desc *)(map_slots(r) + r->code.n_maps);
}

static void loader_run_free(struct loader_run *r)
{
	size_t i;

	for (i = 0; r->slots && i < r->code.n_maps; i++)
		skel_closenz(map_slots(r)[i].map_fd);
	for (i = 0; r->slots && i < r->code.n_progs; i++)
		skel_closenz(prog_slots(r)[i].prog_fd);
	free(r->slots);
	free(r->log);
	loader_free(&r->code);
}

#define auto_loader_run __attribute__((cleanup(loader_run_free)))

static int make_slots(struct loader_run *r)
{
	size_t size = sizeof(*r->slots) + r->code.n_maps * sizeof(struct bpf_map_desc) +
		      r->code.n_progs * sizeof(struct bpf_prog_desc);

	r->slots = calloc(1, size);
	r->log = calloc(1, LOADER_LOG_SIZE);
	if (!r->slots || !r->log)
		return -ENOMEM;
	r->slots->sz = size;
	return 0;
}

static int execute_signed(struct loader_run *r, const char **ret_step)
{
	const struct signed_run o = {
		.data = r->code.data,
		.data_len = r->code.data_len,
		.insns = r->code.insns,
		.insns_len = r->code.insns_len,
		.hash = r->code.hash,
		.signature = r->code.signature,
		.signature_len = r->code.signature_len,
		.log_level = r->slots->log_level,
		.log_size = r->slots->log_size,
		.log = r->slots->log_level ? r->log : NULL,
		.args = r->slots,
		.args_len = r->slots->sz,
	};

	return signed_run(&o, ret_step);
}

static int execute_unsigned(struct loader_run *r, const char **ret_step)
{
	struct bpf_load_and_run_opts o = {
		.ctx = r->slots, .data = r->code.data, .data_sz = r->code.data_len,
		.insns = r->code.insns, .insns_sz = r->code.insns_len,
	};
	int err = bpf_load_and_run(&o);

	*ret_step = o.errstr;
	return err;
}

static int execute(struct loader_run *r, unsigned int log_level, const char **ret_step)
{
	int err;

	r->slots->log_level = log_level;
	r->slots->log_size = log_level ? LOADER_LOG_SIZE : 0;
	r->slots->log_buf = log_level ? ptr_to_u64(r->log) : 0;
	err = r->code.signature_len ? execute_signed(r, ret_step) : execute_unsigned(r, ret_step);
	r->log[LOADER_LOG_SIZE - 1] = '\0';
	return err;
}

/*
 * If a program is rejected before verification, the log contains only the kernel's output from
 * reading the object's types: not a cause.
 */
static bool is_types_only(const char *log, int err)
{
	return err == -EPERM && has_prefix(log, "magic: ");
}

/* Errors of a kernel without support for signatures, and of one that rejects a signature. */
static void hint_signed(struct ctx *ctx, int err, const struct load_failure *f)
{
	if (f->from_verifier) {
		if (strstr(f->reason, "struct bpf_map"))
			err_hint(ctx->err, "this kernel cannot ensure that only the loader uses "
					   "its map: Linux 6.18.15 is affected, 6.18.44 is not");
		return;
	}
	if (err == -EOPNOTSUPP)
		err_hint(ctx->err, "this kernel cannot verify signatures: built without "
				   "CONFIG_SYSTEM_DATA_VERIFICATION");
	else if (err == -E2BIG)
		err_hint(ctx->err, "signed programs need Linux 6.18");
	else if (err == -EBADMSG || err == -EKEYREJECTED || err == -ENOKEY || err == -ENOPKG)
		err_hint(ctx->err, "the kernel rejects this signature: unsupported key type, or "
				   "the data was changed");
}

/*
 * Is this the program that the log is about? Its first line of source is the log's. (The loader
 * program closes all descriptors when it fails, so they say nothing.)
 */
static bool is_logged(const struct loader_run *r, const char *path, const struct bpf_program *prog)
{
	auto_code_lines struct code_lines lines = {};
	const char *comment = strstr(r->log, "\n; ");
	struct source_line first = {};

	if (!comment || code_lines_open(path, prog, &lines) ||
	    !lines.finder.find(&lines.finder, 0, &first))
		return false;
	return first.text[0] && has_prefix(comment + strlen("\n; "), first.text);
}

/* The program that the loader program could not load; NULL if the log could be of several. */
static const struct bpf_program *refused_prog(const struct loader_run *r, const char *path,
					      const struct bpf_object *obj)
{
	struct bpf_program *prog = NULL;
	const struct bpf_program *found = NULL;
	size_t n = 0;

	while ((prog = bpf_object__next_program(obj, prog))) {
		if (r->code.n_progs > 1 && !is_logged(r, path, prog))
			continue;
		found = prog;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* On its source lines, if the log says why. */
static bool explain(struct ctx *ctx, const struct loader_run *r, const struct loaded_object *o,
		    int err)
{
	const struct refused refused = {
		.path = o->file, .prog = refused_prog(r, o->file, o->obj), .err = err,
		.log = span_of(r->log),
	};

	return !ctx_is_bpftool(ctx) && refused.prog && refusal_report(ctx, &refused);
}

/* The first time without a log: with one, a program with a long log would fail for that alone. */
static int load_and_run(struct ctx *ctx, struct loader_run *r, const struct loaded_object *o)
{
	struct load_failure f;
	const char *step, *again_step;
	int err, again;

	err = execute(r, libbpf_log_level(ctx), &step);
	if (ctx->opts->debug && *r->log)
		log_say(ctx, r->log);
	if (!err)
		return 0;
	again = ctx->opts->debug ? err : execute(r, 1, &again_step);
	if (*r->log && again && !is_types_only(r->log, again)) {
		err_log(ctx->err, "-- BEGIN PROG LOAD LOG --");
		err_log(ctx->err, r->log);
		err_log(ctx->err, "-- END PROG LOAD LOG --");
	}
	load_failure_read(ctx->err, &f);
	if (f.from_verifier && !r->code.signature_len && explain(ctx, r, o, err))
		return err;
	fail(ctx->err, err, "load '%s' with a loader program: %s", o->file,
	     step ? step : "no reason given");
	if (r->code.signature_len)
		hint_signed(ctx, err, &f);
	if (f.from_verifier)
		err_hint(ctx->err, "verifier: %s", f.reason);
	else
		err_hint_denied(ctx->err, "cap_bpf,cap_perfmon");
	return err;
}

int run_loader(struct ctx *ctx, struct bpf_object *obj, const char *file)
{
	auto_loader_run struct loader_run r = {};
	int err;

	err = loader_make(ctx, obj, file, &r.code);
	if (err)
		return err;
	err = make_slots(&r);
	if (err)
		return fail(ctx->err, err, "run a loader program for '%s'", file);
	if (r.code.signature_len)
		err = session_keyring_add(ctx, ctx->opts->cert, r.code.certificate,
					  r.code.certificate_len);
	if (err)
		return err;
	return load_and_run(ctx, &r, &(struct loaded_object){ file, obj });
}
