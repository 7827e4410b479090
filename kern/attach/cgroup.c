// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * A walk over cgroups. For effective programs, the programs attached to each cgroup on the way down
 * are kept: the kernel reports which programs are effective, but not where they are attached.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/bpf.h>
#include <linux/magic.h>

#include "kern/attach/attach.h"
#include "kern/attach/cgroup.h"
#include "kern/object/mounts.h"

/* The order in which they are printed. */
static const uint32_t hooks[] = {
	BPF_CGROUP_INET_INGRESS, BPF_CGROUP_INET_EGRESS, BPF_CGROUP_INET_SOCK_CREATE,
	BPF_CGROUP_INET_SOCK_RELEASE, BPF_CGROUP_INET4_BIND, BPF_CGROUP_INET6_BIND,
	BPF_CGROUP_INET4_POST_BIND, BPF_CGROUP_INET6_POST_BIND, BPF_CGROUP_INET4_CONNECT,
	BPF_CGROUP_INET6_CONNECT, ABI_ATTACH_CGROUP_UNIX_CONNECT, BPF_CGROUP_INET4_GETPEERNAME,
	BPF_CGROUP_INET6_GETPEERNAME, ABI_ATTACH_CGROUP_UNIX_GETPEERNAME,
	BPF_CGROUP_INET4_GETSOCKNAME, BPF_CGROUP_INET6_GETSOCKNAME,
	ABI_ATTACH_CGROUP_UNIX_GETSOCKNAME, BPF_CGROUP_UDP4_SENDMSG, BPF_CGROUP_UDP6_SENDMSG,
	ABI_ATTACH_CGROUP_UNIX_SENDMSG, BPF_CGROUP_UDP4_RECVMSG, BPF_CGROUP_UDP6_RECVMSG,
	ABI_ATTACH_CGROUP_UNIX_RECVMSG, BPF_CGROUP_SOCK_OPS, BPF_CGROUP_DEVICE,
	BPF_CGROUP_SYSCTL, BPF_CGROUP_GETSOCKOPT, BPF_CGROUP_SETSOCKOPT, BPF_LSM_CGROUP,
};

#define N_HOOKS ARRAY_SIZE(hooks)

/* A cgroup on the path from the root of the mount to the current one. */
struct level {
	char *path;			/* owned */
	struct level *parent;		/* NULL: none, or not visible */
	struct hook_progs own[N_HOOKS];	/* the programs attached to it */
};

struct walk {
	struct ctx *ctx;
	unsigned int flags;
	dev_t dev;			/* of the root: mounts below it are not visited */
	bool unknown[N_HOOKS];		/* hooks that this kernel does not have */
	int (*fn)(struct ctx *ctx, const struct cgroup *cg, void *data);
	void *data;
};

#define auto_level __attribute__((cleanup(cleanup_level)))

static void free_level(struct level *l)
{
	for (size_t i = 0; i < N_HOOKS; i++)
		hook_progs_free(&l->own[i]);
	free(l->path);
	free(l);
}

static void cleanup_level(struct level **l)
{
	if (*l)
		free_level(*l);
}

static struct level *new_level(const char *path, struct level *parent)
{
	struct level *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->parent = parent;
	l->path = strdup(path);
	if (l->path)
		return l;
	free(l);
	return NULL;
}

/* Returns 0, or a negative errno: ENOTSUP if it is not a cgroup v2 directory. */
static int check_cgroup2(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return -errno;
	return fs.f_type == CGROUP2_SUPER_MAGIC ? 0 : -ENOTSUP;
}

/* Owned fd or a negative errno: ENOTSUP if it is not a cgroup v2 directory. */
static int open_quietly(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	int err = fd < 0 ? -errno : check_cgroup2(fd);

	return err ? err : take_fd(&fd);
}

/* Where cgroup v2 directories are. */
static void hint_mount(struct ctx *ctx)
{
	auto_free char *mount = NULL;

	if (!mounts_find("cgroup2", &mount))
		err_hint(ctx->err, "cgroup v2 is mounted on '%s'; '%s cgroup tree' lists the "
				   "directories with programs", mount, ctx->progname);
	else
		err_hint(ctx->err, "no cgroup2 file system is mounted; 'mount -t cgroup2 none "
				   "DIR' mounts it");
}

int cgroup_open(struct ctx *ctx, const char *path)
{
	int fd = open_quietly(path);

	if (fd == -ENOTSUP) {
		fail_msg(ctx->err, -EINVAL, "'%s' is not a cgroup v2 directory", path);
		hint_mount(ctx);
		return -EINVAL;
	}
	if (fd >= 0)
		return fd;
	fail(ctx->err, fd, "open cgroup '%s'", path);
	if (fd == -ENOENT)
		hint_mount(ctx);
	return fd;
}

int cgroup_find_mount(struct ctx *ctx, char **ret_path)
{
	int err = mounts_find("cgroup2", ret_path);

	if (err != -ENOENT)
		return err ? fail(ctx->err, err, "find the cgroup2 file system") : 0;
	fail_msg(ctx->err, err, "no cgroup2 file system is mounted");
	err_hint(ctx->err,
		 "'mount -t cgroup2 none /mnt', or name a cgroup of another mount namespace "
		 "by a path through /proc/PID/root");
	return err;
}

/* Programs of all hooks. A hook that this kernel does not have is queried only once. */
static int query_all(struct walk *w, int fd, uint32_t query_flags, struct hook_progs ret[N_HOOKS])
{
	size_t n_known = 0;
	int err;

	for (size_t i = 0; i < N_HOOKS; i++) {
		if (w->unknown[i])
			continue;
		err = hook_query(fd, hooks[i], query_flags, &ret[i]);
		if (err == -EINVAL || err == -EOPNOTSUPP)
			w->unknown[i] = true;
		else if (err)
			return err;
		else
			n_known++;
	}
	return n_known ? 0 : -EOPNOTSUPP;
}

/* Why programs could not be queried; not called for a cgroup that was removed. */
static int fail_query(struct ctx *ctx, const char *path, int err)
{
	if (err == -EOPNOTSUPP) {
		fail_msg(ctx->err, err,
			 "this kernel was built without CONFIG_CGROUP_BPF");
		return err;
	}
	fail(ctx->err, err, "query the programs of cgroup '%s'", path);
	err_hint_denied(ctx->err, "cap_net_admin");
	return err;
}

static uint32_t count_id(const struct hook_progs *h, uint32_t id)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->n; i++)
		n += h->prog_ids[i] == id;
	return n;
}

static uint32_t hook_flags(const struct hook_progs *h)
{
	return h->attach_flags ? h->attach_flags : h->n ? h->prog_flags[0] : 0;
}

/*
 * The cgroup to which the nth (from 0) effective program with this id is attached. As in the
 * kernel: above the first cgroup with programs, only those attached with "multi" are effective.
 */
static const char *find_origin(const struct level *l, size_t hook, uint32_t id, uint32_t nth)
{
	bool any = false;

	for (; l; l = l->parent) {
		const struct hook_progs *h = &l->own[hook];
		uint32_t n = 0;

		if (!any || (hook_flags(h) & BPF_F_ALLOW_MULTI) || hooks[hook] == BPF_LSM_CGROUP)
			n = count_id(h, id);
		if (nth < n)
			return l->path;
		nth -= n;
		any = any || h->n;
	}
	return NULL;
}

static uint32_t count_before(const struct hook_progs *h, uint32_t at)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < at; i++)
		n += h->prog_ids[i] == h->prog_ids[at];
	return n;
}

/* The programs of all hooks as one array; from: set for effective ones. */
static int flatten(const struct hook_progs all[N_HOOKS], const struct level *from,
		   struct cgroup *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < N_HOOKS; i++)
		n += all[i].n;
	ret->progs = n ? calloc(n, sizeof(*ret->progs)) : NULL;
	if (n && !ret->progs)
		return -ENOMEM;
	for (size_t i = 0; i < N_HOOKS; i++) {
		const struct hook_progs *h = &all[i];

		for (uint32_t j = 0; j < h->n; j++) {
			struct cgroup_prog *p = &ret->progs[ret->n++];

			*p = (struct cgroup_prog){ .id = h->prog_ids[j], .attach_type = hooks[i],
						   .revision = from ? 0 : h->revision };
			if (from)
				p->from = find_origin(from, i, p->id, count_before(h, j));
			else	/* before 6.0 there are only the flags of the hook */
				p->flags = h->prog_flags[j] ? h->prog_flags[j] : h->attach_flags;
		}
	}
	return 0;
}

static int read_effective(struct walk *w, int fd, const struct level *l, struct cgroup *ret)
{
	struct hook_progs all[N_HOOKS] = {};
	int err = query_all(w, fd, BPF_F_QUERY_EFFECTIVE, all);

	if (!err)
		err = flatten(all, l, ret);
	for (size_t i = 0; i < N_HOOKS; i++)
		hook_progs_free(&all[i]);
	return err;
}

/*
 * The programs of one cgroup. ENOENT: it was removed, or another file system is mounted over it;
 * stores no text.
 */
static int look(struct walk *w, struct level *l, bool is_root, struct cgroup *ret)
{
	auto_close int fd = is_root ? cgroup_open(w->ctx, l->path) : open_quietly(l->path);
	struct stat st;
	int err;

	if (fd < 0 && (is_root || fd == -ENOENT))
		return fd;
	if (fd < 0)
		return fd == -ENOTSUP ? -ENOENT
				      : fail(w->ctx->err, fd, "open cgroup '%s'", l->path);
	if (fstat(fd, &st) < 0)
		return fail(w->ctx->err, -errno, "read cgroup '%s'", l->path);
	if (!is_root && st.st_dev != w->dev)
		return -ENOENT;
	w->dev = st.st_dev;
	err = query_all(w, fd, 0, l->own);
	if (!err)
		err = w->flags & CGROUP_EFFECTIVE ? read_effective(w, fd, l, ret) :
						    flatten(l->own, NULL, ret);
	if (err == -ENODEV)
		err = -ENOENT;
	return err && (err != -ENOENT || is_root) ? fail_query(w->ctx, l->path, err) : err;
}

static int is_below(const struct dirent *d)
{
	return d->d_type == DT_DIR && !streq(d->d_name, ".") && !streq(d->d_name, "..");
}

static void free_names(struct dirent **names, int n)
{
	while (n > 0)
		free(names[--n]);
	free(names);
}

static int walk(struct walk *w, struct level *l, bool is_root);

static int walk_child(struct walk *w, struct level *parent, const char *name)
{
	size_t len = strlen(parent->path);
	auto_level struct level *l = NULL;
	auto_free char *path = NULL;
	const char *slash = parent->path[len - 1] == '/' ? "" : "/";

	if (asprintf(&path, "%s%s%s", parent->path, slash, name) < 0)
		path = NULL;
	l = path ? new_level(path, parent) : NULL;
	return l ? walk(w, l, false) : fail(w->ctx->err, -ENOMEM, "list cgroups");
}

/*
 * Names are read before any child is visited: only one directory is open at a time, whatever the
 * depth.
 */
static int walk_children(struct walk *w, struct level *l, bool is_bad)
{
	struct dirent **names = NULL;
	int n = scandir(l->path, &names, is_below, alphasort);
	int err = 0;

	if (n < 0 && errno != ENOENT && !is_bad) {
		fail(w->ctx->err, -errno, "list the cgroups below '%s'", l->path);
		report_and_skip(w->ctx);
	}
	for (int i = 0; i < n && !err; i++)
		err = walk_child(w, l, names[i]->d_name);
	free_names(names, n);
	return err;
}

static int walk(struct walk *w, struct level *l, bool is_root)
{
	struct cgroup cg = { .path = l->path, .is_root = is_root };
	int err = look(w, l, is_root, &cg);
	bool is_bad = err;

	if (err && (is_root || err == -ENOENT))
		return is_root ? err : 0;
	if (is_bad)
		report_and_skip(w->ctx);
	else
		err = w->fn(w->ctx, &cg, w->data);
	free(cg.progs);
	if (err && !is_bad)
		return err;
	return w->flags & CGROUP_TREE ? walk_children(w, l, is_bad) : 0;
}

/* The levels above path, as far as they are visible, each with its attached programs. */
static int open_parents(struct walk *w, const char *path, struct level **ret)
{
	auto_free char *dir = realpath(path, NULL);
	auto_close int fd = -1;
	char *slash = dir ? strrchr(dir, '/') : NULL;
	struct level *l;
	int err;

	if (!slash || slash == dir)
		return 0;
	*slash = '\0';
	fd = open_quietly(dir);
	if (fd < 0)
		return 0;
	l = new_level(dir, NULL);
	if (!l)
		return -ENOMEM;
	*ret = l;
	err = query_all(w, fd, 0, l->own);
	return err ? err : open_parents(w, dir, &l->parent);
}

static void free_parents(struct level *l)
{
	while (l) {
		struct level *parent = l->parent;

		free_level(l);
		l = parent;
	}
}

int cgroup_each(struct ctx *ctx, const char *path, unsigned int flags,
		int (*fn)(struct ctx *ctx, const struct cgroup *cg, void *data), void *data)
{
	struct walk w = { .ctx = ctx, .flags = flags, .fn = fn, .data = data };
	auto_level struct level *root = new_level(path, NULL);
	int err = 0;

	if (!root)
		return fail(ctx->err, -ENOMEM, "list cgroups");
	if (flags & CGROUP_EFFECTIVE)
		err = open_parents(&w, path, &root->parent);
	err = err ? fail_query(ctx, path, err) : walk(&w, root, true);
	free_parents(root->parent);
	return err;
}
