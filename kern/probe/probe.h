/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the running kernel supports, by probing: program and map types, helpers, kernel functions,
 * batch operations, instructions; and, if probing would change something, what the kernel's BTF
 * contains. Nothing remains in the kernel, and nothing is reported: callers get states.
 */
#ifndef KERN_PROBE_PROBE_H
#define KERN_PROBE_PROBE_H

#include "cli/ctx.h"

enum probe_state {
	PROBE_ABSENT,		/* the kernel does not have it */
	PROBE_THERE,
	PROBE_DENIED,		/* no permission: whether the kernel has it is not known */
	PROBE_UNKNOWN,		/* the result is not known */
};

enum probe_misc {
	PROBE_LARGE_INSN_LIMIT, PROBE_BOUNDED_LOOPS, PROBE_ISA_V2, PROBE_ISA_V3, PROBE_ISA_V4,
};

enum probe_batch { PROBE_LOOKUP, PROBE_LOOKUP_DELETE, PROBE_UPDATE, PROBE_DELETE, N_PROBE_BATCH };

#define PROBE_HELPERS_MAX 1024
#define PROBE_TYPES_MAX 64
#define PROBE_SHAPES_MAX 8

/* One way to load a program of a type, which determines its helpers. */
struct probe_shape {
	uint32_t attach, flags, btf_id, target_fd;
};

struct probe_kfunc {
	const char *name;	/* the kernel BTF's */
	uint32_t btf_id;
};

/* What must be known before anything is probed. */
struct probe {
	struct ctx *ctx;
	uint32_t ifindex;	/* 0: the kernel, else a device with offload */
	int btf_fd, target_fd;	/* types for maps that need them; a program to extend */
	uint32_t tp_id, iter_id, func_id, modify_id, lsm_id; /* in the kernel's BTF, 0: not found */
	struct probe_shape ops[PROBE_SHAPES_MAX];	/* one per struct_ops */
	unsigned int n_ops;
	struct probe_kfunc *kfuncs;
	size_t n_kfuncs;
	uint32_t n_helpers;	/* ids below this are probed */
	int *ret_err;	/* where a probe that failed stores why, a negative errno; NULL: nowhere */
	bool restricted; /* no CAP_BPF or CAP_PERFMON: the verifier rejects some calls and
			  * instructions */
};

/* Owned by the block: auto_probe struct probe p; probe_init(). */
#define auto_probe __attribute__((cleanup(probe_free)))
/* Only ret_err of *p is used before. */
void probe_init(struct probe *p, struct ctx *ctx, uint32_t ifindex);
void probe_free(struct probe *p);

/* Is the number in the kernel's enum with that name? THERE, ABSENT, or UNKNOWN without BTF. */
enum probe_state probe_enum(const struct probe *p, const char *enum_name, uint32_t number);

enum probe_state probe_prog(const struct probe *p, uint32_t type);
/* Tracing programs with this attach type: one may be denied while others load. */
enum probe_state probe_tracing(const struct probe *p, uint32_t attach);
enum probe_state probe_map(const struct probe *p, uint32_t type);
enum probe_state probe_misc(const struct probe *p, enum probe_misc what);
enum probe_state probe_attach(const struct probe *p, uint32_t attach);
enum probe_state probe_link(const struct probe *p, uint32_t link_type);
/*
 * A bit for each probe_batch that maps of this type support. *ret_err: the negative errno of a
 * probe that failed for lack of memory, else unchanged.
 */
unsigned int probe_batch_ops(const struct probe *p, uint32_t map_type, int *ret_err);

/* May programs of this type call the helper? */
enum probe_state probe_helper(const struct probe *p, uint32_t type, uint32_t helper);

/*
 * Many at once, on all CPUs: ret[t * n_calls + c] is for types[t] and calls[c]. calls are helpers,
 * or BTF ids of kernel functions. Also batch operations: ret_batch[i] for map type i, below n_batch
 * (0: none); a few of these wait in the kernel, and so cost no extra time here.
 */
struct probe_grid {
	const uint32_t *types, *calls;
	size_t n_types, n_calls;
	bool kfuncs;
	enum probe_state *ret;
	unsigned int *ret_batch;
	uint32_t n_batch;
};
/*
 * Returns 0, or the negative errno of a probe that failed without a result. All of ret is filled.
 */
int probe_calls(const struct probe *p, const struct probe_grid *g);

/* For the parts of this module. The probe itself failed: it has no result. err: a negative errno */
bool probe_failed(int err);
/* Stores err in ret_err if so. */
void probe_note(const struct probe *p, int err);

/* For the grid, *ret_err: set to a negative errno where that is why there is no answer. */
enum probe_state probe_try_helper(const struct probe *p, uint32_t type, uint32_t helper,
				  int *ret_err);
enum probe_state probe_try_kfunc(const struct probe *p, uint32_t type, uint32_t btf_id,
				 int *ret_err);

/* The ways to load a type: at least one, or 0 if there is none on this kernel. */
unsigned int probe_shapes(const struct probe *p, uint32_t type,
			  struct probe_shape ret[PROBE_SHAPES_MAX]);

#endif
