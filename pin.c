// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* bpfctl pin: BPF file systems as trees of what is pinned in them, and removal of stale pins. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "cli/array.h"
#include "commands.h"
#include "json_writer.h"
#include "kern/object/mounts.h"
#include "kern/object/names.h"
#include "kern/object/stale.h"
#include "view/show.h"

#define DEPTH_MAX 64		/* deeper ones are drawn as if they were not */
#define INDENT 4		/* columns of the tree for each level */

struct pin_args {
	const char *dir;		/* NULL: every BPF file system */
	bool dry_run;
};

/* A directory or a pin. */
struct node {
	char *path;			/* owned */
	unsigned int depth;
	bool is_dir, is_last;		/* last of its directory */
	uint32_t uid;
	const struct obj_kind *kind;	/* NULL: a directory, or it cannot be opened */
	struct obj_label label;
	uint32_t type;
	const char *stale;		/* why; NULL: it is not */
};

struct tree {
	struct ctx *ctx;
	struct node *all;		/* in order of the walk */
	size_t n, max;
	size_t n_pins, n_stale;
	struct root {
		dev_t dev;
		ino_t ino;
	} *roots;			/* a file system may be mounted at several places */
	size_t n_roots, max_roots;
	struct owners *owners[OBJ_BTF + 1];
};

static void tree_free(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->all[i].path);
	for (size_t i = 0; i < ARRAY_SIZE(t->owners); i++)
		owners_free(t->owners[i]);
	free(t->all);
	free(t->roots);
}

#define auto_tree __attribute__((cleanup(tree_free)))

/* --- collect --- */

static int read_type(const struct obj_kind *kind, int fd, uint32_t *ret)
{
	struct bpf_prog_info prog = {};
	struct bpf_link_info link = {};
	struct bpf_map_info map = {};
	int err;

	if (kind == &obj_prog)
		err = obj_info(fd, &prog, sizeof(prog));
	else if (kind == &obj_map)
		err = obj_info(fd, &map, sizeof(map));
	else
		err = obj_info(fd, &link, sizeof(link));
	*ret = kind == &obj_prog ? prog.type : kind == &obj_map ? map.type : link.type;
	return err == -ENODEV ? 0 : err;	/* its device was removed */
}

/* An object of which not all can be read is shown with what can. */
static int look_at(struct node *n)
{
	const struct obj_kind *kind = NULL;
	auto_close int fd = pin_open(n->path, &kind);
	int err, type_err;

	if (fd < 0)
		return fd;
	err = kind->read_label(fd, &n->label);
	if (err)
		return err;
	err = obj_read_names(kind, fd, &n->label);
	type_err = read_type(kind, fd, &n->type);
	n->stale = obj_stale(kind, fd);
	n->kind = kind;
	return err ? err : type_err;
}

static int add_node(struct tree *t, const char *path, unsigned int depth, const struct stat *st)
{
	struct node *all = array_room(t->all, t->n, &t->max, sizeof(*all)), *n;
	int err = 0;

	if (!all)
		return -ENOMEM;
	t->all = all;
	n = &all[t->n];
	*n = (struct node){ .path = strdup(path), .is_dir = S_ISDIR(st->st_mode), .depth = depth,
			    .uid = st->st_uid };
	if (!n->path)
		return -ENOMEM;
	t->n++;
	if (!n->is_dir)
		err = look_at(n);
	t->n_pins += !!n->kind;
	t->n_stale += !!n->stale;
	/* It was removed meanwhile, or is a file of the kernel's own that pins nothing. */
	if (err && err != -ENOENT && err != -ESTALE)
		unread(t->ctx, err, "cap_dac_read_search", "read '%s'", n->path);
	return 0;
}

struct place {
	const char *path;
	unsigned int depth;
	dev_t dev;			/* of the root: other file systems are not entered */
};

static int visit(struct tree *t, const struct place *at);

static int visit_named(struct tree *t, const struct place *dir, const char *name)
{
	auto_free char *path = NULL;

	if (streq(name, ".") || streq(name, ".."))
		return 0;
	if (asprintf(&path, "%s/%s", dir->path, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	return visit(t, &(struct place){ path, dir->depth + 1, dir->dev });
}

/* An unreadable directory is reported, and the others are still read. */
static int read_dir(struct tree *t, const struct place *at)
{
	struct dirent **names = NULL;
	int n = scandir(at->path, &names, NULL, alphasort), err = 0;

	if (n < 0 && errno != ENOENT)
		unread(t->ctx, -errno, "cap_dac_read_search", "read directory '%s'", at->path);
	for (int i = 0; i < n; i++) {
		err = err ? err : visit_named(t, at, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return err;
}

static int visit(struct tree *t, const struct place *at)
{
	struct stat st;
	int err;

	if (lstat(at->path, &st) < 0) {
		if (errno != ENOENT)
			unread(t->ctx, -errno, "cap_dac_read_search", "read '%s'", at->path);
		return 0;
	}
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return 0;
	err = add_node(t, at->path, at->depth, &st);
	return err || !S_ISDIR(st.st_mode) || st.st_dev != at->dev ? err : read_dir(t, at);
}

static bool seen_root(struct tree *t, const struct stat *st)
{
	for (size_t i = 0; i < t->n_roots; i++)
		if (t->roots[i].dev == st->st_dev && t->roots[i].ino == st->st_ino)
			return true;
	return false;
}

static int add_tree(struct tree *t, const char *root)
{
	struct root *roots;
	struct stat st;

	if (stat(root, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (seen_root(t, &st))
		return 0;
	roots = array_room(t->roots, t->n_roots, &t->max_roots, sizeof(*roots));
	if (!roots)
		return -ENOMEM;
	t->roots = roots;
	roots[t->n_roots++] = (struct root){ st.st_dev, st.st_ino };
	return visit(t, &(struct place){ root, 0, st.st_dev });
}

static int add_mount(const struct mount *m, void *data)
{
	struct statfs fs;

	if (!streq(m->type, "bpf") || statfs(m->point, &fs) < 0 || fs.f_type != BPF_FS_MAGIC)
		return 0;
	return add_tree(data, m->point);
}

static int add_dir(struct tree *t, const char *dir)
{
	struct statfs fs;

	if (statfs(dir, &fs) < 0)
		return fail(t->ctx->err, -errno, "open '%s'", dir);
	if (fs.f_type != BPF_FS_MAGIC)
		return fail_msg(t->ctx->err, -EINVAL, "'%s' is not on a BPF file system", dir);
	return add_tree(t, dir);
}

static int collect(struct tree *t, const char *dir)
{
	int err = dir ? add_dir(t, dir) : mounts_each(add_mount, t);

	return err ? fail(t->ctx->err, err, "look for pins") : 0;
}

/* --- tree --- */

static void find_last(struct tree *t)
{
	bool later[DEPTH_MAX + 1] = {};

	for (size_t i = t->n; i-- > 0;) {
		unsigned int depth = t->all[i].depth < DEPTH_MAX ? t->all[i].depth : DEPTH_MAX;

		t->all[i].is_last = !later[depth];
		later[depth] = true;
		for (unsigned int d = depth + 1; d <= DEPTH_MAX; d++)
			later[d] = false;
	}
}

/* The part of a path that the tree shows: all of it for a root. */
static const char *shown_name(const struct node *n)
{
	const char *slash = n->depth ? strrchr(n->path, '/') : NULL;

	return slash ? slash + 1 : n->path;
}

static size_t width_of(const struct tree *t)
{
	size_t width = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t w = t->all[i].depth * INDENT + strlen(shown_name(&t->all[i]));

		if (!t->all[i].is_dir && w > width)
			width = w;
	}
	return width;
}

static const struct owners *owners_for(struct tree *t, const struct obj_kind *kind)
{
	struct owners **slot = &t->owners[kind->type];

	if (!*slot)
		*slot = listing_owners(t->ctx, kind, obj_count(kind, OWNERS_MANY), true);
	return *slot;
}

static const char *type_name(struct ctx *ctx, const struct node *n)
{
	enum name_set set = n->kind == &obj_prog ? NAMES_PROG_TYPE
			  : n->kind == &obj_map	 ? NAMES_MAP_TYPE
						 : NAMES_LINK_TYPE;

	return name_of(ctx, set, n->type);
}

static void show_object(struct tree *t, const struct node *n)
{
	size_t n_owners = 0;
	const struct owner *owners = owners_of(owners_for(t, n->kind), n->label.id, &n_owners);
	struct out *o = t->ctx->out;

	out_form(o, "{kind} {id}");
	out_str(o, "kind", "%s", n->kind->group);
	out_uint(o, "id", "%llu", n->label.id);
	out_form_end(o);
	out_enum(o, "type", "%s", type_name(t->ctx, n), n->type);
	if (*n->label.name)
		out_str(o, "name", "%s", n->label.name);
	out_uint(o, "uid", "uid %llu", n->uid);
	if (n_owners)
		show_owner_list(o, "pids", "held by ", owners, n_owners);
	if (n->stale)
		out_str(o, "stale", "STALE: %s", n->stale);
}

/* The branches before a name; bars: the levels whose directory goes on below. */
static void put_name(struct out *o, const struct node *n, const bool *bars, size_t width)
{
	char lead[(DEPTH_MAX + 1) * sizeof("│   ")] = "", name[4 * NAME_MAX + 1];
	const char *shown = shown_name(n);
	size_t used = n->depth * INDENT + strlen(shown), len = 0;

	for (unsigned int d = 1; d < n->depth && d < DEPTH_MAX; d++)
		len += (size_t)snprintf(lead + len, sizeof(lead) - len, "%s",
					bars[d] ? "│   " : "    ");
	if (n->depth)
		snprintf(lead + len, sizeof(lead) - len, "%s", n->is_last ? "└── " : "├── ");
	out_escape(name, sizeof(name), shown);
	out_item(o, "%s%s%s%*s", lead, name, n->is_dir && n->depth ? "/" : "",
		 !n->kind || used > width ? 0 : (int)(width - used), "");
}

static void show_tree(struct tree *t)
{
	size_t width = width_of(t);
	struct out *o = t->ctx->out;
	bool bars[DEPTH_MAX + 1] = {};

	find_last(t);
	out_list(o, NULL, NULL);
	for (size_t i = 0; i < t->n; i++) {
		const struct node *n = &t->all[i];

		if (n->depth < DEPTH_MAX)
			bars[n->depth] = !n->is_last;
		out_rec(o, NULL);
		out_json_str(o, "path", n->path);
		put_name(o, n, bars, width);
		if (n->kind)
			show_object(t, n);
		else
			out_json_str(o, "kind", n->is_dir ? "dir" : NULL);
		out_rec_end(o);
	}
	out_list_end(o);
}

static int pin_tree(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_tree struct tree t = { .ctx = ctx };
	int err = collect(&t, a->dir);

	if (err)
		return err;
	show_tree(&t);
	if (t.n_stale)
		notice(ctx, "%zu of %zu pins %s stale: '%s pin gc' removes %s", t.n_stale, t.n_pins,
		       plural(t.n_stale, "is", "are"), ctx->progname,
		       plural(t.n_stale, "it", "them"));
	return 0;
}

/* --- gc --- */

/* The pin may have been replaced since it was seen: that one stays. */
static int still_stale(const struct node *n)
{
	const struct obj_kind *kind = NULL;
	auto_close int fd = pin_open(n->path, &kind);

	if (fd < 0)
		return fd;
	return kind == n->kind && obj_stale(kind, fd) ? 0 : -ESTALE;
}

static int remove_stale(struct ctx *ctx, const struct node *n, bool dry)
{
	struct out *o = ctx->out;
	int err = still_stale(n);

	if (!err && !dry)
		err = pin_remove(n->kind, n->path, n->label.id);
	if (err == -ENOENT || err == -ESTALE)
		return 0;		/* somebody was faster */
	if (err) {
		fail(ctx->err, err, "remove pin '%s'", n->path);
		err_hint_denied(ctx->err, "cap_dac_override");
		report_and_skip(ctx);
		return 0;
	}
	if (!dry)
		ctx_changed(ctx, "the pin '%s' is removed", n->path);
	out_rec(o, NULL);
	out_form(o, dry ? "would remove {path}: {kind} {id} {type}, {stale}" :
			  "removed {path}: {kind} {id} {type}, {stale}");
	out_str(o, "path", "%s", n->path);
	out_str(o, "kind", "%s", n->kind->group);
	out_uint(o, "id", "%llu", n->label.id);
	out_enum(o, "type", "%s", type_name(ctx, n), n->type);
	out_str(o, "stale", "%s", n->stale);
	out_json_bool(o, "removed", !dry);
	out_form_end(o);
	out_rec_end(o);
	return out_failed(o);
}

static int pin_gc(struct ctx *ctx, const void *args)
{
	const struct pin_args *a = args;
	auto_tree struct tree t = { .ctx = ctx };
	int err = collect(&t, a->dir);

	if (err)
		return err;
	out_list(ctx->out, NULL, NULL);
	for (size_t i = 0; i < t.n && !err; i++)
		if (t.all[i].stale)
			err = remove_stale(ctx, &t.all[i], a->dry_run);
	if (err)
		return fail(ctx->err, err, "write");
	out_list_end(ctx->out);
	if (!t.n_stale)
		notice(ctx, "none of %zu pin%s is stale", t.n_pins, plural(t.n_pins, "", "s"));
	return 0;
}

static const struct param tree_params[] = {
	PARAM_PATH(struct pin_args, dir, "", "DIR", "only below this directory"),
	{ }
};

static const struct param gc_params[] = {
	PARAM_PATH(struct pin_args, dir, "", "DIR", "only below this directory"),
	PARAM_FLAG(struct pin_args, dry_run, "dry_run", "only print what would be removed"),
	{ }
};

static const struct cmd pin_tree_cmd = {
	.name = "tree", .help = "what is pinned, as a tree",
	.params = tree_params, .args_size = sizeof(struct pin_args),
	.run = pin_tree, .flags = CMD_DEFAULT,
};

static const struct cmd pin_gc_cmd = {
	.name = "gc", .help = "remove pins that are certainly stale",
	.params = gc_params, .args_size = sizeof(struct pin_args),
	.run = pin_gc,
};

static const struct cmd *const pin_cmds[] = {
	&pin_tree_cmd,
	&pin_gc_cmd,
	NULL
};

const struct cmd pin_cmd = {
	.name = "pin", .help = "BPF file systems: what is pinned, what is stale",
	.sub = pin_cmds,
};
