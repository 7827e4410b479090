// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Probes of programs: types, instructions, helpers, kernel functions.
 *
 * A program that probes a call reads a register that the call has clobbered: it is always rejected,
 * so nothing is compiled or numbered, and the verifier's first error is the result. Only errors are
 * logged (BPF_LOG_STATS), not the verifier's work.
 */
#include <errno.h>
#include <sys/syscall.h>

#include <linux/bpf.h>

#include "kern/abi.h"
#include "kern/object/prog_types.h"
#include "kern/probe/probe.h"

#define LOG_ERRORS 4		/* BPF_LOG_STATS from the kernel's bpf_verifier.h */
#define LOG_MAX 1024
#define MANY_INSNS 5000		/* more than the 4096 that were allowed before 5.2 */
#define ATTEMPTS_MAX 10		/* interrupted by a signal, or the verifier is busy */

struct try {
	struct probe_shape shape;
	uint32_t type, n_insns;
	const struct bpf_insn *insns;
	char log[LOG_MAX];
};

/* Returns 0 if it was loaded (and released again), or a negative errno and the verifier's error. */
static int try_load(const struct probe *p, struct try *t)
{
	/* For a program that extends another: the same types. */
	struct bpf_func_info info = { .type_id = t->shape.btf_id };
	union bpf_attr attr = {
		.prog_type = t->type,
		.insns = ptr_to_u64(t->insns),
		.insn_cnt = t->n_insns,
		.license = ptr_to_u64("GPL"),
		.expected_attach_type = t->shape.attach,
		.prog_flags = t->shape.flags,
		.attach_btf_id = t->shape.btf_id,
		.prog_ifindex = p->ifindex,
		.attach_prog_fd = t->shape.target_fd,
		.log_level = LOG_ERRORS,
		.log_size = sizeof(t->log),
		.log_buf = ptr_to_u64(t->log),
	};
	int fd, attempts = 0;

	if (t->shape.target_fd) {
		attr.prog_btf_fd = p->btf_fd;
		attr.func_info = ptr_to_u64(&info);
		attr.func_info_cnt = 1;
		attr.func_info_rec_size = sizeof(info);
	}
	t->log[0] = 0;
	do
		fd = syscall(__NR_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR) && ++attempts < ATTEMPTS_MAX);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* --- the ways to load a type --- */

static unsigned int tracing_shapes(const struct probe *p, struct probe_shape *ret)
{
	unsigned int n = 0;

	if (p->tp_id)
		ret[n++] = (struct probe_shape){ .attach = BPF_TRACE_RAW_TP, .btf_id = p->tp_id };
	if (p->iter_id)
		ret[n++] = (struct probe_shape){ .attach = BPF_TRACE_ITER, .btf_id = p->iter_id };
	if (p->func_id)
		ret[n++] = (struct probe_shape){ .attach = BPF_TRACE_FEXIT, .btf_id = p->func_id };
	return n;
}

/* Sleepable programs have additional helpers. */
static unsigned int lsm_shapes(const struct probe *p, struct probe_shape *ret)
{
	if (!p->lsm_id)
		return 0;
	ret[0] = (struct probe_shape){ .attach = BPF_LSM_MAC, .btf_id = p->lsm_id };
	ret[1] = (struct probe_shape){ .attach = BPF_LSM_MAC,
				       .btf_id = p->lsm_id,
				       .flags = BPF_F_SLEEPABLE };
	return 2;
}

static unsigned int ext_shapes(const struct probe *p, struct probe_shape *ret)
{
	if (p->target_fd < 0)
		return 0;
	*ret = (struct probe_shape){ .btf_id = 5, .target_fd = p->target_fd };
	return 1;
}

static unsigned int ops_shapes(const struct probe *p, struct probe_shape *ret)
{
	memcpy(ret, p->ops, sizeof(p->ops));
	return p->n_ops;
}

unsigned int probe_shapes(const struct probe *p, uint32_t type,
			  struct probe_shape ret[PROBE_SHAPES_MAX])
{
	static unsigned int (*const hooked[N_PROG_HOOKS])(const struct probe *p,
							  struct probe_shape *ret) = {
		[HOOK_TRACING] = tracing_shapes,
		[HOOK_LSM] = lsm_shapes,
		[HOOK_PROG] = ext_shapes,
		[HOOK_OPS] = ops_shapes,
	};
	const struct prog_type *t = prog_type(type);

	if (hooked[t->hook])
		return hooked[t->hook](p, ret);
	*ret = (struct probe_shape){ .attach = t->attach, .flags = t->load_flags };
	return 1;
}

/* --- types --- */

static enum probe_state judge_type(int err, const char *log)
{
	switch (err) {
	case 0:
	case -EACCES:			/* the verifier's: the type is supported */
	case -ABI_ENOTSUPP:		/* struct_ops: not that function, but others */
		return PROBE_THERE;
	case -EPERM:
		return PROBE_DENIED;
	case -EINVAL:
	case -E2BIG:
	case -EOPNOTSUPP:
	case -ENOENT:
		return log[0] ? PROBE_THERE : PROBE_ABSENT;
	default:
		return PROBE_UNKNOWN;
	}
}

/* Without the kernel's types there is nothing to hook: for lack of permission, or of code? */
static enum probe_state without_shape(const struct probe *p, uint32_t type)
{
	enum probe_state s = probe_enum(p, "bpf_prog_type", type);

	if (prog_type(type)->hook == HOOK_PROG && s == PROBE_THERE)
		return p->target_fd == -EPERM || p->btf_fd == -EPERM ? PROBE_DENIED : PROBE_UNKNOWN;
	return s == PROBE_THERE ? PROBE_ABSENT : s;
}

static enum probe_state try_shape(const struct probe *p, uint32_t type,
				  const struct probe_shape *shape)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct try t = {
		.shape = *shape, .type = type, .insns = insns, .n_insns = ARRAY_SIZE(insns)
	};
	int err = try_load(p, &t);

	probe_note(p, err);
	return judge_type(err, p->ifindex ? "" : t.log);
}

enum probe_state probe_prog(const struct probe *p, uint32_t type)
{
	struct probe_shape shapes[PROBE_SHAPES_MAX];
	unsigned int n = probe_shapes(p, type, shapes);
	enum probe_state s, worst = PROBE_ABSENT;

	if (!n)
		return without_shape(p, type);
	for (unsigned int i = 0; i < n; i++) {
		s = try_shape(p, type, &shapes[i]);
		if (s == PROBE_THERE)
			return s;
		if (s != PROBE_ABSENT)
			worst = s;
	}
	if (worst == PROBE_DENIED && probe_enum(p, "bpf_prog_type", type) == PROBE_ABSENT)
		return PROBE_ABSENT;
	return worst;
}

enum probe_state probe_tracing(const struct probe *p, uint32_t attach)
{
	const struct probe_shape shape = {
		.attach = attach,
		.btf_id = attach == BPF_TRACE_RAW_TP	? p->tp_id
			  : attach == BPF_TRACE_ITER	? p->iter_id
			  : attach == BPF_MODIFY_RETURN ? p->modify_id
							: p->func_id,
	};

	/* A kernel without its test functions has nothing to probe with. */
	return shape.btf_id ? try_shape(p, BPF_PROG_TYPE_TRACING, &shape)
			    : probe_prog(p, BPF_PROG_TYPE_TRACING);
}

/* --- instructions --- */

static enum probe_state try_insns(const struct probe *p, const struct bpf_insn *insns, uint32_t n)
{
	struct try t = { .type = BPF_PROG_TYPE_SOCKET_FILTER, .insns = insns, .n_insns = n };
	int err = try_load(p, &t);

	probe_note(p, err);
	if (probe_failed(err))
		return PROBE_UNKNOWN;
	return !err ? PROBE_THERE : err == -EPERM || p->restricted ? PROBE_DENIED : PROBE_ABSENT;
}

static enum probe_state try_many(const struct probe *p)
{
	auto_free struct bpf_insn *insns = calloc(MANY_INSNS, sizeof(*insns));

	if (!insns) {
		probe_note(p, -ENOMEM);
		return PROBE_UNKNOWN;
	}
	for (unsigned int i = 0; i < MANY_INSNS - 1; i++)
		insns[i].code = BPF_ALU64 | BPF_MOV | BPF_K;
	insns[MANY_INSNS - 1].code = BPF_JMP | BPF_EXIT;
	return try_insns(p, insns, MANY_INSNS);
}

enum probe_state probe_misc(const struct probe *p, enum probe_misc what)
{
	/*
	 * All instructions are reachable whatever is in the middle: r0 = 3; if r0 == 9 goto 3; ...;
	 * r0 = 0; exit
	 */
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 3 },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .imm = 9, .off = 1 },
		{ .code = BPF_ALU64 | BPF_SUB | BPF_K, .imm = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	switch (what) {
	case PROBE_LARGE_INSN_LIMIT:
		return try_many(p);
	case PROBE_BOUNDED_LOOPS:
		insns[1] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_SUB | BPF_K, .imm = 1 };
		insns[2] = (struct bpf_insn){ .code = BPF_JMP | BPF_JNE | BPF_K, .off = -2 };
		break;
	case PROBE_ISA_V2:
		insns[2] = (struct bpf_insn){ .code = BPF_JMP | BPF_JLT | BPF_K, .off = 1 };
		break;
	case PROBE_ISA_V3:
		insns[2] = (struct bpf_insn){ .code = BPF_JMP32 | BPF_JLT | BPF_K, .off = 1 };
		break;
	case PROBE_ISA_V4:
		/* Older kernels treat the long jump as a short one, which has no imm. */
		insns[2] = (struct bpf_insn){ .code = BPF_JMP32 | BPF_JA, .imm = 1 };
		break;
	}
	return try_insns(p, insns, ARRAY_SIZE(insns));
}

/* --- calls --- */

/* Has the verifier rejected the call itself? The message differs between versions. */
static bool refuses_call(uint32_t type, const char *log)
{
	/* Functions for packet metadata need a program bound to a device: not all can be. */
	if (strstr(log, "device-bound"))
		return !(prog_type(type)->traits & PROG_DEV_BOUND);
	return strstr(log, "unknown func") || strstr(log, "invalid func") ||
	       strstr(log, "cannot use helper") || strstr(log, "is not allowed\n") ||
	       strstr(log, "calling invalid kernel");
}

/* *ret_err: set to a negative errno if that is why there is no result. */
static enum probe_state try_call_shape(const struct probe *p, struct try *t, int *ret_err)
{
	int err = try_load(p, t);

	/* Errors that the verifier reports after accepting the call. */
	if (!err || (t->log[0] && !refuses_call(t->type, t->log)))
		return PROBE_THERE;
	if (probe_failed(err)) {
		*ret_err = err;
		return PROBE_UNKNOWN;
	}
	/* Without a message of the verifier, verification did not get that far. */
	if (!t->log[0])
		return err == -EPERM ? PROBE_DENIED : PROBE_ABSENT;
	return p->restricted ? PROBE_DENIED : PROBE_ABSENT;
}

static enum probe_state try_call(const struct probe *p, uint32_t type, const struct bpf_insn call,
				 int *ret_err)
{
	const struct bpf_insn insns[] = {
		call,
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = BPF_REG_5 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct probe_shape shapes[PROBE_SHAPES_MAX];
	unsigned int n = probe_shapes(p, type, shapes);
	enum probe_state s, worst = n ? PROBE_ABSENT : without_shape(p, type);
	int err = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct try t = { .type = type,
				 .insns = insns,
				 .n_insns = ARRAY_SIZE(insns),
				 .shape = shapes[i] };

		s = try_call_shape(p, &t, &err);
		if (s == PROBE_THERE)
			return s;
		if (s != PROBE_ABSENT)
			worst = s;
	}
	*ret_err = err ?: *ret_err;
	return worst;
}

enum probe_state probe_try_helper(const struct probe *p, uint32_t type, uint32_t helper,
				  int *ret_err)
{
	const struct bpf_insn call = { .code = BPF_JMP | BPF_CALL, .imm = helper };
	enum probe_state s = try_call(p, type, call, ret_err);

	return s == PROBE_DENIED && probe_enum(p, "bpf_func_id", helper) == PROBE_ABSENT
		       ? PROBE_ABSENT
		       : s;
}

enum probe_state probe_try_kfunc(const struct probe *p, uint32_t type, uint32_t btf_id,
				 int *ret_err)
{
	const struct bpf_insn call = { .code = BPF_JMP | BPF_CALL, .imm = btf_id,
				       .src_reg = BPF_PSEUDO_KFUNC_CALL };

	return try_call(p, type, call, ret_err);
}

enum probe_state probe_helper(const struct probe *p, uint32_t type, uint32_t helper)
{
	int err = 0;
	enum probe_state s = probe_try_helper(p, type, helper, &err);

	probe_note(p, err);
	return s;
}
