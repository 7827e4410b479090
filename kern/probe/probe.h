/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the running kernel can do, by trying it: program and map types, helpers, kernel functions,
 * batch operations, instructions; and, where trying would change something, what the kernel's BTF
 * tells. Nothing here stays in the kernel, and nothing is reported: callers get states.
 */
#ifndef KERN_PROBE_PROBE_H
#define KERN_PROBE_PROBE_H

#include "cli/ctx.h"

enum probe_state {
	PROBE_ABSENT,		/* the kernel has it not */
	PROBE_THERE,
	PROBE_DENIED,		/* we may not: whether the kernel has it cannot be seen */
	PROBE_UNKNOWN,		/* it cannot be told */
};

enum probe_misc {
	PROBE_LARGE_INSN_LIMIT, PROBE_BOUNDED_LOOPS, PROBE_ISA_V2, PROBE_ISA_V3, PROBE_ISA_V4,
};

enum probe_batch { PROBE_LOOKUP, PROBE_LOOKUP_DELETE, PROBE_UPDATE, PROBE_DELETE, N_PROBE_BATCH };

#define PROBE_HELPERS_MAX 1024
#define PROBE_TYPES_MAX 64
#define PROBE_SHAPES_MAX 8

/* One way to load a program of a type: what decides which helpers it gets. */
struct probe_shape {
	uint32_t attach, flags, btf_id, target_fd;
};

struct probe_kfunc {
	const char *name;	/* the kernel BTF's */
	uint32_t btf_id;
};

/* What is to be known before anything is tried. */
struct probe {
	struct ctx *ctx;
	uint32_t ifindex;	/* 0: the kernel, else a device that runs programs itself */
	int btf_fd, target_fd;	/* types for maps that want them; a program that can be extended */
	uint32_t tp_id, iter_id, func_id, modify_id, lsm_id; /* in the kernel's BTF, 0: not there */
	struct probe_shape ops[PROBE_SHAPES_MAX];	/* one for each struct_ops */
	unsigned int n_ops;
	struct probe_kfunc *kfuncs;
	size_t n_kfuncs;
	uint32_t n_helpers;	/* ids below this are worth a try */
	bool restricted; /* no CAP_BPF or CAP_PERFMON: the verifier hides calls and instructions
			    from us */
};

/* Owned by the block: auto_probe struct probe p; probe_init(). */
#define auto_probe __attribute__((cleanup(probe_free)))
void probe_init(struct probe *p, struct ctx *ctx, uint32_t ifindex);
void probe_free(struct probe *p);

/* Is the number in the kernel's enum of that name? THERE, ABSENT, or UNKNOWN without BTF. */
enum probe_state probe_enum(const struct probe *p, const char *enum_name, uint32_t number);
/* Has the kernel a struct of that name, which is to say: was that code built in? */
enum probe_state probe_struct(const struct probe *p, const char *name);

enum probe_state probe_prog(const struct probe *p, uint32_t type);
/* Tracing programs that attach in this way: one may be denied where others load. */
enum probe_state probe_tracing(const struct probe *p, uint32_t attach);
enum probe_state probe_map(const struct probe *p, uint32_t type);
enum probe_state probe_misc(const struct probe *p, enum probe_misc what);
enum probe_state probe_attach(const struct probe *p, uint32_t attach);
enum probe_state probe_link(const struct probe *p, uint32_t link_type);
/*
 * A bit for each probe_batch that maps of this type have. *ret_err: the negative errno of a try
 * that failed for want of room, else unchanged.
 */
unsigned int probe_batch_ops(const struct probe *p, uint32_t map_type, int *ret_err);

/* May programs of this type call the helper, or the kernel function? */
enum probe_state probe_helper(const struct probe *p, uint32_t type, uint32_t helper);
enum probe_state probe_kfunc(const struct probe *p, uint32_t type, uint32_t btf_id);

/*
 * Many at once, on all processors: ret[t * n_calls + c] tells of types[t] and calls[c]. calls are
 * helpers, or BTF ids of kernel functions. Beside them batch operations: ret_batch[i] of map type
 * i, below n_batch (0: none); a few of these wait in the kernel, and so cost no time here.
 */
struct probe_grid {
	const uint32_t *types, *calls;
	size_t n_types, n_calls;
	bool kfuncs;
	enum probe_state *ret;
	unsigned int *ret_batch;
	uint32_t n_batch;
};
/* 0, or the negative errno of a try that failed and so gave no answer. All of ret is filled. */
int probe_calls(const struct probe *p, const struct probe_grid *g);

/* For the parts of this module. The try itself failed: it has no answer. err: a negative errno */
bool probe_failed(int err);

/* The ways to load a type: at least one, or 0 if there is none on this kernel. */
unsigned int probe_shapes(const struct probe *p, uint32_t type,
			  struct probe_shape ret[PROBE_SHAPES_MAX]);

#endif
