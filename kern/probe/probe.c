// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Preparation for probing: one walk over the kernel's BTF finds functions to hook, struct_ops
 * tables, and kfuncs; and states that only BTF contains.
 */
#include <errno.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "cli/caps.h"
#include "decode/btf/abi.h"
#include "decode/btf/find.h"
#include "kern/abi.h"
#include "kern/kernel.h"
#include "kern/libbpf_opts.h"
#include "kern/object/names.h"
#include "kern/object/types.h"
#include "kern/probe/probe.h"

#define OPS_PREFIX "bpf_struct_ops_"
#define TP_PREFIX "btf_trace_"

/*
 * int p(struct xdp_md *c), as types: enough for maps that require them and for a program to extend.
 */
enum { MY_INT = 1, MY_FUNC = 5 };

static int load_types(void)
{
	struct btf *btf = btf__new_empty();
	const void *data;
	uint32_t size;
	int fd = -ENOMEM;

	if (btf && btf__add_int(btf, "int", 4, BTF_INT_SIGNED) == MY_INT &&
	    btf__add_struct(btf, "xdp_md", 4) > 0 && btf__add_ptr(btf, MY_INT + 1) > 0 &&
	    btf__add_func_proto(btf, MY_INT) > 0 && !btf__add_func_param(btf, "c", MY_INT + 2) &&
	    btf__add_func(btf, "p", BTF_FUNC_GLOBAL, MY_FUNC - 1) == MY_FUNC) {
		data = btf__raw_data(btf, &size);
		fd = data ? bpf_btf_load(data, size, NULL) : -ENOMEM;
	}
	btf__free(btf);
	return fd;
}

/* A program that can be extended: XDP, with one global function. */
static int load_target(int btf_fd)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	struct bpf_func_info info = { .type_id = MY_FUNC };
	LIB_OPTS(bpf_prog_load_opts, opts, .prog_btf_fd = btf_fd, .func_info = &info,
		 .func_info_cnt = 1, .func_info_rec_size = sizeof(info));

	return btf_fd < 0 ? btf_fd
			  : bpf_prog_load(BPF_PROG_TYPE_XDP, NULL, "GPL", insns, ARRAY_SIZE(insns),
					  &opts);
}

bool probe_failed(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE || err == -EINTR ||
	       err == -EAGAIN || err == -EIO || err == -ENOBUFS;
}

void probe_note(const struct probe *p, int err)
{
	if (p->ret_err && probe_failed(err))
		*p->ret_err = err;
}

/* --- the walk over the kernel's BTF --- */

/* The first function of a table of kernel operations, by its index: probes implement that one. */
static void keep_ops(struct probe *p, const struct btf_image *img, const char *name)
{
	uint32_t id = btf_find(img, name, 1u << BTF_KIND_STRUCT);
	const struct btf_type *t = btf_image_type(img, id);
	const struct btf_member *m = t ? btf_members(t) : NULL;

	for (uint32_t i = 0; t && i < btf_items(t) && p->n_ops < ARRAY_SIZE(p->ops); i++) {
		if (!types_is_func_ptr(img, m[i].type))
			continue;
		p->ops[p->n_ops++] = (struct probe_shape){ .attach = i, .btf_id = id };
		return;
	}
}

/* The value type of a table "foo" is bpf_struct_ops_foo, and its last member is the foo. */
static void see_struct(struct probe *p, const struct btf_image *img, const struct btf_type *t,
		       const char *name)
{
	const char *ops = name + strlen(OPS_PREFIX);
	const struct btf_member *m = btf_members(t);
	uint32_t n = btf_items(t);

	if (n && streq(btf_image_str(img, m[n - 1].name_off) ?: "", "data") &&
	    !streq(ops, "value"))
		keep_ops(p, img, ops);
}

static void see_func(struct probe *p, const char *name, uint32_t id)
{
	if (name[0] != 'b')
		return;
	if (streq(name, "bpf_lsm_file_open"))
		p->lsm_id = id;
	else if (streq(name, "bpf_iter_bpf_map"))
		p->iter_id = id;
	else if (streq(name, "bpf_fentry_test1"))
		p->func_id = id;
	else if (streq(name, "bpf_modify_return_test"))
		p->modify_id = id;
}

static void see_tag(struct probe *p, const struct btf_image *img, const struct btf_type *tag)
{
	const char *func = types_func_name(img, tag->type);
	struct probe_kfunc *more;

	if (!func)
		return;
	more = p->n_kfuncs % 256 ? p->kfuncs
				 : reallocarray(p->kfuncs, p->n_kfuncs + 256, sizeof(*more));
	if (!more) {
		probe_note(p, -ENOMEM);
		return;
	}
	p->kfuncs = more;
	more[p->n_kfuncs++] = (struct probe_kfunc){ func, tag->type };
}

static void see_type(struct probe *p, const struct btf_image *img, uint32_t id)
{
	const struct btf_type *t = btf_image_type(img, id);
	const char *name = btf_image_name(img, t);

	if (btf_is_func(t))
		see_func(p, name, id);
	else if (btf_is_typedef(t) && !p->tp_id && has_prefix(name, TP_PREFIX))
		p->tp_id = id;
	else if (btf_is_struct(t) && has_prefix(name, OPS_PREFIX))
		see_struct(p, img, t, name);
	else if (btf_is_decl_tag(t) && streq(name, "bpf_kfunc"))
		see_tag(p, img, t);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct probe_kfunc *)a)->name, ((const struct probe_kfunc *)b)->name);
}

/* CAP_SYS_ADMIN includes all capabilities that were split off from it. */
static bool lacks(const char *cap)
{
	char missing[64], admin[64];

	caps_missing(cap, missing, sizeof(missing));
	caps_missing("cap_sys_admin", admin, sizeof(admin));
	return missing[0] && admin[0];
}

void probe_init(struct probe *p, struct ctx *ctx, uint32_t ifindex)
{
	int err = 0;
	const struct btf_image *img = kernel_btf(ctx, &err);
	uint32_t n = img ? btf_image_end(img) : 0;

	*p = (struct probe){ .ctx = ctx,
			     .ifindex = ifindex,
			     .ret_err = p->ret_err,
			     .restricted = lacks("cap_bpf") || lacks("cap_perfmon") };
	for (uint32_t id = 1; id < n; id++)
		see_type(p, img, id);
	if (p->n_kfuncs)
		qsort(p->kfuncs, p->n_kfuncs, sizeof(*p->kfuncs), by_name);
	p->btf_fd = load_types();
	p->target_fd = load_target(p->btf_fd);
	probe_note(p, img ? p->target_fd : err);
	p->n_helpers = 1;
	while (p->n_helpers < PROBE_HELPERS_MAX && name_of(ctx, NAMES_HELPER, p->n_helpers) &&
	       probe_enum(p, "bpf_func_id", p->n_helpers) != PROBE_ABSENT)
		p->n_helpers++;
}

void probe_free(struct probe *p)
{
	cleanup_close(&p->btf_fd);
	cleanup_close(&p->target_fd);
	free(p->kfuncs);
}

/* --- what only BTF contains --- */

enum probe_state probe_enum(const struct probe *p, const char *enum_name, uint32_t number)
{
	const struct btf_image *img = kernel_btf(p->ctx, NULL);
	uint32_t id = img ? btf_find(img, enum_name, 1u << BTF_KIND_ENUM) : 0;
	const struct btf_type *t = id ? btf_image_type(img, id) : NULL;
	const char *name;

	for (uint32_t i = 0; t && i < btf_items(t); i++)
		if ((uint32_t)btf_image_value(img, t, i, &name) == number &&
		    !has_prefix(name, "__"))
			return PROBE_THERE;
	return t ? PROBE_ABSENT : PROBE_UNKNOWN;
}

/* Does the kernel have a struct with that name, that is, was that code built in? */
static enum probe_state struct_state(const struct probe *p, const char *name)
{
	const struct btf_image *img = kernel_btf(p->ctx, NULL);

	if (!img)
		return PROBE_UNKNOWN;
	return btf_find(img, name, 1u << BTF_KIND_STRUCT) ? PROBE_THERE : PROBE_ABSENT;
}

/* The struct of each kind of link: BTF contains it only if its code was built in. */
enum probe_state probe_link(const struct probe *p, uint32_t type)
{
	static const char *const structs[] = {
		[1] = "bpf_raw_tp_link",     [2] = "bpf_tracing_link",
		[3] = "bpf_cgroup_link",     [4] = "bpf_iter_link",
		[5] = "bpf_netns_link",	     [6] = "bpf_xdp_link",
		[7] = "bpf_perf_link",	     [8] = "bpf_kprobe_multi_link",
		[9] = "bpf_struct_ops_link", [10] = "bpf_nf_link",
		[11] = "tcx_link",	     [12] = "bpf_uprobe_multi_link",
		[13] = "netkit_link",	     [14] = "sockmap_link",
	};
	enum probe_state s = probe_enum(p, "bpf_link_type", type);

	if (s != PROBE_THERE || type >= ARRAY_SIZE(structs) || !structs[type])
		return s;
	s = struct_state(p, structs[type]);
	/* The only one that may be in a module, whose types are elsewhere. */
	return s == PROBE_ABSENT && type == ABI_LINK_TYPE_NETKIT ? PROBE_UNKNOWN : s;
}
