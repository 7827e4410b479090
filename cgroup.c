// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * bpfctl cgroup: programs on a cgroup or a tree of cgroups; attach and detach. The walk itself is
 * in kern/attach/cgroup.c.
 */
#include <errno.h>

#include <linux/bpf.h>

#include "commands.h"
#include "json_writer.h"
#include "kern/attach/attach.h"
#include "kern/attach/cgroup.h"
#include "kern/object/names.h"
#include "kern/object/obj.h"
#include "kern/object/types.h"
#include "view/table.h"

struct show_args {
	const char *path;		/* NULL: the cgroup2 mount point */
	bool effective;
};

struct attach_args {
	const char *path, *type;
	struct ref prog;
	bool multi, override, preorder;
};

#define F_PREORDER (1U << 6)	/* BPF_F_PREORDER, Linux 6.15 */

/* What is known of a program: queried once, however many cgroups it is attached to. */
struct prog {
	uint32_t id;
	bool gone;
	int unread, hook_err;		/* why the program, or its hook, cannot be read */
	char name[OBJ_NAME_MAX];
	uint32_t btf_obj_id, btf_id;	/* the function a cgroup LSM program hooks */
	char *hook;			/* its name, owned */
};

struct show {
	bool effective, is_tree;
	struct prog *progs;		/* in the order in which they were found */
	size_t n_progs;
	struct table *table;
	bool warned;
};

enum {
	COL_ID, COL_TYPE, COL_FLAGS, COL_NAME, COL_HOOK, COL_FROM, COL_REVISION, N_COLS
};

static const struct table_col own_cols[N_COLS] = {
	[COL_ID] = { "id", "ID", 8, 0 },
	[COL_TYPE] = { "attach_type", "AttachType", 15, 0 },
	[COL_FLAGS] = { "attach_flags", "AttachFlags", 15, 0 },
	[COL_NAME] = { "name", "Name", 15, 0 },
	[COL_HOOK] = { "attach_btf_name", "AttachBTF", 15, TABLE_OPTIONAL },
	[COL_REVISION] = { "revision", "Revision", 0, TABLE_OPTIONAL },
};

static const struct table_col effective_cols[N_COLS] = {
	[COL_ID] = { "id", "ID", 8, 0 },
	[COL_TYPE] = { "attach_type", "AttachType", 15, 0 },
	[COL_NAME] = { "name", "Name", 15, 0 },
	[COL_HOOK] = { "attach_btf_name", "AttachBTF", 15, TABLE_OPTIONAL },
	[COL_FROM] = { "from", "From", 0, TABLE_OPTIONAL },
};

/* The kernel function that the program hooks, if it has one. */
static int find_hook(struct ctx *ctx, struct prog *p)
{
	auto_btf_types struct types *types = NULL;
	int err = p->btf_id ? types_by_id(ctx, p->btf_obj_id, &types) : -ENOENT;
	const char *func;

	if (err)
		return err == -ENOENT ? 0 : err;
	func = types_func_name(&types->img, p->btf_id);
	p->hook = func ? strdup(func) : NULL;
	return func && !p->hook ? -ENOMEM : 0;
}

static void read_prog(struct ctx *ctx, struct prog *p)
{
	auto_close int fd = obj_prog.open_id(p->id, 0);
	struct bpf_prog_info info = {};
	int err = fd < 0 ? fd : obj_info(fd, &info, sizeof(info));

	p->gone = err == -ENOENT;
	if (!err)
		err = obj_prog_name(fd, &info, p->name);
	p->unread = err;
	if (!info.id)
		return;
	p->btf_obj_id = info.attach_btf_obj_id;
	p->btf_id = info.attach_btf_id;
	p->hook_err = find_hook(ctx, p);
}

/* NULL if out of memory. */
static const struct prog *get_prog(struct ctx *ctx, struct show *s, uint32_t id)
{
	struct prog *grown;

	for (size_t i = 0; i < s->n_progs; i++)
		if (s->progs[i].id == id)
			return &s->progs[i];
	grown = reallocarray(s->progs, s->n_progs + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	s->progs = grown;
	grown[s->n_progs] = (struct prog){ .id = id };
	read_prog(ctx, &grown[s->n_progs]);
	return &grown[s->n_progs++];
}

static void show_free(struct show *s)
{
	while (s->n_progs)
		free(s->progs[--s->n_progs].hook);
	free(s->progs);
	table_free(s->table);
}

#define auto_show __attribute__((cleanup(show_free)))

/* "multi,preorder"; flags without a word are unknown(hex). */
static const char *flags_text(uint32_t flags, char *buf, size_t size)
{
	static const struct { uint32_t bit; const char *word; } words[] = {
		{ BPF_F_ALLOW_MULTI, "multi" }, { BPF_F_ALLOW_OVERRIDE, "override" },
		{ F_PREORDER, "preorder" },
	};
	uint32_t left = flags;
	size_t len = 0;

	*buf = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!(flags & words[i].bit))
			continue;
		len += snprintf(buf + len, size - len, "%s%s", len ? "," : "", words[i].word);
		left &= ~words[i].bit;
	}
	if (left)
		snprintf(buf, size, "unknown(%x)", flags);
	return buf;
}

static void show_hook(struct ctx *ctx, struct table *t, const struct prog *p)
{
	struct out *o = ctx->out;

	table_cell(t, COL_HOOK, p->hook || !p->btf_id ? "{attach_btf_name}"
						      : "{attach_btf_obj_id} {attach_btf_id}");
	out_str(o, "attach_btf_name", "%s", p->hook ? p->hook : "");
	out_uint(o, "attach_btf_obj_id", "attach_btf_obj_id=%llu", p->btf_obj_id);
	out_uint(o, "attach_btf_id", "attach_btf_id=%llu", p->btf_id);
	table_cell_end(t);
}

static void show_attached(struct ctx *ctx, struct show *s, const struct cgroup_prog *cp,
			  const struct prog *p)
{
	struct table *t = s->table;
	char buf[64];

	table_row(t);
	table_uint(t, COL_ID, cp->id);
	table_enum(t, COL_TYPE, name_of(ctx, NAMES_ATTACH_TYPE, cp->attach_type), cp->attach_type);
	if (!s->effective)
		table_str(t, COL_FLAGS, flags_text(cp->flags, buf, sizeof(buf)));
	table_str(t, COL_NAME, p->name);
	show_hook(ctx, t, p);
	if (s->effective)
		table_str_as(t, COL_FROM, cp->from, "%s", cp->from ? cp->from : "(not visible)");
	if (cp->revision)
		table_uint(t, COL_REVISION, cp->revision);
	table_row_end(t);
}

/* Report this once: if one is denied, the others are, too. */
static void report_unread(struct ctx *ctx, struct show *s, const struct prog *p)
{
	if (p->unread && !s->warned)
		unread(ctx, p->unread, "cap_sys_admin", "read the names of programs");
	else if (p->hook_err && !s->warned)
		unread(ctx, p->hook_err, "cap_sys_admin", "read the functions that programs hook");
	s->warned = s->warned || p->unread || p->hook_err;
}

static int show_progs(struct ctx *ctx, struct show *s, const struct cgroup *cg)
{
	for (size_t i = 0; i < cg->n; i++) {
		const struct prog *p = get_prog(ctx, s, cg->progs[i].id);

		if (!p)
			return fail(ctx->err, -ENOMEM, "list programs of cgroups");
		if (p->gone)
			continue;
		report_unread(ctx, s, p);
		show_attached(ctx, s, &cg->progs[i], p);
	}
	return out_failed(ctx->out) ? fail(ctx->err, out_failed(ctx->out), "write") : 0;
}

static int show_in_tree(struct ctx *ctx, const struct cgroup *cg, void *data)
{
	struct show *s = data;
	struct out *o = ctx->out;
	int err;

	if (!s->is_tree)
		return show_progs(ctx, s, cg);
	if (!cg->n)
		return 0;
	out_rec(o, NULL);
	table_line_of(s->table, "{cgroup}");
	out_str(o, "cgroup", "%s", cg->path);
	table_cell_end(s->table);
	table_indent(s->table, cg->is_root ? 0 : 4);
	out_list(o, "programs", NULL);
	err = show_progs(ctx, s, cg);
	if (err)
		return err;
	out_list_end(o);
	out_rec_end(o);
	return 0;
}

static int show_all(struct ctx *ctx, struct show *s, const char *path)
{
	const struct table_col *cols = s->effective ? effective_cols : own_cols;
	unsigned int flags = (s->effective ? CGROUP_EFFECTIVE : 0) | (s->is_tree ? CGROUP_TREE : 0);
	auto_close int fd = cgroup_open(ctx, path);	/* an error before the list starts */
	int err;

	if (fd < 0)
		return fd;
	s->table = table_new(ctx->out, cols, N_COLS);
	if (!s->table)
		return fail(ctx->err, -ENOMEM, "list programs of cgroups");
	out_list(ctx->out, NULL, NULL);
	err = cgroup_each(ctx, path, flags, show_in_tree, s);
	if (err)
		return err;
	out_list_end(ctx->out);
	if (s->is_tree)
		out_text(ctx->out, "CgroupPath\n");
	/* bpftool prints no heading if nothing follows. */
	if (!s->n_progs && !s->is_tree && ctx_is_bpftool(ctx))
		return 0;
	if (table_print(s->table))
		return fail(ctx->err, -ENOMEM, "list programs of cgroups");
	return 0;
}

static int cgroup_show(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	auto_show struct show s = { .effective = a->effective };

	return show_all(ctx, &s, a->path);
}

static int cgroup_tree(struct ctx *ctx, const void *args)
{
	const struct show_args *a = args;
	auto_show struct show s = { .effective = a->effective,
							      .is_tree = true };
	auto_free char *mount = NULL;
	int err = a->path ? 0 : cgroup_find_mount(ctx, &mount);

	return err ? err : show_all(ctx, &s, a->path ? a->path : mount);
}

/* The full name if it is known, else the short name, or its start. */
static int parse_type(struct ctx *ctx, const char *word, uint32_t *ret)
{
	if (*word && !name_number(ctx, NAMES_ATTACH_TYPE, word, ret))
		return 0;
	for (uint32_t i = 0; attach_type_words[i]; i++) {
		const char *name = attach_short_name(i);

		if (word_is(word, name ? name : attach_type_words[i])) {
			*ret = i;
			return 0;
		}
	}
	fail_usage(ctx->err, "unknown attach type '%s'", word);
	err_hint(ctx->err, "such as ingress, egress, sock_create, device, connect4, sysctl; '%s "
		 "cgroup show' calls them by their long names", ctx->progname);
	return -EINVAL;
}

static void complete_type(struct ctx *ctx, const char *selector UNUSED, const char *typed UNUSED)
{
	for (uint32_t i = 0; attach_type_words[i]; i++) {
		const char *word = attach_type_words[i], *name = attach_short_name(i);

		if (has_prefix(word, "cgroup_") || i == BPF_LSM_CGROUP)
			complete_word(ctx, name ? name : word);
	}
}

/* The program type of an attach type; UNSPEC if it is not a cgroup attach type. */
static uint32_t prog_type_for(struct ctx *ctx, uint32_t hook)
{
	const char *word = name_of(ctx, NAMES_ATTACH_TYPE, hook);
	uint32_t type;

	if (hook != BPF_LSM_CGROUP && !(word && has_prefix(word, "cgroup_")))
		return BPF_PROG_TYPE_UNSPEC;
	type = attach_prog_type(hook);
	return type ? type : BPF_PROG_TYPE_CGROUP_SOCK_ADDR;	/* newer ones are for addresses */
}

static const char *type_text(struct ctx *ctx, enum name_set set, uint32_t type)
{
	const char *word = name_of(ctx, set, type);

	return word ? word : "unknown";
}

#define WHY_MAX 256

/*
 * EINVAL has many causes; the most common is a program type that does not match the attach type. ""
 * for the others.
 */
static void find_mismatch(struct ctx *ctx, const struct bpf_prog_info *info, uint32_t hook,
			  char ret[static WHY_MAX])
{
	uint32_t want = prog_type_for(ctx, hook);
	const char *hook_word = type_text(ctx, NAMES_ATTACH_TYPE, hook);

	ret[0] = '\0';
	if (!want)
		snprintf(ret, WHY_MAX, "%s is not an attach type of cgroups", hook_word);
	else if (want != info->type)
		snprintf(ret, WHY_MAX, "program %u is of type %s, but %s takes %s", info->id,
			 type_text(ctx, NAMES_PROG_TYPE, info->type), hook_word,
			 type_text(ctx, NAMES_PROG_TYPE, want));
}

/* Arguments of attach and detach. */
struct target {
	int cgroup_fd, prog_fd;		/* owned; -1: not open */
	uint32_t hook;
	struct bpf_prog_info prog;
};

static void target_close(const struct target *t)
{
	cleanup_close(&t->cgroup_fd);
	cleanup_close(&t->prog_fd);
}

#define auto_target __attribute__((cleanup(target_close)))

static int target_open(struct ctx *ctx, const struct attach_args *a, struct target *t)
{
	int err = parse_type(ctx, a->type, &t->hook);

	if (!err)
		err = obj_open(ctx, &obj_prog, &a->prog, 0, &t->prog_fd);
	if (err)
		return err;
	err = obj_info(t->prog_fd, &t->prog, sizeof(t->prog));
	if (err)
		return fail(ctx->err, err, "read program");
	t->cgroup_fd = cgroup_open(ctx, a->path);
	return t->cgroup_fd < 0 ? t->cgroup_fd : 0;
}

/* EPERM is also returned for programs that exclude each other. */
static bool is_taken(const struct target *t)
{
	auto_hook struct hook_progs h = {};

	return !hook_query(t->cgroup_fd, t->hook, BPF_F_QUERY_EFFECTIVE, &h) && h.n;
}

/* Why, where the kernel's number says too little; else "". */
static void find_reason(struct ctx *ctx, const struct target *t, int err, char ret[static WHY_MAX])
{
	ret[0] = '\0';
	if (err == -EINVAL)
		find_mismatch(ctx, &t->prog, t->hook, ret);
	else if (err == -EPERM && is_taken(t))
		snprintf(ret, WHY_MAX,
			 "a program on this cgroup or an ancestor allows no other beside it");
}

static int fail_attach(struct ctx *ctx, const struct attach_args *a, const struct target *t,
		       int err)
{
	const char *hook_word = type_text(ctx, NAMES_ATTACH_TYPE, t->hook);
	char why[WHY_MAX];

	find_reason(ctx, t, err, why);
	(why[0] ? fail_msg : fail)(ctx->err, err, "attach program %u to cgroup '%s' as %s%s%s",
				   t->prog.id, a->path, hook_word, why[0] ? ": " : "", why);
	if (err == -EPERM && why[0])
		err_hint(ctx->err,
			 "all programs on a cgroup are attached with the same word, 'multi', "
			 "'override' or none; see '%s cgroup show %s effective'",
			 ctx->progname, a->path);
	if (err == -EINVAL && !why[0])
		err_hint(ctx->err,
			 "the program was loaded for an attach type other than %s, is already "
			 "attached there, or this kernel does not support the hook or a flag",
			 hook_word);
	if (err == -E2BIG)
		err_hint(ctx->err, "a cgroup holds at most 64 programs per attach type");
	err_hint_denied(ctx->err, "cap_net_admin,cap_bpf");
	return err;
}

static int cgroup_attach(struct ctx *ctx, const void *args)
{
	const struct attach_args *a = args;
	auto_target struct target t = { .cgroup_fd = -1, .prog_fd = -1 };
	struct abi_prog_attach attr = {
		.attach_flags = (a->multi ? BPF_F_ALLOW_MULTI : 0) |
				(a->override ? BPF_F_ALLOW_OVERRIDE : 0) |
				(a->preorder ? F_PREORDER : 0),
	};
	int err = target_open(ctx, a, &t);

	if (err)
		return err;
	attr.target = t.cgroup_fd;
	attr.prog_fd = t.prog_fd;
	attr.attach_type = t.hook;
	err = hook_attach(&attr);
	if (err)
		return fail_attach(ctx, a, &t, err);
	ctx_changed(ctx, "program %u is attached to cgroup '%s'", t.prog.id, a->path);
	return 0;
}

static int fail_ask(struct ctx *ctx, const struct attach_args *a, uint32_t hook, int err)
{
	fail(ctx->err, err, "query the programs of cgroup '%s'", a->path);
	err_hint_denied(ctx->err, "cap_net_admin");
	if (err == -EINVAL && !prog_type_for(ctx, hook))
		err_hint(ctx->err, "%s is not an attach type of cgroups",
			 type_text(ctx, NAMES_ATTACH_TYPE, hook));
	return err;
}

/*
 * Without "multi", the kernel detaches the current program, whichever program was given: check
 * first.
 */
static int check_attached(struct ctx *ctx, const struct attach_args *a, const struct target *t)
{
	auto_hook struct hook_progs h = {};
	int err = hook_query(t->cgroup_fd, t->hook, 0, &h);

	if (err)
		return fail_ask(ctx, a, t->hook, err);
	for (uint32_t i = 0; i < h.n; i++)
		if (h.prog_ids[i] == t->prog.id)
			return 0;
	fail_msg(ctx->err, -ENOENT, "program %u is not attached to cgroup '%s' as %s", t->prog.id,
		 a->path, type_text(ctx, NAMES_ATTACH_TYPE, t->hook));
	err_hint(ctx->err, "%s: see '%s cgroup show %s'", h.n ? "others are" : "nothing is",
		 ctx->progname, a->path);
	return -ENOENT;
}

static int cgroup_detach(struct ctx *ctx, const void *args)
{
	const struct attach_args *a = args;
	auto_target struct target t = { .cgroup_fd = -1, .prog_fd = -1 };
	struct abi_prog_attach attr = {};
	int err = target_open(ctx, a, &t);

	if (!err)
		err = check_attached(ctx, a, &t);
	if (err)
		return err;
	attr.target = t.cgroup_fd;
	attr.prog_fd = t.prog_fd;
	attr.attach_type = t.hook;
	err = hook_detach(&attr);
	if (!err) {
		ctx_changed(ctx, "program %u is detached from cgroup '%s'", t.prog.id, a->path);
		return 0;
	}
	fail(ctx->err, err, "detach program %u from cgroup '%s'", t.prog.id, a->path);
	/* We have checked that it is there, so a link holds it. */
	if (err == -ENOENT || err == -EPERM || err == -EBUSY)
		err_hint(ctx->err, "a link may hold it: see '%s link show' and '%s link detach'",
			 ctx->progname, ctx->progname);
	err_hint_denied(ctx->err, "cap_net_admin");
	return err;
}

static const struct param show_params[] = {
	PARAM_PATH(struct show_args, path, "", "CGROUP", "cgroup directory",
		   .flags = PF_REQUIRED),
	PARAM_FLAG(struct show_args, effective, "effective",
		   "effective programs, with the cgroup they are attached to"),
	{ }
};

static const struct param tree_params[] = {
	PARAM_PATH(struct show_args, path, "", "ROOT",
		   "where to start (default: the cgroup2 mount point)"),
	PARAM_FLAG(struct show_args, effective, "effective",
		   "effective programs, with the cgroup they are attached to"),
	{ }
};

#define TARGET_PARAMS                                                                              \
	PARAM_PATH(struct attach_args, path, "", "CGROUP", "cgroup directory",              \
		   .flags = PF_REQUIRED),                                                          \
	PARAM_WORD(struct attach_args, type, "", "TYPE", NULL,                                     \
		   "attach type, such as ingress, connect4 or cgroup_unix_connect",                \
		   .flags = PF_REQUIRED, .complete = complete_type),                               \
	PARAM_REF(struct attach_args, prog, "", "PROG", ref_words_prog, "the program",             \
		  .flags = PF_REQUIRED, .complete = obj_complete_prog)

static const struct param attach_params[] = {
	TARGET_PARAMS,
	PARAM_FLAG(struct attach_args, multi, "multi",
		   "alongside others, here and in descendant cgroups", .group = 1),
	PARAM_FLAG(struct attach_args, override, "override",
		   "until a descendant cgroup attaches its own", .group = 1),
	PARAM_FLAG(struct attach_args, preorder, "preorder",
		   "run before programs of descendant cgroups (Linux 6.15)"),
	{ }
};

static const struct param detach_params[] = { TARGET_PARAMS, { } };

static const struct cmd cgroup_show_cmd = {
	.name = "show", .help = "list the programs of a cgroup",
	.params = show_params, .args_size = sizeof(struct show_args),
	.run = cgroup_show, .flags = CMD_DEFAULT,
};

static const struct cmd cgroup_tree_cmd = {
	.name = "tree", .help = "list the programs of all cgroups",
	.params = tree_params, .args_size = sizeof(struct show_args),
	.run = cgroup_tree,
};

static const struct cmd cgroup_attach_cmd = {
	.name = "attach", .help = "attach a program to a cgroup",
	.params = attach_params, .args_size = sizeof(struct attach_args),
	.run = cgroup_attach,
};

static const struct cmd cgroup_detach_cmd = {
	.name = "detach", .help = "detach a program from a cgroup",
	.params = detach_params, .args_size = sizeof(struct attach_args),
	.run = cgroup_detach,
};

static const struct cmd *const cgroup_cmds[] = {
	&cgroup_show_cmd,
	&(const struct cmd){ .name = "list", .flags = CMD_ALIAS },
	&cgroup_tree_cmd,
	&cgroup_attach_cmd,
	&cgroup_detach_cmd,
	NULL
};

const struct cmd cgroup_cmd = {
	.name = "cgroup", .help = "programs on cgroups",
	.sub = cgroup_cmds,
};
